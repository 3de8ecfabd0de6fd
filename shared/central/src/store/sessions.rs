//! Operational state of staff: credentials and sessions. Not rebuilt.

use domain::id::{HallId, StaffId, WindowNo};
use domain::time::UtcMs;
use rusqlite::{Connection, OptionalExtension};
use wire::event::Post;
use wire::relay::NodeStaff;

use super::projection::execute;
use super::visits::{corrupt, read_id};
use super::{Reader, StoreError, Write, posts, writer};

const META_STAFF_HEARD_AT: &str = "staff_heard_at";

/// A member of staff who may sign in.
#[derive(Clone, PartialEq, Eq)]
pub struct StaffAccount {
    /// Who.
    pub staff: StaffId,
    /// Name.
    pub name: String,
    /// What is typed to sign in.
    pub login: String,
    /// The number for citizens (工号).
    pub clerk_no: String,
    /// The hall.
    pub hall: HallId,
    /// argon2id, as a PHC string.
    pub password_hash: String,
}

impl std::fmt::Debug for StaffAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StaffAccount")
            .field("staff", &self.staff)
            .finish_non_exhaustive()
    }
}

/// A session as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredSession {
    pub(crate) account: StaffAccount,
    pub(crate) posts: Vec<Post>,
    pub(crate) csrf: String,
    pub(crate) window: Option<WindowNo>,
    pub(crate) used_at: UtcMs,
}

impl Reader<'_> {
    /// The account with this login.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn staff_by_login(&self, login: &str) -> Result<Option<StaffAccount>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT staff, name, login, clerk_no, hall, password_hash FROM staff WHERE login = ?1",
        )?;
        query
            .query_row([login], |row| Ok(read_account(row)))
            .optional()?
            .transpose()
    }

    /// Everybody who may sign in in a hall, with the hashes of their passwords: for its node.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn staff_of_hall(&self, hall: HallId) -> Result<Vec<NodeStaff>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT staff, name, login, clerk_no, hall, password_hash
             FROM staff
             WHERE hall = ?1
             ORDER BY login",
        )?;
        let accounts = query.query_map([hall.to_string()], |row| Ok(read_account(row)))?;
        accounts
            .map(|account| {
                let account = account??;
                Ok(NodeStaff {
                    posts: self.posts_of(account.staff)?,
                    staff: account.staff,
                    name: account.name,
                    login: account.login,
                    clerk_no: account.clerk_no,
                    hall: account.hall,
                    password_hash: account.password_hash,
                })
            })
            .collect()
    }

    /// When this node last heard from its centre who works here.
    pub(crate) fn staff_heard_at(&self) -> Result<Option<UtcMs>, StoreError> {
        let noted = writer::meta(self.sql, META_STAFF_HEARD_AT)?;
        Ok(noted.and_then(|text| text.parse().ok()).map(UtcMs))
    }

    pub(crate) fn staff_session(
        &self,
        token_hash: [u8; 32],
    ) -> Result<Option<StoredSession>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT staff, name, login, clerk_no, hall, password_hash, csrf, window, used_at
             FROM staff_sessions JOIN staff USING (staff)
             WHERE token_hash = ?1",
        )?;
        let session = query.query_row([token_hash], |row| {
            Ok((
                read_account(row),
                row.get(6)?,
                row.get::<_, Option<u8>>(7)?,
                row.get(8)?,
            ))
        });
        let Some((account, csrf, window, used_at)) = session.optional()? else {
            return Ok(None);
        };
        let window = window.map(WindowNo::new).transpose().map_err(corrupt)?;
        let account = account?;
        Ok(Some(StoredSession {
            posts: self.posts_of(account.staff)?,
            account,
            csrf,
            window,
            used_at: UtcMs(used_at),
        }))
    }
}

impl Write<'_> {
    /// What the centre says of who works in this node's hall: others leave, with their sessions.
    pub(crate) fn replace_staff(
        &mut self,
        staff: Vec<NodeStaff>,
        now: UtcMs,
    ) -> Result<(), StoreError> {
        let known: Vec<String> = staff.iter().map(|one| one.staff.to_string()).collect();
        let known = serde_json::to_string(&known)?;
        for statement in [
            "DELETE FROM staff_sessions WHERE staff NOT IN (SELECT value FROM json_each(?1))",
            "DELETE FROM staff_posts WHERE staff NOT IN (SELECT value FROM json_each(?1))",
            "DELETE FROM staff WHERE staff NOT IN (SELECT value FROM json_each(?1))",
        ] {
            execute(self.sql, statement, [&known])?;
        }
        for one in staff {
            let account = StaffAccount {
                staff: one.staff,
                name: one.name,
                login: one.login,
                clerk_no: one.clerk_no,
                hall: one.hall,
                password_hash: one.password_hash,
            };
            self.keep_staff(&account, now)?;
            posts::replace(self.sql, account.staff, &one.posts, false)?;
        }
        writer::set_meta(self.sql, META_STAFF_HEARD_AT, &now.0.to_string())
    }

    /// Adds an account, or gives one with the same login a new password, name and number.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn keep_staff(&mut self, account: &StaffAccount, now: UtcMs) -> Result<(), StoreError> {
        let statement = "INSERT INTO staff (staff, name, login, clerk_no, hall, password_hash,
                                            created_at)
                         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                         ON CONFLICT (login) DO UPDATE
                         SET name = excluded.name,
                             clerk_no = excluded.clerk_no,
                             hall = excluded.hall,
                             password_hash = excluded.password_hash";
        let values = (
            account.staff.to_string(),
            &account.name,
            &account.login,
            &account.clerk_no,
            account.hall.to_string(),
            &account.password_hash,
            now.0,
        );
        execute(self.sql, statement, values)
    }

    pub(crate) fn keep_session(
        &mut self,
        token_hash: [u8; 32],
        staff: StaffId,
        csrf: &str,
        now: UtcMs,
    ) -> Result<(), StoreError> {
        let statement = "INSERT INTO staff_sessions (token_hash, staff, csrf, used_at)
                         VALUES (?1, ?2, ?3, ?4)";
        execute(
            self.sql,
            statement,
            (token_hash, staff.to_string(), csrf, now.0),
        )
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

    /// Ends sessions that were last used before `before`.
    pub(crate) fn end_idle_sessions(&mut self, before: UtcMs) -> Result<(), StoreError> {
        let idle = {
            let mut query = self
                .sql
                .prepare_cached("SELECT token_hash FROM staff_sessions WHERE used_at < ?1")?;
            let idle = query.query_map([before.0], |row| row.get(0))?;
            idle.collect::<Result<Vec<[u8; 32]>, _>>()?
        };
        idle.into_iter()
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

fn read_account(row: &rusqlite::Row<'_>) -> Result<StaffAccount, StoreError> {
    Ok(StaffAccount {
        staff: read_id(&row.get::<_, String>(0)?)?,
        name: row.get(1)?,
        login: row.get(2)?,
        clerk_no: row.get(3)?,
        hall: read_id(&row.get::<_, String>(4)?)?,
        password_hash: row.get(5)?,
    })
}
