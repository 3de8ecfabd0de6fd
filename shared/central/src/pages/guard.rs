//! What keeps a page's forms from being sent by somebody else's page, and a page's text from
//! becoming code: form tokens bound to the session, a check of where a request comes from, and
//! the headers of every answer. What a value may contain is not checked here; `maud` escapes it.

use std::sync::LazyLock;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::app_state::AppState;

/// A page at a clerk's desk that uses the desk's camera and asks the desk's card reader: its answer
/// carries this, and is permitted both. No other page is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AtTheDesk;

/// Nothing inline, nothing from elsewhere, no frames, no plug-ins.
const CONTENT_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
     img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'";

/// For a year, browsers that came by HTTPS once come by HTTPS only.
const HTTPS_ONLY: &str = "max-age=31536000";

/// Proof that a form was made for this session by this server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FormToken(String);

impl FormToken {
    /// The token that was made together with a session.
    pub(crate) fn of_session(token: &str) -> Self {
        Self(token.to_owned())
    }

    /// The token of whoever holds `secret` (a cookie, a slip's token). It is derived, so that
    /// nothing has to be stored, and one-way, so that a page that leaks does not leak the secret.
    pub(crate) fn of(secret: &str) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(b"form token of ");
        hasher.update(secret.as_bytes());
        Self(hex::encode(hasher.finalize()))
    }

    /// The hidden field that carries it.
    pub(crate) fn field(&self) -> Markup {
        html! { input type="hidden" name="form_token" value=(self.0); }
    }

    /// Whether `sent` is this token, compared without telling where it differs.
    pub(crate) fn is(&self, sent: &str) -> bool {
        self.0.as_bytes().ct_eq(sent.as_bytes()).into()
    }
}

/// Whether a request that changes something may come from another site, as far as the browser
/// tells. Programs that send neither header are not browsers and hold no session by accident.
fn comes_from_elsewhere(headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site != "same-origin" && site != "none";
    }
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    match (text(header::ORIGIN), text(header::HOST)) {
        (Some(origin), Some(host)) => origin
            .split_once("://")
            .is_none_or(|(_, origin_host)| origin_host != host),
        (Some(_), None) => true,
        (None, _) => false,
    }
}

/// Refuses forms of other sites and sets the headers of every page.
pub(crate) async fn guard(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let changes_something = !matches!(*request.method(), Method::GET | Method::HEAD);
    let response = if changes_something && comes_from_elsewhere(request.headers()) {
        (
            StatusCode::FORBIDDEN,
            "这个请求不是从本页面发出的，没有办。请回到页面再点一次。",
        )
            .into_response()
    } else {
        next.run(request).await
    };
    let mut response = with_security_headers(response);
    if state.public_url().starts_with("https://") {
        let headers = response.headers_mut();
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static(HTTPS_ONLY),
        );
    }
    response
}

/// The policy of a page [`AtTheDesk`]: also connections to the bridge on the same machine.
static DESK_POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let connect = format!("connect-src 'self' {}", wire::bridge::ADDRESS);
    let policy = CONTENT_POLICY.replace("connect-src 'self'", &connect);
    HeaderValue::try_from(policy).expect("a header, because it is made of two constants")
});

const NO_DEVICES: &str = "camera=(), microphone=(), geolocation=()";
const DESK_CAMERA: &str = "camera=(self), microphone=(), geolocation=()";

fn with_security_headers(mut response: Response) -> Response {
    let is_at_desk = response.extensions().get::<AtTheDesk>().is_some();
    let headers = response.headers_mut();
    let (policy, devices) = if is_at_desk {
        (DESK_POLICY.clone(), DESK_CAMERA)
    } else {
        (HeaderValue::from_static(CONTENT_POLICY), NO_DEVICES)
    };
    // what is no page brings a policy of its own
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(policy);
    let fixed: [(HeaderName, &'static str); 5] = [
        (HeaderName::from_static("permissions-policy"), devices),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // pages show the hall as it is now; an old one from a cache would lie
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            })
            .collect()
    }

    #[test]
    fn forms_of_other_sites_are_told_apart() {
        for (elsewhere, pairs) in [
            (true, &[("sec-fetch-site", "cross-site")][..]),
            (true, &[("sec-fetch-site", "same-site")]),
            (
                true,
                &[("origin", "http://evil.test"), ("host", "10.0.0.2:8080")],
            ),
            (true, &[("origin", "null"), ("host", "10.0.0.2:8080")]),
            (
                false,
                &[
                    ("origin", "http://10.0.0.2:8080"),
                    ("host", "10.0.0.2:8080"),
                ],
            ),
            (
                false,
                &[("sec-fetch-site", "same-origin"), ("origin", "null")],
            ),
            (false, &[]),
        ] {
            assert_eq!(
                comes_from_elsewhere(&headers(pairs)),
                elsewhere,
                "{pairs:?}"
            );
        }
    }

    #[test]
    fn a_form_token_belongs_to_one_secret_and_does_not_show_it() {
        let token = FormToken::of("session of the first");
        assert!(token.is(&FormToken::of("session of the first").0));
        assert!(!token.is(&FormToken::of("session of the second").0));
        assert!(!token.is(""));
        assert!(!token.field().into_string().contains("session of"));
    }

    #[test]
    fn every_answer_forbids_inline_code_and_frames() {
        let response = with_security_headers("".into_response());
        let policy = response.headers()[header::CONTENT_SECURITY_POLICY]
            .to_str()
            .unwrap();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"));
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
        assert!(!policy.contains("127.0.0.1"));
        let devices = response.headers()["permissions-policy"].to_str().unwrap();
        assert!(devices.contains("camera=()"));
    }

    #[test]
    fn a_page_at_the_desk_may_use_its_camera_and_its_card_reader_and_nothing_more() {
        let page = (axum::Extension(AtTheDesk), "").into_response();
        let headers = with_security_headers(page).into_parts().0.headers;
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.contains("connect-src 'self' http://127.0.0.1:7417;"));
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"));
        let devices = headers["permissions-policy"].to_str().unwrap();
        assert_eq!(devices, DESK_CAMERA);
    }
}
