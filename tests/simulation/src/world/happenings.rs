//! What fate does to the world, and what people do in it.

use std::path::Path;
use std::sync::Arc;

use central::admin::{AdminDesk, AdminRequest};
use central::app_state::AppState;
use central::staff::Staff;
use central::window_desk::Seen;
use domain::id::{HallId, RatingId, TicketId, WindowNo};
use domain::queue::{LeavingWindow, SecretHash, TicketIssued, TicketLabel, WindowAct, Wish};
use domain::rating::{Channel, Level, Submission};
use domain::time::UtcMs;
use testkit::disk::Aftermath;
use wire::api::DeviceKind;
use wire::event::{Event, HelpCalled, Origin as Hand, RatingSubmitted, TicketShown, VisitProof};

use super::{Visit, World};
use crate::fate::{Happening, SystemClock};
use crate::line::SiteName;
use crate::origin;
use crate::site::Site;

impl World<'_> {
    pub(super) fn let_happen(&mut self, happening: Happening) -> Result<(), String> {
        let now = self.now;
        match happening {
            Happening::TimePasses(ms) => return self.pass(ms),
            Happening::CitizenActs(place) => return self.citizen_acts(place),
            Happening::ClerkActs(site) => self.clerk_acts(site),
            Happening::DeviceDiskDies(place, ops) => self.devices[place].disk.crash_after(ops),
            Happening::SiteDiskDies(site, ops) => self.site(site).disk.crash_after(ops),
            Happening::DeviceDiskFills(place) => {
                let disk = &self.devices[place].disk;
                disk.set_full_at(disk.image().bytes());
            }
            Happening::SiteDiskFills(site) => self.turn_site_full(site),
            Happening::DeviceReboots(place, clock) => {
                let system = match clock {
                    SystemClock::OffBy(ms) => now.plus_ms(ms),
                    SystemClock::Zero => UtcMs(0),
                };
                return self.devices[place].lose_power(Aftermath::ProcessDied, now, system);
            }
            Happening::SiteDiskSlows(site) => {
                if !self.slow_sites.remove(&site) {
                    self.slow_sites.insert(site);
                }
            }
            Happening::SiteClockJumps(site, ms) => {
                self.site_offsets[usize::from(site == SiteName::Node)] = ms;
                self.set_time(now);
            }
            Happening::LongLineCut => self.cut_long_line ^= true,
            Happening::HallLinesCut(site) => {
                if !self.cut_halls.remove(&site) {
                    self.cut_halls.insert(site);
                }
            }
            Happening::DeviceRevoked(place) => self.revoke(place),
            Happening::DeviceCloned(place) => return self.clone_device(place),
            Happening::CentreBackedUp => return self.back_up(),
            Happening::CentreRestored => return self.restore(),
        }
        Ok(())
    }

    fn turn_site_full(&mut self, site: SiteName) {
        let disk = self.site(site).disk.clone();
        if self.full_sites.remove(&site) {
            disk.make_room();
        } else {
            disk.set_full_at(disk.image().bytes());
            self.full_sites.insert(site);
        }
    }

    fn citizen_acts(&mut self, place: usize) -> Result<(), String> {
        // A disk that was full has room again sooner or later.
        if self.random.below(4) == 0 {
            self.devices[place].disk.make_room();
        }
        let Some(event) = self.act_at(place) else {
            return Ok(());
        };
        let now = self.now;
        self.devices[place].act(&event, now).map(drop)
    }

    fn act_at(&mut self, place: usize) -> Option<Event> {
        let (site, enrolled) = {
            let device = &self.devices[place];
            (device.site, device.identity.enrolled.clone())
        };
        let hall = enrolled.hall;
        let visit = self.visit_at(site);
        match (enrolled.kind, self.random.below(3)) {
            (DeviceKind::WindowTerminal { window }, _) => {
                let visit = visit.filter(|visit| visit.window == window)?;
                let proof = VisitProof::WindowTerminal {
                    ticket: visit.ticket,
                    window,
                };
                Some(self.score(hall, proof))
            }
            (DeviceKind::HallKiosk { .. }, 0) => {
                let proof = VisitProof::CodeChecked {
                    ticket: visit?.ticket,
                };
                Some(self.score(hall, proof))
            }
            (DeviceKind::HallKiosk { lane }, 1) => {
                let now = self.now;
                let number = self.devices[place].take_lane_number(now)?;
                let arrived_at = self.devices[place].time(now);
                let ticket = TicketId(self.random_uuid());
                Some(Event::TicketShown(TicketShown {
                    hall,
                    issued: TicketIssued {
                        ticket,
                        label: TicketLabel::Lane {
                            prefix: 'A',
                            lane,
                            number,
                        },
                        group: origin::group(),
                        priority: None,
                        arrived_at,
                        token_hash: SecretHash([1; 32]),
                        code_hash: SecretHash([2; 32]),
                        wish: Wish::default(),
                        found: None,
                        told: None,
                    },
                    origin: Hand::Touch,
                }))
            }
            _ => Some(Event::HelpCalled(HelpCalled {
                hall,
                origin: Hand::Touch,
            })),
        }
    }

    pub(super) fn visit_at(&mut self, site: SiteName) -> Option<Visit> {
        let here: Vec<Visit> = self
            .visits
            .iter()
            .filter(|v| v.site == site)
            .copied()
            .collect();
        let place = self.random.below(here.len() as u64);
        here.get(usize::try_from(place).unwrap_or(0)).copied()
    }

    pub(super) fn score(&mut self, hall: HallId, visit: VisitProof) -> Event {
        let channel = match visit {
            VisitProof::WindowTerminal { .. } => Channel::WindowTerminal,
            _ => Channel::HallKiosk,
        };
        Event::RatingSubmitted(RatingSubmitted {
            hall,
            visit,
            submission: Submission {
                rating: RatingId(self.random_uuid()),
                matter_level: Level::Good,
                staff_level: None,
                reasons: Vec::new(),
                channel,
            },
            origin: Hand::Touch,
        })
    }

    /// Does something at a window; a refusal is an answer too.
    fn clerk_acts(&mut self, site: SiteName) {
        let window = origin::window(1 + u8::try_from(self.random.below(2)).unwrap_or(0));
        let act = self.random.below(10);
        let cookie = &self.origin.cookies[usize::from(site == SiteName::Node)];
        let (running, runtime) = (self.site(site).running(), self.runtime);
        let Some(app) = running.map(|running| running.app.clone()) else {
            return;
        };
        let Ok(session) = runtime.block_on(app.session(cookie)) else {
            return;
        };
        let Ok(clerk) = Staff::of(session) else {
            return;
        };
        let act = match act {
            0 => WindowAct::CallNext,
            1 => WindowAct::Start,
            2 => WindowAct::MarkMissed,
            3 => WindowAct::CallAgain,
            4 => WindowAct::Pend,
            5 => WindowAct::Pause(LeavingWindow::Confirmed),
            6 => WindowAct::Open,
            7 => match aside(&app, clerk.hall, window) {
                Some(ticket) => WindowAct::Resume(ticket),
                None => WindowAct::Park,
            },
            _ => WindowAct::Finish,
        };
        let done = runtime.block_on(app.at_window(&clerk, window, act, Seen::Anything));
        let hall = app.hall_snapshot(clerk.hall);
        let finished = hall.and_then(|hall| hall.queue.windows.get(&window)?.last_finished);
        if let (Ok(()), Some(ticket)) = (done, finished) {
            self.visits.push(Visit {
                site,
                ticket,
                window,
            });
        }
    }

    /// Withdraws rights at the centre, from its command line; the node hears of it by the feed.
    fn revoke(&mut self, place: usize) {
        let device = self.devices[place].identity.enrolled.device;
        let Some(running) = self.centre.running() else {
            return;
        };
        let now = self.centre.clock();
        let desk = AdminDesk::new(running.store.clone(), Path::new("."), Arc::new(move || now));
        let by = origin::AT_CENTRE.to_owned();
        let request = AdminRequest::RevokeDevice { device, by };
        if desk.perform(request, &mut |_| {}).is_ok() {
            let head = running.store.live().head_of(device);
            if self.devices[place].site == SiteName::Centre {
                self.revoked.push((SiteName::Centre, device, head.seq));
            }
        }
    }

    fn clone_device(&mut self, place: usize) -> Result<(), String> {
        let has_clone = self.devices.iter().any(|device| device.is_cloned);
        if has_clone || !self.devices[place].disk.has_power() {
            return Ok(());
        }
        let now = self.now;
        if let Some(clone) = self.devices[place].cloned(now)? {
            self.devices[place].is_cloned = true;
            self.devices.push(clone);
        }
        Ok(())
    }

    fn back_up(&mut self) -> Result<(), String> {
        if self.centre.running().is_none() {
            return Ok(());
        }
        self.centre.stop();
        self.backup = Some(self.centre.disk.image());
        self.restart_site(SiteName::Centre, Aftermath::ProcessDied)
    }

    fn restore(&mut self) -> Result<(), String> {
        let Some(image) = self.backup.clone() else {
            return Ok(());
        };
        let own = self.centre.own();
        let mut restored = Site::new(
            testkit::disk::Disk::from_image(&image),
            central::store::Role::Centre,
            own,
        );
        restored
            .start()
            .map_err(|error| format!("the backup: {error}"))?;
        let running = restored.running().ok_or("a restored centre has power")?;
        let noted = running.store.write_blocking(|write| write.note_restored());
        noted.map_err(|error| format!("the restore: {error}"))?;
        self.centre = restored;
        self.full_sites.remove(&SiteName::Centre);
        self.revoked.clear();
        self.set_time(self.now);
        Ok(())
    }
}

fn aside(app: &AppState, hall: HallId, window: WindowNo) -> Option<TicketId> {
    let queue = app.hall_snapshot(hall)?.queue;
    let first = queue.put_aside_at(window).next();
    first.map(|ticket| ticket.issued.ticket)
}
