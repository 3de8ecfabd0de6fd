//! Opening records and doing steps with them, one by one or many at once. Reading is in `reading`.

use std::sync::Arc;

use chrono::Datelike;
use domain::case::{
    self, Actor, CaseEvent, CaseNo, CaseRefusal, CaseRefusalCode, Channel, Command, Kind, LinkKind,
    Opening, Rulebook, Values,
};
use domain::id::{KindId, PersonId, RecordId, StationCode};
use domain::time::UtcMs;
use wire::event::Event;
use wire::problem::{Problem, ProblemCode};

use crate::edge;
use crate::outreach::{self, Done};
use crate::store::{Role as StoreRole, Store, StoreError, Write};

use super::batches::freeing;
use super::reading::record_and_kind;
use super::telling::{self, Telling};
use super::trail::{self, Subject};
use super::{
    CaseFault, KindShelf, automatic, between, person_register, publishing, references, refused,
    retirement, same_person, sealing, station_reports,
};

/// Highest running number of a kind in a month.
const CASE_NUMBERS_MAX: u64 = 99_999;

/// Everything that is done with records.
#[derive(Clone)]
pub struct CaseDesk {
    store: Store,
    kinds: KindShelf,
    rules: Arc<dyn Rulebook + Send + Sync>,
}

impl std::fmt::Debug for CaseDesk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CaseDesk").finish_non_exhaustive()
    }
}

/// A record that is to be opened.
#[derive(Debug, Clone)]
pub struct NewCase {
    /// Its kind.
    pub kind: KindId,
    /// How it came in.
    pub channel: Channel,
    /// Where.
    pub station: StationCode,
    /// Whom it concerns.
    pub person: Option<PersonId>,
    /// Which employer it concerns.
    pub employer: Option<RecordId>,
    /// First values.
    pub values: Values,
    /// The record that this one corrects, if any.
    pub corrects: Option<RecordId>,
}

/// What a step would come to, or came to, with one of many records.
#[derive(Debug, Clone)]
pub struct BulkLine {
    /// Which.
    pub record: RecordId,
    /// Its number.
    pub case_no: String,
    /// Done, or why not.
    pub outcome: Result<(), CaseRefusal>,
}

impl CaseDesk {
    /// A desk over a store.
    #[must_use]
    pub fn new(store: Store, kinds: KindShelf, rules: Arc<dyn Rulebook + Send + Sync>) -> Self {
        Self {
            store,
            kinds,
            rules,
        }
    }

    /// The kinds in use.
    #[must_use]
    pub fn kinds(&self) -> &KindShelf {
        &self.kinds
    }

    pub(crate) fn shared_rules(&self) -> Arc<dyn Rulebook + Send + Sync> {
        Arc::clone(&self.rules)
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// Calendar, parameters and word lists.
    #[must_use]
    pub fn rules(&self) -> &dyn Rulebook {
        &*self.rules
    }

    /// Opens a record.
    ///
    /// # Errors
    /// [`CaseFault`]; nothing has been opened then.
    pub async fn open(
        &self,
        new: NewCase,
        actor: Actor,
        now: UtcMs,
    ) -> Result<RecordId, CaseFault> {
        self.only_at_the_centre()?;
        let kind = self.kind_in_use(&new.kind)?;
        let (rules, kinds) = (Arc::clone(&self.rules), self.kinds.clone());
        let record = RecordId(edge::new_uuid(now));
        let opened = self.store.write(move |write| {
            use_kind(write, &kinds, &kind, now)?;
            open(write, &kind, record, new, &actor, &*rules, now)
        });
        opened.await??;
        Ok(record)
    }

    /// Opens many records, each or not: what is refused is told, the others are in, durable
    /// together. For imports.
    ///
    /// # Errors
    /// A fault of storage; nothing has been opened then.
    pub fn open_all(
        &self,
        new: Vec<NewCase>,
        actor: Actor,
        now: UtcMs,
    ) -> Result<Vec<Result<RecordId, CaseRefusal>>, CaseFault> {
        self.only_at_the_centre()?;
        let kind = match new.first() {
            Some(first) => self.kind_in_use(&first.kind)?,
            None => return Ok(Vec::new()),
        };
        let (rules, kinds) = (Arc::clone(&self.rules), self.kinds.clone());
        let opened = self.store.write_blocking(move |write| {
            use_kind(write, &kinds, &kind, now)?;
            let each = new.into_iter().map(|new| {
                let record = RecordId(edge::new_uuid(now));
                let opened = open(write, &kind, record, new, &actor, &*rules, now)?;
                Ok(opened.map(|()| record))
            });
            each.collect::<Result<Vec<_>, StoreError>>()
        });
        Ok(opened?)
    }

    /// Does what is asked of a record, if it still has the version that the asker saw.
    ///
    /// # Errors
    /// [`CaseFault`]; nothing has changed then.
    pub async fn act(
        &self,
        record: RecordId,
        seen: u64,
        command: Command,
        actor: Actor,
        now: UtcMs,
    ) -> Result<(), CaseFault> {
        self.act_if(record, Some(seen), command, actor, now).await
    }

    /// Does what is asked of a record as it stands. Blocking; for who seeds a store.
    ///
    /// # Errors
    /// [`CaseFault`]; nothing has changed then.
    pub(crate) fn act_blocking(
        &self,
        record: RecordId,
        command: Command,
        actor: Actor,
        now: UtcMs,
    ) -> Result<(), CaseFault> {
        self.only_at_the_centre()?;
        let job = self.acting(record, None, command, actor, now);
        let acted = self.store.write_blocking(job);
        Ok(acted???)
    }

    /// Does what is asked of a record, whatever version it has by now.
    pub(super) async fn act_as_it_stands(
        &self,
        record: RecordId,
        command: Command,
        actor: Actor,
        now: UtcMs,
    ) -> Result<(), CaseFault> {
        self.act_if(record, None, command, actor, now).await
    }

    async fn act_if(
        &self,
        record: RecordId,
        seen: Option<u64>,
        command: Command,
        actor: Actor,
        now: UtcMs,
    ) -> Result<(), CaseFault> {
        self.only_at_the_centre()?;
        let job = self.acting(record, seen, command, actor, now);
        Ok(self.store.write(job).await???)
    }

    /// What the writer does.
    fn acting(
        &self,
        record: RecordId,
        seen: Option<u64>,
        command: Command,
        actor: Actor,
        now: UtcMs,
    ) -> impl FnOnce(&mut Write<'_>) -> Result<Acted, StoreError> + Send + 'static {
        let rules = Arc::clone(&self.rules);
        move |write| act(write, record, seen, command, &actor, &*rules, now)
    }

    /// What a command would come to with each of these records, without doing it. What somebody is
    /// depends on where a record is dealt with.
    ///
    /// # Errors
    /// A fault of storage.
    pub async fn preview(
        &self,
        records: Vec<RecordId>,
        command: Command,
        actor_at: impl Fn(&StationCode) -> Actor + Send + 'static,
        now: UtcMs,
    ) -> Result<Vec<BulkLine>, CaseFault> {
        let rules = Arc::clone(&self.rules);
        let previewed = self.store.read(move |reader| {
            let each = records.into_iter().map(|id| {
                let Some((record, kind)) = record_and_kind(reader, id)? else {
                    return Ok(None);
                };
                let (seen, actor) = (record.version, actor_at(&record.station));
                let command = command.clone();
                let decided = case::decide(&kind, &record, seen, command, &actor, now, &*rules);
                let outcome = match decided {
                    Ok(events) => {
                        let barred = between::bar(reader, &kind, &record, &events, &*rules, now)?;
                        barred.map_or(Ok(()), Err)
                    }
                    Err(refusal) => Err(refusal),
                };
                Ok(Some(BulkLine {
                    record: id,
                    case_no: record.case_no.0,
                    outcome,
                }))
            });
            each.filter_map(Result::transpose).collect()
        });
        Ok(previewed.await?)
    }

    /// Does a command with each of these records: what is refused stays as it was and is told, the
    /// others are done, durable together.
    ///
    /// # Errors
    /// A fault of storage; nothing has been done then.
    pub async fn act_on_all(
        &self,
        records: Vec<RecordId>,
        command: Command,
        actor_at: impl Fn(&StationCode) -> Actor + Send + 'static,
        now: UtcMs,
    ) -> Result<Vec<BulkLine>, CaseFault> {
        self.only_at_the_centre()?;
        let rules = Arc::clone(&self.rules);
        let acted = self.store.write(move |write| {
            let each = records.into_iter().map(|id| {
                let Some(record) = write.record(id)? else {
                    return Ok(None);
                };
                let (command, actor) = (command.clone(), actor_at(&record.station));
                let outcome = act(write, id, None, command, &actor, &*rules, now)?;
                let outcome = match outcome {
                    Ok(outcome) => outcome,
                    Err(problem) => Err(refused(CaseRefusalCode::NotNow, problem.detail)),
                };
                Ok(Some(BulkLine {
                    record: id,
                    case_no: record.case_no.0,
                    outcome,
                }))
            });
            each.filter_map(Result::transpose)
                .collect::<Result<Vec<_>, StoreError>>()
        });
        Ok(acted.await?)
    }

    /// The centre alone owns records (DESIGN.md §3).
    pub(crate) fn only_at_the_centre(&self) -> Result<(), Problem> {
        match self.store.role() {
            StoreRole::Centre => Ok(()),
            StoreRole::HallNode { .. } => {
                let sentence = "业务记录只在中心办。请打开中心的页面。";
                Err(Problem::new(ProblemCode::Refused, sentence))
            }
        }
    }

    fn kind_in_use(&self, kind: &KindId) -> Result<Arc<Kind>, CaseFault> {
        let found = self.kinds.kind(kind).cloned();
        Ok(found.ok_or_else(|| Problem::new(ProblemCode::NotFound, "没有这种业务。"))?)
    }
}

pub(super) fn not_found() -> Problem {
    Problem::new(ProblemCode::NotFound, "没找到这条记录，请核对编号。")
}

/// Records a version of a kind at its first use.
pub(super) fn use_kind(
    write: &mut Write<'_>,
    kinds: &KindShelf,
    kind: &Kind,
    now: UtcMs,
) -> Result<(), StoreError> {
    if !write.reader().knows_kind(&kind.hash)? {
        write.append(&Event::KindPublished(kinds.publication(kind)), now)?;
    }
    Ok(())
}

/// Why such a record is not opened, by rules of its kind alone.
fn bar_opening(
    write: &Write<'_>,
    kind: &Kind,
    new: &NewCase,
    actor: &Actor,
) -> Result<Option<CaseRefusal>, StoreError> {
    let reader = write.reader();
    // what the system opens has happened already
    if actor.staff.is_some()
        && let Some(refusal) = publishing::bar_opening(&reader, kind, &new.values)?
    {
        return Ok(Some(refusal));
    }
    station_reports::bar_opening(&reader, kind, &new.station, &new.values)
}

/// The outer error is the store's, the inner one a person's.
pub(super) fn open(
    write: &mut Write<'_>,
    kind: &Kind,
    record: RecordId,
    new: NewCase,
    actor: &Actor,
    rules: &dyn Rulebook,
    now: UtcMs,
) -> Result<Result<(), CaseRefusal>, StoreError> {
    let mut new = new;
    if let Some(person) = new.person {
        new.person = Some(same_person::in_force(&write.reader(), person)?);
    }
    for checked in [
        references::check_head(write, kind, &new)?,
        references::check_fields(write, kind, &new.values)?,
    ] {
        if let Err(refusal) = checked {
            return Ok(Err(refusal));
        }
    }
    references::name_employer(write, kind, &mut new)?;
    let Some(case_no) = next_number(write, kind, now)? else {
        let sentence = "这个月的编号用完了，下个月才能再登记。";
        return Ok(Err(refused(CaseRefusalCode::NotNow, sentence)));
    };
    if let Some(refusal) = bar_opening(write, kind, &new, actor)? {
        return Ok(Err(refusal));
    }
    let typed = new.values.clone();
    let opening = Opening {
        record,
        case_no,
        is_import: new.channel == Channel::Import,
        channel: new.channel,
        station: new.station,
        person: new.person,
        employer: new.employer,
        values: new.values,
    };
    let opened = match case::open(kind, opening, actor, now, rules) {
        Ok(opened) => opened,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let owner = sealing::owner_of_new(new.person, record);
    let links = new
        .corrects
        .map(|corrects| corrected(record, corrects, actor, now));
    let is_import = opened.channel == Channel::Import;
    let opened = CaseEvent::Opened(opened);
    let events: Vec<_> = [opened].into_iter().chain(links).collect();
    let trail = trail::of_opening(kind, &events, actor);
    if let Some(refusal) = between::bar_opening(&write.reader(), kind, &events, rules, now)? {
        return Ok(Err(refusal));
    }
    // last, because it writes
    if let Err(refusal) = take_personal(write, kind, record, &typed, now)? {
        return Ok(Err(refusal));
    }
    let appended = append_all(write, kind, owner, events, now)?;
    if appended.is_ok() {
        write_down(write, &trail, now)?;
        if !is_import {
            outreach::after_steps(write, kind, record, &[opened_now()], now)?;
        }
        automatic::fill(write, kind, record, rules, now)?;
        retirement::settle(write, kind, record, rules, now)?;
        telling::after(write, kind, None, record, &Telling { rules, now })?;
        automatic::follow(write, kind, record, rules, now)?;
    }
    Ok(appended)
}

fn opened_now() -> Done {
    Done {
        step: case::OPEN.to_owned(),
        notice: Vec::new(),
    }
}

/// The steps among these events.
pub(super) fn steps_of(events: &[CaseEvent]) -> Vec<Done> {
    let moved = events.iter().filter_map(|event| match event {
        CaseEvent::Moved(moved) => Some(Done {
            step: moved.act.transition.clone(),
            notice: moved.notice.clone(),
        }),
        _ => None,
    });
    moved.collect()
}

fn corrected(record: RecordId, corrects: RecordId, actor: &Actor, now: UtcMs) -> CaseEvent {
    CaseEvent::Linked(domain::case::CaseLinked {
        record,
        version: 2,
        kind: LinkKind::CorrectionOf,
        to: corrects,
        is_undone: false,
        by: actor.staff,
        at: now,
    })
}

/// What came of a command: the outer error is the service's, the inner one the record's.
type Acted = Result<Result<(), CaseRefusal>, Problem>;

/// `seen` is `None` for who goes by what the transaction itself sees.
pub(super) fn act(
    write: &mut Write<'_>,
    id: RecordId,
    seen: Option<u64>,
    command: Command,
    actor: &Actor,
    rules: &dyn Rulebook,
    now: UtcMs,
) -> Result<Acted, StoreError> {
    let Some(record) = write.record(id)? else {
        return Ok(Err(not_found()));
    };
    let kind = write.kind(&record.kind_hash)?;
    let typed = typed_values(&command);
    // a step back by a person is not undone by the system: only new values set it going
    let is_change = matches!(command, Command::Change { .. });
    let seen = seen.unwrap_or(record.version);
    let events = match case::decide(&kind, &record, seen, command, actor, now, rules) {
        Ok(events) => events,
        Err(refusal) => return Ok(Ok(Err(refusal))),
    };
    if let Some(refusal) = publishing::bar(&write.reader(), &kind, &record, &events)? {
        return Ok(Ok(Err(refusal)));
    }
    if let Err(refusal) = references::check_fields(write, &kind, &typed)? {
        return Ok(Ok(Err(refusal)));
    }
    if let Some(refusal) = between::bar(&write.reader(), &kind, &record, &events, rules, now)? {
        return Ok(Ok(Err(refusal)));
    }
    if let Some(refusal) = station_reports::bar_change(&write.reader(), &kind, &record, &typed)? {
        return Ok(Ok(Err(refusal)));
    }
    // last, because it writes
    if let Err(refusal) = take_personal(write, &kind, id, &typed, now)? {
        return Ok(Ok(Err(refusal)));
    }
    let trail = trail::of(&Subject::of(&kind, &record), actor, &events);
    let steps = steps_of(&events);
    let appended = append_all(write, &kind, sealing::owner_of(&record), events, now)?;
    if appended.is_ok() {
        write_down(write, &trail, now)?;
        outreach::after_steps(write, &kind, id, &steps, now)?;
        freeing::after_steps(write, &kind, id, &steps, rules, now)?;
        telling::after(write, &kind, Some(&record), id, &Telling { rules, now })?;
    }
    if appended.is_ok() && is_change {
        retirement::settle(write, &kind, id, rules, now)?;
        automatic::follow(write, &kind, id, rules, now)?;
    } else if appended.is_ok() && kind.id.as_str() == person_register::KIND {
        same_person::after_step(write, id, rules, now)?;
    } else if appended.is_ok() && actor.staff.is_some() {
        automatic::go_on(write, &kind, id, rules, now)?;
    }
    Ok(Ok(appended))
}

fn write_down(write: &mut Write<'_>, trail: &[Event], now: UtcMs) -> Result<(), StoreError> {
    trail
        .iter()
        .try_for_each(|line| write.append(line, now).map(drop))
}

/// The values that a command brings.
fn typed_values(command: &Command) -> Values {
    let (Command::Change { draft, .. } | Command::Move { draft, .. }) = command else {
        return Values::new();
    };
    let typed = draft
        .iter()
        .filter_map(|(id, value)| Some((id.clone(), value.clone()?)));
    typed.collect()
}

fn take_personal(
    write: &mut Write<'_>,
    kind: &Kind,
    record: RecordId,
    typed: &Values,
    now: UtcMs,
) -> Result<Result<(), CaseRefusal>, StoreError> {
    if kind.id.as_str() == person_register::KIND {
        person_register::take_in(write, kind, PersonId(record.0), typed, now)
    } else {
        Ok(Ok(()))
    }
}

pub(super) fn append_all(
    write: &mut Write<'_>,
    kind: &Kind,
    owner: PersonId,
    events: impl IntoIterator<Item = CaseEvent>,
    now: UtcMs,
) -> Result<Result<(), CaseRefusal>, StoreError> {
    for mut event in events {
        if sealing::seal(write, kind, owner, &mut event)?.is_err() {
            let sentence = "这个人的资料已经按要求删除，不能再写入。";
            return Ok(Err(refused(CaseRefusalCode::Ended, sentence)));
        }
        write.append(&Event::from(event), now)?;
    }
    Ok(Ok(()))
}

fn next_number(write: &Write<'_>, kind: &Kind, now: UtcMs) -> Result<Option<CaseNo>, StoreError> {
    let day = now.hall_date();
    let prefix = format!(
        "{}-{}{:02}-",
        kind.id.as_str().to_uppercase(),
        day.year(),
        day.month()
    );
    let number = write.reader().last_case_number(&prefix)? + 1;
    Ok((number <= CASE_NUMBERS_MAX).then(|| CaseNo(format!("{prefix}{number:05}"))))
}
