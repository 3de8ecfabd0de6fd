//! Many histories, each by its seed; and wrong implementations, each of which must be found.
//!
//! `SIMULATION_SEEDS=100000` plays more, `SIMULATION_FIRST=17` begins there, so that one seed is
//! played again with `SIMULATION_FIRST=n SIMULATION_SEEDS=1`.

use std::sync::atomic::{AtomicU64, Ordering};

use simulation::world::{Broken, play};
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

/// The first of these histories that breaks.
fn first_broken(seeds: std::ops::Range<u64>, plant: Plant) -> Option<(u64, Broken)> {
    let next = AtomicU64::new(seeds.start);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let found = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let runtime = runtime();
                    loop {
                        let seed = next.fetch_add(1, Ordering::SeqCst);
                        if seed >= seeds.end {
                            return None;
                        }
                        if let Err(broken) = play(seed, plant, &runtime) {
                            next.store(seeds.end, Ordering::SeqCst);
                            return Some((seed, broken));
                        }
                    }
                })
            })
            .collect();
        let found = workers.into_iter().filter_map(|w| w.join().unwrap());
        found.min_by_key(|(seed, _)| *seed)
    });
    found
}

#[test]
fn nothing_acknowledged_is_lost_or_counted_twice_in_any_history() {
    let first = number("SIMULATION_FIRST", 0);
    let count = number("SIMULATION_SEEDS", SEEDS);
    if let Some((seed, broken)) = first_broken(first..first + count, Plant::Nothing) {
        panic!("seed {seed}, step {}: {}", broken.step, broken.what);
    }
}

/// A planted fault is found within the first so many histories.
fn is_found(plant: Plant, within: u64) {
    match first_broken(0..within, plant) {
        Some((seed, broken)) => {
            println!(
                "{plant:?}: seed {seed}, step {}: {}",
                broken.step, broken.what
            );
        }
        None => panic!("{plant:?} is not found by the seeds 0..{within}"),
    }
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
fn a_server_that_silently_keeps_the_first_of_two_is_found() {
    is_found(Plant::KeepsFirstSilently, 200);
}

#[test]
fn a_node_that_relays_chain_by_chain_is_found() {
    is_found(Plant::RelaysChainByChain, 200);
}

#[test]
fn a_device_that_goes_by_its_memory_is_found() {
    is_found(Plant::TrustsItsMemory, 200);
}
