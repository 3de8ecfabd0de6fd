//! The audit trail: who did what to what, from where, as what and why; searching it, taking out
//! exactly what was found, and checking that the chain is whole.

mod reasons;

use std::fmt::Write as _;

use domain::time::UtcMs;
use maud::{Markup, html};

use super::frame::{Desk, MenuEntry, Said, said, staff_page};
use super::pager::{self, pager};
use crate::overview::AuditLine;
use crate::staff::{AUDIT_PAGE_LINES, AuditQuery, AuditView, acts};

const PATH: &str = "/staff/audit";
/// Cells that a spreadsheet would take for a formula begin so.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The page.
pub(crate) fn audit_page(
    desk: &Desk,
    query: &AuditQuery,
    view: &AuditView,
    notice: Option<&Said>,
) -> Markup {
    let to = |page: u64| address(PATH, query, page);
    let content = html! {
        div.stack {
            h1 { "操作记录" }
            (said(notice))
            (search(query))
            div.row.noprint {
                a.button href=(address("/staff/audit/export", query, 1)) { "导出这些行" }
                form method="post" action="/staff/audit/verify" {
                    (desk.form_token.field())
                    button { "查验记录链" }
                }
                span.soft { "记录一共 " (view.head) " 条，只增不改。" }
            }
            div.card {
                @if view.lines.is_empty() {
                    p.pad { "没有这样的记录。把日期放宽，或者少写一个条件再找。" }
                } @else {
                    (table(&view.lines))
                    (pager(view.count, query.page, u64::from(AUDIT_PAGE_LINES), to))
                }
            }
        }
    };
    staff_page(desk, MenuEntry::Audit, "操作记录", None, &content)
}

fn address(path: &str, query: &AuditQuery, page: u64) -> String {
    let day = |day: Option<chrono::NaiveDate>| day.map_or_else(String::new, |day| day.to_string());
    let page = if page > 1 {
        page.to_string()
    } else {
        String::new()
    };
    let pairs = [
        ("person", query.person.as_str()),
        ("act", &query.act),
        ("subject", &query.subject),
        ("from", &day(query.from)),
        ("to", &day(query.to)),
        ("page", &page),
    ];
    pager::address(path, &pairs)
}

fn search(query: &AuditQuery) -> Markup {
    html! {
        form.card.pad.row method="get" action=(PATH) {
            label for="person" { "谁" }
            input #person name="person" value=(query.person) maxlength="40" size="12"
                autocomplete="off" data-key="/" placeholder="姓名或拼音首字母";
            label for="act" { "做了什么" }
            select #act name="act" {
                option value="" { "不限" }
                @for (word, name) in acts::ALL {
                    option value=(word) selected[query.act == *word] { (name) }
                }
            }
            label for="subject" { "编号" }
            input #subject name="subject" value=(query.subject) maxlength="60" size="16"
                autocomplete="off" placeholder="开头几位就行";
            label for="from" { "从" }
            input #from name="from" type="date" value=[query.from];
            label for="to" { "到" }
            input #to name="to" type="date" value=[query.to];
            button { "找" }
        }
    }
}

fn table(lines: &[AuditLine]) -> Markup {
    html! {
        table {
            thead { tr {
                th { "时间" } th { "谁" } th { "身份" } th { "做了什么" } th { "对什么" } th { "为什么" }
                th { "从哪里" }
            } }
            tbody {
                @for line in lines {
                    tr {
                        td.tight { (line.at.day_and_clock_text()) }
                        td { (line.who) }
                        td { (role_text(line)) }
                        td { (acts::name_of(&line.act)) }
                        td { (subject_text(&line.subject)) }
                        td { (line.reason) }
                        td.tight { (line.address) }
                    }
                }
            }
        }
    }
}

fn role_text(line: &AuditLine) -> String {
    match (line.role, &line.station) {
        (None, _) => String::new(),
        (Some(role), None) => role.name().to_owned(),
        (Some(role), Some(station)) => format!("{}（{station}）", role.name()),
    }
}

/// The subject for people; record numbers and names stay as they are.
fn subject_text(subject: &str) -> String {
    if let Some(window) = subject.strip_prefix("window ") {
        return format!("{window} 号窗口");
    }
    if let Some(lines) = subject.strip_suffix(" lines") {
        return format!("{lines} 行");
    }
    reasons::name_of(subject).map_or_else(|| subject.to_owned(), str::to_owned)
}

/// The same lines as a file for a spreadsheet: comma-separated, UTF-8 with its mark.
pub(crate) fn audit_csv(lines: &[AuditLine]) -> String {
    let mut text = "\u{feff}记录号,时间,谁,身份,做了什么,对什么,为什么,从哪里\r\n".to_owned();
    for line in lines {
        let cells = [
            time_text(line.at),
            line.who.clone(),
            role_text(line),
            acts::name_of(&line.act).to_owned(),
            subject_text(&line.subject),
            line.reason.clone(),
            line.address.clone(),
        ];
        let cells = cells.map(|cell| quoted(&cell)).join(",");
        // writing to a text does not fail
        let _ = write!(text, "{},{cells}\r\n", line.position);
    }
    text
}

fn time_text(at: UtcMs) -> String {
    at.hall_time().format("%Y-%m-%d %H:%M:%S").to_string()
}

fn quoted(cell: &str) -> String {
    let mark = if cell.starts_with(FORMULA) { "'" } else { "" };
    format!("\"{mark}{}\"", cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::fixtures;

    #[test]
    fn a_file_says_what_the_page_says_and_no_cell_is_a_formula() {
        let mut view = fixtures::audit();
        view.lines[0].reason = "=1+1,\"x\"".into();
        let text = audit_csv(&view.lines);
        assert!(text.starts_with("\u{feff}记录号,时间,谁"));
        assert!(text.contains("\"'=1+1,\"\"x\"\"\""), "{text}");
        assert!(text.contains("\"3 号窗口\"") && text.contains("2026-11-23 10:24:00"));
        assert_eq!(text.lines().count(), view.lines.len() + 1);
    }

    #[test]
    fn the_ways_to_other_pages_and_to_the_file_keep_the_filter() {
        let query = AuditQuery {
            person: "wxy".into(),
            act: "signed_in".into(),
            page: 1,
            ..AuditQuery::default()
        };
        let mut view = fixtures::audit();
        view.count = 120;
        let page = audit_page(&fixtures::desk(), &query, &view, None).into_string();
        assert!(page.contains("/staff/audit?person=wxy&amp;act=signed_in&amp;page=2"));
        assert!(page.contains("/staff/audit/export?person=wxy&amp;act=signed_in\""));
    }
}
