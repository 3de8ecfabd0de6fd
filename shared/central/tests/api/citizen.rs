//! What a hall kiosk asks for a citizen: progress and its limits, requests that a clerk calls back
//! about, and what somebody says about the service.

use central::store::AuditFilter;
use domain::case::Role;
use domain::id::{FeedbackId, KindId, RequestId};
use domain::id_number::check_character;
use domain::rating::Level;
use reqwest::StatusCode;
use wire::api::{DeviceKind, path};
use wire::citizen::{
    AskApplication, AskGuidance, AskProgress, Asked, CallTime, CaseProgress, GiveFeedback,
    GuidanceAbout, Progress, SelfCheckAnswer, Services, Typed,
};
use wire::event::{FeedbackSubmitted, Origin};
use wire::problem::ProblemCode;
use wire::sealed::SealedToCentre;

use crate::browser::Browser;
use crate::hall::{Answer, Device, Hall, MORNING};

const PHONE: &str = "15400000001";
const NAME: &str = "龘某某";
pub(crate) const CASE: &str = "JOBSEEK_ONCE-202611-00001";
const TEN_MINUTES_MS: i64 = 10 * 60_000;

pub(crate) struct Desk {
    pub(crate) hall: Hall,
    clerk: Browser,
    pub(crate) kiosk: Device,
    /// The person's number.
    pub(crate) number: String,
}

impl Desk {
    /// A person with an application, and a kiosk.
    pub(crate) async fn open() -> Self {
        let hall = Hall::open().await;
        let clerk = Browser::of(&hall, &[Role::Clerk]).await;
        let kiosk = hall.enrol_kiosk().await;
        let number = format!(
            "99999919870203401{}",
            check_character("99999919870203401").unwrap()
        );
        let desk = Self {
            hall,
            clerk,
            kiosk,
            number,
        };
        let person = [
            ("f.name", NAME),
            ("f.id_type", "resident"),
            ("f.id_number", desk.number.as_str()),
            ("f.sex", "male"),
            ("f.birth_date", "1987-02-03"),
            ("f.phone", PHONE),
        ];
        desk.record("person", &person).await;
        let application = [("person", "PERSON-202611-00001"), ("f.school", "示例学院")];
        desk.record("jobseek_once", &application).await;
        desk
    }

    async fn record(&self, kind: &str, fields: &[(&str, &str)]) {
        let form = format!("/staff/records/{kind}/new");
        let fields: Vec<_> = [("station", "YH-C")]
            .iter()
            .chain(fields)
            .copied()
            .collect();
        let answer = self.clerk.act(&form, &form, &fields).await;
        let status = answer.status();
        assert_eq!(
            status,
            StatusCode::SEE_OTHER,
            "{}",
            answer.text().await.unwrap()
        );
    }

    pub(crate) async fn trail(&self, act: &str) -> Vec<String> {
        let filter = AuditFilter {
            act: Some(act.to_owned()),
            ..AuditFilter::default()
        };
        let read = self
            .hall
            .store
            .read(move |reader| reader.audit_lines(&filter, 0, 50));
        read.await
            .unwrap()
            .into_iter()
            .map(|line| line.subject)
            .collect()
    }
}

async fn by_number(kiosk: &Device, case_no: &str, last4: &str) -> Answer<Progress> {
    let asked = AskProgress::CaseNo {
        case_no: case_no.to_owned(),
        last4: Typed::new(last4),
    };
    kiosk.post(path::CITIZEN_PROGRESS, &asked).await
}

fn one(progress: Answer<Progress>) -> CaseProgress {
    let Ok(Progress { mut cases }) = progress else {
        panic!("{progress:?}")
    };
    assert_eq!(cases.len(), 1);
    cases.remove(0)
}

fn code<T: std::fmt::Debug>(answer: Answer<T>) -> ProblemCode {
    answer.unwrap_err().code
}

fn request() -> RequestId {
    RequestId(central::edge::new_uuid(MORNING))
}

fn application(request: RequestId, phone: &str) -> AskApplication {
    AskApplication {
        request,
        kind: KindId::new("jobseek_once").unwrap(),
        answers: vec![SelfCheckAnswer {
            question: "毕业两年内吗".to_owned(),
            answer: "是".to_owned(),
        }],
        phone: Typed::new(phone),
        at: CallTime::Morning,
        origin: Origin::Touch,
    }
}

async fn apply(kiosk: &Device, asked: &AskApplication) -> Answer<Asked> {
    kiosk.post(path::CITIZEN_APPLICATIONS, asked).await
}

#[tokio::test]
async fn who_knows_number_and_four_characters_is_told_where_the_case_stands_and_no_name() {
    let desk = Desk::open().await;
    let last4 = &desk.number[14..];
    let told = one(by_number(&desk.kiosk, CASE, last4).await);
    assert_eq!(
        (told.case_no.as_str(), told.kind_name.as_str()),
        (CASE, "一次性求职补贴")
    );
    assert!(!told.state.is_empty() && !told.next.is_empty());
    assert!(!format!("{told:?}").contains(NAME) && !format!("{told:?}").contains(PHONE));
    // also by the telephone, in small letters, with blanks around
    let by_phone = by_number(&desk.kiosk, " jobseek_once-202611-00001 ", &PHONE[7..]).await;
    assert_eq!(one(by_phone), told);
    assert_eq!(desk.trail("citizen_progress").await, [CASE, CASE]);
}

#[tokio::test]
async fn the_card_tells_all_cases_of_its_holder() {
    let desk = Desk::open().await;
    let ask = async |number: &str| -> Answer<Progress> {
        let id_number = Typed::new(number);
        desk.kiosk
            .post(path::CITIZEN_PROGRESS, &AskProgress::Card { id_number })
            .await
    };
    assert_eq!(one(ask(&desk.number).await).case_no, CASE);
    assert!(ask("999999199001010016").await.unwrap().cases.is_empty());
}

#[tokio::test]
async fn a_wrong_number_and_wrong_characters_are_answered_alike() {
    let desk = Desk::open().await;
    let wrong = by_number(&desk.kiosk, CASE, "9999").await.unwrap_err();
    let unknown = by_number(&desk.kiosk, "JOBSEEK_ONCE-202611-00099", "9999").await;
    assert_eq!(wrong.code, ProblemCode::NotFound);
    assert_eq!(wrong, unknown.unwrap_err());
    // a register is no case: nobody finds out by it who is registered
    let person = by_number(&desk.kiosk, "PERSON-202611-00001", &PHONE[7..]).await;
    assert_eq!(wrong, person.unwrap_err());
}

#[tokio::test]
async fn three_misses_lock_the_number_and_the_device_for_ten_minutes() {
    let desk = Desk::open().await;
    let other = desk.hall.enrol_kiosk().await;
    for _ in 0..3 {
        assert_eq!(
            code(by_number(&desk.kiosk, CASE, "9999").await),
            ProblemCode::NotFound
        );
    }
    let right = &desk.number[14..];
    let elsewhere = by_number(&other, CASE, right).await;
    assert_eq!(
        code(elsewhere),
        ProblemCode::TooMany,
        "the number waits at every kiosk"
    );
    let another = by_number(&desk.kiosk, "JOBSEEK_ONCE-202611-00002", "0000").await;
    assert_eq!(
        code(another),
        ProblemCode::TooMany,
        "the kiosk waits for every number"
    );
    desk.hall.pass_ms(TEN_MINUTES_MS);
    assert_eq!(one(by_number(&desk.kiosk, CASE, right).await).case_no, CASE);
    assert_eq!(desk.trail("device_refused").await.len(), 1);
}

#[tokio::test]
async fn only_a_hall_kiosk_may_ask() {
    let desk = Desk::open().await;
    let terminal = desk.hall.enrol(DeviceKind::DisplayDriver).await;
    assert_eq!(
        code(by_number(&terminal, CASE, "9999").await),
        ProblemCode::BadRequest
    );
    let asked = application(request(), PHONE);
    assert_eq!(
        code(apply(&terminal, &asked).await),
        ProblemCode::BadRequest
    );
    assert_eq!(
        code(terminal.get::<Services>(path::CITIZEN_SERVICES).await),
        ProblemCode::BadRequest
    );
}

#[tokio::test]
async fn a_request_opens_one_record_and_stands_on_the_list_of_calls() {
    let desk = Desk::open().await;
    let services: Services = desk.kiosk.get(path::CITIZEN_SERVICES).await.unwrap();
    let offered = services
        .services
        .iter()
        .find(|it| it.kind.as_str() == "jobseek_once")
        .unwrap();
    assert!(!offered.materials.is_empty());
    let asked = application(request(), PHONE);
    let first = apply(&desk.kiosk, &asked).await.unwrap();
    assert!(first.case_no.starts_with("SERVICE_REQUEST-202611-") && first.due_on.is_some());
    assert_eq!(
        apply(&desk.kiosk, &asked).await.unwrap(),
        first,
        "the same key, the same record"
    );
    let other = AskApplication {
        at: CallTime::Any,
        ..asked
    };
    assert_eq!(
        code(apply(&desk.kiosk, &other).await),
        ProblemCode::KeyReused
    );
    assert_eq!(
        desk.trail("citizen_application").await,
        std::slice::from_ref(&first.case_no)
    );

    let list = desk.clerk.page("/staff/contacts").await;
    assert!(
        list.contains("一次性求职补贴") && list.contains(&first.case_no),
        "{list}"
    );
    assert!(!list.contains(PHONE));
    // its progress can be asked for like that of a case
    let told = one(by_number(&desk.kiosk, &first.case_no, &PHONE[7..]).await);
    assert_eq!(told.kind_name, "自助请求");
    desk.hall.verify().await;
}

/// The address of the act of the only call on the list.
fn act_of(page: &str, act: &str) -> String {
    let rest = page.split("action=\"/staff/contacts/").nth(1).unwrap();
    let id = rest.split('/').next().unwrap();
    format!("/staff/contacts/{id}/{act}")
}

#[tokio::test]
async fn a_call_is_made_with_a_reason_logged_and_seen_in_the_record() {
    let desk = Desk::open().await;
    let guidance = AskGuidance {
        request: request(),
        about: GuidanceAbout::Career,
        listing: None,
        phone: Typed::new(PHONE),
        at: CallTime::Afternoon,
        origin: Origin::Touch,
    };
    let asked: Asked = desk
        .kiosk
        .post(path::CITIZEN_GUIDANCE, &guidance)
        .await
        .unwrap();
    let contacts = "/staff/contacts";
    let list = desk.clerk.page(contacts).await;
    let reveal = act_of(&list, "reveal");
    let without = desk.clerk.act(contacts, &reveal, &[("reason", "")]).await;
    assert_eq!(without.status(), StatusCode::CONFLICT);
    assert!(!without.text().await.unwrap().contains(PHONE));
    let with = desk
        .clerk
        .act(contacts, &reveal, &[("reason", "打电话告知")])
        .await;
    assert_eq!(with.status(), StatusCode::OK);
    assert!(with.text().await.unwrap().contains(PHONE));
    assert_eq!(
        desk.trail("revealed").await,
        [format!("{} phone", asked.case_no)]
    );

    let log = act_of(&list, "log");
    let put_off = [
        ("seen", "0"),
        ("result", "call_again"),
        ("again", "2026-11-20T09:00"),
    ];
    let refused = desk.clerk.act(contacts, &log, &put_off).await;
    assert_eq!(refused.status(), StatusCode::CONFLICT);
    let page = refused.text().await.unwrap();
    assert!(
        page.contains("2026-11-20T09:00") && page.contains("checked"),
        "what was typed stays"
    );
    let reached = [("seen", "0"), ("result", "reached")];
    let done = desk.clerk.act(contacts, &log, &reached).await;
    assert_eq!(done.status(), StatusCode::OK);
    assert!(
        !done.text().await.unwrap().contains(&asked.case_no),
        "it is off the list"
    );
    let record = format!("/staff/record/{}", guidance.request);
    let history = desk.clerk.page(&record).await;
    for line in ["安排电话：回电", "打通了，说到了", "职业指导"] {
        assert!(history.contains(line), "{line}: {history}");
    }
    desk.hall.verify().await;
}

#[tokio::test]
async fn a_telephone_is_taken_three_times_a_day_and_only_a_mobile_one() {
    let desk = Desk::open().await;
    for _ in 0..3 {
        apply(&desk.kiosk, &application(request(), PHONE))
            .await
            .unwrap();
    }
    let fourth = apply(&desk.kiosk, &application(request(), PHONE)).await;
    assert_eq!(code(fourth), ProblemCode::TooMany);
    let landline = apply(&desk.kiosk, &application(request(), "0512-12345678")).await;
    assert_eq!(code(landline), ProblemCode::BadRequest);
    let mut unknown = application(request(), "15400000002");
    unknown.kind = KindId::new("person").unwrap();
    assert_eq!(
        code(apply(&desk.kiosk, &unknown).await),
        ProblemCode::NotFound
    );
}

#[tokio::test]
async fn what_somebody_says_is_read_by_who_may_and_stands_nowhere_in_clear() {
    let desk = Desk::open().await;
    let services: Services = desk.kiosk.get(path::CITIZEN_SERVICES).await.unwrap();
    let (feedback, words) = (
        FeedbackId(central::edge::new_uuid(MORNING)),
        "椅子太少，站了半小时",
    );
    let centre = services.seal_to.unwrap();
    let bound = FeedbackSubmitted::bound(feedback);
    let text = SealedToCentre::seal(centre, bound, words, central::edge::random_bytes());
    let given = GiveFeedback {
        feedback,
        level: Level::Bad,
        about: "place".to_owned(),
        text: Some(text.unwrap()),
        origin: Origin::Touch,
    };
    let give = async |given: &GiveFeedback| {
        let body = serde_json::to_vec(given).unwrap();
        let method = reqwest::Method::POST;
        let sent = desk.kiosk.send(
            method,
            path::CITIZEN_FEEDBACK,
            body,
            crate::hall::Wrong::default(),
        );
        sent.await.status()
    };
    assert_eq!(give(&given).await, StatusCode::NO_CONTENT);
    assert_eq!(
        give(&given).await,
        StatusCode::NO_CONTENT,
        "given again it counts once"
    );
    let other = GiveFeedback {
        level: Level::Good,
        ..given
    };
    assert_eq!(give(&other).await, StatusCode::CONFLICT);
    assert_eq!(desk.hall.count(FeedbackSubmitted::KIND).await, 1);

    let manager = Browser::of(&desk.hall, &[Role::HallManager]).await;
    let page = manager.page("/staff/feedback").await;
    assert!(
        page.contains(words) && page.contains("大厅环境") && page.contains("不满意"),
        "{page}"
    );
    assert_eq!(desk.trail("feedback_read").await.len(), 1);
    let clerk = desk.clerk.get("/staff/feedback").await;
    assert_eq!(clerk.status(), StatusCode::FORBIDDEN);
    for file in std::fs::read_dir(desk.hall.folder.path()).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            let is_in = bytes
                .windows(words.len())
                .any(|part| part == words.as_bytes());
            assert!(!is_in, "{}", path.display());
        }
    }
    desk.hall.verify().await;
}
