//! A vacancy's record and its listing, to and fro: what an imported row says goes into the fields
//! of the record, and what the record says becomes the listing. Nothing of a row is lost on the
//! way, so that the record alone decides what the public sees. A field without a value is unknown,
//! never a default. The fields are those of `assets/case-kinds/employment/vacancy.toml`.

use chrono::NaiveDate;

use crate::case::{Value, Values};
use crate::listing::{Experience, Headcount, JobForm};
use crate::money::Fen;
use crate::pay::{self, Pay, PayAmount, PayParameters, PayUnit, UnitBasis};
use crate::place::Place;

use super::ListingDraft;

/// The values of a record that say what this draft says; what it does not know has none.
#[must_use]
pub fn to_values(draft: &ListingDraft) -> Values {
    let mut values = Values::new();
    let mut put = |field: &str, value: Option<Value>| {
        values.extend(value.map(|value| (field.to_owned(), value)));
    };
    let text = |text: &Option<String>| text.clone().map(Value::Text);
    put("title", Some(Value::Text(draft.title.clone())));
    put("employer_name", text(&draft.employer));
    let place = draft.place.as_ref();
    put("place", place.map(|place| Value::Text(place.text.clone())));
    put("wage_text", text(&draft.pay_text));
    let (low, high) = draft.pay.map_or((None, None), |pay| ends(pay.amount));
    put("wage_min", low.map(Value::Money));
    put("wage_max", high.map(Value::Money));
    let has_figures = low.is_some() || high.is_some();
    let unit = draft.pay.filter(|_| has_figures).map(|pay| pay.unit);
    put("wage_unit", unit.and_then(code));
    put("edu_min", draft.education.and_then(code));
    let (from, to, is_for_students) = years(draft.experience);
    put("exp_years", from.map(Value::Integer));
    put("exp_max", to.map(Value::Integer));
    put(
        "for_students",
        is_for_students.then_some(Value::Boolean(true)),
    );
    match draft.headcount {
        Some(Headcount::Exactly { people }) => {
            put("headcount", Some(Value::Integer(i64::from(people))));
        }
        Some(Headcount::Several) => put("several", Some(Value::Boolean(true))),
        None => {}
    }
    let form = draft.job_form.map(|form| form_code(form).to_owned());
    put("job_form", form.map(Value::Choice));
    put("industry", text(&draft.industry));
    put("description", text(&draft.description));
    put("posted_on", draft.posted_on.map(Value::Date));
    put("valid_to", draft.valid_to.map(Value::Date));
    values
}

/// What a record says of its vacancy. `employer` is the name of its registered employer, if it has
/// one; the monthly value of pay goes by `parameters`.
#[must_use]
pub fn from_values(
    values: &Values,
    employer: Option<String>,
    parameters: &PayParameters,
) -> ListingDraft {
    let (pay, pay_text) = pay_of(values);
    let monthly = pay.map(|pay| pay.monthly(parameters));
    ListingDraft {
        title: text(values, "title").unwrap_or_default(),
        employer: employer.or_else(|| text(values, "employer_name")),
        place: text(values, "place").and_then(|place| Place::parse(&place)),
        pay,
        pay_text,
        monthly: monthly.unwrap_or_default(),
        education: choice(values, "edu_min").and_then(coded),
        experience: experience(values),
        headcount: headcount(values),
        job_form: choice(values, "job_form").and_then(job_form),
        industry: text(values, "industry"),
        description: description(values),
        posted_on: day(values, "posted_on"),
        valid_to: day(values, "valid_to"),
    }
}

/// The source's words count as long as the figures say the same: they also tell that a unit was
/// inferred, and for how many months a year it is paid. Figures that a person put right stand alone.
fn pay_of(values: &Values) -> (Option<Pay>, Option<String>) {
    let words = text(values, "wage_text");
    let read = words
        .as_deref()
        .and_then(|words| pay::text::read(words).ok());
    match (figures(values), read) {
        (None, read) => (read, words),
        (Some(figures), None) => (Some(figures), words),
        (Some(figures), Some(read)) if is_same(figures, read) => (Some(read), words),
        (Some(figures), Some(_)) => (Some(figures), None),
    }
}

fn is_same(figures: Pay, read: Pay) -> bool {
    ends(figures.amount) == ends(read.amount) && figures.unit == read.unit
}

fn figures(values: &Values) -> Option<Pay> {
    let amount = match (money(values, "wage_min"), money(values, "wage_max")) {
        (Some(low), Some(high)) => PayAmount::Range { low, high },
        (Some(low), None) => PayAmount::From { low },
        (None, Some(high)) => PayAmount::UpTo { high },
        (None, None) => return None,
    };
    Some(Pay {
        amount,
        unit: choice(values, "wage_unit")
            .and_then(coded)
            .unwrap_or(PayUnit::Month),
        basis: UnitBasis::Stated,
        months_per_year: None,
    })
}

fn ends(amount: PayAmount) -> (Option<Fen>, Option<Fen>) {
    match amount {
        PayAmount::Range { low, high } => (Some(low), Some(high)),
        PayAmount::From { low } => (Some(low), None),
        PayAmount::UpTo { high } => (None, Some(high)),
        PayAmount::Negotiable => (None, None),
    }
}

/// Years from and to, and whether students may apply.
fn years(experience: Option<Experience>) -> (Option<i64>, Option<i64>, bool) {
    match experience {
        None => (None, None, false),
        Some(Experience::Student) => (None, None, true),
        Some(Experience::None) => (Some(0), None, false),
        Some(Experience::Years { from, to }) => (Some(from.into()), to.map(Into::into), false),
    }
}

fn experience(values: &Values) -> Option<Experience> {
    if values.get("for_students") == Some(&Value::Boolean(true)) {
        return Some(Experience::Student);
    }
    let years = |field| whole(values, field).and_then(|years| u8::try_from(years).ok());
    match (years("exp_years"), years("exp_max")) {
        (None, None) => None,
        (Some(0), None) => Some(Experience::None),
        (from, to) => Some(Experience::Years {
            from: from.unwrap_or(0),
            to,
        }),
    }
}

fn headcount(values: &Values) -> Option<Headcount> {
    if values.get("several") == Some(&Value::Boolean(true)) {
        return Some(Headcount::Several);
    }
    let people = whole(values, "headcount").and_then(|people| u32::try_from(people).ok());
    let people = people.filter(|people| *people > 0)?;
    Some(Headcount::Exactly { people })
}

fn form_code(form: JobForm) -> &'static str {
    match form {
        JobForm::FullTime => "fulltime",
        JobForm::PartTime => "parttime",
        JobForm::Gig => "gig",
        JobForm::Internship => "intern",
    }
}

fn job_form(code: &str) -> Option<JobForm> {
    match code {
        "fulltime" | "seasonal" | "public_post" => Some(JobForm::FullTime),
        "parttime" => Some(JobForm::PartTime),
        "gig" => Some(JobForm::Gig),
        "intern" => Some(JobForm::Internship),
        _ => None,
    }
}

fn description(values: &Values) -> Option<String> {
    let fields = ["duty", "requirement", "description"];
    let parts: Vec<_> = fields
        .iter()
        .filter_map(|field| text(values, field))
        .collect();
    (!parts.is_empty()).then(|| parts.join("\n"))
}

/// A code as a choice: the field's choices are spelt as the listing's own.
fn code<T: serde::Serialize>(value: T) -> Option<Value> {
    let code = serde_json::to_value(value).ok()?;
    code.as_str().map(|code| Value::Choice(code.to_owned()))
}

fn coded<T: serde::de::DeserializeOwned>(code: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::from(code)).ok()
}

fn text(values: &Values, field: &str) -> Option<String> {
    match values.get(field) {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    }
}

fn choice<'v>(values: &'v Values, field: &str) -> Option<&'v str> {
    match values.get(field) {
        Some(Value::Choice(code)) => Some(code),
        _ => None,
    }
}

fn whole(values: &Values, field: &str) -> Option<i64> {
    match values.get(field) {
        Some(Value::Integer(number)) => Some(*number),
        _ => None,
    }
}

fn money(values: &Values, field: &str) -> Option<Fen> {
    match values.get(field) {
        Some(Value::Money(fen)) => Some(*fen),
        _ => None,
    }
}

fn day(values: &Values, field: &str) -> Option<NaiveDate> {
    match values.get(field) {
        Some(Value::Date(day)) => Some(*day),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listing::Education;

    const PARAMETERS: PayParameters = PayParameters {
        paid_days_per_month_hundredths: 2_175,
        hours_per_day: 8,
    };

    fn draft(pay_text: Option<&str>) -> ListingDraft {
        let pay = pay_text.and_then(|text| pay::text::read(text).ok());
        ListingDraft {
            title: "维修电工".into(),
            employer: Some("示例丙铜业有限公司".into()),
            place: Place::parse("鹰潭-余江区"),
            pay,
            pay_text: pay_text.map(str::to_owned),
            monthly: pay.map(|pay| pay.monthly(&PARAMETERS)).unwrap_or_default(),
            education: Some(Education::SeniorMiddle),
            experience: None,
            headcount: None,
            job_form: Some(JobForm::Internship),
            industry: Some("有色金属冶炼".into()),
            description: Some("检修设备。\n两班倒。".into()),
            posted_on: NaiveDate::from_ymd_opt(2026, 11, 20),
            valid_to: None,
        }
    }

    fn there_and_back(draft: &ListingDraft) -> ListingDraft {
        from_values(&to_values(draft), None, &PARAMETERS)
    }

    #[test]
    fn whatever_a_row_says_of_pay_comes_back_from_the_record() {
        let words = [
            "5-7千/月",
            "320元/天",
            "18元/小时",
            "10-15万/年",
            "6000元以上",
            "最高9000元",
            "面议",
            "8000-12000元·13薪",
            "4500-6000",
            "看本事",
        ];
        for words in words.map(Some).into_iter().chain([None]) {
            let draft = draft(words);
            assert_eq!(there_and_back(&draft), draft, "{words:?}");
        }
    }

    #[test]
    fn whatever_a_row_says_of_experience_and_people_comes_back_from_the_record() {
        let years = |from, to| Some(Experience::Years { from, to });
        let asked = [
            None,
            Some(Experience::None),
            Some(Experience::Student),
            years(0, Some(1)),
            years(3, None),
            years(3, Some(5)),
        ];
        let people = [
            None,
            Some(Headcount::Several),
            Some(Headcount::Exactly { people: 30 }),
        ];
        for (experience, headcount) in asked
            .into_iter()
            .flat_map(|asked| people.map(|people| (asked, people)))
        {
            let draft = ListingDraft {
                experience,
                headcount,
                ..draft(None)
            };
            assert_eq!(there_and_back(&draft), draft);
        }
    }

    #[test]
    fn figures_that_a_person_put_right_stand_without_the_words_that_said_otherwise() {
        let mut values = to_values(&draft(Some("5-7千/月")));
        values.insert("wage_min".into(), Value::Money(Fen(450_000)));
        let listing = from_values(&values, None, &PARAMETERS);
        assert_eq!(listing.pay_text, None);
        let (low, high) = (Fen(450_000), Fen(700_000));
        assert_eq!(listing.pay.unwrap().amount, PayAmount::Range { low, high });
    }

    #[test]
    fn a_registered_employers_name_goes_before_the_sources() {
        let named = from_values(&to_values(&draft(None)), Some("示例甲".into()), &PARAMETERS);
        assert_eq!(named.employer.as_deref(), Some("示例甲"));
    }
}
