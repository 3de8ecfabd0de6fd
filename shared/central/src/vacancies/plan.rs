//! What a row of a file is to the records: a new vacancy, a change of one, or nothing new. A person's
//! word on a record goes before the file's: what was changed by hand stays as long as the file does
//! not change the same, and what was taken down, filled or is being reviewed is left alone.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use domain::case::{CaseRefusal, Channel, Command, Draft, Record, Value, Values};
use domain::id::{KindId, RecordId, StationCode};
use domain::listing::JobForm;
use domain::time::UtcMs;
use domain::vacancy::{Field, ListingDraft, ListingTerm, to_values};
use sha2::{Digest, Sha256};

use crate::cases::{CENTRE, CaseDesk, Deed, NewCase, faults_of};
use crate::import::{ImportRules, Kept, PreparedRow, Unfit};
use crate::store::{Reader, StoreError};

use super::source_row;

/// The kind of vacancies.
const VACANCY: &str = "vacancy";
/// The step that makes a waiting row public.
pub(super) const TAKE_OVER: &str = "take_over";
/// The step that changes what is public.
const UPDATE: &str = "update";
/// Longest key that is kept as it is; a longer one by its hash.
const KEY_CHARS_MAX: usize = 100;

/// What a file is planned with.
pub(super) struct Planning<'p> {
    pub(super) cases: &'p CaseDesk,
    pub(super) rules: &'p ImportRules,
    /// The day that relative dates are counted from.
    pub(super) as_of: NaiveDate,
    pub(super) term: ListingTerm,
    pub(super) now: UtcMs,
    /// Who approves what comes in; `None` = it waits.
    pub(super) by: Option<&'p str>,
}

/// What is to be done for a file.
#[derive(Default)]
pub(super) struct Plan {
    /// In the order of the file.
    pub(super) deeds: Vec<Deed>,
    /// Rows whose record a person has taken out of the file's hands.
    pub(super) left_alone: u64,
    /// Changed rows of what is public, which only an approval changes.
    pub(super) unapproved: u64,
}

impl Planning<'_> {
    /// Plans a row.
    ///
    /// # Errors
    /// A fault of storage.
    pub(super) fn row(
        &self,
        reader: &Reader<'_>,
        row: &PreparedRow,
        plan: &mut Plan,
        new_id: impl FnOnce() -> RecordId,
    ) -> Result<Kept, StoreError> {
        let key = key_text(&row.key.to_string());
        let text = source_row::of(row);
        let (deed, kept) = match reader.vacancy_of_source(&key)? {
            None => {
                let deed = self.opening(reader, new_id(), &row.draft, (key, text))?;
                (Some(deed), Kept::Imported)
            }
            Some(record) => self.known(&record, text, plan),
        };
        let Some(deed) = deed else {
            return Ok(kept);
        };
        match self.cases.try_deed(reader, &deed, self.now)? {
            Ok(()) => {
                plan.deeds.push(deed);
                Ok(kept)
            }
            Err(refusal) => Ok(Kept::Refused(unfit(refusal))),
        }
    }

    /// A new vacancy out of what a row says, its key and its text.
    pub(super) fn opening(
        &self,
        reader: &Reader<'_>,
        record: RecordId,
        draft: &ListingDraft,
        (key, text): (String, String),
    ) -> Result<Deed, StoreError> {
        let employer = match &draft.employer {
            Some(name) => reader.employer_called(name)?,
            None => None,
        };
        let mut values = to_values(draft);
        let last_day = self.last_day(draft);
        values.insert("valid_to".to_owned(), Value::Date(last_day));
        values.insert("source_key".to_owned(), Value::Text(key));
        values.insert("source_row".to_owned(), Value::Text(text));
        Ok(Deed {
            record,
            opening: Some(new_case(employer, values)),
            commands: self.approval(TAKE_OVER, Draft::new()).into_iter().collect(),
        })
    }

    /// As the source says, within the longest time that a vacancy may be shown.
    fn last_day(&self, draft: &ListingDraft) -> NaiveDate {
        let today = self.now.hall_date();
        let longest = today.checked_add_days(Days::new(self.term.vacancy_days.into()));
        let stated = draft.valid_to;
        let last_day = stated.unwrap_or_else(|| self.term.last_day(draft.job_form, today));
        longest.map_or(last_day, |longest| last_day.min(longest))
    }

    fn known(&self, record: &Record, text: String, plan: &mut Plan) -> (Option<Deed>, Kept) {
        let change = self.change(record, text);
        let is_changed = !change.is_empty();
        let kept = if is_changed {
            Kept::Updated
        } else {
            Kept::Unchanged
        };
        let commands = match record.state.as_str() {
            "draft" | "expired" => self.waiting(record, change),
            "published" if is_changed && self.by.is_none() => {
                plan.unapproved += 1;
                return (None, Kept::Unchanged);
            }
            "published" if is_changed => self.approval(UPDATE, change).into_iter().collect(),
            "published" => Vec::new(),
            _ => {
                plan.left_alone += u64::from(is_changed || self.by.is_some());
                return (None, Kept::Unchanged);
            }
        };
        let deed = (!commands.is_empty()).then_some(Deed {
            record: record.id,
            opening: None,
            commands,
        });
        (deed, kept)
    }

    /// A change first, because a step brings only what makes it possible. A vacancy whose time is
    /// over begins a new one.
    fn waiting(&self, record: &Record, mut change: Draft) -> Vec<Command> {
        let today = self.now.hall_date();
        let held = record.values.get("valid_to");
        let stated = change.get("valid_to").map_or(held, Option::as_ref);
        let is_over = !matches!(stated, Some(Value::Date(day)) if *day >= today);
        if self.by.is_some() && is_over {
            let form = record.values.get("job_form");
            let is_gig = form == Some(&Value::Choice("gig".to_owned()));
            let form = is_gig.then_some(JobForm::Gig);
            let last_day = self.term.last_day(form, today);
            change.insert("valid_to".to_owned(), Some(Value::Date(last_day)));
        }
        let change = (!change.is_empty()).then(|| Command::Change {
            draft: change,
            reason: String::new(),
        });
        change
            .into_iter()
            .chain(self.approval(TAKE_OVER, Draft::new()))
            .collect()
    }

    fn approval(&self, step: &str, draft: Draft) -> Option<Command> {
        let reason = format!("{} 批准公布", self.by?);
        Some(moving(step, draft, reason))
    }

    /// What a row changes of its record: only what the row itself says differently than before.
    fn change(&self, record: &Record, text: String) -> Draft {
        let held = match record.values.get("source_row") {
            Some(Value::Text(held)) => held.as_str(),
            _ => "",
        };
        if held == text {
            return Draft::new();
        }
        let said = |text: &str| {
            let draft = source_row::read(text, &self.rules.context(self.as_of));
            draft.map(|draft| to_values(&draft)).unwrap_or_default()
        };
        let (before, after) = (said(held), said(&text));
        let fields = before.keys().chain(after.keys());
        let differing = fields.filter(|field| before.get(*field) != after.get(*field));
        let mut change: Draft = differing
            .map(|field| (field.clone(), after.get(field).cloned()))
            .collect();
        change.insert("source_row".to_owned(), Some(Value::Text(text)));
        change
    }
}

/// The step that makes a waiting row public, for this reason.
pub(super) fn publication(reason: &str) -> Command {
    moving(TAKE_OVER, Draft::new(), reason.to_owned())
}

fn moving(step: &str, draft: Draft, reason: String) -> Command {
    Command::Move {
        transition: step.to_owned(),
        draft,
        reason,
        rule: String::new(),
        remedy: String::new(),
        deferred: BTreeMap::new(),
        notice: Vec::new(),
    }
}

fn new_case(employer: Option<RecordId>, values: Values) -> NewCase {
    NewCase {
        kind: KindId::new(VACANCY).expect("a kind's id, because it is one word"),
        channel: Channel::Import,
        station: StationCode::new(CENTRE).expect("the centre's code, because it is short"),
        person: None,
        employer,
        values,
        corrects: None,
    }
}

/// By what a row is known again, as its record keeps it and people read it: the spelling of
/// `domain::vacancy::SourceKey` with its first word in Chinese.
pub(super) fn key_text(key: &str) -> String {
    let (kind, rest) = key.split_once(':').unwrap_or(("id", key));
    let kind = if kind == "id" { "编号" } else { "内容" };
    match rest.chars().nth(KEY_CHARS_MAX) {
        None => format!("{kind} {rest}"),
        Some(_) => format!("{kind} {}", hex::encode(Sha256::digest(rest))),
    }
}

/// The first fault of a refusal, at its column.
fn unfit(refusal: CaseRefusal) -> Unfit {
    match faults_of(&refusal).into_iter().next() {
        Some(fault) => Unfit {
            column: column_of(&fault.field),
            text: fault.text,
        },
        None => Unfit {
            column: None,
            text: refusal.text,
        },
    }
}

/// The column that a field of the record comes from.
fn column_of(field: &str) -> Option<Field> {
    Some(match field {
        "title" => Field::Title,
        "employer_name" => Field::Employer,
        "place" => Field::District,
        "wage_text" | "wage_min" | "wage_max" | "wage_unit" => Field::SalaryText,
        "edu_min" => Field::Education,
        "exp_years" | "exp_max" | "for_students" => Field::Experience,
        "headcount" | "several" => Field::Headcount,
        "industry" => Field::Industry,
        "job_form" => Field::JobForm,
        "posted_on" => Field::PostedAt,
        "description" => Field::Description,
        "valid_to" => Field::ValidTo,
        _ => return None,
    })
}
