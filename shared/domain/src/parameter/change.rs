//! The change of a parameter by two persons: pure decisions over the book and what waits.

use chrono::NaiveDate;

use crate::id::StaffId;

use super::{
    ParameterBook, ParameterChange, ParameterEntry, ParameterProposal, ParameterRefusal, TwoPersons,
};

const NAME_CHARS_MAX: usize = 40;
const UNIT_CHARS_MAX: usize = 20;
const SOURCE_CHARS_MAX: usize = 200;
const VALUE_CHARS_MAX: usize = 2_000;

/// Whether a proposal may wait for its second person.
///
/// # Errors
/// [`ParameterRefusal`].
pub fn propose(
    book: &ParameterBook,
    waiting: &[ParameterProposal],
    proposed: &ParameterProposal,
    today: NaiveDate,
) -> Result<(), ParameterRefusal> {
    check(book, &proposed.change, today)?;
    let is_same = |other: &ParameterProposal| {
        let (one, two) = (&other.change, &proposed.change);
        one.key() == two.key() && one.effective_from() == two.effective_from()
    };
    if waiting.iter().any(is_same) {
        return Err(ParameterRefusal::Waiting);
    }
    Ok(())
}

/// Whether a second person may confirm a proposal that waits: the book may have changed since it
/// was made, so it is judged anew. The persons are those of the entry.
///
/// # Errors
/// [`ParameterRefusal`].
pub fn confirm(
    book: &ParameterBook,
    proposed: &ParameterProposal,
    by: StaffId,
    today: NaiveDate,
) -> Result<TwoPersons, ParameterRefusal> {
    if by == proposed.by {
        return Err(ParameterRefusal::SamePerson);
    }
    check(book, &proposed.change, today)?;
    Ok(TwoPersons {
        entered_by: proposed.by,
        confirmed_by: by,
    })
}

fn check(
    book: &ParameterBook,
    change: &ParameterChange,
    today: NaiveDate,
) -> Result<(), ParameterRefusal> {
    match change {
        ParameterChange::Set(entry) => {
            check_form(book, entry)?;
            book.check_new(entry)
        }
        ParameterChange::Withdraw {
            key,
            effective_from,
            reason,
        } => {
            check_text("理由", reason, SOURCE_CHARS_MAX)?;
            book.check_withdrawal(key, *effective_from, today)
        }
    }
}

fn check_form(book: &ParameterBook, entry: &ParameterEntry) -> Result<(), ParameterRefusal> {
    let region = entry.key.region.as_deref();
    if !(is_key(&entry.key.key) && region.is_none_or(is_region)) {
        return Err(ParameterRefusal::Key);
    }
    check_text("名称", &entry.name, NAME_CHARS_MAX)?;
    check_text("依据文件", &entry.source, SOURCE_CHARS_MAX)?;
    check_text("数值", &entry.value.to_string(), VALUE_CHARS_MAX)?;
    if entry.unit.chars().count() > UNIT_CHARS_MAX {
        let (field, chars_max) = ("单位", UNIT_CHARS_MAX);
        return Err(ParameterRefusal::Text { field, chars_max });
    }
    let earlier = book.newest(&entry.key).map(|earlier| &earlier.value);
    if earlier.is_some_and(|earlier| !entry.value.is_like(earlier)) {
        let expected = "的种类要和原来一样：整数、小数、文字、表各归各";
        return Err(ParameterRefusal::Value { expected });
    }
    Ok(())
}

fn check_text(field: &'static str, text: &str, chars_max: usize) -> Result<(), ParameterRefusal> {
    let is_said = !text.trim().is_empty() && text.chars().count() <= chars_max;
    is_said
        .then_some(())
        .ok_or(ParameterRefusal::Text { field, chars_max })
}

fn is_key(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_');
    (3..=64).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(fits)
}

/// A county has 6 digits, a street 9, a community 12.
fn is_region(text: &str) -> bool {
    matches!(text.len(), 6 | 9 | 12) && text.bytes().all(|byte| byte.is_ascii_digit())
}
