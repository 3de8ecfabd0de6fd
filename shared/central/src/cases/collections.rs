//! Calls before a loan falls due (催收): the clock opens them from what the bank disbursed and until
//! when, some days ahead, so that a day that nobody worked on is a record that was missed and not the
//! want of one; and takes back those of loans that were paid before. Which days they are is
//! `domain::collection`'s.
//!
//! Not here: what is owed by then. Calls of loans that are overdue are opened with the loan account.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use domain::case::{Channel, Command, Record, Rulebook, Value, Values};
use domain::collection::{CollectionStage, collection_days};
use domain::id::{KindId, RecordId};
use domain::time::UtcMs;

use crate::store::{Reader, StoreError};

use super::automatic::system;
use super::{CaseDesk, CaseFault, NewCase};

const DISBURSEMENT: &str = "loan_disbursement";
const CALL: &str = "loan_collection";
/// What is asked of the bank on the day itself.
const BANK_CHECK: &str = "bank_repay_check";
const LOAN: &str = "loan_id";
/// Disbursements that a person has put beside the application.
const DISBURSED: [&str; 2] = ["matched", "locked"];
/// A loan that is still owed.
const OWED: [&str; 4] = ["disbursed", "repaying", "extended", "overdue"];
/// Opened so many days before the first of them.
const DAYS_AHEAD: u64 = 7;

/// A loan of which calls are near.
struct Near {
    loan: Record,
    stages: Vec<(CollectionStage, NaiveDate)>,
}

impl CaseDesk {
    /// Opens the calls that are near and not there yet, and cancels those of loans that are owed no
    /// more. Returns how many records it touched.
    ///
    /// # Errors
    /// A fault of storage.
    pub async fn plan_collections(&self, now: UtcMs) -> Result<u32, CaseFault> {
        let (rules, today) = (self.shared_rules(), now.hall_date());
        let planned = self.store().read(move |reader| {
            Ok::<_, StoreError>((near(reader, &*rules, today)?, paid_early(reader)?))
        });
        let (near, paid_early) = planned.await?;
        let mut count = 0;
        for one in &near {
            for (stage, day) in &one.stages {
                count += self.open_call(&one.loan, *stage, *day, now).await?;
            }
        }
        for call in paid_early {
            let cancelled = self.act_as_it_stands(call, Command::step("cancel"), system(), now);
            count += done(cancelled.await)?;
        }
        Ok(count)
    }

    async fn open_call(
        &self,
        loan: &Record,
        stage: CollectionStage,
        day: NaiveDate,
        now: UtcMs,
    ) -> Result<u32, CaseFault> {
        let of_loan = (LOAN.to_owned(), Value::Record(loan.id));
        let call = Values::from([
            of_loan.clone(),
            ("stage".to_owned(), Value::Choice(stage.code().to_owned())),
            ("due_on".to_owned(), Value::Date(day)),
        ]);
        let mut count = self.open_for(loan, CALL, call, now).await?;
        if stage == CollectionStage::Day {
            let check = Values::from([of_loan, ("on".to_owned(), Value::Date(day))]);
            count += self.open_for(loan, BANK_CHECK, check, now).await?;
        }
        Ok(count)
    }

    async fn open_for(
        &self,
        loan: &Record,
        kind: &str,
        values: Values,
        now: UtcMs,
    ) -> Result<u32, CaseFault> {
        let Ok(kind) = KindId::new(kind) else {
            return Ok(0);
        };
        let new = NewCase {
            kind,
            channel: Channel::System,
            station: loan.station.clone(),
            person: loan.person,
            employer: loan.employer,
            values,
            corrects: None,
        };
        done(self.open(new, system(), now).await.map(drop))
    }
}

/// Somebody was faster, or a rule says no: then there is nothing to do.
fn done(outcome: Result<(), CaseFault>) -> Result<u32, CaseFault> {
    match outcome {
        Ok(()) => Ok(1),
        Err(CaseFault::Refused(refusal)) => {
            tracing::debug!(code = ?refusal.code, "no call is planned");
            Ok(0)
        }
        Err(fault) => Err(fault),
    }
}

fn near(
    reader: &Reader<'_>,
    rules: &dyn Rulebook,
    today: NaiveDate,
) -> Result<Vec<Near>, StoreError> {
    let mut near = Vec::new();
    for disbursed in records(reader, DISBURSEMENT, &DISBURSED)? {
        let Some(loan) = loan_of(reader, &disbursed)? else {
            continue;
        };
        let ends = [date(&loan, "extended_to"), date(&disbursed, "maturity_on")];
        let Some(matures_on) = ends.into_iter().flatten().next() else {
            continue;
        };
        // a year that nobody recorded has no calls yet: the start page says what is missing
        let Ok(days) = collection_days(matures_on, rules) else {
            continue;
        };
        let is_near = days[0].1 <= today + Days::new(DAYS_AHEAD);
        if !is_near || !OWED.contains(&loan.state.as_str()) {
            continue;
        }
        let known = known_calls(reader, loan.id)?;
        let is_wanted = |(stage, day): &(CollectionStage, NaiveDate)| {
            *day >= today && !known.contains(&(stage.code().to_owned(), *day))
        };
        let stages = days.into_iter().filter(is_wanted).collect();
        near.push(Near { loan, stages });
    }
    Ok(near)
}

/// Stage and day of the calls that there are of a loan.
fn known_calls(
    reader: &Reader<'_>,
    loan: RecordId,
) -> Result<BTreeSet<(String, NaiveDate)>, StoreError> {
    let mut known = BTreeSet::new();
    for (_, call) in reader.claimants(CALL, &loan.to_string())? {
        let Some(call) = reader.record(call)? else {
            continue;
        };
        if let (Some(Value::Choice(stage)), Some(day)) =
            (call.values.get("stage"), date(&call, "due_on"))
        {
            known.insert((stage.clone(), day));
        }
    }
    Ok(known)
}

/// Calls that wait although their loan is owed no more.
fn paid_early(reader: &Reader<'_>) -> Result<Vec<RecordId>, StoreError> {
    let mut paid = Vec::new();
    for call in records(reader, CALL, &["scheduled"])? {
        let loan = loan_of(reader, &call)?;
        if loan.is_some_and(|loan| ended_well(&loan)) {
            paid.push(call.id);
        }
    }
    Ok(paid)
}

fn ended_well(loan: &Record) -> bool {
    ["settled", "archived"].contains(&loan.state.as_str())
}

fn records(reader: &Reader<'_>, kind: &str, states: &[&str]) -> Result<Vec<Record>, StoreError> {
    let Ok(kind) = KindId::new(kind) else {
        return Ok(Vec::new());
    };
    let states: Vec<_> = states.iter().map(|&state| state.to_owned()).collect();
    reader.records_in(&kind, &states)
}

fn loan_of(reader: &Reader<'_>, record: &Record) -> Result<Option<Record>, StoreError> {
    match record.values.get(LOAN) {
        Some(Value::Record(loan)) => reader.record(*loan),
        _ => Ok(None),
    }
}

fn date(record: &Record, field: &str) -> Option<NaiveDate> {
    match record.values.get(field) {
        Some(Value::Date(day)) => Some(*day),
        _ => None,
    }
}
