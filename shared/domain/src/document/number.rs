//! The number of a document (文号): the mark of who hands it out, the series of its template, the year in
//! the brackets that GB/T 9704 prescribes, and a running number without leading zeros.

/// `示受〔2026〕12号`; the mark may be empty.
///
/// ```
/// assert_eq!(domain::document::number_text("示", "受", 2026, 12), "示受〔2026〕12号");
/// ```
#[must_use]
pub fn number_text(mark: &str, series: &str, year: i32, running: u32) -> String {
    format!("{mark}{series}〔{year}〕{running}号")
}
