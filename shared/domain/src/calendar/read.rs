//! The calendar's file: lines `date,kind,note`; `2026,year,…` says that a year is whole; lines that
//! begin with `#` say where it comes from. And one year as a person types it off the notice:
//! `2027-02-06至2027-02-12 放假 春节；2027-02-20 补班 春节`.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use thiserror::Error;

use super::{DayKind, WorkCalendar, plain_kind};

/// The first line, apart from comments.
const HEADER: &str = "date,kind,note";

/// A calendar's text that is not one. Lines count from 1.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CalendarFault {
    /// The columns are not named.
    #[error("the working calendar does not begin with the line {HEADER:?}.")]
    Header,
    /// Not a row.
    #[error("line {line} of the working calendar is not a date, a kind and a note.")]
    Row {
        /// Where.
        line: usize,
    },
    /// The same day or year twice.
    #[error("line {line} of the working calendar says again what an earlier line said.")]
    Repeated {
        /// Where.
        line: usize,
    },
    /// A make-up day from Monday to Friday, or a working day at a weekend.
    #[error(
        "line {line} of the working calendar gives {day} a kind that its day of the week cannot have."
    )]
    Weekday {
        /// Where.
        line: usize,
        /// The day.
        day: NaiveDate,
    },
    /// A day of a year that has no line of its own.
    #[error("the working calendar has {day}, but no line says that {year} is recorded whole.", year = .day.year())]
    PartOfYear {
        /// The day.
        day: NaiveDate,
    },
}

/// A row of a year that somebody typed and that cannot be taken. Rows count from 1.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TypedYearFault {
    /// Not a row.
    #[error(
        "第 {row} 项看不懂：要写日期、“放假”或“补班”、名称，中间空一格，各项用“；”隔开。例：{year}-01-01 放假 元旦；{year}-10-01至{year}-10-07 放假 国庆节；{year}-10-09 补班 国庆节。"
    )]
    Row {
        /// Which.
        row: usize,
        /// The year that is recorded.
        year: i32,
    },
    /// A day of another year.
    #[error("第 {row} 项的日期不在 {year} 年里。一年录一条。")]
    OtherYear {
        /// Which.
        row: usize,
        /// The year that is recorded.
        year: i32,
    },
    /// A day that was named before.
    #[error("第 {row} 项的 {day} 前面已经写过。")]
    Repeated {
        /// Which.
        row: usize,
        /// The day.
        day: NaiveDate,
    },
    /// A make-up day from Monday to Friday.
    #[error("第 {row} 项的 {day} 不是星期六、星期日，不会是补班。")]
    Weekday {
        /// Which.
        row: usize,
        /// The day.
        day: NaiveDate,
    },
}

impl WorkCalendar {
    /// Reads the days off and the make-up days of one whole year as a person types them.
    ///
    /// # Errors
    /// [`TypedYearFault`] naming the first row that is wrong.
    pub fn typed_year(year: i32, text: &str) -> Result<Self, TypedYearFault> {
        let mut calendar = Self::default();
        calendar.years.insert(year);
        let rows = text.split(['\n', '；', ';']).map(str::trim);
        for (row, text) in (1..).zip(rows).filter(|(_, text)| !text.is_empty()) {
            let bad = || TypedYearFault::Row { row, year };
            let (days, kind, note) = typed_row(text).ok_or_else(bad)?;
            for day in days {
                if day.year() != year {
                    return Err(TypedYearFault::OtherYear { row, year });
                }
                if kind == DayKind::Makeup && !is_weekend(day) {
                    return Err(TypedYearFault::Weekday { row, day });
                }
                if calendar.days.insert(day, (kind, note.to_owned())).is_some() {
                    return Err(TypedYearFault::Repeated { row, day });
                }
            }
        }
        Ok(calendar)
    }

    /// Reads the text of `assets/calendar/workdays.csv`.
    ///
    /// # Errors
    /// [`CalendarFault`] naming the first thing that is wrong.
    pub fn read(text: &str) -> Result<Self, CalendarFault> {
        let said = |line: &&str| !line.trim().is_empty() && !line.starts_with('#');
        let lines = text.lines().map(|line| line.trim_end_matches('\r'));
        let mut lines = (1..).zip(lines).filter(|(_, line)| said(line));
        if lines.next().map(|(_, line)| line) != Some(HEADER) {
            return Err(CalendarFault::Header);
        }
        let mut calendar = Self::default();
        for (line, text) in lines {
            if !calendar.take_in(line, text)? {
                return Err(CalendarFault::Repeated { line });
            }
        }
        calendar.checked()
    }

    /// Takes in one row; whether it is new.
    fn take_in(&mut self, line: usize, text: &str) -> Result<bool, CalendarFault> {
        let bad = CalendarFault::Row { line };
        let cells: Vec<&str> = text.splitn(3, ',').collect();
        let &[when, kind, note] = cells.as_slice() else {
            return Err(bad);
        };
        if kind == "year" {
            return when
                .parse()
                .map(|year| self.years.insert(year))
                .map_err(|_| bad);
        }
        let kind = kind_of(kind).ok_or(bad.clone())?;
        let day: NaiveDate = when.parse().map_err(|_| bad)?;
        if kind != DayKind::Holiday && (kind == DayKind::Makeup) != is_weekend(day) {
            return Err(CalendarFault::Weekday { line, day });
        }
        let earlier = self.days.insert(day, (kind, note.to_owned()));
        Ok(earlier.is_none())
    }

    fn checked(self) -> Result<Self, CalendarFault> {
        let days: &BTreeMap<_, _> = &self.days;
        let outside = days.keys().find(|day| !self.years.contains(&day.year()));
        match outside {
            Some(day) => Err(CalendarFault::PartOfYear { day: *day }),
            None => Ok(self),
        }
    }
}

/// A row's days, what they are, and their name.
fn typed_row(text: &str) -> Option<(impl Iterator<Item = NaiveDate>, DayKind, &str)> {
    let mut cells = text.split_whitespace();
    let (when, kind, note) = (cells.next()?, cells.next()?, cells.next().unwrap_or(""));
    let (from, to) = when.split_once(['至', '~', '～']).unwrap_or((when, when));
    let (from, to): (NaiveDate, NaiveDate) = (from.parse().ok()?, to.parse().ok()?);
    let kind = match kind {
        "放假" => DayKind::Holiday,
        "补班" => DayKind::Makeup,
        _ => return None,
    };
    let is_row = cells.next().is_none() && from <= to && from.year() == to.year();
    is_row.then(|| {
        (
            from.iter_days().take_while(move |day| *day <= to),
            kind,
            note,
        )
    })
}

fn is_weekend(day: NaiveDate) -> bool {
    plain_kind(day) == DayKind::Holiday
}

fn kind_of(word: &str) -> Option<DayKind> {
    Some(match word {
        "workday" => DayKind::Workday,
        "holiday" => DayKind::Holiday,
        "makeup" => DayKind::Makeup,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(rows: &str) -> CalendarFault {
        WorkCalendar::read(&format!("# source\ndate,kind,note\n{rows}")).unwrap_err()
    }

    #[test]
    fn a_year_is_typed_off_the_notice_with_spans_and_make_up_days() {
        let typed =
            "2027-01-01 放假 元旦；2027-02-06至2027-02-12 放假 春节\n2027-02-20 补班 春节；";
        let calendar = WorkCalendar::typed_year(2027, typed).unwrap();
        let works = |text: &str| calendar.is_workday(text.parse().unwrap()).unwrap();
        assert!(!works("2027-01-01") && !works("2027-02-12"));
        assert!(works("2027-02-20"), "a Saturday that is worked");
        assert!(works("2027-02-15") && !works("2027-02-21"));
        for (text, said) in [
            ("2027-01-01 休息", "第 1 项看不懂"),
            (
                "2027-01-01 放假 元旦；2027-02-12至2027-02-06 放假 春节",
                "第 2 项看不懂",
            ),
            ("2026-12-31 放假 元旦", "不在 2027 年里"),
            ("2027-01-01 放假 元旦；2027-01-01 放假 元旦", "前面已经写过"),
            ("2027-02-19 补班 春节", "不是星期六、星期日"),
        ] {
            let fault = WorkCalendar::typed_year(2027, text).unwrap_err();
            assert!(fault.to_string().contains(said), "{text}: {fault}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        assert_eq!(WorkCalendar::read(""), Err(CalendarFault::Header));
        for row in [
            "2026-02-30,holiday,x",
            "2026,holiday,x",
            "2026-10-01,feast,x",
            "2026",
        ] {
            assert_eq!(fault(row), CalendarFault::Row { line: 3 }, "{row}");
        }
        let twice = "2026,year,x\n2026-10-01,holiday,x\n2026-10-01,holiday,x\n";
        assert_eq!(fault(twice), CalendarFault::Repeated { line: 5 });
        let day = NaiveDate::from_ymd_opt(2026, 10, 1).unwrap();
        let thursday = CalendarFault::Weekday { line: 3, day };
        assert_eq!(fault("2026-10-01,makeup,x"), thursday);
        let part = CalendarFault::PartOfYear { day };
        assert_eq!(fault("2026-10-01,holiday,x"), part);
        assert!(part.to_string().contains("no line says that 2026 is"));
    }
}
