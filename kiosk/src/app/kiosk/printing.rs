//! The kiosk's side of papers: what the page shown can be printed as, orders to the printer, and what
//! is answered when one did not come out.

use kiosk_peripherals::printing::Outcome;

use super::{Effect, Kiosk, Page, Surroundings};
use crate::app::jobs::JobPage;
use crate::app::papers::{Paper, PaperStep, PaperTouch};
use crate::view_model::paper;

impl Kiosk {
    /// 打印: what is on the page.
    pub(super) fn print_touched(&mut self, around: &Surroundings) -> Vec<Effect> {
        match self.paper_of_page(around) {
            Some(paper) => self.print(paper),
            None => Vec::new(),
        }
    }

    /// What the page shown can be printed as.
    #[must_use]
    pub fn paper_of_page(&self, around: &Surroundings) -> Option<Paper> {
        let session = self.session.as_ref()?;
        let (station, facts) = (&self.station, &self.facts);
        match &session.page {
            Page::Slip { slip, .. } => Some(paper::ticket(slip, station, facts)),
            Page::Kept { kept, .. } => Some(paper::kept(kept, station, facts, around)),
            Page::Jobs(jobs) => match jobs.shown() {
                JobPage::Detail(open) => Some(paper::vacancy(&open.listing, station, around.wall)),
                _ => None,
            },
            _ => None,
        }
    }

    /// Orders a paper, where there is a printer and somebody who wants it.
    pub(super) fn print(&mut self, paper: Paper) -> Vec<Effect> {
        if !self.settings.has_printer {
            return Vec::new();
        }
        let no = self.next_paper();
        let papers = self.session.as_mut().map(|session| &mut session.papers);
        let order = papers.and_then(|papers| papers.order(paper, no));
        order.map(Effect::Print).into_iter().collect()
    }

    /// The paper that belongs to what was just done comes out by itself.
    pub(super) fn print_page(&mut self, around: &Surroundings) -> Vec<Effect> {
        if self.settings.has_printer {
            self.print_touched(around)
        } else {
            Vec::new()
        }
    }

    pub(super) fn paper_settled(&mut self, no: u32, outcome: Outcome) {
        if let Some(session) = &mut self.session {
            session.papers.settled(no, outcome);
        }
    }

    pub(super) fn paper_touched(
        &mut self,
        touch: PaperTouch,
        around: &Surroundings,
    ) -> Vec<Effect> {
        let no = self.next_paper();
        let Some(session) = &mut self.session else {
            return Vec::new();
        };
        match session.papers.answered(touch) {
            Some(PaperStep::Again) => {
                let order = session.papers.again(no);
                order.map(Effect::Print).into_iter().collect()
            }
            Some(PaperStep::AskPerson) => self.help_called(around),
            Some(PaperStep::Closed) | None => Vec::new(),
        }
    }

    fn next_paper(&mut self) -> u32 {
        self.paper_no = self.paper_no.wrapping_add(1);
        self.paper_no
    }
}
