//! Forgotten sources, with every few numbers of rows: each is where a transaction's share ends, if the limits are small.

use super::support::*;

#[test]
fn a_forgotten_source_leaves_nothing_behind() {
    for (folders, changed) in (0..5).flat_map(|folders| (0..=folders).map(move |at| (folders, at)))
    {
        let fixture = Fixture::new();
        for files in [1, 0] {
            let top: Vec<_> = (0..folders).map(|at| dir(&format!("d{at}"))).collect();
            let beneath = (0..folders).map(|at| {
                let all = [file("f", 1, 1)];
                let files = if at < changed { files } else { 0 };
                listing(&format!("d{at}"), &all[..files], 1)
            });
            let listings: Vec<_> = std::iter::once(listing("", &top, 1))
                .chain(beneath)
                .collect();
            fixture.scan(&listings);
        }
        assert_eq!(
            fixture.shell("SELECT count(*) FROM changes"),
            format!("{changed}\n")
        );
        fixture.index().forget(&fixture.uuid(), None).unwrap();
        for table in [
            "dirs",
            "paths",
            "files",
            "changes",
            "changed_files",
            "graveyard",
        ] {
            wait_until(|| fixture.shell(&format!("SELECT count(*) FROM {table}")) == "0\n");
        }
        check_clean(&fixture.path());
    }
}
