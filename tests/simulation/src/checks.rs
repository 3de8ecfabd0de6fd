//! What must hold: after every step, after every restart of a site, and when everything has come to
//! rest. Each is one sentence about events, and none looks into how they are kept.

use std::collections::BTreeMap;

use central::store::{FeedAnswer, FeedDialect, FeedQuery, Store};
use domain::id::DeviceId;
use tokio::runtime::Runtime;
use wire::api::{Pushed, Topic, path};
use wire::envelope::{ChainHead, EventHash};

use crate::device::Device;
use crate::line::{Answer, Request, SiteName};
use crate::site::Site;
use crate::world::World;

/// After every step: what a site holds of a device is the device's own history, from its beginning;
/// a device without rights adds nothing.
pub fn after_step(world: &World<'_>) -> Result<(), String> {
    for device in &world.devices {
        let id = device.identity.enrolled.device;
        for name in [SiteName::Centre, SiteName::Node] {
            let Some(running) = world.site(name).running() else {
                continue;
            };
            let head = running.store.live().head_of(id);
            if !device.is_cloned {
                is_prefix(device, head).map_err(|what| format!("{name:?}: {what}"))?;
            }
        }
    }
    for (name, device, seq_max) in &world.revoked {
        let Some(running) = world.site(*name).running() else {
            continue;
        };
        let held = running.store.live().head_of(*device).seq;
        if held > *seq_max {
            return Err(format!("{device} wrote event {held} without rights"));
        }
    }
    Ok(())
}

fn is_prefix(device: &Device, head: ChainHead) -> Result<(), String> {
    let id = device.identity.enrolled.device;
    let own = match usize::try_from(head.seq)
        .unwrap_or(usize::MAX)
        .checked_sub(1)
    {
        None => Some(EventHash::ZERO),
        Some(place) => device.history.get(place).copied(),
    };
    match own {
        Some(own) if own == head.hash => Ok(()),
        Some(_) => Err(format!("event {} of {id} is not the device's", head.seq)),
        None => Err(format!("{id} never wrote event {}", head.seq)),
    }
}

/// A push is answered with what the site holds at that moment, and with nothing else.
pub fn answer(site: &Site, request: &Request, answer: &Answer) -> Result<(), String> {
    let Some(running) = site
        .running()
        .filter(|_| request.path_and_query == path::LOG)
    else {
        return Ok(());
    };
    let Ok(told) = serde_json::from_slice::<Pushed>(&answer.body) else {
        return Ok(());
    };
    let held = running.store.live().head_of(request.device);
    let is_held = told.head.seq < held.seq || told.head == held;
    // A server that answers too early is found by what is lost, as in life.
    if is_held || answer.server_time.is_none() {
        Ok(())
    } else {
        let id = request.device;
        Err(format!(
            "{id} was told that event {} is held, and it is not",
            told.head.seq
        ))
    }
}

/// After a restart: everything that the site said that it holds is there.
pub fn promises(site: &Site) -> Result<(), String> {
    let running = site.running().ok_or("a site that has started has power")?;
    for (writer, head) in &site.promised {
        let hash = running
            .store
            .read_blocking(|reader| reader.hash_at(*writer, head.seq))
            .map_err(|error| error.to_string())?;
        if hash != Some(head.hash) {
            return Err(format!(
                "{:?} said that it holds event {} of {writer}, and does not",
                site.role, head.seq
            ));
        }
    }
    Ok(())
}

/// At rest: everything that was done has arrived, once, everywhere; both sites tell the same of the
/// node's hall; every device shows what its site's feed says.
pub fn at_rest(world: &World<'_>, runtime: &Runtime) -> Result<(), String> {
    let centre = store(&world.centre)?;
    let node = store(&world.node)?;
    for device in &world.devices {
        everything_arrived(world, device)?;
    }
    clones_are_found(world)?;
    is_sound(&centre).map_err(|what| format!("centre: {what}"))?;
    is_sound(&node).map_err(|what| format!("node: {what}"))?;
    chains_agree(world, &centre, &node)?;
    halls_agree(world, &centre, &node)?;
    let listening = |device: &&Device| !world.is_out(device) && !device.is_halted();
    for device in world.devices.iter().filter(listening) {
        shows_the_feed(world, device, runtime)?;
    }
    Ok(())
}

fn store(site: &Site) -> Result<Store, String> {
    let running = site.running().ok_or("a site at rest has power")?;
    Ok(running.store.clone())
}

fn everything_arrived(world: &World<'_>, device: &Device) -> Result<(), String> {
    if device.is_cloned || world.is_out(device) {
        return Ok(());
    }
    let id = device.identity.enrolled.device;
    if device.is_halted() {
        return Err(format!("{id} stopped, and nobody wrote under its name"));
    }
    let held = store(world.site(device.site))?.live().head_of(id).seq;
    if held == device.history.len() as u64 {
        Ok(())
    } else {
        let done = device.history.len();
        Err(format!("{id} did {done} events, its site holds {held}"))
    }
}

/// Two machines under one name that both wrote are noticed: their site takes nothing more.
fn clones_are_found(world: &World<'_>) -> Result<(), String> {
    let mut clones = world.devices.iter().filter(|device| device.is_cloned);
    let (Some(one), Some(other)) = (clones.next(), clones.next()) else {
        return Ok(());
    };
    let shared = one.history.iter().zip(&other.history);
    let shared = shared.take_while(|(a, b)| a == b).count();
    let have_parted = one.history.len() > shared && other.history.len() > shared;
    if have_parted && !world.is_out(one) {
        let id = one.identity.enrolled.device;
        return Err(format!("two machines write as {id}, and nobody noticed"));
    }
    Ok(())
}

fn is_sound(store: &Store) -> Result<(), String> {
    let found = store
        .read_blocking(|reader| reader.verify())
        .map_err(|error| error.to_string())?;
    match found.faults.first() {
        Some(fault) => Err(fault.clone()),
        None => Ok(()),
    }
}

/// The centre holds the node's chains whole, except those that contradict what it holds.
fn chains_agree(world: &World<'_>, centre: &Store, node: &Store) -> Result<(), String> {
    let (at_centre, at_node) = (centre.live(), node.live());
    for (writer, head) in &at_node.heads {
        let is_cloned =
            |device: &&Device| device.is_cloned && device.identity.enrolled.device == *writer;
        if at_centre.head_of(*writer) != *head && world.devices.iter().find(is_cloned).is_none() {
            let held = at_centre.head_of(*writer).seq;
            return Err(format!(
                "the node holds {} of {writer}, the centre {held}",
                head.seq
            ));
        }
    }
    Ok(())
}

/// Visits and scores of the node's hall are the same at both.
fn halls_agree(world: &World<'_>, centre: &Store, node: &Store) -> Result<(), String> {
    if world.devices.iter().any(|device| device.is_cloned) {
        return Ok(());
    }
    let hall = world.hall_of(SiteName::Node);
    let (from, to) = (crate::origin::START.hall_date(), world.now.hall_date());
    let scores = |store: &Store| {
        let scores = store.read_blocking(|reader| reader.hall_scores(hall, from, to));
        scores
            .map(|scores| scores.windows)
            .map_err(|error| error.to_string())
    };
    let (here, there) = (scores(node)?, scores(centre)?);
    if here == there {
        Ok(())
    } else {
        Err(format!(
            "scores differ: {here:?} at the node, {there:?} at the centre"
        ))
    }
}

fn shows_the_feed(world: &World<'_>, device: &Device, _runtime: &Runtime) -> Result<(), String> {
    let id: DeviceId = device.identity.enrolled.device;
    let query = FeedQuery {
        device: id,
        hall: device.identity.enrolled.hall,
        topics: Topic::ALL
            .into_iter()
            .filter(|topic| *topic != Topic::Call)
            .collect(),
        after: 0,
        limit: 10_000,
        now: world.now,
        snapshot: None,
        reads: FeedDialect::Snapshots,
    };
    let answer = store(world.site(device.site))?
        .read_blocking(|reader| reader.feed_page(&query))
        .map_err(|error| error.to_string())?;
    let FeedAnswer::Page(page) = answer else {
        return Err("a snapshot is never too old".to_owned());
    };
    let told: BTreeMap<_, _> = page
        .rows
        .into_iter()
        .filter_map(|row| Some(((row.topic, row.key), row.body?)))
        .collect();
    let shown = device
        .shown()
        .rows
        .iter()
        .filter(|((topic, _), _)| *topic != Topic::Call);
    let shown: BTreeMap<_, _> = shown
        .map(|(key, body)| (key.clone(), body.clone()))
        .collect();
    let differs = |key: &&(Topic, String)| shown.get(*key) != told.get(*key);
    match shown.keys().chain(told.keys()).find(differs) {
        None => Ok(()),
        Some((topic, key)) => Err(format!(
            "{id} at {:?} does not show what the feed says of {topic:?} {key}: {:?} instead of {:?}; {}",
            device.site,
            shown.get(&(*topic, key.clone())),
            told.get(&(*topic, key.clone())),
            device.situation()
        )),
    }
}
