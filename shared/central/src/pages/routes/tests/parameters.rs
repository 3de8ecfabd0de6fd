//! A parameter's change through the pages: two persons, and who may at all.

use domain::case::Role as Duty;
use wire::event::RoleGrant;

use super::*;

fn add(store: &Store, login: &str, role: Duty) {
    let new = NewStaff {
        name: format!("{login}小样"),
        login: login.into(),
        clerk_no: "0400".into(),
        hall: hall_id(),
        roles: [RoleGrant::everywhere(role)].into(),
    };
    staff::add(store, new, PASSWORD, NOW).unwrap();
}

/// A director and the head of a section, signed in.
async fn two_persons(hall: &Hall) -> [String; 2] {
    let store = hall.app.inner.store.clone();
    let added = tokio::task::spawn_blocking(move || {
        add(&store, "dir", Duty::Director);
        add(&store, "chief", Duty::Chief);
    });
    added.await.unwrap();
    let (_, director) = hall.sign_in_as("dir", PASSWORD).await;
    let (_, chief) = hall.sign_in_as("chief", PASSWORD).await;
    [director, chief]
}

async fn send(
    hall: &Hall,
    cookie: &str,
    act: &str,
    fields: &[(&str, &str)],
) -> (StatusCode, String) {
    let token = form_token(&hall.page("/staff/parameters", cookie).await);
    let mut all = vec![("form_token", token.as_str())];
    all.extend_from_slice(fields);
    let request = hall.post(&format!("/staff/parameters/{act}"), &all);
    let answer = request.header(header::COOKIE, cookie).send().await.unwrap();
    (answer.status(), answer.text().await.unwrap())
}

fn entry<'f>(value: &'f str, from: &'f str) -> [(&'f str, &'f str); 5] {
    [
        ("key", "ticket.call_times"),
        ("region", ""),
        ("value", value),
        ("from", from),
        ("source", "样例〔2026〕1号"),
    ]
}

#[tokio::test]
async fn one_person_enters_and_only_another_one_confirms() {
    let hall = Hall::open().await;
    let [director, chief] = two_persons(&hall).await;
    let (status, page) = send(&hall, &director, "propose", &entry("2", "2026-11-23")).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    let proposal = hidden(&page, "proposal").unwrap();
    let fields = [("proposal", proposal.as_str())];
    let (status, page) = send(&hall, &director, "confirm", &fields).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(page.contains("另一位同事"), "{page}");
    let (status, _) = send(&hall, &chief, "confirm", &fields).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(hall.app.inner.in_force.now().hall.queue.call_times, 2);
    let opened = hall
        .page("/staff/parameters?key=ticket.call_times", &director)
        .await;
    assert!(opened.contains("dir小样录入，chief小样复核"), "{opened}");
}

#[tokio::test]
async fn a_refused_entry_keeps_what_was_typed_and_says_why() {
    let hall = Hall::open().await;
    let [director, _] = two_persons(&hall).await;
    let (status, page) = send(&hall, &director, "propose", &entry("两次", "2027-01-01")).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(
        page.contains("要填整数") && page.contains("value=\"两次\""),
        "{page}"
    );
}

#[tokio::test]
async fn a_year_that_nobody_recorded_is_missed_from_november_on_and_counts_once_two_entered_it() {
    let hall = Hall::open().await;
    let [director, chief] = two_persons(&hall).await;
    let missed = "2027 年的放假和补班安排还没有录入";
    let start = hall.page("/staff", &director).await;
    assert!(
        start.contains(missed) && start.contains("/staff/parameters?key=calendar.days_off"),
        "{start}"
    );
    let form = hall
        .page("/staff/parameters?key=calendar.days_off", &director)
        .await;
    assert!(form.contains("一年录一条"), "{form}");
    let rules = || hall.app.inner.cases.shared_rules();
    let new_year = chrono::NaiveDate::from_ymd_opt(2027, 1, 1).unwrap();
    let refusal = rules().is_workday(new_year).unwrap_err().to_string();
    assert!(
        refusal.contains("股室负责人或中心领导") && refusal.contains("“放假和补班安排”"),
        "{refusal}"
    );
    let year = |value, from| {
        [
            ("key", "calendar.days_off"),
            ("region", ""),
            ("value", value),
            ("from", from),
            ("source", "样例〔2026〕2号"),
        ]
    };
    let wrong = year("2027-01-01 休息 元旦", "2027-01-01");
    let (status, page) = send(&hall, &director, "propose", &wrong).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(page.contains("第 1 项看不懂"), "{page}");
    let days = "2027-01-01 放假 元旦；2027-02-06至2027-02-12 放假 春节；2027-02-20 补班 春节";
    let part = year(days, "2027-02-01");
    let (_, page) = send(&hall, &director, "propose", &part).await;
    assert!(page.contains("1 月 1 日"), "{page}");
    let right = year(days, "2027-01-01");
    let (status, page) = send(&hall, &director, "propose", &right).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    let proposal = hidden(&page, "proposal").unwrap();
    let fields = [("proposal", proposal.as_str())];
    let (status, _) = send(&hall, &chief, "confirm", &fields).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(rules().is_workday(new_year), Ok(false));
    let makeup = chrono::NaiveDate::from_ymd_opt(2027, 2, 20).unwrap();
    assert_eq!(rules().is_workday(makeup), Ok(true));
    assert!(!hall.page("/staff", &director).await.contains(missed));
}
