//! Idle face of a window terminal ↔ `WindowIdle`.

use slint::ComponentHandle;

use crate::ui::{KioskWindow, WindowIdle};
use crate::view_model::window::WindowIdleView;

pub(super) fn set(window: &KioskWindow, view: &WindowIdleView) {
    let idle = window.global::<WindowIdle<'_>>();
    idle.set_window_number(view.window_number.as_str().into());
    idle.set_matters(view.matters.as_str().into());
    idle.set_clerk_number(view.clerk_number.as_str().into());
    idle.set_state_text(view.state_text.into());
    idle.set_ticket_number(view.ticket_number.as_str().into());
}
