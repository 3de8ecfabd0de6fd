//! What citizens say about the service in their own words, for who may read it: newest first, with a
//! way to a record in which somebody deals with it. Pure.

use domain::rating::Level;
use maud::{Markup, html};

use super::frame::{Desk, MenuEntry, staff_page};
use super::pager::{address, pager};

/// Where it is.
pub(crate) const FEEDBACK_PATH: &str = "/staff/feedback";
/// On a page.
pub(crate) const FEEDBACK_PER_PAGE: u32 = 30;
/// Where somebody deals with it.
const RECORD_FORM: &str = "/staff/records/policy_feedback/new";

/// What the page shows.
#[derive(Debug, Clone, Default)]
pub(crate) struct FeedbackView {
    pub(crate) lines: Vec<FeedbackShown>,
    pub(crate) count: u64,
    /// Counted from 1.
    pub(crate) page: u64,
    /// Whether who looks may open a record about it.
    pub(crate) may_record: bool,
}

/// One of them.
#[derive(Debug, Clone)]
pub(crate) struct FeedbackShown {
    pub(crate) at: String,
    pub(crate) hall: String,
    pub(crate) level: Level,
    /// About what; empty when nothing was chosen.
    pub(crate) about: &'static str,
    /// The words; empty when there are none.
    pub(crate) words: String,
    /// There are words, and they cannot be opened.
    pub(crate) is_shut: bool,
}

/// The page.
pub(crate) fn feedback_page(desk: &Desk, view: &FeedbackView) -> Markup {
    let to = |page: u64| address(FEEDBACK_PATH, &[("page", &page.to_string())]);
    let content = html! {
        div.stack {
            div.row {
                h1 { "群众意见" }
                @if view.may_record { a.button.push.noprint href=(RECORD_FORM) { "登记成意见办理" } }
            }
            div.card {
                @if view.lines.is_empty() {
                    p.pad { "还没有人留意见。群众在自助机的“提意见”里写的，会出现在这里。" }
                } @else {
                    table {
                        thead { tr { th { "时间" } th { "大厅" } th { "评分" } th { "关于" } th { "原话" } } }
                        tbody { @for line in &view.lines { (row(line)) } }
                    }
                    (pager(view.count, view.page, u64::from(FEEDBACK_PER_PAGE), to))
                }
            }
        }
    };
    staff_page(desk, MenuEntry::Feedback, "群众意见", None, &content)
}

fn row(line: &FeedbackShown) -> Markup {
    html! {
        tr {
            td.tight { (line.at) }
            td.tight { (line.hall) }
            td.tight { span.tag.(level_class(line.level)) { (line.level.text()) } }
            td.tight { (line.about) }
            td {
                @if line.is_shut { span.soft { "打不开：不是用本中心现在的钥匙封的。" } }
                @else if line.words.is_empty() { span.soft { "没有写。" } }
                @else { span.words { (line.words) } }
            }
        }
    }
}

fn level_class(level: Level) -> &'static str {
    match level {
        Level::VeryGood | Level::Good => "good",
        Level::Fair => "now",
        Level::Bad => "care",
        Level::VeryBad => "stop",
    }
}
