//! What a hall kiosk asks about appointments. Without a line nothing is kept and nobody checked in.

use std::time::Duration;

use domain::id::GroupCode;
use domain::queue::CheckInSlots;
use serde::de::DeserializeOwned;
use wire::api::{
    APPOINTMENT_MS_MAX, AppointmentKept, AppointmentSlots, BookAppointment, CheckIn, CheckedIn,
    path,
};

use super::{Call, CallError, CentralClient};

impl CentralClient {
    /// Asks for the free times of a group.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn appointment_slots(&self, group: GroupCode) -> Result<AppointmentSlots, CallError> {
        let mut url = self.wire.url(path::APPOINTMENT_SLOTS)?;
        url.query_pairs_mut()
            .append_pair("group", &group.to_string());
        self.soon(Call::get(url)).await
    }

    /// Asks the authority to keep a place.
    ///
    /// # Errors
    /// [`CallError`]; [`CallError::Refused`] holds the sentence for the citizen. After
    /// [`CallError::Unreachable`] the place may be kept: ask again with the same ticket.
    pub async fn book(&self, request: &BookAppointment) -> Result<AppointmentKept, CallError> {
        self.soon(Call::post(self.wire.url(path::APPOINTMENTS)?, request)?)
            .await
    }

    /// Asks which appointments may be taken up now.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn check_in_slots(&self) -> Result<CheckInSlots, CallError> {
        self.soon(Call::get(self.wire.url(path::CHECK_IN)?)).await
    }

    /// Takes an appointment up.
    ///
    /// # Errors
    /// As [`book`](Self::book): ask again with the same token.
    pub async fn check_in(&self, request: &CheckIn) -> Result<CheckedIn, CallError> {
        self.soon(Call::post(self.wire.url(path::CHECK_IN)?, request)?)
            .await
    }

    /// A call for which somebody stands and waits.
    async fn soon<T: DeserializeOwned>(&self, call: Call) -> Result<T, CallError> {
        let time_out = Duration::from_millis(APPOINTMENT_MS_MAX);
        tokio::time::timeout(time_out, self.call(call))
            .await
            .unwrap_or_else(|_| Err(CallError::timed_out()))
    }
}
