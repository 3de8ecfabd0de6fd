//! The fleet: every machine with what it last said of itself, what is missing of its record, and
//! the alarms that follow, the worst first. From records to values and words; pure, apart from
//! [`records`], which reads them.
//!
//! What a machine behind a hall node says of itself stays at the node: here it is known by its
//! record only, and never counts as off line.

mod alarm;
mod line;
pub(crate) mod records;
mod watch_hours;
pub(crate) mod words;

#[cfg(test)]
pub(crate) mod fixtures;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use domain::id::HallId;
use domain::time::UtcMs;

pub(crate) use alarm::{Alarm, Urgency};
pub(crate) use line::{Backlog, DeviceState, FleetLine, KeyAge, Reach, Version, VersionAge};
pub(crate) use records::FleetRecords;
pub use watch_hours::WatchHours;

use crate::parameters::Parameters;

/// What the fleet goes by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FleetRules {
    /// A device that was silent for so long is off line.
    pub(crate) offline_ms: i64,
    /// A board that was silent for so long raises an alarm.
    pub(crate) board_offline_ms: i64,
    /// A key that is older is due.
    pub(crate) key_ms: i64,
    /// When silence is an alarm.
    pub(crate) watch_hours: WatchHours,
    /// The version of this program.
    pub(crate) version: &'static str,
}

impl FleetRules {
    /// By the parameters of a day.
    pub(crate) fn of(parameters: &Parameters) -> Self {
        Self {
            offline_ms: parameters.device_offline_ms,
            board_offline_ms: parameters.board_offline_ms,
            key_ms: parameters.device_key_ms,
            watch_hours: parameters.watch_hours,
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}

/// Everything on the page.
#[derive(Debug, Clone)]
pub(crate) struct FleetPage {
    /// When it was so.
    pub(crate) now: UtcMs,
    /// The halls with their stations' names.
    pub(crate) halls: BTreeMap<HallId, String>,
    /// The machines by hall, kind and name; those without rights last.
    pub(crate) lines: Vec<FleetLine>,
    /// The worst first.
    pub(crate) alarms: Vec<Alarm>,
}

impl FleetPage {
    /// The fleet as it is now.
    pub(crate) fn of(records: &FleetRecords, rules: &FleetRules, now: UtcMs) -> Self {
        let mut lines: Vec<FleetLine> = records
            .live
            .devices
            .values()
            .map(|record| FleetLine::of(record, records, rules, now))
            .collect();
        lines.sort_by(|a, b| a.place_in_list().cmp(&b.place_in_list()));
        let alarms = alarm::all(&lines, records, rules, now);
        let halls = records.live.halls.values();
        Self {
            now,
            halls: halls
                .map(|hall| (hall.hall, hall.station_name.clone()))
                .collect(),
            lines,
            alarms,
        }
    }

    /// The machines and alarms of one hall, with the alarms that belong to none.
    pub(crate) fn only_hall(mut self, hall: HallId) -> Self {
        self.lines.retain(|line| line.hall == hall);
        self.alarms
            .retain(|alarm| alarm.hall().is_none_or(|at| at == hall));
        self
    }
}
