//! Searches: on the search service's own thread, which answers only the newest query.

use std::sync::Arc;

use aether_core::path;
use aether_index::search::service::{Request, SearchOutcome, SearchSession};
use aether_index::search::{Failed, Mode, Roots};
use crossbeam_channel::Sender;

use super::super::layer::Item;
use super::super::message::{FindAnswer, Message};
use super::super::state::Place;
use crate::commands::{LocalIndex as Index, answers};
use crate::failure::Failure;
use crate::{messages, words};

/// Hits that are shown.
const LIMIT: usize = 500;

/// A query.
pub struct FindWanted {
    pub number: u64,
    pub place: Place,
    pub text: String,
    pub is_glob: bool,
    pub is_here: bool,
}

/// Asks; the answer comes as a message.
pub fn ask(
    index: &Index,
    session: &Arc<SearchSession>,
    wanted: FindWanted,
    to_main: Sender<Message>,
) {
    let number = wanted.number;
    let source = index
        .pool()
        .and_then(|pool| pool.source_at(&wanted.place.root, None));
    let source = match source {
        Ok(Some(source)) => source.value.uuid,
        Ok(None) => return fail(&to_main, number, "nothing is known yet".to_owned()),
        Err(error) => return fail(&to_main, number, messages::index(&error)),
    };
    let request = Request {
        text: wanted.text.clone().into_bytes(),
        mode: if wanted.is_glob {
            Mode::Glob
        } else {
            Mode::Auto
        },
        limit: if wanted.is_here { 10_000 } else { LIMIT },
        near: Some((source.clone(), wanted.place.folder.clone())),
        source: Some(source),
        roots: Roots::Stored,
        ..Request::default()
    };
    let to_reply = to_main.clone();
    let reply = move |_: &Request, outcome: SearchOutcome| {
        let answer = answer(&wanted, outcome);
        let _ = to_reply.send(Message::Found(number, Box::new(answer)));
    };
    let submitted =
        index
            .searches
            .submit(request, Some(Arc::clone(session)), Arc::default(), reply);
    if let Err(error) = submitted {
        fail(&to_main, number, messages::io(&error, "search", b""));
    }
}

fn fail(to_main: &Sender<Message>, number: u64, about: String) {
    let answer = FindAnswer {
        about,
        items: Vec::new(),
    };
    let _ = to_main.send(Message::Found(number, Box::new(answer)));
}

fn answer(wanted: &FindWanted, outcome: SearchOutcome) -> FindAnswer {
    let found = match outcome {
        Ok(found) => found.value.answer,
        Err(failed) => return failed_answer(failed),
    };
    let place = &wanted.place;
    let hits = found.hits.iter();
    let hits = hits.filter(|hit| !wanted.is_here || path::is_within(&hit.path, &place.folder));
    let items = hits.take(LIMIT).map(|hit| Item {
        text: format!("{:>10}", answers::size(hit.size)),
        path: hit.full_path(),
        mark: answers::mark(hit.kind),
        goes: Some((
            Place {
                root: place.root.clone(),
                folder: hit.path.clone(),
            },
            hit.name.clone(),
        )),
    });
    let items = items.collect::<Vec<_>>();
    let shown = words::count(items.len() as u64);
    let mut about = match wanted.is_here {
        true => format!("{shown} here"),
        false => format!("{shown} of {}", words::count(found.matched)),
    };
    if found.outdated {
        about.push_str(", by older names");
    }
    FindAnswer { about, items }
}

fn failed_answer(failed: Failed) -> FindAnswer {
    FindAnswer {
        about: Failure::from(failed).message.unwrap_or_default(),
        items: Vec::new(),
    }
}
