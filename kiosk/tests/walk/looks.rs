//! The panels that a kiosk is sold with, and the modes in which a visitor can use it.

use kiosk::snapshot::{Look, Sheet};
use kiosk::ui::ThemeKind;

/// A panel.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Panel {
    pub(crate) name: &'static str,
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Of the usual panel with these pixels.
    pub(crate) px_per_mm: f32,
}

/// 21.5 inches upright and lying, 12.1 inches wide, 12.1 inches.
pub(crate) const PANELS: [Panel; 4] = [
    panel("1080x1920", 1_080, 1_920, 4.03),
    panel("1920x1080", 1_920, 1_080, 4.03),
    panel("1280x800", 1_280, 800, 4.91),
    panel("1024x768", 1_024, 768, 4.16),
];

const fn panel(name: &'static str, width: u32, height: u32, px_per_mm: f32) -> Panel {
    Panel {
        name,
        width,
        height,
        px_per_mm,
    }
}

/// A mode: its name, colours, type, reach.
pub(crate) const MODES: [(&str, ThemeKind, f32, bool); 8] = [
    ("普通", ThemeKind::Normal, 1.0, false),
    ("字放大", ThemeKind::Normal, 1.2, false),
    ("老年", ThemeKind::Elderly, 1.0, false),
    ("黑底", ThemeKind::Contrast, 1.0, false),
    ("黑底字放大", ThemeKind::Contrast, 1.2, false),
    ("坐着", ThemeKind::Normal, 1.0, true),
    ("坐着字放大", ThemeKind::Normal, 1.2, true),
    ("坐着黑底", ThemeKind::Contrast, 1.0, true),
];

/// The modes in which a sheet can be seen on a panel.
pub(crate) fn looks(sheet: Sheet, panel: Panel) -> Vec<(&'static str, Look)> {
    let is_possible = |(_, kind, scale, low_reach): &(&str, ThemeKind, f32, bool)| {
        let is_plain = *scale == 1.0 && !low_reach;
        if sheet.is_terminal() {
            // One panel, and nobody chooses there.
            panel.name == "1024x768" && is_plain && *kind != ThemeKind::Elderly
        } else if sheet.is_display() {
            panel.name == "1920x1080" && is_plain && *kind != ThemeKind::Elderly
        } else if is_for_nobody_yet(sheet) {
            // Nobody has chosen a mode before the first touch, and a technician needs none.
            is_plain && *kind == ThemeKind::Normal
        } else {
            // A wide panel hangs at desk height: everything is within reach.
            !low_reach || panel.height > panel.width
        }
    };
    let modes = MODES.iter().filter(|mode| is_possible(mode));
    modes
        .map(|(name, kind, scale, low_reach)| {
            let look = Look {
                width: panel.width,
                height: panel.height,
                kind: *kind,
                scale: *scale,
                low_reach: *low_reach,
            };
            (*name, look)
        })
        .collect()
}

fn is_for_nobody_yet(sheet: Sheet) -> bool {
    use kiosk::ui::PageId;
    matches!(sheet.page(), PageId::Attract | PageId::Service)
}
