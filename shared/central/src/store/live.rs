//! The memory beside the tables: what every decision needs at once. Owned by the writer, replayed
//! from the events, and published to readers as an immutable snapshot after each commit.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, RwLock};

use domain::id::{DeviceId, HallId, WindowNo};
use domain::parameter::{ParameterBook, ParameterProposal};
use domain::time::{BusinessDate, UtcMs};
use rusqlite::Connection;
use tokio::sync::watch;
use wire::api::{DeviceKind, Topic};
use wire::envelope::{self, ChainHead};
use wire::event::{DeviceEnrolled, Event};
use wire::problem::ProblemCode;
use wire::sign::{DevicePublicKey, DeviceVerifier};

use crate::hall_state::HallState;
use crate::parameters::HallParameters;

use super::ledger::Replayed;
use super::{Role, StoreError, feed, gaps, ledger, restored, sessions, visits, writer};

/// What readers see without a query.
#[derive(Debug, Clone, Default)]
pub struct Live {
    /// The halls with their queues.
    pub halls: BTreeMap<HallId, Arc<HallState>>,
    /// The devices, also those without rights.
    pub devices: BTreeMap<DeviceId, Arc<DeviceRecord>>,
    /// Halls that have a node of their own: it is their authority, not this process.
    pub nodes: BTreeMap<HallId, DeviceId>,
    /// The dated parameters, as confirmed.
    pub parameters: Arc<ParameterBook>,
    /// Changes of them that wait for a second person, oldest first.
    pub waiting_parameters: Arc<Vec<ParameterProposal>>,
    /// Where each chain stands.
    pub heads: BTreeMap<DeviceId, ChainHead>,
}

impl Live {
    /// Where a writer's chain stands.
    #[must_use]
    pub fn head_of(&self, writer: DeviceId) -> ChainHead {
        self.heads.get(&writer).copied().unwrap_or(ChainHead::EMPTY)
    }
}

/// A device as enrolled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceRecord {
    /// The device.
    pub device: DeviceId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: DeviceKind,
    /// Its hall.
    pub hall: HallId,
    /// Its key.
    pub public_key: DevicePublicKey,
    /// The key, ready to check signatures.
    pub verifier: DeviceVerifier,
    /// Since when that key holds.
    pub key_since: UtcMs,
    /// Whether it may still do anything.
    pub standing: Standing,
}

impl DeviceRecord {
    /// The device that was enrolled at `at`.
    #[must_use]
    pub fn of(enrolled: &DeviceEnrolled, at: UtcMs) -> Self {
        Self {
            device: enrolled.device,
            name: enrolled.name.clone(),
            kind: enrolled.kind,
            hall: enrolled.hall,
            public_key: enrolled.public_key,
            verifier: enrolled.public_key.verifier(),
            key_since: at,
            standing: Standing::Good,
        }
    }
}

/// What a device may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Everything of its kind.
    Good,
    /// Nothing: its rights were withdrawn.
    Revoked,
    /// No more events: its chain contradicts the record. It must be enrolled anew.
    Equivocated,
}

/// The memory as the writer holds it.
#[derive(Debug)]
pub(crate) struct Memory {
    /// The own writer id.
    pub(super) centre: DeviceId,
    pub(super) role: Role,
    /// No event is put at a smaller position.
    pub(super) position_min: u64,
    /// The highest position that was ever given in the feed.
    pub(super) feed_head: u64,
    /// Bodies of the present as they stand in the feed.
    pub(super) present: BTreeMap<(HallId, Topic, String), String>,
    /// Writers of whom something may be held beyond a gap.
    pub(super) holding: BTreeSet<DeviceId>,
    pub(super) live: Live,
    parameters: HallParameters,
}

impl Memory {
    /// Replays what the memory is made of.
    pub(super) fn load(
        sql: &Connection,
        parameters: &HallParameters,
        role: Role,
    ) -> Result<Self, StoreError> {
        let centre = writer::centre(sql)?;
        let mut memory = Self {
            centre,
            role,
            position_min: restored::position_min(sql)?,
            feed_head: feed::highest_position(sql)?,
            present: feed::present_bodies(sql)?,
            holding: gaps::writers_held(sql)?,
            live: Live::default(),
            parameters: parameters.clone(),
        };
        memory.live.load_parameters(sql)?;
        memory.replay(sql)?;
        for (hall, window, clerk_no) in sessions::seats(sql)? {
            memory.seat(hall, window, clerk_no);
        }
        let writers: Vec<_> = memory.live.devices.keys().copied().collect();
        for writer in writers.into_iter().chain([centre]) {
            let head = ledger::head_of(sql, writer)?;
            memory.live.heads.insert(writer, head);
        }
        Ok(memory)
    }

    /// Replays the record, of tickets only what the present days of their halls need: the end of a
    /// day leaves nothing of its tickets but how long people waited, and `visits` tells that. Appointments of later days outlive it.
    fn replay(&mut self, sql: &Connection) -> Result<(), StoreError> {
        let days = days_begun(sql)?;
        let replayed = Replayed {
            kinds: REPLAYED_KINDS,
            recent_kinds: REPLAYED_TICKET_KINDS,
            from: days.values().copied().min().unwrap_or(0),
        };
        ledger::for_each_text(sql, replayed, |position, text| {
            let (event, at) = read(text)?;
            let hall = event.as_queue().map(|(hall, _)| hall);
            let begun = hall.and_then(|hall| days.get(&hall).copied()).unwrap_or(0);
            let is_of_ticket = REPLAYED_TICKET_KINDS.contains(&event.kind());
            if is_of_ticket && position < begun {
                return Ok(());
            }
            self.apply(&event, at);
            match &event {
                Event::HallDayClosed(closed) if position == begun => {
                    self.recall_waits(sql, closed.hall, closed.what.day)
                }
                _ => Ok(()),
            }
        })
    }

    fn recall_waits(
        &mut self,
        sql: &Connection,
        hall: HallId,
        day: BusinessDate,
    ) -> Result<(), StoreError> {
        let waits = visits::last_waits(sql, hall, day, WAITS_RECALLED)?;
        if let Some(hall) = self.hall_mut(hall) {
            hall.recall_waits(waits);
        }
        Ok(())
    }

    /// Takes an event in. Events that the memory does not hold anything of change nothing.
    pub(super) fn apply(&mut self, event: &Event, at: UtcMs) {
        if let Some((hall, event)) = event.as_queue() {
            if let Some(hall) = self.hall_mut(hall) {
                hall.apply(&event, at);
            }
            return;
        }
        match event {
            Event::HallLaidOut(laid) => self.lay_out(laid, at),
            Event::RatingAccepted(accepted) => {
                let halls = self.live.halls.values_mut();
                halls.for_each(|hall| Arc::make_mut(hall).scored(accepted.ticket));
            }
            Event::DeviceEnrolled(enrolled) => self.enrol(enrolled, at),
            Event::DeviceKeyRotated(rotated) => {
                if let Some(record) = self.live.devices.get_mut(&rotated.device) {
                    let record = Arc::make_mut(record);
                    record.public_key = rotated.public_key;
                    record.verifier = rotated.public_key.verifier();
                    record.key_since = at;
                }
            }
            Event::DeviceRevoked(revoked) => self.set_standing(revoked.device, Standing::Revoked),
            Event::DeviceRefused(refused) if refused.code == ProblemCode::Equivocation => {
                self.set_standing(refused.device, Standing::Equivocated);
            }
            other => self.live.change_parameters(other),
        }
    }

    /// A clerk sits down at a window.
    pub(super) fn seat(&mut self, hall: HallId, window: WindowNo, clerk_no: String) {
        if let Some(hall) = self.hall_mut(hall) {
            hall.clerks.insert(window, clerk_no);
        }
    }

    /// Nobody sits at the window any more.
    pub(super) fn unseat(&mut self, hall: HallId, window: WindowNo) {
        if let Some(hall) = self.hall_mut(hall) {
            hall.clerks.remove(&window);
        }
    }

    /// Halls go by these from now on; a hall that does already is left as it is.
    pub(super) fn go_by(&mut self, parameters: &HallParameters) {
        self.parameters = parameters.clone();
        let halls = self.live.halls.values_mut();
        for hall in halls.filter(|hall| !hall.goes_by(parameters)) {
            Arc::make_mut(hall).go_by(parameters.clone());
        }
    }

    fn hall_mut(&mut self, hall: HallId) -> Option<&mut HallState> {
        self.live.halls.get_mut(&hall).map(Arc::make_mut)
    }

    fn lay_out(&mut self, laid: &wire::event::HallLaidOut, at: UtcMs) {
        let (name, layout) = (laid.station_name.clone(), laid.layout.clone());
        if let Some(hall) = self.hall_mut(laid.hall) {
            hall.lay_out(name, layout);
            return;
        }
        let hall = HallState::new(laid.hall, name, layout, at, self.parameters.clone());
        self.live.halls.insert(laid.hall, Arc::new(hall));
    }

    fn enrol(&mut self, enrolled: &DeviceEnrolled, at: UtcMs) {
        if enrolled.kind == DeviceKind::HallNode {
            self.live.nodes.insert(enrolled.hall, enrolled.device);
        }
        let record = DeviceRecord::of(enrolled, at);
        self.live.devices.insert(enrolled.device, Arc::new(record));
    }

    /// Revoked stays revoked, whatever else is found out about the device.
    fn set_standing(&mut self, device: DeviceId, standing: Standing) {
        if let Some(record) = self.live.devices.get_mut(&device)
            && record.standing != Standing::Revoked
        {
            Arc::make_mut(record).standing = standing;
        }
    }
}

fn read(text: &str) -> Result<(Event, UtcMs), StoreError> {
    let envelope = envelope::read(text).map_err(ledger::unreadable)?;
    let event = Event::read(&envelope.kind, &envelope.body).map_err(ledger::unreadable)?;
    let event = event.ok_or_else(|| ledger::unreadable("a replayed kind is not known"))?;
    Ok((event, envelope.at))
}

/// Where the present day of each hall begins: with the end of the day before it, else with the
/// hall itself.
fn days_begun(sql: &Connection) -> Result<BTreeMap<HallId, u64>, StoreError> {
    let mut days = BTreeMap::new();
    let kinds = Replayed {
        kinds: &["hall.laid_out.v1", "hall.day_closed.v1"],
        recent_kinds: &[],
        from: 0,
    };
    ledger::for_each_text(sql, kinds, |position, text| {
        match read(text)?.0 {
            Event::HallLaidOut(laid) => {
                days.entry(laid.hall).or_insert(position);
            }
            Event::HallDayClosed(closed) => {
                days.insert(closed.hall, position);
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(days)
}

/// Waits before today that are looked at for the recent ones of each group: a few busy days.
const WAITS_RECALLED: u32 = 4_000;

/// The kinds that [`Memory::apply`] reacts to, but for those of single tickets. An appointment may be
/// given up on any day before its own.
const REPLAYED_KINDS: &[&str] = &[
    "hall.laid_out.v1",
    "ticket.booked.v1",
    "ticket.left.v1",
    "window.opened.v1",
    "window.paused.v1",
    "window.closed.v1",
    "window.serves.v1",
    "hall.day_closed.v1",
    "device.enrolled.v1",
    "device.revoked.v1",
    "device.key_rotated.v1",
    "device.refused.v1",
];

/// Those of single tickets: by far the most.
const REPLAYED_TICKET_KINDS: &[&str] = &[
    "ticket.issued.v1",
    "ticket.relabelled.v1",
    "ticket.prioritised.v1",
    "ticket.called.v1",
    "ticket.started.v1",
    "ticket.pended.v1",
    "ticket.parked.v1",
    "ticket.transferred.v1",
    "ticket.returned.v1",
    "ticket.finished.v1",
    "ticket.missed.v1",
    "rating.accepted.v1",
];

/// Where readers find the newest snapshot.
#[derive(Debug, Clone)]
pub(super) struct Published {
    current: Arc<RwLock<Arc<Live>>>,
    pub(super) changes: watch::Sender<u64>,
    /// The feed's highest position: held requests wake when it grows, and only then.
    pub(super) feed_head: watch::Sender<u64>,
}

impl Default for Published {
    fn default() -> Self {
        Self {
            current: Arc::default(),
            changes: watch::Sender::new(0),
            feed_head: watch::Sender::new(0),
        }
    }
}

impl Published {
    /// Lets readers see the memory. Who waits for changes is woken by [`announce`](Self::announce).
    pub(super) fn show(&self, memory: &Memory) {
        let snapshot = Arc::new(memory.live.clone());
        *self
            .current
            .write()
            .expect("the snapshot's lock, because no holder panics") = snapshot;
    }

    /// Wakes who waits for changes, and held requests when the feed has grown up to `feed_head`.
    pub(super) fn announce(&self, feed_head: u64) {
        self.changes
            .send_modify(|count| *count = count.wrapping_add(1));
        self.feed_head
            .send_if_modified(|head| std::mem::replace(head, feed_head) != feed_head);
    }

    pub(super) fn now(&self) -> Arc<Live> {
        Arc::clone(
            &self
                .current
                .read()
                .expect("the snapshot's lock, because no holder panics"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_replayed_kind_is_one_that_this_build_understands() {
        for kind in REPLAYED_KINDS.iter().chain(REPLAYED_TICKET_KINDS) {
            assert!(Event::KINDS.contains(kind), "{kind}");
        }
    }
}
