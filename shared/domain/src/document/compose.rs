//! From a template and a record to what the document says. Whatever the template asks for and the
//! record does not hold is told, all of it at once: no paper goes out with a gap.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::case::{CaseEvent, CaseMoved, Field, Kind, Record, Value};
use crate::id::{PersonId, RecordId, StaffId};
use crate::time::UtcMs;

use super::content::{Block, Content, Line, Run};
use super::placeholder::{Asked, Form, Named, Piece, Source};
use super::template::{Items, Part, Row, Template, Words};

/// The register of persons and what is taken of it.
pub(super) const PERSON_KIND: &str = "person";
const PERSON_NAME: &str = "name";
const PERSON_NUMBER: &str = "id_number";
/// The register of employers and what is taken of it.
pub(super) const EMPLOYER_KIND: &str = "employer";
const EMPLOYER_NAME: &str = "org_name";
const EMPLOYER_NUMBER: &str = "uscc";

/// Records that a record names, with their kinds.
pub type Others = BTreeMap<RecordId, (Record, Arc<Kind>)>;

/// What is said of the document itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// The centre's name.
    pub centre: String,
    /// The station's, where the record is dealt with.
    pub station: String,
    /// The document's number; a blank for a proof.
    pub number: String,
    /// Who makes it.
    pub clerk: String,
    /// When.
    pub today: NaiveDate,
}

/// Everything that a document is made of.
pub struct Facts<'f> {
    /// The record's kind, in its version.
    pub kind: &'f Kind,
    /// The record.
    pub record: &'f Record,
    /// The records that it names.
    pub others: &'f Others,
    /// The step that the document is about.
    pub step: Option<&'f CaseMoved>,
    /// Of the document itself.
    pub issue: &'f Issue,
    /// A value in words; nothing for ids and for what is sealed.
    pub words: &'f dyn Fn(&Field, &Value) -> String,
    /// The name of a member of staff.
    pub staff: &'f dyn Fn(StaffId) -> String,
}

impl std::fmt::Debug for Facts<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Facts")
            .field("record", &self.record.id)
            .finish_non_exhaustive()
    }
}

/// Whether a document is offered for a record as it stands.
#[must_use]
pub fn is_offered(template: &Template, record: &Record) -> bool {
    let Some(occasion) = template.occasions.get(&record.kind) else {
        return false;
    };
    let mut acts = record.acts.iter().rev();
    let act = acts.find(|act| occasion.after.contains(&act.transition));
    if !occasion.after.is_empty() && act.is_none() {
        return false;
    }
    if occasion.states.is_empty() {
        act.is_some_and(|act| act.to == record.state)
    } else {
        occasion.states.contains(&record.state)
    }
}

/// The newest step of a history that a document is about.
pub fn about_step<'h>(
    template: &Template,
    record: &Record,
    history: impl DoubleEndedIterator<Item = &'h CaseEvent>,
) -> Option<&'h CaseMoved> {
    let occasion = template.occasions.get(&record.kind)?;
    let mut moves = history.rev().filter_map(|event| match event {
        CaseEvent::Moved(moved) => Some(moved),
        _ => None,
    });
    moves.find(|moved| occasion.after.contains(&moved.act.transition))
}

/// What a document says.
///
/// # Errors
/// What is missing, by its Chinese name, without repetition.
pub fn compose(template: &Template, facts: &Facts<'_>) -> Result<Content, Vec<String>> {
    let mut composer = Composer {
        facts,
        missing: Vec::new(),
    };
    let parts = template.parts.iter();
    let blocks = parts.filter_map(|part| composer.block(part)).collect();
    if !composer.missing.is_empty() {
        return Err(composer.missing);
    }
    Ok(Content {
        title: template.title.clone(),
        centre: facts.issue.centre.clone(),
        blocks,
    })
}

struct Composer<'c> {
    facts: &'c Facts<'c>,
    missing: Vec<String>,
}

impl Composer<'_> {
    fn block(&mut self, part: &Part) -> Option<Block> {
        Some(match part {
            Part::Heading(words) => Block::Heading(self.line(words)),
            Part::Text(words) => Block::Text(self.line(words)),
            Part::To(words) => Block::To(self.line(words)),
            Part::Rows(rows) => {
                let rows = rows.iter().filter_map(|row| self.row(row));
                Block::Rows(rows.collect())
            }
            Part::Items { of, lead } => {
                let items = items(self.facts, of);
                let lead = lead.clone();
                return (!items.is_empty()).then_some(Block::Items { lead, items });
            }
            Part::Where(source, part) => {
                self.value(source, Form::Plain)?;
                return self.block(part);
            }
            Part::Signatures(who) => Block::Signatures(who.clone()),
            Part::Seal(words) => Block::Seal {
                name: self.line(words),
                day: day_words(self.facts.issue.today),
            },
        })
    }

    /// A row that may be empty and is, is left out.
    fn row(&mut self, row: &Row) -> Option<(String, Line)> {
        let mut asked = row.words.asked().peekable();
        let may_be_empty = asked.peek().is_some() && asked.all(|asked| asked.is_optional);
        let is_filled = |asked: &Asked| self.value(&asked.source, asked.form).is_some();
        if may_be_empty && !row.words.asked().any(is_filled) {
            return None;
        }
        Some((row.label.clone(), self.line(&row.words)))
    }

    fn line(&mut self, words: &Words) -> Line {
        let mut runs = Vec::new();
        for piece in &words.0 {
            match piece {
                Piece::Plain(text) => runs.push(Run::Words(text.clone())),
                Piece::Value(asked) => match self.value(&asked.source, asked.form) {
                    Some(run) => runs.push(run),
                    None if asked.is_optional => {}
                    None => self.miss(&asked.source),
                },
            }
        }
        Line(runs)
    }

    fn miss(&mut self, source: &Source) {
        let name = name_of(self.facts, source);
        if !self.missing.contains(&name) {
            self.missing.push(name);
        }
    }

    fn value(&self, source: &Source, form: Form) -> Option<Run> {
        let facts = self.facts;
        match source {
            Source::Named(name) => named(facts, *name),
            Source::Field(id) => of_record(facts, (facts.record, facts.kind), id, form),
            Source::FieldOf(id, inner) => {
                let Value::Record(other) = facts.record.values.get(id)? else {
                    return None;
                };
                of_other(facts, *other, inner, form)
            }
            Source::EmployerOf(id) => {
                let Value::Record(other) = facts.record.values.get(id)? else {
                    return None;
                };
                let (other, _) = facts.others.get(other)?;
                of_other(facts, other.employer?, EMPLOYER_NAME, Form::Plain)
            }
            Source::Person(id) => of_other(facts, RecordId(facts.record.person?.0), id, form),
            Source::Employer(id) => of_other(facts, facts.record.employer?, id, form),
            Source::Due(rule) => facts
                .record
                .due
                .get(rule)
                .map(|due| said(day_words(due.on))),
        }
        .filter(|run| !matches!(run, Run::Words(text) if text.is_empty()))
    }
}

fn said(text: impl Into<String>) -> Run {
    Run::Words(text.into())
}

/// `2026年11月28日`.
fn day_words(day: NaiveDate) -> String {
    day.format("%Y年%-m月%-d日").to_string()
}

fn named(facts: &Facts<'_>, name: Named) -> Option<Run> {
    let (record, issue, step) = (facts.record, facts.issue, facts.step);
    let on = |at: UtcMs| day_words(at.hall_date());
    let text = match name {
        Named::Centre => issue.centre.clone(),
        Named::Station => issue.station.clone(),
        Named::Today => day_words(issue.today),
        Named::Number => issue.number.clone(),
        Named::CaseNo => record.case_no.0.clone(),
        Named::Kind => facts.kind.name.clone(),
        Named::State => facts.kind.state(&record.state)?.name.clone(),
        Named::Applicant => return applicant(facts),
        Named::ApplicantNo => return applicant_no(facts),
        Named::Clerk => issue.clerk.clone(),
        Named::OpenedOn => on(record.opened_at),
        Named::StepOn => on(step?.act.at),
        Named::StepBy => (facts.staff)(step?.act.by?),
        Named::Step => facts.kind.act_name(&step?.act.transition).to_owned(),
        Named::Reason => step?.act.reason.trim().to_owned(),
        Named::Rule => step?.rule.trim().to_owned(),
        Named::Remedy => step?.remedy.trim().to_owned(),
    };
    Some(said(text))
}

fn applicant(facts: &Facts<'_>) -> Option<Run> {
    if let Some(person) = facts.record.person {
        return of_other(facts, RecordId(person.0), PERSON_NAME, Form::Whole);
    }
    match facts.record.employer {
        Some(employer) => of_other(facts, employer, EMPLOYER_NAME, Form::Plain),
        None => Some(said(title(facts, facts.record, facts.kind))),
    }
}

fn applicant_no(facts: &Facts<'_>) -> Option<Run> {
    if let Some(person) = facts.record.person {
        return of_other(facts, RecordId(person.0), PERSON_NUMBER, Form::Plain);
    }
    of_other(facts, facts.record.employer?, EMPLOYER_NUMBER, Form::Plain)
}

fn of_other(facts: &Facts<'_>, other: RecordId, id: &str, form: Form) -> Option<Run> {
    let (record, kind) = facts.others.get(&other)?;
    of_record(facts, (record, kind), id, form)
}

fn of_record(
    facts: &Facts<'_>,
    (record, kind): (&Record, &Kind),
    id: &str,
    form: Form,
) -> Option<Run> {
    let field = kind.field(id)?;
    match (record.values.get(id)?, form) {
        (Value::Sealed(sealed), _) => Some(Run::Personal {
            // under the person's key, else under the record's own (`wire::event::value_owner`)
            owner: record.person.unwrap_or(PersonId(record.id.0)),
            field: field.personal?,
            sealed: sealed.clone(),
            is_whole: form == Form::Whole,
        }),
        (Value::Money(amount), Form::Capitals) => Some(said(amount.capitals())),
        (Value::Record(other), Form::Number) => {
            let (other, _) = facts.others.get(other)?;
            Some(said(other.case_no.0.clone()))
        }
        (value, _) => Some(said(in_words(facts, field, value))),
    }
}

fn in_words(facts: &Facts<'_>, field: &Field, value: &Value) -> String {
    match value {
        Value::Staff(staff) => (facts.staff)(*staff),
        Value::Record(other) => called(facts, *other),
        Value::List(values) => list_in_words(facts, field, values).join("、"),
        value => (facts.words)(field, value),
    }
}

/// Each value of a list in words, as the only one of its list.
fn list_in_words(facts: &Facts<'_>, field: &Field, values: &[Value]) -> Vec<String> {
    let each = values.iter().map(|value| match value {
        Value::Record(_) | Value::Staff(_) => in_words(facts, field, value),
        value => (facts.words)(field, &Value::List(vec![value.clone()])),
    });
    each.filter(|text| !text.is_empty()).collect()
}

fn called(facts: &Facts<'_>, other: RecordId) -> String {
    let other = facts.others.get(&other);
    other.map_or_else(String::new, |(record, kind)| title(facts, record, kind))
}

/// What a record is called: its title fields, else its kind's name.
fn title(facts: &Facts<'_>, record: &Record, kind: &Kind) -> String {
    let parts = kind.title.iter().filter_map(|id| {
        let text = (facts.words)(kind.field(id)?, record.values.get(id)?);
        (!text.is_empty()).then_some(text)
    });
    let parts: Vec<_> = parts.collect();
    match parts.is_empty() {
        true => kind.name.clone(),
        false => parts.join(" · "),
    }
}

fn items(facts: &Facts<'_>, of: &Items) -> Vec<String> {
    let (kind, record) = (facts.kind, facts.record);
    let name = |id: &str| {
        let rule = kind.attachment(id);
        rule.map_or_else(|| "材料".to_owned(), |rule| rule.name.clone())
    };
    match of {
        Items::Notice => facts
            .step
            .map(|step| step.notice.clone())
            .unwrap_or_default(),
        Items::Attachments => {
            let mut pages: Vec<(String, u32)> = Vec::new();
            for one in &record.attachments {
                match pages.iter_mut().find(|(id, _)| *id == one.doc_type) {
                    Some((_, held)) => *held += one.pages,
                    None => pages.push((one.doc_type.clone(), one.pages)),
                }
            }
            let each = pages.iter();
            each.map(|(id, pages)| format!("{}，{pages} 页", name(id)))
                .collect()
        }
        Items::Field(id) => match (kind.field(id), record.values.get(id)) {
            (Some(field), Some(Value::List(values))) => list_in_words(facts, field, values),
            _ => Vec::new(),
        },
        Items::Deferred => {
            let each = record.deferred.iter();
            each.map(|(id, day)| format!("{}，{}前补交", name(id), day_words(*day)))
                .collect()
        }
    }
}

/// What a value is called where it is missing.
fn name_of(facts: &Facts<'_>, source: &Source) -> String {
    let own = |id: &str| {
        let field = facts.kind.field(id);
        field.map_or_else(|| "一项内容".to_owned(), |field| field.name.clone())
    };
    let of_other = |other: Option<RecordId>, id: &str, whose: &str| {
        let kind = other.and_then(|other| facts.others.get(&other));
        let field = kind.and_then(|(_, kind)| kind.field(id));
        field.map_or_else(
            || whose.to_owned(),
            |field| format!("{whose}的{}", field.name),
        )
    };
    match source {
        Source::Named(name) => name.words().to_owned(),
        Source::Field(id) => own(id),
        Source::FieldOf(id, inner) => {
            let other = match facts.record.values.get(id) {
                Some(Value::Record(other)) => Some(*other),
                _ => None,
            };
            of_other(other, inner, &own(id))
        }
        Source::EmployerOf(id) => format!("{}的单位名称", own(id)),
        Source::Person(id) => {
            let person = facts.record.person.map(|person| RecordId(person.0));
            of_other(person, id, "办事的人")
        }
        Source::Employer(id) => of_other(facts.record.employer, id, "办事的单位"),
        Source::Due(_) => "期限".to_owned(),
    }
}
