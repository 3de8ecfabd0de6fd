//! Numbered migrations, embedded, each in one immediate transaction, with its hash recorded. A
//! store whose record differs from the embedded text is refused and left as it is.

use rusqlite::{Connection, TransactionBehavior};
use sha2::{Digest, Sha256};

use super::StoreError;

/// In order; the number of a migration is its place, from 1.
const MIGRATIONS: [&str; 5] = [
    include_str!("../../migrations/0001_events.sql"),
    include_str!("../../migrations/0002_derived.sql"),
    include_str!("../../migrations/0003_operational.sql"),
    include_str!("../../migrations/0004_link.sql"),
    include_str!("../../migrations/0005_persons.sql"),
];

/// Brings the store to the program's last migration.
///
/// # Errors
/// [`StoreError::MigrationAltered`], [`StoreError::TooNew`], or a fault of SQLite.
pub fn migrate(sql: &mut Connection) -> Result<(), StoreError> {
    sql.execute_batch(
        "CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, hash TEXT NOT NULL) STRICT;",
    )?;
    let applied = applied(sql)?;
    if applied.len() > MIGRATIONS.len() {
        return Err(StoreError::TooNew {
            found: applied.len(),
            known: MIGRATIONS.len(),
        });
    }
    for (index, text) in MIGRATIONS.iter().enumerate() {
        match applied.get(index) {
            Some(hash) if *hash == hash_of(text) => {}
            Some(_) => return Err(StoreError::MigrationAltered { number: index + 1 }),
            None => apply(sql, text)?,
        }
    }
    Ok(())
}

fn applied(sql: &Connection) -> Result<Vec<String>, StoreError> {
    let mut query = sql.prepare("SELECT hash FROM migrations ORDER BY number")?;
    let hashes = query.query_map([], |row| row.get(0))?;
    Ok(hashes.collect::<Result<_, _>>()?)
}

fn apply(sql: &mut Connection, text: &str) -> Result<(), StoreError> {
    let transaction = sql.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(text)?;
    transaction.execute("INSERT INTO migrations (hash) VALUES (?1)", [hash_of(text)])?;
    Ok(transaction.commit()?)
}

fn hash_of(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_whose_migration_was_altered_is_refused() {
        let mut sql = Connection::open_in_memory().unwrap();
        migrate(&mut sql).unwrap();
        migrate(&mut sql).unwrap();
        sql.execute("UPDATE migrations SET hash = 'other' WHERE number = 2", [])
            .unwrap();
        assert_eq!(
            migrate(&mut sql),
            Err(StoreError::MigrationAltered { number: 2 })
        );
    }

    #[test]
    fn a_store_of_a_newer_program_is_refused() {
        let mut sql = Connection::open_in_memory().unwrap();
        migrate(&mut sql).unwrap();
        let known = MIGRATIONS.len();
        sql.execute("INSERT INTO migrations (hash) VALUES ('x')", [])
            .unwrap();
        assert_eq!(
            migrate(&mut sql),
            Err(StoreError::TooNew {
                found: known + 1,
                known
            })
        );
    }
}
