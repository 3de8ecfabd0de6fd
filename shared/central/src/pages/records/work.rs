//! The work of today on the start page: late, today, this week, waiting for others; each row one
//! record with the act that this person can do. Of many alike the first are shown, and of the rest how
//! many of which kind, with the way to their list: a page that nobody reads to its end hides what is
//! urgent.

use maud::{Markup, html};

use super::DueMark;
use crate::cases::WorkGroup;

/// What wants doing equally soon.
#[derive(Debug, Clone)]
pub(crate) struct WorkCard {
    pub(crate) group: WorkGroup,
    pub(crate) rows: Vec<WorkRow>,
    pub(crate) rest: Vec<RestOfKind>,
}

/// Records of one kind that have no row.
#[derive(Debug, Clone)]
pub(crate) struct RestOfKind {
    /// Where all of the kind are.
    pub(crate) list: String,
    pub(crate) kind_name: String,
    pub(crate) records: usize,
}

/// A row.
#[derive(Debug, Clone)]
pub(crate) struct WorkRow {
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

fn name_of(group: WorkGroup) -> &'static str {
    match group {
        WorkGroup::Escalated => "别人超期了，请您催办",
        WorkGroup::Late => "已经晚了",
        WorkGroup::Today => "今天到期",
        WorkGroup::ThisWeek => "这周到期",
        WorkGroup::Later => "不急的",
        WorkGroup::WaitsForOthers => "等别人办的",
    }
}

/// The card.
pub(crate) fn work_card(groups: &[WorkCard]) -> Markup {
    html! {
        h2 { "要办的业务" }
        @if groups.is_empty() {
            p.pad { "今天没有要办的业务。 " a href="/staff/records" { "看业务记录" } }
        }
        @for of in groups {
            @let rest: usize = of.rest.iter().map(|kind| kind.records).sum();
            table {
                thead { tr { th colspan="4" {
                    (name_of(of.group)) "，" (of.rows.len() + rest) " 条"
                } } }
                tbody {
                    @for row in &of.rows { (line(row)) }
                    @if rest > 0 { (rest_line(rest, &of.rest)) }
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

/// How many more there are of each kind.
fn rest_line(records: usize, kinds: &[RestOfKind]) -> Markup {
    html! {
        tr {
            td colspan="4" {
                "还有 " (records) " 条："
                @for (n, kind) in kinds.iter().enumerate() {
                    @if n > 0 { "、" }
                    a href=(kind.list) { (kind.kind_name) " " (kind.records) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::fixtures::records::work_card_of_one;

    #[test]
    fn what_has_no_row_is_counted_by_kind_with_the_way_to_its_list() {
        let mut card = work_card_of_one();
        let page = work_card(std::slice::from_ref(&card)).into_string();
        assert!(page.contains("今天到期，1 条") && !page.contains("还有"));
        let rest = |kind: &str, kind_name: &str, records| RestOfKind {
            list: format!("/staff/records/{kind}"),
            kind_name: kind_name.into(),
            records,
        };
        card.rest = vec![rest("vacancy", "岗位", 3), rest("referral", "推荐", 1)];
        let page = work_card(&[card]).into_string();
        assert!(page.contains("今天到期，5 条") && page.contains("还有 4 条："));
        assert!(page.contains("<a href=\"/staff/records/vacancy\">岗位 3</a>、<a"));
        assert!(page.contains("推荐 1</a>"));
    }
}
