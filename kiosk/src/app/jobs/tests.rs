//! The way between the pages of the search, against a real index of invented listings.

use domain::money::Fen;

use super::*;
use crate::app::sample::{HALL, around};
use crate::index::Index;
use crate::index::sample::{categories, index, listing, place, today};

struct Bench {
    _folder: tempfile::TempDir,
    index: Index,
    jobs: Jobs,
    tally: SearchTally,
}

impl Bench {
    fn open(listings: &[Listing]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let index = index(folder.path(), listings);
        let places = index.places(today()).unwrap();
        let facts = ListingFacts {
            places,
            ..ListingFacts::default()
        };
        let (jobs, step) = Jobs::opened(categories(), &facts, &around(0));
        let mut bench = Self {
            _folder: folder,
            index,
            jobs,
            tally: SearchTally::default(),
        };
        bench.settle(step);
        bench
    }

    fn settle(&mut self, step: JobStep) {
        let mut asks = step.asks;
        while let Some(ask) = asks.pop() {
            let answer = self.index.answer(ask, today()).unwrap();
            asks.extend(self.jobs.answered(answer, &mut self.tally, &around(0)).asks);
        }
    }

    fn touch(&mut self, touch: JobTouch) -> PageId {
        self.other(&Touch::Job(touch))
    }

    fn other(&mut self, touch: &Touch) -> PageId {
        let step = self.jobs.touched(touch, &mut self.tally, &around(0));
        self.settle(step);
        self.jobs.page()
    }

    fn rows(&self) -> Vec<String> {
        let view = job_search::view(self.jobs.search(), self.jobs.categories(), today());
        view.rows.into_iter().map(|row| row.title).collect()
    }

    fn open_number(&self) -> Option<usize> {
        let JobPage::Detail(open) = self.jobs.shown() else {
            panic!("no listing is open")
        };
        open.place.map(|(_, number)| number)
    }
}

fn electricians(count: u64) -> Vec<Listing> {
    (1..=count).map(|order| listing(order, "电工")).collect()
}

#[test]
fn listings_are_read_one_after_another_over_the_edge_of_a_page() {
    let mut bench = Bench::open(&electricians(8));
    assert_eq!(bench.touch(JobTouch::Row(5)), PageId::JobDetail);
    assert_eq!(bench.open_number(), Some(6));
    bench.touch(JobTouch::NextListing);
    assert_eq!(bench.open_number(), Some(7), "the page was turned");
    bench.touch(JobTouch::NextListing);
    bench.touch(JobTouch::NextListing);
    assert_eq!(
        bench.open_number(),
        Some(8),
        "there is nothing behind the last"
    );
    bench.touch(JobTouch::PreviousListing);
    bench.touch(JobTouch::PreviousListing);
    assert_eq!(bench.open_number(), Some(6));
    assert_eq!(bench.other(&Touch::Back), PageId::JobSearch);
}

#[test]
fn a_chip_opens_its_choices_and_a_choice_narrows() {
    let mut near = listing(1, "电工");
    near.place = Some(place("甲市", Some("乙区")));
    let mut bench = Bench::open(&[near, listing(2, "保洁")]);
    assert_eq!(bench.touch(JobTouch::Chip(0)), PageId::JobFilter);
    let titles: Vec<_> = bench
        .jobs
        .choices()
        .into_iter()
        .map(|choice| choice.title)
        .collect();
    assert_eq!(titles, ["地点不限", "乙区"]);
    assert_eq!(bench.touch(JobTouch::Choice(1)), PageId::JobSearch);
    assert_eq!(bench.rows(), ["电工"]);
}

#[test]
fn a_category_is_shown_as_a_list_and_tallied_by_its_name() {
    let mut bench = Bench::open(&[listing(1, "电工"), listing(2, "保洁")]);
    assert_eq!(bench.touch(JobTouch::ChooseCategory), PageId::JobCategories);
    bench.touch(JobTouch::Choice(2));
    assert_eq!(bench.rows(), ["保洁"]);
    let told = bench.tally.take_due(Duration::MAX, HALL).unwrap();
    assert_eq!(
        told.searches.into_iter().collect::<Vec<_>>(),
        [("保洁".to_owned(), 1)]
    );
}

#[test]
fn nothing_found_offers_what_to_drop_and_back_leads_to_the_search() {
    let mut bench = Bench::open(&[listing(1, "电工")]);
    bench.touch(JobTouch::Chip(1));
    assert_eq!(
        bench.touch(JobTouch::Choice(1)),
        PageId::JobNone,
        "its pay is unknown"
    );
    assert_eq!(bench.jobs.search().query().pay_from, Fen::from_yuan(3_000));
    assert_eq!(bench.touch(JobTouch::Relax(0)), PageId::JobSearch);
    assert_eq!(bench.rows(), ["电工"]);
    bench.touch(JobTouch::Chip(1));
    bench.touch(JobTouch::Choice(1));
    assert_eq!(bench.other(&Touch::Back), PageId::JobSearch);
    let mut around = around(0);
    around.layout.job_rows = 3;
    let step = bench.jobs.laid(&around);
    bench.settle(step);
    assert_eq!(bench.jobs.page(), PageId::JobSearch, "it is not said twice");
}

#[test]
fn a_listing_from_the_start_page_leads_back_there() {
    let facts = ListingFacts::default();
    let mut jobs = Jobs::opened_at(categories(), &facts, listing(1, "电工"));
    assert_eq!(jobs.page(), PageId::JobDetail);
    let step = jobs.touched(&Touch::Back, &mut SearchTally::default(), &around(0));
    assert!(step.is_left);
}

#[test]
fn a_word_is_tallied_once_however_many_of_its_listings_are_opened() {
    let mut bench = Bench::open(&electricians(3));
    bench.touch(JobTouch::Letter('D'));
    bench.touch(JobTouch::Letter('G'));
    for row in 0..3 {
        bench.touch(JobTouch::Row(row));
        bench.other(&Touch::Back);
    }
    let told = bench.tally.take_due(Duration::MAX, HALL).unwrap();
    assert_eq!((told.searches["电工"], told.listings_opened), (1, 3));
}
