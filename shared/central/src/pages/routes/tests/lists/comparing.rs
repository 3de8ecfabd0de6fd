//! Comparing a list.

use domain::case::{Field, FieldType, LinkKind};

use super::*;
use crate::sheet::{self, ColumnMap, Reading};

const PATH: &str = "/staff/lists/compare/ui_death";
const ASKED: [(&str, &str); 2] = [
    ("f.origin", "city_fund_section"),
    ("f.batch_no", "民政11号"),
];

/// One hit on lines 2 and 3, a number that is none, one hit under another name, one who claims
/// nothing, one whom nobody knows.
fn list() -> String {
    let rows = [
        format!("测试甲,{},2026-11-01", number(1)),
        format!("测试甲,{},2026-11-01", number(1)),
        format!("测试乙,{}0,2026-11-01", &number(2)[..17]),
        format!("测试丙丙,{},2026-11-01", number(3)),
        format!("测试丁,{},2026-11-01", number(4)),
        format!("测试戊,{},2026-11-01", number(5)),
    ];
    format!("姓名,身份证号,死亡日期\n{}\n", rows.join("\n"))
}

/// Who is on benefit: 测试甲 and 测试丙. 测试丁 is only registered.
async fn town() -> (Hall, String) {
    let hall = Hall::open().await;
    let first = hall.person("测试甲", 1).await;
    hall.claim(first).await;
    let third = hall.person("测试丙", 3).await;
    hall.claim(third).await;
    hall.person("测试丁", 4).await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    (hall, cookie)
}

#[tokio::test]
async fn a_list_opens_what_it_hits_once_and_says_what_is_wrong_with_its_rows() {
    let (hall, cookie) = town().await;
    let (status, page) = hall.bring(&cookie, PATH, &ASKED, &list()).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    for words in [
        "开 1 条",
        "UI_CLAIM-202611-00001",
        "号码一样，姓名不一样",
        "和第 2 行是同一个人",
        "第 4 行",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains(&number(1)), "numbers are shown masked");
    let (status, done) = hall.press(&cookie, &page, PATH, &[]).await;
    assert_eq!(status, StatusCode::OK, "{done}");
    assert!(done.contains("开了 1 条"), "{done}");

    let item = hall.by_number("UI_SUSPICIOUS_ITEM-202611-00001").await;
    assert_eq!(item.values["type"], choice("death"));
    assert_eq!(item.values["origin"], choice("city_fund_section"));
    // ten workdays after Monday the 23rd
    assert_eq!(item.values["due_on"], day("2026-12-07"));
    assert!(item.due.contains_key("check"));
    let comparison = hall.by_number("LIST_COMPARISON-202611-00001").await;
    let tie = item.links.first().unwrap();
    assert_eq!((tie.kind, tie.to), (LinkKind::CameFrom, comparison.id));
    let count = |id: &str| comparison.values[id].clone();
    assert_eq!(count("rows"), Value::Integer(4));
    assert_eq!(
        (count("hits"), count("possible")),
        (Value::Integer(1), Value::Integer(1))
    );
    assert_eq!(
        (count("opened"), count("rejected")),
        (Value::Integer(1), Value::Integer(2))
    );
    assert_eq!(comparison.attachments.len(), 1);
    assert!(
        !hall.holds(&number(5)),
        "who is in no register is nowhere in plain"
    );
    hall.is_sound().await;
}

#[tokio::test]
async fn the_same_list_again_opens_nothing_twice_and_says_so() {
    let (hall, cookie) = town().await;
    let (_, page) = hall.bring(&cookie, PATH, &ASKED, &list()).await;
    hall.press(&cookie, &page, PATH, &[]).await;
    let (_, again) = hall.bring(&cookie, PATH, &ASKED, &list()).await;
    for words in [
        "比过了：LIST_COMPARISON-202611-00001",
        "开过了：UI_SUSPICIOUS_ITEM-202611-00001",
        "开 0 条",
    ] {
        assert!(again.contains(words), "{words}: {again}");
    }
    // what somebody has looked at meanwhile is opened when it is ticked
    let (_, done) = hall.press(&cookie, &again, PATH, &[("line", "5")]).await;
    assert!(
        done.contains("开了 1 条") && done.contains("1 条以前开过，没有再开"),
        "{done}"
    );
    let other = [ASKED[0], ("f.batch_no", "民政12号")];
    let (status, refused) = hall.bring(&cookie, PATH, &other, &list()).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(
        refused.contains("民政11号") && refused.contains("不会重复开"),
        "{refused}"
    );
    // the button of a file that was opened already
    let (status, gone) = hall.press(&cookie, &again, PATH, &[]).await;
    assert_eq!(status, StatusCode::CONFLICT, "{gone}");
    // another file with the same people, under the same number
    let (_, page) = hall
        .bring(&cookie, PATH, &ASKED, &format!("{}\n", list()))
        .await;
    let (_, done) = hall.press(&cookie, &page, PATH, &[]).await;
    assert!(done.contains("开了 0 条"), "{done}");
}

#[tokio::test]
async fn another_list_or_an_empty_form_is_refused_in_words_and_what_was_typed_stays() {
    let (hall, cookie) = town().await;
    let (status, page) = hall
        .bring(&cookie, PATH, &ASKED, "姓名,工号\n测试甲,1\n")
        .await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(
        page.contains("没有“证件号码”这一列") && page.contains("公民身份号码"),
        "{page}"
    );
    assert!(page.contains("民政11号"), "what was typed stays");
    let (status, page) = hall.bring(&cookie, PATH, &[ASKED[0]], &list()).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(page.contains("“批次号”还没填"), "{page}");
    let (status, page) = hall.bring(&cookie, PATH, &ASKED, "").await;
    assert_eq!(status, StatusCode::CONFLICT, "{page}");
    let nothing = hall
        .app
        .inner
        .store
        .read(|reader| reader.record_by_number("LIST_COMPARISON-202611-00001"));
    assert_eq!(nothing.await.unwrap(), None);
}

#[tokio::test]
async fn the_answer_goes_back_row_by_row_and_is_written_down() {
    let (hall, cookie) = town().await;
    let (_, page) = hall.bring(&cookie, PATH, &ASKED, &list()).await;
    let rejects = page
        .split("href=\"")
        .find(|part| part.contains("rejects.xlsx"))
        .unwrap();
    let rejects = hall.get(rejects.split('"').next().unwrap());
    let rejects = rejects
        .header(header::COOKIE, &cookie)
        .send()
        .await
        .unwrap();
    assert_eq!(rejects.status(), StatusCode::OK);
    hall.press(&cookie, &page, PATH, &[]).await;
    let comparison = hall.by_number("LIST_COMPARISON-202611-00001").await;
    let index = hall.page("/staff/lists", &cookie).await;
    let address = format!("/staff/lists/feedback/{}", comparison.id);
    assert!(index.contains(&address), "{index}");
    let answer = hall
        .get(&address)
        .header(header::COOKIE, &cookie)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let rows = rows_of(&hall, &answer.bytes().await.unwrap());
    let told: Vec<_> = rows
        .iter()
        .map(|(result, number)| (result.as_str(), number.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("命中", "UI_SUSPICIOUS_ITEM-202611-00001"),
            ("没有比", ""),
            ("没有比", ""),
            ("疑似", ""),
            ("没有比上", ""),
            ("没有比上", ""),
        ]
    );
    assert_eq!(hall.acts("records_exported").await, 1);
    assert!(hall.acts("read_personal").await >= 2);
    let reviewer = hall.employ("li", &[StaffRole::Reviewer]).await;
    let answer = hall
        .get(&address)
        .header(header::COOKIE, &reviewer)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
}

/// What stands beside each row.
fn rows_of(hall: &Hall, bytes: &[u8]) -> Vec<(String, String)> {
    let rule = hall.app.inner.lists.comparison("ui_death").unwrap();
    let mut kind = rule.sheet();
    kind.fields = ["比对结果", "核查编号"].map(column).into();
    let columns = ColumnMap::default();
    let reading = Reading {
        today: hall.app.now().hall_date(),
        columns: &columns,
        resolve: &|_, _| None,
    };
    let read = sheet::read(&kind, "反馈.xlsx", bytes, &reading).unwrap();
    let text = |values: &Values, id: &str| match values.get(id) {
        Some(Value::Text(text)) => text.clone(),
        _ => String::new(),
    };
    let rows = read.rows.iter();
    rows.map(|row| (text(&row.values, "比对结果"), text(&row.values, "核查编号")))
        .collect()
}

fn column(name: &str) -> Field {
    Field {
        id: name.to_owned(),
        name: name.to_owned(),
        kind: FieldType::Text {
            chars_min: 0,
            chars_max: 100,
            is_long: false,
            form: None,
            without_words: None,
        },
        is_required: false,
        is_computed: false,
        hint: String::new(),
        personal: None,
        excused_by: None,
        columns: Vec::new(),
    }
}

#[tokio::test]
async fn who_deals_with_a_station_alone_or_only_reads_is_told_nothing_of_a_list() {
    let (hall, _) = town().await;
    let auditor = hall.employ("dao", &[StaffRole::Auditor]).await;
    let station = StationCode::new("YH-J01").unwrap();
    let of_station = RoleGrant {
        role: StaffRole::Clerk,
        station: Some(station),
    };
    let clerk = hall.employ_with("jing", [of_station].into()).await;
    for cookie in [auditor, clerk] {
        let index = hall.page("/staff/lists", &cookie).await;
        assert!(!index.contains("/staff/lists/compare/"), "{index}");
        let answer = hall.get(PATH).header(header::COOKIE, &cookie);
        assert_eq!(answer.send().await.unwrap().status(), StatusCode::NOT_FOUND);
    }
}
