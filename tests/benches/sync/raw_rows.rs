//! Raw SQLite: the rows that a store made of its pushes, read back and inserted again into the
//! same tables with the same pragmas, by somebody who checks nothing.

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, Row, params_from_iter};
use wire::event::{Event, RatingSubmitted, VisitProof};

use crate::figures::per_s;

const PRAGMAS: &str = "PRAGMA foreign_keys = ON;
                       PRAGMA synchronous = FULL;
                       PRAGMA cache_size = -8192;
                       PRAGMA secure_delete = ON;";
const EVENT: &str = "INSERT INTO events (position, writer, seq, hash, at, kind, text, received)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
const HELP: &str = "INSERT INTO help_calls VALUES (?1, ?2, ?3, ?4)";
const SEARCHES: &str = "INSERT INTO search_tallies VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
const BOARD: &str = "INSERT INTO boards (device, board, hall, report, at)
                     VALUES (?1, ?2, ?3, ?4, ?5)
                     ON CONFLICT (device, board) DO UPDATE
                     SET report = excluded.report, at = excluded.at";
const RATING: &str = "INSERT INTO ratings (rating, hall, ticket, matter_level, reasons, channel,
                                           origin, writer, submitted_at, outcome, refusal)
                      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'refused', 'ticket_not_found')";
const CONTACT: &str = "INSERT OR REPLACE INTO contacts (device, last_push_at, skew_ms,
                                                        covered_until, tail_seq, tail_hash,
                                                        signature, clock_since_seq, signed_by)
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";

/// A statement and its values.
type Insert = (&'static str, Vec<Value>);

/// Inserts what devices pushed into the store at `path` into a new database beside it, one
/// transaction per `push_events` of them. Returns their events per second.
pub(crate) fn insert_again(path: &Path, push_events: usize) -> Result<f64, Box<dyn Error>> {
    let store = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let pushes = pushes(&store, push_events)?;
    let copy = empty_copy(&store, &path.with_file_name("raw.db"))?;
    let begun = Instant::now();
    for push in &pushes {
        copy.execute_batch("BEGIN IMMEDIATE")?;
        for (statement, values) in push {
            let mut statement = copy.prepare_cached(statement)?;
            statement.execute(params_from_iter(values))?;
        }
        copy.execute_batch("COMMIT")?;
    }
    Ok(per_s(pushes.len() * push_events, begun.elapsed()))
}

/// A database with the tables and indexes of a store and nothing in them.
fn empty_copy(store: &Connection, path: &Path) -> rusqlite::Result<Connection> {
    let copy = Connection::open(path)?;
    copy.execute_batch(PRAGMAS)?;
    copy.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    copy.set_prepared_statement_cache_capacity(64);
    // an index of words makes its own tables
    let mut schema = store.prepare(
        "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'case_search_%'",
    )?;
    let statements = schema.query_map([], |row| row.get::<_, String>(0))?;
    for statement in statements {
        copy.execute_batch(&statement?)?;
    }
    Ok(copy)
}

/// The inserts of each push: a push is over when so many events of devices have been seen, and the
/// authority's answers to them.
fn pushes(store: &Connection, push_events: usize) -> Result<Vec<Vec<Insert>>, Box<dyn Error>> {
    let contacts = contacts(store)?;
    let mut query = store.prepare(
        "SELECT position, writer, seq, hash, at, kind, text, received
         FROM events
         WHERE kind <> 'device.enrolled.v1' AND kind <> 'hall.laid_out.v1'
         ORDER BY position",
    )?;
    let mut rows = query.query([])?;
    let (mut pushes, mut push, mut of_devices) = (Vec::new(), Vec::new(), 0);
    while let Some(row) = rows.next()? {
        let kind: String = row.get(5)?;
        let is_of_device = kind != "rating.refused.v1";
        if is_of_device && of_devices == push_events {
            let contact = contacts[pushes.len() % contacts.len()].clone();
            push.push((CONTACT, contact));
            pushes.push(std::mem::take(&mut push));
            of_devices = 0;
        }
        of_devices += usize::from(is_of_device);
        push.push((EVENT, values(row, 8)?));
        push.extend(derived(row, &kind)?);
    }
    pushes.push(push);
    Ok(pushes)
}

fn contacts(store: &Connection) -> rusqlite::Result<Vec<Vec<Value>>> {
    let mut query = store.prepare(
        "SELECT device, last_push_at, skew_ms, covered_until, tail_seq, tail_hash, signature,
                clock_since_seq, signed_by
         FROM contacts",
    )?;
    query.query_map([], |row| values(row, 9))?.collect()
}

fn values(row: &Row<'_>, count: usize) -> rusqlite::Result<Vec<Value>> {
    (0..count).map(|column| row.get(column)).collect()
}

/// The derived row of an event, as the store's projection writes it.
fn derived(row: &Row<'_>, kind: &str) -> Result<Option<Insert>, Box<dyn Error>> {
    let text: String = row.get(6)?;
    let body = text.split_once('\n').map_or("", |(_, body)| body);
    let [position, writer, at, received] =
        [0, 1, 4, 7].map(|column| row.get::<_, Value>(column).unwrap_or(Value::Null));
    Ok(match Event::read(kind, body)? {
        Some(Event::HelpCalled(called)) => {
            let hall = called.hall.to_string().into();
            Some((HELP, vec![position, writer, hall, received]))
        }
        Some(Event::SearchesTallied(tallied)) => {
            let (hall, words) = (tallied.hall.to_string(), &tallied.searches);
            let words = serde_json::to_string(words)?.into();
            let (without, opened) = (tallied.without_result, tallied.listings_opened);
            let counts = [without.into(), opened.into()];
            let mut values = vec![position, writer, hall.into(), at, words];
            values.extend(counts);
            Some((SEARCHES, values))
        }
        Some(Event::BoardReported(reported)) => {
            let (hall, board) = (reported.hall.to_string(), reported.board);
            let report = serde_json::to_string(&reported.report)?.into();
            Some((BOARD, vec![writer, board.into(), hall.into(), report, at]))
        }
        Some(Event::RatingSubmitted(submitted)) => Some((RATING, rating(&submitted, writer, at)?)),
        _ => None,
    })
}

fn rating(submitted: &RatingSubmitted, writer: Value, at: Value) -> serde_json::Result<Vec<Value>> {
    let score = &submitted.submission;
    let ticket = match &submitted.visit {
        VisitProof::CodeChecked { ticket } => ticket.to_string().into(),
        _ => Value::Null,
    };
    Ok(vec![
        score.rating.to_string().into(),
        submitted.hall.to_string().into(),
        ticket,
        i64::from(u8::from(score.matter_level)).into(),
        serde_json::to_string(&score.reasons)?.into(),
        serde_json::to_string(&score.channel)?.into(),
        serde_json::to_string(&submitted.origin)?.into(),
        writer,
        at,
    ])
}
