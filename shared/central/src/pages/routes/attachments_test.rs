//! Attachments over real HTTP, through the whole service, with vacancies.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;

use axum::http::StatusCode;
use domain::case::{Actor, Attachment, Channel, Command, Role as CaseRole, Value, Values};
use domain::id::{KindId, RecordId, StaffId, StationCode};
use reqwest::{RequestBuilder, Response, header};
use uuid::Uuid;

use super::tests::{Hall, PASSWORD, form_token};
use crate::app_state::AppState;
use crate::attachments::samples::{jpeg, pdf, png};
use crate::attachments::{Owner, PhoneSlot};
use crate::cases::NewCase;
use crate::edge::fill_random;
use crate::http::app;

const BOUNDARY: &str = "boundary-that-is-in-no-file";

/// Records 1 and 2 may be worked on, 3 only be looked at, 4 is none.
struct Desk {
    hall: Hall,
    records: [RecordId; 4],
    cookie: String,
    token: String,
}

fn address(record: RecordId) -> String {
    format!("/staff/record/{record}/attachments")
}

/// Vacancies as an import brings them.
async fn drafts(app: &AppState) -> Vec<RecordId> {
    let new = || NewCase {
        kind: KindId::new("vacancy").unwrap(),
        channel: Channel::Import,
        station: StationCode::new("YH-C").unwrap(),
        person: None,
        employer: None,
        values: Values::new(),
        corrects: None,
    };
    let importer = actor(None, CaseRole::System);
    let (cases, now) = (app.inner.cases.clone(), app.now());
    let opened = move || cases.open_all(vec![new(), new(), new()], importer, now);
    let opened = tokio::task::spawn_blocking(opened).await.unwrap().unwrap();
    opened.into_iter().map(Result::unwrap).collect()
}

fn actor(staff: Option<StaffId>, role: CaseRole) -> Actor {
    Actor {
        staff,
        roles: [role].into(),
        deputy: BTreeMap::new(),
        kin: BTreeSet::new(),
        address: String::new(),
    }
}

impl Desk {
    async fn open() -> Self {
        let hall = Hall::open_with(app).await;
        let drafts = drafts(&hall.app).await;
        let clerk = actor(Some(StaffId(Uuid::from_u128(5))), CaseRole::Clerk);
        let (cancel, now) = (Command::because("cancel", "样例"), hall.app.now());
        let cancelled = hall.app.inner.cases.act(drafts[2], 1, cancel, clerk, now);
        cancelled.await.unwrap();
        let (_, cookie) = hall.sign_in(PASSWORD).await;
        let path = format!("{}?doc_type=brochure", address(drafts[0]));
        let token = form_token(&hall.page(&path, &cookie).await);
        Self {
            hall,
            records: [
                drafts[0],
                drafts[1],
                drafts[2],
                RecordId(Uuid::from_u128(4)),
            ],
            cookie,
            token,
        }
    }

    fn form(&self, path: &str, fields: &[(&str, &str)], file: (&str, &[u8])) -> RequestBuilder {
        let mut body = Vec::new();
        for (name, value) in fields {
            let head = format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"");
            body.extend(format!("{head}\r\n\r\n{value}\r\n").into_bytes());
        }
        let head = format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"");
        let (name, bytes) = file;
        body.extend(format!("{head}; filename=\"{name}\"\r\n\r\n").into_bytes());
        body.extend(bytes);
        body.extend(format!("\r\n--{BOUNDARY}--\r\n").into_bytes());
        let kind = format!("multipart/form-data; boundary=\"{BOUNDARY}\"");
        let request = self
            .hall
            .client
            .post(format!("{}{path}", self.hall.address));
        request
            .header(
                header::CONTENT_TYPE,
                header::HeaderValue::from_str(&kind).unwrap(),
            )
            .body(body)
    }

    async fn send_as(&self, n: usize, doc_type: &str, name: &str, bytes: &[u8]) -> Response {
        let fields = [("form_token", self.token.as_str()), ("doc_type", doc_type)];
        let form = self.form(&self.address(n), &fields, (name, bytes));
        form.header(header::COOKIE, &self.cookie)
            .send()
            .await
            .unwrap()
    }

    async fn send(&self, n: usize, name: &str, bytes: &[u8]) -> Response {
        self.send_as(n, "brochure", name, bytes).await
    }

    async fn get(&self, path: &str) -> Response {
        let request = self.hall.get(path).header(header::COOKIE, &self.cookie);
        request.send().await.unwrap()
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        let request = self.hall.post(path, fields);
        request
            .header(header::COOKIE, &self.cookie)
            .send()
            .await
            .unwrap()
    }

    fn address(&self, n: usize) -> String {
        address(self.records[n - 1])
    }

    async fn attached(&self) -> Vec<(RecordId, Attachment)> {
        let mut attached = Vec::new();
        for record in &self.records[..3] {
            let view = self.hall.app.inner.cases.view(*record).await.unwrap();
            let held = view.record.attachments.into_iter();
            attached.extend(held.map(|one| (*record, one)));
        }
        attached
    }
}

#[tokio::test]
async fn a_picture_is_attached_shown_and_kept_from_those_who_may_not_see_it() {
    let desk = Desk::open().await;
    let answer = desk.send(1, "../../证.jpg", &jpeg()).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.text().await.unwrap().contains("收到了。"));
    let [(at, it)] = &desk.attached().await[..] else {
        panic!("one attachment");
    };
    assert_eq!((*at, it.doc_type.as_str()), (desk.records[0], "brochure"));
    let place = format!("{}/{}", desk.address(1), it.sha256);
    let shown = desk.get(&place).await;
    for (name, value) in [
        (header::CONTENT_TYPE, "image/jpeg"),
        (header::CONTENT_DISPOSITION, "inline"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-store"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; sandbox",
        ),
    ] {
        assert_eq!(shown.headers()[&name], value);
    }
    assert_eq!(shown.bytes().await.unwrap(), jpeg());
    let elsewhere = format!("{}/{}", desk.address(3), it.sha256);
    assert_eq!(desk.get(&elsewhere).await.status(), StatusCode::NOT_FOUND);
    let not_ours = format!("{}/{}", desk.address(4), it.sha256);
    assert_eq!(desk.get(&not_ours).await.status(), StatusCode::NOT_FOUND);
    let up = format!("{}/..%2F..%2Fcentral.db", desk.address(1));
    assert_eq!(desk.get(&up).await.status(), StatusCode::NOT_FOUND);
    let nobody = desk.hall.get(&place).send().await.unwrap();
    assert_eq!(nobody.status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_page_permits_the_desks_camera_and_no_other_page_does() {
    let desk = Desk::open().await;
    let page = desk
        .get(&format!("{}?doc_type=brochure", desk.address(1)))
        .await;
    let devices = page.headers()["permissions-policy"].to_str().unwrap();
    assert!(devices.contains("camera=(self)"));
    let start = desk.get("/staff").await;
    let devices = start.headers()["permissions-policy"].to_str().unwrap();
    assert!(devices.contains("camera=()"));
}

#[tokio::test]
async fn what_lies_or_is_broken_is_refused_in_words() {
    let desk = Desk::open().await;
    for (name, bytes, words) in [
        ("a.jpg", b"MZ\x90\0".to_vec(), "其实是Windows 程序"),
        ("a.jpg", pdf(1, ""), "其实是PDF"),
        ("a.jpg", jpeg()[..20].to_vec(), "不完整"),
        ("a.pdf", pdf(1, "<</S /JavaScript>>"), "脚本"),
        ("a.jpg", Vec::new(), "是空的"),
    ] {
        let answer = desk.send(1, name, &bytes).await;
        assert_eq!(answer.status(), StatusCode::CONFLICT);
        let page = answer.text().await.unwrap();
        assert!(page.contains(words), "{words}");
    }
    assert_eq!(desk.attached().await, []);
}

#[tokio::test]
async fn a_photo_of_thirty_megabytes_is_refused_before_it_is_read() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let desk = Desk::open().await;
    let host = desk.hall.address.strip_prefix("http://").unwrap();
    let mut line = tokio::net::TcpStream::connect(host).await.unwrap();
    let head = format!(
        "POST {} HTTP/1.1\r\nhost: {host}\r\ncookie: {}\r\ncontent-length: {}\r\n\
         content-type: multipart/form-data; boundary=x\r\n\r\n--x\r\n",
        desk.address(1),
        desk.cookie,
        30 << 20,
    );
    line.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    line.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert!(answer.contains("最多收 10 兆"), "{answer}");
    // who is not signed in may not even send what is small enough
    let form = desk.form(&desk.address(1), &[], ("a.jpg", &vec![0; 1 << 20]));
    let answer = form.send().await;
    assert!(answer.is_err() || answer.unwrap().status() == StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn the_same_picture_at_another_record_is_told_and_what_a_record_refuses_is_thrown_away() {
    let desk = Desk::open().await;
    desk.send(1, "a.png", &png(9, 9)).await;
    let answer = desk
        .send(2, "b.png", &png(9, 9))
        .await
        .text()
        .await
        .unwrap();
    assert!(answer.contains("另外 1 件事项里也有一模一样的文件"));
    let answer = desk.send_as(2, "refused", "c.jpg", &jpeg()).await;
    assert_eq!(answer.status(), StatusCode::CONFLICT);
    let held = desk
        .hall
        .app
        .inner
        .store
        .read(|reader| reader.attachment_names());
    assert_eq!(held.await.unwrap().len(), 2, "the refused one left nothing");
}

#[tokio::test]
async fn a_photo_of_one_survey_serves_no_other_until_it_is_set_aside_there() {
    let mut desk = Desk::open().await;
    for place in 0..2 {
        desk.records[place] = survey(&desk.hall.app).await;
    }
    let photo = jpeg();
    let first = desk.send_as(1, "photo", "门头.jpg", &photo).await;
    assert_eq!(first.status(), StatusCode::OK);
    let second = desk.send_as(2, "photo", "门头.jpg", &photo).await;
    assert_eq!(second.status(), StatusCode::CONFLICT);
    let page = second.text().await.unwrap();
    assert!(
        page.contains("“调查照片”别处已经用过") && page.contains("LOAN_SURVEY-202611-00001"),
        "{page}"
    );
    let held = desk.attached().await;
    assert_eq!(held.len(), 1, "what was refused stays nowhere");
    let (record, photo_of_first) = &held[0];
    let aside = Command::Detach {
        doc_type: "photo".to_owned(),
        sha256: photo_of_first.sha256.clone(),
        reason: "传错了".to_owned(),
    };
    let cases = &desk.hall.app.inner.cases;
    let clerk = actor(Some(StaffId(Uuid::from_u128(5))), CaseRole::Clerk);
    let seen = cases.view(*record).await.unwrap().record.version;
    let now = desk.hall.app.now();
    cases.act(*record, seen, aside, clerk, now).await.unwrap();
    let second = desk.send_as(2, "photo", "门头.jpg", &photo).await;
    assert_eq!(second.status(), StatusCode::OK);
}

#[tokio::test]
async fn every_photo_of_a_survey_has_its_check_with_the_hash_that_nobody_typed() {
    let mut desk = Desk::open().await;
    desk.records[0] = survey(&desk.hall.app).await;
    for (name, photo) in [("门头.jpg", jpeg()), ("库存.png", png(9, 9))] {
        // a person who is not sure sends it again
        for _ in 0..2 {
            let sent = desk.send_as(1, "photo", name, &photo).await;
            assert_eq!(sent.status(), StatusCode::OK);
        }
    }
    let held = desk.attached().await;
    let hashes: BTreeSet<_> = held.iter().map(|(_, photo)| photo.sha256.clone()).collect();
    let checks = desk.hall.app.inner.store.read(|reader| {
        let kind = KindId::new("survey_media_check").unwrap();
        reader.case_work(&kind, &["open".to_owned()], None, 10)
    });
    let checks = checks.await.unwrap();
    assert_eq!(checks.len(), 2);
    let checked = checks
        .iter()
        .map(|check| match &check.body.values["sha256"] {
            Value::Text(hash) => hash.clone(),
            other => panic!("{other:?}"),
        });
    assert_eq!(checked.collect::<BTreeSet<_>>(), hashes);
    let of = Value::Record(desk.records[0]);
    assert!(
        checks
            .iter()
            .all(|check| check.body.values["survey_id"] == of)
    );
}

/// A survey as an import brings it.
async fn survey(app: &AppState) -> RecordId {
    let new = NewCase {
        kind: KindId::new("loan_survey").unwrap(),
        channel: Channel::Import,
        station: StationCode::new("YH-C").unwrap(),
        person: None,
        employer: None,
        values: Values::new(),
        corrects: None,
    };
    let importer = actor(None, CaseRole::System);
    let opened = app.inner.cases.open(new, importer, app.now());
    opened.await.unwrap()
}

#[tokio::test]
async fn a_form_of_another_session_and_a_record_of_others_are_refused() {
    let desk = Desk::open().await;
    let fields = [("form_token", "x"), ("doc_type", "brochure")];
    let form = desk.form(&desk.address(1), &fields, ("a.jpg", &jpeg()));
    let answer = form
        .header(header::COOKIE, &desk.cookie)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    let answer = desk.send(3, "a.jpg", &jpeg()).await;
    assert_eq!(answer.status(), StatusCode::CONFLICT);
    assert_eq!(desk.attached().await, []);
}

#[tokio::test]
async fn a_script_is_answered_in_json() {
    let desk = Desk::open().await;
    let fields = [
        ("form_token", desk.token.as_str()),
        ("doc_type", "brochure"),
    ];
    for (bytes, status, words) in [
        (pdf(2, ""), StatusCode::OK, "收到了，2 页。"),
        (b"MZ".to_vec(), StatusCode::CONFLICT, "Windows 程序"),
    ] {
        let form = desk.form(&desk.address(1), &fields, ("", &bytes));
        let form = form.header(header::COOKIE, &desk.cookie);
        let answer = form
            .header(header::ACCEPT, "application/json")
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), status);
        let told: serde_json::Value = answer.json().await.unwrap();
        assert!(told["words"].as_str().unwrap().contains(words), "{told}");
    }
}

/// The addresses of the desk's page and of the phone's. The code on the page is a picture, which a
/// test does not read: the token is asked for where the page asks for it.
async fn show_code(desk: &Desk) -> (String, String) {
    let path = format!("/staff/record/{}/phone", desk.records[0]);
    let fields = [
        ("form_token", desk.token.as_str()),
        ("doc_type", "brochure"),
    ];
    let answer = desk.post(&path, &fields).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let page = answer.text().await.unwrap();
    assert!(page.contains("aria-label=\"二维码\"") && page.contains("/assets/live.js"));
    let app = &desk.hall.app;
    let session = app
        .session(desk.cookie.split_once('=').unwrap().1)
        .await
        .unwrap();
    let slot = PhoneSlot {
        owner: Owner {
            person: None,
            record: desk.records[0],
        },
        doc_type: "brochure".into(),
        title: "招聘简章".into(),
        by: session.staff,
        actor: actor(Some(session.staff), CaseRole::Clerk),
    };
    let (token, id) = app.inner.phones.open(slot, app.now(), fill_random).unwrap();
    (format!("{path}/{}", id.0), format!("/m/{token}"))
}

#[tokio::test]
async fn a_phone_sends_to_its_record_until_the_desk_ends_it() {
    let desk = Desk::open().await;
    let (at_desk, phone) = show_code(&desk).await;
    let page = desk
        .hall
        .get(&phone)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(page.contains("请拍：招聘简章") && !page.contains("万小样"));
    let token = form_token(&page);
    let send = |name: &'static str, bytes: Vec<u8>| {
        desk.form(&phone, &[("form_token", &token)], (name, &bytes))
            .send()
    };
    let answer = send("a.jpg", b"MZ".to_vec()).await.unwrap();
    assert_eq!(answer.status(), StatusCode::CONFLICT);
    let mut changes = desk.hall.app.changes();
    changes.mark_unchanged();
    assert_eq!(
        send("a.jpg", jpeg()).await.unwrap().status(),
        StatusCode::OK
    );
    assert!(
        changes.has_changed().unwrap(),
        "the desk's page hears of it"
    );
    let seen = desk.get(&at_desk).await.text().await.unwrap();
    assert!(seen.contains("收到 1 份") && seen.contains("还能收 9 份"));
    assert!(
        !seen.contains("aria-label=\"二维码\""),
        "nobody knows the code any more"
    );
    assert_eq!(desk.attached().await[0].0, desk.records[0]);
    let ended = desk
        .post(&format!("{at_desk}/close"), &[("form_token", &desk.token)])
        .await;
    assert_eq!(ended.status(), StatusCode::SEE_OTHER);
    let answer = send("b.jpg", png(2, 2)).await.unwrap();
    assert!(answer.text().await.unwrap().contains("窗口已经收完了"));
    assert_eq!(desk.attached().await.len(), 1);
}

#[tokio::test]
async fn a_code_that_is_late_used_up_or_made_up_takes_nothing() {
    let desk = Desk::open().await;
    let (_, phone) = show_code(&desk).await;
    let page = desk
        .hall
        .get(&phone)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    let token = form_token(&page);
    let fields = [("form_token", token.as_str())];
    for side in 1..=10 {
        let bytes = png(side, 1);
        let answer = desk
            .form(&phone, &fields, ("", &bytes))
            .send()
            .await
            .unwrap();
        assert!(answer.text().await.unwrap().contains("收到了"), "{side}");
    }
    let answer = desk
        .form(&phone, &fields, ("", &jpeg()))
        .send()
        .await
        .unwrap();
    assert!(answer.text().await.unwrap().contains("已经传够了"));
    let (_, late) = show_code(&desk).await;
    desk.hall.clock.fetch_add(600_000, Ordering::SeqCst);
    let answer = desk
        .hall
        .get(&late)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(answer.contains("时间到了"));
    let made_up = format!("/m/{}", "0".repeat(32));
    let answer = desk.hall.get(&made_up).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    assert_eq!(desk.attached().await.len(), 10);
}
