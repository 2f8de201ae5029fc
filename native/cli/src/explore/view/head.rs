//! The first line: where one is, and what is to be known of all that is shown.

use aether_core::path;
use aether_index::scan_status;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::state::State;
use super::super::theme;
use super::{put, put_right};
use crate::cells;
use crate::words;

/// Draws it.
pub fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    let badges = badges(state);
    // Badges may take half; the path has the rest.
    let mut shown = String::new();
    for badge in &badges {
        let longer = format!("{shown} [{badge}]");
        if cells::width(&longer) > usize::from(area.width) / 2 {
            break;
        }
        shown = longer;
    }
    let taken = put_right(buffer, area, &shown, theme::BADGE);
    let room = area.width.saturating_sub(taken + 2);
    let crumbs = cells::cut_start(&crumbs(state), usize::from(room));
    put(buffer, area.x + 1, area.y, room, &crumbs, theme::HEAD);
}

fn crumbs(state: &State) -> String {
    let mut text = cells::shown(&state.place.root);
    for name in path::names(&state.place.folder) {
        text.push_str(" › ");
        text.push_str(&cells::shown(name));
    }
    text
}

/// What is to be known, the most urgent first.
pub fn badges(state: &State) -> Vec<String> {
    let mut badges = Vec::new();
    let settings = &state.settings;
    let running = state.panel.as_ref().filter(|panel| panel.ended.is_none());
    let is_scanning = state.head.as_ref().is_some_and(|head| head.totals.scanning);
    match running {
        Some(panel) if panel.is_ours => badges.push("Scanning…".to_owned()),
        Some(_) => badges.push("Scanning… by another process".to_owned()),
        None if is_scanning => badges.push("Scanning…".to_owned()),
        None => {}
    }
    if let Some(head) = &state.head {
        let (totals, source) = (&head.totals, &head.source);
        let unreadable = &totals.unreadable;
        if unreadable.count > 0 {
            let least = if unreadable.at_least { "≥" } else { "" };
            badges.push(format!(
                "Partial: {least}{} unreadable",
                words::count(unreadable.count)
            ));
        }
        if running.is_none() && !is_scanning {
            match source.last_scan_status {
                Some(scan_status::CANCELLED) => badges.push("Cancelled".to_owned()),
                Some(scan_status::CRASHED) => badges.push("Crashed".to_owned()),
                _ => {}
            }
            if let Some(age) = state.age().filter(|_| state.is_stale()) {
                badges.push(format!("Stale {}", words::brief_age(age / 1000)));
            }
        }
        if totals.value.disk.is_none() && !state.is_apparent {
            badges.push("On disk: not known yet".to_owned());
        }
        if totals.rolled_back {
            badges.push("Rolled back".to_owned());
        }
        if totals.imported {
            badges.push("Imported".to_owned());
        }
    }
    badges.extend(settings.only_reads.map(|_| "Read only".to_owned()));
    badges.extend(settings.is_unkept.then(|| "Not kept".to_owned()));
    badges
}
