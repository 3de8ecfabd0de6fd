//! The start page's request: gathers what wants doing now.

use std::collections::BTreeMap;

use axum::extract::State;
use domain::id::WindowNo;
use domain::rating::WindowScores;
use domain::time::UtcMs;
use maud::Markup;

use super::gate::desk;
use super::page_error::PageError;
use super::records::{fault, is_personal};
use super::{lines, lists};
use crate::app_state::AppState;
use crate::cases::batches::WantedBatch;
use crate::cases::{GroupOfWork, WorkItem, WorkRest};
use crate::fleet::{self, FleetPage};
use crate::overview::{HallSnapshot, HelpCallLine, ListingCounts};
use crate::pages::boards::BOARDS_PATH;
use crate::pages::console::{minutes_since, window_cells};
use crate::pages::devices::address;
use crate::pages::fleet::address as fleet_address;
use crate::pages::records::{RestOfKind, WorkCard, WorkRow, due_mark};
use crate::pages::start::{SeatLine, StartView, Task, Urgency, start_page};
use crate::parameters::DAYS_OFF;
use crate::staff::{
    CallTickets, HelpCitizens, KeepParameters, SeeFleet, SeeListings, Staff, StaffSession,
    StartWork, WorkOnRecords,
};

/// `GET /staff`
pub(super) async fn show(
    clerk: Staff<StartWork>,
    State(state): State<AppState>,
) -> Result<Markup, PageError> {
    let now = state.now();
    let (hall_id, today) = (clerk.hall, now.hall_date());
    let hall = state.hall_snapshot(hall_id);
    let scores = state.hall_scores(hall_id, today, today).await?.windows;
    let seat = clerk.window;
    let window = hall.as_ref().zip(seat).map(|(hall, window)| {
        let served = scores.get(&window).map_or(0, |scores| scores.visits);
        seat_line(hall, window, served, now)
    });
    let total = sum(scores.into_values());
    let view = StartView {
        now,
        hall_waiting: hall
            .as_ref()
            .map_or(0, |hall| hall.groups.values().map(|g| g.waiting).sum()),
        hall_served: total.visits,
        satisfaction: total.satisfaction().text(),
        response: total.response().text(),
        calls_tickets: clerk.also::<CallTickets>().is_some(),
        tasks: tasks(window.as_ref(), &seen(&clerk, &state).await?),
        work: work(&clerk, &state).await?,
        lines: match clerk.also::<WorkOnRecords>() {
            Some(clerk) => lines::tiles(&clerk, &state).await?,
            None => Vec::new(),
        },
        windows: hall.map_or_else(Vec::new, |hall| window_cells(&hall.queue, now)),
        window,
    };
    Ok(start_page(&desk(&clerk, &state), &view))
}

/// What a person may see of what wants doing.
#[derive(Debug, Default)]
struct Seen {
    calls: Vec<HelpCallLine>,
    fleet: Option<FleetPage>,
    listings: ListingCounts,
    /// Lists that should have been made by now.
    batches: Vec<WantedBatch>,
    /// The year whose days off somebody should enter.
    unrecorded_year: Option<i32>,
}

/// Nobody is shown what only others can do.
async fn seen(clerk: &Staff<StartWork>, state: &AppState) -> Result<Seen, PageError> {
    let mut seen = Seen::default();
    if clerk.also::<HelpCitizens>().is_some() {
        seen.calls = state.help_calls().await?;
        seen.calls.retain(|call| call.hall == clerk.hall);
    }
    if let Some(may_see) = clerk.also::<SeeFleet>() {
        seen.fleet = Some(state.fleet(&may_see).await?.only_hall(clerk.hall));
    }
    if clerk.also::<KeepParameters>().is_some() {
        let (live, today) = (state.inner.store.live(), state.now().hall_date());
        let in_force = &state.inner.in_force;
        seen.unrecorded_year = in_force.unrecorded_year(&live.parameters, today);
    }
    if let Some(clerk) = clerk.also::<WorkOnRecords>() {
        seen.batches = lists::wanted(&clerk, state).await?;
    }
    if clerk.also::<SeeListings>().is_some() {
        seen.listings = state.listing_counts().await?;
    }
    Ok(seen)
}

async fn work(staff: &Staff<StartWork>, state: &AppState) -> Result<Vec<WorkCard>, PageError> {
    let (cases, today) = (&state.inner.cases, state.now().hall_date());
    let work = cases.work_of(StaffSession::clone(staff), today);
    let work = work.await.map_err(fault)?;
    let shown = work.iter().flat_map(|group| &group.shown);
    let personal = shown.filter(|item| is_personal(item.sensitivity));
    let personal = count_by_kind(personal.map(|item| item.kind_name.as_str()));
    if !personal.is_empty() {
        let subject = format!("要办的业务：{personal} 条");
        state.audit_reading_of_day(staff, &subject).await?;
    }
    let row = |item: WorkItem| WorkRow {
        address: format!("/staff/record/{}", item.record),
        kind_name: item.kind_name,
        case_no: item.case_no,
        title: item.title,
        state: item.state,
        due: item.due_on.map(|due| due_mark(due, today, cases.rules())),
        step: item.step,
        reminders: item.reminders,
    };
    let card = |of: GroupOfWork| WorkCard {
        group: of.group,
        rows: of.shown.into_iter().map(row).collect(),
        rest: of.rest.into_iter().map(rest).collect(),
    };
    Ok(work.into_iter().map(card).collect())
}

fn rest(kind: WorkRest) -> RestOfKind {
    RestOfKind {
        list: format!("/staff/records/{}", kind.kind),
        kind_name: kind.kind_name,
        records: kind.records,
    }
}

/// `自然人 3、一次性求职补贴 1`; empty for none.
fn count_by_kind<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let mut counts = BTreeMap::<_, u32>::new();
    for name in names {
        *counts.entry(name).or_default() += 1;
    }
    let counts = counts.iter().map(|(name, count)| format!("{name} {count}"));
    counts.collect::<Vec<_>>().join("、")
}

fn sum(windows: impl Iterator<Item = WindowScores>) -> WindowScores {
    windows.fold(WindowScores::default(), |mut total, window| {
        total.visits += window.visits;
        for (level, count) in window.scores {
            *total.scores.entry(level).or_default() += count;
        }
        total
    })
}

fn seat_line(hall: &HallSnapshot, window: WindowNo, served: u64, now: UtcMs) -> SeatLine {
    let groups = hall.queue.windows.get(&window).map(|window| &window.groups);
    let waits: Vec<i64> = hall
        .queue
        .tickets
        .values()
        .filter(|ticket| ticket.state.is_waiting())
        .filter(|ticket| groups.is_some_and(|groups| groups.contains(&ticket.issued.group)))
        .map(|ticket| minutes_since(ticket.issued.arrived_at, now))
        .collect();
    let longest_minutes = waits.iter().copied().max().unwrap_or(0);
    SeatLine {
        window,
        waiting: waits.len(),
        longest_minutes,
        served,
    }
}

/// Who stands there and waits comes first, then machines, then what can wait until the evening.
fn tasks(seat: Option<&SeatLine>, seen: &Seen) -> Vec<Task> {
    let help = seen.calls.iter().map(|call| Task {
        urgency: Urgency::Now,
        text: format!("{}有人叫帮忙", call.device_name),
        act: "去帮他",
        address: address(call.device),
    });
    let next = seat.filter(|seat| seat.waiting > 0).map(|seat| Task {
        urgency: Urgency::Now,
        text: format!(
            "{} 号窗口还有 {} 人在等，等得最久的 {} 分钟",
            seat.window, seat.waiting, seat.longest_minutes
        ),
        act: "去叫号",
        address: format!("/staff/console?window={}", seat.window),
    });
    let alarms = seen.fleet.iter().flat_map(alarm_tasks);
    let pending = seen.listings.pending;
    let pending = (pending > 0).then(|| Task {
        urgency: Urgency::Today,
        text: format!("{pending} 个导入的岗位等人发布"),
        act: "去看看",
        address: "/staff/listings".to_owned(),
    });
    let year = seen.unrecorded_year.map(|year| Task {
        urgency: Urgency::Today,
        text: format!("{year} 年的放假和补班安排还没有录入，期限落到 {year} 年的业务办不了"),
        act: "去录入",
        address: format!("/staff/parameters?key={DAYS_OFF}"),
    });
    let batches = seen.batches.iter().map(|batch| Task {
        urgency: Urgency::Today,
        text: format!("{}的“{}”还没有建", batch.every.name(), batch.name),
        act: "去建批",
        address: format!("/staff/lists/batch/{}", batch.id),
    });
    help.chain(next)
        .chain(alarms)
        .chain(batches)
        .chain(pending)
        .chain(year)
        .collect()
}

fn alarm_tasks(fleet: &FleetPage) -> impl Iterator<Item = Task> {
    fleet.alarms.iter().map(|alarm| Task {
        urgency: match alarm.urgency() {
            fleet::Urgency::Now => Urgency::Alarm,
            fleet::Urgency::Today => Urgency::Today,
        },
        text: alarm.text(fleet.now),
        act: "去看看",
        address: match alarm {
            fleet::Alarm::BoardSilent(..) => BOARDS_PATH.to_owned(),
            alarm => alarm
                .device()
                .map_or_else(|| "/staff/fleet".to_owned(), fleet_address),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::fixtures;

    #[test]
    fn whoever_waits_stands_before_machines_and_papers() {
        let seat = seat_line(
            &fixtures::snapshot(),
            WindowNo::new(3).unwrap(),
            1,
            fixtures::NOW,
        );
        assert!(seat.waiting > 0);
        let listings = ListingCounts {
            pending: 2,
            ..ListingCounts::default()
        };
        let fleet = fixtures::fleet().page;
        let alarms = fleet.alarms.len();
        let seen = Seen {
            fleet: Some(fleet),
            listings,
            ..Seen::default()
        };
        let tasks = tasks(Some(&seat), &seen);
        let urgencies: Vec<_> = tasks.iter().map(|task| task.urgency).collect();
        assert_eq!(urgencies[..2], [Urgency::Now, Urgency::Alarm]);
        assert!(tasks[1].text.contains("记录和这里的对不上"));
        assert_eq!(tasks.len(), 1 + alarms + 1);
        assert_eq!(tasks[1 + alarms].text, "2 个导入的岗位等人发布");
    }
}
