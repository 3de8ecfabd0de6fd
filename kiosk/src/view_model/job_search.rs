//! The job search page without its window: what was touched becomes questions to the index
//! ([`Ask`]), answers become the words on the screen ([`JobSearchView`], mock-ups 02 and 20).
//!
//! The best word for the letters is taken at once: after `dg` the list is that of 电工, and a touch
//! on another suggestion changes it. An answer to a question that is no longer asked is dropped.
//! The page asks for counts and relaxations but never waits for them. It knows no pixel: the
//! layout says how many rows it has room for.

use domain::listing::{Education, JobForm, Listing};
use domain::money::Fen;

use crate::index::{
    Answer, Ask, CategoryId, Count, Cursor, LetterSet, Letters, Page, PlaceFilter, Query,
    QueryPart, Relaxation, Slice, Suggested, Text,
};

pub use words::{
    ChipView, JobSearchView, KeyView, RelaxationView, RowView, SuggestionView, education_words,
    pay_from_words, pay_words, row, view,
};

mod words;

/// Rows of a page, and of a page that shares the screen with the keypad (look.md §5).
pub const ROWS: usize = 6;
/// See [`ROWS`].
pub const ROWS_WITH_KEYPAD: usize = 4;
/// A longer spelling is a child playing.
const LETTERS_MAX: usize = 24;

/// Something that was touched, or that the layout says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobSearchEvent {
    /// A letter of the keypad.
    Letter(char),
    /// 退格
    Backspace,
    /// ✕ in the field: forgets words and letters, keeps the filters.
    Clear,
    /// One of the suggestions.
    Suggestion(usize),
    /// A category, or all.
    Category(Option<CategoryId>),
    /// A place, or all.
    Place(Option<PlaceFilter>),
    /// Least monthly pay, or any.
    PayFrom(Option<Fen>),
    /// The citizen's education, or any.
    Education(Option<Education>),
    /// Form of employment, or any.
    JobForm(Option<JobForm>),
    /// A relaxation on the page of no result.
    Drop(QueryPart),
    /// The field, or 收起.
    Keypad(Keypad),
    /// The layout has room for this many rows.
    Rows(usize),
    /// The arrow down.
    NextPage,
    /// The arrow up.
    PreviousPage,
}

/// Whether the keypad is on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keypad {
    /// It takes the lower half.
    Open,
    /// The list has the screen.
    Closed,
}

/// The state of the page for one citizen.
#[derive(Debug, Clone)]
pub struct JobSearch {
    letters: Letters,
    suggested: Suggested,
    word: Option<String>,
    filters: Query,
    keypad: Keypad,
    rows: usize,
    /// Where the pages up to the present one start, each with the number of rows before it.
    starts: Vec<(Option<Cursor>, usize)>,
    page: Option<Page>,
    count: Option<Count>,
    relaxations: Option<Vec<Relaxation>>,
}

impl Default for JobSearch {
    fn default() -> Self {
        Self {
            letters: Letters::default(),
            suggested: Suggested {
                suggestions: Vec::new(),
                next: LetterSet::ALL,
            },
            word: None,
            filters: Query::default(),
            keypad: Keypad::Open,
            rows: ROWS_WITH_KEYPAD,
            starts: vec![(None, 0)],
            page: None,
            count: None,
            relaxations: None,
        }
    }
}

impl JobSearch {
    /// The questions of a fresh page.
    #[must_use]
    pub fn open(&self) -> Vec<Ask> {
        let mut asks = vec![Ask::Suggest(self.letters.clone())];
        asks.extend(self.ask_all());
        asks
    }

    /// The questions by which a page that is shown catches up with the index.
    #[must_use]
    pub fn refresh(&self) -> Vec<Ask> {
        self.ask_all()
    }

    /// What the citizen looks for now.
    #[must_use]
    pub fn query(&self) -> Query {
        let text = match &self.word {
            Some(word) => Text::Words(word.clone()),
            None if self.letters.is_empty() => Text::None,
            None => Text::Letters(self.letters.clone()),
        };
        Query {
            text,
            ..self.filters.clone()
        }
    }

    /// The listing in a row of the page, and its number in the result from 1.
    #[must_use]
    pub fn row(&self, index: usize) -> Option<(&Listing, usize)> {
        let listing = self.page.as_ref()?.rows.get(index)?;
        Some((listing, self.start().1 + index + 1))
    }

    /// The size of the result as far as it is known.
    #[must_use]
    pub fn count(&self) -> Option<Count> {
        self.count
    }

    /// Takes an event; returns what to ask the index.
    pub fn on(&mut self, event: JobSearchEvent) -> Vec<Ask> {
        match event {
            JobSearchEvent::Letter(letter) => {
                if self.letters.as_str().len() >= LETTERS_MAX {
                    return Vec::new();
                }
                self.type_letters(&format!("{}{letter}", self.letters.as_str()))
            }
            JobSearchEvent::Backspace => {
                let mut shorter = self.letters.as_str().to_owned();
                shorter.pop();
                self.type_letters(&shorter)
            }
            JobSearchEvent::Clear => self.type_letters(""),
            JobSearchEvent::Suggestion(index) => {
                let Some(chosen) = self.suggested.suggestions.get(index) else {
                    return Vec::new();
                };
                self.word = Some(chosen.word.clone());
                self.restart()
            }
            JobSearchEvent::Drop(QueryPart::Text) => self.type_letters(""),
            JobSearchEvent::Keypad(keypad) => {
                self.keypad = keypad;
                self.set_rows(match keypad {
                    Keypad::Open => ROWS_WITH_KEYPAD,
                    Keypad::Closed => ROWS,
                })
            }
            JobSearchEvent::Rows(rows) => self.set_rows(rows),
            JobSearchEvent::NextPage => self.next_page(),
            JobSearchEvent::PreviousPage => self.previous_page(),
            narrowing => self.narrow(narrowing),
        }
    }

    /// Takes an answer; returns what to ask next.
    pub fn answered(&mut self, answer: Answer) -> Vec<Ask> {
        match answer {
            Answer::Suggested(letters, suggested) if letters == self.letters => {
                self.suggested = suggested;
                if letters.is_empty() {
                    return Vec::new();
                }
                self.word = self
                    .suggested
                    .suggestions
                    .first()
                    .map(|best| best.word.clone());
                self.restart()
            }
            Answer::Found(query, slice, page) if query == self.query() && slice == self.slice() => {
                let is_empty = page.rows.is_empty() && slice.after.is_none();
                self.page = Some(page);
                if is_empty {
                    vec![Ask::Relax(query)]
                } else {
                    Vec::new()
                }
            }
            Answer::Counted(query, count) if query == self.query() => {
                self.count = Some(count);
                Vec::new()
            }
            Answer::Relaxed(query, relaxations) if query == self.query() => {
                self.relaxations = Some(relaxations);
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn narrow(&mut self, event: JobSearchEvent) -> Vec<Ask> {
        let before = self.filters.clone();
        match event {
            JobSearchEvent::Category(category) => self.filters.category = category,
            JobSearchEvent::Place(place) => self.filters.place = place,
            JobSearchEvent::PayFrom(least) => self.filters.pay_from = least,
            JobSearchEvent::Education(own) => self.filters.education = own,
            JobSearchEvent::JobForm(form) => self.filters.job_form = form,
            JobSearchEvent::Drop(part) => self.filters = self.filters.without(part),
            _ => {}
        }
        if self.filters == before {
            Vec::new()
        } else {
            self.restart()
        }
    }

    fn type_letters(&mut self, text: &str) -> Vec<Ask> {
        self.letters = Letters::new(text);
        self.word = None;
        let mut asks = vec![Ask::Suggest(self.letters.clone())];
        if self.letters.is_empty() {
            self.suggested.suggestions.clear();
            asks.extend(self.restart());
        }
        asks
    }

    /// A new query starts at its newest listing.
    fn restart(&mut self) -> Vec<Ask> {
        self.starts = vec![(None, 0)];
        self.count = None;
        self.relaxations = None;
        self.ask_all()
    }

    fn ask_all(&self) -> Vec<Ask> {
        vec![
            Ask::Search(self.query(), self.slice()),
            Ask::Count(self.query()),
        ]
    }

    fn ask_page(&self) -> Vec<Ask> {
        vec![Ask::Search(self.query(), self.slice())]
    }

    fn set_rows(&mut self, rows: usize) -> Vec<Ask> {
        let rows = rows.max(1);
        if rows == self.rows {
            return Vec::new();
        }
        self.rows = rows;
        self.ask_page()
    }

    fn next_page(&mut self) -> Vec<Ask> {
        let Some(page) = self.page.as_ref().filter(|page| page.has_more) else {
            return Vec::new();
        };
        self.starts
            .push((page.end(), self.start().1 + page.rows.len()));
        self.ask_page()
    }

    fn previous_page(&mut self) -> Vec<Ask> {
        if self.starts.len() == 1 {
            return Vec::new();
        }
        self.starts.pop();
        self.ask_page()
    }

    fn start(&self) -> (Option<Cursor>, usize) {
        self.starts.last().copied().unwrap_or_default()
    }

    fn slice(&self) -> Slice {
        Slice {
            after: self.start().0,
            rows: self.rows,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::Index;
    use crate::index::sample::{self, listing, place, today};

    fn hall(listings: &[Listing]) -> (tempfile::TempDir, Index) {
        let folder = tempfile::tempdir().unwrap();
        let index = sample::index(folder.path(), listings);
        (folder, index)
    }

    /// Lets the index answer until nothing is asked any more.
    fn settle(search: &mut JobSearch, index: &Index, mut asks: Vec<Ask>) {
        while let Some(ask) = asks.pop() {
            let answer = index.answer(ask, today()).unwrap();
            asks.extend(search.answered(answer));
        }
    }

    fn touch(search: &mut JobSearch, index: &Index, event: JobSearchEvent) -> JobSearchView {
        let asks = search.on(event);
        settle(search, index, asks);
        view(search, index.categories(), today())
    }

    fn opened(index: &Index) -> JobSearch {
        let mut search = JobSearch::default();
        let asks = search.open();
        settle(&mut search, index, asks);
        search
    }

    fn electricians(count: u64) -> Vec<Listing> {
        (1..=count).map(|order| listing(order, "电工")).collect()
    }

    #[test]
    fn two_letters_choose_the_best_word_and_show_its_list() {
        let mut listings = electricians(5);
        listings.push(listing(6, "导购"));
        let (_folder, index) = hall(&listings);
        let mut search = opened(&index);
        touch(&mut search, &index, JobSearchEvent::Letter('d'));
        let shown = touch(&mut search, &index, JobSearchEvent::Letter('g'));
        assert_eq!((shown.word.as_str(), shown.typed.as_str()), ("电工", "dg"));
        assert_eq!(
            (shown.count_number.as_str(), shown.page_text.as_str()),
            ("5 个", "第 1 / 2 页")
        );
        assert_eq!(shown.rows.len(), ROWS_WITH_KEYPAD);
        assert_eq!(shown.suggestions[0].count, "5");
        assert!(
            shown
                .keys
                .iter()
                .all(|key| key.is_latest == (key.letter == 'G'))
        );
        let leads_on = shown
            .keys
            .iter()
            .filter(|key| key.leads_on)
            .map(|key| key.letter);
        assert_eq!(
            String::from_iter(leads_on),
            "O",
            "gong and gou can be spelt on"
        );
        let other = touch(&mut search, &index, JobSearchEvent::Suggestion(1));
        assert_eq!(
            (other.word.as_str(), other.count_number.as_str()),
            ("导购", "1 个")
        );
    }

    #[test]
    fn letters_without_a_word_still_search_and_backspace_goes_back() {
        let (_folder, index) = hall(&[listing(1, "高级维修电工倒班住宿")]);
        let mut search = opened(&index);
        touch(&mut search, &index, JobSearchEvent::Letter('x'));
        let shown = touch(&mut search, &index, JobSearchEvent::Letter('d'));
        assert_eq!((shown.word.as_str(), shown.rows.len()), ("", 1));
        touch(&mut search, &index, JobSearchEvent::Backspace);
        let shown = touch(&mut search, &index, JobSearchEvent::Backspace);
        assert_eq!((shown.typed.as_str(), shown.rows.len()), ("", 1));
    }

    #[test]
    fn closing_the_keypad_gives_six_rows_and_pages_turn_both_ways() {
        let (_folder, index) = hall(&electricians(14));
        let mut search = opened(&index);
        let shown = touch(&mut search, &index, JobSearchEvent::Keypad(Keypad::Closed));
        assert_eq!(
            (shown.rows.len(), shown.page_text.as_str()),
            (ROWS, "第 1 / 3 页")
        );
        touch(&mut search, &index, JobSearchEvent::NextPage);
        let last = touch(&mut search, &index, JobSearchEvent::NextPage);
        assert_eq!(
            (last.rows.len(), last.page_text.as_str(), last.has_next),
            (2, "第 3 / 3 页", false)
        );
        assert_eq!(
            search
                .row(0)
                .map(|(row, number)| (row.publication_order, number)),
            Some((2, 13))
        );
        touch(&mut search, &index, JobSearchEvent::NextPage);
        let back = touch(&mut search, &index, JobSearchEvent::PreviousPage);
        assert_eq!(
            (back.page_text.as_str(), back.has_previous),
            ("第 2 / 3 页", true)
        );
    }

    #[test]
    fn chips_say_their_value_and_an_empty_result_says_what_to_drop() {
        let mut near = listing(1, "锻工");
        near.place = Some(place("甲市", Some("乙区")));
        let (_folder, index) = hall(&[near]);
        let mut search = opened(&index);
        let wanted = PlaceFilter {
            city: "甲市".into(),
            area: Some("乙区".into()),
        };
        touch(&mut search, &index, JobSearchEvent::Place(Some(wanted)));
        let shown = touch(
            &mut search,
            &index,
            JobSearchEvent::PayFrom(Fen::from_yuan(8_000)),
        );
        assert_eq!(
            shown.chips[0],
            ChipView {
                text: "乙区".into(),
                narrows: true
            }
        );
        assert_eq!(
            shown.chips[1],
            ChipView {
                text: "8 千元以上".into(),
                narrows: true
            }
        );
        assert_eq!(
            shown.chips[2],
            ChipView {
                text: "学历不限".into(),
                narrows: false
            }
        );
        let ways = shown.no_result.unwrap();
        assert_eq!(ways.len(), 1);
        assert_eq!(
            (ways[0].title.as_str(), ways[0].under.as_str()),
            ("工资不限", "去掉“8 千元以上”")
        );
        assert_eq!(ways[0].count, "1 个");
        let shown = touch(&mut search, &index, JobSearchEvent::Drop(ways[0].part));
        assert_eq!((shown.rows.len(), shown.no_result), (1, None));
    }

    #[test]
    fn an_answer_to_an_old_question_changes_nothing() {
        let (_folder, index) = hall(&electricians(3));
        let mut search = opened(&index);
        let old = index
            .answer(Ask::Search(search.query(), search.slice()), today())
            .unwrap();
        search.on(JobSearchEvent::PayFrom(Fen::from_yuan(9_000)));
        search.page = None;
        assert_eq!(search.answered(old), []);
        assert_eq!(search.page, None);
    }
}
