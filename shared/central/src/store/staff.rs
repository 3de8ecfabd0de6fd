//! Operational state of staff: accounts with their credentials, locks and one-time passwords. Not
//! rebuilt.

use domain::id::{HallId, StaffId};
use domain::time::UtcMs;
use rusqlite::{OptionalExtension, Row};

use super::projection::execute;
use super::visits::read_id;
use super::{Reader, StoreError, Write};

/// Somebody who works here and may sign in.
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
    /// The hall; nil for who works in none.
    pub hall: HallId,
    /// argon2id, as a PHC string.
    pub password_hash: String,
    /// Whether the password was given by somebody else and must be changed first.
    pub must_change: bool,
    /// Since when the password is this one.
    pub password_at: UtcMs,
    /// Wrong passwords in a row.
    pub failures: u32,
    /// Until then nobody is let in, not even with the right password.
    pub locked_until: UtcMs,
    /// Since when nobody is let in any more.
    pub disabled_at: Option<UtcMs>,
}

impl std::fmt::Debug for StaffAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StaffAccount")
            .field("staff", &self.staff)
            .finish_non_exhaustive()
    }
}

macro_rules! accounts {
    ($which:literal) => {
        concat!(
            "SELECT staff, name, login, clerk_no, hall, password_hash, must_change, password_at,
                    failures, locked_until, disabled_at
             FROM staff ",
            $which
        )
    };
}

impl Reader<'_> {
    /// The account with this login.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn staff_by_login(&self, login: &str) -> Result<Option<StaffAccount>, StoreError> {
        self.one_account(accounts!("WHERE login = ?1"), login)
    }

    /// The account of a person.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn staff_account(&self, staff: StaffId) -> Result<Option<StaffAccount>, StoreError> {
        self.one_account(accounts!("WHERE staff = ?1"), &staff.to_string())
    }

    fn one_account(&self, query: &str, key: &str) -> Result<Option<StaffAccount>, StoreError> {
        let mut query = self.sql.prepare_cached(query)?;
        query
            .query_row([key], |row| Ok(read_account(row)))
            .optional()?
            .transpose()
    }

    /// All accounts, by login.
    pub(crate) fn all_staff(&self) -> Result<Vec<StaffAccount>, StoreError> {
        let mut query = self.sql.prepare_cached(accounts!("ORDER BY login"))?;
        let accounts = query.query_map([], |row| Ok(read_account(row)))?;
        accounts.map(|account| account?).collect()
    }

    /// Whether nobody has an account yet.
    pub(crate) fn is_without_staff(&self) -> Result<bool, StoreError> {
        let query = "SELECT NOT EXISTS (SELECT 1 FROM staff)";
        Ok(self.sql.query_row(query, [], |row| row.get(0))?)
    }
}

impl Write<'_> {
    /// Adds an account, or gives the one with the same login a new password, name and number.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn keep_staff(&mut self, account: &StaffAccount, now: UtcMs) -> Result<(), StoreError> {
        let statement = "INSERT INTO staff (staff, name, login, clerk_no, hall, password_hash,
                                            must_change, password_at, created_at)
                         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
                         ON CONFLICT (login) DO UPDATE
                         SET name = excluded.name,
                             clerk_no = excluded.clerk_no,
                             hall = excluded.hall,
                             password_hash = excluded.password_hash,
                             must_change = excluded.must_change,
                             password_at = excluded.password_at";
        let values = (
            account.staff.to_string(),
            &account.name,
            &account.login,
            &account.clerk_no,
            account.hall.to_string(),
            &account.password_hash,
            account.must_change,
            account.password_at.0,
            now.0,
        );
        execute(self.sql, statement, values)
    }

    /// Changes what is said of a person. Who changes halls is no longer signed in at the old one.
    pub(crate) fn describe_staff(
        &mut self,
        staff: StaffId,
        (name, clerk_no): (&str, &str),
        hall: HallId,
    ) -> Result<(), StoreError> {
        let known = self.reader().staff_account(staff)?;
        if known.is_some_and(|known| known.hall != hall) {
            self.end_sessions_of(staff, None)?;
        }
        let statement = "UPDATE staff SET name = ?2, clerk_no = ?3, hall = ?4 WHERE staff = ?1";
        let values = (staff.to_string(), name, clerk_no, hall.to_string());
        execute(self.sql, statement, values)
    }

    /// A new password; failures and locks end with the old one.
    pub(crate) fn set_password(
        &mut self,
        staff: StaffId,
        hash: &str,
        must_change: bool,
        now: UtcMs,
    ) -> Result<(), StoreError> {
        let statement = "UPDATE staff
                         SET password_hash = ?2, must_change = ?3, password_at = ?4
                         WHERE staff = ?1";
        execute(
            self.sql,
            statement,
            (staff.to_string(), hash, must_change, now.0),
        )?;
        self.note_failures(staff, 0, UtcMs(0))
    }

    /// Wrong passwords in a row, and until when the account is locked.
    pub(crate) fn note_failures(
        &mut self,
        staff: StaffId,
        failures: u32,
        locked_until: UtcMs,
    ) -> Result<(), StoreError> {
        let statement = "UPDATE staff SET failures = ?2, locked_until = ?3 WHERE staff = ?1";
        execute(
            self.sql,
            statement,
            (staff.to_string(), failures, locked_until.0),
        )
    }

    /// Lets nobody in any more under this account, or lets them in again.
    pub(crate) fn set_disabled(
        &mut self,
        staff: StaffId,
        since: Option<UtcMs>,
    ) -> Result<(), StoreError> {
        let statement = "UPDATE staff SET disabled_at = ?2 WHERE staff = ?1";
        execute(
            self.sql,
            statement,
            (staff.to_string(), since.map(|at| at.0)),
        )
    }
}

fn read_account(row: &Row<'_>) -> Result<StaffAccount, StoreError> {
    Ok(StaffAccount {
        staff: read_id(&row.get::<_, String>(0)?)?,
        name: row.get(1)?,
        login: row.get(2)?,
        clerk_no: row.get(3)?,
        hall: read_id(&row.get::<_, String>(4)?)?,
        password_hash: row.get(5)?,
        must_change: row.get(6)?,
        password_at: UtcMs(row.get(7)?),
        failures: row.get(8)?,
        locked_until: UtcMs(row.get(9)?),
        disabled_at: row.get::<_, Option<i64>>(10)?.map(UtcMs),
    })
}
