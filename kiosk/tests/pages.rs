//! Touches on pages drawn headless arrive, once and where they were meant; the colours of every theme
//! can be read. That every page can be used in every mode is `walk.rs`.
//!
//! The pages hold invented content (`kiosk::snapshot::Sheet`). What the view models write into them is
//! tested where they live. Each test has its own thread, and so its own Slint.

use std::cell::{Cell, RefCell};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Once;
use std::time::Duration;

use kiosk::platform::control::{self, Bounds};
use kiosk::platform::fonts;
use kiosk::snapshot::{Look, Sheet, Stage};
use kiosk::ui::{
    Home, JobSearch, Score, ScoreLookup, Service, Shell, Theme, ThemeKind, TicketChoose,
};
use slint::Global;

#[path = "pages/appointments.rs"]
mod appointments;
#[path = "pages/contrast.rs"]
mod contrast;
#[path = "pages/display.rs"]
mod display;

use contrast::contrast;

/// Half a pixel: sizes are divided without rounding.
const TOLERANCE_PX: f32 = 0.5;

fn stage(look: Look) -> Stage {
    static FONTS: Once = Once::new();
    FONTS.call_once(|| fonts::prepare().expect("the scratch folder can be written"));
    Stage::open(look).expect("each test has its own thread, and so its own Slint")
}

fn contains(outer: Bounds, inner: Bounds) -> bool {
    inner.x >= outer.x - TOLERANCE_PX
        && inner.y >= outer.y - TOLERANCE_PX
        && inner.x + inner.width <= outer.x + outer.width + TOLERANCE_PX
        && inner.y + inner.height <= outer.y + outer.height + TOLERANCE_PX
}

fn apart(a: Bounds, b: Bounds) -> bool {
    a.x + a.width <= b.x + TOLERANCE_PX
        || b.x + b.width <= a.x + TOLERANCE_PX
        || a.y + a.height <= b.y + TOLERANCE_PX
        || b.y + b.height <= a.y + TOLERANCE_PX
}

#[expect(clippy::cast_precision_loss, reason = "a screen's pixels are few")]
fn px(pixels: u32) -> f32 {
    pixels as f32
}

#[test]
fn text_and_edges_meet_the_contrast_floor_of_each_theme() {
    let stage = stage(Look::PORTRAIT);
    for kind in [ThemeKind::Normal, ThemeKind::Elderly, ThemeKind::Contrast] {
        stage.change_look(Look {
            kind,
            ..Look::PORTRAIT
        });
        let t = Theme::get(stage.window());
        let text_floor = if kind == ThemeKind::Normal { 4.5 } else { 7.0 };
        for (name, ink, ground) in [
            ("ink on ground", t.get_ink(), t.get_ground()),
            ("ink on card", t.get_ink(), t.get_card()),
            ("soft ink on ground", t.get_ink_soft(), t.get_ground()),
            ("soft ink on card", t.get_ink_soft(), t.get_card()),
            ("lake on ground", t.get_lake(), t.get_ground()),
            ("lake on card", t.get_lake(), t.get_card()),
            ("lake on pale lake", t.get_lake(), t.get_lake_pale()),
            ("ink on pale lake", t.get_ink(), t.get_lake_pale()),
            ("ink on a pressed card", t.get_ink(), t.get_pressed_card()),
            ("words on lake", t.get_on_lake(), t.get_lake()),
            (
                "words on a pressed fill",
                t.get_on_lake(),
                t.get_pressed_fill(),
            ),
            ("words on moon", t.get_on_moon(), t.get_moon()),
            (
                "words on a pressed moon",
                t.get_on_moon(),
                t.get_pressed_moon(),
            ),
            (
                "words on pale moon",
                t.get_on_moon_pale(),
                t.get_moon_pale(),
            ),
            ("words on the panel", t.get_on_panel(), t.get_panel()),
            (
                "soft words on the panel",
                t.get_on_panel_soft(),
                t.get_panel(),
            ),
            (
                "moon words on the panel",
                t.get_on_panel_moon(),
                t.get_dark_panel(),
            ),
            ("good on its pale", t.get_good(), t.get_good_pale()),
            ("good on card", t.get_good(), t.get_card()),
            ("care on its pale", t.get_care(), t.get_care_pale()),
            ("care on ground", t.get_care(), t.get_ground()),
            ("stop on its pale", t.get_stop(), t.get_stop_pale()),
            ("ink of a slip", t.get_paper_ink(), t.get_paper()),
            ("soft ink of a slip", t.get_paper_ink_soft(), t.get_paper()),
        ] {
            let ratio = contrast(ink, ground);
            assert!(ratio >= text_floor, "{kind:?}: {name} is {ratio:.2}");
        }
        for (name, edge, ground) in [
            ("edge on ground", t.get_edge(), t.get_ground()),
            ("edge on card", t.get_edge(), t.get_card()),
        ] {
            let ratio = contrast(edge, ground);
            assert!(ratio >= 3.0, "{kind:?}: {name} is {ratio:.2}");
        }
        // Disabled words still tell why; 4.5 in every theme.
        assert!(
            contrast(t.get_disabled_ink(), t.get_disabled_fill()) >= 4.5,
            "{kind:?}"
        );
    }
}

fn touch(stage: &Stage, words: &str) {
    let found = control::find(stage.window(), words).unwrap_or_else(|| panic!("no {words}"));
    stage.screen().touch(found.centre());
    // Past the 300 ms in which a command is deaf to a second touch.
    stage.screen().advance(Duration::from_millis(400));
}

#[test]
fn a_touch_on_a_tile_a_key_and_a_face_reaches_its_callback() {
    let stage = stage(Look::PORTRAIT);
    let heard = Rc::new(RefCell::new(Vec::new()));
    let note = |what: &'static str| {
        let heard = Rc::clone(&heard);
        move || heard.borrow_mut().push(what.to_owned())
    };
    let services = Rc::clone(&heard);
    Home::get(stage.window()).on_chosen(move |service| {
        services.borrow_mut().push(format!("{service:?}"));
    });
    JobSearch::get(stage.window()).on_erase(note("erase"));
    Shell::get(stage.window()).on_call_help(note("help"));
    let keys = Rc::clone(&heard);
    JobSearch::get(stage.window())
        .on_key_pressed(move |letter| keys.borrow_mut().push(letter.to_string()));
    let faces = Rc::clone(&heard);
    Score::get(stage.window()).on_face_chosen(move |level| {
        faces.borrow_mut().push(level.to_string());
    });

    stage.fill(Sheet::Home);
    touch(&stage, "找工作");
    stage.fill(Sheet::JobSearch);
    touch(&stage, "D");
    touch(&stage, "退格");
    touch(&stage, "叫人帮忙");
    stage.fill(Sheet::Score);
    touch(&stage, "非常不满意");
    assert_eq!(*heard.borrow(), ["FindJob", "D", "erase", "help", "1"]);
}

#[test]
fn old_people_have_at_most_four_choices_and_reach_every_service() {
    let stage = stage(Look::PORTRAIT);
    let heard = Rc::new(RefCell::new(Vec::new()));
    let services = Rc::clone(&heard);
    let home = Home::get(stage.window());
    home.on_chosen(move |service| services.borrow_mut().push(service));
    stage.change_look(Look {
        kind: ThemeKind::Elderly,
        ..Look::PORTRAIT
    });
    stage.fill(Sheet::HomeCertificates);
    let bar = ["叫人来帮我", "读给我听", "普通模式"];
    for part in 0..home.get_parts() {
        home.set_part(part);
        let choices: Vec<_> = control::controls(stage.window())
            .into_iter()
            .filter(|control| !bar.contains(&control.label.as_str()))
            .collect();
        assert!(choices.len() <= 4, "{choices:?}");
        choices
            .iter()
            .for_each(|choice| touch(&stage, &choice.label));
    }
    let mut reached: Vec<_> = heard.borrow().iter().map(|it| format!("{it:?}")).collect();
    reached.sort();
    reached.dedup();
    assert_eq!(
        reached.len(),
        14,
        "twelve services and the ways between: {reached:?}"
    );
    assert!(heard.borrow().contains(&Service::Certificate));
}

#[test]
fn the_mark_hides_a_way_that_no_label_tells_of() {
    let stage = stage(Look::PORTRAIT);
    let heard = Rc::new(Cell::new(0));
    let count = Rc::clone(&heard);
    Shell::get(stage.window()).on_mark_touched(move || count.set(count.get() + 1));
    stage.fill(Sheet::Home);
    stage
        .screen()
        .touch(slint::LogicalPosition::new(66.0, 44.0));
    assert_eq!(heard.get(), 1);
    let labels = control::controls(stage.window());
    let is_told = labels.iter().any(|it| it.label.contains("维护"));
    assert!(!is_told);
}

#[test]
fn a_ruler_says_how_dense_the_glass_is() {
    let stage = stage(Look::PORTRAIT);
    let theme = Theme::get(stage.window());
    theme.set_screen_width_mm(180.0);
    assert!((theme.get_dots_per_mm() - 6.0).abs() < 0.01);
    assert!(theme.get_touch_min() >= 120.0, "20 mm of it");
}

#[test]
fn every_key_ends_at_the_page() {
    let stage = stage(Look::PORTRAIT);
    let heard = Rc::new(RefCell::new(String::new()));
    let keys = Rc::clone(&heard);
    Shell::get(stage.window()).on_key(move |key| keys.borrow_mut().push_str(&key));
    stage.fill(Sheet::Home);
    stage.screen().type_keys("A012\n");
    touch(&stage, "查政策");
    stage.screen().type_keys("\t");
    assert_eq!(*heard.borrow(), "A012\n\t");
}

#[test]
fn a_key_without_continuation_stays_silent() {
    let stage = stage(Look::PORTRAIT);
    let heard = Rc::new(Cell::new(0));
    let count = Rc::clone(&heard);
    JobSearch::get(stage.window()).on_key_pressed(move |_| count.set(count.get() + 1));
    stage.fill(Sheet::JobSearch);
    touch(&stage, "U");
    assert_eq!(heard.get(), 0);
}

#[test]
fn a_second_touch_within_300_ms_is_not_a_second_command() {
    let stage = stage(Look::PORTRAIT);
    let heard = Rc::new(Cell::new(0));
    let count = Rc::clone(&heard);
    TicketChoose::get(stage.window()).on_group_chosen(move |_| count.set(count.get() + 1));
    stage.fill(Sheet::TicketChoose);
    let group = control::find(stage.window(), "失业保险").unwrap();
    stage.screen().touch(group.centre());
    stage.screen().advance(Duration::from_millis(100));
    stage.screen().touch(group.centre());
    assert_eq!(heard.get(), 1);
}

#[test]
fn a_finger_that_slides_off_before_lifting_does_nothing() {
    let stage = stage(Look::PORTRAIT);
    let heard = Rc::new(Cell::new(0));
    let count = Rc::clone(&heard);
    Home::get(stage.window()).on_chosen(move |_| count.set(count.get() + 1));
    stage.fill(Sheet::Home);
    stage
        .screen()
        .press(control::find(stage.window(), "取号").unwrap().centre());
    stage
        .screen()
        .release(control::find(stage.window(), "叫人帮忙").unwrap().centre());
    assert_eq!(heard.get(), 0);
}

#[test]
fn the_veil_of_a_dialog_swallows_touches() {
    let stage = stage(Look::PORTRAIT);
    let heard = Rc::new(RefCell::new(Vec::new()));
    let (back, stay) = (Rc::clone(&heard), Rc::clone(&heard));
    Shell::get(stage.window()).on_back(move || back.borrow_mut().push("back"));
    Shell::get(stage.window()).on_timeout_stay(move || stay.borrow_mut().push("stay"));
    stage.fill(Sheet::Timeout);
    touch(&stage, "返回");
    touch(&stage, "我还在用");
    assert_eq!(*heard.borrow(), ["stay"]);
}

#[test]
fn any_touch_tells_the_idle_clock() {
    let stage = stage(Look::PORTRAIT);
    let heard = Rc::new(Cell::new(0));
    let count = Rc::clone(&heard);
    Shell::get(stage.window()).on_touched(move || count.set(count.get() + 1));
    stage.fill(Sheet::Home);
    touch(&stage, "查政策");
    stage
        .screen()
        .touch(slint::LogicalPosition::new(4.0, 300.0));
    assert_eq!(heard.get(), 2, "one on a tile, one beside everything");
}

#[test]
fn a_digit_of_the_score_keypad_arrives_as_a_number() {
    let stage = stage(Look::PORTRAIT);
    let heard = Rc::new(RefCell::new(Vec::new()));
    let digits = Rc::clone(&heard);
    ScoreLookup::get(stage.window()).on_digit_pressed(move |digit| digits.borrow_mut().push(digit));
    stage.fill(Sheet::ScoreNumber);
    touch(&stage, "7");
    touch(&stage, "0");
    assert_eq!(*heard.borrow(), [7, 0]);
}

#[test]
fn more_rows_fit_when_the_keypad_is_folded_away() {
    let stage = stage(Look::PORTRAIT);
    stage.fill(Sheet::JobSearch);
    let with_keys = JobSearch::get(stage.window()).get_rows_per_page();
    stage.fill(Sheet::JobList);
    let without = JobSearch::get(stage.window()).get_rows_per_page();
    assert_eq!((with_keys, without), (4, 6), "look.md §5");
}

#[test]
fn colours_and_type_sizes_are_only_in_the_theme() {
    for path in slint_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("ui")) {
        if path.ends_with("theme.slint") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for (index, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap();
            let colour = code
                .split('#')
                .skip(1)
                .any(|rest| rest.bytes().take_while(u8::is_ascii_hexdigit).count() >= 3);
            assert!(!colour, "{}:{}: {line}", path.display(), index + 1);
            let literal_size = code
                .split_once("font-size:")
                .is_some_and(|(_, value)| value.trim().starts_with(|c: char| c.is_ascii_digit()));
            assert!(!literal_size, "{}:{}: {line}", path.display(), index + 1);
        }
    }
}

#[test]
fn pages_never_compare_strings() {
    for path in slint_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("ui")) {
        let text = std::fs::read_to_string(&path).unwrap();
        for (index, line) in text.lines().enumerate() {
            let compares = ["== \"", "!= \"", "\" ==", "\" !="]
                .iter()
                .any(|it| line.contains(it));
            assert!(!compares, "{}:{}: {line}", path.display(), index + 1);
        }
    }
}

fn slint_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the pages lie in this source tree") {
        let path = entry
            .expect("a folder of this source tree can be listed")
            .path();
        if path.is_dir() {
            found.extend(slint_files(&path));
        } else if path
            .extension()
            .is_some_and(|extension| extension == "slint")
        {
            found.push(path);
        }
    }
    found
}
