//! Taking in a device's push: bounds, writer, chain, signature of the tail, rights; then, in one
//! transaction, every event is appended and the authority reacts to it. What the answer names as
//! held is durable. The same push again changes nothing. Events beyond a gap are held within a
//! bound and join the record when it is filled.

use std::sync::Arc;

use domain::id::DeviceId;
use domain::time::UtcMs;
use wire::api::{PUSH_BYTES_MAX, PUSH_EVENTS_MAX, Push, Pushed};
use wire::envelope::{self, ChainHead, Envelope};
use wire::event::{DeviceRefused, Event, TicketShown};
use wire::problem::{Problem, ProblemCode};
use wire::sign::WireSignature;

use crate::authority::{self, Submitter};
use crate::store::{ChainFault, Contact, DeviceRecord, Standing, Store, StoreError, Write};

/// An event of a push that has passed every check that needs no store.
pub(crate) struct Checked {
    pub(crate) text: String,
    pub(crate) envelope: Envelope,
    /// `None` for a kind that this build does not know: kept and relayed.
    pub(crate) event: Option<Event>,
}

/// Takes in a push of `device`.
///
/// # Errors
/// `EventInvalid`, `SignatureInvalid`, `ChainGap`, `Equivocation`, or a fault of storage.
pub(crate) async fn push(
    store: &Store,
    device: Arc<DeviceRecord>,
    push: Push,
    now: UtcMs,
) -> Result<Pushed, Problem> {
    if device.standing == Standing::Equivocated {
        return Err(equivocation());
    }
    let (checked, contact) = check(&device, push, now)?;
    let taken = store.write(move |write| take_in(write, &device, &checked, contact, now));
    match taken.await? {
        Found::Head(head) => Ok(Pushed { head }),
        Found::TooFarAhead(held) => Err(gap(held)),
        Found::Equivocation => Err(equivocation()),
    }
}

fn check(
    device: &DeviceRecord,
    push: Push,
    now: UtcMs,
) -> Result<(Vec<Checked>, Contact), Problem> {
    let bytes: usize = push.events.iter().map(String::len).sum();
    if push.events.is_empty() || push.events.len() > PUSH_EVENTS_MAX || bytes > PUSH_BYTES_MAX {
        return Err(invalid("the push is empty or larger than allowed"));
    }
    let checked = push
        .events
        .into_iter()
        .map(|text| check_event(device, text));
    let checked = checked.collect::<Result<Vec<_>, _>>()?;
    let is_chain = checked
        .windows(2)
        .all(|two| two[1].envelope.follows(two[0].envelope.head()));
    if !is_chain {
        return Err(invalid("the events do not follow each other"));
    }
    let last = &checked[checked.len() - 1].envelope;
    if !device
        .verifier
        .signed_tail(device.device, last.head(), push.tail_signature)
    {
        return Err(unsigned());
    }
    let skew_ms = now.ms_since(push.device_time);
    let contact = Contact {
        last_push_at: now,
        skew_ms,
        clock_since_seq: push.clock_since_seq,
        covered_until: UtcMs::default(),
        tail: last.head(),
        signature: push.tail_signature,
        signed_by: Some(device.public_key),
    };
    Ok((checked, contact))
}

impl Checked {
    /// Reads an event. An unknown kind is kept without being understood.
    pub(crate) fn read(text: String) -> Result<Self, Problem> {
        let envelope = envelope::read(&text).map_err(|error| invalid(&error.to_string()))?;
        let event = Event::read(&envelope.kind, &envelope.body);
        let event = event.map_err(|error| invalid(&error.to_string()))?;
        Ok(Self {
            text,
            envelope,
            event,
        })
    }
}

fn check_event(device: &DeviceRecord, text: String) -> Result<Checked, Problem> {
    let checked = Checked::read(text)?;
    if checked.envelope.writer != device.device {
        return Err(invalid("the event has another writer"));
    }
    let event = checked.event.as_ref();
    if event.is_some_and(|event| !may_write(device, event)) {
        return Err(not_its_kind());
    }
    Ok(checked)
}

pub(crate) fn not_its_kind() -> Problem {
    invalid("a device may not write this kind, or not for this hall")
}

/// Devices write what happened at them, in their own hall. All else is the authority's.
pub(crate) fn may_write(device: &DeviceRecord, event: &Event) -> bool {
    let hall = match event {
        Event::TicketShown(body) => body.hall,
        Event::RatingSubmitted(body) => body.hall,
        Event::SearchesTallied(body) => body.hall,
        Event::HelpCalled(body) => body.hall,
        Event::FeedbackSubmitted(body) => body.hall,
        Event::RemoteHelp(body) => body.hall,
        Event::BoardReported(body) => body.hall,
        Event::BoardsDescribed(body) => body.hall,
        Event::BoardAired(body) => body.hall,
        _ => return false,
    };
    hall == device.hall
}

/// What a push found, besides the events that joined the record.
enum Found {
    /// All is well; the chain stands here.
    Head(ChainHead),
    /// A gap that is too long to hold what comes after it.
    TooFarAhead(ChainHead),
    Equivocation,
}

fn take_in(
    write: &mut Write<'_>,
    device: &DeviceRecord,
    checked: &[Checked],
    contact: Contact,
    now: UtcMs,
) -> Result<Found, StoreError> {
    let mut arrival = Arrival::new(write.reader().contact(device.device)?, &contact, now);
    for (index, one) in checked.iter().enumerate() {
        match receive_one(write, device, one, &mut arrival)? {
            Ok(()) => {}
            Err(ChainFault::Gap { held }) => {
                return hold(write, &checked[index..], held, &contact, now);
            }
            Err(fault @ ChainFault::Equivocation { .. }) => {
                for after in &checked[index + 1..] {
                    write.set_aside(&after.envelope, &after.text, now)?;
                }
                note_fault(write, device.device, &fault, now)?;
                return Ok(Found::Equivocation);
            }
        }
    }
    let contact = Contact {
        covered_until: arrival.earliest,
        ..contact
    };
    note_push_end(write, device.device, contact)?;
    let is_sound = join_held(write, device, contact, &mut arrival)?;
    let head = write.live().head_of(device.device);
    Ok(if is_sound {
        Found::Head(head)
    } else {
        Found::Equivocation
    })
}

/// Appends one event of a device, and the authority reacts to it.
fn receive_one(
    write: &mut Write<'_>,
    device: &DeviceRecord,
    one: &Checked,
    arrival: &mut Arrival,
) -> Result<Result<(), ChainFault>, StoreError> {
    let event = one.event.as_ref();
    let received = write.receive(&one.text, &one.envelope, event, arrival.now)?;
    let is_new = match received {
        Ok(position) => position.is_some(),
        Err(fault) => return Ok(Err(fault)),
    };
    if is_new {
        if let Some(event) = event {
            react(write, device, (event, one.envelope.seq), arrival)?;
        }
        arrival.pass(&one.envelope);
    }
    Ok(Ok(()))
}

/// The signed tail of a push is the chain's end now, unless the chain is longer already.
fn note_push_end(
    write: &mut Write<'_>,
    device: DeviceId,
    contact: Contact,
) -> Result<(), StoreError> {
    if write.live().head_of(device) == contact.tail {
        write.note_contact(device, &contact)?;
        write.keep_checkpoint_if_node(device, contact.tail.seq, contact.signature)?;
    }
    Ok(())
}

/// Keeps what lies beyond a gap; the answer names what is held without one, so that the device
/// sends what is missing.
fn hold(
    write: &mut Write<'_>,
    beyond: &[Checked],
    held: ChainHead,
    contact: &Contact,
    now: UtcMs,
) -> Result<Found, StoreError> {
    let writer = beyond[0].envelope.writer;
    if !write.has_room_to_hold(writer, beyond.len() as u64)? {
        return Ok(Found::TooFarAhead(held));
    }
    for one in beyond {
        let is_end = one.envelope.head() == contact.tail;
        let signature = is_end.then_some(contact.signature);
        write.hold(&one.text, &one.envelope, signature, now)?;
    }
    tracing::warn!(device = %writer, held = held.seq, "a gap in a device's chain");
    Ok(Found::Head(held))
}

/// Lets the events that waited behind a gap join the record, now that it is filled. `false` when
/// they contradict what filled it. Only whole pushes join, so that a chain always ends with a
/// signed tail: a hall node relays nothing beyond an end that nobody signed.
fn join_held(
    write: &mut Write<'_>,
    device: &DeviceRecord,
    contact: Contact,
    arrival: &mut Arrival,
) -> Result<bool, StoreError> {
    let (mut head, mut run) = (write.live().head_of(device.device), Vec::new());
    let mut contradicting = None;
    for next in write.held_run(device.device)? {
        // An event that this build refuses waits for a person: nothing after it can join.
        let Ok(one) = check_event(device, next.text) else {
            break;
        };
        if !one.envelope.follows(head) {
            contradicting = Some(one);
            break;
        }
        head = one.envelope.head();
        run.push((one, next.signature));
    }
    let whole = run.iter().rposition(|(_, signature)| signature.is_some());
    let rest = run.split_off(whole.map_or(0, |last| last + 1));
    for (one, signature) in run {
        join_one(write, device, &one, signature, contact, arrival)?;
    }
    let Some(contradicting) = contradicting else {
        write.forget_joined(device.device)?;
        return Ok(true);
    };
    let seq = contradicting.envelope.seq;
    for one in rest.into_iter().map(|(one, _)| one).chain([contradicting]) {
        write.set_aside(&one.envelope, &one.text, arrival.now)?;
    }
    write.forget_held(device.device)?;
    let fault = ChainFault::Equivocation { seq };
    note_fault(write, device.device, &fault, arrival.now)?;
    Ok(false)
}

fn join_one(
    write: &mut Write<'_>,
    device: &DeviceRecord,
    one: &Checked,
    signature: Option<WireSignature>,
    contact: Contact,
    arrival: &mut Arrival,
) -> Result<(), StoreError> {
    receive_one(write, device, one, arrival)?
        .expect("the next event, because it follows the head of its chain");
    let Some(signature) = signature else {
        return Ok(());
    };
    let (tail, covered_until) = (one.envelope.head(), arrival.earliest);
    let end = Contact {
        tail,
        signature,
        covered_until,
        ..contact
    };
    note_push_end(write, device.device, end)
}

/// A contradiction is recorded in the transaction that quarantines it.
pub(crate) fn note_fault(
    write: &mut Write<'_>,
    device: DeviceId,
    fault: &ChainFault,
    now: UtcMs,
) -> Result<(), StoreError> {
    let ChainFault::Equivocation { seq } = fault else {
        return Ok(());
    };
    tracing::error!(%device, seq, "a device contradicts its own chain");
    let code = ProblemCode::Equivocation;
    let refused = DeviceRefused {
        device,
        code,
        refusal: None,
        more_times: 0,
    };
    write.append(&Event::DeviceRefused(refused), now).map(drop)
}

/// A device says that the record contradicts its own log: its word, signed like every request, is
/// enough to take nothing more under its name, from it and from whoever else writes under it.
pub(crate) fn note_halted(
    write: &mut Write<'_>,
    device: DeviceId,
    now: UtcMs,
) -> Result<(), StoreError> {
    let record = write.live().devices.get(&device);
    let Some(Standing::Good) = record.map(|record| record.standing) else {
        return Ok(());
    };
    let seq = write.live().head_of(device).seq;
    note_fault(write, device, &ChainFault::Equivocation { seq }, now)
}

/// What turns a device's clock into the authority's time of an arrival. A device's clock is off by
/// one amount for each of its runs; the present run's is measured with every push.
#[derive(Clone, Copy)]
struct Arrival {
    skew_ms: i64,
    since_seq: u64,
    /// The run that the push before came from.
    before: Option<(i64, u64)>,
    /// What the device had pushed before had happened until then; times never go back.
    earliest: UtcMs,
    now: UtcMs,
}

impl Arrival {
    fn new(before: Option<Contact>, contact: &Contact, now: UtcMs) -> Self {
        Self {
            skew_ms: contact.skew_ms,
            since_seq: contact.clock_since_seq,
            before: before.map(|before| (before.skew_ms, before.clock_since_seq)),
            earliest: before.map_or(UtcMs::default(), |before| before.covered_until),
            now,
        }
    }

    /// The chain goes on with this event.
    fn pass(&mut self, envelope: &Envelope) {
        self.earliest = self.of(envelope.seq, envelope.at);
    }

    /// The device's time corrected by the skew of its run, between what came before and the
    /// receipt. Of a run that never spoke to us only the order is known.
    fn of(&self, seq: u64, device_time: UtcMs) -> UtcMs {
        let skew_ms = match self.before {
            _ if seq >= self.since_seq => Some(self.skew_ms),
            Some((skew_ms, since_seq)) if seq >= since_seq => Some(skew_ms),
            _ => None,
        };
        let corrected = skew_ms.map_or(self.earliest, |skew_ms| device_time.plus_ms(skew_ms));
        corrected.max(self.earliest).min(self.now)
    }
}

fn react(
    write: &mut Write<'_>,
    device: &DeviceRecord,
    (event, seq): (&Event, u64),
    arrival: &Arrival,
) -> Result<(), StoreError> {
    match event {
        Event::TicketShown(TicketShown { hall, issued, .. }) => {
            let mut issued = issued.clone();
            issued.arrived_at = arrival.of(seq, issued.arrived_at);
            authority::slip_shown(write, *hall, issued, arrival.now)
        }
        Event::RatingSubmitted(submitted) => {
            let submitter = Submitter::Device(device);
            authority::score(write, submitted, submitter, arrival.now).map(drop)
        }
        _ => Ok(()),
    }
}

pub(crate) fn unsigned() -> Problem {
    let sentence = "记录的签名不对，没有收下。";
    Problem::new(ProblemCode::SignatureInvalid, sentence)
}

pub(crate) fn invalid(reason: &str) -> Problem {
    Problem::new(
        ProblemCode::EventInvalid,
        format!("记录不合规，没有收下（{reason}）。"),
    )
}

pub(crate) fn gap(held: ChainHead) -> Problem {
    let sentence = format!(
        "记录接不上：这里收到第 {} 条为止，请从下一条重新发送。",
        held.seq
    );
    Problem::new(ProblemCode::ChainGap, sentence)
}

/// Nothing counts any more that is done under this name.
pub(crate) fn equivocation() -> Problem {
    let sentence = "这台设备的记录和已收下的不一致，已停止接收，请重新登记设备。";
    Problem::new(ProblemCode::Equivocation, sentence)
}
