//! A bank's answer to a batch (回盘): a row for every member, paid or not and why. One row missing,
//! one too many, one twice or with another amount, and nothing of it is taken: all of it is told, by
//! the member's number and the row.

use std::collections::BTreeMap;
use std::fmt;

use crate::money::Fen;

/// A member of the batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// Its number.
    pub number: String,
    /// How much was to be paid, where the batch says so.
    pub amount: Option<Fen>,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// As a table program counts it.
    pub line: u32,
    /// The member's number, as the bank repeats it.
    pub number: String,
    /// How much, if the row says so.
    pub amount: Option<Fen>,
    /// `None` when it was paid; else why not.
    pub failed: Option<String>,
}

/// What is wrong with an answer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum AnswerFault {
    /// No row for a member.
    Missing {
        /// The member.
        number: String,
    },
    /// A row for somebody who is not in the batch.
    Unknown {
        /// The row.
        line: u32,
        /// What stands there.
        number: String,
    },
    /// A second row for a member.
    Twice {
        /// The row.
        line: u32,
        /// The member.
        number: String,
        /// The first row.
        first: u32,
    },
    /// Another amount than the batch says.
    OtherAmount {
        /// The row.
        line: u32,
        /// The member.
        number: String,
        /// In the batch.
        expected: Fen,
        /// In the row.
        found: Fen,
    },
    /// The row does not say how much, and the batch does.
    NoAmount {
        /// The row.
        line: u32,
        /// The member.
        number: String,
    },
    /// Not paid, and no reason.
    NoReason {
        /// The row.
        line: u32,
        /// The member.
        number: String,
    },
}

impl fmt::Display for AnswerFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { number } => {
                write!(
                    f,
                    "回盘里少了 {number} 这一笔。请让银行补上这一行，重新发回盘。"
                )
            }
            Self::Unknown { line, number } => write!(
                f,
                "第 {line} 行的“{number}”不在这一批里。请核对是不是别的批次的回盘。"
            ),
            Self::Twice {
                line,
                number,
                first,
            } => {
                write!(
                    f,
                    "第 {line} 行的 {number} 在第 {first} 行已经有了，同一笔只能有一行。"
                )
            }
            Self::OtherAmount {
                line,
                number,
                expected,
                found,
            } => write!(
                f,
                "第 {line} 行的 {number} 金额是 {found} 元，批里是 {expected} 元。请和银行核对。"
            ),
            Self::NoAmount { line, number } => {
                write!(f, "第 {line} 行的 {number} 没有金额，没法和批里核对。")
            }
            Self::NoReason { line, number } => {
                write!(
                    f,
                    "第 {line} 行的 {number} 没有成功，也没写原因。请让银行写明。"
                )
            }
        }
    }
}

/// What a sound answer comes to, in the order of the batch.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settled {
    /// Paid.
    pub paid: Vec<String>,
    /// Not paid, and why.
    pub failed: Vec<(String, String)>,
}

/// Puts an answer beside its batch.
///
/// # Errors
/// Everything that is wrong: rows in their order, then members without one. Nothing may be taken
/// then.
pub fn settle(expected: &[Expected], answered: &[Answered]) -> Result<Settled, Vec<AnswerFault>> {
    let wanted: BTreeMap<&str, &Expected> = expected
        .iter()
        .map(|member| (member.number.as_str(), member))
        .collect();
    let mut rows: BTreeMap<&str, &Answered> = BTreeMap::new();
    let mut faults = Vec::new();
    for row in answered {
        let number = row.number.as_str();
        let Some(member) = wanted.get(number) else {
            faults.push(AnswerFault::Unknown {
                line: row.line,
                number: number.to_owned(),
            });
            continue;
        };
        if let Some(first) = rows.get(number) {
            faults.push(AnswerFault::Twice {
                line: row.line,
                number: number.to_owned(),
                first: first.line,
            });
            continue;
        }
        faults.extend(row_fault(member, row));
        rows.insert(number, row);
    }
    let missing = expected
        .iter()
        .filter(|member| !rows.contains_key(member.number.as_str()));
    faults.extend(missing.map(|member| AnswerFault::Missing {
        number: member.number.clone(),
    }));
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut settled = Settled::default();
    for member in expected {
        match rows
            .get(member.number.as_str())
            .and_then(|row| row.failed.clone())
        {
            None => settled.paid.push(member.number.clone()),
            Some(why) => settled.failed.push((member.number.clone(), why)),
        }
    }
    Ok(settled)
}

fn row_fault(member: &Expected, row: &Answered) -> Option<AnswerFault> {
    let (line, number) = (row.line, row.number.clone());
    match (member.amount, row.amount) {
        (Some(expected), Some(found)) if expected != found => {
            return Some(AnswerFault::OtherAmount {
                line,
                number,
                expected,
                found,
            });
        }
        (Some(_), None) => return Some(AnswerFault::NoAmount { line, number }),
        _ => {}
    }
    let is_unexplained = row.failed.as_ref().is_some_and(|why| why.trim().is_empty());
    is_unexplained.then_some(AnswerFault::NoReason { line, number })
}
