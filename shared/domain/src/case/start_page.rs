//! Start pages as their files say them (assets/start-pages): what belongs together in the work of a
//! service line, which records are opened there and which ledgers are at hand. A page exists only
//! as read and checked: every kind of record stands on exactly one page of a line.
//!
//! Not here: how many records there are (`store`), who may see them (roles of the kinds), and how it
//! looks (`pages`).

use std::collections::BTreeMap;

use crate::id::KindId;

use super::ServiceLine;

/// The start pages: one of each line, and the one of a service point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartPages {
    pub(super) lines: BTreeMap<ServiceLine, StartPage>,
    pub(super) station: StartPage,
}

impl StartPages {
    /// The page of a line.
    #[must_use]
    pub fn line(&self, line: ServiceLine) -> Option<&StartPage> {
        self.lines.get(&line)
    }

    /// The pages of the lines, in the order of the contract.
    pub fn lines(&self) -> impl Iterator<Item = (ServiceLine, &StartPage)> {
        self.lines.iter().map(|(line, page)| (*line, page))
    }

    /// The page of a service point (网点), on a phone.
    #[must_use]
    pub fn station(&self) -> &StartPage {
        &self.station
    }
}

/// One start page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartPage {
    /// Chinese name.
    pub name: String,
    /// What is done there, in a sentence.
    pub about: String,
    /// What belongs together, in order.
    pub groups: Vec<WorkGroup>,
}

impl StartPage {
    /// Every kind that has its place on the page, in order.
    pub fn kinds(&self) -> impl Iterator<Item = &KindId> {
        self.groups.iter().flat_map(|group| &group.kinds)
    }
}

/// Work that belongs together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkGroup {
    /// Part of the address of what is due in it; unique on its page.
    pub id: String,
    /// Chinese heading.
    pub name: String,
    /// What it is for, in a sentence.
    pub about: String,
    /// Kinds that have their place here, in order.
    pub kinds: Vec<KindId>,
    /// Kinds of which a new record is offered with a button, in order; also of other pages.
    pub open: Vec<KindId>,
    /// Lists that are at hand with their filter, in order.
    pub ledgers: Vec<Ledger>,
    /// Pages of its own that belong to it.
    pub work_lists: Vec<WorkList>,
}

/// A list of a kind with a filter that was prepared (台账).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    /// Chinese name.
    pub name: String,
    /// Of which records; also of other pages.
    pub kind: KindId,
    /// In these states; empty for all. On the page of a line at most one.
    pub states: Vec<String>,
    /// What it is sorted by.
    pub order: LedgerOrder,
}

/// What a ledger is sorted by: as lists of records are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LedgerOrder {
    /// What changed last comes first.
    #[default]
    Changed,
    /// What is due first comes first.
    Due,
    /// By title.
    Title,
    /// By number.
    Number,
}

impl LedgerOrder {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Changed, Self::Due, Self::Title, Self::Number];

    /// The word in files and addresses.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Due => "due",
            Self::Title => "title",
            Self::Number => "number",
        }
    }
}

/// Lists that are pages of their own, because they put together several kinds of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WorkList {
    /// Who is to be called about a loan, and how it went (T−30, T−7, T−0).
    LoanCollection,
    /// Classes, and whether each was inspected while it ran.
    ClassInspections,
    /// Which service points have reported the day.
    StationReports,
}

impl WorkList {
    /// All of them.
    pub const ALL: [Self; 3] = [
        Self::LoanCollection,
        Self::ClassInspections,
        Self::StationReports,
    ];

    /// The word in files.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::LoanCollection => "loan_collection",
            Self::ClassInspections => "class_inspections",
            Self::StationReports => "station_reports",
        }
    }
}
