//! A day of a hall in which something happens that every derived table knows of.

use central::admin::AdminRequest;
use central::staff::Staff;
use central::vacancies::ImportOrder;
use central::window_desk::Seen;
use domain::case::Role;
use domain::id::RatingId;
use domain::queue::{KioskLane, WindowAct};
use domain::rating::{Channel, Level, Submission};
use wire::api::{DeviceKind, Notice, NoticeKind};
use wire::event::{
    BoardReport, BoardReported, Event, HelpCalled, Origin, RatingSubmitted, SearchesTallied,
    VisitProof,
};

use crate::hall::{Device, Hall, MORNING, Slip, window};

const VACANCIES: &str = "\
职位编号,岗位名称,单位名称,工作地点,薪资,学历要求,工作经验,招聘人数
t-1,普工,示例甲电子有限公司,示例市·示例区,4500-6000元/月,不限,不限,30人
t-2,维修电工,示例丙铜业有限公司,示例市·示例区,5500-7000元/月,高中,1-3年,4人
";

/// Lives it. The kiosk that is returned has pushed all it wrote.
pub(crate) async fn live(hall: &Hall) -> Device {
    publish(hall).await;
    let mut kiosk = hall
        .enrol(DeviceKind::HallKiosk { lane: KioskLane(1) })
        .await;
    let (first, second) = (Slip::new("4711"), Slip::new("0815"));
    kiosk.take_number(&first).await.unwrap();
    hall.pass_ms(1_000);
    kiosk.take_number(&second).await.unwrap();
    let written = [
        first.shown(&kiosk, "A001", hall.now()),
        help(&kiosk),
        searches(&kiosk),
        board(&kiosk),
    ];
    let texts = kiosk.write(&written);
    kiosk.push(texts).await.unwrap();
    serve_one(hall).await;
    let texts = kiosk.write(&[rating(&kiosk, &first, 1), rating(&kiosk, &first, 2)]);
    kiosk.push(texts).await.unwrap();
    assert_eq!(hall.count("rating.accepted.v1").await, 1);
    kiosk
}

async fn publish(hall: &Hall) {
    let file = hall.folder.path().join("vacancies.csv");
    std::fs::write(&file, VACANCIES).unwrap();
    let order = ImportOrder {
        file,
        as_of: None,
        publish_by: Some("甲".into()),
    };
    hall.ask(AdminRequest::ImportVacancies(order)).await;
    let notice = Notice {
        id: "one".into(),
        kind: NoticeKind::Notice,
        title: "通知".into(),
        board_pages: vec![],
        rows: vec![],
        document_no: None,
        valid_from: MORNING.hall_date(),
        valid_to: None,
        board: None,
    };
    let (notices, by) = (vec![notice], "甲".into());
    hall.ask(AdminRequest::PublishNotices { notices, by }).await;
    hall.add_staff("jia", &[Role::Clerk]).await;
}

async fn serve_one(hall: &Hall) {
    let clerk = Staff::of(hall.sign_in("jia").await).unwrap();
    hall.app
        .at_window(&clerk, window(1), WindowAct::CallNext, Seen::Anything)
        .await
        .unwrap();
    hall.pass_ms(60_000);
    hall.app
        .at_window(&clerk, window(1), WindowAct::Start, Seen::Anything)
        .await
        .unwrap();
    hall.pass_ms(5 * 60_000);
    hall.app
        .at_window(&clerk, window(1), WindowAct::Finish, Seen::Anything)
        .await
        .unwrap();
}

/// Somebody at the device asks for help.
pub(crate) fn help(device: &Device) -> Event {
    Event::HelpCalled(HelpCalled {
        hall: device.hall,
        origin: Origin::Touch,
    })
}

fn searches(device: &Device) -> Event {
    Event::SearchesTallied(SearchesTallied {
        hall: device.hall,
        searches: [("电工".to_owned(), 3)].into(),
        without_result: 1,
        listings_opened: 2,
    })
}

fn board(device: &Device) -> Event {
    Event::BoardReported(BoardReported {
        hall: device.hall,
        board: "hall".into(),
        report: BoardReport::Sent {
            text: "请 A001 号到 1 号窗口".into(),
        },
    })
}

fn rating(device: &Device, slip: &Slip, number: u128) -> Event {
    Event::RatingSubmitted(RatingSubmitted {
        hall: device.hall,
        visit: VisitProof::CodeChecked {
            ticket: slip.ticket,
        },
        submission: Submission {
            rating: RatingId(uuid::Uuid::from_u128(number)),
            matter_level: Level::Good,
            staff_level: None,
            reasons: vec![],
            channel: Channel::HallKiosk,
        },
        origin: Origin::Touch,
    })
}
