//! Counting texts by shape (numbers become `N`), so that a thousand rows with one spelling are one
//! line of the report. Bounded: a file of pure noise does not fill memory.

use std::collections::BTreeMap;

use domain::pay;

/// Distinct shapes counted by name; a file of pure noise must not fill memory.
const SHAPES_MAX: usize = 500;

/// A shape longer than this is prose.
const SHAPE_CHARS_MAX: usize = 40;

/// How often each shape of text occurs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShapeCounts {
    by_shape: BTreeMap<String, ShapeCount>,
    /// Rows whose shape came after [`SHAPES_MAX`] others.
    beyond: u64,
}

/// One shape of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShapeCount {
    /// Rows with this shape.
    pub rows: u64,
    /// The first row with it.
    pub first_line: u64,
    /// That row's text.
    pub example: String,
}

impl ShapeCounts {
    pub(super) fn count(&mut self, text: &str, line: u64) {
        let shape = pay::text::shape(&clipped(text));
        if let Some(count) = self.by_shape.get_mut(&shape) {
            count.rows += 1;
        } else if self.by_shape.len() < SHAPES_MAX {
            let example = clipped(text);
            self.by_shape.insert(
                shape,
                ShapeCount {
                    rows: 1,
                    first_line: line,
                    example,
                },
            );
        } else {
            self.beyond += 1;
        }
    }

    /// Rows of all shapes.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.by_shape.values().map(|count| count.rows).sum::<u64>() + self.beyond
    }

    /// The shapes, the most frequent first.
    #[must_use]
    pub fn by_frequency(&self) -> Vec<(&str, &ShapeCount)> {
        let mut shapes: Vec<_> = self
            .by_shape
            .iter()
            .map(|(shape, count)| (shape.as_str(), count))
            .collect();
        shapes.sort_by_key(|(_, count)| std::cmp::Reverse(count.rows));
        shapes
    }
}

fn clipped(text: &str) -> String {
    text.chars().take(SHAPE_CHARS_MAX).collect()
}
