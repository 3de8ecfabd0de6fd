//! Signing in. A wrong name and a wrong password are answered alike; the typed name survives.

use maud::{Markup, html};

use super::frame::{Site, public_page};
use super::guard::FormToken;

/// What the page shows.
#[derive(Debug, Clone)]
pub(crate) struct SignInView {
    /// Where.
    pub(crate) site: Site,
    /// What the form carries.
    pub(crate) form_token: FormToken,
    /// Where to go afterwards; checked when it is used.
    pub(crate) next: String,
    /// The name as typed before.
    pub(crate) login: String,
    /// Why it did not work before.
    pub(crate) error: Option<String>,
}

/// The page.
pub(crate) fn sign_in_page(view: &SignInView) -> Markup {
    let has_name = !view.login.is_empty();
    let content = html! {
        h1 { "工作人员登录" }
        form.card method="post" action="/staff/sign-in" {
            (view.form_token.field())
            input type="hidden" name="next" value=(view.next);
            @if let Some(error) = &view.error {
                p.say.stop #error role="alert" { (error) }
            }
            div.field {
                label for="login" { "登录名" }
                input #login name="login" value=(view.login) required maxlength="64"
                    autocomplete="username" autofocus[!has_name];
            }
            div.field {
                label for="password" { "密码" }
                input #password name="password" type="password" required maxlength="256"
                    autocomplete="current-password" autofocus[has_name]
                    aria-describedby=[view.error.as_ref().map(|_| "error")];
            }
            button.primary { "登录" }
        }
        p.soft { "忘了密码，请找管账号的人（运维或人事）重设。连着输错几次，账号会锁一会儿。" }
        p { a href="/" { "回首页" } }
    };
    public_page(&view.site, "工作人员登录", None, &content)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::fixtures;

    #[test]
    fn the_typed_name_survives_and_the_password_does_not() {
        let view = SignInView {
            site: fixtures::site(),
            form_token: FormToken::of("x"),
            next: String::new(),
            login: "wan\"xiuying".into(),
            error: Some("登录名或密码不对，请再试一次。".into()),
        };
        let page = sign_in_page(&view).into_string();
        assert!(page.contains("value=\"wan&quot;xiuying\""));
        assert!(page.contains("role=\"alert\"") && !page.contains("type=\"password\" value"));
    }
}
