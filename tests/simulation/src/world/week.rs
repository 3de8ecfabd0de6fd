//! A week in which the line between a hall and its centre is cut: the node's hall works on its own,
//! two kiosks give numbers, on some afternoons without the node too, and clerks serve. Then the line
//! is mended, and both must tell the same of the hall.

use std::collections::BTreeSet;

use central::app_state::AppState;
use central::emergency_desk::emergency_texts;
use central::staff::{CallTickets, Right, RunHall, Staff};
use central::window_desk::Seen;
use domain::id::{TicketId, WindowNo};
use domain::queue::{
    LeavingWindow, SecretHash, TicketIssued, TicketLabel, TicketState, WindowAct, Wish,
};
use domain::time::UtcMs;
use testkit::planted::Plant;
use tokio::runtime::Runtime;
use wire::api::{DeviceKind, NumberTaken, TakeNumber, path};
use wire::event::{Event, Origin as Hand, TicketShown, VisitProof};

use super::{Broken, Visit, World};
use crate::checks;
use crate::line::{Ask, SiteName, Weather};
use crate::origin;

/// Kiosks at which people come in.
const KIOSKS: u64 = 2;
const DAYS: i64 = 7;
/// The day with an emergency.
const EMERGENCY_DAY: i64 = 3;
const DAY_MINUTES: i64 = 24 * 60;
/// Between two looks at the hall, in minutes.
const STEP_MINUTES: i64 = 4;
/// A day of eight hours.
const STEPS: i64 = 8 * 60 / STEP_MINUTES;
/// On every second day the kiosks do not reach the node in these steps.
const KIOSKS_CUT: std::ops::Range<i64> = 60..90;

/// What a week came to.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Week {
    /// Every paper that was handed out: its day and number.
    pub papers: BTreeSet<(chrono::NaiveDate, TicketLabel)>,
    /// How many of them came from a kiosk's own lane.
    pub lane_papers: usize,
    /// Their tickets.
    pub tickets: Vec<TicketId>,
    /// Services that ended.
    pub services: usize,
    /// Scores that were handed in.
    pub scores: usize,
}

/// Plays the week of a seed, and the rejoining after it.
///
/// # Errors
/// [`Broken`] when something does not hold.
pub fn play_cut_week(seed: u64, runtime: &Runtime) -> Result<Week, Broken> {
    let mut world = World::new(seed, Plant::Nothing, runtime);
    world.weather = Weather {
        lost_per_mille: 10,
        doubled_per_mille: 10,
        delay_ms_max: 200,
    };
    let mut week = Week::default();
    let played = world.cut_week(&mut week);
    match played.and_then(|()| week.is_told_alike(&world)) {
        Ok(()) => Ok(week),
        Err(what) => Err(Broken {
            step: world.step,
            what,
            happenings: Vec::new(),
        }),
    }
}

impl World<'_> {
    fn cut_week(&mut self, week: &mut Week) -> Result<(), String> {
        self.cut_long_line = true;
        let monday = self.now;
        for day in 0..DAYS {
            self.pass(monday.plus_minutes(day * DAY_MINUTES).ms_since(self.now))?;
            self.work_a_day(day, week)?;
        }
        self.pass(monday.plus_minutes(DAYS * DAY_MINUTES).ms_since(self.now))?;
        self.mend_everything()?;
        self.come_to_rest()
    }

    fn work_a_day(&mut self, day: i64, week: &mut Week) -> Result<(), String> {
        let clerk: Staff<CallTickets> = self.sign_in()?;
        if day == EMERGENCY_DAY {
            self.lives_through_an_emergency()?;
        }
        let windows = [1, 2].map(origin::window);
        for window in windows {
            self.at_window(&clerk, window, WindowAct::Open);
        }
        for step in 0..STEPS {
            self.step += 1;
            let is_cut = day % 2 == 1 && KIOSKS_CUT.contains(&step);
            if is_cut {
                self.cut_halls.insert(SiteName::Node);
            } else {
                self.cut_halls.remove(&SiteName::Node);
            }
            if self.random.below(3) > 0 {
                self.somebody_comes(week)?;
            }
            for window in windows {
                self.clerk_works(&clerk, window, week);
            }
            if self.random.below(4) == 0 {
                self.somebody_scores(week)?;
            }
            self.pass(STEP_MINUTES * 60_000)?;
            checks::after_step(self)?;
        }
        for window in windows {
            self.at_window(&clerk, window, WindowAct::Close(LeavingWindow::Confirmed));
        }
        Ok(())
    }

    fn app(&self) -> AppState {
        let running = self.node.running().expect("a node with power");
        running.app.clone()
    }

    /// Sessions last a day at most; the node knows its staff without the centre.
    fn sign_in<R: Right>(&self) -> Result<Staff<R>, String> {
        let app = self.app();
        let signed_in = async {
            let new = app.sign_in("node", origin::PASSWORD, "").await;
            let new = new.map_err(|problem| problem.detail)?;
            let session = app.session(&new.cookie).await;
            session.map_err(|problem| format!("{problem:?}"))
        };
        let session = self.runtime.block_on(signed_in)?;
        Staff::of(session).map_err(|denied| denied.to_string())
    }

    /// The manager tells the hall at once, with the line cut, and ends it: then nothing runs.
    fn lives_through_an_emergency(&self) -> Result<(), String> {
        let (app, hall) = (self.app(), self.hall_of(SiteName::Node));
        let manager: Staff<RunHall> = self.sign_in()?;
        let running = || {
            let store = &self.node.running().ok_or("a node with power")?.store;
            let read = store.read_blocking(|reader| reader.running_emergency(hall));
            read.map_err(|error| error.to_string())
        };
        let text = emergency_texts().first().ok_or("a text")?;
        let raised = self.runtime.block_on(app.raise_emergency(&manager, text));
        raised.map_err(|problem| problem.detail)?;
        let now = running()?.ok_or("the emergency was raised, and none runs")?;
        let ended = app.end_emergency(&manager, now.emergency);
        self.runtime
            .block_on(ended)
            .map_err(|problem| problem.detail)?;
        match running()? {
            None => Ok(()),
            Some(_) => Err("the emergency was ended, and runs".to_owned()),
        }
    }

    fn at_window(&self, clerk: &Staff<CallTickets>, window: WindowNo, act: WindowAct) -> bool {
        let app = self.app();
        let done = app.at_window(clerk, window, act, Seen::Anything);
        self.runtime.block_on(done).is_ok()
    }

    /// A kiosk gives a number: the node's, or one of its own lane when it cannot ask.
    fn somebody_comes(&mut self, week: &mut Week) -> Result<(), String> {
        let kiosks = self.node_kiosks();
        let place = kiosks[usize::try_from(self.random.below(KIOSKS)).unwrap_or(0)];
        let ticket = TicketId(self.random_uuid());
        let hash = |world: &mut Self| {
            let mut bytes = [0; 32];
            world.random.fill(&mut bytes);
            SecretHash(bytes)
        };
        let asked = TakeNumber {
            ticket,
            group: origin::group(),
            priority: None,
            wish: Wish::default(),
            token_hash: hash(self),
            code_hash: hash(self),
            origin: Hand::Touch,
        };
        let label = match self.ask_number(place, &asked) {
            Some(label) => label,
            None => self.lane_label(place).ok_or("a lane has a number")?,
        };
        let (now, enrolled) = (self.now, self.devices[place].identity.enrolled.clone());
        let shown = Event::TicketShown(TicketShown {
            hall: enrolled.hall,
            issued: TicketIssued {
                ticket,
                label: label.clone(),
                group: asked.group,
                priority: None,
                arrived_at: self.devices[place].time(now),
                token_hash: asked.token_hash,
                code_hash: asked.code_hash,
                wish: Wish::default(),
                found: None,
                told: None,
            },
            origin: Hand::Touch,
        });
        if !self.devices[place].act(&shown, now)? {
            return Err("a kiosk with a sound disk did not keep a slip".to_owned());
        }
        week.hand_out(now, ticket, &label)
    }

    fn node_kiosks(&self) -> Vec<usize> {
        let devices = self.devices.iter().enumerate();
        let kiosks = devices.filter(|(_, device)| {
            let kind = device.identity.enrolled.kind;
            device.site == SiteName::Node && matches!(kind, DeviceKind::HallKiosk { .. })
        });
        kiosks.map(|(place, _)| place).collect()
    }

    fn ask_number(&mut self, place: usize, asked: &TakeNumber) -> Option<TicketLabel> {
        if self.cut_halls.contains(&SiteName::Node) {
            return None;
        }
        self.numbers += 1;
        let identity = &self.devices[place].identity;
        let ask = Ask::post(path::TICKETS, asked);
        let device = identity.enrolled.device;
        let request = ask.sign(device, &identity.key, self.node.clock(), self.numbers);
        let answer = self.node.answer(&request, self.runtime)?;
        let taken: NumberTaken = serde_json::from_slice(&answer.body).ok()?;
        Some(taken.label)
    }

    fn lane_label(&mut self, place: usize) -> Option<TicketLabel> {
        let DeviceKind::HallKiosk { lane } = self.devices[place].identity.enrolled.kind else {
            return None;
        };
        let number = self.devices[place].take_lane_number(self.now)?;
        Some(TicketLabel::Lane {
            prefix: 'A',
            lane,
            number,
        })
    }

    /// The next step at a window; most people come when they are called, some go for papers.
    fn clerk_works(&mut self, clerk: &Staff<CallTickets>, window: WindowNo, week: &mut Week) {
        let Some(hall) = self.app().hall_snapshot(clerk.hall) else {
            return;
        };
        let queue = hall.queue;
        let at = queue.windows.get(&window).and_then(|window| window.current);
        let state = at.and_then(|ticket| Some(queue.tickets.get(&ticket)?.state));
        let aside = queue.put_aside_at(window).next();
        let aside = aside.map(|ticket| ticket.issued.ticket);
        let draw = self.random.below(10);
        let act = match state {
            None if draw == 0 => aside.map_or(WindowAct::CallNext, WindowAct::Resume),
            None => WindowAct::CallNext,
            Some(TicketState::Called { .. }) if draw == 0 => WindowAct::CallAgain,
            Some(TicketState::Called { .. }) if draw == 1 => WindowAct::MarkMissed,
            Some(TicketState::Called { .. }) => WindowAct::Start,
            Some(_) if draw == 0 => WindowAct::Pend,
            Some(_) if draw < 4 => return,
            Some(_) => WindowAct::Finish,
        };
        let is_end = act == WindowAct::Finish;
        if self.at_window(clerk, window, act) && is_end {
            week.services += 1;
            let site = SiteName::Node;
            self.visits.extend(at.map(|ticket| Visit {
                site,
                ticket,
                window,
            }));
        }
    }

    /// At a kiosk, by the four digits; some try a second time elsewhere.
    fn somebody_scores(&mut self, week: &mut Week) -> Result<(), String> {
        let Some(visit) = self.visit_at(SiteName::Node) else {
            return Ok(());
        };
        let kiosks = self.node_kiosks();
        let place = kiosks[usize::try_from(self.random.below(KIOSKS)).unwrap_or(0)];
        let hall = self.hall_of(SiteName::Node);
        let proof = VisitProof::CodeChecked {
            ticket: visit.ticket,
        };
        let (event, now) = (self.score(hall, proof), self.now);
        week.scores += usize::from(self.devices[place].act(&event, now)?);
        Ok(())
    }
}

impl Week {
    fn hand_out(
        &mut self,
        now: UtcMs,
        ticket: TicketId,
        label: &TicketLabel,
    ) -> Result<(), String> {
        self.lane_papers += usize::from(matches!(label, TicketLabel::Lane { .. }));
        self.tickets.push(ticket);
        if self.papers.insert((now.hall_date(), label.clone())) {
            Ok(())
        } else {
            Err(format!("two papers bear the number {label}"))
        }
    }

    /// Node and centre hold every ticket of the week, the same, and the same turns and scores.
    fn is_told_alike(&self, world: &World<'_>) -> Result<(), String> {
        let tell = |site: &super::Site| {
            let running = site.running().ok_or("a site with power")?;
            let hall = world.hall_of(SiteName::Node);
            let (from, to) = (origin::START.hall_date(), world.now.hall_date());
            let read = running.store.read_blocking(|reader| {
                let tickets = self.tickets.iter().map(|ticket| reader.visit(*ticket));
                let visits = tickets.collect::<Result<Vec<_>, _>>()?;
                let facts = reader.visit_facts(hall, from, to)?;
                let turns = reader.turn_facts(hall, from, to)?;
                let emergencies = reader.count_of_kind("hall.emergency_ended.v1")?;
                let scores = reader.hall_scores(hall, from, to)?;
                Ok((visits, facts, turns, scores, emergencies))
            });
            read.map_err(|error| error.to_string())
        };
        let (here, there) = (tell(&world.node)?, tell(&world.centre)?);
        if let Some(place) = here.0.iter().position(Option::is_none) {
            return Err(format!("the node lost {}", self.tickets[place]));
        }
        if here.1.len() != self.tickets.len() {
            let (held, papers) = (here.1.len(), self.tickets.len());
            return Err(format!("{papers} papers, and the node tells of {held}"));
        }
        if here == there {
            Ok(())
        } else {
            Err("node and centre tell different things of the hall".to_owned())
        }
    }
}
