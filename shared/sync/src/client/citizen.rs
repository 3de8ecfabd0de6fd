//! What a hall kiosk asks for a citizen. Without a line nobody is told anything, and nothing is kept.

use std::time::Duration;

use serde::de::DeserializeOwned;
use wire::api::{CITIZEN_MS_MAX, path};
use wire::citizen::{AskApplication, AskGuidance, AskProgress, Asked, Progress, Services};

use super::{Call, CallError, CentralClient};

impl CentralClient {
    /// Asks what can be applied for, what is told about, and what texts are sealed to.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn citizen_services(&self) -> Result<Services, CallError> {
        self.answered(Call::get(self.wire.url(path::CITIZEN_SERVICES)?))
            .await
    }

    /// Asks where cases stand.
    ///
    /// # Errors
    /// [`CallError`]; a problem of the code `NotFound` when number and characters do not belong
    /// together, `TooMany` after too many of these.
    pub async fn progress(&self, asked: &AskProgress) -> Result<Progress, CallError> {
        self.answered(Call::post(self.wire.url(path::CITIZEN_PROGRESS)?, asked)?)
            .await
    }

    /// Asks that somebody rings about an application.
    ///
    /// # Errors
    /// [`CallError`]. After [`CallError::Unreachable`] it may have been written down: ask again with
    /// the same request.
    pub async fn ask_application(&self, asked: &AskApplication) -> Result<Asked, CallError> {
        let url = self.wire.url(path::CITIZEN_APPLICATIONS)?;
        self.answered(Call::post(url, asked)?).await
    }

    /// Asks that somebody rings for guidance.
    ///
    /// # Errors
    /// As [`ask_application`](Self::ask_application).
    pub async fn ask_guidance(&self, asked: &AskGuidance) -> Result<Asked, CallError> {
        self.answered(Call::post(self.wire.url(path::CITIZEN_GUIDANCE)?, asked)?)
            .await
    }

    /// A call for which somebody stands and waits.
    async fn answered<T: DeserializeOwned>(&self, call: Call) -> Result<T, CallError> {
        let time_out = Duration::from_millis(CITIZEN_MS_MAX);
        tokio::time::timeout(time_out, self.call(call))
            .await
            .unwrap_or_else(|_| Err(CallError::timed_out()))
    }
}
