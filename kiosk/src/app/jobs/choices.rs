//! The choices of the filter pages and of the category page: full pages of words, never a list
//! that drops down. Which are chosen follows from the query.

use domain::listing::{Education, JobForm};
use domain::money::Fen;

use crate::index::{Categories, PlaceFilter, Query};
use crate::view_model::job_search::{JobSearchEvent, education_words, pay_from_words};

/// Places offered, most vacancies first; the rest is found by typing.
const PLACES_MAX: usize = 60;
/// Least monthly pay, in yuan.
const PAY_STEPS_YUAN: [i64; 7] = [3_000, 4_000, 5_000, 6_000, 7_000, 8_000, 10_000];
/// The citizen's own education, as people name it.
const EDUCATIONS: [Education; 5] = [
    Education::JuniorMiddle,
    Education::SeniorMiddle,
    Education::JuniorCollege,
    Education::Bachelor,
    Education::Master,
];

/// What is chosen on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChoiceOf {
    /// 按行业选
    Category,
    /// 地点
    Place,
    /// 工资
    Pay,
    /// 学历
    Education,
    /// 全职、兼职、零工
    Form,
}

/// One choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What it does to the search.
    pub event: JobSearchEvent,
    /// Its words.
    pub title: String,
    /// A line of examples.
    pub under: String,
    /// How many vacancies there are, if counted.
    pub listings: Option<u32>,
    /// Whether it is in force.
    pub is_chosen: bool,
}

impl ChoiceOf {
    /// What the chips of the search page open, in their order.
    pub const CHIPS: [Self; 4] = [Self::Place, Self::Pay, Self::Education, Self::Form];

    /// The question of the page.
    #[must_use]
    pub fn question(self) -> &'static str {
        match self {
            Self::Category => "想找哪一行？",
            Self::Place => "想在哪里上班？",
            Self::Pay => "工资要多少？",
            Self::Education => "您是什么学历？",
            Self::Form => "想要哪种工作？",
        }
    }

    /// One line of help.
    #[must_use]
    pub fn hint(self) -> &'static str {
        match self {
            Self::Category => "点一行，先看新的。",
            Self::Place => "岗位多的在前面。",
            Self::Pay => "按月算。日结、小时工也折成一个月。",
            Self::Education => "只看您能报的。没写学历的也会列出来。",
            Self::Form => "没写的按全职算。",
        }
    }

    /// All choices, the one that does not narrow first.
    #[must_use]
    pub fn choices(
        self,
        query: &Query,
        categories: &Categories,
        places: &[(PlaceFilter, u32)],
    ) -> Vec<Choice> {
        match self {
            Self::Category => of_categories(query, categories),
            Self::Place => of_places(query, places),
            Self::Pay => of_pay(query),
            Self::Education => of_education(query),
            Self::Form => of_form(query),
        }
    }
}

fn choice(event: JobSearchEvent, title: impl Into<String>, is_chosen: bool) -> Choice {
    Choice {
        event,
        title: title.into(),
        under: String::new(),
        listings: None,
        is_chosen,
    }
}

fn of_categories(query: &Query, categories: &Categories) -> Vec<Choice> {
    let all = choice(
        JobSearchEvent::Category(None),
        "所有行业",
        query.category.is_none(),
    );
    let each = categories.all().iter().map(|category| {
        let event = JobSearchEvent::Category(Some(category.id));
        let is_chosen = query.category == Some(category.id);
        Choice {
            under: category.hint.clone(),
            ..choice(event, &category.name, is_chosen)
        }
    });
    std::iter::once(all).chain(each).collect()
}

fn of_places(query: &Query, places: &[(PlaceFilter, u32)]) -> Vec<Choice> {
    let all = choice(
        JobSearchEvent::Place(None),
        "地点不限",
        query.place.is_none(),
    );
    let each = places.iter().take(PLACES_MAX).map(|(place, listings)| {
        let is_chosen = query.place.as_ref() == Some(place);
        let (title, under) = match &place.area {
            Some(area) => (area.clone(), place.city.clone()),
            None => (place.city.clone(), String::new()),
        };
        let event = JobSearchEvent::Place(Some(place.clone()));
        Choice {
            under,
            listings: Some(*listings),
            ..choice(event, title, is_chosen)
        }
    });
    std::iter::once(all).chain(each).collect()
}

fn of_pay(query: &Query) -> Vec<Choice> {
    let all = choice(
        JobSearchEvent::PayFrom(None),
        "工资不限",
        query.pay_from.is_none(),
    );
    let each = PAY_STEPS_YUAN
        .into_iter()
        .filter_map(Fen::from_yuan)
        .map(|least| {
            let event = JobSearchEvent::PayFrom(Some(least));
            choice(event, pay_from_words(least), query.pay_from == Some(least))
        });
    std::iter::once(all).chain(each).collect()
}

fn of_education(query: &Query) -> Vec<Choice> {
    let all = choice(
        JobSearchEvent::Education(None),
        "学历不限",
        query.education.is_none(),
    );
    let each = EDUCATIONS.into_iter().map(|own| {
        let event = JobSearchEvent::Education(Some(own));
        choice(event, education_words(own), query.education == Some(own))
    });
    std::iter::once(all).chain(each).collect()
}

fn of_form(query: &Query) -> Vec<Choice> {
    let all = choice(
        JobSearchEvent::JobForm(None),
        "全职和零工都看",
        query.job_form.is_none(),
    );
    let each = JobForm::ALL.into_iter().map(|form| {
        let event = JobSearchEvent::JobForm(Some(form));
        choice(event, form.text(), query.job_form == Some(form))
    });
    std::iter::once(all).chain(each).collect()
}
