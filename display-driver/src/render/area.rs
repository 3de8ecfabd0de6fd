//! Draws the content of areas, as a card that has just received it would.

use embedded_graphics::prelude::{DrawTarget, DrawTargetExt, Point, Size};
use embedded_graphics::primitives::Rectangle;

use super::canvas::{Canvas, Dot};
use super::glyph::GlyphSource;
use super::text::measure_px;
use crate::content::{Align, AreaContent, AreaRect, GlyphSize, Line};

/// Draws a line of text from its top left corner and gives the place behind it.
pub fn draw_text<D: DrawTarget<Color = Dot>>(
    target: &mut D,
    glyphs: &mut GlyphSource,
    (mut at, size): (Point, GlyphSize),
    (text, dot): (&str, Dot),
) -> Result<Point, D::Error> {
    for character in text.chars() {
        let glyph = glyphs.glyph(character, size);
        // Neighbours of a row at once: single dots took up to three times as long.
        let is_neighbour = |a: &(u32, u32), b: &(u32, u32)| a.1 == b.1 && a.0 + 1 == b.0;
        for run in glyph.dots.chunk_by(is_neighbour) {
            let (x, y) = run[0];
            let dots = Size::new(run.len() as u32, 1);
            target.fill_solid(&Rectangle::new(at + Size::new(x, y), dots), dot)?;
        }
        at.x += glyph.width_px as i32;
    }
    Ok(at)
}

/// The rectangle of an area for `embedded-graphics`.
#[must_use]
pub fn rectangle(rect: AreaRect) -> Rectangle {
    Rectangle::new(
        Point::new(i32::from(rect.x_px), i32::from(rect.y_px)),
        Size::new(u32::from(rect.width_px), u32::from(rect.height_px)),
    )
}

/// Draws one area; what does not fit is cut at its edge.
pub fn draw_area(canvas: &mut Canvas, glyphs: &mut GlyphSource, content: &AreaContent) {
    let rect = rectangle(content.rect);
    let Ok(()) = canvas.fill_solid(&rect, Dot::Off);
    let mut area = canvas.clipped(&rect);
    let height = content.lines.len() as i32 * content.size.pixels() as i32;
    let mut top = rect.top_left.y + (rect.size.height as i32 - height) / 2;
    for line in &content.lines {
        let mut at = Point::new(left_edge(content, line), top);
        for span in &line.0 {
            let dot = Dot::from(span.colour);
            let Ok(next) = draw_text(&mut area, glyphs, (at, content.size), (&span.text, dot));
            at = next;
        }
        top += content.size.pixels() as i32;
    }
}

fn left_edge(content: &AreaContent, line: &Line) -> i32 {
    let room = i32::from(content.rect.width_px);
    let used = measure_px(&line.text(), content.size) as i32;
    let indent = match content.align {
        Align::Left => 0,
        Align::Centre => (room - used).max(0) / 2,
    };
    i32::from(content.rect.x_px) + indent
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::{AreaId, Colour, Motion};

    fn content(align: Align, text: &str) -> AreaContent {
        AreaContent {
            area: AreaId(0),
            rect: AreaRect {
                x_px: 4,
                y_px: 0,
                width_px: 16,
                height_px: 16,
            },
            size: GlyphSize::Px16,
            lines: vec![Line::of(Colour::Green, text)],
            align,
            motion: Motion::Still,
        }
    }

    fn drawn(content: &AreaContent) -> Vec<String> {
        let mut canvas = Canvas::new(24, 16);
        draw_area(&mut canvas, &mut GlyphSource::new(), content);
        canvas.signs()
    }

    #[test]
    fn the_digit_one_is_these_dots() {
        let rows: Vec<String> = drawn(&content(Align::Left, "1"))
            .iter()
            .map(|row| row[4..12].to_owned())
            .collect();
        assert_eq!(
            rows,
            [
                "........", "........", "........", "........", "....G...", "...GG...", "..G.G...",
                "....G...", "....G...", "....G...", "....G...", "....G...", "....G...", "..GGGGG.",
                "........", "........",
            ]
        );
    }

    #[test]
    fn centring_moves_by_half_the_rest() {
        let (left, centre) = (
            drawn(&content(Align::Left, "1")),
            drawn(&content(Align::Centre, "1")),
        );
        let moved: Vec<String> = left
            .iter()
            .map(|row| format!("....{}", &row[..20]))
            .collect();
        assert_eq!(centre, moved);
    }

    #[test]
    fn nothing_is_drawn_outside_the_area() {
        for row in drawn(&content(Align::Left, "请请请")) {
            assert_eq!((&row[..4], &row[20..]), ("....", "...."));
        }
    }
}
