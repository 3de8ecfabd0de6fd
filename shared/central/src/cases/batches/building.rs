//! Opening a batch with everybody who is due: in one transaction, or not at all. Each member is tied
//! to it and does the step that being in it is.

use domain::batch::{BatchRule, Members};
use domain::case::{
    self, Actor, CaseNo, CaseRefusal, Channel, Command, Draft, Kind, LinkKind, Opening, Value,
    Values,
};
use domain::id::{RecordId, StationCode};
use domain::time::UtcMs;
use wire::problem::{Problem, ProblemCode};

use crate::cases::desk::{act, not_found, open, use_kind};
use crate::cases::list_shelf::kind_of;
use crate::cases::{CENTRE, CaseDesk, CaseFault, NewCase, automatic};
use crate::edge;
use crate::store::{StoreError, Write};

use super::due::{batch_of_month, due_batch};
use super::{DueBatch, seen};

/// Why a batch was not opened. Nothing has changed.
#[derive(Debug, Clone)]
pub(crate) enum NotBuilt {
    /// It does not hold any more what was looked at.
    Changed,
    /// Nobody is due, and an empty batch of its kind says nothing.
    Empty,
    /// There is one for this month.
    MonthTaken(String),
    /// The engine says no, to the batch or to a member.
    Refused(CaseRefusal),
}

impl CaseDesk {
    /// Opens a batch with these values, if it would still hold what was looked at. Blocking.
    ///
    /// # Errors
    /// The outer one is the service's, or a member's refusal with its number; the inner one says why
    /// not. Nothing was opened then.
    pub(crate) fn build_batch(
        &self,
        rule: &BatchRule,
        asked: &Values,
        looked_at: &str,
        actor_at: impl Fn(&StationCode) -> Actor + Send + 'static,
        now: UtcMs,
    ) -> Result<Result<RecordId, NotBuilt>, CaseFault> {
        self.only_at_the_centre()?;
        let centre = StationCode::new(CENTRE).expect("the centre's code, because it is short");
        let builder = Builder {
            desk: self.clone(),
            rule: rule.clone(),
            values: values_of(rule, asked),
            looked_at: looked_at.to_owned(),
            centre,
            now,
        };
        let built = self
            .store()
            .write_blocking(move |write| builder.build(write, &actor_at));
        Ok(built?)
    }

    /// What is wrong with what a form asked for a batch, before anything is looked for.
    ///
    /// # Errors
    /// The engine's refusal.
    pub(crate) fn try_batch(
        &self,
        rule: &BatchRule,
        asked: &Values,
        choice: Option<&DueBatch>,
        actor: &Actor,
        now: UtcMs,
    ) -> Result<(), CaseRefusal> {
        let kind = kind_of(self.kinds(), &rule.kind);
        let mut values = values_of(rule, asked);
        if let Some(choice) = choice {
            values.extend(held_by_members(rule, kind, choice));
        }
        let opening = Opening {
            record: RecordId(uuid::Uuid::nil()),
            case_no: CaseNo(String::new()),
            channel: Channel::Window,
            station: StationCode::new(CENTRE).expect("the centre's code, because it is short"),
            person: None,
            employer: None,
            values,
            is_import: false,
        };
        case::open(kind, opening, actor, now, self.rules()).map(drop)
    }
}

/// What a batch has before its members.
pub(super) fn values_of(rule: &BatchRule, asked: &Values) -> Values {
    let mut values = rule.set.clone();
    values.extend(asked.clone());
    values
}

/// The values that its members give it, of those that are not computed.
fn held_by_members(rule: &BatchRule, kind: &Kind, choice: &DueBatch) -> Values {
    let values = members_values(rule, choice).into_iter();
    let typed = values.filter(|(id, _)| kind.field(id).is_some_and(|field| !field.is_computed));
    typed.collect()
}

fn members_values(rule: &BatchRule, choice: &DueBatch) -> Values {
    let members = choice.members.iter().map(|member| match &rule.members {
        Members::Records(_) => Value::Record(member.record.record.id),
        Members::Lines(..) => Value::Text(member.record.line.clone()),
    });
    let members: Vec<_> = members.collect();
    let count = i64::try_from(members.len()).unwrap_or(i64::MAX);
    let mut values = Values::new();
    if !members.is_empty() {
        values.insert(rule.member_field().to_owned(), Value::List(members));
    }
    if let Some(field) = &rule.count {
        values.insert(field.clone(), Value::Integer(count));
    }
    if let (Some(field), Some(total)) = (&rule.total, choice.total()) {
        values.insert(field.clone(), Value::Money(total));
    }
    if let Some(field) = &rule.amounts {
        let amounts = choice.members.iter().filter_map(|member| member.amount);
        let amounts: Vec<_> = amounts.map(Value::Money).collect();
        if !amounts.is_empty() {
            values.insert(field.clone(), Value::List(amounts));
        }
    }
    values
}

/// What the writer does.
struct Builder {
    desk: CaseDesk,
    rule: BatchRule,
    values: Values,
    looked_at: String,
    centre: StationCode,
    now: UtcMs,
}

impl Builder {
    fn build(
        &self,
        write: &mut Write<'_>,
        actor_at: &dyn Fn(&StationCode) -> Actor,
    ) -> Result<Result<RecordId, NotBuilt>, StoreError> {
        let rule = &self.rule;
        if let Some(batch) = batch_of_month(&write.reader(), rule, &self.values)? {
            return Ok(Err(NotBuilt::MonthTaken(batch)));
        }
        let choice = due_batch(&write.reader(), rule, &self.values)?;
        if seen(&choice) != self.looked_at {
            return Ok(Err(NotBuilt::Changed));
        }
        if choice.members.len() < rule.members_min {
            return Ok(Err(NotBuilt::Empty));
        }
        let kind = kind_of(self.desk.kinds(), &rule.kind);
        let (rules, record) = (self.desk.rules(), RecordId(edge::new_uuid(self.now)));
        use_kind(write, self.desk.kinds(), kind, self.now)?;
        let mut values = self.values.clone();
        values.extend(held_by_members(rule, kind, &choice));
        let new = NewCase {
            kind: kind.id.clone(),
            channel: Channel::Window,
            station: self.centre.clone(),
            person: None,
            employer: None,
            values,
            corrects: None,
        };
        let actor = actor_at(&self.centre);
        if let Err(refusal) = open(write, kind, record, new, &actor, rules, self.now)? {
            return Ok(Err(NotBuilt::Refused(refusal)));
        }
        self.compute(write, kind, record, &choice)?;
        for member in &choice.members {
            self.put_in(write, record, member, actor_at)?;
        }
        Ok(Ok(record))
    }

    /// What the batch's kind lets the system alone say: how many, how much.
    fn compute(
        &self,
        write: &mut Write<'_>,
        kind: &Kind,
        record: RecordId,
        choice: &DueBatch,
    ) -> Result<(), StoreError> {
        let values = members_values(&self.rule, choice).into_iter();
        let computed =
            values.filter(|(id, _)| kind.field(id).is_some_and(|field| field.is_computed));
        let draft: Draft = computed.map(|(id, value)| (id, Some(value))).collect();
        automatic::change(write, record, draft, self.desk.rules(), self.now)
    }

    /// Ties a member to the batch and does its step, or undoes everything.
    fn put_in(
        &self,
        write: &mut Write<'_>,
        batch: RecordId,
        member: &domain::batch::Candidate<super::Due, super::MemberKey>,
        actor_at: &dyn Fn(&StationCode) -> Actor,
    ) -> Result<(), StoreError> {
        let (rules, due) = (self.desk.rules(), &member.record);
        let link = Command::Link {
            kind: LinkKind::Related,
            to: batch,
            is_undone: false,
        };
        automatic::do_as_system(write, due.record.id, link, rules, self.now)?;
        let Some(step) = &due.step else {
            return Ok(());
        };
        let actor = actor_at(&due.record.station);
        let done = act(
            write,
            due.record.id,
            None,
            Command::step(step),
            &actor,
            rules,
            self.now,
        )?;
        match done {
            Ok(Ok(())) => Ok(()),
            Ok(Err(refusal)) => Err(undone(&member.number, &refusal.text)),
            Err(_) => Err(undone(&member.number, &not_found().detail)),
        }
    }
}

/// A refusal of one member, by which nothing of the batch may stay.
pub(super) fn undone(number: &str, text: &str) -> StoreError {
    let sentence = format!("{number}：{text}整批没有动。");
    StoreError::Refused(Box::new(Problem::new(ProblemCode::Refused, sentence)))
}
