//! SQLite on a disk in memory: as on the operating system's files, until the power fails.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;

use rusqlite::{Connection, ErrorCode, OpenFlags};
use testkit::disk::{Aftermath, Disk, Op};

const ROWS_OF_WRITER: i64 = 300;

fn open(disk: &Disk) -> Connection {
    let sql =
        Connection::open_with_flags_and_vfs("a.db", OpenFlags::default(), disk.vfs()).unwrap();
    let mode: String = sql
        .query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))
        .unwrap();
    assert_eq!(mode, "wal");
    sql.execute_batch("PRAGMA synchronous = FULL; CREATE TABLE IF NOT EXISTS t (n INTEGER)")
        .unwrap();
    sql
}

fn insert(sql: &Connection, n: i64) -> Result<(), ErrorCode> {
    let inserted = sql.execute("INSERT INTO t VALUES (?1)", [n]);
    inserted
        .map(drop)
        .map_err(|error| error.sqlite_error_code().unwrap())
}

fn count(sql: &Connection) -> i64 {
    sql.query_row("SELECT count(*) FROM t", [], |row| row.get(0))
        .unwrap()
}

#[test]
fn readers_on_other_threads_see_each_commit_whole_and_in_order() {
    let disk = Disk::new();
    let sql = open(&disk);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let sql = open(&disk);
                let mut seen = 0;
                while seen < ROWS_OF_WRITER * 2 {
                    let now = count(&sql);
                    assert!(now >= seen && now % 2 == 0, "{now} after {seen}");
                    seen = now;
                }
            });
        }
        for n in 0..ROWS_OF_WRITER {
            let two =
                format!("BEGIN; INSERT INTO t VALUES ({n}); INSERT INTO t VALUES ({n}); COMMIT");
            sql.execute_batch(&two).unwrap();
        }
    });
    let sound: String = sql
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(sound, "ok");
}

#[test]
fn a_second_writer_is_told_that_the_database_is_busy() {
    let disk = Disk::new();
    let (one, other) = (open(&disk), open(&disk));
    other.busy_timeout(std::time::Duration::ZERO).unwrap();
    one.execute_batch("BEGIN IMMEDIATE").unwrap();
    insert(&one, 1).unwrap();
    assert_eq!(insert(&other, 2), Err(ErrorCode::DatabaseBusy));
    assert_eq!(count(&other), 0);
    one.execute_batch("COMMIT").unwrap();
    assert_eq!(insert(&other, 2), Ok(()));
    assert_eq!(count(&one), 2);
}

#[test]
fn two_disks_do_not_know_each_other_and_a_copy_goes_its_own_way() {
    let disk = Disk::new();
    let sql = open(&disk);
    insert(&sql, 1).unwrap();
    let copy = Disk::from_image(&disk.image());
    insert(&sql, 2).unwrap();
    let sql_of_copy = open(&copy);
    assert_eq!((count(&sql), count(&sql_of_copy)), (2, 1));
}

#[test]
fn from_the_named_operation_on_everything_fails_until_the_restart() {
    let disk = Disk::new();
    let sql = open(&disk);
    let before = disk.counts().operations;
    insert(&sql, 1).unwrap();
    let of_a_commit = disk.counts().operations - before;
    for operations in 0..of_a_commit {
        disk.crash_after(operations);
        let sql = Connection::open_with_flags_and_vfs("a.db", OpenFlags::default(), disk.vfs());
        let failed = sql.and_then(|sql| sql.execute("INSERT INTO t VALUES (2)", []));
        assert!(failed.is_err(), "after {operations}");
        assert!(!disk.has_power());
        disk.restart(Aftermath::OnlySynced);
        let sql = open(&disk);
        assert_eq!(count(&sql), 1, "after {operations}");
    }
    // the connection from before the first crash died with it, also when the power is back
    assert_eq!(insert(&sql, 3), Err(ErrorCode::SystemIoFailure));
}

#[test]
fn a_dead_process_leaves_all_it_wrote_and_a_power_cut_what_was_synced() {
    let left_by = |aftermath| {
        let disk = Disk::new();
        let sql = open(&disk);
        insert(&sql, 1).unwrap();
        sql.execute_batch("PRAGMA synchronous = OFF").unwrap();
        insert(&sql, 2).unwrap();
        disk.restart(aftermath);
        count(&open(&disk))
    };
    assert_eq!(left_by(Aftermath::ProcessDied), 2);
    assert_eq!(left_by(Aftermath::OnlySynced), 1);
    let drawn: BTreeSet<i64> = (0..300)
        .map(|seed| left_by(Aftermath::Drawn { seed }))
        .collect();
    assert_eq!(
        drawn,
        [1, 2].into(),
        "what was not synced may have survived"
    );
}

#[test]
fn a_full_disk_refuses_and_goes_on_when_there_is_room() {
    let disk = Disk::new();
    let sql = open(&disk);
    insert(&sql, 0).unwrap();
    disk.set_full_at(disk.image().bytes() + 20_000);
    let mut kept = 1;
    let refused = loop {
        match insert(&sql, kept) {
            Ok(()) => kept += 1,
            Err(code) => break code,
        }
    };
    assert_eq!(refused, ErrorCode::DiskFull);
    assert!(kept > 1);
    assert_eq!(count(&sql), kept);
    disk.make_room();
    insert(&sql, kept).unwrap();
    assert_eq!(count(&sql), kept + 1);
}

#[test]
fn a_commit_is_written_and_then_synced_and_the_log_s_first_sync_settles_its_name() {
    let disk = Disk::new();
    disk.record();
    let sql = open(&disk);
    insert(&sql, 1).unwrap();
    let journal = disk.journal();
    let log = journal.ops().iter().find_map(|op| match op {
        Op::Create { name, file } if &**name == "a.db-wal" => Some(*file),
        _ => None,
    });
    let log = log.expect("the write-ahead log is made");
    let first_sync = journal
        .ops()
        .iter()
        .position(|op| *op == Op::Sync { file: log });
    assert_eq!(journal.ops()[first_sync.unwrap() + 1], Op::SyncDirectory);
    assert!(matches!(journal.ops().last(), Some(Op::Sync { file }) if *file == log));
}

#[test]
fn disks_that_are_gone_leave_their_names_to_others() {
    let names: BTreeSet<&str> = (0..1_000).map(|_| Disk::new().vfs()).collect();
    assert!(names.len() < 100, "{} names", names.len());
}
