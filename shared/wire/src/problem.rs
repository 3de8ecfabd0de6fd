//! Errors of the HTTP API: problem+json (RFC 9457) with stable codes.

use domain::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// The body of every answer that is not a success.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// HTTP status.
    pub status: u16,
    /// Stable code.
    pub code: ProblemCode,
    /// One Chinese sentence for the person in front of the machine, where there is one.
    pub detail: String,
    /// What the queue or the scores refused, when `code` is [`ProblemCode::Refused`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
}

/// Every reason for which the API may say no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// The request is not what the API describes.
    BadRequest,
    /// The enrolment code is wrong or used.
    EnrolmentCodeInvalid,
    /// The device is not known here.
    DeviceUnknown,
    /// The device's rights have been withdrawn.
    DeviceRevoked,
    /// The request's signature does not hold.
    SignatureInvalid,
    /// The request's time is too far from the server's; correct it by `x-server-time-ms`.
    ClockSkew,
    /// The request has been seen before.
    Replayed,
    /// An event does not follow the chain that the server holds.
    ChainGap,
    /// An event differs from the one with the same number that the server holds.
    Equivocation,
    /// An event is malformed, too long, or of another writer.
    EventInvalid,
    /// The rules of the hall say no; see `refusal`.
    Refused,
    /// The cursor is older than what the feed still tells; ask from the start.
    CursorTooOld,
    /// The two programs speak no common version of the wire.
    VersionUnsupported,
    /// There is no such thing.
    NotFound,
    /// The same key was used before, for something else.
    KeyReused,
    /// The body is longer than the route takes.
    TooLarge,
    /// The body did not arrive in time.
    TooSlow,
    /// Too many requests; see `Retry-After`.
    TooMany,
    /// Staff must sign in first.
    SignInNeeded,
    /// The server cannot store anything now.
    StorageFull,
    /// The server cannot work now: it stops, or its disk is almost full; see `Retry-After`.
    Unavailable,
    /// A fault of the server.
    Internal,
}

impl ProblemCode {
    /// The HTTP status that goes with the code.
    #[must_use]
    pub fn status(self) -> u16 {
        match self {
            Self::BadRequest | Self::EventInvalid => 400,
            Self::DeviceUnknown | Self::SignatureInvalid | Self::ClockSkew | Self::SignInNeeded => {
                401
            }
            Self::EnrolmentCodeInvalid | Self::DeviceRevoked => 403,
            Self::NotFound => 404,
            Self::CursorTooOld => 410,
            Self::VersionUnsupported => 426,
            Self::Replayed
            | Self::ChainGap
            | Self::Equivocation
            | Self::Refused
            | Self::KeyReused => 409,
            Self::TooSlow => 408,
            Self::TooLarge => 413,
            Self::TooMany => 429,
            Self::Internal => 500,
            Self::Unavailable => 503,
            Self::StorageFull => 507,
        }
    }

    /// Whether the same request may succeed later without a person's help.
    #[must_use]
    pub fn is_transient(self) -> bool {
        matches!(
            self,
            Self::ClockSkew
                | Self::TooSlow
                | Self::TooMany
                | Self::Unavailable
                | Self::Internal
                | Self::StorageFull
        )
    }
}

impl Problem {
    /// A problem with the status that goes with its code.
    #[must_use]
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        Self {
            status: code.status(),
            code,
            detail: detail.into(),
            refusal: None,
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.text.clone();
        Self {
            refusal: Some(refusal),
            ..Self::new(ProblemCode::Refused, detail)
        }
    }
}
