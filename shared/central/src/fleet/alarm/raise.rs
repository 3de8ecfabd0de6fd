//! Which alarms the fleet raises now. Pure.

use std::collections::BTreeMap;

use domain::id::{DeviceId, HallId};
use domain::time::UtcMs;
use wire::api::DeviceKind;
use wire::problem::ProblemCode;

use crate::backup::Seen;
use crate::boards::{need, silence};
use crate::fleet::{DeviceState, FleetLine, FleetRecords, FleetRules};

use super::{Alarm, Named, Silence, Storm, Waiting};

/// A gap that is filled sooner is the ordinary course of a bad line.
const GAP_ALARM_MS: i64 = 10 * 60_000;
/// A daily backup, and two hours in which it may be late.
const BACKUP_ALARM_MS: i64 = 26 * 60 * 60_000;
/// So many refusals of one machine in ten minutes are a storm.
const STORM_TIMES: u64 = 100;

/// All alarms, the worst first.
pub(in crate::fleet) fn all(
    lines: &[FleetLine],
    records: &FleetRecords,
    rules: &FleetRules,
    now: UtcMs,
) -> Vec<Alarm> {
    let has_several_halls = records.live.halls.len() > 1;
    let named = |line: &FleetLine| Named {
        device: line.device,
        hall: line.hall,
        name: match has_several_halls {
            true => format!("{} {}", line.hall_name, line.name)
                .trim_start()
                .to_owned(),
            false => line.name.clone(),
        },
    };
    let mut alarms = Vec::new();
    for line in lines {
        of_line(line, &named, records, now, &mut alarms);
    }
    if rules.watch_hours.contain(now) {
        alarms.extend(silences(lines, &named).into_iter().map(Alarm::Offline));
        alarms.extend(silent_boards(lines, records, rules, now));
    }
    alarms.extend(needy_boards(records));
    alarms.extend(centre(records, rules, now));
    alarms.extend(records.backups.and_then(|seen| backup(seen, now)));
    alarms.extend(storms(lines, &named, records));
    alarms.sort_by_key(rank);
    alarms
}

fn rank(alarm: &Alarm) -> u8 {
    match alarm {
        Alarm::Contradicted(..) => 0,
        Alarm::Full(_) => 1,
        Alarm::NodeCutOff(..) => 2,
        Alarm::CentreCutOff(_) => 3,
        Alarm::Offline(silence) if silence.is_whole_hall => 4,
        Alarm::BackupLate(_) => 5,
        Alarm::Offline(_) => 6,
        Alarm::BoardSilent(..) => 7,
        Alarm::BoardNeeds(..) => 8,
        Alarm::Gap(..) => 9,
        Alarm::Storm(..) => 10,
        Alarm::NearlyFull(_) => 11,
        Alarm::ClockOff(..) => 12,
    }
}

fn of_line(
    line: &FleetLine,
    named: &impl Fn(&FleetLine) -> Named,
    records: &FleetRecords,
    now: UtcMs,
    alarms: &mut Vec<Alarm>,
) {
    match line.state {
        DeviceState::Revoked => return,
        DeviceState::Contradicted => {
            let set_aside = records.set_aside.get(&line.device).copied();
            alarms.push(Alarm::Contradicted(named(line), set_aside.unwrap_or(0)));
        }
        DeviceState::Full => alarms.push(Alarm::Full(named(line))),
        DeviceState::NearlyFull => alarms.push(Alarm::NearlyFull(named(line))),
        DeviceState::Offline(at) if line.kind == DeviceKind::HallNode => {
            alarms.push(Alarm::NodeCutOff(named(line), at));
        }
        DeviceState::Offline(_)
        | DeviceState::BehindNode
        | DeviceState::NeverSeen
        | DeviceState::Online => {}
    }
    if let Some(gap) = line
        .gap
        .filter(|gap| now.ms_since(gap.since) > GAP_ALARM_MS)
    {
        let is_on_line = matches!(line.state, DeviceState::Online | DeviceState::NearlyFull);
        alarms.push(Alarm::Gap(named(line), Waiting { gap, is_on_line }));
    }
    if let Some(skew_ms) = line.skew_ms.filter(|_| line.is_clock_far_off()) {
        alarms.push(Alarm::ClockOff(named(line), skew_ms));
    }
}

/// The silent machines, by hall; a hall's node has an alarm of its own.
fn silences(lines: &[FleetLine], named: &impl Fn(&FleetLine) -> Named) -> Vec<Silence> {
    let mut halls: BTreeMap<HallId, (Silence, usize)> = BTreeMap::new();
    let direct = lines.iter().filter(|line| {
        line.kind != DeviceKind::HallNode
            && !matches!(line.state, DeviceState::Revoked | DeviceState::BehindNode)
    });
    for line in direct {
        let (silence, others) = halls.entry(line.hall).or_insert_with(|| {
            let silence = Silence {
                hall: line.hall,
                hall_name: line.hall_name.clone(),
                silent: Vec::new(),
                is_whole_hall: false,
            };
            (silence, 0)
        });
        match line.state {
            DeviceState::Offline(at) => silence.silent.push((named(line), at)),
            _ => *others += 1,
        }
    }
    let silences = halls.into_values().map(|(silence, others)| Silence {
        is_whole_hall: others == 0 && silence.silent.len() > 1,
        ..silence
    });
    silences
        .filter(|silence| !silence.silent.is_empty())
        .collect()
}

/// Boards that do not answer to a driver that does: of the boards of one that is off line nobody
/// knows, and it has an alarm of its own.
fn silent_boards(
    lines: &[FleetLine],
    records: &FleetRecords,
    rules: &FleetRules,
    now: UtcMs,
) -> Vec<Alarm> {
    let (boards, described) = &records.boards;
    let is_heard = |device: DeviceId| {
        let line = lines.iter().find(|line| line.device == device);
        line.is_some_and(|line| {
            !matches!(line.state, DeviceState::Revoked | DeviceState::Offline(_))
        })
    };
    let silent = silence::silent(boards, described, rules.board_offline_ms, now);
    let heard = silent.into_iter().filter(|(line, _)| is_heard(line.device));
    heard
        .map(|(line, since)| {
            let named = Named {
                device: line.device,
                hall: line.hall,
                name: line.board.clone(),
            };
            Alarm::BoardSilent(named, since)
        })
        .collect()
}

/// Boards whose card is broken or set up otherwise than it should be.
fn needy_boards(records: &FleetRecords) -> Vec<Alarm> {
    let (boards, described) = &records.boards;
    let needy = need::needy(boards, described).into_iter();
    needy
        .map(|(line, need, since)| {
            let named = Named {
                device: line.device,
                hall: line.hall,
                name: line.board.clone(),
            };
            Alarm::BoardNeeds(named, need, since)
        })
        .collect()
}

/// Only a hall node has a centre.
fn centre(records: &FleetRecords, rules: &FleetRules, now: UtcMs) -> Option<Alarm> {
    let heard_at = records.centre_heard_at?;
    let is_cut_off = now.ms_since(heard_at) >= rules.offline_ms;
    is_cut_off.then_some(Alarm::CentreCutOff(heard_at))
}

fn backup(seen: Seen, now: UtcMs) -> Option<Alarm> {
    let since = seen.newest.unwrap_or(seen.started_at);
    let is_late = now.ms_since(since) > BACKUP_ALARM_MS;
    is_late.then_some(Alarm::BackupLate(seen.newest))
}

/// Machines that nobody enrolled share one alarm: their names are made up.
fn storms(
    lines: &[FleetLine],
    named: &impl Fn(&FleetLine) -> Named,
    records: &FleetRecords,
) -> Vec<Alarm> {
    let known: BTreeMap<DeviceId, &FleetLine> =
        lines.iter().map(|line| (line.device, line)).collect();
    let mut counts: BTreeMap<Option<DeviceId>, Vec<(u64, ProblemCode)>> = BTreeMap::new();
    for refusal in &records.refusals {
        let device = Some(refusal.device).filter(|device| known.contains_key(device));
        let codes = counts.entry(device).or_default();
        match codes.iter_mut().find(|(_, code)| *code == refusal.code) {
            Some((times, _)) => *times += refusal.times,
            None => codes.push((refusal.times, refusal.code)),
        }
    }
    let storms = counts.into_iter().filter_map(|(device, codes)| {
        let times = codes.iter().map(|(times, _)| times).sum();
        let (_, code) = codes.into_iter().max_by_key(|(times, _)| *times)?;
        let named = device
            .and_then(|device| known.get(&device))
            .map(|line| named(line));
        (times >= STORM_TIMES).then_some(Alarm::Storm(named, Storm { times, code }))
    });
    storms.collect()
}
