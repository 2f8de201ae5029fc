//! All that the screen is made of. Nothing in here waits, or asks anybody.

use std::time::Duration;

use aether_index::reader::{Child, Growth, Sort, SortKey, Source, Totals};
use aether_index::{Answer, ScanProgress};

use super::layer::{Details, Dialog, Layer};
use super::measure::Measure;
use super::order::Rows;
use super::removal::{Marks, Report};

/// Older sights are stale: as answers of the index have it, but by the clock of the screen.
const STALE_AFTER_MS: i64 = 3_600_000;
/// How long the panel of a scan stays when it has ended.
pub const PANEL_AFTER: Duration = Duration::from_secs(2);
/// From so many columns on details stand beside the rows.
const ASIDE_FROM: u16 = 120;
/// How long a question that came by itself takes no key.
pub const UNREAD: Duration = Duration::from_millis(400);

/// How the program was started.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Nothing but ASCII on the screen.
    pub ascii: bool,
    pub color: bool,
    /// Why this program cannot write the index, as a badge says it; none if it can.
    pub only_reads: Option<&'static str>,
    /// The index is removed at the end.
    pub is_unkept: bool,
    /// Whether another process may write the index while this one shows it.
    pub is_attached: bool,
    /// Nobody presses keys: rows change places at once.
    pub is_once: bool,
    /// The clock stands still, so that screens can be compared: what others change is left out.
    pub is_still: bool,
    /// Entries may be removed.
    pub may_delete: bool,
}

/// A folder of a tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The tree's root.
    pub root: Vec<u8>,
    /// Relative to it.
    pub folder: Vec<u8>,
}

/// What the index says of the folder in view.
#[derive(Clone, Debug)]
pub struct Head {
    pub source: Source,
    pub totals: Answer<Totals>,
}

/// A line typed to narrow a folder down.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    pub text: String,
    /// Keys go into it.
    pub is_open: bool,
}

/// A scan that runs, or has just ended.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Panel {
    /// Where it began: the full path.
    pub of: Vec<u8>,
    pub is_ours: bool,
    pub progress: ScanProgress,
    /// Entries per second.
    pub rate: f64,
    /// When it ended, since the start of the program.
    pub ended: Option<Duration>,
    pub is_stopping: bool,
}

/// How far a removal is.
#[derive(Clone, Debug)]
pub enum Work {
    /// So many entries; none while all is looked at before the first goes.
    Removing(Option<u64>),
    /// It is over, and these folders are listed again, the last first.
    Listing {
        report: Report,
        again: Vec<(Place, Option<u32>)>,
    },
    /// What totals lost by it is asked for.
    Counting(Report),
}

/// Between which scans differences are shown: what changed after one, and up to another.
pub type Pair = (i64, i64);

/// By how much the folders in view have grown, as a column.
#[derive(Clone, Debug, Default)]
pub struct Grew {
    /// The two scans; none until they are known.
    pub pair: Option<Pair>,
    /// The folder that this is about, up to which of its scans; none until it is read.
    pub of: Option<Place>,
    pub growth: Growth,
    /// Why there is none.
    pub trouble: Option<String>,
}

impl Grew {
    /// How much a row grew: none where it is not known, as for single files.
    pub fn bytes(&self, child: &Child) -> Option<i64> {
        let is_folder = child.kind == 2;
        let found = self
            .growth
            .children
            .iter()
            .find(|grown| grown.name == child.name);
        let bytes = found.map_or(0, |grown| grown.bytes);
        (is_folder && self.of.is_some()).then_some(bytes)
    }
}

/// The rows of the folder that one came from, which stay on the screen for a moment. No key is about them.
#[derive(Clone, Debug)]
pub struct Former {
    pub place: Place,
    pub head: Option<Head>,
    pub rows: Rows,
    pub cursor: usize,
    pub top: usize,
    /// So long.
    pub until: Duration,
}

/// What the screen has in the place of rows.
pub struct Drawn<'a> {
    pub place: &'a Place,
    pub head: Option<&'a Head>,
    pub rows: &'a Rows,
    pub cursor: usize,
    pub top: usize,
}

/// Details of the row under the cursor, beside the rows.
#[derive(Clone, Debug)]
pub struct Aside {
    pub place: Place,
    /// The row as it was when they were asked for.
    pub child: Child,
    /// None until they are read.
    pub details: Option<Details>,
    /// They were asked for.
    pub is_waiting: bool,
}

/// Columns beside size and name.
#[derive(Clone, Copy, Debug)]
pub struct Columns {
    pub share: bool,
    pub count: bool,
    pub age: bool,
}

/// The whole state.
#[derive(Clone, Debug)]
pub struct State {
    pub settings: Settings,
    pub place: Place,
    /// None until the index has answered, or where it does not know the folder.
    pub head: Option<Head>,
    pub rows: Option<Rows>,
    pub former: Option<Former>,
    /// The row of the cursor, counted in the whole folder.
    pub cursor: usize,
    /// The first row in view.
    pub top: usize,
    pub sort: Sort,
    /// What files contain is wanted, and not what they take up on disk.
    pub is_apparent: bool,
    pub columns: Columns,
    pub filter: Typed,
    pub layers: Vec<Layer>,
    pub panel: Option<Panel>,
    /// Said in the status line until the next key.
    pub notice: Option<String>,
    /// What went wrong with the last question.
    pub trouble: Option<String>,
    /// Columns and lines of the screen.
    pub size: (u16, u16),
    /// ms since the epoch.
    pub now: i64,
    /// Since the start of the program.
    pub at: Duration,
    /// Where the newest question is from; answers to older ones are dropped.
    pub number: u64,
    /// The same for lists.
    pub list_number: u64,
    /// A question about the folder that has not been answered.
    pub is_waiting: bool,
    /// Something was committed since that question.
    pub is_due: bool,
    pub last_key: Duration,
    pub last_read: Duration,
    pub read_took: Duration,
    /// When something was closed by Esc.
    pub last_close: Option<Duration>,
    /// ^C was pressed before.
    pub is_interrupted: bool,
    /// Rows in their new order, until they may change places.
    pub reordered: Option<Rows>,
    /// A scan of a tree that the index does not have yet shows nothing until then.
    pub has_answer: bool,
    /// The rows that are asked for are of another folder, or in another order.
    pub moved_to: bool,
    pub is_asking_details: bool,
    /// Whether the index may be written from here is being found out.
    pub is_asking_own: bool,
    pub aside: Option<Aside>,
    /// Rows that were still missing were asked for since the last key.
    pub has_followed: bool,
    /// Printed at the end: a full path.
    pub printed: Option<Vec<u8>>,
    /// Which scans are compared; the last two if none were chosen.
    pub pair: Option<Pair>,
    /// Shown as a column.
    pub grew: Option<Grew>,
    /// What is free where a folder lies; the folder of the newest question.
    pub free: Option<u64>,
    pub free_of: Option<Place>,
    pub is_asking_free: bool,
    pub marks: Marks,
    /// A removal that goes on.
    pub work: Option<Work>,
    /// Where the newest look at what is to be removed is from; it may not be answered yet.
    pub look_number: u64,
    pub is_looking: bool,
    /// The same of the newest survey.
    pub survey_number: u64,
    pub is_surveying: bool,
    /// What the whole tree takes up, as it was before a removal.
    pub whole: Option<u64>,
}

impl State {
    pub fn new(settings: Settings, place: Place, size: (u16, u16)) -> State {
        State {
            settings,
            place,
            head: None,
            rows: None,
            former: None,
            cursor: 0,
            top: 0,
            sort: Sort::by(SortKey::Size),
            is_apparent: false,
            columns: Columns {
                share: true,
                count: true,
                age: true,
            },
            filter: Typed::default(),
            layers: Vec::new(),
            panel: None,
            notice: None,
            trouble: None,
            size,
            now: 0,
            at: Duration::ZERO,
            number: 0,
            list_number: 0,
            is_waiting: false,
            is_due: false,
            last_key: Duration::ZERO,
            last_read: Duration::ZERO,
            read_took: Duration::ZERO,
            last_close: None,
            is_interrupted: false,
            reordered: None,
            has_answer: false,
            moved_to: false,
            is_asking_details: false,
            is_asking_own: false,
            aside: None,
            has_followed: false,
            printed: None,
            pair: None,
            grew: None,
            free: None,
            free_of: None,
            is_asking_free: false,
            marks: Marks::new(),
            work: None,
            look_number: 0,
            is_looking: false,
            survey_number: 0,
            is_surveying: false,
            whole: None,
        }
    }

    /// The row under the cursor.
    pub fn chosen(&self) -> Option<&Child> {
        self.rows.as_ref()?.get(self.cursor)
    }

    /// The rows that are drawn: for a moment those of the folder that one came from.
    pub fn drawn(&self) -> Option<Drawn<'_>> {
        let own = self.rows.as_ref().map(|rows| Drawn {
            place: &self.place,
            head: self.head.as_ref(),
            rows,
            cursor: self.cursor,
            top: self.top,
        });
        let former = self.former.as_ref().map(|former| Drawn {
            place: &former.place,
            head: former.head.as_ref(),
            rows: &former.rows,
            cursor: former.cursor,
            top: former.top,
        });
        own.or(former)
    }

    /// The row that the cursor stays on where rows change places; none where it stands at the top, whatever is there.
    pub fn held(&self) -> Option<&Child> {
        self.chosen().filter(|_| self.cursor > 0)
    }

    /// The sizes that are shown.
    pub fn measure(&self) -> Measure {
        let former = self.former.as_ref().and_then(|former| former.head.as_ref());
        match self.head.as_ref().or(former) {
            Some(head) => Measure::of(&head.totals.value, self.is_apparent),
            None if self.is_apparent => Measure::Apparent,
            None => Measure::Disk,
        }
    }

    /// Whether a scan of ours runs.
    pub fn is_scanning(&self) -> bool {
        self.panel
            .as_ref()
            .is_some_and(|panel| panel.is_ours && panel.ended.is_none())
    }

    /// Whether any scan runs that is shown.
    pub fn is_moving(&self) -> bool {
        self.panel
            .as_ref()
            .is_some_and(|panel| panel.ended.is_none())
    }

    /// Lines of the panel, if the screen has room for it.
    pub fn panel_lines(&self) -> u16 {
        match self.panel {
            // Over in an instant.
            _ if self.work.is_some() => 0,
            Some(_) if self.size.1 >= 12 => 4,
            Some(_) if self.size.1 >= 6 => 1,
            _ => 0,
        }
    }

    /// Lines for rows.
    pub fn room(&self) -> usize {
        usize::from(self.size.1.saturating_sub(3 + self.panel_lines())).max(1)
    }

    /// Whether a question came by itself, so shortly ago that nobody can have read it: then no key answers it. A program
    /// that presses keys has waited.
    pub fn is_unread(&self, dialog: &Dialog) -> bool {
        let is_new = |at: Duration| self.at < at + UNREAD;
        !self.settings.is_once && dialog.appeared.is_some_and(is_new)
    }

    /// Columns for details beside the rows, if the screen has room for them.
    pub fn aside_width(&self) -> u16 {
        match self.size.0 {
            ASIDE_FROM.. => (self.size.0 / 3).min(60),
            _ => 0,
        }
    }

    /// Columns for rows.
    pub fn rows_width(&self) -> u16 {
        self.size.0 - self.aside_width()
    }

    /// How old what is shown of the folder is, in ms.
    pub fn age(&self) -> Option<i64> {
        let seen = self.head.as_ref()?.totals.scanned_at?;
        Some(self.now.saturating_sub(seen))
    }

    /// Whether that is old enough to say so.
    pub fn is_stale(&self) -> bool {
        self.age().is_some_and(|age| age >= STALE_AFTER_MS)
    }
}
