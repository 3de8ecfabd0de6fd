//! Finds what can be touched on the shown page by its words, for tests and the demo's control socket.
//!
//! The accessible label is the test id. Text elements carry labels too, so only buttons count.

use std::ops::ControlFlow;

use i_slint_backend_testing::{AccessibleRole, ElementHandle, ElementRoot};
use slint::LogicalPosition;

pub use crate::app::reading::Bounds;

/// One thing on the page that can be touched.
#[derive(Debug, Clone, PartialEq)]
pub struct Control {
    /// Its words.
    pub label: String,
    /// Left, top, width, height in pixels of the window.
    pub bounds: Bounds,
    /// False for a control that is shown but does nothing now.
    pub enabled: bool,
}

impl Control {
    /// Where a finger would land.
    pub fn centre(&self) -> LogicalPosition {
        self.bounds.centre()
    }
}

/// Everything that can be touched, in the order it is drawn.
pub fn controls(window: &impl ElementRoot) -> Vec<Control> {
    let mut all = Vec::new();
    // Not `ElementQuery`: its descendants come once for every element above them.
    window.root_element().visit_descendants(|element| {
        if element.accessible_role() == Some(AccessibleRole::Button) {
            all.push(control(&element));
        }
        ControlFlow::<()>::Continue(())
    });
    // A component and those it inherits from are one thing to touch, but one element each.
    all.dedup();
    all
}

/// The control with these words: the exact label, else the only one that begins with them.
pub fn find(window: &impl ElementRoot, words: &str) -> Option<Control> {
    let all = controls(window);
    if let Some(exact) = all.iter().rfind(|control| control.label == words) {
        return Some(exact.clone());
    }
    let mut beginning = all
        .into_iter()
        .filter(|control| control.label.starts_with(words));
    let first = beginning.next()?;
    beginning.next().is_none().then_some(first)
}

fn control(element: &ElementHandle) -> Control {
    let (position, size) = (element.absolute_position(), element.size());
    Control {
        label: element.accessible_label().unwrap_or_default().into(),
        bounds: Bounds {
            x: position.x,
            y: position.y,
            width: size.width,
            height: size.height,
        },
        enabled: element.accessible_enabled().unwrap_or(true),
    }
}
