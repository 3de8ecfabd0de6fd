//! The hall with its queue: commands go in, what they led to is watched.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate, NaiveTime, Weekday};
use domain::id::{GroupCode, WindowNo};
use domain::queue::{
    Command, Conditions, HallLayout, HallQueue, OpeningHours, QueueEvent, QueueRules, Seat,
    ServiceGroup, Session, WindowAct, decide,
};
use domain::refusal::Refusal;
use domain::time::UtcMs;
use serde::Deserialize;

use super::watch::{Broken, Watch};

/// What each window serves, from window 1 on.
const WINDOWS: [&str; 12] = [
    "A", "A", "AE", "AC", "A", "B", "BE", "C", "CD", "D", "DE", "ACD",
];
const SERVICE_GROUPS: &str = include_str!("../../../assets/hall/service-groups.json");
/// From 09:00 to 12:00 and from 13:30 to 17:00.
const SESSIONS: [(u32, u32); 2] = [(9 * 60, 12 * 60), (13 * 60 + 30, 17 * 60)];

/// The hall.
pub(super) struct Hall {
    pub(super) queue: HallQueue,
    pub(super) rules: QueueRules,
    hours: OpeningHours,
    /// Of this day.
    pub(super) watch: Watch,
}

impl Hall {
    pub(super) fn found() -> Self {
        let rules = QueueRules::default();
        let queue = HallQueue::new(layout(), &rules);
        let time = |minute: u32| {
            NaiveTime::from_hms_opt(minute / 60, minute % 60, 0)
                .expect("a time of the day, because the sessions are written above")
        };
        let hours = OpeningHours {
            sessions: SESSIONS
                .map(|(from, until)| (time(from), time(until)))
                .to_vec(),
            ..OpeningHours::default()
        };
        Self {
            watch: Watch::from(&queue),
            queue,
            rules,
            hours,
        }
    }

    /// Gives a command; what was decided is carried out and watched.
    pub(super) fn give(&mut self, command: Command, now: UtcMs) -> Result<Given, Broken> {
        let around = Conditions {
            rules: &self.rules,
            hours: &self.hours,
            now,
        };
        let events = match decide(&self.queue, command, &around) {
            Ok(events) => events,
            Err(refusal) => return Ok(Err(refusal)),
        };
        for event in &events {
            self.watch.see(&self.queue, event, now, &self.rules)?;
            self.queue.apply(event, now);
        }
        Ok(Ok(events))
    }

    pub(super) fn act(
        &mut self,
        window: WindowNo,
        act: WindowAct,
        now: UtcMs,
    ) -> Result<Given, Broken> {
        let seat = Seat {
            window,
            clerk: None,
        };
        self.give(Command::At(seat, act), now)
    }

    pub(super) fn usual_minutes(&self, group: GroupCode) -> i64 {
        let group = self.queue.layout.groups.get(&group);
        group.map_or(10, |group| group.typical_service_minutes.into())
    }
}

/// What came of a command.
pub(super) type Given = Result<Vec<QueueEvent>, Refusal>;

/// The sessions of a day.
pub(super) fn sessions(date: NaiveDate) -> [Session; 2] {
    let at = |minute: u32| UtcMs::start_of(date).plus_minutes(minute.into());
    SESSIONS.map(|(from, until)| Session {
        from: at(from),
        until: at(until),
    })
}

/// Mondays to Fridays from 2 November 2026 on.
pub(super) fn working_days() -> impl Iterator<Item = NaiveDate> {
    let first = NaiveDate::from_ymd_opt(2026, 11, 2).expect("a date, because it is written so");
    let is_worked = |day: &NaiveDate| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    first.iter_days().filter(is_worked)
}

pub(super) fn group(letter: char) -> GroupCode {
    GroupCode::new(letter).expect("a letter of a group, because it is written in this module")
}

#[derive(Deserialize)]
struct ServiceGroups {
    groups: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    code: GroupCode,
    name: String,
    hint: String,
    typical_service_minutes: u16,
}

fn layout() -> HallLayout {
    let read: ServiceGroups = serde_json::from_str(SERVICE_GROUPS)
        .expect("service groups, because the file is one of the repository");
    let groups = read.groups.into_iter().map(|entry| {
        let service = ServiceGroup {
            name: entry.name,
            hint: entry.hint,
            typical_service_minutes: entry.typical_service_minutes,
        };
        (entry.code, service)
    });
    HallLayout {
        groups: groups.collect(),
        windows: windows(),
    }
}

fn windows() -> BTreeMap<WindowNo, std::collections::BTreeSet<GroupCode>> {
    let numbers = (1..).map(|number| {
        WindowNo::new(number).expect("a number of a window, because there are few windows")
    });
    let serves = WINDOWS.map(|letters| letters.chars().map(group).collect());
    numbers.zip(serves).collect()
}
