//! The list of calls as staff work it off, and the outbox as IT sees it. Numbers are masked until
//! somebody says why they need one.

use domain::case::{Called, Kind, Record, ServiceLine};
use domain::id::{OutreachId, RecordId, StaffId, StationCode};
use domain::outreach::{ContactResult, OutreachRules, Way, with_name};
use domain::personal::{PersonField, Pii};
use domain::time::UtcMs;
use wire::event::{Event, OptOutSet, OutreachContacted};
use wire::problem::{Problem, ProblemCode};

use crate::app_state::{AppState, not_found};
use crate::cases::after_call;
use crate::staff::{MakeContacts, Revealed, SeeOutbox, Staff, acts};
use crate::store::{OutboxCounts, OutreachRow, Reader, StoreError};

use super::planning::is_needed;
use super::{Received, addressee};

/// Most contacts that are looked through for one page.
const OPEN_MAX: u32 = 2_000;
/// Most messages that did not go out that a page shows.
const DEAD_MAX: u32 = 50;
/// They are shown for so many days.
const DEAD_DAYS: i64 = 14;
const DAY_MINUTES: i64 = 24 * 60;
/// A call is put off for so many days at most.
const AGAIN_DAYS_MAX: i64 = 60;

/// Somebody who is to be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CallLine {
    pub(crate) row: OutreachRow,
    pub(crate) case_no: String,
    pub(crate) kind_name: String,
    pub(crate) line: ServiceLine,
    /// Where the record is dealt with.
    pub(crate) station: StationCode,
    /// Who deals with the record.
    pub(crate) owner: Option<StaffId>,
    /// Masked; empty when nobody knows.
    pub(crate) who: String,
    /// Masked; empty when nobody knows.
    pub(crate) phone: String,
    /// Whether the number takes no messages.
    pub(crate) is_opted_out: bool,
    /// What to say.
    pub(crate) words: String,
}

/// How messages go out.
#[derive(Debug, Clone)]
pub(crate) struct OutboxView {
    pub(crate) counts: OutboxCounts,
    pub(crate) has_gateway: bool,
    /// What the virtual twin received; `None` with a real gateway or none.
    pub(crate) received: Option<Vec<Received>>,
    /// Messages that wait, with the record's number.
    pub(crate) waiting: Vec<(String, OutreachRow)>,
    /// Messages that did not go out: when, what came of them, the record's number.
    pub(crate) dead: Vec<(UtcMs, ContactResult, String, OutreachRow)>,
    pub(crate) rules: OutreachRules,
    pub(crate) now: UtcMs,
}

impl AppState {
    /// Everybody who is to be told something and is not told by a message, of the records that the
    /// person may see; what waits longest first.
    pub(crate) async fn calls(
        &self,
        _: &Staff<MakeContacts>,
        sees: impl Fn(&Kind, &Record) -> bool + Send + 'static,
    ) -> Result<Vec<CallLine>, Problem> {
        let today = self.now().hall_date();
        let lines = self.inner.store.read(move |reader| {
            let mut lines = Vec::new();
            for row in reader.outreach_open(OPEN_MAX)? {
                // the sweep takes it off a little later
                if row.way == Way::Phone && is_needed(reader, &row, today)? {
                    lines.extend(call_line(reader, row, &sees)?);
                }
            }
            Ok(lines)
        });
        Ok(lines.await?)
    }

    /// One of them, if the person may see its record.
    pub(crate) async fn call(
        &self,
        _: &Staff<MakeContacts>,
        id: OutreachId,
        sees: impl Fn(&Kind, &Record) -> bool + Send + 'static,
    ) -> Result<CallLine, Problem> {
        let line = self.inner.store.read(move |reader| {
            let Some(row) = reader.outreach(id)? else {
                return Ok(None);
            };
            call_line(reader, row, &sees)
        });
        line.await?.ok_or_else(gone)
    }

    /// Writes down what came of a call. `wished` is when the person wants the next one.
    ///
    /// # Errors
    /// `Refused` when somebody else has called meanwhile, or the time is none.
    pub(crate) async fn log_call(
        &self,
        by: &Staff<MakeContacts>,
        line: &CallLine,
        result: ContactResult,
        wished: Option<UtcMs>,
    ) -> Result<(), Problem> {
        let (now, rules) = (self.now(), self.inner.in_force.now().outreach);
        check_wish(result, wished, now)?;
        let (id, staff, seen) = (line.row.outreach, by.staff, line.row.calls);
        let acted = by.acted(acts::CONTACT_LOGGED, line.case_no.clone());
        let case_rules = self.inner.cases.shared_rules();
        let logged = self.inner.store.write(move |write| {
            let row = write.reader().outreach(id)?;
            let row = row.filter(|row| row.settled_at.is_none() && row.calls == seen);
            let Some(row) = row else { return Ok(false) };
            let again_at = rules.next_call(result, row.calls + 1, wished, now);
            let contacted = OutreachContacted {
                outreach: id,
                way: Way::Phone,
                result,
                again_at,
                by: Some(staff),
            };
            write.append(&Event::OutreachContacted(contacted), now)?;
            let ended = match result {
                ContactResult::Reached => Some(Called::Reached),
                _ => again_at.is_none().then_some(Called::NotReached),
            };
            if let Some(ended) = ended {
                after_call(write, row.record, ended, &*case_rules, now)?;
            }
            write.append(&acted, now)?;
            Ok(true)
        });
        match logged.await? {
            true => Ok(()),
            false => Err(refused(
                "这个电话刚被别人打过并记下了，没有再记。请看最新的单子。",
            )),
        }
    }

    /// The whole number, for who has had it written down why they need it.
    pub(crate) async fn number_to_call(
        &self,
        line: &CallLine,
        proof: Revealed,
    ) -> Result<Option<Pii<String>>, Problem> {
        if !proof.is_of(&line.case_no, PersonField::Phone) {
            return Ok(None);
        }
        let record = line.row.record;
        let phone = self.inner.store.read(move |reader| {
            let Some(record) = reader.record(record)? else {
                return Ok(None);
            };
            let kind = reader.kind(&record.kind_hash)?;
            Ok(addressee(reader, &kind, &record)?.phone)
        });
        Ok(phone.await?)
    }

    /// Lets messages go to a number no more, or again.
    ///
    /// # Errors
    /// `Refused` when no number is known.
    pub(crate) async fn set_opt_out(
        &self,
        by: &Staff<MakeContacts>,
        line: &CallLine,
        is_out: bool,
    ) -> Result<(), Problem> {
        let (now, staff, record) = (self.now(), by.staff, line.row.record);
        let acted = by.acted(acts::OPT_OUT_SET, line.case_no.clone());
        let set = self.inner.store.write(move |write| {
            let Some(number) = number_hash(&write.reader(), record)? else {
                return Ok(false);
            };
            let set = OptOutSet {
                number,
                is_out,
                by: staff,
            };
            write.append(&Event::OptOutSet(set), now)?;
            write.append(&acted, now)?;
            Ok(true)
        });
        match set.await? {
            true => Ok(()),
            false => Err(refused("没有登记电话，不用设。")),
        }
    }

    /// How messages go out.
    pub(crate) async fn outbox(&self, _: &Staff<SeeOutbox>) -> Result<OutboxView, Problem> {
        let now = self.now();
        let midnight = UtcMs::start_of(now.hall_date());
        let read = self.inner.store.read(move |reader| {
            let mut waiting = Vec::new();
            for row in reader.outreach_open(OPEN_MAX)? {
                if row.way == Way::Sms && waiting.len() < DEAD_MAX as usize {
                    waiting.push((case_no(reader, row.record)?, row));
                }
            }
            let since = now.plus_minutes(-DEAD_DAYS * DAY_MINUTES);
            let mut dead = Vec::new();
            for (at, result, row) in reader.outreach_dead(since, DEAD_MAX)? {
                dead.push((at, result, case_no(reader, row.record)?, row));
            }
            Ok((reader.outbox_counts(midnight)?, waiting, dead))
        });
        let (counts, waiting, dead) = read.await?;
        Ok(OutboxView {
            counts,
            waiting,
            dead,
            has_gateway: self.inner.outreach.gateway().is_some(),
            received: self.inner.outreach.received(),
            rules: self.inner.in_force.now().outreach,
            now,
        })
    }
}

fn gone() -> Problem {
    not_found("没有这个要联系的事，或者您的角色看不到它。请回联系页再找。")
}

fn refused(sentence: &str) -> Problem {
    Problem::new(ProblemCode::Refused, sentence)
}

fn check_wish(result: ContactResult, wished: Option<UtcMs>, now: UtcMs) -> Result<(), Problem> {
    if result != ContactResult::CallAgain {
        return Ok(());
    }
    let latest = now.plus_minutes(AGAIN_DAYS_MAX * DAY_MINUTES);
    match wished {
        Some(wished) if now < wished && wished <= latest => Ok(()),
        Some(_) => Err(refused("再打的时间要在现在以后、60 天以内。请改好再记。")),
        None => Err(refused("请填什么时候再打。")),
    }
}

fn call_line(
    reader: &Reader<'_>,
    row: OutreachRow,
    sees: &dyn Fn(&Kind, &Record) -> bool,
) -> Result<Option<CallLine>, StoreError> {
    let Some(record) = reader.record(row.record)? else {
        return Ok(None);
    };
    let kind = reader.kind(&record.kind_hash)?;
    if !sees(&kind, &record) {
        return Ok(None);
    }
    let whom = addressee(reader, &kind, &record)?;
    let is_opted_out = match &whom.phone {
        Some(phone) => is_opted_out(reader, phone)?,
        None => false,
    };
    Ok(Some(CallLine {
        words: with_name(&row.words, &whom.masked_name()),
        who: whom.masked_name(),
        phone: whom.masked_phone(),
        is_opted_out,
        case_no: record.case_no.0,
        kind_name: kind.name.clone(),
        line: kind.line,
        station: record.station.clone(),
        owner: record.owner,
        row,
    }))
}

fn is_opted_out(reader: &Reader<'_>, phone: &Pii<String>) -> Result<bool, StoreError> {
    match PersonField::Phone.lookup_form(phone.expose()) {
        Some(form) => reader.is_opted_out(reader.vault().lookup_hash(PersonField::Phone, &form)?),
        None => Ok(false),
    }
}

fn number_hash(reader: &Reader<'_>, record: RecordId) -> Result<Option<String>, StoreError> {
    let Some(record) = reader.record(record)? else {
        return Ok(None);
    };
    let kind = reader.kind(&record.kind_hash)?;
    let phone = addressee(reader, &kind, &record)?.phone;
    let form = phone.and_then(|phone| PersonField::Phone.lookup_form(phone.expose()));
    let Some(form) = form else { return Ok(None) };
    let hash = reader.vault().lookup_hash(PersonField::Phone, &form)?;
    Ok(Some(hex::encode(hash.0)))
}

fn case_no(reader: &Reader<'_>, record: RecordId) -> Result<String, StoreError> {
    let called = reader.record_called(record)?;
    Ok(called.map(|(case_no, _)| case_no).unwrap_or_default())
}
