//! What may be done with a record, as buttons and the forms behind them.

use maud::{Markup, html};

use super::inputs::{FieldView, StaffChoice, inputs, summary};
use super::one::OneView;
use crate::pages::frame::Desk;

/// Everything that may be done now.
#[derive(Debug, Clone)]
pub(crate) struct ActsView {
    pub(crate) steps: Vec<StepView>,
    /// For who may give it to somebody else.
    pub(crate) handing_over: Option<HandOverView>,
    /// For a person's registration that this person may merge into another.
    pub(crate) merging: Option<MergeView>,
    /// What was asked for and is no longer there.
    pub(crate) gone: Option<GoneAct>,
    pub(crate) staff: Vec<StaffChoice>,
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
    /// Materials that may be handed in later.
    pub(crate) deferrable: Vec<DeferView>,
    /// As typed, when the step was refused.
    pub(crate) reason: String,
    pub(crate) rule: String,
    pub(crate) remedy: String,
    pub(crate) notice: String,
    /// Shown open: it was just refused.
    pub(crate) is_open: bool,
}

/// A material that may be handed in later.
#[derive(Debug, Clone)]
pub(crate) struct DeferView {
    pub(crate) id: String,
    pub(crate) name: String,
    /// The last day, as typed.
    pub(crate) typed: String,
}

/// Giving the record to somebody else, as typed when it was refused.
#[derive(Debug, Clone, Default)]
pub(crate) struct HandOverView {
    pub(crate) to: String,
    pub(crate) reason: String,
    pub(crate) is_open: bool,
}

/// Closing a registration in favour of another one, as typed when it was refused.
#[derive(Debug, Clone, Default)]
pub(crate) struct MergeView {
    pub(crate) kept: String,
    pub(crate) reason: String,
    pub(crate) is_open: bool,
}

/// What was typed for something that can no longer be done.
#[derive(Debug, Clone)]
pub(crate) struct GoneAct {
    /// `退回`, `交办`.
    pub(crate) name: String,
    /// What each text answered, and the text.
    pub(crate) texts: Vec<(String, String)>,
}

/// What can be done, what cannot and why, and what was typed for what is gone.
pub(super) fn steps(desk: &Desk, view: &OneView) -> Markup {
    let (may, may_not): (Vec<_>, Vec<_>) = view
        .acts
        .steps
        .iter()
        .partition(|step| step.refusal.is_none());
    html! {
        @if let Some(gone) = &view.acts.gone { (gone_act(gone)) }
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

fn gone_act(gone: &GoneAct) -> Markup {
    html! {
        div.card.noprint {
            h2 { "“" (gone.name) "”现在办不了" }
            div.pad.stack {
                p { "这条记录刚被别人办过，没有这一步了。您刚才写的没有存，还在下面，需要的话先复制下来。" }
                @for (n, (label, text)) in gone.texts.iter().enumerate() {
                    div.field {
                        label for=(format!("gone-{n}")) { (label) }
                        textarea id=(format!("gone-{n}")) rows="3" readonly { (text) }
                    }
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
    let place = format!("{}-", step.id);
    let id = |name: &str| format!("{place}{name}");
    let text = |name: &str, label: &str, value: &str| {
        html! {
            div.field {
                label for=(id(name)) { (label) }
                textarea id=(id(name)) name=(name) rows="3" { (value) }
            }
        }
    };
    html! {
        (summary(&[], &step.fields, &place))
        @if !step.missing.is_empty() {
            div.say { p { "还差 " (step.missing.len()) " 件：" } ul { @for name in &step.missing { li { (name) } } } }
        }
        (inputs(&step.fields, &view.acts.staff, &place))
        @for doc in &step.deferrable {
            @let name = format!("defer.{}", doc.id);
            div.field {
                label for=(id(&name)) { (doc.name) " 先缺着，最晚补交日" span.soft { "（可不填）" } }
                input type="date" id=(id(&name)) name=(name) value=(doc.typed);
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

/// Who deals with it, and to whom it may be given.
pub(super) fn people(desk: &Desk, view: &OneView, is_now: bool) -> Markup {
    html! {
        div.card {
            h2 { "谁在办" }
            div.pad.stack {
                p { @if view.owner.is_empty() { "还没有人接。" } @else { (view.owner) } }
                @if let Some(typed) = view.acts.handing_over.as_ref().filter(|_| is_now) {
                    (handing_over(desk, view, typed))
                }
            }
        }
    }
}

fn handing_over(desk: &Desk, view: &OneView, typed: &HandOverView) -> Markup {
    html! {
        details.noprint open[typed.is_open] {
            summary { "交给别人办" }
            form method="post" action=(format!("/staff/record/{}/hand-over", view.record)) {
                (desk.form_token.field())
                input type="hidden" name="seen" value=(view.version);
                div.field {
                    label for="to" { "交给谁" }
                    select #to name="to" {
                        @for one in &view.acts.staff {
                            option value=(one.id) selected[one.id == typed.to] { (one.name) }
                        }
                    }
                }
                div.field {
                    label for="why" { "为什么" }
                    input #why name="reason" required maxlength="120" value=(typed.reason);
                }
                button { "交办" }
            }
        }
    }
}

/// For a registration of a person that stands twice.
pub(super) fn merging(desk: &Desk, view: &OneView) -> Markup {
    let Some(typed) = &view.acts.merging else {
        return html! {};
    };
    html! {
        div.card.noprint {
            h2 { "重复登记" }
            div.pad {
                details open[typed.is_open] {
                    summary { "并入另一条登记" }
                    form method="post" action=(format!("/staff/record/{}/merge", view.record)) {
                        (desk.form_token.field())
                        input type="hidden" name="seen" value=(view.version);
                        div.field {
                            label for="kept" { "留下哪一条" }
                            input #kept name="kept" required size="24" autocomplete="off"
                                value=(typed.kept) aria-describedby="kept-hint";
                            span #kept-hint.soft { "填那条登记的编号或证件号码。这一条停用，点“恢复”可以撤销。" }
                        }
                        div.field {
                            label for="merge-why" { "为什么" }
                            input #merge-why name="reason" required maxlength="120" value=(typed.reason);
                        }
                        button { "并入" }
                    }
                }
            }
        }
    }
}
