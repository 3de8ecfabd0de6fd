//! Synthetic years: the records of a district, opened day by day in the season of their kind and led
//! through their own steps by invented staff until a last day, so that most are over and some wait in
//! every state. What a record would be refused is not written and is counted. The same seed gives the
//! same records; only keys and nonces of sealed values differ.
//!
//! Not here: tickets and scores of halls ([`super::morning`]), and how many there are
//! (`assets/demo/years.toml`).

mod agenda;
mod play;
mod volumes;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::NaiveDate;

pub use volumes::{Extent, VolumeFault, Volumes};

pub(crate) use play::{EveryYear, YearsFault, live};

/// The volumes built into the program.
pub const EMBEDDED_VOLUMES: &str = include_str!("../../../../assets/demo/years.toml");

/// Days that are lived through, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first.
    pub from: NaiveDate,
    /// The last.
    pub until: NaiveDate,
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lived {
    /// Records that were opened.
    pub records: u64,
    /// Steps that were taken.
    pub steps: u64,
    /// Where records could not go on, and how many: `kind step: why`.
    pub stuck: BTreeMap<String, u64>,
}
