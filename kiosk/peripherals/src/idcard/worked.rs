//! Cards of nobody: the sheet's worked example, and two more for the other kinds. Area 999999 exists
//! nowhere; the permit's number is of an area code that was never given out.

use chrono::NaiveDate;

use super::card::{Card, CardKind, CardSex, Secret, ValidTo};

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

fn day(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 1, 1).expect("every year has a first day")
}

/// The worked example as a card: 测试甲, 999999190001010015.
#[must_use]
pub fn invented() -> Card {
    Card {
        kind: CardKind::Resident,
        name: secret("测试甲"),
        number: secret("999999190001010015"),
        sex: CardSex::Male,
        birth: secret("19000101"),
        address: secret("虚构省样例市测试区一号"),
        issuer: secret("样例市公安局测试分局"),
        valid_from: day(2020),
        valid_to: ValidTo::LongTerm,
    }
}

/// A permit of nobody.
#[cfg(test)]
#[must_use]
pub(crate) fn permit_holder() -> Card {
    Card {
        kind: CardKind::HongKongMacauTaiwan,
        name: secret("测试乙"),
        number: secret("83000019000101002X"),
        sex: CardSex::Female,
        valid_to: ValidTo::Day(day(2030)),
        ..invented()
    }
}

/// A foreigner's card of nobody.
#[cfg(test)]
#[must_use]
pub(crate) fn resident_foreigner() -> Card {
    Card {
        kind: CardKind::Foreigner,
        name: secret("测试丙"),
        number: secret("XXX999999010100"),
        address: secret(""),
        issuer: secret(""),
        valid_to: ValidTo::Day(day(2030)),
        ..invented()
    }
}

/// The text of the worked example, as the sheet prints it.
#[cfg(test)]
pub(crate) const SHEET: &str = "\
    4B 6D D5 8B 32 75 20 00 20 00 20 00 20 00 20 00 \
    20 00 20 00 20 00 20 00 20 00 20 00 20 00 31 00 \
    30 00 31 00 31 00 39 00 30 00 30 00 30 00 31 00 \
    30 00 31 00 5A 86 84 67 01 77 37 68 8B 4F 02 5E \
    4B 6D D5 8B 3A 53 00 4E F7 53 20 00 20 00 20 00 \
    20 00 20 00 20 00 20 00 20 00 20 00 20 00 20 00 \
    20 00 20 00 20 00 20 00 20 00 20 00 20 00 20 00 \
    20 00 20 00 20 00 20 00 20 00 39 00 39 00 39 00 \
    39 00 39 00 39 00 31 00 39 00 30 00 30 00 30 00 \
    31 00 30 00 31 00 30 00 30 00 31 00 35 00 37 68 \
    8B 4F 02 5E 6C 51 89 5B 40 5C 4B 6D D5 8B 06 52 \
    40 5C 20 00 20 00 20 00 20 00 20 00 32 00 30 00 \
    32 00 30 00 30 00 31 00 30 00 31 00 7F 95 1F 67 \
    20 00 20 00 20 00 20 00 20 00 20 00 20 00 20 00 \
    20 00 20 00 20 00 20 00 20 00 20 00 20 00 20 00 \
    20 00 20 00 20 00 20 00 20 00 20 00 20 00 20 00";

/// The bytes of [`SHEET`].
#[cfg(test)]
#[must_use]
pub(crate) fn sheet() -> Vec<u8> {
    let pairs = SHEET.split_whitespace();
    let byte = |pair| u8::from_str_radix(pair, 16).expect("the sheet is hexadecimal");
    pairs.map(byte).collect()
}
