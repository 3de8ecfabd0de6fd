//! Which tables the record alone determines: the one list that `rebuild`, `verify` and the tests
//! go by; and the comparison of what they hold with what the record gives.
//!
//! Statements are put together here from this list's constants and from the names of key columns
//! that the database's own catalogue gives, quoted; never from anything a caller said.

use rusqlite::Connection;

use crate::vault::KeyRing;

use super::{StoreError, rebuild};

/// A table, or those of its rows that are derived.
#[derive(Debug, Clone, Copy)]
pub(super) struct DerivedTable {
    pub(super) name: &'static str,
    holds: Holds,
    /// What its rows are called when faults are told.
    called: Called,
}

/// What a table holds that is derived.
#[derive(Debug, Clone, Copy)]
enum Holds {
    /// Nothing else.
    Rows,
    /// Rows of this condition; the others picture the present or came from the centre.
    RowsWhere(&'static str),
    /// Words of texts that stand elsewhere: an index of SQLite's, which says them only to a table
    /// that it makes up for that, and which lays them out as it likes.
    Words,
}

/// The table that says the words of [`Holds::Words`].
const WORDS_OF: &str = "words_of_";

/// By what a row is called.
#[derive(Debug, Clone, Copy)]
enum Called {
    /// The whole primary key.
    Key,
    /// A column of it that tells no name.
    Column(&'static str),
}

const fn whole(name: &'static str) -> DerivedTable {
    DerivedTable {
        name,
        holds: Holds::Rows,
        called: Called::Key,
    }
}

/// In an order for reading.
pub(super) const DERIVED: [DerivedTable; 46] = [
    whole("halls"),
    whole("hall_emergencies"),
    whole("devices"),
    whole("visits"),
    whole("visit_turns"),
    whole("visit_records"),
    whole("ratings"),
    whole("rating_records"),
    whole("vacancies"),
    whole("publications"),
    whole("notices"),
    whole("boards"),
    whole("board_descriptions"),
    whole("board_items"),
    whole("board_airings"),
    whole("board_replacements"),
    whole("board_clearings"),
    whole("help_calls"),
    whole("search_tallies"),
    whole("audit"),
    whole("staff_roles"),
    whole("staff_deputies"),
    whole("persons"),
    whole("person_fields"),
    DerivedTable {
        called: Called::Column("person"),
        ..whole("person_search")
    },
    whole("person_lookup"),
    whole("kinds"),
    whole("cases"),
    whole("case_bodies"),
    DerivedTable {
        holds: Holds::Words,
        ..whole("case_search")
    },
    whole("case_due"),
    DerivedTable {
        called: Called::Column("record"),
        ..whole("case_claims")
    },
    DerivedTable {
        called: Called::Column("record"),
        ..whole("case_names")
    },
    whole("case_tallies"),
    whole("case_events"),
    whole("case_links"),
    whole("case_listings"),
    whole("vacancy_sources"),
    whole("person_births"),
    whole("parameter_changes"),
    whole("documents"),
    whole("outreach"),
    whole("outreach_contacts"),
    whole("outreach_opt_outs"),
    whole("feedback"),
    DerivedTable {
        holds: Holds::RowsWhere(
            "topic IN ('listing', 'notice', 'hall', 'device') AND is_relayed = 0",
        ),
        ..whole("feed")
    },
];

impl DerivedTable {
    fn selection(&self) -> String {
        let Self { name, holds, .. } = self;
        match holds {
            Holds::Rows => format!("SELECT * FROM main.{name}"),
            Holds::RowsWhere(rows) => format!("SELECT * FROM main.{name} WHERE {rows}"),
            Holds::Words => format!("SELECT term AS word, doc FROM temp.{WORDS_OF}{name}"),
        }
    }

    fn empty(&self, sql: &Connection) -> rusqlite::Result<usize> {
        let Self { name, holds, .. } = self;
        let statement = match holds {
            Holds::Rows => format!("DELETE FROM {name}"),
            Holds::RowsWhere(rows) => format!("DELETE FROM {name} WHERE {rows}"),
            Holds::Words => format!("INSERT INTO {name} ({name}) VALUES ('delete-all')"),
        };
        sql.execute(&statement, [])
    }

    /// Lets the words of an index be read on this connection.
    fn open_words(&self, sql: &Connection) -> rusqlite::Result<()> {
        let Self { name, holds, .. } = self;
        match holds {
            Holds::Rows | Holds::RowsWhere(_) => Ok(()),
            Holds::Words => sql.execute_batch(&format!(
                "CREATE VIRTUAL TABLE IF NOT EXISTS temp.{WORDS_OF}{name}
                 USING fts5vocab (main, {name}, instance)"
            )),
        }
    }

    /// What rows are called, as one expression of text.
    fn key(&self, sql: &Connection) -> rusqlite::Result<String> {
        if let Holds::Words = self.holds {
            return Ok("word || ' ' || doc".to_owned());
        }
        if let Called::Column(column) = self.called {
            return Ok(column.to_owned());
        }
        let mut query = sql.prepare(
            "SELECT name
             FROM pragma_table_info(?1)
             WHERE pk > 0
             ORDER BY pk",
        )?;
        let names = query.query_map([self.name], |row| row.get::<_, String>(0))?;
        let quoted = names.map(|name| Ok(format!("\"{}\"", name?.replace('"', "\"\""))));
        Ok(quoted
            .collect::<rusqlite::Result<Vec<_>>>()?
            .join(" || ' ' || "))
    }
}

/// Empties all of them.
pub(super) fn empty(sql: &Connection) -> Result<(), StoreError> {
    for table in DERIVED {
        table.empty(sql)?;
    }
    Ok(())
}

/// A row that a rebuild would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Difference {
    pub(super) table: &'static str,
    pub(super) key: String,
    pub(super) how: How,
}

/// In which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// The record gives another row.
    Other,
    /// The record does not give it.
    TooMuch,
    /// The record gives it, the table lacks it.
    Missing,
}

/// How many derived rows there are, and those that a rebuild would change.
#[derive(Debug, Default)]
pub(super) struct Comparison {
    pub(super) rows: u64,
    pub(super) differences: Vec<Difference>,
}

/// Rebuilds the tables of a copy with the keys of its store, which spends the copy, and compares them with what stood there.
/// `held` is a file for what stood there; at most `differences_max` differences of each table.
pub(super) fn compare(
    copy: &Connection,
    keys: &KeyRing,
    held: &str,
    differences_max: u32,
) -> Result<Comparison, StoreError> {
    copy.execute("ATTACH ?1 AS held", [held])?;
    let mut comparison = Comparison::default();
    for table in DERIVED {
        table.open_words(copy)?;
        let keep = format!("CREATE TABLE held.{} AS {}", table.name, table.selection());
        copy.execute(&keep, [])?;
        let count = format!("SELECT count(*) FROM held.{}", table.name);
        let rows: i64 = copy.query_row(&count, [], |row| row.get(0))?;
        comparison.rows += rows.cast_unsigned();
    }
    let transaction = copy.unchecked_transaction()?;
    rebuild::replay_all(&transaction, keys)?;
    transaction.commit()?;
    for table in DERIVED {
        let found = differences(copy, table, differences_max)?;
        comparison.differences.extend(found);
    }
    Ok(comparison)
}

fn differences(
    copy: &Connection,
    table: DerivedTable,
    differences_max: u32,
) -> Result<Vec<Difference>, StoreError> {
    let (key, made) = (table.key(copy)?, table.selection());
    let held = format!("SELECT * FROM held.{}", table.name);
    let statement = format!(
        "SELECT key, max(is_held), max(is_made)
         FROM (
             SELECT CAST({key} AS TEXT) AS key, TRUE AS is_held, FALSE AS is_made
             FROM (SELECT * FROM ({held}) EXCEPT SELECT * FROM ({made}))
             UNION ALL
             SELECT CAST({key} AS TEXT), FALSE, TRUE
             FROM (SELECT * FROM ({made}) EXCEPT SELECT * FROM ({held}))
         )
         GROUP BY key
         ORDER BY key
         LIMIT ?1"
    );
    let mut query = copy.prepare(&statement)?;
    let found = query.query_map([differences_max], |row| {
        let how = match (row.get(1)?, row.get(2)?) {
            (true, true) => How::Other,
            (true, false) => How::TooMuch,
            (false, _) => How::Missing,
        };
        Ok(Difference {
            table: table.name,
            key: row.get(0)?,
            how,
        })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Every derived row as text, for comparing.
#[cfg(test)]
pub(super) fn dump(sql: &Connection) -> Vec<String> {
    let mut lines = Vec::new();
    for table in DERIVED {
        table.open_words(sql).unwrap();
        let key = table.key(sql).unwrap();
        let ordered = format!("SELECT * FROM ({}) ORDER BY {key}", table.selection());
        let mut query = sql.prepare(&ordered).unwrap();
        let columns = query.column_count();
        let mut rows = query.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let cells = (0..columns).map(|i| format!("{:?}", row.get_ref(i).unwrap()));
            let cells = cells.collect::<Vec<_>>().join(" | ");
            lines.push(format!("{}: {cells}", table.name));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::migration;
    use crate::vault::KeyCustody;

    /// Of every other table it is said here why it is not derived.
    const RECORD: [&str; 3] = ["events", "quarantine", "migrations"];
    const OPERATIONAL: [&str; 15] = [
        "attachments",
        "meta",
        "contacts",
        "held_events",
        "checkpoints",
        "device_status",
        "lost_positions",
        "enrolment_codes",
        "staff",
        "staff_sessions",
        "node_roles",
        "person_keys",
        "wrapped_keys",
        "outreach_attempts",
        "citizen_requests",
    ];

    fn new_store() -> Connection {
        let mut sql = Connection::open_in_memory().unwrap();
        let custody = KeyCustody::of(&std::env::temp_dir(), None, None).unwrap();
        migration::bring_up(&mut sql, custody).unwrap();
        sql
    }

    #[test]
    fn every_table_is_of_the_record_or_derived_or_operational() {
        let sql = new_store();
        let mut query = sql
            .prepare(
                "SELECT name
                 FROM pragma_table_list
                 WHERE schema = 'main'
                   AND type IN ('table', 'virtual')
                   AND name NOT LIKE 'sqlite_%'
                 ORDER BY name",
            )
            .unwrap();
        let tables = query.query_map([], |row| row.get::<_, String>(0)).unwrap();
        let tables: Vec<String> = tables.map(Result::unwrap).collect();
        let derived = DERIVED.iter().map(|table| table.name);
        let mut said: Vec<&str> = derived.chain(RECORD).chain(OPERATIONAL).collect();
        said.sort_unstable();
        assert_eq!(tables, said);
    }

    #[test]
    fn every_derived_table_has_a_key_by_which_its_rows_can_be_named() {
        let sql = new_store();
        for table in DERIVED {
            assert!(!table.key(&sql).unwrap().is_empty(), "{}", table.name);
        }
    }
}
