//! The window console and the phone page, through the router.

use maud::html;

use super::*;

impl Hall {
    async fn act(&self, cookie: &str, window: &str, act: &str, more: &[(&str, &str)]) -> Sent {
        let address = format!("/staff/console?window={window}");
        let console = self.page(&address, cookie).await;
        let (ticket, token) = (hidden(&console, "ticket"), form_token(&console));
        let mut fields = vec![("window", window), ("form_token", token.as_str())];
        fields.extend(ticket.as_deref().map(|ticket| ("ticket", ticket)));
        fields.extend(more);
        let request = self.post(&format!("/staff/console/{act}"), &fields);
        let answer = request.header(header::COOKIE, cookie).send().await.unwrap();
        Sent {
            status: answer.status(),
            page: answer.text().await.unwrap(),
        }
    }
}

struct Sent {
    status: StatusCode,
    page: String,
}

impl Sent {
    fn done(self) {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.page);
    }

    fn refused(self, words: &str) {
        assert_eq!(self.status, StatusCode::CONFLICT);
        assert!(self.page.contains(words), "{}", self.page);
    }
}

#[tokio::test]
async fn nobody_calls_for_a_window_at_which_he_does_not_sit_and_the_audit_says_who_tried() {
    let hall = Hall::open().await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    hall.act(&cookie, "4", "sit", &[]).await.done();
    let page = hall.page("/staff/console?window=3", &cookie).await;
    assert!(page.contains("坐到这个窗口") && !page.contains("console/call-next"));
    let tried = hall.act(&cookie, "3", "call-next", &[]).await;
    tried.refused("您坐在 4 号窗口，不能替 3 号窗口叫号");
    let queue = hall.app.hall_snapshot(hall_id()).unwrap().queue;
    assert!(
        queue
            .windows
            .values()
            .all(|window| window.current.is_none())
    );
    let denied = hall.acts("denied_window").await;
    assert_eq!(denied, 1);
    hall.act(&cookie, "3", "sit", &[]).await.done();
    hall.act(&cookie, "3", "call-next", &[]).await.done();
}

#[tokio::test]
async fn who_went_for_papers_stands_on_the_page_and_goes_on_without_a_call() {
    let hall = Hall::open().await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    let phone = format!("/t/{TOKEN}");
    hall.act(&cookie, "3", "call-next", &[]).await.done();
    hall.act(&cookie, "3", "pend", &[]).await.done();
    let page = hall.page("/staff/console?window=3", &cookie).await;
    assert!(page.contains("放在本窗口的") && page.contains("接着办"));
    assert!(hall.page(&phone, "").await.contains("等您拿材料回来"));
    let whom = hidden(&page, "whom").unwrap();
    hall.act(&cookie, "3", "resume", &[("whom", &whom)])
        .await
        .done();
    assert!(hall.page(&phone, "").await.contains("3 号窗口正在给您办"));
}

#[tokio::test]
async fn the_last_window_for_people_who_wait_is_asked_once_more() {
    let hall = Hall::open().await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    hall.act(&cookie, "3", "sit", &[]).await.done();
    hall.act(&cookie, "4", "sit", &[]).await.done();
    hall.act(&cookie, "4", "pause", &[]).await.done();
    hall.act(&cookie, "3", "sit", &[]).await.done();
    let asked = hall.act(&cookie, "3", "pause", &[]).await;
    assert!(asked.page.contains("值班长知道了，暂停"));
    asked.refused("只有本窗口在办");
    hall.act(&cookie, "3", "pause-confirmed", &[]).await.done();
    let page = hall.page("/staff/console?window=3", &cookie).await;
    assert!(page.contains("本窗口暂停了"));
    assert_eq!(hall.acts("paused_last_window").await, 1);
}

#[tokio::test]
async fn a_missing_person_is_called_three_times_before_he_counts_as_missed() {
    let hall = Hall::open().await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    hall.act(&cookie, "3", "call-next", &[]).await.done();
    let early = hall.act(&cookie, "3", "missed", &[]).await;
    early.refused("才叫了 1 遍，叫满 3 遍没来才算过号");
    let again = hall.act(&cookie, "3", "call-again", &[]).await;
    again.refused("刚叫过，请过");
}

#[tokio::test]
async fn a_citizen_cancels_his_number_on_the_phone_once_he_has_confirmed_it() {
    let hall = Hall::open().await;
    let phone = format!("/t/{TOKEN}");
    let page = hall.page(&phone, "").await;
    assert!(page.contains("不办了，取消这个号"));
    let cancel = format!("{phone}/cancel");
    let forged = [("form_token", "0000")];
    let refused = hall.post(&cancel, &forged).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    let token = form_token(&page);
    let fields = [("form_token", token.as_str())];
    let done = hall.post(&cancel, &fields).send().await.unwrap();
    assert_eq!(done.status(), StatusCode::SEE_OTHER);
    assert!(hall.page(&phone, "").await.contains("这个号取消了"));
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    let nobody = hall.act(&cookie, "3", "call-next", &[]).await;
    nobody.refused("现在没有人在等");
}

impl Hall {
    /// From the call to the score of a level on the phone.
    pub(super) async fn served_and_scored(&self, cookie: &str, level: &str) {
        for act in ["call-next", "start", "finish"] {
            self.act(cookie, "3", act, &[]).await.done();
        }
        let phone = format!("/t/{TOKEN}");
        let token = form_token(&self.page(&phone, "").await);
        let fields = [
            ("form_token", token.as_str()),
            ("level", level),
            ("reason", "R05"),
        ];
        let sent = self.post(&phone, &fields).send().await.unwrap();
        assert_eq!(sent.status(), StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn a_low_score_opens_one_record_that_names_window_reason_and_who_served() {
    let hall = Hall::open().await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    hall.served_and_scored(&cookie, "1").await;
    let (cases, now) = (&hall.app.inner.cases, hall.app.now());
    assert_eq!(cases.open_bad_ratings(now).await.unwrap(), 1);
    assert_eq!(
        cases.open_bad_ratings(now).await.unwrap(),
        0,
        "once per score"
    );
    let list = hall.page("/staff/records/bad_rating_case", &cookie).await;
    assert!(list.contains("已开单"), "{list}");
    let store = &hall.app.inner.store;
    let verified = store.read(|reader| reader.verify()).await.unwrap();
    assert_eq!(verified.faults, [""; 0]);
    let address = list.split("href=\"/staff/record/").nth(1).unwrap();
    let address = address.split('"').next().unwrap();
    let record = hall
        .page(&format!("/staff/record/{address}"), &cookie)
        .await;
    for words in ["3 号窗口，非常不满意：等得太久", "万小样"] {
        assert!(record.contains(words), "{words}: {record}");
    }
}

#[tokio::test]
async fn a_good_score_opens_no_record() {
    let hall = Hall::open().await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    hall.served_and_scored(&cookie, "3").await;
    let opened = hall.app.inner.cases.open_bad_ratings(hall.app.now()).await;
    assert_eq!(opened.unwrap(), 0);
}

#[tokio::test]
async fn a_record_that_is_opened_from_the_console_is_tied_to_the_visit() {
    let hall = Hall::open().await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    hall.act(&cookie, "3", "call-next", &[]).await.done();
    let console = "/staff/console?window=3";
    let page = hall.page(console, &cookie).await;
    let visit = page.split("action=\"/staff/visits/").nth(1).unwrap();
    let ticket = visit.split('/').next().unwrap();
    let new = hall.get(&format!("/staff/visits/{ticket}/new?kind=policy_document"));
    let new = new.header(header::COOKIE, &cookie).send().await.unwrap();
    let form = new.headers()[header::LOCATION].to_str().unwrap();
    let form = hall.page(form, &cookie).await;
    let tied = hidden(&form, "visit").unwrap();
    assert_eq!(tied, ticket, "the form remembers the visit");
    let unknown = [("window", "3"), ("number", "X-1")];
    let tie = format!("/staff/visits/{ticket}/records");
    let refused = hall.ask(&cookie, console, &tie, &unknown).await;
    assert_eq!(refused.status(), StatusCode::CONFLICT);
    // the vacancy of the hall's seed
    let list = hall.page("/staff/records/vacancy", &cookie).await;
    let record = list.split("href=\"/staff/record/").nth(1).unwrap();
    let record = record.split('"').next().unwrap();
    let id = record.parse().unwrap();
    let store = &hall.app.inner.store;
    let called = store.read(move |reader| reader.record_called(id)).await;
    let (number, title) = called.unwrap().unwrap();
    let fields = [("window", "3"), ("number", number.as_str())];
    for _ in 0..2 {
        let done = hall.ask(&cookie, console, &tie, &fields).await;
        assert_eq!(done.status(), StatusCode::SEE_OTHER);
    }
    let page = hall.page(console, &cookie).await;
    assert_eq!(page.matches(&number).count(), 1, "{page}");
    assert!(page.contains(&html! { (title) }.into_string()), "{page}");
    let record = hall.page(&format!("/staff/record/{record}"), &cookie).await;
    assert!(record.contains("来办的号票：A001"), "{record}");
    let verified = store.read(|reader| reader.verify()).await.unwrap();
    assert_eq!(verified.faults, [""; 0]);
}

#[tokio::test]
async fn a_forged_and_a_reused_token_are_refused_in_words_and_stand_in_the_audit() {
    let hall = Hall::open().await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    let phone = format!("/t/{TOKEN}");
    let token = form_token(&hall.page(&phone, "").await);
    hall.served_and_scored(&cookie, "5").await;
    let fields = [("form_token", token.as_str()), ("level", "5")];
    let again = hall.post(&phone, &fields).send().await.unwrap();
    assert_eq!(again.status(), StatusCode::CONFLICT);
    assert!(again.text().await.unwrap().contains("已经打过分了"));
    let forged = format!("/t/{}", "f".repeat(32));
    for _ in 0..3 {
        let answer = hall.get(&forged).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    }
    let audit = hall.page("/staff/audit", &cookie).await;
    assert!(audit.contains("手机网页上没办成"), "{audit}");
    assert_eq!(audit.matches("已经打过分了").count(), 1, "{audit}");
    let forged = audit.matches("没有这张号票，或者数字不对").count();
    assert_eq!(forged, 1, "once a minute: {audit}");
}
