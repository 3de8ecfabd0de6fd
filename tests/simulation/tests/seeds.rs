//! Many histories, each by its seed; and wrong implementations, each of which must be found.
//!
//! `SIMULATION_SEEDS=100000` plays more, `SIMULATION_FIRST=17` begins there, so that one seed is
//! played again with `SIMULATION_FIRST=n SIMULATION_SEEDS=1`; then it also says what happened.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may end by a panic, and says which seeds found what"
)]

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use simulation::world::{Broken, play, play_cut_week};
use testkit::planted::Plant;
use tokio::runtime::Runtime;

/// Histories in an ordinary run.
const SEEDS: u64 = 2_000;

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap()
}

fn number(variable: &str, otherwise: u64) -> u64 {
    let said = std::env::var(variable).ok();
    said.map_or(otherwise, |text| text.parse().unwrap())
}

/// The histories that break, until so many are found; in the order of their seeds.
fn broken(seeds: std::ops::Range<u64>, plant: Plant, enough: usize) -> Vec<(u64, Broken)> {
    let next = AtomicU64::new(seeds.start);
    let found = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let runtime = runtime();
                loop {
                    let seed = next.fetch_add(1, Ordering::SeqCst);
                    if seed >= seeds.end || found.lock().unwrap().len() >= enough {
                        return;
                    }
                    if let Err(broken) = play(seed, plant, &runtime) {
                        found.lock().unwrap().push((seed, broken));
                    }
                }
            });
        }
    });
    let mut found = found.into_inner().unwrap();
    found.sort_by_key(|(seed, _)| *seed);
    found
}

fn line((seed, broken): &(u64, Broken)) -> String {
    format!("seed {seed}, step {}: {}", broken.step, broken.what)
}

#[test]
fn nothing_acknowledged_is_lost_or_counted_twice_in_any_history() {
    let first = number("SIMULATION_FIRST", 0);
    let count = number("SIMULATION_SEEDS", SEEDS);
    let broken = broken(first..first + count, Plant::Nothing, 8);
    let lines: Vec<String> = broken.iter().map(line).collect();
    if let (1, [(_, only)]) = (count, broken.as_slice()) {
        for (step, happening) in (1..).zip(&only.happenings) {
            println!("{step}: {happening:?}");
        }
    }
    assert!(lines.is_empty(), "{}", lines.join("\n"));
}

#[test]
fn a_hall_that_was_cut_off_for_a_week_and_its_centre_tell_the_same_and_no_number_twice() {
    for seed in 0..3 {
        let week = play_cut_week(seed, &runtime()).unwrap_or_else(|broken| {
            panic!("seed {seed}, step {}: {}", broken.step, broken.what);
        });
        println!(
            "seed {seed}: {} papers, {} of them from lanes, {} services, {} scores",
            week.papers.len(),
            week.lane_papers,
            week.services,
            week.scores
        );
        let has_all_of_it = week.papers.len() > 300 && week.lane_papers > 20;
        assert!(has_all_of_it && week.services > 200 && week.scores > 50);
    }
}

/// A planted fault is found within the first so many histories.
fn is_found(plant: Plant, within: u64) {
    let broken = broken(0..within, plant, 1);
    let first = broken.first().map(line);
    let first = first.unwrap_or_else(|| panic!("{plant:?} is not found by the seeds 0..{within}"));
    println!("{plant:?}: {first}");
}

#[test]
fn a_log_that_never_waits_for_the_disk_is_found() {
    is_found(Plant::LogNeverSyncs, 100);
}

#[test]
fn a_server_that_answers_before_it_has_stored_is_found() {
    is_found(Plant::AnswersBeforeStoring, 100);
}

#[test]
fn a_node_that_relays_chain_by_chain_is_found() {
    is_found(Plant::RelaysChainByChain, 200);
}

#[test]
fn a_server_that_keeps_the_first_of_two_events_is_found() {
    is_found(Plant::KeepsFirst, 200);
}

#[test]
fn a_device_that_stops_without_a_word_is_found() {
    is_found(Plant::HaltsInSilence, 200);
}

#[test]
fn a_device_that_goes_by_its_memory_is_found() {
    is_found(Plant::TrustsItsMemory, 200);
}
