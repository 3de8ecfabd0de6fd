//! Deadlines: workday arithmetic by the calendar (case-kinds.md §0.1), when they begin and end,
//! and what has passed. The day on which one begins does not count; one that ends on a day off
//! ends on the next workday; a reminder on a day off comes on the workday before. Of a date that is
//! typed (`until`) and counted in days, the reminders too are plain days: they need no calendar. What
//! is counted in months may end in a year of which nobody knows the days off yet: then the day itself
//! counts, which is never later than the day that it would move on to.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, Months, NaiveDate};

use crate::months::month_end;

use super::command::CaseRefusal;
use super::kind::{Basis, DeadlineRule, Kind, ThenWhen};
use super::record::{Due, Record};
use super::rulebook::{NoCalendar, NoParameter, Rulebook};
use super::{Role, Value, Values};

/// What a step or a change does to the deadlines of a record.
#[derive(Debug, Default)]
pub(super) struct DueChange {
    /// Those that end.
    pub(super) ended: BTreeSet<String>,
    /// Those that begin or move.
    pub(super) due: BTreeMap<String, Due>,
}

/// A deadline that is near or has passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminder {
    /// The rule's id.
    pub deadline: String,
    /// Its Chinese name.
    pub name: String,
    /// The last day.
    pub on: NaiveDate,
    /// The newest day of reminding: with the deadline's id, the name of this reminder.
    pub since: NaiveDate,
    /// Who is told besides, once the last day has passed.
    pub escalates_to: Option<Role>,
}

/// The deadlines that begin with a record in its initial state.
pub(super) fn begin(
    kind: &Kind,
    values: &Values,
    today: NaiveDate,
    rules: &dyn Rulebook,
) -> Result<BTreeMap<String, Due>, CaseRefusal> {
    let mut due = BTreeMap::new();
    for rule in &kind.deadlines {
        if rule.runs_in(&kind.initial)
            && let Some(begun) = due_of(rule, values, today, rules)?
        {
            due.insert(rule.id.clone(), begun);
        }
    }
    Ok(due)
}

/// What happens to the deadlines of a record that goes to a state, or stays in its own, with these
/// values. One that goes on is left as it is, unless it is a field that has changed.
pub(super) fn change(
    kind: &Kind,
    record: &Record,
    to: &str,
    values: &Values,
    today: NaiveDate,
    rules: &dyn Rulebook,
) -> Result<DueChange, CaseRefusal> {
    let mut change = DueChange::default();
    for rule in &kind.deadlines {
        let goes_on = rule.runs_in(&record.state);
        let mut fields = rule.until.iter().chain(&rule.from);
        let is_moved = fields.any(|field| record.values.get(field) != values.get(field));
        if goes_on && rule.runs_in(to) && !is_moved {
            continue;
        }
        let due = if rule.runs_in(to) {
            due_of(rule, values, today, rules)?
        } else {
            None
        };
        match due {
            Some(due) => drop(change.due.insert(rule.id.clone(), due)),
            None if record.due.contains_key(&rule.id) => {
                change.ended.insert(rule.id.clone());
            }
            None => {}
        }
    }
    Ok(change)
}

/// `None` while the field is empty that is the deadline, or from which it counts.
fn due_of(
    rule: &DeadlineRule,
    values: &Values,
    today: NaiveDate,
    rules: &dyn Rulebook,
) -> Result<Option<Due>, CaseRefusal> {
    let start = match &rule.from {
        None => today,
        Some(field) => match values.get(field).and_then(day_told) {
            Some(day) => day,
            None => return Ok(None),
        },
    };
    let on = match (&rule.parameter, &rule.until) {
        (Some(key), _) => last_day(key, rule.basis, start, rules)?,
        (None, Some(field)) => match values.get(field) {
            Some(Value::Date(day)) => *day,
            _ => return Ok(None),
        },
        (None, None) => return Ok(None),
    };
    let mut remind_on = BTreeSet::new();
    for days in &rule.remind_days_before {
        // a date that is years ahead must not wait for calendars that nobody has made yet
        let plain = on.checked_sub_days(Days::new((*days).into()));
        let day = match (&rule.until, rule.basis) {
            (Some(_), Basis::Day) => plain,
            (None, Basis::Month) => workdays_before(on, *days, rules).ok().or(plain),
            _ => Some(workdays_before(on, *days, rules)?),
        };
        remind_on.extend(day);
    }
    Ok(Some(Due {
        on,
        remind_on: remind_on.into_iter().filter(|day| *day >= today).collect(),
    }))
}

/// The day of a date, the last one of a month.
fn day_told(value: &Value) -> Option<NaiveDate> {
    match value {
        Value::Date(day) => Some(*day),
        Value::Text(month) => month_end(format!("{month}-01").parse().ok()?),
        _ => None,
    }
}

fn last_day(
    key: &str,
    basis: Basis,
    start: NaiveDate,
    rules: &dyn Rulebook,
) -> Result<NaiveDate, CaseRefusal> {
    let gap = || NoParameter {
        key: key.to_owned(),
        day: start,
    };
    let count = u32::try_from(rules.number(key, start)?).map_err(|_| gap())?;
    let day = match basis {
        Basis::Workday => return Ok(workdays_after(start, count, rules)?),
        Basis::Day => start.checked_add_days(Days::new(count.into())),
        Basis::Month => {
            let day = start.checked_add_months(Months::new(count));
            let day = day.ok_or_else(gap)?;
            return Ok(workdays_after(day, 0, rules).unwrap_or(day));
        }
    };
    Ok(workdays_after(day.ok_or_else(gap)?, 0, rules)?)
}

/// The workday that is so many after a day, which itself does not count; with 0, the day itself or
/// the next workday.
///
/// # Errors
/// [`NoCalendar`].
pub fn workdays_after(
    day: NaiveDate,
    count: u32,
    rules: &dyn Rulebook,
) -> Result<NaiveDate, NoCalendar> {
    walk(day, count, rules, NaiveDate::succ_opt)
}

/// The workday that is so many before a day; with 0, the day itself or the workday before.
///
/// # Errors
/// [`NoCalendar`].
pub fn workdays_before(
    day: NaiveDate,
    count: u32,
    rules: &dyn Rulebook,
) -> Result<NaiveDate, NoCalendar> {
    walk(day, count, rules, NaiveDate::pred_opt)
}

fn walk(
    from: NaiveDate,
    count: u32,
    rules: &dyn Rulebook,
    step: impl Fn(&NaiveDate) -> Option<NaiveDate>,
) -> Result<NaiveDate, NoCalendar> {
    let mut day = from;
    let mut left = count;
    while left > 0 || !rules.is_workday(day)? {
        // the calendar ends long before dates do: then it is the year that is missing
        day = step(&day).ok_or_else(|| NoCalendar {
            year: chrono::Datelike::year(&day),
        })?;
        if left > 0 && rules.is_workday(day)? {
            left -= 1;
        }
    }
    Ok(day)
}

impl DeadlineRule {
    fn runs_in(&self, state: &str) -> bool {
        self.states.iter().any(|other| other == state)
    }
}

/// The transitions that the system must do now because a deadline has passed, in the order of the
/// rules: after the first, ask again.
#[must_use]
pub fn due_steps(kind: &Kind, record: &Record, today: NaiveDate) -> Vec<String> {
    let has_come = |rule: &&DeadlineRule| {
        let due = record.due.get(&rule.id);
        due.is_some_and(|due| match rule.then_when {
            ThenWhen::After => due.on < today,
            ThenWhen::OnTheDay => due.on <= today,
        })
    };
    let steps = kind.deadlines.iter().filter(has_come);
    let steps = steps.filter_map(|rule| kind.transition(rule.then.as_ref()?));
    steps
        .filter(|step| step.from.contains(&record.state) && step.roles.contains(&Role::System))
        .map(|step| step.id.clone())
        .collect()
}

/// The deadlines of which somebody is to be reminded on a day: once their first day of reminding
/// has come, until they end.
#[must_use]
pub fn reminders(kind: &Kind, record: &Record, today: NaiveDate) -> Vec<Reminder> {
    let rules = kind.deadlines.iter();
    let near = rules.filter_map(|rule| {
        let due = record.due.get(&rule.id)?;
        let days = due.remind_on.iter().copied();
        let passed = due.on.succ_opt().filter(|day| *day <= today);
        let since = passed.or_else(|| days.filter(|day| *day <= today).max())?;
        Some(Reminder {
            deadline: rule.id.clone(),
            name: rule.name.clone(),
            on: due.on,
            since,
            escalates_to: rule.escalates_to.filter(|_| passed.is_some()),
        })
    });
    near.collect()
}

/// Whether a deadline of the record has passed.
#[must_use]
pub fn is_overdue(record: &Record, today: NaiveDate) -> bool {
    record.due.values().any(|due| due.on < today)
}

/// By how many workdays a deadline has passed, today counted; 0 when it has not.
///
/// # Errors
/// [`NoCalendar`].
pub fn overdue_days(due: &Due, today: NaiveDate, rules: &dyn Rulebook) -> Result<u32, NoCalendar> {
    let mut count = 0;
    for day in due.on.iter_days().skip(1).take_while(|day| *day <= today) {
        count += u32::from(rules.is_workday(day)?);
    }
    Ok(count)
}
