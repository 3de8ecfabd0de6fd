//! Days and moments as people and table programs write them.

use chrono::{Days, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use domain::time::UtcMs;

use super::text::narrow;

/// Days between the two epochs of table programs.
const EPOCH_1904_DAYS: u64 = 1_462;

/// Serial numbers of days from 1910 to 2100; outside it is a number that nobody meant as a day.
const SERIALS: std::ops::RangeInclusive<u64> = 3_654..=73_050;

/// Milliseconds of a day.
const DAY_MS: u64 = 86_400_000;

/// A day, with the time of day if one is written.
pub(super) type DayAndTime = (NaiveDate, Option<NaiveTime>);

/// Reads 2026-11-26, 2026/11/26, 2026.11.26, 2026年11月26日, 20261126, each with a time or without.
pub(super) fn read(text: &str) -> Option<DayAndTime> {
    let text = narrow(text);
    let dashed = text.replace(['年', '月', '/', '.'], "-");
    let joined: Vec<&str> = dashed.splitn(3, '-').map(str::trim).collect();
    let joined = joined.join("-");
    let end = joined
        .find([' ', 'T', '日', '号', '星', '周', '('])
        .unwrap_or(joined.len());
    let day = day(&joined[..end])?;
    // The time of day from the text itself: its points are not those of a date.
    let rest = text.get(text.len().checked_sub(joined.len() - end)?..)?;
    Some((day, time(rest)?))
}

/// The day of a serial number, with its fraction as time.
pub(super) fn serial(text: &str, is_1904: bool) -> Option<DayAndTime> {
    let (days, part) = text.split_once('.').unwrap_or((text, ""));
    let days = days.parse::<u64>().ok().filter(|n| SERIALS.contains(n))?;
    let epoch = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    let shift = if is_1904 { EPOCH_1904_DAYS } else { 0 };
    let day = epoch.checked_add_days(Days::new(days + shift))?;
    if part.is_empty() {
        return Some((day, None));
    }
    let part = part.get(..part.len().min(12))?;
    let scale = 10_u64.pow(u32::try_from(part.len()).ok()?);
    let ms = u128::from(part.parse::<u64>().ok()?) * u128::from(DAY_MS);
    let seconds = (ms / u128::from(scale) + 500) / 1000;
    let time = NaiveTime::MIN + TimeDelta::seconds(i64::try_from(seconds).ok()?);
    Some((day, Some(time)))
}

/// The instant at which the hall's clock shows this.
pub(super) fn instant(day: NaiveDate, time: NaiveTime) -> Option<UtcMs> {
    let hall = FixedOffset::east_opt(8 * 3600)?;
    let local = NaiveDateTime::new(day, time)
        .and_local_timezone(hall)
        .single()?;
    Some(UtcMs(local.timestamp_millis()))
}

fn day(text: &str) -> Option<NaiveDate> {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = match text.len() {
        8 if is_digits(text) => vec![&text[..4], &text[4..6], &text[6..]],
        _ => text.split('-').collect(),
    };
    let [year, month, day] = parts[..] else {
        return None;
    };
    let is_date = year.len() == 4
        && month.len() <= 2
        && day.len() <= 2
        && [year, month, day].into_iter().all(is_digits);
    is_date.then_some(())?;
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// What follows the day: nothing, the day of the week, the time. `None` for anything else.
fn time(rest: &str) -> Option<Option<NaiveTime>> {
    let rest = without_weekday(rest.trim_start_matches(['日', '号', 'T', ' ']));
    if rest.is_empty() {
        return Some(None);
    }
    let spelt = rest.replace(['时', '点', '分'], ":").replace('秒', "");
    let spelt = spelt.trim_end_matches(':');
    let full = if spelt.matches(':').count() == 1 {
        format!("{spelt}:00")
    } else {
        spelt.to_owned()
    };
    NaiveTime::parse_from_str(&full, "%H:%M:%S%.f")
        .ok()
        .map(Some)
}

fn without_weekday(text: &str) -> &str {
    let inner = text.trim_matches(['(', ')']).trim();
    let rest = ["星期", "周"]
        .iter()
        .find_map(|word| inner.strip_prefix(word));
    let rest =
        rest.and_then(|rest| rest.strip_prefix(['一', '二', '三', '四', '五', '六', '日', '天']));
    rest.unwrap_or(text).trim_start_matches([')', ' ']).trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelt(text: &str) -> Option<String> {
        read(text).map(|(day, time)| match time {
            Some(time) => format!("{day} {time}"),
            None => day.to_string(),
        })
    }

    #[test]
    fn days_in_all_spellings_are_one_day() {
        for text in [
            "2026年11月26日",
            "2026/11/26",
            "2026.11.26",
            "2026-11-26",
            "20261126",
            "２０２６年１１月２６日",
            " 2026 年 11 月 26 号 ",
            "2026-11-26 星期四",
            "2026年11月26日（周四）",
        ] {
            assert_eq!(spelt(text).as_deref(), Some("2026-11-26"), "{text}");
        }
        for bad in [
            "11月26日",
            "26/11/2026",
            "2026.13.1",
            "2026年11月",
            "26-11-26",
            "明天",
            "",
            "2026-11-26abc",
        ] {
            assert_eq!(spelt(bad), None, "{bad}");
        }
    }

    #[test]
    fn times_follow_the_day() {
        for text in [
            "2026-11-26 09:05",
            "2026/11/26 9:05:00",
            "2026年11月26日 9时5分",
            "2026-11-26T09:05:00",
            "20261126 09：05",
        ] {
            assert_eq!(
                spelt(text).as_deref(),
                Some("2026-11-26 09:05:00"),
                "{text}"
            );
        }
        assert_eq!(
            spelt("2026.1.2 9:05:07.250").as_deref(),
            Some("2026-01-02 09:05:07.250")
        );
    }

    #[test]
    fn serial_numbers_are_days_since_1900_or_1904() {
        let day = |text, is_1904| serial(text, is_1904).map(|(day, _)| day.to_string());
        assert_eq!(day("46352", false).as_deref(), Some("2026-11-26"));
        assert_eq!(day("44890", true).as_deref(), Some("2026-11-26"));
        assert_eq!(day("12", false), None);
        let (_, time) = serial("46352.75", false).unwrap();
        assert_eq!(time, NaiveTime::from_hms_opt(18, 0, 0));
    }
}
