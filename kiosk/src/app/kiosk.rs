//! The kiosk as a state machine: an event and what stands around it go in, the state changes, and
//! effects come out. No window, no clock, no I/O, no randomness.
//!
//! Whose hand it was travels with every event (`origin`). A remote hand is refused on pages that
//! are private: scores, and a slip that a citizen took. The terminal of a window and the hall's
//! queue display are the same machine with another [`StationKind`].

mod appointments;
mod card;
mod flows;
mod following;
mod printing;
pub mod prompting;
mod scanning;
mod scoring;
mod searching;
mod standing;

use std::sync::Arc;
use std::time::Duration;

use domain::id::TicketId;
use domain::time::BusinessDate;
use wire::api::RemoteCommand;
use wire::citizen::Services;
use wire::event::{Event as LogEvent, HelpCalled, Origin};

use super::display::QueueDisplay;
use super::effect::{Effect, Slip};
use super::event::{Event, Line, ListingFacts, Looked, NotIssued, Surroundings, Touch};
use super::facts::HallFacts;
use super::flow::progress::MissCount;
use super::lookup::{Lookup, LookupStep, OwnTickets};
use super::remote::{self, RemoteHelp};
use super::score::{SCORE_TIME, Scored, Scoring};
use super::service::{Gesture, ServiceDesk};
use super::session::{AppearanceKind, HelpCall, Page, Presence, ScoreOutcome, Session, Thanks};
pub use super::station::{Station, StationKind};
use super::tally::SearchTally;
use super::ticket::TicketChoice;
use crate::index::Categories;
use crate::ui::PageId;
pub use standing::Settings;

/// How long the thanks stay.
const THANKS_TIME: Duration = Duration::from_secs(6);

/// The whole state.
#[derive(Debug)]
pub struct Kiosk {
    /// Which machine this is.
    pub station: Station,
    /// The hall as the feed tells it.
    pub facts: HallFacts,
    /// The line to central.
    pub line: Line,
    /// Numbers and newest listings.
    pub listings: ListingFacts,
    /// Remote help.
    pub remote: RemoteHelp,
    /// The person at the kiosk, if there is one.
    pub session: Option<Session>,
    /// What a queue display shows and says.
    pub display: QueueDisplay,
    /// What the installer decided.
    pub settings: Settings,
    /// The service page, while a technician has it open.
    pub service: Option<ServiceDesk>,
    idle: standing::Idle,
    gesture: Gesture,
    categories: Arc<Categories>,
    own_tickets: OwnTickets,
    own_tickets_day: Option<BusinessDate>,
    tally: SearchTally,
    /// The visit that this window terminal has offered to score.
    offered: Option<TicketId>,
    /// What can be asked of the centre, once it has said so.
    services: Option<Services>,
    /// Misses in asking where a case stands.
    misses: MissCount,
    /// Papers ordered so far.
    paper_no: u32,
}

impl Kiosk {
    /// A kiosk that has just started. `own_tickets` are those that it issued before.
    #[must_use]
    pub fn new(station: Station, own_tickets: OwnTickets, categories: Arc<Categories>) -> Self {
        Self {
            station,
            categories,
            own_tickets,
            facts: HallFacts::default(),
            line: Line::default(),
            listings: ListingFacts::default(),
            remote: RemoteHelp::default(),
            session: None,
            display: QueueDisplay::default(),
            settings: Settings::default(),
            service: None,
            idle: standing::Idle::default(),
            gesture: Gesture::default(),
            own_tickets_day: None,
            tally: SearchTally::default(),
            offered: None,
            services: None,
            misses: MissCount::default(),
            paper_no: 0,
        }
    }

    /// Takes an event in. The card reader follows whatever page that leads to.
    pub fn handle(&mut self, event: Event, around: &Surroundings) -> Vec<Effect> {
        let before = self.before();
        let mut effects = self.take_in(event, around);
        effects.extend(self.reader_follows(before.awaited_card));
        effects.extend(self.prompt(before));
        effects
    }

    fn take_in(&mut self, event: Event, around: &Surroundings) -> Vec<Effect> {
        let at = self.at(around);
        match event {
            Event::Tick => return self.ticked(around),
            Event::Laid => return self.laid(around),
            Event::Touched => self.somebody_is_here(around),
            Event::Touch(touch) => return self.touched(&touch, around),
            Event::Facts { rows, server_now } => {
                return self.facts_came(&rows, server_now, around);
            }
            Event::Said => return self.display.said(),
            Event::Line(line) => return self.line_changed(line),
            Event::Scanned(scan) => return self.scanned(scan, around),
            Event::PaperSettled { no, outcome } => self.paper_settled(no, outcome),
            Event::Card(answer) => return self.card_answered(answer, around),
            Event::TestPrinted(outcome) => self.test_printed(outcome),
            Event::DevicesTested(checks) => self.devices_tested(checks),
            Event::PinChecked(answer) => return self.pin_checked(answer),
            Event::MachineSeen(seen) => self.machine_seen(seen),
            Event::EnrolledAnew => return vec![Effect::Restart],
            Event::NotEnrolledAnew(why) => self.not_enrolled_anew(why),
            Event::Listings(listings) => {
                self.listings = listings;
                return self.result_refreshed();
            }
            Event::Found(answer) => return self.index_answered(answer, around),
            Event::Issued(slip) => return self.issued(slip, around),
            Event::NotIssued(why) => self.not_issued(why),
            Event::Appointment(answer) => return self.appointment_answered(answer, around),
            Event::Citizen(answer) => return self.citizen_answered(answer, around),
            Event::FeedbackSettled(is_kept) => self.feedback_settled(is_kept),
            Event::Looked(looked) => self.looked(looked, around),
            Event::ScoreKept => self.score_saved(true, around),
            Event::ScoreNotKept => self.score_saved(false, around),
            Event::HelpKept => self.help_settled(HelpCall::Made),
            Event::HelpNotKept => self.help_settled(HelpCall::Failed),
            Event::Remote(command) => return self.remote_command(&command, around),
            Event::RemoteLineLost => return self.remote.ended(at),
        }
        Vec::new()
    }

    /// Whether a citizen is using the kiosk.
    #[must_use]
    pub fn is_in_use(&self) -> bool {
        self.session.is_some() || self.service.is_some()
    }

    /// Whether a touch of this remote session may reach the page now.
    pub fn takes_remote_touch(&mut self, session: u64, around: &Surroundings) -> bool {
        !self.is_private() && self.remote.takes_touch(session, around.now)
    }

    /// Whether the page is nobody else's business: blanked in pictures, refused to remote hands.
    #[must_use]
    pub fn is_private(&self) -> bool {
        if self.service.is_some() {
            return true;
        }
        match self.session.as_ref().map(|session| &session.page) {
            Some(Page::Lookup(_) | Page::Scoring(_) | Page::Thanks(_)) => true,
            // Its code entitles to a score. A slip that the clerk took himself hides nothing.
            Some(Page::Slip { slip, .. }) => slip.origin == Origin::Touch,
            Some(Page::Kept { kept, .. }) => kept.origin == Origin::Touch,
            Some(Page::Appointment(appointment)) => appointment.is_private(),
            Some(Page::Flow(page)) => page.is_private(),
            _ => false,
        }
    }

    /// The page shown.
    #[must_use]
    pub fn page(&self) -> PageId {
        let is_window = matches!(self.station.kind, StationKind::Window { .. });
        if self.service.is_some() {
            return PageId::Service;
        }
        let Some(session) = &self.session else {
            return match self.station.kind {
                StationKind::Hall { .. } if self.idle.telling_since.is_some() => PageId::Attract,
                StationKind::Hall { .. } => PageId::Home,
                StationKind::Window { .. } => PageId::WindowIdle,
                StationKind::Display => PageId::QueueDisplay,
            };
        };
        match &session.page {
            Page::Home => PageId::Home,
            Page::Jobs(jobs) => jobs.page(),
            Page::TicketChoice(choice) if choice.shows_matters() => PageId::TicketMatters,
            Page::TicketChoice(_) => PageId::TicketChoose,
            Page::Slip { .. } => PageId::TicketIssued,
            Page::Appointment(appointment) => appointments::page(appointment),
            Page::Kept { .. } => PageId::AppointmentKept,
            Page::Lookup(_) => PageId::ScoreLookup,
            Page::Scoring(scoring) => match (scoring.shows_reasons(), is_window) {
                (false, false) => PageId::Score,
                (true, false) => PageId::Reasons,
                (false, true) => PageId::WindowScore,
                (true, true) => PageId::WindowReasons,
            },
            Page::Thanks(_) if is_window => PageId::WindowThanks,
            Page::Thanks(_) => PageId::Thanks,
            Page::Flow(_) => PageId::Plain,
        }
    }

    fn at(&self, around: &Surroundings) -> remote::At {
        remote::At {
            hall: self.station.hall,
            now: around.now,
        }
    }

    fn somebody_is_here(&mut self, around: &Surroundings) {
        if self.service.is_some() {
            return;
        }
        self.idle.telling_since = None;
        match (&mut self.session, self.station.kind) {
            (Some(session), _) => session.touched(around.now),
            (None, StationKind::Hall { .. }) => {
                self.session = Some(Session::new(Page::Home, around.now));
            }
            // A window terminal waits for its window, a display for calls, not for touches.
            (None, StationKind::Window { .. } | StationKind::Display) => {}
        }
    }

    /// The person is gone: everything of the person goes too.
    fn forget_person(&mut self, around: &Surroundings) -> Vec<Effect> {
        let had_papers = self.session.take().is_some() && self.settings.has_printer;
        self.idle.since = around.now;
        let mut effects = Vec::new();
        if had_papers {
            effects.push(Effect::DropPapers);
        }
        if self.remote.is_agreed() {
            effects.extend(self.remote.ended(self.at(around)));
        }
        effects
    }

    fn ticked(&mut self, around: &Surroundings) -> Vec<Effect> {
        let mut effects = self.remote.ticked(self.at(around));
        let tally = self.tally.take_due(around.now, self.station.hall);
        effects.extend(tally.map(|tally| Effect::Record(LogEvent::SearchesTallied(tally))));
        let mut was_left_untouched = false;
        if let Some(session) = &mut self.session {
            let is_gone =
                session.page_is_over(around.now) || session.look(around.now) == Presence::Gone;
            was_left_untouched = is_gone && session.has_nothing();
            if is_gone {
                effects.extend(self.forget_person(around));
            }
        }
        self.card_ticked(around);
        self.service_ticked(around);
        self.rested(was_left_untouched, around);
        effects
    }

    fn touched(&mut self, touch: &Touch, around: &Surroundings) -> Vec<Effect> {
        let at = self.at(around);
        match touch {
            Touch::AllowRemote => return self.remote.allowed(at),
            Touch::RefuseRemote | Touch::StopRemote => return self.remote.stopped_by_citizen(at),
            Touch::Leave => return self.forget_person(around),
            Touch::CallHelp => return self.help_called(around),
            Touch::Mark => return self.mark_touched(around),
            Touch::Service(touch) => return self.service_touched(*touch, around),
            Touch::Paper(touch) => return self.paper_touched(*touch, around),
            _ => {}
        }
        self.somebody_is_here(around);
        let Some(session) = &mut self.session else {
            return Vec::new();
        };
        match touch {
            Touch::Stay => session.stayed(around.now),
            Touch::ToggleScale => flip(&mut session.appearance.is_enlarged),
            Touch::ToggleLowReach => flip(&mut session.appearance.is_low_reach),
            Touch::ToggleElderly => session.appearance.toggle(AppearanceKind::Elderly),
            Touch::ToggleContrast => session.appearance.toggle(AppearanceKind::Contrast),
            Touch::ToggleReading => flip(&mut session.reads_aloud),
            Touch::OtherServices => session.show_other_services(),
            Touch::Home => session.go_past(Page::Home),
            Touch::Print => return self.print_touched(around),
            _ => return self.page_touched(touch, around),
        }
        Vec::new()
    }

    fn help_called(&mut self, around: &Surroundings) -> Vec<Effect> {
        self.somebody_is_here(around);
        let Some(session) = &mut self.session else {
            return Vec::new();
        };
        if matches!(session.help, HelpCall::Pending | HelpCall::Made) {
            return Vec::new();
        }
        session.help = HelpCall::Pending;
        let call = HelpCalled {
            hall: self.station.hall,
            origin: around.origin,
        };
        vec![Effect::CallHelp(call)]
    }

    /// The one who called may have left meanwhile.
    fn help_settled(&mut self, outcome: HelpCall) {
        if let Some(session) = &mut self.session
            && session.help == HelpCall::Pending
        {
            session.help = outcome;
        }
    }

    fn page_touched(&mut self, touch: &Touch, around: &Surroundings) -> Vec<Effect> {
        match touch {
            Touch::FindJob | Touch::Newest(_) => return self.open_jobs(touch, around),
            Touch::TakeTicket => self.go_to(Page::TicketChoice(TicketChoice::new(&self.facts))),
            Touch::Appointments => self.open_appointments(),
            Touch::RateService => self.go_to(Page::Lookup(Lookup::default())),
            Touch::PoliciesAndGuide
            | Touch::ReadPolicy
            | Touch::ReadGuide
            | Touch::ReadAnnouncements
            | Touch::FindStation
            | Touch::FindGigWork
            | Touch::CheckEligibility
            | Touch::SeeProgress
            | Touch::MatchJobs
            | Touch::GiveFeedback => return self.open_flow(touch, around),
            _ => return self.shown_page_touched(touch, around),
        }
        Vec::new()
    }

    fn go_to(&mut self, page: Page) {
        if let Some(session) = &mut self.session {
            session.go_to(page);
        }
    }

    fn go_back(&mut self) {
        if let Some(session) = &mut self.session {
            session.go_back();
        }
    }

    fn shown_page_touched(&mut self, touch: &Touch, around: &Surroundings) -> Vec<Effect> {
        let Some(session) = &mut self.session else {
            return Vec::new();
        };
        match &mut session.page {
            Page::Jobs(jobs) => {
                let step = jobs.touched(touch, &mut self.tally, around);
                return self.jobs_stepped(step);
            }
            Page::TicketChoice(choice) if *touch == Touch::Back => {
                if choice.is_left_by_back() {
                    session.go_back();
                }
            }
            Page::TicketChoice(choice) => {
                let wish = choice.touched(touch, &self.facts, around);
                return wish.map(Effect::IssueTicket).into_iter().collect();
            }
            Page::Appointment(appointment) => {
                let step = appointment.touched(touch, &self.facts, around);
                return self.appointment_stepped(step, around);
            }
            Page::Slip { .. } | Page::Kept { .. }
                if matches!(touch, Touch::SlipDone | Touch::Back) =>
            {
                return self.forget_person(around);
            }
            Page::Lookup(_) => return self.lookup_touched(touch),
            Page::Scoring(scoring) => match scoring.touched(touch, around) {
                Scored::NotYet => {}
                Scored::Skipped => return self.forget_person(around),
                Scored::Keep(score) => return vec![Effect::KeepScore(score)],
            },
            Page::Thanks(_) if matches!(touch, Touch::ThanksDone | Touch::Back) => {
                return self.forget_person(around);
            }
            Page::Flow(_) => return self.flow_touched(touch, around),
            Page::Home | Page::Slip { .. } | Page::Kept { .. } | Page::Thanks(_) => {}
        }
        Vec::new()
    }

    fn laid(&mut self, around: &Surroundings) -> Vec<Effect> {
        self.flow_laid(around);
        let Some(Session {
            page: Page::Jobs(jobs),
            ..
        }) = &mut self.session
        else {
            return Vec::new();
        };
        let step = jobs.laid(around);
        self.jobs_stepped(step)
    }

    fn issued(&mut self, slip: Slip, around: &Surroundings) -> Vec<Effect> {
        self.own_tickets.remember(&slip.paper);
        let Some(session) = &mut self.session else {
            return Vec::new();
        };
        let is_awaited = match &session.page {
            Page::TicketChoice(choice) => choice.is_issuing,
            Page::Appointment(appointment) => appointment.is_asking,
            _ => false,
        };
        if is_awaited {
            let until = around.now + session.slip_time();
            session.go_past(Page::Slip {
                slip: Box::new(slip),
                until,
            });
            return self.print_page(around);
        }
        Vec::new()
    }

    fn not_issued(&mut self, why: NotIssued) {
        if let Some(Session {
            page: Page::TicketChoice(choice),
            ..
        }) = &mut self.session
        {
            choice.not_issued(why);
        }
    }

    fn remote_command(&mut self, command: &RemoteCommand, around: &Surroundings) -> Vec<Effect> {
        let at = self.at(around);
        match (command, self.station.kind) {
            (
                RemoteCommand::AskToHelp { session, .. },
                StationKind::Window { .. } | StationKind::Display,
            ) => vec![remote::declined(*session)],
            (
                RemoteCommand::AskToHelp {
                    session,
                    staff_name,
                },
                StationKind::Hall { .. },
            ) => {
                let is_in_use = self.is_in_use();
                self.remote.asked(*session, staff_name, is_in_use, at)
            }
            (RemoteCommand::StopHelp { session }, _) => self.remote.stopped_by_clerk(*session, at),
            // Touches reach the page through the window, after `takes_remote_touch`.
            (RemoteCommand::Touch { .. }, _) => Vec::new(),
        }
    }
}

fn flip(choice: &mut bool) {
    *choice = !*choice;
}

#[cfg(test)]
mod tests;
