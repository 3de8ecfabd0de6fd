//! Characters as black dots, from the project's own font: for the lines that a printer cannot write
//! itself, and for the paper of the virtual printer.
//!
//! Cells are those of a 203 dpi printer: 12 × 24 dots for ASCII, 24 × 24 for the rest, enlarged by
//! whole multiples. A character that the font lacks too is a hollow box, which is seen and not passed
//! over in silence: it may be part of a name.

use swash::FontRef;
use swash::scale::{Render, ScaleContext, Source};
use swash::zeno::{Format, Transform};

const NOTO_SANS_SC: &[u8] = include_bytes!("../../../assets/fonts/NotoSansSC-Regular.ttf");
/// Dots from the top of a cell to its bottom.
pub const CELL_HEIGHT: usize = 24;
/// Dots of half a cell across.
pub const HALF_CELL: usize = 12;
/// Coverage above which a dot is black, of 255: thermal paper spreads, so a little more than half.
const COVERAGE_MIN: u8 = 120;
/// Height of the baseline above the bottom of the em box in Noto Sans SC, thousandths.
const DESCENT_THOUSANDTHS: usize = 120;

/// One colour of dots, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dots {
    width: usize,
    black: Vec<bool>,
}

impl Dots {
    /// White.
    #[must_use]
    pub fn white(width: usize, height: usize) -> Self {
        Self {
            width,
            black: vec![false; width * height],
        }
    }

    /// Dots across.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Dots down.
    #[must_use]
    pub fn height(&self) -> usize {
        self.black.len() / self.width.max(1)
    }

    /// Whether a dot is black; outside is white.
    #[must_use]
    pub fn is_black(&self, x: usize, y: usize) -> bool {
        x < self.width && self.black.get(y * self.width + x).copied().unwrap_or(false)
    }

    /// Blackens a dot; outside there is nothing to blacken.
    pub fn blacken(&mut self, x: usize, y: usize) {
        if x < self.width
            && let Some(dot) = self.black.get_mut(y * self.width + x)
        {
            *dot = true;
        }
    }

    /// Adds white rows below.
    pub fn lengthen(&mut self, rows: usize) {
        self.black
            .resize(self.black.len() + rows * self.width, false);
    }

    /// Blackens what is black in another, whose corner lies at a place of this one.
    pub fn lay(&mut self, other: &Self, left: usize, top: usize) {
        for y in 0..other.height() {
            for x in (0..other.width).filter(|&x| other.is_black(x, y)) {
                self.blacken(left + x, top + y);
            }
        }
    }

    /// The same with every dot as so many by so many.
    #[must_use]
    pub fn enlarged(&self, across: usize, down: usize) -> Self {
        let mut large = Self::white(self.width * across, self.height() * down);
        for y in 0..large.height() {
            for x in (0..large.width).filter(|&x| self.is_black(x / across, y / down)) {
                large.blacken(x, y);
            }
        }
        large
    }

    /// Rows of whole bytes, the left dot in the highest bit.
    #[must_use]
    pub fn packed(&self) -> Vec<u8> {
        let row_bytes = self.width.div_ceil(8);
        let mut packed = vec![0; row_bytes * self.height()];
        for y in 0..self.height() {
            for x in (0..self.width).filter(|&x| self.is_black(x, y)) {
                packed[y * row_bytes + x / 8] |= 0x80 >> (x % 8);
            }
        }
        packed
    }
}

/// Draws characters.
pub struct Pen {
    font: Option<FontRef<'static>>,
    context: ScaleContext,
}

impl std::fmt::Debug for Pen {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Pen").finish_non_exhaustive()
    }
}

impl Default for Pen {
    fn default() -> Self {
        Self::new()
    }
}

impl Pen {
    /// With the embedded font.
    #[must_use]
    pub fn new() -> Self {
        Self {
            font: FontRef::from_index(NOTO_SANS_SC, 0),
            context: ScaleContext::new(),
        }
    }

    /// A character in its cell, so many times as large as usual, drawn at that size.
    #[must_use]
    pub fn draw(&mut self, character: char, times: usize) -> Dots {
        let half_cells = if character.is_ascii() { 1 } else { 2 };
        let (width, height) = (HALF_CELL * half_cells * times, CELL_HEIGHT * times);
        let mut dots = Dots::white(width, height);
        if character == ' ' || character == '\u{3000}' {
            return dots;
        }
        if self.outline(character, &mut dots).is_none() {
            hollow_box(&mut dots);
        }
        dots
    }

    fn outline(&mut self, character: char, dots: &mut Dots) -> Option<()> {
        let font = self.font?;
        let id = font.charmap().map(character);
        if id == 0 {
            return None;
        }
        let (cell, height) = (dots.width(), dots.height());
        let em = height as f32;
        let advance = font.glyph_metrics(&[]).scale(em).advance_width(id);
        // A wide Latin letter is squeezed into its half cell, as the printers' own fonts are.
        let squeeze = (cell as f32 / advance.max(1.0)).min(1.0);
        let mut scaler = self.context.builder(font).size(em).build();
        let image = Render::new(&[Source::Outline])
            .format(Format::Alpha)
            .transform(Some(Transform::scale(squeeze, 1.0)))
            .render(&mut scaler, id)?;
        let left = ((cell as f32 - advance * squeeze) / 2.0) as i32 + image.placement.left;
        let baseline = (height - height * DESCENT_THOUSANDTHS / 1000) as i32;
        let top = baseline - image.placement.top;
        let row = image.placement.width.max(1) as usize;
        for (index, &coverage) in image.data.iter().enumerate() {
            let x = usize::try_from(left + (index % row) as i32);
            let y = usize::try_from(top + (index / row) as i32);
            if let (true, Ok(x), Ok(y)) = (coverage >= COVERAGE_MIN, x, y) {
                dots.blacken(x, y);
            }
        }
        Some(())
    }
}

fn hollow_box(dots: &mut Dots) {
    let (right, bottom) = (dots.width() - 2, dots.height() - 2);
    for x in 1..=right {
        dots.blacken(x, 1);
        dots.blacken(x, bottom);
    }
    for y in 1..=bottom {
        dots.blacken(1, y);
        dots.blacken(right, y);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn black(dots: &Dots) -> usize {
        dots.black.iter().filter(|&&dot| dot).count()
    }

    #[test]
    fn rare_names_are_drawn_and_what_no_font_has_is_a_box() {
        let mut pen = Pen::new();
        let unknown = pen.draw('\u{10FFFF}', 1);
        for character in "排㛃𬍛号".chars() {
            let drawn = pen.draw(character, 1);
            assert_eq!((drawn.width(), drawn.height()), (24, 24));
            assert!(drawn != unknown && black(&drawn) > 40, "{character}");
        }
        assert_eq!(pen.draw('A', 4).width(), 48);
        assert_eq!(black(&pen.draw(' ', 2)), 0);
    }

    #[test]
    fn packed_rows_have_their_left_dot_in_the_highest_bit() {
        let mut dots = Dots::white(10, 2);
        for (x, y) in [(0, 0), (9, 0), (7, 1)] {
            dots.blacken(x, y);
        }
        assert_eq!(dots.packed(), [0x80, 0x40, 0x01, 0x00]);
        assert_eq!(
            dots.enlarged(2, 1).packed(),
            [0xC0, 0x00, 0x30, 0x00, 0x03, 0x00]
        );
    }
}
