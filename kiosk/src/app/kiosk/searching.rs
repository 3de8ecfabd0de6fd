//! The kiosk's side of the job search: opening its pages, carrying the index's answers to them.

use std::sync::Arc;

use super::{Effect, Kiosk, Page, Session, Surroundings, Touch};
use crate::app::jobs::{JobStep, Jobs};
use crate::index::Answer;

impl Kiosk {
    pub(super) fn open_jobs(&mut self, touch: &Touch, around: &Surroundings) -> Vec<Effect> {
        let categories = Arc::clone(&self.categories);
        let (jobs, step) = match touch {
            Touch::Newest(index) => {
                let Some(listing) = self.listings.newest.get(*index) else {
                    return Vec::new();
                };
                self.tally.opened_listing();
                let jobs = Jobs::opened_at(categories, &self.listings, listing.clone());
                (jobs, JobStep::default())
            }
            _ => Jobs::opened(categories, &self.listings, around),
        };
        self.go_to(Page::Jobs(Box::new(jobs)));
        self.jobs_stepped(step)
    }

    pub(super) fn jobs_stepped(&mut self, step: JobStep) -> Vec<Effect> {
        if step.is_left {
            self.go_back();
        }
        step.asks.into_iter().map(Effect::AskIndex).collect()
    }

    /// A list on the screen is asked for anew when listings changed: what was withdrawn is gone at
    /// once, also the vacancy that is being read.
    pub(super) fn result_refreshed(&self) -> Vec<Effect> {
        let Some(Session {
            page: Page::Jobs(jobs),
            ..
        }) = &self.session
        else {
            return Vec::new();
        };
        jobs.refresh().into_iter().map(Effect::AskIndex).collect()
    }

    pub(super) fn index_answered(&mut self, answer: Answer, around: &Surroundings) -> Vec<Effect> {
        match self.session.as_mut().map(|session| &mut session.page) {
            Some(Page::Jobs(jobs)) => {
                let step = jobs.answered(answer, &mut self.tally, around);
                self.jobs_stepped(step)
            }
            Some(Page::Flow(page)) => {
                let step = page.found(answer);
                self.flow_stepped(step, around)
            }
            _ => Vec::new(),
        }
    }
}
