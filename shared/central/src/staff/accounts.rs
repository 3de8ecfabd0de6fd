//! What the keeper of accounts does: making them, roles, deputies, locks, sessions. Nobody keeps
//! the own account: another keeper must, so that nobody gives rights to themselves and the last
//! keeper cannot lock everybody out.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::case::Role;
use domain::id::{HallId, StaffId};
use domain::time::UtcMs;
use wire::event::{Event, RoleGrant, StaffDeputySet, StaffRolesSet};
use wire::problem::{Problem, ProblemCode};

use crate::app_state::{AppState, not_found};
use crate::edge;
use crate::store::{
    DeputyLine, Reader, Role as StoreRole, SessionLine, StaffAccount, StoreError, Write,
};

use super::acts::{self, Act};
use super::{KeepAccounts, OneTimePassword, Staff, password, slowly};

const NAME_CHARS_MAX: usize = 40;
const LOGIN_CHARS_MAX: usize = 40;

/// An account with what its owner is.
#[derive(Debug, Clone)]
pub(crate) struct AccountLine {
    pub(crate) account: StaffAccount,
    pub(crate) roles: BTreeSet<RoleGrant>,
}

/// An account with everything that its keeper may see.
#[derive(Debug, Clone)]
pub(crate) struct AccountView {
    pub(crate) line: AccountLine,
    pub(crate) sessions: Vec<SessionLine>,
    /// With the name of the other one.
    pub(crate) deputies: Vec<(DeputyLine, String)>,
}

/// What is said of somebody who works here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountDraft {
    /// Name.
    pub name: String,
    /// The number for citizens.
    pub clerk_no: String,
    /// The hall.
    pub hall: HallId,
    /// What the person is, and where.
    pub roles: BTreeSet<RoleGrant>,
}

/// Who is to act for somebody. Without roles: nobody any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DeputyDraft {
    pub(crate) for_staff: StaffId,
    pub(crate) login: String,
    pub(crate) roles: BTreeSet<Role>,
    pub(crate) from: NaiveDate,
    pub(crate) to: NaiveDate,
}

/// Why a name cannot be taken.
pub(crate) fn check_name(name: &str) -> Option<String> {
    let chars = name.trim().chars().count();
    (!(1..=NAME_CHARS_MAX).contains(&chars))
        .then(|| format!("请写姓名，最多 {NAME_CHARS_MAX} 个字。"))
}

/// Why a sign-in name cannot be taken. Spaces would not be seen.
pub(crate) fn check_login(login: &str) -> Option<String> {
    let login = login.trim();
    let fits = (2..=LOGIN_CHARS_MAX).contains(&login.chars().count())
        && login
            .chars()
            .all(|c| c.is_alphanumeric() || "-_.".contains(c));
    (!fits).then(|| {
        format!(
            "请写登录名，2 到 {LOGIN_CHARS_MAX} 个字，只用字母、数字、汉字和 - _ . 这三个符号。"
        )
    })
}

fn refused(why: impl Into<String>) -> Problem {
    Problem::new(ProblemCode::Refused, why)
}

impl AppState {
    /// Every account.
    pub(crate) async fn accounts(
        &self,
        _: &Staff<KeepAccounts>,
    ) -> Result<Vec<AccountLine>, Problem> {
        let lines = self.inner.store.read(|reader| {
            let mut roles: BTreeMap<StaffId, BTreeSet<RoleGrant>> = reader.all_roles()?;
            let line = |account: StaffAccount| AccountLine {
                roles: roles.remove(&account.staff).unwrap_or_default(),
                account,
            };
            Ok(reader.all_staff()?.into_iter().map(line).collect())
        });
        Ok(lines.await?)
    }

    /// One account.
    pub(crate) async fn account(
        &self,
        _: &Staff<KeepAccounts>,
        staff: StaffId,
    ) -> Result<AccountView, Problem> {
        let view = self.inner.store.read(move |reader| {
            let Some(account) = reader.staff_account(staff)? else {
                return Ok(None);
            };
            Ok(Some(AccountView {
                line: AccountLine {
                    roles: reader.roles_of(staff)?,
                    account,
                },
                sessions: reader.sessions_of(staff)?,
                deputies: named_deputies(reader, staff)?,
            }))
        });
        view.await?
            .ok_or_else(|| not_found("没有这个账号，请回账号页再找。"))
    }

    /// Makes an account with a one-time password.
    ///
    /// # Errors
    /// `Refused` when the sign-in name is taken.
    pub async fn create_account(
        &self,
        by: &Staff<KeepAccounts>,
        login: &str,
        draft: AccountDraft,
    ) -> Result<(StaffId, OneTimePassword), Problem> {
        self.check_is_centre()?;
        if let Some(why) = check_login(login) {
            return Err(refused(why));
        }
        let now = self.now();
        let (one_time, password_hash) = one_time().await?;
        let account = StaffAccount {
            staff: StaffId(edge::new_uuid(now)),
            name: draft.name,
            login: login.trim().to_owned(),
            clerk_no: draft.clerk_no,
            hall: draft.hall,
            password_hash,
            must_change: true,
            password_at: now,
            failures: 0,
            locked_until: UtcMs(0),
            disabled_at: None,
        };
        let staff = account.staff;
        let events = [
            by.acted(acts::ACCOUNT_SET_UP, staff.to_string()),
            roles_set(by, staff, draft.roles),
        ];
        let made = self.inner.store.write(move |write| {
            if write.reader().staff_by_login(&account.login)?.is_some() {
                return Ok(false);
            }
            write.keep_staff(&account, now)?;
            append_all(write, &events, now)?;
            Ok(true)
        });
        match made.await? {
            true => Ok((staff, one_time)),
            false => Err(refused("这个登录名已经有人用了，请换一个。")),
        }
    }

    /// Changes what is said of a person, and the roles. New roles hold from the next request on.
    ///
    /// # Errors
    /// `Refused` for the own account.
    pub async fn change_account(
        &self,
        by: &Staff<KeepAccounts>,
        staff: StaffId,
        draft: AccountDraft,
    ) -> Result<(), Problem> {
        let now = self.now();
        let is_new = {
            let roles = draft.roles.clone();
            self.inner
                .store
                .read(move |reader| Ok(reader.roles_of(staff)? != roles))
                .await?
        };
        let mut events = vec![by.acted(acts::ACCOUNT_CHANGED, staff.to_string())];
        if is_new {
            events.push(by.acted(acts::ROLES_SET, staff.to_string()));
            events.push(roles_set(by, staff, draft.roles));
        }
        self.keep_account(by, staff, move |write| {
            write.describe_staff(staff, (&draft.name, &draft.clerk_no), draft.hall)?;
            append_all(write, &events, now)
        })
        .await
    }

    /// Gives a new one-time password, and ends the person's sessions.
    ///
    /// # Errors
    /// `Refused` for the own account.
    pub async fn reset_password(
        &self,
        by: &Staff<KeepAccounts>,
        staff: StaffId,
    ) -> Result<OneTimePassword, Problem> {
        let (one_time, hash) = one_time().await?;
        let now = self.now();
        let done = by.acted(acts::PASSWORD_RESET, staff.to_string());
        self.keep_account(by, staff, move |write| {
            write.set_password(staff, &hash, true, now)?;
            write.end_sessions_of(staff, None)?;
            write.append(&done, now).map(drop)
        })
        .await?;
        Ok(one_time)
    }

    /// Lets nobody in any more under an account, or lets them in again.
    ///
    /// # Errors
    /// `Refused` for the own account.
    pub async fn disable_account(
        &self,
        by: &Staff<KeepAccounts>,
        staff: StaffId,
        is_disabled: bool,
    ) -> Result<(), Problem> {
        let act = if is_disabled {
            acts::ACCOUNT_DISABLED
        } else {
            acts::ACCOUNT_ENABLED
        };
        let now = self.now();
        self.do_to_account(by, staff, act, move |write| {
            write.set_disabled(staff, is_disabled.then_some(now))?;
            match is_disabled {
                true => write.end_sessions_of(staff, None),
                false => Ok(()),
            }
        })
        .await
    }

    /// Ends a lock before its time.
    ///
    /// # Errors
    /// `Refused` for the own account.
    pub async fn unlock_account(
        &self,
        by: &Staff<KeepAccounts>,
        staff: StaffId,
    ) -> Result<(), Problem> {
        self.do_to_account(by, staff, acts::ACCOUNT_UNLOCKED, move |write| {
            write.note_failures(staff, 0, UtcMs(0))
        })
        .await
    }

    /// Signs a person out everywhere.
    ///
    /// # Errors
    /// `Refused` for the own account.
    pub async fn end_sessions(
        &self,
        by: &Staff<KeepAccounts>,
        staff: StaffId,
    ) -> Result<(), Problem> {
        self.do_to_account(by, staff, acts::SESSIONS_ENDED, move |write| {
            write.end_sessions_of(staff, None)
        })
        .await
    }

    /// Arranges who acts for somebody, or that nobody does any more.
    pub(crate) async fn set_deputy(
        &self,
        by: &Staff<KeepAccounts>,
        draft: DeputyDraft,
    ) -> Result<(), Problem> {
        let login = draft.login.clone();
        let deputy = self
            .inner
            .store
            .read(move |reader| reader.staff_by_login(&login))
            .await?;
        let deputy = deputy.ok_or_else(|| refused("没有这个登录名，请看清再写。"))?;
        if deputy.staff == draft.for_staff {
            return Err(refused("不能自己代自己，请写另一个人的登录名。"));
        }
        if deputy.staff == by.staff {
            return Err(refused("代理人是您自己，请让别的管账号的人来安排。"));
        }
        let set = Event::StaffDeputySet(StaffDeputySet {
            staff: deputy.staff,
            for_staff: draft.for_staff,
            by: by.staff,
            roles: draft.roles,
            from: draft.from,
            to: draft.to,
        });
        let now = self.now();
        self.do_to_account(by, draft.for_staff, acts::DEPUTY_SET, move |write| {
            write.append(&set, now).map(drop)
        })
        .await
    }

    async fn do_to_account(
        &self,
        by: &Staff<KeepAccounts>,
        staff: StaffId,
        act: Act,
        job: impl FnOnce(&mut Write<'_>) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<(), Problem> {
        let (done, now) = (by.acted(act, staff.to_string()), self.now());
        self.keep_account(by, staff, move |write| {
            job(write)?;
            write.append(&done, now).map(drop)
        })
        .await
    }

    async fn keep_account(
        &self,
        by: &Staff<KeepAccounts>,
        staff: StaffId,
        job: impl FnOnce(&mut Write<'_>) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<(), Problem> {
        self.check_is_centre()?;
        if staff == by.staff {
            return Err(refused("自己的账号不能自己管，请让另一个管账号的人来做。"));
        }
        let kept = self.inner.store.write(move |write| {
            let is_known = write.reader().staff_account(staff)?.is_some();
            if is_known {
                job(write)?;
            }
            Ok(is_known)
        });
        match kept.await? {
            true => Ok(()),
            false => Err(not_found("没有这个账号，请回账号页再找。")),
        }
    }

    fn check_is_centre(&self) -> Result<(), Problem> {
        match self.inner.store.role() {
            StoreRole::Centre => Ok(()),
            StoreRole::HallNode { .. } => {
                Err(refused("这里是大厅节点，账号只能在中心的网页上管。"))
            }
        }
    }
}

async fn one_time() -> Result<(OneTimePassword, String), Problem> {
    let one_time = OneTimePassword::make();
    let made = one_time.clone();
    let hash = slowly(move || password::hash(made.reveal())).await??;
    Ok((one_time, hash))
}

fn roles_set(by: &Staff<KeepAccounts>, staff: StaffId, roles: BTreeSet<RoleGrant>) -> Event {
    let by = Some(by.staff);
    Event::StaffRolesSet(StaffRolesSet { staff, by, roles })
}

fn append_all(write: &mut Write<'_>, events: &[Event], now: UtcMs) -> Result<(), StoreError> {
    let mut events = events.iter();
    events.try_for_each(|event| write.append(event, now).map(drop))
}

/// The deputies to whom a person is a party, with the other's name.
pub(super) fn named_deputies(
    reader: &Reader<'_>,
    staff: StaffId,
) -> Result<Vec<(DeputyLine, String)>, StoreError> {
    let lines = reader.deputies_about(staff)?.into_iter();
    let named = lines.map(|line| {
        let other = if line.staff == staff {
            line.for_staff
        } else {
            line.staff
        };
        let account = reader.staff_account(other)?;
        Ok((
            line,
            account.map_or_else(String::new, |account| account.name),
        ))
    });
    named.collect()
}
