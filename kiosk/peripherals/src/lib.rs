//! A kiosk's printer, card reader, scanner and loudspeaker.

pub mod escpos;
pub mod glyphs;
pub mod idcard;
pub mod printing;
pub mod scanner;
pub mod slip;
pub mod sound;
pub mod virtual_printer;
