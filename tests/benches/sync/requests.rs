//! Single events, each durable before its answer, over HTTP on this machine: connections that stay
//! open, each a device of its own because a chain has an order. Beside a bare axum handler that
//! answers the same bytes with a constant.

use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

use central::edge::{new_uuid, random_bytes};
use domain::id::DeviceId;
use wire::envelope::ChainHead;
use wire::sign::DeviceKey;

use crate::Outcome;
use crate::figures::{Usage, per_s, ratio};
use crate::hall::{Hall, now};
use crate::ingest::push;
use crate::load::{Load, closed_loop};
use crate::server::{Gate, Server};

/// Connections, and requests of each. All together stay below the nonces that the door remembers.
const LOADS: [(usize, usize); 2] = [(16, 2_500), (64, 700)];

pub(crate) fn measure() -> Outcome {
    println!(
        "single pushes over HTTP, durable, signed before (server and generator share the machine):"
    );
    let signature = verification();
    println!(
        "  two signatures of each are checked: {:.0} µs of processor; were that all, two cores could \
         do {:.0}/s",
        signature.as_secs_f64() * 2e6,
        1.0 / signature.as_secs_f64()
    );
    for (connections, requests) in LOADS {
        let (bare, central) = both(connections, requests)?;
        let rate = |load: &Load| per_s(load.times.len(), load.elapsed);
        println!(
            "  {connections} connections: {:.0} requests/s (aim ≥ 20 000), {}",
            rate(&central.load),
            central.load.times
        );
        println!(
            "    bare axum handler: {:.0} requests/s, {}; ratio {:.2}",
            rate(&bare.load),
            bare.load.times,
            ratio(bare.load.elapsed, central.load.elapsed)
        );
        println!(
            "    processor per request: central {:.0} µs, bare {:.0} µs, generator {:.0} µs",
            central.server_us, bare.server_us, central.generator_us
        );
    }
    Ok(())
}

/// How long one signature takes to be checked.
fn verification() -> Duration {
    const CHECKS: u32 = 2_000;
    let key = DeviceKey::from_bytes(&random_bytes());
    let (device, public) = (DeviceId(new_uuid(now())), key.public());
    let signature = key.sign_tail(device, ChainHead::EMPTY);
    let begun = Instant::now();
    for _ in 0..CHECKS {
        black_box(public.signed_tail(black_box(device), ChainHead::EMPTY, signature));
    }
    begun.elapsed() / CHECKS
}

struct Answered {
    load: Load,
    server_us: f64,
    generator_us: f64,
}

/// The same requests to a bare handler and to the service.
fn both(connections: usize, requests: usize) -> Result<(Answered, Answered), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let mut devices = Hall::found(folder.path(), connections)?.leave();
    let server = Server::start(folder.path(), Gate::Wide)?;
    let mut lines = Vec::new();
    for device in &mut devices {
        let signed = (0..requests).map(|_| push(device, 1).map(|request| request.raw()));
        lines.push(signed.collect::<Result<Vec<_>, _>>()?);
    }
    let bare = answered(&Server::start_bare()?, lines.clone())?;
    Ok((bare, answered(&server, lines)?))
}

fn answered(server: &Server, lines: Vec<Vec<Vec<u8>>>) -> std::io::Result<Answered> {
    let (before, own_before) = (server.usage()?, Usage::of("self")?);
    let load = closed_loop(server.address, lines)?;
    let (after, own_after) = (server.usage()?, Usage::of("self")?);
    let each_us = |before: Usage, after: Usage| {
        (after.cpu - before.cpu).as_secs_f64() * 1e6 / load.times.len() as f64
    };
    Ok(Answered {
        server_us: each_us(before, after),
        generator_us: each_us(own_before, own_after),
        load,
    })
}
