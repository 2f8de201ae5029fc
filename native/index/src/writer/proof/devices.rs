//! Numbers of devices, under which names of inodes stand in `links`. st_dev tells devices apart while
//! they are mounted, and no longer: a scan finds out which number each st_dev has where it first
//! meets it, at the root, on the way down to its folder, and where another device begins.

use std::collections::HashMap;

use aether_core::MountIdentity;
use rusqlite::{OptionalExtension, params};

use crate::text::Text;
use crate::writer::options::ScanSpec;
use crate::writer::store::Store;

/// Devices that one scan has met.
#[derive(Debug, Default)]
pub(in crate::writer) struct Devices {
    /// At the root, and on the way from there to the scan's folder.
    way: Vec<MetDevice>,
    /// Beneath, in the order in which they came.
    met: Vec<MetDevice>,
    /// Numbers by st_dev; empty after a rollback.
    numbers: HashMap<u32, i64>,
}

/// Where a device begins.
#[derive(Clone, Debug)]
struct MetDevice {
    place: Vec<u8>,
    device: u32,
    identity: String,
}

impl Devices {
    /// The root, and what lies on the way from there to the scan's folder.
    pub fn new(spec: &ScanSpec) -> Devices {
        let root = MetDevice {
            place: Vec::new(),
            device: spec.root_device,
            identity: key(spec.root_identity.as_ref()),
        };
        let way = spec
            .devices
            .iter()
            .map(|(path, device, identity)| MetDevice {
                place: path.clone(),
                device: *device,
                identity: key(Some(identity)),
            });
        let way = std::iter::once(root).chain(way);
        Devices {
            way: way.filter(|met| met.device != 0).collect(),
            ..Devices::default()
        }
    }

    /// Notes where a device begins when the first record of that directory comes: its listing may
    /// come after those beneath, or be dropped because another one is later.
    pub fn meet(&mut self, path: &[u8], device: u32, identity: &MountIdentity) {
        if device == 0 || self.met.iter().any(|met| met.device == device) {
            return;
        }
        self.met.push(MetDevice {
            place: path.to_vec(),
            device,
            identity: key(Some(identity)),
        });
    }

    /// Forgets numbers that may have been undone.
    pub fn forget(&mut self) {
        self.numbers.clear();
    }

    /// The root's number.
    pub fn of_root(&mut self, store: &Store, source: i64) -> rusqlite::Result<Option<i64>> {
        let root = self.way.first().filter(|root| root.place.is_empty());
        let Some(device) = root.map(|root| root.device) else {
            return Ok(None);
        };
        self.look_up_all(store, source)?;
        Ok(self.numbers.get(&device).copied())
    }

    /// The number of the device that a directory lies on. `begins` is its identity where another
    /// device begins than the one around it. None if it is not known where that device begins: then
    /// nothing tells it from others.
    pub fn number(
        &mut self,
        store: &Store,
        source: i64,
        (path, device): (&[u8], u32),
        begins: Option<&MountIdentity>,
    ) -> rusqlite::Result<Option<i64>> {
        if device == 0 {
            return Ok(None);
        }
        self.look_up_all(store, source)?;
        let met = match (begins, self.numbers.get(&device)) {
            (None, Some(number)) => return Ok(Some(*number)),
            (None, None) => self.met.iter().find(|met| met.device == device).cloned(),
            (Some(_), _) => Some(MetDevice {
                place: path.to_vec(),
                device,
                identity: key(begins),
            }),
        };
        match met {
            Some(met) => self.look_up(store, source, &met).map(Some),
            None => Ok(None),
        }
    }

    fn look_up_all(&mut self, store: &Store, source: i64) -> rusqlite::Result<()> {
        if self.numbers.is_empty() {
            for met in self.way.clone() {
                self.look_up(store, source, &met)?;
            }
        }
        Ok(())
    }

    /// The number that this place has, or gets: places with one st_dev share it, and no two st_dev
    /// do, whatever their identities. Copies of a disk have one identity, and are different places.
    fn look_up(&mut self, store: &Store, source: i64, met: &MetDevice) -> rusqlite::Result<i64> {
        let place = params![source, Text(&met.place), met.identity];
        let sql =
            "SELECT device FROM devices WHERE source_id = ?1 AND place = ?2 AND identity = ?3";
        let mut statement = store.db.prepare_cached(sql)?;
        let stored: Option<i64> = statement.query_row(place, |row| row.get(0)).optional()?;
        let is_taken = |number: &i64| {
            let mut others = self.numbers.iter();
            others.any(|(device, other)| other == number && *device != met.device)
        };
        let number = match self.numbers.get(&met.device) {
            Some(number) => *number,
            None => match stored.filter(|number| !is_taken(number)) {
                Some(number) => number,
                None => {
                    let sql = "SELECT coalesce(max(device), 0) + 1 FROM devices";
                    store.db.query_row(sql, (), |row| row.get(0))?
                }
            },
        };
        if stored != Some(number) {
            // Names may stand under the old number, which no other device may get, and which leads to
            // them when the source is forgotten.
            let sql = "INSERT INTO devices SELECT source_id, place, 'former:' || device, device FROM devices d
                        WHERE source_id = ?1 AND place = ?2 AND identity = ?3
                          AND NOT EXISTS (SELECT 1 FROM devices o WHERE o.device = d.device
                                             AND (o.source_id, o.place, o.identity) <> (?1, ?2, ?3))";
            store.db.prepare_cached(sql)?.execute(place)?;
            let sql = "INSERT INTO devices VALUES (?1, ?2, ?3, ?4)
                       ON CONFLICT DO UPDATE SET device = excluded.device";
            let values = params![source, Text(&met.place), met.identity, number];
            store.db.prepare_cached(sql)?.execute(values)?;
        }
        self.numbers.insert(met.device, number);
        Ok(number)
    }
}

/// What tells a device from another at the same place, also after a reboot.
fn key(identity: Option<&MountIdentity>) -> String {
    match identity {
        Some(MountIdentity {
            file_system: Some(file_system),
            ..
        }) => format!("{file_system:x}"),
        Some(MountIdentity { inode, birth, .. }) => match birth {
            Some(birth) => format!("{inode}:{birth}"),
            None => format!("{inode}:-"),
        },
        None => String::new(),
    }
}
