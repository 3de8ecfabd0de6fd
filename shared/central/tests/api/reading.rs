//! Reading is an act: whoever is shown records of persons stands in the trail, with what and from
//! where, and nobody is shown, counted or handed out what lies at other stations.

use std::collections::BTreeSet;

use central::staff::{self, NewStaff};
use central::store::AuditFilter;
use domain::case::Role;
use domain::id::StationCode;
use reqwest::StatusCode;
use wire::event::RoleGrant;

use crate::browser::{Browser, encoded};
use crate::hall::{Hall, PASSWORD};
use crate::leaks::desk::{Desk, between};

const HERE: &str = "YH-J01";
const ELSEWHERE: &str = "YH-C";

/// Somebody who has each role at its station only; everywhere without one.
async fn browser(hall: &Hall, login: &str, roles: &[(Role, Option<&str>)]) -> Browser {
    let grant = |(role, station): &(Role, Option<&str>)| RoleGrant {
        role: *role,
        station: station.map(|station| StationCode::new(station).unwrap()),
    };
    let new = NewStaff {
        name: "乙".into(),
        login: login.into(),
        clerk_no: "08".into(),
        hall: hall.id,
        roles: roles.iter().map(grant).collect::<BTreeSet<_>>(),
    };
    let (store, now) = (hall.store.clone(), hall.now());
    let added = tokio::task::spawn_blocking(move || staff::add(&store, new, PASSWORD, now));
    added.await.unwrap().unwrap();
    let mut browser = Browser::new(hall);
    let answer = browser.sign_in(login, PASSWORD).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    browser
}

/// What the trail says of an act since so many lines, oldest first; each with an address.
async fn trail(hall: &Hall, act: &str, skipped: usize) -> Vec<String> {
    let filter = AuditFilter {
        act: Some(act.to_owned()),
        ..AuditFilter::default()
    };
    let read = hall
        .store
        .read(move |reader| reader.audit_lines(&filter, 0, 500));
    let lines = read.await.unwrap().into_iter().rev().skip(skipped);
    let lines = lines.inspect(|line| assert_eq!(line.address, "127.0.0.1", "{line:?}"));
    lines.map(|line| line.subject).collect()
}

/// One application here and one elsewhere; the first one's record and number.
async fn two_stations(desk: &mut Desk) -> [String; 2] {
    let apply = async |station: &str, n: usize| {
        let fields = [
            ("station", station),
            ("person", &format!("PERSON-202611-{:05}", n + 1)),
            ("f.school", "示例职业学院"),
            ("f.acct_no", "6200000000001234"),
        ];
        desk.open_as(Role::Clerk, "transport_once", &fields).await
    };
    [apply(HERE, 0).await, apply(ELSEWHERE, 1).await]
}

#[tokio::test]
async fn every_page_of_persons_leaves_its_line_before_it_is_shown() {
    let (mut desk, _) = Desk::open(1).await;
    desk.apply(0).await;
    let case = desk.cases[0].clone();
    let name = encoded("龘");
    let record = format!("/staff/record/{case}");
    let before = trail(&desk.hall, "read_personal", 0).await.len();
    let clerk = &desk.clerk;
    let list = "/staff/records/transport_once";
    for address in [
        list.to_owned(),
        format!("{list}?page=2&state=draft&q={name}"),
        // what is no state is what somebody typed
        format!("{list}?state={name}"),
        record.clone(),
        format!("{record}/change"),
        format!("{record}/attachments?doc_type=work_proof"),
    ] {
        assert_eq!(
            clerk.get(&address).await.status(),
            StatusCode::OK,
            "{address}"
        );
    }
    let read = trail(&desk.hall, "read_personal", before).await;
    let number = "TRANSPORT_ONCE-202611-00001";
    assert_eq!(
        read,
        [
            "一次性交通补贴名单第 1 页",
            "一次性交通补贴名单第 2 页，状态 草稿，按字找",
            "一次性交通补贴名单第 1 页",
            number,
            number,
            number
        ]
    );
}

#[tokio::test]
async fn a_refused_act_shows_its_record_and_leaves_a_line() {
    let (mut desk, _) = Desk::open(1).await;
    desk.apply(0).await;
    let case = desk.cases[0].clone();
    for (act, fields) in [
        ("step/submit", [("seen", "99")].as_slice()),
        ("hand-over", &[("to", "nobody")]),
        ("reveal", &[("field", "acct_no"), ("reason", "")]),
        ("change", &[("seen", "99"), ("f.school", "别的学校")]),
    ] {
        let page = format!("/staff/record/{case}");
        let form = desk.clerk.page(&page).await;
        let before = trail(&desk.hall, "read_personal", 0).await.len();
        assert!(form.contains("form_token"));
        let seen = desk.send(Role::Clerk, &case, act, fields).await;
        assert_eq!(seen.status(), StatusCode::CONFLICT, "{act}");
        // the page is read twice by who sends the form, and shown once with the refusal
        let lines = trail(&desk.hall, "read_personal", before).await;
        assert_eq!(lines, ["TRANSPORT_ONCE-202611-00001"; 3], "{act}");
    }
}

#[tokio::test]
async fn a_step_with_many_is_told_when_it_is_looked_at_and_when_it_is_done() {
    let (mut desk, _) = Desk::open(1).await;
    let [here, elsewhere] = two_stations(&mut desk).await;
    let roles = [(Role::Clerk, Some(HERE))];
    let clerk = browser(&desk.hall, "here", &roles).await;
    let before = trail(&desk.hall, "read_personal", 0).await.len();
    let form = "/staff/records/transport_once";
    let ticked = [
        ("step", "submit"),
        ("record", &here),
        ("record", &elsewhere),
    ];
    let page = clerk.act(form, &format!("{form}/bulk"), &ticked).await;
    let page = page.text().await.unwrap();
    assert!(page.contains("TRANSPORT_ONCE-202611-00001"));
    assert!(
        !page.contains("TRANSPORT_ONCE-202611-00002"),
        "of another station"
    );
    let lines = trail(&desk.hall, "read_personal", before).await;
    let bulk = "一次性交通补贴一起办“提交”，1 条";
    assert_eq!(lines, ["一次性交通补贴名单第 1 页", bulk]);
}

#[tokio::test]
async fn the_work_of_today_is_told_once_however_often_its_page_refreshes() {
    let (mut desk, _) = Desk::open(1).await;
    let [nothing_to_do, clerk] = [desk.of(Role::Tech).clone(), desk.clerk.clone()];
    let told = async |hall: &Hall, skipped| {
        let lines = trail(hall, "read_personal", skipped).await.into_iter();
        lines
            .filter(|line| line.starts_with("要办的业务"))
            .collect::<Vec<_>>()
    };
    desk.apply(0).await;
    for _ in 0..3 {
        let page = clerk.page("/staff").await;
        assert!(page.contains("TRANSPORT_ONCE-202611-00001"));
        nothing_to_do.page("/staff").await;
    }
    let lines = told(&desk.hall, 0).await;
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("一次性交通补贴 1"), "{lines:?}");
    desk.apply(1).await;
    clerk.page("/staff").await;
    let lines = told(&desk.hall, 0).await;
    assert_eq!(lines.len(), 2, "what is new is told: {lines:?}");
    assert!(lines[1].contains("一次性交通补贴 2"), "{lines:?}");
    desk.hall.pass_ms(24 * 3_600_000);
    let mut next_day = Browser::new(&desk.hall);
    next_day.sign_in("clerk", PASSWORD).await;
    next_day.page("/staff").await;
    let next = told(&desk.hall, 0).await;
    assert_eq!(
        next[2..],
        lines[1..],
        "and the same once more on another day"
    );
}

#[tokio::test]
async fn rows_that_go_back_to_who_brought_them_are_told() {
    let (mut desk, _) = Desk::open(1).await;
    desk.import().await;
    assert_eq!(
        trail(&desk.hall, "records_imported", 0).await,
        ["自然人，文件里 1 行"]
    );
    let before = trail(&desk.hall, "read_personal", 0).await.len();
    let held = desk.held.clone().unwrap();
    let rejects = format!("/staff/records/person/import/{held}/rejects.xlsx");
    assert_eq!(desk.clerk.get(&rejects).await.status(), StatusCode::OK);
    let lines = trail(&desk.hall, "read_personal", before).await;
    assert_eq!(lines, ["自然人不能导入的 1 行"]);
}

#[tokio::test]
async fn what_is_public_leaves_no_line() {
    let (desk, _) = Desk::open(1).await;
    let before = trail(&desk.hall, "read_personal", 0).await.len();
    for kind in ["publicity_notice", "vacancy", "employer"] {
        desk.clerk.page(&format!("/staff/records/{kind}")).await;
    }
    assert_eq!(trail(&desk.hall, "read_personal", before).await, [""; 0]);
}

#[tokio::test]
async fn taking_a_list_out_needs_its_right_and_is_told_with_the_count() {
    let (desk, _) = Desk::open(1).await;
    let export = "/staff/records/person/export.csv";
    let list = desk.clerk.page("/staff/records/person").await;
    assert!(!list.contains("export.xlsx"), "a clerk takes no list out");
    assert_eq!(desk.clerk.get(export).await.status(), StatusCode::FORBIDDEN);
    let chief = desk.of(Role::Chief);
    let list = chief.page("/staff/records/person").await;
    assert!(list.contains("export.xlsx"));
    assert_eq!(chief.get(export).await.status(), StatusCode::OK);
    assert_eq!(
        trail(&desk.hall, "records_exported", 0).await,
        ["自然人 5 条"]
    );
    let auditor = desk.of(Role::Auditor);
    let opened = auditor.page("/staff/audit?act=record_opened").await;
    assert!(opened.contains("PERSON-202611-00001") && opened.contains("127.0.0.1"));
}

#[tokio::test]
async fn what_a_role_gives_at_one_station_it_gives_at_no_other() {
    let (mut desk, _) = Desk::open(1).await;
    let [here, elsewhere] = two_stations(&mut desk).await;
    let roles = [(Role::Chief, Some(HERE)), (Role::Clerk, Some(ELSEWHERE))];
    let both = browser(&desk.hall, "both", &roles).await;
    let list = "/staff/records/transport_once";
    assert!(both.page(list).await.contains("共 2 条"));
    let file = both.get(&format!("{list}/export.csv")).await;
    let file = file.text().await.unwrap();
    assert!(
        file.contains("202611-00001") && !file.contains("202611-00002"),
        "{file}"
    );
    let told = trail(&desk.hall, "records_exported", 0).await;
    assert_eq!(told, ["一次性交通补贴 1 条"]);

    let roles = [(Role::Auditor, None), (Role::Clerk, Some(HERE))];
    let reader = browser(&desk.hall, "reader", &roles).await;
    let reveal = async |record: &str| {
        let page = format!("/staff/record/{record}");
        let fields = [("field", "acct_no"), ("reason", "核对账号")];
        let answer = reader.act(&page, &format!("{page}/reveal"), &fields).await;
        let status = answer.status();
        (
            status,
            answer.text().await.unwrap().contains("6200000000001234"),
        )
    };
    assert_eq!(reveal(&elsewhere).await, (StatusCode::CONFLICT, false));
    assert_eq!(reveal(&here).await, (StatusCode::OK, true));
}

#[tokio::test]
async fn a_list_and_the_index_count_only_what_the_reader_may_see() {
    let (mut desk, _) = Desk::open(1).await;
    two_stations(&mut desk).await;
    let here = browser(&desk.hall, "here", &[(Role::Clerk, Some(HERE))]).await;
    let nowhere = browser(&desk.hall, "nowhere", &[(Role::Clerk, Some("YH-J02"))]).await;
    for (browser, count) in [(&here, 1), (&nowhere, 0), (&desk.clerk, 2)] {
        // a state in which nothing is has no chip, unless it is asked for
        let list = browser
            .page("/staff/records/transport_once?state=draft")
            .await;
        assert!(
            list.contains(&format!("草稿 {count}</a>")),
            "chip of the state, {count}"
        );
        assert!(
            list.contains(&format!("全部 {count}</a>")),
            "chip of all, {count}"
        );
        let index = browser.page("/staff/records").await;
        let row = between(&index, "/staff/records/transport_once\"", "</tr>").unwrap();
        let numbers: Vec<_> = row.split("class=\"num\">").skip(1).collect();
        let numbers = numbers.iter().map(|cell| cell.split('<').next().unwrap());
        assert_eq!(
            numbers.collect::<Vec<_>>(),
            [count.to_string(), count.to_string()]
        );
    }
}
