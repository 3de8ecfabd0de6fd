//! Packets of a link for Alpha signs, and what they say back (sheet `alpha.md`).

use std::time::Duration;

use chrono::{Datelike, NaiveDateTime, Timelike};

use super::address::{Address, OwnAddress, SignType};
use super::answer::{Answer, LineFault, Status};
use super::clock::{HourMinute, ShortDate};
use super::command::Command;
use super::decoder::{self, PacketError, Packets};
use super::function::{Function, TimeFormat, Weekday};
use super::packet::{self, Closing, LastCommand, NULS, PAUSE_MS, Packet};
use crate::codec::stream::Understands;
use crate::codec::{BrokenKind, BusFrame, Heard, Reaction, Refusal, Run, Unsendable};

const NO_CLOCK: &str = "the time is none that an Alpha sign can hold.";

impl Understands for Packets {
    fn understood(
        item: Result<decoder::Heard, PacketError>,
        end: u64,
    ) -> Result<BusFrame, BrokenKind> {
        let heard = item.map_err(|fault| fault.kind())?;
        let place = heard.offset()..end;
        let (to_host, heard) = match heard {
            decoder::Heard::Answer { answer, .. } => (true, meaning(answer)),
            decoder::Heard::Packet { packet, .. } => {
                let to_host = packet.sign_type == SignType::Response;
                (to_host, held(packet.last.data))
            }
        };
        Ok(BusFrame {
            from: None,
            to_host,
            heard,
            place,
        })
    }
}

fn held(data: Vec<u8>) -> Heard {
    match Command::read(&data) {
        Ok(_) => Heard::Holds(data),
        Err(_) => Heard::Other,
    }
}

fn meaning(answer: Answer) -> Heard {
    match answer {
        Answer::Ack(_) => Heard::Done,
        Answer::Nak(status) => Heard::Refused(Refusal {
            code: status.byte(),
            reaction: reaction(status),
        }),
    }
}

/// What the host does about a status register. What noise has broken goes again at once, also where it
/// made a command of it that the sign does not take; a full buffer needs time; a command or label that
/// came whole and is not taken is not repeated.
#[must_use]
pub fn reaction(status: Status) -> Reaction {
    let has = |fault| status.faults().any(|set| set == fault);
    let is_noise = has(LineFault::Checksum) || has(LineFault::Parity) || has(LineFault::Framing);
    if has(LineFault::IllegalCommandOrLabel) && !is_noise {
        Reaction::GiveUp
    } else if has(LineFault::BufferOverflow) {
        Reaction::RetryWithBackOff
    } else {
        Reaction::RetryAtOnce
    }
}

/// Time of day, weekday, date and the 24 hour form.
pub(super) const CLOCK_STEPS: usize = 4;

/// The sheet has no seconds and no century.
pub(super) fn clock_functions(time: NaiveDateTime) -> Result<[Function; CLOCK_STEPS], Unsendable> {
    let byte = |number: u32| u8::try_from(number).unwrap_or(u8::MAX);
    let year = byte(time.year().rem_euclid(100).unsigned_abs());
    let hour_minute = HourMinute::new(byte(time.hour()), byte(time.minute()));
    let date = ShortDate::new(year, byte(time.month()), byte(time.day()));
    let weekday = Weekday::ALL.get(time.weekday().num_days_from_sunday() as usize);
    match (hour_minute, date, weekday) {
        (Some(time), Some(date), Some(&weekday)) => Ok([
            Function::SetTime { time },
            Function::SetWeekday { weekday },
            Function::SetDate { date },
            Function::SetTimeFormat {
                format: TimeFormat::TwentyFourHours,
            },
        ]),
        _ => Err(Unsendable::Unsupported(NO_CLOCK)),
    }
}

pub(super) fn encode(address: u16, command: &Command) -> Result<packet::Wire, Unsendable> {
    let own = u8::try_from(address).ok().map(OwnAddress).map(String::from);
    let address = own.and_then(|text| Address::try_from(text).ok());
    let packet = Packet {
        nuls: NULS,
        sign_type: SignType::All,
        address: address.ok_or(Unsendable::Unsupported(
            "addresses of Alpha signs end at 255.",
        ))?,
        earlier: Vec::new(),
        last: LastCommand {
            data: command.to_data(),
            closing: Some(Closing::Checked),
        },
    };
    packet::encode(&packet).map_err(|fault| Unsendable::TooLong {
        bytes: fault.bytes,
        bytes_max: packet::BODY_BYTES_MAX,
    })
}

/// A packet cut where the sign needs its pauses.
#[must_use]
pub fn runs(wire: &packet::Wire) -> Vec<Run> {
    let pause = Duration::from_millis(PAUSE_MS);
    let mut runs = Vec::new();
    let mut from = 0;
    for &at in &wire.pauses {
        let bytes = wire.bytes[from..at].to_vec();
        runs.push(Run { bytes, pause });
        from = at;
    }
    runs.push(Run {
        bytes: wire.bytes[from..].to_vec(),
        pause: Duration::ZERO,
    });
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::alpha::packet::{COMMAND_START, ClosedCommand};

    #[test]
    fn a_packet_of_several_commands_pauses_behind_each_02() {
        let wire = packet::encode(&Packet {
            nuls: NULS,
            sign_type: SignType::All,
            address: Address::EVERYONE,
            earlier: vec![ClosedCommand {
                data: b"GS1".to_vec(),
                closing: Closing::Checked,
            }],
            last: LastCommand {
                data: b"GT2".to_vec(),
                closing: Some(Closing::Checked),
            },
        })
        .expect("short");
        let runs = runs(&wire);
        let whole: Vec<u8> = runs.iter().flat_map(|run| run.bytes.clone()).collect();
        assert_eq!(whole, wire.bytes);
        let (last, paused) = runs.split_last().expect("a run");
        assert_eq!((paused.len(), last.pause), (2, Duration::ZERO));
        for run in paused {
            assert_eq!(run.pause, Duration::from_millis(100));
            assert_eq!(run.bytes.last(), Some(&COMMAND_START));
        }
    }

    #[test]
    fn the_status_register_decides_what_a_no_means() {
        for (faults, expected) in [
            (vec![], Reaction::RetryAtOnce),
            (vec![LineFault::Parity], Reaction::RetryAtOnce),
            (vec![LineFault::Framing], Reaction::RetryAtOnce),
            (vec![LineFault::Timeout], Reaction::RetryAtOnce),
            (vec![LineFault::Checksum], Reaction::RetryAtOnce),
            (vec![LineFault::BufferOverflow], Reaction::RetryWithBackOff),
            (vec![LineFault::IllegalCommandOrLabel], Reaction::GiveUp),
            (
                vec![LineFault::Checksum, LineFault::IllegalCommandOrLabel],
                Reaction::RetryAtOnce,
            ),
        ] {
            assert_eq!(reaction(Status::of(&faults)), expected, "{faults:?}");
        }
    }
}
