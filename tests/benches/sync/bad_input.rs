//! One device floods the service with bad requests, 10 000 a second and never waiting for answers,
//! from an address of its own, while twenty others push as usual: how long these wait with and
//! without the flood, what the bad ones are told, and what memory it takes. Limits as delivered.
//!
//! Bodies beyond the bound have a connection of their own: the server closes it after each answer,
//! and what had been sent after such a body would be lost uncounted.

use std::collections::BTreeMap;
use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpSocket;
use tokio::net::tcp::OwnedReadHalf;
use tokio::time::sleep_until;
use wire::api::path;

use crate::Outcome;
use crate::figures::{Times, per_s, ratio};
use crate::hall::{Device, Hall};
use crate::ingest::push;
use crate::load::{Answers, Line};
use crate::server::{Gate, Server};

const OTHERS: usize = 20;
/// Of each of the others: far below the limits.
const PUSHES_PER_S: u32 = 20;
const LASTS: Duration = Duration::from_secs(6);
const BAD_PER_S: u32 = 10_000;
const BAD_LINES: u32 = 8;
/// What a line of the flood sends at once, so that the pace costs few wake-ups.
const BURST: u32 = 5;
/// Of the flood, the part that is too large: the dearest for both sides.
const TOO_LARGE_PER_S: u32 = 200;
/// Another address of this machine: limits count by address.
const FLOODER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

pub(crate) fn measure() -> Outcome {
    let folder = tempfile::tempdir()?;
    let mut devices = Hall::found(folder.path(), OTHERS + 1)?.leave();
    let server = Server::start(folder.path(), Gate::Delivered)?;
    let mut flooder = devices.pop().ok_or("a flooder")?;
    let (calm, stormy) = (pushes(&mut devices)?, pushes(&mut devices)?);
    let (bad, too_large) = (bad_requests(&mut flooder)?, too_large(&mut flooder));
    let without = others(server.address, calm)?;
    let before = server.usage()?;
    let address = server.address;
    let flood = std::thread::spawn(move || flood(address, &bad, &too_large));
    let with = others(server.address, stormy)?;
    let flooded = flood.join().map_err(|_| "the flood panicked")??;
    let after = server.usage()?;
    println!(
        "{BAD_PER_S} bad requests/s from one device, others push {OTHERS} × {PUSHES_PER_S}/s:"
    );
    println!("  others without the flood: {without}");
    println!("  others with it: {with}");
    let p99 = ratio(with.p99(), without.p99());
    println!("  ratio of p99: {p99:.2} (aim ≤ 2)");
    println!(
        "  sent {:.0}/s, server's memory {} → {} MiB, its processor {:.0} % of one, connections \
         closed {}",
        per_s(flooded.sent, flooded.elapsed),
        before.rss_kib >> 10,
        after.rss_kib >> 10,
        100.0 * ratio(after.cpu - before.cpu, flooded.elapsed),
        flooded.closed
    );
    let answered: usize = flooded.codes.values().sum();
    println!(
        "  {answered} of {} bad ones were told: {:?}",
        flooded.sent, flooded.codes
    );
    Ok(())
}

fn pushes(devices: &mut [Device]) -> serde_json::Result<Vec<Vec<Vec<u8>>>> {
    let count = u64::from(PUSHES_PER_S) * LASTS.as_secs();
    let of_device = |device: &mut Device| {
        let signed = (0..count).map(|_| push(device, 1).map(|request| request.raw()));
        signed.collect()
    };
    devices.iter_mut().map(of_device).collect()
}

/// A request, shared where many are alike.
type Bytes = Arc<[u8]>;

/// Wrong signatures, bodies that are no push, and events beyond a gap, in turn.
fn bad_requests(device: &mut Device) -> Result<Vec<Bytes>, Box<dyn Error>> {
    let of_second = usize::try_from(BAD_PER_S - TOO_LARGE_PER_S)?;
    let count = of_second * usize::try_from(LASTS.as_secs())?;
    let mut forged = device.sign("POST", path::LOG.to_owned(), b"{\"events\":[]}".to_vec());
    forged.body = b"{\"events\":{}}".to_vec();
    let forged: Bytes = forged.raw().into();
    // the first event is never sent
    drop(push(device, 1)?);
    let bad = (0..count).map(|number| {
        Ok(match number % 3 {
            0 => Arc::clone(&forged),
            1 => {
                let path = path::LOG.to_owned();
                device.sign("POST", path, b"no push".to_vec()).raw().into()
            }
            _ => push(device, 1)?.raw().into(),
        })
    });
    bad.collect()
}

fn too_large(device: &mut Device) -> Bytes {
    let body = vec![b' '; 65 << 10];
    device
        .sign("POST", path::TICKETS.to_owned(), body)
        .raw()
        .into()
}

/// Pushes of the others, each at its time; how long until the answer, counted from that time.
fn others(server: SocketAddr, pushes: Vec<Vec<Vec<u8>>>) -> Result<Times, Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_all().build()?;
    runtime.block_on(async {
        let begun = Instant::now() + Duration::from_millis(100);
        let every = Duration::from_secs(1) / PUSHES_PER_S;
        let share = every / u32::try_from(OTHERS)?;
        let tasks: Vec<_> = (0..)
            .zip(pushes)
            .map(|(index, pushes)| {
                tokio::spawn(in_time(server, pushes, begun + share * index, every))
            })
            .collect();
        let mut times = Vec::new();
        for task in tasks {
            times.extend(task.await??);
        }
        Ok(Times::of(times))
    })
}

async fn in_time(
    server: SocketAddr,
    pushes: Vec<Vec<u8>>,
    begun: Instant,
    every: Duration,
) -> std::io::Result<Vec<Duration>> {
    let mut line = Line::open(server).await?;
    let (mut due, mut times) = (begun, Vec::with_capacity(pushes.len()));
    for push in &pushes {
        sleep_until(due.into()).await;
        let (status, body) = line.ask(push).await?;
        if status != 200 {
            return Err(std::io::Error::other(String::from_utf8_lossy(&body)));
        }
        times.push(due.elapsed());
        due += every;
    }
    Ok(times)
}

/// How often each code was told.
type Codes = BTreeMap<String, usize>;

/// What became of the flood.
#[derive(Default)]
struct Flooded {
    sent: usize,
    elapsed: Duration,
    closed: usize,
    codes: Codes,
}

impl Flooded {
    fn add(&mut self, line: Self) {
        self.sent += line.sent;
        self.closed += line.closed;
        self.elapsed = self.elapsed.max(line.elapsed);
        for (code, count) in line.codes {
            *self.codes.entry(code).or_default() += count;
        }
    }
}

fn flood(server: SocketAddr, bad: &[Bytes], too_large: &Bytes) -> std::io::Result<Flooded> {
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_all().build()?;
    runtime.block_on(async {
        let lines = usize::try_from(BAD_LINES).map_err(std::io::Error::other)?;
        let bad_every = Duration::from_secs(1) * BURST * BAD_LINES / (BAD_PER_S - TOO_LARGE_PER_S);
        let of_lines = bad.chunks(bad.len().div_ceil(lines)).map(|bad| {
            let bursts = bad
                .chunks(BURST as usize)
                .map(|burst| burst.concat().into());
            tokio::spawn(flood_line(server, bursts.collect(), bad_every))
        });
        let mut tasks: Vec<_> = of_lines.collect();
        let (count, every) = (TOO_LARGE_PER_S, Duration::from_secs(1) / TOO_LARGE_PER_S);
        let count = u64::from(count) * LASTS.as_secs();
        let large = (0..count).map(|_| Arc::clone(too_large)).collect();
        tasks.push(tokio::spawn(flood_line(server, large, every)));
        let mut flooded = Flooded::default();
        for task in tasks {
            flooded.add(task.await.map_err(std::io::Error::other)??);
        }
        flooded.sent = bad.len() + usize::try_from(count).map_err(std::io::Error::other)?;
        Ok(flooded)
    })
}

/// Sends at its pace, and begins another connection whenever the server has closed one.
async fn flood_line(
    server: SocketAddr,
    bursts: Vec<Bytes>,
    every: Duration,
) -> std::io::Result<Flooded> {
    let (begun, mut flooded) = (Instant::now(), Flooded::default());
    let mut bursts = bursts.iter().zip(0..).peekable();
    while bursts.peek().is_some() {
        let socket = TcpSocket::new_v4()?;
        socket.bind((FLOODER, 0).into())?;
        let (reading, mut writing) = socket.connect(server).await?.into_split();
        let counting = tokio::spawn(count_codes(reading));
        for (burst, number) in bursts.by_ref() {
            sleep_until((begun + every * number).into()).await;
            if writing.write_all(burst).await.is_err() || counting.is_finished() {
                flooded.closed += 1;
                break;
            }
        }
        // the server ends the connection when it has answered what came
        drop(writing);
        for (code, count) in counting.await.map_err(std::io::Error::other)? {
            *flooded.codes.entry(code).or_default() += count;
        }
    }
    flooded.elapsed = begun.elapsed();
    Ok(flooded)
}

async fn count_codes(mut reading: OwnedReadHalf) -> Codes {
    let (mut answers, mut codes) = (Answers::default(), Codes::new());
    while matches!(reading.read_buf(&mut answers.bytes).await, Ok(1..)) {
        while let Ok(Some((status, body))) = answers.next() {
            *codes.entry(told(status, &body)).or_default() += 1;
        }
    }
    codes
}

/// The stable code of an answer; what is no problem was held beyond its gap.
fn told(status: u16, body: &[u8]) -> String {
    let body = String::from_utf8_lossy(body);
    let code = body.split_once("\"code\":\"");
    let code = code.and_then(|(_, rest)| rest.split('"').next());
    code.map_or_else(|| format!("held ({status})"), str::to_owned)
}
