//! The staff pages in a real browser, over the demonstration's data: the door, the keyboard alone,
//! two people at one record, forms with faults, materials, what is not theirs, paper; axe's word on
//! every page; and people's working days (`working_days`).

use std::collections::BTreeSet;

use centre::{Boards, Centre};
use described_boards::hall_board;
use display_driver::codec::BoardFamily;
use display_driver::preview::{self, Panel};
use display_driver::render::glyph::GlyphSource;
use display_driver::render::picture::{Pitch, png};
use display_driver::schedule::BoardLayout;
use serde_json::Value;

#[path = "staff_pages/beforehand.rs"]
mod beforehand;
#[path = "staff_pages/centre.rs"]
mod centre;
#[path = "staff_pages/described_boards.rs"]
mod described_boards;
#[path = "staff_pages/working_days.rs"]
mod working_days;

#[test]
fn the_door_says_why_and_locks() {
    Centre::open().story("door");
}

#[test]
fn a_clerk_works_with_the_keyboard_alone() {
    Centre::open().story("keyboard");
}

#[test]
fn two_clerks_of_one_queue_never_call_one_ticket() {
    let told = Centre::open().story("one_queue");
    assert_eq!(told["called"].as_array().map(Vec::len), Some(8), "{told}");
}

#[test]
fn a_window_is_served_with_the_keyboard_alone() {
    Centre::open().story("console_keys");
}

#[test]
fn of_two_people_at_one_record_the_second_is_told_and_loses_nothing() {
    Centre::open().story("two_clerks");
}

#[test]
fn faults_stand_at_their_fields_and_on_top_and_what_was_typed_stays() {
    Centre::open().story("form_errors");
}

#[test]
fn materials_come_in_as_files_and_by_camera_and_liars_are_told() {
    Centre::open().story("materials");
}

#[test]
fn what_is_not_theirs_is_told_in_plain_words_and_paper_bears_no_buttons() {
    let centre = Centre::open();
    centre.story("not_theirs");
    centre.story("print");
}

/// The PNG that a board's driver makes of the first page of a text.
fn drawn_by_the_driver(text: &str) -> Vec<u8> {
    let board = hall_board();
    let panel = Panel {
        limit: display_driver::page::PageLimit::NONE,
        family: BoardFamily::OnbonK,
        layout: BoardLayout {
            width_px: board.width_px,
            height_px: board.height_px,
        },
        has_green: board.has_green,
    };
    let drawn = preview::notice(&panel, &mut GlyphSource::new(), text);
    png(&drawn.pages[0], Pitch::Px4).expect("a picture")
}

#[test]
fn a_text_for_boards_is_seen_dot_by_dot_approved_by_another_and_stands_on_its_glass() {
    let centre = Centre::with_a_board();
    let told = centre.story("boards");
    let text = told["text"].as_str().expect("the text");
    let seen = told["picture"].as_array().expect("the picture's bytes");
    let seen: Vec<u8> = seen
        .iter()
        .filter_map(|byte| u8::try_from(byte.as_u64()?).ok())
        .collect();
    assert!(
        seen == drawn_by_the_driver(text),
        "the dots are the driver's"
    );
    let Boards::Played(board) = &centre.boards else {
        panic!("a board, started with the centre");
    };
    for line in text.lines() {
        board.shows(line);
    }
}

#[test]
fn everything_is_withdrawn_from_boards_at_once_and_comes_back_by_a_named_person() {
    Centre::open().story("clear_boards");
}

/// Pages with words that are codes: keys of parameters, sign-in names, clauses of the contract.
const WITH_CODES: [&str; 3] = [
    "/staff/parameters",
    "/staff/accounts",
    "/staff/requirements",
];

#[test]
fn every_page_is_reached_and_axe_finds_nothing_serious_on_any() {
    let told = Centre::open().story("every_page");
    let pages = told["pages"].as_array().expect("pages");
    let bad: Vec<&Value> = pages
        .iter()
        .filter(|page| {
            let has_none = |what: &str| page[what].as_array().is_some_and(Vec::is_empty);
            let bears_codes = page["path"].as_str().is_some_and(|path| {
                let mut with_codes = WITH_CODES.iter();
                with_codes.any(|begins| path.starts_with(begins))
            });
            let is_clean = has_none("faults") && (bears_codes || has_none("foreign"));
            !is_clean || page["wide"].as_i64() > Some(0) || page["status"] != 200
        })
        .collect();
    let seen: BTreeSet<&str> = pages
        .iter()
        .filter_map(|page| page["path"].as_str())
        .collect();
    let unreached: Vec<&str> = central::pages::table()
        .iter()
        .filter(|route| route.method == reqwest::Method::GET && is_page(route.path))
        .map(|route| route.path)
        .filter(|route| !seen.iter().any(|path| is_of(path, route)))
        .collect();
    assert!(
        bad.is_empty() && unreached.is_empty(),
        "not good: {bad:#?}\nunreached: {unreached:?}"
    );
}

#[test]
fn axe_finds_nothing_serious_on_pages_that_no_link_leads_to() {
    let seen = Centre::open().story("beyond_links");
    let seen = seen.as_object().expect("pages");
    assert_eq!(seen.len(), 7, "{seen:?}");
    let bad: Vec<_> = seen
        .iter()
        .filter(|(_, faults)| faults.as_array().map(Vec::len) != Some(0))
        .collect();
    assert!(bad.is_empty(), "{bad:#?}");
}

/// What a route answers with is a page that links lead to, not a file, a stream, the answer to an
/// act, or a way on to another page.
fn is_page(route: &str) -> bool {
    let others = [
        "changes",
        "screen",
        "export",
        ".xlsx",
        ".csv",
        ".png",
        "{sha256}",
        "{phone}",
        "/visits/",
        "/lists/feedback/",
    ];
    !others.iter().any(|part| route.contains(part))
}

fn is_of(path: &str, route: &str) -> bool {
    let (path, route): (Vec<_>, Vec<_>) = (path.split('/').collect(), route.split('/').collect());
    path.len() == route.len()
        && path
            .iter()
            .zip(&route)
            .all(|(part, named)| part == named || named.starts_with('{'))
}
