//! The queue display: how often it may change, and that its words lie beside each other.

use std::ops::ControlFlow;
use std::time::Duration;

use i_slint_backend_testing::{AccessibleRole, ElementRoot};
use kiosk::platform::control::{self, Bounds};
use kiosk::snapshot::{Look, Sheet, Stage};
use kiosk::ui::{QueueDisplay, Theme, ThemeKind};
use slint::Global;

use super::{apart, contains, contrast, px};

/// Nobody chooses a look of the queue display; it may hang on a larger or smaller panel.
pub(super) fn looks() -> Vec<(String, Look)> {
    let sizes = [(1920, 1080), (1280, 720), (3840, 2160)];
    let sizes = sizes.map(|(width, height)| {
        let look = Look {
            width,
            height,
            ..Look::DISPLAY
        };
        (format!("display {width}x{height}"), look)
    });
    let contrast = Look {
        kind: ThemeKind::Contrast,
        ..Look::DISPLAY
    };
    let mut looks = Vec::from(sizes);
    looks.push(("display contrast".to_owned(), contrast));
    looks
}

/// Draws the display for `seconds` and tells at which tenth of a second its call panel changed.
/// Calls come at the tenths in `calls`.
fn panel_changes(stage: &Stage, seconds: u32, calls: &[u32]) -> Vec<u32> {
    // Inside the panel, beside its words.
    let (x, y) = (1_100, 160);
    let pixel = || {
        let frame = stage.picture();
        let at = usize::try_from((y * frame.width + x) * 3).expect("a place in a picture");
        frame.rgb()[at..at + 3].to_vec()
    };
    let display = QueueDisplay::get(stage.window());
    let mut before = pixel();
    let mut changes = Vec::new();
    for tenth in 0..seconds * 10 {
        if calls.contains(&tenth) {
            display.set_round(display.get_round() + 1);
        }
        stage.screen().advance(Duration::from_millis(100));
        let now = pixel();
        if now != before {
            changes.push(tenth);
        }
        before = now;
    }
    changes
}

#[test]
fn a_call_flashes_once_a_second_for_five_seconds_and_never_faster() {
    let stage = super::stage(Look::DISPLAY);
    stage.fill(Sheet::Display);
    let changes = panel_changes(&stage, 8, &[0]);
    assert_eq!(changes.len(), 10, "five times white and back: {changes:?}");
    assert!(changes.iter().all(|tenth| *tenth <= 51), "{changes:?}");
    let restless = panel_changes(&stage, 12, &[0, 3, 7, 8, 9, 14, 26, 31, 40]);
    let too_fast = restless.windows(4).any(|four| four[3] - four[0] < 10);
    assert!(!too_fast, "more than three changes a second: {restless:?}");
    assert!(
        restless.iter().all(|tenth| *tenth <= 40 + 51),
        "{restless:?}"
    );
}

#[test]
fn nothing_flashes_when_motion_is_reduced() {
    let stage = super::stage(Look::DISPLAY);
    stage.fill(Sheet::Display);
    Theme::get(stage.window()).set_reduced_motion(true);
    assert_eq!(panel_changes(&stage, 6, &[0, 20]), [0; 0]);
}

/// The words on the page with the room of their letters, without the air above and below.
fn words(stage: &Stage) -> Vec<(String, Bounds)> {
    let mut all: Vec<(String, Bounds)> = Vec::new();
    stage.window().root_element().visit_descendants(|element| {
        if element.accessible_role() == Some(AccessibleRole::Text) {
            let (at, size) = (element.absolute_position(), element.size());
            let bounds = Bounds {
                x: at.x,
                y: at.y + size.height * 0.3,
                width: size.width,
                height: size.height * 0.5,
            };
            all.push((
                element.accessible_label().unwrap_or_default().into(),
                bounds,
            ));
        }
        ControlFlow::<()>::Continue(())
    });
    all.retain(|(text, _)| !text.is_empty());
    all.dedup();
    all
}

#[test]
fn the_words_of_a_display_lie_in_the_window_and_beside_each_other() {
    let stage = super::stage(Look::DISPLAY);
    for (sheet, name) in Sheet::ALL.into_iter().filter(|(it, _)| it.is_display()) {
        for (look_name, look) in looks() {
            stage.change_look(look);
            stage.fill(sheet);
            let words = words(&stage);
            assert!(words.len() >= 20, "{name}: only {} words", words.len());
            let window = Bounds {
                x: 0.0,
                y: 0.0,
                width: px(look.width),
                height: px(look.height),
            };
            for (index, (text, bounds)) in words.iter().enumerate() {
                assert!(
                    contains(window, *bounds),
                    "{name}, {look_name}: {text} {bounds:?}"
                );
                for (other, beside) in &words[index + 1..] {
                    let lie_apart = apart(*bounds, *beside);
                    assert!(lie_apart, "{name}, {look_name}: {text} on {other}");
                }
            }
        }
    }
}

#[test]
fn a_display_has_nothing_to_touch() {
    let stage = super::stage(Look::DISPLAY);
    for (sheet, name) in Sheet::ALL.into_iter().filter(|(it, _)| it.is_display()) {
        stage.fill(sheet);
        assert_eq!(control::controls(stage.window()), [], "{name}");
    }
}

#[test]
fn words_on_the_glass_can_be_read_from_across_the_hall() {
    let stage = super::stage(Look::DISPLAY);
    for (name, look) in looks() {
        stage.change_look(look);
        let t = Theme::get(stage.window());
        let panel = t.get_glass_panel();
        for (words, ground) in [
            (t.get_on_panel(), panel),
            (t.get_on_glass_soft(), panel),
            (t.get_on_panel_moon(), panel),
            (t.get_on_panel(), t.get_glass_head()),
            (t.get_on_moon(), t.get_moon()),
            (t.get_on_moon(), t.get_paper()),
            (t.get_on_moon_pale(), t.get_moon_pale()),
        ] {
            let ratio = contrast(words, ground);
            assert!(
                ratio >= 7.0,
                "{name}: {words:?} on {ground:?} is {ratio:.2}"
            );
        }
    }
}
