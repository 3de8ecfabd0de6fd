//! Glyphs as dots: Unifont at 16, Noto Sans SC cut off at 44 % coverage at 24 and 32.
//!
//! The chain at 16 is Unifont, then Noto (characters of plane 2), then `□`. What ends at `□` is counted
//! per character, never dropped silently: it may be somebody's name.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use swash::FontRef;
use swash::scale::{Render, ScaleContext, Source};
use swash::zeno::{Format, Transform};

use crate::content::GlyphSize;

const NOTO_SANS_SC: &[u8] = include_bytes!("../../../assets/fonts/NotoSansSC-Regular.ttf");
/// Coverage above which a dot is lit, of 255 (44 %).
const COVERAGE_MIN: u8 = 112;
/// Height of the baseline above the bottom of the em box in Noto Sans SC, thousandths.
const DESCENT_THOUSANDTHS: u32 = 120;
/// Glyphs kept; a hall shows some hundred different characters.
const CACHE_GLYPHS_MAX: usize = 8192;

/// Takes the place of a character in neither font.
pub const MISSING: char = '□';

/// The lit dots of one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glyph {
    /// Width of the cell.
    pub width_px: u32,
    /// Lit dots, from the top left of the cell.
    pub dots: Vec<(u32, u32)>,
}

/// Width of a character's cell.
#[must_use]
pub fn cell_px(character: char, size: GlyphSize) -> u32 {
    if character.is_ascii() {
        size.pixels() / 2
    } else {
        size.pixels()
    }
}

/// Makes glyphs and remembers them.
pub struct GlyphSource {
    outlines: Option<FontRef<'static>>,
    context: ScaleContext,
    cache: HashMap<(char, GlyphSize), Arc<Glyph>>,
    missing: BTreeMap<char, u64>,
}

impl std::fmt::Debug for GlyphSource {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("GlyphSource")
            .field("cached", &self.cache.len())
            .field("missing", &self.missing)
            .finish_non_exhaustive()
    }
}

impl Default for GlyphSource {
    fn default() -> Self {
        Self::new()
    }
}

impl GlyphSource {
    /// A source with an empty cache.
    #[must_use]
    pub fn new() -> Self {
        Self {
            outlines: FontRef::from_index(NOTO_SANS_SC, 0),
            context: ScaleContext::new(),
            cache: HashMap::new(),
            missing: BTreeMap::new(),
        }
    }

    /// Characters drawn as `□` so far, with how often.
    #[must_use]
    pub fn missing(&self) -> &BTreeMap<char, u64> {
        &self.missing
    }

    /// Whether some font has a character.
    pub fn has(&mut self, character: char, size: GlyphSize) -> bool {
        self.cache.contains_key(&(character, size)) || self.make(character, size).is_some()
    }

    /// The glyph of a character, `□` where no font has it.
    pub fn glyph(&mut self, character: char, size: GlyphSize) -> Arc<Glyph> {
        if let Some(glyph) = self.cache.get(&(character, size)) {
            return Arc::clone(glyph);
        }
        let Some(glyph) = self.make(character, size) else {
            *self.missing.entry(character).or_default() += 1;
            return Arc::new(self.make(MISSING, size).unwrap_or_else(|| hollow_box(size)));
        };
        let glyph = Arc::new(glyph);
        if self.cache.len() == CACHE_GLYPHS_MAX {
            self.cache.clear();
        }
        self.cache.insert((character, size), Arc::clone(&glyph));
        glyph
    }

    fn make(&mut self, character: char, size: GlyphSize) -> Option<Glyph> {
        let bitmap = match size {
            GlyphSize::Px16 => from_unifont(character),
            GlyphSize::Px24 | GlyphSize::Px32 => None,
        };
        bitmap.or_else(|| self.outline(character, size))
    }

    fn outline(&mut self, character: char, size: GlyphSize) -> Option<Glyph> {
        let font = self.outlines?;
        let id = font.charmap().map(character);
        if id == 0 {
            return None;
        }
        let cell = cell_px(character, size);
        let em = size.pixels() as f32;
        let advance = font.glyph_metrics(&[]).scale(em).advance_width(id);
        // A wide Latin letter is squeezed into its half cell, as the cards' own Latin fonts are.
        let squeeze = (cell as f32 / advance.max(1.0)).min(1.0);
        let mut scaler = self.context.builder(font).size(em).build();
        let image = Render::new(&[Source::Outline])
            .format(Format::Alpha)
            .transform(Some(Transform::scale(squeeze, 1.0)))
            .render(&mut scaler, id)?;
        let indent = ((cell as f32 - advance * squeeze) / 2.0) as i32 + image.placement.left;
        let baseline = (size.pixels() - size.pixels() * DESCENT_THOUSANDTHS / 1000) as i32;
        let origin = (indent, baseline - image.placement.top);
        Some(Glyph {
            width_px: cell,
            dots: lit_dots(&image, origin, (cell, size.pixels())),
        })
    }
}

/// The dots above the coverage limit, cut to the cell.
fn lit_dots(
    image: &swash::scale::image::Image,
    (left, top): (i32, i32),
    (width, height): (u32, u32),
) -> Vec<(u32, u32)> {
    let row_px = image.placement.width.max(1) as usize;
    let lit = image
        .data
        .iter()
        .enumerate()
        .filter(|&(_, &alpha)| alpha >= COVERAGE_MIN);
    lit.filter_map(|(index, _)| {
        let x = u32::try_from(left + (index % row_px) as i32).ok()?;
        let y = u32::try_from(top + (index / row_px) as i32).ok()?;
        (x < width && y < height).then_some((x, y))
    })
    .collect()
}

fn from_unifont(character: char) -> Option<Glyph> {
    let glyph = unifont::get_glyph(character)?;
    let cell = cell_px(character, GlyphSize::Px16);
    // Unifont draws some GB2312 signs half wide; the cards give them a whole cell.
    let indent = (cell as usize).saturating_sub(glyph.get_width()) / 2;
    let dots = (0..16usize)
        .flat_map(|y| (0..glyph.get_width()).map(move |x| (x, y)))
        .filter(|&(x, y)| glyph.get_pixel(x, y) && x + indent < cell as usize)
        .map(|(x, y)| ((x + indent) as u32, y as u32))
        .collect();
    Some(Glyph {
        width_px: cell,
        dots,
    })
}

/// Drawn when even `□` is in no font.
fn hollow_box(size: GlyphSize) -> Glyph {
    let side = size.pixels();
    let on_edge = |at: u32| at == 1 || at == side - 2;
    let inside = |at: u32| (1..side - 1).contains(&at);
    let dots = (0..side)
        .flat_map(|y| (0..side).map(move |x| (x, y)))
        .filter(|&(x, y)| inside(x) && inside(y) && (on_edge(x) || on_edge(y)))
        .collect();
    Glyph {
        width_px: side,
        dots,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_size_draws_hanzi_latin_and_rare_names_within_their_cells() {
        let mut source = GlyphSource::new();
        for size in GlyphSize::ALL {
            for character in "岗请号喆㛃堃A0W@g，。·".chars() {
                let glyph = source.glyph(character, size);
                assert_eq!(glyph.width_px, cell_px(character, size));
                assert!(glyph.dots.len() > 1, "{character} at {size:?}");
                assert!(
                    glyph
                        .dots
                        .iter()
                        .all(|&(x, y)| x < glyph.width_px && y < size.pixels())
                );
            }
        }
        assert!(source.missing().is_empty());
    }

    #[test]
    fn a_character_of_plane_two_comes_from_the_outline_font() {
        let mut source = GlyphSource::new();
        assert!(!source.glyph('𬍛', GlyphSize::Px16).dots.is_empty());
        assert!(source.missing().is_empty());
    }

    #[test]
    fn a_character_in_no_font_is_a_box_and_is_counted_each_time() {
        let mut source = GlyphSource::new();
        let unassigned = '\u{10FFFF}';
        for size in GlyphSize::ALL {
            let expected = source.glyph(MISSING, size);
            assert_eq!(source.glyph(unassigned, size), expected);
        }
        assert_eq!(source.missing().get(&unassigned), Some(&3));
    }
}
