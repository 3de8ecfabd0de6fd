//! Contacts with citizens: what is to be said, what came of it, who wants no messages. Derived, but
//! for how often a message was tried.

use chrono::NaiveDate;
use domain::id::{OutreachId, RecordId, StaffId};
use domain::outreach::{ContactResult, Needed, Way};
use domain::time::UtcMs;
use rusqlite::{Connection, OptionalExtension, Row};
use wire::event::{OptOutSet, OutreachContacted, OutreachPlanned};

use super::person_vault::LookupHash;
use super::projection::{Stored, execute, read_date};
use super::visits::{corrupt, read_id};
use super::{Reader, StoreError, Write};

/// Something that is to be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OutreachRow {
    pub(crate) outreach: OutreachId,
    pub(crate) record: RecordId,
    /// What the message is called.
    pub(crate) name: String,
    /// By which way now.
    pub(crate) way: Way,
    /// With a placeholder for the masked name.
    pub(crate) words: String,
    pub(crate) needed: Needed,
    pub(crate) useful_to: Option<NaiveDate>,
    pub(crate) planned_at: UtcMs,
    pub(crate) due_at: UtcMs,
    /// Calls that were made.
    pub(crate) calls: u32,
    /// What the last contact came to.
    pub(crate) last: Option<ContactResult>,
    pub(crate) settled_at: Option<UtcMs>,
    /// How often a message was tried.
    pub(crate) attempts: u32,
    /// Why the last attempt failed, as a stable word.
    pub(crate) fault: String,
}

/// A contact, or that one was planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ContactLine {
    pub(crate) at: UtcMs,
    /// What the message is called.
    pub(crate) name: String,
    pub(crate) way: Way,
    /// `None`: planned.
    pub(crate) result: Option<ContactResult>,
    pub(crate) again_at: Option<UtcMs>,
    pub(crate) by: Option<StaffId>,
    /// What was to be said.
    pub(crate) words: String,
}

/// How the outbox stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct OutboxCounts {
    /// Messages that wait.
    pub(crate) messages: u64,
    /// Calls that wait.
    pub(crate) calls: u64,
    /// Messages that went out since.
    pub(crate) sent: u64,
    /// Numbers that take no messages.
    pub(crate) opted_out: u64,
}

const COLUMNS: &str = "o.outreach, o.record, o.name, o.way, o.words, o.needed, o.useful_to,
                       o.planned_at, o.due_at, o.calls, o.last, o.settled_at,
                       coalesce(a.attempts, 0), coalesce(a.fault, '')";

/// Takes what is planned in. Planned again, it changes nothing.
pub(super) fn planned(
    sql: &Connection,
    planned: &OutreachPlanned,
    stored: &Stored<'_>,
) -> Result<(), StoreError> {
    let statement = "INSERT OR IGNORE INTO outreach
                         (outreach, record, name, way, words, needed, useful_to, planned_at, due_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)";
    let values = (
        planned.outreach.to_string(),
        planned.record.to_string(),
        &planned.name,
        planned.way.word(),
        &planned.words,
        serde_json::to_string(&planned.needed)?,
        planned.useful_to.map(|day| day.to_string()),
        stored.envelope.at.0,
    );
    execute(sql, statement, values)
}

pub(super) fn contacted(
    sql: &Connection,
    contacted: &OutreachContacted,
    stored: &Stored<'_>,
) -> Result<(), StoreError> {
    let at = stored.envelope.at.0;
    let statement = "INSERT INTO outreach_contacts VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let values = (
        stored.position_i64(),
        contacted.outreach.to_string(),
        at,
        contacted.way.word(),
        contacted.result.word(),
        contacted.again_at.map(|again| again.0),
        contacted.by.map(|by| by.to_string()),
    );
    execute(sql, statement, values)?;
    let is_call = ContactResult::OF_CALLS.contains(&contacted.result);
    let statement = "UPDATE outreach
                     SET way = CASE WHEN ?2 IS NULL THEN way ELSE 'phone' END,
                         due_at = coalesce(?2, due_at),
                         settled_at = CASE WHEN ?2 IS NULL THEN ?3 ELSE NULL END,
                         calls = calls + ?4,
                         last = ?5
                     WHERE outreach = ?1";
    let values = (
        contacted.outreach.to_string(),
        contacted.again_at.map(|again| again.0),
        at,
        i64::from(is_call),
        contacted.result.word(),
    );
    execute(sql, statement, values)
}

pub(super) fn opt_out(
    sql: &Connection,
    set: &OptOutSet,
    stored: &Stored<'_>,
) -> Result<(), StoreError> {
    if set.is_out {
        let statement = "INSERT OR IGNORE INTO outreach_opt_outs VALUES (?1, ?2)";
        return execute(sql, statement, (&set.number, stored.envelope.at.0));
    }
    let statement = "DELETE FROM outreach_opt_outs WHERE number = ?1";
    execute(sql, statement, [&set.number])
}

impl Reader<'_> {
    /// One thing that is to be said, or was.
    pub(crate) fn outreach(&self, id: OutreachId) -> Result<Option<OutreachRow>, StoreError> {
        let mut query = self.sql.prepare_cached(&format!(
            "SELECT {COLUMNS}
             FROM outreach o
             LEFT JOIN outreach_attempts a ON a.outreach = o.outreach
             WHERE o.outreach = ?1"
        ))?;
        let row = query.query_row([id.to_string()], |row| Ok(read_row(row)));
        row.optional()?.transpose()
    }

    /// What is to be said by a way and is due, what waits longest first.
    pub(crate) fn outreach_due(
        &self,
        way: Way,
        now: UtcMs,
        limit: u32,
    ) -> Result<Vec<OutreachRow>, StoreError> {
        let mut query = self.sql.prepare_cached(&format!(
            "SELECT {COLUMNS}
             FROM outreach o
             LEFT JOIN outreach_attempts a ON a.outreach = o.outreach
             WHERE o.settled_at IS NULL
               AND o.way = ?1
               AND o.due_at <= ?2
               AND coalesce(a.next_at, 0) <= ?2
             ORDER BY o.due_at, o.outreach
             LIMIT ?3"
        ))?;
        let rows = query.query_map((way.word(), now.0, limit), |row| Ok(read_row(row)))?;
        rows.map(|row| row?).collect()
    }

    /// Everything that is still to be said, by whatever way.
    pub(crate) fn outreach_open(&self, limit: u32) -> Result<Vec<OutreachRow>, StoreError> {
        let mut query = self.sql.prepare_cached(&format!(
            "SELECT {COLUMNS}
             FROM outreach o
             LEFT JOIN outreach_attempts a ON a.outreach = o.outreach
             WHERE o.settled_at IS NULL
             ORDER BY o.due_at, o.outreach
             LIMIT ?1"
        ))?;
        let rows = query.query_map([limit], |row| Ok(read_row(row)))?;
        rows.map(|row| row?).collect()
    }

    /// Messages that did not go out, newest first: what is left of them is a call.
    pub(crate) fn outreach_dead(
        &self,
        since: UtcMs,
        limit: u32,
    ) -> Result<Vec<(UtcMs, ContactResult, OutreachRow)>, StoreError> {
        let mut query = self.sql.prepare_cached(&format!(
            "SELECT {COLUMNS}, c.at, c.result
             FROM outreach_contacts c
             JOIN outreach o ON o.outreach = c.outreach
             LEFT JOIN outreach_attempts a ON a.outreach = o.outreach
             WHERE c.result IN ('gave_up', 'refused')
               AND c.at >= ?1
             ORDER BY c.position DESC
             LIMIT ?2"
        ))?;
        let mut rows = query.query((since.0, limit))?;
        let mut dead = Vec::new();
        while let Some(row) = rows.next()? {
            let result = read_result(&row.get::<_, String>(15)?)?;
            dead.push((UtcMs(row.get(14)?), result, read_row(row)?));
        }
        Ok(dead)
    }

    /// How the outbox stands; sent messages are counted from `since` on.
    pub(crate) fn outbox_counts(&self, since: UtcMs) -> Result<OutboxCounts, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT (SELECT count(*) FROM outreach WHERE settled_at IS NULL AND way = 'sms'),
                    (SELECT count(*) FROM outreach WHERE settled_at IS NULL AND way = 'phone'),
                    (SELECT count(*) FROM outreach_contacts WHERE result = 'sent' AND at >= ?1),
                    (SELECT count(*) FROM outreach_opt_outs)",
        )?;
        let counts = query.query_row([since.0], |row| {
            let count = |n| row.get::<_, i64>(n).map(i64::cast_unsigned);
            Ok(OutboxCounts {
                messages: count(0)?,
                calls: count(1)?,
                sent: count(2)?,
                opted_out: count(3)?,
            })
        });
        Ok(counts?)
    }

    /// Contacts about a record and those that were planned, oldest first.
    pub(crate) fn contacts_about(&self, record: RecordId) -> Result<Vec<ContactLine>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT o.planned_at, o.name, o.way, NULL, NULL, NULL, o.words, 0
             FROM outreach o
             WHERE o.record = ?1
             UNION ALL
             SELECT c.at, o.name, c.way, c.result, c.again_at, c.by, '', c.position
             FROM outreach o
             JOIN outreach_contacts c ON c.outreach = o.outreach
             WHERE o.record = ?1
             ORDER BY 1, 8",
        )?;
        let mut rows = query.query([record.to_string()])?;
        let mut lines = Vec::new();
        while let Some(row) = rows.next()? {
            let result: Option<String> = row.get(3)?;
            let by: Option<String> = row.get(5)?;
            lines.push(ContactLine {
                at: UtcMs(row.get(0)?),
                name: row.get(1)?,
                way: read_way(&row.get::<_, String>(2)?),
                result: result.as_deref().map(read_result).transpose()?,
                again_at: row.get::<_, Option<i64>>(4)?.map(UtcMs),
                by: by.as_deref().map(read_id).transpose()?,
                words: row.get(6)?,
            });
        }
        Ok(lines)
    }

    /// Whether a number takes no messages.
    pub(crate) fn is_opted_out(&self, number: LookupHash) -> Result<bool, StoreError> {
        let mut query = self
            .sql
            .prepare_cached("SELECT 1 FROM outreach_opt_outs WHERE number = ?1")?;
        Ok(query.exists([hex::encode(number.0)])?)
    }

    /// Records of a kind of which a deadline ends in these days.
    pub(crate) fn records_with_deadline(
        &self,
        (kind, rule): (&str, &str),
        (from, to): (NaiveDate, NaiveDate),
        limit: u32,
    ) -> Result<Vec<RecordId>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT d.record
             FROM case_due d
             JOIN cases c ON c.record = d.record
             WHERE d.due_on BETWEEN ?3 AND ?4
               AND d.rule = ?2
               AND c.kind = ?1
             ORDER BY d.due_on, d.record
             LIMIT ?5",
        )?;
        let asked = (kind, rule, from.to_string(), to.to_string(), limit);
        let found = query.query_map(asked, |row| row.get::<_, String>(0))?;
        found.map(|id| read_id(&id?)).collect()
    }
}

impl Write<'_> {
    /// Notes an attempt at a message before it is made, or why it failed.
    pub(crate) fn note_attempt(
        &mut self,
        id: OutreachId,
        attempts: u32,
        next_at: UtcMs,
        fault: &str,
    ) -> Result<(), StoreError> {
        let statement = "INSERT INTO outreach_attempts VALUES (?1, ?2, ?3, ?4)
                         ON CONFLICT (outreach) DO UPDATE
                         SET attempts = excluded.attempts,
                             next_at = excluded.next_at,
                             fault = excluded.fault";
        execute(
            self.sql,
            statement,
            (id.to_string(), attempts, next_at.0, fault),
        )
    }
}

fn read_row(row: &Row<'_>) -> Result<OutreachRow, StoreError> {
    let useful_to: Option<String> = row.get(6)?;
    let last: Option<String> = row.get(10)?;
    Ok(OutreachRow {
        outreach: read_id(&row.get::<_, String>(0)?)?,
        record: read_id(&row.get::<_, String>(1)?)?,
        name: row.get(2)?,
        way: read_way(&row.get::<_, String>(3)?),
        words: row.get(4)?,
        needed: serde_json::from_str(&row.get::<_, String>(5)?)?,
        useful_to: useful_to.as_deref().map(read_date).transpose()?,
        planned_at: UtcMs(row.get(7)?),
        due_at: UtcMs(row.get(8)?),
        calls: row.get(9)?,
        last: last.as_deref().map(read_result).transpose()?,
        settled_at: row.get::<_, Option<i64>>(11)?.map(UtcMs),
        attempts: row.get(12)?,
        fault: row.get(13)?,
    })
}

fn read_way(word: &str) -> Way {
    match word {
        "sms" => Way::Sms,
        _ => Way::Phone,
    }
}

fn read_result(word: &str) -> Result<ContactResult, StoreError> {
    ContactResult::of_word(word).ok_or_else(|| corrupt(format!("no result of a contact {word:?}")))
}
