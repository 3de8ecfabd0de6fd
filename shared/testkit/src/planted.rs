//! Wrong implementations, planted into a simulation: one that does not find them proves nothing.
//! Each is a mistake that has been made in earnest in systems of this kind.

use wire::api::{Push, Pushed};
use wire::envelope;
use wire::relay::Relay;

/// What is wrong in a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plant {
    /// Nothing.
    Nothing,
    /// Device logs that never wait for the disk.
    LogNeverSyncs,
    /// A server that says what it holds before it has stored it, and is slow to store.
    AnswersBeforeStoring,
    /// A node that relays one chain after the other instead of in the order of its record.
    RelaysChainByChain,
    /// A server that keeps the first of two events under one number and says that it holds both.
    KeepsFirst,
    /// A device that stops without a word when the server holds another history under its name.
    HaltsInSilence,
    /// A device that remembers what the server held instead of asking it.
    TrustsItsMemory,
}

/// Says of a push that all of it is held.
#[must_use]
pub fn all_of(push: &Push) -> Option<Pushed> {
    let last = envelope::read(push.events.last()?).ok()?;
    Some(Pushed { head: last.head() })
}

/// Sorts a relay by writers.
pub fn chain_by_chain(relay: &mut Relay) {
    relay.events.sort_by_key(|text| {
        let event = envelope::read(text).ok();
        event.map(|event| (event.writer, event.seq))
    });
}

/// A link that goes by its memory.
#[derive(Debug, Clone, Default)]
pub struct TrustingLink {
    held: Option<u64>,
}

impl TrustingLink {
    /// The server said what it holds.
    pub fn heard(&mut self, seq: u64) {
        self.held = Some(self.held.map_or(seq, |held| held.max(seq)));
    }

    /// What it goes by; `None` when it asks as it should.
    #[must_use]
    pub fn remembered(&self, plant: Plant) -> Option<u64> {
        self.held.filter(|_| plant == Plant::TrustsItsMemory)
    }
}
