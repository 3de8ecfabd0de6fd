//! What a comparison opens: its own record, to which the list is attached, and for every hit, and for
//! what a person ticked, one record about that person. All in one transaction. A row that is refused
//! is told and the others are opened; what is there already is not opened again.

use std::collections::{BTreeMap, BTreeSet};

use domain::case::{
    Actor, CaseRefusal, Channel, Command, Draft, LinkKind, Record, Value, Values, workdays_after,
};
use domain::comparison::{BATCH_NO, BIRTH, FoundLine, ListComparison, NAME, NUMBER, Outcome};
use domain::id::{PersonId, RecordId, StaffId, StationCode};
use domain::time::UtcMs;
use wire::problem::Problem;

use crate::attachments::{self, Owner};
use crate::cases::desk::{act, not_found, open, use_kind};
use crate::cases::list_shelf::kind_of;
use crate::cases::{CENTRE, CaseDesk, CaseFault, NewCase, automatic, same_person};
use crate::edge;
use crate::store::{Reader, StoreError, Write};

use super::{BroughtList, LIST, LIST_FILE, TriedList, TriedRow, kind_id, numbers, record_of};

/// Lines of findings that the record keeps; more hits than that are in no list.
const FINDINGS_MAX: usize = 5_000;

/// What a comparison came to.
#[derive(Debug, Clone)]
pub(crate) struct Compared {
    /// Its record.
    pub(crate) record: RecordId,
    /// Numbers of what was opened, with their lines.
    pub(crate) opened: Vec<(u32, String)>,
    /// Lines for which the same had been opened before, with its number.
    pub(crate) before: Vec<(u32, String)>,
    /// Lines that were refused, and why.
    pub(crate) refused: Vec<(u32, String)>,
}

impl CaseDesk {
    /// The values of everything that a list opens, but for what its rows bring.
    ///
    /// # Errors
    /// When the calendar or a dated parameter has a gap.
    pub(super) fn opened_with(
        &self,
        rule: &ListComparison,
        asked: &Values,
        now: UtcMs,
    ) -> Result<Values, CaseFault> {
        let mut values = rule.opens.set.clone();
        values.extend(asked.clone());
        let today = now.hall_date();
        for (field, key) in &rule.opens.workdays {
            let days = self.rules().number(key, today).map_err(CaseRefusal::from)?;
            let days = u32::try_from(days).unwrap_or(0);
            let day = workdays_after(today, days, self.rules()).map_err(CaseRefusal::from)?;
            values.insert(field.clone(), Value::Date(day));
        }
        Ok(values)
    }

    /// Opens what a list that was tried opens: every hit, and of the possible ones those on the lines
    /// that somebody ticked. The list is compared once more, as the registers are now. Blocking.
    ///
    /// # Errors
    /// The outer one is the service's, or that this person may not record a comparison; nothing was
    /// opened then. The inner one is a sentence about the file.
    pub(crate) fn open_list(
        &self,
        rule: &ListComparison,
        brought: &BroughtList,
        confirmed: &BTreeSet<u32>,
        actor_at: impl Fn(&StationCode) -> Actor + Send + 'static,
        now: UtcMs,
    ) -> Result<Result<Compared, String>, CaseFault> {
        self.only_at_the_centre()?;
        let tried = match self.try_list(rule, brought, now)? {
            Ok(tried) => tried,
            Err(sentence) => return Ok(Err(sentence)),
        };
        let centre = StationCode::new(CENTRE).expect("the centre's code, because it is short");
        let actor = actor_at(&centre);
        let by = actor.staff.ok_or_else(not_found)?;
        let record = RecordId(edge::new_uuid(now));
        let file = self.keep_list(record, by, brought, now)?;
        let sha256 = file.sha256.clone();
        let job = Job {
            desk: self.clone(),
            rule: rule.clone(),
            values: self.opened_with(rule, &brought.asked, now)?,
            batch_no: brought.batch_no().to_owned(),
            record,
            centre,
            actor,
            now,
        };
        let confirmed = confirmed.clone();
        let done = self.store().write_blocking(move |write| {
            job.open_comparison(write, file)?;
            job.open_rows(write, &tried, &confirmed, &actor_at)
        });
        if done.is_err() {
            attachments::discard_blocking(self.store(), record, &sha256)?;
        }
        Ok(Ok(done?))
    }

    fn keep_list(
        &self,
        record: RecordId,
        by: StaffId,
        brought: &BroughtList,
        now: UtcMs,
    ) -> Result<domain::case::Attachment, Problem> {
        let owner = Owner {
            person: None,
            record,
        };
        let sheet = (LIST_FILE, brought.bytes.clone());
        let taken = attachments::take_in_sheet(self.store(), owner, by, sheet, now)?;
        Ok(taken.attachment)
    }
}

/// What the writer does.
struct Job {
    desk: CaseDesk,
    rule: ListComparison,
    values: Values,
    batch_no: String,
    record: RecordId,
    centre: StationCode,
    actor: Actor,
    now: UtcMs,
}

impl Job {
    /// The record of the comparison, with the list.
    fn open_comparison(
        &self,
        write: &mut Write<'_>,
        file: domain::case::Attachment,
    ) -> Result<(), StoreError> {
        let (kinds, rules) = (self.desk.kinds(), self.desk.rules());
        let kind = kind_of(kinds, &kind_id());
        use_kind(write, kinds, kind, self.now)?;
        let values = [
            (LIST, Value::Text(self.rule.name.clone())),
            (BATCH_NO, Value::Text(self.batch_no.clone())),
        ];
        let new = NewCase {
            kind: kind.id.clone(),
            channel: Channel::Window,
            station: self.centre.clone(),
            person: None,
            employer: None,
            values: values.map(|(id, value)| (id.to_owned(), value)).into(),
            corrects: None,
        };
        open(write, kind, self.record, new, &self.actor, rules, self.now)?.map_err(undone)?;
        let attach = Command::Attach(file);
        self.acted(write, self.record, attach)?.map_err(undone)
    }

    fn acted(
        &self,
        write: &mut Write<'_>,
        record: RecordId,
        command: Command,
    ) -> Result<Result<(), CaseRefusal>, StoreError> {
        let rules = self.desk.rules();
        match act(write, record, None, command, &self.actor, rules, self.now)? {
            Ok(done) => Ok(done),
            Err(problem) => Err(StoreError::Refused(Box::new(problem))),
        }
    }

    fn open_rows(
        &self,
        write: &mut Write<'_>,
        tried: &TriedList,
        confirmed: &BTreeSet<u32>,
        actor_at: &dyn Fn(&StationCode) -> Actor,
    ) -> Result<Compared, StoreError> {
        let kinds = self.desk.kinds();
        use_kind(
            write,
            kinds,
            kind_of(kinds, &self.rule.opens.kind),
            self.now,
        )?;
        let mut compared = Compared {
            record: self.record,
            opened: Vec::new(),
            before: Vec::new(),
            refused: Vec::new(),
        };
        let of_rows: BTreeMap<u32, &Values> = tried
            .read
            .rows
            .iter()
            .map(|row| (row.line, &row.values))
            .collect();
        let mut lines = Vec::new();
        for row in &tried.rows {
            let outcome = match row.doubt {
                None => Outcome::Hit,
                Some(_) if confirmed.contains(&row.line) => Outcome::Confirmed,
                Some(_) => Outcome::Possible,
            };
            let mut opened = None;
            if outcome != Outcome::Possible {
                let brings = of_rows.get(&row.line).copied();
                opened = self.open_row(write, row, brings, actor_at, &mut compared)?;
            }
            lines.push(FoundLine {
                line: row.line,
                outcome,
                against: numbers(&row.against),
                opened,
            });
        }
        self.compute(write, tried, &compared, &lines)?;
        Ok(compared)
    }

    /// The number of what is opened for a row, or had been.
    fn open_row(
        &self,
        write: &mut Write<'_>,
        row: &TriedRow,
        brings: Option<&Values>,
        actor_at: &dyn Fn(&StationCode) -> Actor,
        compared: &mut Compared,
    ) -> Result<Option<String>, StoreError> {
        if let Some(known) = opened_before(&write.reader(), &self.rule, row.person, &self.values)? {
            compared.before.push((row.line, known.case_no.0.clone()));
            return Ok(Some(known.case_no.0));
        }
        let (kinds, rules) = (self.desk.kinds(), self.desk.rules());
        let kind = kind_of(kinds, &self.rule.opens.kind);
        let against = row.against.first();
        let station = against.map_or(&self.centre, |record| &record.station);
        let mut values = self.values.clone();
        values.extend(brings.into_iter().flatten().filter_map(|(id, value)| {
            let is_told = [NUMBER, NAME, BIRTH].contains(&id.as_str());
            (!is_told).then(|| (id.clone(), value.clone()))
        }));
        let id = RecordId(edge::new_uuid(self.now));
        let new = NewCase {
            kind: kind.id.clone(),
            channel: Channel::Window,
            station: station.clone(),
            person: Some(row.person),
            employer: None,
            values,
            corrects: None,
        };
        let actor = actor_at(station);
        if let Err(refusal) = open(write, kind, id, new, &actor, rules, self.now)? {
            compared.refused.push((row.line, refusal.text));
            return Ok(None);
        }
        self.tie(write, id)?;
        let number = write.record(id)?.map(|record| record.case_no.0);
        compared
            .opened
            .extend(number.clone().map(|number| (row.line, number)));
        Ok(number)
    }

    /// What was opened came from the comparison.
    fn tie(&self, write: &mut Write<'_>, id: RecordId) -> Result<(), StoreError> {
        let rules = self.desk.rules();
        let link = Command::Link {
            kind: LinkKind::CameFrom,
            to: self.record,
            is_undone: false,
        };
        automatic::do_as_system(write, id, link, rules, self.now).map(drop)
    }

    /// What the comparison came to, on its record.
    fn compute(
        &self,
        write: &mut Write<'_>,
        tried: &TriedList,
        compared: &Compared,
        lines: &[FoundLine],
    ) -> Result<(), StoreError> {
        let count = |count: usize| Value::Integer(i64::try_from(count).unwrap_or(i64::MAX));
        let refused = tried.read.rejected.iter().map(|row| FoundLine {
            line: row.line,
            outcome: Outcome::Refused,
            against: Vec::new(),
            opened: None,
        });
        let findings = lines.iter().cloned().chain(refused).take(FINDINGS_MAX);
        let findings = findings.map(|line| Value::Text(line.to_string())).collect();
        let values = [
            ("rows", count(tried.compared())),
            ("hits", count(tried.hits().count())),
            ("possible", count(tried.possible().count())),
            ("opened", count(compared.opened.len())),
            ("rejected", count(tried.read.rejected.len())),
            ("findings", Value::List(findings)),
        ];
        let values = values.map(|(field, value)| (field.to_owned(), Some(value)));
        let change = Command::Change {
            draft: Draft::from(values),
            reason: String::new(),
        };
        automatic::do_as_system(write, self.record, change, self.desk.rules(), self.now)?;
        Ok(())
    }
}

/// A refusal by which nothing of the transaction may stay.
fn undone(refusal: CaseRefusal) -> StoreError {
    let problem = Problem::new(wire::problem::ProblemCode::Refused, refusal.text);
    StoreError::Refused(Box::new(problem))
}

/// What was opened about a person before with the same values, by any comparison or by hand.
pub(super) fn opened_before(
    reader: &Reader<'_>,
    rule: &ListComparison,
    person: PersonId,
    values: &Values,
) -> Result<Option<Record>, StoreError> {
    let opens = &rule.opens;
    let is_same = |record: &Record| {
        let mut fields = opens.once_by.iter();
        fields.all(|field| record.values.get(field) == values.get(field))
    };
    for one in same_person::all_of(reader, record_of(person))? {
        let known = reader.records_concerning(PersonId(one.0), &opens.kind, &[])?;
        if let Some(same) = known.into_iter().find(|record| is_same(record)) {
            return Ok(Some(same));
        }
    }
    Ok(None)
}
