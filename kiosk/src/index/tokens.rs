//! Index tokens, collected as the text that the full-text table cuts at spaces. Four kinds share
//! the table and never meet: hanzi, Latin words (`1plc`), letters of spellings (`dg`) and filter
//! facets (`0e3`). A token may be pushed twice; the table keeps one.

/// Tokens separated by spaces.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Tokens(String);

impl Tokens {
    /// Adds one token made of a mark and a body. Neither may hold a separator: callers pass
    /// hanzi and ASCII letters and digits only.
    pub(crate) fn push(
        &mut self,
        mark: impl IntoIterator<Item = char>,
        body: impl IntoIterator<Item = char>,
    ) {
        self.0.extend(mark);
        self.0.extend(body);
        self.0.push(' ');
    }

    /// The text for the full-text table.
    pub(crate) fn as_text(&self) -> &str {
        &self.0
    }

    /// The tokens, with repeats.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.split_ascii_whitespace()
    }

    /// The match expression for rows that have all tokens; `None` when there is none.
    pub(crate) fn all_of(&self) -> Option<String> {
        let quoted: Vec<String> = self.iter().map(|token| format!("\"{token}\"")).collect();
        (!quoted.is_empty()).then(|| quoted.join(" AND "))
    }
}
