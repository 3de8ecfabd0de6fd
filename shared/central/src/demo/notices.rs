//! The demo's notices and policies, from the files under `assets/demo`, as a person would have
//! approved them. Days there are relative to the day of the demonstration.

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

#[derive(Deserialize)]
struct DemoPolicy {
    id: String,
    title: String,
    document_no: String,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
    summary: Vec<SummaryRow>,
}

#[derive(Deserialize)]
struct SummaryRow {
    label: String,
    text: String,
}

/// All of them, policies that are no longer in force left out.
pub(super) fn all(today: NaiveDate) -> Result<Vec<Notice>, serde_json::Error> {
    let notices: NoticeFile = serde_json::from_str(assets::DEMO_NOTICES)?;
    let policies: PolicyFile = serde_json::from_str(assets::DEMO_POLICIES)?;
    let in_force = policies.policies.into_iter().filter(|policy| {
        policy.valid_from <= today && policy.valid_to.is_none_or(|last| today <= last)
    });
    let notices = notices
        .notices
        .into_iter()
        .map(|notice| of_notice(notice, today));
    Ok(notices.chain(in_force.map(of_policy)).collect())
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

fn of_policy(policy: DemoPolicy) -> Notice {
    let row = |row: SummaryRow| NoticeRow {
        label: row.label,
        text: row.text,
    };
    Notice {
        id: policy.id,
        kind: NoticeKind::Policy,
        board_pages: vec![policy.title.clone()],
        title: policy.title,
        rows: policy.summary.into_iter().map(row).collect(),
        document_no: Some(policy.document_no),
        valid_from: policy.valid_from,
        valid_to: policy.valid_to,
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
    fn the_demo_has_notices_and_policies_and_none_is_out_of_force() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let all = all(today).unwrap();
        assert!(
            all.iter()
                .filter(|notice| notice.kind == NoticeKind::Policy)
                .count()
                >= 5
        );
        assert!(all.iter().any(|notice| notice.kind == NoticeKind::Notice));
        for notice in &all {
            assert!(notice.valid_from <= today || notice.kind == NoticeKind::Notice);
            assert!(
                notice.valid_to.is_none_or(|last| today <= last),
                "{}",
                notice.id
            );
            assert!(notice.board_pages.len() <= BOARD_PAGES_MAX);
        }
    }
}
