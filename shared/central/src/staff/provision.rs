//! Accounts that the command line, the demo and tests make, without anybody signed in.

use std::collections::BTreeSet;

use domain::id::{HallId, StaffId};
use domain::time::UtcMs;
use wire::event::{Event, RoleGrant, StaffRolesSet};
use wire::problem::{Problem, ProblemCode};

use crate::edge;
use crate::parameters::Parameters;
use crate::store::{StaffAccount, Store, StoreError, Write};

use super::{OneTimePassword, acted, acts, password};

/// What is said of an account.
#[derive(Debug, Clone)]
pub struct NewStaff {
    /// Name.
    pub name: String,
    /// What is typed to sign in.
    pub login: String,
    /// The number for citizens.
    pub clerk_no: String,
    /// The hall.
    pub hall: HallId,
    /// What the person is, and where.
    pub roles: BTreeSet<RoleGrant>,
}

/// Adds an account with a password that its owner knows, or gives the one with this login that
/// password and these roles. Slow: argon2id.
///
/// # Errors
/// `BadRequest` for a weak password, or a fault of storage.
pub fn add(store: &Store, new: NewStaff, password: &str, now: UtcMs) -> Result<StaffId, Problem> {
    let rules = Parameters::on(now.hall_date()).map(|parameters| parameters.staff.password);
    let rules = rules.map_err(|error| Problem::new(ProblemCode::Internal, error.to_string()))?;
    if let Some(why) = rules.fault(password, &new.login) {
        return Err(Problem::new(ProblemCode::BadRequest, why));
    }
    keep(store, new, password, false, now)
}

/// Adds an account with a one-time password, which its owner must change, or gives the one with
/// this login a new one. Slow: argon2id.
///
/// # Errors
/// A fault of storage.
pub fn add_with_one_time(
    store: &Store,
    new: NewStaff,
    now: UtcMs,
) -> Result<OneTimePassword, Problem> {
    let password = OneTimePassword::make();
    keep(store, new, password.reveal(), true, now)?;
    Ok(password)
}

fn keep(
    store: &Store,
    new: NewStaff,
    password: &str,
    must_change: bool,
    now: UtcMs,
) -> Result<StaffId, Problem> {
    let account = StaffAccount {
        staff: StaffId(edge::new_uuid(now)),
        name: new.name,
        login: new.login,
        clerk_no: new.clerk_no,
        hall: new.hall,
        password_hash: password::hash(password)?,
        must_change,
        password_at: now,
        failures: 0,
        locked_until: UtcMs(0),
        disabled_at: None,
    };
    let roles = new.roles;
    Ok(store.write_blocking(move |write| keep_in(write, &account, roles, now))?)
}

/// A known account is opened again, and its sessions end with its old password.
fn keep_in(
    write: &mut Write<'_>,
    account: &StaffAccount,
    roles: BTreeSet<RoleGrant>,
    now: UtcMs,
) -> Result<StaffId, StoreError> {
    let known = write.reader().staff_by_login(&account.login)?;
    let staff = known.map_or(account.staff, |known| known.staff);
    write.keep_staff(account, now)?;
    write.note_failures(staff, 0, UtcMs(0))?;
    write.set_disabled(staff, None)?;
    write.end_sessions_of(staff, None)?;
    write.append(&acted(None, acts::ACCOUNT_SET_UP, staff.to_string()), now)?;
    if write.reader().roles_of(staff)? != roles {
        let by = None;
        let set = StaffRolesSet { staff, by, roles };
        write.append(&Event::StaffRolesSet(set), now)?;
    }
    Ok(staff)
}
