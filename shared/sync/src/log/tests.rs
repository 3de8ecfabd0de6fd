//! What the log promises, at its public face.

use std::path::PathBuf;

use domain::id::HallId;
use uuid::Uuid;
use wire::event::{HelpCalled, Origin};

use super::*;

fn device(n: u128) -> DeviceId {
    DeviceId(Uuid::from_u128(n))
}

fn event() -> Event {
    Event::HelpCalled(HelpCalled {
        hall: HallId(Uuid::from_u128(9)),
        origin: Origin::Touch,
    })
}

fn day() -> BusinessDate {
    BusinessDate(chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap())
}

fn scratch() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("log.db");
    (dir, path)
}

fn open(path: &Path) -> DeviceLog {
    let mut log = DeviceLog::open(path).unwrap();
    log.adopt(device(1)).unwrap();
    log
}

#[test]
fn what_was_acknowledged_is_there_after_a_crash() {
    let (_dir, path) = scratch();
    let mut log = open(&path);
    let first = log.append(&event(), UtcMs(5)).unwrap();
    let second = log.append(&event(), UtcMs(6)).unwrap();
    // A crash runs no destructor: the connection is leaked with its WAL as it is.
    std::mem::forget(log);
    let log = open(&path);
    assert_eq!(
        log.head(),
        ChainHead {
            seq: 2,
            hash: second.hash
        }
    );
    assert_eq!(log.hash_at(1).unwrap(), Some(first.hash));
    assert_eq!(log.verify().unwrap(), log.head());
}

#[test]
fn the_log_belongs_to_one_device() {
    let (_dir, path) = scratch();
    assert!(matches!(
        DeviceLog::open(&path).unwrap().append(&event(), UtcMs(0)),
        Err(LogError::NoWriter)
    ));
    drop(open(&path));
    let mut log = DeviceLog::open(&path).unwrap();
    assert!(matches!(
        log.adopt(device(2)),
        Err(LogError::OtherWriter { .. })
    ));
}

#[test]
fn a_halted_log_takes_nothing_more_also_after_a_restart() {
    let (_dir, path) = scratch();
    let mut log = open(&path);
    log.append(&event(), UtcMs(1)).unwrap();
    log.halt().unwrap();
    drop(log);
    let mut log = open(&path);
    assert_eq!(log.condition(), LogCondition::Halted);
    assert!(matches!(
        log.append(&event(), UtcMs(2)),
        Err(LogError::Halted)
    ));
    assert!(matches!(log.check_room(), Err(LogError::Halted)));
    assert_eq!(log.read_from(1, 9, 9_999).unwrap().len(), 1);
}

#[test]
fn at_the_bound_it_refuses_until_the_server_acknowledges() {
    let (_dir, path) = scratch();
    let mut log = open(&path);
    log.unacked_max = 2;
    log.append(&event(), UtcMs(1)).unwrap();
    log.append(&event(), UtcMs(2)).unwrap();
    assert!(matches!(
        log.append(&event(), UtcMs(3)),
        Err(LogError::Bound { unacked: 2 })
    ));
    assert_eq!(
        log.backlog().unwrap(),
        Backlog {
            count: 2,
            oldest_at: Some(UtcMs(1))
        }
    );
    log.record_acked(1).unwrap();
    assert_eq!(
        log.backlog().unwrap(),
        Backlog {
            count: 1,
            oldest_at: Some(UtcMs(2))
        }
    );
    assert_eq!(log.append(&event(), UtcMs(3)).unwrap().seq, 3);
}

#[test]
fn a_full_disk_is_said_and_loses_nothing() {
    let (_dir, path) = scratch();
    let mut log = open(&path);
    log.append(&event(), UtcMs(1)).unwrap();
    let pages: i64 = log
        .store
        .connection()
        .pragma_query_value(None, "page_count", |r| r.get(0))
        .unwrap();
    log.store
        .connection()
        .pragma_update(None, "max_page_count", pages)
        .unwrap();
    let mut kept = 1;
    let error = loop {
        match log.append(&event(), UtcMs(2)) {
            Ok(_) => kept += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(error, LogError::Full), "{error}");
    drop(log);
    assert_eq!(open(&path).verify().unwrap().seq, kept);
}

#[test]
fn a_changed_row_is_found_and_cannot_be_made_by_accident() {
    let (_dir, path) = scratch();
    let mut log = open(&path);
    for at in 1..=4 {
        log.append(&event(), UtcMs(at)).unwrap();
    }
    let change = "UPDATE event SET canonical = replace(canonical, 'touch', 'demos')";
    let sql = log.store.connection();
    assert!(sql.execute(change, []).is_err());
    sql.execute_batch("DROP TRIGGER event_is_never_changed")
        .unwrap();
    sql.execute(&format!("{change} WHERE seq = 2"), []).unwrap();
    assert!(matches!(
        log.verify(),
        Err(LogError::Damaged { seq: 2, .. })
    ));
}

#[test]
fn reading_is_bounded_by_count_and_bytes_and_always_progresses() {
    let (_dir, path) = scratch();
    let mut log = open(&path);
    for at in 1..=5 {
        log.append(&event(), UtcMs(at)).unwrap();
    }
    let one = log.read_from(1, 1, usize::MAX).unwrap()[0].len();
    assert_eq!(log.read_from(1, 1, 0).unwrap().len(), 1);
    assert_eq!(log.read_from(2, 10, one * 3).unwrap().len(), 3);
    assert_eq!(log.read_from(4, 10, usize::MAX).unwrap().len(), 2);
    assert_eq!(
        log.read_from(6, 10, usize::MAX).unwrap(),
        Vec::<String>::new()
    );
}

#[test]
fn a_lane_number_is_never_given_twice_even_after_a_crash() {
    let (_dir, path) = scratch();
    let mut log = open(&path);
    assert_eq!(log.take_lane_number(day(), 'A').unwrap(), 1);
    std::mem::forget(log);
    let mut log = open(&path);
    assert_eq!(log.take_lane_number(day(), 'A').unwrap(), 2);
    assert_eq!(log.take_lane_number(day(), 'V').unwrap(), 1);
    let tomorrow = BusinessDate(day().0.succ_opt().unwrap());
    assert_eq!(log.take_lane_number(tomorrow, 'A').unwrap(), 1);
}

fn long_after() -> UtcMs {
    UtcMs(400 * 24 * 3_600_000)
}

#[test]
fn a_pruned_log_begins_at_a_signed_checkpoint_and_still_verifies() {
    let (_dir, path) = scratch();
    let (mut log, key) = (open(&path), DeviceKey::from_bytes(&[4; 32]));
    let schedule = Retention::built_in();
    let hashes: Vec<_> = (1..=6)
        .map(|at| log.append(&event(), UtcMs(at)).unwrap().hash)
        .collect();
    assert_eq!(
        log.prune(&schedule, &key, long_after()).unwrap(),
        0,
        "not acknowledged"
    );
    log.record_acked(4).unwrap();
    assert_eq!(
        log.prune(&schedule, &key, UtcMs(9)).unwrap(),
        0,
        "not old enough"
    );
    assert_eq!(log.prune(&schedule, &key, long_after()).unwrap(), 4);
    drop(log);
    let mut log = open(&path);
    assert_eq!(log.verify().unwrap().seq, 6);
    assert_eq!(log.checkpoint().unwrap().unwrap().head.hash, hashes[3]);
    assert_eq!(log.hash_at(4).unwrap(), Some(hashes[3]));
    assert_eq!(log.hash_at(3).unwrap(), None);
    assert!(matches!(
        log.read_from(4, 9, 9_999),
        Err(LogError::Pruned {
            seq: 4,
            checkpoint: 4
        })
    ));
    assert_eq!(log.append(&event(), UtcMs(7)).unwrap().seq, 7);
    log.record_acked(7).unwrap();
    assert_eq!(
        log.prune(&schedule, &key, long_after()).unwrap(),
        2,
        "the last one stays"
    );
    assert_eq!(log.last_at(), Some(UtcMs(7)));
    assert_eq!(log.verify().unwrap().seq, 7);
}

#[test]
fn a_forged_checkpoint_is_found() {
    let (_dir, path) = scratch();
    let mut log = open(&path);
    log.append(&event(), UtcMs(1)).unwrap();
    log.append(&event(), UtcMs(2)).unwrap();
    log.record_acked(2).unwrap();
    let key = DeviceKey::from_bytes(&[4; 32]);
    log.prune(&Retention::built_in(), &key, long_after())
        .unwrap();
    let sql = log.store.connection();
    sql.execute("UPDATE checkpoint SET signature = zeroblob(64)", [])
        .unwrap();
    assert!(matches!(
        log.verify(),
        Err(LogError::Damaged { seq: 1, .. })
    ));
}

#[test]
fn times_never_go_backwards_whatever_the_clock_does() {
    let (_dir, path) = scratch();
    let mut log = open(&path);
    log.append(&event(), UtcMs(50)).unwrap();
    log.append(&event(), UtcMs(10)).unwrap();
    drop(log);
    let mut log = open(&path);
    assert_eq!((log.last_at(), log.run_first_seq()), (Some(UtcMs(50)), 3));
    log.append(&event(), UtcMs(0)).unwrap();
    let times = log.read_from(1, 9, 9_999).unwrap();
    let times: Vec<_> = times
        .iter()
        .map(|text| envelope::read(text).unwrap().at.0)
        .collect();
    assert_eq!(times, [50, 50, 50]);
}
