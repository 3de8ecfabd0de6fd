//! One person once, over the pages as a desk uses them, with the program's own kinds: numbers that
//! cannot be, numbers that are believed with a reason, people who look alike, registrations that
//! are merged and parted again, what a record may name, and how people are found.

use domain::case::Role;
use domain::id_number::check_character;
use reqwest::{Response, StatusCode};

use crate::browser::Browser;
use crate::hall::Hall;

struct Desk {
    hall: Hall,
    clerk: Browser,
}

type Fields<'f> = Vec<(&'f str, &'f str)>;

/// A resident number of nobody.
fn number(birth: &str, order: u16) -> String {
    let body = format!("999999{birth}{order:03}");
    let check = check_character(&body).unwrap();
    format!("{body}{check}")
}

fn resident<'f>(name: &'f str, number: &'f str, birth: &'f str) -> Fields<'f> {
    vec![
        ("station", "YH-C"),
        ("f.name", name),
        ("f.id_type", "resident"),
        ("f.id_number", number),
        ("f.sex", "male"),
        ("f.birth_date", birth),
    ]
}

fn foreigner<'f>(name: &'f str, number: &'f str, birth: &'f str) -> Fields<'f> {
    let mut fields = resident(name, number, birth);
    fields[2] = ("f.id_type", "passport");
    fields
}

fn record_of(answer: &Response) -> String {
    let to = answer.headers()["location"].to_str().unwrap();
    to.strip_prefix("/staff/record/").unwrap().to_owned()
}

impl Desk {
    async fn open() -> Self {
        let hall = Hall::open().await;
        let clerk = Browser::of(&hall, &[Role::Clerk]).await;
        Self { hall, clerk }
    }

    async fn send(&self, kind: &str, fields: &Fields<'_>) -> Response {
        let form = format!("/staff/records/{kind}/new");
        self.clerk.act(&form, &form, fields).await
    }

    async fn register(&self, fields: &Fields<'_>) -> String {
        let answer = self.send("person", fields).await;
        if answer.status() == StatusCode::SEE_OTHER {
            return record_of(&answer);
        }
        panic!("{}", answer.text().await.unwrap());
    }

    async fn refusal(&self, kind: &str, fields: &Fields<'_>) -> String {
        let answer = self.send(kind, fields).await;
        let (status, page) = (answer.status(), answer.text().await.unwrap());
        assert_eq!(status, StatusCode::CONFLICT, "{page}");
        page
    }
}

impl Desk {
    /// A subsidy for who has this number: its record and what its page shows.
    async fn begin_for(&self, person: &str) -> (String, String) {
        let fields = vec![
            ("station", "YH-C"),
            ("person", person),
            ("f.due_on", "2026-12-31"),
        ];
        let case = record_of(&self.send("training_intent", &fields).await);
        let page = self.clerk.page(&format!("/staff/record/{case}")).await;
        (case, page)
    }
}

/// A step or another act of a record's page, by this browser.
async fn act(browser: &Browser, record: &str, act: &str, fields: &Fields<'_>) -> Response {
    let page = format!("/staff/record/{record}");
    // what may be changed is told by the form of the change itself
    let from = match act {
        "change" => format!("{page}/change"),
        _ => page.clone(),
    };
    let shown = browser.page(&from).await;
    // who can do nothing with a record is not shown its version
    let seen = shown.split_once("name=\"seen\" value=\"");
    let seen = seen.and_then(|(_, rest)| rest.split('"').next());
    let seen = seen.unwrap_or("1").to_owned();
    let mut all = vec![("seen", seen.as_str())];
    all.extend_from_slice(fields);
    browser.act(&page, &format!("{page}/{act}"), &all).await
}

#[tokio::test]
async fn a_number_that_cannot_be_or_says_something_else_is_refused_at_its_field() {
    let desk = Desk::open().await;
    let impossible = number("19870230", 401);
    let page = desk
        .refusal("person", &resident("测试甲", &impossible, "1987-02-03"))
        .await;
    assert!(
        page.contains("aria-invalid=\"true\"") && page.contains("f-id_number"),
        "{page}"
    );
    let right = number("19870203", 401);
    let other_day = resident("测试甲", &right, "1987-02-04");
    assert!(
        desk.refusal("person", &other_day)
            .await
            .contains("f-birth_date")
    );
    let even = number("19870203", 402);
    let a_woman = resident("测试甲", &even, "1987-02-03");
    assert!(desk.refusal("person", &a_woman).await.contains("f-sex"));
    desk.register(&resident("测试甲", &right, "1987-02-03"))
        .await;
    let again = desk
        .refusal("person", &resident("测试乙", &right, "1987-02-03"))
        .await;
    assert!(again.contains("已经登记过"));
}

#[tokio::test]
async fn a_real_number_that_fails_is_taken_with_a_reason_that_stays() {
    let desk = Desk::open().await;
    let old = format!("{}0", &number("19870203", 403)[..17]);
    let fields = resident("测试丙", &old, "1987-02-03");
    let told = desk.refusal("person", &fields).await;
    assert!(told.contains("f-id_number"), "{told}");
    let mut excused = fields.clone();
    excused.push(("f.id_number_note", "与户口簿、派出所证明一致"));
    let record = desk.register(&excused).await;
    let page = desk.clerk.page(&format!("/staff/record/{record}")).await;
    assert!(page.contains("与户口簿、派出所证明一致"));

    let wrong = vec![
        ("station", "YH-C"),
        ("f.org_name", "示例甲加工厂"),
        ("f.uscc", "91350100M000100Y44"),
    ];
    let told = desk.refusal("employer", &wrong).await;
    assert!(told.contains("在“代码核对说明”里写明原因再存"), "{told}");
    let mut excused = wrong.clone();
    excused.push(("f.uscc_note", "与营业执照和登记机关查询一致"));
    assert_eq!(
        desk.send("employer", &excused).await.status(),
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn a_reason_for_one_number_excuses_no_other_and_the_same_again_is_no_fault() {
    let desk = Desk::open().await;
    let old = format!("{}0", &number("19870203", 403)[..17]);
    let mut fields = resident("测试丙", &old, "1987-02-03");
    fields.push(("f.id_number_note", "与户口簿、派出所证明一致"));
    let record = desk.register(&fields).await;
    let status = async |fields: &Fields<'_>| {
        let answer = act(&desk.clerk, &record, "change", fields).await;
        (answer.status(), answer.text().await.unwrap())
    };

    let other = format!("{}0", &number("19870203", 405)[..17]);
    let bare = vec![("f.id_number", other.as_str())];
    let (code, page) = status(&bare).await;
    assert_eq!(code, StatusCode::CONFLICT, "{page}");
    assert!(
        page.contains("在“号码核对说明”里重新写明原因再存"),
        "{page}"
    );
    let mut stale = bare.clone();
    stale.push(("f.id_number_note", "与户口簿、派出所证明一致"));
    assert_eq!(status(&stale).await.0, StatusCode::CONFLICT);
    let (code, page) = status(&vec![("f.id_number", old.as_str())]).await;
    assert_eq!(code, StatusCode::SEE_OTHER, "the same again: {page}");
    let mut anew = bare.clone();
    anew.push(("f.id_number_note", "更正登记，与新证明一致"));
    let (code, page) = status(&anew).await;
    assert_eq!(code, StatusCode::SEE_OTHER, "{page}");

    // from a number that can be read, a wrong day is told although a reason stands
    let right = number("19870203", 407);
    let (code, page) = status(&vec![("f.id_number", right.as_str())]).await;
    assert_eq!(code, StatusCode::SEE_OTHER, "{page}");
    let (code, page) = status(&vec![("f.birth_date", "1987-02-04")]).await;
    assert_eq!(code, StatusCode::CONFLICT);
    assert!(page.contains("f-birth_date"), "{page}");
}

#[tokio::test]
async fn who_looks_alike_is_asked_about_and_may_be_merged_and_parted_again() {
    let desk = Desk::open().await;
    let right = number("19900115", 405);
    let kept = desk
        .register(&resident("万试丁", &right, "1990-01-15"))
        .await;
    let twin = foreigner("万试丁", "E99999901", "1990-01-15");
    let told = desk.refusal("person", &twin).await;
    assert!(
        told.contains("同名同生日的人：PERSON-202611-00001"),
        "{told}"
    );
    // two residents with two numbers are two people
    let other = number("19900115", 407);
    desk.register(&resident("万试丁", &other, "1990-01-15"))
        .await;
    let mut sure = twin.clone();
    sure.push(("f.other_person_note", "本人说是另一人"));
    let gone = desk.register(&sure).await;

    let (earlier, _) = desk.begin_for("E99999901").await;
    let chief = Browser::of(&desk.hall, &[Role::Chief]).await;
    let merge = vec![
        ("kept", "PERSON-202611-00001"),
        ("reason", "同一人的旧护照"),
    ];
    let itself = vec![("kept", "PERSON-202611-00003"), ("reason", "样例")];
    assert_eq!(
        act(&chief, &gone, "merge", &itself).await.status(),
        StatusCode::CONFLICT
    );
    let by_clerk = act(&desk.clerk, &gone, "merge", &merge).await;
    assert_eq!(
        by_clerk.status(),
        StatusCode::CONFLICT,
        "only who may close may merge"
    );
    assert_eq!(
        act(&chief, &gone, "merge", &merge).await.status(),
        StatusCode::SEE_OTHER
    );
    let page = chief.page(&format!("/staff/record/{gone}")).await;
    assert!(
        page.contains("停用") && page.contains("PERSON-202611-00001"),
        "{page}"
    );
    // what is begun for the old passport is begun for the one that stays
    let (case, page) = desk.begin_for("E99999901").await;
    assert!(page.contains(&format!("/staff/record/{kept}")), "{page}");
    // whoever stays shows it, and what was begun for the passport before
    let page = desk.clerk.page(&format!("/staff/record/{kept}")).await;
    for begun in [&case, &earlier] {
        assert!(page.contains(&format!("/staff/record/{begun}")), "{page}");
    }

    assert_eq!(
        act(&chief, &gone, "step/reopen", &Vec::new())
            .await
            .status(),
        StatusCode::SEE_OTHER
    );
    let page = chief.page(&format!("/staff/record/{gone}")).await;
    assert!(
        !page.contains("已并入") || !page.contains("PERSON-202611-00001"),
        "{page}"
    );
    let page = desk.clerk.page(&format!("/staff/record/{kept}")).await;
    assert!(!page.contains(&format!("/staff/record/{earlier}")));
    let (_, page) = desk.begin_for("E99999901").await;
    assert!(
        page.contains(&format!("/staff/record/{gone}")),
        "it stands by itself again"
    );
}

#[tokio::test]
async fn a_record_names_only_what_is_there_and_of_the_right_kind() {
    let desk = Desk::open().await;
    let right = number("19900115", 405);
    desk.register(&resident("万试丁", &right, "1990-01-15"))
        .await;
    let employer = vec![
        ("station", "YH-C"),
        ("employer", "PERSON-202611-00001"),
        ("f.title", "电工"),
    ];
    let told = desk.refusal("vacancy", &employer).await;
    assert!(told.contains("没找到这个单位"), "{told}");
    let person = vec![
        ("station", "YH-C"),
        ("person", "VACANCY-202611-00001"),
        ("f.school", "学院"),
    ];
    assert!(
        desk.refusal("jobseek_once", &person)
            .await
            .contains("没找到这个人")
    );
}

#[tokio::test]
async fn people_are_found_by_name_letters_and_number_and_shown_masked_with_their_groups() {
    let desk = Desk::open().await;
    let right = number("19900115", 405);
    let record = desk
        .register(&resident("万试丁", &right, "1990-01-15"))
        .await;
    desk.register(&resident("李试戊", &number("19910115", 405), "1991-01-15"))
        .await;
    let encoded = |text: &str| {
        text.bytes()
            .map(|byte| format!("%{byte:02X}"))
            .collect::<String>()
    };
    for typed in [
        "万试",
        "wsd",
        "wanshi",
        right.as_str(),
        "PERSON-202611-00001",
    ] {
        let list = desk
            .clerk
            .page(&format!("/staff/records/person?q={}", encoded(typed)))
            .await;
        assert!(
            list.contains(&record) && list.contains("万**"),
            "{typed}: {list}"
        );
        assert!(!list.contains("李**"), "{typed}");
    }
    for (tag, from, to) in [
        ("veteran", "2026-01-01", ""),
        ("grad", "2020-01-01", "2024-12-31"),
    ] {
        let fields = vec![
            ("station", "YH-C"),
            ("person", right.as_str()),
            ("f.person_id", "PERSON-202611-00001"),
            ("f.tag", tag),
            ("f.from_on", from),
            ("f.to_on", to),
            ("f.basis", "样例名单第 1 批"),
        ];
        let answer = desk.send("person_group_tag", &fields).await;
        let (status, page) = (answer.status(), answer.text().await.unwrap());
        assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    }
    let page = desk.clerk.page(&format!("/staff/record/{record}")).await;
    let (_, after) = page.split_once("人群标签").unwrap();
    let shown = &after[..after.find("</dd>").unwrap_or(200)];
    assert!(
        shown.contains("退役军人") && !shown.contains("高校毕业生"),
        "{shown}"
    );
}
