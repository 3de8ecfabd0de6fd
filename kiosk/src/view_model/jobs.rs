//! The pages of the job search as the window takes them: the words of [`job_search`] and
//! [`job_detail`] cut to what the screen holds, with a label for every control.
//!
//! [`job_search`]: super::job_search
//! [`job_detail`]: super::job_detail

use chrono::NaiveDate;
use domain::listing::Listing;

use super::job_detail::{self, FactTopic, JobDetailView};
use super::job_search::{self, JobSearchView, Keypad};
use super::ticket::PrintView;
use super::words::{page_text, thousands};
use crate::app::event::Surroundings;
use crate::app::jobs::{Choice, JobPage, Jobs, OpenListing};
use crate::ui::{self, Chip, ChoiceRow, JobFact, JobRow, KeyState, Suggestion};

/// Ways out that the page of nothing found has room for.
const RELAXATIONS_MAX: usize = 4;

/// One of the pages.
#[derive(Debug, Clone, PartialEq)]
pub enum JobsView {
    /// The search.
    Search(SearchView),
    /// Choices.
    Choices(ChoicesView),
    /// Nothing found.
    Nothing(NothingView),
    /// One vacancy.
    Detail(DetailView),
}

/// The search page.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchView {
    /// Large in the field.
    pub picked: String,
    /// Beside it.
    pub typed: String,
    /// Whether there is something to clear.
    pub has_query: bool,
    /// Whether the keys are open.
    pub is_keypad_open: bool,
    /// The keys.
    pub keys: Vec<KeyState>,
    /// The suggestions of this turn.
    pub suggestions: Vec<Suggestion>,
    /// Whether there are more.
    pub has_more_suggestions: bool,
    /// The filters.
    pub chips: Vec<Chip>,
    /// `86 个`
    pub count_number: String,
    /// `在招，新的在前`
    pub count_text: String,
    /// The rows.
    pub rows: Vec<JobRow>,
    /// `第 1 / 22 页`
    pub page_text: String,
    /// Whether there is a page before.
    pub can_previous: bool,
    /// Whether there is a page after.
    pub can_next: bool,
    /// Whether the answer takes long.
    pub is_busy: bool,
}

/// A page of choices.
#[derive(Debug, Clone, PartialEq)]
pub struct ChoicesView {
    /// The question.
    pub title: &'static str,
    /// One line of help.
    pub hint: &'static str,
    /// The choices of this page.
    pub choices: Vec<ChoiceRow>,
    /// How many there are in all.
    pub total: usize,
    /// `第 1 / 2 页`
    pub page_text: String,
    /// Whether there is a page before.
    pub can_previous: bool,
    /// Whether there is a page after.
    pub can_next: bool,
}

/// The page of nothing found.
#[derive(Debug, Clone, PartialEq)]
pub struct NothingView {
    /// What was looked for.
    pub query: String,
    /// What to drop.
    pub relaxations: Vec<ChoiceRow>,
}

/// One vacancy.
#[derive(Debug, Clone, PartialEq)]
pub struct DetailView {
    /// Its words.
    pub words: JobDetailView,
    /// Its facts with their drawings.
    pub facts: Vec<JobFact>,
    /// `第 1 个，共 86 个`
    pub position_text: String,
    /// Whether there is one before.
    pub can_previous: bool,
    /// Whether there is one after.
    pub can_next: bool,
    /// What the printer can do with it.
    pub print: PrintView,
}

/// The page shown now.
#[must_use]
pub fn view(jobs: &Jobs, public_url: &str, around: &Surroundings) -> JobsView {
    let today = around.wall.hall_date();
    match jobs.shown() {
        JobPage::Search => JobsView::Search(search(jobs, around)),
        JobPage::Choosing { of, page } => {
            let all = jobs.choices();
            let per_page = around.layout.job_choices.max(1);
            JobsView::Choices(ChoicesView {
                title: of.question(),
                hint: of.hint(),
                total: all.len(),
                page_text: page_text(*page, per_page, all.len()),
                can_previous: *page > 0,
                can_next: (page + 1) * per_page < all.len(),
                choices: all
                    .iter()
                    .skip(page * per_page)
                    .take(per_page)
                    .map(choice_row)
                    .collect(),
            })
        }
        JobPage::Nothing(_) => JobsView::Nothing(nothing(jobs, today)),
        JobPage::Detail(open) => JobsView::Detail(detail(jobs, open, public_url, today)),
    }
}

/// A listing as a row of any list. The label is unique on the page: it is the test id.
#[must_use]
pub fn row(index: usize, listing: &Listing, today: NaiveDate) -> JobRow {
    let words = job_search::row(listing, today);
    JobRow {
        label: format!("第 {} 个 {}", index + 1, words.title).into(),
        title: words.title.into(),
        under: words.second_line.into(),
        pay: words.pay.into(),
        age: words.age.into(),
    }
}

fn search(jobs: &Jobs, around: &Surroundings) -> SearchView {
    let today = around.wall.hall_date();
    let words = job_search::view(jobs.search(), jobs.categories(), today);
    let rows = (0..around.layout.job_rows)
        .filter_map(|row| jobs.search().row(row))
        .enumerate();
    SearchView {
        has_query: !(words.typed.is_empty() && words.word.is_empty()),
        picked: if words.word.is_empty() {
            words.category.clone()
        } else {
            words.word.clone()
        },
        is_keypad_open: words.keypad == Keypad::Open,
        keys: words.keys.iter().map(key).collect(),
        suggestions: suggestions(jobs, &words, around),
        has_more_suggestions: jobs.suggestion_turns(around) > 1,
        chips: words.chips.iter().map(chip).collect(),
        rows: rows
            .map(|(index, (listing, _))| row(index, listing, today))
            .collect(),
        typed: words.typed,
        count_number: words.count_number,
        count_text: words.count_text,
        page_text: words.page_text,
        can_previous: words.has_previous,
        can_next: words.has_next,
        is_busy: jobs.is_busy(around.now),
    }
}

fn suggestions(jobs: &Jobs, words: &JobSearchView, around: &Surroundings) -> Vec<Suggestion> {
    let places = around.layout.job_suggestions.max(1);
    let shown = words
        .suggestions
        .iter()
        .skip(jobs.suggestion_page() * places)
        .take(places);
    let suggestion = |it: &job_search::SuggestionView| Suggestion {
        label: it.word.as_str().into(),
        text: it.word.as_str().into(),
        count_text: it.count.as_str().into(),
        chosen: it.is_chosen,
    };
    shown.map(suggestion).collect()
}

fn key(key: &job_search::KeyView) -> KeyState {
    KeyState {
        letter: key.letter.to_string().into(),
        live: key.leads_on,
        latest: key.is_latest,
    }
}

fn chip(chip: &job_search::ChipView) -> Chip {
    Chip {
        text: chip.text.as_str().into(),
        narrows: chip.narrows,
    }
}

fn choice_row(choice: &Choice) -> ChoiceRow {
    let count = choice
        .listings
        .map(|listings| format!("{} 个", thousands(listings)));
    ChoiceRow {
        title: choice.title.as_str().into(),
        under: choice.under.as_str().into(),
        count_text: count.unwrap_or_default().into(),
        chosen: choice.is_chosen,
        // Streets of different cities may have one name.
        label: format!("{} {}", choice.title, choice.under)
            .trim_end()
            .into(),
    }
}

fn nothing(jobs: &Jobs, today: NaiveDate) -> NothingView {
    let words = job_search::view(jobs.search(), jobs.categories(), today);
    let looked_for = [
        words.word,
        words.typed,
        words.category,
        "全部岗位".to_owned(),
    ];
    let relaxation = |it: &job_search::RelaxationView| ChoiceRow {
        title: it.title.as_str().into(),
        under: it.under.as_str().into(),
        count_text: it.count.as_str().into(),
        chosen: false,
        label: it.title.as_str().into(),
    };
    let ways = words.no_result.unwrap_or_default();
    NothingView {
        query: looked_for
            .into_iter()
            .find(|text| !text.is_empty())
            .unwrap_or_default(),
        relaxations: ways.iter().take(RELAXATIONS_MAX).map(relaxation).collect(),
    }
}

fn detail(jobs: &Jobs, open: &OpenListing, public_url: &str, today: NaiveDate) -> DetailView {
    let words = job_detail::view(&open.listing, today, public_url);
    let search = jobs.search();
    let result = job_search::view(search, jobs.categories(), today);
    let fact = |fact: &job_detail::FactView| JobFact {
        topic: topic(fact.topic),
        text: fact.text.as_str().into(),
    };
    let position = |(_, number)| job_detail::position_text(number, search.count());
    let is_followed = |(row, _)| search.row(row + 1).is_some() || result.has_next;
    DetailView {
        facts: words.facts.iter().map(fact).collect(),
        words,
        position_text: open.place.map(position).unwrap_or_default(),
        can_previous: open.place.is_some_and(|(_, number)| number > 1),
        can_next: open.place.is_some_and(is_followed),
        print: PrintView::default(),
    }
}

fn topic(topic: FactTopic) -> ui::FactTopic {
    match topic {
        FactTopic::Place => ui::FactTopic::Place,
        FactTopic::Headcount => ui::FactTopic::Heads,
        FactTopic::Education => ui::FactTopic::Education,
        FactTopic::JobForm => ui::FactTopic::Kind,
        FactTopic::Experience | FactTopic::Industry => ui::FactTopic::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::event::ListingFacts;
    use crate::app::sample::around;
    use crate::index::sample::{categories, listing, today};

    #[test]
    fn rows_with_one_title_have_labels_of_their_own() {
        let labels = [0, 1].map(|index| row(index, &listing(1, "电工"), today()).label);
        assert_eq!(labels.map(String::from), ["第 1 个 电工", "第 2 个 电工"]);
    }

    #[test]
    fn a_listing_from_the_start_page_has_no_place_in_a_result() {
        let jobs = Jobs::opened_at(categories(), &ListingFacts::default(), listing(1, "电工"));
        let JobsView::Detail(view) = view(&jobs, "http://hall.example", &around(0)) else {
            panic!("the vacancy is open")
        };
        assert_eq!(view.position_text, "");
        assert!(!view.can_previous && !view.can_next);
        assert!(view.words.qr_target.starts_with("http://hall.example/v/"));
    }
}
