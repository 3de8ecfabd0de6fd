//! What was answered. Held in memory for one check, and never told to anybody.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::question::{AnswerKind, Question};

/// The answer to one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The id of the choice.
    One(String),
    /// The ids of the choices; at least one.
    Several(BTreeSet<String>),
    /// A whole number, in the question's unit.
    Number(i64),
    /// A day.
    Date(NaiveDate),
    /// 不清楚
    Unclear,
}

/// Answers by the ids of their questions. What is not in it was not asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answers(BTreeMap<String, Answer>);

impl Answers {
    /// Takes an answer, in place of an earlier one, if the question can be answered so.
    ///
    /// # Errors
    /// [`BadAnswer`] with a sentence for the page.
    pub fn give(&mut self, question: &Question, answer: Answer) -> Result<(), BadAnswer> {
        check(question, &answer)?;
        self.0.insert(question.id.clone(), answer);
        Ok(())
    }

    /// Takes an answer back (上一题).
    pub fn take_back(&mut self, question: &str) {
        self.0.remove(question);
    }

    /// The answer, if it was given.
    #[must_use]
    pub fn to(&self, question: &str) -> Option<&Answer> {
        self.0.get(question)
    }

    /// How many were given.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }
}

/// An answer that does not fit its question.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadAnswer {
    /// Of another kind, or a choice that is none.
    #[error("“{name}”这样答不行，请从按钮里选。")]
    NoSuch {
        /// The question's name.
        name: String,
    },
    /// Nothing was chosen.
    #[error("“{name}”请至少选一项；都没有就选“都不是”。")]
    Nothing {
        /// The question's name.
        name: String,
    },
    /// A lone choice together with another one.
    #[error("“{alone}”不能和别的一起选。")]
    Alone {
        /// The choice's text.
        alone: String,
    },
    /// Out of range.
    #[error("“{name}”要在 {least} 到 {most} 之间，请看看有没有多按少按。")]
    Range {
        /// The question's name.
        name: String,
        /// The least.
        least: i64,
        /// The most.
        most: i64,
    },
    /// It must be known.
    #[error("“{name}”要答了才能往下算。")]
    Unclear {
        /// The question's name.
        name: String,
    },
}

fn check(question: &Question, answer: &Answer) -> Result<(), BadAnswer> {
    let name = || question.name.clone();
    match (&question.kind, answer) {
        (_, Answer::Unclear) if question.may_be_unclear => Ok(()),
        (_, Answer::Unclear) => Err(BadAnswer::Unclear { name: name() }),
        (AnswerKind::One(choices), Answer::One(id)) => {
            let is_known = choices.iter().any(|choice| choice.id == *id);
            is_known
                .then_some(())
                .ok_or_else(|| BadAnswer::NoSuch { name: name() })
        }
        (AnswerKind::Several(choices), Answer::Several(ids)) => {
            if ids.is_empty() {
                return Err(BadAnswer::Nothing { name: name() });
            }
            let known = choices.iter().filter(|choice| ids.contains(&choice.id));
            let known: Vec<_> = known.collect();
            if known.len() != ids.len() {
                return Err(BadAnswer::NoSuch { name: name() });
            }
            match known.iter().find(|choice| choice.is_alone) {
                Some(lone) if ids.len() > 1 => Err(BadAnswer::Alone {
                    alone: lone.text.clone(),
                }),
                _ => Ok(()),
            }
        }
        (AnswerKind::Number { least, most, .. }, Answer::Number(number)) => {
            let range = BadAnswer::Range {
                name: name(),
                least: *least,
                most: *most,
            };
            (least..=most).contains(&number).then_some(()).ok_or(range)
        }
        (AnswerKind::Date, Answer::Date(_)) => Ok(()),
        _ => Err(BadAnswer::NoSuch { name: name() }),
    }
}
