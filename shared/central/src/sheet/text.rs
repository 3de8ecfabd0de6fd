//! Spellings of one text: full-width and half-width, blanks, marks around headings.

/// Full-width forms stand this far above their ASCII characters.
const WIDTH_STEP: u32 = 0xFEE0;

/// Longest text of a cell that a fault repeats, in characters.
const QUOTED_CHARS_MAX: usize = 20;

/// The ASCII character of a full-width form, `!` to `~`; other blanks become a blank.
pub(super) fn half_width(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - WIDTH_STEP).unwrap_or(c),
        '\u{3000}' | '\u{A0}' | '\u{2002}'..='\u{200A}' => ' ',
        _ => c,
    }
}

/// Prose: full-width digits, letters and blanks become ASCII; Chinese punctuation stays.
pub(super) fn prose(text: &str) -> String {
    let narrowed = text.replace("\r\n", "\n").replace('\r', "\n");
    let narrowed: String = narrowed
        .chars()
        .map(|c| match half_width(c) {
            half if half == ' ' || half.is_ascii_alphanumeric() => half,
            _ => c,
        })
        .collect();
    narrowed.trim().to_owned()
}

/// Numbers, dates, codes: everything full-width becomes ASCII.
pub(super) fn narrow(text: &str) -> String {
    text.chars()
        .map(half_width)
        .collect::<String>()
        .trim()
        .to_owned()
}

/// A code as it is meant: narrow, without any blank.
pub(super) fn code(text: &str) -> String {
    narrow(text)
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect()
}

/// By what headings and choices are compared: narrow, lower case, without blanks, without the marks
/// of a required column.
pub(super) fn key(text: &str) -> String {
    let bare = code(text).to_lowercase();
    let unmarked = bare.replace("(必填)", "").replace("[必填]", "");
    unmarked
        .trim_matches(|c: char| "*:＊※".contains(c))
        .to_owned()
}

/// A heading without the remark in brackets at its end: `月工资(元)` is `月工资`.
pub(super) fn without_remark(key: &str) -> Option<&str> {
    let open = key.strip_suffix(')')?.rfind('(')?;
    Some(&key[..open]).filter(|rest| !rest.is_empty())
}

/// A text within a sentence.
pub(super) fn quoted(text: &str) -> String {
    let mut kept: String = text.chars().take(QUOTED_CHARS_MAX).collect();
    if kept.len() < text.len() {
        kept.push('…');
    }
    format!("“{kept}”")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_one_whatever_their_marks_width_and_blanks() {
        for spelt in [
            "月工资（元）",
            "＊月工资（元）",
            "月工资 (元)＊",
            "月 工 资\n(元)：",
            "月工资（元）（必填）",
        ] {
            assert_eq!(key(spelt), "月工资(元)", "{spelt}");
        }
        assert_eq!(without_remark("月工资(元)"), Some("月工资"));
        assert_eq!(without_remark("(元)"), None);
    }

    #[test]
    fn prose_keeps_its_punctuation() {
        assert_eq!(
            prose("　Ａ座３楼（东）：１２０㎡ \r\n"),
            "A座3楼（东）：120㎡"
        );
        assert_eq!(narrow("１，２００．５０"), "1,200.50");
        assert_eq!(code("138 0013　8000"), "13800138000");
    }
}
