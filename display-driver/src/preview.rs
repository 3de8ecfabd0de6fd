//! What an editor sees of a text before it is submitted: the same pages and dots that the board will
//! show, and what it will not show. Pure; central draws its staff pages with it.

use std::collections::BTreeSet;

use crate::codec::{Ask, BoardFamily, onbon_k};
use crate::content::{AreaContent, Colour};
use crate::render::area::draw_area;
use crate::render::canvas::Canvas;
use crate::render::glyph::GlyphSource;
use crate::render::text::cells_left;
use crate::schedule::{BoardLayout, notice_pages};

/// The dots of a board and what they can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Panel {
    /// Whose characters it has.
    pub family: BoardFamily,
    /// Its dots.
    pub layout: BoardLayout,
    /// Whether it has green diodes beside the red ones.
    pub has_green: bool,
}

/// A text on a board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextPreview {
    /// What the board shows, page after page.
    pub pages: Vec<Canvas>,
    /// How many pages the whole text would take; more than are shown when it is too long.
    pub pages_wanted: usize,
    /// Square characters that still fit behind the last line.
    pub cells_left: u32,
    /// Characters that the board replaces.
    pub substituted: BTreeSet<char>,
}

/// A notice on a board of that kind.
pub fn notice(panel: &Panel, glyphs: &mut GlyphSource, text: &str) -> TextPreview {
    let (pages, pages_wanted) = notice_pages(panel.layout, text);
    let last = pages
        .last()
        .and_then(|page| Some((page.lines.last()?, page)));
    let cells_left = last.map_or(0, |(line, page)| {
        cells_left(&line.text(), page.rect.width_px.into(), page.size)
    });
    TextPreview {
        pages_wanted,
        cells_left,
        substituted: pages
            .iter()
            .flat_map(|page| substituted(panel, page))
            .collect(),
        pages: pages
            .iter()
            .map(|page| drawn(panel, glyphs, page))
            .collect(),
    }
}

fn drawn(panel: &Panel, glyphs: &mut GlyphSource, page: &AreaContent) -> Canvas {
    let BoardLayout {
        width_px,
        height_px,
    } = panel.layout;
    let mut canvas = Canvas::new(width_px.into(), height_px.into());
    let mut lit = page.clone();
    if !panel.has_green {
        let spans = lit.lines.iter_mut().flat_map(|line| &mut line.0);
        spans.for_each(|span| span.colour = Colour::Red);
    }
    draw_area(&mut canvas, glyphs, &lit);
    canvas
}

/// What a font-library card replaces; a sign is sent pictures and replaces nothing.
fn substituted(panel: &Panel, page: &AreaContent) -> Vec<char> {
    match panel.family {
        BoardFamily::OnbonK => onbon_k::dialect::encode(1, &Ask::Show(page.clone()))
            .map(|asked| asked.substituted)
            .unwrap_or_default(),
        BoardFamily::Alpha => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_editor_sees_the_pages_the_rest_of_the_line_and_what_the_card_lacks() {
        let panel = Panel {
            family: BoardFamily::OnbonK,
            layout: BoardLayout {
                width_px: 64,
                height_px: 16,
            },
            has_green: false,
        };
        let seen = notice(&panel, &mut GlyphSource::new(), "王喆请到三号");
        assert_eq!((seen.pages.len(), seen.pages_wanted), (2, 2));
        assert_eq!(seen.cells_left, 2);
        assert_eq!(seen.substituted, BTreeSet::from(['喆']));
        let colours: BTreeSet<char> = seen.pages[0].signs().concat().chars().collect();
        assert_eq!(colours, BTreeSet::from(['.', 'R']), "only red diodes");
    }
}
