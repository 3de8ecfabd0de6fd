//! Time of day and date as a sign takes them (sheet `alpha.md` E, space and `;`).
//!
//! A date has no century on the wire, and none is guessed.

use serde::{Deserialize, Serialize};

use super::payload::{Field, PayloadError, Reader};

const MINUTES_A_DAY: u64 = 24 * 60;

/// Hour and minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HourMinute {
    hour: u8,
    minute: u8,
}

impl HourMinute {
    /// 00:00 to 23:59.
    #[must_use]
    pub fn new(hour: u8, minute: u8) -> Option<Self> {
        (hour < 24 && minute < 60).then_some(Self { hour, minute })
    }

    /// The time of day so many minutes later.
    #[must_use]
    pub fn plus_minutes(self, minutes: u64) -> Self {
        let of_day = u64::from(self.hour) * 60 + u64::from(self.minute) + minutes % MINUTES_A_DAY;
        let of_day = of_day % MINUTES_A_DAY;
        Self {
            hour: (of_day / 60) as u8,
            minute: (of_day % 60) as u8,
        }
    }

    pub(super) fn write(self, out: &mut Vec<u8>) {
        out.extend(format!("{:02}{:02}", self.hour, self.minute).bytes());
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, PayloadError> {
        let from = reader.at();
        let hour = reader.two_digits(Field::Time)?;
        let minute = reader.two_digits(Field::Time)?;
        reader.accept(from, Field::Time, Self::new(hour, minute))
    }
}

impl From<HourMinute> for String {
    fn from(time: HourMinute) -> Self {
        format!("{:02}:{:02}", time.hour, time.minute)
    }
}

impl TryFrom<String> for HourMinute {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let parts = two_digit_numbers(&text, ':');
        let time = parts.and_then(|[hour, minute]| Self::new(hour, minute));
        time.ok_or_else(|| format!("{text:?} 不是时刻：应为 00:00 到 23:59"))
    }
}

/// A date without a century, as the wire has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ShortDate {
    year: u8,
    month: u8,
    day: u8,
}

impl ShortDate {
    /// Year within its century, month and day; the 29th of February is taken of any year, because
    /// the century is not known.
    #[must_use]
    pub fn new(year: u8, month: u8, day: u8) -> Option<Self> {
        let days = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 => 29,
            _ => 0,
        };
        (year < 100 && (1..=days).contains(&day)).then_some(Self { year, month, day })
    }

    pub(super) fn write(self, out: &mut Vec<u8>) {
        let Self { year, month, day } = self;
        out.extend(format!("{month:02}{day:02}{year:02}").bytes());
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, PayloadError> {
        let from = reader.at();
        let month = reader.two_digits(Field::Date)?;
        let day = reader.two_digits(Field::Date)?;
        let year = reader.two_digits(Field::Date)?;
        reader.accept(from, Field::Date, Self::new(year, month, day))
    }
}

impl From<ShortDate> for String {
    fn from(date: ShortDate) -> Self {
        format!("{:02}-{:02}-{:02}", date.year, date.month, date.day)
    }
}

impl TryFrom<String> for ShortDate {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let parts = two_digit_numbers(&text, '-');
        let date = parts.and_then(|[year, month, day]| Self::new(year, month, day));
        date.ok_or_else(|| format!("{text:?} 不是日期：应为两位的年-月-日，如 26-03-09"))
    }
}

fn two_digit_numbers<const N: usize>(text: &str, separator: char) -> Option<[u8; N]> {
    let number = |part: &str| {
        let is_plain = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        is_plain.then(|| part.parse().ok()).flatten()
    };
    let numbers: Option<Vec<u8>> = text.split(separator).map(number).collect();
    numbers?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_dates_are_those_of_a_clock_and_a_calendar() {
        let time = |text: &str| HourMinute::try_from(text.to_owned()).is_ok();
        assert!(time("00:00") && time("23:59"));
        assert!(!time("24:00") && !time("12:60") && !time("1:30") && !time("01:30:00"));
        let date = |text: &str| ShortDate::try_from(text.to_owned()).is_ok();
        assert!(date("00-02-29") && date("26-12-31"));
        assert!(!date("26-02-30") && !date("26-04-31") && !date("26-13-01") && !date("26-00-01"));
        assert!(!date("26-01-00") && !date("+1-01-01") && !date("2026-01-01"));
    }
}
