//! A real process that appends, killed by SIGKILL after each acknowledgement and in the midst of
//! the next append: what it had acknowledged is there, once, in the next process.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use domain::time::UtcMs;
use sync::log::DeviceLog;
use testkit::random::Seeded;

use crate::history::{device, small};

/// Where the child finds its log; absent in an ordinary run.
const LOG_OF_CHILD: &str = "CRASH_TEST_LOG";
const ACKED: &str = "acked ";
/// Lives of the process.
const KILLS: u64 = 60;
/// Longest time between an acknowledgement and the signal: some appends of an ordinary disk.
const AFTER_US_MAX: u64 = 1_500;

#[test]
#[ignore = "the process that the drill below starts and kills"]
fn appends_until_it_is_killed() {
    let path = PathBuf::from(std::env::var(LOG_OF_CHILD).unwrap());
    let mut log = DeviceLog::open(&path).unwrap();
    log.adopt(device()).unwrap();
    log.verify().unwrap();
    let mut out = std::io::stdout().lock();
    loop {
        let appended = log.append(&small(), UtcMs(5)).unwrap();
        writeln!(out, "{ACKED}{} {}", appended.seq, appended.hash).unwrap();
        out.flush().unwrap();
    }
}

#[test]
fn a_process_killed_after_any_acknowledgement_has_lost_and_doubled_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.db");
    let mut acked: Vec<String> = Vec::new();
    let mut unacknowledged = 0;
    let mut seeded = Seeded::new(3);
    for life in 0..KILLS {
        let lines = kill_after(&path, life % 5 + 1, seeded.below(AFTER_US_MAX));
        acked.extend(lines);
        let log = DeviceLog::open(&path).unwrap();
        let head = log.verify().unwrap();
        for line in &acked {
            let (seq, hash) = line.split_once(' ').unwrap();
            let held = log.hash_at(seq.parse().unwrap()).unwrap().unwrap();
            assert_eq!(held.to_string(), hash, "life {life}, event {seq}");
        }
        // at most the one append that the signal met; it is held, so the next life goes on after it
        let known = acked.len() as u64 + unacknowledged;
        assert!(
            (known..=known + 1).contains(&head.seq),
            "{head:?}, {known} known"
        );
        unacknowledged += head.seq - known;
    }
    assert!(acked.len() as u64 >= KILLS * 3);
    eprintln!(
        "{KILLS} kills, {} acknowledged, {unacknowledged} held without acknowledgement",
        acked.len()
    );
}

/// Runs the child until `count` acknowledgements and a little longer; returns all it gave.
fn kill_after(path: &Path, count: u64, after_us: u64) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--ignored",
            "--exact",
            "kill::appends_until_it_is_killed",
            "--nocapture",
        ])
        .env(LOG_OF_CHILD, path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut acks = lines.map_while(Result::ok).filter_map(|line| {
        let from = line.find(ACKED)?;
        Some(line[from + ACKED.len()..].to_owned())
    });
    let mut acked: Vec<String> = acks.by_ref().take(count as usize).collect();
    assert_eq!(acked.len() as u64, count, "the child appends");
    let signal_at = Instant::now() + Duration::from_micros(after_us);
    while Instant::now() < signal_at {
        std::hint::spin_loop();
    }
    child.kill().unwrap();
    acked.extend(acks);
    child.wait().unwrap();
    // a line that the signal cut is no acknowledgement
    acked.retain(|line| {
        line.len() > 64
            && line
                .split_once(' ')
                .is_some_and(|(_, hash)| hash.len() == 64)
    });
    acked
}
