//! The kiosk's side of the flows: opening their pages, carrying answers to them, and going where a touch
//! on one leads.

use std::sync::Arc;

use domain::eligibility::RULES_OLD_AFTER_DAYS;
use wire::citizen::Service;

use super::{Effect, Kiosk, Line, StationKind, Surroundings, Touch};
use crate::app::citizen::{CitizenAnswer, CitizenAsk};
use crate::app::eligibility;
use crate::app::flow::{Feedback, Flow, FlowPage, Matching, Progress, SelfCheck, Shelf, Step};
use crate::app::jobs::Jobs;
use crate::app::papers::Paper;
use crate::app::session::Page;
use crate::app::ticket::TicketChoice;

/// Rules that were not heard of for so long are said to be old.
const RULES_OLD_AFTER_MS: i64 = RULES_OLD_AFTER_DAYS * 24 * 60 * 60_000;

impl Kiosk {
    /// Opens the flow that a touch on the start page, or on another page, stands for.
    pub(super) fn open_flow(&mut self, touch: &Touch, around: &Surroundings) -> Vec<Effect> {
        let flow = match touch {
            Touch::PoliciesAndGuide => Flow::Shelf(Shelf::Contents),
            Touch::ReadPolicy => Flow::Shelf(Shelf::Topics),
            Touch::ReadGuide => Flow::Shelf(Shelf::Guide),
            Touch::ReadAnnouncements => Flow::Shelf(Shelf::Announcements),
            Touch::FindStation => Flow::Shelf(Shelf::Stations),
            Touch::FindGigWork => Flow::Shelf(Shelf::GigJobs),
            Touch::CheckEligibility => Flow::SelfCheck(Box::new(self.fresh_check(around))),
            Touch::SeeProgress => return self.open_progress(around),
            Touch::MatchJobs => Flow::Matching(Box::new(self.fresh_matching())),
            Touch::GiveFeedback => {
                let key = self.services.as_ref().and_then(|services| services.seal_to);
                Flow::Feedback(Feedback::opened(key.is_some()))
            }
            _ => return Vec::new(),
        };
        self.go_to_flow(flow);
        Vec::new()
    }

    fn open_progress(&mut self, around: &Surroundings) -> Vec<Effect> {
        let is_locked = self.misses.is_locked(around.now);
        let (progress, step) = Progress::opened(self.is_cut_off(), is_locked);
        self.go_to_flow(Flow::Progress(progress));
        self.flow_stepped(step, around)
    }

    fn fresh_matching(&self) -> Matching {
        let places = self.listings.places.iter();
        let places = places.map(|(place, _)| place.area.as_ref().unwrap_or(&place.city).clone());
        Matching::opened(self.categories.all(), places.collect())
    }

    fn fresh_check(&self, around: &Surroundings) -> SelfCheck {
        let parameters = eligibility::parameters(self.facts.shelf().parameters());
        let age = self.line.last_contact.map(|at| around.wall.ms_since(at));
        let is_old = self.is_cut_off() && age.is_none_or(|ms| ms > RULES_OLD_AFTER_MS);
        SelfCheck::opened(Arc::new(parameters), around.wall.hall_date(), is_old)
    }

    /// What the centre takes applications for, by the kind of its records.
    #[must_use]
    pub fn service_offered(&self, kind: &str) -> Option<&Service> {
        let offered = self.services.iter().flat_map(|all| &all.services);
        offered
            .into_iter()
            .find(|service| service.kind.as_str() == kind)
    }

    fn is_cut_off(&self) -> bool {
        self.line.is_online == Some(false)
    }

    pub(super) fn flow_touched(&mut self, touch: &Touch, around: &Surroundings) -> Vec<Effect> {
        let Some(scene) = self.shown_flow().map(|page| page.scene(self, around)) else {
            return Vec::new();
        };
        let step = self
            .flow_mut()
            .map(|page| page.touched(touch, &scene, around));
        step.map_or_else(Vec::new, |step| self.flow_stepped(step, around))
    }

    /// Goes where a step of a flow leads.
    pub(super) fn flow_stepped(&mut self, step: Step, around: &Surroundings) -> Vec<Effect> {
        match step {
            Step::Stay => {}
            Step::Back => self.go_back(),
            Step::Go(flow) => self.go_to_flow(self.checked_line(*flow)),
            Step::TakeTicket(wanted) => {
                let choice = TicketChoice::for_wanted(wanted, &self.facts);
                self.go_to(Page::TicketChoice(choice));
            }
            Step::FindJobs => return self.open_jobs(&Touch::FindJob, around),
            Step::OpenListing(listing) => {
                self.tally.opened_listing();
                let jobs = Jobs::opened_at(Arc::clone(&self.categories), &self.listings, *listing);
                self.go_to(Page::Jobs(Box::new(jobs)));
            }
            Step::AskPerson => return self.help_called(around),
            Step::Home => {
                if let Some(session) = &mut self.session {
                    session.go_past(Page::Home);
                }
            }
            Step::Ask(ask) => return vec![Effect::AskForCitizen(ask)],
            Step::AskIndex(ask) => return vec![Effect::AskIndex(ask)],
            Step::Keep(feedback) => {
                let key = self.services.as_ref().and_then(|services| services.seal_to);
                return vec![Effect::KeepFeedback(feedback, key)];
            }
            Step::Print(list) => return self.print(Paper::Checklist(list)),
            Step::Missed => self.missed(around),
        }
        Vec::new()
    }

    /// What needs the line says so before anything is typed.
    fn checked_line(&self, flow: Flow) -> Flow {
        match flow {
            Flow::Wish(mut wish) if self.is_cut_off() => {
                wish.cut_off();
                Flow::Wish(wish)
            }
            other => other,
        }
    }

    fn missed(&mut self, around: &Surroundings) {
        if self.misses.missed(around.now)
            && let Some(FlowPage {
                flow: Flow::Progress(progress),
                ..
            }) = self.flow_mut()
        {
            progress.lock();
        }
    }

    pub(super) fn citizen_answered(
        &mut self,
        answer: CitizenAnswer,
        around: &Surroundings,
    ) -> Vec<Effect> {
        if let CitizenAnswer::Services(services) = &answer {
            self.services = Some((**services).clone());
        }
        let step = self.flow_mut().map(|page| page.answered(answer));
        step.map_or_else(Vec::new, |step| self.flow_stepped(step, around))
    }

    pub(super) fn feedback_settled(&mut self, is_kept: bool) {
        if let Some(FlowPage {
            flow: Flow::Feedback(feedback),
            ..
        }) = self.flow_mut()
        {
            feedback.kept(is_kept);
        }
    }

    /// With the first line the centre is asked what it can be asked, so that its key is known when
    /// the line is gone.
    pub(super) fn line_changed(&mut self, line: Line) -> Vec<Effect> {
        let is_kiosk = matches!(self.station.kind, StationKind::Hall { .. });
        self.line = line;
        if is_kiosk && line.is_online == Some(true) && self.services.is_none() {
            vec![Effect::AskForCitizen(CitizenAsk::Services)]
        } else {
            Vec::new()
        }
    }

    /// The page of a flow stays within what there is of it.
    pub(super) fn flow_laid(&mut self, around: &Surroundings) {
        let Some(scene) = self.shown_flow().map(|page| page.scene(self, around)) else {
            return;
        };
        if let Some(page) = self.flow_mut() {
            page.laid(&scene, around);
        }
    }

    fn shown_flow(&self) -> Option<&FlowPage> {
        match self.session.as_ref().map(|session| &session.page) {
            Some(Page::Flow(page)) => Some(page),
            _ => None,
        }
    }

    fn flow_mut(&mut self) -> Option<&mut FlowPage> {
        match self.session.as_mut().map(|session| &mut session.page) {
            Some(Page::Flow(page)) => Some(page),
            _ => None,
        }
    }

    fn go_to_flow(&mut self, flow: Flow) {
        self.go_to(Page::Flow(Box::new(FlowPage::new(flow))));
    }
}
