//! Between the state and those that wait: feeds messages in, hands questions out. With a terminal or without one.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, unbounded};

use super::act::{self, Acts};
use super::ask::{self, Question};
use super::message::{Ask, Message, ScanWanted};
use super::open::Opened;
use super::scan::{self, ScanAct, ScanSetup};
use super::shared::Shared;
use super::state::{Settings, State, Work};
use super::update;
use crate::commands::LocalIndex as Index;
use crate::failure::{Exit, Failure};

/// How long the end of our scan is waited for at the end of the program.
const LAST_BATCH: Duration = Duration::from_secs(5);

/// What only the terminal can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    Quit(Exit),
    Suspend,
    Redraw,
    Copy(Vec<u8>),
    /// The editor gets the terminal for this path.
    Edit(Vec<u8>),
}

/// The running explorer.
pub struct Driver {
    pub state: State,
    pub inbox: Receiver<Message>,
    pub to_main: Sender<Message>,
    shared: Arc<Shared>,
    questions: Sender<Question>,
    acts: Sender<ScanAct>,
    removals: Acts,
    since: Instant,
    /// A clock that stands still.
    fixed: Option<i64>,
}

impl Driver {
    /// Starts all threads, and asks the first question.
    pub fn start(
        opened: &Opened,
        settings: Settings,
        how: ScanSetup,
        size: (u16, u16),
        fixed: Option<i64>,
    ) -> Result<Driver, Failure> {
        let failed = |error: std::io::Error| Failure::io(&error, "start a thread", b"");
        let (to_main, inbox) = unbounded();
        let (questions, to_answer) = unbounded();
        let shared = Arc::new(Shared::new(opened, settings.is_attached));
        ask::start(Arc::clone(&shared), to_main.clone(), to_answer).map_err(failed)?;
        let acts = scan::start(Arc::clone(&shared), how, to_main.clone()).map_err(failed)?;
        let removals = Acts::start(opened.file.clone(), to_main.clone()).map_err(failed)?;
        let state = State::new(settings, opened.place.clone(), size);
        let mut driver = Driver {
            state,
            inbox,
            to_main,
            shared,
            questions,
            acts,
            removals,
            since: Instant::now(),
            fixed,
        };
        driver.tell_time();
        let asks = update::begin(&mut driver.state);
        driver.perform(asks);
        Ok(driver)
    }

    /// Scans the folder in view.
    pub fn scan(&mut self) {
        let wanted = ScanWanted {
            place: self.state.place.clone(),
            ..ScanWanted::default()
        };
        let ask = update::scan(&mut self.state, wanted);
        self.perform(vec![ask]);
    }

    /// What is shown.
    pub fn index(&self) -> Arc<Index> {
        self.shared.index()
    }

    fn tell_time(&mut self) {
        let now = || {
            SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default()
        };
        let now = || i64::try_from(now().as_millis()).unwrap_or(i64::MAX);
        self.state.now = self.fixed.unwrap_or_else(now);
        self.state.at = self.since.elapsed();
    }

    /// Takes a message.
    pub fn feed(&mut self, message: Message) -> Vec<Order> {
        self.tell_time();
        let asks = update::update(&mut self.state, message);
        self.perform(asks)
    }

    /// Waits for a message, but no longer than until something is due.
    pub fn wait(&self, most: Option<Duration>) -> Option<Message> {
        let due = update::next_due(&self.state).map(|due| due.saturating_sub(self.since.elapsed()));
        let most = [due, most].into_iter().flatten().min();
        let message = match most {
            Some(most) => self.inbox.recv_timeout(most),
            None => self
                .inbox
                .recv()
                .map_err(|_| RecvTimeoutError::Disconnected),
        };
        match message {
            Ok(message) => Some(message),
            Err(RecvTimeoutError::Timeout) => Some(Message::Tick),
            Err(RecvTimeoutError::Disconnected) => None,
        }
    }

    fn perform(&mut self, asks: Vec<Ask>) -> Vec<Order> {
        let mut orders = Vec::new();
        for ask in asks {
            match ask {
                Ask::Scan(wanted) => {
                    self.send(Question::Watch(true));
                    let _ = self.acts.send(ScanAct::Scan(wanted));
                }
                Ask::Own(key) => drop(self.acts.send(ScanAct::Own(key))),
                Ask::Cancel => drop(self.acts.send(ScanAct::Cancel)),
                Ask::Remove(wanted) => self.removals.remove(wanted),
                Ask::Survey { number, targets } => self.removals.survey(number, targets),
                Ask::Free(place) => self.removals.act(act::Act::Free(place)),
                Ask::Open(path) => self.removals.act(act::Act::Open(path)),
                Ask::StopRemoving => self.removals.stop(),
                Ask::AtRest => self.send(Question::Watch(false)),
                Ask::Quit(exit) => orders.push(Order::Quit(exit)),
                Ask::Suspend => orders.push(Order::Suspend),
                Ask::Edit(path) => orders.push(Order::Edit(path)),
                Ask::Copy(text) => orders.push(Order::Copy(text)),
                Ask::Redraw => orders.push(Order::Redraw),
                ask => self.send(Question::Ask(ask)),
            }
        }
        orders
    }

    fn send(&self, question: Question) {
        // Its thread lives as long as this channel.
        let _ = self.questions.send(question);
    }

    /// Waits until what our scan has found is written, and closes the index.
    pub fn end(mut self, opened: &Opened) -> Result<(), Failure> {
        let until = Instant::now() + LAST_BATCH;
        self.removals.stop();
        loop {
            match &self.state.work {
                Some(Work::Removing(_) | Work::Listing { .. }) => {}
                _ if self.state.is_scanning() => drop(self.acts.send(ScanAct::Cancel)),
                _ => break,
            }
            match self.inbox.recv_deadline(until) {
                // What was removed is listed again as well, so that the next start knows of it.
                Ok(message @ (Message::Ended(_) | Message::Removed(_))) => drop(self.feed(message)),
                Ok(_) => {}
                Err(_) => break,
            }
        }
        let closed = self.shared.index().close();
        if let Some(folder) = &opened.temporary {
            // Whoever cleans up /var/tmp does the rest.
            let _ = std::fs::remove_dir_all(folder);
        }
        Ok(closed?)
    }
}
