//! What a record is found by: every two neighbouring characters of its searched texts, and of short
//! ones every two neighbouring pinyin initials, so that `眼镜` and `yj` both find 眼镜装配工 wherever
//! they stand in it. A single character of a short text is a token of its own; digits go by threes,
//! because two of them are in nearly every number. A text of several lines has nearly every initial
//! and many a character: it is found by two characters, and by no fewer. Computed here, so that no
//! database's tokenizer matters.

use std::collections::BTreeSet;

use domain::case::{FieldType, Kind, Record, Value};
use pinyin::ToPinyin as _;

/// Before tokens of initials.
const INITIALS: &str = "~";
/// Characters of one text that are indexed; beyond it a text is found by its beginning.
const INDEXED_CHARS_MAX: usize = 400;

/// The tokens of a record: its number, and the fields that its kind says.
pub(crate) fn tokens_of_record(kind: &Kind, record: &Record) -> BTreeSet<String> {
    let mut tokens = BTreeSet::new();
    add_short(&mut tokens, &record.case_no.0);
    for id in &kind.search {
        let is_long = kind.field(id).is_some_and(|field| is_long(&field.kind));
        let add = if is_long { add_pieces } else { add_short };
        if let Some(value) = record.values.get(id) {
            add_value(&mut tokens, value, add);
        }
    }
    tokens
}

/// Whether two versions of a record have the same tokens.
pub(crate) fn is_found_alike(kind: &Kind, one: &Record, other: &Record) -> bool {
    let mut searched = kind.search.iter();
    one.case_no == other.case_no && searched.all(|id| one.values.get(id) == other.values.get(id))
}

fn is_long(kind: &FieldType) -> bool {
    matches!(kind, FieldType::Text { is_long: true, .. })
}

/// The tokens that a record must have to be found by what was typed.
pub(crate) fn tokens_of_query(typed: &str) -> Vec<String> {
    let mut tokens = BTreeSet::new();
    for word in typed.split_whitespace() {
        let chars = kept(word);
        let is_letters = chars.iter().all(char::is_ascii_lowercase);
        let pieces = pieces(&chars);
        if is_letters {
            tokens.extend(pieces.into_iter().map(|piece| format!("{INITIALS}{piece}")));
        } else {
            tokens.extend(pieces);
        }
    }
    tokens.into_iter().collect()
}

type Tokens = BTreeSet<String>;

fn add_value(tokens: &mut Tokens, value: &Value, add: fn(&mut Tokens, &str)) {
    match value {
        Value::Text(text) => add(tokens, text),
        Value::List(values) => {
            for value in values {
                add_value(tokens, value, add);
            }
        }
        _ => {}
    }
}

/// Everything by which a text of one line is found.
fn add_short(tokens: &mut Tokens, text: &str) {
    add_pieces(tokens, text);
    let chars = kept(text);
    tokens.extend(chars.iter().map(char::to_string));
    let initials: Vec<char> = chars.iter().filter_map(|c| initial(*c)).collect();
    tokens.extend(initials.iter().map(|c| format!("{INITIALS}{c}")));
    let pairs = initials.windows(2);
    tokens.extend(pairs.map(|two| format!("{INITIALS}{}{}", two[0], two[1])));
}

/// Two neighbouring characters, three neighbouring digits.
fn add_pieces(tokens: &mut Tokens, text: &str) {
    let chars = kept(text);
    tokens.extend(chars.windows(2).map(joined));
    let threes = chars.windows(3).filter(|three| is_digits(three));
    tokens.extend(threes.map(joined));
}

fn joined(chars: &[char]) -> String {
    chars.iter().collect()
}

/// Letters, digits and hanzi, in lower case.
fn kept(text: &str) -> Vec<char> {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .take(INDEXED_CHARS_MAX)
        .flat_map(char::to_lowercase)
        .collect()
}

/// Of what was typed: pairs, but threes where three digits stand together.
fn pieces(chars: &[char]) -> Vec<String> {
    if chars.len() < 2 {
        return chars.iter().map(char::to_string).collect();
    }
    let threes = chars.windows(3).filter(|three| is_digits(three));
    let is_in_three = |from: usize| {
        let three_at = |at: usize| chars.get(at..at + 3).is_some_and(is_digits);
        three_at(from) || from.checked_sub(1).is_some_and(three_at)
    };
    let pairs = chars.windows(2).enumerate();
    let pairs = pairs.filter(|(from, _)| !is_in_three(*from));
    let pairs = pairs.map(|(_, two)| joined(two));
    threes.map(joined).chain(pairs).collect()
}

fn is_digits(chars: &[char]) -> bool {
    chars.iter().all(char::is_ascii_digit)
}

fn initial(c: char) -> Option<char> {
    if c.is_ascii_alphanumeric() {
        return Some(c);
    }
    c.to_pinyin()?.plain().chars().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(text: &str, typed: &str) -> bool {
        let mut tokens = BTreeSet::new();
        add_short(&mut tokens, text);
        tokens_of_query(typed)
            .iter()
            .all(|token| tokens.contains(token))
    }

    #[test]
    fn a_text_is_found_by_any_part_of_it_in_characters_or_initials() {
        for typed in [
            "眼镜",
            "装配工",
            "工",
            "yj",
            "zpg",
            "YJZPG",
            "眼镜 zpg",
            "3 班",
        ] {
            assert!(finds("眼镜装配工（3班）", typed), "{typed}");
        }
        for typed in ["镜眼", "gz", "焊工"] {
            assert!(!finds("眼镜装配工", typed), "{typed}");
        }
    }

    #[test]
    fn a_number_is_found_by_its_end_and_by_the_whole_of_it() {
        for typed in ["00042", "vacancy-202611-00042", "1-00042"] {
            assert!(finds("VACANCY-202611-00042", typed), "{typed}");
        }
        assert!(!finds("VACANCY-202611-00042", "VACANCY-202611-00043"));
    }

    #[test]
    fn a_text_of_several_lines_is_found_by_two_characters_and_by_no_initials() {
        let mut tokens = BTreeSet::new();
        add_pieces(&mut tokens, "眼镜装配");
        let finds = |typed| {
            tokens_of_query(typed)
                .iter()
                .all(|token| tokens.contains(token))
        };
        assert!(finds("镜装配"));
        assert!(!finds("yj") && !finds("镜"));
    }
}
