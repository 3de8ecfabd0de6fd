//! Numbers as people write them: 千分位, 元 and 万元, units, per cents. All in digits; nothing is
//! computed in floats.

use domain::case::Decimal;
use domain::money::Fen;

use super::text::narrow;

/// Units of money and how many places they shift the point.
const MONEY_UNITS: [(&str, usize); 7] = [
    ("亿元", 8),
    ("万元", 4),
    ("元整", 0),
    ("亿", 8),
    ("万", 4),
    ("元", 0),
    ("圆", 0),
];

/// Marks of money before the digits.
const MONEY_MARKS: [&str; 4] = ["¥", "￥", "人民币", "RMB"];

/// Money in whole fen.
pub(super) fn money(text: &str) -> Option<Fen> {
    let text = narrow(text);
    let bare = MONEY_MARKS
        .iter()
        .find_map(|mark| text.strip_prefix(mark))
        .unwrap_or(&text)
        .trim();
    let (digits, places) = MONEY_UNITS
        .iter()
        .find_map(|(unit, places)| Some((bare.strip_suffix(unit)?, *places)))
        .unwrap_or((bare, 0));
    whole(&shifted(&plain(digits.trim())?, places + 2)).map(Fen)
}

/// A whole number, with its unit or without.
pub(super) fn integer(text: &str, unit: &str) -> Option<i64> {
    whole(&plain(&without_unit(&narrow(text), unit))?)
}

/// A decimal, with its unit or without. A per cent is a per cent where the unit is one, and a
/// hundredth where there is no unit.
pub(super) fn decimal(text: &str, unit: &str) -> Option<Decimal> {
    let bare = without_unit(&narrow(text), unit);
    let digits = match bare.strip_suffix('%') {
        Some(per_cent) if unit.is_empty() => hundredth(&plain(per_cent.trim())?),
        _ => plain(&bare)?,
    };
    Decimal::read(&digits).ok()
}

/// Hundred times a plain number, for cells that are shown as per cents.
pub(super) fn hundredfold(digits: &str) -> String {
    shifted(digits, 2)
}

/// A number as a table program shows it at most: 15 digits, without exponent while it has no more
/// digits than that. `0.1 + 0.2` is `0.3`.
pub(super) fn shown(number: f64) -> String {
    let scientific = format!("{number:.14e}");
    let Some((mantissa, exponent)) = scientific.split_once('e') else {
        return scientific;
    };
    let mantissa = mantissa.trim_end_matches('0').trim_end_matches('.');
    match exponent.parse::<i32>() {
        Ok(exponent @ 0..15) => shifted(mantissa, exponent.unsigned_abs() as usize),
        Ok(exponent @ -15..0) => right_shifted(mantissa, exponent.unsigned_abs() as usize),
        Ok(exponent) => format!("{mantissa}E{exponent:+}"),
        Err(_) => scientific,
    }
}

/// Whether a text is what a table program makes of a long row of digits: `1.10101E+17`.
pub(super) fn is_exponent_form(text: &str) -> bool {
    let upper = text.to_ascii_uppercase();
    let Some((mantissa, exponent)) = upper.split_once("E+") else {
        return false;
    };
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let (head, tail) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    head.len() == 1 && is_digits(head) && is_digits(tail) && is_digits(exponent)
}

/// Digits with at most one point and a leading minus; thousands may be grouped, in threes.
fn plain(text: &str) -> Option<String> {
    let unsigned = text.strip_prefix('+').unwrap_or(text);
    let (sign, unsigned) = match unsigned.strip_prefix(['-', '−']) {
        Some(rest) => ("-", rest),
        None => ("", unsigned),
    };
    let (head, part) = match unsigned.split_once('.') {
        Some((head, part)) => (head, Some(part)),
        None => (unsigned, None),
    };
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let head = ungrouped(head)?;
    (is_digits(&head) && part.is_none_or(is_digits)).then(|| match part {
        Some(part) => format!("{sign}{head}.{part}"),
        None => format!("{sign}{head}"),
    })
}

fn ungrouped(head: &str) -> Option<String> {
    let mut groups = head.split(',');
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let is_grouped = rest.iter().all(|group| group.len() == 3) && first.len() <= 3;
    (rest.is_empty() || is_grouped).then(|| head.replace(',', ""))
}

/// The point moved to the right.
fn shifted(digits: &str, places: usize) -> String {
    let (sign, unsigned) = split_sign(digits);
    let (head, part) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let padded = format!("{part:0<places$}");
    let (moved, left) = padded.split_at(places);
    let head = format!("{head}{moved}");
    let head = match head.trim_start_matches('0') {
        "" => "0",
        trimmed => trimmed,
    };
    match left.trim_end_matches('0') {
        "" => format!("{sign}{head}"),
        left => format!("{sign}{head}.{left}"),
    }
}

/// The point moved to the left.
fn right_shifted(digits: &str, places: usize) -> String {
    let (sign, unsigned) = split_sign(digits);
    let (head, part) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let padded = format!("{head:0>width$}", width = places + 1);
    let (head, moved) = padded.split_at(padded.len() - places);
    let tail = format!("{moved}{part}");
    match tail.trim_end_matches('0') {
        "" => format!("{sign}{head}"),
        tail => format!("{sign}{head}.{tail}"),
    }
}

fn hundredth(digits: &str) -> String {
    right_shifted(digits, 2)
}

fn split_sign(digits: &str) -> (&str, &str) {
    match digits.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", digits),
    }
}

fn whole(digits: &str) -> Option<i64> {
    let (head, part) = digits.split_once('.').unwrap_or((digits, ""));
    part.trim_end_matches('0').is_empty().then_some(())?;
    head.parse().ok()
}

fn without_unit(text: &str, unit: &str) -> String {
    let unit = narrow(unit);
    let bare = if unit.is_empty() {
        None
    } else {
        text.strip_suffix(&unit)
    };
    bare.unwrap_or(text).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_exact_in_every_spelling() {
        for (text, fen) in [
            ("1.2万元", 1_200_000),
            ("12,000", 1_200_000),
            ("￥12000.00元", 1_200_000),
            ("１２，０００．５", 1_200_050),
            ("0.07", 7),
            ("-3.5 元", -350),
            ("0.00001万", 10),
            ("人民币 1,234,567.89 元整", 123_456_789),
        ] {
            assert_eq!(money(text), Some(Fen(fen)), "{text}");
        }
        for bad in [
            "0.001",
            "1,20",
            "1,0000",
            "12元5角",
            "",
            "万元",
            "1e3",
            "5%",
            "--1",
        ] {
            assert_eq!(money(bad), None, "{bad}");
        }
        assert_eq!(money("99999999999999999999"), None);
    }

    #[test]
    fn units_and_per_cents_are_taken_off() {
        assert_eq!(integer("12 人", "人"), Some(12));
        assert_eq!(integer("12.0", "人"), Some(12));
        assert_eq!(integer("12.5", "人"), None);
        let read = |text, unit| decimal(text, unit).map(|number| number.to_string());
        assert_eq!(read("25%", "%").as_deref(), Some("25"));
        assert_eq!(read("２５％", "％").as_deref(), Some("25"));
        assert_eq!(read("25%", "").as_deref(), Some("0.25"));
        assert_eq!(read("25%", "基点"), None);
    }

    #[test]
    fn floats_are_taken_in_the_digits_that_are_shown() {
        for (number, text) in [
            (0.1 + 0.2, "0.3"),
            (12_000.0, "12000"),
            (-0.05, "-0.05"),
            (0.0, "0"),
            (13_800_138_000.0, "13800138000"),
            (1.0e-7, "0.0000001"),
            (999_999_999_999_999.0, "999999999999999"),
            (110_101_199_001_011_234.0, "1.10101199001011E+17"),
        ] {
            assert_eq!(shown(number), text);
        }
        assert!(is_exponent_form("1.10101E+17") && !is_exponent_form("E+17"));
    }
}
