//! The store's numbered migrations, and what goes with them: a store of an older schema gets its
//! derived tables filled anew. All of it is one transaction: a process that dies in the middle
//! leaves the old schema. So does a missing master key: without it persons cannot be filled in.

use rusqlite::{Connection, TransactionBehavior};
use sync::migration::{MigrationError, MigrationRecord};

use crate::vault::{KeyCustody, KeyRing};

use super::{StoreError, keys, rebuild};

/// In order; the number of a migration is its place, from 1. Never edited once released.
const MIGRATIONS: [&str; 22] = [
    include_str!("../../migrations/0001_events.sql"),
    include_str!("../../migrations/0002_derived.sql"),
    include_str!("../../migrations/0003_operational.sql"),
    include_str!("../../migrations/0004_link.sql"),
    include_str!("../../migrations/0005_persons.sql"),
    include_str!("../../migrations/0006_staff.sql"),
    include_str!("../../migrations/0007_cases.sql"),
    include_str!("../../migrations/0008_attachments.sql"),
    include_str!("../../migrations/0009_parameters.sql"),
    include_str!("../../migrations/0010_person_search.sql"),
    include_str!("../../migrations/0011_visit_turns.sql"),
    include_str!("../../migrations/0012_visit_records.sql"),
    include_str!("../../migrations/0013_hall_emergencies.sql"),
    include_str!("../../migrations/0014_boards.sql"),
    include_str!("../../migrations/0015_documents.sql"),
    include_str!("../../migrations/0016_outreach.sql"),
    include_str!("../../migrations/0017_start_pages.sql"),
    include_str!("../../migrations/0018_matching.sql"),
    include_str!("../../migrations/0019_board_needs.sql"),
    include_str!("../../migrations/0020_case_claims.sql"),
    include_str!("../../migrations/0021_public_rows.sql"),
    include_str!("../../migrations/0022_case_names.sql"),
];

/// Brings the store to the program's last migration and opens the ring of its keys.
///
/// # Errors
/// [`StoreError::MigrationAltered`], [`StoreError::TooNew`], [`StoreError::Keys`], or a fault of
/// SQLite.
pub(super) fn bring_up(sql: &mut Connection, custody: KeyCustody) -> Result<KeyRing, StoreError> {
    let transaction = sql.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let migrated = sync::migration::bring_up(&transaction, MigrationRecord::Central, &MIGRATIONS)?;
    let ring = KeyRing::open(custody, keys::master(&transaction)?)?;
    if migrated.from > 0 && migrated.from < migrated.to {
        let events = rebuild::replay_all(&transaction, &ring)?;
        tracing::info!(from = migrated.from, to = migrated.to, events, "migrated");
    }
    transaction.commit()?;
    Ok(ring)
}

impl From<MigrationError> for StoreError {
    fn from(error: MigrationError) -> Self {
        match error {
            MigrationError::Altered { number } => Self::MigrationAltered { number },
            MigrationError::TooNew { found, known } => Self::TooNew { found, known },
            MigrationError::Sql(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of stores without keys, which is what these are.
    fn custody() -> KeyCustody {
        KeyCustody::of(&std::env::temp_dir(), None, None).unwrap()
    }

    #[test]
    fn a_store_whose_migration_was_altered_is_refused() {
        let mut sql = Connection::open_in_memory().unwrap();
        bring_up(&mut sql, custody()).unwrap();
        bring_up(&mut sql, custody()).unwrap();
        sql.execute("UPDATE migrations SET hash = 'other' WHERE number = 2", [])
            .unwrap();
        assert_eq!(
            bring_up(&mut sql, custody()).unwrap_err(),
            StoreError::MigrationAltered { number: 2 }
        );
    }

    #[test]
    fn a_store_of_a_newer_program_is_refused() {
        let mut sql = Connection::open_in_memory().unwrap();
        bring_up(&mut sql, custody()).unwrap();
        sql.execute("INSERT INTO migrations (hash) VALUES ('x')", [])
            .unwrap();
        let known = MIGRATIONS.len();
        assert_eq!(
            bring_up(&mut sql, custody()).unwrap_err(),
            StoreError::TooNew {
                found: known + 1,
                known
            }
        );
    }

    #[test]
    fn a_process_that_dies_within_a_migration_leaves_the_old_schema() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.db");
        let mut sql = super::super::connect(&path, rusqlite::OpenFlags::default(), None).unwrap();
        bring_up(&mut sql, custody()).unwrap();
        let mut newer = MIGRATIONS.to_vec();
        newer.push("CREATE TABLE later (text TEXT) STRICT; INSERT INTO later VALUES ('x');");
        // a page that does not fit the cache is in the files before the commit
        sql.execute_batch("PRAGMA cache_size = 1").unwrap();
        let transaction = sql
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .unwrap();
        sync::migration::bring_up(&transaction, MigrationRecord::Central, &newer).unwrap();
        let died = tempfile::tempdir().unwrap();
        for name in ["s.db", "s.db-wal"] {
            std::fs::copy(folder.path().join(name), died.path().join(name)).unwrap();
        }
        transaction.commit().unwrap();
        let tables = |path: &std::path::Path| -> i64 {
            let sql = Connection::open(path).unwrap();
            let query = "SELECT count(*) FROM sqlite_schema WHERE name = 'later'";
            sql.query_row(query, [], |row| row.get(0)).unwrap()
        };
        assert_eq!(tables(&died.path().join("s.db")), 0);
        assert_eq!(tables(&path), 1);
        let mut survivor = Connection::open(died.path().join("s.db")).unwrap();
        bring_up(&mut survivor, custody()).unwrap();
    }
}
