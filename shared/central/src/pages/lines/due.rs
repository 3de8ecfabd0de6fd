//! What is due in a line or in a group of it: records of several kinds in one list, earliest first.

use domain::case::ServiceLine;
use maud::{Markup, html};

use super::{LINES_PATH, address_of, due_address};
use crate::pages::frame::{Desk, MenuEntry, staff_page};
use crate::pages::pager::{address, pager};
use crate::pages::records::DueMark;
use crate::start_pages::When;

/// Records on a page.
pub(crate) const DUE_LINES_PER_PAGE: u32 = 50;

/// A record that is due.
#[derive(Debug, Clone)]
pub(crate) struct DueRow {
    pub(crate) record: String,
    pub(crate) kind_name: String,
    pub(crate) case_no: String,
    pub(crate) title: String,
    pub(crate) state: String,
    pub(crate) due: DueMark,
}

/// What the page shows.
#[derive(Debug, Clone)]
pub(crate) struct DuePageView {
    pub(crate) line: ServiceLine,
    pub(crate) line_name: String,
    /// Id and name of the group; empty for the whole line.
    pub(crate) group: (String, String),
    pub(crate) when: When,
    pub(crate) rows: Vec<DueRow>,
    pub(crate) total: u64,
    /// From 1.
    pub(crate) page: u32,
}

/// The page.
pub(crate) fn due_page(desk: &Desk, view: &DuePageView) -> Markup {
    let (group, group_name) = &view.group;
    let title = format!("{}：{}", view.line_name, view.when.text());
    let content = html! {
        div.stack {
            div.row {
                h1 { (title) }
                @if !group_name.is_empty() { span.tag { (group_name) } }
                a.push.button.noprint href=(address_of(view.line)) { "回" (view.line_name) }
            }
            div.row.noprint role="group" aria-label="期限" {
                @for when in When::ALL {
                    @let is_on = when == view.when;
                    a.tag.now[is_on] href=(due_address(view.line, group, when))
                        aria-current=[is_on.then_some("true")] { @if is_on { "✓ " } (when.text()) }
                }
            }
            div.card { (table(view)) }
            p.hint { kbd { "J" } kbd { "K" } " 上下移动　" kbd { "回车" } " 打开" }
        }
    };
    staff_page(desk, MenuEntry::Lines, &title, None, &content)
}

fn table(view: &DuePageView) -> Markup {
    let per_page = u64::from(DUE_LINES_PER_PAGE);
    let base = format!("{LINES_PATH}/{}/due", view.line.word());
    let to = |page: u64| {
        let page = page.to_string();
        let pairs = [
            ("when", view.when.word()),
            ("group", view.group.0.as_str()),
            ("page", &page),
        ];
        address(&base, &pairs)
    };
    html! {
        @if view.rows.is_empty() {
            p.pad { "没有" (view.when.text()) "的件。 " a href=(address_of(view.line)) { "回" (view.line_name) } }
        } @else {
            div.scroll { table {
                thead { tr {
                    th.tight scope="col" { "期限" } th scope="col" { "办什么" }
                    th.tight scope="col" { "状态" } th scope="col" { "" }
                } }
                tbody { @for row in &view.rows { tr {
                    td.tight { span.tag.(row.due.class) { (row.due.text) } }
                    td { b { (row.title) } br; span.soft { (row.kind_name) " · " (row.case_no) } }
                    td.tight { span.tag { (row.state) } }
                    td.right { a.button data-row href=(format!("/staff/record/{}", row.record)) { "打开" } }
                } } }
            } }
            (pager(view.total, u64::from(view.page), per_page, to))
        }
    }
}
