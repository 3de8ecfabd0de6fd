//! A row's outcome as a line of the record that keeps a comparison: which line of the list, what it
//! came to, and the record that was opened. Nothing personal: the list itself lies sealed.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// What a row came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A hit.
    Hit,
    /// Possible; a person said that it is so.
    Confirmed,
    /// Possible; nobody said that it is so.
    Possible,
    /// The row was not compared: something is wrong with it.
    Refused,
}

impl Outcome {
    pub(super) const ALL: [Self; 4] = [Self::Hit, Self::Confirmed, Self::Possible, Self::Refused];

    /// In Chinese.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Hit => "命中",
            Self::Confirmed => "人工认定",
            Self::Possible => "疑似",
            Self::Refused => "没有比",
        }
    }
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundLine {
    /// The line of the list, as a table program counts it.
    pub line: u32,
    /// What it came to.
    pub outcome: Outcome,
    /// Numbers of the person's records with which the list was compared.
    pub against: Vec<String>,
    /// The number of what was opened, or had been before.
    pub opened: Option<String>,
}

/// A text that is no such line.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0:?} is no line of a comparison.")]
pub struct NotAFoundLine(pub String);

/// `第 12 行，命中，UI_CLAIM-202611-00001，开 UI_SUSPICIOUS_ITEM-202611-00003`
impl fmt::Display for FoundLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "第 {} 行，{}", self.line, self.outcome.word())?;
        for number in &self.against {
            write!(f, "，{number}")?;
        }
        match &self.opened {
            Some(number) => write!(f, "，开 {number}"),
            None => Ok(()),
        }
    }
}

impl FromStr for FoundLine {
    type Err = NotAFoundLine;

    fn from_str(text: &str) -> Result<Self, NotAFoundLine> {
        let bad = || NotAFoundLine(text.chars().take(80).collect());
        let mut parts = text.split('，');
        let line = parts.next().and_then(|part| {
            let number = part.strip_prefix("第 ")?.strip_suffix(" 行")?;
            number.parse().ok()
        });
        let word = parts.next().ok_or_else(bad)?;
        let outcome = Outcome::ALL.into_iter().find(|one| one.word() == word);
        let (mut against, mut opened) = (Vec::new(), None);
        for part in parts {
            match part.strip_prefix("开 ") {
                Some(number) => opened = Some(number.to_owned()),
                None => against.push(part.to_owned()),
            }
        }
        Ok(Self {
            line: line.ok_or_else(bad)?,
            outcome: outcome.ok_or_else(bad)?,
            against,
            opened,
        })
    }
}
