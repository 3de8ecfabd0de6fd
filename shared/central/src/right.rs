//! Who may do what: one table of rights, each with the roles that have it. A function that needs
//! a right asks for a [`Grant`] of it, which nobody gets whose posts do not give it.

use std::marker::PhantomData;

use domain::case::Role;
use domain::case::Role::{
    Accountant, Archivist, Auditor, Bank, Cashier, Chief, Citizen, Clerk, Community, Director,
    EmployerUser, Guide, HallManager, Hr, Inspector, LedApprover, LedEditor, Office, Panel,
    Reviewer, Statistician, Street, System, Tech, Union,
};

use crate::staff::StaffSession;

/// A right, as a type.
pub trait Right: Send + Sync + 'static {
    /// Its Chinese name: what one does with it.
    const NAME: &'static str;
    /// Who has it.
    const ROLES: &'static [Role];

    /// Whether one of these roles has it.
    #[must_use]
    fn is_of(session: &StaffSession) -> bool {
        let mut posts = session.posts.iter();
        posts.any(|post| Self::ROLES.contains(&post.role))
    }
}

/// Everybody who may have an account.
pub const STAFF: &[Role] = &[
    Clerk,
    Reviewer,
    Chief,
    Director,
    Archivist,
    Inspector,
    Panel,
    Bank,
    Cashier,
    Accountant,
    Statistician,
    LedEditor,
    LedApprover,
    Tech,
    Office,
    Hr,
    Auditor,
    HallManager,
    Guide,
    Community,
    Street,
    Union,
];

/// Who is never at a staff page: [`STAFF`] and these are all roles.
pub const NOT_STAFF: &[Role] = &[Citizen, EmployerUser, System];

macro_rules! rights {
    ($($right:ident = $name:literal, $roles:expr;)+) => {
        $(
            #[doc = $name]
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            pub struct $right;

            impl Right for $right {
                const NAME: &'static str = $name;
                const ROLES: &'static [Role] = $roles;
            }
        )+
    };
}

rights! {
    CallTickets = "叫号办理", &[Clerk, Reviewer, Archivist, Cashier, HallManager];
    SeeScores = "看评价", &[Clerk, Reviewer, Chief, Director, Statistician, Auditor, HallManager];
    SeeDevices = "看设备墙", &[Clerk, Chief, LedEditor, LedApprover, Tech, HallManager, Guide];
    HelpRemotely = "远程帮忙", &[Clerk, Tech, HallManager, Guide];
    SeeFleet = "看设备情况", &[Chief, Director, Tech, Auditor, HallManager];
    RevokeDevices = "停用设备", &[Tech];
    WithdrawListings = "撤下岗位", &[Clerk, Reviewer, Chief];
    WorkOnRecords = "办业务记录", STAFF;
    KeepParameters = "改参数", &[Director, Tech];
    KeepAccounts = "管账号", &[Director, Tech, Hr];
    ReadAudit = "查操作记录", &[Director, Tech, Auditor];
    OwnAccount = "用自己的账号", STAFF;
}

/// Proof that the person of a session has a right. Made by [`StaffSession::grant`] alone.
#[derive(Debug)]
pub struct Grant<'s, R> {
    session: &'s StaffSession,
    right: PhantomData<R>,
}

impl<R> Clone for Grant<'_, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Grant<'_, R> {}

impl<'s, R> Grant<'s, R> {
    /// Who has it.
    #[must_use]
    pub fn by(self) -> &'s StaffSession {
        self.session
    }
}

impl StaffSession {
    /// The right, if this person's posts give it.
    #[must_use]
    pub fn grant<R: Right>(&self) -> Option<Grant<'_, R>> {
        R::is_of(self).then_some(Grant {
            session: self,
            right: PhantomData,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_role_is_of_staff_or_not() {
        let said: BTreeSet<Role> = STAFF.iter().chain(NOT_STAFF).copied().collect();
        assert_eq!(said, Role::ALL.iter().copied().collect());
        assert_eq!(STAFF.len() + NOT_STAFF.len(), Role::ALL.len());
    }
}
