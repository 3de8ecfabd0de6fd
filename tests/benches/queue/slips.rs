//! A slip in a kiosk's own log, durable before it is printed: with a number of the authority, and
//! with one of the kiosk's lane, which is durable by itself before.

use std::time::Instant;

use acceptance::figures::{Times, ratio};
use central::edge::{new_uuid, random_bytes, system_clock};
use domain::id::{DeviceId, GroupCode, HallId, TicketId};
use domain::queue::{KioskLane, SecretHash, TicketIssued, TicketLabel, Wish};
use domain::time::{BusinessDate, UtcMs};
use sync::log::DeviceLog;
use wire::event::{Event, Origin, TicketShown};

use crate::bare::Bare;
use crate::{Fault, Outcome};

const SLIPS: u16 = 1_000;
const AIM_MS: u32 = 10;
const PREFIX: char = 'A';
const LANE: KioskLane = KioskLane(2);

pub(crate) fn measure() -> Outcome {
    let folder = tempfile::tempdir()?;
    let now = system_clock()();
    let mut log = DeviceLog::open(&folder.path().join("log.db"))?;
    log.adopt(DeviceId(new_uuid(now)))?;
    let hall = HallId(new_uuid(now));
    let bare = Bare::open(folder.path())?;
    println!("a slip in the kiosk's log, {SLIPS} of each, durable (aim: p99 ≤ {AIM_MS} ms):");
    let assigned = kept(&mut log, &bare, hall, |_, number| {
        let prefix = PREFIX;
        Ok(TicketLabel::Assigned { prefix, number })
    })?;
    say("a number of the authority", &assigned);
    let of_lane = kept(&mut log, &bare, hall, |log, _| {
        let (prefix, lane) = (PREFIX, LANE);
        let number = log.take_lane_number(BusinessDate(now.hall_date()), prefix)?;
        Ok(TicketLabel::Lane {
            prefix,
            lane,
            number,
        })
    })?;
    say("a number of its lane", &of_lane);
    Ok(())
}

fn say(what: &str, (slips, inserts): &(Times, Times)) {
    println!("  with {what}: {slips}");
    println!(
        "    bare SQLite, one durable insert: {inserts}; ratio {:.1}",
        ratio(slips.at(500), inserts.at(500))
    );
}

/// The slips, and a bare insert after each.
fn kept(
    log: &mut DeviceLog,
    bare: &Bare,
    hall: HallId,
    number: impl Fn(&mut DeviceLog, u16) -> Result<TicketLabel, Fault>,
) -> Result<(Times, Times), Fault> {
    let (mut slips, mut inserts) = (Vec::new(), Vec::new());
    for count in 1..=SLIPS {
        let now = system_clock()();
        let begun = Instant::now();
        let label = number(log, count)?;
        let shown = TicketShown {
            hall,
            issued: issued(label, now)?,
            origin: Origin::Touch,
        };
        log.append(&Event::TicketShown(shown), now)?;
        slips.push(begun.elapsed());
        inserts.push(bare.insert()?);
    }
    Ok((Times::of(slips), Times::of(inserts)))
}

fn issued(label: TicketLabel, now: UtcMs) -> Result<TicketIssued, Fault> {
    Ok(TicketIssued {
        ticket: TicketId(new_uuid(now)),
        label,
        group: GroupCode::new(PREFIX)?,
        priority: None,
        arrived_at: now,
        token_hash: SecretHash(random_bytes()),
        code_hash: SecretHash([2; 32]),
        wish: Wish::default(),
        found: None,
        told: None,
    })
}
