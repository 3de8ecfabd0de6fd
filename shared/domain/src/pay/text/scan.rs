//! From characters to tokens. Width, case, dashes, spaces and invisible characters are folded
//! here and nowhere else; a character that pay is not written with ends the reading.

use super::{Bound, PayUnreadable};
use crate::money::Fen;
use crate::pay::PayUnit;

/// More digits than this are no pay; it also keeps every product inside an `i64`.
const DIGITS_MAX: usize = 12;

/// The pieces pay text is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    Number(Number),
    Scale(Scale),
    /// 元
    Yuan,
    /// /月, 日薪, 每小时
    Per(PayUnit),
    /// `-`, 至, 到
    Dash,
    /// 以上, 最高
    Bound(Bound),
    /// The 薪 of `13薪`.
    Salaries,
    /// `·` and other marks without meaning of their own.
    Mark,
    /// 薪资, 工资: says only that pay follows.
    Head,
    /// 面议
    Negotiable,
}

/// 千 or 万.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scale {
    Thousand,
    TenThousand,
}

/// A decimal, exactly: `mantissa ÷ 10^decimals`, without trailing zeros after the point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Number {
    mantissa: i64,
    decimals: u32,
}

impl Number {
    /// The value if it is a whole number.
    pub(super) fn whole(self) -> Option<i64> {
        (self.decimals == 0).then_some(self.mantissa)
    }

    /// Yuan (times 千 or 万) as fen, never rounded.
    pub(super) fn fen(self, scale: Option<Scale>) -> Result<Fen, PayUnreadable> {
        let factor: i64 = match scale {
            None => 100,
            Some(Scale::Thousand) => 100_000,
            Some(Scale::TenThousand) => 1_000_000,
        };
        let product = self
            .mantissa
            .checked_mul(factor)
            .ok_or(PayUnreadable::TooLarge)?;
        let divisor = 10_i64
            .checked_pow(self.decimals)
            .ok_or(PayUnreadable::TooPrecise)?;
        if product % divisor == 0 {
            Ok(Fen(product / divisor))
        } else {
            Err(PayUnreadable::TooPrecise)
        }
    }
}

/// Longer words stand before the words they begin with.
const WORDS: &[(&str, Token)] = &[
    ("元", Token::Yuan),
    ("千", Token::Scale(Scale::Thousand)),
    ("k", Token::Scale(Scale::Thousand)),
    ("万", Token::Scale(Scale::TenThousand)),
    ("w", Token::Scale(Scale::TenThousand)),
    ("薪资", Token::Head),
    ("薪酬", Token::Head),
    ("薪水", Token::Head),
    ("薪", Token::Salaries),
    ("/月", Token::Per(PayUnit::Month)),
    ("/个月", Token::Per(PayUnit::Month)),
    ("每月", Token::Per(PayUnit::Month)),
    ("每个月", Token::Per(PayUnit::Month)),
    ("月薪", Token::Per(PayUnit::Month)),
    ("/天", Token::Per(PayUnit::Day)),
    ("/日", Token::Per(PayUnit::Day)),
    ("每天", Token::Per(PayUnit::Day)),
    ("每日", Token::Per(PayUnit::Day)),
    ("日薪", Token::Per(PayUnit::Day)),
    ("/小时", Token::Per(PayUnit::Hour)),
    ("/时", Token::Per(PayUnit::Hour)),
    ("/h", Token::Per(PayUnit::Hour)),
    ("每小时", Token::Per(PayUnit::Hour)),
    ("时薪", Token::Per(PayUnit::Hour)),
    ("/年", Token::Per(PayUnit::Year)),
    ("每年", Token::Per(PayUnit::Year)),
    ("年薪", Token::Per(PayUnit::Year)),
    ("面议", Token::Negotiable),
    ("面谈", Token::Negotiable),
    ("/", Token::Mark),
    ("以上", Token::Bound(Bound::AtLeast)),
    ("及以上", Token::Bound(Bound::AtLeast)),
    ("起", Token::Bound(Bound::AtLeast)),
    ("+", Token::Bound(Bound::AtLeast)),
    ("不低于", Token::Bound(Bound::AtLeast)),
    ("以下", Token::Bound(Bound::AtMost)),
    ("及以下", Token::Bound(Bound::AtMost)),
    ("以内", Token::Bound(Bound::AtMost)),
    ("不超过", Token::Bound(Bound::AtMost)),
    ("最高", Token::Bound(Bound::AtMost)),
    ("-", Token::Dash),
    ("至", Token::Dash),
    ("到", Token::Dash),
    ("·", Token::Mark),
    (":", Token::Mark),
    ("*", Token::Mark),
    ("工资", Token::Head),
    ("待遇", Token::Head),
];

/// The tokens of a text; spaces and invisible characters are nothing.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, PayUnreadable> {
    let folded: String = text.chars().filter_map(fold).collect();
    let mut tokens = Vec::with_capacity(8);
    let mut rest = folded.as_str();
    while let Some(first) = rest.chars().next() {
        if first.is_ascii_digit() {
            let (number, after) = number(rest)?;
            tokens.push(Token::Number(number));
            rest = after;
            continue;
        }
        let word = WORDS
            .iter()
            .find_map(|(word, token)| rest.strip_prefix(word).map(|after| (*token, after)));
        let (token, after) = word.ok_or(PayUnreadable::UnknownWords)?;
        tokens.push(token);
        rest = after;
    }
    Ok(tokens)
}

/// A number at the start of `text`, with thousands separators and decimals, and what follows.
fn number(text: &str) -> Result<(Number, &str), PayUnreadable> {
    let integer_end = integer_part_end(text);
    let (integer, mut rest) = text.split_at(integer_end);
    let mut decimals = "";
    if let Some(after_point) = rest.strip_prefix('.') {
        let end = digits_end(after_point);
        if end > 0 {
            (decimals, rest) = after_point.split_at(end);
        }
    }
    let decimals = decimals.trim_end_matches('0');
    let digits: String = integer
        .chars()
        .filter(|c| *c != ',')
        .chain(decimals.chars())
        .collect();
    if digits.trim_start_matches('0').len() > DIGITS_MAX || decimals.len() > DIGITS_MAX {
        return Err(PayUnreadable::TooLarge);
    }
    let mantissa = digits.parse().map_err(|_| PayUnreadable::TooLarge)?;
    let decimals = u32::try_from(decimals.len()).map_err(|_| PayUnreadable::TooPrecise)?;
    Ok((Number { mantissa, decimals }, rest))
}

/// Digits, and commas that stand before exactly three digits: `12,000`.
fn integer_part_end(text: &str) -> usize {
    let mut end = digits_end(text);
    while let Some(group) = text[end..].strip_prefix(',') {
        if digits_end(group) != 3 {
            break;
        }
        end += 4;
    }
    end
}

fn digits_end(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// One character in its plain form; `None` for what says nothing.
fn fold(c: char) -> Option<char> {
    let c = fold_width(c).to_ascii_lowercase();
    match c {
        // wave dash, swung dash, em, en, horizontal bar, minus, hyphens, box drawing
        '~' | '\u{301c}' | '\u{2053}' | '—' | '–' | '\u{2015}' | '\u{2212}' | '\u{2010}'
        | '\u{2011}' | '─' => Some('-'),
        // bullets, katakana middle dot, multiplication sign
        '•' | '・' | '‧' | '∙' | '●' | '×' => Some('·'),
        // yen sign, plain and full-width: says only that money follows
        '\u{a5}' | '\u{ffe5}' => None,
        '仟' => Some('千'),
        '萬' => Some('万'),
        '時' => Some('时'),
        _ if c.is_whitespace() || crate::vacancy::is_invisible(c) => None,
        _ => Some(c),
    }
}

/// Full-width digits, letters and signs (U+FF01–FF5E) as their ASCII form.
pub(super) fn fold_width(c: char) -> char {
    match u32::from(c) {
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFF01 + 0x21).unwrap_or(c),
        0x3000 => ' ',
        _ => c,
    }
}
