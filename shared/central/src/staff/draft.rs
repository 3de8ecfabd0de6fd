//! An account as its keeper sees it, and as it is asked for.

use std::collections::BTreeSet;

use domain::id::HallId;
use wire::event::RoleGrant;

use crate::store::{DeputyLine, SessionLine, StaffAccount};

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
