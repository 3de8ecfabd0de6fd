//! Who acts for whom.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use domain::case::Role;
use domain::id::StaffId;
use wire::event::{Event, StaffDeputySet};
use wire::problem::Problem;

use crate::app_state::AppState;
use crate::store::{DeputyLine, Reader, StoreError};

use super::accounts::refused;
use super::{KeepAccounts, Staff, acts};

/// Who is to act for somebody. Without roles: nobody any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DeputyDraft {
    pub(crate) for_staff: StaffId,
    pub(crate) login: String,
    pub(crate) roles: BTreeSet<Role>,
    pub(crate) from: NaiveDate,
    pub(crate) to: NaiveDate,
}

impl AppState {
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
