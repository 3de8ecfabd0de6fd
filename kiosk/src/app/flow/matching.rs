//! 按我的情况找工作: a few questions about the work that somebody wants, and the vacancies weighed by the
//! rules that clerks use, each with its reasons. Asked first whether that is wanted: who says no searches
//! without it. Nothing that says who somebody is takes part, and nothing leaves the kiosk.

use std::sync::LazyLock;

use domain::listing::{Education, JobForm, Listing};
use domain::matching::{
    Fit, MatchingRules, OfferTerms, Seeker, SeekerTerms, WorkForm, best, offer_from_listing, weigh,
};
use domain::money::Fen;

use super::Step;
use crate::index::{Answer, Ask, Category, CategoryId, Query, Slice};

/// So many of the newest of a category are weighed: more, nobody reads.
const WEIGHED_MAX: usize = 200;
/// So many are shown.
const SHOWN_MAX: usize = 24;
/// What can be wanted at least, a month, in yuan.
pub const PAYS: [i64; 6] = [3_000, 4_000, 5_000, 6_000, 8_000, 10_000];
/// Educations that can be said, from the lowest.
pub const EDUCATIONS: [Education; 5] = [
    Education::JuniorMiddle,
    Education::SeniorMiddle,
    Education::JuniorCollege,
    Education::Bachelor,
    Education::Master,
];

static RULES: LazyLock<MatchingRules> = LazyLock::new(|| {
    MatchingRules::read(
        include_str!("../../../../assets/matching/rules.toml"),
        include_str!("../../../../assets/matching/occupations.toml"),
        include_str!("../../../../assets/codes/districts.json"),
    )
    .expect("rules of matching, because a test reads them")
});

/// Which question is on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatchStep {
    /// Whether it is wanted.
    Consent,
    /// Which work?
    Work,
    /// Where?
    Place,
    /// For how much at least?
    Pay,
    /// With which education?
    Education,
    /// In which form?
    Form,
    /// The vacancies are being weighed.
    Weighing,
    /// What fits best.
    Results,
    /// Why one of them does.
    Reasons(usize),
}

/// The pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matching {
    /// The question.
    pub step: MatchStep,
    /// What can be chosen as work.
    pub works: Vec<Category>,
    /// Where there are vacancies.
    pub places: Vec<String>,
    /// What fits, best first.
    pub results: Vec<(Listing, Fit)>,
    work: Option<CategoryId>,
    seeker: Seeker,
}

impl Matching {
    /// The first page.
    #[must_use]
    pub fn opened(works: &[Category], places: Vec<String>) -> Self {
        Self {
            step: MatchStep::Consent,
            works: works.to_vec(),
            places,
            results: Vec::new(),
            work: None,
            seeker: Seeker::default(),
        }
    }

    pub(super) fn question(&self) -> u32 {
        match self.step {
            MatchStep::Consent => 0,
            MatchStep::Work => 1,
            MatchStep::Place => 2,
            MatchStep::Pay => 3,
            MatchStep::Education => 4,
            MatchStep::Form => 5,
            MatchStep::Weighing => 6,
            MatchStep::Results => 7,
            MatchStep::Reasons(_) => 8,
        }
    }

    pub(super) fn back(&mut self) -> bool {
        self.step = match self.step {
            MatchStep::Consent => return false,
            MatchStep::Work => MatchStep::Consent,
            MatchStep::Place => MatchStep::Work,
            MatchStep::Pay => MatchStep::Place,
            MatchStep::Education => MatchStep::Pay,
            MatchStep::Form => MatchStep::Education,
            MatchStep::Weighing | MatchStep::Results => MatchStep::Form,
            MatchStep::Reasons(_) => MatchStep::Results,
        };
        true
    }

    pub(super) fn picked(&mut self, index: usize) -> Step {
        match self.step {
            MatchStep::Work => self.wants(index),
            MatchStep::Place => {
                self.seeker.places = self.places.get(index).cloned().into_iter().collect()
            }
            MatchStep::Pay => {
                self.seeker.pay_least = PAYS.get(index).map(|yuan| Fen(yuan * 100));
            }
            MatchStep::Education => self.seeker.education = EDUCATIONS.get(index).copied(),
            MatchStep::Form => {
                let form = JobForm::ALL.get(index).copied().map(form_of);
                self.seeker.forms = form.into_iter().collect();
            }
            MatchStep::Results if index < self.results.len() => {
                self.step = MatchStep::Reasons(index);
                return Step::Stay;
            }
            _ => return Step::Stay,
        }
        self.next()
    }

    /// Goes on: agrees, or leaves a question open.
    pub(super) fn gone_on(&mut self, is_skipped: bool) -> Step {
        if is_skipped {
            match self.step {
                MatchStep::Place => self.seeker.places.clear(),
                MatchStep::Pay => self.seeker.pay_least = None,
                MatchStep::Education => self.seeker.education = None,
                MatchStep::Form => self.seeker.forms.clear(),
                _ => return Step::Stay,
            }
        }
        self.next()
    }

    fn wants(&mut self, index: usize) {
        let work = self.works.get(index);
        self.work = work.map(|work| work.id);
        // The name stands for a category; what belongs to it says the line of examples.
        let examples = work.map(|work| work.hint.split(['、', '，']).map(str::to_owned).collect());
        self.seeker.occupations = examples.unwrap_or_default();
    }

    fn next(&mut self) -> Step {
        self.step = match self.step {
            MatchStep::Consent => MatchStep::Work,
            MatchStep::Work => MatchStep::Place,
            MatchStep::Place => MatchStep::Pay,
            MatchStep::Pay => MatchStep::Education,
            MatchStep::Education => MatchStep::Form,
            MatchStep::Form => {
                self.step = MatchStep::Weighing;
                return Step::AskIndex(self.ask());
            }
            other => other,
        };
        Step::Stay
    }

    fn ask(&self) -> Ask {
        let query = Query {
            category: self.work,
            ..Query::default()
        };
        let slice = Slice {
            after: None,
            rows: WEIGHED_MAX,
        };
        Ask::Search(query, slice)
    }

    /// What the index found is weighed. An answer to another question changes nothing.
    pub(super) fn found(&mut self, answer: Answer) -> Step {
        let Answer::Found(query, slice, page) = answer else {
            return Step::Stay;
        };
        if self.step != MatchStep::Weighing || Ask::Search(query, slice) != self.ask() {
            return Step::Stay;
        }
        let seeker = SeekerTerms::of(&self.seeker, &RULES);
        let weighed = page.rows.into_iter().map(|listing| {
            let offer = OfferTerms::of(&offer_from_listing(&listing), &RULES);
            (listing, weigh(&RULES, &seeker, &offer))
        });
        self.results = best(weighed, SHOWN_MAX);
        self.step = MatchStep::Results;
        Step::Stay
    }
}

fn form_of(form: JobForm) -> WorkForm {
    match form {
        JobForm::FullTime => WorkForm::FullTime,
        JobForm::PartTime => WorkForm::PartTime,
        JobForm::Gig => WorkForm::Gig,
        JobForm::Internship => WorkForm::Internship,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::{Page, sample};

    fn asked() -> (Matching, Query, Slice) {
        let categories = sample::categories();
        let mut matching = Matching::opened(categories.all(), vec!["鹰潭".into()]);
        matching.gone_on(false);
        for _ in 0..3 {
            matching.picked(0);
        }
        matching.gone_on(true);
        let Step::AskIndex(Ask::Search(query, slice)) = matching.gone_on(true) else {
            panic!("the index is asked");
        };
        (matching, query, slice)
    }

    #[test]
    fn the_rules_of_the_program_read() {
        assert!(LazyLock::force(&RULES).weight(domain::matching::Facet::Pay) > 0);
    }

    #[test]
    fn what_fits_better_comes_first_whatever_is_newer() {
        let (mut matching, query, slice) = asked();
        let mut near = sample::listing(1, "电工");
        near.place = Some(sample::place("鹰潭", None));
        let mut far = sample::listing(2, "电工");
        far.place = Some(sample::place("南昌", None));
        let page = Page {
            rows: vec![far, near],
            has_more: false,
        };
        matching.found(Answer::Found(query, slice, page));
        assert_eq!(matching.step, MatchStep::Results);
        let orders: Vec<_> = matching
            .results
            .iter()
            .map(|(it, _)| it.publication_order)
            .collect();
        assert_eq!(orders, [1, 2]);
    }

    #[test]
    fn an_answer_to_another_question_changes_nothing() {
        let (mut matching, query, _) = asked();
        let other = Slice {
            after: None,
            rows: 6,
        };
        matching.found(Answer::Found(query, other, Page::default()));
        assert_eq!(matching.step, MatchStep::Weighing);
    }
}
