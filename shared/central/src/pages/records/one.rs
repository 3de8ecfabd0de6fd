//! A record: its states as a rail, its facts and materials, what may be done now and by whom not,
//! deadlines, and its history last.

use maud::{Markup, html};

use super::DueMark;
use super::form::{FieldView, StaffChoice, inputs, summary};
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

/// A step that may be done now, or not, and why.
#[derive(Debug, Clone)]
pub(crate) struct StepView {
    pub(crate) id: String,
    pub(crate) name: String,
    /// Why this person may not do it.
    pub(crate) refusal: Option<String>,
    pub(crate) fields: Vec<FieldView>,
    pub(crate) needs_reason: bool,
    pub(crate) needs_rule: bool,
    pub(crate) is_notice: bool,
    /// What is missing for it, by name.
    pub(crate) missing: Vec<String>,
    /// Materials that may be handed in later: id and name.
    pub(crate) deferrable: Vec<(String, String)>,
    /// As typed, when the step was refused.
    pub(crate) reason: String,
    pub(crate) rule: String,
    pub(crate) remedy: String,
    pub(crate) notice: String,
    /// Shown open: it was just refused.
    pub(crate) is_open: bool,
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
    pub(crate) steps: Vec<StepView>,
    pub(crate) due: Vec<DueLine>,
    pub(crate) owner: String,
    pub(crate) may_hand_over: bool,
    /// Whether it is a person's registration that this person may merge into another.
    pub(crate) may_merge: bool,
    pub(crate) staff: Vec<StaffChoice>,
    pub(crate) ties: Vec<TiedRecord>,
    pub(crate) history: Vec<HistoryLine>,
    /// The day as of which it is shown; empty for now.
    pub(crate) as_of: String,
    /// May open a record that corrects this one.
    pub(crate) may_correct: bool,
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
                    (facts(desk, view, is_now))
                    @if !view.attachments.is_empty() { (materials(view)) }
                    (history(view))
                }
                div.stack {
                    @if is_now { (steps(desk, view)) }
                    (deadlines(view))
                    (people(desk, view, is_now))
                    @if view.may_merge && is_now { (merging(desk, view)) }
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

fn steps(desk: &Desk, view: &OneView) -> Markup {
    let (may, may_not): (Vec<_>, Vec<_>) =
        view.steps.iter().partition(|step| step.refusal.is_none());
    html! {
        div.card.noprint {
            h2 { "您现在能做的" }
            div.pad.stack {
                @if may.is_empty() { p { "这一步不用您办。" } }
                @for (n, step) in may.iter().enumerate() { (one_step(desk, view, step, n == 0)) }
                @for step in may_not {
                    p.soft { b { (step.name) } "：" (step.refusal.as_deref().unwrap_or_default()) }
                }
            }
        }
    }
}

/// A step that asks nothing is one button; any other unfolds into its form.
fn one_step(desk: &Desk, view: &OneView, step: &StepView, is_first: bool) -> Markup {
    let asks = !step.fields.is_empty()
        || step.needs_reason
        || step.needs_rule
        || step.is_notice
        || !step.missing.is_empty();
    let form = html! {
        form method="post" action=(format!("/staff/record/{}/step/{}", view.record, step.id)) {
            (desk.form_token.field())
            input type="hidden" name="seen" value=(view.version);
            @if asks { (step_fields(view, step)) }
            button.primary[is_first] { (step.name) }
        }
    };
    html! {
        @if asks {
            details open[step.is_open] { summary { (step.name) } (form) }
        } @else { (form) }
    }
}

fn step_fields(view: &OneView, step: &StepView) -> Markup {
    let id = |name: &str| format!("{}-{name}", step.id);
    let text = |name: &str, label: &str, value: &str| {
        html! {
            div.field {
                label for=(id(name)) { (label) }
                textarea id=(id(name)) name=(name) rows="3" { (value) }
            }
        }
    };
    html! {
        (summary(&step.fields))
        @if !step.missing.is_empty() {
            div.say { p { "还差 " (step.missing.len()) " 件：" } ul { @for name in &step.missing { li { (name) } } } }
        }
        (inputs(&step.fields, &view.staff))
        @for (doc, name) in &step.deferrable {
            div.field {
                label for=(id(doc)) { (name) " 先缺着，最晚补交日" span.soft { "（可不填）" } }
                input type="date" id=(id(doc)) name=(format!("defer.{doc}"));
            }
        }
        @if step.is_notice { (text("notice", "还要补什么（缺的材料已自动列上，一行一条）", &step.notice)) }
        @if step.needs_rule {
            (text("rule", "依据哪条规定", &step.rule))
            (text("remedy", "不服可以怎么办（向谁、多少天内）", &step.remedy))
        }
        @if step.needs_reason { (text("reason", "理由", &step.reason)) }
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

fn people(desk: &Desk, view: &OneView, is_now: bool) -> Markup {
    html! {
        div.card {
            h2 { "谁在办" }
            div.pad.stack {
                p { @if view.owner.is_empty() { "还没有人接。" } @else { (view.owner) } }
                @if view.may_hand_over && is_now {
                    details.noprint {
                        summary { "交给别人办" }
                        form method="post" action=(format!("/staff/record/{}/hand-over", view.record)) {
                            (desk.form_token.field())
                            input type="hidden" name="seen" value=(view.version);
                            div.field {
                                label for="to" { "交给谁" }
                                select #to name="to" { @for one in &view.staff { option value=(one.id) { (one.name) } } }
                            }
                            div.field {
                                label for="why" { "为什么" }
                                input #why name="reason" required maxlength="120";
                            }
                            button { "交办" }
                        }
                    }
                }
            }
        }
    }
}

/// For a registration of a person that stands twice.
fn merging(desk: &Desk, view: &OneView) -> Markup {
    html! {
        div.card.noprint {
            h2 { "重复登记" }
            div.pad {
                details {
                    summary { "并入另一条登记" }
                    form method="post" action=(format!("/staff/record/{}/merge", view.record)) {
                        (desk.form_token.field())
                        input type="hidden" name="seen" value=(view.version);
                        div.field {
                            label for="kept" { "留下哪一条" }
                            input #kept name="kept" required size="24" autocomplete="off"
                                aria-describedby="kept-hint";
                            span #kept-hint.soft { "填那条登记的编号或证件号码。这一条停用，点“恢复”可以撤销。" }
                        }
                        div.field {
                            label for="merge-why" { "为什么" }
                            input #merge-why name="reason" required maxlength="120";
                        }
                        button { "并入" }
                    }
                }
            }
        }
    }
}

fn ties(view: &OneView) -> Markup {
    html! {
        @if !view.ties.is_empty() || view.may_correct {
            div.card {
                h2 { "相关记录" }
                div.pad.stack {
                    @for tie in &view.ties { p { (tie.how) " " a href=(tie.address) { (tie.name) } } }
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
