//! From the written text to the feed, and off it again by itself.

use super::*;

#[tokio::test]
async fn what_another_person_approves_goes_to_the_chosen_boards_and_ends_by_itself() {
    let hall = Hall::open().await;
    let (here, there) = (
        hall.register_board("LED-01").await,
        hall.register_board("LED-02").await,
    );
    let body = "周五上午 9 点招聘会";
    let record = hall.publication(body, &[here, there], (0, 2)).await;
    let record = record.unwrap();
    let own = actor(101, StaffRole::LedApprover);
    let refused = hall.step(record, "approve_draft", own).await.unwrap_err();
    let CaseFault::Refused(refusal) = refused else {
        panic!("{refused:?}");
    };
    assert!(refusal.text.contains("不能"), "{}", refusal.text);
    assert!(hall.notices().await.is_empty(), "nothing before approval");

    hall.step(record, "approve_draft", approver())
        .await
        .unwrap();
    assert_eq!(hall.state_of(record).await, "on_air");
    let notices = hall.notices().await;
    let [notice] = notices.as_slice() else {
        panic!("{notices:?}");
    };
    let play = notice.board.as_ref().unwrap();
    assert_eq!(notice.kind, NoticeKind::Notice);
    assert_eq!((play.content, play.priority), (BoardContent::Notice, 7));
    assert_eq!(play.text, body);
    assert_eq!(play.boards, ["LED-01", "LED-02"]);
    let time = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
    let daily = DailyWindow {
        from: time(8, 30),
        until: time(17, 30),
    };
    assert_eq!(play.daily, Some(daily));

    hall.pass_days(2).await;
    assert_eq!(hall.state_of(record).await, "on_air", "the last day counts");
    hall.pass_days(1).await;
    assert_eq!(hall.state_of(record).await, "expired");
    assert!(hall.notices().await.is_empty());
}

#[tokio::test]
async fn a_published_emergency_ends_by_a_person_and_never_by_its_last_day() {
    let hall = Hall::open().await;
    let body = "全区停水，请自带饮用水";
    let record = hall.publication_of("emergency", body, &[], (0, 1)).await;
    let record = record.unwrap();
    hall.step(record, "approve_draft", approver())
        .await
        .unwrap();
    hall.pass_days(5).await;
    assert_eq!(hall.state_of(record).await, "on_air");
    let notice = hall.notices().await.pop().unwrap();
    assert_eq!(
        (notice.kind, notice.valid_to),
        (NoticeKind::Emergency, None)
    );
    hall.step(record, "pull", approver()).await.unwrap();
    assert!(hall.notices().await.is_empty());
}

#[tokio::test]
async fn what_is_planned_is_in_the_feed_goes_on_show_on_its_first_day_and_is_pulled_at_once() {
    let hall = Hall::open().await;
    let record = hall.publication("下周一停电半天", &[], (3, 5)).await;
    let record = record.unwrap();
    hall.step(record, "approve_draft", approver())
        .await
        .unwrap();
    assert_eq!(hall.state_of(record).await, "scheduled");
    let notice = hall.notices().await.pop().unwrap();
    assert_eq!(
        notice.valid_from,
        NOW.plus_ms(3 * DAY_MS).hall_date(),
        "boards wait for the day by themselves"
    );
    assert!(notice.board.unwrap().boards.is_empty(), "all boards");
    hall.pass_days(2).await;
    assert_eq!(hall.state_of(record).await, "scheduled");
    hall.pass_days(1).await;
    assert_eq!(hall.state_of(record).await, "on_air", "on the day itself");
    hall.step(record, "pull", approver()).await.unwrap();
    assert_eq!(hall.state_of(record).await, "pulled");
    assert!(hall.notices().await.is_empty());
}

#[tokio::test]
async fn a_board_that_is_not_in_the_register_cannot_be_chosen() {
    let hall = Hall::open().await;
    let gone = RecordId(Uuid::from_u128(999));
    let publication = hall.publication("只给一块屏", &[gone], (0, 1)).await;
    assert!(publication.is_err(), "a board must be in the register");
}
