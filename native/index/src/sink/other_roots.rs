//! Looks at what is at the roots of other sources. Each may be on a disk that hangs, so that a
//! thread of their own waits for it, and a scan only for a moment.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aether_core::Identity;
use crossbeam_channel::{Receiver, Sender, bounded};
use parking_lot::Mutex;

use crate::background::spawn;
use crate::writer::AtRoot;

/// How long a scan waits for one root. If it is the directory that is scanned, the file system has
/// just answered for it.
const LIMIT: Duration = Duration::from_secs(1);

/// Maximum number of threads that hang in one look each. With so many, nothing is looked at until
/// one returns: what is there cannot be told.
const MAX_HUNG: usize = 8;

static LOOKS: Looks = Looks::new(LIMIT, MAX_HUNG);

/// What is at each of these roots now, and whether it is the directory with this identity.
pub(super) fn look_at(roots: Vec<Vec<u8>>, identity: Identity) -> Vec<(Vec<u8>, AtRoot)> {
    LOOKS.all(roots, move |root| at_root(root, identity))
}

fn at_root(root: &[u8], identity: Identity) -> AtRoot {
    match std::fs::metadata(Path::new(OsStr::from_bytes(root))) {
        Ok(found) if (found.dev(), found.ino()) == (identity.device, identity.inode) => {
            AtRoot::Same
        }
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            AtRoot::Nothing
        }
        _ => AtRoot::Other,
    }
}

/// The looks of all scans.
struct Looks {
    limit: Duration,
    max_hung: usize,
    under_way: Mutex<Vec<(Vec<u8>, Instant)>>,
}

/// A thread that looks at one root after another.
struct Helper {
    ask: Sender<(Vec<u8>, Instant)>,
    answers: Receiver<AtRoot>,
}

impl Looks {
    const fn new(limit: Duration, max_hung: usize) -> Looks {
        Looks {
            limit,
            max_hung,
            under_way: Mutex::new(Vec::new()),
        }
    }

    fn all<L>(&'static self, roots: Vec<Vec<u8>>, look: L) -> Vec<(Vec<u8>, AtRoot)>
    where
        L: Fn(&[u8]) -> AtRoot + Send + Sync + 'static,
    {
        let look = Arc::new(look);
        let mut helper = None;
        let mut one = |root: Vec<u8>| {
            let found = self.one(&mut helper, &root, &look);
            (root, found)
        };
        roots.into_iter().map(&mut one).collect()
    }

    fn one<L>(&'static self, helper: &mut Option<Helper>, root: &[u8], look: &Arc<L>) -> AtRoot
    where
        L: Fn(&[u8]) -> AtRoot + Send + Sync + 'static,
    {
        if self.is_hung(root) {
            return AtRoot::Other;
        }
        if helper.is_none() {
            *helper = self.start(Arc::clone(look));
        }
        let Some(thread) = helper else {
            // No thread can be had: this one waits.
            return look(root);
        };
        // Noted here, so that whoever waited to the limit finds that the look has lasted as long.
        let since = Instant::now();
        self.under_way.lock().push((root.to_vec(), since));
        drop(thread.ask.send((root.to_vec(), since)));
        match thread.answers.recv_timeout(self.limit) {
            Ok(found) => found,
            Err(_) => {
                // The next root gets another thread.
                *helper = None;
                AtRoot::Other
            }
        }
    }

    /// Whether a thread hangs at this root, or too many do elsewhere.
    fn is_hung(&self, root: &[u8]) -> bool {
        let under_way = self.under_way.lock();
        let hung = under_way
            .iter()
            .filter(|(_, since)| since.elapsed() >= self.limit);
        let (mut number, mut is_here) = (0, false);
        for (at, _) in hung {
            number += 1;
            is_here |= at == root;
        }
        is_here || number >= self.max_hung
    }

    /// The thread ends when nobody asks it any more.
    fn start<L>(&'static self, look: Arc<L>) -> Option<Helper>
    where
        L: Fn(&[u8]) -> AtRoot + Send + Sync + 'static,
    {
        let (ask, asked) = bounded::<(Vec<u8>, Instant)>(1);
        let (answer, answers) = bounded(1);
        let body = move || {
            for (root, since) in asked {
                let found = look(&root);
                let mut under_way = self.under_way.lock();
                let of_this = |(at, began): &(Vec<u8>, Instant)| *at == root && *began == since;
                if let Some(place) = under_way.iter().position(of_this) {
                    under_way.swap_remove(place);
                }
                drop(under_way);
                if answer.send(found).is_err() {
                    return;
                }
            }
        };
        spawn(body).ok().map(|()| Helper { ask, answers })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// What hangs here does so until the test lets it go.
    #[test]
    fn a_root_that_hangs_holds_up_no_other() {
        // Long enough for a busy machine to start a thread.
        static LOOKS: Looks = Looks::new(Duration::from_secs(1), 2);
        static HELD: Mutex<()> = Mutex::new(());
        static ASKED: AtomicUsize = AtomicUsize::new(0);
        let look = |root: &[u8]| {
            if root.starts_with(b"/hung") {
                ASKED.fetch_add(1, Ordering::Relaxed);
                drop(HELD.lock());
            }
            AtRoot::Same
        };
        let roots = |names: &[&str]| names.iter().map(|name| name.as_bytes().to_vec()).collect();
        let found = |names: &[&str]| -> Vec<AtRoot> {
            let found = LOOKS.all(roots(names), look);
            found.into_iter().map(|(_, found)| found).collect()
        };
        let held = HELD.lock();
        let (same, other) = (AtRoot::Same, AtRoot::Other);
        let names = ["/a", "/hung", "/b", "/c"];
        assert_eq!(found(&names), [same, other, same, same]);
        // It is not looked at by a second thread.
        assert_eq!(found(&names), [same, other, same, same]);
        assert_eq!(ASKED.load(Ordering::Relaxed), 1);
        // Nor are there ever more threads than a few.
        let many: Vec<String> = (0..5).map(|at| format!("/hung{at}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(found(&many), vec![other; many.len()]);
        assert_eq!(ASKED.load(Ordering::Relaxed), 2);
        drop(held);
        while !LOOKS.under_way.lock().is_empty() {
            std::thread::yield_now();
        }
        assert_eq!(found(&names), [same; 4]);
    }
}
