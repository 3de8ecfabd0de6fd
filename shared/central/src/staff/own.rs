//! The own account: a new password, and the places where one is signed in.

use domain::time::UtcMs;
use wire::problem::{Problem, ProblemCode};

use crate::app_state::AppState;
use crate::authority;
use crate::store::{DeputyLine, Role as StoreRole, SessionLine};

use super::sign_in::{count_failure, is_right};
use super::{OwnAccount, Staff, acts, password, slowly};

/// What the own page shows beside the session itself.
#[derive(Debug, Clone)]
pub(crate) struct OwnView {
    /// Where one is signed in, the newest first.
    pub(crate) sessions: Vec<SessionLine>,
    /// Deputies to whom one is a party, with the other's name.
    pub(crate) deputies: Vec<(DeputyLine, String)>,
    /// Since when the password is this one.
    pub(crate) password_at: UtcMs,
}

impl AppState {
    /// What is shown of one's own account.
    pub(crate) async fn own_account(&self, by: &Staff<OwnAccount>) -> Result<OwnView, Problem> {
        let staff = by.staff;
        let view = self.inner.store.read(move |reader| {
            let account = reader.staff_account(staff)?;
            Ok(OwnView {
                sessions: reader.sessions_of(staff)?,
                deputies: super::deputy::named_deputies(reader, staff)?,
                password_at: account.map_or(UtcMs(0), |account| account.password_at),
            })
        });
        Ok(view.await?)
    }

    /// Changes the own password, and ends one's sessions everywhere else. A wrong old password
    /// counts as a failed sign-in.
    ///
    /// # Errors
    /// `Refused` with what is wrong.
    pub async fn change_password(
        &self,
        by: &Staff<OwnAccount>,
        old: &str,
        new: &str,
    ) -> Result<(), Problem> {
        let refused = |why: String| Problem::new(ProblemCode::Refused, why);
        if self.inner.store.role() != StoreRole::Centre {
            return Err(refused("密码只能在中心的网页上改。".to_owned()));
        }
        if let Some(why) = self
            .inner
            .in_force
            .now()
            .staff
            .password
            .fault(new, &by.login)
        {
            return Err(refused(why));
        }
        if new == old {
            return Err(refused("新密码和旧密码一样，请换一个。".to_owned()));
        }
        self.check_old_password(by, old).await?;
        let hash = {
            let new = new.to_owned();
            slowly(move || password::hash(&new)).await??
        };
        let (staff, token, now) = (by.staff, by.token_hash, self.now());
        let changed = by.acted(acts::PASSWORD_CHANGED, "");
        let kept = self.inner.store.write(move |write| {
            write.set_password(staff, &hash, false, now)?;
            write.end_sessions_of(staff, Some(token))?;
            write.append(&changed, now)
        });
        Ok(kept.await.map(drop)?)
    }

    /// Whoever sits at a forgotten session may not guess without end either.
    async fn check_old_password(&self, by: &Staff<OwnAccount>, old: &str) -> Result<(), Problem> {
        let (staff, now, rules) = (by.staff, self.now(), self.inner.in_force.now().staff);
        let account = self
            .inner
            .store
            .read(move |reader| reader.staff_account(staff))
            .await?;
        let is_open = account
            .as_ref()
            .is_some_and(|account| account.locked_until <= now);
        if is_open && is_right(account.as_ref(), old.to_owned()).await? {
            return Ok(());
        }
        let address = by.address.clone();
        let locked_until = self.inner.store.write(move |write| match account {
            Some(account) if is_open => count_failure(write, &account, &rules, &address, now),
            other => Ok(other.map(|account| account.locked_until)),
        });
        let sentence = match locked_until.await? {
            None => "旧密码不对，请再试一次。".to_owned(),
            Some(until) => format!("旧密码输错太多次，{} 以后再试。", until.clock_text()),
        };
        Err(Problem::new(ProblemCode::Refused, sentence))
    }

    /// Signs oneself out in another place.
    pub(crate) async fn end_own_session(
        &self,
        by: &Staff<OwnAccount>,
        id: i64,
    ) -> Result<(), Problem> {
        let (staff, hall, now) = (by.staff, by.hall, self.now());
        let acted = by.acted(acts::OWN_SESSION_ENDED, "");
        let ended = self.inner.store.write(move |write| {
            let sessions = write.reader().sessions_of(staff)?;
            let Some(line) = sessions.into_iter().find(|line| line.id == id) else {
                return Ok(());
            };
            write.end_session(line.token_hash)?;
            write.append(&acted, now)?;
            authority::refresh(write, hall, now)
        });
        Ok(ended.await?)
    }
}
