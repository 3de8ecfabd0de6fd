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
