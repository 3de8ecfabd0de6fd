//! Calls that keep the line itself in order: status, replacement of the key, and what a hall node
//! asks of its centre.

use std::sync::PoisonError;

use thiserror::Error;
use wire::api::path;
use wire::envelope::ChainHead;
use wire::relay::{AskForCitizen, NodeStaffList, Relay, Tails};
use wire::sign::DeviceKey;
use wire::status::{DeviceStatus, RotateKey, StatusAnswer};

use super::{CITIZEN_MS_MAX, Call, CallError, CentralClient, RELAY_MS_MAX};
use crate::entropy::random_bytes;
use crate::identity::IdentityError;

/// Why a device still goes by its old key.
#[derive(Debug, Error)]
pub enum KeyRotationError {
    /// The next key cannot be kept.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The server did not take it.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl CentralClient {
    /// Tells how the device stands.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn tell_status(&self, status: &DeviceStatus) -> Result<StatusAnswer, CallError> {
        self.call(Call::post(self.wire.url(path::STATUS)?, status)?)
            .await
    }

    /// Draws a new key and goes by it once the server does. `tail` is the end of the chain as the
    /// server holds it.
    ///
    /// # Errors
    /// [`KeyRotationError`]; the old key holds, and the same new one is offered the next time.
    pub async fn rotate_key(&self, tail: ChainHead) -> Result<(), KeyRotationError> {
        let fresh = DeviceKey::from_bytes(&random_bytes());
        let next = {
            let mut identity = self
                .identity
                .write()
                .unwrap_or_else(PoisonError::into_inner);
            identity.begin_rotation(fresh)?
        };
        let rotate = RotateKey {
            public_key: next.public(),
            tail,
            signature: next.sign_tail(self.enrolled.device, tail),
        };
        let call = Call::post(self.wire.url(path::KEY)?, &rotate)?;
        self.call_for_nothing(call).await?;
        self.go_by_next_key();
        Ok(())
    }

    /// The server accepted the next key. A file that cannot be renamed is found again at the next
    /// start; meanwhile the key in memory is the right one.
    pub(super) fn go_by_next_key(&self) {
        let mut identity = self
            .identity
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = identity.finish_rotation() {
            tracing::error!(%error, "the new key's file cannot take the old one's place");
        }
    }

    /// What the centre holds of the chains that this node relays.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn relay_tails(&self) -> Result<Tails, CallError> {
        self.call(Call::get(self.wire.url(path::RELAY_TAILS)?))
            .await
    }

    /// Relays chains; the answer is what the centre holds now of those in the relay.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn relay(&self, relay: &Relay) -> Result<Tails, CallError> {
        let call = Call::post(self.wire.url(path::RELAY)?, relay)?;
        self.call(Call {
            time_out: RELAY_MS_MAX,
            ..call
        })
        .await
    }

    /// What the centre answers to a kiosk of this node's hall that asks for a citizen: the body of
    /// its answer, null when there is none.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn ask_for_citizen(
        &self,
        asked: &AskForCitizen,
    ) -> Result<serde_json::Value, CallError> {
        let call = Call::post(self.wire.url(path::RELAY_CITIZEN)?, asked)?;
        self.call(Call {
            time_out: CITIZEN_MS_MAX,
            ..call
        })
        .await
    }

    /// Who may sign in at this node.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn node_staff(&self) -> Result<NodeStaffList, CallError> {
        self.call(Call::get(self.wire.url(path::NODE_STAFF)?)).await
    }
}
