//! What a hall node relays: its own chain and those of its devices, in the order of its record, so
//! that what caused an event always comes before it. A relay ends where every device chain in it
//! ends with a signed tail; the events of one push are in the record together, so there is such a
//! place within [`RELAY_EVENTS_LIMIT`] events.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::DeviceId;
use domain::time::UtcMs;
use rusqlite::OptionalExtension;
use sync::log::Backlog;
use wire::envelope::{ChainHead, EventHash};
use wire::relay::{
    ChainTail, RELAY_BYTES_MAX, RELAY_EVENTS_LIMIT, RELAY_EVENTS_MAX, SignedTail, Tails,
};
use wire::sign::WireSignature;

use super::projection::execute;
use super::visits::read_id;
use super::{Reader, Role, StoreError, Write};

/// Events to be relayed, with the ends of their chains. `signature` is `None` for the node's own
/// chain, which it signs when it sends.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Relayable {
    pub(crate) events: Vec<String>,
    pub(crate) ends: Vec<(ChainTail, Option<WireSignature>)>,
}

impl Write<'_> {
    /// Keeps the end of a push, also after it was relayed: a centre that is restored from a backup
    /// asks for it once more.
    pub(crate) fn keep_checkpoint_if_node(
        &mut self,
        writer: DeviceId,
        seq: u64,
        signature: WireSignature,
    ) -> Result<(), StoreError> {
        if self.memory.role == Role::Centre {
            return Ok(());
        }
        let statement = "INSERT OR REPLACE INTO checkpoints (writer, seq, signature)
                         VALUES (?1, ?2, ?3)";
        let values = (writer.to_string(), seq.cast_signed(), signature.0);
        execute(self.sql, statement, values)
    }
}

impl Reader<'_> {
    /// The next events that `upstream` does not hold; those of `passed_over` chains are left out.
    pub(crate) fn relayable(
        &self,
        own: DeviceId,
        heads: &BTreeMap<DeviceId, ChainHead>,
        upstream: &Tails,
        passed_over: &BTreeSet<DeviceId>,
    ) -> Result<Relayable, StoreError> {
        let held: BTreeMap<DeviceId, u64> = heads
            .keys()
            .map(|writer| (*writer, upstream.head_of(*writer).seq))
            .collect();
        let Some(first) = self.first_position_beyond(heads, &held, passed_over)? else {
            return Ok(Relayable::default());
        };
        let mut gathered = Gathered::default();
        let mut query = self.sql.prepare_cached(
            "SELECT writer, seq, hash, text
             FROM events
             WHERE position >= ?1
             ORDER BY position",
        )?;
        let mut rows = query.query([first.cast_signed()])?;
        while let Some(row) = rows.next()? {
            let writer: DeviceId = read_id(&row.get::<_, String>(0)?)?;
            let seq = row.get::<_, i64>(1)?.cast_unsigned();
            if passed_over.contains(&writer) || seq <= held.get(&writer).copied().unwrap_or(0) {
                continue;
            }
            let hash = EventHash(row.get(2)?);
            let signature = match writer == own {
                true => None,
                false => self.checkpoint_at(writer, seq)?,
            };
            let tail = ChainTail {
                writer,
                head: ChainHead { seq, hash },
            };
            gathered.add(row.get(3)?, tail, signature, writer == own);
            if gathered.is_enough() {
                break;
            }
        }
        Ok(gathered.up_to_the_cut())
    }

    /// How many events `upstream` does not hold, and when the first of them was written.
    pub(crate) fn relay_backlog(
        &self,
        heads: &BTreeMap<DeviceId, ChainHead>,
        upstream: &Tails,
        passed_over: &BTreeSet<DeviceId>,
    ) -> Result<Backlog, StoreError> {
        let of_chain = |(writer, head): (&DeviceId, &ChainHead)| {
            let held = upstream.head_of(*writer).seq;
            (*writer, head.seq.saturating_sub(held), held)
        };
        let chains = heads
            .iter()
            .filter(|(writer, _)| !passed_over.contains(writer));
        let chains: Vec<_> = chains.map(of_chain).collect();
        let held = chains
            .iter()
            .map(|(writer, _, held)| (*writer, *held))
            .collect();
        let oldest_at = match self.first_position_beyond(heads, &held, passed_over)? {
            Some(position) => Some(self.sql.query_row(
                "SELECT at FROM events WHERE position = ?1",
                [position.cast_signed()],
                |row| row.get(0).map(UtcMs),
            )?),
            None => None,
        };
        Ok(Backlog {
            count: chains.iter().map(|(_, behind, _)| behind).sum(),
            oldest_at,
        })
    }

    fn first_position_beyond(
        &self,
        heads: &BTreeMap<DeviceId, ChainHead>,
        held: &BTreeMap<DeviceId, u64>,
        passed_over: &BTreeSet<DeviceId>,
    ) -> Result<Option<u64>, StoreError> {
        let mut query = self
            .sql
            .prepare_cached("SELECT position FROM events WHERE writer = ?1 AND seq = ?2")?;
        let mut first: Option<u64> = None;
        for (writer, head) in heads {
            let held = held.get(writer).copied().unwrap_or(0);
            if passed_over.contains(writer) || held >= head.seq {
                continue;
            }
            let key = (writer.to_string(), (held + 1).cast_signed());
            let position: Option<i64> = query.query_row(key, |row| row.get(0)).optional()?;
            if let Some(position) = position.map(i64::cast_unsigned) {
                first = Some(first.map_or(position, |first| first.min(position)));
            }
        }
        Ok(first)
    }

    fn checkpoint_at(
        &self,
        writer: DeviceId,
        seq: u64,
    ) -> Result<Option<WireSignature>, StoreError> {
        let mut query = self
            .sql
            .prepare_cached("SELECT signature FROM checkpoints WHERE writer = ?1 AND seq = ?2")?;
        let signature = query.query_row((writer.to_string(), seq.cast_signed()), |row| row.get(0));
        Ok(signature.optional()?.map(WireSignature))
    }
}

/// A relay while it grows, with the last place at which it may end.
#[derive(Default)]
struct Gathered {
    events: Vec<String>,
    bytes: usize,
    ends: BTreeMap<DeviceId, (ChainTail, Option<WireSignature>)>,
    /// Device chains whose last event so far is not a signed tail.
    unsigned: BTreeSet<DeviceId>,
    cut: Relayable,
    events_at_cut: usize,
}

impl Gathered {
    fn add(
        &mut self,
        text: String,
        tail: ChainTail,
        signature: Option<WireSignature>,
        is_own: bool,
    ) {
        self.bytes += text.len();
        self.events.push(text);
        self.ends.insert(tail.writer, (tail, signature));
        if is_own || signature.is_some() {
            self.unsigned.remove(&tail.writer);
        } else {
            self.unsigned.insert(tail.writer);
        }
        if self.unsigned.is_empty() {
            self.events_at_cut = self.events.len();
            self.cut.ends = self.ends.values().copied().collect();
        }
    }

    fn is_enough(&self) -> bool {
        let is_large = self.events.len() >= RELAY_EVENTS_MAX || self.bytes >= RELAY_BYTES_MAX / 2;
        (is_large && self.events_at_cut > 0) || self.events.len() >= RELAY_EVENTS_LIMIT
    }

    fn up_to_the_cut(mut self) -> Relayable {
        self.events.truncate(self.events_at_cut);
        self.cut.events = self.events;
        self.cut
    }
}

/// A signed tail of the node's own chain or of a device's.
pub(crate) fn signed(
    (tail, signature): (ChainTail, Option<WireSignature>),
    sign_own: impl FnOnce(ChainHead) -> WireSignature,
) -> SignedTail {
    SignedTail {
        tail,
        signature: signature.unwrap_or_else(|| sign_own(tail.head)),
    }
}
