//! Two thousand devices hold a request for the feed; a notice is published. How long until each has
//! it, from the moment when the command was given, and what a held connection takes of the
//! server's memory.

use std::path::Path;
use std::time::{Duration, Instant};

use central::admin::AdminRequest;
use sync::client::FeedCursor;
use wire::api::{FeedPage, HOLD_MS_MAX, Notice, NoticeKind};

use crate::Outcome;
use crate::catching_up::{feed_path, publish as publish_listings};
use crate::figures::Times;
use crate::hall::{Device, Hall, now};
use crate::load::Line;
use crate::server::{Gate, Server, ask};

const DEVICES: usize = 2_000;
const ROUNDS: usize = 4;
/// What stands in the feed besides, as in a district.
const LISTINGS: usize = 27_000;
/// The server is at rest when it has used no processor for so long.
const REST: Duration = Duration::from_millis(400);
const FIRST_TICK: Duration = Duration::from_millis(1_500);
/// Threads of the server's pool end when they have had nothing to do for ten seconds.
const THREADS_END: Duration = Duration::from_secs(11);

pub(crate) fn measure() -> Outcome {
    let folder = tempfile::tempdir()?;
    let hall = Hall::found(folder.path(), DEVICES)?;
    publish_listings(&hall, LISTINGS)?;
    let devices = hall.leave();
    let server = Server::start(folder.path(), Gate::Wide)?;
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_all().build()?;
    println!("{DEVICES} devices hold the feed, in which {LISTINGS} listings stand:");
    runtime.block_on(rounds(folder.path(), &server, devices))
}

async fn rounds(data: &Path, server: &Server, mut devices: Vec<Device>) -> Outcome {
    // its first tick puts how windows and queues stand
    tokio::time::sleep(FIRST_TICK).await;
    let mut cursor = head(server, &mut devices[0]).await?;
    let (before, mut lines) = (server.usage()?, Vec::new());
    for _ in &devices {
        lines.push(Some(Line::open(server.address).await?));
    }
    for round in 0..ROUNDS {
        let held = hold(&mut devices, &mut lines, cursor);
        rest(server).await?;
        if round == 0 {
            say_memory("just held", server, before.rss_kib)?;
            tokio::time::sleep(THREADS_END).await;
            say_memory("at rest", server, before.rss_kib)?;
        }
        if held.iter().any(Held::is_finished) {
            return Err("a held request was answered before the publication".into());
        }
        let begun = Instant::now();
        let published = publish(data, round);
        let mut times = Vec::new();
        for (task, line) in held.into_iter().zip(&mut lines) {
            let answer = task.await??;
            times.push(answer.at.saturating_duration_since(begun));
            cursor.position = answer.page.next_after;
            *line = Some(answer.line);
        }
        let told = published.await??.saturating_duration_since(begun);
        let times = Times::of(times);
        println!(
            "  publication {round}: {times} (aim p99 ≤ 250 ms); the publisher knew after {told:.1?}"
        );
    }
    say_memory("after all that", server, before.rss_kib)
}

/// Where the feed ends now: read to its end.
async fn head(server: &Server, device: &mut Device) -> Result<FeedCursor, crate::Fault> {
    let (mut line, mut cursor) = (Line::open(server.address).await?, FeedCursor::default());
    loop {
        let request = device.sign("GET", feed_path(cursor, 0), Vec::new());
        let (_, body) = line.ask(&request.raw()).await?;
        let page: FeedPage = serde_json::from_slice(&body)?;
        cursor = FeedCursor {
            position: page.next_after,
            snapshot: page.snapshot.filter(|_| page.has_more),
        };
        if !page.has_more {
            return Ok(cursor);
        }
    }
}

/// What a held request was answered, and when.
struct Woken {
    line: Line,
    at: Instant,
    page: FeedPage,
}

type Held = tokio::task::JoinHandle<std::io::Result<Woken>>;

fn hold(devices: &mut [Device], lines: &mut [Option<Line>], cursor: FeedCursor) -> Vec<Held> {
    let path = feed_path(cursor, HOLD_MS_MAX);
    let pairs = devices.iter_mut().zip(lines);
    let held = pairs.filter_map(|(device, line)| {
        let request = device.sign("GET", path.clone(), Vec::new()).raw();
        let line = line.take()?;
        Some(tokio::spawn(wait(line, request)))
    });
    held.collect()
}

async fn wait(mut line: Line, request: Vec<u8>) -> std::io::Result<Woken> {
    let (_, body) = line.ask(&request).await?;
    let at = Instant::now();
    let page: FeedPage = serde_json::from_slice(&body)?;
    if page.rows.is_empty() {
        return Err(std::io::Error::other("a hold ended before the publication"));
    }
    Ok(Woken { line, at, page })
}

/// Waits until the server has nothing to do any more.
async fn rest(server: &Server) -> std::io::Result<()> {
    let mut before = Duration::MAX;
    loop {
        let now = server.usage()?.cpu;
        if now == before {
            return Ok(());
        }
        before = now;
        tokio::time::sleep(REST).await;
    }
}

/// Publishes as the command line does, on a thread of its own. When the command was done.
fn publish(data: &Path, round: usize) -> tokio::task::JoinHandle<Result<Instant, String>> {
    let notice = Notice {
        id: format!("notice-{round}"),
        kind: NoticeKind::Notice,
        title: "示例通知：招聘会改到周五".to_owned(),
        board_pages: Vec::new(),
        rows: Vec::new(),
        document_no: None,
        valid_from: now().hall_date(),
        valid_to: None,
        board: None,
    };
    let request = AdminRequest::PublishNotices {
        notices: vec![notice],
        by: "万示例".to_owned(),
    };
    let data = data.to_owned();
    tokio::task::spawn_blocking(move || {
        let told = ask(&data, &request).map(|_| Instant::now());
        told.map_err(|error| error.to_string())
    })
}

fn say_memory(when: &str, server: &Server, before_kib: u64) -> Outcome {
    let usage = server.usage()?;
    let more_kib = usage.rss_kib.saturating_sub(before_kib);
    println!(
        "  memory {when}: {:.1} KB per device (aim ≤ 40 KB); {} MiB and {} threads in all",
        more_kib as f64 / DEVICES as f64,
        usage.rss_kib >> 10,
        usage.threads
    );
    Ok(())
}
