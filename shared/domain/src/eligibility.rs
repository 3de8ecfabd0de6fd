//! Self-check of eligibility (资格自检): which benefits a citizen or an employer may perhaps have, asked one
//! question at a time, by the decision tables under `assets/eligibility`.
//!
//! Pure: rules, dated parameters, answers and the day are arguments. What nobody knows stays unknown: it
//! never turns into a no, nor into a yes. Deliberately not here: an approval. Whatever comes out is told as
//! 可能符合, 不符合 or 需人工, and a window decides. Nothing that says who somebody is takes part.

mod amount;
mod answer;
mod check;
mod condition;
mod finding;
mod question;
mod read;
mod rules;
mod slip;
mod value;

pub use answer::{Answer, Answers, BadAnswer};
pub use check::Check;
pub use finding::{
    Checkup, ExclusionNote, Finding, Material, MaterialSource, Reason, Relation, Verdict,
};
pub use question::{AnswerKind, Choice, Party, Question};
pub use read::RuleFault;
pub use rules::{Audience, Benefit, EligibilityRules};
pub use slip::checklist;

/// Rules that the centre has not renewed for so many days are said to be old (规则包过期).
pub const RULES_OLD_AFTER_DAYS: i64 = 7;

#[cfg(test)]
mod tests;
