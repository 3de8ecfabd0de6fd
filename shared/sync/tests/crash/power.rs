//! Power lost after every operation of the disk: whatever legal image is found, everything
//! acknowledged is there once, the chain holds, and the log goes on.

use std::path::Path;
use std::time::Instant;

use domain::time::UtcMs;
use testkit::careless_log::{CarelessLog, Carelessness};
use testkit::disk::{Disk, Op, Thoroughness};

use crate::history::{Broken, History, LOG, device, large, open, small};

/// How long the write-ahead log is, in bytes, shortly before SQLite's own bound of 1000 pages.
const NEARLY_CHECKPOINTED: usize = 992 * 4_120;

/// A log from its first write on: eight events, one of them over several pages, lane numbers and
/// acknowledgements; closed, which moves everything into the database and deletes the write-ahead
/// log; opened again for three events more.
fn two_lives() -> (Disk, History) {
    let disk = Disk::new();
    disk.record();
    let mut history = History::default();
    let mut log = open(&disk);
    for n in 1..=8 {
        let event = if n == 4 { large() } else { small() };
        history.append(&disk, &mut log, &event);
        history.take_lane_number(&disk, &mut log);
        history.ack(&disk, &mut log, n);
    }
    drop(log);
    let mut log = open(&disk);
    for _ in 0..3 {
        history.append(&disk, &mut log, &small());
    }
    drop(log);
    (disk, history)
}

#[test]
fn from_the_first_write_on_nothing_acknowledged_is_lost_whatever_the_power_cut_leaves() {
    let (disk, history) = two_lives();
    replay(
        "birth, life, close, second life",
        &disk,
        &history,
        Thoroughness::default(),
    );
}

#[test]
fn power_that_fails_again_during_the_recovery_loses_nothing_either() {
    let (disk, history) = two_lives();
    let replayed = history.check_recovery(&disk.journal()).unwrap();
    eprintln!("second crash: {replayed:?}");
    assert!(replayed.images > replayed.points);
}

#[test]
fn a_checkpoint_and_the_log_that_begins_anew_lose_nothing_either() {
    let (disk, history) = checkpointed();
    replay("checkpoint and restart", &disk, &history, drawn());
}

#[test]
fn the_proof_finds_a_checkpoint_that_does_not_wait_for_the_database() {
    let (disk, history) = checkpointed();
    let unsynced = disk.journal().without_syncs_of(LOG);
    assert!(unsynced.ops().len() < disk.journal().ops().len());
    let found = history.check(&unsynced, drawn());
    let found = found.expect_err("events that the write-ahead log no longer holds are lost");
    eprintln!("unsynced checkpoint: {found:?}");
}

/// A log recorded shortly before its write-ahead log is moved into the database, until some events
/// after the write-ahead log has begun anew over its old content.
fn checkpointed() -> (Disk, History) {
    let disk = Disk::new();
    let mut log = open(&disk);
    let written = |disk: &Disk| disk.image().length("log.db-wal").unwrap_or(0);
    while written(&disk) < NEARLY_CHECKPOINTED {
        log.append(&small(), UtcMs(5)).unwrap();
    }
    disk.record();
    let mut history = History::default();
    while !is_checkpointed(&disk) {
        history.append(&disk, &mut log, &small());
    }
    for _ in 0..3 {
        history.append(&disk, &mut log, &small());
    }
    (disk, history)
}

/// A write-ahead log of 4 MB is dear to replay, so that images are drawn.
fn drawn() -> Thoroughness {
    Thoroughness {
        images_max: 16,
        ..Thoroughness::default()
    }
}

/// Whether the database has been written, and synced, since recording began.
fn is_checkpointed(disk: &Disk) -> bool {
    let journal = disk.journal();
    let syncs = journal.ops().iter().filter_map(|op| match op {
        Op::Sync { file } => Some(file),
        _ => None,
    });
    syncs.collect::<std::collections::BTreeSet<_>>().len() > 1
}

fn replay(name: &str, disk: &Disk, history: &History, thoroughness: Thoroughness) {
    let journal = disk.journal();
    let began = Instant::now();
    let replayed = history.check(&journal, thoroughness);
    let replayed = replayed.unwrap_or_else(|broken| panic!("{name}: {broken:?}"));
    let seconds = began.elapsed().as_secs_f64();
    eprintln!("{name}: {replayed:?} in {seconds:.2} s");
    assert_eq!(replayed.points, journal.ops().len() as u64 + 1);
    assert!(replayed.images > 10 * replayed.points, "{replayed:?}");
}

#[test]
fn the_proof_finds_a_log_that_never_syncs() {
    let (found, first_append) = careless(Carelessness::NeverSyncs);
    // the first event's own last write: acknowledged at once, and nothing of it is settled
    assert!(found.what.contains("lost"), "{found:?}");
    assert_eq!(found.operation, first_append, "{found:?}");
}

#[test]
fn the_proof_finds_a_log_that_acknowledges_before_it_commits() {
    let (found, first_append) = careless(Carelessness::AcknowledgesBeforeCommit);
    // at the acknowledgement of the first event nothing at all has been written
    assert!(found.what.contains("lost"), "{found:?}");
    assert_eq!(found.operation, first_append, "{found:?}");
}

/// What the proof says of a careless log, and after which operation that log first acknowledged.
fn careless(carelessness: Carelessness) -> (Broken, u64) {
    let disk = Disk::new();
    drop(open(&disk));
    disk.record();
    let mut log = CarelessLog::open(Path::new(LOG), disk.vfs(), device(), carelessness).unwrap();
    let mut history = History::default();
    let mut first_done = None;
    for _ in 0..4 {
        history.event(&disk, || log.append(&small(), UtcMs(5)).unwrap());
        first_done.get_or_insert(disk.counts().operations);
    }
    let checked = history.check(&disk.journal(), Thoroughness::default());
    let found = checked.expect_err("the proof finds the planted fault");
    eprintln!("{carelessness:?}: {found:?}");
    (found, first_done.unwrap())
}
