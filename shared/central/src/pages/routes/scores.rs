//! The score page's request.

use axum::extract::{Query, State};
use chrono::{Days, NaiveDate};
use domain::id::WindowNo;
use domain::rating::WindowScores;
use domain::time::month_day_text;
use maud::Markup;
use serde::Deserialize;

use super::gate::desk;
use super::page_error::PageError;
use crate::app_state::AppState;
use crate::overview::HallSnapshot;
use crate::pages::scores::{Period, ScoredWindow, ScoresView, scores_page};
use crate::staff::{SeeScores, Staff};

/// `kpi.satisfaction` (`assets/parameters/rating.toml`), in thousandths.
const TARGET_PER_MILLE: u64 = 980;

/// Query of the page.
#[derive(Debug, Deserialize)]
pub(super) struct ScoresQuery {
    days: Option<String>,
}

/// `GET /staff/scores`
pub(super) async fn show(
    clerk: Staff<SeeScores>,
    State(state): State<AppState>,
    Query(query): Query<ScoresQuery>,
) -> Result<Markup, PageError> {
    let period = Period::of_query(query.days.as_deref());
    let today = state.now().hall_date();
    let first = first_day(period, today);
    let scores = state.window_scores(&clerk, first, today).await?;
    let hall = state.hall_snapshot(clerk.hall);
    let row = |(window, scores): (WindowNo, WindowScores)| ScoredWindow {
        window,
        groups: hall
            .as_ref()
            .map_or_else(String::new, |hall| group_names(hall, window)),
        scores,
    };
    let view = ScoresView {
        period,
        days_text: days_text(first, today),
        target_per_mille: TARGET_PER_MILLE,
        windows: scores.windows.into_iter().map(row).collect(),
        refused: scores.refused.values().sum(),
    };
    Ok(scores_page(&desk(&clerk, &state), &view))
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
