//! Signing in and out. A wrong name and a wrong password are answered alike and take equally long.
//! Wrong passwords in a row lock an account; the lock is in the store and outlives a restart.

use domain::time::UtcMs;
use wire::event::Event;
use wire::problem::{Problem, ProblemCode};

use crate::app_state::AppState;
use crate::authority;
use crate::edge;
use crate::store::{
    Reader, Role as StoreRole, SessionStart, StaffAccount, StoreError, StoredSession, Write,
};

use super::{
    CookieSecret, NewSession, StaffRules, StaffSession, acted, acts, password, slowly, street,
    token_hash,
};

/// Using a session is noted at most this often.
const TOUCH_EVERY_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 3_600_000;

/// Checks name and password; a new session with a new secret.
pub(crate) async fn sign_in(
    app: &AppState,
    login: &str,
    password: &str,
    address: &str,
) -> Result<NewSession, Problem> {
    let (now, rules) = (app.now(), app.inner.in_force.now().staff);
    if let Some(until) = app.inner.sign_ins.waits_until(login, address, &rules, now) {
        return Err(locked(until));
    }
    check_cache(app, now).await?;
    let typed = login.to_owned();
    let account = app
        .inner
        .store
        .read(move |reader| reader.staff_by_login(&typed))
        .await?;
    if let Some(account) = account
        .as_ref()
        .filter(|account| account.locked_until > now)
    {
        return Err(locked(account.locked_until));
    }
    if !is_right(account.as_ref(), password.to_owned()).await? {
        return Err(failed(app, account, (login, address), now).await?);
    }
    // the check above is true for nobody without an account
    let account = account.ok_or_else(wrong)?;
    if let Some(why) = kept_out(app, &account, now) {
        return Err(Problem::new(ProblemCode::SignInNeeded, why));
    }
    begin(app, account, address, now).await
}

fn wrong() -> Problem {
    Problem::new(ProblemCode::SignInNeeded, "登录名或密码不对，请再试一次。")
}

fn locked(until: UtcMs) -> Problem {
    let until = until.clock_text();
    let sentence =
        format!("输错太多次，锁到 {until}。到时候再试；急用请找管账号的人（运维或人事）解锁。");
    Problem::new(ProblemCode::TooMany, sentence)
}

/// Why the right password does not open.
fn kept_out(app: &AppState, account: &StaffAccount, now: UtcMs) -> Option<&'static str> {
    let rules = app.inner.in_force.now().staff.password;
    let is_one_time_over =
        account.must_change && now.ms_since(account.password_at) > rules.one_time_ms;
    let is_node = app.inner.store.role() != StoreRole::Centre;
    if account.disabled_at.is_some() {
        Some("这个账号停用了。要用请找管账号的人（运维或人事）恢复。")
    } else if is_one_time_over {
        Some("这个一次性密码过期了。请找管账号的人（运维或人事）再要一个。")
    } else if account.must_change && is_node {
        Some("这个密码要先改才能用。请在中心的网页上改，再回来登录。")
    } else {
        None
    }
}

/// A hall node lets known staff in only while it has heard from its centre not too long ago.
async fn check_cache(app: &AppState, now: UtcMs) -> Result<(), Problem> {
    if app.inner.store.role() == StoreRole::Centre {
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

/// Unknown names take as long as wrong passwords, so that names cannot be guessed by time.
pub(super) async fn is_right(
    account: Option<&StaffAccount>,
    password: String,
) -> Result<bool, Problem> {
    let hash = account.map(|account| account.password_hash.clone());
    slowly(move || match hash {
        Some(hash) => Ok(password::is_of(&password, &hash)),
        None => password::hash(&password).map(|_| false),
    })
    .await?
}

/// Counts a failure and says what the person is to be told.
async fn failed(
    app: &AppState,
    account: Option<StaffAccount>,
    (login, address): (&str, &str),
    now: UtcMs,
) -> Result<Problem, Problem> {
    app.inner.sign_ins.address_failed(address, now);
    let Some(account) = account else {
        app.inner.sign_ins.unknown_failed(login, now);
        app.record(from(address, acted(None, acts::SIGN_IN_FAILED, "")))
            .await?;
        let until =
            app.inner
                .sign_ins
                .waits_until(login, address, &app.inner.in_force.now().staff, now);
        return Ok(until.map_or_else(wrong, locked));
    };
    let (rules, address) = (app.inner.in_force.now().staff, address.to_owned());
    let counted = app
        .inner
        .store
        .write(move |write| count_failure(write, &account, &rules, &address, now));
    Ok(counted.await?.map_or_else(wrong, locked))
}

/// One more wrong password; until when the account is locked, if it is now.
pub(super) fn count_failure(
    write: &mut Write<'_>,
    account: &StaffAccount,
    rules: &StaffRules,
    address: &str,
    now: UtcMs,
) -> Result<Option<UtcMs>, StoreError> {
    let staff = account.staff;
    let known = write.reader().staff_account(staff)?;
    let failures = known.map_or(0, |known| known.failures).saturating_add(1);
    write.append(
        &from(address, acted(Some(staff), acts::SIGN_IN_FAILED, "")),
        now,
    )?;
    if failures < rules.lock_after {
        write.note_failures(staff, failures, UtcMs(0))?;
        return Ok(None);
    }
    let until = now.plus_ms(rules.lock_ms);
    write.note_failures(staff, 0, until)?;
    write.append(
        &from(address, acted(Some(staff), acts::ACCOUNT_LOCKED, "")),
        now,
    )?;
    Ok(Some(until))
}

/// The same act, with where it came from.
fn from(address: &str, mut event: Event) -> Event {
    if let Event::StaffActed(acted) = &mut event {
        address.clone_into(&mut acted.address);
    }
    event
}

async fn begin(
    app: &AppState,
    account: StaffAccount,
    address: &str,
    now: UtcMs,
) -> Result<NewSession, Problem> {
    let (cookie, csrf) = (edge::new_secret(), edge::new_secret());
    let start = SessionStart {
        token_hash: token_hash(&cookie),
        staff: account.staff,
        csrf,
        address: address.to_owned(),
    };
    let rules = app.inner.in_force.now().staff;
    let begun = app
        .inner
        .store
        .write(move |write| begin_in(write, &start, &rules, now));
    Ok(NewSession {
        cookie: CookieSecret(cookie),
        session: begun.await??,
    })
}

/// The lock is looked at once more: guesses that came at the same time have been counted by now.
fn begin_in(
    write: &mut Write<'_>,
    start: &SessionStart,
    rules: &StaffRules,
    now: UtcMs,
) -> Result<Result<StaffSession, Problem>, StoreError> {
    let account = write.reader().staff_account(start.staff)?;
    let Some(account) = account else {
        return Ok(Err(wrong()));
    };
    if account.locked_until > now {
        return Ok(Err(locked(account.locked_until)));
    }
    write.note_failures(start.staff, 0, UtcMs(0))?;
    write.keep_session(start, now)?;
    let signed_in = acted(Some(start.staff), acts::SIGNED_IN, "");
    write.append(&from(&start.address, signed_in), now)?;
    let stored = StoredSession {
        account,
        csrf: start.csrf.clone(),
        window: None,
        used_at: now,
        began_at: now,
    };
    let session = as_session(&write.reader(), stored, start.token_hash, rules, now)?;
    Ok(Ok(session.from_address(start.address.clone())))
}

/// Account, roles and deputies as they are now.
fn as_session(
    reader: &Reader<'_>,
    stored: StoredSession,
    token_hash: [u8; 32],
    rules: &StaffRules,
    now: UtcMs,
) -> Result<StaffSession, StoreError> {
    let account = stored.account;
    let (days_max, age_ms) = (rules.password.days_max, now.ms_since(account.password_at));
    let acting_for = reader.acting_for(account.staff, now.hall_date())?;
    let is_old = days_max > 0 && age_ms > days_max * DAY_MS;
    Ok(StaffSession {
        grants: street::reaching(reader, reader.roles_of(account.staff)?)?,
        acting_for: street::reaching_for(reader, acting_for)?,
        staff: account.staff,
        name: account.name,
        login: account.login,
        clerk_no: account.clerk_no,
        hall: account.hall,
        window: stored.window,
        csrf: stored.csrf,
        must_change: account.must_change || is_old,
        address: String::new(),
        token_hash,
    })
}

/// The session of a cookie, if it is neither idle nor too old and its owner may still come in.
pub(crate) async fn session(app: &AppState, cookie: &str) -> Result<StaffSession, Problem> {
    let (now, token, rules) = (
        app.now(),
        token_hash(cookie),
        app.inner.in_force.now().staff,
    );
    let found = app.inner.store.read(move |reader| {
        let stored = reader.staff_session(token)?.filter(|stored| {
            now.ms_since(stored.used_at) < rules.idle_ms
                && now.ms_since(stored.began_at) < rules.session_ms
                && stored.account.disabled_at.is_none()
        });
        let Some(stored) = stored else {
            return Ok(None);
        };
        let used_at = stored.used_at;
        as_session(reader, stored, token, &rules, now).map(|session| Some((session, used_at)))
    });
    let Some((session, used_at)) = found.await? else {
        return Err(Problem::new(ProblemCode::SignInNeeded, "请先登录。"));
    };
    if now.ms_since(used_at) > TOUCH_EVERY_MS {
        let touched = app
            .inner
            .store
            .write(move |write| write.touch_session(token, now));
        touched.await?;
    }
    Ok(session)
}

/// Ends the session, and frees its window.
pub(crate) async fn sign_out(app: &AppState, session: &StaffSession) -> Result<(), Problem> {
    let (token, hall, now) = (session.token_hash, session.hall, app.now());
    let signed_out = acted(Some(session.staff), acts::SIGNED_OUT, "");
    let signed_out = from(&session.address, signed_out);
    let ended = app.inner.store.write(move |write| {
        write.end_session(token)?;
        write.append(&signed_out, now)?;
        authority::refresh(write, hall, now)
    });
    Ok(ended.await?)
}
