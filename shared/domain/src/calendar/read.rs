//! The calendar's file: lines `date,kind,note`; `2026,year,…` says that a year is whole; lines that
//! begin with `#` say where it comes from.

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

impl WorkCalendar {
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
