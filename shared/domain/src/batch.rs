//! Batches: a monthly list, a list for a bank, a list for publicity is one record whose members are
//! other records. Which records are due for it, each of which only once; and what a bank's answer
//! comes to, which must answer every member or is not taken at all.
//!
//! Not here: amounts, which the members' own kinds know; masking; opening and linking records.

mod answer_rule;
mod bank_answer;
mod choosing;
mod definition;
mod rhythm;

pub use answer_rule::{AMOUNT, Answer, AnswerColumn, MEMBER, REASON, RESULT};
pub use bank_answer::{AnswerFault, Answered, Expected, Settled, settle};
pub use choosing::{Candidate, Choice, LeftOut, choose};
pub use definition::{BatchRule, LinePart, Members, OncePer, Source, read};
pub use rhythm::Rhythm;

#[cfg(test)]
mod tests;
