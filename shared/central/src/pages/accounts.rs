//! The accounts of staff for their keeper: the list with what everybody is and in which state.

mod form;
mod one;
mod one_time;

use std::collections::BTreeSet;

use domain::time::UtcMs;
use maud::{Markup, html};
use wire::event::RoleGrant;

use super::frame::{Desk, MenuEntry, staff_page};
use super::pager::{self, pager};
use crate::staff::{AccountLine, is_called};
use crate::store::StaffAccount;

pub(crate) use form::{AccountForm, new_account_page};
pub(crate) use one::{AccountPage, DeputyForm, account_page, deputy_words};
pub(crate) use one_time::one_time_page;

/// Lines of one page.
const LINES: usize = 50;
/// The list.
pub(crate) const PATH: &str = "/staff/accounts";

/// What the list shows.
#[derive(Debug, Clone)]
pub(crate) struct AccountsView {
    /// What was searched for.
    pub(crate) typed: String,
    /// Everybody.
    pub(crate) accounts: Vec<AccountLine>,
    /// From 1.
    pub(crate) page: usize,
    /// Now.
    pub(crate) now: UtcMs,
}

/// The page.
pub(crate) fn accounts_page(desk: &Desk, view: &AccountsView) -> Markup {
    let typed = view.typed.trim();
    let fitting = view.accounts.iter().filter(|line| {
        typed.is_empty()
            || line.account.clerk_no == typed
            || is_called(typed, &line.account.name, &line.account.login)
    });
    let found: Vec<&AccountLine> = fitting.collect();
    let page = view.page.max(1);
    let shown = found.iter().skip((page - 1) * LINES).take(LINES);
    let to = |page: u64| pager::address(PATH, &[("q", typed), ("page", &page.to_string())]);
    let content = html! {
        div.stack {
            div.row {
                h1 { "账号" }
                a.push.button.primary href="/staff/accounts/new" { "建新账号" }
            }
            form.card.pad.row method="get" action=(PATH) {
                label for="q" { "找人" }
                input #q name="q" value=(view.typed) maxlength="40" data-key="/"
                    autocomplete="off" placeholder="姓名、拼音首字母、登录名或工号";
                button { "找" }
            }
            div.card {
                @if found.is_empty() {
                    p.pad { "没找到这样的人。换个写法再找，或者建新账号。" }
                } @else {
                    (table(shown.copied(), view.now))
                    (pager(found.len() as u64, page as u64, LINES as u64, to))
                }
            }
        }
    };
    staff_page(desk, MenuEntry::Accounts, "账号", None, &content)
}

fn table<'l>(lines: impl Iterator<Item = &'l AccountLine>, now: UtcMs) -> Markup {
    html! {
        table {
            thead { tr { th { "姓名" } th { "登录名" } th { "工号" } th { "身份" } th { "状态" } } }
            tbody {
                @for line in lines {
                    tr {
                        td { a data-row href=(address(&line.account)) { b { (line.account.name) } } }
                        td { (line.account.login) }
                        td { (line.account.clerk_no) }
                        td { (role_chips(&line.roles)) }
                        td { (state(&line.account, now)) }
                    }
                }
            }
        }
    }
}

/// Where an account is kept.
pub(crate) fn address(account: &StaffAccount) -> String {
    format!("{PATH}/{}", account.staff)
}

/// What somebody is, one chip each, with the station where it is not all of them.
pub(crate) fn role_chips(roles: &BTreeSet<RoleGrant>) -> Markup {
    html! {
        @if roles.is_empty() { span.soft { "还没有身份，什么都办不了" } }
        @for grant in roles {
            span.tag.now {
                (grant.role.name())
                @if let Some(station) = &grant.station { "（只在 " (station) "）" }
            }
            " "
        }
    }
}

/// The state in words.
pub(crate) fn state(account: &StaffAccount, now: UtcMs) -> Markup {
    html! {
        @if let Some(since) = account.disabled_at {
            span.tag.stop { (since.day_and_clock_text()) " 停用" }
        } @else if account.locked_until > now {
            span.tag.care { "输错太多次，锁到 " (account.locked_until.clock_text()) }
        } @else if account.must_change {
            span.tag { "一次性密码，还没改" }
        } @else {
            span.tag.good { "能登录" }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::fixtures;

    #[test]
    fn people_are_found_by_initials_and_their_state_is_said_in_words() {
        let mut view = fixtures::accounts();
        let page = accounts_page(&fixtures::desk(), &view).into_string();
        for words in ["锁到 10:39", "停用", "还没改", "能登录", "只在 YH-01"] {
            assert!(page.contains(words), "{words}");
        }
        view.typed = "lxy".into();
        let page = accounts_page(&fixtures::desk(), &view).into_string();
        assert!(page.contains("李小样") && !page.contains("停用"), "{page}");
        view.typed = "没有这个人".into();
        let page = accounts_page(&fixtures::desk(), &view).into_string();
        assert!(page.contains("没找到这样的人"));
    }
}
