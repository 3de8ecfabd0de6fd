//! The sheet of requirements (需求清单): every item that the district demands, with the kinds of records and
//! the reports that serve it, and either the tests that show that it is built or what is missing. Data:
//! `assets/requirements.csv`, read at the start; a test holds every name in it against what is there.
//!
//! Columns: id, line, what, kinds, reports, state (`built`, `open`), proof, missing. Fields hold no comma
//! and no quotation mark; several kinds, reports and proofs stand with a blank between them, a proof is
//! `path::function`.

use std::collections::BTreeSet;

use domain::id::KindId;
use thiserror::Error;

use crate::assets;

#[cfg(test)]
mod tests;

/// The head of the file.
const HEAD: &str = "id,line,what,kinds,reports,state,proof,missing";

/// A part of the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum SheetLine {
    /// 就业服务.
    Employment,
    /// 创业服务.
    Startup,
    /// 失业保险.
    UnemploymentInsurance,
    /// 培训见习.
    Training,
    /// 零工.
    Gig,
    /// 其他服务.
    Office,
    /// 考核指标.
    Kpi,
    /// What the others rest on without being demanded by itself.
    Support,
}

impl SheetLine {
    /// In the order of the sheet.
    pub(crate) const ALL: [Self; 8] = [
        Self::Employment,
        Self::Startup,
        Self::UnemploymentInsurance,
        Self::Training,
        Self::Gig,
        Self::Office,
        Self::Kpi,
        Self::Support,
    ];

    /// As the sheet writes it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Employment => "1",
            Self::Startup => "2",
            Self::UnemploymentInsurance => "3",
            Self::Training => "4",
            Self::Gig => "5",
            Self::Office => "6",
            Self::Kpi => "K",
            Self::Support => "S",
        }
    }

    /// Its Chinese name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Employment => "一、就业服务",
            Self::Startup => "二、创业服务",
            Self::UnemploymentInsurance => "三、失业保险服务",
            Self::Training => "四、培训和见习服务",
            Self::Gig => "五、零工服务",
            Self::Office => "六、其他服务",
            Self::Kpi => "考核指标",
            Self::Support => "支撑能力",
        }
    }

    /// The part with this word.
    pub(crate) fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|line| line.word() == word)
    }
}

/// How an item stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum State {
    /// Built: the tests that show it.
    Built(Vec<Proof>),
    /// Not whole: what is missing, in Chinese.
    Open(String),
}

/// A test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Proof {
    /// Its file, from the top of the repository.
    pub(crate) file: String,
    /// Its function.
    pub(crate) function: String,
}

/// An item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Requirement {
    /// As on the sheet: `1.2.2c`.
    pub(crate) id: String,
    /// Its part.
    pub(crate) line: SheetLine,
    /// What is demanded, in few words.
    pub(crate) what: String,
    /// Kinds of records that serve it.
    pub(crate) kinds: Vec<KindId>,
    /// Reports that serve it.
    pub(crate) reports: Vec<String>,
    /// How it stands.
    pub(crate) state: State,
}

impl Requirement {
    /// Whether it is built.
    pub(crate) fn is_built(&self) -> bool {
        matches!(self.state, State::Built(_))
    }
}

/// A line of the file that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("requirements.csv:{line}: {text}")]
pub(crate) struct SheetFault {
    /// From 1.
    pub(crate) line: usize,
    /// What is wrong.
    pub(crate) text: String,
}

/// The program's own sheet.
///
/// # Errors
/// Every line that cannot be read.
pub(crate) fn embedded() -> Result<Vec<Requirement>, Vec<SheetFault>> {
    read(assets::REQUIREMENTS)
}

/// Reads a sheet.
fn read(text: &str) -> Result<Vec<Requirement>, Vec<SheetFault>> {
    let (mut items, mut faults, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (place, line) in text.lines().enumerate() {
        let read = match place {
            0 if line == HEAD => continue,
            0 => Err(format!("第一行要是 {HEAD}")),
            _ => requirement(line).and_then(|item| match seen.insert(item.id.clone()) {
                true => Ok(item),
                false => Err(format!("“{}”写了两次", item.id)),
            }),
        };
        match read {
            Ok(item) => items.push(item),
            Err(text) => faults.push(SheetFault {
                line: place + 1,
                text,
            }),
        }
    }
    match faults.is_empty() {
        true => Ok(items),
        false => Err(faults),
    }
}

fn requirement(line: &str) -> Result<Requirement, String> {
    let cells: Vec<&str> = line.split(',').collect();
    let [id, line, what, kinds, reports, state, proof, missing] = cells[..] else {
        return Err(format!("要有 8 栏，这里有 {} 栏", cells.len()));
    };
    if id.is_empty() || what.is_empty() {
        return Err("编号和内容不能空".to_owned());
    }
    let kinds = kinds.split_whitespace().map(KindId::new);
    Ok(Requirement {
        id: id.to_owned(),
        line: SheetLine::of_word(line).ok_or_else(|| format!("没有“{line}”这一线"))?,
        what: what.to_owned(),
        kinds: kinds
            .collect::<Result<_, _>>()
            .map_err(|bad| bad.to_string())?,
        reports: reports.split_whitespace().map(str::to_owned).collect(),
        state: state_of(state, proof, missing)?,
    })
}

fn state_of(state: &str, proof: &str, missing: &str) -> Result<State, String> {
    match (state, proof.is_empty(), missing.is_empty()) {
        ("built", false, true) => {
            let proofs = proof.split_whitespace().map(|one| {
                let (file, function) = one
                    .split_once("::")
                    .ok_or_else(|| format!("“{one}”要写成 文件::函数"))?;
                Ok(Proof {
                    file: file.to_owned(),
                    function: function.to_owned(),
                })
            });
            proofs.collect::<Result<_, String>>().map(State::Built)
        }
        ("open", true, false) => Ok(State::Open(missing.to_owned())),
        ("built" | "open", _, _) => Err("做好的写证明，不写还缺什么；没做好的反过来".to_owned()),
        _ => Err(format!("“{state}”不是 built 也不是 open")),
    }
}
