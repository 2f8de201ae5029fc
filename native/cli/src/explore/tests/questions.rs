//! Questions about removal: what answers them, and what does not.

use super::super::removal::{How, Looked, RemoveWanted, Report, Survey, Target};
use super::super::state::Work;
use super::*;

/// A question about removal, as the asker has answered for its rows.
fn question() -> (State, Vec<Ask>) {
    let settings = Settings {
        may_delete: true,
        ..Settings::default()
    };
    let mut state = shown(settings);
    update::update(&mut state, Message::Key(Key::Char('D')));
    let child = state.chosen().cloned();
    let looked = Looked {
        targets: vec![child],
        ..Looked::default()
    };
    let number = state.look_number;
    let asks = update::update(&mut state, Message::Looked(number, Box::new(looked)));
    (state, asks)
}

fn is_removal(asks: &[Ask]) -> bool {
    asks.iter().any(|ask| matches!(ask, Ask::Remove(_)))
}

#[test]
fn a_question_is_answered_when_all_is_counted_and_not_before() {
    let (mut state, asks) = question();
    let number = asks.iter().find_map(|ask| match ask {
        Ask::Survey { number, .. } => Some(*number),
        _ => None,
    });
    let answer = |state: &mut State| {
        update::update(state, Message::Key(Key::Right));
        update::update(state, Message::Key(Key::Enter))
    };
    assert!(!is_removal(&answer(&mut state)));
    // The answer to an older question.
    let surveys = || vec![Ok(Survey::default())];
    update::update(
        &mut state,
        Message::Surveyed(number.unwrap() + 1, surveys()),
    );
    assert!(!is_removal(&answer(&mut state)) && state.layers.len() == 1);
    update::update(&mut state, Message::Surveyed(number.unwrap(), surveys()));
    assert!(is_removal(&answer(&mut state)) && state.layers.is_empty());
    // It has changed since: the question is asked again, and `no` comes first.
    let report = Report {
        changed: Some(RemoveWanted {
            how: How::Delete,
            targets: vec![Target::new(
                Place::default(),
                World { seed: 1 }.children().remove(0),
            )],
            surveys: surveys(),
        }),
        ..Report::new(How::Delete)
    };
    update::update(&mut state, Message::Removed(Box::new(report)));
    assert!(state.work.is_none() && state.layers.len() == 1);
    // Keys that were under way when it came answer nothing, and take it away neither.
    for key in [Key::Enter, Key::Right, Key::Enter, Key::Esc, Key::Char('q')] {
        let asks = update::update(&mut state, Message::Key(key));
        assert!(!is_removal(&asks) && state.layers.len() == 1, "{key:?}");
    }
    assert_eq!(
        update::next_due(&state),
        Some(state.at + Duration::from_millis(400))
    );
    state.at += Duration::from_millis(400);
    assert_eq!(update::next_due(&state), None);
    let asks = update::update(&mut state, Message::Key(Key::Enter));
    assert!(!is_removal(&asks) && state.layers.is_empty());
}

#[test]
fn a_question_that_comes_to_say_something_else_is_read_first() {
    let (mut state, _) = question();
    let surveys = vec![Ok(Survey::default())];
    let number = state.survey_number;
    update::update(&mut state, Message::Surveyed(number, surveys));
    let child = state.chosen().cloned().map(|child| Child {
        bytes: Some(1),
        ..child
    });
    for (child, is_left) in [(child, true), (state.chosen().cloned(), false)] {
        let mut state = state.clone();
        update::update(&mut state, Message::Moved);
        state.at += Duration::from_secs(1);
        let asks = update::update(&mut state, Message::Tick);
        let world = World { seed: 1 };
        let answers = asks.into_iter().filter_map(|ask| answered(&world, ask));
        for message in answers.collect::<Vec<_>>() {
            update::update(&mut state, message);
        }
        let looked = Looked {
            targets: vec![child],
            ..Looked::default()
        };
        let number = state.look_number;
        update::update(&mut state, Message::Looked(number, Box::new(looked)));
        update::update(&mut state, Message::Key(Key::Enter));
        assert_eq!(!state.layers.is_empty(), is_left);
    }
}

#[test]
fn nobody_counts_for_a_question_that_is_gone() {
    for key in [Key::Esc, Key::Char('q'), Key::Char('x'), Key::Enter] {
        let (mut state, asks) = question();
        assert!(state.is_surveying && asks.iter().any(|ask| matches!(ask, Ask::Survey { .. })));
        let asks = update::update(&mut state, Message::Key(key));
        assert!(
            asks.iter().any(|ask| matches!(ask, Ask::StopRemoving)),
            "{key:?}"
        );
        assert!(!state.is_surveying && state.layers.is_empty());
    }
}

/// `yes` that was chosen before there were numbers is no answer to them.
#[test]
fn numbers_that_nobody_has_seen_are_not_answered() {
    let (mut state, _) = question();
    update::update(&mut state, Message::Key(Key::Right));
    let number = state.survey_number;
    let surveys = vec![Ok(Survey::default())];
    update::update(&mut state, Message::Surveyed(number, surveys));
    let asks = update::update(&mut state, Message::Key(Key::Enter));
    assert!(!is_removal(&asks) && state.layers.is_empty());
}

#[test]
fn escape_stops_a_removal_whatever_else_is_open() {
    let (mut state, _) = question();
    state.filter.text = "a".to_owned();
    state.work = Some(Work::Removing(None));
    let asks = update::update(&mut state, Message::Key(Key::Esc));
    assert!(asks.iter().any(|ask| matches!(ask, Ask::StopRemoving)));
    assert!(state.filter.text == "a" && state.layers.len() == 1);
}
