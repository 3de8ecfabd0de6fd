//! The job search page in words (look.md §6 and §10): a pure function of the state.

use chrono::NaiveDate;

use domain::listing::{Education, JobForm, Listing};
use domain::money::Fen;
use domain::time::day_text;

use super::{JobSearch, Keypad};
use crate::index::{Categories, Count, PlaceFilter, Query, QueryPart, Relaxation, Suggestion};
use crate::view_model::words::thousands;

/// One key of the keypad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyView {
    /// `A` to `Z`.
    pub letter: char,
    /// Whether it leads on; otherwise it is dimmed.
    pub leads_on: bool,
    /// Whether it was touched last.
    pub is_latest: bool,
}

/// One suggestion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuggestionView {
    /// The word.
    pub word: String,
    /// How many listings it finds; empty while filters narrow and nobody has counted.
    pub count: String,
    /// Whether the list is of this word.
    pub is_chosen: bool,
}

/// One filter chip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChipView {
    /// The current value in words.
    pub text: String,
    /// Whether it narrows: ✓ and bold.
    pub narrows: bool,
}

/// One row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowView {
    /// The title.
    pub title: String,
    /// Employer, place, education, as far as known.
    pub second_line: String,
    /// The pay.
    pub pay: String,
    /// The day of publication as people say it.
    pub age: String,
}

/// A way out of an empty result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelaxationView {
    /// What it does: `工资不限`.
    pub title: String,
    /// What it drops: `去掉“8 千元以上”`.
    pub under: String,
    /// How many listings there are then: `3 个`.
    pub count: String,
    /// For the event.
    pub part: QueryPart,
}

/// The words on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobSearchView {
    /// The field: the word that is looked for, large.
    pub word: String,
    /// Beside it: what was typed.
    pub typed: String,
    /// The chosen category, empty for all.
    pub category: String,
    /// Whether the keypad is open.
    pub keypad: Keypad,
    /// The 26 keys.
    pub keys: Vec<KeyView>,
    /// Suggestions, best first.
    pub suggestions: Vec<SuggestionView>,
    /// Place, pay, education, form.
    pub chips: [ChipView; 4],
    /// `86 个`; empty until counted.
    pub count_number: String,
    /// `在招，新的在前`.
    pub count_text: String,
    /// `第 1 / 22 页`.
    pub page_text: String,
    /// Whether the arrow up works.
    pub has_previous: bool,
    /// Whether the arrow down works.
    pub has_next: bool,
    /// The rows; none when nothing was found or the answer is still coming.
    pub rows: Vec<RowView>,
    /// Ways out of an empty result; absent while there is a result or no answer yet.
    pub no_result: Option<Vec<RelaxationView>>,
}

/// The page in words.
#[must_use]
pub fn view(search: &JobSearch, categories: &Categories, today: NaiveDate) -> JobSearchView {
    let page = search.page.as_ref();
    let rows = page.map_or(&[][..], |page| &page.rows);
    let (count_number, count_text) = count_words(search.count);
    JobSearchView {
        word: search.word.clone().unwrap_or_default(),
        typed: search.letters.as_str().to_owned(),
        category: category_name(search, categories),
        keypad: search.keypad,
        keys: keys(search),
        suggestions: suggestions(search),
        chips: chips(&search.filters),
        count_number,
        count_text,
        page_text: page_text(search),
        has_previous: search.starts.len() > 1,
        has_next: page.is_some_and(|page| page.has_more),
        rows: rows.iter().map(|listing| row(listing, today)).collect(),
        no_result: no_result(search, categories),
    }
}

/// A listing as one row.
#[must_use]
pub fn row(listing: &Listing, today: NaiveDate) -> RowView {
    let place = listing.place.as_ref().map(|place| place.text.as_str());
    let education = listing.education.map(Education::text);
    let known = [listing.employer.as_deref(), place, education]
        .into_iter()
        .flatten();
    RowView {
        title: listing.title.clone(),
        second_line: known.collect::<Vec<_>>().join(" · "),
        pay: pay_words(listing),
        age: day_text(listing.published_on, today),
    }
}

/// The pay as understood, else in the employer's words, else that it is not said.
#[must_use]
pub fn pay_words(listing: &Listing) -> String {
    let understood = listing.pay.map(|pay| pay.short_text());
    understood
        .or_else(|| listing.pay_text.clone())
        .unwrap_or_else(|| "没写工资".to_owned())
}

/// `4 千元以上`, `1 万元以上`, `6,500 元以上`
#[must_use]
pub fn pay_from_words(least: Fen) -> String {
    match least.0 {
        fen if fen > 0 && fen % 1_000_000 == 0 => format!("{} 万元以上", fen / 1_000_000),
        fen if (0..1_000_000).contains(&fen) && fen % 100_000 == 0 => {
            format!("{} 千元以上", fen / 100_000)
        }
        _ => format!("{least} 元以上"),
    }
}

/// The citizen's own education, as the filter names it.
#[must_use]
pub fn education_words(own: Education) -> &'static str {
    match own {
        Education::Any => "不看学历的",
        Education::Primary => "小学能报",
        Education::JuniorMiddle => "初中能报",
        Education::SeniorMiddle => "高中、中专能报",
        Education::JuniorCollege => "大专能报",
        Education::Bachelor => "本科能报",
        Education::Master => "硕士能报",
        Education::Doctor => "博士能报",
    }
}

fn category_name(search: &JobSearch, categories: &Categories) -> String {
    let chosen = search.filters.category.and_then(|id| categories.get(id));
    chosen
        .map(|category| category.name.clone())
        .unwrap_or_default()
}

fn keys(search: &JobSearch) -> Vec<KeyView> {
    let latest = search.letters.as_str().chars().next_back();
    let key = |letter: char| KeyView {
        letter: letter.to_ascii_uppercase(),
        leads_on: search.suggested.next.contains(letter),
        is_latest: latest == Some(letter),
    };
    ('a'..='z').map(key).collect()
}

fn suggestions(search: &JobSearch) -> Vec<SuggestionView> {
    let is_narrowed = search.filters != Query::default();
    let view = |suggestion: &Suggestion| {
        let is_chosen = search.word.as_deref() == Some(&suggestion.word);
        let count = match search.count {
            Some(Count::Exactly(count)) if is_chosen => thousands(count),
            _ if is_narrowed => String::new(),
            _ => thousands(suggestion.listings),
        };
        SuggestionView {
            word: suggestion.word.clone(),
            count,
            is_chosen,
        }
    };
    search.suggested.suggestions.iter().map(view).collect()
}

fn chips(filters: &Query) -> [ChipView; 4] {
    let chip = |value: Option<String>, all: &str| ChipView {
        narrows: value.is_some(),
        text: value.unwrap_or_else(|| all.to_owned()),
    };
    [
        chip(filters.place.as_ref().map(place_words), "地点不限"),
        chip(filters.pay_from.map(pay_from_words), "工资不限"),
        chip(
            filters.education.map(|own| education_words(own).to_owned()),
            "学历不限",
        ),
        chip(
            filters.job_form.map(|form| form.text().to_owned()),
            "全职和零工",
        ),
    ]
}

fn place_words(place: &PlaceFilter) -> String {
    place.area.clone().unwrap_or_else(|| place.city.clone())
}

fn count_words(count: Option<Count>) -> (String, String) {
    match count {
        None => (String::new(), "新的在前".to_owned()),
        Some(count) => (count_number(count), "在招，新的在前".to_owned()),
    }
}

fn count_number(count: Count) -> String {
    match count {
        Count::Exactly(count) => format!("{} 个", thousands(count)),
        Count::AtLeast(count) if count >= 10_000 => format!("{} 万个以上", count / 10_000),
        Count::AtLeast(_) => "很多".to_owned(),
    }
}

fn page_text(search: &JobSearch) -> String {
    let page = search.start().1.div_ceil(search.rows) + 1;
    match search.count {
        Some(Count::Exactly(0)) => String::new(),
        Some(Count::Exactly(count)) => {
            let behind = (count as usize).saturating_sub(search.start().1);
            format!(
                "第 {page} / {} 页",
                page - 1 + behind.div_ceil(search.rows).max(1)
            )
        }
        _ => format!("第 {page} 页"),
    }
}

fn no_result(search: &JobSearch, categories: &Categories) -> Option<Vec<RelaxationView>> {
    let page = search.page.as_ref()?;
    if !page.rows.is_empty() || search.starts.len() > 1 {
        return None;
    }
    let relaxations = search.relaxations.as_ref()?;
    Some(
        relaxations
            .iter()
            .map(|relaxation| relax(search, categories, relaxation))
            .collect(),
    )
}

fn relax(search: &JobSearch, categories: &Categories, relaxation: &Relaxation) -> RelaxationView {
    let filters = &search.filters;
    let place = filters.place.as_ref().map(place_words).unwrap_or_default();
    let (title, under) = match relaxation.part {
        QueryPart::Pay => ("工资不限", dropped(filters.pay_from.map(pay_from_words))),
        QueryPart::Area => ("地点放到全市", format!("现在只找{place}")),
        QueryPart::Place => ("地点不限", format!("现在只找{place}")),
        QueryPart::Education => ("学历不限", dropped(filters.education.map(education_words))),
        QueryPart::JobForm => (
            "全职和零工都看",
            dropped(filters.job_form.map(JobForm::text)),
        ),
        QueryPart::Category => ("行业不限", dropped(Some(category_name(search, categories)))),
        QueryPart::Text => {
            let letters = search.letters.as_str().to_ascii_uppercase();
            (
                "工种不限",
                dropped(Some(search.word.clone().unwrap_or(letters))),
            )
        }
    };
    let count = count_number(relaxation.count);
    RelaxationView {
        title: title.to_owned(),
        under,
        count,
        part: relaxation.part,
    }
}

fn dropped(words: Option<impl AsRef<str>>) -> String {
    words
        .map(|words| format!("去掉“{}”", words.as_ref()))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::sample::{listing, today};

    #[test]
    fn a_row_leaves_out_what_is_unknown_and_says_when_pay_is_not_written() {
        let mut known = listing(1, "电工");
        known.employer = Some("甲厂".into());
        known.education = Some(Education::SeniorMiddle);
        let shown = row(&known, today());
        assert_eq!(shown.second_line, "甲厂 · 高中、中专以上");
        assert_eq!(
            (shown.pay.as_str(), shown.age.as_str()),
            ("没写工资", "今天")
        );
        known.pay_text = Some("看手艺".into());
        assert_eq!(row(&known, today()).pay, "看手艺");
    }

    #[test]
    fn amounts_and_counts_are_said_as_people_say_them() {
        for (yuan, words) in [
            (4_000, "4 千元以上"),
            (10_000, "1 万元以上"),
            (6_500, "6,500 元以上"),
            (15_000, "15,000 元以上"),
        ] {
            assert_eq!(pay_from_words(Fen::from_yuan(yuan).unwrap()), words);
        }
        assert_eq!(count_number(Count::AtLeast(10_000)), "1 万个以上");
        assert_eq!(count_number(Count::AtLeast(70)), "很多");
        assert_eq!(count_number(Count::Exactly(1_200)), "1,200 个");
    }
}
