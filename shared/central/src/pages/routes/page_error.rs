//! What a person sees when an address cannot be shown: to the door when nobody is signed in,
//! otherwise one sentence and a way on. Codes and causes are in the log, not on the page.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;
use wire::problem::{Problem, ProblemCode};

use crate::pages::frame::{Site, public_page};

/// Why a page cannot be shown.
#[derive(Debug)]
pub(super) enum PageError {
    /// Somebody must sign in, and may then come back to this address.
    SignIn(Option<String>),
    /// The service said no.
    Problem(Problem),
    /// Somebody without the right; the sentence says who has it.
    NoRight(String),
    /// The form is older than the session, or not ours.
    StaleForm,
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
            Self::Problem(problem) => {
                let status = StatusCode::from_u16(problem.status)
                    .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                sentence(status, &problem.detail)
            }
        }
    }
}

fn sentence(status: StatusCode, text: &str) -> Response {
    let site = Site {
        station_name: "公共就业服务".to_owned(),
        is_demo: false,
    };
    let content = html! {
        div.card { h1 { "这一步没办成" } p { (text) } }
        p { a href="/" { "回首页" } }
    };
    (status, public_page(&site, "这一步没办成", None, &content)).into_response()
}
