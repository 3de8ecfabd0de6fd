//! Batches that should be there by now: made every working day, every week or every month, and for
//! this day, week or month nobody has made one yet.

use chrono::NaiveDate;
use domain::batch::{BatchRule, Rhythm};
use domain::calendar::WorkCalendar;
use domain::case::{Record, Rulebook};
use domain::id::KindId;
use domain::time::UtcMs;

use crate::cases::{CaseDesk, CaseFault};
use crate::store::{CaseLine, CaseQuery, Reader, StoreError};

/// Batches of one kind that are looked at, newest first: more are not made in a month.
const BATCHES_MAX: u32 = 60;

/// A batch that nobody has made yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WantedBatch {
    /// Which, as in its address.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
    /// How often it is made.
    pub(crate) every: Rhythm,
}

impl CaseDesk {
    /// Which of these batches are wanted today. On a day off nothing is.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) async fn wanted_batches(
        &self,
        rules: Vec<BatchRule>,
        today: NaiveDate,
    ) -> Result<Vec<WantedBatch>, CaseFault> {
        if rules.is_empty() || !is_worked(self.rules(), today) {
            return Ok(Vec::new());
        }
        let wanted = self.store().read(move |reader| {
            let mut wanted = Vec::new();
            for rule in rules {
                if let Some(every) = rule.every
                    && !is_made(reader, &rule, every.began(today))?
                    && may_be_made(reader, &rule)?
                {
                    let BatchRule { id, name, .. } = rule;
                    wanted.push(WantedBatch { id, name, every });
                }
            }
            Ok::<_, StoreError>(wanted)
        });
        Ok(wanted.await?)
    }
}

/// In a year that nobody has recorded the days of the week decide: a reminder too many does no harm.
fn is_worked(rules: &dyn Rulebook, day: NaiveDate) -> bool {
    let plain = WorkCalendar::is_plain_workday(day);
    rules.is_workday(day).unwrap_or(plain)
}

/// Whether there is one since `began` that was not given up.
fn is_made(reader: &Reader<'_>, rule: &BatchRule, began: NaiveDate) -> Result<bool, StoreError> {
    let since = UtcMs::start_of(began);
    let is_it = |batch: &Record| {
        let mut set = rule.set.iter();
        batch.opened_at >= since
            && !rule.frees.contains(&batch.state)
            && set.all(|(field, value)| batch.values.get(field) == Some(value))
    };
    let newest = newest(reader, &rule.kind, &[], BATCHES_MAX)?;
    Ok(newest.iter().any(|line| is_it(&line.body)))
}

/// Whether there would be anything in it. One that may be empty says by that that nobody was due.
fn may_be_made(reader: &Reader<'_>, rule: &BatchRule) -> Result<bool, StoreError> {
    if rule.members_min == 0 {
        return Ok(true);
    }
    for source in &rule.from {
        if !newest(reader, &source.kind, &source.states, 1)?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn newest(
    reader: &Reader<'_>,
    kind: &KindId,
    states: &[String],
    limit: u32,
) -> Result<Vec<CaseLine>, StoreError> {
    reader.case_lines(&CaseQuery {
        states: states.to_vec(),
        ..CaseQuery::of(kind.clone(), limit)
    })
}
