//! The kiosk's side of the flows: opening their pages, and going where a touch on one leads.

use super::{Effect, Kiosk, Surroundings, Touch};
use crate::app::flow::{Flow, FlowPage, Shelf, Step};
use crate::app::session::{Page, Session};
use crate::app::ticket::TicketChoice;

impl Kiosk {
    /// Opens the flow that a touch on the start page, or on another page, stands for.
    pub(super) fn open_flow(&mut self, touch: &Touch) {
        let shelf = match touch {
            Touch::PoliciesAndGuide => Shelf::Contents,
            Touch::ReadPolicy => Shelf::Topics,
            Touch::ReadGuide => Shelf::Guide,
            Touch::ReadAnnouncements => Shelf::Announcements,
            Touch::FindStation => Shelf::Stations,
            Touch::FindGigWork => Shelf::GigJobs,
            _ => return,
        };
        self.go_to_flow(Flow::Shelf(shelf));
    }

    pub(super) fn flow_touched(&mut self, touch: &Touch, around: &Surroundings) -> Vec<Effect> {
        let page = self.session.as_mut().map(|session| &mut session.page);
        let Some(Page::Flow(page)) = page else {
            return Vec::new();
        };
        match page.touched(touch, &self.facts, around) {
            Step::Stay => {}
            Step::Back => self.go_back(),
            Step::Go(flow) => self.go_to_flow(*flow),
            Step::TakeTicket(wanted) => {
                let choice = TicketChoice::for_wanted(wanted, &self.facts);
                self.go_to(Page::TicketChoice(choice));
            }
            Step::FindJobs => return self.open_jobs(&Touch::FindJob, around),
            Step::AskPerson => return self.help_called(around),
            Step::Home => {
                if let Some(session) = &mut self.session {
                    session.go_past(Page::Home);
                }
            }
        }
        Vec::new()
    }

    /// The page of a flow stays within what there is of it.
    pub(super) fn flow_laid(&mut self, around: &Surroundings) {
        if let Some(Session {
            page: Page::Flow(page),
            ..
        }) = &mut self.session
        {
            page.laid(&self.facts, around);
        }
    }

    fn go_to_flow(&mut self, flow: Flow) {
        self.go_to(Page::Flow(Box::new(FlowPage::new(flow))));
    }
}
