//! The pages of the job search for one citizen: the search itself, pages of choices (categories
//! and filters), the page for nothing found, and one vacancy. The search's own state is in
//! [`JobSearch`]; here is the way between the pages.

mod choices;

use std::sync::Arc;
use std::time::Duration;

use domain::listing::Listing;

use super::event::{JobTouch, ListingFacts, Surroundings, Touch};
use super::tally::SearchTally;
use crate::index::{Answer, Ask, Categories, PlaceFilter, Query, Relaxation, Text};
use crate::ui::PageId;
use crate::view_model::job_search::{self, JobSearch, JobSearchEvent, Keypad};

pub use choices::{Choice, ChoiceOf};

/// Under this time a page does not say that it is searching (look.md §7).
const BUSY_AFTER: Duration = Duration::from_millis(300);

/// Which page of the search is shown.
#[derive(Debug, Clone)]
pub enum JobPage {
    /// Letters, suggestions, filters, rows.
    Search,
    /// The choices of one filter, or the categories.
    Choosing {
        /// Of what.
        of: ChoiceOf,
        /// The page, from 0.
        page: usize,
    },
    /// Nothing found, and what to drop.
    Nothing(Vec<Relaxation>),
    /// One vacancy.
    Detail(Box<OpenListing>),
}

/// The vacancy on the screen.
#[derive(Debug, Clone)]
pub struct OpenListing {
    /// As it was when it was opened.
    pub listing: Listing,
    /// Its row on the page of the result and its number in it, from 1; none from the start page.
    pub place: Option<(usize, usize)>,
    /// The page of the result is being turned: then its first or last row is opened.
    awaits: Option<Edge>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edge {
    First,
    Last,
}

/// The pages of the search.
#[derive(Debug)]
pub struct Jobs {
    search: JobSearch,
    page: JobPage,
    categories: Arc<Categories>,
    places: Vec<(PlaceFilter, u32)>,
    suggestion_page: usize,
    /// The query for which the way back from "nothing found" was taken.
    dismissed: Option<Query>,
    tallied: Option<Query>,
    asked_at: Option<Duration>,
}

/// What a touch or an answer leads to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct JobStep {
    /// Questions for the index.
    pub asks: Vec<Ask>,
    /// The person went back before the first page.
    pub is_left: bool,
}

impl From<Vec<Ask>> for JobStep {
    fn from(asks: Vec<Ask>) -> Self {
        Self {
            asks,
            is_left: false,
        }
    }
}

impl Jobs {
    fn new(categories: Arc<Categories>, listings: &ListingFacts, page: JobPage) -> Self {
        Self {
            search: JobSearch::default(),
            page,
            categories,
            places: listings.places.clone(),
            suggestion_page: 0,
            dismissed: None,
            tallied: None,
            asked_at: None,
        }
    }

    /// A fresh search.
    #[must_use]
    pub fn opened(
        categories: Arc<Categories>,
        listings: &ListingFacts,
        around: &Surroundings,
    ) -> (Self, JobStep) {
        let mut jobs = Self::new(categories, listings, JobPage::Search);
        let mut asks = jobs.search.open();
        asks.extend(jobs.search.on(JobSearchEvent::Rows(around.layout.job_rows)));
        let step = jobs.asking(asks, around);
        (jobs, step)
    }

    /// One vacancy, opened from the start page.
    #[must_use]
    pub fn opened_at(
        categories: Arc<Categories>,
        listings: &ListingFacts,
        listing: Listing,
    ) -> Self {
        let open = OpenListing {
            listing,
            place: None,
            awaits: None,
        };
        Self::new(categories, listings, JobPage::Detail(Box::new(open)))
    }

    /// The search, for its words.
    #[must_use]
    pub fn search(&self) -> &JobSearch {
        &self.search
    }

    /// The categories.
    #[must_use]
    pub fn categories(&self) -> &Categories {
        &self.categories
    }

    /// The page shown, for its words.
    #[must_use]
    pub fn shown(&self) -> &JobPage {
        &self.page
    }

    /// Which turn of the suggestions is shown.
    #[must_use]
    pub fn suggestion_page(&self) -> usize {
        self.suggestion_page
    }

    /// Whether an answer takes long enough to be said.
    #[must_use]
    pub fn is_busy(&self, now: Duration) -> bool {
        self.asked_at.is_some_and(|asked| now >= asked + BUSY_AFTER)
    }

    /// The page shown.
    #[must_use]
    pub fn page(&self) -> PageId {
        match &self.page {
            JobPage::Search => PageId::JobSearch,
            JobPage::Choosing {
                of: ChoiceOf::Category,
                ..
            } => PageId::JobCategories,
            JobPage::Choosing { .. } => PageId::JobFilter,
            JobPage::Nothing(_) => PageId::JobNone,
            JobPage::Detail(_) => PageId::JobDetail,
        }
    }

    /// The layout has room for another number of rows.
    pub fn laid(&mut self, around: &Surroundings) -> JobStep {
        match self.page {
            JobPage::Search => self.on(JobSearchEvent::Rows(around.layout.job_rows), around),
            _ => JobStep::default(),
        }
    }

    /// A touch on these pages.
    pub fn touched(
        &mut self,
        touch: &Touch,
        tally: &mut SearchTally,
        around: &Surroundings,
    ) -> JobStep {
        match touch {
            Touch::Back => self.back(),
            Touch::PreviousPage => self.turn(JobSearchEvent::PreviousPage, around),
            Touch::NextPage => self.turn(JobSearchEvent::NextPage, around),
            Touch::Job(touch) => self.job_touched(*touch, tally, around),
            _ => JobStep::default(),
        }
    }

    fn job_touched(
        &mut self,
        touch: JobTouch,
        tally: &mut SearchTally,
        around: &Surroundings,
    ) -> JobStep {
        let event = match touch {
            JobTouch::Letter(letter) => JobSearchEvent::Letter(letter.to_ascii_lowercase()),
            JobTouch::Erase => JobSearchEvent::Backspace,
            JobTouch::Clear => JobSearchEvent::Clear,
            JobTouch::FoldKeypad => JobSearchEvent::Keypad(Keypad::Closed),
            JobTouch::OpenKeypad => JobSearchEvent::Keypad(Keypad::Open),
            JobTouch::Suggestion(index) => return self.suggestion_chosen(index, tally, around),
            JobTouch::SuggestionsNext => return self.turn_suggestions(around),
            JobTouch::Chip(index) => return self.choose(ChoiceOf::CHIPS.get(index).copied()),
            JobTouch::ChooseCategory => return self.choose(Some(ChoiceOf::Category)),
            JobTouch::Choice(index) => return self.chosen(index, tally, around),
            JobTouch::Relax(index) => {
                let JobPage::Nothing(relaxations) = &self.page else {
                    return JobStep::default();
                };
                let Some(relaxation) = relaxations.get(index) else {
                    return JobStep::default();
                };
                JobSearchEvent::Drop(relaxation.part)
            }
            JobTouch::Row(row) => return self.open_row(row, tally),
            JobTouch::PreviousListing => return self.beside(Edge::Last, tally, around),
            JobTouch::NextListing => return self.beside(Edge::First, tally, around),
        };
        self.suggestion_page = 0;
        self.page = JobPage::Search;
        self.on(event, around)
    }

    fn on(&mut self, event: JobSearchEvent, around: &Surroundings) -> JobStep {
        let asks = self.search.on(event);
        self.asking(asks, around)
    }

    fn asking(&mut self, asks: Vec<Ask>, around: &Surroundings) -> JobStep {
        if asks.iter().any(|ask| matches!(ask, Ask::Search(..))) {
            self.asked_at = Some(around.now);
        }
        asks.into()
    }

    fn suggestion_chosen(
        &mut self,
        index: usize,
        tally: &mut SearchTally,
        around: &Surroundings,
    ) -> JobStep {
        let index = self.suggestion_page * around.layout.job_suggestions + index;
        let step = self.on(JobSearchEvent::Suggestion(index), around);
        self.tally(tally);
        step
    }

    /// Beyond the last turn the first comes again.
    fn turn_suggestions(&mut self, around: &Surroundings) -> JobStep {
        let turns = self.suggestion_turns(around);
        self.suggestion_page = (self.suggestion_page + 1) % turns;
        JobStep::default()
    }

    /// How many turns the suggestions take on this screen; at least one.
    #[must_use]
    pub fn suggestion_turns(&self, around: &Surroundings) -> usize {
        let places = around.layout.job_suggestions.max(1);
        job_search::view(&self.search, &self.categories, around.wall.hall_date())
            .suggestions
            .len()
            .div_ceil(places)
            .max(1)
    }

    fn choose(&mut self, of: Option<ChoiceOf>) -> JobStep {
        if let Some(of) = of {
            self.page = JobPage::Choosing { of, page: 0 };
        }
        JobStep::default()
    }

    /// The choices of the page that is shown; none on other pages.
    #[must_use]
    pub fn choices(&self) -> Vec<Choice> {
        match &self.page {
            JobPage::Choosing { of, .. } => {
                of.choices(&self.search.query(), &self.categories, &self.places)
            }
            _ => Vec::new(),
        }
    }

    fn chosen(&mut self, index: usize, tally: &mut SearchTally, around: &Surroundings) -> JobStep {
        let JobPage::Choosing { of, page } = self.page else {
            return JobStep::default();
        };
        let index = page * around.layout.job_choices + index;
        let Some(chosen) = self.choices().into_iter().nth(index) else {
            return JobStep::default();
        };
        self.page = JobPage::Search;
        let mut step = self.on(chosen.event, around);
        // A category is looked at as a list: the keys would hide it.
        if of == ChoiceOf::Category {
            tally.searched(&chosen.title);
            let folded = self.on(JobSearchEvent::Keypad(Keypad::Closed), around);
            step.asks.extend(folded.asks);
        }
        step
    }

    fn turn(&mut self, event: JobSearchEvent, around: &Surroundings) -> JobStep {
        let choices = self.choices().len();
        let JobPage::Choosing { page, .. } = &mut self.page else {
            return self.on(event, around);
        };
        match event {
            JobSearchEvent::PreviousPage => *page = page.saturating_sub(1),
            _ if (*page + 1) * around.layout.job_choices < choices => *page += 1,
            _ => {}
        }
        JobStep::default()
    }

    fn back(&mut self) -> JobStep {
        let is_left = match &self.page {
            JobPage::Search => true,
            JobPage::Detail(open) => open.place.is_none(),
            JobPage::Choosing { .. } => false,
            JobPage::Nothing(_) => {
                self.dismissed = Some(self.search.query());
                false
            }
        };
        self.page = JobPage::Search;
        JobStep {
            asks: Vec::new(),
            is_left,
        }
    }

    fn open_row(&mut self, row: usize, tally: &mut SearchTally) -> JobStep {
        let Some((listing, number)) = self.search.row(row) else {
            return JobStep::default();
        };
        let listing = listing.clone();
        self.tally(tally);
        tally.opened_listing();
        let open = OpenListing {
            listing,
            place: Some((row, number)),
            awaits: None,
        };
        self.page = JobPage::Detail(Box::new(open));
        JobStep::default()
    }

    /// The next listing (the *first* of those behind) or the one before (the *last* of those).
    fn beside(&mut self, edge: Edge, tally: &mut SearchTally, around: &Surroundings) -> JobStep {
        let JobPage::Detail(open) = &mut self.page else {
            return JobStep::default();
        };
        let Some((row, _)) = open.place else {
            return JobStep::default();
        };
        let (beside, event) = match edge {
            Edge::First => (Some(row + 1), JobSearchEvent::NextPage),
            Edge::Last => (row.checked_sub(1), JobSearchEvent::PreviousPage),
        };
        if let Some(row) = beside.filter(|row| self.search.row(*row).is_some()) {
            return self.open_row(row, tally);
        }
        let asks = self.search.on(event);
        if !asks.is_empty() {
            open.awaits = Some(edge);
        }
        self.asking(asks, around)
    }

    /// Listings changed: the page is asked for anew, and whether a vacancy on it is still open.
    #[must_use]
    pub fn refresh(&self) -> Vec<Ask> {
        let mut asks = self.search.refresh();
        if let JobPage::Detail(open) = &self.page {
            asks.push(Ask::StillOpen(open.listing.id));
        }
        asks
    }

    /// The index answered.
    pub fn answered(
        &mut self,
        answer: Answer,
        tally: &mut SearchTally,
        around: &Surroundings,
    ) -> JobStep {
        if let (Answer::Gone(gone), JobPage::Detail(open)) = (&answer, &self.page)
            && open.listing.id == *gone
        {
            return self.back();
        }
        let is_found = matches!(answer, Answer::Found(..));
        let nothing = match &answer {
            Answer::Relaxed(query, relaxations) if *query == self.search.query() => {
                Some(relaxations.clone())
            }
            _ => None,
        };
        let asks = self.search.answered(answer);
        if is_found {
            self.asked_at = None;
            self.open_awaited(tally);
        }
        if let Some(relaxations) = nothing {
            self.found_nothing(relaxations, tally);
        }
        self.asking(asks, around)
    }

    fn found_nothing(&mut self, relaxations: Vec<Relaxation>, tally: &mut SearchTally) {
        let query = self.search.query();
        let is_wanted = matches!(self.page, JobPage::Search)
            && query != Query::default()
            && self.dismissed.as_ref() != Some(&query);
        if is_wanted {
            self.tally(tally);
            tally.found_nothing();
            self.page = JobPage::Nothing(relaxations);
        }
    }

    fn open_awaited(&mut self, tally: &mut SearchTally) {
        let JobPage::Detail(open) = &mut self.page else {
            return;
        };
        let row = match open.awaits.take() {
            None => return,
            Some(Edge::First) => 0,
            Some(Edge::Last) => {
                let rows = (0..)
                    .take_while(|row| self.search.row(*row).is_some())
                    .count();
                rows.saturating_sub(1)
            }
        };
        self.open_row(row, tally);
    }

    /// A word counts once for each query that somebody did something with.
    fn tally(&mut self, tally: &mut SearchTally) {
        let query = self.search.query();
        if let Text::Words(word) = &query.text
            && self.tallied.as_ref() != Some(&query)
        {
            tally.searched(word);
            self.tallied = Some(query);
        }
    }
}

#[cfg(test)]
mod tests;
