//! Looks for a line of characters among lit dots, with the 16-dot glyphs of Unifont.

use unifont::get_glyph;

/// Lit dots of a board, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dots {
    /// Dots per row.
    pub width: usize,
    /// `true` is lit.
    pub lit: Vec<bool>,
}

impl Dots {
    fn at(&self, x: usize, y: usize) -> bool {
        x < self.width && self.lit.get(y * self.width + x).copied().unwrap_or(false)
    }

    /// Whether `text` stands somewhere among the dots, glyph for glyph.
    ///
    /// # Panics
    /// When Unifont lacks one of the characters.
    #[must_use]
    pub fn show(&self, text: &str) -> bool {
        let pattern = pattern(text);
        let height = self.lit.len() / self.width;
        let width = pattern.width;
        if self.width < width || height < 16 {
            return false;
        }
        (0..=height - 16).any(|top| {
            (0..=self.width - width).any(|left| {
                (0..16).all(|y| (0..width).all(|x| self.at(left + x, top + y) == pattern.at(x, y)))
            })
        })
    }
}

fn pattern(text: &str) -> Dots {
    let glyphs: Vec<_> = text
        .chars()
        .map(|c| get_glyph(c).unwrap_or_else(|| panic!("Unifont has no glyph for {c}")))
        .collect();
    let width = glyphs.iter().map(|glyph| glyph.get_width()).sum();
    let mut dots = Dots {
        width,
        lit: vec![false; width * 16],
    };
    let mut left = 0;
    for glyph in glyphs {
        for y in 0..16 {
            for x in 0..glyph.get_width() {
                dots.lit[y * width + left + x] = glyph.get_pixel(x, y);
            }
        }
        left += glyph.get_width();
    }
    dots
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_where_it_stands_and_no_other() {
        let number = pattern("A012");
        let mut board = Dots {
            width: 64,
            lit: vec![false; 64 * 32],
        };
        for y in 0..16 {
            for x in 0..number.width {
                board.lit[(y + 9) * 64 + x + 5] = number.at(x, y);
            }
        }
        assert!(board.show("A012"));
        assert!(!board.show("A013"));
    }
}
