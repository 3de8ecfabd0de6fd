//! Measuring, fitting and breaking of text into lines and pages of cells.
//!
//! Chinese breaks anywhere, with two exceptions kept here: certain signs may not begin or end a line,
//! and a run of Latin letters and digits (a number, a ticket, a telephone number, a range of pay with
//! its unit) is never split unless it alone is wider than a line.

use super::glyph::cell_px;
use crate::content::GlyphSize;

/// Signs that may not begin a line.
const NOT_FIRST: &str = "，。、；：？！）》」』】〉”’…—％·,.;:?!)]}%元号";
/// Signs that may not end a line.
const NOT_LAST: &str = "（《「『【〈“‘([{￥$";
/// Signs between the two ends of a range: 5000～8000.
const RANGE: &str = "～~–—－-至";
/// What counts a number: 3 万元, 12 个 is two words.
const COUNTS: &str = "十百千万亿元%％年月日时分";
/// Shows that something was left out.
pub const ELLIPSIS: char = '…';

/// Width of a text.
#[must_use]
pub fn measure_px(text: &str, size: GlyphSize) -> u32 {
    text.chars().map(|character| cell_px(character, size)).sum()
}

/// How many square characters fit into the rest of a row, for an editor's "还能放 2 个字".
#[must_use]
pub fn cells_left(text: &str, width_px: u32, size: GlyphSize) -> u32 {
    width_px.saturating_sub(measure_px(text, size)) / size.pixels()
}

/// The text if it fits, else as much as fits before an ellipsis.
#[must_use]
pub fn shorten(text: &str, width_px: u32, size: GlyphSize) -> String {
    if measure_px(text, size) <= width_px {
        return text.to_owned();
    }
    let Some(room) = width_px.checked_sub(cell_px(ELLIPSIS, size)) else {
        return String::new();
    };
    let mut used = 0;
    let mut kept: String = text
        .chars()
        .take_while(|&character| {
            used += cell_px(character, size);
            used <= room
        })
        .collect();
    kept.push(ELLIPSIS);
    kept
}

/// Breaks text into lines; `\n` always breaks.
#[must_use]
pub fn wrap(text: &str, width_px: u32, size: GlyphSize) -> Vec<String> {
    text.lines()
        .flat_map(|paragraph| wrap_paragraph(paragraph, width_px, size))
        .collect()
}

/// Breaks text into pages of at most `rows` lines.
#[must_use]
pub fn paginate(text: &str, width_px: u32, rows: usize, size: GlyphSize) -> Vec<Vec<String>> {
    wrap(text, width_px, size)
        .chunks(rows.max(1))
        .map(<[String]>::to_vec)
        .collect()
}

fn wrap_paragraph(paragraph: &str, width_px: u32, size: GlyphSize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let pieces = units(paragraph)
        .into_iter()
        .flat_map(|unit| cut_to(&unit, width_px, size));
    for piece in pieces {
        let line = lines.last().map_or("", String::as_str);
        if !line.is_empty() && measure_px(line, size) + measure_px(&piece, size) > width_px {
            lines.push(String::new());
        }
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(piece.trim_start()),
            Some(line) => line.push_str(&piece),
            None => {}
        }
    }
    lines
        .iter()
        .map(|line| line.trim_end().to_owned())
        .collect()
}

/// Runs that stay together: a number or word, and each sign with its neighbour.
fn units(paragraph: &str) -> Vec<String> {
    let mut units: Vec<String> = Vec::new();
    for character in paragraph.chars() {
        match units.last_mut() {
            Some(unit) if stays_together(unit, character) => unit.push(character),
            _ => units.push(character.to_string()),
        }
    }
    units
}

fn stays_together(unit: &str, next: char) -> bool {
    let Some(last) = unit.chars().next_back() else {
        return false;
    };
    let in_word = |character: char| character.is_ascii_graphic();
    NOT_FIRST.contains(next)
        || NOT_LAST.contains(last)
        || (in_word(last) && in_word(next))
        || is_in_quantity(unit, last, next)
}

/// Whether `next` goes on with a number: the other end of a range, its unit, or what it is paid per.
fn is_in_quantity(unit: &str, last: char, next: char) -> bool {
    let has_digit = unit.contains(|character: char| character.is_ascii_digit());
    let is_counted = |character: char| character.is_ascii_digit() || COUNTS.contains(character);
    has_digit
        && ((is_counted(last) && (COUNTS.contains(next) || RANGE.contains(next) || next == '/'))
            || (RANGE.contains(last) && next.is_ascii_digit())
            || last == '/')
}

/// A text in pieces that fit a width, none of its characters lost: for what may not be shortened. A
/// unit wider than a line is cut so; nothing else can be done with it.
#[must_use]
pub fn cut_to(unit: &str, width_px: u32, size: GlyphSize) -> Vec<String> {
    if measure_px(unit, size) <= width_px {
        return vec![unit.to_owned()];
    }
    let mut pieces = vec![String::new()];
    let mut used = 0;
    for character in unit.chars() {
        let cell = cell_px(character, size);
        if used + cell > width_px && used > 0 {
            pieces.push(String::new());
            used = 0;
        }
        used += cell;
        if let Some(piece) = pieces.last_mut() {
            piece.push(character);
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PX16: GlyphSize = GlyphSize::Px16;

    #[test]
    fn a_hanzi_is_sixteen_wide_and_a_digit_eight() {
        assert_eq!(
            measure_px("岗位：电工 5000-8000元/月", PX16),
            7 * 16 + 11 * 8
        );
        assert_eq!(cells_left("请A025号", 192, PX16), 8);
    }

    #[test]
    fn no_line_begins_with_a_closing_sign_or_ends_with_an_opening_one() {
        assert_eq!(wrap("一二三四，五", 64, PX16), ["一二三", "四，五"]);
        assert_eq!(wrap("一二三《四》", 64, PX16), ["一二三", "《四》"]);
    }

    #[test]
    fn a_number_is_never_split() {
        assert_eq!(wrap("电话12345678请拨", 96, PX16), ["电话12345678", "请拨"]);
        assert_eq!(wrap("请拨电话12345678", 96, PX16), ["请拨电话", "12345678"]);
    }

    #[test]
    fn a_range_of_pay_stays_whole_with_its_unit() {
        for pay in [
            "5500～7000元/月",
            "5500—7000元/月",
            "5500-7000元/月",
            "1.2万～1.5万元/年",
        ] {
            let text = format!("招维修电工工资{pay}，包吃住");
            let lines = wrap(&text, 192, PX16);
            assert!(lines.iter().any(|line| line.contains(pay)), "{lines:?}");
        }
        assert_eq!(wrap("工资3万元", 64, PX16), ["工资", "3万元"]);
    }

    #[test]
    fn a_number_wider_than_a_line_is_cut_rather_than_lost() {
        assert_eq!(wrap("1234567890", 32, PX16).concat(), "1234567890");
    }

    #[test]
    fn shortened_text_fits_and_shows_that_something_is_missing() {
        assert_eq!(shorten("数控机床操作工", 64, PX16), "数控机…");
        assert_eq!(shorten("电工", 64, PX16), "电工");
        assert_eq!(shorten("电工", 8, PX16), "");
    }

    #[test]
    fn pages_hold_at_most_the_rows_of_the_board() {
        let pages = paginate("一二三四五六七八九", 32, 2, PX16);
        assert_eq!(
            pages,
            [vec!["一二", "三四"], vec!["五六", "七八"], vec!["九"]]
        );
    }

    proptest! {
        #[test]
        fn wrapping_loses_only_spaces_and_every_line_fits(
            text in "[一-十，。《》A-C0-9 ]{0,40}",
            cells in 2u32..12,
        ) {
            let lines = wrap(&text, cells * 16, PX16);
            let solid = |text: &str| text.replace(' ', "");
            prop_assert_eq!(solid(&lines.concat()), solid(&text));
            for line in &lines {
                prop_assert!(measure_px(line, PX16) <= cells * 16, "{line}");
            }
        }
    }
}
