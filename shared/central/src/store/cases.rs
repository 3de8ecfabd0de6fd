//! Records from their events: how they stand, which deadlines run, where their history is. Derived.
//! What they are found by is in `case_search`, what follows outside of a record in `case_effects`,
//! how lists are asked for in `case_list`.

use domain::case::{CaseEvent, Kind, LinkKind, Record};
use domain::id::{KindId, PersonId, RecordId};
use domain::time::UtcMs;
use rusqlite::{Connection, OptionalExtension, Params, Statement};
use wire::envelope;
use wire::event::Event;

use crate::cases::title_of;

use super::projection::{Stored, execute};
use super::visits::corrupt;
use super::{
    Reader, StoreError, Write, case_claims, case_effects, case_listings, case_names, case_search,
    kinds, ledger, persons, public_rows, scores, start_page,
};

/// One event of a record's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryEvent {
    /// Its place in the record of events.
    pub position: u64,
    /// When the centre wrote it.
    pub at: UtcMs,
    /// What happened.
    pub event: CaseEvent,
}

impl Reader<'_> {
    /// A record as it stands.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn record(&self, record: RecordId) -> Result<Option<Record>, StoreError> {
        record_of(self.sql, record)
    }

    /// The record with this number, however its letters were typed.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn record_by_number(&self, case_no: &str) -> Result<Option<RecordId>, StoreError> {
        let mut query = self
            .sql
            .prepare_cached("SELECT record FROM cases WHERE case_no = ?1")?;
        let typed = case_no.trim().to_uppercase();
        let found = query.query_row([typed], |row| row.get::<_, String>(0));
        found
            .optional()?
            .as_deref()
            .map(super::visits::read_id)
            .transpose()
    }

    /// A record's number and title.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) fn record_called(
        &self,
        record: RecordId,
    ) -> Result<Option<(String, String)>, StoreError> {
        let mut query = self
            .sql
            .prepare_cached("SELECT case_no, title FROM cases WHERE record = ?1")?;
        let called = query.query_row([record.to_string()], |row| Ok((row.get(0)?, row.get(1)?)));
        Ok(called.optional()?)
    }

    /// A record's history, oldest first.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn record_history(&self, record: RecordId) -> Result<Vec<HistoryEvent>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT e.position, e.text
             FROM cases c
             JOIN case_events h ON h.opening = c.opening
             JOIN events e ON e.position = h.position
             WHERE c.record = ?1
             ORDER BY h.position",
        )?;
        let mut rows = query.query([record.to_string()])?;
        let mut history = Vec::new();
        while let Some(row) = rows.next()? {
            let text: String = row.get(1)?;
            let (event, at) = read_case(&text)?;
            history.push(HistoryEvent {
                position: row.get::<_, i64>(0)?.cast_unsigned(),
                at,
                event,
            });
        }
        Ok(history)
    }

    /// Records that point at this one.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn records_linked_to(&self, record: RecordId) -> Result<Vec<RecordId>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT DISTINCT record
             FROM case_links
             WHERE target = ?1
             ORDER BY record",
        )?;
        let found = query.query_map([record.to_string()], |row| row.get::<_, String>(0))?;
        found.map(|id| super::visits::read_id(&id?)).collect()
    }

    /// Records that are tied to this one by a link of a kind.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) fn records_tied_to(
        &self,
        record: RecordId,
        link: LinkKind,
    ) -> Result<Vec<RecordId>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT record
             FROM case_links
             WHERE target = ?1
               AND link = ?2
             ORDER BY record",
        )?;
        let asked = (record.to_string(), serde_json::to_string(&link)?);
        let found = query.query_map(asked, |row| row.get::<_, String>(0))?;
        found.map(|id| super::visits::read_id(&id?)).collect()
    }

    /// Records that concern a person, what changed last first.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn records_of_person(
        &self,
        person: PersonId,
        limit: u32,
    ) -> Result<Vec<Record>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT b.body
             FROM (SELECT opening, changed_at
                   FROM cases
                   WHERE person = ?1
                   ORDER BY changed_at DESC
                   LIMIT ?2) c
             JOIN case_bodies b ON b.opening = c.opening
             ORDER BY c.changed_at DESC",
        )?;
        bodies(&mut query, (person.to_string(), limit))
    }

    /// Records of one kind that concern a person, in these states (none: in all), oldest first.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) fn records_concerning(
        &self,
        person: PersonId,
        kind: &KindId,
        states: &[String],
    ) -> Result<Vec<Record>, StoreError> {
        // the plus keeps the planner to the index of persons: a person has few records
        let mut query = self.sql.prepare_cached(
            "SELECT b.body
             FROM cases c
             JOIN case_bodies b ON b.opening = c.opening
             WHERE c.person = ?1
               AND +c.kind = ?2
               AND (?3 = '[]' OR c.state IN (SELECT value FROM json_each(?3)))
             ORDER BY c.opening",
        )?;
        let states = serde_json::to_string(states)?;
        let asked = (person.to_string(), kind.as_str(), states);
        bodies(&mut query, asked)
    }

    /// As [`records_concerning`](Self::records_concerning), of an employer.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) fn records_of_employer(
        &self,
        employer: RecordId,
        kind: &KindId,
        states: &[String],
    ) -> Result<Vec<Record>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT b.body
             FROM cases c
             JOIN case_bodies b ON b.opening = c.opening
             WHERE c.employer = ?1
               AND +c.kind = ?2
               AND (?3 = '[]' OR c.state IN (SELECT value FROM json_each(?3)))
             ORDER BY c.opening",
        )?;
        let states = serde_json::to_string(states)?;
        let asked = (employer.to_string(), kind.as_str(), states);
        bodies(&mut query, asked)
    }

    /// Records of one kind in these states, oldest first.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) fn records_in(
        &self,
        kind: &KindId,
        states: &[String],
    ) -> Result<Vec<Record>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT b.body
             FROM cases c
             JOIN case_bodies b ON b.opening = c.opening
             WHERE c.kind = ?1
               AND c.state IN (SELECT value FROM json_each(?2))
             ORDER BY c.opening",
        )?;
        let asked = (kind.as_str(), serde_json::to_string(states)?);
        bodies(&mut query, asked)
    }

    /// The last number that was given to a kind in a month, `VACANCY-202611-`; 0 before the first.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) fn last_case_number(&self, prefix: &str) -> Result<u64, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT max(case_no)
             FROM cases
             WHERE case_no >= ?1 || '00000'
               AND case_no <= ?1 || '99999'",
        )?;
        let last: Option<String> = query.query_row([prefix], |row| row.get(0))?;
        let digits = last.as_deref().and_then(|last| last.strip_prefix(prefix));
        Ok(digits.and_then(|digits| digits.parse().ok()).unwrap_or(0))
    }
}

impl Write<'_> {
    /// As [`Reader::record`], as this transaction sees it.
    pub(crate) fn record(&self, record: RecordId) -> Result<Option<Record>, StoreError> {
        record_of(self.sql, record)
    }
}

/// The records whose bodies a query gives.
pub(super) fn bodies(
    query: &mut Statement<'_>,
    asked: impl Params,
) -> Result<Vec<Record>, StoreError> {
    let mut rows = query.query(asked)?;
    let mut records = Vec::new();
    while let Some(row) = rows.next()? {
        let body = row.get_ref(0)?.as_str().map_err(corrupt)?;
        records.push(serde_json::from_str(body)?);
    }
    Ok(records)
}

fn read_case(text: &str) -> Result<(CaseEvent, UtcMs), StoreError> {
    let envelope = envelope::read(text).map_err(ledger::unreadable)?;
    let event = Event::read(&envelope.kind, &envelope.body).map_err(ledger::unreadable)?;
    let event = event.and_then(|event| event.as_case());
    let event = event.ok_or_else(|| ledger::unreadable("an event of a record is none"))?;
    Ok((event, envelope.at))
}

pub(super) fn record_of(sql: &Connection, record: RecordId) -> Result<Option<Record>, StoreError> {
    Ok(held(sql, record)?.map(|(_, record)| record))
}

/// A record with the number under which it stands in the tables.
fn held(sql: &Connection, record: RecordId) -> Result<Option<(i64, Record)>, StoreError> {
    let mut query = sql.prepare_cached(
        "SELECT c.opening, b.body
         FROM cases c
         JOIN case_bodies b ON b.opening = c.opening
         WHERE c.record = ?1",
    )?;
    let found = query.query_row([record.to_string()], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
    });
    let Some((opening, body)) = found.optional()? else {
        return Ok(None);
    };
    Ok(Some((opening, serde_json::from_str(&body)?)))
}

/// What an event makes of a record.
pub(super) struct Change {
    /// The position of the event that opened the record.
    pub(super) opening: i64,
    /// As it was; `None` of one that is opened.
    pub(super) before: Option<Record>,
    /// As it is.
    pub(super) after: Record,
}

impl Change {
    fn by(sql: &Connection, event: &CaseEvent, stored: &Stored<'_>) -> Result<Self, StoreError> {
        if let CaseEvent::Opened(opened) = event {
            return Ok(Self {
                opening: stored.position_i64(),
                before: None,
                after: Record::begin(opened),
            });
        }
        let held = held(sql, event.record())?;
        let (opening, before) = held.ok_or_else(|| {
            StoreError::Corrupt(format!("no record {} was opened", event.record()))
        })?;
        let mut after = before.clone();
        after.apply(event);
        Ok(Self {
            opening,
            before: Some(before),
            after,
        })
    }
}

/// Projects one event of a record. Returns how many rows of the feed it put.
pub(super) fn project(
    sql: &Connection,
    event: &CaseEvent,
    stored: &Stored<'_>,
) -> Result<u64, StoreError> {
    let change = Change::by(sql, event, stored)?;
    let kind = kinds::by_hash(sql, &change.after.kind_hash)?;
    put(sql, &kind, &change, stored)?;
    put_due(sql, &change)?;
    case_claims::put(sql, &kind, &change)?;
    case_names::put(sql, &change)?;
    start_page::count(sql, &change)?;
    case_search::put(sql, &kind, &change)?;
    put_link(sql, event)?;
    case_listings::note_source(sql, &change)?;
    persons::note_birth(sql, &change)?;
    scores::note_record(sql, event)?;
    let statement = "INSERT INTO case_events (opening, position) VALUES (?1, ?2)";
    execute(sql, statement, (change.opening, stored.position_i64()))?;
    let rows = match event {
        CaseEvent::Moved(moved) => {
            case_effects::follow(sql, &kind, &change.after, &moved.effects, stored)?
        }
        _ => 0,
    };
    public_rows::follow(sql, &kind, &change, stored, rows)
}

fn put(
    sql: &Connection,
    kind: &Kind,
    change: &Change,
    stored: &Stored<'_>,
) -> Result<(), StoreError> {
    let (opening, record) = (change.opening, &change.after);
    let statement =
        "INSERT INTO cases (opening, record, case_no, kind, station, state, owner, person,
                            employer, title, due_on, opened_at, changed_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
         ON CONFLICT (opening) DO UPDATE
         SET state = excluded.state,
             owner = excluded.owner,
             person = excluded.person,
             employer = excluded.employer,
             title = excluded.title,
             due_on = excluded.due_on,
             changed_at = excluded.changed_at";
    let due_on = record.due.values().map(|due| due.on).min();
    let values = rusqlite::params![
        opening,
        record.id.to_string(),
        record.case_no.0,
        record.kind.as_str(),
        record.station.as_str(),
        record.state,
        record.owner.map(|owner| owner.to_string()),
        record.person.map(|person| person.to_string()),
        record.employer.map(|employer| employer.to_string()),
        title_of(kind, record, &|named| title_in(sql, named)),
        due_on.map(|day| day.to_string()),
        record.opened_at.0,
        stored.envelope.at.0,
    ];
    execute(sql, statement, values)?;
    let statement = "INSERT INTO case_bodies (opening, body)
                     VALUES (?1, ?2)
                     ON CONFLICT (opening) DO UPDATE SET body = excluded.body";
    execute(sql, statement, (opening, serde_json::to_string(record)?))
}

/// What another record is called in a title; a person's entry tells nothing there.
fn title_in(sql: &Connection, record: RecordId) -> Option<String> {
    let query = "SELECT title FROM cases WHERE record = ?1 AND kind <> 'person'";
    let mut query = sql.prepare_cached(query).ok()?;
    let title = query.query_row([record.to_string()], |row| row.get(0));
    title.ok()
}

fn put_due(sql: &Connection, change: &Change) -> Result<(), StoreError> {
    let (id, due) = (change.after.id.to_string(), &change.after.due);
    match &change.before {
        Some(before) if before.due == *due => return Ok(()),
        Some(_) => execute(sql, "DELETE FROM case_due WHERE record = ?1", [&id])?,
        None => {}
    }
    for (rule, due) in due {
        let statement = "INSERT INTO case_due (record, rule, due_on) VALUES (?1, ?2, ?3)";
        execute(sql, statement, (&id, rule, due.on.to_string()))?;
    }
    Ok(())
}

fn put_link(sql: &Connection, event: &CaseEvent) -> Result<(), StoreError> {
    let CaseEvent::Linked(linked) = event else {
        return Ok(());
    };
    let statement = if linked.is_undone {
        "DELETE FROM case_links WHERE target = ?1 AND record = ?2 AND link = ?3"
    } else {
        "INSERT OR IGNORE INTO case_links (target, record, link) VALUES (?1, ?2, ?3)"
    };
    let link = serde_json::to_string(&linked.kind)?;
    let key = (linked.to.to_string(), linked.record.to_string(), link);
    execute(sql, statement, key)
}
