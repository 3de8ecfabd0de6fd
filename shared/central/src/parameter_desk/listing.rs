//! What the page of parameters shows: every entry with its days and persons, and what waits.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::id::{ProposalId, StaffId};
use domain::parameter::{
    InBook, ParameterBook, ParameterChange, ParameterKey, ParameterValue, TwoPersons,
};
use domain::time::UtcMs;
use wire::problem::Problem;

use crate::app_state::AppState;
use crate::store::WaitingChange;

/// Everything on the page.
#[derive(Debug, Clone)]
pub struct ParameterList {
    /// Every entry, by key, region and day.
    pub lines: Vec<ParameterLine>,
    /// What waits for a second person, oldest first.
    pub waiting: Vec<WaitingLine>,
    /// The day of which it is said what is in force.
    pub today: NaiveDate,
}

/// Whether an entry is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It has ended.
    Ended,
    /// Today's.
    InForce,
    /// It begins later.
    Later,
}

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParameterLine {
    /// Key and region.
    pub key: ParameterKey,
    /// Its Chinese name.
    pub name: String,
    /// The value.
    pub value: ParameterValue,
    /// Its unit.
    pub unit: String,
    /// The first day.
    pub from: NaiveDate,
    /// The last day, stated or by the next entry.
    pub last: Option<NaiveDate>,
    /// The document.
    pub source: String,
    /// Who entered and confirmed it, by name; `None`: it came with the program.
    pub hands: Option<(String, String)>,
    /// Whether it is in force.
    pub standing: Standing,
}

/// A change that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingLine {
    /// Its id.
    pub proposal: ProposalId,
    /// Key and region.
    pub key: ParameterKey,
    /// The Chinese name.
    pub name: String,
    /// What would hold on its first day without it.
    pub old: Option<ParameterValue>,
    /// The new value; `None`: an entry is to be withdrawn.
    pub new: Option<ParameterValue>,
    /// The unit of both.
    pub unit: String,
    /// The first day.
    pub from: NaiveDate,
    /// The last day, where one is stated.
    pub last: Option<NaiveDate>,
    /// The document, or why an entry is withdrawn.
    pub why: String,
    /// Who proposed it, by name.
    pub by_name: String,
    /// Whether that is the viewer, who then may not confirm it.
    pub is_own: bool,
    /// When it was proposed.
    pub at: UtcMs,
}

/// The parameters as `viewer` sees them.
///
/// # Errors
/// Only faults of storage.
pub async fn list(app: &AppState, viewer: StaffId) -> Result<ParameterList, Problem> {
    let store = &app.inner.store;
    let (book, today) = (&store.live().parameters, app.now().hall_date());
    let read = store.read(|reader| Ok((reader.waiting_parameters()?, reader.staff_names()?)));
    let (waiting, names) = read.await?;
    let names = Names(names);
    let of_key = |key| lines_of(book, key, &names, today);
    Ok(ParameterList {
        lines: book.keys().flat_map(of_key).collect(),
        waiting: waiting
            .into_iter()
            .map(|change| waiting_line(book, change, &names, viewer))
            .collect(),
        today,
    })
}

struct Names(BTreeMap<StaffId, String>);

impl Names {
    fn of(&self, staff: StaffId) -> String {
        let known = self.0.get(&staff).cloned();
        known.unwrap_or_else(|| "已离职人员".to_owned())
    }

    fn both(&self, hands: TwoPersons) -> (String, String) {
        (self.of(hands.entered_by), self.of(hands.confirmed_by))
    }
}

fn lines_of(
    book: &ParameterBook,
    key: &ParameterKey,
    names: &Names,
    today: NaiveDate,
) -> Vec<ParameterLine> {
    let line = |(found, last): (&InBook, Option<NaiveDate>)| {
        let entry = found.entry.clone();
        ParameterLine {
            standing: standing(entry.effective_from, last, today),
            key: entry.key,
            name: entry.name,
            value: entry.value,
            unit: entry.unit,
            from: entry.effective_from,
            last,
            source: entry.source,
            hands: found.hands.map(|hands| names.both(hands)),
        }
    };
    book.history(key).map(line).collect()
}

fn standing(from: NaiveDate, last: Option<NaiveDate>, today: NaiveDate) -> Standing {
    if from > today {
        Standing::Later
    } else if last.is_some_and(|last| last < today) {
        Standing::Ended
    } else {
        Standing::InForce
    }
}

fn waiting_line(
    book: &ParameterBook,
    waiting: WaitingChange,
    names: &Names,
    viewer: StaffId,
) -> WaitingLine {
    let WaitingChange { proposed, at } = waiting;
    let (key, from) = (
        proposed.change.key().clone(),
        proposed.change.effective_from(),
    );
    let known = book.on(&key.key, key.region.as_deref(), from).ok();
    let old = known.map(|found| found.entry.value.clone());
    let line = WaitingLine {
        proposal: proposed.proposal,
        name: known
            .map(|found| found.entry.name.clone())
            .unwrap_or_default(),
        unit: known
            .map(|found| found.entry.unit.clone())
            .unwrap_or_default(),
        old,
        new: None,
        key,
        from,
        last: None,
        why: String::new(),
        by_name: names.of(proposed.by),
        is_own: proposed.by == viewer,
        at,
    };
    match proposed.change {
        ParameterChange::Withdraw { reason, .. } => WaitingLine {
            why: reason,
            ..line
        },
        ParameterChange::Set(entry) => WaitingLine {
            name: entry.name,
            unit: entry.unit,
            new: Some(entry.value),
            last: entry.effective_to,
            why: entry.source,
            ..line
        },
    }
}
