//! Whether a card can be believed today: number, birth and sex agree, or it was misread; and it holds.
//!
//! Of a number only the check character, the birth and the sex are judged: its area may be of a division
//! that no longer exists, and invented cards have area 999999 (which the centre refuses outside a
//! synthetic store).

use chrono::NaiveDate;
use domain::id_number::check_character;
use thiserror::Error;

use super::card::{Card, CardKind, CardSex, ValidTo, parse_day};

/// Beginnings of numbers on permits for Hong Kong, Macau and Taiwan.
const PERMIT_AREAS: [&str; 3] = ["81", "82", "83"];

/// Why a card is not used; for the person who holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Disbelief {
    /// What it says of itself does not agree.
    #[error("身份证没有读准。请拿开，再平放到读卡区，等一会儿再拿走。")]
    Misread,
    /// It has run out.
    #[error("这张{kind}的有效期到 {} 为止，已经过期。请到窗口办，换领新证请到派出所。", .on.format("%Y年%-m月%-d日"))]
    Expired {
        /// Which.
        kind: &'static str,
        /// The last day.
        on: NaiveDate,
    },
    /// It begins later.
    #[error("这张{kind}从 {} 起才有效。请到窗口办。", .from.format("%Y年%-m月%-d日"))]
    NotYet {
        /// Which.
        kind: &'static str,
        /// The first day.
        from: NaiveDate,
    },
}

/// Judges a card on a day.
///
/// # Errors
/// [`Disbelief`], a misreading before anything else.
pub fn believe(card: &Card, today: NaiveDate) -> Result<(), Disbelief> {
    if !is_sound(card) {
        return Err(Disbelief::Misread);
    }
    let kind = card.kind.text();
    match card.valid_to {
        _ if card.valid_from > today => Err(Disbelief::NotYet {
            kind,
            from: card.valid_from,
        }),
        ValidTo::Day(on) if on < today => Err(Disbelief::Expired { kind, on }),
        ValidTo::Day(_) | ValidTo::LongTerm => Ok(()),
    }
}

fn is_sound(card: &Card) -> bool {
    let number = card.number.expose();
    let is_named = !card.name.expose().is_empty();
    let is_born = parse_day(card.birth.expose()).is_some();
    let is_numbered = match card.kind {
        CardKind::Resident => agrees(number, card),
        CardKind::HongKongMacauTaiwan => {
            PERMIT_AREAS.iter().any(|area| number.starts_with(area)) && agrees(number, card)
        }
        CardKind::Foreigner => {
            number.len() == 15 && number.bytes().all(|it| it.is_ascii_alphanumeric())
        }
    };
    is_named && is_born && is_numbered
}

/// The check character, the birth and the sex.
fn agrees(number: &str, card: &Card) -> bool {
    if number.len() != 18 || !number.is_ascii() {
        return false;
    }
    let (first, last) = number.split_at(17);
    let sex = number.as_bytes()[16] % 2;
    let has_sex = match card.sex {
        CardSex::Male => sex == 1,
        CardSex::Female => sex == 0,
        CardSex::NotTold => true,
    };
    check_character(first) == last.chars().next()
        && number[6..14] == *card.birth.expose()
        && has_sex
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::idcard::card::Secret;
    use crate::idcard::worked::{invented, permit_holder, resident_foreigner};

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    fn today() -> NaiveDate {
        day(2026, 11, 28)
    }

    fn secret(text: &str) -> Secret {
        Secret::new(text.to_owned())
    }

    #[test]
    fn every_kind_of_card_is_believed() {
        for card in [invented(), permit_holder(), resident_foreigner()] {
            assert_eq!(believe(&card, today()), Ok(()), "{:?}", card.kind);
        }
    }

    #[test]
    fn any_disagreement_is_a_misreading() {
        let wrong: [fn(&mut Card); 7] = [
            |card| card.number = secret("999999190001010016"),
            |card| card.number = secret("99999919000101001"),
            |card| card.number = secret("测试"),
            |card| card.birth = secret("19000102"),
            |card| card.birth = secret("19000230"),
            |card| card.sex = CardSex::Female,
            |card| card.name = secret(""),
        ];
        for (index, spoil) in wrong.iter().enumerate() {
            let mut card = invented();
            spoil(&mut card);
            assert_eq!(believe(&card, today()), Err(Disbelief::Misread), "{index}");
        }
        let mut permit = permit_holder();
        permit.number = secret("999999190001010023");
        assert_eq!(believe(&permit, today()), Err(Disbelief::Misread));
    }

    #[test]
    fn a_card_holds_on_its_last_day_and_not_on_the_next() {
        let mut card = invented();
        card.valid_to = ValidTo::Day(day(2026, 11, 28));
        assert_eq!(believe(&card, today()), Ok(()));
        card.valid_to = ValidTo::Day(day(2026, 11, 27));
        let expired = believe(&card, today()).unwrap_err().to_string();
        assert!(
            expired.contains("居民身份证的有效期到 2026年11月27日 为止"),
            "{expired}"
        );
        card.valid_from = day(2026, 12, 1);
        let early = believe(&card, today()).unwrap_err().to_string();
        assert!(early.contains("从 2026年12月1日 起才有效"), "{early}");
    }
}
