//! One machine of the fleet: how it is, and what it said. Pure.

use std::cmp::Ordering;

use domain::id::{DeviceId, HallId};
use domain::time::UtcMs;
use wire::api::DeviceKind;
use wire::status::LogCondition;

use crate::store::{ChainGap, Contact, DeviceRecord, Standing, ToldStatus};

use super::words::moment_text;
use super::{FleetRecords, FleetRules};

/// A clock that is further off is an alarm.
pub(super) const SKEW_ALARM_MS: u64 = 5 * 60_000;

/// A machine.
#[derive(Debug, Clone)]
pub(crate) struct FleetLine {
    /// Which.
    pub(crate) device: DeviceId,
    /// Its name.
    pub(crate) name: String,
    /// What it is.
    pub(crate) kind: DeviceKind,
    /// Where it stands.
    pub(crate) hall: HallId,
    /// The station's name; empty while the hall is not laid out.
    pub(crate) hall_name: String,
    /// How it is.
    pub(crate) state: DeviceState,
    /// What program it runs, if it said so.
    pub(crate) version: Option<Version>,
    /// When it was last heard.
    pub(crate) last_seen: Option<UtcMs>,
    /// What it holds that is not here, if it said so.
    pub(crate) backlog: Option<Backlog>,
    /// To be added to its clock to get the service's, if it was measured.
    pub(crate) skew_ms: Option<i64>,
    /// What waits here for something before it.
    pub(crate) gap: Option<ChainGap>,
    /// How old its key is.
    pub(crate) key: KeyAge,
}

/// How a machine is; the first that holds, in the order of [`DeviceState::of`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DeviceState {
    /// Its rights were withdrawn.
    Revoked,
    /// Its record contradicts ours.
    Contradicted,
    /// It takes no new acts.
    Full,
    /// A hall node speaks for it.
    BehindNode,
    /// It was enrolled and never spoke.
    NeverSeen,
    /// Silent since then.
    Offline(UtcMs),
    /// On line, and soon full.
    NearlyFull,
    /// On line.
    Online,
}

/// How a machine reaches this service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// By itself; when it was last heard.
    Itself(Option<UtcMs>),
    /// By its hall's node.
    Node,
}

/// Events that a machine holds and the service does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Backlog {
    /// How many.
    pub(crate) count: u64,
    /// When the oldest of them happened, on the service's clock.
    pub(crate) oldest: Option<UtcMs>,
    /// Whether the machine has fallen silent since it said so.
    pub(crate) is_of_the_past: bool,
}

/// How long a device's key has been in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct KeyAge {
    /// So long.
    pub(crate) ms: i64,
    /// Whether the device must draw another one.
    pub(crate) is_due: bool,
}

/// A program's version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Version {
    /// As told.
    pub(crate) text: String,
    /// Beside this server's.
    pub(crate) age: VersionAge,
}

/// A version beside this server's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum VersionAge {
    /// It must be replaced.
    Older,
    /// The same, or one that cannot be compared.
    Same,
    /// The server is behind.
    Newer,
}

impl DeviceState {
    /// How a machine is.
    pub(crate) fn of(
        standing: Standing,
        log: Option<LogCondition>,
        reach: Reach,
        offline_ms: i64,
        now: UtcMs,
    ) -> Self {
        match (standing, log, reach) {
            (Standing::Revoked, ..) => Self::Revoked,
            (Standing::Equivocated, ..) | (_, Some(LogCondition::Halted), _) => Self::Contradicted,
            (_, Some(LogCondition::Full), _) => Self::Full,
            (_, _, Reach::Node) => Self::BehindNode,
            (_, _, Reach::Itself(None)) => Self::NeverSeen,
            (_, _, Reach::Itself(Some(at))) if now.ms_since(at) >= offline_ms => Self::Offline(at),
            (_, Some(LogCondition::NearlyFull), _) => Self::NearlyFull,
            _ => Self::Online,
        }
    }

    /// In one word or two.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Revoked => "已停用",
            Self::Contradicted => "记录对不上，请重新登记",
            Self::Full => "存储满了，不能再办理",
            Self::BehindNode => "由大厅节点代传",
            Self::NeverSeen => "还没有连上",
            Self::Offline(_) => "断线",
            Self::NearlyFull => "存储快满了",
            Self::Online => "在线",
        }
    }

    /// With the time since when.
    pub(crate) fn text(self, now: UtcMs) -> String {
        match self {
            Self::Offline(at) => format!("断线，最后一次在 {}", moment_text(at, now)),
            other => other.word().to_owned(),
        }
    }
}

impl Version {
    fn of(text: &str, servers: &str) -> Self {
        let numbers = |text: &str| -> Option<Vec<u64>> {
            let release = text.split(['-', '+']).next()?;
            release.split('.').map(|part| part.parse().ok()).collect()
        };
        let order = numbers(text).zip(numbers(servers));
        let age = match order.map(|(own, servers)| own.cmp(&servers)) {
            Some(Ordering::Less) => VersionAge::Older,
            Some(Ordering::Greater) => VersionAge::Newer,
            Some(Ordering::Equal) | None => VersionAge::Same,
        };
        Self {
            text: text.to_owned(),
            age,
        }
    }
}

impl FleetLine {
    pub(super) fn of(
        record: &DeviceRecord,
        records: &FleetRecords,
        rules: &FleetRules,
        now: UtcMs,
    ) -> Self {
        let (device, live) = (record.device, &records.live);
        let node = live.nodes.get(&record.hall);
        let is_behind_node = node.is_some_and(|node| *node != device);
        let told = records.statuses.get(&device);
        let contact = records.contacts.get(&device);
        let last_seen = last_seen(records.seen.get(&device).copied(), told, contact);
        let reach = match is_behind_node {
            true => Reach::Node,
            false => Reach::Itself(last_seen),
        };
        let key_age_ms = now.ms_since(record.key_since);
        let log = told.map(|told| told.status.log);
        let hall_name = live.halls.get(&record.hall).map(|hall| &hall.station_name);
        let state = DeviceState::of(record.standing, log, reach, rules.offline_ms, now);
        Self {
            device,
            name: record.name.clone(),
            kind: record.kind,
            hall: record.hall,
            hall_name: hall_name.cloned().unwrap_or_default(),
            state,
            version: told.map(|told| Version::of(&told.status.version, rules.version)),
            last_seen,
            backlog: told.map(|told| Backlog {
                count: told.status.backlog,
                oldest: oldest(told, contact),
                is_of_the_past: now.ms_since(told.at) >= rules.offline_ms,
            }),
            skew_ms: skew(told, contact.filter(|_| !is_behind_node)),
            gap: records.gaps.get(&device).copied(),
            key: KeyAge {
                ms: key_age_ms,
                is_due: key_age_ms > rules.key_ms,
            },
        }
    }

    /// By hall, kind and name; without rights last.
    pub(super) fn place_in_list(&self) -> impl Ord + '_ {
        let is_revoked = self.state == DeviceState::Revoked;
        (
            is_revoked,
            &self.hall_name,
            self.hall,
            self.kind,
            &self.name,
        )
    }

    /// Whether somebody should look at it.
    pub(crate) fn needs_a_look(&self) -> bool {
        match self.state {
            DeviceState::Revoked => false,
            DeviceState::Online | DeviceState::BehindNode => {
                self.gap.is_some() || self.is_clock_far_off()
            }
            DeviceState::Contradicted
            | DeviceState::Full
            | DeviceState::NeverSeen
            | DeviceState::Offline(_)
            | DeviceState::NearlyFull => true,
        }
    }

    /// Whether its clock is off by more than anybody should bear.
    pub(crate) fn is_clock_far_off(&self) -> bool {
        self.skew_ms
            .is_some_and(|ms| ms.unsigned_abs() > SKEW_ALARM_MS)
    }
}

fn last_seen(
    at_the_door: Option<UtcMs>,
    told: Option<&ToldStatus>,
    contact: Option<&Contact>,
) -> Option<UtcMs> {
    let told = told.map(|told| told.at);
    let pushed = contact.map(|contact| contact.last_push_at);
    at_the_door.max(told).max(pushed)
}

/// The newer of the two measurements.
fn skew(told: Option<&ToldStatus>, contact: Option<&Contact>) -> Option<i64> {
    let told = told.map(|told| (told.at, told.at.ms_since(told.status.device_time)));
    let pushed = contact.map(|contact| (contact.last_push_at, contact.skew_ms));
    told.max(pushed).map(|(_, skew_ms)| skew_ms)
}

/// When the oldest waiting event happened: the device's time, corrected by what its clock was off
/// when it said so, after what it had pushed before and before it said so.
fn oldest(told: &ToldStatus, contact: Option<&Contact>) -> Option<UtcMs> {
    let skew_ms = told.at.ms_since(told.status.device_time);
    let corrected = told.status.oldest_at?.plus_ms(skew_ms);
    let earliest = contact.map_or(UtcMs(i64::MIN), |contact| contact.covered_until);
    Some(corrected.max(earliest).min(told.at))
}
