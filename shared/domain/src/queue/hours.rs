//! When a hall gives numbers and keeps appointments: its sessions on working days of the calendar.

use std::sync::Arc;

use chrono::{NaiveDate, NaiveTime};

use crate::calendar::WorkCalendar;
use crate::time::{UtcMs, month_day_text, weekday_text};

/// How far ahead the next working day is looked for.
const DAYS_LOOKED_AHEAD: usize = 60;

/// The hours of a hall and the calendar that says on which days.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OpeningHours {
    /// `ticket.open_hours`: from when until when numbers are given, in order; none means always.
    pub sessions: Vec<(NaiveTime, NaiveTime)>,
    /// `ticket.booking_hours`: the sessions of which a time may be kept; none means that no
    /// appointments are made. Apart from `sessions`, because most halls give numbers at any time and
    /// still want to know when who made an appointment comes.
    pub booking_sessions: Vec<(NaiveTime, NaiveTime)>,
    /// Which days are worked. A year that it does not hold is worked as plain weeks are, because a
    /// hall that is full of people must not stand still for a missing file.
    pub calendar: Arc<WorkCalendar>,
}

/// One stretch of a day in which the hall works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    /// When it begins.
    pub from: UtcMs,
    /// When it ends.
    pub until: UtcMs,
}

/// What a day is for a hall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DayHours {
    /// No hours are set: the hall works whenever somebody is there.
    Unset,
    /// It works in these sessions.
    Works(Vec<Session>),
    /// It does not work; the next day on which it does.
    Rests {
        /// `None` when none is near.
        next: Option<NaiveDate>,
    },
}

impl OpeningHours {
    /// What a day is for numbers.
    #[must_use]
    pub fn on(&self, day: NaiveDate) -> DayHours {
        self.day_of(&self.sessions, day)
    }

    /// What a day is for appointments.
    #[must_use]
    pub fn bookable_on(&self, day: NaiveDate) -> DayHours {
        self.day_of(&self.booking_sessions, day)
    }

    fn day_of(&self, sessions: &[(NaiveTime, NaiveTime)], day: NaiveDate) -> DayHours {
        if sessions.is_empty() {
            return DayHours::Unset;
        }
        if !self.is_worked(day) {
            let later = day.iter_days().skip(1).take(DAYS_LOOKED_AHEAD);
            let next = later.into_iter().find(|day| self.is_worked(*day));
            return DayHours::Rests { next };
        }
        let midnight = UtcMs::start_of(day);
        let at = |time: NaiveTime| {
            midnight.plus_ms(
                time.signed_duration_since(NaiveTime::MIN)
                    .num_milliseconds(),
            )
        };
        let sessions = sessions.iter().map(|(from, until)| Session {
            from: at(*from),
            until: at(*until),
        });
        DayHours::Works(sessions.collect())
    }

    /// The day after so many days that are worked, not counting `day` itself.
    #[must_use]
    pub fn worked_days_after(&self, day: NaiveDate, count: usize) -> NaiveDate {
        let later = day.iter_days().skip(1).filter(|day| self.is_worked(*day));
        count
            .checked_sub(1)
            .and_then(|place| later.into_iter().nth(place))
            .unwrap_or(day)
    }

    fn is_worked(&self, day: NaiveDate) -> bool {
        self.calendar
            .is_workday(day)
            .unwrap_or_else(|_| WorkCalendar::is_plain_workday(day))
    }
}

impl DayHours {
    /// Why no number is given at `now`, in a sentence for who asks; `None` when one is.
    #[must_use]
    pub fn closed_text(&self, now: UtcMs, stop_before_minutes: i64) -> Option<String> {
        let sessions = match self {
            Self::Unset => return None,
            Self::Rests { next } => return Some(rest_text(*next)),
            Self::Works(sessions) => sessions,
        };
        let stops = |session: &Session| session.until.plus_minutes(-stop_before_minutes);
        if sessions
            .iter()
            .any(|session| session.from <= now && now < stops(session))
        {
            return None;
        }
        let later = sessions.iter().find(|session| now < session.from);
        Some(match later {
            Some(session) => format!("现在不发号，{} 开始。", session.from.clock_text()),
            None => "今天的号停发了，请明天再来，或者预约。".to_owned(),
        })
    }

    /// The beginnings of the slots of this length, in order; none when no hours are set.
    pub fn slots(&self, minutes: i64) -> impl Iterator<Item = UtcMs> {
        let sessions = match self {
            Self::Works(sessions) => sessions.as_slice(),
            Self::Unset | Self::Rests { .. } => &[],
        };
        sessions.iter().flat_map(move |session| {
            let until = session.until;
            std::iter::successors(Some(session.from), move |from| {
                Some(from.plus_minutes(minutes.max(1)))
            })
            .take_while(move |from| from.plus_minutes(minutes) <= until)
        })
    }

    /// Whether one of the slots of this length begins at `starts_at`.
    #[must_use]
    pub fn has_slot(&self, starts_at: UtcMs, minutes: i64) -> bool {
        self.slots(minutes).any(|slot| slot == starts_at)
    }
}

fn rest_text(next: Option<NaiveDate>) -> String {
    let next = next.map(|day| {
        format!(
            "下一个工作日是 {}（{}）。",
            month_day_text(day),
            weekday_text(day)
        )
    });
    format!("今天休息，不发号。{}", next.unwrap_or_default())
}
