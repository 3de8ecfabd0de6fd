//! One history: the machines, the lines between them, and the loop that lets fate act, parcels
//! arrive and machines ask, and holds the invariants after every step.

mod happenings;
mod week;

use std::collections::BTreeSet;

use domain::id::{DeviceId, HallId, TicketId, WindowNo};
use domain::time::UtcMs;
use testkit::disk::{Aftermath, Image};
use testkit::planted::{self, Plant};
use testkit::random::Seeded;
use tokio::runtime::Runtime;
use uuid::Uuid;
use wire::api::{LogTail, Push, path};
use wire::problem::{Problem, ProblemCode};
use wire::relay::{Relay, Tails};

use crate::checks;
use crate::device::Device;
use crate::fate::{self, Happening};
use crate::line::{Answer, Asker, Lines, Parcel, Request, SiteName, TIME_OUT_MS, Weather};
use crate::node::NodeLine;
use crate::origin::{self, Origin, START};
use crate::site::Site;

pub use week::{Week, play_cut_week};

/// Steps of one history before everything is mended.
const STEPS: u32 = 200;
/// How much of a long time is played.
const PLAYED_MS_MAX: i64 = 20_000;
/// Longest time in which a slow disk lets a site answer: twice what anybody waits.
const SLOW_MS_MAX: u64 = 2 * TIME_OUT_MS.unsigned_abs();
/// Steps of the end, in which everything must come to rest.
const REST_STEPS_MAX: u32 = 300;

/// Why a history is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// After how many steps.
    pub step: u32,
    /// What does not hold.
    pub what: String,
    /// What fate did until then, one a step.
    pub happenings: Vec<Happening>,
}

/// A visit that may be scored: at which site, at which window.
#[derive(Debug, Clone, Copy)]
struct Visit {
    site: SiteName,
    ticket: TicketId,
    window: WindowNo,
}

/// The world.
#[derive(Debug)]
pub struct World<'r> {
    runtime: &'r Runtime,
    origin: &'static Origin,
    plant: Plant,
    random: Seeded,
    /// The true time.
    pub now: UtcMs,
    weather: Weather,
    lines: Lines,
    numbers: u64,
    /// The devices; a clone comes after them.
    pub devices: Vec<Device>,
    /// The centre.
    pub centre: Site,
    /// The hall node.
    pub node: Site,
    node_line: NodeLine,
    site_offsets: [i64; 2],
    cut_long_line: bool,
    cut_halls: BTreeSet<SiteName>,
    full_sites: BTreeSet<SiteName>,
    slow_sites: BTreeSet<SiteName>,
    backup: Option<Image>,
    /// Chains of which the sites may hold no more than this: revoked.
    pub revoked: Vec<(SiteName, DeviceId, u64)>,
    visits: Vec<Visit>,
    step: u32,
    happenings: Vec<Happening>,
}

/// Plays the history of a seed.
///
/// # Errors
/// [`Broken`] at the first step after which something does not hold.
pub fn play(seed: u64, plant: Plant, runtime: &Runtime) -> Result<(), Broken> {
    let mut world = World::new(seed, plant, runtime);
    let played = world.play();
    played.map_err(|what| Broken {
        step: world.step,
        what,
        happenings: std::mem::take(&mut world.happenings),
    })
}

impl<'r> World<'r> {
    fn new(seed: u64, plant: Plant, runtime: &'r Runtime) -> Self {
        let origin = origin::origin(runtime);
        let mut random = Seeded::new(seed);
        let weather = fate::weather(&mut random);
        let site = |image: &Image, role, own| {
            let mut site = Site::new(testkit::disk::Disk::from_image(image), role, own);
            site.start().expect("a sound store opens");
            site
        };
        let enrolled = &origin.node_identity.enrolled;
        let role = central::store::Role::HallNode {
            hall: enrolled.hall,
        };
        let centre = site(
            &origin.centre.0,
            central::store::Role::Centre,
            origin.centre.1,
        );
        let node = site(&origin.node, role, enrolled.device);
        let devices = origin.devices.iter();
        Self {
            devices: devices.map(|one| Device::new(one, plant, START)).collect(),
            node_line: NodeLine::new(&node, &origin.node_identity),
            centre,
            node,
            runtime,
            origin,
            plant,
            random,
            now: START,
            weather,
            lines: Lines::default(),
            numbers: 0,
            site_offsets: [0; 2],
            cut_long_line: false,
            cut_halls: BTreeSet::new(),
            full_sites: BTreeSet::new(),
            slow_sites: BTreeSet::new(),
            backup: None,
            revoked: Vec::new(),
            visits: Vec::new(),
            step: 0,
            happenings: Vec::new(),
        }
    }

    fn play(&mut self) -> Result<(), String> {
        while self.step < STEPS {
            self.step += 1;
            let happening = fate::draw(&mut self.random, self.devices.len());
            self.happenings.push(happening);
            self.let_happen(happening)?;
            self.pass(20)?;
            checks::after_step(self)?;
        }
        self.mend_everything()?;
        self.come_to_rest()
    }

    /// Lets everything arrive, and then holds both sites and all devices against each other.
    fn come_to_rest(&mut self) -> Result<(), String> {
        let steps_max = self.step + REST_STEPS_MAX;
        while !self.is_at_rest() {
            self.step += 1;
            if self.step > steps_max {
                return Err(format!("it does not come to rest: {}", self.unrest()));
            }
            self.pass(2_000)?;
        }
        // The feed is asked for twice a minute: what was put last must have been read.
        for _ in 0..4 {
            self.pass(20_000)?;
        }
        checks::after_step(self)?;
        checks::at_rest(self, self.runtime)
    }

    /// A site.
    #[must_use]
    pub fn site(&self, name: SiteName) -> &Site {
        match name {
            SiteName::Centre => &self.centre,
            SiteName::Node => &self.node,
        }
    }

    fn site_mut(&mut self, name: SiteName) -> &mut Site {
        match name {
            SiteName::Centre => &mut self.centre,
            SiteName::Node => &mut self.node,
        }
    }

    /// The hall of a site.
    #[must_use]
    pub fn hall_of(&self, name: SiteName) -> HallId {
        let here = self
            .origin
            .devices
            .iter()
            .find(|device| device.site == name);
        here.expect("devices at each site").identity.enrolled.hall
    }

    fn random_aftermath(&mut self) -> Aftermath {
        match self.random.below(4) {
            0 => Aftermath::ProcessDied,
            1 => Aftermath::OnlySynced,
            _ => Aftermath::Drawn {
                seed: self.random.next_u64(),
            },
        }
    }

    fn random_uuid(&mut self) -> Uuid {
        let mut bytes = [0; 16];
        self.random.fill(&mut bytes);
        Uuid::from_bytes(bytes)
    }
}

/// Time and parcels.
impl World<'_> {
    /// Lets `ms` pass: parcels arrive in their order, machines ask. Of a long time only the
    /// beginning is played; then it is later, and nothing happened in between.
    fn pass(&mut self, ms: i64) -> Result<(), String> {
        let until = self.now.plus_ms(ms);
        let played_until = self.now.plus_ms(ms.min(PLAYED_MS_MAX));
        while let Some(due) = self.lines.next_due().filter(|due| *due <= played_until) {
            self.set_time(due.max(self.now));
            while let Some(parcel) = self.lines.take_due(self.now) {
                self.deliver(parcel)?;
            }
            self.let_all_ask()?;
        }
        self.set_time(until);
        self.let_all_ask()?;
        self.restart_the_dead()
    }

    fn set_time(&mut self, now: UtcMs) {
        self.now = now;
        self.centre.set_clock(now.plus_ms(self.site_offsets[0]));
        self.node.set_clock(now.plus_ms(self.site_offsets[1]));
    }

    fn let_all_ask(&mut self) -> Result<(), String> {
        for place in 0..self.devices.len() {
            self.numbers += 1;
            let number = self.numbers;
            let (now, device) = (self.now, &mut self.devices[place]);
            if let Some(request) = device.ask(now, number, &mut self.random)? {
                let to = device.site;
                self.send(Asker::Device(place), to, number, request);
            }
        }
        self.numbers += 1;
        let (number, site_now) = (self.numbers, self.node.clock());
        if self.node.running().is_none() {
            return Ok(());
        }
        let asked = self.node_line.ask(
            (self.now, site_now),
            number,
            self.plant,
            &mut self.random,
            self.runtime,
        );
        if let Some(request) = asked {
            self.send(Asker::Node, SiteName::Centre, number, request);
        }
        Ok(())
    }

    fn send(&mut self, from: Asker, to: SiteName, number: u64, request: Request) {
        let parcel = Parcel::Request {
            from,
            to,
            number,
            request,
        };
        self.put(from, to, &parcel);
    }

    fn put(&mut self, asker: Asker, site: SiteName, parcel: &Parcel) {
        let is_cut = match asker {
            Asker::Node => self.cut_long_line,
            Asker::Device(_) => self.cut_halls.contains(&site),
        };
        let is_late = matches!(parcel, Parcel::Answer { .. }) && self.slow_sites.contains(&site);
        if !is_cut {
            let mut weather = self.weather;
            if is_late {
                weather.delay_ms_max = SLOW_MS_MAX;
            }
            self.lines.send(parcel, self.now, weather, &mut self.random);
        }
    }

    fn deliver(&mut self, parcel: Parcel) -> Result<(), String> {
        match parcel {
            Parcel::Request {
                from,
                to,
                number,
                request,
            } => {
                let Some(answer) = self.answer(to, &request) else {
                    return Ok(());
                };
                checks::answer(self.site(to), &request, &answer)?;
                let back = Parcel::Answer {
                    to: from,
                    number,
                    answer,
                };
                self.put(from, to, &back);
                Ok(())
            }
            Parcel::Answer { to, number, answer } => match to {
                Asker::Device(place) => {
                    self.devices[place].hear(number, &answer, self.now, &mut self.random)
                }
                Asker::Node => match self.node.running() {
                    Some(running) => {
                        let now = self.now;
                        let (random, runtime) = (&mut self.random, self.runtime);
                        self.node_line
                            .hear(running, number, &answer, now, random, runtime)
                    }
                    None => Ok(()),
                },
            },
        }
    }

    /// The site answers, and what it says that it holds is a promise.
    fn answer(&mut self, to: SiteName, request: &Request) -> Option<Answer> {
        if self.plant == Plant::AnswersBeforeStoring
            && request.path_and_query == path::LOG
            && self.random.below(8) == 0
        {
            let push: Push = serde_json::from_slice(&request.body).ok()?;
            return Some(ok(&planted::all_of(&push)?));
        }
        let mut answer = self.site(to).answer(request, self.runtime)?;
        if self.plant == Plant::KeepsFirst {
            answer = keep_first(request, answer);
        }
        self.note_promises(to, request, &answer);
        Some(answer)
    }

    fn note_promises(&mut self, to: SiteName, request: &Request, answer: &Answer) {
        if answer.status != 200 {
            return;
        }
        let route = request.path_and_query.split('?').next().unwrap_or_default();
        let site = self.site_mut(to);
        match route {
            path::LOG | path::LOG_TAIL => {
                if let Ok(tail) = serde_json::from_slice::<LogTail>(&answer.body) {
                    site.promise(request.device, tail.head);
                }
            }
            path::RELAY | path::RELAY_TAILS => {
                let tails: Tails = serde_json::from_slice(&answer.body).unwrap_or_default();
                for tail in tails.tails {
                    site.promise(tail.writer, tail.head);
                }
            }
            _ => {}
        }
    }

    /// Whatever lost power meanwhile comes back, to what its disk kept.
    fn restart_the_dead(&mut self) -> Result<(), String> {
        for place in 0..self.devices.len() {
            if !self.devices[place].disk.has_power() {
                let aftermath = self.random_aftermath();
                let now = self.now;
                self.devices[place].lose_power(aftermath, now, now)?;
            }
        }
        for name in [SiteName::Centre, SiteName::Node] {
            if !self.site(name).disk.has_power() {
                let aftermath = self.random_aftermath();
                self.restart_site(name, aftermath)?;
            }
        }
        Ok(())
    }

    fn restart_site(&mut self, name: SiteName, aftermath: Aftermath) -> Result<(), String> {
        let site = self.site_mut(name);
        site.lose_power(aftermath);
        site.disk.make_room();
        site.start()
            .map_err(|error| format!("{name:?} does not start: {error}"))?;
        self.full_sites.remove(&name);
        if name == SiteName::Node {
            self.node_line = NodeLine::new(&self.node, &self.origin.node_identity);
        }
        checks::promises(self.site(name))
    }
}

fn ok(body: &impl serde::Serialize) -> Answer {
    Answer {
        status: 200,
        body: serde_json::to_vec(body).unwrap_or_default().into(),
        server_time: None,
    }
}

/// Calls a second event under one number known, as a table does that ignores doubles.
fn keep_first(request: &Request, answer: Answer) -> Answer {
    let problem: Option<Problem> = serde_json::from_slice(&answer.body).ok();
    let is_conflict = problem.is_some_and(|problem| problem.code == ProblemCode::Equivocation);
    let push: Option<Push> = serde_json::from_slice(&request.body).ok();
    match push.as_ref().and_then(planted::all_of) {
        Some(pushed) if is_conflict => ok(&pushed),
        _ => answer,
    }
}

/// The end.
impl World<'_> {
    /// Lines, disks and clocks are well again, so that everything can arrive.
    fn mend_everything(&mut self) -> Result<(), String> {
        self.weather = Weather {
            lost_per_mille: 0,
            doubled_per_mille: 0,
            delay_ms_max: 50,
        };
        self.cut_long_line = false;
        self.cut_halls.clear();
        self.slow_sites.clear();
        self.site_offsets = [0; 2];
        self.set_time(self.now);
        for name in [SiteName::Centre, SiteName::Node] {
            self.restart_site(name, Aftermath::ProcessDied)?;
        }
        let now = self.now;
        for place in 0..self.devices.len() {
            let aftermath = self.random_aftermath();
            self.devices[place].lose_power(aftermath, now, now)?;
        }
        Ok(())
    }

    fn is_at_rest(&self) -> bool {
        self.lines.next_due().is_none()
            && self
                .devices
                .iter()
                .all(|device| self.is_out(device) || device.is_quiet())
            && self.node.running().is_some()
            && self.node_line.is_quiet()
    }

    /// Whether nobody listens to this device any more.
    #[must_use]
    pub fn is_out(&self, device: &Device) -> bool {
        let id = device.identity.enrolled.device;
        let running = self.site(device.site).running();
        running.is_some_and(|running| {
            let live = running.store.live();
            let record = live.devices.get(&id);
            record.is_some_and(|record| record.standing != central::store::Standing::Good)
        })
    }

    fn unrest(&self) -> String {
        let devices = self.devices.iter().enumerate();
        let restless = devices.filter(|(_, d)| !self.is_out(d) && !d.is_quiet());
        let restless =
            restless.map(|(place, device)| format!("device {place}: {}", device.situation()));
        let restless: Vec<String> = restless.collect();
        let parcels = self.lines.next_due();
        let restless = restless.join("; ");
        format!(
            "{restless}; node: {:?}; next parcel: {parcels:?}",
            self.node_line
        )
    }
}

/// Sorts a relay wrongly if that is planted.
pub(crate) fn plant_into(relay: &mut Relay, plant: Plant) {
    if plant == Plant::RelaysChainByChain {
        planted::chain_by_chain(relay);
    }
}
