//! A receiver and an index in one sink, which keeps what the index gets.

use super::*;

/// A slab as an index gets it.
pub struct IndexSlab {
    pub slab: Vec<u8>,
    pub evidence: Evidence,
    pub again: bool,
}

pub type IndexSlabs = Arc<Mutex<Vec<IndexSlab>>>;
pub type Hook = Box<dyn Fn(&Builder, bool) + Send + Sync>;

/// The index's answer when a scan asks to be admitted.
#[derive(Clone, Copy, Default)]
pub enum Answer {
    #[default]
    Yes,
    /// And owners are kept.
    Owned,
    No,
    Later,
}

pub fn refusal() -> Error {
    Error::new(Reason::RootChanged, Operation::Open, b"root")
}

/// The sink of `support`, with an index beside the receiver.
pub struct Indexing {
    pub receiver: Collector,
    pub index_slabs: IndexSlabs,
    pub hook: Hook,
    pub answer: Answer,
    pub admitted: Arc<Mutex<Option<Admission>>>,
}

pub struct TeeSlab {
    receiver: Option<Box<dyn Packed>>,
    index_slab: IndexSlab,
    index_slabs: IndexSlabs,
}

impl Sink for Indexing {
    fn admit(&self, scan: &Arc<Scan>, found: &Admission) {
        assert!(found.root.inode > 0);
        *self.admitted.lock() = Some(found.clone());
        match self.answer {
            Answer::Yes => scan.admitted(Ok(Groups::empty())),
            Answer::Owned => scan.admitted(Ok(Groups::OWNED)),
            Answer::No => scan.admitted(Err(refusal())),
            Answer::Later => {}
        }
    }
    fn opened(&self, result: Result<Identity, &Error>) {
        self.receiver.opened(result);
    }
    fn pack(&self, slab: &Builder, again: bool) -> Box<dyn Packed> {
        (self.hook)(slab, again);
        let mut bytes = vec![0xaa; slab.proven_len()];
        slab.encode_proven_into(&mut bytes);
        Box::new(TeeSlab {
            receiver: (!again).then(|| self.receiver.pack(slab, again)),
            index_slab: IndexSlab {
                slab: bytes,
                evidence: slab.evidence().unwrap().clone(),
                again,
            },
            index_slabs: self.index_slabs.clone(),
        })
    }
    fn passive(&self) {
        self.receiver.passive();
    }
    fn progress(&self, progress: &Progress) {
        self.receiver.progress(progress);
    }
    fn completed(&self, summary: &Summary) {
        self.receiver.completed(summary);
    }
}

impl Packed for TeeSlab {
    fn size(&self) -> usize {
        self.index_slab.slab.len()
    }
    fn send(self: Box<Self>, sequence: u32) {
        let TeeSlab {
            receiver,
            index_slab,
            index_slabs,
        } = *self;
        if let Some(receiver) = receiver {
            receiver.send(sequence);
        }
        index_slabs.lock().push(index_slab);
    }
}

pub fn start(
    root: Root,
    options: Options,
    hook: impl Fn(&Builder, bool) + Send + Sync + 'static,
) -> (Pool, Arc<Scan>, Arc<Mailbox>, IndexSlabs) {
    start_or_refuse(root, options, Box::new(hook), Answer::Yes)
}

pub fn start_or_refuse(
    root: Root,
    options: Options,
    hook: Hook,
    answer: Answer,
) -> (Pool, Arc<Scan>, Arc<Mailbox>, IndexSlabs) {
    let pool = Pool::new(4);
    let (mailbox, index_slabs) = (Arc::new(Mailbox::default()), IndexSlabs::default());
    let sink = Indexing {
        receiver: Collector(mailbox.clone()),
        index_slabs: index_slabs.clone(),
        hook,
        answer,
        admitted: Arc::default(),
    };
    let scan = pool.start(root, options, |_| Box::new(sink)).unwrap();
    (pool, scan, mailbox, index_slabs)
}

pub fn options() -> Options {
    Options {
        evidence: Some(u64::MAX),
        slab_entries: 20,
        ..Options::default()
    }
}
