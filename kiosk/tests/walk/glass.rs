//! What really lies on the glass: every text with the room it needs, every control, every bare touch
//! area, read from Slint's own tree.

use i_slint_core::accessibility::AccessibleStringProperty;
use i_slint_core::item_rendering::RenderText;
use i_slint_core::items::{
    AccessibleRole, ComplexText, ItemRc, Orientation, SimpleText, TextWrap, TouchArea,
};
use i_slint_core::window::{WindowAdapterRc, WindowInner};
use kiosk::app::reading::Bounds;
use kiosk::snapshot::Stage;
use slint::{Color, ComponentHandle};

/// A text whose words may be shortened with "…": the whole of it stands on the next page.
const SHORTENED: &str = "shortened";

/// A button that does something with its page.
const ACT: &str = "act";

/// A text on the glass.
#[derive(Debug, Clone)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) bounds: Bounds,
    /// Width and height that its words need.
    pub(crate) needs: (f32, f32),
    pub(crate) wraps: bool,
    pub(crate) may_be_shortened: bool,
    pub(crate) ink: Color,
    /// In a control that does nothing now.
    pub(crate) is_idle: bool,
    /// The control it stands in.
    pub(crate) control: Option<Bounds>,
}

/// A control on the glass.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Control {
    pub(crate) label: String,
    pub(crate) bounds: Bounds,
    pub(crate) is_enabled: bool,
    /// Something to do with the page, not one of its choices.
    pub(crate) is_act: bool,
    /// A box to tick: it takes nobody anywhere.
    pub(crate) is_tick: bool,
    /// It stands in a dialog.
    pub(crate) is_in_dialog: bool,
}

/// Everything on the glass.
#[derive(Debug, Default)]
pub(crate) struct Glass {
    pub(crate) words: Vec<Word>,
    pub(crate) controls: Vec<Control>,
    /// Touch areas outside of any control.
    pub(crate) bare: Vec<Bounds>,
    pub(crate) has_dialog: bool,
}

#[derive(Clone, Copy, Default)]
struct Within {
    control: Option<Bounds>,
    is_idle: bool,
    is_dialog: bool,
}

struct Looking {
    adapter: WindowAdapterRc,
    glass: Glass,
}

impl Glass {
    /// Looks at the page on the stage.
    pub(crate) fn of(stage: &Stage) -> Self {
        let window = WindowInner::from_pub(stage.window().window());
        let mut looking = Looking {
            adapter: window.window_adapter(),
            glass: Self::default(),
        };
        looking.look(&ItemRc::new_root(window.component()), Within::default());
        looking.glass
    }

    /// What a finger can reach: under a dialog nothing.
    pub(crate) fn reachable(&self) -> impl Iterator<Item = &Control> {
        self.controls
            .iter()
            .filter(|control| control.is_in_dialog || !self.has_dialog)
    }
}

impl Looking {
    fn look(&mut self, item: &ItemRc, within: Within) {
        let within = self.note(item, within);
        let mut next = item.first_child();
        while let Some(child) = next {
            self.look(&child, within);
            next = child.next_sibling();
        }
    }

    /// Notes what the item is; returns what its children stand within.
    fn note(&mut self, item: &ItemRc, mut within: Within) -> Within {
        let bounds = bounds(item);
        let is_seen = item.is_visible() && bounds.width > 0.0 && bounds.height > 0.0;
        match item.accessible_role() {
            AccessibleRole::Button if is_seen => {
                let is_enabled = property(item, AccessibleStringProperty::Enabled) != "false";
                self.glass.controls.push(Control {
                    label: property(item, AccessibleStringProperty::Label),
                    bounds,
                    is_enabled,
                    is_act: property(item, AccessibleStringProperty::Id) == ACT,
                    is_tick: property(item, AccessibleStringProperty::Checkable) == "true",
                    is_in_dialog: within.is_dialog,
                });
                within.control = Some(bounds);
                within.is_idle = !is_enabled;
            }
            AccessibleRole::Groupbox => {
                self.glass.has_dialog = true;
                within.is_dialog = true;
            }
            _ => {}
        }
        if !is_seen {
            return within;
        }
        if item.downcast::<TouchArea>().is_some() && within.control.is_none() {
            self.glass.bare.push(bounds);
        }
        if let Some(word) = self.word(item, bounds, within) {
            self.glass.words.push(word);
        }
        within
    }

    fn word(&self, item: &ItemRc, bounds: Bounds, within: Within) -> Option<Word> {
        let (wrap, ink) = if let Some(text) = item.downcast::<ComplexText>() {
            let text = text.as_pin_ref();
            (RenderText::wrap(text), RenderText::color(text))
        } else {
            let text = item.downcast::<SimpleText>()?;
            let text = text.as_pin_ref();
            (RenderText::wrap(text), RenderText::color(text))
        };
        let needs = |orientation, across| {
            let borrowed = item.borrow();
            borrowed
                .as_ref()
                .layout_info(orientation, across, &self.adapter, item)
                .preferred
        };
        let text = property(item, AccessibleStringProperty::Label);
        (!text.trim().is_empty()).then(|| Word {
            text,
            bounds,
            needs: (
                needs(Orientation::Horizontal, -1.0),
                needs(Orientation::Vertical, bounds.width),
            ),
            wraps: wrap != TextWrap::NoWrap,
            may_be_shortened: property(item, AccessibleStringProperty::Id) == SHORTENED,
            ink: ink.color(),
            is_idle: within.is_idle,
            control: within.control,
        })
    }
}

fn property(item: &ItemRc, which: AccessibleStringProperty) -> String {
    item.accessible_string_property(which)
        .unwrap_or_default()
        .into()
}

fn bounds(item: &ItemRc) -> Bounds {
    let geometry = item.geometry();
    let place = item.map_to_window(geometry.origin);
    Bounds {
        x: place.x,
        y: place.y,
        width: geometry.width(),
        height: geometry.height(),
    }
}
