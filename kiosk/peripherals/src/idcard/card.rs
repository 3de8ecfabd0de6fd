//! What stands on a card: the 256 bytes of text, by the character at offset 248 (sheet, "Other cards").
//!
//! Of a card only what the centre's flows use is taken; ethnicity, authority codes and the photo are left
//! where they are and dropped with the frame. Texts are overwritten when they are dropped and never print.

use chrono::NaiveDate;
use zeroize::Zeroizing;

/// Bytes of text.
pub const TEXT_BYTES: usize = 256;
/// Where the kind of card stands.
const KIND_AT: usize = 248;
/// In the place of a last day.
const LONG_TERM: &str = "长期";
const DATE_FORMAT: &str = "%Y%m%d";

/// A text of a person. Overwritten when dropped; `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Hides a text.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text, for where a person entitled to it reads it, or where it is sent.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("***")
    }
}

/// Which card it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CardKind {
    /// 居民身份证.
    Resident,
    /// 港澳台居民居住证.
    HongKongMacauTaiwan,
    /// 外国人永久居留身份证, as issued from 2017.
    Foreigner,
}

/// What a card says of sex.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardSex {
    /// 1.
    Male,
    /// 2.
    Female,
    /// 0, 9, or nothing.
    NotTold,
}

/// Until when a card holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValidTo {
    /// Its last day.
    Day(NaiveDate),
    /// 长期.
    LongTerm,
}

/// A card.
#[derive(Clone, PartialEq, Eq)]
pub struct Card {
    /// Which.
    pub kind: CardKind,
    /// The Chinese name; of a foreigner without one the English name.
    pub name: Secret,
    /// The number, 18 characters, or 15 on a foreigner's card.
    pub number: Secret,
    /// The sex.
    pub sex: CardSex,
    /// The day of birth, eight digits.
    pub birth: Secret,
    /// The address; empty on a foreigner's card.
    pub address: Secret,
    /// Who issued it; empty on a foreigner's card.
    pub issuer: Secret,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_to: ValidTo,
}

impl std::fmt::Debug for Card {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Card({:?}, ***)", self.kind)
    }
}

/// Why the bytes are no card that we know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CardFault {
    /// The announced lengths and the bytes disagree.
    #[error("The reply announces {announced} bytes of text and photo and has {got}.")]
    Lengths {
        /// As announced.
        announced: usize,
        /// As found.
        got: usize,
    },
    /// A field holds no text.
    #[error("Text byte {at}: no UTF-16 text.")]
    NotText {
        /// Where the field begins.
        at: usize,
    },
    /// A date is none.
    #[error("Text byte {at}: no date.")]
    NotADate {
        /// Where the field begins.
        at: usize,
    },
    /// A kind of card that the sheet does not lay out.
    #[error("The card is of kind {0:?}, which is not known.")]
    UnknownKind(char),
}

/// Offset and length of a field, in bytes.
type Field = (usize, usize);

/// Where things stand on a kind of card.
struct Layout {
    name: Field,
    sex: Field,
    birth: Field,
    address: Field,
    number: Field,
    issuer: Field,
    valid_from: Field,
    valid_to: Field,
}

const NOWHERE: Field = (0, 0);
const RESIDENT: Layout = Layout {
    name: (0, 30),
    sex: (30, 2),
    birth: (36, 16),
    address: (52, 70),
    number: (122, 36),
    issuer: (158, 30),
    valid_from: (188, 16),
    valid_to: (204, 16),
};
const FOREIGNER: Layout = Layout {
    name: (158, 30),
    sex: (120, 2),
    birth: (220, 16),
    address: NOWHERE,
    number: (122, 30),
    issuer: NOWHERE,
    valid_from: (188, 16),
    valid_to: (204, 16),
};
/// The English name of a foreigner's card.
const ENGLISH_NAME: Field = (0, 120);

impl CardKind {
    fn from_letter(letter: char) -> Result<Self, CardFault> {
        match letter {
            ' ' => Ok(Self::Resident),
            'J' => Ok(Self::HongKongMacauTaiwan),
            'I' => Ok(Self::Foreigner),
            other => Err(CardFault::UnknownKind(other)),
        }
    }

    fn letter(self) -> char {
        match self {
            Self::Resident => ' ',
            Self::HongKongMacauTaiwan => 'J',
            Self::Foreigner => 'I',
        }
    }

    fn layout(self) -> &'static Layout {
        match self {
            Self::Resident | Self::HongKongMacauTaiwan => &RESIDENT,
            Self::Foreigner => &FOREIGNER,
        }
    }

    /// Its name, for a person.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Resident => "居民身份证",
            Self::HongKongMacauTaiwan => "港澳台居民居住证",
            Self::Foreigner => "外国人永久居留身份证",
        }
    }
}

impl Card {
    /// The card of a success reply's data: two lengths, text, photo. The photo is not even looked at.
    ///
    /// # Errors
    /// [`CardFault`].
    pub fn from_reply(data: &[u8]) -> Result<Self, CardFault> {
        let got = data.len();
        let [t1, t2, p1, p2, rest @ ..] = data else {
            return Err(CardFault::Lengths { announced: 4, got });
        };
        let text = usize::from(u16::from_be_bytes([*t1, *t2]));
        let photo = usize::from(u16::from_be_bytes([*p1, *p2]));
        let announced = text + photo + 4;
        let whole = rest.get(..TEXT_BYTES);
        match whole {
            Some(bytes) if text == TEXT_BYTES && announced == got => Self::read(bytes),
            _ => Err(CardFault::Lengths { announced, got }),
        }
    }

    /// The card of its text.
    ///
    /// # Errors
    /// [`CardFault`].
    pub fn read(text: &[u8]) -> Result<Self, CardFault> {
        let got = text.len();
        if got != TEXT_BYTES {
            let announced = TEXT_BYTES;
            return Err(CardFault::Lengths { announced, got });
        }
        let letter = field(text, (KIND_AT, 2))?;
        let kind = CardKind::from_letter(letter.expose().chars().next().unwrap_or(' '))?;
        let layout = kind.layout();
        let mut name = field(text, layout.name)?;
        if name.expose().is_empty() && kind == CardKind::Foreigner {
            name = field(text, ENGLISH_NAME)?;
        }
        Ok(Self {
            kind,
            name,
            number: field(text, layout.number)?,
            sex: match field(text, layout.sex)?.expose() {
                "1" => CardSex::Male,
                "2" => CardSex::Female,
                _ => CardSex::NotTold,
            },
            birth: field(text, layout.birth)?,
            address: field(text, layout.address)?,
            issuer: field(text, layout.issuer)?,
            valid_from: day(text, layout.valid_from)?,
            valid_to: match field(text, layout.valid_to)?.expose() {
                LONG_TERM => ValidTo::LongTerm,
                _ => ValidTo::Day(day(text, layout.valid_to)?),
            },
        })
    }

    /// The text of a card, for the virtual reader. What is longer than its field is cut.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<Vec<u8>> {
        let mut text = Zeroizing::new(b" \0".repeat(TEXT_BYTES / 2));
        let layout = self.kind.layout();
        let sex = match self.sex {
            CardSex::Male => "1",
            CardSex::Female => "2",
            CardSex::NotTold => "0",
        };
        let valid_from = self.valid_from.format(DATE_FORMAT).to_string();
        let valid_to = match self.valid_to {
            ValidTo::LongTerm => LONG_TERM.to_owned(),
            ValidTo::Day(day) => day.format(DATE_FORMAT).to_string(),
        };
        let letter = self.kind.letter().to_string();
        for (place, content) in [
            (layout.name, self.name.expose()),
            (layout.sex, sex),
            (layout.birth, self.birth.expose()),
            (layout.address, self.address.expose()),
            (layout.number, self.number.expose()),
            (layout.issuer, self.issuer.expose()),
            (layout.valid_from, &valid_from),
            (layout.valid_to, &valid_to),
            ((KIND_AT, 2), &letter),
        ] {
            put(&mut text, place, content);
        }
        text
    }
}

/// A field without the blanks behind it.
fn field(text: &[u8], (at, length): Field) -> Result<Secret, CardFault> {
    let units = text[at..at + length].chunks_exact(2);
    let units = units.map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    // Never grows, so no copy of it is left behind.
    let mut read = Zeroizing::new(String::with_capacity(length / 2 * 3));
    for unit in char::decode_utf16(units) {
        read.push(unit.map_err(|_| CardFault::NotText { at })?);
    }
    let kept = read.trim_end_matches([' ', '\0']).len();
    read.truncate(kept);
    Ok(Secret(read))
}

fn day(text: &[u8], place: Field) -> Result<NaiveDate, CardFault> {
    let fault = CardFault::NotADate { at: place.0 };
    parse_day(field(text, place)?.expose()).ok_or(fault)
}

/// Eight digits as a day; nothing else.
pub(super) fn parse_day(digits: &str) -> Option<NaiveDate> {
    let is_digits = digits.len() == 8 && digits.bytes().all(|it| it.is_ascii_digit());
    let day = is_digits.then(|| NaiveDate::parse_from_str(digits, DATE_FORMAT));
    day.and_then(Result::ok)
}

fn put(text: &mut [u8], (at, length): Field, content: &str) {
    let places = text[at..at + length].chunks_exact_mut(2);
    for (place, unit) in places.zip(content.encode_utf16()) {
        place.copy_from_slice(&unit.to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::idcard::worked::{invented, permit_holder, resident_foreigner, sheet};

    #[test]
    fn the_worked_example_of_the_sheet_reads_as_it_says_and_is_written_again() {
        let card = Card::read(&sheet()).unwrap();
        assert_eq!(card.kind, CardKind::Resident);
        let shown = [
            &card.name,
            &card.number,
            &card.birth,
            &card.address,
            &card.issuer,
        ];
        assert_eq!(
            shown.map(Secret::expose),
            [
                "测试甲",
                "999999190001010015",
                "19000101",
                "虚构省样例市测试区一号",
                "样例市公安局测试分局"
            ]
        );
        assert_eq!(card.sex, CardSex::Male);
        assert_eq!(card.valid_from.to_string(), "2020-01-01");
        assert_eq!(card.valid_to, ValidTo::LongTerm);
        // the example's ethnic code is the one thing that is not taken
        let mut written = card.to_text();
        written[32..36].copy_from_slice(&sheet()[32..36]);
        assert_eq!(*written, sheet());
    }

    #[test]
    fn each_kind_of_card_is_told_by_its_letter_and_reads_back() {
        for card in [invented(), permit_holder(), resident_foreigner()] {
            let again = Card::read(&card.to_text()).unwrap();
            assert!(again == card, "{:?}", card.kind);
        }
        let mut other = sheet();
        other[KIND_AT] = b'Z';
        assert_eq!(Card::read(&other), Err(CardFault::UnknownKind('Z')));
    }

    #[test]
    fn a_foreigner_without_a_chinese_name_is_called_by_the_english_one() {
        let mut card = resident_foreigner();
        card.name = Secret::new(String::new());
        let mut text = card.to_text();
        put(&mut text, ENGLISH_NAME, "TEST, PERSON");
        let read = Card::read(&text).unwrap();
        assert_eq!(read.name.expose(), "TEST, PERSON");
    }

    #[test]
    fn broken_texts_dates_and_lengths_are_refused_with_their_place() {
        let mut half = sheet();
        half[0..2].copy_from_slice(&0xD800_u16.to_le_bytes());
        assert_eq!(Card::read(&half), Err(CardFault::NotText { at: 0 }));
        let mut date = sheet();
        date[188] = b'x';
        assert_eq!(Card::read(&date), Err(CardFault::NotADate { at: 188 }));
        assert!(Card::read(&sheet()[1..]).is_err());
        let mut reply = vec![1, 0, 4, 0];
        reply.extend(sheet());
        assert!(matches!(
            Card::from_reply(&reply),
            Err(CardFault::Lengths { .. })
        ));
        reply.resize(4 + 256 + 1024, 0);
        assert!(Card::from_reply(&reply).is_ok());
        assert!(Card::from_reply(&[]).is_err());
    }

    #[test]
    fn nothing_of_a_card_prints() {
        let printed = format!("{:?} {:?}", invented(), invented().number);
        assert_eq!(printed, "Card(Resident, ***) ***");
    }

    proptest! {
        #[test]
        fn any_text_is_a_card_or_a_fault(text in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = Card::read(&text);
            let _ = Card::from_reply(&text);
        }
    }
}
