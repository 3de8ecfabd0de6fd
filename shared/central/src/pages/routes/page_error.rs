//! What a person sees when an address cannot be shown: to the door when nobody is signed in,
//! otherwise one sentence and a way on. Codes and causes are in the log, not on the page.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::case::Role;
use maud::html;
use wire::problem::{Problem, ProblemCode};

use crate::pages::frame::{Site, public_page};
use crate::staff::{Denied, RightEntry};

/// Why a page cannot be shown.
#[derive(Debug)]
pub enum PageError {
    /// Somebody must sign in, and may then come back to this address.
    SignIn(Option<String>),
    /// The service said no.
    Problem(Problem),
    /// Somebody without the right; the sentence says who has it.
    NoRight(String),
    /// The form is older than the session, or not ours.
    StaleForm,
    /// None of the person's roles may do this, or the password must be changed first.
    Denied(Denied),
}

impl From<Problem> for PageError {
    fn from(problem: Problem) -> Self {
        match problem.code {
            ProblemCode::SignInNeeded => Self::SignIn(None),
            _ => Self::Problem(problem),
        }
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        match self {
            Self::SignIn(None) => Redirect::to("/staff/sign-in").into_response(),
            Self::SignIn(Some(next)) => {
                Redirect::to(&format!("/staff/sign-in?next={next}")).into_response()
            }
            Self::NoRight(text) => sentence(StatusCode::FORBIDDEN, &text),
            Self::StaleForm => sentence(
                StatusCode::FORBIDDEN,
                "这一页放得太久了。请回到上一页，刷新后再点。",
            ),
            Self::Denied(Denied::OldPassword) => Redirect::to("/staff/me").into_response(),
            Self::Denied(Denied::Role(right)) => denied(&right),
            Self::Problem(problem) => {
                let status = StatusCode::from_u16(problem.status)
                    .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                sentence(status, &problem.detail)
            }
        }
    }
}

/// Who may, whom to ask, and a way back.
fn denied(right: &RightEntry) -> Response {
    let roles = Role::ALL.iter().filter(|role| right.has(**role));
    let roles: Vec<&str> = roles.map(|role| role.name()).collect();
    let title = format!("您的身份不能{}", right.words);
    let content = html! {
        div.card {
            h1 { (title) }
            p { "能" (right.words) "的身份：" (roles.join("、")) "。" }
            p { "工作上需要的话，请找管账号的人（运维或人事）给您加上身份，或者请有这个身份的同事来办。" }
        }
        p { a.button href="/staff" { "回我的工作" } }
    };
    (
        StatusCode::FORBIDDEN,
        public_page(&nameless_site(), &title, None, &content),
    )
        .into_response()
}

fn nameless_site() -> Site {
    Site {
        station_name: "公共就业服务".to_owned(),
        is_demo: false,
    }
}

/// What an answer of one sentence said, for who shows it to staff.
#[derive(Debug, Clone)]
struct Told {
    status: StatusCode,
    text: String,
}

fn sentence(status: StatusCode, text: &str) -> Response {
    let told = Told {
        status,
        text: text.to_owned(),
    };
    let mut response = sentence_page(&told, "/", "回首页");
    response.extensions_mut().insert(told);
    response
}

/// Around the staff pages: who cannot be shown a page there goes back to their work, not to the
/// page of the public.
pub(super) async fn with_way_to_work(response: Response) -> Response {
    match response.extensions().get::<Told>() {
        Some(told) => sentence_page(told, "/staff", "回我的工作"),
        None => response,
    }
}

fn sentence_page(told: &Told, address: &str, words: &str) -> Response {
    let content = html! {
        div.card { h1 { "这一步没办成" } p { (told.text) } }
        p { a.button href=(address) { (words) } }
    };
    let page = public_page(&nameless_site(), "这一步没办成", None, &content);
    (told.status, page).into_response()
}
