//! Derived tables of roles and deputies, and what a hall node was told of roles.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::case::Role;
use domain::id::{HallId, StaffId, StationCode};
use domain::time::UtcMs;
use rusqlite::{Connection, Row};
use wire::event::{RoleGrant, StaffDeputySet, StaffRolesSet};
use wire::relay::NodeStaff;

use super::projection::{execute, read_date};
use super::visits::{corrupt, read_id};
use super::{Reader, StaffAccount, StoreError, Write, writer};

const META_STAFF_HEARD_AT: &str = "staff_heard_at";

/// Somebody acts for somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DeputyLine {
    pub(crate) staff: StaffId,
    pub(crate) for_staff: StaffId,
    pub(crate) role: Role,
    pub(crate) from: NaiveDate,
    pub(crate) to: NaiveDate,
}

/// `staff.roles_set`
pub(super) fn set(sql: &Connection, set: &StaffRolesSet) -> Result<(), StoreError> {
    let staff = set.staff.to_string();
    execute(sql, "DELETE FROM staff_roles WHERE staff = ?1", [&staff])?;
    put(
        sql,
        "INSERT INTO staff_roles VALUES (?1, ?2, ?3)",
        &staff,
        &set.roles,
    )
}

fn put(
    sql: &Connection,
    statement: &str,
    staff: &str,
    roles: &BTreeSet<RoleGrant>,
) -> Result<(), StoreError> {
    roles.iter().try_for_each(|grant| {
        let station = grant.station.as_ref().map_or("", StationCode::as_str);
        execute(sql, statement, (staff, grant.role.word(), station))
    })
}

/// `staff.deputy_set`
pub(super) fn set_deputy(sql: &Connection, set: &StaffDeputySet) -> Result<(), StoreError> {
    let (staff, for_staff) = (set.staff.to_string(), set.for_staff.to_string());
    let ended = "DELETE FROM staff_deputies WHERE staff = ?1 AND for_staff = ?2";
    execute(sql, ended, (&staff, &for_staff))?;
    let (from, to) = (set.from.to_string(), set.to.to_string());
    set.roles.iter().try_for_each(|role| {
        let statement = "INSERT INTO staff_deputies VALUES (?1, ?2, ?3, ?4, ?5)";
        execute(
            sql,
            statement,
            (&staff, &for_staff, role.word(), &from, &to),
        )
    })
}

impl Reader<'_> {
    /// What a person is, and where.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn roles_of(&self, staff: StaffId) -> Result<BTreeSet<RoleGrant>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT role, station FROM staff_roles WHERE staff = ?1
             UNION
             SELECT role, station FROM node_roles WHERE staff = ?1",
        )?;
        let grants = query.query_map([staff.to_string()], |row| Ok(read_grant(row, 0)))?;
        grants.map(|grant| grant?).collect()
    }

    /// What everybody is, and where.
    pub(crate) fn all_roles(&self) -> Result<BTreeMap<StaffId, BTreeSet<RoleGrant>>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT staff, role, station FROM staff_roles
             UNION
             SELECT staff, role, station FROM node_roles",
        )?;
        let mut rows = query.query([])?;
        let mut roles: BTreeMap<StaffId, BTreeSet<RoleGrant>> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let staff = read_id(&row.get::<_, String>(0)?)?;
            roles.entry(staff).or_default().insert(read_grant(row, 1)?);
        }
        Ok(roles)
    }

    /// For whom a person acts on a day, and as what: as far as the other one is that.
    pub(crate) fn acting_for(
        &self,
        staff: StaffId,
        day: NaiveDate,
    ) -> Result<Vec<(StaffId, RoleGrant)>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT d.for_staff, r.role, r.station
             FROM staff_deputies d
             JOIN staff_roles r ON r.staff = d.for_staff AND r.role = d.role
             WHERE d.staff = ?1 AND d.from_day <= ?2 AND d.to_day >= ?2
             ORDER BY 1, 2, 3",
        )?;
        let mut rows = query.query((staff.to_string(), day.to_string()))?;
        let mut acting = Vec::new();
        while let Some(row) = rows.next()? {
            let for_staff = read_id(&row.get::<_, String>(0)?)?;
            acting.push((for_staff, read_grant(row, 1)?));
        }
        Ok(acting)
    }

    /// Who acts for a person, and for whom that person acts, also in days to come.
    pub(crate) fn deputies_about(&self, staff: StaffId) -> Result<Vec<DeputyLine>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT staff, for_staff, role, from_day, to_day
             FROM staff_deputies
             WHERE staff = ?1 OR for_staff = ?1
             ORDER BY from_day, staff, for_staff, role",
        )?;
        let mut rows = query.query([staff.to_string()])?;
        let mut lines = Vec::new();
        while let Some(row) = rows.next()? {
            lines.push(DeputyLine {
                staff: read_id(&row.get::<_, String>(0)?)?,
                for_staff: read_id(&row.get::<_, String>(1)?)?,
                role: read_role(&row.get::<_, String>(2)?)?,
                from: read_date(&row.get::<_, String>(3)?)?,
                to: read_date(&row.get::<_, String>(4)?)?,
            });
        }
        Ok(lines)
    }

    /// Everybody who may sign in in a hall, with the hashes of their passwords: for its node.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn staff_of_hall(&self, hall: HallId) -> Result<Vec<NodeStaff>, StoreError> {
        let accounts = self.all_staff()?.into_iter();
        let working = accounts.filter(|one| one.hall == hall && one.disabled_at.is_none());
        let told = working.map(|account| {
            Ok(NodeStaff {
                roles: self.roles_of(account.staff)?,
                staff: account.staff,
                name: account.name,
                login: account.login,
                clerk_no: account.clerk_no,
                hall: account.hall,
                password_hash: account.password_hash,
                must_change: account.must_change,
            })
        });
        told.collect()
    }

    /// When this node last heard from its centre who works here.
    pub(crate) fn staff_heard_at(&self) -> Result<Option<UtcMs>, StoreError> {
        let noted = writer::meta(self.sql, META_STAFF_HEARD_AT)?;
        Ok(noted.and_then(|text| text.parse().ok()).map(UtcMs))
    }
}

impl Write<'_> {
    /// What the centre says of who works in this node's hall: others leave, with their sessions.
    /// Locks are the node's own and stay.
    pub(crate) fn replace_staff(
        &mut self,
        staff: Vec<NodeStaff>,
        now: UtcMs,
    ) -> Result<(), StoreError> {
        let known: Vec<String> = staff.iter().map(|one| one.staff.to_string()).collect();
        let known = serde_json::to_string(&known)?;
        for statement in [
            "DELETE FROM staff_sessions WHERE staff NOT IN (SELECT value FROM json_each(?1))",
            "DELETE FROM staff WHERE staff NOT IN (SELECT value FROM json_each(?1))",
        ] {
            execute(self.sql, statement, [&known])?;
        }
        execute(self.sql, "DELETE FROM node_roles", [])?;
        for one in staff {
            let statement = "INSERT INTO node_roles VALUES (?1, ?2, ?3)";
            put(self.sql, statement, &one.staff.to_string(), &one.roles)?;
            self.keep_staff(&cached(one, now), now)?;
        }
        writer::set_meta(self.sql, META_STAFF_HEARD_AT, &now.0.to_string())
    }
}

/// How old a password is only its centre knows, which has it changed there.
fn cached(one: NodeStaff, now: UtcMs) -> StaffAccount {
    StaffAccount {
        staff: one.staff,
        name: one.name,
        login: one.login,
        clerk_no: one.clerk_no,
        hall: one.hall,
        password_hash: one.password_hash,
        must_change: one.must_change,
        password_at: now,
        failures: 0,
        locked_until: UtcMs(0),
        disabled_at: None,
    }
}

fn read_grant(row: &Row<'_>, at: usize) -> Result<RoleGrant, StoreError> {
    let (role, station): (String, String) = (row.get(at)?, row.get(at + 1)?);
    let station = Some(station).filter(|station| !station.is_empty());
    Ok(RoleGrant {
        role: read_role(&role)?,
        station: station.map(StationCode::new).transpose().map_err(corrupt)?,
    })
}

pub(super) fn read_role(word: &str) -> Result<Role, StoreError> {
    Role::of_word(word).ok_or_else(|| StoreError::Corrupt(format!("{word:?} is not a role")))
}
