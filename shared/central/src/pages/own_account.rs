//! The own account: what one is, the password, and where one is signed in.

use std::collections::BTreeSet;

use domain::case::FieldFault;
use domain::id::StaffId;
use maud::{Markup, html};
use wire::event::RoleGrant;

use super::accounts::{deputy_words, role_chips};
use super::form::{TextField, summary, text_field};
use super::frame::{Desk, Said, said, staff_page};
use crate::staff::OwnView;
use crate::store::{DeputyLine, SessionLine};

/// What the page shows.
#[derive(Debug, Clone)]
pub(crate) struct OwnPage {
    /// Who.
    pub(crate) staff: StaffId,
    /// What one is.
    pub(crate) grants: BTreeSet<RoleGrant>,
    /// The rest.
    pub(crate) view: OwnView,
    /// The session of this browser.
    pub(crate) token_hash: [u8; 32],
    /// Whether the password must be changed before anything else.
    pub(crate) must_change: bool,
    /// The rules of passwords in words.
    pub(crate) rules: String,
    /// What is wrong with the passwords as typed.
    pub(crate) faults: Vec<FieldFault>,
    /// What an act came to.
    pub(crate) notice: Option<Said>,
}

/// The page.
pub(crate) fn own_page(desk: &Desk, page: &OwnPage) -> Markup {
    let content = html! {
        div.stack {
            h1 { "我的账号" }
            (said(page.notice.as_ref()))
            @if page.must_change {
                p.say role="alert" { "请先改密码：现在这个是别人给的，或者用得太久了。改好就能办别的事。" }
            }
            div.split {
                (password(desk, page))
                div.stack {
                    div.card {
                        h2 { "我的身份" }
                        p.pad { (role_chips(&page.grants)) }
                        (deputies(&page.view.deputies, page.staff))
                        p.pad.soft { "身份不对，请找管账号的人（运维或人事）改。" }
                    }
                    (sessions(desk, page))
                }
            }
        }
    };
    staff_page(desk, None, "我的账号", None, &content)
}

fn deputies(lines: &[(DeputyLine, String)], own: StaffId) -> Markup {
    html! { @for (line, other) in lines { p.pad { (deputy_words(line, other, own, "我")) } } }
}

fn password(desk: &Desk, page: &OwnPage) -> Markup {
    let field = |name, label, autocomplete, hint| {
        let field = TextField {
            name,
            label,
            value: "",
            kind: "password",
            autocomplete,
            hint,
        };
        text_field(field, &page.faults)
    };
    let since = page.view.password_at.day_and_clock_text();
    html! {
        form.card.pad method="post" action="/staff/me/password" {
            (desk.form_token.field())
            h2 { "改密码" }
            p.soft { "现在的密码是 " (since) " 设的。" }
            (summary(&page.faults))
            (field("old", "旧密码", "current-password", ""))
            (field("new", "新密码", "new-password", page.rules.as_str()))
            (field("again", "新密码再输一遍", "new-password", ""))
            button.primary { "改密码" }
            p.soft { "改好以后，您在别处的登录都会退出。" }
        }
    }
}

fn sessions(desk: &Desk, page: &OwnPage) -> Markup {
    html! {
        div.card {
            h2 { "我在哪里登录着" }
            @for line in &page.view.sessions { (session(desk, line, page.token_hash)) }
        }
    }
}

fn session(desk: &Desk, line: &SessionLine, own: [u8; 32]) -> Markup {
    html! {
        div.pad.row {
            span {
                (line.began_at.day_and_clock_text()) " 登录"
                @if !line.address.is_empty() { "，从 " (line.address) }
                "，最后一次用在 " (line.used_at.clock_text())
            }
            @if line.token_hash == own {
                span.push.tag.now { "就是这里" }
            } @else {
                form.push method="post" action=(format!("/staff/me/sessions/{}/end", line.id)) {
                    (desk.form_token.field())
                    button { "让它退出" }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::fixtures;

    #[test]
    fn one_can_end_every_session_but_this_one_and_no_password_is_shown() {
        let page = own_page(&fixtures::desk(), &fixtures::own_account()).into_string();
        assert_eq!(page.matches("/end\"").count(), 1);
        assert!(page.contains("就是这里") && page.contains("我代 万秀英 做"));
        assert!(!page.contains("type=\"password\" value=\"x"));
    }
}
