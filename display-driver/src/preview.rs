//! What an editor sees of a text before it is submitted: the same pages and dots that the board will
//! show, and what it will not show. Pure; central draws its staff pages with it.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::WindowNo;
use wire::board::{BoardContent, BoardDescription, BoardPlay, Plays, ZoneDescription};

pub use crate::codec::Fate;
use crate::codec::{BoardFamily, Face, Fonts, Speech};
use crate::content::{AreaContent, AreaId, AreaRect, Colour, Pace};
use crate::page::{
    BoardLayout, Call, Frame, Page, PageLimit, call, emergency, is_cut_by_memory, sentences,
    wanted, what_above_where,
};
use crate::playlist::strip::{StripState, strip};
use crate::playlist::template::{TemplateFault, VacancyTemplate};
use crate::playlist::vacancy::VacancyLine;
use crate::playlist::zone_playing;
use crate::render::area::draw_area;
use crate::render::canvas::Canvas;
use crate::render::code::{self, CodeFault};
use crate::render::glyph::GlyphSource;
use crate::render::text::cells_left;

/// The dots of a board and what they can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Panel {
    /// Whose characters it has.
    pub family: BoardFamily,
    /// Its dots.
    pub layout: BoardLayout,
    /// Whether it has green diodes beside the red ones.
    pub has_green: bool,
    /// What else it lets a page be.
    pub limit: PageLimit,
}

/// A text on a board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextPreview {
    /// What the board shows, page after page.
    pub pages: Vec<Canvas>,
    /// How many pages the whole text would take; more than are shown when it is too long.
    pub pages_wanted: usize,
    /// Whether the board's memory, and not its dots, makes them so many.
    pub is_cut_by_memory: bool,
    /// Square characters that still fit behind the last line.
    pub cells_left: u32,
    /// Square characters that still fit into each row of each page.
    pub rows_left: Vec<Vec<u32>>,
    /// Characters that the board does not show as they are written.
    pub substituted: BTreeSet<char>,
    /// What becomes of each of them.
    pub fates: BTreeMap<char, Fate>,
}

/// Why nothing can be shown; for a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PreviewFault {
    /// No zone plays such texts.
    #[error("这块屏没有放这类内容的区")]
    NoZone,
    /// The template cannot be read.
    #[error(transparent)]
    Template(#[from] TemplateFault),
    /// The centre knows a family that this program does not.
    #[error("不认识屏的协议“{0}”")]
    UnknownFamily(String),
}

/// One state of the strip over a window, drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StripPicture {
    /// What the state is called.
    pub name: &'static str,
    /// Its pages, in turn.
    pub pages: Vec<Canvas>,
}

impl Panel {
    /// The panel of a board.
    ///
    /// # Errors
    /// [`PreviewFault::UnknownFamily`].
    pub fn of(board: &BoardDescription) -> Result<Self, PreviewFault> {
        let family = BoardFamily::from_name(&board.family);
        let family = family.ok_or_else(|| PreviewFault::UnknownFamily(board.family.clone()))?;
        Ok(Self {
            family,
            layout: BoardLayout {
                width_px: board.width_px,
                height_px: board.height_px,
            },
            has_green: board.has_green,
            limit: PageLimit::of(speech_of(family, board)),
        })
    }

    fn whole(&self) -> Frame {
        Frame::whole(self.layout).limited(self.limit)
    }
}

/// How the centre knows that a board is spoken to.
fn speech_of(family: BoardFamily, board: &BoardDescription) -> Speech {
    let face = Face {
        width_px: board.width_px,
        height_px: board.height_px,
    };
    let usual = Speech::usual(family, face);
    let heights = &board.limits.letter_heights;
    let has = |height: u8| heights.is_empty() || heights.contains(&height);
    Speech {
        frame_bytes_max: board
            .limits
            .frame_bytes
            .map_or(usual.frame_bytes_max, usize::from),
        fonts: Fonts {
            px24: usual.fonts.px24.filter(|_| has(24)),
            px32: usual.fonts.px32.filter(|_| has(32)),
            ..usual.fonts
        },
        ..usual
    }
}

/// A notice over the whole of a board of that kind.
pub fn notice(panel: &Panel, glyphs: &mut GlyphSource, text: &str) -> TextPreview {
    written(panel, glyphs, &panel.whole(), text)
}

/// A text on the pages of a frame.
fn written(panel: &Panel, glyphs: &mut GlyphSource, frame: &Frame, text: &str) -> TextPreview {
    let pages = sentences(frame, text);
    TextPreview {
        is_cut_by_memory: is_cut_by_memory(frame, text),
        ..shown(panel, glyphs, &pages, wanted(frame, text))
    }
}

/// An approved text as a board plays it: in its zone, the other zones dark; a roll of vacancies with
/// an invented vacancy.
///
/// # Errors
/// [`PreviewFault`].
pub fn play(
    board: &BoardDescription,
    glyphs: &mut GlyphSource,
    play: &BoardPlay,
) -> Result<TextPreview, PreviewFault> {
    let panel = Panel::of(board)?;
    if play.content == BoardContent::Emergency {
        let frame = panel.whole();
        let pages = emergency(&frame, &play.text);
        let wanted = wanted(&frame, &play.text).min(pages.len().max(1));
        return Ok(shown(&panel, glyphs, &pages, wanted));
    }
    let zone = zone_playing(board, play.content, play.priority).ok_or(PreviewFault::NoZone)?;
    let frame = frame_of(&panel, board, zone);
    if play.content == BoardContent::VacancyRoll {
        let template = VacancyTemplate::read(&play.text)?;
        let pages = template.pages(&frame, &[VacancyLine::sample()], Pace::Usual);
        return Ok(shown(&panel, glyphs, &pages, pages.len()));
    }
    Ok(written(&panel, glyphs, &frame, &play.text))
}

/// What a call does to a board: it takes this for fifteen seconds, and what it displaced comes back.
///
/// # Errors
/// [`PreviewFault::UnknownFamily`].
pub fn called(
    board: &BoardDescription,
    glyphs: &mut GlyphSource,
    ticket: &Call,
) -> Result<Canvas, PreviewFault> {
    let panel = Panel::of(board)?;
    let page = call(&panel.whole(), ticket);
    Ok(drawn(&panel, glyphs, &page.content))
}

/// A text with a code at its right, which leads to `link`: on boards of 64 dots and more. No family of
/// boards that is driven can be sent it yet.
///
/// # Errors
/// [`CodeFault`].
pub fn with_code(
    panel: &Panel,
    glyphs: &mut GlyphSource,
    text: &str,
    link: &str,
) -> Result<Canvas, CodeFault> {
    let whole = Frame::whole(panel.layout);
    let (beside, code) = code::beside(whole.rect)?;
    let frame = Frame {
        rect: beside,
        ..whole
    };
    let page = Page::largest(&frame, what_above_where(text.lines().map(str::to_owned)));
    let mut canvas = drawn(panel, glyphs, &page.content);
    let colour = match panel.has_green {
        true => Colour::Amber,
        false => Colour::Red,
    };
    code::draw(&mut canvas, code, link, colour)?;
    Ok(canvas)
}

/// All states of the strip over a window.
///
/// # Errors
/// [`PreviewFault::UnknownFamily`].
pub fn strip_states(
    board: &BoardDescription,
    glyphs: &mut GlyphSource,
    window: WindowNo,
    services: &[String],
) -> Result<Vec<StripPicture>, PreviewFault> {
    let panel = Panel::of(board)?;
    let ticket = || "A025".to_owned();
    let idle = StripState::Idle {
        services: services.to_vec(),
    };
    let states = [
        ("空闲", idle),
        ("叫号", StripState::Called(ticket())),
        ("办理中", StripState::Serving(ticket())),
        ("暂停", StripState::Paused),
    ];
    let playing = |zone: &ZoneDescription| zone.plays.contains(&Plays::Window);
    let zone = board.zones.iter().position(playing);
    let frame = zone.map_or_else(|| panel.whole(), |zone| frame_of(&panel, board, zone));
    let picture = |(name, state): (&'static str, StripState)| StripPicture {
        name,
        pages: strip(&frame, window, &state)
            .iter()
            .map(|page| drawn(&panel, glyphs, &page.content))
            .collect(),
    };
    Ok(states.map(picture).into())
}

fn frame_of(panel: &Panel, board: &BoardDescription, zone: usize) -> Frame {
    let zone = &board.zones[zone];
    Frame {
        area: AreaId(0),
        rect: AreaRect {
            x_px: zone.x_px,
            y_px: zone.y_px,
            width_px: zone.width_px,
            height_px: zone.height_px,
        },
        limit: panel.limit,
    }
}

fn shown(panel: &Panel, glyphs: &mut GlyphSource, pages: &[Page], wanted: usize) -> TextPreview {
    let rest = |page: &Page| -> Vec<u32> {
        let width = page.content.rect.width_px.into();
        let lines = page.content.lines.iter();
        lines
            .map(|line| cells_left(&line.text(), width, page.content.size))
            .collect()
    };
    let rows_left: Vec<Vec<u32>> = pages.iter().map(rest).collect();
    let text: String = pages.iter().map(|page| page.content.text()).collect();
    let fates = fates(panel.family, glyphs, &text);
    TextPreview {
        pages: pages
            .iter()
            .map(|page| drawn(panel, glyphs, &page.content))
            .collect(),
        pages_wanted: wanted,
        is_cut_by_memory: false,
        cells_left: rows_left
            .last()
            .and_then(|page| page.last())
            .copied()
            .unwrap_or(0),
        rows_left,
        substituted: fates.keys().copied().collect(),
        fates,
    }
}

/// What a board of a family makes of the characters of a text; those that it shows as they are
/// written are not named. A card draws its own characters, a sign is sent ours.
pub fn fates(family: BoardFamily, glyphs: &mut GlyphSource, text: &str) -> BTreeMap<char, Fate> {
    let characters: BTreeSet<char> = text.chars().filter(|one| !one.is_control()).collect();
    let told = characters.into_iter();
    told.filter_map(|character| Some((character, family.module().fate(character, glyphs)?)))
        .collect()
}

fn drawn(panel: &Panel, glyphs: &mut GlyphSource, content: &AreaContent) -> Canvas {
    glass(panel, glyphs, [content])
}

/// The board with these areas lit, in the characters and colours that it has.
pub fn glass<'a>(
    panel: &Panel,
    glyphs: &mut GlyphSource,
    areas: impl IntoIterator<Item = &'a AreaContent>,
) -> Canvas {
    let BoardLayout {
        width_px,
        height_px,
    } = panel.layout;
    let mut canvas = Canvas::new(width_px.into(), height_px.into());
    for content in areas {
        let mut lit = match panel.has_green {
            true => content.clone(),
            false => content.in_red(),
        };
        let spans = lit.lines.iter_mut().flat_map(|line| &mut line.0);
        let letter = |character| panel.family.module().letter(character);
        spans.for_each(|span| span.text = span.text.chars().map(letter).collect());
        draw_area(&mut canvas, glyphs, &lit);
    }
    canvas
}

#[cfg(test)]
#[path = "preview_tests.rs"]
mod tests;
