//! Answers of the bridge: JSON or nothing, never stored, readable by the centre's pages only.

use serde_json::{Value, json};
use wire::bridge::PAIRING_HEADER;

use super::access::Origin;

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    body: Option<Value>,
}

impl Answer {
    /// What was asked for.
    pub(super) fn ok(body: Value) -> Self {
        Self {
            status: 200,
            body: Some(body),
        }
    }

    /// What a browser is told before it sends the request itself.
    pub(super) fn preflight() -> Self {
        Self {
            status: 204,
            body: None,
        }
    }

    /// A sentence for the person at the desk.
    pub(super) fn words(status: u16, words: &str) -> Self {
        Self {
            status,
            body: Some(json!({ "words": words })),
        }
    }

    /// The bytes. `readable_by` is absent when the one who asks must not even see the answer.
    pub(super) fn bytes(&self, readable_by: Option<&Origin>) -> Vec<u8> {
        let body = self.body.as_ref().map(Value::to_string).unwrap_or_default();
        let mut text = format!(
            "HTTP/1.1 {} {}\r\ncontent-length: {}\r\nconnection: close\r\n\
             cache-control: no-store\r\nx-content-type-options: nosniff\r\nvary: Origin\r\n",
            self.status,
            reason(self.status),
            body.len(),
        );
        if self.body.is_some() {
            text.push_str("content-type: application/json; charset=utf-8\r\n");
        }
        if let Some(origin) = readable_by {
            text.push_str(&format!("access-control-allow-origin: {origin}\r\n"));
            if self.body.is_none() {
                text.push_str(&format!(
                    "access-control-allow-methods: GET, POST\r\n\
                     access-control-allow-headers: {PAIRING_HEADER}\r\n\
                     access-control-allow-private-network: true\r\n\
                     access-control-max-age: 600\r\n"
                ));
            }
        }
        text.push_str("\r\n");
        text.push_str(&body);
        text.into_bytes()
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        204 => "No Content",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        409 => "Conflict",
        429 => "Too Many Requests",
        504 => "Gateway Timeout",
        _ => "Error",
    }
}
