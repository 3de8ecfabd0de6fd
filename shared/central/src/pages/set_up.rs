//! The page on which the first account is made, with the one-time code of the service.

use domain::case::FieldFault;
use maud::{Markup, html};

use super::form::{TextField, summary, text_field};
use super::frame::{Site, public_page};
use super::guard::FormToken;

/// What the page shows.
#[derive(Debug, Clone)]
pub(crate) struct SetUpView {
    /// Where.
    pub(crate) site: Site,
    /// What the form carries.
    pub(crate) form_token: FormToken,
    /// The name as typed.
    pub(crate) name: String,
    /// The sign-in name as typed.
    pub(crate) login: String,
    /// The rules of passwords in words.
    pub(crate) rules: String,
    /// What is wrong.
    pub(crate) faults: Vec<FieldFault>,
}

/// The page.
pub(crate) fn set_up_page(view: &SetUpView) -> Markup {
    let field = |name, label, value, (kind, autocomplete), hint| {
        let field = TextField {
            name,
            label,
            value,
            kind,
            autocomplete,
            hint,
        };
        text_field(field, &view.faults)
    };
    let where_code = "服务启动时说出来的那一串，也在数据目录的文件里。只能用一次。";
    let content = html! {
        h1 { "建第一个账号" }
        p { "这个账号管所有人的账号（运维、中心领导）。建好以后，这一页就不能再用了。" }
        form.card method="post" action="/staff/set-up" {
            (view.form_token.field())
            (summary(&view.faults))
            (field("code", "启用码", "", ("text", "one-time-code"), where_code))
            (field("name", "您的姓名", &view.name, ("text", "name"), ""))
            (field("login", "登录名", &view.login, ("text", "username"), "以后登录时输，不能改。"))
            (field("password", "密码", "", ("password", "new-password"), view.rules.as_str()))
            (field("again", "密码再输一遍", "", ("password", "new-password"), ""))
            button.primary { "建账号" }
        }
    };
    public_page(&view.site, "建第一个账号", None, &content)
}
