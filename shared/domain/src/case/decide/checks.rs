//! Conditions between values, asked when values are taken in and when a step is done.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::super::Values;
use super::super::command::{CaseRefusal, CaseRefusalCode, FieldFault};
use super::super::kind::{Check, Kind};
use super::super::rulebook::Rulebook;
use super::Circumstances;

/// The checks that concern a field that changes: a value that was right when it was taken in must
/// not bar the change of another one.
pub(super) fn touched<'k>(kind: &'k Kind, changed: &BTreeSet<String>) -> Vec<&'k Check> {
    let concerns = |check: &&Check| {
        changed
            .iter()
            .any(|field| check.field == *field || check.condition.concerns(field))
    };
    kind.checks.iter().filter(concerns).collect()
}

pub(super) fn failed(
    checks: Vec<&Check>,
    values: &Values,
    around: Circumstances<'_>,
) -> Result<Vec<FieldFault>, CaseRefusal> {
    let binding = checks.into_iter().filter(|check| !check.is_hint);
    faults_of(binding, values, around.today, around.rules)
}

/// What a person should be told about these values although they are taken in.
///
/// # Errors
/// When a dated parameter has no value, or the calendar lacks a year.
pub fn hints(
    kind: &Kind,
    values: &Values,
    today: NaiveDate,
    rules: &dyn Rulebook,
) -> Result<Vec<FieldFault>, CaseRefusal> {
    let hints = kind.checks.iter().filter(|check| check.is_hint);
    faults_of(hints, values, today, rules)
}

fn faults_of<'k>(
    checks: impl Iterator<Item = &'k Check>,
    values: &Values,
    today: NaiveDate,
    rules: &dyn Rulebook,
) -> Result<Vec<FieldFault>, CaseRefusal> {
    let mut faults = Vec::new();
    for check in checks {
        if !check.condition.holds(values, today, rules)? {
            faults.push(FieldFault {
                field: check.field.clone(),
                text: check.text.clone(),
            });
        }
    }
    Ok(faults)
}

pub(super) fn hold(
    conditions: &[Check],
    values: &Values,
    around: Circumstances<'_>,
) -> Result<(), CaseRefusal> {
    let faults = faults_of(conditions.iter(), values, around.today, around.rules)?;
    let Some(first) = faults.first() else {
        return Ok(());
    };
    let text = format!("现在还不能办：{}", first.text);
    let mut refusal = CaseRefusal::new(CaseRefusalCode::NotNow, text);
    refusal.faults = faults;
    Err(refusal)
}
