//! ESC/POS: the subset that a 58 or 80 mm ticket printer for Chinese text takes (sheet `escpos.md`).
//!
//! [`document`] says what stands on a paper, [`typeset`] turns it into [`command`]s for one width,
//! [`decoder`] reads the same commands back, [`status`] reads what a printer answers. All of it is
//! pure and total. Not here: bar codes, the drawer, the buzzer and the older graphics command, which a
//! kiosk does not send; the decoder tells them as unknown and goes on.

pub mod command;
pub mod decoder;
pub mod document;
pub mod status;
pub mod text;
pub mod typeset;

#[cfg(test)]
mod worked_rows;
