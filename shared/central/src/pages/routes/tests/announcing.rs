//! What the manager says to the whole hall, through the router.

use wire::api::{HallInfo, Notice, Topic};

use super::*;
use crate::store::{FeedAnswer, FeedDialect, FeedQuery};

impl Hall {
    /// What a device of the hall is told under a topic.
    pub(super) async fn told<T: serde::de::DeserializeOwned>(
        &self,
        hall: HallId,
        topic: Topic,
    ) -> Vec<T> {
        let query = FeedQuery {
            device: DeviceId(Uuid::from_u128(9)),
            hall,
            topics: [topic].into(),
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

    /// The title of the emergency that the hall's devices show.
    async fn emergency(&self) -> Option<String> {
        let halls: Vec<HallInfo> = self.told(hall_id(), Topic::Hall).await;
        let now = halls.into_iter().next().unwrap().emergency;
        now.map(|now| now.title)
    }
}

#[tokio::test]
async fn an_emergency_goes_out_at_once_ends_by_a_named_person_and_leaves_its_papers() {
    let hall = Hall::open().await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    let to = "/staff/hall/emergency";
    for (text, title) in [
        ("power", "大厅停电，请在原地等一会儿"),
        ("leave", "请马上离开大厅，走安全出口"),
    ] {
        let answer = hall
            .ask(&cookie, "/staff/hall", to, &[("text", text)])
            .await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        assert_eq!(hall.emergency().await.as_deref(), Some(title));
    }
    let page = hall.page("/staff/hall", &cookie).await;
    let emergency = hidden(&page, "emergency").unwrap();
    let (end, fields) = (
        "/staff/hall/emergency-end",
        [("emergency", emergency.as_str())],
    );
    let answer = hall.ask(&cookie, "/staff/hall", end, &fields).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(hall.emergency().await, None);
    let again = hall.ask(&cookie, "/staff/hall", end, &fields).await;
    assert_eq!(again.status(), StatusCode::CONFLICT);
    let unknown = hall
        .ask(&cookie, "/staff/hall", to, &[("text", "party")])
        .await;
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);

    let (cases, now) = (&hall.app.inner.cases, hall.app.now());
    assert_eq!(cases.open_papers_of_emergencies(now).await.unwrap(), 2);
    assert_eq!(cases.open_papers_of_emergencies(now).await.unwrap(), 0);
    let list = hall.page("/staff/records/led_publication", &cookie).await;
    assert!(
        list.contains("大厅停电，请在原地等一会儿") && list.contains("已播待补单"),
        "{list}"
    );
    let notices: Vec<Notice> = hall.told(hall_id(), Topic::Notice).await;
    assert!(
        notices.is_empty(),
        "papers put nothing on a board: {notices:?}"
    );
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
    let notices: Vec<Notice> = hall.told(hall_id(), Topic::Notice).await;
    assert!(notices.is_empty(), "{notices:?}");
    let list = hall.page("/staff/records/led_publication", &cookie).await;
    assert!(
        list.contains("周五下午开招聘会") && list.contains("拟稿"),
        "{list}"
    );
    let past = [fields[0], fields[1], ("last_day", "2020-01-01")];
    let refused = hall.ask(&cookie, "/staff/hall", to, &past).await;
    assert_eq!(refused.status(), StatusCode::CONFLICT);
}
