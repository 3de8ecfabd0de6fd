//! 人岗匹配 over HTTP: what a clerk sees from a jobseeker and from a vacancy, and where it leads.

use std::collections::{BTreeMap, BTreeSet};

use domain::case::{Actor, Channel, Role as CaseRole, Value, Values};
use domain::id::{KindId, PersonId, RecordId, StationCode};
use domain::money::Fen;
use domain::personal::Pii;

use super::*;
use crate::cases::NewCase;
use crate::synthetic::id_number;

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

fn texts(text_of: &str) -> Value {
    Value::List(vec![text(text_of)])
}

fn choice(code: &str) -> Value {
    Value::Choice(code.into())
}

fn values<const N: usize>(fields: [(&str, Value); N]) -> Values {
    fields.map(|(id, value)| (id.to_owned(), value)).into()
}

/// Somebody of the register: sex and birth as given.
fn person(sex: &str, born: &str, sequence: u64) -> Values {
    let born: NaiveDate = born.parse().unwrap();
    let number = id_number("999999", born, sequence);
    values([
        ("name", Value::Personal(Pii::new("万小样".into()))),
        ("id_type", choice("resident")),
        ("id_number", Value::Personal(Pii::new(number))),
        ("sex", choice(sex)),
        ("birth_date", Value::Date(born)),
        (
            "address",
            Value::Personal(Pii::new("月湖区示例大道1号".into())),
        ),
        ("phone", Value::Personal(Pii::new("15412345678".into()))),
    ])
}

fn seeker(occupation: &str) -> Values {
    let until = NOW.plus_ms(30 * 24 * 3_600_000).hall_date();
    values([
        ("hukou_type", choice("urban")),
        ("education", choice("senior_middle")),
        ("want_occ", texts(occupation)),
        ("want_place", texts("月湖区")),
        ("want_wage_min", Value::Money(Fen(450_000))),
        ("labor_status", choice("unemployed")),
        ("consent", texts("推送岗位，2026-11-20，窗口签字")),
        ("active_to", Value::Date(until)),
    ])
}

impl Hall {
    async fn add(&self, kind: &str, person: Option<RecordId>, values: Values) -> RecordId {
        let actor = Actor {
            staff: None,
            roles: BTreeSet::from([CaseRole::System]),
            deputy: BTreeMap::new(),
            kin: BTreeSet::new(),
            address: String::new(),
        };
        let new = NewCase {
            kind: KindId::new(kind).unwrap(),
            channel: Channel::Import,
            station: StationCode::new("YH-C").unwrap(),
            person: person.map(|person| PersonId(person.0)),
            employer: None,
            values,
            corrects: None,
        };
        self.app
            .inner
            .cases
            .open(new, actor, self.app.now())
            .await
            .unwrap()
    }
}

/// The scores of a page, best first.
fn scores(page: &str) -> Vec<&str> {
    let cells = page.split("<td class=\"num\"><b>").skip(1);
    cells.map(|rest| rest.split('<').next().unwrap()).collect()
}

#[tokio::test]
async fn a_clerk_sees_why_a_vacancy_fits_and_opens_a_match_that_is_filled() {
    let hall = Hall::open().await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    let who = hall
        .add("person", None, person("female", "1990-05-01", 992))
        .await;
    let record = hall.add("jobseeker", Some(who), seeker("电工")).await;

    let own = hall.page(&format!("/staff/record/{record}"), &cookie).await;
    assert!(own.contains(&format!("/staff/record/{record}/matches")));
    let page = hall
        .page(&format!("/staff/record/{record}/matches"), &cookie)
        .await;
    assert!(
        page.contains("职业 35 / 35 <span class=\"soft\">就是想找的工作"),
        "{page}"
    );
    assert!(page.contains("岗位没写，按一半算"));

    let form = page
        .split("href=\"")
        .find(|part| part.starts_with("/staff/records/job_match/new"));
    let form = form
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .replace("&amp;", "&");
    let form = hall.page(&form, &cookie).await;
    let score = scores(&page)[0];
    assert!(
        form.contains(&format!("value=\"{score}\"")),
        "the score is filled in"
    );
    assert!(
        form.contains("就是想找的工作") && form.contains("VACANCY-"),
        "{form}"
    );
}

#[tokio::test]
async fn sex_and_age_leave_the_score_as_it_is() {
    let hall = Hall::open().await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    let mut found = Vec::new();
    for (sex, born, sequence) in [
        ("female", "1968-02-29", 990),
        ("male", "2006-12-31", 991),
        ("male", "1985-01-01", 993),
    ] {
        let who = hall.add("person", None, person(sex, born, sequence)).await;
        let record = hall.add("jobseeker", Some(who), seeker("电工")).await;
        let page = hall
            .page(&format!("/staff/record/{record}/matches"), &cookie)
            .await;
        found.push(scores(&page).join(" "));
    }
    assert!(!found[0].is_empty());
    assert_eq!(found[0], found[1]);
    assert_eq!(found[0], found[2]);
}

#[tokio::test]
async fn from_a_vacancy_those_who_want_it_come_first_and_what_changes_is_seen_at_once() {
    let hall = Hall::open().await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    let who = hall
        .add("person", None, person("male", "1990-05-01", 991))
        .await;
    let cook = hall.add("jobseeker", Some(who), seeker("厨师")).await;
    let vacancies = hall.page("/staff/records/vacancy", &cookie).await;
    let vacancy = vacancies
        .split("/staff/record/")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let matches = format!("/staff/record/{vacancy}/matches");

    let alone = hall.page(&matches, &cookie).await;
    assert!(alone.contains(&format!("/staff/record/{cook}")));
    let electrician = hall.add("jobseeker", Some(who), seeker("电工")).await;
    let both = hall.page(&matches, &cookie).await;
    let place = |record: RecordId| both.find(&format!("/staff/record/{record}")).unwrap();
    assert!(
        place(electrician) < place(cook),
        "who wants the work stands first"
    );

    let query = AuditFilter {
        subject: String::new(),
        ..AuditFilter::default()
    };
    let read = hall
        .app
        .inner
        .store
        .read(move |reader| reader.audit_lines(&query, 0, 50));
    let lines = read.await.unwrap();
    assert!(
        lines
            .iter()
            .any(|line| line.subject.ends_with("的匹配名单")),
        "who reads a list of jobseekers is written down"
    );
}

#[tokio::test]
async fn what_is_not_open_says_so_and_other_kinds_have_no_such_page() {
    let hall = Hall::open().await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    let draft = hall
        .add("vacancy", None, values([("title", text("电工"))]))
        .await;
    let page = hall
        .page(&format!("/staff/record/{draft}/matches"), &cookie)
        .await;
    assert!(page.contains("这条现在是“草稿”"), "{page}");
    let who = hall
        .add("person", None, person("male", "1990-05-01", 991))
        .await;
    let other = hall.get(&format!("/staff/record/{who}/matches"));
    let answer = other.header(header::COOKIE, &cookie).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
}
