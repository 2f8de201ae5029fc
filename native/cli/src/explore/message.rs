//! What reaches the main thread, and what it asks of those that may wait.

use std::time::Duration;

use aether_core::{Error, Summary};
use aether_index::ScanProgress;
use aether_index::reader::{RunningScan, Sort};

use super::input::{Key, Pointer};
use super::layer::{Details, Item, ListKind, ListState, Next};
use super::order::Rows;
use super::removal::{Looked, RemoveWanted, Report, Surveyed, Target};
use super::state::{Grew, Head, Pair, Place};
use crate::failure::Exit;

/// Something happened.
#[derive(Debug)]
pub enum Message {
    Key(Key),
    Pointer(Pointer),
    Resized(u16, u16),
    /// Time has passed.
    Tick,
    /// The answer to the question with this number.
    Folder(u64, Box<FolderAnswer>),
    List(u64, ListKind, Box<ListAnswer>),
    Found(u64, Box<FindAnswer>),
    Details(Box<Details>),
    /// Of the entry of that name in a folder, for the side of the screen.
    Aside(Place, Vec<u8>, Box<Details>),
    Grew(Box<Grew>),
    /// Something was committed.
    Moved,
    /// Scans that run, whoever runs them.
    Running(Vec<RunningScan>),
    Progress(ScanProgress, f64),
    Ended(Box<Result<Summary, Error>>),
    /// This program writes the index from now on, for this key; or why it does not.
    Owned(Key, Result<(), String>),
    /// So many entries are removed so far.
    Removing(u64),
    Removed(Box<Report>),
    /// Bytes that are free where a folder lies, if anybody knows.
    Free(Place, Option<u64>),
    /// Something to be said.
    Said(String),
    /// What the index says of what is to be removed.
    Looked(u64, Box<Looked>),
    /// What lies at targets on the disk.
    Surveyed(u64, Vec<Surveyed>),
    Signal(i32),
    /// SIGCONT: the terminal may be in any state.
    Continued,
    /// The terminal is gone.
    Lost,
}

/// A folder as it is now.
#[derive(Debug)]
pub struct FolderAnswer {
    /// None where the index does not know the tree.
    pub head: Option<Head>,
    /// With the row of the name that was asked for.
    pub rows: Option<(Rows, usize)>,
    pub took: Duration,
    pub trouble: Option<Trouble>,
}

/// Why there is nothing.
#[derive(Debug)]
pub struct Trouble {
    pub text: String,
    /// The folder is not there any more.
    pub is_gone: bool,
}

/// A page of a list.
#[derive(Debug)]
pub struct ListAnswer {
    pub about: String,
    pub items: Vec<Item>,
    pub state: ListState,
    /// The scans whose changes these are, and the newest there is.
    pub pair: Option<(Pair, i64)>,
}

/// What a search found.
#[derive(Debug)]
pub struct FindAnswer {
    pub about: String,
    pub items: Vec<Item>,
}

/// Which rows are wanted of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Want {
    /// Those around this one.
    At(usize),
    /// Those around the one with this name; where there is none, around that row.
    Named(Vec<u8>, usize),
    /// The last.
    End,
}

/// A question about a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderQuestion {
    pub number: u64,
    pub place: Place,
    pub sort: Sort,
    pub is_apparent: bool,
    pub filter: String,
    pub want: Want,
}

/// A scan that is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScanWanted {
    pub place: Place,
    /// Levels; all if none is given.
    pub depth: Option<u32>,
    pub accept_root: bool,
    pub replace_rules: bool,
}

/// What is to be done, by others.
#[derive(Clone, Debug)]
pub enum Ask {
    Folder(FolderQuestion),
    List {
        number: u64,
        kind: ListKind,
        place: Place,
        is_apparent: bool,
        /// The scans that changes are shown between.
        pair: Option<Pair>,
        next: Option<Next>,
    },
    Find {
        number: u64,
        place: Place,
        text: String,
        is_glob: bool,
        is_here: bool,
    },
    Details {
        place: Place,
        name: Vec<u8>,
    },
    /// The same, for the side of the screen.
    Aside {
        place: Place,
        name: Vec<u8>,
    },
    Growth {
        place: Place,
        pair: Option<Pair>,
    },
    Scan(ScanWanted),
    Cancel,
    /// Writes the index, if nobody else does any more: for this key.
    Own(Key),
    /// Finds in the index how much targets hold, and how much the whole tree does.
    Look {
        number: u64,
        root: Vec<u8>,
        targets: Vec<Target>,
    },
    /// Counts what targets hold on the disk.
    Survey {
        number: u64,
        targets: Vec<Target>,
    },
    Remove(RemoveWanted),
    /// A removal, or a survey.
    StopRemoving,
    /// How much room is left where a folder lies.
    Free(Place),
    /// By the desktop: a full path.
    Open(Vec<u8>),
    /// By the user's editor, in this terminal: a full path.
    Edit(Vec<u8>),
    /// Nothing is written any more.
    AtRest,
    /// Into the clipboard of the terminal.
    Copy(Vec<u8>),
    Suspend,
    Redraw,
    Quit(Exit),
}
