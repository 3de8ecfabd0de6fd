//! Documents (文书) that the centre hands out of its records: receipts, notices, decisions, letters,
//! certificates, minutes. A **template** is data, a file under `assets/documents` that says for
//! which records, in which states, after which steps, and with which words; [`TemplateSet::read`]
//! finds every kind, state, step and field that it names or says file and line. [`compose`] makes
//! of a template and a record the [`Content`] that is kept and printed.
//!
//! Deliberately not here: how it looks on paper, numbers of documents, and plain personal data. What
//! is personal goes from the record into the content as the ciphertext that it is. The tests stand
//! where the real kinds and templates are (`central::documents`).

mod check;
mod compose;
mod content;
mod ledger;
mod number;
mod placeholder;
mod read;
mod template;

pub use compose::{Facts, Issue, Others, about_step, compose, is_offered};
pub use content::{Block, Content, Line, Run};
pub use ledger::{Ledger, LedgerSet};
pub use number::number_text;
pub use placeholder::{Asked, Form, Named, Piece, Source};
pub use read::TemplateSet;
pub use template::{Items, Occasion, Part, Row, Template, Words};
