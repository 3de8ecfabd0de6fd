//! Service points, through the router and at the desk: what is of another place is not there, and
//! cannot be acted on; a street reviews its own street; the report of the day.

use domain::case::{CaseRefusalCode, Values};
use domain::id::RecordId;

use super::lines::{DAY_MS, actor, station, step, text, values};
use super::*;
use crate::cases::{CaseFault, NewCase};
use domain::case::{Channel, Value};
use domain::id::KindId;

/// Two stations in one street, one in another.
async fn three_stations(hall: &Hall) -> [RecordId; 3] {
    let mut stations = Vec::new();
    for (code, name, street) in [
        ("YH-J01", "示例甲就业之家", "示例一街道"),
        ("YH-J02", "示例乙就业之家", "示例一街道"),
        ("YH-J03", "示例丙就业之家", "示例二街道"),
    ] {
        let entry = values([
            ("station_no", text(code)),
            ("name", text(name)),
            ("street", text(street)),
            ("tel", text("0701-0000000")),
        ]);
        stations.push(hall.bring_in("station", "YH-C", entry).await);
    }
    stations.try_into().unwrap()
}

fn code(outcome: Result<(), CaseFault>) -> CaseRefusalCode {
    match outcome {
        Err(CaseFault::Refused(refusal)) => refusal.code,
        other => panic!("{other:?}"),
    }
}

impl Hall {
    /// Acts on a record as the person of a cookie is at the record's place.
    async fn act_signed_in(
        &self,
        cookie: &str,
        record: RecordId,
        transition: &str,
        draft: Values,
    ) -> Result<(), CaseFault> {
        let secret = cookie.strip_prefix("staff_session=").unwrap();
        let session = self.app.session(secret).await.unwrap();
        let view = self.app.inner.cases.view(record).await.unwrap();
        let by = session.actor(&view.record.station);
        self.act_as(record, step(transition, draft), by).await
    }
}

#[tokio::test]
async fn a_service_point_sees_and_does_what_is_its_own_and_nothing_else() {
    let hall = Hall::open().await;
    three_stations(&hall).await;
    let job = |occ: &str| values([("occ", text(occ)), ("place", text("月湖区示例路 1 号"))]);
    let own = hall.bring_in("gig_job", "YH-J01", job("搬运")).await;
    let other = hall.bring_in("gig_job", "YH-J02", job("保洁")).await;
    let cookie = hall
        .somebody("j01", &[(StaffRole::Community, "YH-J01")])
        .await;
    let page = hall.page("/staff/station", &cookie).await;
    assert!(
        page.contains("示例甲就业之家") && !page.contains("示例乙就业之家"),
        "{page}"
    );
    assert!(page.contains("/staff/records/gig_job/new?station=YH-J01"));
    // asking for another place shows the own one
    let list = hall
        .page("/staff/station/list?at=YH-J02&group=gigs&list=0", &cookie)
        .await;
    assert!(list.contains("搬运") && !list.contains("保洁"), "{list}");
    let all = hall.page("/staff/records/gig_job", &cookie).await;
    assert!(all.contains("搬运") && !all.contains("保洁"));
    let record = |id: RecordId| format!("/staff/record/{id}");
    assert_eq!(hall.status(&record(own), &cookie).await, StatusCode::OK);
    assert_eq!(
        hall.status(&record(other), &cookie).await,
        StatusCode::NOT_FOUND
    );
    // not only hidden: the act itself is refused, on the page and at the desk
    let to = format!("/staff/record/{other}/step/cancel");
    let fields = [("seen", "1"), ("reason", "样例")];
    let answer = hall.ask(&cookie, "/staff/station", &to, &fields).await;
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    let refused = hall
        .act_signed_in(&cookie, other, "cancel", Values::new())
        .await;
    assert_eq!(code(refused), CaseRefusalCode::WrongRole);
}

#[tokio::test]
async fn a_street_reviews_the_hardship_of_its_own_street_only() {
    let hall = Hall::open().await;
    three_stations(&hall).await;
    let mut cases = Vec::new();
    for at in ["YH-J01", "YH-J02", "YH-J03"] {
        let hardship = values([("category", Value::Choice("older".into()))]);
        let record = hall.bring_in("hardship_recognition", at, hardship).await;
        let draft = values([("op_community", text("入户核实，情况属实。"))]);
        let community = actor(Some(41), StaffRole::Community);
        let approve = step("approve_community", draft);
        hall.act_as(record, approve, community).await.unwrap();
        cases.push(record);
    }
    // the office of the street is at one station
    let cookie = hall
        .somebody("street1", &[(StaffRole::Street, "YH-J01")])
        .await;
    let page = hall.page("/staff/station", &cookie).await;
    assert!(
        page.contains("等街道核的") && page.contains("示例乙就业之家"),
        "{page}"
    );
    assert!(!page.contains("示例丙就业之家"));
    let approve = async |record| {
        let draft = values([("op_street", text("同意。"))]);
        hall.act_signed_in(&cookie, record, "approve_street", draft)
            .await
    };
    let path = |record: RecordId| format!("/staff/record/{record}");
    assert_eq!(
        hall.status(&path(cases[2]), &cookie).await,
        StatusCode::NOT_FOUND
    );
    assert_eq!(code(approve(cases[2]).await), CaseRefusalCode::WrongRole);
    assert_eq!(hall.status(&path(cases[1]), &cookie).await, StatusCode::OK);
    approve(cases[1]).await.unwrap();
    approve(cases[0]).await.unwrap();
}

#[tokio::test]
async fn a_street_without_a_place_reviews_nothing() {
    let hall = Hall::open().await;
    three_stations(&hall).await;
    let hardship = values([("category", Value::Choice("older".into()))]);
    let record = hall
        .bring_in("hardship_recognition", "YH-J01", hardship)
        .await;
    let cookie = hall.somebody("nowhere", &[(StaffRole::Street, "")]).await;
    let page = hall.page("/staff/station", &cookie).await;
    assert!(page.contains("没有写是哪个网点"), "{page}");
    let path = format!("/staff/record/{record}");
    assert_eq!(hall.status(&path, &cookie).await, StatusCode::NOT_FOUND);
}

const FIGURES: [(&str, &str); 5] = [
    ("posts", "3"),
    ("seekers", "2"),
    ("referrals", "1"),
    ("hired", "1"),
    ("consults", "8"),
];

#[tokio::test]
async fn a_day_is_reported_once_by_its_own_service_point() {
    let hall = Hall::open().await;
    let stations = three_stations(&hall).await;
    let cases = &hall.app.inner.cases;
    assert_eq!(cases.open_reports_of_day(hall.app.now()).await.unwrap(), 3);
    assert_eq!(cases.open_reports_of_day(hall.app.now()).await.unwrap(), 0);
    let saturday = UtcMs(NOW.0 + 5 * DAY_MS);
    assert_eq!(cases.open_reports_of_day(saturday).await.unwrap(), 0);
    let cookie = hall
        .somebody("j01", &[(StaffRole::Community, "YH-J01")])
        .await;
    let form = "/staff/station/report?at=YH-J01";
    let report = async |at: &str, hired: &str| {
        let mut fields = vec![("at", at)];
        fields.extend(FIGURES);
        fields.retain(|(id, _)| *id != "hired");
        fields.push(("hired", hired));
        hall.ask(&cookie, "/staff/station", "/staff/station/report", &fields)
            .await
    };
    // more were hired than referred: what was typed stays
    let wrong = report("YH-J01", "5").await;
    assert_eq!(wrong.status(), StatusCode::CONFLICT);
    let wrong = wrong.text().await.unwrap();
    assert!(
        wrong.contains("成功的不能多于推荐的") && wrong.contains("value=\"5\""),
        "{wrong}"
    );
    assert!(hall.page(form, &cookie).await.contains("报上去"));
    let other = report("YH-J02", "1").await;
    assert!(other.text().await.unwrap().contains("只能报自己网点的数"));
    assert_eq!(report("YH-J01", "1").await.status(), StatusCode::SEE_OTHER);
    assert!(
        hall.page("/staff/station", &cookie)
            .await
            .contains("已经报了")
    );
    let again = report("YH-J01", "1").await;
    assert_eq!(again.status(), StatusCode::CONFLICT);
    assert!(again.text().await.unwrap().contains("已经报过了"));
    // at the desk: not of another station, and not twice
    let new = |of: RecordId, days: i64| NewCase {
        kind: KindId::new("station_sync").unwrap(),
        channel: Channel::Station,
        station: station("YH-J01"),
        person: None,
        employer: None,
        values: values([
            ("station_id", Value::Record(of)),
            ("on", Value::Date(UtcMs(NOW.0 + days * DAY_MS).hall_date())),
        ]),
        corrects: None,
    };
    for (of, days, field) in [(stations[1], 1, "station_id"), (stations[0], 0, "on")] {
        let community = actor(Some(41), StaffRole::Community);
        let opened = cases.open(new(of, days), community, hall.app.now()).await;
        let Err(CaseFault::Refused(refusal)) = opened else {
            panic!("{field}: {opened:?}");
        };
        assert_eq!(refusal.faults[0].field, field);
    }
}

#[tokio::test]
async fn the_centre_sees_who_has_not_reported_when_the_hour_has_come() {
    let hall = Hall::open().await;
    three_stations(&hall).await;
    let (_, centre) = hall.sign_in(PASSWORD).await;
    let path = "/staff/lines/gig/reports";
    let cookie = hall
        .somebody("j01", &[(StaffRole::Community, "YH-J01")])
        .await;
    let mut fields = vec![("at", "YH-J01")];
    fields.extend(FIGURES);
    // also where the clock has not opened it yet
    let made = hall
        .ask(&cookie, "/staff/station", "/staff/station/report", &fields)
        .await;
    assert_eq!(made.status(), StatusCode::SEE_OTHER);
    let page = hall.page(path, &centre).await;
    assert!(
        page.contains("报了 1 个，没报 2 个") && page.contains("还没报</span>"),
        "{page}"
    );
    assert!(page.contains("10:24 报的") && page.contains("0701-0000000"));
    // 18:24
    hall.clock.store(NOW.plus_minutes(480).0, Ordering::SeqCst);
    let (_, centre) = hall.sign_in(PASSWORD).await;
    let page = hall.page(path, &centre).await;
    assert!(
        !page.contains("还没报</span>") && page.contains("没报</span>"),
        "{page}"
    );
    // a Sunday
    let sunday = hall.page(&format!("{path}?day=2026-11-22"), &centre).await;
    assert!(
        sunday.contains("不用报") && sunday.contains("不是工作日"),
        "{sunday}"
    );
    let other = hall
        .somebody("j02", &[(StaffRole::Community, "YH-J02")])
        .await;
    let page = hall.page("/staff/station", &other).await;
    assert!(page.contains("已经过了 17:30"), "{page}");
}

#[tokio::test]
async fn who_is_of_no_street_finds_the_register_as_it_was() {
    let hall = Hall::open().await;
    three_stations(&hall).await;
    let cookie = hall
        .somebody("c3", &[(StaffRole::Community, "YH-J03")])
        .await;
    let secret = cookie.strip_prefix("staff_session=").unwrap();
    let session = hall.app.session(secret).await.unwrap();
    let places = session.stations(&[StaffRole::Community].into()).unwrap();
    assert_eq!(places, [station("YH-J03")].into());
}
