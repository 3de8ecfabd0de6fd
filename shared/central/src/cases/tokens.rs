//! What a record is found by: every two neighbouring characters of its searched texts, and every
//! two neighbouring pinyin initials, so that `眼镜` and `yj` both find 眼镜装配工 wherever they
//! stand in it. A single character is a token of its own; digits go by threes, because two of them
//! are in nearly every number. Computed here, so that no database's
//! tokenizer matters.

use std::collections::BTreeSet;

use domain::case::{Kind, Record, Value};
use pinyin::ToPinyin as _;

/// Before tokens of initials.
const INITIALS: &str = "~";
/// Characters of one text that are indexed; beyond it a text is found by its beginning.
const INDEXED_CHARS_MAX: usize = 400;

/// The tokens of a record: its number, and the fields that its kind says.
pub(crate) fn tokens_of_record(kind: &Kind, record: &Record) -> BTreeSet<String> {
    let mut tokens = BTreeSet::new();
    add(&mut tokens, &record.case_no.0);
    for field in &kind.search {
        if let Some(value) = record.values.get(field) {
            add_value(&mut tokens, value);
        }
    }
    tokens
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

fn add_value(tokens: &mut BTreeSet<String>, value: &Value) {
    match value {
        Value::Text(text) => add(tokens, text),
        Value::List(values) => values.iter().for_each(|value| add_value(tokens, value)),
        _ => {}
    }
}

fn add(tokens: &mut BTreeSet<String>, text: &str) {
    let chars = kept(text);
    let initials: Vec<char> = chars.iter().filter_map(|c| initial(*c)).collect();
    for (prefix, chars) in [("", chars), (INITIALS, initials)] {
        tokens.extend(chars.iter().map(|c| format!("{prefix}{c}")));
        tokens.extend(
            chars
                .windows(2)
                .map(|two| format!("{prefix}{}{}", two[0], two[1])),
        );
        let threes = chars.windows(3).filter(|three| is_digits(three));
        tokens.extend(threes.map(|three| three.iter().collect::<String>()));
    }
}

/// Letters, digits and hanzi, in lower case.
fn kept(text: &str) -> Vec<char> {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .take(INDEXED_CHARS_MAX)
        .flat_map(char::to_lowercase)
        .collect()
}

fn pieces(chars: &[char]) -> Vec<String> {
    let length = if is_digits(chars) { 3 } else { 2 };
    let length = length.min(chars.len()).max(1);
    let pieces = chars.windows(length);
    pieces.map(|piece| piece.iter().collect()).collect()
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
        add(&mut tokens, text);
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
    fn a_number_is_found_by_its_end() {
        assert!(finds("VACANCY-202611-00042", "00042"));
    }
}
