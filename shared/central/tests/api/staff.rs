//! Accounts over HTTP: the first one, one-time passwords, locks, sessions, roles, deputies, and the
//! trail of it all.

use central::admin::AdminRequest;
use central::staff::{CallTickets, Denied, RevealPersonal, SeeScores, Staff, StartWork};
use domain::case::Role;
use domain::id::StationCode;
use domain::personal::PersonField;
use reqwest::{StatusCode, header};
use wire::event::RoleGrant;

use crate::browser::Browser;
use crate::hall::{Hall, PASSWORD};

const MINUTE_MS: i64 = 60_000;

fn location(answer: &reqwest::Response) -> &str {
    answer.headers()[header::LOCATION].to_str().unwrap()
}

/// The one-time password on a page.
fn one_time(page: &str) -> String {
    let rest = page
        .split("<p><b>")
        .nth(1)
        .unwrap_or_else(|| panic!("{page}"));
    rest.split('<').next().unwrap().to_owned()
}

#[tokio::test]
async fn the_first_account_needs_the_code_and_then_the_page_is_gone() {
    let hall = Hall::open().await;
    let data = hall.folder.path();
    let code = hall.app.open_set_up(data).await.unwrap().unwrap();
    let file = data.join("set-up-code");
    assert_eq!(
        std::fs::read_to_string(&file).unwrap().trim(),
        code.reveal()
    );
    let mode = std::os::unix::fs::PermissionsExt::mode(&file.metadata().unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    let mut browser = Browser::new(&hall);
    assert_eq!(
        location(&browser.get("/staff/sign-in").await),
        "/staff/set-up"
    );
    let fill = |code: &str, password: &str| {
        [
            ("code", code),
            ("name", "万小样"),
            ("login", "wan"),
            ("password", password),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    for (code, password, again, words) in [
        ("wrong", PASSWORD, PASSWORD, "启用码不对"),
        (code.reveal(), PASSWORD, "another one", "两遍不一样"),
        (code.reveal(), "short", "short", "至少要 10 个字"),
    ] {
        let fields = fill(code, password);
        let mut fields: Vec<_> = fields
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        fields.push(("again", again));
        let answer = browser.fill_in("/staff/set-up", &fields).await;
        assert_eq!(answer.status(), StatusCode::CONFLICT);
        let page = answer.text().await.unwrap();
        assert!(
            page.contains(words) && page.contains("value=\"wan\""),
            "{page}"
        );
    }
    let fields = [
        ("code", code.reveal()),
        ("name", "万小样"),
        ("login", "wan"),
        ("password", PASSWORD),
        ("again", PASSWORD),
    ];
    let made = browser.fill_in("/staff/set-up", &fields).await;
    assert_eq!(location(&made), "/staff/sign-in");
    assert!(!file.exists());
    assert_eq!(
        location(&browser.get("/staff/set-up").await),
        "/staff/sign-in"
    );
    assert_eq!(
        browser.sign_in("wan", PASSWORD).await.status(),
        StatusCode::SEE_OTHER
    );
    assert!(browser.page("/staff/accounts").await.contains("万小样"));
    assert_eq!(
        hall.app.open_set_up(data).await.unwrap(),
        None,
        "never again"
    );
}

#[tokio::test]
async fn a_new_account_opens_by_a_one_time_password_that_must_be_changed() {
    let hall = Hall::open().await;
    let mut keeper = Browser::of(&hall, &[Role::Hr]).await;
    let draft = |login: &'static str, name: &'static str| {
        let hall_id = hall.id.to_string();
        move || {
            vec![
                ("login", login.to_owned()),
                ("name", name.to_owned()),
                ("hall", hall_id.clone()),
                ("role-clerk", "on".to_owned()),
                ("at-clerk", "YH-01".to_owned()),
            ]
        }
    };
    let send = draft("li", "")();
    let fields: Vec<_> = send.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let wrong = keeper.fill_in("/staff/accounts/new", &fields).await;
    assert_eq!(wrong.status(), StatusCode::CONFLICT);
    let page = wrong.text().await.unwrap();
    assert!(page.contains("href=\"#name\"") && page.contains("value=\"YH-01\""));
    let send = draft("li", "李小样")();
    let fields: Vec<_> = send.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let made = keeper.fill_in("/staff/accounts/new", &fields).await;
    let password = one_time(&made.text().await.unwrap());
    let twice = keeper.fill_in("/staff/accounts/new", &fields).await;
    assert!(twice.text().await.unwrap().contains("已经有人用了"));
    let mut li = Browser::new(&hall);
    assert_eq!(
        li.sign_in("li", &password).await.status(),
        StatusCode::SEE_OTHER
    );
    assert_eq!(location(&li.get("/staff/console").await), "/staff/me");
    let change = |old: &str, new: &str| {
        [
            ("old", old.to_owned()),
            ("new", new.to_owned()),
            ("again", new.to_owned()),
        ]
    };
    for (old, new, words) in [
        (password.as_str(), "password123", "太常见"),
        ("not the old one", "A new password", "旧密码不对"),
        (password.as_str(), "A new password", "密码改好了"),
    ] {
        let fields = change(old, new);
        let fields: Vec<_> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let answer = li.act("/staff/me", "/staff/me/password", &fields).await;
        let page = answer.text().await.unwrap();
        assert!(page.contains(words), "{words}: {page}");
    }
    assert_eq!(li.get("/staff/console").await.status(), StatusCode::OK);
    assert!(li.page("/staff/me").await.contains("只在 YH-01"));
    let refused = Browser::new(&hall).sign_in("li", &password).await;
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_command_line_gives_a_one_time_password_too() {
    let hall = Hall::open().await;
    let added = hall
        .ask(AdminRequest::AddStaff {
            hall: None,
            name: "甲".into(),
            login: "jia".into(),
            clerk_no: "07".into(),
            roles: [RoleGrant::everywhere(Role::Clerk)].into(),
        })
        .await;
    let password = added["password"].as_str().unwrap().to_owned();
    let session = hall
        .app
        .sign_in("jia", &password, "")
        .await
        .unwrap()
        .session;
    assert_eq!(
        Staff::<CallTickets>::of(session).unwrap_err(),
        Denied::OldPassword
    );
    hall.pass_ms(73 * 60 * MINUTE_MS);
    let late = hall.app.sign_in("jia", &password, "").await.unwrap_err();
    assert!(late.detail.contains("过期了"), "{}", late.detail);
}

#[tokio::test]
async fn five_wrong_passwords_lock_an_account_until_its_time_or_its_keeper() {
    let hall = Hall::open().await;
    let jia = hall.add_staff("jia", &[Role::Clerk]).await;
    let keeper = Browser::of(&hall, &[Role::Tech]).await;
    for login in ["jia", "nobody-has-this"] {
        for n in 1..=5 {
            let wrong = hall.app.sign_in(login, "wrong", "").await.unwrap_err();
            assert_eq!(
                wrong.detail.contains("锁到 09:15"),
                n == 5,
                "{login}: {}",
                wrong.detail
            );
        }
    }
    let mut browser = Browser::new(&hall);
    let locked = browser.sign_in("jia", PASSWORD).await;
    assert_eq!(locked.status(), StatusCode::TOO_MANY_REQUESTS);
    let page = locked.text().await.unwrap();
    assert!(
        page.contains("锁到 09:15") && page.contains("运维或人事"),
        "{page}"
    );
    let at = format!("/staff/accounts/{jia}");
    assert!(keeper.page("/staff/accounts").await.contains("锁到 09:15"));
    let unlocked = keeper.act(&at, &format!("{at}/unlock"), &[]).await;
    assert_eq!(unlocked.status(), StatusCode::SEE_OTHER);
    assert_eq!(
        browser.sign_in("jia", PASSWORD).await.status(),
        StatusCode::SEE_OTHER
    );
    let trail = keeper.page("/staff/audit").await;
    assert!(
        trail.contains("账号锁住") && trail.contains("给账号解锁"),
        "{trail}"
    );
    for _ in 0..5 {
        hall.app.sign_in("jia", "wrong", "").await.unwrap_err();
    }
    hall.pass_ms(15 * MINUTE_MS);
    assert!(hall.app.sign_in("jia", PASSWORD, "").await.is_ok());
}

#[tokio::test]
async fn a_lock_outlives_a_restart() {
    let hall = Hall::open().await;
    hall.add_staff("jia", &[Role::Clerk]).await;
    for _ in 0..5 {
        hall.app.sign_in("jia", "wrong", "").await.unwrap_err();
    }
    let store = hall.store.clone();
    let parameters = central::parameters::Parameters::on(hall.now().hall_date()).unwrap();
    let (now, config) = (hall.now(), central::config::Config::default());
    let clock: central::edge::Clock = std::sync::Arc::new(move || now);
    let again = central::app_state::AppState::new(store, config, &parameters, clock);
    let locked = again.sign_in("jia", PASSWORD, "").await.unwrap_err();
    assert!(locked.detail.contains("锁到 09:15"), "{}", locked.detail);
}

#[tokio::test]
async fn a_session_ends_by_idling_by_age_and_by_its_keeper() {
    let hall = Hall::open().await;
    let jia = hall.add_staff("jia", &[Role::Clerk]).await;
    let sign_in = || async { hall.app.sign_in("jia", PASSWORD, "").await.unwrap().cookie };
    let idle = sign_in().await;
    hall.pass_ms(29 * MINUTE_MS);
    assert!(hall.app.session(&idle).await.is_ok());
    hall.pass_ms(30 * MINUTE_MS);
    assert!(hall.app.session(&idle).await.is_err());
    let busy = sign_in().await;
    assert_ne!(*busy, *idle, "a new secret at each sign-in");
    for _ in 0..35 {
        hall.pass_ms(20 * MINUTE_MS);
        assert!(hall.app.session(&busy).await.is_ok());
    }
    hall.pass_ms(20 * MINUTE_MS);
    assert!(hall.app.session(&busy).await.is_err(), "after 12 hours");
    let keeper = Browser::of(&hall, &[Role::Tech]).await;
    let at = format!("/staff/accounts/{jia}");
    for (act, may_sign_in) in [("end-sessions", true), ("disable", false), ("enable", true)] {
        let ended = sign_in_if(&hall, act != "enable").await;
        let done = keeper.act(&at, &format!("{at}/{act}"), &[]).await;
        assert_eq!(done.status(), StatusCode::SEE_OTHER, "{act}");
        if let Some(cookie) = ended {
            assert!(hall.app.session(&cookie).await.is_err(), "{act}");
        }
        let signed_in = hall.app.sign_in("jia", PASSWORD, "").await;
        assert_eq!(signed_in.is_ok(), may_sign_in, "{act}");
    }
}

async fn sign_in_if(hall: &Hall, wanted: bool) -> Option<central::staff::CookieSecret> {
    let new = wanted.then(|| hall.app.sign_in("jia", PASSWORD, ""))?;
    Some(new.await.unwrap().cookie)
}

#[tokio::test]
async fn one_ends_the_own_session_elsewhere() {
    let hall = Hall::open().await;
    let here = Browser::of(&hall, &[Role::Clerk]).await;
    let elsewhere = hall
        .app
        .sign_in("clerk", PASSWORD, "10.0.0.9")
        .await
        .unwrap()
        .cookie;
    let page = here.page("/staff/me").await;
    assert!(
        page.contains("就是这里") && page.contains("10.0.0.9"),
        "{page}"
    );
    let end = page
        .split("action=\"")
        .find(|part| part.contains("/end\""))
        .unwrap();
    let end = end.split('"').next().unwrap();
    let ended = here.act("/staff/me", end, &[]).await;
    assert_eq!(ended.status(), StatusCode::SEE_OTHER);
    assert!(hall.app.session(&elsewhere).await.is_err());
    assert_eq!(here.get("/staff").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn nobody_keeps_the_own_account() {
    let hall = Hall::open().await;
    let tech = hall.add_staff("keeper", &[Role::Tech]).await;
    let mut keeper = Browser::new(&hall);
    keeper.sign_in("keeper", PASSWORD).await;
    let at = format!("/staff/accounts/{tech}");
    let hall_id = hall.id.to_string();
    let all = [
        ("name", "甲"),
        ("hall", hall_id.as_str()),
        ("role-director", "on"),
    ];
    for act in ["save", "disable", "reset-password", "end-sessions"] {
        let answer = keeper.act(&at, &format!("{at}/{act}"), &all).await;
        assert_eq!(answer.status(), StatusCode::CONFLICT, "{act}");
        assert!(
            answer
                .text()
                .await
                .unwrap()
                .contains("自己的账号不能自己管")
        );
    }
    assert!(!keeper.page("/staff/me").await.contains("中心领导"));
}

#[tokio::test]
async fn new_roles_hold_at_once_and_a_deputy_only_on_the_days() {
    let hall = Hall::open().await;
    let keeper = Browser::of(&hall, &[Role::Tech]).await;
    let chief = hall.add_staff("chief", &[Role::Chief]).await;
    let jia = hall.add_staff("jia", &[Role::Clerk]).await;
    let cookie = hall.app.sign_in("jia", PASSWORD, "").await.unwrap().cookie;
    let session = || async { hall.app.session(&cookie).await.unwrap() };
    assert!(Staff::<SeeScores>::of(session().await).is_err());
    let at = format!("/staff/accounts/{chief}");
    let days = [
        ("deputy-login", "jia"),
        ("deputy-from", "2026-11-23"),
        ("deputy-to", "2026-11-23"),
        ("do", "set"),
    ];
    let set = keeper.act(&at, &format!("{at}/deputy"), &days).await;
    assert_eq!(set.status(), StatusCode::SEE_OTHER);
    assert!(keeper.page(&at).await.contains("代他做股室负责人"));
    assert!(Staff::<SeeScores>::of(session().await).is_ok());
    let station = StationCode::new("YH-01").unwrap();
    let actor = Staff::<StartWork>::of(session().await)
        .unwrap()
        .actor(&station);
    assert_eq!(actor.roles, [Role::Clerk, Role::Chief].into());
    assert_eq!(actor.deputy, [(Role::Chief, chief)].into());
    hall.pass_ms(24 * 60 * MINUTE_MS);
    let tomorrow = hall.app.sign_in("jia", PASSWORD, "").await.unwrap().session;
    assert!(Staff::<SeeScores>::of(tomorrow).is_err());
    let mut keeper = keeper;
    keeper.sign_in("tech", PASSWORD).await;
    let (at, hall_id) = (format!("/staff/accounts/{jia}"), hall.id.to_string());
    let roles = [
        ("name", "甲"),
        ("hall", hall_id.as_str()),
        ("role-reviewer", "on"),
    ];
    let saved = keeper.act(&at, &format!("{at}/save"), &roles).await;
    assert_eq!(saved.status(), StatusCode::SEE_OTHER);
    let changed = hall.app.sign_in("jia", PASSWORD, "").await.unwrap().session;
    assert!(Staff::<CallTickets>::of(changed.clone()).is_err());
    assert!(Staff::<SeeScores>::of(changed).is_ok());
    hall.verify().await;
}

#[tokio::test]
async fn what_is_revealed_is_written_down_with_its_reason_and_can_be_found_and_exported() {
    let hall = Hall::open().await;
    let auditor = Browser::of(&hall, &[Role::Auditor]).await;
    hall.add_staff("jia", &[Role::Clerk]).await;
    let session = hall
        .app
        .sign_in("jia", PASSWORD, "10.0.0.9")
        .await
        .unwrap()
        .session;
    let clerk = Staff::<RevealPersonal>::of(session).unwrap();
    let (record, field) = ("LOAN-202611-00042", PersonField::Name);
    assert!(hall.app.reveal(&clerk, record, field, " ").await.is_err());
    let revealed = hall
        .app
        .reveal(&clerk, record, field, "打电话通知补材料")
        .await
        .unwrap();
    assert!(revealed.is_of(record, field));
    hall.app.audit_reading(&clerk, record).await.unwrap();
    let found = auditor.page("/staff/audit?subject=LOAN-202611&from=2026-11-23&to=2026-11-23");
    let found = found.await;
    for words in [
        "显示全名或全号",
        "看个人资料",
        "打电话通知补材料",
        "10.0.0.9",
        "经办",
    ] {
        assert!(found.contains(words), "{words}: {found}");
    }
    assert!(found.contains("一共 2 行"), "{found}");
    for (query, words) in [
        ("act=revealed", "一共 1 行"),
        // both are called 甲
        ("person=jia&act=signed_in", "一共 2 行"),
        ("to=2026-11-22", "没有这样的记录"),
    ] {
        let page = auditor.page(&format!("/staff/audit?{query}")).await;
        assert!(page.contains(words), "{query}: {page}");
    }
    let file = auditor.get("/staff/audit/export?subject=LOAN-202611").await;
    assert_eq!(
        file.headers()[header::CONTENT_TYPE],
        "text/csv; charset=utf-8"
    );
    let text = String::from_utf8(file.bytes().await.unwrap().to_vec()).unwrap();
    assert!(
        text.starts_with('\u{feff}') && text.lines().count() == 3,
        "{text}"
    );
    let verified = auditor
        .act("/staff/audit", "/staff/audit/verify", &[])
        .await;
    let page = verified.text().await.unwrap();
    assert!(
        page.contains("链完整") && page.contains("查验记录链"),
        "{page}"
    );
    hall.verify().await;
}
