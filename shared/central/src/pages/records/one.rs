//! A record: its states as a rail, its facts and materials, what may be done now and by whom not,
//! deadlines, and its history last.

use maud::{Markup, html};

use super::DueMark;
use super::act_forms::{ActsView, merging, people, steps};
use crate::pages::boards::editor::{self, EditorView};
use crate::pages::documents::documents_of;
use crate::pages::frame::{Desk, MenuEntry, Said, said, staff_page};
use crate::pages::help::help;

/// A state on the rail.
#[derive(Debug, Clone)]
pub(crate) struct RailStep {
    pub(crate) name: String,
    pub(crate) is_past: bool,
    pub(crate) is_now: bool,
}

/// A field with its value.
#[derive(Debug, Clone)]
pub(crate) struct ShownField {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) text: String,
    /// Another record behind the value.
    pub(crate) address: Option<String>,
    /// Masked: may be asked for with a reason.
    pub(crate) is_masked: bool,
}

/// A material.
#[derive(Debug, Clone)]
pub(crate) struct AttachmentLine {
    /// Its page.
    pub(crate) address: String,
    pub(crate) name: String,
    pub(crate) hint: String,
    /// `已收 2 页`, `还缺`, `可不交`, `缺，11月30日前补`.
    pub(crate) state: String,
    pub(crate) class: &'static str,
}

/// A deadline that runs.
#[derive(Debug, Clone)]
pub(crate) struct DueLine {
    pub(crate) name: String,
    pub(crate) mark: DueMark,
}

/// A line of the history.
#[derive(Debug, Clone)]
pub(crate) struct HistoryLine {
    pub(crate) at: String,
    pub(crate) who: String,
    pub(crate) what: String,
    pub(crate) details: Vec<String>,
}

/// Another record.
#[derive(Debug, Clone)]
pub(crate) struct TiedRecord {
    pub(crate) how: String,
    pub(crate) address: String,
    pub(crate) name: String,
}

/// What the page shows.
#[derive(Debug, Clone)]
pub(crate) struct OneView {
    pub(crate) record: String,
    pub(crate) version: u64,
    pub(crate) kind_name: String,
    pub(crate) kind_address: String,
    pub(crate) case_no: String,
    pub(crate) title: String,
    pub(crate) state: String,
    pub(crate) rail: Vec<RailStep>,
    pub(crate) facts: Vec<ShownField>,
    pub(crate) attachments: Vec<AttachmentLine>,
    pub(crate) may_change: bool,
    pub(crate) acts: ActsView,
    pub(crate) due: Vec<DueLine>,
    pub(crate) owner: String,
    pub(crate) ties: Vec<TiedRecord>,
    /// How many more there are than are shown.
    pub(crate) ties_beyond: usize,
    /// The visits in which it was opened or taken up, in words.
    pub(crate) visits: Vec<String>,
    pub(crate) history: Vec<HistoryLine>,
    /// The day as of which it is shown; empty for now.
    pub(crate) as_of: String,
    /// May open a record that corrects this one.
    pub(crate) may_correct: bool,
    /// Titles of the documents that are made of such a record.
    pub(crate) documents: Vec<String>,
    /// How its text looks on boards.
    pub(crate) editor: Option<EditorView>,
    /// Where what fits it best is shown, and what the button says.
    pub(crate) matches: Option<(String, &'static str)>,
    /// Where it is told when boards played it.
    pub(crate) aired: Option<String>,
    /// Where it goes on beside its steps, and what is done there.
    pub(crate) goes_on: Option<(String, &'static str)>,
}

/// The page.
pub(crate) fn one_page(desk: &Desk, view: &OneView, notice: Option<&Said>) -> Markup {
    let is_now = view.as_of.is_empty();
    let content = html! {
        div.stack {
            div.row {
                h1 { (view.title) }
                span.tag.now { (view.state) }
                span.push.soft {
                    a href=(view.kind_address) { (view.kind_name) } " · " (view.case_no)
                }
            }
            (said(notice))
            @if !is_now {
                p.say { "这是 " (view.as_of) " 那天结束时的样子，只能看。 "
                    a href=(format!("/staff/record/{}", view.record)) { "看现在" } }
            }
            (rail(&view.rail))
            div.split {
                div.stack {
                    @if let Some(shown) = view.editor.as_ref().filter(|_| is_now) {
                        (editor::seen(&shown.editing, &board_choice(view, shown)))
                    }
                    (facts(desk, view, is_now))
                    @if !view.attachments.is_empty() { (materials(view)) }
                    (history(view))
                }
                div.stack {
                    @if let Some((address, words)) = view.goes_on.as_ref().filter(|_| is_now) {
                        p.noprint { a.button.primary href=(address) { (words) } }
                    }
                    @if is_now { (steps(desk, view)) }
                    @if let Some(shown) = view.editor.as_ref().filter(|_| is_now) {
                        (editor::checked(&shown.editing.checks))
                    }
                    (deadlines(view))
                    (people(desk, view, is_now))
                    @if is_now { (merging(desk, view)) }
                    (documents(view))
                    (ties(view))
                }
            }
            (help(&[
                "右边“您现在能做的”只列这一步能办的；不能办的写着为什么、该找谁。",
                "带星号的是遮住的个人信息，点“看全”要写理由，会记下来。",
                "办过的不能改，办错了用“更正”另开一条，两条连在一起。",
            ]))
        }
    };
    staff_page(desk, MenuEntry::Records, &view.title, None, &content)
}

/// Beside a record the choice of a board is a form of its own.
fn board_choice(view: &OneView, shown: &EditorView) -> Markup {
    html! {
        @if !shown.editing.others.is_empty() {
            form.row.push.noprint method="get" action=(format!("/staff/record/{}", view.record)) {
                (editor::choice(&shown.editing))
                button { "看" }
            }
        }
    }
}

fn rail(steps: &[RailStep]) -> Markup {
    html! {
        ol.rail aria-label="进展" { @for step in steps {
            li.past[step.is_past].now[step.is_now] aria-current=[step.is_now.then_some("step")] {
                @if step.is_past { "✓ " } (step.name)
            }
        } }
    }
}

fn facts(desk: &Desk, view: &OneView, is_now: bool) -> Markup {
    html! {
        div.card {
            div.head.row {
                h2 { "内容" }
                @if view.may_change && is_now {
                    a.button.push.noprint href=(format!("/staff/record/{}/change", view.record)) { "修改" }
                }
            }
            div.pad { dl { @for fact in &view.facts {
                dt { (fact.name) }
                dd {
                    @if let Some(address) = &fact.address { a href=(address) { (fact.text) } }
                    @else { span.words { (fact.text) } }
                    @if fact.is_masked && is_now { (reveal(desk, view, fact)) }
                }
            } } }
        }
    }
}

fn reveal(desk: &Desk, view: &OneView, fact: &ShownField) -> Markup {
    html! {
        details.inline.noprint {
            summary { "看全" }
            form.row method="post" action=(format!("/staff/record/{}/reveal", view.record)) {
                (desk.form_token.field())
                input type="hidden" name="field" value=(fact.id);
                input name="reason" required maxlength="120" size="24" aria-label="看全的理由"
                    placeholder="为什么要看，例如：电话通知补材料";
                button { "看" }
            }
        }
    }
}

fn materials(view: &OneView) -> Markup {
    html! {
        div.card {
            h2 { "材料" }
            table { tbody { @for line in &view.attachments { tr {
                th scope="row" { (line.name) @if !line.hint.is_empty() { br; span.soft { (line.hint) } } }
                td.tight { span.tag.(line.class) { (line.state) } }
                td.tight.noprint { a href=(line.address) { "看、收材料" } }
            } } } }
        }
    }
}

fn deadlines(view: &OneView) -> Markup {
    html! {
        @if !view.due.is_empty() {
            div.card {
                h2 { "期限" }
                table { tbody { @for due in &view.due { tr {
                    th scope="row" { (due.name) }
                    td.tight { span.tag.(due.mark.class) { (due.mark.text) } }
                } } } }
            }
        }
    }
}

/// The way to what can be handed out of the record on paper.
fn documents(view: &OneView) -> Markup {
    html! {
        @if !view.documents.is_empty() {
            div.card.noprint {
                h2 { "文书" }
                div.pad { p {
                    a.button href=(documents_of(&view.record)) { "出文书、看出过的" }
                    " " span.soft { (view.documents.join("、")) }
                } }
            }
        }
    }
}

fn ties(view: &OneView) -> Markup {
    html! {
        @if !view.ties.is_empty() || !view.visits.is_empty() || view.may_correct
            || view.aired.is_some() || view.matches.is_some() {
            div.card {
                h2 { "相关记录" }
                div.pad.stack {
                    @for visit in &view.visits { p { "来办的号票：" (visit) } }
                    @for tie in &view.ties { p { (tie.how) " " a href=(tie.address) { (tie.name) } } }
                    @if view.ties_beyond > 0 { p.soft { "还有 " (view.ties_beyond) " 条连到这条，没有都列出来。" } }
                    @if let Some((address, says)) = &view.matches {
                        p.noprint { a.button href=(address) { (says) } }
                    }
                    @if let Some(aired) = &view.aired {
                        p { "在屏上播了什么时候：" a href=(aired) { "播出记录" } }
                    }
                    @if view.may_correct {
                        p.noprint { a.button href=(format!("{}/new?corrects={}", view.kind_address, view.record)) { "更正这一条" } }
                    }
                }
            }
        }
    }
}

fn history(view: &OneView) -> Markup {
    html! {
        div.card {
            div.head.row {
                h2 { "经过" }
                form.row.push.noprint method="get" action=(format!("/staff/record/{}", view.record)) {
                    label for="on" { "看某一天的样子" }
                    input #on type="date" name="on" value=(view.as_of);
                    button { "看" }
                }
            }
            table { tbody { @for line in &view.history { tr {
                td.tight.soft { (line.at) }
                td.tight { (line.who) }
                td {
                    b { (line.what) }
                    @for detail in &line.details { br; span.soft { (detail) } }
                }
            } } } }
        }
    }
}
