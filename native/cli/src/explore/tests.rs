//! Random keys against a folder that changes all the time: the cursor stays on its name, nothing panics, and Esc neither
//! quits nor goes up.

mod questions;

use std::time::Duration;

use aether_index::reader::Child;
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::input::{Key, Pointer};
use super::layer::ListState;
use super::message::{Ask, FindAnswer, FolderAnswer, FolderQuestion, ListAnswer, Message, Want};
use super::order::Rows;
use super::state::{Grew, Place, Settings, State};
use super::{update, view};

/// What happens next.
#[derive(Clone, Debug)]
enum TestStep {
    Key(Key),
    Pointer(Pointer),
    Resize(u16, u16),
    /// Sizes of all change, so that their order does, and some appear or vanish.
    Change(u64),
    /// Everything asked so far is answered, after so many ms.
    Answer(u64),
}

fn step() -> impl Strategy<Value = TestStep> {
    let chars = "jkgGlhsnCMa.cm%/?ielLtwrRq xVdD[]{}oE";
    let chars = prop::sample::select(chars.chars().map(Key::Char).collect::<Vec<_>>());
    let others = prop::sample::select(vec![
        Key::Esc,
        Key::Enter,
        Key::Backspace,
        Key::Up,
        Key::Down,
        Key::Home,
        Key::End,
        Key::PageDown,
        Key::PageUp,
        Key::Ctrl('p'),
        Key::Ctrl('u'),
        Key::Ctrl('d'),
        Key::Ctrl('g'),
        Key::Tab,
    ]);
    let pointer = prop_oneof![
        any::<bool>().prop_map(Pointer::Wheel),
        (0..120_u16, 0..40_u16).prop_map(|(x, y)| Pointer::Click(x, y)),
    ];
    prop_oneof![
        4 => chars.prop_map(TestStep::Key),
        3 => others.prop_map(TestStep::Key),
        1 => pointer.prop_map(TestStep::Pointer),
        1 => (1..160_u16, 1..50_u16).prop_map(|(x, y)| TestStep::Resize(x, y)),
        2 => any::<u64>().prop_map(TestStep::Change),
        4 => (0..2000_u64).prop_map(TestStep::Answer),
    ]
}

/// A folder as an index would have it.
struct World {
    seed: u64,
}

impl World {
    fn children(&self) -> Vec<Child> {
        let child = |number: u64| {
            let mixed = (number ^ self.seed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            (!mixed.is_multiple_of(11)).then(|| Child {
                name: format!("\u{1b}n{number}").into_bytes(),
                kind: if number.is_multiple_of(3) { 2 } else { 1 },
                file_count: 1,
                bytes: Some((mixed >> 40).cast_signed()),
                mtime: Some(0),
                status: None,
                unknown_below: None,
                imported: false,
                disk: None,
                disk_unshared: None,
                disk_exact: None,
                nlink: None,
                owner: None,
            })
        };
        let mut all = (0..60).filter_map(child).collect::<Vec<_>>();
        all.sort_by_key(|child| std::cmp::Reverse(child.bytes));
        all
    }

    fn answer(&self, question: &FolderQuestion) -> Message {
        let mut children = self.children();
        if !question.filter.is_empty() {
            children.retain(|child| child.name.ends_with(question.filter.as_bytes()));
        }
        let rows = Rows {
            first: 0,
            total: children.len(),
            is_cut: false,
            children,
        };
        let row = match &question.want {
            Want::At(row) => *row,
            Want::Named(name, row) => rows.find(name).unwrap_or(*row),
            Want::End => rows.total.saturating_sub(1),
        };
        let answer = FolderAnswer {
            head: None,
            rows: Some((rows, row)),
            took: Duration::from_millis(1),
            trouble: None,
        };
        Message::Folder(question.number, Box::new(answer))
    }
}

fn answered(world: &World, ask: Ask) -> Option<Message> {
    match ask {
        Ask::Folder(question) => Some(world.answer(&question)),
        Ask::List { number, kind, .. } => {
            let answer = ListAnswer {
                about: String::new(),
                items: vec![Default::default(); 3],
                state: ListState::Whole,
                pair: None,
            };
            Some(Message::List(number, kind, Box::new(answer)))
        }
        Ask::Find { number, .. } => {
            let answer = FindAnswer {
                about: String::new(),
                items: vec![Default::default(); 3],
            };
            Some(Message::Found(number, Box::new(answer)))
        }
        Ask::Free(place) => Some(Message::Free(place, Some(1))),
        Ask::Growth { place, .. } => Some(Message::Grew(Box::new(Grew {
            of: Some(place),
            ..Grew::default()
        }))),
        Ask::Aside { place, name } => Some(Message::Aside(place, name, Box::default())),
        Ask::Details { .. } => Some(Message::Details(Box::default())),
        _ => None,
    }
}

fn check(state: &State) {
    if let Some(rows) = &state.rows {
        assert!(
            state.cursor == 0 || state.cursor < rows.total,
            "{} of {}",
            state.cursor,
            rows.total
        );
        assert!(state.top <= state.cursor && state.cursor < state.top + state.room());
    }
    let (columns, lines) = state.size;
    let mut buffer = Buffer::empty(Rect::new(0, 0, columns, lines));
    view::draw(state, &mut buffer);
    let is_control = |cell: &ratatui::buffer::Cell| cell.symbol().chars().any(char::is_control);
    assert!(!buffer.content.iter().any(is_control));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn the_cursor_stays_on_its_name(steps in prop::collection::vec(step(), 1..80)) {
        let mut world = World { seed: 1 };
        let place = Place { root: b"/srv".to_vec(), folder: b"a/b".to_vec() };
        let settings = Settings { color: true, ..Settings::default() };
        let mut state = State::new(settings, place, (80, 20));
        let mut asked = update::begin(&mut state);
        for step in steps {
            let message = match step {
                TestStep::Key(key) => Message::Key(key),
                TestStep::Pointer(pointer) => Message::Pointer(pointer),
                TestStep::Resize(columns, lines) => Message::Resized(columns, lines),
                TestStep::Change(seed) => {
                    world.seed = seed;
                    Message::Moved
                }
                TestStep::Answer(ms) => {
                    state.at += Duration::from_millis(ms);
                    let answers = std::mem::take(&mut asked);
                    for message in answers.into_iter().filter_map(|ask| answered(&world, ask)) {
                        let before = state.held().map(|child| child.name.clone());
                        let was_moved = state.moved_to;
                        asked.extend(update::update(&mut state, message));
                        let still = before.filter(|name| state.rows.as_ref().is_some_and(|rows| rows.find(name).is_some()));
                        if let Some(name) = still.filter(|_| !was_moved) {
                            prop_assert_eq!(state.chosen().map(|child| child.name.clone()), Some(name));
                        }
                        check(&state);
                    }
                    Message::Tick
                }
            };
            let is_esc = matches!(message, Message::Key(Key::Esc));
            let before = state.place.clone();
            let asks = update::update(&mut state, message);
            if is_esc {
                prop_assert_eq!(&state.place, &before);
                prop_assert!(!asks.iter().any(|ask| matches!(ask, Ask::Quit(_))));
            }
            asked.extend(asks);
            check(&state);
        }
    }
}

/// A state that shows a folder.
fn shown(settings: Settings) -> State {
    let mut state = State::new(settings, Place::default(), (80, 20));
    let asks = update::begin(&mut state);
    let world = World { seed: 1 };
    for message in asks.into_iter().filter_map(|ask| answered(&world, ask)) {
        update::update(&mut state, message);
    }
    state
}

fn drawn(state: &State) -> String {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 80, 20));
    view::draw(state, &mut buffer);
    super::once::text(&buffer).join("\n")
}

#[test]
fn old_rows_stay_for_a_moment_and_no_key_is_about_them() {
    let mut state = shown(Settings::default());
    let is_folder = |child: &Child| child.kind == 2;
    while !state.chosen().is_some_and(is_folder) {
        update::update(&mut state, Message::Key(Key::Down));
    }
    let name = state.chosen().unwrap().name.clone();
    let name = String::from_utf8(name).unwrap().replace('\u{1b}', "");
    let before = drawn(&state).lines().nth(3).unwrap().to_owned();
    let asks = update::update(&mut state, Message::Key(Key::Enter));
    let screen = drawn(&state);
    // The head is the new folder's at once.
    assert!(screen.lines().next().unwrap().contains(&name), "{screen}");
    assert_eq!(screen.lines().nth(3), Some(before.as_str()));
    assert_eq!(
        update::next_due(&state),
        Some(state.at + Duration::from_millis(30))
    );
    for key in [
        Key::Down,
        Key::Enter,
        Key::Char('i'),
        Key::Char(' '),
        Key::Char('D'),
    ] {
        let asks = update::update(&mut state, Message::Key(key));
        assert!(
            asks.is_empty() && state.marks.is_empty() && state.layers.is_empty(),
            "{key:?}"
        );
    }
    let mut late = state.clone();
    late.at += Duration::from_millis(30);
    update::update(&mut late, Message::Tick);
    assert!(drawn(&late).contains("reading…") && update::next_due(&late).is_none());
    let world = World { seed: 1 };
    for message in asks.into_iter().filter_map(|ask| answered(&world, ask)) {
        update::update(&mut state, message);
    }
    assert!(state.former.is_none() && state.chosen().is_some());
}
