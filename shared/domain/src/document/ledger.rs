//! Ledgers (台账): the records of a kind that were opened in a month, as a printed table. Every kind has
//! one; `ledgers.toml` says which columns it has where they differ from those of the kind's list, and
//! what it is called.

use std::collections::BTreeMap;

use crate::case::read::table::{self, Faults, Table};
use crate::case::{Kind, KindFault, KindFile, KindSet};
use crate::id::KindId;

/// More columns do not fit on A4, turned on its side.
const COLUMNS_MAX: usize = 9;

/// The ledger of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    /// What stands on top.
    pub title: String,
    /// Fields, from left to right, after the number and before the state.
    pub columns: Vec<String>,
}

/// The ledgers that differ from the kind's list.
#[derive(Debug, Clone, Default)]
pub struct LedgerSet {
    ledgers: BTreeMap<KindId, Ledger>,
}

impl LedgerSet {
    /// Reads the file and holds it against the kinds.
    ///
    /// # Errors
    /// Every fault, by line.
    pub fn read(file: KindFile<'_>, kinds: &KindSet) -> Result<Self, Vec<KindFault>> {
        let faults = Faults::default();
        let parsed = table::parsed(file, &faults);
        let mut set = Self::default();
        if let Some(parsed) = &parsed {
            let mut root = parsed.root();
            for one in root.tables("ledger") {
                set.ledgers.extend(ledger(one, kinds));
            }
            root.done(());
        }
        faults.into_result().map(|()| set)
    }

    /// The ledger of a kind.
    #[must_use]
    pub fn of(&self, kind: &Kind) -> Ledger {
        self.ledgers
            .get(&kind.id)
            .cloned()
            .unwrap_or_else(|| Ledger {
                title: format!("{}台账", kind.name),
                columns: of_list(kind),
            })
    }
}

fn of_list(kind: &Kind) -> Vec<String> {
    kind.list.iter().take(COLUMNS_MAX).cloned().collect()
}

fn ledger(mut table: Table<'_>, kinds: &KindSet) -> Option<(KindId, Ledger)> {
    let id = table.needed_text("kind");
    let title = table.needed_text("title");
    let says_columns = table.has("columns");
    let mut columns = table.texts("columns");
    let faults = table.faults;
    if says_columns && (columns.is_empty() || columns.len() > COLUMNS_MAX) {
        let text = format!("列数要在 1 到 {COLUMNS_MAX} 之间，再多一张横放的纸印不下。");
        faults.say(table.at, text);
    }
    let kind = kinds.iter().find(|kind| kind.id.as_str() == id);
    let Some(kind) = kind else {
        if !id.is_empty() {
            faults.say(table.place_of("kind", &id), format!("没有“{id}”这种业务。"));
        }
        table.done(());
        return None;
    };
    for column in &columns {
        if kind.field(column).is_none() {
            let text = format!("“{id}”没有字段“{column}”。");
            faults.say(table.place_of("columns", column), text);
        }
    }
    if !says_columns {
        columns = of_list(kind);
    }
    table.done(());
    Some((kind.id.clone(), Ledger { title, columns }))
}
