//! Every staff route with every role, over HTTP, against the table that the router itself gives.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::Method;
use domain::case::Role;
use reqwest::{StatusCode, header};
use uuid::Uuid;
use wire::event::RoleGrant;

use super::tests::{Hall, PASSWORD, hall_id};
use super::{RouteEntry, table};
use crate::pages::fixtures::NOW;
use crate::staff::{self, GRANTABLE, NewStaff, RIGHTS};

/// An address of a route: what varies is something that may be asked for.
fn address(route: &RouteEntry) -> String {
    let somebody = Uuid::from_u128(77).to_string();
    let act = match route.path {
        "/staff/console/{act}" => "call-next",
        "/staff/hall/window/{act}" => "open",
        "/staff/guide/slip/{act}" => "return",
        "/staff/devices/{device}/{act}" => "help",
        "/staff/accounts/{staff}/{act}" => "unlock",
        _ => "",
    };
    let path = route.path.replace("{act}", act).replace("{id}", "1");
    path.replace("{device}", &somebody)
        .replace("{staff}", &somebody)
        .replace("{ticket}", &somebody)
}

/// The cookie of somebody with these roles.
async fn cookie_of(hall: &Hall, login: &str, roles: &[Role]) -> String {
    let new = NewStaff {
        name: "样例".into(),
        login: login.to_owned(),
        clerk_no: String::new(),
        hall: hall_id(),
        roles: roles.iter().copied().map(RoleGrant::everywhere).collect(),
    };
    let store = hall.app.inner.store.clone();
    let added = tokio::task::spawn_blocking(move || staff::add(&store, new, PASSWORD, NOW));
    added.await.unwrap().unwrap();
    let new = hall.app.sign_in(login, PASSWORD, "").await.unwrap();
    format!("staff_session={}", &*new.cookie)
}

/// Whether a call was refused for want of the right; the sentence tells it from a stale form.
async fn is_denied(hall: &Hall, route: &RouteEntry, cookie: &str) -> bool {
    let answer = ask(hall, route, cookie).await;
    if answer.status() != StatusCode::FORBIDDEN {
        return false;
    }
    let text = answer.text().await.unwrap();
    let is_denied = text.contains("您的身份不能");
    let words = text.contains("请找管账号的人") && text.contains("回我的工作");
    assert!(!is_denied || words, "{route:?}: {text}");
    assert!(is_denied || text.contains("放得太久"), "{route:?}: {text}");
    is_denied
}

/// Acts are asked for without a form token: nobody gets further than that, and nothing changes.
async fn ask(hall: &Hall, route: &RouteEntry, cookie: &str) -> reqwest::Response {
    let path = address(route);
    let request = match route.method {
        Method::POST => hall.post(&path, &[("window", "3")]),
        _ => hall.get(&path),
    };
    request.header(header::COOKIE, cookie).send().await.unwrap()
}

#[tokio::test]
async fn every_route_is_open_to_the_roles_of_its_right_and_to_nobody_else() {
    let hall = Hall::open().await;
    let mut wrong = Vec::new();
    for role in Role::ALL.iter().copied().filter(|role| GRANTABLE(*role)) {
        let cookie = cookie_of(&hall, role.word(), &[role]).await;
        for route in table() {
            if is_denied(&hall, &route, &cookie).await == route.right.has(role) {
                wrong.push(format!(
                    "{} {} as {}",
                    route.method,
                    route.path,
                    role.word()
                ));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[tokio::test]
async fn whoever_has_no_role_sees_the_own_account_and_the_empty_start_page_only() {
    let hall = Hall::open().await;
    let cookie = cookie_of(&hall, "nobody", &[]).await;
    let mut open = BTreeSet::new();
    for route in table() {
        if !is_denied(&hall, &route, &cookie).await {
            open.insert(route.right.name);
        }
    }
    assert_eq!(open, ["OwnAccount", "StartWork"].into());
}

#[tokio::test]
async fn whoever_is_not_signed_in_is_led_to_the_door() {
    let hall = Hall::open().await;
    for route in table() {
        let answer = ask(&hall, &route, "").await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{route:?}");
        let to = answer.headers()[header::LOCATION].to_str().unwrap();
        assert!(to.starts_with("/staff/sign-in"), "{route:?}: {to}");
    }
}

#[tokio::test]
async fn no_act_is_taken_without_the_form_token_of_the_session() {
    let hall = Hall::open().await;
    let all: Vec<Role> = Role::ALL
        .iter()
        .copied()
        .filter(|role| GRANTABLE(*role))
        .collect();
    let cookie = cookie_of(&hall, "all", &all).await;
    let acts = table()
        .into_iter()
        .filter(|route| route.method == Method::POST);
    for route in acts {
        for token in ["", "0000"] {
            let fields = [("window", "3"), ("form_token", token)];
            let act = hall
                .post(&address(&route), &fields)
                .header(header::COOKIE, &cookie);
            let answer = act.send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{route:?}");
            assert!(
                answer.text().await.unwrap().contains("放得太久"),
                "{route:?}"
            );
        }
    }
}

#[tokio::test]
async fn the_menu_shows_what_is_open_and_every_page_has_the_headers() {
    let hall = Hall::open().await;
    let cookie = cookie_of(&hall, "aud", &[Role::Auditor]).await;
    let page = hall.page("/staff", &cookie).await;
    assert!(page.contains("href=\"/staff/audit\"") && page.contains("href=\"/staff/fleet\""));
    assert!(!page.contains("href=\"/staff/accounts\"") && !page.contains("去叫号"));
    let answer = hall
        .get("/staff")
        .header(header::COOKIE, &cookie)
        .send()
        .await
        .unwrap();
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
        ("x-frame-options", "DENY"),
    ] {
        assert_eq!(answer.headers()[name], value, "{name}");
    }
    let policy = answer.headers()["content-security-policy"]
        .to_str()
        .unwrap();
    assert!(policy.contains("frame-ancestors 'none'"));
}

/// A path stands once per method, and its right is a line of the one table of rights.
#[test]
fn the_table_is_whole() {
    let mut seen = BTreeMap::new();
    for route in table() {
        let twice = seen.insert((route.method.to_string(), route.path), ());
        assert!(twice.is_none(), "{route:?} stands twice");
        assert!(RIGHTS.contains(&route.right));
    }
    assert!(seen.len() > 20);
}
