//! What a log promised, at which operation of its disk, and whether an image keeps the promises.

use std::path::Path;

use domain::id::{DeviceId, HallId};
use domain::time::{BusinessDate, UtcMs};
use sync::log::DeviceLog;
use testkit::disk::{Disk, Image, Journal, Thoroughness};
use uuid::Uuid;
use wire::envelope::ChainHead;
use wire::event::{Event, HelpCalled, Origin, SearchesTallied};

pub(crate) const LOG: &str = "log.db";
/// The prefix of the lane whose numbers are taken.
const PREFIX: char = 'A';

pub(crate) fn device() -> DeviceId {
    DeviceId(Uuid::from_u128(1))
}

fn day() -> BusinessDate {
    BusinessDate(chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap())
}

pub(crate) fn small() -> Event {
    Event::HelpCalled(HelpCalled {
        hall: HallId(Uuid::from_u128(9)),
        origin: Origin::Touch,
    })
}

/// An event over several pages of the database.
pub(crate) fn large() -> Event {
    let searches = (0..400).map(|n| (format!("一个很长的搜索词，第 {n} 个"), n));
    Event::SearchesTallied(SearchesTallied {
        hall: HallId(Uuid::from_u128(9)),
        searches: searches.collect(),
        without_result: 0,
        listings_opened: 0,
    })
}

pub(crate) fn open(disk: &Disk) -> DeviceLog {
    let mut log = DeviceLog::open_on(Path::new(LOG), disk.vfs()).unwrap();
    log.adopt(device()).unwrap();
    log
}

/// Something promised: it was begun after `begun` operations and acknowledged after `done`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Promise<T> {
    begun: u64,
    done: u64,
    what: T,
}

/// Promises in the order in which they were made.
#[derive(Debug, Default)]
pub(crate) struct History {
    events: Vec<Promise<ChainHead>>,
    acked: Vec<Promise<u64>>,
    lane: Vec<Promise<u16>>,
}

fn promised<T>(disk: &Disk, act: impl FnOnce() -> T) -> Promise<T> {
    let begun = disk.counts().operations;
    let what = act();
    let done = disk.counts().operations;
    Promise { begun, done, what }
}

/// The newest promise that was given when the disk had done `operation` operations, and the newest
/// that may have been kept already.
fn bounds<T: Copy + Default>(promises: &[Promise<T>], operation: u64) -> (T, T) {
    let last = |is_in: &dyn Fn(&Promise<T>) -> bool| {
        let found = promises.iter().rev().find(|promise| is_in(promise));
        found.map_or(T::default(), |promise| promise.what)
    };
    (
        last(&|promise| promise.done <= operation),
        last(&|promise| promise.begun < operation),
    )
}

impl History {
    pub(crate) fn event(&mut self, disk: &Disk, append: impl FnOnce() -> ChainHead) {
        self.events.push(promised(disk, append));
    }

    pub(crate) fn append(&mut self, disk: &Disk, log: &mut DeviceLog, event: &Event) {
        self.event(disk, || {
            let appended = log.append(event, UtcMs(5)).unwrap();
            ChainHead {
                seq: appended.seq,
                hash: appended.hash,
            }
        });
    }

    pub(crate) fn ack(&mut self, disk: &Disk, log: &mut DeviceLog, seq: u64) {
        self.acked.push(promised(disk, || {
            log.record_acked(seq).unwrap();
            seq
        }));
    }

    pub(crate) fn take_lane_number(&mut self, disk: &Disk, log: &mut DeviceLog) {
        self.lane.push(promised(disk, || {
            log.take_lane_number(day(), PREFIX).unwrap()
        }));
    }

    /// Replays every crash that the thoroughness asks for.
    ///
    /// # Errors
    /// The first broken promise.
    pub(crate) fn check(
        &self,
        journal: &Journal,
        thoroughness: Thoroughness,
    ) -> Result<Replayed, Broken> {
        let mut replayed = Replayed::default();
        for point in journal.crash_points() {
            replayed.points += 1;
            let operation = point.operation;
            let is_exhaustive = point.unsettled() <= thoroughness.operations_max as usize;
            replayed.exhaustive += u64::from(is_exhaustive);
            for image in point.into_images(thoroughness) {
                replayed.images += 1;
                self.check_image(&image, operation)
                    .map_err(|what| Broken { operation, what })?;
            }
        }
        Ok(replayed)
    }

    /// Replays crashes during the recovery from a crash: one drawn image per point, opened and
    /// closed, and the power fails again at any operation of that.
    ///
    /// # Errors
    /// The first broken promise.
    pub(crate) fn check_recovery(&self, journal: &Journal) -> Result<Replayed, Broken> {
        let drawn = |images_max| Thoroughness {
            images_max,
            ..Thoroughness::default()
        };
        let mut replayed = Replayed::default();
        for first in journal.crash_points() {
            let operation = first.operation;
            for image in first.into_images(drawn(1)) {
                let disk = Disk::from_image(&image);
                disk.record();
                drop(open(&disk));
                for second in disk.journal().crash_points() {
                    replayed.points += 1;
                    for image in second.into_images(drawn(2)) {
                        replayed.images += 1;
                        self.check_image(&image, operation)
                            .map_err(|what| Broken { operation, what })?;
                    }
                }
            }
        }
        Ok(replayed)
    }

    fn check_image(&self, image: &Image, operation: u64) -> Result<(), String> {
        let disk = Disk::from_image(image);
        let path = Path::new(LOG);
        let mut log = DeviceLog::open_on(path, disk.vfs()).map_err(|error| error.to_string())?;
        log.adopt(device()).map_err(|error| error.to_string())?;
        let head = log.verify().map_err(|error| error.to_string())?;
        self.check_events(&log, head, operation)?;

        let (least, most) = bounds(&self.acked, operation);
        if ![least, most].contains(&log.acked()) {
            return Err(format!("acked is {}, not {least} or {most}", log.acked()));
        }
        let (least, most) = bounds(&self.lane, operation);
        let next = log.take_lane_number(day(), PREFIX);
        let next = next.map_err(|error| error.to_string())?;
        if next <= least || next > most + 1 {
            return Err(format!("lane number {next} after {least}, at most {most}"));
        }
        let appended = log.append(&small(), UtcMs(6));
        let appended = appended.map_err(|error| error.to_string())?;
        if appended.seq != head.seq + 1 {
            return Err(format!("{} was appended after {}", appended.seq, head.seq));
        }
        Ok(())
    }

    fn check_events(&self, log: &DeviceLog, head: ChainHead, operation: u64) -> Result<(), String> {
        let least = self.events.iter().filter(|event| event.done <= operation);
        let most = self.events.iter().filter(|event| event.begun < operation);
        let (least, most) = (least.count() as u64, most.count() as u64);
        // what was there before the recording began counts as acknowledged
        let before = self.events.first().map_or(0, |first| first.what.seq - 1);
        if head.seq < before + least {
            let lost = before + least - head.seq;
            return Err(format!("{lost} of {least} acknowledged events are lost"));
        }
        if head.seq > before + u64::max(least, most) {
            return Err(format!("{} events, {most} were begun", head.seq));
        }
        for event in self
            .events
            .iter()
            .take_while(|event| event.what.seq <= head.seq)
        {
            let held = log
                .hash_at(event.what.seq)
                .map_err(|error| error.to_string())?;
            if held != Some(event.what.hash) {
                return Err(format!("event {} is another one", event.what.seq));
            }
        }
        Ok(())
    }
}

/// What was replayed.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Replayed {
    pub(crate) points: u64,
    /// Points at which every combination of whole operations was made, unless images are drawn.
    pub(crate) exhaustive: u64,
    pub(crate) images: u64,
}

/// A broken promise and the operation after which the power failed.
#[derive(Debug)]
pub(crate) struct Broken {
    pub(crate) operation: u64,
    pub(crate) what: String,
}
