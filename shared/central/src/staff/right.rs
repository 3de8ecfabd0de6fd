//! What may be done, and by which roles: one table. A right is a type; [`Staff`] of that type is
//! the proof that somebody signed in holds it, and what does the privileged thing asks for the
//! proof. A page that was not given one does not compile.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use domain::case::Role;
use domain::id::StationCode;
use thiserror::Error;
use wire::event::{Event, RoleGrant, StaffActed};

use super::StaffSession;
use super::acts::Act;

/// Who has a right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holders {
    /// Everybody who is signed in, also with a password that must be changed first.
    EvenWithOldPassword,
    /// Everybody who is signed in.
    Everybody,
    /// Whoever has one of these roles; the first one held is the one in which the person acts.
    Roles(&'static [Role]),
}

/// A right as a line of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RightEntry {
    /// The name of its type.
    pub name: &'static str,
    /// What may be done, in Chinese.
    pub words: &'static str,
    /// By whom.
    pub holders: Holders,
}

impl RightEntry {
    /// Whether somebody with this role alone has the right.
    #[must_use]
    pub fn has(&self, role: Role) -> bool {
        match self.holders {
            Holders::EvenWithOldPassword | Holders::Everybody => true,
            Holders::Roles(roles) => roles.contains(&role),
        }
    }
}

/// A right.
pub trait Right: Send + Sync + 'static {
    /// Its line in the table.
    const ENTRY: RightEntry;
}

macro_rules! rights {
    ($($(#[$doc:meta])* $name:ident, $words:literal: $holders:expr;)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            pub enum $name {}

            impl Right for $name {
                const ENTRY: RightEntry = RightEntry {
                    name: stringify!($name),
                    words: $words,
                    holders: $holders,
                };
            }
        )+

        /// The table.
        pub const RIGHTS: &[RightEntry] = &[$(<$name as Right>::ENTRY),+];
    };
}

use Holders::{EvenWithOldPassword, Everybody, Roles};
use Role::{
    Accountant, Archivist, Auditor, Cashier, Chief, Clerk, Community, Director, Guide, HallManager,
    Hr, Inspector, LedApprover, LedEditor, Office, Panel, Reviewer, Statistician, Street, Tech,
};

rights! {
    /// The own password and sessions.
    OwnAccount, "管自己的账号": EvenWithOldPassword;
    /// The start page.
    StartWork, "看自己的工作": Everybody;
    /// The queue, at a window.
    CallTickets, "叫号": Roles(&[Clerk, HallManager]);
    /// Numbers for others, and slips put right.
    GuideCitizens, "导办": Roles(&[Guide, HallManager]);
    /// Windows and queues of the hall, and what its days came to.
    SeeHall, "看大厅": Roles(&[HallManager, Chief, Director, Statistician]);
    /// Windows of others.
    RunHall, "管大厅的窗口": Roles(&[HallManager]);
    /// Scores of windows. Clerks see their own only as daily aggregates, not here.
    SeeScores, "看评价": Roles(&[HallManager, Reviewer, Chief, Director, Statistician, Auditor]);
    /// Pictures of screens.
    SeeDevices, "看设备墙": Roles(&[Clerk, HallManager, Guide, Tech, Chief, Director]);
    /// Touching a kiosk from afar.
    HelpCitizens, "远程帮忙": Roles(&[Clerk, HallManager, Guide, Tech]);
    /// States and alarms of machines.
    SeeFleet, "看设备情况": Roles(&[Tech, HallManager, Chief, Director, Auditor]);
    /// Withdrawing a machine's rights.
    RevokeDevices, "停用设备": Roles(&[Tech]);
    /// Listings.
    SeeListings, "看岗位": Roles(&[Clerk, Reviewer, Chief, Director, HallManager, Statistician, Auditor]);
    /// Taking a listing back.
    WithdrawListings, "撤下岗位": Roles(&[Clerk, Chief]);
    /// Sheets of vacancies.
    ImportVacancies, "导入岗位表": Roles(&[Clerk, Chief]);
    /// Making public what came out of sheets.
    PublishVacancies, "公布导入的岗位": Roles(&[Reviewer]);
    /// Accounts, roles and deputies.
    KeepAccounts, "管账号": Roles(&[Tech, Hr, Director]);
    /// The audit trail.
    ReadAudit, "查操作记录": Roles(&[Auditor, Director, Tech]);
    /// Records: which step of which record is for the engine to say, by the actor.
    WorkOnRecords, "办业务": Roles(&[
        Clerk, Reviewer, Chief, Director, Archivist, Inspector, Panel, Cashier, Accountant, Office,
        Hr, HallManager, Guide, Community, Street, Role::Union, Role::Bank, LedEditor, LedApprover,
        Statistician, Auditor, Tech,
    ]);
    /// What is to be done at a service point: at the places that the roles name.
    WorkAtStation, "办网点的事": Roles(&[Community, Street]);
    /// The yearly assessment.
    SeeKpi, "看考核": Roles(&[Statistician, Chief, Director, Auditor]);
    /// A masked name or number in full.
    RevealPersonal, "显示全名或全号": Roles(&[
        Clerk, Reviewer, Chief, Archivist, Inspector, Cashier, Accountant, Community, Street,
    ]);
    /// Documents out of records: receipts, decisions, certificates.
    IssueDocuments, "出文书": Roles(&[
        Clerk, Reviewer, Chief, Director, Archivist, Office, Cashier, Accountant, Community, Street,
    ]);
    /// What of the sheet of requirements is built.
    SeeRequirements, "看需求清单": Roles(&[Director, Chief, Auditor, Tech]);
    /// Lists as files.
    ExportRecords, "导出名单": Roles(&[Chief, Director, Statistician, Accountant, Auditor]);
    /// Dated parameters of policies.
    KeepParameters, "改政策参数": Roles(&[Chief, Director]);
    /// Calls to citizens, and what came of them.
    MakeContacts, "联系群众": Roles(&[
        Clerk, Reviewer, Chief, Archivist, Guide, HallManager, Community, Street,
    ]);
    /// How messages to citizens go out.
    SeeOutbox, "看短信发得怎么样": Roles(&[Tech, HallManager, Chief, Director, Auditor]);
    /// What citizens say about the service, in their own words.
    ReadFeedback, "看群众意见": Roles(&[HallManager, Chief, Director, Reviewer, Auditor]);
    /// Boards, what is on them, and what was.
    SeeBoards, "看屏幕": Roles(&[
        LedEditor, LedApprover, HallManager, Reviewer, Chief, Director, Office, Tech, Auditor,
    ]);
    /// Everything off the boards of the own hall.
    ClearBoards, "一键撤播": Roles(&[LedApprover, HallManager, Director]);
    /// Everything off the boards of all halls, where the role is held at the centre.
    ClearAllBoards, "所有大厅一键撤播": Roles(&[LedApprover, Director]);
}

/// Why somebody signed in was not let on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Denied {
    /// None of the person's roles has the right.
    #[error("{} is for other roles.", .0.name)]
    Role(RightEntry),
    /// The password must be changed first.
    #[error("the password must be changed first.")]
    OldPassword,
}

/// Somebody signed in who holds the right `R`.
pub struct Staff<R> {
    session: StaffSession,
    /// The role that gives the right; `None` where everybody has it.
    acts_as: Option<RoleGrant>,
    right: PhantomData<fn() -> R>,
}

impl<R: Right> Staff<R> {
    /// The proof, if the session's roles give the right. There is no other way to make one.
    ///
    /// # Errors
    /// [`Denied`].
    pub fn of(session: StaffSession) -> Result<Self, Denied> {
        let holders = R::ENTRY.holders;
        if session.must_change && holders != EvenWithOldPassword {
            return Err(Denied::OldPassword);
        }
        let acts_as = match holders {
            EvenWithOldPassword | Everybody => None,
            Roles(roles) => Some(session.first_of(roles).ok_or(Denied::Role(R::ENTRY))?),
        };
        Ok(Self {
            session,
            acts_as,
            right: PhantomData,
        })
    }

    /// The proof of another right, where the same person holds that too.
    #[must_use]
    pub fn also<Q: Right>(&self) -> Option<Staff<Q>> {
        Staff::of(self.session.clone()).ok()
    }

    /// The station at which the right is held; `None` at all of them.
    #[must_use]
    pub fn held_at(&self) -> Option<&StationCode> {
        self.acts_as.as_ref()?.station.as_ref()
    }

    /// The audit event of an act of this person: from where and as what is filled in.
    #[must_use]
    pub fn acted(&self, act: Act, subject: impl Into<String>) -> Event {
        self.acted_because(act, subject, String::new())
    }

    /// As [`acted`](Self::acted), with the reason that the person gave.
    pub(crate) fn acted_because(
        &self,
        act: Act,
        subject: impl Into<String>,
        reason: String,
    ) -> Event {
        let acts_as = self.acts_as.as_ref();
        Event::StaffActed(StaffActed {
            staff: Some(self.session.staff),
            act: act.word().to_owned(),
            subject: subject.into(),
            address: self.session.address.clone(),
            role: acts_as.map(|grant| grant.role),
            station: acts_as.and_then(|grant| grant.station.clone()),
            reason,
        })
    }
}

impl<R> Deref for Staff<R> {
    type Target = StaffSession;

    fn deref(&self) -> &StaffSession {
        &self.session
    }
}

impl<R> fmt::Debug for Staff<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.session.fmt(f)
    }
}

#[cfg(test)]
mod tests;
