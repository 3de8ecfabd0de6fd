//! The one board that tests of ports and buses hang on their lines.

use display_driver::codec::{BoardFamily, Face, Speech};
use display_driver::config::{BoardConfig, Diodes, Shows, plan_of};
use display_driver::content::BoardId;
use display_driver::link::SetUp;
use display_driver::page::BoardLayout;
use display_driver::virtual_board::BoardSettings;

/// A card of 192 × 32 dots that shows everything.
pub(crate) fn board() -> BoardConfig {
    let layout = BoardLayout {
        width_px: 192,
        height_px: 32,
    };
    BoardConfig {
        name: "大厅主屏".to_owned(),
        address: 1,
        colour: Diodes::Two,
        speech: Speech::usual(
            BoardFamily::OnbonK,
            Face {
                width_px: layout.width_px,
                height_px: layout.height_px,
            },
        ),
        set_up: SetUp::default(),
        programs: Vec::new(),
        plan: plan_of(BoardId("hall-1".to_owned()), layout, None, &Shows::all()),
    }
}

/// Its simulated card.
pub(crate) fn settings() -> BoardSettings {
    BoardSettings {
        address: 1,
        width_px: 192,
        height_px: 32,
        has_green: true,
    }
}
