//! The play: openings by season, then one step after another of each record, all in the order of time.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate, Weekday};
use domain::case::{
    Channel, Kind, NoCalendar, NoParameter, Record, Role, Rulebook, StateStage, Subject, Transition,
};
use domain::id::{KindId, PersonId, RecordId, StaffId, StationCode};
use domain::time::UtcMs;
use thiserror::Error;
use uuid::Builder;

use super::super::life::{
    Cast, Inventor, Patience, Playing as _, Stuck, Troupe, given, kinds_named, open, system, take,
};
use super::super::random::Stream;
use super::agenda::Agenda;
use super::volumes::{Extent, Volumes};
use super::{Lived, Span};
use crate::cases::{CaseDesk, CaseFault, NewCase, Stage};
use crate::store::StoreError;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
/// A hall's working day: from nine to five.
const OPENS_MS: i64 = 9 * 60 * MINUTE_MS;
const WORKING_MINUTES: u64 = 8 * 60;
/// Openings and steps of one transaction.
const TOGETHER: usize = 4_000;
/// Most steps of one record.
const STEPS_MAX: u32 = 20;
/// A record waits at most so many days for its next step.
const DAYS_BETWEEN: u64 = 6;
/// Codes of records: the register's own.
const PERSON: &str = "person";
const EMPLOYER: &str = "employer";

/// Why years could not be lived.
#[derive(Debug, Error)]
pub(crate) enum YearsFault {
    /// A kind that the program does not have.
    #[error("没有“{0}”这种业务，年度数据的清单要改。")]
    Kind(KindId),
    /// The desk refused as a whole.
    #[error("年度数据写不进去：{0}")]
    Desk(String),
}

impl From<CaseFault> for YearsFault {
    fn from(fault: CaseFault) -> Self {
        Self::Desk(match fault {
            CaseFault::Refused(refusal) => refusal.text,
            CaseFault::Problem(problem) => problem.detail,
        })
    }
}

/// Lives through a span with the records of an extent. Blocking; only in a synthetic store. `told` is
/// called after every transaction with the day that was reached.
///
/// # Errors
/// [`YearsFault`].
pub(crate) fn live(
    desk: &CaseDesk,
    cast: Cast,
    volumes: &Volumes,
    (extent, seed): (Extent, u64),
    span: Span,
    told: &mut dyn FnMut(NaiveDate, &Lived),
) -> Result<Lived, YearsFault> {
    let mut years = Years::begin(desk, cast, volumes, (extent, seed), span)?;
    loop {
        let (back, day) = desk.play(move |stage| {
            let day = years.together(stage)?;
            Ok((years, day))
        })?;
        years = back;
        match day {
            Some(day) => told(day, &years.lived),
            None => return Ok(years.lived),
        }
    }
}

/// What happens.
enum Happening {
    /// A record of a kind begins.
    Opening(Arc<Kind>),
    /// A record goes on.
    Step(Life),
}

/// A record on its way.
struct Life {
    record: RecordId,
    kind: Arc<Kind>,
    steps: u32,
    /// Put off until a date has passed; only once for each step.
    has_waited: bool,
}

struct Years {
    agenda: Agenda<Happening>,
    cast: Cast,
    everybody: Vec<StaffId>,
    inventor: Inventor,
    rules: Arc<dyn Rulebook + Send + Sync>,
    stream: Stream,
    ids: Stream,
    off_way_permille: u32,
    last: UtcMs,
    lived: Lived,
}

impl Years {
    fn begin(
        desk: &CaseDesk,
        cast: Cast,
        volumes: &Volumes,
        (extent, seed): (Extent, u64),
        span: Span,
    ) -> Result<Self, YearsFault> {
        let everybody = cast.everybody();
        let mut inventor = Inventor::new(seed, "years.values", everybody.clone());
        inventor.types(volumes.texts.clone(), volumes.yuan.clone());
        let mut years = Self {
            agenda: Agenda::new(),
            cast,
            everybody,
            inventor,
            rules: desk.shared_rules(),
            stream: Stream::new(seed, "years.course"),
            ids: Stream::new(seed, "years.ids"),
            off_way_permille: volumes.off_way_permille,
            last: UtcMs::start_of(span.until).plus_ms(DAY_MS - 1),
            lived: Lived::default(),
        };
        let days: Vec<_> = span
            .from
            .iter_days()
            .take_while(|day| *day <= span.until)
            .collect();
        let days: Vec<_> = days
            .into_iter()
            .filter(|day| years.rules.is_workday(*day) == Ok(true))
            .collect();
        for volume in &volumes.volume {
            let kind = desk.kinds().kind(&volume.kind).cloned();
            let kind = kind.ok_or_else(|| YearsFault::Kind(volume.kind.clone()))?;
            years.schedule(&kind, volume.counts(extent), &days, volumes.season(volume));
        }
        Ok(years)
    }

    /// Openings: those of the start before everything else, the others by the season.
    fn schedule(
        &mut self,
        kind: &Arc<Kind>,
        (at_start, later): (u64, u64),
        days: &[NaiveDate],
        season: [u32; 12],
    ) {
        let Some(first) = days.first() else { return };
        for _ in 0..at_start {
            let at = UtcMs::start_of(*first);
            self.agenda.put(at, Happening::Opening(Arc::clone(kind)));
        }
        let weights = days.iter().map(|day| season[day.month0() as usize]);
        for _ in 0..later {
            let day = days[self.stream.weighted(weights.clone())];
            let at = self.moment_of(day);
            self.agenda.put(at, Happening::Opening(Arc::clone(kind)));
        }
    }

    fn moment_of(&mut self, day: NaiveDate) -> UtcMs {
        let minutes = i64::try_from(self.stream.below(WORKING_MINUTES)).unwrap_or(0);
        UtcMs::start_of(day).plus_ms(OPENS_MS + minutes * MINUTE_MS)
    }

    /// A working day some days later.
    fn some_days_after(&mut self, at: UtcMs) -> UtcMs {
        let days = i64::try_from(self.stream.below(DAYS_BETWEEN)).unwrap_or(0);
        let from = at.plus_ms(days * DAY_MS).hall_date();
        let works = |day: &NaiveDate| self.rules.is_workday(*day) == Ok(true);
        let day = from.iter_days().take(30).find(works).unwrap_or(from);
        let moment = self.moment_of(day);
        moment.max(at.plus_ms(MINUTE_MS))
    }

    /// What happens next, many together. The day that was reached; `None` when nothing is left.
    fn together(&mut self, stage: &mut Stage<'_, '_>) -> Result<Option<NaiveDate>, StoreError> {
        let mut reached = None;
        for _ in 0..TOGETHER {
            let Some((at, what)) = self.agenda.next_until(self.last) else {
                break;
            };
            reached = Some(at.hall_date());
            match what {
                Happening::Opening(kind) => self.open(stage, kind, at)?,
                Happening::Step(life) => self.step(stage, life, at)?,
            }
        }
        Ok(reached)
    }

    fn open(
        &mut self,
        stage: &mut Stage<'_, '_>,
        kind: Arc<Kind>,
        at: UtcMs,
    ) -> Result<(), StoreError> {
        for named in kinds_named(&kind) {
            self.begin_named(stage, &named, at)?;
        }
        let turn = usize::try_from(self.stream.below(8)).unwrap_or(0);
        let Some(actor) = self.cast.opener(&kind, turn) else {
            self.note(&kind, "open", "nobody may open it");
            return Ok(());
        };
        let given = given(&kind, &mut self.inventor);
        let way = forward_way(&kind);
        let rules = Arc::clone(&self.rules);
        let values = open(&kind, &given, &way, &mut self.troupe(&*rules), at);
        let new = NewCase {
            kind: kind.id.clone(),
            channel: Channel::Window,
            station: centre(),
            person: self
                .whom(&kind, Subject::Person, PERSON)
                .map(|one| PersonId(one.0)),
            employer: self.whom(&kind, Subject::Employer, EMPLOYER),
            values,
            corrects: None,
        };
        let record = self.new_id(at);
        match stage.open(record, new, &actor, at)? {
            Ok(()) => {
                self.lived.records += 1;
                self.inventor.knows(&kind.id, record);
                let life = Life {
                    record,
                    kind,
                    steps: 0,
                    has_waited: false,
                };
                let next = self.some_days_after(at);
                self.agenda.put(next, Happening::Step(life));
            }
            Err(refusal) => {
                let fault = refusal.faults.first().map(|fault| fault.field.clone());
                let why = format!("{} {}", refusal.text, fault.unwrap_or_default());
                self.note(&kind, "open", &why);
            }
        }
        Ok(())
    }

    /// A record that others name, when there is none yet: with what is known of it, as out of a file.
    fn begin_named(
        &mut self,
        stage: &mut Stage<'_, '_>,
        named: &KindId,
        at: UtcMs,
    ) -> Result<(), StoreError> {
        if self
            .inventor
            .record_of(std::slice::from_ref(named))
            .is_some()
            || !stage.has(named)
        {
            return Ok(());
        }
        let record = self.new_id(at);
        let new = NewCase {
            kind: named.clone(),
            channel: Channel::Import,
            station: centre(),
            person: None,
            employer: None,
            values: Default::default(),
            corrects: None,
        };
        if stage.open(record, new, &system(), at)?.is_ok() {
            self.inventor.knows(named, record);
        }
        Ok(())
    }

    fn whom(&mut self, kind: &Kind, subject: Subject, register: &str) -> Option<RecordId> {
        let is_concerned = kind.subject == subject
            || (kind.subject == Subject::Either && subject == Subject::Person);
        let register = KindId::new(register).ok().filter(|_| is_concerned)?;
        self.inventor.record_of(&[register])
    }

    fn step(
        &mut self,
        stage: &mut Stage<'_, '_>,
        mut life: Life,
        at: UtcMs,
    ) -> Result<(), StoreError> {
        let kind = Arc::clone(&life.kind);
        let record = match stage.record(life.record) {
            Ok(record) => record,
            Err(Stuck::Fault(fault)) => return Err(fault),
            Err(_) => return Ok(()),
        };
        let Some(step) = self.next_step(&kind, &record) else {
            return Ok(());
        };
        if let Some(day) = waits_until(&kind, &record, step)
            && day >= at.hall_date()
        {
            let at = UtcMs::start_of(day).plus_ms(DAY_MS + OPENS_MS);
            self.agenda.put(at, Happening::Step(life));
            return Ok(());
        }
        let rules = Arc::clone(&self.rules);
        let mut now = at;
        let patience = Patience::Elsewhere;
        let ahead = way_after(&kind, step);
        let mut troupe = self.troupe(&*rules);
        troupe.ahead = &ahead;
        let taken = take(
            stage,
            &kind,
            record.id,
            step,
            &mut troupe,
            &mut now,
            patience,
        );
        match taken {
            Ok(()) => {
                self.lived.steps += 1;
                life.steps += 1;
                life.has_waited = false;
                if life.steps < STEPS_MAX {
                    let next = self.some_days_after(at);
                    self.agenda.put(next, Happening::Step(life));
                }
            }
            Err(Stuck::Fault(fault)) => return Err(fault),
            Err(Stuck::Later(then)) if !life.has_waited => {
                life.has_waited = true;
                self.agenda.put(then, Happening::Step(life));
            }
            Err(stuck) => self.note(&kind, &step.id, &stuck.to_string()),
        }
        Ok(())
    }

    /// Forward, or now and then another way.
    fn next_step<'k>(&mut self, kind: &'k Kind, record: &Record) -> Option<&'k Transition> {
        let forward = forward(kind, &record.state);
        if !self.stream.permille(self.off_way_permille) {
            return forward;
        }
        let by_people = |step: &&Transition| step.roles.iter().any(|role| *role != Role::System);
        let others: Vec<_> = kind
            .transitions_from(&record.state)
            .filter(by_people)
            .collect();
        if others.is_empty() {
            return forward;
        }
        Some(*self.stream.pick(&others))
    }

    fn troupe<'t>(&'t mut self, rules: &'t dyn Rulebook) -> Troupe<'t> {
        Troupe {
            cast: &self.cast,
            inventor: &mut self.inventor,
            rules,
            everybody: &self.everybody,
            ahead: &[],
        }
    }

    fn note(&mut self, kind: &Kind, step: &str, why: &str) {
        let line = format!("{} {step}: {why}", kind.id);
        *self.lived.stuck.entry(line).or_default() += 1;
    }

    fn new_id(&mut self, at: UtcMs) -> RecordId {
        let millis = u64::try_from(at.0).unwrap_or(0);
        let (one, other) = (self.ids.below(u64::MAX), self.ids.below(u64::MAX));
        let mut bytes = [0; 10];
        bytes[..8].copy_from_slice(&one.to_be_bytes());
        bytes[8..].copy_from_slice(&other.to_be_bytes()[..2]);
        RecordId(Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid())
    }
}

fn centre() -> StationCode {
    StationCode::new("YH-C").expect("the centre's code, because it is short")
}

/// Whether a step leads on without giving anything up.
fn is_forward(step: &Transition) -> bool {
    !step.needs_reason && !step.needs_rule && !step.is_notice
}

/// The next step on the way that the file means.
fn forward<'k>(kind: &'k Kind, state: &str) -> Option<&'k Transition> {
    way(kind, state).first().copied()
}

/// The whole way from the beginning.
fn forward_way(kind: &Kind) -> Vec<&Transition> {
    way(kind, &kind.initial)
}

/// What follows a step on the way forward.
fn way_after<'k>(kind: &'k Kind, step: &'k Transition) -> Vec<&'k Transition> {
    way(kind, &step.to)
}

/// The first way on which an end is reached without a reason and without coming back. Where every end
/// needs a reason (a benefit that stops), the way on which it comes to rest.
fn way<'k>(kind: &'k Kind, state: &str) -> Vec<&'k Transition> {
    let to = |goal| way_to(kind, state, goal, &mut vec![state]);
    let way = to(StateStage::End).or_else(|| to(StateStage::Settled));
    way.unwrap_or_default()
}

fn way_to<'k, 's>(
    kind: &'k Kind,
    state: &str,
    goal: StateStage,
    seen: &mut Vec<&'s str>,
) -> Option<Vec<&'k Transition>>
where
    'k: 's,
{
    let is_there = |state: &domain::case::State| state.stage == goal;
    if kind.state(state).is_some_and(is_there) {
        return Some(Vec::new());
    }
    for step in kind.transitions_from(state).filter(|step| is_forward(step)) {
        if seen.contains(&step.to.as_str()) {
            continue;
        }
        seen.push(&step.to);
        if let Some(mut way) = way_to(kind, &step.to, goal, seen) {
            way.insert(0, step);
            return Some(way);
        }
        seen.pop();
    }
    None
}

/// The day after which the system does a step because a deadline has passed.
fn waits_until(kind: &Kind, record: &Record, step: &Transition) -> Option<NaiveDate> {
    let follows = |rule: &&domain::case::DeadlineRule| rule.then.as_ref() == Some(&step.id);
    let rule = kind.deadlines.iter().find(follows)?;
    (step.roles == [Role::System]).then_some(())?;
    Some(record.due.get(&rule.id)?.on)
}

/// The program's rules; of years that its calendar does not have, Monday to Friday. Only for records
/// that are invented: a deadline of a real one is never guessed.
pub(crate) struct EveryYear(pub(crate) Arc<dyn Rulebook + Send + Sync>);

impl Rulebook for EveryYear {
    fn is_workday(&self, day: NaiveDate) -> Result<bool, NoCalendar> {
        let known = self.0.is_workday(day);
        Ok(known.unwrap_or(!matches!(day.weekday(), Weekday::Sat | Weekday::Sun)))
    }

    fn number(&self, key: &str, day: NaiveDate) -> Result<i64, NoParameter> {
        self.0.number(key, day)
    }

    fn words(&self, list: &str) -> Option<&[String]> {
        self.0.words(list)
    }
}
