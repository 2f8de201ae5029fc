//! The terminal: raw mode and the way back, also after a panic; the thread that reads it; and the loop.

use std::io::{self, Write};
use std::panic;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, unbounded};
use crossterm::clipboard::CopyToClipboard;
use crossterm::cursor::{Hide, Show};
use crossterm::event::{DisableMouseCapture, EnableMouseCapture};
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen,
    LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{event, execute, queue};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use rustix::process::{Signal, getpid, kill_process};

use super::driver::{Driver, Order};
use super::input::Key;
use super::message::Message;
use super::{editor, input, signal, view};
use crate::failure::{Exit, Failure};
use crate::output;

/// Frames are no closer than this, but after a key.
const FRAME: Duration = Duration::from_millis(16);
/// How long the first frame waits for the first rows.
const FIRST: Duration = Duration::from_millis(30);
/// Ages are redrawn.
const MINUTE: Duration = Duration::from_secs(60);

/// Whether the terminal is ours at the moment.
static IS_OURS: AtomicBool = AtomicBool::new(false);
static HAS_MOUSE: AtomicBool = AtomicBool::new(false);
/// Whether another program has it.
static IS_LENT: AtomicBool = AtomicBool::new(false);
/// The key by which another program may get the terminal.
const LENDS: Key = Key::Char('E');

/// Whether another program has the terminal, and gets its signals.
pub fn is_lent() -> bool {
    IS_LENT.load(Ordering::Acquire)
}

/// Where the screen is: on stderr if what is printed at the end goes to a program.
fn out() -> Box<dyn Write> {
    match output::is_terminal() {
        true => Box::new(io::stdout()),
        false => Box::new(io::stderr()),
    }
}

/// Gathers a frame, and writes it at once.
#[derive(Default)]
struct Frame(Vec<u8>);

impl Write for Frame {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut out = out();
        let written = out.write_all(&self.0).and_then(|()| out.flush());
        self.0.clear();
        written
    }
}

fn enter() -> io::Result<()> {
    enable_raw_mode()?;
    IS_OURS.store(true, Ordering::Release);
    execute!(out(), EnterAlternateScreen, Hide)?;
    match HAS_MOUSE.load(Ordering::Acquire) {
        true => execute!(out(), EnableMouseCapture),
        false => Ok(()),
    }
}

/// Gives the terminal back. What cannot be written any more needs not be.
fn leave() {
    if IS_OURS.swap(false, Ordering::AcqRel) {
        if HAS_MOUSE.load(Ordering::Acquire) {
            let _ = execute!(out(), DisableMouseCapture);
        }
        let _ = execute!(out(), EndSynchronizedUpdate, Show, LeaveAlternateScreen);
        let _ = disable_raw_mode();
    }
}

/// A panic of ours is said on the terminal as it was; others are caught by those whose threads they are on.
fn restore_after_panic() {
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let current = thread::current();
        let name = current.name().unwrap_or_default();
        if name == "main" || name.starts_with("explore-") {
            leave();
            before(info);
            std::process::exit(101);
        }
    }));
}

/// Reads keys. After one that may lend the terminal it reads no further until it is told to: what is typed then is for
/// the other program.
fn read(driver: &Driver, go_on: Receiver<()>) -> io::Result<()> {
    let to_main = driver.to_main.clone();
    let named = thread::Builder::new().name("explore-input".to_owned());
    let serve = move || {
        loop {
            let message = match event::read() {
                Ok(event) => input::message(&event),
                Err(_) => Some(Message::Lost),
            };
            let is_lost = matches!(message, Some(Message::Lost));
            let may_lend = is_lending(message.as_ref());
            if message.is_some_and(|message| to_main.send(message).is_err()) || is_lost {
                return;
            }
            if may_lend && go_on.recv().is_err() {
                return;
            }
        }
    };
    named.spawn(serve).map(drop)
}

fn is_lending(message: Option<&Message>) -> bool {
    matches!(message, Some(Message::Key(key)) if *key == LENDS)
}

/// Shows the explorer until it is left.
pub fn run(driver: &mut Driver, has_mouse: bool) -> Result<Exit, Failure> {
    let failed = |error: io::Error| Failure::io(&error, "use the terminal", b"");
    HAS_MOUSE.store(has_mouse, Ordering::Release);
    restore_after_panic();
    signal::listen(driver.to_main.clone()).map_err(failed)?;
    enter().map_err(failed)?;
    let (go_on, may_go_on) = unbounded();
    let result = read(driver, may_go_on).and_then(|()| serve(driver, &go_on));
    leave();
    match result {
        Ok(exit) => Ok(exit),
        // Nobody is there any more.
        Err(_) => Ok(Exit::Signal(signal_hook::consts::SIGHUP)),
    }
}

fn serve(driver: &mut Driver, go_on: &Sender<()>) -> io::Result<Exit> {
    let obey = |driver: &mut Driver, message: Message, terminal: &mut Screen| {
        let may_lend = is_lending(Some(&message));
        let result = obey(driver, message, terminal);
        if may_lend {
            let _ = go_on.send(());
        }
        result
    };
    let mut terminal = blank()?;
    let first = Instant::now() + FIRST;
    while driver.state.rows.is_none() && !driver.state.has_answer {
        let left = first.saturating_duration_since(Instant::now());
        if left.is_zero() {
            break;
        }
        if let Some(message) = driver.wait(Some(left))
            && let Some(exit) = obey(driver, message, &mut terminal)?
        {
            return Ok(exit);
        }
    }
    let (mut drawn, mut is_dirty) = (Instant::now(), true);
    draw(driver, &mut terminal)?;
    loop {
        let most = match is_dirty {
            true => FRAME.saturating_sub(drawn.elapsed()),
            false => MINUTE.saturating_sub(drawn.elapsed()),
        };
        let Some(message) = driver.wait(Some(most)) else {
            return Ok(Exit::COMPLETE);
        };
        let is_key = matches!(
            message,
            Message::Key(_) | Message::Pointer(_) | Message::Resized(..)
        );
        if let Some(exit) = obey(driver, message, &mut terminal)? {
            return Ok(exit);
        }
        is_dirty = true;
        // What has come since goes into the same frame.
        while let Ok(message) = driver.inbox.try_recv() {
            if let Some(exit) = obey(driver, message, &mut terminal)? {
                return Ok(exit);
            }
        }
        if is_key || drawn.elapsed() >= FRAME {
            draw(driver, &mut terminal)?;
            (drawn, is_dirty) = (Instant::now(), false);
        }
    }
}

type Screen = Terminal<CrosstermBackend<Frame>>;

fn obey(driver: &mut Driver, message: Message, terminal: &mut Screen) -> io::Result<Option<Exit>> {
    if matches!(message, Message::Continued) {
        again(terminal)?;
    }
    for order in driver.feed(message) {
        match order {
            Order::Quit(exit) => return Ok(Some(exit)),
            Order::Copy(text) => {
                queue!(
                    terminal.backend_mut(),
                    CopyToClipboard::to_clipboard_from(text)
                )?;
            }
            Order::Edit(path) => {
                leave();
                IS_LENT.store(true, Ordering::Release);
                let failed = editor::edit(&path);
                IS_LENT.store(false, Ordering::Release);
                driver.state.notice = failed.or(driver.state.notice.take());
                again(terminal)?;
            }
            Order::Redraw => *terminal = blank()?,
            Order::Suspend => {
                leave();
                // Goes on here when somebody lets it; SIGCONT then says so as well.
                let _ = kill_process(getpid(), Signal::STOP);
                again(terminal)?;
            }
        }
    }
    Ok(None)
}

/// The terminal may be in any state by now.
fn again(terminal: &mut Screen) -> io::Result<()> {
    leave();
    enter()?;
    *terminal = blank()?;
    Ok(())
}

/// A screen with nothing on it. (`Terminal::clear` would ask the terminal where its cursor is, and the answer goes to the
/// thread that reads keys.)
fn blank() -> io::Result<Screen> {
    let mut terminal = Terminal::new(CrosstermBackend::new(Frame::default()))?;
    queue!(terminal.backend_mut(), Clear(ClearType::All))?;
    Ok(terminal)
}

fn draw(driver: &mut Driver, terminal: &mut Screen) -> io::Result<()> {
    queue!(terminal.backend_mut(), BeginSynchronizedUpdate)?;
    terminal.autoresize()?;
    let size = terminal.size()?;
    if driver.state.size != (size.width, size.height) {
        drop(driver.feed(Message::Resized(size.width, size.height)));
    }
    let state = &driver.state;
    // The frame is flushed at its end, and the mark of its end after it.
    terminal.draw(|frame| view::draw(state, frame.buffer_mut()))?;
    queue!(terminal.backend_mut(), EndSynchronizedUpdate)?;
    io::Write::flush(terminal.backend_mut())
}
