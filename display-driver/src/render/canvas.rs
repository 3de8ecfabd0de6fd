//! A grid of dots whose size is known only at run time, as an `embedded-graphics` target.

use std::convert::Infallible;

use embedded_graphics::pixelcolor::PixelColor;
use embedded_graphics::prelude::{DrawTarget, OriginDimensions, Pixel, Point, Size};
use embedded_graphics::primitives::Rectangle;

use crate::content::Colour;

/// The largest canvas in either direction, dots: far above any board, so that a wrong configuration
/// cannot exhaust memory.
pub const SIDE_PX_MAX: u32 = 4096;

/// One dot of a board.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Dot {
    /// Dark.
    #[default]
    Off,
    /// Red.
    Red,
    /// Green.
    Green,
    /// Red and green.
    Amber,
}

impl PixelColor for Dot {
    type Raw = ();
}

impl From<Colour> for Dot {
    fn from(colour: Colour) -> Self {
        match colour {
            Colour::Red => Self::Red,
            Colour::Green => Self::Green,
            Colour::Amber => Self::Amber,
        }
    }
}

impl Dot {
    /// The sign of golden pictures in tests and of dot files: `.` `R` `G` `A`.
    #[must_use]
    pub fn sign(self) -> char {
        match self {
            Self::Off => '.',
            Self::Red => 'R',
            Self::Green => 'G',
            Self::Amber => 'A',
        }
    }
}

/// A board's dots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canvas {
    size: Size,
    dots: Vec<Dot>,
}

impl Canvas {
    /// A dark canvas; sides above [`SIDE_PX_MAX`] are cut to it.
    #[must_use]
    pub fn new(width_px: u32, height_px: u32) -> Self {
        let size = Size::new(width_px.min(SIDE_PX_MAX), height_px.min(SIDE_PX_MAX));
        Self {
            size,
            dots: vec![Dot::Off; size.width as usize * size.height as usize],
        }
    }

    /// The dot at a place, dark outside.
    #[must_use]
    pub fn dot(&self, x: u32, y: u32) -> Dot {
        let inside = x < self.size.width && y < self.size.height;
        let index = y as usize * self.size.width as usize + x as usize;
        self.dots
            .get(index)
            .copied()
            .filter(|_| inside)
            .unwrap_or_default()
    }

    /// Rows of dots, top to bottom.
    pub fn rows(&self) -> impl Iterator<Item = &[Dot]> {
        self.dots.chunks(self.size.width.max(1) as usize)
    }

    /// How many dots are lit.
    #[must_use]
    pub fn lit(&self) -> usize {
        self.dots.iter().filter(|&&dot| dot != Dot::Off).count()
    }

    /// Each row as [`Dot::sign`]s.
    #[must_use]
    pub fn signs(&self) -> Vec<String> {
        self.rows()
            .map(|row| row.iter().map(|dot| dot.sign()).collect())
            .collect()
    }
}

impl OriginDimensions for Canvas {
    fn size(&self) -> Size {
        self.size
    }
}

impl DrawTarget for Canvas {
    type Color = Dot;
    type Error = Infallible;

    fn draw_iter<I>(&mut self, pixels: I) -> Result<(), Infallible>
    where
        I: IntoIterator<Item = Pixel<Dot>>,
    {
        for Pixel(Point { x, y }, dot) in pixels {
            let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else {
                continue;
            };
            if x < self.size.width && y < self.size.height {
                self.dots[y as usize * self.size.width as usize + x as usize] = dot;
            }
        }
        Ok(())
    }

    /// Whole rows at once: every area is darkened before it is drawn.
    fn fill_solid(&mut self, area: &Rectangle, dot: Dot) -> Result<(), Infallible> {
        let inside = area.intersection(&Rectangle::new(Point::zero(), self.size));
        let (left, width) = (inside.top_left.x as usize, inside.size.width as usize);
        let rows = self.dots.chunks_mut(self.size.width.max(1) as usize);
        let rows = rows.skip(inside.top_left.y as usize);
        for row in rows.take(inside.size.height as usize) {
            row[left..left + width].fill(dot);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_outside_are_ignored_and_read_as_dark() {
        let mut canvas = Canvas::new(3, 2);
        let places = [(-1, 0), (0, -1), (3, 0), (0, 2), (2, 1)];
        let pixels = places.map(|(x, y)| Pixel(Point::new(x, y), Dot::Red));
        canvas.draw_iter(pixels).expect("drawing cannot fail");
        assert_eq!(canvas.signs(), ["...", "..R"]);
        assert_eq!(
            (canvas.dot(2, 1), canvas.dot(3, 1), canvas.lit()),
            (Dot::Red, Dot::Off, 1)
        );
    }

    #[test]
    fn a_filled_rectangle_is_cut_at_every_edge() {
        let filled = |x, y, width, height| {
            let mut canvas = Canvas::new(3, 2);
            let area = Rectangle::new(Point::new(x, y), Size::new(width, height));
            let Ok(()) = canvas.fill_solid(&area, Dot::Red);
            canvas.signs()
        };
        assert_eq!(filled(1, 1, 9, 9), ["...", ".RR"]);
        assert_eq!(filled(-1, -1, 2, 2), ["R..", "..."]);
        assert_eq!(filled(0, 0, 9, 9), ["RRR", "RRR"]);
        assert_eq!(filled(5, 5, 2, 2), ["...", "..."]);
        assert_eq!(filled(0, 0, 0, 2), ["...", "..."]);
    }

    #[test]
    fn an_empty_canvas_has_no_rows() {
        assert!(Canvas::new(0, 5).signs().is_empty());
    }
}
