//! Date and time in BCD (sheet `onbon-bx.md` A3, "Clock traps").
//!
//! The year goes low byte first. Setting sends the weekday last; the status reply has it before the
//! hour. The digits are kept as they were on the wire, because a card with a dead clock reports digits
//! that are no date, and such a report must still decode. 1..7 is Monday..Sunday.

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};
use serde::{Deserialize, Serialize};

/// Length on the wire.
pub const CLOCK_BYTES: usize = 8;

/// A card's date, time and weekday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "ClockDocument", into = "ClockDocument")]
pub struct Clock {
    /// Century, year, month, day, hour, minute, second; two decimal digits each.
    digits: [u8; 7],
    weekday: u8,
}

impl Clock {
    /// The clock of a civil time.
    #[must_use]
    pub fn of(time: NaiveDateTime) -> Self {
        let year = u32::try_from(time.year().clamp(0, 9999)).unwrap_or(0);
        let parts = [
            year / 100,
            year % 100,
            time.month(),
            time.day(),
            time.hour(),
            time.minute(),
        ];
        let mut digits = [0; 7];
        for (digit, part) in digits
            .iter_mut()
            .zip(parts.into_iter().chain([time.second()]))
        {
            *digit = bcd(part);
        }
        Self {
            digits,
            weekday: weekday(time),
        }
    }

    /// The civil time, if the digits are one.
    #[must_use]
    pub fn civil(&self) -> Option<NaiveDateTime> {
        let mut parts = [0; 7];
        for (part, &digit) in parts.iter_mut().zip(&self.digits) {
            *part = from_bcd(digit)?;
        }
        let [century, year, month, day, hour, minute, second] = parts;
        let year = i32::try_from(century * 100 + year).ok()?;
        NaiveDate::from_ymd_opt(year, month, day)?.and_hms_opt(hour, minute, second)
    }

    /// The order of the command "set clock".
    #[must_use]
    pub fn setting_order(&self) -> [u8; CLOCK_BYTES] {
        let [century, year, month, day, hour, minute, second] = self.digits;
        [
            year,
            century,
            month,
            day,
            hour,
            minute,
            second,
            self.weekday,
        ]
    }

    /// Reads the order of the command "set clock".
    #[must_use]
    pub fn from_setting_order(bytes: [u8; CLOCK_BYTES]) -> Self {
        let [year, century, month, day, hour, minute, second, weekday] = bytes;
        Self {
            digits: [century, year, month, day, hour, minute, second],
            weekday,
        }
    }

    /// The order of the status reply.
    #[must_use]
    pub fn status_order(&self) -> [u8; CLOCK_BYTES] {
        let [century, year, month, day, hour, minute, second] = self.digits;
        [
            year,
            century,
            month,
            day,
            self.weekday,
            hour,
            minute,
            second,
        ]
    }

    /// Reads the order of the status reply.
    #[must_use]
    pub fn from_status_order(bytes: [u8; CLOCK_BYTES]) -> Self {
        let [year, century, month, day, weekday, hour, minute, second] = bytes;
        Self {
            digits: [century, year, month, day, hour, minute, second],
            weekday,
        }
    }
}

fn weekday(time: NaiveDateTime) -> u8 {
    u8::try_from(time.weekday().number_from_monday()).unwrap_or(1)
}

fn bcd(number: u32) -> u8 {
    u8::try_from(((number / 10 % 10) << 4) | (number % 10)).unwrap_or(0)
}

fn from_bcd(digit: u8) -> Option<u32> {
    let (tens, ones) = (digit >> 4, digit & 0xF);
    (tens < 10 && ones < 10).then(|| u32::from(tens) * 10 + u32::from(ones))
}

/// The clock in a document: `{"time": "2026-03-09 08:30:00", "weekday": 1}`. The digits of a BCD byte
/// are its hexadecimal digits, so a broken clock shows as letters instead of being lost.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockDocument {
    time: String,
    #[serde(default)]
    weekday: Option<u8>,
}

impl From<Clock> for ClockDocument {
    fn from(clock: Clock) -> Self {
        let [c, y, m, d, h, min, s] = clock.digits;
        let time = format!("{c:02X}{y:02X}-{m:02X}-{d:02X} {h:02X}:{min:02X}:{s:02X}");
        Self {
            time,
            weekday: Some(clock.weekday),
        }
    }
}

impl TryFrom<ClockDocument> for Clock {
    type Error = String;

    fn try_from(document: ClockDocument) -> Result<Self, String> {
        let shape = || format!("时间 {:?} 应写成 2026-03-09 08:30:00", document.time);
        let marks: String = document
            .time
            .chars()
            .filter(|c| !c.is_ascii_hexdigit())
            .collect();
        let hex_digits: String = document
            .time
            .chars()
            .filter(char::is_ascii_hexdigit)
            .collect();
        let bytes = hex::decode(hex_digits).map_err(|_| shape())?;
        let digits: [u8; 7] = bytes.try_into().map_err(|_| shape())?;
        if !matches!(marks.as_str(), "-- ::" | "--T::") {
            return Err(shape());
        }
        let unset = Self { digits, weekday: 0 };
        let computed = unset.civil().map(weekday);
        let weekday = document.weekday.or(computed).ok_or_else(shape)?;
        Ok(Self { digits, weekday })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Clock, serde_json::Error> {
        serde_json::from_str(text)
    }

    #[test]
    fn the_year_goes_low_byte_first_and_the_weekday_has_two_places() {
        let monday = parse(r#"{"time":"2026-03-09 08:30:00"}"#).expect("a good time");
        assert_eq!(monday.setting_order(), [0x26, 0x20, 3, 9, 8, 0x30, 0, 1]);
        assert_eq!(monday.status_order(), [0x26, 0x20, 3, 9, 1, 8, 0x30, 0]);
        assert_eq!(Clock::from_setting_order(monday.setting_order()), monday);
        assert_eq!(Clock::from_status_order(monday.status_order()), monday);
        assert_eq!(monday.civil().map(Clock::of), Some(monday));
    }

    #[test]
    fn digits_that_are_no_date_survive_a_document() {
        let broken = Clock::from_setting_order([0xFF; 8]);
        let text = serde_json::to_string(&broken).expect("a document");
        assert_eq!(text, r#"{"time":"FFFF-FF-FF FF:FF:FF","weekday":255}"#);
        assert_eq!(parse(&text).expect("reads back"), broken);
        assert_eq!(broken.civil(), None);
    }

    #[test]
    fn other_shapes_are_refused() {
        for time in [
            "2026-03-09",
            "20260309083000",
            "2026-03-09 08:30",
            "2026/03/09 08:30:00",
        ] {
            assert!(parse(&format!(r#"{{"time":"{time}"}}"#)).is_err(), "{time}");
        }
    }
}
