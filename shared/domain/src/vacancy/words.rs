//! Cleaning cells: invisible characters out, runs of space to one, bounded length. The words
//! themselves stay the source's own.

use super::{Field, Flag};

/// Longest cell a listing carries, in characters; the longest real title has 80.
const CELL_CHARS_MAX: usize = 200;

/// Longest description a listing carries, in characters: a kiosk page, not an archive.
const DESCRIPTION_CHARS_MAX: usize = 2_000;

/// Cells that say nothing.
const NOTHING: &[&str] = &[
    "无", "暂无", "未知", "-", "--", "/", ".", "null", "NULL", "None",
];

/// Characters without a picture of their own that spoil search and rendering: controls, zero
/// width, direction marks and overrides (U+202A–202E), soft hyphen, byte order mark.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffd}')
}

/// A one-line cell, cleaned; an empty one is flagged as missing.
pub(super) fn cell(text: Option<&str>, field: Field, flags: &mut Vec<Flag>) -> Option<String> {
    let text = text.unwrap_or_default();
    let mut clean = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let before = clean.len();
        if before > 0 {
            clean.push(' ');
        }
        clean.extend(word.chars().filter(|c| !is_invisible(*c)));
        if clean.len() == before + 1 && before > 0 {
            clean.pop();
        }
    }
    if text.chars().any(|c| is_invisible(c) && !c.is_whitespace()) {
        flags.push(Flag::Cleaned { field });
    }
    finish(clean, CELL_CHARS_MAX, field, flags)
}

/// A one-line cell in which words like `无` mean that nothing is said.
pub(super) fn named(text: Option<&str>, field: Field, flags: &mut Vec<Flag>) -> Option<String> {
    match cell(text, field, flags) {
        Some(text) if NOTHING.contains(&text.as_str()) => {
            flags.push(Flag::Missing { field });
            None
        }
        text => text,
    }
}

/// The description: lines are kept, empty lines and invisible characters are not.
pub(super) fn prose(text: Option<&str>, flags: &mut Vec<Flag>) -> Option<String> {
    let text = text.unwrap_or_default();
    let mut clean = String::with_capacity(text.len());
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if !clean.is_empty() {
            clean.push('\n');
        }
        clean.extend(line.chars().filter(|c| !is_invisible(*c)));
    }
    finish(clean, DESCRIPTION_CHARS_MAX, Field::Description, flags)
}

fn finish(mut text: String, max: usize, field: Field, flags: &mut Vec<Flag>) -> Option<String> {
    if text.is_empty() {
        flags.push(Flag::Missing { field });
        return None;
    }
    // Bytes first: most cells are short, and counting characters is not free.
    if text.len() > max
        && let Some((end, _)) = text.char_indices().nth(max)
    {
        text.truncate(end);
        flags.push(Flag::Shortened { field });
    }
    Some(text)
}
