//! What a restored store must know. A backup is older than what the store had told its devices: the
//! feed positions between the backup's end and the loss must never be given again, and a device
//! whose cursor lies among them has seen rows that are gone, so that it needs a snapshot.

use rusqlite::Connection;

use super::feed::{highest_position, position_of};
use super::{Reader, StoreError, Write, writer};

/// Event positions that are passed over after a restore: more than any backup can lack.
const POSITIONS_PASSED_OVER: u64 = 1 << 28;
const META_POSITION_MIN: &str = "position_min";

impl Write<'_> {
    /// Notes that this store was restored from a backup. Call it once per restore, before the
    /// store serves.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn note_restored(&mut self) -> Result<(), StoreError> {
        let last = self.reader().last_position()?;
        let position_min = last + POSITIONS_PASSED_OVER;
        let (after, until) = (highest_position(self.sql)?, position_of(position_min, 0));
        let statement = "INSERT OR REPLACE INTO lost_positions (after, until) VALUES (?1, ?2)";
        self.sql
            .execute(statement, (after.cast_signed(), until.cast_signed()))?;
        writer::set_meta(self.sql, META_POSITION_MIN, &position_min.to_string())?;
        writer::set_meta(self.sql, "feed_head", &until.to_string())?;
        self.memory.position_min = position_min;
        self.memory.feed_head = until;
        Ok(())
    }
}

impl Reader<'_> {
    /// The position of the last event; 0 when there is none.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn last_position(&self) -> Result<u64, StoreError> {
        last_position(self.sql)
    }

    /// Whether a cursor saw rows that a restore has lost.
    pub(super) fn has_seen_lost_rows(&self, cursor: u64) -> Result<bool, StoreError> {
        let statement = "SELECT EXISTS (SELECT 1
                                        FROM lost_positions
                                        WHERE after < ?1 AND ?1 < until)";
        let mut query = self.sql.prepare_cached(statement)?;
        Ok(query.query_row([cursor.cast_signed()], |row| row.get(0))?)
    }
}

fn last_position(sql: &Connection) -> Result<u64, StoreError> {
    let mut query = sql.prepare_cached("SELECT coalesce(max(position), 0) FROM events")?;
    Ok(query
        .query_row([], |row| row.get::<_, i64>(0))?
        .cast_unsigned())
}

/// The position from which events go on after a restore; 0 when they simply go on.
pub(super) fn position_min(sql: &Connection) -> Result<u64, StoreError> {
    let noted = writer::meta(sql, META_POSITION_MIN)?.and_then(|text| text.parse().ok());
    let last = last_position(sql)?;
    Ok(noted.filter(|min| *min > last).unwrap_or(0))
}
