//! What is on the shown page, for reading aloud and for a keypad: words and buttons in the order in
//! which the page is laid out, as Slint itself would tell a screen reader.
//!
//! While a dialog is open there is nothing but the dialog.

use i_slint_core::accessibility::AccessibleStringProperty;
use i_slint_core::items::{AccessibleRole, ItemRc};
use i_slint_core::window::WindowInner;
use slint::Window;

use crate::app::reading::{Bounds, Part, PartKind};

/// The parts of the page in this window.
#[must_use]
pub fn parts(window: &Window) -> Vec<Part> {
    let Some(component) = WindowInner::from_pub(window).try_component() else {
        return Vec::new();
    };
    let root = ItemRc::new_root(component);
    let mut found = Found::default();
    found.look_below(&root);
    found.dialog.unwrap_or(found.page)
}

#[derive(Default)]
struct Found {
    page: Vec<Part>,
    dialog: Option<Vec<Part>>,
}

impl Found {
    fn look_below(&mut self, item: &ItemRc) {
        let mut next = item.first_child();
        while let Some(child) = next {
            self.look_at(&child);
            next = child.next_sibling();
        }
    }

    fn look_at(&mut self, item: &ItemRc) {
        match item.accessible_role() {
            AccessibleRole::Button => self.page.extend(button(item)),
            AccessibleRole::Text => self.page.extend(part(item, PartKind::Words)),
            // The one group of this kind is a dialog: the page below it is out of reach.
            AccessibleRole::Groupbox => {
                let below = std::mem::take(&mut self.page);
                self.look_below(item);
                self.dialog = Some(std::mem::replace(&mut self.page, below));
            }
            _ => self.look_below(item),
        }
    }
}

fn button(item: &ItemRc) -> Option<Part> {
    let enabled = item.accessible_string_property(AccessibleStringProperty::Enabled);
    let is_idle = enabled.is_some_and(|it| it == "false");
    let kind = if is_idle {
        PartKind::IdleButton
    } else {
        PartKind::Button
    };
    part(item, kind)
}

/// Nothing for what has no words or cannot be seen.
fn part(item: &ItemRc, kind: PartKind) -> Option<Part> {
    let words = item.accessible_string_property(AccessibleStringProperty::Label)?;
    let geometry = item.geometry();
    if words.trim().is_empty() || geometry.is_empty() || !item.is_visible() {
        return None;
    }
    let place = item.map_to_window(geometry.origin);
    Some(Part {
        words: words.into(),
        kind,
        bounds: Bounds {
            x: place.x,
            y: place.y,
            width: geometry.width(),
            height: geometry.height(),
        },
    })
}
