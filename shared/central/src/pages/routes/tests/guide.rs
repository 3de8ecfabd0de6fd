//! The guide's page and the manager's, through the router.

use super::*;
use crate::sheet::tests::cells_of;

impl Hall {
    pub(super) async fn ask(
        &self,
        cookie: &str,
        from: &str,
        to: &str,
        fields: &[(&str, &str)],
    ) -> Response {
        let token = form_token(&self.page(from, cookie).await);
        let mut all = vec![("form_token", token.as_str())];
        all.extend(fields);
        let request = self.post(to, &all).header(header::COOKIE, cookie);
        request.send().await.unwrap()
    }

    async fn take(&self, cookie: &str, fields: &[(&str, &str)]) -> (StatusCode, String) {
        let page = self.page("/staff/guide", cookie).await;
        let ticket = hidden(&page, "ticket").unwrap();
        let mut all = vec![("ticket", ticket.as_str())];
        all.extend(fields);
        let answer = self
            .ask(cookie, "/staff/guide", "/staff/guide/take", &all)
            .await;
        (answer.status(), answer.text().await.unwrap())
    }
}

#[tokio::test]
async fn a_guide_takes_a_number_that_opens_a_phone_page_and_a_person_has_one() {
    let hall = Hall::open().await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    let fields = [
        ("group", "A"),
        ("priority", "0"),
        ("id_number", "999999 19870203 1236"),
    ];
    let (status, page) = hall.take(&cookie, &fields).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("V001") && page.contains("二维码"), "{page}");
    let fields = [("group", "A"), ("id_number", "999999198702031236")];
    let (status, page) = hall.take(&cookie, &fields).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(page.contains("您已经有这类事的号 V001"), "{page}");
    let (status, page) = hall
        .take(&cookie, &[("group", "A"), ("id_number", "无")])
        .await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(page.contains("证件号码不对"), "{page}");
    let audit = hall.page("/staff/audit", &cookie).await;
    assert!(!audit.contains("19870203"), "no number stands in the audit");
}

#[tokio::test]
async fn a_guide_finds_a_slip_and_changes_who_goes_first() {
    let hall = Hall::open().await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    let page = hall.page("/staff/guide?number=a001", &cookie).await;
    assert!(page.contains("在等，前面还有 0 人"), "{page}");
    let found = "/staff/guide?number=A001";
    let ticket = page.split("slip/give-up").nth(1).unwrap();
    let ticket = hidden(ticket, "ticket").unwrap();
    let fields = [("ticket", ticket.as_str()), ("priority", "1")];
    let to = "/staff/guide/slip/priority";
    let answer = hall.ask(&cookie, found, to, &fields).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert!(hall.page(found, &cookie).await.contains("残疾人"));
    let give_up = [("ticket", ticket.as_str())];
    for _ in 0..2 {
        let to = "/staff/guide/slip/give-up";
        let answer = hall.ask(&cookie, found, to, &give_up).await;
        assert_eq!(
            answer.status(),
            StatusCode::SEE_OTHER,
            "also when asked again"
        );
        assert!(hall.page(found, &cookie).await.contains("取消了"));
    }
}

#[tokio::test]
async fn the_manager_changes_what_a_window_serves_and_is_asked_before_people_are_left() {
    let hall = Hall::open().await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    let act = async |act: &str, fields: &[(&str, &str)]| {
        let to = format!("/staff/hall/window/{act}");
        let answer = hall.ask(&cookie, "/staff/hall", &to, fields).await;
        (answer.status(), answer.text().await.unwrap())
    };
    assert_eq!(
        act("close", &[("window", "4")]).await.0,
        StatusCode::SEE_OTHER
    );
    let (status, page) = act("close", &[("window", "3")]).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(page.contains("我知道了，照办"), "{page}");
    let confirmed = [("window", "3"), ("confirmed", "yes")];
    assert_eq!(act("close", &confirmed).await.0, StatusCode::SEE_OTHER);
    let page = hall.page("/staff/hall", &cookie).await;
    assert!(page.contains("1 人在等，没有开着的窗口"), "{page}");
    let (status, page) = act("groups", &[("window", "3")]).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(page.contains("窗口至少要办一组"), "{page}");
    assert_eq!(
        act("nonsense", &[("window", "3")]).await.0,
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn the_figures_of_the_day_are_a_page_and_a_sheet() {
    let hall = Hall::open().await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    let page = hall.page("/staff/hall/figures", &cookie).await;
    assert!(page.contains("1 人") && page.contains("按窗口"), "{page}");
    let sheet = hall.get("/staff/hall/figures.xlsx?month=2026-11");
    let sheet = sheet.header(header::COOKIE, &cookie).send().await.unwrap();
    assert_eq!(sheet.status(), StatusCode::OK);
    let cells = cells_of(&sheet.bytes().await.unwrap());
    assert!(
        cells.iter().any(|cell| cell.contains("2026年11月")),
        "{cells:?}"
    );
    let empty = hall
        .page("/staff/hall/figures?day=2020-01-01", &cookie)
        .await;
    assert!(empty.contains("这段时间没有人取号"));
}

#[tokio::test]
async fn a_guide_pauses_a_window_whose_clerk_went_but_not_the_last_one() {
    let hall = Hall::open().await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    let act = async |window: &str, act: &str| {
        let fields = [("window", window), ("act", act)];
        let to = "/staff/guide/window";
        let answer = hall.ask(&cookie, "/staff/guide", to, &fields).await;
        (answer.status(), answer.text().await.unwrap())
    };
    assert_eq!(act("4", "pause").await.0, StatusCode::SEE_OTHER);
    let (status, page) = act("3", "pause").await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(page.contains("只有本窗口在办"), "{page}");
    assert_eq!(act("4", "open").await.0, StatusCode::SEE_OTHER);
    assert_eq!(hall.acts("paused_window").await, 1);
}
