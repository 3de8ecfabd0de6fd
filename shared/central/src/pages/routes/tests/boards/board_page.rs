//! What boards tell of themselves, on the page of boards, and what they have played.

use wire::event::{Aired, BoardAired, BoardNeeds, BoardReport, BoardReported};
use wire::status::{DeviceStatus, FaultKind, FaultReport, LogCondition};

use super::*;
use crate::sheet::tests::cells_of;
use crate::store::Contact;

const MINUTE_MS: i64 = 60_000;

fn reported(board: &str, report: BoardReport) -> Event {
    Event::BoardReported(BoardReported {
        hall: hall_id(),
        board: board.to_owned(),
        report,
    })
}

impl Hall {
    async fn with_boards() -> (Self, String) {
        let hall = Self::open().await;
        hall.enrol_driver().await;
        hall.driver_describes(vec![board("LED-01", "大厅屏"), board("LED-02", "政策屏")])
            .await;
        let (_, cookie) = hall.sign_in(PASSWORD).await;
        (hall, cookie)
    }

    /// The driver itself is on line, whatever its boards are.
    async fn driver_is_heard(&self) {
        let now = self.app.now();
        let heard = self.app.inner.store.write(move |write| {
            let contact = Contact {
                last_push_at: now,
                skew_ms: 0,
                clock_since_seq: 0,
                covered_until: now,
                tail: write.live().head_of(driver()),
                signature: DeviceKey::from_bytes(&[7; 32])
                    .sign_tail(driver(), write.live().head_of(driver())),
                signed_by: None,
            };
            write.note_contact(driver(), &contact)
        });
        heard.await.unwrap();
    }

    fn pass_minutes(&self, minutes: i64) {
        self.clock.fetch_add(minutes * MINUTE_MS, Ordering::SeqCst);
    }

    async fn airs(&self, aired: Aired, from: UtcMs, until: Option<UtcMs>, confirmed: u32) {
        let aired = BoardAired {
            hall: hall_id(),
            board: "LED-01".to_owned(),
            aired,
            text: "周五上午 9 点招聘会".to_owned(),
            from,
            until,
            sent: 3,
            confirmed,
            believed: 0,
        };
        self.driver_tells(Event::BoardAired(aired)).await;
    }
}

#[tokio::test]
async fn a_board_that_is_silent_for_five_minutes_is_told_everywhere_until_it_answers() {
    let (hall, cookie) = Hall::with_boards().await;
    hall.driver_tells(reported("大厅屏", BoardReport::Offline))
        .await;
    hall.pass_minutes(4);
    // what is given up meanwhile is no answer
    let failed = BoardReport::Failed {
        text: "周五".to_owned(),
        reason: "timeout".to_owned(),
        needs: None,
    };
    hall.driver_tells(reported("大厅屏", failed)).await;
    let alarm = "大厅屏从";
    assert!(!hall.page("/staff", &cookie).await.contains(alarm));
    hall.pass_minutes(1);
    hall.driver_is_heard().await;
    for path in ["/staff", "/staff/fleet"] {
        let page = hall.page(path, &cookie).await;
        assert!(page.contains(alarm), "{path}: {page}");
    }
    let page = hall.page("/staff/boards", &cookie).await;
    assert!(page.contains("大厅屏 5 分钟不回话"), "{page}");
    let wall = hall.page("/staff/devices", &cookie).await;
    assert!(wall.contains("不回话 5 分"), "{wall}");
    let told = hall.app.inner.metrics.text(&hall.app).await.unwrap();
    assert!(told.contains("central_boards_silent 1"), "{told}");

    hall.driver_tells(reported("大厅屏", BoardReport::Online))
        .await;
    let page = hall.page("/staff", &cookie).await;
    assert!(!page.contains(alarm), "{page}");
    let told = hall.app.inner.metrics.text(&hall.app).await.unwrap();
    assert!(told.contains("central_boards_silent 0"), "{told}");
}

#[tokio::test]
async fn a_card_that_is_broken_or_lacks_a_font_is_an_alarm_until_the_board_is_found_again() {
    let (hall, cookie) = Hall::with_boards().await;
    let failed = |reason: &str, needs| BoardReport::Failed {
        text: "周五".to_owned(),
        reason: reason.to_owned(),
        needs: Some(needs),
    };
    let letters = BoardReport::LettersMissing { height_px: 24 };
    for (report, words, is_alarm) in [
        (
            failed("nack_7", BoardNeeds::Repair),
            "的卡报告存储坏了",
            true,
        ),
        (
            failed("nack_13", BoardNeeds::SettingUp),
            "或者固件不符",
            true,
        ),
        (letters, "没有 24 点的字库", true),
        (failed("nack_4", BoardNeeds::Room), "的卡存储满了", false),
    ] {
        hall.driver_tells(reported("大厅屏", report)).await;
        let fleet = hall.page("/staff/fleet", &cookie).await;
        assert_eq!(fleet.contains(words), is_alarm, "{words}");
        let boards = hall.page("/staff/boards", &cookie).await;
        assert!(boards.contains(words), "{words}");
        hall.driver_tells(reported("大厅屏", BoardReport::Online))
            .await;
        let boards = hall.page("/staff/boards", &cookie).await;
        assert!(!boards.contains(words), "{words}");
    }
}

#[tokio::test]
async fn a_text_that_is_taken_satisfies_the_card_but_missing_letters_stay_missing() {
    let (hall, cookie) = Hall::with_boards().await;
    let taken = || BoardReport::Confirmed {
        text: "周五".to_owned(),
    };
    let failed = BoardReport::Failed {
        text: "周五".to_owned(),
        reason: "nack_12".to_owned(),
        needs: Some(BoardNeeds::SettingUp),
    };
    hall.driver_tells(reported("大厅屏", failed)).await;
    hall.driver_tells(reported("大厅屏", taken())).await;
    let page = hall.page("/staff/boards", &cookie).await;
    assert!(!page.contains("或者固件不符"), "{page}");
    let letters = BoardReport::LettersMissing { height_px: 32 };
    hall.driver_tells(reported("大厅屏", letters)).await;
    hall.driver_tells(reported("大厅屏", taken())).await;
    let page = hall.page("/staff/boards", &cookie).await;
    assert!(page.contains("没有 32 点的字库"), "{page}");
}

#[tokio::test]
async fn characters_that_a_board_does_not_have_stand_beside_what_it_plays() {
    let (hall, cookie) = Hall::with_boards().await;
    let id = Uuid::from_u128(7).to_string();
    let aired = || Aired::Listing { id: id.clone() };
    let replaced = BoardReport::Replaced {
        aired: aired(),
        characters: "喆".to_owned(),
    };
    hall.driver_tells(reported("大厅屏", replaced)).await;
    let page = hall.page("/staff/boards", &cookie).await;
    assert!(!page.contains('喆'), "it does not play yet");
    let now = hall.app.now();
    hall.airs(aired(), now, None, 1).await;
    let page = hall.page("/staff/boards", &cookie).await;
    assert!(page.contains("屏上没有“喆”"), "{page}");
    hall.airs(aired(), now, Some(now.plus_minutes(1)), 1).await;
    let page = hall.page("/staff/boards", &cookie).await;
    assert!(!page.contains('喆'), "it plays no longer");
}

#[tokio::test]
async fn what_goes_wrong_on_the_line_stands_on_the_card() {
    let (hall, cookie) = Hall::with_boards().await;
    let status = DeviceStatus {
        program: "display-driver".to_owned(),
        version: "0.1.0".to_owned(),
        backlog: 0,
        oldest_at: None,
        log: LogCondition::Good,
        device_time: hall.app.now(),
        faults: vec![FaultReport {
            boards: vec!["大厅屏".to_owned()],
            is_line: false,
            counts: BTreeMap::from([(FaultKind::Timeouts, 3)]),
            refusals: BTreeMap::from([(5, 2)]),
        }],
    };
    let now = hall.app.now();
    let kept = hall
        .app
        .inner
        .store
        .write(move |write| write.keep_status(driver(), &status, now));
    kept.await.unwrap();
    let page = hall.page("/staff/boards", &cookie).await;
    assert!(page.contains("超时 3、屏拒绝（错误 5）2"), "{page}");
}

#[tokio::test]
async fn what_a_driver_describes_stands_in_place_of_what_it_described_before() {
    let (hall, cookie) = Hall::with_boards().await;
    let page = hall.page("/staff/boards", &cookie).await;
    assert!(page.contains("大厅屏") && page.contains("政策屏"), "{page}");
    assert!(page.contains("192×32 点，红绿双色"), "{page}");
    assert!(page.contains("还没登记"), "no board is in the register yet");
    hall.register_board("LED-01").await;
    hall.driver_describes(vec![board("LED-01", "大厅屏")]).await;
    let page = hall.page("/staff/boards", &cookie).await;
    assert!(
        !page.contains("政策屏") && !page.contains("还没登记"),
        "{page}"
    );
}

#[tokio::test]
async fn the_display_record_tells_each_item_and_board_once_and_what_nobody_approved() {
    let (hall, cookie) = Hall::with_boards().await;
    let here = hall.register_board("LED-01").await;
    let record = hall
        .publication("周五上午 9 点招聘会", &[here], (0, 2))
        .await;
    let record = record.unwrap();
    hall.step(record, "approve_draft", approver())
        .await
        .unwrap();
    let item = |id: String| Aired::Notice { id };
    let (from, until) = (NOW, NOW.plus_minutes(3));
    hall.airs(item(record.to_string()), from, None, 0).await;
    let path = format!("/staff/boards/record?item={record}");
    let page = hall.page(&path, &cookie).await;
    assert!(
        page.contains("周五招聘会") && page.contains("还在放"),
        "{page}"
    );
    // told again with all that has become known
    hall.airs(item(record.to_string()), from, Some(until), 3)
        .await;
    let page = hall.page(&path, &cookie).await;
    assert!(
        !page.contains("还在放") && page.contains("一共 1 行"),
        "{page}"
    );
    hall.airs(item(Uuid::from_u128(404).to_string()), from, None, 1)
        .await;
    let day = NOW.hall_date();
    let page = hall
        .page(&format!("/staff/boards/record?day={day}"), &cookie)
        .await;
    assert!(page.contains("没有审批记录的发布的内容"), "{page}");
    assert!(page.contains("一共 2 行"), "{page}");
    let other = day.pred_opt().unwrap();
    let page = hall
        .page(&format!("/staff/boards/record?day={other}"), &cookie)
        .await;
    assert!(page.contains("没有播过"), "{page}");
    let board = hall
        .page("/staff/boards/record?board=LED-02", &cookie)
        .await;
    assert!(board.contains("没有播过"), "{board}");
    let one = hall.page(&format!("/staff/record/{record}"), &cookie).await;
    assert!(
        one.contains(&format!("/staff/boards/record?item={record}")),
        "{one}"
    );
    let sheet = hall.get(&format!("/staff/boards/record.xlsx?item={record}"));
    let sheet = sheet.header(header::COOKIE, &cookie).send().await.unwrap();
    let cells = cells_of(&sheet.bytes().await.unwrap());
    for told in [
        "到（空着的还在放）",
        "周五招聘会",
        "LED-01 大厅屏",
        "周五上午 9 点招聘会",
    ] {
        assert!(cells.iter().any(|cell| cell == told), "{told}: {cells:?}");
    }
    assert_eq!(hall.acts("display_record_exported").await, 1);
}

#[tokio::test]
async fn everything_told_of_boards_can_be_rebuilt() {
    let (hall, _) = Hall::with_boards().await;
    let here = hall.register_board("LED-01").await;
    let record = hall
        .publication("周五招聘会", &[here], (0, 2))
        .await
        .unwrap();
    hall.step(record, "approve_draft", approver())
        .await
        .unwrap();
    let item = Aired::Notice {
        id: record.to_string(),
    };
    hall.airs(item, NOW, None, 2).await;
    hall.driver_tells(reported("大厅屏", BoardReport::Offline))
        .await;
    let before = hall.notices().await;
    let store = &hall.app.inner.store;
    store.write(|write| write.rebuild()).await.unwrap();
    assert_eq!(hall.notices().await, before);
    let (boards, airings) = store
        .read(|reader| {
            let all = crate::store::AiringQuery {
                limit: 10,
                ..Default::default()
            };
            Ok((reader.described_boards()?, reader.airings(&all)?))
        })
        .await
        .unwrap();
    assert_eq!((boards.len(), airings.len()), (2, 1));
    assert_eq!(airings[0].title.as_deref(), Some("周五招聘会"));
}
