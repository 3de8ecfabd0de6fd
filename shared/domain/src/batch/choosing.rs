//! Who is in a batch: everybody who is due, each once. What is left out is told with its reason; it
//! stays as it is.

use std::collections::BTreeMap;
use std::fmt;

use crate::money::Fen;

/// A record that is due. `K` is by what it is the same as another: for whom, and for which month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate<R, K> {
    /// Which.
    pub record: R,
    /// Its number; by this they are ordered.
    pub number: String,
    /// By what two are one; `None` where any number of them may be.
    pub key: Option<K>,
    /// How much, where that is known.
    pub amount: Option<Fen>,
    /// The number of the batch that it is in already.
    pub in_batch: Option<String>,
}

/// Why a record is not in a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeftOut {
    /// It is in another batch.
    InBatch(String),
    /// An earlier one is for the same and is in this batch.
    Twin(String),
    /// An earlier one is for the same and was dealt with before.
    DealtWith(String),
    /// Its amount is not known.
    NoAmount,
    /// The batch is full.
    Full,
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InBatch(batch) => write!(f, "已经在批次 {batch} 里。"),
            Self::Twin(other) => write!(
                f,
                "和 {other} 是同一户同一期的重复申请，这批只办 {other}；请核对后把多的那条退回或不予批准。"
            ),
            Self::DealtWith(other) => write!(
                f,
                "同一户同一期的 {other} 已经办过，不能再办；请核对后把这条退回或不予批准。"
            ),
            Self::NoAmount => f.write_str("还没有核定额，核定以后再进批。"),
            Self::Full => f.write_str("这批满了，进下一批。"),
        }
    }
}

/// A batch before it is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice<R, K> {
    /// Who is in it, by number.
    pub members: Vec<Candidate<R, K>>,
    /// Who is not, and why.
    pub left_out: Vec<(Candidate<R, K>, LeftOut)>,
}

impl<R, K> Choice<R, K> {
    /// What the members come to; `None` when an amount is not known, or the sum is too large.
    #[must_use]
    pub fn total(&self) -> Option<Fen> {
        let mut sum = 0_i64;
        for member in &self.members {
            sum = sum.checked_add(member.amount?.0)?;
        }
        Some(Fen(sum))
    }
}

/// What a batch may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bounds {
    pub(crate) members_max: usize,
    pub(crate) needs_amounts: bool,
}

/// Chooses: by number, so that of two for the same the earlier one stays. `dealt_with` are records
/// that were dealt with before, by what they are the same as.
#[must_use]
pub fn choose<R, K: Ord + Clone>(
    mut candidates: Vec<Candidate<R, K>>,
    dealt_with: &BTreeMap<K, String>,
    rule: &super::BatchRule,
) -> Choice<R, K> {
    candidates.sort_by(|one, other| one.number.cmp(&other.number));
    choose_within(candidates, dealt_with, rule.bounds())
}

pub(crate) fn choose_within<R, K: Ord + Clone>(
    candidates: Vec<Candidate<R, K>>,
    dealt_with: &BTreeMap<K, String>,
    bounds: Bounds,
) -> Choice<R, K> {
    let mut taken: BTreeMap<K, String> = BTreeMap::new();
    let (mut members, mut left_out) = (Vec::new(), Vec::new());
    for candidate in candidates {
        let twin =
            |of: &BTreeMap<K, String>| candidate.key.as_ref().and_then(|key| of.get(key).cloned());
        let why = if let Some(batch) = &candidate.in_batch {
            Some(LeftOut::InBatch(batch.clone()))
        } else if let Some(other) = twin(dealt_with) {
            Some(LeftOut::DealtWith(other))
        } else if let Some(other) = twin(&taken) {
            Some(LeftOut::Twin(other))
        } else if bounds.needs_amounts && candidate.amount.is_none() {
            Some(LeftOut::NoAmount)
        } else if members.len() >= bounds.members_max {
            Some(LeftOut::Full)
        } else {
            None
        };
        match why {
            Some(why) => left_out.push((candidate, why)),
            None => {
                if let Some(key) = &candidate.key {
                    taken.insert(key.clone(), candidate.number.clone());
                }
                members.push(candidate);
            }
        }
    }
    Choice { members, left_out }
}
