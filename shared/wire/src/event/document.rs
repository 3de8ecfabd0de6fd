//! Events of documents that the centre hands out. The text is kept as it was handed out; personal
//! values in it are the ciphertext of the record that it was made from.

use domain::document::Content;
use domain::id::{CheckCode, DocumentId, RecordId, StaffId};
use domain::time::UtcMs;
use serde::{Deserialize, Serialize};

/// A document got its number and was handed out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentIssued {
    /// Which.
    pub document: DocumentId,
    /// Its number as printed: `受〔2026〕12号`. Given by the centre alone, never twice.
    pub number: String,
    /// The series that the number runs in.
    pub series: String,
    /// The year that it runs in.
    pub year: i32,
    /// Its place in the series and the year, from 1.
    pub running: u32,
    /// What it is checked by.
    pub code: CheckCode,
    /// The template.
    pub template: String,
    /// Of which record.
    pub record: RecordId,
    /// The version of the record that the step made which it is about; 0 for a document about the
    /// record as it is.
    pub about: u64,
    /// How many are printed.
    pub copies: u8,
    /// Who gets them.
    pub copies_to: String,
    /// What it says.
    pub content: Content,
    /// By whom.
    pub by: StaffId,
    /// When.
    pub at: UtcMs,
}

/// A document does not hold any more (作废). It stays in the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentWithdrawn {
    /// Which.
    pub document: DocumentId,
    /// By whom.
    pub by: StaffId,
    /// When.
    pub at: UtcMs,
    /// Why, in words.
    pub reason: String,
}
