//! Self-check of eligibility (资格自检): which benefits a citizen or an employer may perhaps have, asked one
//! question at a time, by the decision tables under `assets/eligibility`.
//!
//! Pure: rules, dated parameters, answers and the day are arguments. What nobody knows stays unknown: it
//! never turns into a no, nor into a yes. Deliberately not here: an approval. Whatever comes out is told as
//! 可能符合, 不符合 or 需人工, and a window decides. Nothing that says who somebody is takes part.

mod answer;
mod condition;
mod finding;
mod question;

pub use answer::{Answer, Answers, BadAnswer};
pub use finding::{
    Checkup, ExclusionNote, Finding, Material, MaterialSource, Reason, Relation, Verdict,
};
pub use question::{AnswerKind, Choice, Party, Question};

/// Rules that the centre has not renewed for so many days are said to be old (规则包过期).
pub const RULES_OLD_AFTER_DAYS: i64 = 7;
