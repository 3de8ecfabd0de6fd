//! Which files of a sign make it show some content (sheet `alpha.md` A, G, I).
//!
//! Words of printable ASCII go as the sign's own letters. Anything else is drawn by
//! [`crate::render`] and goes as small dots that a text inserts, for a sign has no Chinese font: one
//! character that it lacks makes all of the page a picture, because how a picture in one line stands
//! beside letters in another is not in the sheet. What
//! stands over everything goes to the priority file, so that what it displaces stays in its files and
//! comes back by releasing it.

use super::dots::{Dots, ROWS_MAX};
use super::file::{FileCommand, SHORT_TEXT_BYTES_MAX};
use super::label::Label;
use super::look::{Mode, PlainMode, Position};
use super::piece::{Mark, Piece, TextColour};
use super::text::Text;
use crate::codec::{Face, Precedence, Unsendable};
use crate::content::{AreaContent, Colour, Edge, Line, Motion};
use crate::render::area::draw_area;
use crate::render::canvas::Canvas;
use crate::render::glyph::GlyphSource;
use crate::render::text::measure_px;

/// The string of the page.
pub(super) const STRING: u8 = b'S';
/// The pictures of the page; only a moving line needs the second.
pub(super) const PAGE: [u8; 2] = *b"PQ";
/// The pictures of what goes over it.
pub(super) const OVER: [u8; 2] = *b"UV";
/// Widest picture of small dots.
pub(super) const COLUMNS_MAX: u32 = 255;

/// The files, in the order in which they have to be written.
pub(super) fn files(
    content: &AreaContent,
    precedence: Precedence,
    face: Face,
    glyphs: &mut GlyphSource,
) -> Result<Vec<FileCommand>, Unsendable> {
    if let Some(words) = own_letters(content) {
        return Ok(match precedence {
            Precedence::Over => vec![text_file(Label::PRIORITY, content, words)],
            Precedence::Ordinary => page_of_words(content, words),
        });
    }
    let labels = match precedence {
        Precedence::Over => OVER,
        Precedence::Ordinary => PAGE,
    };
    let pictures = pictures(content, face, glyphs)?;
    let mut inserting = Text::default();
    let mut files = Vec::new();
    for (byte, rows) in labels.into_iter().zip(pictures) {
        let label = listed(byte);
        inserting.push(Piece::InsertPicture(label));
        files.push(FileCommand::WriteSmallDots { label, rows });
    }
    match precedence {
        Precedence::Over => files.push(text_file(Label::PRIORITY, content, inserting)),
        Precedence::Ordinary => {
            files.push(text_file(Label::DEFAULT_TEXT, content, inserting));
            files.push(FileCommand::ReleasePriority {});
        }
    }
    Ok(files)
}

/// A dark page. One space, because the sheet tells only of the priority file what an empty text does.
pub(super) fn dark() -> Vec<FileCommand> {
    let mut text = Text::default();
    text.push(Piece::Character(b' '));
    let dark = FileCommand::WriteText {
        label: Label::DEFAULT_TEXT,
        position: Position::Middle,
        mode: Mode::Plain(PlainMode::Hold),
        text,
    };
    vec![dark, FileCommand::ReleasePriority {}]
}

/// A string that a text inserts: rewriting it does not blank the sign, and is the shortest write.
fn page_of_words(content: &AreaContent, words: Text) -> Vec<FileCommand> {
    let label = listed(STRING);
    let mut inserting = Text::default();
    inserting.push(Piece::InsertString(label));
    vec![
        FileCommand::WriteString { label, text: words },
        text_file(Label::DEFAULT_TEXT, content, inserting),
        FileCommand::ReleasePriority {},
    ]
}

fn text_file(label: Label, content: &AreaContent, text: Text) -> FileCommand {
    let position = if content.lines.len() > 1 {
        Position::Fill
    } else {
        Position::Middle
    };
    let mode = Mode::Plain(match content.motion {
        Motion::Still => PlainMode::Hold,
        Motion::ScrollLeft(_) => PlainMode::Rotate,
        Motion::Enter(Edge::Below, _) => PlainMode::RollUp,
        Motion::Enter(Edge::Above, _) => PlainMode::RollDown,
        // The whole sign flashes: its sheet has nothing smaller for pictures.
        Motion::Flash => PlainMode::Flash,
    });
    FileCommand::WriteText {
        label,
        position,
        mode,
        text,
    }
}

/// The content in the sign's own letters; `None` when it has none for some character: 7E is a half
/// space to a sign.
fn words(content: &AreaContent) -> Option<Text> {
    let mut text = Text::default();
    let mut colour = None;
    for (index, line) in content.lines.iter().enumerate() {
        if index > 0 {
            text.push(Piece::Mark(Mark::NewLine));
        }
        for span in &line.0 {
            if colour.replace(span.colour) != Some(span.colour) {
                text.push(Piece::Colour(text_colour(span.colour)));
            }
            for character in span.text.chars() {
                let byte = u8::try_from(character).ok()?;
                text.push(matches!(byte, b' '..=b'}').then_some(Piece::Character(byte))?);
            }
        }
    }
    Some(text)
}

fn text_colour(colour: Colour) -> TextColour {
    match colour {
        Colour::Red => TextColour::Red,
        Colour::Green => TextColour::Green,
        Colour::Amber => TextColour::Amber,
    }
}

/// Whether a sign's pictures, or its own letters, hold a content.
///
/// # Errors
/// [`Unsendable::PictureTooLarge`].
pub(in crate::codec) fn carries(face: Face, content: &AreaContent) -> Result<(), Unsendable> {
    match own_letters(content) {
        Some(_) => Ok(()),
        None => size_of(content, face).map(drop),
    }
}

/// The words of a content, if the sign's own letters have them all and its string holds them.
fn own_letters(content: &AreaContent) -> Option<Text> {
    words(content).filter(|text| text.bytes().len() <= SHORT_TEXT_BYTES_MAX)
}

/// Columns and rows of the drawn page.
fn size_of(content: &AreaContent, face: Face) -> Result<(u32, u32), Unsendable> {
    let (mut columns, rows) = (u32::from(face.width_px), u32::from(face.height_px));
    if let Motion::ScrollLeft(_) = content.motion {
        let widths = content.lines.iter().map(Line::text);
        let widest = widths.map(|text| measure_px(&text, content.size)).max();
        columns = columns.max(widest.unwrap_or(0));
    }
    let columns_max = COLUMNS_MAX * PAGE.len() as u32;
    let rows_max = u32::from(ROWS_MAX);
    if columns > columns_max || rows > rows_max {
        return Err(Unsendable::PictureTooLarge {
            columns,
            rows,
            columns_max,
            rows_max,
        });
    }
    Ok((columns, rows))
}

/// The drawn page, cut into pictures from left to right.
fn pictures(
    content: &AreaContent,
    face: Face,
    glyphs: &mut GlyphSource,
) -> Result<Vec<Dots>, Unsendable> {
    let (columns, rows) = size_of(content, face)?;
    let mut drawn = content.clone();
    if let Motion::ScrollLeft(_) = content.motion {
        drawn.rect.width_px = u16::try_from(columns).unwrap_or(u16::MAX);
    }
    let mut canvas = Canvas::new(columns, rows);
    draw_area(&mut canvas, glyphs, &drawn);
    let signs = canvas.signs();
    let cut = |from: usize| {
        let to = |row: &String| row.len().min(from + COLUMNS_MAX as usize);
        let part: Vec<&str> = signs.iter().map(|row| &row[from..to(row)]).collect();
        Dots::of_signs(&part).expect("one to 255 columns and at most 31 rows of the same length, because size_of has measured them")
    };
    let pieces = (0..columns as usize).step_by(COLUMNS_MAX as usize);
    Ok(pieces.map(cut).collect())
}

/// The labels of this module are letters.
pub(super) fn listed(byte: u8) -> Label {
    Label::new(byte).unwrap_or(Label::DEFAULT_TEXT)
}
