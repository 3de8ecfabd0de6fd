//! Taking in a device's push: bounds, writer, chain, signature of the tail, rights; then, in one
//! transaction, every event is appended and the authority reacts to it. What the answer names as
//! held is durable. The same push again changes nothing.

use std::sync::Arc;

use domain::time::UtcMs;
use wire::api::{PUSH_BYTES_MAX, PUSH_EVENTS_MAX, Push, Pushed};
use wire::envelope::{self, ChainHead, Envelope};
use wire::event::{DeviceRefused, Event, TicketShown};
use wire::problem::{Problem, ProblemCode};

use crate::authority::{self, Submitter};
use crate::store::{ChainFault, Contact, DeviceRecord, Standing, Store, StoreError, Write};

/// An event of a push that has passed every check that needs no store.
struct Checked {
    text: String,
    envelope: Envelope,
    /// `None` for a kind that this build does not know: kept and relayed.
    event: Option<Event>,
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
        Ok(head) => Ok(Pushed { head }),
        Err(ChainFault::Gap { held }) => Err(gap(held)),
        Err(ChainFault::Equivocation { .. }) => Err(equivocation()),
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
        .public_key
        .signed_tail(device.device, last.head(), push.tail_signature)
    {
        let sentence = "记录的签名不对，没有收下。";
        return Err(Problem::new(ProblemCode::SignatureInvalid, sentence));
    }
    let skew_ms = now.ms_since(push.device_time);
    let contact = Contact {
        last_push_at: now,
        skew_ms,
        covered_until: last.at.plus_ms(skew_ms).min(now),
        tail: last.head(),
        signature: push.tail_signature,
    };
    Ok((checked, contact))
}

fn check_event(device: &DeviceRecord, text: String) -> Result<Checked, Problem> {
    let envelope = envelope::read(&text).map_err(|error| invalid(&error.to_string()))?;
    if envelope.writer != device.device {
        return Err(invalid("the event has another writer"));
    }
    let event = Event::read(&envelope.kind, &envelope.body);
    let event = event.map_err(|error| invalid(&error.to_string()))?;
    if event
        .as_ref()
        .is_some_and(|event| !may_write(device, event))
    {
        return Err(invalid(
            "a device may not write this kind, or not for this hall",
        ));
    }
    Ok(Checked {
        text,
        envelope,
        event,
    })
}

/// Devices write what happened at them, in their own hall. All else is the authority's.
fn may_write(device: &DeviceRecord, event: &Event) -> bool {
    let hall = match event {
        Event::TicketShown(body) => body.hall,
        Event::RatingSubmitted(body) => body.hall,
        Event::SearchesTallied(body) => body.hall,
        Event::HelpCalled(body) => body.hall,
        Event::RemoteHelp(body) => body.hall,
        Event::BoardReported(body) => body.hall,
        _ => return false,
    };
    hall == device.hall
}

fn take_in(
    write: &mut Write<'_>,
    device: &DeviceRecord,
    checked: &[Checked],
    contact: Contact,
    now: UtcMs,
) -> Result<Result<ChainHead, ChainFault>, StoreError> {
    let before = write.reader().contact(device.device)?;
    let earliest = before.map_or(UtcMs::default(), |contact| contact.covered_until);
    for one in checked {
        let received = write.receive(&one.text, &one.envelope, one.event.as_ref(), now)?;
        match received {
            Ok(Some(_)) => {
                if let Some(event) = &one.event {
                    let arrival = Arrival {
                        skew_ms: contact.skew_ms,
                        earliest,
                        now,
                    };
                    react(write, device, event, arrival)?;
                }
            }
            Ok(None) => {}
            Err(fault) => {
                note_fault(write, device, &fault, now)?;
                return Ok(Err(fault));
            }
        }
    }
    let held = write.reader().head_of(device.device)?;
    if held == contact.tail {
        write.note_contact(device.device, &contact)?;
    }
    Ok(Ok(held))
}

/// A contradiction is recorded in the transaction that quarantines it.
fn note_fault(
    write: &mut Write<'_>,
    device: &DeviceRecord,
    fault: &ChainFault,
    now: UtcMs,
) -> Result<(), StoreError> {
    let ChainFault::Equivocation { seq } = fault else {
        return Ok(());
    };
    tracing::error!(device = %device.device, seq, "a device contradicts its own chain");
    let code = ProblemCode::Equivocation;
    let refused = DeviceRefused {
        device: device.device,
        code,
        more_times: 0,
    };
    write.append(&Event::DeviceRefused(refused), now).map(drop)
}

/// What turns a device's clock into the authority's time of an arrival.
#[derive(Clone, Copy)]
struct Arrival {
    skew_ms: i64,
    /// What the device had pushed before had happened until then.
    earliest: UtcMs,
    now: UtcMs,
}

impl Arrival {
    /// The device's time corrected by its skew, between its last contact and the receipt.
    fn of(self, device_time: UtcMs) -> UtcMs {
        device_time
            .plus_ms(self.skew_ms)
            .max(self.earliest)
            .min(self.now)
    }
}

fn react(
    write: &mut Write<'_>,
    device: &DeviceRecord,
    event: &Event,
    arrival: Arrival,
) -> Result<(), StoreError> {
    match event {
        Event::TicketShown(TicketShown { hall, issued, .. }) => {
            let mut issued = issued.clone();
            issued.arrived_at = arrival.of(issued.arrived_at);
            authority::slip_shown(write, *hall, issued, arrival.now)
        }
        Event::RatingSubmitted(submitted) => {
            let submitter = Submitter::Device(device);
            authority::score(write, submitted, submitter, arrival.now).map(drop)
        }
        _ => Ok(()),
    }
}

fn invalid(reason: &str) -> Problem {
    Problem::new(
        ProblemCode::EventInvalid,
        format!("记录不合规，没有收下（{reason}）。"),
    )
}

fn gap(held: ChainHead) -> Problem {
    let sentence = format!(
        "记录接不上：这里收到第 {} 条为止，请从下一条重新发送。",
        held.seq
    );
    Problem::new(ProblemCode::ChainGap, sentence)
}

fn equivocation() -> Problem {
    let sentence = "这台设备的记录和已收下的不一致，已停止接收，请重新登记设备。";
    Problem::new(ProblemCode::Equivocation, sentence)
}
