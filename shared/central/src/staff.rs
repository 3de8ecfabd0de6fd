//! Staff: accounts, signing in, sessions. Passwords are argon2id hashes; a session is 256 random
//! bits in a cookie, hashed at rest, ended by idling. Every sign-in and every act is an event.
//! What an account may do follows from its posts; see `crate::right`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use domain::case;
use domain::id::{HallId, StaffId, StationCode, WindowNo};
use domain::refusal::{Refusal, RefusalCode};
use domain::time::UtcMs;
use sha2::{Digest, Sha256};
use wire::event::{Event, Post, StaffActed, StaffRolesSet};
use wire::problem::{Problem, ProblemCode};

use crate::app_state::AppState;
use crate::authority;
use crate::edge;
use crate::store::{Role, StaffAccount, Store, StoreError};

/// A session that was not used for so long has ended.
pub(crate) const IDLE_MS_MAX: i64 = 30 * 60_000;
/// Using a session is noted at most this often.
const TOUCH_EVERY_MS: i64 = 60_000;
/// Failures per login within [`FAILURES_MS`] after which a login waits.
const FAILURES_MAX: u32 = 5;
const FAILURES_MS: i64 = 5 * 60_000;
/// Most logins whose failures are counted; made-up ones share one count beyond it.
const LOGINS_MAX: usize = 1_000;
/// Shortest password.
const PASSWORD_CHARS_MIN: usize = 8;

/// Who is signed in.
#[derive(Clone, PartialEq, Eq)]
pub struct StaffSession {
    /// Who.
    pub staff: StaffId,
    /// Name.
    pub name: String,
    /// The number for citizens (工号).
    pub clerk_no: String,
    /// The hall.
    pub hall: HallId,
    /// What this person is, and where.
    pub posts: Vec<Post>,
    /// The window at which this session sits.
    pub window: Option<WindowNo>,
    /// What every form of this session must send back.
    pub csrf: String,
    token_hash: [u8; 32],
}

impl std::fmt::Debug for StaffSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StaffSession")
            .field("staff", &self.staff)
            .finish_non_exhaustive()
    }
}

impl StaffSession {
    /// What this person is, at any station.
    #[must_use]
    pub fn roles(&self) -> BTreeSet<case::Role> {
        self.posts.iter().map(|post| post.role).collect()
    }

    /// What this person is at a station.
    #[must_use]
    pub fn roles_at(&self, station: &StationCode) -> BTreeSet<case::Role> {
        let is_there = |post: &&Post| post.station.as_ref().is_none_or(|at| at == station);
        self.posts
            .iter()
            .filter(is_there)
            .map(|post| post.role)
            .collect()
    }

    /// Where this person has a post; `None` at every station.
    #[must_use]
    pub fn stations(&self) -> Option<BTreeSet<StationCode>> {
        self.posts.iter().map(|post| post.station.clone()).collect()
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

/// Counts failed sign-ins per login, in memory.
#[derive(Debug, Default)]
pub struct SignInLimit {
    failures: Mutex<BTreeMap<String, (u32, UtcMs)>>,
}

impl SignInLimit {
    fn allows(&self, login: &str, now: UtcMs) -> bool {
        let mut failures = self.failures.lock().expect(LOCK);
        failures.retain(|_, (_, since)| now.ms_since(*since) < FAILURES_MS);
        failures
            .get(key(&failures, login))
            .is_none_or(|(count, _)| *count < FAILURES_MAX)
    }

    fn failed(&self, login: &str, now: UtcMs) {
        let mut failures = self.failures.lock().expect(LOCK);
        let key = key(&failures, login).to_owned();
        let (count, _) = failures.entry(key).or_insert((0, now));
        *count = count.saturating_add(1);
    }

    fn succeeded(&self, login: &str) {
        self.failures.lock().expect(LOCK).remove(login);
    }
}

const LOCK: &str = "the sign-in limit's lock, because no holder panics";

fn key<'l>(failures: &BTreeMap<String, (u32, UtcMs)>, login: &'l str) -> &'l str {
    let is_new_and_full = failures.len() >= LOGINS_MAX && !failures.contains_key(login);
    if is_new_and_full { "" } else { login }
}

/// What is said of a new account.
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
    /// Posts. None: a new account is a clerk everywhere, a known one keeps its own.
    pub posts: Vec<Post>,
}

/// Adds an account, or gives the one with this login a new password. Slow: argon2id.
///
/// # Errors
/// `BadRequest` for a short password, or a fault of storage.
pub fn add(store: &Store, new: NewStaff, password: &str, now: UtcMs) -> Result<StaffId, Problem> {
    if password.chars().count() < PASSWORD_CHARS_MIN {
        let sentence = format!("密码至少要 {PASSWORD_CHARS_MIN} 个字。");
        return Err(Problem::new(ProblemCode::BadRequest, sentence));
    }
    let posts = new.posts;
    let account = StaffAccount {
        staff: StaffId(edge::new_uuid(now)),
        name: new.name,
        login: new.login,
        clerk_no: new.clerk_no,
        hall: new.hall,
        password_hash: hash(password)?,
    };
    let kept = store.write_blocking(move |write| {
        let known = write.reader().staff_by_login(&account.login)?;
        let posts = match &known {
            None if posts.is_empty() => vec![CLERK_EVERYWHERE],
            _ => posts,
        };
        let staff = known.map_or(account.staff, |known| known.staff);
        write.keep_staff(&account, now)?;
        write.append(
            &acted(Some(staff), "account_set_up", account.clerk_no.clone()),
            now,
        )?;
        if !posts.is_empty() {
            write.append(&roles_set(staff, None, posts), now)?;
        }
        Ok(staff)
    });
    Ok(kept?)
}

/// What a new account is when nothing was said.
const CLERK_EVERYWHERE: Post = Post {
    role: case::Role::Clerk,
    station: None,
};

/// The event by which somebody's posts become these.
pub(crate) fn roles_set(staff: StaffId, by: Option<StaffId>, mut posts: Vec<Post>) -> Event {
    posts.sort_unstable();
    posts.dedup();
    Event::StaffRolesSet(StaffRolesSet { staff, by, posts })
}

pub(crate) async fn sign_in(
    app: &AppState,
    login: &str,
    password: &str,
) -> Result<NewSession, Problem> {
    let now = app.now();
    if !app.inner.sign_ins.allows(login, now) {
        let sentence = "输错太多次了，请过 5 分钟再试。";
        return Err(Problem::new(ProblemCode::TooMany, sentence));
    }
    check_cache(app, now).await?;
    let typed = login.to_owned();
    let account = app
        .inner
        .store
        .read(move |reader| reader.staff_by_login(&typed))
        .await?;
    let (account, is_right) = check_password(account, password.to_owned()).await?;
    match account.filter(|_| is_right) {
        Some(account) => {
            app.inner.sign_ins.succeeded(login);
            begin(app, account, now).await
        }
        None => {
            app.inner.sign_ins.failed(login, now);
            app.record(acted(None, "sign_in_failed", String::new()))
                .await?;
            Err(Problem::new(
                ProblemCode::SignInNeeded,
                "账号或密码不对，请再试一次。",
            ))
        }
    }
}

/// A hall node lets known staff in only while it has heard from its centre not too long ago.
async fn check_cache(app: &AppState, now: UtcMs) -> Result<(), Problem> {
    if app.inner.store.role() == Role::Centre {
        return Ok(());
    }
    let heard_at = app.inner.store.read(|reader| reader.staff_heard_at());
    let is_fresh = heard_at
        .await?
        .is_some_and(|at| now.ms_since(at) <= app.inner.in_force.now().staff_cache_ms);
    if is_fresh {
        return Ok(());
    }
    let sentence = "大厅和中心断开太久，现在不能登录。请联系信息科恢复网络。";
    Err(Problem::new(ProblemCode::SignInNeeded, sentence))
}

/// Unknown logins take as long as wrong passwords, so that logins cannot be guessed by time.
async fn check_password(
    account: Option<StaffAccount>,
    password: String,
) -> Result<(Option<StaffAccount>, bool), Problem> {
    let check = tokio::task::spawn_blocking(move || match account {
        Some(account) => {
            let is_right = PasswordHash::new(&account.password_hash).is_ok_and(|hash| {
                Argon2::default()
                    .verify_password(password.as_bytes(), &hash)
                    .is_ok()
            });
            Ok((Some(account), is_right))
        }
        None => hash(&password).map(|_| (None, false)),
    });
    check
        .await
        .map_err(|_| Problem::from(StoreError::Stopped))?
}

fn hash(password: &str) -> Result<String, Problem> {
    let hashed = Argon2::default().hash_password(password.as_bytes());
    hashed.map(|hash| hash.to_string()).map_err(|error| {
        tracing::error!(%error, "argon2");
        Problem::new(ProblemCode::Internal, "系统出了故障，请稍后再试。")
    })
}

async fn begin(app: &AppState, account: StaffAccount, now: UtcMs) -> Result<NewSession, Problem> {
    let (cookie, csrf) = (edge::new_secret(), edge::new_secret());
    let staff = account.staff;
    let posts = app.inner.store.read(move |reader| reader.posts_of(staff));
    let posts = posts.await?;
    let session = StaffSession {
        staff: account.staff,
        name: account.name,
        clerk_no: account.clerk_no,
        hall: account.hall,
        posts,
        window: None,
        csrf: csrf.clone(),
        token_hash: token_hash(&cookie),
    };
    let (staff, token) = (session.staff, session.token_hash);
    let kept = app.inner.store.write(move |write| {
        write.keep_session(token, staff, &csrf, now)?;
        write.append(&acted(Some(staff), "signed_in", String::new()), now)
    });
    kept.await?;
    Ok(NewSession {
        cookie: CookieSecret(cookie),
        session,
    })
}

pub(crate) async fn session(app: &AppState, cookie: &str) -> Result<StaffSession, Problem> {
    let (now, token) = (app.now(), token_hash(cookie));
    let stored = app
        .inner
        .store
        .read(move |reader| reader.staff_session(token))
        .await?;
    let stored = stored
        .filter(|stored| now.ms_since(stored.used_at) < IDLE_MS_MAX)
        .ok_or_else(|| Problem::new(ProblemCode::SignInNeeded, "请先登录。"))?;
    if now.ms_since(stored.used_at) > TOUCH_EVERY_MS {
        app.inner
            .store
            .write(move |write| write.touch_session(token, now))
            .await?;
    }
    Ok(StaffSession {
        staff: stored.account.staff,
        name: stored.account.name,
        clerk_no: stored.account.clerk_no,
        hall: stored.account.hall,
        posts: stored.posts,
        window: stored.window,
        csrf: stored.csrf,
        token_hash: token,
    })
}

pub(crate) async fn sign_out(app: &AppState, session: &StaffSession) -> Result<(), Problem> {
    let (staff, token, now) = (session.staff, session.token_hash, app.now());
    let hall = session.hall;
    let ended = app.inner.store.write(move |write| {
        write.end_session(token)?;
        write.append(&acted(Some(staff), "signed_out", String::new()), now)?;
        authority::refresh(write, hall, now)
    });
    Ok(ended.await?)
}

pub(crate) async fn sit_at(
    app: &AppState,
    session: &StaffSession,
    window: Option<WindowNo>,
) -> Result<(), Problem> {
    let (hall, staff, token, now) = (session.hall, session.staff, session.token_hash, app.now());
    let seated = app.inner.store.write(move |write| {
        let known = write.hall(hall).is_some_and(|hall| {
            window.is_none_or(|window| hall.queue.windows.contains_key(&window))
        });
        if !known {
            let sentence = "这个大厅没有这个窗口。";
            return Ok(Err(Refusal::new(RefusalCode::UnknownWindow, sentence)));
        }
        write.seat_session(token, window)?;
        let subject = window.map_or_else(String::new, |window| format!("window {window}"));
        write.append(&acted(Some(staff), "took_seat", subject), now)?;
        authority::refresh(write, hall, now).map(Ok)
    });
    Ok(seated.await??)
}

/// The audit event of an act.
pub(crate) fn acted(staff: Option<StaffId>, act: &str, subject: String) -> Event {
    Event::StaffActed(StaffActed {
        staff,
        act: act.to_owned(),
        subject,
    })
}

fn token_hash(cookie: &str) -> [u8; 32] {
    Sha256::digest(cookie.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_five_failures_a_login_waits_and_others_do_not() {
        let limit = SignInLimit::default();
        for _ in 0..FAILURES_MAX {
            assert!(limit.allows("a", UtcMs(0)));
            limit.failed("a", UtcMs(0));
        }
        assert!(!limit.allows("a", UtcMs(FAILURES_MS - 1)));
        assert!(limit.allows("b", UtcMs(0)));
        assert!(limit.allows("a", UtcMs(FAILURES_MS)));
    }

    #[test]
    fn secrets_do_not_print() {
        let cookie = CookieSecret("abcdef".into());
        assert!(!format!("{cookie:?}").contains("abcdef"));
    }
}
