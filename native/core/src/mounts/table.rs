//! The system's mount table, one mount per line.

use std::borrow::Cow;
use std::fs::File;
use std::io::Read;

const TABLE: &str = "/proc/self/mountinfo";

/// Maximum length of the part of the mount table that is read, about 40,000 mounts.
const MAX_TABLE: u64 = 4 << 20;

/// A line of the table.
pub(super) struct Mount<'t> {
    pub id: u64,
    pub parent: u64,
    pub point: Cow<'t, [u8]>,
    pub device: Option<u64>,
    pub file_system: &'t [u8],
}

/// All reachable mount points, from the mount table. `None` where there is no table.
pub fn mount_points() -> Option<Vec<Vec<u8>>> {
    let table = std::fs::read(TABLE).ok()?;
    let lines = table.split(|byte| *byte == b'\n');
    let mounts = lines.filter_map(Mount::parse);
    Some(mounts.map(|mount| mount.point.into_owned()).collect())
}

/// The table, up to `MAX_TABLE`.
pub(super) fn read_table() -> Option<Vec<u8>> {
    let file = File::open(TABLE).ok()?;
    let mut table = Vec::new();
    file.take(MAX_TABLE).read_to_end(&mut table).ok()?;
    // The part that was read may end within a line.
    let end = table.iter().rposition(|byte| *byte == b'\n')?;
    table.truncate(end);
    Some(table)
}

impl Mount<'_> {
    /// Parses a line; see proc(5): mount id, parent id, device, root, mount point.
    pub fn parse(line: &[u8]) -> Option<Mount<'_>> {
        let mut fields = line.split(|byte| *byte == b' ');
        let mut number = || std::str::from_utf8(fields.next()?).ok()?.parse().ok();
        let (id, parent) = (number()?, number()?);
        let device = fields.next().and_then(device);
        let point = unescape(fields.nth(1)?);
        // Options, tags, a dash.
        let file_system = fields.skip_while(|field| *field != b"-").nth(1)?;
        // A mount whose directory was removed from elsewhere cannot be reached.
        let reachable = point.starts_with(b"/") && !point.ends_with(b"//deleted");
        reachable.then_some(Mount {
            id,
            parent,
            point,
            device,
            file_system,
        })
    }

    pub fn holds(&self, path: &[u8]) -> bool {
        let rest = path.strip_prefix(&*self.point);
        rest.is_some_and(|rest| *self.point == *b"/" || rest.is_empty() || rest.starts_with(b"/"))
    }
}

/// Parses a device given as `major:minor`.
// The type of its number differs between systems.
#[allow(clippy::useless_conversion)]
fn device(field: &[u8]) -> Option<u64> {
    let (major, minor) = std::str::from_utf8(field).ok()?.split_once(':')?;
    let number = rustix::fs::makedev(major.parse().ok()?, minor.parse().ok()?);
    u64::try_from(number).ok()
}

/// Decodes space, tab, newline and backslash, which are written as three octal digits.
fn unescape(field: &[u8]) -> Cow<'_, [u8]> {
    if !field.contains(&b'\\') {
        return Cow::Borrowed(field);
    }
    let mut name = Vec::with_capacity(field.len());
    let mut rest = field;
    while let Some((&byte, after)) = rest.split_first() {
        let escaped = after.split_first_chunk().filter(|_| byte == b'\\');
        match escaped.and_then(|(digits, after)| Some((octal(digits)?, after))) {
            Some((byte, after)) => {
                name.push(byte);
                rest = after;
            }
            None => {
                name.push(byte);
                rest = after;
            }
        }
    }
    Cow::Owned(name)
}

fn octal(digits: &[u8; 3]) -> Option<u8> {
    let value = digits.iter().try_fold(0, |value, digit| match digit {
        b'0'..=b'7' => Some(value * 8 + u16::from(digit - b'0')),
        _ => None,
    });
    value.and_then(|value| u8::try_from(value).ok())
}
