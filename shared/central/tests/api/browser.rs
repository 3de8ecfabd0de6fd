//! A browser: keeps its cookies, follows nothing, sends forms as pages do.

use domain::case::Role;
use reqwest::{Client, Response, StatusCode, header, redirect};

use crate::hall::{Hall, PASSWORD};

#[derive(Clone)]
pub(crate) struct Browser {
    http: Client,
    base: String,
    cookie: String,
}

impl Browser {
    /// One at which nobody is signed in.
    pub(crate) fn new(hall: &Hall) -> Self {
        // a browser of its own kind, not a device's client; another test may have said it already
        drop(rustls::crypto::ring::default_provider().install_default());
        let http = Client::builder().redirect(redirect::Policy::none());
        Self {
            http: http.build().unwrap(),
            base: hall.base.clone(),
            cookie: String::new(),
        }
    }

    /// One at which a new member of staff with these roles is signed in.
    pub(crate) async fn of(hall: &Hall, roles: &[Role]) -> Self {
        let login = roles.first().map_or("nobody", |role| role.word());
        hall.add_staff(login, roles).await;
        let mut browser = Self::new(hall);
        let answer = browser.sign_in(login, PASSWORD).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        browser
    }

    /// Fills in the form of the door.
    pub(crate) async fn sign_in(&mut self, login: &str, password: &str) -> Response {
        let fields = [("next", ""), ("login", login), ("password", password)];
        self.fill_in("/staff/sign-in", &fields).await
    }

    /// Opens a page with one form and sends it, filled in.
    pub(crate) async fn fill_in(&mut self, path: &str, fields: &[(&str, &str)]) -> Response {
        let page = self.get(path).await;
        self.keep_cookie(&page);
        let token = form_token(&page.text().await.unwrap());
        let answer = self.send(path, &token, fields).await;
        self.keep_cookie(&answer);
        answer
    }

    /// Sends a form to `act` with the token that stands on `page`.
    pub(crate) async fn act(&self, page: &str, act: &str, fields: &[(&str, &str)]) -> Response {
        let token = form_token(&self.page(page).await);
        self.send(act, &token, fields).await
    }

    /// Sends a form with a file to `act` with the token that stands on `page`.
    pub(crate) async fn upload(
        &self,
        page: &str,
        act: &str,
        fields: &[(&str, &str)],
        file: (&str, &[u8]),
    ) -> Response {
        let token = form_token(&self.page(page).await);
        let fields: Vec<_> = [("form_token", token.as_str())]
            .into_iter()
            .chain(fields.iter().copied())
            .collect();
        let kind = format!("multipart/form-data; boundary=\"{BOUNDARY}\"");
        let request = self.http.post(format!("{}{act}", self.base));
        request
            .header(header::CONTENT_TYPE, kind)
            .header(header::COOKIE, &self.cookie)
            .body(in_parts(&fields, file))
            .send()
            .await
            .unwrap()
    }

    async fn send(&self, path: &str, token: &str, fields: &[(&str, &str)]) -> Response {
        let fields = fields.iter();
        let fields = fields.map(|(name, value)| format!("&{name}={}", encoded(value)));
        self.post(
            path,
            format!("form_token={token}{}", fields.collect::<String>()),
        )
        .await
    }

    fn keep_cookie(&mut self, answer: &Response) {
        if let Some(line) = answer.headers().get(header::SET_COOKIE) {
            let pair = line.to_str().unwrap().split(';').next().unwrap();
            pair.clone_into(&mut self.cookie);
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        let asked = self.http.get(format!("{}{path}", self.base));
        asked
            .header(header::COOKIE, &self.cookie)
            .send()
            .await
            .unwrap()
    }

    pub(crate) async fn page(&self, path: &str) -> String {
        self.get(path).await.text().await.unwrap()
    }

    pub(crate) async fn post(&self, path: &str, body: String) -> Response {
        self.http
            .post(format!("{}{path}", self.base))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::COOKIE, &self.cookie)
            .body(body)
            .send()
            .await
            .unwrap()
    }
}

const BOUNDARY: &str = "boundary-that-is-in-no-file";

/// A form in parts with one file, as a browser sends it.
fn in_parts(fields: &[(&str, &str)], (name, bytes): (&str, &[u8])) -> Vec<u8> {
    let mut body = Vec::new();
    for (field, value) in fields {
        let head = format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{field}\"");
        body.extend(format!("{head}\r\n\r\n{value}\r\n").into_bytes());
    }
    let head = format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"");
    body.extend(format!("{head}; filename=\"{name}\"\r\n\r\n").into_bytes());
    body.extend(bytes);
    body.extend(format!("\r\n--{BOUNDARY}--\r\n").into_bytes());
    body
}

pub(crate) fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

pub(crate) fn form_token(page: &str) -> String {
    let rest = page.split("name=\"form_token\" value=\"").nth(1).unwrap();
    rest.split('"').next().unwrap().to_owned()
}
