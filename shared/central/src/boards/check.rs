//! Looking a text for boards through (检查结果): numbers of persons, names of persons who are
//! registered, sensitive words. What blocks is not stored, approved or shown; what warns is told,
//! and a person decides.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use domain::case::{Value, Values};
use serde::Deserialize;

use super::words::WORDS;

/// So many digits in a row are a number of a person, a card or a telephone.
const DIGITS_OF_A_NUMBER: usize = 11;
/// Hanzi of names that are looked for.
const NAME_CHARS: RangeInclusive<usize> = 2..=4;
/// Hanzi of names that are written with a dot (阿不都·买买提), the dot counted.
const DOTTED_NAME_CHARS: RangeInclusive<usize> = 3..=13;
/// A name of two hanzi may be a word of everyday speech.
const NAME_CHARS_THAT_BLOCK: usize = 3;
/// The fields of records that are made public, in which texts stand.
const TEXTS: [&str; 3] = ["title", "body", "items"];

/// How much what was found weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(crate) enum Weight {
    /// The text is not stored.
    #[serde(rename = "block")]
    Blocks,
    /// It is told.
    #[serde(rename = "warn")]
    Warns,
}

/// Something in a text that does not belong there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    /// The field.
    pub(crate) field: &'static str,
    /// Whether it may stay.
    pub(crate) weight: Weight,
    /// What it is and what to do, in sentences.
    pub(crate) text: String,
}

/// The text of a field that is looked through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FieldText {
    /// The field.
    pub(crate) field: &'static str,
    /// What it is called.
    pub(crate) name: String,
    /// What stands there.
    pub(crate) text: String,
}

/// The texts among the values of a record that are made public; `name_of` says what a field is called.
pub(crate) fn texts_of(values: &Values, name_of: impl Fn(&str) -> String) -> Vec<FieldText> {
    let texts = TEXTS.iter().filter_map(|field| {
        let text = match values.get(*field)? {
            Value::Text(text) => text.clone(),
            Value::List(values) => {
                let texts = values.iter().filter_map(|value| match value {
                    Value::Text(text) => Some(text.as_str()),
                    _ => None,
                });
                texts.collect::<Vec<_>>().join("\n")
            }
            _ => return None,
        };
        Some(FieldText {
            field,
            name: name_of(field),
            text,
        })
    });
    texts.collect()
}

/// Everything that is found in these texts, what blocks first. `registered` are those of the
/// [`names_to_look_up`] that persons of the register bear.
pub(crate) fn findings(texts: &[FieldText], registered: &BTreeSet<String>) -> Vec<Finding> {
    let mut found: Vec<Finding> = texts
        .iter()
        .flat_map(|text| {
            let numbers = numbers(text).into_iter();
            numbers.chain(names(text, registered)).chain(words(text))
        })
        .collect();
    found.sort_by_key(|finding| finding.weight);
    found
}

/// What in these texts could be a name: to be looked up in the register.
pub(crate) fn names_to_look_up(texts: &[FieldText]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for text in texts {
        for run in runs_of_hanzi(&text.text) {
            if run.contains(&'·') {
                let windows = DOTTED_NAME_CHARS.flat_map(|length| run.windows(length));
                let dotted = windows.filter(|name| name[1..name.len() - 1].contains(&'·'));
                names.extend(dotted.map(|name| name.iter().collect::<String>()));
            }
            for plain in run.split(|c| *c == '·') {
                let windows = NAME_CHARS.flat_map(|length| plain.windows(length));
                names.extend(windows.map(|name| name.iter().collect::<String>()));
            }
        }
    }
    names
}

fn runs_of_hanzi(text: &str) -> Vec<Vec<char>> {
    let chars: Vec<char> = text
        .chars()
        .map(|c| if c == '•' { '·' } else { c })
        .collect();
    let runs = chars.split(|c| !(is_hanzi(*c) || *c == '·'));
    runs.filter(|run| !run.is_empty())
        .map(<[char]>::to_vec)
        .collect()
}

fn is_hanzi(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

/// Of names within one another the longest is told.
fn names(text: &FieldText, registered: &BTreeSet<String>) -> Vec<Finding> {
    let here: Vec<&String> = registered
        .iter()
        .filter(|name| text.text.contains(name.as_str()))
        .collect();
    let is_within = |name: &str| {
        here.iter()
            .any(|longer| longer.len() > name.len() && longer.contains(name))
    };
    let longest = here.iter().filter(|name| !is_within(name));
    longest.map(|name| name_found(text, name)).collect()
}

fn name_found(text: &FieldText, name: &str) -> Finding {
    let (field, masked) = (&text.name, masked_name(name));
    if name.chars().count() >= NAME_CHARS_THAT_BLOCK {
        let text_ = format!("“{field}”里有登记过的人的全名“{name}”，请写成“{masked}”。");
        return Finding {
            field: text.field,
            weight: Weight::Blocks,
            text: text_,
        };
    }
    Finding {
        field: text.field,
        weight: Weight::Warns,
        text: format!(
            "“{field}”里的“{name}”也是登记过的人的名字。说的是他，请写成“{masked}”；不是就不用改。"
        ),
    }
}

/// `张*丰`, `张*`: as lists that are made public write names.
fn masked_name(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    match chars.as_slice() {
        [first, _] => format!("{first}*"),
        [first, hidden @ .., last] if !hidden.is_empty() => {
            format!("{first}{}{last}", "*".repeat(hidden.len()))
        }
        _ => "*".to_owned(),
    }
}

fn words(text: &FieldText) -> Vec<Finding> {
    let found = WORDS.in_text(&text.text).into_iter();
    found
        .map(|word| Finding {
            field: text.field,
            weight: word.weight,
            text: format!(
                "“{}”里的“{}”：{}。{}。",
                text.name, word.word, word.why, word.instead
            ),
        })
        .collect()
}

/// What kind of number somebody typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Number {
    Identity,
    Mobile,
    Account,
    Long,
}

impl Number {
    /// A run of digits; a resident's number may end with X.
    fn of(digits: &str) -> Self {
        let count = digits.chars().count();
        match count {
            11 if digits.starts_with('1') => Self::Mobile,
            15 | 18 => Self::Identity,
            16..=19 => Self::Account,
            _ => Self::Long,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Identity => "像证件号",
            Self::Mobile => "像手机号",
            Self::Account => "像银行账号",
            Self::Long => "太长，像证件号或账号",
        }
    }
}

fn numbers(text: &FieldText) -> Vec<Finding> {
    let found = numbers_in(&text.text).into_iter();
    found
        .map(|(digits, number)| {
            let masked = masked_number(&digits);
            Finding {
                field: text.field,
                weight: Weight::Blocks,
                text: format!(
                    "“{}”里的“{masked}”{}，屏上不能有个人的号码。去掉它，或者写成“{masked}”这样遮住中间。",
                    text.name,
                    number.words()
                ),
            }
        })
        .collect()
}

/// The ends of a number: what is told of it must not be the number itself.
fn masked_number(digits: &str) -> String {
    let chars: Vec<char> = digits.chars().collect();
    let (head, tail) = (
        &chars[..3.min(chars.len())],
        &chars[chars.len().saturating_sub(4)..],
    );
    format!(
        "{}****{}",
        head.iter().collect::<String>(),
        tail.iter().collect::<String>()
    )
}

/// Whether no number of a person, a card or a telephone stands in a text, however it is typed.
pub(crate) fn holds_no_number(text: &str) -> bool {
    numbers_in(text).is_empty()
}

/// Numbers in a text: long runs of digits, and digits in the groups in which people write numbers of
/// mobiles, cards and residents. Dates and times in a row are none.
fn numbers_in(text: &str) -> Vec<(String, Number)> {
    let usual: String = text.chars().map(usual_width).collect();
    let mut found = Vec::new();
    let mut groups: Vec<String> = Vec::new();
    for piece in pieces(&usual) {
        match piece {
            Piece::Digits(digits) if digits.chars().count() >= DIGITS_OF_A_NUMBER => {
                found.extend(grouped(&groups));
                groups.clear();
                found.push((digits.clone(), Number::of(&digits)));
            }
            Piece::Digits(digits) => groups.push(digits),
            Piece::Joint => {}
            Piece::Other => {
                found.extend(grouped(&groups));
                groups.clear();
            }
        }
    }
    found.extend(grouped(&groups));
    found
}

enum Piece {
    Digits(String),
    /// One blank or stroke, as stands within a number.
    Joint,
    Other,
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut digits = String::new();
    for c in text.chars() {
        let ends_a_number = digits.chars().count() >= 17 && matches!(c, 'x' | 'X');
        if c.is_numeric() || ends_a_number {
            digits.push(c);
            continue;
        }
        if !digits.is_empty() {
            pieces.push(Piece::Digits(std::mem::take(&mut digits)));
        }
        let follows_digits = matches!(pieces.last(), Some(Piece::Digits(_)));
        let is_joint = follows_digits && matches!(c, ' ' | '-' | '－' | '–' | '.');
        pieces.push(if is_joint { Piece::Joint } else { Piece::Other });
    }
    if !digits.is_empty() {
        pieces.push(Piece::Digits(digits));
    }
    pieces
}

/// Digits in the groups of a mobile (3-4-4), a card (4-4-4-4, then a rest) or a resident (6-8-4).
fn grouped(groups: &[String]) -> Vec<(String, Number)> {
    let lengths: Vec<usize> = groups.iter().map(|group| group.chars().count()).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < groups.len() {
        let fits = match &lengths[at..] {
            [3, 4, 4, ..] if groups[at].starts_with('1') => Some((3, Number::Mobile)),
            [6, 8, 4, ..] => Some((3, Number::Identity)),
            [4, 4, 4, 4, ..] => Some((4, Number::Account)),
            _ => None,
        };
        match fits {
            Some((count, number)) => {
                found.push((groups[at..at + count].concat(), number));
                at += count;
            }
            None => at += 1,
        }
    }
    found
}

/// Digits and letters that were typed in full width are those of half width.
pub(super) fn usual_width(c: char) -> char {
    let is_full = ('\u{ff01}'..='\u{ff5e}').contains(&c);
    let half = is_full
        .then(|| char::from_u32(u32::from(c) - 0xfee0))
        .flatten();
    half.unwrap_or(if c == '\u{3000}' { ' ' } else { c })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(text: &str) -> Vec<FieldText> {
        vec![FieldText {
            field: "body",
            name: "正文".to_owned(),
            text: text.to_owned(),
        }]
    }

    fn told(text: &str, registered: &[&str]) -> Vec<(Weight, String)> {
        let registered = registered.iter().map(|name| (*name).to_owned()).collect();
        let found = findings(&body(text), &registered).into_iter();
        found.map(|one| (one.weight, one.text)).collect()
    }

    #[test]
    fn a_number_of_a_person_is_seen_however_it_is_typed_and_never_repeated_in_full() {
        for (text, kind) in [
            ("联系 15412345678", "像手机号"),
            ("联系 １５４１２３４５６７８", "像手机号"),
            ("联系 154-1234-5678", "像手机号"),
            ("联系 154 1234 5678 找我", "像手机号"),
            ("999999199001010016", "像证件号"),
            ("99999919900101001X 号", "像证件号"),
            ("999999 19900101 0016", "像证件号"),
            ("6222 0212 3456 7890 123", "像银行账号"),
            ("账号6222021234567890", "像银行账号"),
        ] {
            let found = told(text, &[]);
            let [(Weight::Blocks, sentence)] = found.as_slice() else {
                panic!("{text}: {found:?}");
            };
            assert!(sentence.contains(kind), "{sentence}");
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            assert!(
                !sentence.contains(&digits) || digits.is_empty(),
                "{sentence}"
            );
        }
    }

    #[test]
    fn dates_times_pay_and_masked_numbers_are_no_numbers_of_persons() {
        for text in [
            "2026-11-27 08:30-17:30",
            "2026-11-27 2026-11-28",
            "5500-7000 元，4 人，到 3 号窗口",
            "张* 3606**********1234 138****5678",
            "咨询 0701-6219000",
            "赣人社发 2026 年 12 号",
        ] {
            assert_eq!(told(text, &[]), [], "{text}");
        }
    }

    #[test]
    fn the_full_name_of_somebody_registered_blocks_and_one_of_two_hanzi_warns() {
        let text = "恭喜张三丰和王丽找到工作";
        let looked_up = names_to_look_up(&body(text));
        assert!(looked_up.contains("张三丰") && looked_up.contains("王丽"));
        let found = told(text, &["张三丰", "张三", "王丽", "不在这里"]);
        let [(Weight::Blocks, first), (Weight::Warns, second)] = found.as_slice() else {
            panic!("{found:?}");
        };
        assert!(
            first.contains("“张三丰”") && first.contains("“张*丰”"),
            "{first}"
        );
        assert!(
            second.contains("“王丽”") && second.contains("“王*”"),
            "{second}"
        );
        let dotted = names_to_look_up(&body("请阿不都·买买提来领"));
        assert!(dotted.contains("阿不都·买买提"), "{dotted:?}");
    }

    #[test]
    fn the_texts_that_were_approved_for_emergencies_hold_nothing_that_blocks() {
        for text in crate::emergency_desk::emergency_texts() {
            for words in [&text.title, &text.body] {
                assert_eq!(told(words, &[]), [], "{words}");
            }
        }
    }

    #[test]
    fn a_sensitive_word_says_where_why_and_what_instead() {
        let found = told("培训包过", &[]);
        let [(Weight::Blocks, sentence)] = found.as_slice() else {
            panic!("{found:?}");
        };
        assert!(sentence.starts_with("“正文”里的“包过”："), "{sentence}");
        assert!(sentence.contains("写真实"), "{sentence}");
    }
}
