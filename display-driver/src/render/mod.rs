//! Text to dots, as the cards draw it.
//!
//! Every character has a cell: ASCII half as wide as high, everything else square, so measuring needs
//! no font and agrees with font-library cards. Glyphs of 16 dots are Unifont's, of 24 and 32 dots Noto
//! Sans SC cut off at a coverage; a character in neither font is drawn as `□` and counted. Drawing
//! cannot fail. Pictures of a canvas are in [`picture`].

pub mod area;
pub mod canvas;
pub mod code;
pub mod glyph;
pub mod picture;
pub mod text;
