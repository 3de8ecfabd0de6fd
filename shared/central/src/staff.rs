//! Staff: accounts, roles, signing in, sessions, and what is written down of their acts. Passwords
//! are argon2id hashes; a session is 256 random bits in a cookie, hashed at rest, ended by idling
//! and by age. Credentials and sessions are operational; roles and acts are events. What a person
//! may do is a type, [`Staff`] of a right.

pub mod acts;

mod accounts;
mod actor;
mod audit;
mod deputy;
mod draft;
mod limit;
mod own;
mod password;
mod provision;
mod right;
mod set_up;
mod sign_in;
mod street;

use std::collections::BTreeSet;

use domain::case::Role;
use domain::id::{HallId, StaffId, WindowNo};
use domain::refusal::{Refusal, RefusalCode};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use wire::event::{Event, RoleGrant, StaffActed};
use wire::problem::Problem;

use crate::app_state::AppState;
use crate::authority;
use crate::store::StoreError;

pub use audit::Revealed;
pub(crate) use audit::{AUDIT_PAGE_LINES, AuditQuery, AuditView, checked_reason, is_called};
pub(crate) use deputy::DeputyDraft;
pub use draft::AccountDraft;
pub(crate) use draft::{AccountLine, AccountView, check_login, check_name};
pub use limit::SignInLimit;
pub(crate) use own::OwnView;
pub use password::{OneTimePassword, PasswordRules};
pub use provision::{NewStaff, add, add_with_one_time};
pub use right::*;
pub(crate) use set_up::{NewKeeper, SetUp};
pub(crate) use sign_in::{session, sign_in, sign_out};

/// The hall of who works in none.
pub const NO_HALL: HallId = HallId(Uuid::nil());
/// What staff can be; the others are not people who work here.
pub const GRANTABLE: fn(Role) -> bool =
    |role| !matches!(role, Role::Citizen | Role::EmployerUser | Role::System);

/// What staff's accounts go by (`assets/parameters/staff.toml`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StaffRules {
    /// Passwords.
    pub password: PasswordRules,
    /// Wrong passwords in a row after which an account is locked.
    pub lock_after: u32,
    /// For so long.
    pub lock_ms: i64,
    /// A session that was not used for so long has ended.
    pub idle_ms: i64,
    /// A session ends so long after signing in.
    pub session_ms: i64,
}

/// Who is signed in.
#[derive(Clone, PartialEq, Eq)]
pub struct StaffSession {
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
    /// The window at which this session sits.
    pub window: Option<WindowNo>,
    /// What every form of this session must send back.
    pub csrf: String,
    /// What this person is, and where.
    pub grants: BTreeSet<RoleGrant>,
    /// As what this person acts for others today, and for whom.
    pub acting_for: Vec<(StaffId, RoleGrant)>,
    /// Whether the password must be changed before anything else.
    pub must_change: bool,
    /// From which address this request came.
    pub address: String,
    pub(crate) token_hash: [u8; 32],
}

impl StaffSession {
    /// The session of a request that came from an address.
    #[must_use]
    pub fn from_address(self, address: String) -> Self {
        Self { address, ..self }
    }

    /// The first of these roles that the person holds, own ones before those of others.
    fn first_of(&self, roles: &[Role]) -> Option<RoleGrant> {
        let own = self.grants.iter();
        let lent = self.acting_for.iter().map(|(_, grant)| grant);
        let held: Vec<&RoleGrant> = own.chain(lent).collect();
        roles.iter().find_map(|role| {
            let mut fitting = held.iter().filter(|grant| grant.role == *role);
            fitting.next().map(|grant| (*grant).clone())
        })
    }
}

impl std::fmt::Debug for StaffSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StaffSession")
            .field("staff", &self.staff)
            .finish_non_exhaustive()
    }
}

/// A session that was just begun.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// The value of the cookie; known to the browser alone.
    pub cookie: CookieSecret,
    /// The session.
    pub session: StaffSession,
}

/// The value of a session's cookie. Not printed.
#[derive(Clone, PartialEq, Eq)]
pub struct CookieSecret(String);

impl std::fmt::Debug for CookieSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CookieSecret(***)")
    }
}

/// The value, for the `Set-Cookie` header only.
impl std::ops::Deref for CookieSecret {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

pub(crate) async fn sit_at(
    app: &AppState,
    by: &Staff<CallTickets>,
    window: Option<WindowNo>,
) -> Result<(), Problem> {
    let (hall, token, now) = (by.hall, by.token_hash, app.now());
    let subject = window.map_or_else(String::new, window_subject);
    let acted = by.acted(acts::TOOK_SEAT, subject);
    let seated = app.inner.store.write(move |write| {
        let known = write.hall(hall).is_some_and(|hall| {
            window.is_none_or(|window| hall.queue.windows.contains_key(&window))
        });
        if !known {
            let sentence = "这个大厅没有这个窗口。";
            return Ok(Err(Refusal::new(RefusalCode::UnknownWindow, sentence)));
        }
        write.seat_session(token, window)?;
        write.append(&acted, now)?;
        authority::refresh(write, hall, now).map(Ok)
    });
    Ok(seated.await??)
}

/// A window as the subject of an act.
pub(crate) fn window_subject(window: WindowNo) -> String {
    format!("window {window}")
}

/// The audit event of an act without anybody signed in.
pub(crate) fn acted(staff: Option<StaffId>, act: acts::Act, subject: impl Into<String>) -> Event {
    Event::StaffActed(StaffActed {
        staff,
        act: act.word().to_owned(),
        subject: subject.into(),
        ..StaffActed::default()
    })
}

fn token_hash(cookie: &str) -> [u8; 32] {
    Sha256::digest(cookie.as_bytes()).into()
}

/// Runs what takes long beside the runtime's threads.
async fn slowly<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| Problem::from(StoreError::Stopped))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) const RULES: StaffRules = StaffRules {
        password: PasswordRules {
            chars_min: 10,
            classes_min: 2,
            days_max: 180,
            one_time_ms: 72 * 3_600_000,
        },
        lock_after: 5,
        lock_ms: 15 * 60_000,
        idle_ms: 30 * 60_000,
        session_ms: 12 * 3_600_000,
    };

    pub(crate) fn session(grants: impl IntoIterator<Item = RoleGrant>) -> StaffSession {
        StaffSession {
            staff: StaffId(Uuid::from_u128(7)),
            name: "万小样".into(),
            login: "wan".into(),
            clerk_no: "0312".into(),
            hall: NO_HALL,
            window: None,
            csrf: "x".into(),
            grants: grants.into_iter().collect(),
            acting_for: Vec::new(),
            must_change: false,
            address: "10.0.0.7".into(),
            token_hash: [0; 32],
        }
    }

    #[test]
    fn secrets_do_not_print() {
        let cookie = CookieSecret("abcdef".into());
        assert!(!format!("{cookie:?}").contains("abcdef"));
        assert!(!format!("{:?}", session([])).contains("万小样"));
    }
}
