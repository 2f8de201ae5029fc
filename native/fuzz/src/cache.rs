//! Arbitrary bytes as a cache of the predecessor, compressed or not: refused, or every row is one that a file system
//! could have. run.sh bounds the memory.

use aether_index::cache::Cache;

pub fn run(data: &[u8]) {
    if let Ok(cache) = Cache::unpack(data) {
        check(&cache, usize::MAX);
    }
    if let Ok(cache) = Cache::decode(data.to_vec()) {
        // A row takes at least 9 bytes.
        check(&cache, data.len() / 9);
    }
}

fn check(cache: &Cache, most: usize) {
    // Rows are grouped by folder.
    let (mut rows, mut folder) = (0, Vec::new());
    let result = cache.rows(|row| {
        rows += 1;
        if row.prefix != folder {
            row.prefix.clone_into(&mut folder);
            let (slash, path) = folder.split_last().expect("not that of the root");
            assert_eq!(*slash, b'/');
            assert!(path.split(|&byte| byte == b'/').all(is_name), "a prefix");
        }
        assert!(is_name(row.name), "a name");
        Ok::<(), ()>(())
    });
    assert!(result.is_ok() && rows <= most);
    assert!(cache.rows(|_| Err(())).is_err() || rows == 0);
}

fn is_name(name: &[u8]) -> bool {
    !matches!(name, b"" | b"." | b"..") && !name.iter().any(|byte| matches!(byte, 0 | b'/'))
}
