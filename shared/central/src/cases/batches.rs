//! Batches (`domain::batch`): a record whose members are other records that were due. What would be
//! in it is shown first, with everything that is left out and why; then it is opened, whole or not at
//! all, and each member is tied to it and led on. A bank's answer is taken whole or not at all.
//!
//! Not here: amounts, which members have; how a batch goes on, which its own kind says.

mod answer_file;
mod answering;
mod building;
mod due;
pub(super) mod freeing;
mod wanted;

use domain::batch::{BatchRule, Choice};
use domain::case::{Record, Value, Values};
use domain::id::RecordId;

pub(crate) use answering::BroughtAnswer;
pub(crate) use building::NotBuilt;
pub(crate) use wanted::WantedBatch;

/// By what two members are one: whom they concern, and the values of fields.
pub(crate) type MemberKey = Vec<String>;

/// A batch before it is opened.
pub(crate) type DueBatch = Choice<Due, MemberKey>;

/// A record that is due, with what is shown of it.
#[derive(Debug, Clone)]
pub(crate) struct Due {
    pub(crate) record: Record,
    /// Whom it concerns, as it may be shown: a masked name, or an employer's.
    pub(crate) subject: String,
    /// Its line, where the batch's members are lines.
    pub(crate) line: String,
    /// The step that putting it into the batch is.
    pub(crate) step: Option<String>,
}

/// What stands in a form for a batch, as values of its kind.
pub(super) fn month_of<'v>(rule: &BatchRule, values: &'v Values) -> Option<&'v str> {
    match values.get(rule.month.as_ref()?) {
        Some(Value::Text(month)) => Some(month),
        _ => None,
    }
}

/// What was looked at, as one text: what is opened must be what was seen.
pub(crate) fn seen(choice: &DueBatch) -> String {
    use sha2::{Digest, Sha256};
    let mut hasher = Sha256::new();
    for member in &choice.members {
        let RecordId(id) = member.record.record.id;
        hasher.update(id.as_bytes());
        hasher.update(member.record.record.version.to_be_bytes());
    }
    hex::encode(hasher.finalize())
}
