//! The start with a long record: opening the store, and from the start of the process to its first
//! answer. How the time grows says what the record costs.

use std::path::Path;
use std::time::{Duration, Instant};

use central::serve::open_store;
use central::store::Marking;
use sync::data_dir::DataDir;
use wire::api::path;

use crate::Outcome;
use crate::hall::now;
use crate::load::Line;
use crate::record;
use crate::server::{Gate, Server};

const TEN_MILLION: &str = "--ten-million";
const EVENTS: [usize; 2] = [100_000, 1_000_000];

pub(crate) fn measure() -> Outcome {
    println!("start with a long record (aim ≤ 1 s with 10 million events):");
    let wants_ten_million = std::env::args().any(|word| word == TEN_MILLION);
    let more = wants_ten_million.then_some(10_000_000);
    for events in EVENTS.into_iter().chain(more) {
        let folder = tempfile::tempdir()?;
        let begun = Instant::now();
        record::fill(folder.path(), events)?;
        let filled = begun.elapsed();
        let opened = open(folder.path())?;
        let answered = first_answer(folder.path())?;
        println!(
            "  {events} events: store open after {opened:.1?}, process start to the first answer \
             {answered:.1?} (made in {filled:.0?})"
        );
    }
    if !wants_ten_million {
        println!("  10 million take minutes to make: {TEN_MILLION}");
    }
    Ok(())
}

fn open(data: &Path) -> Result<Duration, crate::Fault> {
    let dir = DataDir::take(data)?;
    let begun = Instant::now();
    let store = open_store(&dir, Marking::Synthetic, now())?;
    let elapsed = begun.elapsed();
    drop(store);
    Ok(elapsed)
}

fn first_answer(data: &Path) -> Result<Duration, crate::Fault> {
    let begun = Instant::now();
    let server = Server::start(data, Gate::Wide)?;
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_all().build()?;
    runtime.block_on(async {
        let mut line = Line::open(server.address).await?;
        let request = format!("GET {} HTTP/1.1\r\nhost: hall\r\n\r\n", path::HEALTH);
        let (status, _) = line.ask(request.as_bytes()).await?;
        if status == 200 {
            Ok(begun.elapsed())
        } else {
            Err(format!("the first answer was {status}").into())
        }
    })
}
