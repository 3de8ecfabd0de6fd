//! Central with the records of a year or of ten: how long it takes to open the store, to show lists,
//! finds, one record and what fits a jobseeker, to do a durable step, and how much memory it holds
//! meanwhile. The records are those of `central synthetic`, led through the real machines. Prints
//! figures, asserts none: shared machines differ.
//!
//! `cargo bench -p acceptance --bench years [-- year | ten_years | demo] [--data DIR]`
//!
//! Without `--data` the records are made in a scratch directory first: some minutes for a year, an
//! hour and more for ten; a directory that `central synthetic` has filled is measured as it is (and
//! gets one account and some records more). Disk figures are of the disk that holds the directory.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

mod office;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Instant;

use acceptance::figures::{self, Times, Usage, per_s};
use central::serve::open_store;
use central::store::Marking;
use central::synthetic::Extent;
use central::synthetic_years::{YearsOrder, fill};
use domain::time::UtcMs;
use sync::data_dir::DataDir;

use office::Office;

type Fault = Box<dyn Error>;
type Outcome = Result<(), Fault>;

/// Requests of one kind.
const REQUESTS: usize = 500;
const SEED: u64 = 7;
/// 2026-11-28 12:00 in the hall: the last day of the records, and the bench's clock.
const NOON: UtcMs = UtcMs(1_795_838_400_000);
/// Kinds whose lists and records are asked for: large and small ones of several lines.
const KINDS: [&str; 6] = [
    "person",
    "jobseeker",
    "vacancy",
    "referral",
    "employment_registration",
    "si_flexible",
];

fn main() -> Outcome {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let code = words.iter().find(|word| Extent::of_code(word).is_some());
    let code = code.map_or("year", String::as_str);
    let at = words.iter().position(|word| word == "--data");
    let named = at.and_then(|at| words.get(at + 1)).map(PathBuf::from);
    let scratch = tempfile::tempdir()?;
    let data = match &named {
        Some(data) => data.clone(),
        None => made(scratch.path(), Extent::of_code(code).ok_or("an extent")?)?,
    };
    measure(&data)
}

fn made(folder: &Path, extent: Extent) -> Result<PathBuf, Fault> {
    let dir = DataDir::take(folder)?;
    let store = open_store(&dir, Marking::Synthetic, NOON)?;
    let order = YearsOrder {
        extent,
        seed: SEED,
        until: NOON.hall_date(),
    };
    let begun = Instant::now();
    let lived = fill(&store, order, &mut |_, _| {})?;
    let taken = begun.elapsed();
    let acts = usize::try_from(lived.records + lived.steps)?;
    println!(
        "made: {} records, {} steps in {taken:.0?} ({:.0}/s); {} could not go on",
        lived.records,
        lived.steps,
        per_s(acts, taken),
        lived.stuck.values().sum::<u64>()
    );
    Ok(folder.to_owned())
}

fn measure(data: &Path) -> Outcome {
    figures::forget_peak()?;
    let begun = Instant::now();
    let dir = DataDir::take(data)?;
    let store = open_store(&dir, Marking::Synthetic, NOON)?;
    println!(
        "store open after {:.1?} (aim: start ≤ 1 s)",
        begun.elapsed()
    );
    let office = Office::over(store, NOON)?;
    println!("pages, one request at a time (aim: lists and search p99 ≤ 50 ms, a record ≤ 10 ms):");
    for kind in KINDS {
        let newest = || format!("/staff/records/{kind}");
        say(
            &format!("list, the newest {kind}"),
            &asked(&office, newest)?,
        );
        let record = office.records_of(kind, REQUESTS)?;
        let mut next = record.iter().cycle();
        let one = || format!("/staff/record/{}", next.next().map_or("", String::as_str));
        say(&format!("one record, {kind}"), &asked(&office, one)?);
    }
    for typed in ["%E7%94%B5%E5%B7%A5", "zjy", "%E7%84%8A", "00042"] {
        let found = || format!("/staff/records/vacancy?q={typed}");
        say("search among vacancies", &asked(&office, found)?);
    }
    say("start page", &asked(&office, || "/staff".to_owned())?);
    matches(&office)?;
    println!("steps, durable (aim: p99 ≤ 10 ms):");
    say("opened and handed in", &office.steps(REQUESTS)?);
    let usage = Usage::of("self")?;
    println!(
        "memory: {} MiB now, {} MiB at most (aim ≤ 300 MiB at ten years)",
        usage.rss_kib / 1_024,
        usage.peak_kib / 1_024
    );
    Ok(())
}

/// The first one reads what is compared; the others only what changed since.
fn matches(office: &Office) -> Outcome {
    for (kind, state) in [("jobseeker", "active"), ("vacancy", "published")] {
        let records = office.records_in(kind, state, REQUESTS)?;
        let Some(first) = records.first() else {
            println!("  no {kind} is {state}");
            continue;
        };
        let (taken, _) = office.get(&format!("/staff/record/{first}/matches"))?;
        println!("  what fits a {kind}, the first time: {taken:.1?}");
        let mut next = records.iter().cycle();
        let one = || {
            let record = next.next().map_or("", String::as_str);
            format!("/staff/record/{record}/matches")
        };
        say(&format!("what fits a {kind}"), &asked(office, one)?);
    }
    Ok(())
}

fn asked(office: &Office, mut address: impl FnMut() -> String) -> Result<Times, Fault> {
    let times: Result<Vec<_>, Fault> = (0..REQUESTS)
        .map(|_| Ok(office.get(&address())?.0))
        .collect();
    Ok(Times::of(times?))
}

fn say(what: &str, times: &Times) {
    println!("  {what}: {times}");
}
