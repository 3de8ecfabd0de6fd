//! A bank's answer to a batch: read, put beside the batch's members, and taken only when every one of
//! them is answered. Then the file stays with the batch, the batch and every member do their steps,
//! all in one transaction. What the file says is said by the bank; who brought it is named.

use std::collections::BTreeMap;

use domain::batch::{Answer, BatchRule, Expected, Members, Settled, settle};
use domain::case::{Actor, Command, Draft, Record, Role, Value};
use domain::id::{RecordId, StationCode};
use domain::money::Fen;
use domain::time::UtcMs;

use crate::attachments::{self, Owner};
use crate::cases::desk::{act, not_found};
use crate::cases::reading::record_and_kind;
use crate::cases::{CaseDesk, CaseFault};
use crate::store::{Reader, StoreError, Write};

use super::answer_file::rows_of;
use super::building::undone;
use super::due::amount_of;

/// Characters of a reason that stand in the batch's line.
const REASON_CHARS_MAX: usize = 100;

/// An answer that somebody brought.
#[derive(Clone)]
pub(crate) struct BroughtAnswer {
    /// The batch.
    pub(crate) batch: RecordId,
    /// The file's name, for sentences about it.
    pub(crate) file_name: String,
    /// Its content.
    pub(crate) bytes: Vec<u8>,
}

impl std::fmt::Debug for BroughtAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BroughtAnswer")
            .field("batch", &self.batch)
            .finish_non_exhaustive()
    }
}

/// What an answer would come to.
pub(crate) type TriedAnswer = Result<Settled, Vec<String>>;

/// A member of the batch, with its record.
struct Member {
    record: RecordId,
    expected: Expected,
}

impl CaseDesk {
    /// Puts an answer beside its batch, without taking it: everything that is wrong, in sentences.
    /// Blocking.
    ///
    /// # Errors
    /// `NotFound` for no batch; faults of storage.
    pub(crate) fn try_answer(
        &self,
        rule: &BatchRule,
        brought: &BroughtAnswer,
        now: UtcMs,
    ) -> Result<TriedAnswer, CaseFault> {
        let answer = rule.answer.as_ref().ok_or_else(not_found)?;
        let tried = self.store().read_blocking(|reader| {
            let Some((batch, kind)) = record_and_kind(reader, brought.batch)? else {
                return Ok(None);
            };
            if batch.state != answer.state {
                let wanted = kind.state(&answer.state).map_or("", |state| &state.name);
                let now = kind.state(&batch.state).map_or("", |state| &state.name);
                let text = format!("这一批现在是“{now}”，“{wanted}”以后才收回盘。");
                return Ok(Some(Err(vec![text])));
            }
            let rows = match rows_of(rule, answer, brought, now) {
                Ok(rows) => rows,
                Err(faults) => return Ok(Some(Err(faults))),
            };
            let members = match members_of(reader, rule, &batch)? {
                Ok(members) => members,
                Err(faults) => return Ok(Some(Err(faults))),
            };
            let expected: Vec<_> = members.into_iter().map(|one| one.expected).collect();
            let settled = settle(&expected, &rows);
            Ok(Some(settled.map_err(|faults| {
                faults.iter().map(ToString::to_string).collect()
            })))
        });
        Ok(tried?.ok_or_else(not_found)?)
    }

    /// Takes an answer that is sound. Blocking.
    ///
    /// # Errors
    /// The outer one is the service's, or a member's refusal with its number; the inner one is what is
    /// wrong with the answer. Nothing was taken then.
    pub(crate) fn take_answer(
        &self,
        rule: &BatchRule,
        brought: &BroughtAnswer,
        actor_at: impl Fn(&StationCode) -> Actor + Send + 'static,
        now: UtcMs,
    ) -> Result<TriedAnswer, CaseFault> {
        self.only_at_the_centre()?;
        let settled = match self.try_answer(rule, brought, now)? {
            Ok(settled) => settled,
            Err(faults) => return Ok(Err(faults)),
        };
        let answer = rule.answer.clone().ok_or_else(not_found)?;
        let (store, batch) = (self.store(), brought.batch);
        let found = store.read_blocking(|reader| reader.record(batch))?;
        let found = found.ok_or_else(not_found)?;
        let by = actor_at(&found.station).staff.ok_or_else(not_found)?;
        let owner = Owner {
            person: None,
            record: batch,
        };
        let sheet = (answer.attachment.as_str(), brought.bytes.clone());
        let taken = attachments::take_in_sheet(store, owner, by, sheet, now)?;
        let (sha256, is_new) = (taken.attachment.sha256.clone(), taken.is_new);
        let taker = Taker {
            desk: self.clone(),
            rule: rule.clone(),
            answer,
            batch,
            settled: settled.clone(),
            now,
        };
        let attach = Command::Attach(taken.attachment);
        let done = store.write_blocking(move |write| taker.take(write, attach, &actor_at));
        if done.is_err() && is_new {
            attachments::discard_blocking(store, batch, &sha256)?;
        }
        done?;
        Ok(Ok(settled))
    }
}

/// Everybody in a batch, or lines of it that name nobody.
fn members_of(
    reader: &Reader<'_>,
    rule: &BatchRule,
    batch: &Record,
) -> Result<Result<Vec<Member>, Vec<String>>, StoreError> {
    let (mut members, mut faults) = (Vec::new(), Vec::new());
    let held = match batch.values.get(rule.member_field()) {
        Some(Value::List(values)) => values.as_slice(),
        _ => &[],
    };
    for (at, value) in (1..).zip(held) {
        match member(reader, rule, value)? {
            Some(member) => members.push(member),
            None => faults.push(format!(
                "这一批的第 {at} 条明细认不出是哪一笔，请先把批里的明细改对。"
            )),
        }
    }
    Ok(match faults.is_empty() {
        true => Ok(members),
        false => Err(faults),
    })
}

fn member(
    reader: &Reader<'_>,
    rule: &BatchRule,
    value: &Value,
) -> Result<Option<Member>, StoreError> {
    let (id, told) = match (&rule.members, value) {
        (Members::Records(_), Value::Record(id)) => (Some(*id), None),
        (Members::Lines(..), Value::Text(line)) => {
            let mut parts = line.split('，').map(str::trim);
            let id = reader.record_by_number(parts.next().unwrap_or_default())?;
            (id, Some(parts.next().and_then(fen)))
        }
        _ => (None, None),
    };
    let Some(record) = id.map(|id| reader.record(id)).transpose()?.flatten() else {
        return Ok(None);
    };
    // a line that names its amount no more is not taken for one without
    let amount = match told {
        Some(None) => return Ok(None),
        Some(amount) => amount,
        None => {
            let mut sources = rule.from.iter().filter(|source| source.kind == record.kind);
            sources.next().and_then(|source| amount_of(source, &record))
        }
    };
    Ok(Some(Member {
        record: record.id,
        expected: Expected {
            number: record.case_no.0,
            amount,
        },
    }))
}

/// Yuan as a line of a batch writes them.
fn fen(text: &str) -> Option<Fen> {
    let text = text.trim_end_matches('元').trim().replace(',', "");
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || part.len() > 2 || !is_digits(whole) || !is_digits(part) {
        return None;
    }
    let yuan: i64 = whole.parse().ok()?;
    let part: i64 = format!("{part:0<2}").parse().ok()?;
    yuan.checked_mul(100)?.checked_add(part).map(Fen)
}

/// What the writer does.
struct Taker {
    desk: CaseDesk,
    rule: BatchRule,
    answer: Answer,
    batch: RecordId,
    settled: Settled,
    now: UtcMs,
}

impl Taker {
    fn take(
        &self,
        write: &mut Write<'_>,
        attach: Command,
        actor_at: &dyn Fn(&StationCode) -> Actor,
    ) -> Result<(), StoreError> {
        let Some(batch) = write.record(self.batch)? else {
            return Err(undone("", &not_found().detail));
        };
        let members = members_of(&write.reader(), &self.rule, &batch)?;
        let members = members.map_err(|faults| undone(&batch.case_no.0, &faults.concat()))?;
        let records: BTreeMap<_, _> = members
            .into_iter()
            .map(|member| (member.expected.number, member.record))
            .collect();
        let number = &batch.case_no.0;
        let actor = as_bank(actor_at(&batch.station));
        self.acted(write, number, self.batch, attach, &actor)?;
        self.acted(write, number, self.batch, self.step_of_batch(), &actor)?;
        let paid = self.settled.paid.iter().map(|number| (number, ""));
        let failed = self.settled.failed.iter();
        for (number, why) in paid.chain(failed.map(|(number, why)| (number, why.as_str()))) {
            let step = match why.is_empty() {
                true => &self.answer.member_paid,
                false => &self.answer.member_failed,
            };
            let (Some(step), Some(record)) = (step, records.get(number)) else {
                continue;
            };
            let station = write.record(*record)?.map(|record| record.station);
            let actor = as_bank(actor_at(station.as_ref().unwrap_or(&batch.station)));
            let command = Command::because(step, why);
            self.acted(write, number, *record, command, &actor)?;
        }
        Ok(())
    }

    fn step_of_batch(&self) -> Command {
        let failed = &self.settled.failed;
        if failed.is_empty() {
            return Command::step(&self.answer.all_paid);
        }
        let reason = format!("银行回盘：{} 笔没有成功", failed.len());
        let mut command = Command::because(&self.answer.some_failed, &reason);
        if let (Some(field), Command::Move { draft, .. }) = (&self.answer.failed, &mut command) {
            let lines = failed.iter().map(|(number, why)| {
                let why: String = why.chars().take(REASON_CHARS_MAX).collect();
                Value::Text(format!("{number}，{why}"))
            });
            let lines = Value::List(lines.collect());
            *draft = Draft::from([(field.clone(), Some(lines))]);
        }
        command
    }

    fn acted(
        &self,
        write: &mut Write<'_>,
        number: &str,
        record: RecordId,
        command: Command,
        actor: &Actor,
    ) -> Result<(), StoreError> {
        let rules = self.desk.rules();
        match act(write, record, None, command, actor, rules, self.now)? {
            Ok(Ok(())) => Ok(()),
            Ok(Err(refusal)) => Err(undone(number, &refusal.text)),
            Err(problem) => Err(undone(number, &problem.detail)),
        }
    }
}

/// What a bank's file says, the bank says; by whom it was brought stands in every step.
fn as_bank(mut actor: Actor) -> Actor {
    actor.roles.insert(Role::Bank);
    actor
}
