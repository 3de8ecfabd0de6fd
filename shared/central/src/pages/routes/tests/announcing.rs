//! What the manager says to the whole hall, through the router.

use wire::api::{Notice, Topic};

use super::*;
use crate::store::{FeedAnswer, FeedDialect, FeedQuery};

impl Hall {
    /// The notices that a device of this hall is told.
    async fn notices_at(&self, hall: HallId) -> Vec<Notice> {
        let query = FeedQuery {
            device: DeviceId(Uuid::from_u128(9)),
            hall,
            topics: [Topic::Notice].into(),
            after: 0,
            limit: 100,
            now: self.app.now(),
            snapshot: None,
            reads: FeedDialect::Snapshots,
        };
        let store = &self.app.inner.store;
        let read = store.read(move |reader| reader.feed_page(&query)).await;
        let FeedAnswer::Page(page) = read.unwrap() else {
            panic!("a snapshot is never too old");
        };
        let bodies = page.rows.into_iter().filter_map(|row| row.body);
        bodies
            .map(|body| serde_json::from_str(&body).unwrap())
            .collect()
    }
}

#[tokio::test]
async fn an_approved_emergency_text_goes_out_at_once_and_to_this_hall_alone() {
    let hall = Hall::open().await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    let to = "/staff/hall/emergency";
    let answer = hall
        .ask(&cookie, "/staff/hall", to, &[("text", "power")])
        .await;
    assert_eq!(answer.status(), StatusCode::OK);
    let page = answer.text().await.unwrap();
    assert!(
        page.contains("已经上屏，请") || page.contains("已经上屏。"),
        "{page}"
    );
    let told = hall.notices_at(hall_id()).await;
    let titles: Vec<&str> = told.iter().map(|notice| notice.title.as_str()).collect();
    assert_eq!(titles, ["大厅停电，请在原地等一会儿"]);
    let elsewhere = hall.notices_at(HallId(Uuid::from_u128(2))).await;
    assert!(elsewhere.is_empty(), "{elsewhere:?}");
    let page = hall.page("/staff/hall", &cookie).await;
    let record = hidden(&page, "record").unwrap();
    let fields = [("record", record.as_str())];
    let off = "/staff/hall/off-air";
    let answer = hall.ask(&cookie, "/staff/hall", off, &fields).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert!(hall.notices_at(hall_id()).await.is_empty());
    assert!(!hall.page("/staff/hall", &cookie).await.contains("马上撤下"));
    let unknown = hall
        .ask(&cookie, "/staff/hall", to, &[("text", "party")])
        .await;
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_managers_own_words_wait_for_approval_and_no_board_is_told() {
    let hall = Hall::open().await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    let today = hall.app.now().hall_date().to_string();
    let fields = [
        ("title", "周五下午开招聘会"),
        ("body", "大厅一楼，带身份证就行。"),
        ("last_day", today.as_str()),
    ];
    let to = "/staff/hall/announce";
    let answer = hall.ask(&cookie, "/staff/hall", to, &fields).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(hall.notices_at(hall_id()).await.is_empty());
    let list = hall.page("/staff/records/led_publication", &cookie).await;
    assert!(
        list.contains("周五下午开招聘会") && list.contains("拟稿"),
        "{list}"
    );
    let past = [fields[0], fields[1], ("last_day", "2020-01-01")];
    let refused = hall.ask(&cookie, "/staff/hall", to, &past).await;
    assert_eq!(refused.status(), StatusCode::CONFLICT);
}
