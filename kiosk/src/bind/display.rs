//! Queue display ↔ `QueueDisplay`.

use slint::ComponentHandle;

use super::rows;
use crate::ui::{KioskWindow, QueueDisplay};
use crate::view_model::display::DisplayView;

pub(super) fn set(window: &KioskWindow, view: &DisplayView) {
    let display = window.global::<QueueDisplay<'_>>();
    display.set_demo(view.is_demo);
    display.set_heading(view.heading.into());
    display.set_number(view.newest.number.clone());
    display.set_window(view.newest.window.clone());
    display.set_long_number(view.newest.long);
    display.set_past(rows(&view.past));
    display.set_groups(rows(&view.groups));
    display.set_round(view.round);
}
