//! Invented vacancies as a CSV file of the import's own columns, oldest first, because the order
//! of first publication is what "newest" means.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate};
use domain::listing::{Education, JobForm};

use super::employer::Employers;
use super::random::Stream;
use super::recipe::{ExperienceWord, Occupation, PaidBy, Profile, Recipe};

/// An occupation in its peak month is drawn this much more often, in percent.
const PEAK_PERCENT: u32 = 160;

/// A gig is posted at most this many days before and shown at most this many days after.
const GIG_DAYS: u64 = 3;

/// "Expiring soon" means within this many days.
const SOON_DAYS: u64 = 3;

const HEADER: [&str; 13] = [
    "source_id",
    "title",
    "employer",
    "district",
    "salary_text",
    "education",
    "experience",
    "headcount",
    "industry",
    "job_form",
    "posted_at",
    "description",
    "valid_to",
];

/// A vacancy file with `profile.listings` rows. The same recipe, profile, seed and day give the
/// same bytes.
#[must_use]
pub fn vacancies_csv(recipe: &Recipe, profile: &Profile, seed: u64, as_of: NaiveDate) -> String {
    let employers = Employers::invent(recipe, profile.employers, seed);
    let mut streams = Streams::new(seed);
    let days = posting_days(recipe, profile, as_of, &mut streams.date);
    let mut csv = csv::Writer::from_writer(Vec::new());
    let written = "a record is written, because writing to memory does not fail";
    csv.write_record(HEADER).expect(written);
    for (index, posted_on) in days.into_iter().enumerate() {
        let row = streams.row(recipe, &employers, posted_on, as_of);
        let mut record = vec![format!("demo-{:06}", index + 1)];
        record.extend(row);
        csv.write_record(&record).expect(written);
    }
    let bytes = csv
        .into_inner()
        .expect("the bytes come back, because memory needs no flushing");
    String::from_utf8(bytes).expect("UTF-8, because only strings were written")
}

/// The days of posting, oldest first, by the seasons of the recipe.
fn posting_days(
    recipe: &Recipe,
    profile: &Profile,
    as_of: NaiveDate,
    stream: &mut Stream,
) -> Vec<NaiveDate> {
    let history: Vec<NaiveDate> = (0..u64::from(profile.history_days.max(1)))
        .filter_map(|back| as_of.checked_sub_days(Days::new(back)))
        .collect();
    let volume = |day: &NaiveDate| recipe.month_volume_percent[day.month0() as usize];
    let mut days: Vec<NaiveDate> = (0..profile.listings)
        .map(|_| history[stream.weighted(history.iter().map(volume))])
        .collect();
    days.sort_unstable();
    days
}

/// One stream for each kind of fact.
struct Streams {
    date: Stream,
    occupation: Stream,
    employer: Stream,
    place: Stream,
    pay: Stream,
    terms: Stream,
    words: Stream,
    validity: Stream,
}

impl Streams {
    fn new(seed: u64) -> Self {
        Self {
            date: Stream::new(seed, "listing.date"),
            occupation: Stream::new(seed, "listing.occupation"),
            employer: Stream::new(seed, "listing.employer"),
            place: Stream::new(seed, "listing.place"),
            pay: Stream::new(seed, "listing.pay"),
            terms: Stream::new(seed, "listing.terms"),
            words: Stream::new(seed, "listing.words"),
            validity: Stream::new(seed, "listing.validity"),
        }
    }

    /// The cells after the id.
    fn row(
        &mut self,
        recipe: &Recipe,
        employers: &Employers,
        posted_on: NaiveDate,
        as_of: NaiveDate,
    ) -> [String; 12] {
        let occupation = self.occupation(recipe, posted_on);
        let form = *drawn(&occupation.job_forms, &mut self.terms);
        let posted_on = if form == JobForm::Gig {
            self.gig_day(as_of)
        } else {
            posted_on
        };
        let road = self.place.pick(&recipe.places.roads).clone();
        let suffix = self
            .words
            .weighted(recipe.title_suffixes.iter().map(|s| s.share_permille));
        let title = self.words.pick(&occupation.titles);
        [
            format!("{title}{}", recipe.title_suffixes[suffix].text),
            employers
                .pick(&occupation.industry, &mut self.employer)
                .to_owned(),
            self.place(recipe, &road),
            self.pay(recipe, occupation),
            education_word(*drawn(
                &recipe.education_mixes[&occupation.education_mix],
                &mut self.terms,
            ))
            .to_owned(),
            experience_word(*drawn(
                &recipe.experience_mixes[&occupation.experience_mix],
                &mut self.terms,
            ))
            .to_owned(),
            self.headcount(recipe),
            occupation.industry.clone(),
            form_word(form).to_owned(),
            posted_on.to_string(),
            self.description(recipe, occupation, &road),
            self.valid_to(recipe, form, posted_on, as_of).to_string(),
        ]
    }

    fn occupation<'r>(&mut self, recipe: &'r Recipe, posted_on: NaiveDate) -> &'r Occupation {
        let weight = |occupation: &Occupation| {
            let peak = occupation.peak_months.contains(&posted_on.month());
            occupation.weight * if peak { PEAK_PERCENT } else { 100 }
        };
        let index = self
            .occupation
            .weighted(recipe.occupations.iter().map(weight));
        &recipe.occupations[index]
    }

    fn gig_day(&mut self, as_of: NaiveDate) -> NaiveDate {
        as_of - Days::new(self.date.below(GIG_DAYS))
    }

    fn place(&mut self, recipe: &Recipe, road: &str) -> String {
        let districts = &recipe.places.districts;
        let index = self
            .place
            .weighted(districts.iter().map(|d| d.share_permille));
        format!("{}-{}-{road}", recipe.places.city, districts[index].name)
    }

    /// Pay text in several of the usual spellings.
    fn pay(&mut self, recipe: &Recipe, occupation: &Occupation) -> String {
        if self.pay.permille(recipe.negotiable_permille) {
            return "面议".to_owned();
        }
        let median = occupation.pay_median_yuan;
        let (step, least) = match occupation.pay_unit {
            PaidBy::Month => (recipe.pay_step_yuan, recipe.minimum_month_pay_yuan),
            PaidBy::Day => (recipe.day_pay_step_yuan, recipe.day_pay_step_yuan),
            PaidBy::Hour => (recipe.hour_pay_step_yuan, recipe.hour_pay_step_yuan),
        };
        let middle = self.pay.log_normal(median);
        let half_width = middle * (5 + self.pay.below(12)) / 100;
        let low = ((middle - half_width) / step * step).max(least.div_ceil(step) * step);
        let high = ((middle + half_width).div_ceil(step) * step).max(low);
        match occupation.pay_unit {
            PaidBy::Month => self.month_pay(low, high),
            PaidBy::Day if self.pay.permille(500) => format!("{high}元/天"),
            PaidBy::Day => format!("{low}-{high}元/天"),
            PaidBy::Hour => format!("{high}元/小时"),
        }
    }

    fn month_pay(&mut self, low: u64, high: u64) -> String {
        match self.pay.below(10) {
            0 => format!("{low}元/月以上"),
            1 => format!("{}-{}千/月", thousands(low), thousands(high)),
            2 => format!("{}-{}K", thousands(low), thousands(high)),
            _ => format!("{low}-{high}元/月"),
        }
    }

    fn headcount(&mut self, recipe: &Recipe) -> String {
        let index = self
            .terms
            .weighted(recipe.headcounts.iter().map(|h| h.share_permille));
        match recipe.headcounts[index].people {
            0 => "若干人".to_owned(),
            people => format!("{people}人"),
        }
    }

    fn description(&mut self, recipe: &Recipe, occupation: &Occupation, road: &str) -> String {
        let duties = occupation.duties.join("；");
        let shift = self.words.pick(&recipe.shifts).clone();
        let mut benefits = BTreeSet::new();
        for _ in 0..3 {
            benefits.insert(self.words.pick(&recipe.benefits).as_str());
        }
        let benefits: Vec<&str> = benefits.into_iter().collect();
        let number = 1 + self.words.below(300);
        format!(
            "工作：{duties}。\n班次：{shift}。\n待遇：{}。\n上班地点：{road}{number}号。（演示数据）",
            benefits.join("，")
        )
    }

    fn valid_to(
        &mut self,
        recipe: &Recipe,
        form: JobForm,
        posted_on: NaiveDate,
        as_of: NaiveDate,
    ) -> NaiveDate {
        let soon = self.validity.permille(recipe.expiring_soon_permille);
        let within = self.validity.below(SOON_DAYS);
        let days = u64::from(recipe.valid_days);
        if form == JobForm::Gig {
            posted_on + Days::new(GIG_DAYS)
        } else if soon {
            as_of + Days::new(within)
        } else {
            (posted_on + Days::new(days)).max(as_of + Days::new(SOON_DAYS))
        }
    }
}

/// `4800` as `4.8`; hundreds only, because pay steps are of a hundred yuan.
fn thousands(yuan: u64) -> String {
    match (yuan / 1000, yuan % 1000 / 100) {
        (whole, 0) => whole.to_string(),
        (whole, tenth) => format!("{whole}.{tenth}"),
    }
}

fn drawn<'m, K>(mix: &'m BTreeMap<K, u32>, stream: &mut Stream) -> &'m K {
    let index = stream.weighted(mix.values().copied());
    mix.keys()
        .nth(index)
        .expect("an entry, because the recipe's reader refuses empty mixes")
}

fn education_word(education: Education) -> &'static str {
    match education {
        Education::Any => "学历不限",
        Education::Primary => "小学",
        Education::JuniorMiddle => "初中及以上",
        Education::SeniorMiddle => "高中/中专",
        Education::JuniorCollege => "大专",
        Education::Bachelor => "本科",
        Education::Master => "硕士",
        Education::Doctor => "博士",
    }
}

fn experience_word(experience: ExperienceWord) -> &'static str {
    match experience {
        ExperienceWord::None => "经验不限",
        ExperienceWord::Student => "应届生",
        ExperienceWord::OneYear => "1年以上",
        ExperienceWord::OneToThreeYears => "1-3年",
        ExperienceWord::ThreeToFiveYears => "3-5年",
        ExperienceWord::FiveYears => "5年以上",
    }
}

fn form_word(form: JobForm) -> &'static str {
    match form {
        JobForm::FullTime => "全职",
        JobForm::PartTime => "兼职",
        JobForm::Internship => "实习",
        JobForm::Gig => "零工",
    }
}
