//! Durable ingest through the router: signatures, chains, derived tables and the authority's
//! reactions, beside raw SQLite that writes the rows which came of it, with the same pragmas and
//! one transaction per push. Several devices share commits; raw SQLite has no such neighbour.

use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use axum::Router;
use central::app_state::AppState;
use central::config::{BackupPlan, Config};
use central::edge::{new_uuid, system_clock};
use central::parameters::Parameters;
use domain::id::{HallId, RatingId, TicketId};
use domain::rating::{Channel, Level, Submission};
use domain::time::UtcMs;
use tower::ServiceExt as _;
use wire::api::path;
use wire::event::{
    BoardReport, BoardReported, Event, HelpCalled, Origin, RatingSubmitted, SearchesTallied,
    VisitProof,
};

use crate::Outcome;
use crate::figures::per_s;
use crate::hall::{Device, Hall, Signed, now};
use crate::raw_rows;

/// Events of a push.
pub(crate) const PUSH_EVENTS: usize = 100;
const DEVICES: usize = 20;
const PUSHES_OF_EACH: usize = 25;
const PUSHES_OF_ONE: usize = 200;

pub(crate) fn measure() -> Outcome {
    let folder = tempfile::tempdir()?;
    let (many, one) = (folder.path().join("many"), folder.path().join("one"));
    let of_many = through_router(&many, DEVICES, PUSHES_OF_EACH)?;
    let of_one = through_router(&one, 1, PUSHES_OF_ONE)?;
    let raw_many = raw_rows::insert_again(&many.join("central.db"), PUSH_EVENTS)?;
    let raw_one = raw_rows::insert_again(&one.join("central.db"), PUSH_EVENTS)?;
    println!(
        "ingest, pushes of {PUSH_EVENTS} events (searches, boards, help, scores), durable, one process:"
    );
    for (who, served, raw) in [
        (format!("{DEVICES} devices"), of_many, raw_many),
        ("1 device".to_owned(), of_one, raw_one),
    ] {
        println!(
            "  {who}: {served:.0} events/s; raw SQLite, the same rows: {raw:.0} events/s; ratio {:.2} \
             (aim ≥ 0.5)",
            served / raw
        );
    }
    Ok(())
}

/// Events per second of so many devices, each of which sends its next push after the answer.
fn through_router(data: &Path, devices: usize, pushes: usize) -> Result<f64, Box<dyn Error>> {
    let mut hall = Hall::found(data, devices)?;
    let router = router(&hall)?;
    let mut all = Vec::new();
    for device in &mut hall.devices {
        let signed = (0..pushes).map(|_| push(device, PUSH_EVENTS));
        all.push(signed.collect::<Result<Vec<_>, _>>()?);
    }
    let runtime = tokio::runtime::Runtime::new()?;
    let elapsed = runtime.block_on(send_all(router, all))?;
    Ok(per_s(devices * pushes * PUSH_EVENTS, elapsed))
}

fn router(hall: &Hall) -> Result<Router, Box<dyn Error>> {
    let clock = system_clock();
    let config = Config {
        backups: BackupPlan::default(),
        ..Config::default()
    };
    let parameters = Parameters::on(clock().hall_date())?;
    let app = AppState::new(hall.store.clone(), config, &parameters, clock);
    Ok(central::http::app(app))
}

async fn send_all(router: Router, all: Vec<Vec<Signed>>) -> Result<Duration, Box<dyn Error>> {
    let begun = Instant::now();
    let send = |requests| tokio::spawn(send_in_turn(router.clone(), requests));
    let tasks: Vec<_> = all.into_iter().map(send).collect();
    for task in tasks {
        task.await??;
    }
    Ok(begun.elapsed())
}

async fn send_in_turn(router: Router, requests: Vec<Signed>) -> std::io::Result<()> {
    for request in requests {
        let request = request.in_process().map_err(std::io::Error::other)?;
        let answer = router.clone().oneshot(request).await;
        let answer = answer.map_err(std::io::Error::other)?;
        if !answer.status().is_success() {
            let body = axum::body::to_bytes(answer.into_body(), 1 << 20).await;
            let body = body.map_err(std::io::Error::other)?;
            let said = String::from_utf8_lossy(&body).into_owned();
            return Err(std::io::Error::other(said));
        }
    }
    Ok(())
}

/// A push of the next so many events of a device.
pub(crate) fn push(device: &mut Device, events: usize) -> serde_json::Result<Signed> {
    let at = now();
    let texts = (0..events).map(|_| {
        let event = next_event(device, at);
        device.write(&event, at)
    });
    let texts = texts.collect();
    let body = device.push_of(texts, at)?;
    Ok(device.sign("POST", path::LOG.to_owned(), body))
}

/// What devices report, about as often as they do: of ten events four are of boards, three of
/// searches, two of calls for help, one is a score. The score is of a visit that nobody knows, so
/// that the authority's answer is an event, too.
fn next_event(device: &Device, at: UtcMs) -> Event {
    let hall = device.hall;
    match device.head.seq % 10 {
        0 => score(hall, at),
        1 | 4 => Event::HelpCalled(HelpCalled {
            hall,
            origin: Origin::Touch,
        }),
        2 | 5 | 8 => searches(hall, device.head.seq),
        seq => Event::BoardReported(BoardReported {
            hall,
            board: format!("board-{seq}"),
            report: BoardReport::Confirmed {
                text: "请 A012 号到 3 号窗口".to_owned(),
            },
        }),
    }
}

fn searches(hall: HallId, seq: u64) -> Event {
    let words = ["电工", "保洁", "餐饮服务", "月嫂", "其他"];
    let counted = words
        .iter()
        .zip(1..)
        .map(|(word, count)| ((*word).to_owned(), count));
    Event::SearchesTallied(SearchesTallied {
        hall,
        searches: counted.collect(),
        without_result: 2,
        listings_opened: u32::try_from(seq % 40).unwrap_or(0),
    })
}

fn score(hall: HallId, at: UtcMs) -> Event {
    let ticket = TicketId(new_uuid(at));
    Event::RatingSubmitted(RatingSubmitted {
        hall,
        visit: VisitProof::CodeChecked { ticket },
        submission: Submission {
            rating: RatingId(new_uuid(at)),
            matter_level: Level::Good,
            staff_level: None,
            reasons: Vec::new(),
            channel: Channel::HallKiosk,
        },
        origin: Origin::Touch,
    })
}
