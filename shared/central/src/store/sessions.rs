//! Operational state of staff: who is signed in, where from, and at which window. Not rebuilt.

use domain::id::{HallId, StaffId, WindowNo};
use domain::time::UtcMs;
use rusqlite::{Connection, OptionalExtension};

use super::projection::execute;
use super::visits::{corrupt, read_id};
use super::{Reader, StaffAccount, StoreError, Write};

/// A session as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredSession {
    pub(crate) account: StaffAccount,
    pub(crate) csrf: String,
    pub(crate) window: Option<WindowNo>,
    pub(crate) used_at: UtcMs,
    pub(crate) began_at: UtcMs,
}

/// A session as its owner and the keeper of accounts see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SessionLine {
    /// Names it among those of its owner; says nothing about its secret.
    pub(crate) id: i64,
    pub(crate) token_hash: [u8; 32],
    pub(crate) began_at: UtcMs,
    pub(crate) used_at: UtcMs,
    pub(crate) address: String,
}

/// A session to begin.
#[derive(Debug)]
pub(crate) struct SessionStart {
    pub(crate) token_hash: [u8; 32],
    pub(crate) staff: StaffId,
    pub(crate) csrf: String,
    pub(crate) address: String,
}

impl Reader<'_> {
    pub(crate) fn staff_session(
        &self,
        token_hash: [u8; 32],
    ) -> Result<Option<StoredSession>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT staff, csrf, window, used_at, began_at
             FROM staff_sessions
             WHERE token_hash = ?1",
        )?;
        let session = query.query_row([token_hash], |row| {
            Ok((
                row.get::<_, String>(0)?,
                row.get(1)?,
                row.get::<_, Option<u8>>(2)?,
                UtcMs(row.get(3)?),
                UtcMs(row.get(4)?),
            ))
        });
        let Some((staff, csrf, window, used_at, began_at)) = session.optional()? else {
            return Ok(None);
        };
        let Some(account) = self.staff_account(read_id(&staff)?)? else {
            return Ok(None);
        };
        Ok(Some(StoredSession {
            account,
            csrf,
            window: window.map(WindowNo::new).transpose().map_err(corrupt)?,
            used_at,
            began_at,
        }))
    }

    /// The sessions of a person, the newest first.
    pub(crate) fn sessions_of(&self, staff: StaffId) -> Result<Vec<SessionLine>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT rowid, token_hash, began_at, used_at, address
             FROM staff_sessions
             WHERE staff = ?1
             ORDER BY began_at DESC",
        )?;
        let lines = query.query_map([staff.to_string()], |row| {
            Ok(SessionLine {
                id: row.get(0)?,
                token_hash: row.get(1)?,
                began_at: UtcMs(row.get(2)?),
                used_at: UtcMs(row.get(3)?),
                address: row.get(4)?,
            })
        })?;
        Ok(lines.collect::<Result<_, _>>()?)
    }
}

impl Write<'_> {
    pub(crate) fn keep_session(
        &mut self,
        start: &SessionStart,
        now: UtcMs,
    ) -> Result<(), StoreError> {
        let statement = "INSERT INTO staff_sessions (token_hash, staff, csrf, used_at, began_at,
                                                     address)
                         VALUES (?1, ?2, ?3, ?4, ?4, ?5)";
        let staff = start.staff.to_string();
        let values = (start.token_hash, staff, &start.csrf, now.0, &start.address);
        execute(self.sql, statement, values)
    }

    pub(crate) fn touch_session(
        &mut self,
        token_hash: [u8; 32],
        now: UtcMs,
    ) -> Result<(), StoreError> {
        let statement = "UPDATE staff_sessions SET used_at = ?2 WHERE token_hash = ?1";
        execute(self.sql, statement, (token_hash, now.0))
    }

    /// Sits the session down at a window, which it takes over, or lets it leave its window.
    pub(crate) fn seat_session(
        &mut self,
        token_hash: [u8; 32],
        window: Option<WindowNo>,
    ) -> Result<(), StoreError> {
        let Some(session) = self.reader().staff_session(token_hash)? else {
            return Ok(());
        };
        let hall = session.account.hall;
        if let Some(left) = session.window {
            self.memory.unseat(hall, left);
        }
        if let Some(taken) = window {
            let statement = "UPDATE staff_sessions
                             SET window = NULL
                             WHERE window = ?1
                               AND staff IN (SELECT staff FROM staff WHERE hall = ?2)";
            execute(self.sql, statement, (taken.get(), hall.to_string()))?;
            self.memory.seat(hall, taken, session.account.clerk_no);
        }
        let statement = "UPDATE staff_sessions SET window = ?2 WHERE token_hash = ?1";
        execute(self.sql, statement, (token_hash, window.map(WindowNo::get)))
    }

    pub(crate) fn end_session(&mut self, token_hash: [u8; 32]) -> Result<(), StoreError> {
        self.seat_session(token_hash, None)?;
        execute(
            self.sql,
            "DELETE FROM staff_sessions WHERE token_hash = ?1",
            [token_hash],
        )
    }

    /// Ends the sessions of a person, all but one.
    pub(crate) fn end_sessions_of(
        &mut self,
        staff: StaffId,
        but: Option<[u8; 32]>,
    ) -> Result<(), StoreError> {
        let sessions = self.reader().sessions_of(staff)?;
        let ending = sessions.iter().map(|line| line.token_hash);
        ending
            .filter(|token_hash| Some(*token_hash) != but)
            .try_for_each(|token_hash| self.end_session(token_hash))
    }

    /// Ends sessions that were last used or begun too long ago.
    pub(crate) fn end_old_sessions(
        &mut self,
        used_before: UtcMs,
        begun_before: UtcMs,
    ) -> Result<(), StoreError> {
        let old = {
            let mut query = self.sql.prepare_cached(
                "SELECT token_hash FROM staff_sessions WHERE used_at < ?1 OR began_at < ?2",
            )?;
            let old = query.query_map((used_before.0, begun_before.0), |row| row.get(0))?;
            old.collect::<Result<Vec<[u8; 32]>, _>>()?
        };
        old.into_iter()
            .try_for_each(|token_hash| self.end_session(token_hash))
    }
}

/// Who sits where, by the number for citizens.
pub(super) fn seats(sql: &Connection) -> Result<Vec<(HallId, WindowNo, String)>, StoreError> {
    let mut query = sql.prepare(
        "SELECT hall, window, clerk_no
         FROM staff_sessions JOIN staff USING (staff)
         WHERE window IS NOT NULL",
    )?;
    let mut rows = query.query([])?;
    let mut seats = Vec::new();
    while let Some(row) = rows.next()? {
        let window = WindowNo::new(row.get(1)?).map_err(corrupt)?;
        seats.push((read_id(&row.get::<_, String>(0)?)?, window, row.get(2)?));
    }
    Ok(seats)
}
