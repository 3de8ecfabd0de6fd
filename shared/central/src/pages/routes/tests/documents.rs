//! Documents over the pages: read as a proof, numbered, printed, checked by whoever holds one,
//! withdrawn, and gone with the person; the ledger of a month.

use std::collections::{BTreeMap, BTreeSet};

use domain::case::{Actor, Channel, Value, Values};
use domain::id::{KindId, PersonId, RecordId, StaffId, StationCode};
use domain::personal::Pii;
use wire::event::{ErasureReason, PersonErased};

use super::*;
use crate::cases::NewCase;

const DAY_MS: i64 = 24 * 3_600_000;
const NAME: &str = "测试甲";
/// A resident number of nobody.
const NUMBER: &str = "999999199001010016";
const MASKED: &str = "9999**********0016";

fn clerk() -> Actor {
    Actor {
        staff: Some(StaffId(Uuid::from_u128(301))),
        roles: BTreeSet::from([StaffRole::Clerk]),
        deputy: BTreeMap::new(),
        kin: BTreeSet::new(),
        address: String::new(),
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn choice(code: &str) -> Value {
    Value::Choice(code.to_owned())
}

fn hidden_text(text: &str) -> Value {
    Value::Personal(Pii::new(text.to_owned()))
}

impl Hall {
    async fn open_one<const N: usize>(
        &self,
        kind: &str,
        person: Option<PersonId>,
        values: [(&str, Value); N],
    ) -> RecordId {
        let new = NewCase {
            kind: KindId::new(kind).unwrap(),
            channel: Channel::Window,
            station: StationCode::new("YH-C").unwrap(),
            person,
            employer: None,
            values: Values::from_iter(values.map(|(id, value)| (id.to_owned(), value))),
            corrects: None,
        };
        let opened = self
            .app
            .inner
            .cases
            .open(new, clerk(), self.app.now())
            .await;
        opened.unwrap_or_else(|fault| panic!("{kind}: {fault:?}"))
    }

    async fn applicant(&self) -> PersonId {
        let born = NaiveDate::from_ymd_opt(1990, 1, 1).unwrap();
        let values = [
            ("name", hidden_text(NAME)),
            ("id_type", choice("resident")),
            ("id_number", hidden_text(NUMBER)),
            ("sex", choice("male")),
            ("birth_date", Value::Date(born)),
        ];
        PersonId(self.open_one("person", None, values).await.0)
    }

    /// A person who was referred to a vacancy.
    async fn referral(&self, person: Option<PersonId>) -> RecordId {
        let today = self.app.now().hall_date();
        let vacancy = [
            ("title", text("眼镜装配工")),
            ("employer_name", text("示例眼镜厂")),
            ("place", text("示例镇示例路 1 号")),
        ];
        let vacancy = self.open_one("vacancy", None, vacancy).await;
        let values = [
            ("vacancy_id", Value::Record(vacancy)),
            ("referred_on", Value::Date(today)),
            ("letter_no", text(&format!("荐字 {vacancy}"))),
            ("is_hardship", Value::Boolean(false)),
        ];
        self.open_one("referral", person, values).await
    }

    async fn send(&self, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Response {
        let token = form_token(&self.page("/staff/me", cookie).await);
        let mut all = vec![("form_token", token.as_str())];
        all.extend_from_slice(fields);
        let sent = self.post(path, &all).header(header::COOKIE, cookie);
        sent.send().await.unwrap()
    }

    /// Reads the proof of a document and hands it out; the address of the sheet.
    async fn issue(&self, record: RecordId, template: &str, cookie: &str) -> Response {
        let path = format!("/staff/record/{record}/documents/{template}");
        let proof = self.page(&path, cookie).await;
        let seen = hidden(&proof, "seen").unwrap_or_else(|| panic!("{proof}"));
        self.send(&path, cookie, &[("seen", &seen)]).await
    }

    async fn cookie_with(&self, login: &str, roles: &[StaffRole]) -> String {
        let new = NewStaff {
            name: "李小样".into(),
            login: login.to_owned(),
            clerk_no: String::new(),
            hall: hall_id(),
            roles: roles.iter().copied().map(RoleGrant::everywhere).collect(),
        };
        let store = self.app.inner.store.clone();
        let added = tokio::task::spawn_blocking(move || staff::add(&store, new, PASSWORD, NOW));
        added.await.unwrap().unwrap();
        self.sign_in_as(login, PASSWORD).await.1
    }
}

fn location(answer: &Response) -> String {
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    answer.headers()[header::LOCATION]
        .to_str()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn a_document_is_proved_numbered_printed_and_kept_as_it_was() {
    let hall = Hall::open().await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    let record = hall.referral(Some(hall.applicant().await)).await;
    let of_record = format!("/staff/record/{record}/documents");
    assert!(
        hall.page(&format!("/staff/record/{record}"), &cookie)
            .await
            .contains(&of_record)
    );
    assert!(
        hall.page(&of_record, &cookie)
            .await
            .contains("职业介绍推荐函")
    );
    let proof = hall
        .page(&format!("{of_record}/referral_letter"), &cookie)
        .await;
    assert!(proof.contains("样张") && proof.contains("测**") && proof.contains("示例眼镜厂："));
    assert!(!proof.contains(NAME) && !proof.contains(NUMBER));
    let sheet = location(&hall.issue(record, "referral_letter", &cookie).await);
    let paper = hall.page(&sheet, &cookie).await;
    for wanted in [
        NAME,
        MASKED,
        "荐〔2026〕1号",
        "“眼镜装配工”岗位",
        "样例站",
        "查验码",
    ] {
        assert!(paper.contains(wanted), "{wanted}: {paper}");
    }
    assert!(!paper.contains(NUMBER) && !paper.contains("补打"));
    assert_eq!(
        (
            hall.acts("document_issued").await,
            hall.acts("document_shown").await
        ),
        (1, 1)
    );
    hall.clock.fetch_add(11 * 60_000, Ordering::SeqCst);
    assert!(hall.page(&sheet, &cookie).await.contains("补打"));
    let rebuilt = hall.app.inner.store.write(|write| write.rebuild()).await;
    assert!(rebuilt.unwrap() > 0);
    assert!(hall.page(&sheet, &cookie).await.contains("荐〔2026〕1号"));
}

#[tokio::test]
async fn one_document_of_a_kind_holds_at_a_time_and_numbers_are_never_given_twice() {
    let hall = Hall::open().await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    let record = hall.referral(Some(hall.applicant().await)).await;
    let sheet = location(&hall.issue(record, "referral_letter", &cookie).await);
    let again = hall.issue(record, "referral_letter", &cookie).await;
    assert_eq!(again.status(), StatusCode::CONFLICT);
    assert!(
        again
            .text()
            .await
            .unwrap()
            .contains("已经出过，编号荐〔2026〕1号")
    );
    let withdraw = format!("{sheet}/withdraw");
    let refused = hall.send(&withdraw, &cookie, &[("reason", " ")]).await;
    assert_eq!(refused.status(), StatusCode::CONFLICT);
    location(
        &hall
            .send(&withdraw, &cookie, &[("reason", "单位名称写错")])
            .await,
    );
    let paper = hall.page(&sheet, &cookie).await;
    assert!(paper.contains("已作废：单位名称写错"));
    let next = location(&hall.issue(record, "referral_letter", &cookie).await);
    assert!(hall.page(&next, &cookie).await.contains("荐〔2026〕2号"));
    let twice = hall
        .send(&withdraw, &cookie, &[("reason", "再来一次")])
        .await;
    assert!(twice.text().await.unwrap().contains("已经作废过了"));
}

#[tokio::test]
async fn whoever_holds_a_document_can_have_it_checked_and_learns_nothing_of_the_person() {
    let hall = Hall::open().await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    let record = hall.referral(Some(hall.applicant().await)).await;
    let sheet = location(&hall.issue(record, "referral_letter", &cookie).await);
    for typed in ["荐〔2026〕1号", "荐[2026]1号", " 荐（2026） 1 号"] {
        let path = format!("/staff/documents?q={}", encoded(typed));
        let found = hall.page(&path, &cookie).await;
        assert!(
            found.contains("查到了") && found.contains(&sheet),
            "{typed}: {found}"
        );
    }
    let unknown = hall.page("/staff/documents?q=1", &cookie).await;
    assert!(unknown.contains("没有查到"));
    let document = sheet.rsplit('/').next().unwrap().parse().unwrap();
    let row = hall.app.document(document).await.unwrap();
    let code = format!("/d/{}", row.issued.code);
    let told = hall.page(&code, "").await;
    assert!(told.contains("是本中心出的") && told.contains("荐〔2026〕1号"));
    assert!(!told.contains("测") && !told.contains("9999"), "{told}");
    let withdraw = format!("{sheet}/withdraw");
    location(&hall.send(&withdraw, &cookie, &[("reason", "写错")]).await);
    assert!(hall.page(&code, "").await.contains("已经作废"));
    for nothing in ["/d/0000000000000000", "/d/x"] {
        let answer = hall.get(nothing).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{nothing}");
    }
}

#[tokio::test]
async fn nothing_goes_out_with_a_gap_or_by_who_may_not_see_it_or_of_another_state() {
    let hall = Hall::open().await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    let of_nobody = hall.referral(None).await;
    let path = format!("/staff/record/{of_nobody}/documents/referral_letter");
    let gaps = hall.page(&path, &cookie).await;
    assert!(
        gaps.contains("还缺") && !gaps.contains("编号并打印"),
        "{gaps}"
    );
    let refused = hall.send(&path, &cookie, &[("seen", "1")]).await;
    assert_eq!(refused.status(), StatusCode::CONFLICT);
    assert_eq!(hall.acts("document_issued").await, 0);
    let record = hall.referral(Some(hall.applicant().await)).await;
    let path = format!("/staff/record/{record}/documents/referral_letter");
    let director = hall.cookie_with("dir", &[StaffRole::Director]).await;
    let proof = hall.page(&path, &director).await;
    assert!(proof.contains("您的身份不能出") && !proof.contains("编号并打印"));
    let refused = hall.send(&path, &director, &[("seen", "1")]).await;
    assert!(refused.text().await.unwrap().contains("全名或全号"));
    let stale = hall.send(&path, &cookie, &[("seen", "7")]).await;
    assert!(stale.text().await.unwrap().contains("刚被别人改过"));
    let other = format!("/staff/record/{record}/documents/meeting_minutes");
    let refused = hall.send(&other, &cookie, &[("seen", "1")]).await;
    assert!(refused.text().await.unwrap().contains("不能出"));
    assert_eq!(hall.acts("document_issued").await, 0);
}

#[tokio::test]
async fn who_may_see_the_record_but_no_whole_names_sees_the_paper_masked() {
    let hall = Hall::open().await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    let record = hall.referral(Some(hall.applicant().await)).await;
    let sheet = location(&hall.issue(record, "referral_letter", &cookie).await);
    let director = hall.cookie_with("dir", &[StaffRole::Director]).await;
    let paper = hall.page(&sheet, &director).await;
    assert!(paper.contains("测**") && !paper.contains(NAME) && !paper.contains("作废这份文书"));
    let office = hall.cookie_with("off", &[StaffRole::Office]).await;
    let answer = hall
        .get(&sheet)
        .header(header::COOKIE, office)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_erased_person_is_gone_from_every_document() {
    let hall = Hall::open().await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    let person = hall.applicant().await;
    let record = hall.referral(Some(person)).await;
    let sheet = location(&hall.issue(record, "referral_letter", &cookie).await);
    let store = hall.app.inner.store.clone();
    let erased = PersonErased {
        person,
        by: Some(StaffId(Uuid::from_u128(301))),
        reason: ErasureReason::Requested,
    };
    let erased = tokio::task::spawn_blocking(move || store.erase_persons(vec![erased], NOW));
    assert!(erased.await.unwrap().unwrap().is_ok());
    let paper = hall.page(&sheet, &cookie).await;
    assert!(paper.contains("已删除") && paper.contains("荐〔2026〕1号"));
    assert!(!paper.contains(NAME) && !paper.contains(MASKED));
}

#[tokio::test]
async fn the_ledger_of_a_month_holds_what_was_opened_in_it() {
    let hall = Hall::open().await;
    hall.referral(None).await;
    let first = NOW.hall_date().format("%Y-%m").to_string();
    hall.clock.fetch_add(31 * DAY_MS, Ordering::SeqCst);
    hall.referral(None).await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    let ledger = hall
        .page(
            &format!("/staff/records/referral/ledger?month={first}"),
            &cookie,
        )
        .await;
    assert!(
        ledger.contains("推荐台账") && ledger.contains("共 1 条"),
        "{ledger}"
    );
    assert!(ledger.contains("REFERRAL-202611-00001") && ledger.contains("眼镜装配工"));
    let now = hall.page("/staff/records/referral/ledger", &cookie).await;
    assert!(now.contains("REFERRAL-202612-00001") && !now.contains("REFERRAL-202611"));
    let none = "/staff/records/referral/ledger?month=2020-01";
    assert!(hall.page(none, &cookie).await.contains("这个月没有登记"));
}
