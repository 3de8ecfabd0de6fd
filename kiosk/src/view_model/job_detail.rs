//! One vacancy in words (mock-up 03): the pay as it is stated, with its unit in words and a note
//! when the unit was inferred, who, where, how old the information is, and what the QR opens.
//!
//! Unknown facts are left out; nothing is guessed. Reasons for and against (和您合不合适) are not
//! made here: they need the citizen's own data.

use chrono::NaiveDate;

use domain::listing::{Education, Experience, Headcount, JobForm, Listing};
use domain::pay::{Pay, PayAmount, PayUnit};
use domain::time::{day_text, month_day_text};

use super::job_search::pay_words;
use super::words::thousands;
use crate::index::Count;

/// Hanzi of a title that fits at the largest size, and at the next one (look.md §12).
const TITLE_STEPS: [usize; 3] = [14, 27, 45];

/// What a fact is about; chooses its drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactTopic {
    /// Work place.
    Place,
    /// How many people.
    Headcount,
    /// Education asked for.
    Education,
    /// Experience asked for.
    Experience,
    /// Full-time, part-time …
    JobForm,
    /// Industry.
    Industry,
}

/// One line of facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactView {
    /// What it is about.
    pub topic: FactTopic,
    /// The words.
    pub text: String,
}

/// The words on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobDetailView {
    /// The title.
    pub title: String,
    /// 0 for the largest size; longer titles step down.
    pub title_step: usize,
    /// The amount.
    pub pay: String,
    /// Its unit in words, and what else must be said of it.
    pub pay_note: String,
    /// The employer.
    pub employer: String,
    /// How old the information is and how long it holds.
    pub age: String,
    /// What is known besides.
    pub facts: Vec<FactView>,
    /// What the QR opens.
    pub qr_target: String,
    /// Until when it opens.
    pub qr_text: String,
}

/// A listing in words. `public_url` is the address of the public pages.
#[must_use]
pub fn view(listing: &Listing, today: NaiveDate, public_url: &str) -> JobDetailView {
    let hanzi = listing.title.chars().count();
    JobDetailView {
        title: listing.title.clone(),
        title_step: TITLE_STEPS.iter().filter(|most| hanzi > **most).count(),
        pay: listing.pay.map_or_else(|| pay_words(listing), amount_words),
        pay_note: pay_note(listing),
        employer: listing
            .employer
            .clone()
            .unwrap_or_else(|| "没写单位名称".to_owned()),
        age: age(listing, today),
        facts: facts(listing),
        qr_target: format!(
            "{}/v/{}",
            public_url.trim_end_matches('/'),
            listing.short_id
        ),
        qr_text: format!("{}前都能打开，不用装软件", last_day(listing, today)),
    }
}

/// `第 1 个，共 86 个`, or without the total as long as it is not known.
#[must_use]
pub fn position_text(number: usize, count: Option<Count>) -> String {
    match count {
        Some(Count::Exactly(all)) => format!("第 {number} 个，共 {} 个", thousands(all)),
        _ => format!("第 {number} 个"),
    }
}

/// The amount alone: the unit is in the note.
fn amount_words(pay: Pay) -> String {
    Pay {
        unit: PayUnit::Month,
        ..pay
    }
    .short_text()
}

fn pay_note(listing: &Listing) -> String {
    let Some(pay) = listing.pay else {
        return String::new();
    };
    let mut notes = Vec::new();
    if pay.amount != PayAmount::Negotiable {
        notes.push(unit_words(pay.unit).to_owned());
    }
    if pay.unit_is_inferred() {
        notes.push("单位没写按什么算，这是一般的算法".to_owned());
    }
    notes.extend(
        pay.months_per_year
            .map(|months| format!("一年发 {months} 个月")),
    );
    let own = listing
        .pay_text
        .as_deref()
        .map(str::trim)
        .filter(|own| !own.is_empty());
    notes.extend(
        own.filter(|own| *own != pay.short_text())
            .map(|own| format!("原文：{own}")),
    );
    notes.join("，")
}

fn unit_words(unit: PayUnit) -> &'static str {
    match unit {
        PayUnit::Hour => "每小时",
        PayUnit::Day => "每天",
        PayUnit::Month => "每月",
        PayUnit::Year => "每年",
    }
}

fn age(listing: &Listing, today: NaiveDate) -> String {
    let published = day_text(listing.published_on, today);
    if listing.valid_to == today {
        return format!("{published}发布，今天是最后一天");
    }
    format!("{published}发布，{}前有效", last_day(listing, today))
}

/// The day after the last one: `12月23日前` holds through the 22nd.
fn last_day(listing: &Listing, today: NaiveDate) -> String {
    let end = listing.valid_to.succ_opt().unwrap_or(listing.valid_to);
    if end == today {
        month_day_text(end)
    } else {
        day_text(end, today)
    }
}

fn facts(listing: &Listing) -> Vec<FactView> {
    let known = [
        (
            FactTopic::Place,
            listing.place.as_ref().map(|place| place.text.clone()),
        ),
        (FactTopic::Headcount, listing.headcount.map(headcount_words)),
        (
            FactTopic::Education,
            listing.education.map(Education::text).map(str::to_owned),
        ),
        (
            FactTopic::Experience,
            listing.experience.map(Experience::text),
        ),
        (
            FactTopic::JobForm,
            listing.job_form.map(JobForm::text).map(str::to_owned),
        ),
        (FactTopic::Industry, listing.industry.clone()),
    ];
    let fact = |(topic, text): (FactTopic, Option<String>)| Some(FactView { topic, text: text? });
    known.into_iter().filter_map(fact).collect()
}

fn headcount_words(headcount: Headcount) -> String {
    match headcount {
        Headcount::Several => "招若干人".to_owned(),
        Headcount::Exactly { people } => format!("招 {} 人", thousands(people)),
    }
}

#[cfg(test)]
mod tests {
    use chrono::Days;
    use domain::money::Fen;
    use domain::pay::UnitBasis;

    use super::*;
    use crate::index::sample::{listing, place, today};

    fn paid(amount: PayAmount, unit: PayUnit, basis: UnitBasis, own: &str) -> (String, String) {
        let mut stated = listing(1, "电工");
        stated.pay = Some(Pay {
            amount,
            unit,
            basis,
            months_per_year: None,
        });
        stated.pay_text = Some(own.to_owned());
        let shown = view(&stated, today(), "http://hall");
        (shown.pay, shown.pay_note)
    }

    #[test]
    fn pay_is_shown_as_stated_with_its_unit_in_words() {
        let range = PayAmount::Range {
            low: Fen(550_000),
            high: Fen(700_000),
        };
        let daily = PayAmount::Range {
            low: Fen(32_000),
            high: Fen(32_000),
        };
        for (shown, pay, note) in [
            (
                paid(range, PayUnit::Month, UnitBasis::Stated, "5,500–7,000 元"),
                "5,500–7,000 元",
                "每月",
            ),
            (
                paid(range, PayUnit::Month, UnitBasis::Stated, "5.5-7千"),
                "5,500–7,000 元",
                "每月，原文：5.5-7千",
            ),
            (
                paid(daily, PayUnit::Day, UnitBasis::Stated, "320 元/天"),
                "320 元",
                "每天",
            ),
            (
                paid(
                    PayAmount::Negotiable,
                    PayUnit::Month,
                    UnitBasis::Inferred,
                    "面议",
                ),
                "面议",
                "",
            ),
        ] {
            assert_eq!((shown.0.as_str(), shown.1.as_str()), (pay, note));
        }
    }

    #[test]
    fn an_inferred_unit_is_said_and_unknown_pay_keeps_the_employers_words() {
        let from = PayAmount::From { low: Fen(500_000) };
        let (_, note) = paid(from, PayUnit::Month, UnitBasis::Inferred, "5000");
        assert_eq!(note, "每月，单位没写按什么算，这是一般的算法，原文：5000");
        let mut unread = listing(1, "电工");
        unread.pay_text = Some("看手艺".to_owned());
        let shown = view(&unread, today(), "http://hall");
        assert_eq!(
            (shown.pay.as_str(), shown.pay_note.as_str()),
            ("看手艺", "")
        );
    }

    #[test]
    fn only_known_facts_are_shown() {
        let mut known = listing(1, "电工");
        assert_eq!(view(&known, today(), "http://hall").facts, []);
        known.place = Some(place("甲市", Some("乙区")));
        known.headcount = Some(Headcount::Exactly { people: 4 });
        let facts = view(&known, today(), "http://hall").facts;
        let texts: Vec<&str> = facts.iter().map(|fact| fact.text.as_str()).collect();
        assert_eq!(texts, ["甲市·乙区", "招 4 人"]);
    }

    #[test]
    fn the_age_says_when_it_ends() {
        let mut known = listing(1, "电工");
        assert_eq!(view(&known, today(), "").age, "今天发布，今天是最后一天");
        known.published_on = today() - Days::new(1);
        known.valid_to = today() + Days::new(9);
        assert_eq!(view(&known, today(), "").age, "昨天发布，12月3日前有效");
    }

    #[test]
    fn the_qr_opens_the_public_page_of_the_listing() {
        let known = listing(1, "电工");
        let shown = view(&known, today(), "http://hall.example/");
        assert_eq!(
            shown.qr_target,
            format!("http://hall.example/v/{}", known.short_id)
        );
    }

    #[test]
    fn the_position_has_a_total_once_it_is_counted() {
        assert_eq!(
            position_text(1, Some(Count::Exactly(86))),
            "第 1 个，共 86 个"
        );
        assert_eq!(position_text(5, None), "第 5 个");
    }
}
