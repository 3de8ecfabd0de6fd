//! What a sign's text looks like: words, and dots.
//!
//! Pictures are drawn dot by dot. Letters stand in for the sign's own, of which the sheet has no
//! shapes: they show what is said, not how it looks. Dim colours and mixtures take the nearest of
//! three, the date is left out because its forms are not laid out, only the first page is drawn and
//! nothing moves.

use std::time::Duration;

use embedded_graphics::prelude::{DrawTarget, Pixel, Point};

use super::sign::VirtualSign;
use crate::codec::alpha::dots;
use crate::codec::alpha::piece::{Mark, Piece, TextColour};
use crate::codec::alpha::text::Text;
use crate::content::GlyphSize;
use crate::render::area::draw_text;
use crate::render::canvas::{Canvas, Dot};
use crate::render::glyph::GlyphSource;

const LETTERS: GlyphSize = GlyphSize::Px16;
const HALF_SPACE_PX: i32 = 4;

/// The text with its strings and the time inserted, all other codes in braces.
pub(super) fn printed(sign: &VirtualSign, text: &Text, now: Duration) -> String {
    let mut inserted = Text::default();
    for piece in pieces(sign, text, now) {
        inserted.push(piece);
    }
    String::from(inserted)
}

/// The pieces of a text with those of its strings in place. A string inside a string is left as a
/// code: the sheet does not say that it works, and so nothing runs in a circle.
fn pieces(sign: &VirtualSign, text: &Text, now: Duration) -> Vec<Piece> {
    let mut flat = Vec::new();
    for piece in text.pieces() {
        match piece {
            Piece::InsertString(label) => {
                flat.extend(sign.string(label).into_iter().flat_map(Text::pieces));
            }
            Piece::Mark(Mark::Time) => {
                let time = sign.time(now).map(String::from).unwrap_or_default();
                flat.extend(time.bytes().map(Piece::Character));
            }
            other => flat.push(other),
        }
    }
    flat
}

/// Draws the first page from the top left corner.
pub(super) fn draw(
    sign: &VirtualSign,
    text: &Text,
    now: Duration,
    canvas: &mut Canvas,
    glyphs: &mut GlyphSource,
) {
    let mut at = Point::zero();
    let mut colour = Dot::Red;
    for piece in pieces(sign, text, now) {
        match piece {
            Piece::Character(byte) => {
                let letter = char::from(byte).to_string();
                let Ok(next) = draw_text(canvas, glyphs, (at, LETTERS), (&letter, colour));
                at = next;
            }
            Piece::Mark(Mark::HalfSpace) => at.x += HALF_SPACE_PX,
            Piece::Mark(Mark::NewLine) => at = Point::new(0, at.y + LETTERS.pixels() as i32),
            Piece::Mark(Mark::NewPage) => return,
            Piece::Colour(named) => colour = text_colour(named),
            Piece::InsertPicture(label) => {
                if let Some(picture) = sign.picture(label) {
                    draw_picture(picture, at, canvas);
                    at.x += i32::from(picture.size().columns());
                }
            }
            _ => {}
        }
    }
}

fn draw_picture(picture: &dots::Dots, at: Point, canvas: &mut Canvas) {
    for (y, row) in (0..).zip(picture.rows()) {
        let pixels = (0..)
            .zip(row)
            .map(|(x, &dot)| Pixel(at + Point::new(x, y), lamp(dot)));
        let Ok(()) = canvas.draw_iter(pixels);
    }
}

fn lamp(dot: dots::Dot) -> Dot {
    match dot {
        dots::Dot::Off => Dot::Off,
        dots::Dot::Red | dots::Dot::DimRed => Dot::Red,
        dots::Dot::Green | dots::Dot::DimGreen => Dot::Green,
        dots::Dot::Amber | dots::Dot::Brown | dots::Dot::Orange | dots::Dot::Yellow => Dot::Amber,
    }
}

fn text_colour(colour: TextColour) -> Dot {
    match colour {
        TextColour::Red | TextColour::DimRed | TextColour::Auto => Dot::Red,
        TextColour::Green | TextColour::DimGreen => Dot::Green,
        TextColour::Amber
        | TextColour::Brown
        | TextColour::Orange
        | TextColour::Yellow
        | TextColour::Rainbow1
        | TextColour::Rainbow2
        | TextColour::Mix => Dot::Amber,
    }
}
