//! The one board that tests of ports and buses hang on their lines.

use display_driver::codec::BoardFamily;
use display_driver::config::{BoardConfig, Diodes, Shows};
use display_driver::content::BoardId;

/// A card of 192 × 32 dots that shows everything.
pub(crate) fn board() -> BoardConfig {
    BoardConfig {
        id: BoardId("hall-1".to_owned()),
        name: "大厅主屏".to_owned(),
        family: BoardFamily::OnbonK,
        address: 1,
        width: 192,
        height: 32,
        colour: Diodes::Two,
        shows: Shows::all(),
        window: None,
        acknowledges: false,
        reads: true,
    }
}
