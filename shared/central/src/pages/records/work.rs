//! The work of today on the start page: late, today, this week, waiting for others; each row one
//! record with the act that this person can do. Of many alike the first are shown, and of the rest how
//! many of which kind, with the way to their list: a page that nobody reads to its end hides what is
//! urgent.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::DueMark;
use crate::cases::WorkGroup;

/// A row.
#[derive(Debug, Clone)]
pub(crate) struct WorkRow {
    pub(crate) group: WorkGroup,
    pub(crate) address: String,
    /// Where all of its kind are.
    pub(crate) list: String,
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

/// Rows of one group that are shown.
const SHOWN_MAX: usize = 8;

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
                    tbody {
                        @for row in of_group.iter().take(SHOWN_MAX) { (line(row)) }
                        @if of_group.len() > SHOWN_MAX { (rest(&of_group[SHOWN_MAX..])) }
                    }
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

/// How many more there are of each kind, the most first.
fn rest(rows: &[&WorkRow]) -> Markup {
    let mut kinds = BTreeMap::<_, usize>::new();
    for row in rows {
        *kinds.entry((&row.list, &row.kind_name)).or_default() += 1;
    }
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort_by_key(|(_, count)| usize::MAX - count);
    html! {
        tr {
            td colspan="4" {
                "还有 " (rows.len()) " 条："
                @for (n, ((list, name), count)) in kinds.iter().enumerate() {
                    @if n > 0 { "、" }
                    a href=(list) { (name) " " (count) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::fixtures::records::work_row;

    #[test]
    fn of_many_alike_the_first_are_shown_and_the_rest_is_counted_by_kind() {
        let mut rows = vec![work_row(); SHOWN_MAX + 3];
        rows.push(WorkRow {
            list: "/staff/records/referral".into(),
            kind_name: "推荐".into(),
            ..work_row()
        });
        let page = work_card(&rows).into_string();
        assert_eq!(page.matches("data-row").count(), SHOWN_MAX);
        assert!(page.contains("还有 4 条："), "{page}");
        assert!(page.contains("<a href=\"/staff/records/vacancy\">岗位 3</a>、<a"));
        assert!(page.contains("推荐 1</a>"));
        let page = work_card(&rows[..SHOWN_MAX]).into_string();
        assert!(!page.contains("还有"));
    }
}
