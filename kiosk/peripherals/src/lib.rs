//! A kiosk's printer, card reader, scanner and loudspeaker.

pub mod escpos;
pub mod glyphs;
pub mod slip;
