//! The work of today on the start page: late, today, this week, waiting for others; each row one
//! record with the act that this person can do.

use maud::{Markup, html};

use super::DueMark;
use crate::cases::WorkGroup;

/// A row.
#[derive(Debug, Clone)]
pub(crate) struct WorkRow {
    pub(crate) group: WorkGroup,
    pub(crate) address: String,
    pub(crate) kind_name: String,
    pub(crate) case_no: String,
    pub(crate) title: String,
    pub(crate) state: String,
    pub(crate) due: Option<DueMark>,
    pub(crate) step: String,
    /// The deadlines of which this is a reminder.
    pub(crate) reminders: Vec<String>,
}

const GROUPS: [(WorkGroup, &str); 6] = [
    (WorkGroup::Escalated, "别人超期了，请您催办"),
    (WorkGroup::Late, "已经晚了"),
    (WorkGroup::Today, "今天到期"),
    (WorkGroup::ThisWeek, "这周到期"),
    (WorkGroup::Later, "不急的"),
    (WorkGroup::WaitsForOthers, "等别人办的"),
];

/// The card.
pub(crate) fn work_card(rows: &[WorkRow]) -> Markup {
    html! {
        h2 { "要办的业务" }
        @if rows.is_empty() {
            p.pad { "今天没有要办的业务。 " a href="/staff/records" { "看业务记录" } }
        }
        @for (group, name) in GROUPS {
            @let of_group: Vec<_> = rows.iter().filter(|row| row.group == group).collect();
            @if !of_group.is_empty() {
                table {
                    thead { tr { th colspan="4" { (name) "，" (of_group.len()) " 条" } } }
                    tbody { @for row in of_group { (line(row)) } }
                }
            }
        }
    }
}

fn line(row: &WorkRow) -> Markup {
    html! {
        tr {
            td.tight { @if let Some(due) = &row.due { span.tag.(due.class) { (due.text) } } }
            td {
                b { (row.title) } br;
                span.soft { (row.kind_name) " · " (row.case_no) }
                @if !row.reminders.is_empty() { br; span.soft { "期限：" (row.reminders.join("、")) } }
            }
            td.tight { span.tag { (row.state) } }
            td.right {
                a.button data-row href=(row.address) {
                    @if row.step.is_empty() { "看看" } @else { (row.step) }
                }
            }
        }
    }
}
