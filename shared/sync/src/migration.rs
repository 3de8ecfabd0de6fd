//! Numbered migrations: each text is applied once, in order, and the hash of what was applied
//! stands in the database. A database whose record differs from the texts, or is longer, is
//! refused and left as it is.
//!
//! One piece for the device's log and for central's store. They write the record down differently
//! on disk, and both forms keep opening. The caller owns the transaction, so that what must happen
//! together with a migration can be in it.

use rusqlite::types::Value;
use rusqlite::{Connection, Transaction};
use sha2::{Digest, Sha256};
use thiserror::Error;

/// How a database keeps the record of its migrations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MigrationRecord {
    /// `log.db` of a device: table `migration`, hashes as bytes.
    DeviceLog,
    /// `central.db`: table `migrations`, hashes as lower-case hex.
    Central,
}

/// What was applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migrated {
    /// The number of the last migration before; 0 for a new database.
    pub from: usize,
    /// The number of the last migration now.
    pub to: usize,
}

/// Why a database was refused.
#[derive(Debug, Error)]
pub enum MigrationError {
    /// A migration that was applied reads differently in this program.
    #[error("migration {number} was altered after it had been applied.")]
    Altered {
        /// Its number, from 1.
        number: usize,
    },
    /// The database was written by a newer program.
    #[error("the database has migration {found}; this program knows {known}.")]
    TooNew {
        /// The database's last.
        found: usize,
        /// The program's last.
        known: usize,
    },
    /// A fault of SQLite.
    #[error(transparent)]
    Sql(#[from] rusqlite::Error),
}

impl MigrationRecord {
    fn create(self) -> &'static str {
        match self {
            Self::DeviceLog => {
                "CREATE TABLE IF NOT EXISTS migration (
                     number INTEGER PRIMARY KEY,
                     hash   BLOB NOT NULL
                 ) STRICT"
            }
            Self::Central => {
                "CREATE TABLE IF NOT EXISTS migrations (
                     number INTEGER PRIMARY KEY,
                     hash   TEXT NOT NULL
                 ) STRICT"
            }
        }
    }

    fn select(self) -> &'static str {
        match self {
            Self::DeviceLog => "SELECT hash FROM migration ORDER BY number",
            Self::Central => "SELECT hash FROM migrations ORDER BY number",
        }
    }

    fn insert(self) -> &'static str {
        match self {
            Self::DeviceLog => "INSERT INTO migration (hash) VALUES (?1)",
            Self::Central => "INSERT INTO migrations (hash) VALUES (?1)",
        }
    }

    fn hash_of(self, text: &str) -> Value {
        let hash = Sha256::digest(text.as_bytes()).to_vec();
        match self {
            Self::DeviceLog => Value::Blob(hash),
            Self::Central => Value::Text(hex::encode(hash)),
        }
    }

    fn applied(self, sql: &Connection) -> rusqlite::Result<Vec<Value>> {
        let mut query = sql.prepare(self.select())?;
        let hashes = query.query_map([], |row| row.get(0))?;
        hashes.collect()
    }
}

/// Applies what `texts` has and the database has not, within the caller's transaction. The number
/// of a migration is its place in `texts`, from 1.
///
/// # Errors
/// [`MigrationError`]; the caller must then give its transaction up.
pub fn bring_up(
    transaction: &Transaction<'_>,
    record: MigrationRecord,
    texts: &[&str],
) -> Result<Migrated, MigrationError> {
    transaction.execute_batch(record.create())?;
    let applied = record.applied(transaction)?;
    if applied.len() > texts.len() {
        return Err(MigrationError::TooNew {
            found: applied.len(),
            known: texts.len(),
        });
    }
    for (index, text) in texts.iter().enumerate() {
        let hash = record.hash_of(text);
        match applied.get(index) {
            Some(known) if *known == hash => {}
            Some(_) => return Err(MigrationError::Altered { number: index + 1 }),
            None => {
                transaction.execute_batch(text)?;
                transaction.execute(record.insert(), [hash])?;
            }
        }
    }
    Ok(Migrated {
        from: applied.len(),
        to: texts.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORDS: [MigrationRecord; 2] = [MigrationRecord::DeviceLog, MigrationRecord::Central];
    const FIRST: &str = "CREATE TABLE first (number INTEGER) STRICT";
    const SECOND: &str = "CREATE TABLE second (number INTEGER) STRICT";

    fn migrate(
        sql: &mut Connection,
        record: MigrationRecord,
        texts: &[&str],
    ) -> Result<Migrated, MigrationError> {
        let transaction = sql.transaction()?;
        let migrated = bring_up(&transaction, record, texts)?;
        transaction.commit()?;
        Ok(migrated)
    }

    #[test]
    fn a_migration_is_applied_once_and_later_ones_on_top() {
        for record in RECORDS {
            let mut sql = Connection::open_in_memory().unwrap();
            let mut go = |texts: &[&str]| migrate(&mut sql, record, texts).unwrap();
            assert_eq!(go(&[FIRST]), Migrated { from: 0, to: 1 });
            assert_eq!(go(&[FIRST]), Migrated { from: 1, to: 1 });
            assert_eq!(go(&[FIRST, SECOND]), Migrated { from: 1, to: 2 });
            sql.execute("INSERT INTO second VALUES (1)", []).unwrap();
        }
    }

    #[test]
    fn an_altered_or_unknown_migration_is_refused() {
        for record in RECORDS {
            let mut sql = Connection::open_in_memory().unwrap();
            migrate(&mut sql, record, &[FIRST, SECOND]).unwrap();
            let altered = migrate(&mut sql, record, &[FIRST, "SELECT 1"]);
            assert!(matches!(
                altered,
                Err(MigrationError::Altered { number: 2 })
            ));
            let newer = migrate(&mut sql, record, &[FIRST]);
            assert!(matches!(
                newer,
                Err(MigrationError::TooNew { found: 2, known: 1 })
            ));
        }
    }

    #[test]
    fn both_forms_on_disk_are_those_of_the_first_release() {
        let mut sql = Connection::open_in_memory().unwrap();
        for record in RECORDS {
            migrate(&mut sql, record, &[FIRST]).unwrap();
            sql.execute_batch("DROP TABLE first").unwrap();
        }
        let stored = |query: &str| -> (i64, Value) {
            let row = sql.query_row(query, [], |row| Ok((row.get(0)?, row.get(1)?)));
            row.unwrap()
        };
        let hash = Sha256::digest(FIRST.as_bytes()).to_vec();
        assert_eq!(
            stored("SELECT number, hash FROM migration"),
            (1, Value::Blob(hash.clone()))
        );
        assert_eq!(
            stored("SELECT number, hash FROM migrations"),
            (1, Value::Text(hex::encode(hash)))
        );
    }
}
