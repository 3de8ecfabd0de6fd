//! Bare SQLite over the same rows: a page of a list by its index, an insert that is durable, and
//! rows that stand in a store inserted again into the same tables by somebody who checks nothing.

use std::path::Path;
use std::time::{Duration, Instant};

use acceptance::figures::Times;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params_from_iter};

use crate::Fault;

const PRAGMAS: &str = "PRAGMA foreign_keys = ON;
                       PRAGMA synchronous = FULL;
                       PRAGMA cache_size = -8192;
                       PRAGMA secure_delete = ON;";
/// What an opened record leaves; of the others it leaves nothing.
const TABLES: [&str; 7] = [
    "events",
    "cases",
    "case_bodies",
    "case_due",
    "case_events",
    "person_fields",
    "person_search",
];
/// The words of the index of words, as each record brought them.
const WORDS: &str = "SELECT doc, group_concat(term, ' ') FROM temp.words GROUP BY doc";
const OPEN_WORDS: &str =
    "CREATE VIRTUAL TABLE temp.words USING fts5vocab (main, case_search, instance)";
/// Rows of one transaction: those of five hundred records.
const TRANSACTIONS_PER: usize = 500;

/// The newest fifty of a kind, again and again.
pub(crate) fn pages(database: &Path, kind: &str, requests: usize) -> Result<Times, Fault> {
    let sql = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut query = sql.prepare(
        "SELECT c.record, c.case_no, c.title, c.state, c.owner, c.due_on, c.changed_at, b.body
         FROM cases c
         JOIN case_bodies b ON b.opening = c.opening
         WHERE c.kind = ?1
         ORDER BY c.changed_at DESC
         LIMIT 50",
    )?;
    let mut times = Vec::new();
    for _ in 0..requests {
        let begun = Instant::now();
        let bodies = query.query_map([kind], |row| row.get::<_, String>(7))?;
        let bytes = bodies
            .map(|body| body.map(|body| body.len()))
            .sum::<Result<usize, _>>()?;
        times.push(begun.elapsed());
        if bytes == 0 {
            return Err(format!("no {kind} in the store").into());
        }
    }
    Ok(Times::of(times))
}

/// One row of a kilobyte at a time, each durable.
pub(crate) fn durable_inserts(folder: &Path, requests: usize) -> Result<Times, Fault> {
    let sql = Connection::open(folder.join("raw.db"))?;
    sql.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    sql.execute_batch(PRAGMAS)?;
    sql.execute_batch("CREATE TABLE raw (text TEXT NOT NULL) STRICT")?;
    let (mut insert, text) = (
        sql.prepare("INSERT INTO raw VALUES (?1)")?,
        "x".repeat(1_024),
    );
    let mut times = Vec::new();
    for _ in 0..requests {
        let begun = Instant::now();
        insert.execute([&text])?;
        times.push(begun.elapsed());
    }
    Ok(Times::of(times))
}

/// Inserts the rows of a store of so many records into an empty copy of its tables.
pub(crate) fn insert_again(database: &Path, records: usize) -> Result<Duration, Fault> {
    let store = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let copy = empty_copy(&store, &database.with_file_name("raw.db"))?;
    store.execute_batch(OPEN_WORDS)?;
    let parts = records.div_ceil(TRANSACTIONS_PER).max(1);
    let mut taken = Duration::ZERO;
    for table in TABLES {
        let rows = rows_of(&store, &format!("SELECT * FROM {table}"))?;
        let Some(width) = rows.first().map(Vec::len) else {
            continue;
        };
        let places = vec!["?"; width].join(", ");
        taken += insert(
            &copy,
            &format!("INSERT INTO {table} VALUES ({places})"),
            &rows,
            parts,
        )?;
    }
    let words = rows_of(&store, WORDS)?;
    let statement = "INSERT INTO case_search (rowid, words) VALUES (?, ?)";
    Ok(taken + insert(&copy, statement, &words, parts)?)
}

fn insert(
    copy: &Connection,
    statement: &str,
    rows: &[Vec<Value>],
    parts: usize,
) -> Result<Duration, Fault> {
    let begun = Instant::now();
    for part in rows.chunks(rows.len().div_ceil(parts).max(1)) {
        copy.execute_batch("BEGIN IMMEDIATE")?;
        for row in part {
            copy.prepare_cached(statement)?
                .execute(params_from_iter(row))?;
        }
        copy.execute_batch("COMMIT")?;
    }
    Ok(begun.elapsed())
}

fn rows_of(store: &Connection, select: &str) -> Result<Vec<Vec<Value>>, Fault> {
    let mut query = store.prepare(select)?;
    let width = query.column_count();
    let rows = query.query_map([], |row| (0..width).map(|column| row.get(column)).collect())?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A database with the tables and indexes of a store and nothing in them.
fn empty_copy(store: &Connection, path: &Path) -> Result<Connection, Fault> {
    let copy = Connection::open(path)?;
    copy.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    copy.execute_batch(PRAGMAS)?;
    // the index of words makes its own tables
    let mut schema = store.prepare(
        "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'case_search_%'",
    )?;
    let statements = schema.query_map([], |row| row.get::<_, String>(0))?;
    for statement in statements {
        copy.execute_batch(&statement?)?;
    }
    Ok(copy)
}
