//! The line to an SMS gateway: whatever speaks HTTP, by a configured address, method, headers, body
//! and the condition of success. The secret stands in a file outside the data directory. Nothing that
//! is sent or answered is logged: it holds numbers.
//!
//! Not here: gateways whose requests are signed over their parts; put such a one behind a small proxy.

use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::id::OutreachId;
use domain::personal::Pii;
use reqwest::{Method, StatusCode};
use serde_json::Value;
use sync::address::{AddressError, CentralAddress, PlainHttp, read_authority};
use thiserror::Error;
use tokio::time::timeout;

/// A gateway that has not answered by then is tried again later.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// Of an answer no more is read.
const ANSWER_BYTES_MAX: usize = 64 << 10;
/// A secret is short.
const SECRET_BYTES_MAX: usize = 4_096;

/// How a gateway is spoken to. In address, headers and body stand `{phone}`, `{text}`, `{id}` (the same
/// when a message is tried again) and `{secret}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmsConfig {
    /// Its address.
    pub url: String,
    /// `POST` or `GET`.
    pub method: String,
    /// `name: value`, a line each.
    pub headers: String,
    /// The body.
    pub body: String,
    /// Empty: any 2xx. `/code = OK`: besides, this place of the JSON answer holds this text.
    pub success: String,
    /// The file with the secret; `None` for none.
    pub secret_file: Option<PathBuf>,
    /// The authorities that sign its certificate, PEM.
    pub authority: Option<PathBuf>,
    /// Whether plain HTTP may leave this machine.
    pub plain_http: PlainHttp,
}

/// A gateway that cannot be used. The sentences are for the person who runs the service.
#[derive(Debug, Error)]
pub enum GatewayError {
    /// The address.
    #[error("短信网关：{0}")]
    Address(#[from] AddressError),
    /// The method.
    #[error("sms_method 只能写 POST 或 GET，现在是 {0:?}。")]
    Method(String),
    /// A header.
    #[error("sms_headers 里的 {0:?} 不对，每行写成“名称: 值”。")]
    Header(String),
    /// The condition of success.
    #[error("sms_success 写成“/code = OK”这样，现在是 {0:?}。")]
    Success(String),
    /// The secret's file.
    #[error("短信网关的密钥文件 {path} 读不了：{reason}")]
    Secret {
        /// Which.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The secret's file lies where backups are made of.
    #[error("短信网关的密钥文件 {0} 在数据目录里面，会进备份。请放到外面。")]
    SecretInside(PathBuf),
}

/// What came of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Taken.
    Sent,
    /// Not taken, now or later; why, as a stable word.
    Refused(String),
    /// It may be taken later; why not now, as a stable word.
    TryLater(String),
}

/// The line.
pub struct Gateway {
    http: reqwest::Client,
    config: SmsConfig,
    method: Method,
    secret: Pii<String>,
}

impl std::fmt::Debug for Gateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gateway").finish_non_exhaustive()
    }
}

impl Gateway {
    /// A line as configured. Nothing is sent yet.
    ///
    /// # Errors
    /// [`GatewayError`].
    pub fn open(config: SmsConfig, data: &Path) -> Result<Self, GatewayError> {
        let authority = config
            .authority
            .as_deref()
            .map(read_authority)
            .transpose()?;
        let bare = with(&config.url, Escape::Query, &Values::default());
        let address = CentralAddress::new(&bare, authority, config.plain_http)?;
        let method = match config.method.as_str() {
            "POST" => Method::POST,
            "GET" => Method::GET,
            other => return Err(GatewayError::Method(other.to_owned())),
        };
        for line in lines(&config.headers) {
            if line.split_once(':').is_none() {
                return Err(GatewayError::Header(line.to_owned()));
            }
        }
        if !config.success.is_empty() && condition(&config.success).is_none() {
            return Err(GatewayError::Success(config.success));
        }
        let secret = match &config.secret_file {
            Some(path) => read_secret(path, data)?,
            None => Pii::new(String::new()),
        };
        Ok(Self {
            http: address.http()?,
            method,
            secret,
            config,
        })
    }

    /// Sends a message. It may arrive although the answer does not: `id` tells a gateway so.
    pub async fn send(&self, id: OutreachId, phone: &Pii<String>, text: &str) -> Outcome {
        let id = id.to_string();
        let values = Values {
            phone: phone.expose(),
            text,
            id: &id,
            secret: self.secret.expose(),
        };
        let asked = timeout(ANSWER_WITHIN, self.ask(&values)).await;
        asked.unwrap_or_else(|_| Outcome::TryLater("timeout".to_owned()))
    }

    async fn ask(&self, values: &Values<'_>) -> Outcome {
        let url = with(&self.config.url, Escape::Query, values);
        let mut request = self.http.request(self.method.clone(), url);
        let mut escape = Escape::Query;
        for line in lines(&self.config.headers) {
            let (name, said) = line.split_once(':').unwrap_or((line, ""));
            let (name, said) = (name.trim(), with(said.trim(), Escape::Nothing, values));
            if name.eq_ignore_ascii_case("content-type") && said.contains("json") {
                escape = Escape::Json;
            }
            request = request.header(name, said);
        }
        if self.method == Method::POST {
            request = request.body(with(&self.config.body, escape, values));
        }
        match request.send().await {
            Ok(answer) => self.read(answer).await,
            Err(error) if error.is_timeout() => Outcome::TryLater("timeout".to_owned()),
            Err(error) if error.is_builder() => Outcome::Refused("request".to_owned()),
            Err(_) => Outcome::TryLater("unreachable".to_owned()),
        }
    }

    async fn read(&self, mut answer: reqwest::Response) -> Outcome {
        let status = answer.status();
        let is_for_later = status.is_server_error()
            || matches!(
                status,
                StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT
            );
        if !status.is_success() {
            let word = format!("status {}", status.as_u16());
            return match is_for_later {
                true => Outcome::TryLater(word),
                false => Outcome::Refused(word),
            };
        }
        let Some((place, expected)) = condition(&self.config.success) else {
            return Outcome::Sent;
        };
        let mut body = Vec::new();
        loop {
            match answer.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() <= ANSWER_BYTES_MAX => {
                    body.extend_from_slice(&chunk);
                }
                Ok(None) => break,
                Ok(Some(_)) | Err(_) => return Outcome::TryLater("answer".to_owned()),
            }
        }
        let read: Value = serde_json::from_slice(&body).unwrap_or_default();
        let found = read.pointer(place).map(|found| match found {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        });
        match found {
            Some(found) if found == expected => Outcome::Sent,
            _ => Outcome::Refused("answer".to_owned()),
        }
    }
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// `/code = OK`: where, and what must stand there.
fn condition(text: &str) -> Option<(&str, &str)> {
    let (place, expected) = text.split_once('=')?;
    let (place, expected) = (place.trim(), expected.trim());
    (place.starts_with('/') && !expected.is_empty()).then_some((place, expected))
}

fn read_secret(path: &Path, data: &Path) -> Result<Pii<String>, GatewayError> {
    let unreadable = |reason: String| GatewayError::Secret {
        path: path.to_owned(),
        reason,
    };
    let whole = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    if whole(path).starts_with(whole(data)) {
        return Err(GatewayError::SecretInside(path.to_owned()));
    }
    let secret = std::fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
    let secret = secret.trim();
    if secret.is_empty() || secret.len() > SECRET_BYTES_MAX {
        return Err(unreadable("里面没有内容，或者太长".to_owned()));
    }
    Ok(Pii::new(secret.to_owned()))
}

/// How a value is written where it is put in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Escape {
    /// In a header: without line ends.
    Nothing,
    /// In an address or a form.
    Query,
    /// Between the quotes of a JSON text.
    Json,
}

/// What is put into address, headers and body. Not printed.
#[derive(Clone, Copy, Default)]
struct Values<'v> {
    phone: &'v str,
    text: &'v str,
    id: &'v str,
    secret: &'v str,
}

impl<'v> Values<'v> {
    fn named(&self, name: &str) -> Option<&'v str> {
        match name {
            "phone" => Some(self.phone),
            "text" => Some(self.text),
            "id" => Some(self.id),
            "secret" => Some(self.secret),
            _ => None,
        }
    }
}

/// Puts values in; what is no name of one stays as it is, as the braces of JSON do.
fn with(template: &str, escape: Escape, values: &Values<'_>) -> String {
    let (mut made, mut rest) = (String::new(), template);
    while let Some((before, after)) = rest.split_once('{') {
        made.push_str(before);
        let named = after.split_once('}');
        match named.and_then(|(name, after)| Some((values.named(name)?, after))) {
            Some((value, after)) => {
                made.push_str(&escaped(value, escape));
                rest = after;
            }
            None => {
                made.push('{');
                rest = after;
            }
        }
    }
    made.push_str(rest);
    made
}

fn escaped(value: &str, escape: Escape) -> String {
    match escape {
        Escape::Nothing => value.replace(['\r', '\n'], " "),
        Escape::Query => {
            let byte = |byte: u8| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                    char::from(byte).to_string()
                }
                other => format!("%{other:02X}"),
            };
            value.bytes().map(byte).collect()
        }
        Escape::Json => {
            let quoted = Value::String(value.to_owned()).to_string();
            quoted[1..quoted.len() - 1].to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(template: &str, escape: Escape) -> String {
        let values = Values {
            phone: "15400000001",
            text: "您好 \"甲\"\n{phone}",
            id: "7",
            secret: "s",
        };
        with(template, escape, &values)
    }

    #[test]
    fn what_is_put_in_cannot_leave_its_place() {
        let json = put(r#"{"to":"{phone}","text":"{text}"}"#, Escape::Json);
        let read: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(read["to"], "15400000001");
        assert_eq!(read["text"], "您好 \"甲\"\n{phone}");
        let query = put("http://g/?t={text}&p={phone}", Escape::Query);
        assert!(query.ends_with("&p=15400000001") && !query.contains('\n'));
        assert_eq!(query.matches('&').count(), 1);
        assert!(!put("x: {text}", Escape::Nothing).contains('\n'));
    }

    #[test]
    fn a_condition_names_a_place_and_what_stands_there() {
        assert_eq!(condition("/code = OK"), Some(("/code", "OK")));
        assert_eq!(condition("code = OK"), None);
        assert_eq!(condition("/code ="), None);
    }

    #[test]
    fn a_secret_in_the_data_directory_is_refused_because_backups_would_carry_it() {
        let data = tempfile::tempdir().unwrap();
        let inside = data.path().join("secret");
        std::fs::write(&inside, "x").unwrap();
        let refused = read_secret(&inside, data.path()).unwrap_err();
        assert!(matches!(refused, GatewayError::SecretInside(_)));
        let outside = tempfile::tempdir().unwrap();
        let file = outside.path().join("secret");
        std::fs::write(&file, "x\n").unwrap();
        assert_eq!(read_secret(&file, data.path()).unwrap().expose(), "x");
    }
}
