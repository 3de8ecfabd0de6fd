//! What a person must write with a step, and how much of it.

use super::super::Role;
use super::super::command::{CaseRefusal, CaseRefusalCode};
use super::super::kind::Transition;
use super::Wish;

/// Most characters of a reason, a rule, a remedy or a line of a notice.
const WORDS_CHARS_MAX: usize = 2_000;
/// Most lines that a person adds to a notice.
const NOTICE_LINES_MAX: usize = 50;

/// The system gives no reasons: what it does follows from a date or from another record.
pub(super) fn need_words(step: &Transition, role: Role, wish: &Wish) -> Result<(), CaseRefusal> {
    bounded([&wish.reason, &wish.rule, &wish.remedy])?;
    bounded(&wish.notice)?;
    if wish.notice.len() > NOTICE_LINES_MAX {
        let text = format!("告知书最多加 {NOTICE_LINES_MAX} 行，请合并几行。");
        return Err(CaseRefusal::new(CaseRefusalCode::Values, text));
    }
    if role == Role::System {
        return Ok(());
    }
    let is_blank = |text: &str| text.trim().is_empty();
    let wants = [
        (step.needs_reason && is_blank(&wish.reason), "理由"),
        (step.needs_rule && is_blank(&wish.rule), "所依据的法规条款"),
        (
            step.needs_rule && is_blank(&wish.remedy),
            "当事人的救济途径",
        ),
    ];
    let lacking: Vec<_> = wants
        .iter()
        .filter(|(is_lacking, _)| *is_lacking)
        .map(|(_, name)| *name)
        .collect();
    if lacking.is_empty() {
        return Ok(());
    }
    let text = format!("办“{}”要写明{}。", step.name, lacking.join("、"));
    Err(CaseRefusal::new(CaseRefusalCode::ReasonNeeded, text))
}

pub(super) fn bounded<'t>(texts: impl IntoIterator<Item = &'t String>) -> Result<(), CaseRefusal> {
    let is_long = |text: &String| text.chars().count() > WORDS_CHARS_MAX;
    if texts.into_iter().any(is_long) {
        let text = format!("写得太长了：理由、依据、告知等每项最多 {WORDS_CHARS_MAX} 个字。");
        return Err(CaseRefusal::new(CaseRefusalCode::Values, text));
    }
    Ok(())
}

pub(super) fn need_reason(what: &str, reason: &str) -> Result<(), CaseRefusal> {
    if reason.trim().is_empty() {
        let text = format!("{what}要写明理由。");
        return Err(CaseRefusal::new(CaseRefusalCode::ReasonNeeded, text));
    }
    Ok(())
}
