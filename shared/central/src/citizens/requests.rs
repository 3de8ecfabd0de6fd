//! What a citizen asks for, as values of a record: bounded, and without numbers of persons in what a
//! self-check heard.

use domain::case::{Value, Values};
use domain::personal::Pii;
use serde::Serialize;
use wire::citizen::{
    ANSWER_CHARS_MAX, ANSWERS_MAX, AskApplication, AskGuidance, CallTime, GuidanceAbout,
    SelfCheckAnswer,
};
use wire::problem::Problem;

use super::bad_request;

/// So many digits in a row are a telephone or an identity number.
const DIGITS_MAX: usize = 6;

/// The whole request, of which only a keyed hash is kept.
pub(super) fn body(asked: &impl Serialize) -> Result<Pii<String>, Problem> {
    let text = serde_json::to_string(asked);
    let text = text.map_err(|_| bad_request("请求的内容读不出来。"))?;
    Ok(Pii::new(text))
}

/// # Errors
/// `BadRequest` for answers that are too many, too long, or hold a number.
pub(super) fn application(
    asked: &AskApplication,
    kind_name: &str,
    phone: Pii<String>,
) -> Result<Values, Problem> {
    if asked.answers.len() > ANSWERS_MAX || !asked.answers.iter().all(is_within_bounds) {
        return Err(bad_request("自测的回答太多、太长，或者写了号码。"));
    }
    let mut values = values("application", kind_name, phone, asked.at);
    let line = |it: &SelfCheckAnswer| Value::Text(format!("{}：{}", it.question, it.answer));
    if !asked.answers.is_empty() {
        let lines = asked.answers.iter().map(line).collect();
        values.insert("answers".to_owned(), Value::List(lines));
    }
    Ok(values)
}

pub(super) fn guidance(asked: &AskGuidance, phone: Pii<String>) -> Values {
    let about = match asked.about {
        GuidanceAbout::Career => "职业指导",
        GuidanceAbout::Startup => "创业指导",
    };
    let in_view = asked.listing.as_ref();
    let wanted = in_view.map_or_else(
        || about.to_owned(),
        |listing| format!("{about}，想报的岗位 {listing}"),
    );
    values("guidance", &wanted, phone, asked.at)
}

fn values(request: &str, wanted: &str, phone: Pii<String>, at: CallTime) -> Values {
    let at = match at {
        CallTime::Morning => "morning",
        CallTime::Afternoon => "afternoon",
        CallTime::Any => "any",
    };
    let values = [
        ("request", Value::Choice(request.to_owned())),
        ("wanted", Value::Text(wanted.to_owned())),
        ("mobile", Value::Personal(phone)),
        ("at", Value::Choice(at.to_owned())),
    ];
    values.map(|(id, value)| (id.to_owned(), value)).into()
}

fn is_within_bounds(answer: &SelfCheckAnswer) -> bool {
    [&answer.question, &answer.answer].into_iter().all(|text| {
        let is_short = (1..=ANSWER_CHARS_MAX).contains(&text.chars().count());
        is_short && !text.chars().any(char::is_control) && longest_number(text) <= DIGITS_MAX
    })
}

/// How many digits stand in a row at most.
fn longest_number(text: &str) -> usize {
    let numbers = text.split(|c: char| !c.is_numeric());
    numbers
        .map(|number| number.chars().count())
        .max()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(question: &str, answer: &str) -> SelfCheckAnswer {
        SelfCheckAnswer {
            question: question.to_owned(),
            answer: answer.to_owned(),
        }
    }

    #[test]
    fn an_answer_is_short_and_holds_no_number_of_a_person() {
        assert!(is_within_bounds(&answer("毕业几年了", "2 年以内")));
        assert!(is_within_bounds(&answer("哪一年毕业", "202506")));
        assert!(!is_within_bounds(&answer("电话", "15400000001")));
        assert!(!is_within_bounds(&answer("", "是")));
        assert!(!is_within_bounds(&answer("问", &"长".repeat(61))));
    }
}
