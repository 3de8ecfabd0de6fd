//! The ledger (台账) of a kind in a month, on A4 turned on its side: what was opened in it, in the order of
//! opening, with the head of the table on every page and places to sign at the end.

use maud::{Markup, html};

use super::sheet::paper_page;
use crate::pages::frame::Desk;

/// A record in the ledger.
#[derive(Debug, Clone)]
pub(crate) struct LedgerLine {
    pub(crate) case_no: String,
    pub(crate) opened_on: String,
    pub(crate) cells: Vec<String>,
    pub(crate) state: String,
}

/// What the page shows.
#[derive(Debug, Clone)]
pub(crate) struct LedgerView {
    pub(crate) kind: String,
    pub(crate) centre: String,
    pub(crate) title: String,
    /// `2026-11`, and `2026年11月`.
    pub(crate) month: String,
    pub(crate) month_words: String,
    pub(crate) columns: Vec<String>,
    pub(crate) lines: Vec<LedgerLine>,
    /// There are more than are shown.
    pub(crate) is_cut: bool,
    pub(crate) printed: String,
}

/// The page.
pub(crate) fn ledger_page(desk: &Desk, view: &LedgerView) -> Markup {
    let list = format!("/staff/records/{}", view.kind);
    let content = html! {
        div.noprint.acts {
            a.button href=(list) { "回名单" }
            form method="get" action=(format!("{list}/ledger")) {
                label for="month" { "哪个月登记的" }
                input #month type="month" name="month" value=(view.month) required;
                button { "看" }
            }
            button.primary type="button" data-print { "打印" }
            span.soft { "纸张 A4，横向。个人信息遮住；要全部的，用名单的导出。" }
        }
        article.paper.ledger {
            header {
                p.centre { (view.centre) }
                h1 { (view.title) }
                p.number { (view.month_words) "　共 " (view.lines.len()) " 条" }
            }
            @if view.is_cut {
                p.to role="alert" { "这个月太多，只印了前面的；请用名单的导出。" }
            }
            @if view.lines.is_empty() {
                p.to { "这个月没有登记。换一个月看，或者回名单登记一条。" }
            } @else { (table(view)) }
            footer { div { p { "制表 　　　　　　　复核 　　　　　　　负责人" } p { (view.printed) } } }
        }
    };
    paper_page(desk, &view.title, &content)
}

fn table(view: &LedgerView) -> Markup {
    html! {
        table.grid {
            thead { tr {
                th { "序号" } th { "编号" } th { "登记日" }
                @for column in &view.columns { th { (column) } }
                th { "状态" }
            } }
            tbody { @for (place, line) in view.lines.iter().enumerate() { tr {
                td { (place + 1) } td { (line.case_no) } td { (line.opened_on) }
                @for cell in &line.cells { td { (cell) } }
                td { (line.state) }
            } } }
        }
    }
}
