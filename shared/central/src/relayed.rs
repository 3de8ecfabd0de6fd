//! Taking in what a hall node relays: the chains of its devices beside its own, in the node's order.
//! The node is its hall's authority, so nothing is decided here: events are checked, appended and
//! projected. A device's events are vouched for by its own signature, whoever carried them. A
//! chain that contradicts the record is quarantined and passed over; the others go on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::id::DeviceId;
use domain::time::UtcMs;
use wire::api::DeviceKind;
use wire::envelope::ChainHead;
use wire::event::{DeviceEnrolled, Event};
use wire::problem::Problem;
use wire::relay::{
    ChainTail, RELAY_BYTES_MAX, RELAY_CHAINS_MAX, RELAY_EVENTS_LIMIT, Relay, SignedTail, Tails,
};
use wire::sign::DevicePublicKey;

use crate::ingest::{self, Checked, gap, invalid, not_its_kind, unsigned};
use crate::store::{ChainFault, Contact, DeviceRecord, Live, Standing, Store, StoreError, Write};

/// Takes in a relay of `node`. The answer says where each of its chains stands here.
///
/// # Errors
/// `EventInvalid`, `SignatureInvalid`, `ChainGap`, or a fault of storage; nothing was taken in.
pub(crate) async fn take(
    store: &Store,
    node: Arc<DeviceRecord>,
    relay: Relay,
    now: UtcMs,
) -> Result<Tails, Problem> {
    let bytes: usize = relay.events.iter().map(String::len).sum();
    let is_bounded = relay.events.len() <= RELAY_EVENTS_LIMIT
        && relay.tails.len() <= RELAY_CHAINS_MAX
        && bytes <= RELAY_BYTES_MAX;
    if relay.events.is_empty() || !is_bounded {
        return Err(invalid("the relay is empty or larger than allowed"));
    }
    let Relay { events, tails } = relay;
    let events = events.into_iter().map(Checked::read);
    let events = events.collect::<Result<Vec<_>, _>>()?;
    check_ends(&events, &tails)?;
    let taken = store.write(move |write| take_in(write, &node, &events, &tails, now));
    taken.await?
}

/// Every chain in the relay ends with the tail that is signed for it.
fn check_ends(events: &[Checked], tails: &[SignedTail]) -> Result<(), Problem> {
    let mut ends: BTreeMap<DeviceId, ChainHead> = BTreeMap::new();
    for one in events {
        ends.insert(one.envelope.writer, one.envelope.head());
    }
    let told = tails.iter().map(|tail| (tail.tail.writer, tail.tail.head));
    if told.collect::<BTreeMap<_, _>>() == ends {
        Ok(())
    } else {
        Err(invalid("the signed tails are not the ends of the chains"))
    }
}

/// What the centre holds then, or why it took nothing in.
type Taken = Result<Tails, Problem>;

fn take_in(
    write: &mut Write<'_>,
    node: &DeviceRecord,
    events: &[Checked],
    tails: &[SignedTail],
    now: UtcMs,
) -> Result<Taken, StoreError> {
    // Checked first, so that nothing has been appended when the whole is refused.
    let keys = check_rights(write.live(), node, events)
        .and_then(|()| signing_keys(write.live(), events, tails));
    let keys = match keys {
        Ok(keys) => keys,
        Err(problem) => return Ok(Err(problem)),
    };
    let known_apart = standing_apart(write.live(), tails);
    let mut passed_over = known_apart.clone();
    for one in events {
        let writer = one.envelope.writer;
        if passed_over.contains(&writer) {
            if !known_apart.contains(&writer) {
                write.set_aside(&one.envelope, &one.text, now)?;
            }
            continue;
        }
        match write.receive(&one.text, &one.envelope, one.event.as_ref(), now)? {
            Ok(_) => {}
            Err(ChainFault::Gap { held }) => {
                // Undoes what came before, by failing the job.
                return Err(StoreError::Refused(Box::new(gap(held))));
            }
            Err(fault) => {
                ingest::note_fault(write, writer, &fault, now)?;
                passed_over.insert(writer);
            }
        }
    }
    for (tail, key) in tails.iter().zip(keys) {
        if !passed_over.contains(&tail.tail.writer) {
            note_tail(write, tail, key, now)?;
        }
    }
    Ok(Ok(tails_of(write.live(), node)))
}

/// What the centre holds of the chains of a node's hall.
pub(crate) fn tails_of(live: &Live, node: &DeviceRecord) -> Tails {
    let of_hall = live.devices.values().filter(|d| d.hall == node.hall);
    Tails {
        tails: of_hall
            .map(|device| ChainTail {
                writer: device.device,
                head: live.head_of(device.device),
            })
            .collect(),
    }
}

/// Chains that contradicted the record before.
fn standing_apart(live: &Live, tails: &[SignedTail]) -> BTreeSet<DeviceId> {
    let writers = tails.iter().map(|tail| tail.tail.writer);
    writers
        .filter(|writer| {
            let record = live.devices.get(writer);
            record.is_some_and(|record| record.standing == Standing::Equivocated)
        })
        .collect()
}

/// The writers are the node and devices of its hall, also those that it enrols in this relay; each
/// wrote what it may.
fn check_rights(live: &Live, node: &DeviceRecord, events: &[Checked]) -> Result<(), Problem> {
    let mut known: BTreeMap<DeviceId, DeviceRecord> = BTreeMap::new();
    for one in events {
        let writer = one.envelope.writer;
        let Some(event) = &one.event else { continue };
        if writer == node.device {
            if !node_may_write(live, node, event) {
                return Err(not_its_kind());
            }
            if let Event::DeviceEnrolled(enrolled) = event {
                known.insert(
                    enrolled.device,
                    DeviceRecord::of(enrolled, UtcMs::default()),
                );
            }
            continue;
        }
        let record = known
            .get(&writer)
            .or(live.devices.get(&writer).map(Arc::as_ref));
        let record = record.filter(|record| record.hall == node.hall);
        if !record.is_some_and(|record| ingest::may_write(record, event)) {
            return Err(not_its_kind());
        }
    }
    Ok(())
}

/// The key by which each tail is signed: the writer's of now, or one that this relay gives it.
fn signing_keys(
    live: &Live,
    events: &[Checked],
    tails: &[SignedTail],
) -> Result<Vec<DevicePublicKey>, Problem> {
    let mut keys: BTreeMap<DeviceId, Vec<DevicePublicKey>> = BTreeMap::new();
    for one in events {
        let (device, key) = match &one.event {
            Some(Event::DeviceEnrolled(enrolled)) => (enrolled.device, enrolled.public_key),
            Some(Event::DeviceKeyRotated(rotated)) => (rotated.device, rotated.public_key),
            _ => continue,
        };
        keys.entry(device).or_default().push(key);
    }
    for record in live.devices.values() {
        keys.entry(record.device)
            .or_default()
            .push(record.public_key);
    }
    let signed = |tail: &SignedTail| {
        let ChainTail { writer, head } = tail.tail;
        let mut candidates = keys.get(&writer).into_iter().flatten();
        let key = candidates.find(|key| key.signed_tail(writer, head, tail.signature));
        key.copied().ok_or_else(unsigned)
    };
    tails.iter().map(signed).collect()
}

/// A node writes as the authority of its own hall, and about the devices there.
fn node_may_write(live: &Live, node: &DeviceRecord, event: &Event) -> bool {
    let hall = match event {
        Event::HallLaidOut(body) => body.hall,
        Event::RatingSubmitted(body) => body.hall,
        Event::EmergencyRaised(body) => body.hall,
        Event::EmergencyEnded(body) => body.hall,
        Event::BoardsCleared(body) => body.hall,
        Event::BoardsRestored(body) => body.hall,
        Event::DeviceEnrolled(DeviceEnrolled { hall, kind, .. }) => {
            return *hall == node.hall && *kind != DeviceKind::HallNode;
        }
        Event::DeviceRevoked(body) => return is_of_hall(live, node, body.device),
        Event::DeviceKeyRotated(body) => return is_of_hall(live, node, body.device),
        Event::DeviceRefused(_)
        | Event::RatingAccepted(_)
        | Event::RatingRefused(_)
        | Event::StaffActed(_) => return true,
        other => match other.as_queue() {
            Some((hall, _)) => hall,
            None => return false,
        },
    };
    hall == node.hall
}

/// Devices that are not known yet were enrolled by the node, in this relay.
fn is_of_hall(live: &Live, node: &DeviceRecord, device: DeviceId) -> bool {
    let record = live.devices.get(&device);
    record.is_none_or(|record| record.hall == node.hall && record.device != node.device)
}

fn note_tail(
    write: &mut Write<'_>,
    signed: &SignedTail,
    key: DevicePublicKey,
    now: UtcMs,
) -> Result<(), StoreError> {
    let ChainTail { writer, head } = signed.tail;
    if write.live().head_of(writer) != head {
        return Ok(());
    }
    let contact = Contact {
        last_push_at: now,
        skew_ms: 0,
        clock_since_seq: 0,
        covered_until: now,
        tail: head,
        signature: signed.signature,
        signed_by: Some(key),
    };
    write.note_contact(writer, &contact)
}
