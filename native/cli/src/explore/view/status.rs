//! The last line: what is in this folder, and where one stands in it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::measure::Measure;
use super::super::removal::outermost;
use super::super::state::{State, Work};
use super::super::theme;
use super::{put, put_right};
use crate::cells;
use crate::words;

/// Draws it.
pub fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    let is_said = state.notice.is_some() || state.work.is_some();
    if state.filter.is_open || (!state.filter.text.is_empty() && !is_said) {
        let cursor = if state.filter.is_open { "█" } else { "" };
        let rows = state.rows.as_ref();
        let found = words::counted(rows.map_or(0, |rows| rows.total as u64), "name", "names");
        let least = if rows.is_some_and(|rows| rows.is_cut) {
            "at least "
        } else {
            ""
        };
        let found = format!("{least}{found}");
        let hint = put_right(
            buffer,
            area,
            &format!("{found} · Esc shows all "),
            theme::DIM,
        );
        let text = aether_core::printable::escape(state.filter.text.as_bytes());
        let text = format!(" /{text}{cursor}");
        put(
            buffer,
            area.x,
            area.y,
            area.width.saturating_sub(hint + 1),
            &text,
            theme::PLAIN,
        );
        return;
    }
    let hint = match area.width {
        60.. => "? help  ^P find ",
        _ => "? help ",
    };
    let taken = put_right(buffer, area, hint, theme::DIM);
    let room = area.width.saturating_sub(taken + 1);
    let text = match (&state.work, &state.notice) {
        (Some(Work::Removing(None)), _) => {
            " looking before anything is removed… · Esc stops".to_owned()
        }
        (Some(Work::Removing(Some(entries))), _) => {
            let entries = words::counted(*entries, "entry", "entries");
            format!(" removing… {entries} · Esc stops")
        }
        (_, Some(notice)) => format!(" {notice}"),
        _ => format!(" {}", totals(state, usize::from(room).saturating_sub(1))),
    };
    put(buffer, area.x, area.y, room, &text, theme::PLAIN);
}

/// As much of it as fits, in whole parts.
fn totals(state: &State, room: usize) -> String {
    let Some(head) = &state.head else {
        return String::new();
    };
    let totals = &head.totals;
    let measure = state.measure();
    // Removed files that had names elsewhere still count for a while.
    let is_pending = measure == Measure::Disk && totals.value.disk_pending;
    let least = match (totals.exhaustive, is_pending) {
        (true, false) => "",
        (false, false) => "at least ",
        (true, true) => "at most ",
        (false, true) => "about ",
    };
    let size = measure.total(&totals.value);
    let size = size.map_or("unknown size".to_owned(), words::size);
    let files = words::counted(
        totals.value.file_count.max(0).unsigned_abs(),
        "file",
        "files",
    );
    let mut parts = vec![format!("{least}{size} in {files}")];
    if let Some(rows) = state.rows.as_ref().filter(|rows| rows.total > 0) {
        let (row, all) = (
            words::count(state.cursor as i128 + 1),
            words::count(rows.total as i128),
        );
        parts.push(format!("row {row} of {all}"));
    }
    if let Some(grew) = state.grew.as_ref().filter(|grew| grew.of.is_some()) {
        let growth = &grew.growth;
        let gone = growth.children.iter().filter(|child| child.gone);
        let gone = gone.collect::<Vec<_>>();
        if !gone.is_empty() {
            let bytes = gone
                .iter()
                .fold(0, |sum: i64, child| sum.saturating_add(child.bytes));
            let folders = words::counted(gone.len() as u64, "folder", "folders");
            parts.push(format!("{folders} gone: {}", words::signed_size(bytes)));
        }
        let own = words::signed_size(growth.own_bytes);
        parts.push(format!("own files {own}"));
    }
    if !state.marks.is_empty() {
        let marked = outermost(&state.marks);
        let sizes = marked
            .iter()
            .filter_map(|target| measure.size(&target.child));
        let sum = words::size(sizes.fold(0, u64::saturating_add));
        let count = words::count(state.marks.len() as i128);
        parts.insert(0, format!("{count} marked, {sum}"));
    }
    match state.age() {
        // The clock was set back.
        Some(..0) => parts.push("seen in the future".to_owned()),
        Some(age) => parts.push(format!("seen {} ago", words::brief_age(age / 1000))),
        None => parts.push("not seen yet".to_owned()),
    }
    parts.extend(
        state
            .free
            .map(|bytes| format!("{} free", words::size(bytes))),
    );
    while parts.len() > 1 && cells::width(&parts.join(" · ")) > room {
        parts.pop();
    }
    parts.join(" · ")
}
