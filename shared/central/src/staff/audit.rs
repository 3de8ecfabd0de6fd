//! The audit trail: what is read and revealed of persons is written down before it is shown, and
//! the trail can be searched, exported and checked.

use chrono::{Days, NaiveDate};
use domain::id::StaffId;
use domain::personal::PersonField;
use domain::time::UtcMs;
use wire::problem::{Problem, ProblemCode};

use crate::app_state::AppState;
use crate::overview::AuditLine;
use crate::store::{AuditFilter, Reader, StoreError, Verification};
use crate::vault::spellings;

use super::acts::Act;
use super::{ReadAudit, RevealPersonal, Right, Staff, acts};

/// Lines of one page.
pub(crate) const AUDIT_PAGE_LINES: u32 = 50;
/// Most lines of one export.
const EXPORT_LINES_MAX: u32 = 50_000;
const REASON_CHARS_MAX: usize = 100;
/// So many digits in a row are an ID number, a telephone or an account.
const REASON_DIGITS_MAX: usize = 6;

/// Proof that the revealing of a field was written down. What opens the field asks for it.
#[derive(Debug)]
pub struct Revealed {
    field: PersonField,
    subject: String,
}

impl Revealed {
    /// Whether it is of this field of this subject.
    #[must_use]
    pub fn is_of(&self, subject: &str, field: PersonField) -> bool {
        self.field == field && self.subject == subject
    }

    #[cfg(test)]
    pub(crate) fn for_test(subject: &str, field: PersonField) -> Self {
        let subject = subject.to_owned();
        Self { field, subject }
    }
}

/// What is looked for, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct AuditQuery {
    /// A name, its letters or initials, or a sign-in name.
    pub(crate) person: String,
    /// The stable word of an act.
    pub(crate) act: String,
    /// The beginning of a number.
    pub(crate) subject: String,
    pub(crate) from: Option<NaiveDate>,
    pub(crate) to: Option<NaiveDate>,
    /// From 1.
    pub(crate) page: u64,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AuditView {
    pub(crate) lines: Vec<AuditLine>,
    pub(crate) count: u64,
    /// The place of the last event in the record.
    pub(crate) head: u64,
}

impl AppState {
    /// Writes down that somebody reads personal data of `subject`, a record's or person's id. Call
    /// it before the data are shown.
    ///
    /// # Errors
    /// Only faults of storage; then the data must not be shown.
    pub async fn audit_reading<R: Right>(
        &self,
        by: &Staff<R>,
        subject: &str,
    ) -> Result<(), Problem> {
        self.record(by.acted(acts::READ_PERSONAL, subject)).await
    }

    /// Writes down that somebody reads personal data of `subject`, once a day for each address: a
    /// page that follows every change would otherwise write a line for each, also for its own.
    ///
    /// # Errors
    /// Only faults of storage; then the data must not be shown.
    pub(crate) async fn audit_reading_of_day<R: Right>(
        &self,
        by: &Staff<R>,
        subject: &str,
    ) -> Result<(), Problem> {
        let filter = AuditFilter {
            staff: Some(vec![by.staff]),
            act: Some(acts::READ_PERSONAL.word().to_owned()),
            subject: subject.to_owned(),
            from: Some(UtcMs::start_of(self.now().hall_date())),
            before: None,
        };
        let read = self.inner.store.read(move |reader| {
            // what begins alike is found too
            reader.audit_lines(&filter, 0, AUDIT_PAGE_LINES)
        });
        let is_line = |line: &AuditLine| line.subject == subject && line.address == by.address;
        if read.await?.iter().any(is_line) {
            return Ok(());
        }
        self.audit_reading(by, subject).await
    }

    /// Writes down what somebody does to `subject` where nothing else is written.
    ///
    /// # Errors
    /// Only faults of storage; then it must not be done.
    pub(crate) async fn note<R: Right>(
        &self,
        by: &Staff<R>,
        act: Act,
        subject: &str,
    ) -> Result<(), Problem> {
        self.record(by.acted(act, subject)).await
    }

    /// Writes down who has a masked field of `subject` shown in full, and why.
    ///
    /// # Errors
    /// `Refused` without a reason, or with numbers in it; faults of storage.
    pub async fn reveal(
        &self,
        by: &Staff<RevealPersonal>,
        subject: &str,
        field: PersonField,
        reason: &str,
    ) -> Result<Revealed, Problem> {
        let reason = checked_reason(reason)?;
        let on = format!("{subject} {}", field_word(field)?);
        self.record(by.acted_because(acts::REVEALED, on, reason))
            .await?;
        Ok(Revealed {
            field,
            subject: subject.to_owned(),
        })
    }

    /// A page of the trail.
    pub(crate) async fn audit(
        &self,
        _: &Staff<ReadAudit>,
        query: AuditQuery,
    ) -> Result<AuditView, Problem> {
        let skip = query.page.saturating_sub(1) * u64::from(AUDIT_PAGE_LINES);
        let view = self.inner.store.read(move |reader| {
            let filter = query.filter(reader)?;
            Ok(AuditView {
                lines: reader.audit_lines(&filter, skip, AUDIT_PAGE_LINES)?,
                count: reader.audit_count(&filter)?,
                head: reader.last_position()?,
            })
        });
        Ok(view.await?)
    }

    /// Everything that a search finds; that it was taken out is written down.
    ///
    /// # Errors
    /// `Refused` when it is too much for one file.
    pub(crate) async fn audit_export(
        &self,
        by: &Staff<ReadAudit>,
        query: AuditQuery,
    ) -> Result<Vec<AuditLine>, Problem> {
        let found = self.inner.store.read(move |reader| {
            let filter = query.filter(reader)?;
            if reader.audit_count(&filter)? > u64::from(EXPORT_LINES_MAX) {
                return Ok(None);
            }
            reader.audit_lines(&filter, 0, EXPORT_LINES_MAX).map(Some)
        });
        let lines = found.await?.ok_or_else(|| {
            let sentence = format!("一次最多导出 {EXPORT_LINES_MAX} 行，请把日期选短一点再导出。");
            Problem::new(ProblemCode::Refused, sentence)
        })?;
        let subject = format!("{} lines", lines.len());
        self.record(by.acted(acts::AUDIT_EXPORTED, subject)).await?;
        Ok(lines)
    }

    /// Reads the whole record and checks every chain; with the place of its last event. Takes long
    /// on a large store.
    pub(crate) async fn audit_verify(
        &self,
        by: &Staff<ReadAudit>,
    ) -> Result<(Verification, u64), Problem> {
        let found = self
            .inner
            .store
            .read(|reader| Ok((reader.verify()?, reader.last_position()?)));
        let found = found.await?;
        self.record(by.acted(acts::AUDIT_VERIFIED, "")).await?;
        Ok(found)
    }
}

/// A reason as it may stand in the record for good.
///
/// # Errors
/// `Refused` without one, or with numbers of persons in it.
pub(crate) fn checked_reason(reason: &str) -> Result<String, Problem> {
    let reason = reason.trim();
    let refused = |sentence: String| Err(Problem::new(ProblemCode::Refused, sentence));
    if reason.is_empty() || reason.chars().count() > REASON_CHARS_MAX {
        return refused(format!("请写为什么要看，最多 {REASON_CHARS_MAX} 个字。"));
    }
    let longest = reason
        .split(|c: char| !c.is_ascii_digit())
        .map(str::len)
        .max();
    if longest.is_some_and(|digits| digits > REASON_DIGITS_MAX) {
        return refused("原因里不要写证件号、电话、账号，这些会一直留在记录里。".to_owned());
    }
    Ok(reason.to_owned())
}

fn field_word(field: PersonField) -> Result<String, Problem> {
    let word = serde_json::to_value(field).map_err(StoreError::from)?;
    Ok(word.as_str().unwrap_or_default().to_owned())
}

impl AuditQuery {
    fn filter(&self, reader: &Reader<'_>) -> Result<AuditFilter, StoreError> {
        let after = self.to.and_then(|day| day.checked_add_days(Days::new(1)));
        let act = Some(self.act.clone()).filter(|act| !act.is_empty());
        Ok(AuditFilter {
            staff: self.staff(reader)?,
            act,
            subject: self.subject.trim().to_owned(),
            from: self.from.map(UtcMs::start_of),
            before: after.map(UtcMs::start_of),
        })
    }

    fn staff(&self, reader: &Reader<'_>) -> Result<Option<Vec<StaffId>>, StoreError> {
        let typed = self.person.trim();
        if typed.is_empty() {
            return Ok(None);
        }
        let all = reader.all_staff()?.into_iter();
        let fitting = all.filter(|one| is_called(typed, &one.name, &one.login));
        Ok(Some(fitting.map(|one| one.staff).collect()))
    }
}

/// Whether somebody is found by what was typed: part of the name, the beginning of its letters or
/// of their initials, or the beginning of the sign-in name.
pub(crate) fn is_called(typed: &str, name: &str, login: &str) -> bool {
    let small = typed.to_lowercase();
    name.contains(typed)
        || login.to_lowercase().starts_with(&small)
        || spellings(name)
            .iter()
            .any(|spelling| spelling.starts_with(&small))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_found_by_name_letters_initials_and_login() {
        for typed in ["秀英", "wxy", "WanXiu", "dl-0"] {
            assert!(is_called(typed, "万秀英", "dl-017"), "{typed}");
        }
        assert!(!is_called("xy", "万秀英", "dl-017"));
    }

    #[test]
    fn a_reason_is_given_and_holds_no_numbers_of_persons() {
        for bad in ["", "  ", "电话 13800001111 打不通", &"长".repeat(101)] {
            assert!(checked_reason(bad).is_err(), "{bad}");
        }
        assert_eq!(checked_reason(" 第 12 批核对 ").unwrap(), "第 12 批核对");
    }
}
