//! A one-time password, shown once.

use maud::{Markup, html};

use crate::pages::frame::{Desk, MenuEntry, staff_page};
use crate::staff::OneTimePassword;

/// The page that shows a one-time password, once.
pub(crate) fn one_time_page(
    desk: &Desk,
    name: &str,
    address: &str,
    password: &OneTimePassword,
) -> Markup {
    let content = html! {
        div.stack {
            h1 { (name) "的一次性密码" }
            div.card.pad {
                p.say.good role="status" { "现在记下来，当面交给本人。离开这一页就看不到了。" }
                p { b { (password.reveal()) } }
                p { "第一次登录时要改成自己的密码。三天内不用就失效，可以再重设。" }
            }
            p { a.button href=(address) { "看这个账号" } " " a href=(super::PATH) { "回账号页" } }
        }
    };
    staff_page(desk, MenuEntry::Accounts, "一次性密码", None, &content)
}
