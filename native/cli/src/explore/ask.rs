//! The thread that asks the index, so that the main one never waits. Of each kind of question only the newest is
//! answered.

mod details;
mod find;
mod growth;
mod lists;
mod looks;

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use aether_index::reader::Pool;
use aether_index::search::name_filter::{containing, matching};
use aether_index::search::service::SearchSession;
use aether_index::{Error, Reason};
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};

use super::measure::Measure;
use super::message::{Ask, FolderAnswer, FolderQuestion, Message, Trouble};
use super::order::Rows;
use super::page::{PageFolder, Starts};
use super::shared::Shared;
use super::state::Head;
use crate::commands::LocalIndex as Index;
use crate::messages;

/// How often is looked whether anything was committed, while anybody may.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// What is known of a folder: rows with the one that was meant.
type ReadFolder = (Head, (Rows, usize));

/// Tells the asker to look for commits, or that there will be none.
pub enum Question {
    Ask(Ask),
    Watch(bool),
}

/// The thread's own.
struct Asker {
    shared: Arc<Shared>,
    /// What that has at the moment.
    index: Arc<Index>,
    to_main: Sender<Message>,
    starts: Starts,
    version: Option<i64>,
    session: Arc<SearchSession>,
    had_running: bool,
}

/// Starts it.
pub fn start(
    shared: Arc<Shared>,
    to_main: Sender<Message>,
    questions: Receiver<Question>,
) -> std::io::Result<()> {
    let asker = Asker {
        index: shared.index(),
        shared,
        to_main,
        starts: Starts::default(),
        version: None,
        session: Arc::default(),
        had_running: false,
    };
    let named = thread::Builder::new().name("explore-ask".to_owned());
    named.spawn(move || asker.serve(&questions)).map(drop)
}

impl Asker {
    fn serve(mut self, questions: &Receiver<Question>) {
        let mut is_wanted = false;
        // What is committed after this is noticed, also while the first rows are read.
        self.look();
        loop {
            // How far scans of another process are is read as well.
            let is_watching = is_wanted || self.shared.is_attached();
            let first = match is_watching {
                true => questions.recv_timeout(LOOK_EVERY),
                false => questions.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            let first = match first {
                Ok(first) => first,
                Err(RecvTimeoutError::Timeout) => {
                    self.look();
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => return,
            };
            let mut newest: Vec<Ask> = Vec::new();
            for question in std::iter::once(first).chain(questions.try_iter()) {
                match question {
                    Question::Watch(wanted) => is_wanted = wanted,
                    Question::Ask(ask) => {
                        let kind = std::mem::discriminant(&ask);
                        newest.retain(|older| std::mem::discriminant(older) != kind);
                        newest.push(ask);
                    }
                }
            }
            self.index = self.shared.index();
            newest.into_iter().for_each(|ask| self.answer(ask));
            if is_wanted || self.shared.is_attached() {
                self.look();
            }
        }
    }

    fn tell(&self, message: Message) {
        // At the end nobody listens.
        let _ = self.to_main.send(message);
    }

    /// Whether anything was committed, and how far others are.
    fn look(&mut self) {
        let Ok(pool) = self.index.pool() else {
            return;
        };
        let version = pool.version().ok();
        if version != self.version {
            let is_first = self.version.is_none();
            self.version = version;
            if !is_first {
                self.tell(Message::Moved);
            }
        }
        if self.shared.is_attached()
            && let Ok(running) = pool.running()
        {
            let has_running = !running.is_empty();
            if has_running || self.had_running {
                self.tell(Message::Running(running));
            }
            self.had_running = has_running;
        }
    }

    fn answer(&mut self, ask: Ask) {
        match ask {
            Ask::Folder(question) => {
                let answer = self.folder(&question);
                self.tell(Message::Folder(question.number, Box::new(answer)));
            }
            Ask::List {
                number,
                kind,
                place,
                is_apparent,
                pair,
                next,
            } => {
                let wanted = lists::ListWanted {
                    kind,
                    place,
                    is_apparent,
                    pair,
                    next,
                };
                let answer = lists::read(&self.index, wanted);
                self.tell(Message::List(number, kind, Box::new(answer)));
            }
            Ask::Details { place, name } => {
                let details = details::read(&self.index, &place, &name);
                self.tell(Message::Details(Box::new(details)));
            }
            Ask::Aside { place, name } => {
                let details = details::read(&self.index, &place, &name);
                self.tell(Message::Aside(place, name, Box::new(details)));
            }
            Ask::Growth { place, pair } => {
                let grew = growth::read(&self.index, &place, pair);
                self.tell(Message::Grew(Box::new(grew)));
            }
            Ask::Look {
                number,
                root,
                targets,
            } => {
                let looked = looks::look(&self.index, &root, &targets);
                self.tell(Message::Looked(number, Box::new(looked)));
            }
            Ask::Find {
                number,
                place,
                text,
                is_glob,
                is_here,
            } => {
                let wanted = find::FindWanted {
                    number,
                    place,
                    text,
                    is_glob,
                    is_here,
                };
                find::ask(&self.index, &self.session, wanted, self.to_main.clone());
            }
            _ => {}
        }
    }

    fn folder(&mut self, question: &FolderQuestion) -> FolderAnswer {
        let since = Instant::now();
        let index = Arc::clone(&self.index);
        let result = index.pool().and_then(|pool| self.read(pool, question));
        let mut answer = FolderAnswer {
            head: None,
            rows: None,
            took: since.elapsed(),
            trouble: None,
        };
        match result {
            Ok(Some((head, rows))) => (answer.head, answer.rows) = (Some(head), Some(rows)),
            Ok(None) => {}
            Err(error) => {
                answer.trouble = Some(Trouble {
                    is_gone: error.reason == Reason::NoFolder,
                    text: messages::index(&error),
                });
            }
        }
        answer
    }

    fn read(
        &mut self,
        pool: &Pool,
        question: &FolderQuestion,
    ) -> Result<Option<ReadFolder>, Error> {
        let (root, path) = (&question.place.root, &question.place.folder);
        let Some(source) = pool.source_at(root, None)? else {
            return Ok(None);
        };
        let source = source.value;
        let totals = pool.totals(&source.uuid, path)?;
        let text = question.filter.as_bytes();
        let filter = match text {
            [] => None,
            // A glob that is half typed is a text.
            text if text.contains(&b'*') => {
                Some(matching(text).unwrap_or_else(|_| containing(text)))
            }
            text => Some(containing(text)),
        };
        let folder = PageFolder {
            pool,
            source: &source.uuid,
            path,
            sort: Measure::of(&totals.value, question.is_apparent).order(question.sort),
            filter,
            entries: usize::try_from(totals.value.entries).unwrap_or(0),
        };
        let rows = folder.read(&question.want, &mut self.starts)?;
        Ok(Some((Head { source, totals }, rows)))
    }
}
