//! The score page's request.

use std::collections::BTreeMap;

use axum::extract::{Query, State};
use chrono::{Datelike, Days, Months, NaiveDate};
use domain::case;
use domain::id::{GroupCode, KindId, StaffId, WindowNo};
use domain::rating::{Pattern, SuspicionRules, SuspiciousRun, WindowScores};
use domain::time::{UtcMs, month_day_text};
use maud::Markup;
use serde::Deserialize;

use super::gate::desk;
use super::page_error::PageError;
use crate::app_state::AppState;
use crate::cases::{announcing, bad_ratings};
use crate::overview::{HallSnapshot, ScoreSheet};
use crate::pages::own_scores::own_scores_page;
use crate::pages::scores::{Period, ScoredRow, ScoresView, Side, SuspiciousRow, scores_page};
use crate::staff::{CallTickets, SeeScores, Staff, StaffSession};
use crate::store::ScoresBy;
use crate::{layout, poor_reasons};

/// Query of the page.
#[derive(Debug, Deserialize)]
pub(super) struct ScoresQuery {
    days: Option<String>,
    by: Option<String>,
}

/// `GET /staff/scores`
pub(super) async fn show(
    clerk: Staff<SeeScores>,
    State(state): State<AppState>,
    Query(query): Query<ScoresQuery>,
) -> Result<Markup, PageError> {
    let period = Period::of_query(query.days.as_deref());
    let side = Side::of_query(query.by.as_deref());
    let today = state.now().hall_date();
    let first = match side {
        Side::Month => first_of_twelve_months(today),
        _ => first_day(period, today),
    };
    let found = match side.by() {
        Some(by) => state.score_sheet(&clerk, by, first, today).await?,
        None => ScoreSheet {
            parts: state.station_scores(&clerk, first, today).await?,
            ..ScoreSheet::default()
        },
    };
    let kind = KindId::new(bad_ratings::KIND).ok();
    let kind = kind.and_then(|kind| state.inner.cases.kinds().kind(&kind).cloned());
    let rules = state.inner.in_force.now().scores;
    let state_name = |word: String| {
        let known = kind.as_ref().and_then(|kind| kind.state(&word));
        known.map_or(word.clone(), |state| state.name.clone())
    };
    let mut view = ScoresView {
        period,
        days_text: days_text(first, today),
        target_per_mille: rules.target_per_mille,
        side,
        rows: rows(&clerk, &state, side, found.parts, &found.staff),
        reasons: reasons(found.reasons),
        redress: in_words(found.redress, state_name),
        refused: found.refused,
        suspicious: suspicious_rows(&state, &found.suspicious, &rules.suspicion),
        notice: None,
    };
    if may_publish(&clerk, &state) {
        view.notice = view.notice_address(today);
    }
    Ok(scores_page(&desk(&clerk, &state), &view))
}

/// `GET /staff/scores/mine`
pub(super) async fn mine(
    clerk: Staff<CallTickets>,
    State(state): State<AppState>,
) -> Result<Markup, PageError> {
    let today = state.now().hall_date();
    let from = first_day(Period::ThirtyDays, today);
    let days = state.own_scores(&clerk, from, today).await?;
    let days: Vec<_> = days.into_iter().rev().collect();
    Ok(own_scores_page(&desk(&clerk, &state), &days))
}

fn may_publish(staff: &StaffSession, state: &AppState) -> bool {
    let kind = KindId::new(announcing::KIND).ok();
    let kind = kind.and_then(|kind| state.inner.cases.kinds().kind(&kind));
    kind.is_some_and(|kind| case::may_open(kind, &staff.actor_anywhere()).is_ok())
}

impl Side {
    /// By what the own hall's visits are put together; `None` where whole halls are.
    fn by(self) -> Option<ScoresBy> {
        Some(match self {
            Self::Window => ScoresBy::Window,
            Self::Clerk => ScoresBy::Clerk,
            Self::Group | Self::Line => ScoresBy::Group,
            Self::Month => ScoresBy::Month,
            Self::Station => return None,
        })
    }
}

fn suspicious_rows(
    state: &AppState,
    runs: &[SuspiciousRun],
    rules: &SuspicionRules,
) -> Vec<SuspiciousRow> {
    let devices = &state.inner.store.live().devices;
    let row = |run: &SuspiciousRun| {
        let (place, why) = match run.pattern {
            Pattern::Burst(window) => (
                format!("{window} 号窗口"),
                format!("{} 分钟里接连打“非常满意”", rules.burst_minutes),
            ),
            Pattern::NoService(window) => (
                format!("{window} 号窗口"),
                format!("办了不到 {} 秒就打了分", rules.service_seconds_min),
            ),
            Pattern::OneDevice(device) => (
                devices
                    .get(&device)
                    .map_or_else(|| "一台设备".to_owned(), |device| device.name.clone()),
                format!(
                    "同一台机器上接连打一样的分，中间不到 {} 秒",
                    rules.device_seconds
                ),
            ),
        };
        SuspiciousRow {
            place,
            why,
            when: when_text(run.from, run.until),
            count: run.ratings.len(),
        }
    };
    runs.iter().map(row).collect()
}

fn when_text(from: UtcMs, until: UtcMs) -> String {
    if from.hall_date() != until.hall_date() {
        return format!(
            "{} 到 {}",
            from.day_and_clock_text(),
            until.day_and_clock_text()
        );
    }
    if from.clock_text() == until.clock_text() {
        return from.day_and_clock_text();
    }
    format!("{} 到 {}", from.day_and_clock_text(), until.clock_text())
}

fn reasons(counts: BTreeMap<String, u64>) -> Vec<(String, u64)> {
    let mut reasons = in_words(counts, |code| poor_reasons::name_of(&code));
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    reasons
}

fn in_words(counts: BTreeMap<String, u64>, name: impl Fn(String) -> String) -> Vec<(String, u64)> {
    counts
        .into_iter()
        .map(|(word, count)| (name(word), count))
        .collect()
}

fn rows(
    clerk: &Staff<SeeScores>,
    state: &AppState,
    side: Side,
    parts: BTreeMap<String, WindowScores>,
    staff: &BTreeMap<StaffId, String>,
) -> Vec<ScoredRow> {
    let hall = state.hall_snapshot(clerk.hall);
    let lines = layout::kpi_lines();
    let group = |letter: &str| letter.parse::<GroupCode>().ok();
    let name = |key: &str| match side {
        Side::Window => (format!("{key} 号"), window_groups(hall.as_ref(), key)),
        Side::Clerk => {
            let id: Option<StaffId> = key.parse().ok();
            let name = id.and_then(|id| staff.get(&id).cloned());
            (
                name.unwrap_or_else(|| "没有记下是谁".to_owned()),
                String::new(),
            )
        }
        Side::Group => {
            let line = group(key).and_then(|code| hall.as_ref()?.groups.get(&code));
            let name = line.map_or("", |line| line.name.as_str());
            (format!("{key} {name}"), String::new())
        }
        Side::Line => {
            let line = group(key).and_then(|code| lines.get(&code).cloned());
            (line.unwrap_or_else(|| "没有归类".to_owned()), String::new())
        }
        Side::Month => (month_text(key), String::new()),
        Side::Station => (key.to_owned(), String::new()),
    };
    let mut rows: Vec<ScoredRow> = Vec::new();
    let mut keys: Vec<(String, WindowScores)> = parts.into_iter().collect();
    keys.sort_by_key(|(key, _)| (key.len(), key.clone()));
    for (key, scores) in keys {
        let (name, about) = name(&key);
        match rows.iter_mut().find(|row| row.name == name) {
            Some(row) => row.scores.add(&scores),
            None => rows.push(ScoredRow {
                name,
                about,
                scores,
            }),
        }
    }
    rows
}

/// `2026-11` as `2026年11月`.
fn month_text(key: &str) -> String {
    let named = key.split_once('-');
    named.map_or_else(
        || key.to_owned(),
        |(year, month)| format!("{year}年{month}月"),
    )
}

fn first_of_twelve_months(today: NaiveDate) -> NaiveDate {
    let first = today.with_day(1).unwrap_or(today);
    first.checked_sub_months(Months::new(11)).unwrap_or(first)
}

fn window_groups(hall: Option<&HallSnapshot>, key: &str) -> String {
    let window: Option<WindowNo> = key.parse().ok();
    let named = hall
        .zip(window)
        .map(|(hall, window)| group_names(hall, window));
    named.unwrap_or_default()
}

fn first_day(period: Period, today: NaiveDate) -> NaiveDate {
    let days_before = u64::from(period.days()).saturating_sub(1);
    today
        .checked_sub_days(Days::new(days_before))
        .unwrap_or(today)
}

fn days_text(first: NaiveDate, last: NaiveDate) -> String {
    if first == last {
        return month_day_text(last);
    }
    format!("{} 到 {}", month_day_text(first), month_day_text(last))
}

fn group_names(hall: &HallSnapshot, window: WindowNo) -> String {
    let layout = &hall.queue.layout;
    let groups = layout.windows.get(&window).into_iter().flatten();
    let names = groups
        .filter_map(|group| layout.groups.get(group))
        .map(|g| g.name.as_str());
    names.collect::<Vec<_>>().join("，")
}
