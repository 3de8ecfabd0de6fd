//! Loans that fall due (到期催收): who is to be called, at which stage, and how it went before. The call
//! itself is written down on the record's page; numbers stay masked until somebody asks for one there.

use maud::{Markup, html};

use super::address_of;
use crate::pages::frame::{Desk, MenuEntry, staff_page};
use crate::pages::help::help;
use crate::pages::records::DueMark;
use domain::case::ServiceLine;

/// Who is to be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Contact {
    /// Masked name of a person, or the name of an employer.
    pub(crate) name: String,
    /// Masked number; empty when none is known.
    pub(crate) phone: String,
    /// The page on which the number is shown with a reason.
    pub(crate) record: String,
}

/// A call that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PastCall {
    pub(crate) on: String,
    pub(crate) stage: String,
    /// How it went, and for when they promised.
    pub(crate) result: String,
}

/// One line of the work list.
#[derive(Debug, Clone)]
pub(crate) struct CollectionRow {
    pub(crate) record: String,
    pub(crate) stage: String,
    pub(crate) due: DueMark,
    /// Whether its day has passed without a call.
    pub(crate) is_missed: bool,
    pub(crate) loan_no: String,
    pub(crate) contact: Option<Contact>,
    /// Earlier calls about the same loan, newest first.
    pub(crate) calls: Vec<PastCall>,
}

/// What the page shows.
#[derive(Debug, Clone)]
pub(crate) struct CollectionView {
    pub(crate) rows: Vec<CollectionRow>,
    /// More are waiting than are shown.
    pub(crate) more: bool,
}

/// The page.
pub(crate) fn collection_page(desk: &Desk, view: &CollectionView) -> Markup {
    let missed = view.rows.iter().filter(|row| row.is_missed).count();
    let content = html! {
        div.stack {
            div.row {
                h1 { "到期催收：该给谁打电话" }
                @if missed > 0 { span.tag.stop { "漏打 " (missed) " 个" } }
                a.push.button.noprint href=(address_of(ServiceLine::Startup)) { "回创业服务" }
            }
            div.card { (table(view)) }
            (help(&[
                "到期前一个月、前一周各打一次电话；到期当天和银行核还没还。",
                "打完点“记结果”：接没接通、答应哪天还、录音号。漏打的要补，补了也留着晚了几天。",
                "电话号码平时遮着；要拨，点名字到登记簿里写明原因再看。",
            ]))
            p.hint { kbd { "J" } kbd { "K" } " 上下移动　" kbd { "回车" } " 打开" }
        }
    };
    staff_page(desk, MenuEntry::Lines, "到期催收", None, &content)
}

fn table(view: &CollectionView) -> Markup {
    html! {
        @if view.rows.is_empty() {
            p.pad {
                "现在没有要催的。贷款到期前一个月，这里会出现要打的电话。 "
                a href="/staff/records/loan_collection" { "看催收台账" }
            }
        } @else {
            div.scroll { table {
                thead { tr {
                    th.tight scope="col" { "哪天" } th.tight scope="col" { "阶段" }
                    th scope="col" { "打给谁" } th scope="col" { "以前打过" } th scope="col" { "" }
                } }
                tbody { @for row in &view.rows { (line(row)) } }
            } }
            @if view.more { p.pad { "后面还有，先办这些；全部的在" a href="/staff/records/loan_collection?sort=due" { "催收台账" } "里。" } }
        }
    }
}

fn line(row: &CollectionRow) -> Markup {
    html! {
        tr.below[row.is_missed] {
            td.tight {
                span.tag.(row.due.class) { (row.due.text) }
                @if row.is_missed { br; b.bad { "漏打，要补" } }
            }
            td.tight { (row.stage) }
            td {
                @match &row.contact {
                    Some(contact) => {
                        a href=(format!("/staff/record/{}", contact.record)) { b { (contact.name) } }
                        " " @if contact.phone.is_empty() { span.bad { "没有登记电话" } } @else { (contact.phone) }
                    }
                    None => { span.bad { "没有登记借款人，请打开补上" } }
                }
                br; span.soft { "贷款 " (row.loan_no) }
            }
            td { @if row.calls.is_empty() { span.soft { "还没打过" } } @else { ul {
                @for call in &row.calls { li { (call.on) " " (call.stage) "：" (call.result) } }
            } } }
            td.right { a.button data-row href=(format!("/staff/record/{}", row.record)) { "记结果" } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::fixtures;

    #[test]
    fn a_call_that_was_missed_is_said_in_words() {
        let page = collection_page(&fixtures::desk(), &fixtures::collection()).into_string();
        assert!(page.contains("漏打，要补") && page.contains("漏打 1 个"));
        assert!(page.contains("还没打过") && page.contains("答应"));
    }
}
