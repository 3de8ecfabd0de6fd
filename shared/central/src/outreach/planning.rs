//! What must be said is planned once per record, message and day: with the step that makes it due, in
//! its transaction; and when a deadline comes near, with the sweep.

use chrono::{Days, NaiveDate};
use domain::case::{self, Field, FieldType, Kind, Record, Value};
use domain::id::{OutreachId, RecordId};
use domain::outreach::{Message, Needed, Said, Trigger};
use domain::time::UtcMs;
use sha2::{Digest, Sha256};
use uuid::Builder;
use wire::event::{Event, OutreachContacted, OutreachPlanned};

use crate::cases::{CaseDesk, CaseFault, value_text};
use crate::store::{OutreachRow, Reader, StoreError, Write};

use super::{Outbox, messages};

/// Deadlines are looked through so often: they are days.
const REMIND_EVERY_MS: i64 = 10 * 60_000;
/// No reminder comes so many days before its deadline.
const AHEAD_DAYS: u64 = 60;
/// Most records of one kind that one sweep looks at; what is due first comes first.
const RECORDS_MAX: u32 = 5_000;
/// Most contacts of which one sweep asks whether they are still needed.
const OPEN_MAX: u32 = 2_000;

/// Records that a message names; of more it says how many there are.
const NAMED_MAX: usize = 3;
/// The kind whose entries are never named.
const PERSON: &str = "person";

/// A step that was done.
#[derive(Debug, Clone)]
pub(crate) struct Done {
    /// The transition; `open` for the first one.
    pub(crate) step: String,
    /// What the notice that went with it lists.
    pub(crate) notice: Vec<String>,
}

/// Plans what these steps make due.
pub(crate) fn after_steps(
    write: &mut Write<'_>,
    kind: &Kind,
    id: RecordId,
    steps: &[Done],
    now: UtcMs,
) -> Result<(), StoreError> {
    // a broken file stops the start; here it would stop the work
    let Ok(book) = messages() else { return Ok(()) };
    for done in steps {
        let trigger = Trigger::Step(done.step.clone());
        let due: Vec<&Message> = book.of(&kind.id, &trigger).collect();
        if due.is_empty() {
            continue;
        }
        let Some(record) = write.record(id)? else {
            return Ok(());
        };
        for message in due {
            let plan = Plan::of_step(message, &record, now.hall_date());
            plan.carry_out(write, kind, &record, &done.notice, now)?;
        }
    }
    Ok(())
}

/// A message that is due.
struct Plan<'m> {
    message: &'m Message,
    /// The day that names it.
    day: NaiveDate,
    due: Option<NaiveDate>,
    needed: Needed,
    useful_to: Option<NaiveDate>,
}

impl<'m> Plan<'m> {
    fn of_step(message: &'m Message, record: &Record, today: NaiveDate) -> Self {
        let state = record.state.clone();
        Self {
            message,
            day: today,
            due: record.due.values().map(|due| due.on).min(),
            needed: match message.even_later {
                true => Needed::Always,
                false => Needed::State { state },
            },
            useful_to: None,
        }
    }

    fn of_deadline(
        message: &'m Message,
        deadline: String,
        (since, on): (NaiveDate, NaiveDate),
    ) -> Self {
        Self {
            message,
            day: since,
            due: Some(on),
            needed: Needed::Deadline { deadline, on },
            useful_to: Some(on),
        }
    }

    fn carry_out(
        &self,
        write: &mut Write<'_>,
        kind: &Kind,
        record: &Record,
        missing: &[String],
        now: UtcMs,
    ) -> Result<bool, StoreError> {
        let outreach = id_of(record.id, &self.message.id, self.day);
        if write.reader().outreach(outreach)?.is_some() {
            return Ok(false);
        }
        let reader = write.reader();
        let field = |id: &str| {
            let found = kind.field(id).zip(record.values.get(id));
            found.map_or_else(String::new, |(field, value)| {
                called(&reader, field, value).unwrap_or_else(|| value_text(field, value))
            })
        };
        let words = self.message.words(&Said {
            kind: &kind.name,
            case_no: &record.case_no.0,
            due: self.due,
            missing,
            field: &field,
        });
        let planned = OutreachPlanned {
            outreach,
            record: record.id,
            message: self.message.id.clone(),
            name: self.message.name.clone(),
            way: self.message.way,
            words,
            needed: self.needed.clone(),
            useful_to: self.useful_to,
        };
        write.append(&Event::OutreachPlanned(planned), now)?;
        Ok(true)
    }
}

/// The same for the same record, message and day, whenever it is asked.
fn id_of(record: RecordId, message: &str, day: NaiveDate) -> OutreachId {
    let digest = Sha256::new()
        .chain_update(b"outreach 1")
        .chain_update(record.0.as_bytes())
        .chain_update(day.to_string())
        .chain_update(message)
        .finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    OutreachId(Builder::from_custom_bytes(bytes).into_uuid())
}

/// A reminder that is due.
struct Near {
    record: RecordId,
    message: &'static Message,
    deadline: String,
    since: NaiveDate,
    on: NaiveDate,
}

impl CaseDesk {
    /// Plans reminders of deadlines that have come near, and takes off the list what needs no saying
    /// any more. Returns how many were planned.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) async fn sweep_outreach(
        &self,
        outbox: &Outbox,
        now: UtcMs,
    ) -> Result<usize, CaseFault> {
        self.only_at_the_centre()?;
        self.take_off(now).await?;
        if !outbox.is_time_to_remind(now) {
            return Ok(0);
        }
        let today = now.hall_date();
        let near = self.store().read(move |reader| near(reader, today)).await?;
        if near.is_empty() {
            return Ok(0);
        }
        let planned = self.store().write(move |write| {
            let mut planned = 0;
            for one in near {
                let Some(record) = write.record(one.record)? else {
                    continue;
                };
                let kind = write.kind(&record.kind_hash)?;
                let plan = Plan::of_deadline(one.message, one.deadline, (one.since, one.on));
                planned += usize::from(plan.carry_out(write, &kind, &record, &[], now)?);
            }
            Ok(planned)
        });
        Ok(planned.await?)
    }

    async fn take_off(&self, now: UtcMs) -> Result<(), CaseFault> {
        let today = now.hall_date();
        let overtaken = self.store().read(move |reader| {
            let mut overtaken = Vec::new();
            for row in reader.outreach_open(OPEN_MAX)? {
                if !is_needed(reader, &row, today)? {
                    overtaken.push(row);
                }
            }
            Ok(overtaken)
        });
        let overtaken = overtaken.await?;
        if overtaken.is_empty() {
            return Ok(());
        }
        let written = self.store().write(move |write| {
            overtaken.into_iter().try_for_each(|row| {
                let contacted = overtaken_by_events(&row);
                write
                    .append(&Event::OutreachContacted(contacted), now)
                    .map(drop)
            })
        });
        Ok(written.await?)
    }
}

impl Outbox {
    fn is_time_to_remind(&self, now: UtcMs) -> bool {
        let mut reminded = self.reminded_at.lock().expect(LOCK);
        let is_time = reminded.is_none_or(|at| now.ms_since(at) >= REMIND_EVERY_MS);
        if is_time {
            *reminded = Some(now);
        }
        is_time
    }
}

const LOCK: &str = "the time of the last reminders, because no holder panics";

/// What records that a field names are called, the first ones of many; `None` for another value, and of
/// persons.
fn called(reader: &Reader<'_>, field: &Field, value: &Value) -> Option<String> {
    let (of, items) = match (&field.kind, value) {
        (FieldType::List { of, .. }, Value::List(items)) => (&**of, items.as_slice()),
        (of, value) => (of, std::slice::from_ref(value)),
    };
    let FieldType::Record(kinds) = of else {
        return None;
    };
    if kinds.iter().any(|kind| kind.as_str() == PERSON) {
        return None;
    }
    let titles = items.iter().filter_map(|item| match item {
        Value::Record(id) => reader.record_called(*id).ok()?.map(|(_, title)| title),
        _ => None,
    });
    let titles: Vec<_> = titles.take(NAMED_MAX).collect();
    let all = titles.join("、");
    Some(if items.len() > NAMED_MAX {
        format!("{all}等 {} 个", items.len())
    } else {
        all
    })
}

/// Whether something still needs to be said.
pub(super) fn is_needed(
    reader: &Reader<'_>,
    row: &OutreachRow,
    today: NaiveDate,
) -> Result<bool, StoreError> {
    let record = reader.record(row.record)?;
    let is_of_use = row.useful_to.is_none_or(|last| today <= last);
    Ok(is_of_use && record.is_some_and(|record| row.needed.holds(&record, today)))
}

pub(super) fn overtaken_by_events(row: &OutreachRow) -> OutreachContacted {
    OutreachContacted {
        outreach: row.outreach,
        way: row.way,
        result: domain::outreach::ContactResult::Overtaken,
        again_at: None,
        by: None,
    }
}

/// Reminders that are due and were not planned yet.
fn near(reader: &Reader<'_>, today: NaiveDate) -> Result<Vec<Near>, StoreError> {
    let Ok(book) = messages() else {
        return Ok(Vec::new());
    };
    let last = today
        .checked_add_days(Days::new(AHEAD_DAYS))
        .unwrap_or(today);
    let mut near = Vec::new();
    for message in book.all() {
        let Trigger::Deadline(deadline) = &message.trigger else {
            continue;
        };
        for kind in &message.kinds {
            let asked = (kind.as_str(), deadline.as_str());
            for id in reader.records_with_deadline(asked, (today, last), RECORDS_MAX)? {
                let Some(record) = reader.record(id)? else {
                    continue;
                };
                let kind = reader.kind(&record.kind_hash)?;
                let reminders = case::reminders(&kind, &record, today);
                let due = reminders.into_iter().find(|one| one.deadline == *deadline);
                let Some(due) = due else { continue };
                let planned = id_of(id, &message.id, due.since);
                if reader.outreach(planned)?.is_none() {
                    near.push(Near {
                        record: id,
                        message,
                        deadline: due.deadline,
                        since: due.since,
                        on: due.on,
                    });
                }
            }
        }
    }
    Ok(near)
}
