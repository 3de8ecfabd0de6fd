//! The pages of a board: sentences cut to a rectangle of dots (`look.md` §15).
//!
//! Amber says what, green where and how many, red calls and warns. Every page knows whose it is, so
//! that an update finds the one on the glass again, and what it airs, so that its record can be kept.

mod call;
mod limit;
mod sentence;

use std::time::Duration;

use wire::event::Aired;

pub use call::{Call, call, flashing};
pub use limit::PageLimit;
pub use sentence::{emergency, is_cut_by_memory, sentences, wanted};

use crate::content::{
    Align, AreaContent, AreaId, AreaRect, Colour, GlyphSize, Line, Motion, Pace, Span,
};
use crate::render::text::{measure_px, shorten};

/// The size texts are set in; calls, clocks and emergencies take the largest that fits.
pub const TEXT_SIZE: GlyphSize = GlyphSize::Px16;
/// How long a page stands; a shorter one cannot be read.
pub const DWELL: Duration = Duration::from_secs(8);

/// The dots of a board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BoardLayout {
    /// Across.
    pub width_px: u16,
    /// Down.
    pub height_px: u16,
}

/// A rectangle that shows one page at a time: a zone, or the whole board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// Its area on the card.
    pub area: AreaId,
    /// Its dots.
    pub rect: AreaRect,
    /// What else its board lets a page be.
    pub limit: PageLimit,
}

impl Frame {
    /// The same dots of a board with limits.
    #[must_use]
    pub fn limited(self, limit: PageLimit) -> Self {
        Self { limit, ..self }
    }

    /// The whole of a board without limits but its dots.
    #[must_use]
    pub fn whole(layout: BoardLayout) -> Self {
        Self {
            area: AreaId(0),
            rect: AreaRect {
                x_px: 0,
                y_px: 0,
                width_px: layout.width_px,
                height_px: layout.height_px,
            },
            limit: PageLimit::NONE,
        }
    }

    /// Dots across.
    #[must_use]
    pub fn width_px(&self) -> u32 {
        self.rect.width_px.into()
    }

    /// Rows of text, at least one.
    #[must_use]
    pub fn rows(&self) -> usize {
        (usize::from(self.rect.height_px) / TEXT_SIZE.pixels() as usize).max(1)
    }

    /// Sizes of which `count` rows fit, large to small; at least the smallest.
    fn sizes(&self, count: usize) -> impl Iterator<Item = GlyphSize> {
        let height = usize::from(self.rect.height_px);
        let limit = self.limit;
        let fits = move |size: &GlyphSize| {
            size.pixels() as usize * count <= height && limit.has_size(*size)
        };
        let sizes = GlyphSize::ALL.into_iter().rev();
        sizes.filter(move |size| *size == TEXT_SIZE || fits(size))
    }
}

/// What a page is of: the same one keeps its place and its time when its words change.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin {
    /// The place of its item in the list of the zone.
    pub item: usize,
    /// A key of the feed; empty for what has none.
    pub key: String,
    /// Which of its pages.
    pub number: usize,
}

/// What a page airs, for the record of what boards have played.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Airs {
    /// What.
    pub aired: Aired,
    /// All its words.
    pub text: String,
}

/// One page of a rotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// What is on the glass.
    pub content: AreaContent,
    /// How long.
    pub dwell: Duration,
    /// Whose it is.
    pub origin: Origin,
    /// What it airs; nothing for clocks, waiting lists and the like.
    pub airs: Vec<Airs>,
}

impl Page {
    /// A page that stands still in the middle of its frame for the usual time.
    #[must_use]
    pub fn still(frame: &Frame, lines: Vec<Line>, size: GlyphSize) -> Self {
        let content = AreaContent {
            area: frame.area,
            rect: frame.rect,
            size,
            lines,
            align: Align::Centre,
            motion: Motion::Still,
        };
        Self {
            content,
            dwell: DWELL,
            origin: Origin {
                item: 0,
                key: String::new(),
                number: 0,
            },
            airs: Vec::new(),
        }
    }

    /// A line too long for its frame, which passes once; one too long for the board's memory ends in an
    /// ellipsis.
    #[must_use]
    pub fn moving(frame: &Frame, line: Line, pace: Pace) -> Self {
        let mut page = Self::still(frame, vec![line], TEXT_SIZE);
        page.content.motion = Motion::ScrollLeft(pace);
        let mut length = measure_px(&page.content.text(), TEXT_SIZE);
        while !frame.limit.holds(&page.content) && length > frame.width_px() {
            length = (length - length / 16 - 1).max(frame.width_px());
            page.content.lines = vec![shortened(&page.content.lines[0], length)];
        }
        let way = frame.width_px() + measure_px(&page.content.text(), TEXT_SIZE);
        page.dwell = DWELL.max(frame.limit.dot_time(pace) * way);
        page
    }

    /// The page with these lines in the largest size that fits.
    #[must_use]
    pub fn largest(frame: &Frame, lines: Vec<Line>) -> Self {
        let room = frame.width_px();
        let fits = |size: GlyphSize| {
            lines
                .iter()
                .all(|line| measure_px(&line.text(), size) <= room)
        };
        let size = frame.sizes(lines.len()).find(|&size| fits(size));
        Self::still(frame, lines, size.unwrap_or(TEXT_SIZE))
    }
}

/// A line cut to a width, with an ellipsis in the colour of what stands last.
fn shortened(line: &Line, width_px: u32) -> Line {
    let text = shorten(&line.text(), width_px, TEXT_SIZE);
    let mut rest = text.chars();
    let mut spans: Vec<Span> = Vec::new();
    for span in &line.0 {
        let kept: String = rest.by_ref().take(span.text.chars().count()).collect();
        if !kept.is_empty() {
            spans.push(Span {
                colour: span.colour,
                text: kept,
            });
        }
    }
    Line(spans)
}

/// Whether text of one colour fits into a frame's row.
#[must_use]
pub fn fits(frame: &Frame, text: &str) -> bool {
    measure_px(text, TEXT_SIZE) <= frame.width_px()
}

/// Amber in the first row, green below.
#[must_use]
pub fn what_above_where(rows: impl IntoIterator<Item = String>) -> Vec<Line> {
    let colour = |row| match row {
        0 => Colour::Amber,
        _ => Colour::Green,
    };
    let rows = rows.into_iter().enumerate();
    rows.map(|(row, text)| Line::of(colour(row), text))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::{BoardFamily, Face, Speech};

    fn frame(family: BoardFamily, width_px: u16, height_px: u16) -> Frame {
        let face = Face {
            width_px,
            height_px,
        };
        let layout = BoardLayout {
            width_px,
            height_px,
        };
        let limit = PageLimit::of(Speech::usual(family, face));
        Frame::whole(layout).limited(limit)
    }

    #[test]
    fn a_moving_line_is_as_long_as_its_board_can_be_sent_and_ends_in_an_ellipsis() {
        let line = || {
            Line(vec![
                Span {
                    colour: Colour::Amber,
                    text: "电工".repeat(20),
                },
                Span {
                    colour: Colour::Green,
                    text: "月薪5000元".repeat(40),
                },
            ])
        };
        for &family in BoardFamily::ALL {
            let frame = frame(family, 192, 16);
            let page = Page::moving(&frame, line(), Pace::Usual);
            assert!(frame.limit.holds(&page.content), "{family:?}");
            let text = page.content.text();
            assert!(text.ends_with('…') && text.starts_with("电工"), "{text}");
            // At most a sixteenth of what the board holds is given away.
            let mut longer = page.clone();
            let px = measure_px(&text, TEXT_SIZE);
            longer.content.lines = vec![shortened(&line(), px + px / 8)];
            assert!(!frame.limit.holds(&longer.content), "{family:?}");
        }
        let free = Frame::whole(BoardLayout {
            width_px: 192,
            height_px: 16,
        });
        let whole = Page::moving(&free, line(), Pace::Usual).content.text();
        assert_eq!(whole, line().text());
    }

    #[test]
    fn a_page_stands_until_its_line_has_passed_at_the_boards_own_speed() {
        let face = Face {
            width_px: 192,
            height_px: 16,
        };
        let mut speech = Speech::usual(BoardFamily::OnbonK, face);
        speech.slow.dot = Duration::from_millis(80);
        let frame = frame(BoardFamily::OnbonK, 192, 16).limited(PageLimit::of(speech));
        let line = Line::of(Colour::Amber, "字".repeat(20));
        let page = Page::moving(&frame, line, Pace::Slow);
        assert_eq!(page.dwell, Duration::from_millis(80) * (192 + 320));
    }
}
