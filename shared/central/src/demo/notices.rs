//! The demo's notices, from the files under `assets/demo`, as a person would have approved them, and its
//! policies as they are written there. Days of notices are relative to the day of the demonstration.

use chrono::{Days, NaiveDate};
use serde::Deserialize;
use wire::api::{Notice, NoticeKind, NoticeRow};

use crate::assets;

/// Most pages of a notice on a board.
const BOARD_PAGES_MAX: usize = 3;

#[derive(Deserialize)]
struct NoticeFile {
    notices: Vec<DemoNotice>,
}

#[derive(Deserialize)]
struct DemoNotice {
    id: String,
    board: bool,
    title: String,
    lines: Vec<String>,
    days_from: i64,
    days_to: i64,
    text: String,
}

#[derive(Deserialize)]
struct PolicyFile {
    policies: Vec<DemoPolicy>,
}

/// A policy as it is written.
#[derive(Deserialize)]
pub(super) struct DemoPolicy {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) category: String,
    pub(super) audience: Vec<String>,
    pub(super) document_no: String,
    pub(super) valid_from: NaiveDate,
    pub(super) valid_to: Option<NaiveDate>,
    /// The id of the one that replaced it.
    pub(super) replaced_by: Option<String>,
    pub(super) group: String,
    pub(super) summary: Vec<SummaryRow>,
    pub(super) text: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct SummaryRow {
    pub(super) label: String,
    pub(super) text: String,
}

/// All notices.
pub(super) fn all(today: NaiveDate) -> Result<Vec<Notice>, serde_json::Error> {
    let file: NoticeFile = serde_json::from_str(assets::DEMO_NOTICES)?;
    let notices = file.notices.into_iter();
    Ok(notices.map(|notice| of_notice(notice, today)).collect())
}

/// All policies, also those that no longer hold.
pub(super) fn policies() -> Result<Vec<DemoPolicy>, serde_json::Error> {
    let file: PolicyFile = serde_json::from_str(assets::DEMO_POLICIES)?;
    Ok(file.policies)
}

fn of_notice(notice: DemoNotice, today: NaiveDate) -> Notice {
    let pages = if notice.board {
        notice.lines
    } else {
        Vec::new()
    };
    Notice {
        id: notice.id,
        kind: NoticeKind::Notice,
        title: notice.title,
        board_pages: pages.into_iter().take(BOARD_PAGES_MAX).collect(),
        rows: vec![NoticeRow {
            label: "说明".to_owned(),
            text: notice.text,
        }],
        document_no: None,
        valid_from: shifted(today, notice.days_from),
        valid_to: Some(shifted(today, notice.days_to)),
        board: None,
    }
}

fn shifted(day: NaiveDate, days: i64) -> NaiveDate {
    let distance = Days::new(days.unsigned_abs());
    let moved = if days < 0 {
        day.checked_sub_days(distance)
    } else {
        day.checked_add_days(distance)
    };
    moved.unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_notice_of_the_demo_is_in_force_on_its_day() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let all = all(today).unwrap();
        assert!(!all.is_empty());
        for notice in &all {
            assert!(
                notice.valid_to.is_none_or(|last| today <= last),
                "{}",
                notice.id
            );
            assert!(notice.board_pages.len() <= BOARD_PAGES_MAX);
        }
    }
}
