//! What lies on the browser: the topmost gets the keys, and Esc takes it away.

use std::time::Duration;

use aether_index::reader::ChangesCursor;

use super::message::ScanWanted;
use super::removal::{How, Surveyed, Target};
use super::state::{Pair, Place};

/// One of them.
#[derive(Clone, Debug)]
pub enum Layer {
    /// From this line on.
    Help(usize),
    Details(Details),
    List(List),
    Find(FindLayer),
    Dialog(Dialog),
}

/// All that is known of an entry, line by line.
#[derive(Clone, Debug, Default)]
pub struct Details {
    pub title: String,
    pub lines: Vec<(String, String)>,
}

/// Which list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListKind {
    Errors,
    Largest,
    Trees,
    Changes,
}

impl ListKind {
    /// What stands over it.
    pub fn title(self) -> &'static str {
        match self {
            ListKind::Errors => "What could not be read",
            ListKind::Largest => "The largest",
            ListKind::Trees => "Trees of this index",
            ListKind::Changes => "What changed",
        }
    }
}

/// A list of places to go to.
#[derive(Clone, Debug)]
pub struct List {
    pub kind: ListKind,
    /// What is said over it.
    pub about: String,
    pub items: Vec<Item>,
    pub cursor: usize,
    pub top: usize,
    pub state: ListState,
    /// The scans whose changes these are, and the newest there is.
    pub pair: Option<(Pair, i64)>,
}

/// How much of a list is there.
#[derive(Clone, Debug)]
pub enum ListState {
    Reading,
    /// The rest is read when the cursor comes near the end.
    More(Next),
    Whole,
    Failed(String),
}

/// Where a list goes on.
#[derive(Clone, Debug)]
pub enum Next {
    Errors(Vec<u8>),
    Changes(Box<ChangesCursor>),
}

/// A line of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// What stands before the path: ready to show.
    pub text: String,
    /// As it is shown: raw bytes.
    pub path: Vec<u8>,
    /// What stands behind it.
    pub mark: &'static str,
    /// Where Enter goes: a folder, and a name in it.
    pub goes: Option<(Place, Vec<u8>)>,
}

/// A search while it is typed.
#[derive(Clone, Debug, Default)]
pub struct FindLayer {
    pub text: String,
    pub is_glob: bool,
    /// Only beneath the folder in view.
    pub is_here: bool,
    pub items: Vec<Item>,
    /// How many there are, and what is to be said of them.
    pub about: String,
    pub cursor: usize,
    pub top: usize,
    /// For the newest query.
    pub number: u64,
    pub is_waiting: bool,
}

/// What a choice leads to.
#[derive(Clone, Debug)]
pub enum Choice {
    Scan(ScanWanted),
    /// What the question is about.
    Remove(How),
    /// Ask about them first.
    Offer(How, Vec<Target>),
}

/// A question to the user. The first choice does nothing.
#[derive(Clone, Debug, Default)]
pub struct Dialog {
    pub title: String,
    pub lines: Vec<String>,
    /// What is shown however small the screen is, behind these.
    pub last: Vec<String>,
    /// Said among these.
    pub note: Option<&'static str>,
    pub choices: Vec<(&'static str, Option<Choice>)>,
    pub at: usize,
    /// What is to be removed: the text is about it, and rewritten when that may have changed.
    pub targets: Vec<Target>,
    /// What lies at each on the disk; empty until that is counted.
    pub surveys: Vec<Surveyed>,
    /// When it opened by itself, or came to say something else: keys just then were meant for what was there before.
    pub appeared: Option<Duration>,
}
