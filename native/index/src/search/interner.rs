//! Numbers the different names, and stores each once.

use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;

use super::shard::{FULL, Shard};

/// A table is rebuilt when it grows, and for a while takes memory twice: many small ones do so one
/// at a time.
const TABLES: usize = 64;

#[derive(Debug)]
pub(super) struct Interner {
    full: Vec<Shard>,
    open: Shard,
    /// The numbers of all names, by their hashes.
    tables: [HashTable<u32>; TABLES],
    /// What the tables hold in memory.
    tables_bytes: usize,
    /// Keyed: names may be chosen so that their hashes are equal.
    hasher: RandomState,
    /// What the full shards hold in memory.
    bytes: usize,
    room: Vec<u8>,
}

impl Default for Interner {
    fn default() -> Interner {
        Interner {
            full: Vec::new(),
            open: Shard::default(),
            tables: std::array::from_fn(|_| HashTable::new()),
            tables_bytes: 0,
            hasher: RandomState::new(),
            bytes: 0,
            room: Vec::new(),
        }
    }
}

impl Interner {
    /// The number of a name, which is kept if it is new.
    pub(super) fn number(&mut self, name: &[u8]) -> u32 {
        let hash = self.hasher.hash_one(name);
        let (full, open, room) = (&self.full, &self.open, &mut self.room);
        let is_same = |number: &u32| read(full, open, *number, room) == name;
        // By other bits than the tables themselves go by.
        let table = (hash >> 40) as usize % TABLES;
        let known = self.tables.get(table);
        if let Some(number) = known.and_then(|table| table.find(hash, is_same)) {
            return *number;
        }
        if self.open.is_full() {
            self.close();
        }
        let number = (self.full.len() * FULL + self.open.len()) as u32;
        self.open.push(name);
        let (full, open, hasher) = (&self.full, &self.open, &self.hasher);
        let hash_of = |number: &u32| hasher.hash_one(read(full, open, *number, &mut Vec::new()));
        if let Some(table) = self.tables.get_mut(table) {
            let before = table.allocation_size();
            table.insert_unique(hash, number, hash_of);
            self.tables_bytes += table.allocation_size() - before;
        }
        number
    }

    /// The name with this number, assembled in `room` if it differs from its folded form.
    pub(super) fn name<'a>(&'a self, number: u32, room: &'a mut Vec<u8>) -> &'a [u8] {
        read(&self.full, &self.open, number, room)
    }

    /// Number of different names.
    pub(super) fn len(&self) -> usize {
        self.full.len() * FULL + self.open.len()
    }

    /// What the names hold in memory.
    pub(super) fn bytes(&self) -> usize {
        self.bytes + self.open.bytes() + self.full.capacity() * size_of::<Shard>()
    }

    /// What is held besides, until `finish`, so that names are found by their hashes.
    pub(super) fn tables_bytes(&self) -> usize {
        self.tables_bytes
    }

    /// Whether another name might need a number beyond the last.
    pub(super) fn is_full(&self) -> bool {
        self.full.len() >= u32::MAX as usize / FULL
    }

    /// The names, each at the position given by its number.
    pub(super) fn finish(mut self) -> Vec<Shard> {
        self.close();
        self.full.shrink_to_fit();
        self.full
    }

    fn close(&mut self) {
        let mut shard = std::mem::take(&mut self.open);
        if shard.len() > 0 {
            shard.shrink();
            self.bytes += shard.bytes();
            self.full.push(shard);
        }
    }
}

fn read<'a>(full: &'a [Shard], open: &'a Shard, number: u32, room: &'a mut Vec<u8>) -> &'a [u8] {
    let (shard, at) = (number as usize / FULL, number as usize % FULL);
    full.get(shard).unwrap_or(open).name(at, room)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_number() {
        let mut names = Interner::default();
        let count = 40_000 + 1_000;
        let name = |at: usize| format!("Name {}", at % 40_000).into_bytes();
        let numbers: Vec<u32> = (0..count).map(|at| names.number(&name(at))).collect();
        for at in 40_000..count {
            assert_eq!(numbers[at], numbers[at - 40_000]);
        }
        let mut room = Vec::new();
        for (at, number) in numbers.iter().enumerate() {
            assert_eq!(names.name(*number, &mut room), name(at));
        }
        assert_ne!(names.number(b"name 0"), names.number(b"Name 0"));
    }
}
