//! `--once`: the screen as text, after some keys, for tests and scripts.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::driver::{Driver, Order};
use super::input::Key;
use super::message::Message;
use super::{update, view};
use crate::cells;
use crate::failure::{Exit, Failure};
use crate::output::Stdout;

/// Presses each key once all questions are answered and, unless the screen is wanted live, our scan is over.
pub fn run(driver: &mut Driver, keys: &[Key], is_live: bool) -> Result<Exit, Failure> {
    let mut exit = quiet(driver, is_live);
    for key in keys {
        if exit.is_some() {
            break;
        }
        let orders = driver.feed(Message::Key(*key));
        exit = quit(&orders).or_else(|| quiet(driver, is_live));
    }
    let (columns, lines) = driver.state.size;
    let mut buffer = Buffer::empty(Rect::new(0, 0, columns, lines));
    view::draw(&driver.state, &mut buffer);
    let mut out = Stdout::default();
    for line in text(&buffer) {
        out.line(&line)?;
    }
    out.flush()?;
    Ok(exit.unwrap_or(Exit::COMPLETE))
}

fn quit(orders: &[Order]) -> Option<Exit> {
    orders.iter().find_map(|order| match order {
        Order::Quit(exit) => Some(*exit),
        _ => None,
    })
}

/// Waits until all is answered and, unless it may go on, our scan is over.
pub fn quiet(driver: &mut Driver, is_live: bool) -> Option<Exit> {
    loop {
        let state = &driver.state;
        let is_moving = !is_live && state.is_scanning();
        let is_due = state.is_due && !(is_live && state.is_moving());
        if !is_moving && !is_due && state.reordered.is_none() && !update::is_waiting(state) {
            return None;
        }
        let message = driver.wait(None)?;
        if let Some(exit) = quit(&driver.feed(message)) {
            return Some(exit);
        }
    }
}

/// The lines of a screen, without what is blank at their ends.
pub fn text(buffer: &Buffer) -> Vec<String> {
    let width = usize::from(buffer.area.width);
    let lines = buffer.content.chunks(width.max(1));
    let line = |row: &[ratatui::buffer::Cell]| {
        let mut text = String::new();
        let mut skip = 0;
        for cell in row {
            // The second half of a wide character.
            if skip > 0 {
                skip -= 1;
                continue;
            }
            skip = cells::width(cell.symbol()).saturating_sub(1);
            text.push_str(cell.symbol());
        }
        text.trim_end().to_owned()
    };
    lines.map(line).collect()
}
