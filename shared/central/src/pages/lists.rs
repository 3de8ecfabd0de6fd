//! Lists that come from elsewhere and batches that go out: the page from which each begins, with what
//! was compared and what awaits a bank's answer. Pure: `routes::lists` fills the views.

mod answer;
mod batch;
mod comparison;

use std::fmt::Display;

use maud::{Markup, html};

use super::frame::{Desk, MenuEntry, staff_page};
use super::help::help;

pub(crate) use answer::{AnswerStage, AnswerView, answer_page};
pub(crate) use batch::{BatchStage, BatchView, LeftOutLine, MemberLine, batch_page};
pub(crate) use comparison::{
    CompareStage, CompareView, DoneView, FoundRow, TriedView, compare_page,
};

/// Where the pages are.
pub(crate) const LISTS_PATH: &str = "/staff/lists";

/// Where the answer to who sent a list is, of the record of a comparison.
pub(crate) fn feedback_of(record: impl Display) -> String {
    format!("{LISTS_PATH}/feedback/{record}")
}

/// Where a bank's answer to a batch is brought.
pub(crate) fn answer_to(record: impl Display) -> String {
    format!("{LISTS_PATH}/answer/{record}")
}

/// Something that can be begun.
#[derive(Debug, Clone)]
pub(crate) struct BeginLine {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) about: String,
}

/// A comparison that was made.
#[derive(Debug, Clone)]
pub(crate) struct PastComparison {
    pub(crate) record: String,
    pub(crate) case_no: String,
    pub(crate) title: String,
    pub(crate) state: String,
    pub(crate) at: String,
    /// Compared, hit, possible, opened.
    pub(crate) counts: [String; 4],
}

/// A batch that was built.
#[derive(Debug, Clone)]
pub(crate) struct PastBatch {
    pub(crate) record: String,
    pub(crate) case_no: String,
    pub(crate) kind_name: String,
    pub(crate) title: String,
    pub(crate) state: String,
    pub(crate) at: String,
    /// Whether it awaits a bank's answer that this person may bring.
    pub(crate) awaits_answer: bool,
}

/// What the page shows.
#[derive(Debug, Clone)]
pub(crate) struct ListsView {
    pub(crate) comparisons: Vec<BeginLine>,
    pub(crate) batches: Vec<BeginLine>,
    pub(crate) past: Vec<PastComparison>,
    pub(crate) built: Vec<PastBatch>,
    /// Whether this person may take answers out as files.
    pub(crate) may_export: bool,
}

/// The page.
pub(crate) fn lists_page(desk: &Desk, view: &ListsView) -> Markup {
    let is_empty = view.comparisons.is_empty()
        && view.batches.is_empty()
        && view.past.is_empty()
        && view.built.is_empty();
    let content = html! {
        div.stack {
            h1 { "名单和批次" }
            @if is_empty {
                p.say { "您的角色没有要比对的名单，也没有要建的批。需要办，请找管账号的人设置角色。" }
            }
            (begin("比对外来名单", "compare", "选文件", &view.comparisons))
            @if !view.comparisons.is_empty() || !view.past.is_empty() { (past(view)) }
            (begin("建批", "batch", "看看有谁", &view.batches))
            @if !view.batches.is_empty() || !view.built.is_empty() { (built(view)) }
            (help(&[
                "比对：选名单，传文件，先看结果，再一次开出所有疑点；同一份名单传两次，不会重复开。",
                "查完以后回到这里下载反馈：原来的每一行后面写着比对结果和核查结论。",
                "建批：系统列出该进这一批的，每一户一期只有一条；没进的写着为什么。",
                "回盘：银行的文件和批里逐笔对上了才收；少一行、多一行、金额不对，都不会动任何一笔。",
            ]))
            p.hint { kbd { "J" } kbd { "K" } " 上下移动　" kbd { "回车" } " 打开" }
        }
    };
    staff_page(desk, MenuEntry::Lists, "名单和批次", None, &content)
}

fn begin(title: &str, path: &str, button: &str, lines: &[BeginLine]) -> Markup {
    html! {
        @if !lines.is_empty() {
            div.card {
                h2 { (title) }
                table { tbody { @for line in lines {
                    @let address = format!("{LISTS_PATH}/{path}/{}", line.id);
                    tr {
                        th scope="row" { a href=(address) data-row { (line.name) } }
                        td.soft { (line.about) }
                        td.tight.noprint { a.button href=(address) aria-label=(format!("{button}：{}", line.name)) { (button) } }
                    }
                } } }
            }
        }
    }
}

fn past(view: &ListsView) -> Markup {
    html! {
        div.card {
            h2 { "比对过的" }
            @if view.past.is_empty() {
                p.pad.soft { "还没有比对过。从上面选一份名单开始。" }
            } @else {
                div.scroll { table {
                    thead { tr {
                        th.tight { "编号" } th { "名单和批次号" } th.tight { "状态" }
                        th.num { "比了" } th.num { "命中" } th.num { "疑似" } th.num { "新开" }
                        th.tight { "时间" } th.tight.noprint { "反馈" }
                    } }
                    tbody { @for line in &view.past { (past_row(line, view.may_export)) } }
                } }
                @if !view.may_export { p.pad.soft { "反馈的表有全名全号，由负责人或统计员下载。" } }
            }
        }
    }
}

fn past_row(line: &PastComparison, may_export: bool) -> Markup {
    html! {
        tr {
            td.tight { (line.case_no) }
            th scope="row" { a href=(format!("/staff/record/{}", line.record)) data-row { (line.title) } }
            td.tight { span.tag { (line.state) } }
            @for count in &line.counts { td.num { (count) } }
            td.tight.soft { (line.at) }
            td.tight.noprint {
                @if may_export {
                    a.button href=(feedback_of(&line.record))
                        aria-label=(format!("下载反馈 {}", line.case_no)) { "下载" }
                }
            }
        }
    }
}

fn built(view: &ListsView) -> Markup {
    html! {
        div.card {
            h2 { "在办的批" }
            @if view.built.is_empty() {
                p.pad.soft { "没有在办的批。从上面选一种开始。" }
            } @else {
                div.scroll { table {
                    thead { tr {
                        th.tight { "编号" } th.tight { "种类" } th { "批" } th.tight { "状态" }
                        th.tight { "建批时间" } th.tight.noprint { "回盘" }
                    } }
                    tbody { @for line in &view.built {
                        tr {
                            td.tight { (line.case_no) }
                            td.tight { (line.kind_name) }
                            th scope="row" { a href=(format!("/staff/record/{}", line.record)) data-row { (line.title) } }
                            td.tight { span.tag { (line.state) } }
                            td.tight.soft { (line.at) }
                            td.tight.noprint {
                                @if line.awaits_answer {
                                    a.button href=(answer_to(&line.record))
                                        aria-label=(format!("收回盘 {}", line.case_no)) { "收回盘" }
                                }
                            }
                        }
                    } }
                } }
            }
        }
    }
}
