//! Policies and notices that a person approved, in plain rows. Nothing here advises.

use domain::time::month_day_text;
use wire::api::{Notice, NoticeKind};

use super::words::page_text;
use crate::app::event::Surroundings;
use crate::app::facts::HallFacts;
use crate::ui::{ChoiceRow, PolicyRow};

/// The list.
#[derive(Debug, Clone, PartialEq)]
pub struct PolicyListView {
    /// One line above it.
    pub hint: &'static str,
    /// How many there are in all.
    pub total: usize,
    /// The policies of this page.
    pub policies: Vec<ChoiceRow>,
    /// `第 1 / 2 页`
    pub page_text: String,
    /// Whether there is a page before.
    pub can_previous: bool,
    /// Whether there is a page after.
    pub can_next: bool,
}

/// The list now.
#[must_use]
pub fn list(page: usize, facts: &HallFacts, around: &Surroundings) -> PolicyListView {
    let policies = facts.published(around.wall.hall_date());
    let per_page = around.layout.policies.max(1);
    let shown = policies.iter().skip(page * per_page).take(per_page);
    PolicyListView {
        hint: if policies.is_empty() {
            "现在还没有政策和通知。请问工作人员。"
        } else {
            "点一条，看一张表就懂。"
        },
        total: policies.len(),
        policies: shown.map(|policy| choice(policy)).collect(),
        page_text: page_text(page, per_page, policies.len()),
        can_previous: page > 0,
        can_next: (page + 1) * per_page < policies.len(),
    }
}

fn choice(policy: &Notice) -> ChoiceRow {
    let under = policy
        .rows
        .first()
        .map(|row| row.text.as_str())
        .unwrap_or_default();
    ChoiceRow {
        title: policy.title.as_str().into(),
        under: match policy.kind {
            NoticeKind::Policy => under.into(),
            NoticeKind::Notice | NoticeKind::Emergency => format!("通知：{under}").into(),
        },
        label: policy.title.as_str().into(),
        ..ChoiceRow::default()
    }
}

/// One policy.
#[derive(Debug, Clone, PartialEq)]
pub struct PolicyTextView {
    /// Its title.
    pub title: String,
    /// Whether it is in force.
    pub is_in_force: bool,
    /// The same in words.
    pub state_text: &'static str,
    /// Document number and first day.
    pub document_text: String,
    /// The rows of this page.
    pub rows: Vec<PolicyRow>,
    /// `第 1 / 2 页`
    pub page_text: String,
    /// Whether there is a page before.
    pub can_previous: bool,
    /// Whether there is a page after.
    pub can_next: bool,
}

/// One policy now; `None` when it has been taken back meanwhile.
#[must_use]
pub fn text(
    id: &str,
    page: usize,
    facts: &HallFacts,
    around: &Surroundings,
) -> Option<PolicyTextView> {
    let policy = facts.notice(id)?;
    let per_page = around.layout.policy_rows.max(1);
    let today = around.wall.hall_date();
    let is_in_force = policy.valid_from <= today && policy.valid_to.is_none_or(|to| today <= to);
    let rows = policy.rows.iter().skip(page * per_page).take(per_page);
    Some(PolicyTextView {
        title: policy.title.clone(),
        is_in_force,
        state_text: match (policy.kind, is_in_force) {
            (NoticeKind::Policy, true) => "正在执行",
            (NoticeKind::Policy, false) => "已经停止",
            (NoticeKind::Notice | NoticeKind::Emergency, true) => "现在有效",
            (NoticeKind::Notice | NoticeKind::Emergency, false) => "已经过期",
        },
        document_text: document_text(policy),
        rows: rows
            .map(|row| PolicyRow {
                topic: row.label.as_str().into(),
                answer: row.text.as_str().into(),
                ..PolicyRow::default()
            })
            .collect(),
        page_text: page_text(page, per_page, policy.rows.len()),
        can_previous: page > 0,
        can_next: (page + 1) * per_page < policy.rows.len(),
    })
}

fn document_text(policy: &Notice) -> String {
    use chrono::Datelike;
    let from = policy.valid_from;
    let since = format!("{}年{}起", from.year(), month_day_text(from));
    match &policy.document_no {
        Some(number) => format!("{number}，{since}"),
        None => since,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::sample::{self, around};

    #[test]
    fn a_policy_is_shown_in_pages_of_rows_with_its_number_and_first_day() {
        let view = text("p1", 1, &sample::facts(), &around(0)).unwrap();
        assert_eq!(view.document_text, "试验〔2026〕1 号，2026年1月1日起");
        assert_eq!(view.rows.len(), 1);
        assert_eq!(view.page_text, "第 2 / 2 页");
        assert!(view.is_in_force);
        assert!(text("gone", 0, &sample::facts(), &around(0)).is_none());
    }

    #[test]
    fn the_list_holds_only_what_is_in_force() {
        let view = list(0, &sample::facts(), &around(0));
        assert_eq!(view.total, 1);
        assert_eq!(view.policies[0].title, "试验政策一");
    }
}
