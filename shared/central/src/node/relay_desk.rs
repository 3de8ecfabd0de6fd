//! What a node relays next, and what the centre's answer means.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use domain::id::DeviceId;
use domain::time::UtcMs;
use sync::log::Backlog;
use wire::envelope::ChainHead;
use wire::link::Told;
use wire::relay::{Relay, Tails};
use wire::sign::WireSignature;

use crate::ingest;
use crate::store::{Reader, Standing, Store, StoreError, Write, signed};

/// The node's side of the relay. A device chain of which the centre holds another history is
/// recorded as such and passed over from then on, so that it cannot hold up the others; the node's
/// own chain halts the relay.
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
    pub async fn compare(&self, told: Tails, now: UtcMs) -> Result<Told<Tails>, StoreError> {
        let (told, unlike) = self.store.read(move |reader| unlike(reader, told)).await?;
        if unlike.all.contains(&self.own) {
            return Ok(Told::Contradicts);
        }
        self.note_contradicted(unlike.contradicted, now).await?;
        let passed_over = self.passed_over.lock();
        *passed_over.unwrap_or_else(PoisonError::into_inner) = unlike.all;
        Ok(Told::Agrees(told))
    }

    /// Nothing is taken any more under the name of a device with two histories.
    async fn note_contradicted(
        &self,
        contradicted: BTreeSet<DeviceId>,
        now: UtcMs,
    ) -> Result<(), StoreError> {
        let live = self.store.live();
        let is_new = |device: &DeviceId| {
            let record = live.devices.get(device);
            record.is_some_and(|record| record.standing == Standing::Good)
        };
        for device in contradicted.into_iter().filter(is_new) {
            let note = move |write: &mut Write<'_>| ingest::note_halted(write, device, now);
            self.store.write(note).await?;
        }
        Ok(())
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

/// The chains whose end at the centre is not in the record.
struct Unlike {
    /// All of them. A node that was restored from a backup lacks ends until its devices send them
    /// once more.
    all: BTreeSet<DeviceId>,
    /// Those of which the record holds another event in that place.
    contradicted: BTreeSet<DeviceId>,
}

fn unlike(reader: &Reader<'_>, told: Tails) -> Result<(Tails, Unlike), StoreError> {
    let (mut all, mut contradicted) = (BTreeSet::new(), BTreeSet::new());
    for tail in &told.tails {
        match reader.hash_at(tail.writer, tail.head.seq)? {
            Some(hash) if hash == tail.head.hash => continue,
            Some(_) => contradicted.insert(tail.writer),
            None => false,
        };
        all.insert(tail.writer);
    }
    Ok((told, Unlike { all, contradicted }))
}
