//! The lines of the contract's annex, as a file says them (assets/kpi/lines.toml): what each counts, by
//! which parameter it is judged. The order of the file is that of the annex.

use std::collections::BTreeSet;

use serde::Deserialize;
use thiserror::Error;

/// What a line counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Good scores of citizens among all scores (满意度); `of`: lines of the hall's groups.
    Satisfaction,
    /// Good scores that the centre's own people give (内部评价); `of`: kinds of records.
    InternalScores,
    /// Right records among those sampled (准确率); `of`: domains of checks.
    Accuracy,
    /// Classes checked before they began (开班核查率).
    OpeningChecks,
    /// Classes inspected while they ran (巡查).
    ClassInspections,
    /// Classes with a whole ledger (台账完整率).
    WholeLedgers,
    /// Money: counted by a later version, and said to be so (待上线).
    Money,
}

/// A line of the annex.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KpiLine {
    /// Part of addresses.
    pub id: String,
    /// Its place in the annex, in Chinese.
    pub clause: String,
    /// Chinese name.
    pub name: String,
    /// What it counts.
    pub measure: Measure,
    /// Of what; empty where the measure says it.
    #[serde(default)]
    pub of: Vec<String>,
    /// Key of the dated parameter that is its target.
    pub target: String,
    /// What a reader must know: in a sentence.
    pub about: String,
}

/// All of them, in the order of the annex.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KpiLines {
    /// Where the lines come from.
    pub source: String,
    /// How sure they are.
    pub status: String,
    /// The lines.
    #[serde(rename = "line")]
    pub lines: Vec<KpiLine>,
}

/// A file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BadKpiLines {
    /// No TOML of this form.
    #[error("考核项的文件读不了：{0}")]
    Unreadable(String),
    /// Two lines of one id.
    #[error("考核项“{0}”写了两次。")]
    Twice(String),
    /// Nothing is said that it could count.
    #[error("考核项“{0}”没有写数什么（of），或者写了用不上的。")]
    OfWhat(String),
}

impl KpiLines {
    /// Reads the file.
    ///
    /// # Errors
    /// [`BadKpiLines`].
    pub fn read(text: &str) -> Result<Self, BadKpiLines> {
        let read: Self =
            toml::from_str(text).map_err(|error| BadKpiLines::Unreadable(error.to_string()))?;
        let mut ids = BTreeSet::new();
        for line in &read.lines {
            if !ids.insert(&line.id) {
                return Err(BadKpiLines::Twice(line.id.clone()));
            }
            if line.of.is_empty() == line.measure.says_of_what() {
                return Err(BadKpiLines::OfWhat(line.id.clone()));
            }
        }
        Ok(read)
    }

    /// A line.
    #[must_use]
    pub fn line(&self, id: &str) -> Option<&KpiLine> {
        self.lines.iter().find(|line| line.id == id)
    }
}

impl Measure {
    /// Whether a line must say of what.
    fn says_of_what(self) -> bool {
        matches!(
            self,
            Self::Satisfaction | Self::InternalScores | Self::Accuracy
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(line: &str) -> String {
        format!(
            "source = \"样例\"\nstatus = \"样例\"\n\n[[line]]\nid = \"a\"\nclause = \"1\"\nname = \"甲\"\n\
            target = \"kpi.a\"\nabout = \"样例。\"\n{line}\n"
        )
    }

    #[test]
    fn a_line_says_what_it_counts_and_only_where_that_is_open() {
        assert!(KpiLines::read(&file("measure = \"accuracy\"\nof = [\"loan\"]")).is_ok());
        assert!(KpiLines::read(&file("measure = \"opening_checks\"")).is_ok());
        let bad = |line: &str| KpiLines::read(&file(line)).unwrap_err();
        assert_eq!(
            bad("measure = \"accuracy\""),
            BadKpiLines::OfWhat("a".into())
        );
        assert_eq!(
            bad("measure = \"money\"\nof = [\"x\"]"),
            BadKpiLines::OfWhat("a".into())
        );
        assert!(matches!(
            bad("measure = \"luck\""),
            BadKpiLines::Unreadable(_)
        ));
        assert!(matches!(
            bad("measure = \"money\"\nmore = 1"),
            BadKpiLines::Unreadable(_)
        ));
    }
}
