//! What a node relays next, and what the centre's answer means.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use domain::id::DeviceId;
use sync::log::Backlog;
use wire::envelope::ChainHead;
use wire::link::Told;
use wire::relay::{Relay, Tails};
use wire::sign::WireSignature;

use crate::store::{Store, StoreError, signed};

/// The node's side of the relay. A device chain that the centre contradicts is passed over from
/// then on, so that it cannot hold up the others; the node's own chain halts the relay.
#[derive(Debug)]
pub struct RelayDesk {
    store: Store,
    own: DeviceId,
    passed_over: Arc<Mutex<BTreeSet<DeviceId>>>,
}

impl RelayDesk {
    /// A desk for the record of the node that the centre knows as `own`.
    #[must_use]
    pub fn new(store: Store, own: DeviceId) -> Self {
        Self {
            store,
            own,
            passed_over: Arc::default(),
        }
    }

    /// Whether the record has more than the centre holds.
    #[must_use]
    pub fn lacks(&self, held: &Tails) -> bool {
        let passed_over = self.passed_over();
        let live = self.store.live();
        let mut heads = live.heads.iter();
        heads.any(|(writer, head)| {
            !passed_over.contains(writer) && held.head_of(*writer).seq < head.seq
        })
    }

    /// What the centre does not hold yet.
    ///
    /// # Errors
    /// A fault of storage.
    pub async fn backlog(&self, held: Tails) -> Result<Backlog, StoreError> {
        let (live, passed_over) = (self.store.live(), self.passed_over());
        let backlog = self
            .store
            .read(move |reader| reader.relay_backlog(&live.heads, &held, &passed_over));
        backlog.await
    }

    /// Compares what the centre said that it holds with the record.
    ///
    /// # Errors
    /// A fault of storage.
    pub async fn compare(&self, told: Tails) -> Result<Told<Tails>, StoreError> {
        let (own, passed_over) = (self.own, Arc::clone(&self.passed_over));
        let compared = self.store.read(move |reader| {
            let mut contradicted = BTreeSet::new();
            for tail in &told.tails {
                let hash = reader.hash_at(tail.writer, tail.head.seq)?;
                if hash != Some(tail.head.hash) {
                    contradicted.insert(tail.writer);
                }
            }
            if contradicted.contains(&own) {
                return Ok(Told::Contradicts);
            }
            for writer in &contradicted {
                tracing::error!(device = %writer, "the centre contradicts a device's chain");
            }
            *passed_over.lock().unwrap_or_else(PoisonError::into_inner) = contradicted;
            Ok(Told::Agrees(told))
        });
        compared.await
    }

    /// The next relay; `None` when there is nothing that may be sent.
    ///
    /// # Errors
    /// A fault of storage.
    pub async fn next(
        &self,
        held: Tails,
        sign_own: impl Fn(ChainHead) -> WireSignature + Send + 'static,
    ) -> Result<Option<Relay>, StoreError> {
        let (own, passed_over, live) = (self.own, self.passed_over(), self.store.live());
        let relayable = self
            .store
            .read(move |reader| reader.relayable(own, &live.heads, &held, &passed_over));
        let relayable = relayable.await?;
        if relayable.events.is_empty() {
            return Ok(None);
        }
        let ends = relayable.ends.into_iter();
        Ok(Some(Relay {
            events: relayable.events,
            tails: ends.map(|end| signed(end, &sign_own)).collect(),
        }))
    }

    fn passed_over(&self) -> BTreeSet<DeviceId> {
        let passed_over = self.passed_over.lock();
        passed_over.unwrap_or_else(PoisonError::into_inner).clone()
    }
}
