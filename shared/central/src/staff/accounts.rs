//! What the keeper of accounts does: making them, roles, locks, sessions. Nobody keeps
//! the own account: another keeper must, so that nobody gives rights to themselves and the last
//! keeper cannot lock everybody out.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::StaffId;
use domain::time::UtcMs;
use wire::event::{Event, RoleGrant, StaffRolesSet};
use wire::problem::{Problem, ProblemCode};

use crate::app_state::{AppState, not_found};
use crate::edge;
use crate::store::{Role as StoreRole, StaffAccount, StoreError, Write};

use super::acts::{self, Act};
use super::deputy::named_deputies;
use super::draft::{AccountDraft, AccountLine, AccountView, check_login};
use super::{KeepAccounts, OneTimePassword, Staff, password, slowly};

pub(super) fn refused(why: impl Into<String>) -> Problem {
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

    pub(super) async fn do_to_account(
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
