//! Dates as sources write them, resolved once against the day of the import: `今日更新`,
//! `3天前发布`, `10:31发布`, `09-03发布`, `2015年03月24日`, `2023-08-30 14:07:12`. Only the day is
//! kept; it is shown, and never decides the order.

use chrono::{Datelike, Days, NaiveDate};

/// A date without a year is looked for this many years back; eight cover 29 February.
const YEARS_BACK: i32 = 8;

/// A day, and whether its year is our reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Posted {
    pub(super) on: NaiveDate,
    pub(super) year_assumed: bool,
}

/// The day a posting cell means. A day after `as_of` is not understood: nothing is posted in the
/// future.
pub(super) fn read(text: &str, as_of: NaiveDate) -> Option<Posted> {
    let text = strip_verb(text.trim());
    let certain = full_date(text).or_else(|| relative(text, as_of));
    let posted = match certain {
        Some(on) => Posted {
            on,
            year_assumed: false,
        },
        None => Posted {
            on: month_day_before(text, as_of)?,
            year_assumed: true,
        },
    };
    (posted.on <= as_of).then_some(posted)
}

fn strip_verb(text: &str) -> &str {
    let text = ["发布", "更新", "刷新"]
        .iter()
        .find_map(|verb| text.strip_suffix(verb))
        .unwrap_or(text);
    text.trim_end()
}

/// `今日`, `昨天`, `3天前`, `5小时前`, `2周前`, and a bare time of day.
fn relative(text: &str, as_of: NaiveDate) -> Option<NaiveDate> {
    match text {
        "今日" | "今天" | "刚刚" | "当天" => return Some(as_of),
        "昨日" | "昨天" => return as_of.pred_opt(),
        "前天" => return as_of.checked_sub_days(Days::new(2)),
        _ => {}
    }
    for (suffix, days_each) in [
        ("分钟前", 0),
        ("小时前", 0),
        ("天前", 1),
        ("日前", 1),
        ("周前", 7),
    ] {
        if let Some(count) = text.strip_suffix(suffix) {
            let days = number(count)?.checked_mul(days_each)?;
            return as_of.checked_sub_days(Days::new(u64::from(days)));
        }
    }
    is_time_of_day(text).then_some(as_of)
}

fn is_time_of_day(text: &str) -> bool {
    let parts: Vec<_> = text.split(':').map(number).collect();
    match parts.as_slice() {
        [Some(hour), Some(minute)] => *hour < 24 && *minute < 60,
        [Some(hour), Some(minute), Some(second)] => *hour < 24 && *minute < 60 && *second < 60,
        _ => false,
    }
}

/// `2015年03月24日`, `2023-08-30`, `2023/8/30`, `2023.8.30`, with or without a time after it.
pub(super) fn full_date(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    let (date, time) = text.split_once([' ', 'T']).unwrap_or((text, ""));
    if !time.is_empty() && !is_time_of_day(time.trim().split('.').next().unwrap_or_default()) {
        return None;
    }
    let [year, month, day] = date_parts(date)?;
    NaiveDate::from_ymd_opt(
        i32::try_from(year)
            .ok()
            .filter(|y| (1990..2100).contains(y))?,
        month,
        day,
    )
}

fn date_parts(date: &str) -> Option<[u32; 3]> {
    let mut parts = date
        .strip_suffix('日')
        .unwrap_or(date)
        .split(['年', '月', '-', '/', '.']);
    let three = [
        number(parts.next()?)?,
        number(parts.next()?)?,
        number(parts.next()?)?,
    ];
    parts.next().is_none().then_some(three)
}

/// `10-14`, `5月6日`: the latest such day that is not after `as_of`.
fn month_day_before(text: &str, as_of: NaiveDate) -> Option<NaiveDate> {
    let (month, day) = month_day(text)?;
    (0..=YEARS_BACK)
        .filter_map(|years| NaiveDate::from_ymd_opt(as_of.year() - years, month, day))
        .find(|date| *date <= as_of)
}

/// `10-14`, `5月6日`: the next such day that is not before `as_of`; for the end of validity.
pub(super) fn month_day_from(text: &str, as_of: NaiveDate) -> Option<NaiveDate> {
    let (month, day) = month_day(text)?;
    (0..=YEARS_BACK)
        .filter_map(|years| NaiveDate::from_ymd_opt(as_of.year() + years, month, day))
        .find(|date| *date >= as_of)
}

fn month_day(text: &str) -> Option<(u32, u32)> {
    let text = text.trim();
    let (month, day) = match text.strip_suffix('日') {
        Some(written) => written.split_once('月')?,
        None => text.split_once(['-', '/'])?,
    };
    Some((number(month)?, number(day)?))
}

fn number(text: &str) -> Option<u32> {
    let plain = (1..=4).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn every_way_of_the_yardstick_resolves_against_the_day_of_the_import() {
        let as_of = day(2026, 11, 23);
        for (text, on, year_assumed) in [
            ("10-14", day(2026, 10, 14), true),
            ("11-23", day(2026, 11, 23), true),
            ("11-24", day(2025, 11, 24), true),
            ("09-03发布", day(2026, 9, 3), true),
            ("5月6日更新", day(2026, 5, 6), true),
            ("02-29", day(2024, 2, 29), true),
            ("3天前更新", day(2026, 11, 20), false),
            ("90天前发布", day(2026, 8, 25), false),
            ("今日更新", as_of, false),
            ("昨天发布", day(2026, 11, 22), false),
            ("10:31发布", as_of, false),
            ("2015年03月24日", day(2015, 3, 24), false),
            ("2023-08-30 14:07:12", day(2023, 8, 30), false),
            ("2023/8/30", day(2023, 8, 30), false),
        ] {
            assert_eq!(
                read(text, as_of),
                Some(Posted { on, year_assumed }),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_past_day_is_not_understood() {
        for text in [
            "",
            "昨",
            "13-40",
            "2027-01-01",
            "2023-02-30",
            "25:10发布",
            "2023-08-30 见面",
            "1-2-3-4",
            "招1人",
        ] {
            assert_eq!(read(text, day(2026, 11, 23)), None, "{text}");
        }
    }

    #[test]
    fn an_end_of_validity_without_a_year_lies_ahead() {
        let as_of = day(2026, 11, 23);
        assert_eq!(month_day_from("12-31", as_of), Some(day(2026, 12, 31)));
        assert_eq!(month_day_from("3月1日", as_of), Some(day(2027, 3, 1)));
    }
}
