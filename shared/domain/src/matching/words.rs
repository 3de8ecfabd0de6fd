//! Texts as they are compared: people write letters and blanks in many ways.

/// A shorter text stands in too many others.
const CHARS_MIN: usize = 2;

/// Whether a text holds another one that says enough.
pub(super) fn holds(text: &str, inner: &str) -> bool {
    inner.chars().nth(CHARS_MIN - 1).is_some() && text.contains(inner)
}

/// Letters in lower case, no blanks.
pub(super) fn narrowed(text: &str) -> String {
    let kept = text.chars().filter(|c| !c.is_whitespace());
    kept.flat_map(char::to_lowercase).collect()
}
