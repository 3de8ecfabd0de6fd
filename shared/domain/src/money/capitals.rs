//! Amounts in the capitals that cannot be altered with a stroke (人民币大写), as they stand on
//! receipts and decisions. The rules are those of 《支付结算办法》, 附一 (正确填写票据和结算凭证的
//! 基本规定): 整 after 元 or 角, none after 分; one 零 for any row of zeros within a number; none
//! where the yuan end in zeros and jiao follow (there the rule permits either).

use super::Fen;

const DIGITS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
/// Within four digits, from the left, with what each is worth.
const PLACES: [(u64, &str); 4] = [(1_000, "仟"), (100, "佰"), (10, "拾"), (1, "")];
const WAN: u64 = 10_000;
const YI: u64 = 100_000_000;

impl Fen {
    /// `人民币壹佰贰拾元伍角整`. Of what is owed the other way `人民币负…`.
    #[must_use]
    pub fn capitals(self) -> String {
        let fen = self.0.unsigned_abs();
        let (yuan, jiao, fen) = (fen / 100, fen / 10 % 10, fen % 10);
        let mut words = "人民币".to_owned();
        if self.0 < 0 {
            words.push('负');
        }
        if yuan > 0 || (jiao == 0 && fen == 0) {
            push_number(&mut words, yuan);
            words.push('元');
        }
        match (jiao, fen) {
            (0, 0) => words.push('整'),
            (0, fen) => {
                if yuan > 0 {
                    words.push('零');
                }
                push_digit(&mut words, fen, "分");
            }
            (jiao, 0) => push_digit(&mut words, jiao, "角整"),
            (jiao, fen) => {
                push_digit(&mut words, jiao, "角");
                push_digit(&mut words, fen, "分");
            }
        }
        words
    }
}

fn push_digit(words: &mut String, digit: u64, unit: &str) {
    let place = usize::try_from(digit % 10).unwrap_or_default();
    words.push(DIGITS[place]);
    words.push_str(unit);
}

fn push_number(words: &mut String, number: u64) {
    for (unit, name) in [(YI, "亿"), (WAN, "万")] {
        if number >= unit {
            push_number(words, number / unit);
            words.push_str(name);
            push_rest(words, number % unit, unit / 10);
            return;
        }
    }
    push_section(words, number);
}

/// What follows a unit; `full` is the least number that fills all its places.
fn push_rest(words: &mut String, rest: u64, full: u64) {
    if rest == 0 {
        return;
    }
    if rest < full {
        words.push('零');
    }
    push_number(words, rest);
}

/// Up to four digits.
fn push_section(words: &mut String, number: u64) {
    if number == 0 {
        words.push('零');
    }
    let (mut begun, mut skipped) = (false, false);
    for (worth, unit) in PLACES {
        let digit = number / worth % 10;
        if digit == 0 {
            skipped = begun;
            continue;
        }
        if skipped {
            words.push('零');
        }
        push_digit(words, digit, unit);
        (begun, skipped) = (true, false);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts_are_written_as_the_rules_for_cheques_say() {
        for (fen, words) in [
            (10_000, "人民币壹佰元整"),
            (0, "人民币零元整"),
            (5, "人民币伍分"),
            (50, "人民币伍角整"),
            (105, "人民币壹元零伍分"),
            (1_000, "人民币壹拾元整"),
            (140_950, "人民币壹仟肆佰零玖元伍角整"),
            (600_714, "人民币陆仟零柒元壹角肆分"),
            (168_032, "人民币壹仟陆佰捌拾元叁角贰分"),
            (1_640_902, "人民币壹万陆仟肆佰零玖元零贰分"),
            (10_700_053, "人民币壹拾万柒仟元伍角叁分"),
            (10_000_100, "人民币壹拾万零壹元整"),
            (100_000_000_001, "人民币壹拾亿元零壹分"),
            (10_001_000_000, "人民币壹亿零壹万元整"),
            (-32_550, "人民币负叁佰贰拾伍元伍角整"),
        ] {
            assert_eq!(Fen(fen).capitals(), words, "{fen}");
        }
    }

    /// Reads the words back without the writer's help: digits collect until a unit takes them.
    fn read(words: &str) -> i128 {
        let words = words.strip_prefix("人民币").unwrap();
        let (sign, words) = match words.strip_prefix('负') {
            Some(rest) => (-1, rest),
            None => (1, words),
        };
        let (mut fen, mut total, mut section, mut digit) = (0_i128, 0_i128, 0_i128, 0_i128);
        for word in words.chars() {
            if let Some(value) = DIGITS.iter().position(|known| *known == word) {
                digit = value as i128;
                continue;
            }
            match word {
                '仟' | '佰' | '拾' => {
                    let worth = PLACES.iter().find(|(_, unit)| unit.starts_with(word));
                    section += digit * i128::from(worth.unwrap().0);
                }
                '万' => {
                    let held = total % 100_000_000;
                    total += (section + digit) * 10_000;
                    assert_eq!(held, 0, "two 万 in one 亿: {words}");
                    section = 0;
                }
                '亿' => {
                    total = (total + section + digit) * 100_000_000;
                    section = 0;
                }
                '元' => fen += (total + section + digit) * 100,
                '角' => fen += digit * 10,
                '分' => fen += digit,
                '整' => {}
                other => panic!("{other} in {words}"),
            }
            digit = 0;
        }
        sign * fen
    }

    proptest! {
        #[test]
        fn every_amount_reads_back_from_its_capitals(fen: i64) {
            prop_assert_eq!(read(&Fen(fen).capitals()), i128::from(fen));
        }

        #[test]
        fn amounts_of_every_length_read_back(digits in 0_u32..18, leading in 1_i64..100) {
            let fen = 10_i64.pow(digits).saturating_mul(leading) / 10;
            prop_assert_eq!(read(&Fen(fen).capitals()), i128::from(fen));
        }

        #[test]
        fn no_amount_has_two_zeros_in_a_row_or_one_before_a_unit(fen: i64) {
            let words = Fen(fen).capitals();
            prop_assert!(!words.contains("零零"), "{}", words);
            for unit in ["仟", "佰", "拾", "万", "亿", "角", "分"] {
                let zero = format!("零{unit}");
                prop_assert!(!words.contains(&zero), "{}", words);
            }
        }
    }
}
