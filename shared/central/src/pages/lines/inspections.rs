//! Classes of the last months (培训巡查): whether each was inspected while it ran. Which were not is
//! said in words, first; a class that still runs can still be inspected, one that has ended cannot.

use domain::case::ServiceLine;
use maud::{Markup, html};

use super::address_of;
use crate::pages::frame::{Desk, MenuEntry, staff_page};
use crate::pages::help::help;

/// Whether a class was inspected while it ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Inspected {
    /// It runs, and has not been.
    NotYet,
    /// It has ended, and was not.
    Never,
    /// So many times as are wanted, or more.
    Enough,
}

/// A class.
#[derive(Debug, Clone)]
pub(crate) struct ClassRow {
    pub(crate) record: String,
    pub(crate) title: String,
    pub(crate) state: String,
    /// From when until when it ran.
    pub(crate) days: String,
    pub(crate) inspected: Inspected,
    /// How often.
    pub(crate) times: usize,
    /// Conclusions of the check before it began, of five.
    pub(crate) conclusions: usize,
}

/// What the page shows.
#[derive(Debug, Clone)]
pub(crate) struct ClassesView {
    pub(crate) classes: Vec<ClassRow>,
    /// How often each is to be inspected.
    pub(crate) times_min: u64,
    pub(crate) may_inspect: bool,
}

/// The page.
pub(crate) fn classes_page(desk: &Desk, view: &ClassesView) -> Markup {
    let lacking = view
        .classes
        .iter()
        .filter(|class| class.inspected != Inspected::Enough);
    let content = html! {
        div.stack {
            div.row {
                h1 { "培训班巡查" }
                span.tag.(if lacking.clone().count() > 0 { "stop" } else { "good" }) {
                    "没有巡查够的 " (lacking.count()) " 个班"
                }
                span.push {}
                @if view.may_inspect {
                    a.button.primary.noprint href="/staff/records/class_inspection/new" data-key="N" {
                        "登记巡查 " kbd { "N" }
                    }
                }
                a.button.noprint href=(address_of(ServiceLine::Training)) { "回培训见习" }
            }
            div.card { (table(view)) }
            (help(&[
                "每期班正在上课时至少到现场巡查一次，两个人去，拍照带水印；课上完了就补不了。",
                "这里按每个班分开数，不算平均：有一个班没查，就是没达标。",
            ]))
        }
    };
    staff_page(desk, MenuEntry::Lines, "培训班巡查", None, &content)
}

fn table(view: &ClassesView) -> Markup {
    html! {
        @if view.classes.is_empty() {
            p.pad { "今年还没有开班。 " a href="/staff/records/training_class" { "看培训班" } }
        } @else {
            div.scroll { table {
                thead { tr {
                    th scope="col" { "培训班" } th.tight scope="col" { "状态" } th.tight scope="col" { "上课" }
                    th.tight scope="col" { "巡查（至少 " (view.times_min) " 次）" } th.num scope="col" { "开班核查" }
                } }
                tbody { @for class in &view.classes { tr.below[class.inspected != Inspected::Enough] {
                    th scope="row" { a data-row href=(format!("/staff/record/{}", class.record)) { (class.title) } }
                    td.tight { span.tag { (class.state) } }
                    td.tight { (class.days) }
                    td.tight { (mark(class)) }
                    td.num { (class.conclusions) " / 5 项" }
                } } }
            } }
        }
    }
}

fn mark(class: &ClassRow) -> Markup {
    html! {
        @match class.inspected {
            Inspected::NotYet => { span.tag.stop { "还没巡查够，要在结业前去" } }
            Inspected::Never => { span.tag.stop { "没有巡查够，班已经上完" } }
            Inspected::Enough => { span.tag.good { "已巡查" } }
        }
        " " (class.times) " 次"
    }
}
