//! One account for its keeper: changing it, its lock, its password, its sessions and its deputies.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::case::{FieldFault, Role};
use domain::id::{HallId, StaffId};
use domain::time::{UtcMs, month_day_text};
use maud::{Markup, html};

use super::form::{AccountForm, fields};
use super::{PATH, address, state};
use crate::pages::form::{TextField, fault, summary, text_field};
use crate::pages::frame::{Desk, MenuEntry, Said, said, staff_page};
use crate::staff::{AccountView, DeputyDraft};
use crate::store::{DeputyLine, SessionLine};

/// What the page shows.
#[derive(Debug, Clone)]
pub(crate) struct AccountPage {
    /// The account as it is.
    pub(crate) view: AccountView,
    /// The form as typed, or as the account is.
    pub(crate) form: AccountForm,
    /// The deputy as typed.
    pub(crate) deputy: DeputyForm,
    /// The halls.
    pub(crate) halls: BTreeMap<HallId, String>,
    /// What an act came to.
    pub(crate) notice: Option<Said>,
    /// Now.
    pub(crate) now: UtcMs,
}

/// A deputy as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct DeputyForm {
    pub(crate) login: String,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) is_ended: bool,
    pub(crate) faults: Vec<FieldFault>,
}

impl DeputyForm {
    /// What is meant, or everything that is wrong. A deputy stands in for all that the other is.
    pub(crate) fn check(
        &mut self,
        for_staff: StaffId,
        roles: BTreeSet<Role>,
    ) -> Option<DeputyDraft> {
        let (from, to) = (
            self.from.parse::<NaiveDate>().ok(),
            self.to.parse::<NaiveDate>().ok(),
        );
        if self.login.is_empty() {
            self.faults
                .push(fault("deputy-login", "请写代理人的登录名。"));
        }
        if !self.is_ended && from.is_none() {
            self.faults.push(fault("deputy-from", "请选从哪天开始。"));
        }
        if !self.is_ended && to.is_none_or(|to| from.is_some_and(|from| to < from)) {
            self.faults
                .push(fault("deputy-to", "请选到哪天为止，不能早于开始那天。"));
        }
        self.faults.is_empty().then(|| DeputyDraft {
            for_staff,
            login: self.login.clone(),
            roles: if self.is_ended {
                BTreeSet::new()
            } else {
                roles
            },
            from: from.unwrap_or_default(),
            to: to.unwrap_or_default(),
        })
    }
}

/// The page.
pub(crate) fn account_page(desk: &Desk, page: &AccountPage) -> Markup {
    let account = &page.view.line.account;
    let at = address(account);
    let content = html! {
        div.stack {
            p { a href=(PATH) { "回账号页" } }
            div.row { h1 { (account.name) } (state(account, page.now)) }
            (said(page.notice.as_ref()))
            div.split {
                form.card.pad method="post" action=(format!("{at}/save")) {
                    (desk.form_token.field())
                    p { "登录名：" b { (account.login) } }
                    (fields(&page.form, &page.halls, false))
                    button.primary { "保存" }
                }
                div.stack {
                    (acts(desk, page, &at))
                    (sessions(&page.view.sessions))
                    (deputies(desk, page, &at))
                }
            }
        }
    };
    staff_page(desk, MenuEntry::Accounts, &account.name, None, &content)
}

fn acts(desk: &Desk, page: &AccountPage, at: &str) -> Markup {
    let account = &page.view.line.account;
    let act = |act: &str, text: &str, is_danger: bool| {
        html! {
            form method="post" action=(format!("{at}/{act}")) {
                (desk.form_token.field())
                button.danger[is_danger] { (text) }
            }
        }
    };
    html! {
        div.card {
            h2 { "您现在能做的" }
            div.pad.row {
                @if account.locked_until > page.now { (act("unlock", "解锁", false)) }
                (act("reset-password", "重设密码", false))
                @if !page.view.sessions.is_empty() { (act("end-sessions", "让他在各处退出", false)) }
                @if account.disabled_at.is_some() {
                    (act("enable", "恢复账号", false))
                } @else {
                    (act("disable", "停用账号", true))
                }
            }
        }
    }
}

fn sessions(lines: &[SessionLine]) -> Markup {
    html! {
        div.card {
            h2 { "在哪里登录着" }
            @if lines.is_empty() { p.pad { "现在没有在哪里登录。" } }
            @for line in lines {
                p.pad {
                    (line.began_at.day_and_clock_text()) " 登录"
                    @if !line.address.is_empty() { "，从 " (line.address) }
                    "，最后一次用在 " (line.used_at.clock_text())
                }
            }
        }
    }
}

/// Who acts for whom, in words; `who` stands for `of`.
pub(crate) fn deputy_words(line: &DeputyLine, other: &str, of: StaffId, who: &str) -> String {
    let (from, to) = (month_day_text(line.from), month_day_text(line.to));
    let role = line.role.name();
    match line.for_staff == of {
        true => format!("{from} 到 {to}，{other} 代{who}做{role}"),
        false => format!("{from} 到 {to}，{who}代 {other} 做{role}"),
    }
}

fn deputies(desk: &Desk, page: &AccountPage, at: &str) -> Markup {
    let form = &page.deputy;
    let field = |name, label, value, kind| {
        let field = TextField {
            name,
            label,
            value,
            kind,
            autocomplete: "off",
            hint: "",
        };
        text_field(field, &form.faults)
    };
    html! {
        div.card #deputies {
            h2 { "代理" }
            @for (line, other) in &page.view.deputies {
                p.pad { (deputy_words(line, other, page.view.line.account.staff, "他")) }
            }
            form.pad method="post" action=(format!("{at}/deputy")) {
                (desk.form_token.field())
                (summary(&form.faults))
                (field("deputy-login", "谁代他（登录名）", &form.login, "text"))
                (field("deputy-from", "从哪天", &form.from, "date"))
                (field("deputy-to", "到哪天", &form.to, "date"))
                p.soft { "代理人在这些天有他的全部身份。经手过的事，代理人和本人算同一个人。" }
                div.row {
                    button name="do" value="set" { "安排" }
                    button name="do" value="end" { "不再代了" }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::pages::fixtures;

    #[test]
    fn a_deputy_needs_days_in_order_and_ending_needs_none() {
        let somebody = StaffId(Uuid::from_u128(1));
        let mut form = DeputyForm {
            login: "li".into(),
            from: "2026-11-27".into(),
            to: "2026-11-26".into(),
            ..DeputyForm::default()
        };
        assert_eq!(form.check(somebody, [Role::Chief].into()), None);
        assert_eq!(form.faults[0].field, "deputy-to");
        let mut ending = DeputyForm {
            login: "li".into(),
            is_ended: true,
            ..DeputyForm::default()
        };
        let ended = ending.check(somebody, [Role::Chief].into()).unwrap();
        assert!(ended.roles.is_empty());
    }

    #[test]
    fn only_what_can_be_done_now_has_a_button() {
        let page = |n| account_page(&fixtures::desk(), &fixtures::account(n)).into_string();
        assert!(page(1).contains("/unlock") && page(1).contains("/disable"));
        assert!(page(2).contains("/enable") && !page(2).contains("/disable"));
        assert!(!page(0).contains("/unlock"));
    }
}
