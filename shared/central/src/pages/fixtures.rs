//! Invented views for the tests of the pages.

mod boards;
mod contacts;
mod documents;
mod hall;
mod lines;
mod lists;
mod matching;
pub(crate) mod records;
mod staff;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use domain::case::Attachment;
use domain::id::{
    DeviceId, GroupCode, HallId, ListingId, ProposalId, RecordId, ShortId, StaffId, TicketId,
    WindowNo,
};
use domain::listing::{Education, Experience, Headcount, JobForm, Listing};
use domain::money::Fen;
use domain::parameter::{ParameterKey, ParameterValue};
use domain::pay::{MonthlyPay, Pay, PayAmount, PayUnit, UnitBasis};
use domain::place::Place;
use domain::queue::{
    Command, Conditions, HallLayout, HallQueue, KioskLane, LeavingWindow, NumberAsked,
    OpeningHours, PriorityKind, QueueRules, Seat, SecretHash, ServiceGroup, TicketState,
    WaitEstimate, WindowAct, Wish, decide, people_ahead, wait_estimate,
};
use domain::time::{BusinessDate, UtcMs};
use uuid::Uuid;
use wire::api::{DeviceKind, HelpState, ScreenState};
use wire::event::BoardReport;

use super::capture::{HeldMaterial, MaterialsView};
use super::console::{ConsoleView, VisitRecords, window_cells};
use super::devices;
use super::devices::{WallView, help_panel};
use super::display::DisplayView;
use super::fleet::{DeviceView, FleetView, Shown};
use super::frame::{Desk, MenuEntry, Site};
use super::guard::FormToken;
use super::listings::{Found, ListingsView};
use super::parameters::{Chosen, ParametersView};
use super::phone::{DeskView, PhonePage};
use super::records::TiedRecord;
use super::start::{SeatLine, StartView, Task, Urgency};
use super::ticket::PhoneTicketView;
use crate::attachments::{Owner, PhoneId, PhoneSlot, PhoneView};
use crate::overview::{
    BoardLine, DeviceLine, GroupLine, HallSnapshot, HelpCallLine, HelpLine, ListingCounts,
    ScreenLine, TicketPage,
};
use crate::parameter_desk::{ParameterDraft, ParameterLine, ParameterList, Standing, WaitingLine};

pub(crate) use boards::{boards, display_record, no_boards};
pub(crate) use contacts::{contacts, feedback, outbox};
pub(crate) use documents::document_pages;
pub(crate) use hall::{figures, guide, hall_view, scores, slip};
pub(crate) use lines::{
    classes, collection, due, kpi, line, report_form, reports, station, station_list, tiles,
};
pub(crate) use lists::list_pages;
pub(crate) use matching::matches;
pub(crate) use records::record_pages;
pub(crate) use staff::{account_page as account, accounts, audit, own_account, set_up};

/// 2026-11-23 10:24 in the hall.
pub(crate) const NOW: UtcMs = UtcMs(1_795_400_640_000);

pub(crate) fn site() -> Site {
    Site {
        station_name: "样例区就业服务中心".into(),
        is_demo: true,
    }
}

pub(crate) fn desk() -> Desk {
    Desk {
        site: site(),
        staff_name: "万小样".into(),
        form_token: FormToken::of("fixture"),
        menu: MenuEntry::ALL.to_vec(),
    }
}

fn record() -> RecordId {
    RecordId(Uuid::from_u128(0x77))
}

/// A rule of a record for which something is to be added.
pub(crate) fn materials() -> MaterialsView {
    MaterialsView {
        record: RecordId(Uuid::from_u128(1)),
        case_no: "0042".into(),
        doc_type: "id_card".into(),
        title: "身份证正面".into(),
        hint: "四角要拍全。".into(),
        held: vec![HeldMaterial {
            sha256: "ab".repeat(32),
            is_picture: true,
            pages: 1,
            at: "11月23日 09:12".into(),
        }],
        refusal: None,
        bytes_max: 20 << 20,
    }
}

/// A desk whose code was just shown, with a picture and a scan that have arrived.
pub(crate) fn phone_desk() -> DeskView {
    let attachment = |mime: &str| Attachment {
        doc_type: "1".into(),
        sha256: "0".repeat(64),
        mime: mime.into(),
        pages: 2,
        bytes: 1,
        at: NOW,
        by: StaffId(Uuid::from_u128(7)),
    };
    let slot = PhoneSlot {
        owner: Owner {
            person: None,
            record: record(),
        },
        doc_type: "1".into(),
        title: "身份证正面".into(),
        actor: domain::case::Actor {
            staff: None,
            roles: BTreeSet::new(),
            deputy: BTreeMap::new(),
            kin: BTreeSet::new(),
            address: String::new(),
        },
        by: StaffId(Uuid::from_u128(7)),
    };
    DeskView {
        phone: PhoneId("0123456789abcdef".into()),
        address: Some("http://h/m/0".into()),
        view: PhoneView {
            slot,
            arrived: vec![attachment("image/jpeg"), attachment("application/pdf")],
            left: 8,
            ends_at: NOW,
            is_open: true,
        },
    }
}

/// The page on the phone.
pub(crate) fn phone() -> PhonePage {
    PhonePage {
        token: "0".into(),
        form_token: FormToken::of("0"),
        title: "身份证正面".into(),
        bytes_max: 10 << 20,
    }
}

fn window(number: u8) -> WindowNo {
    WindowNo::new(number).unwrap()
}

fn group(letter: char) -> GroupCode {
    GroupCode::new(letter).unwrap()
}

fn layout() -> HallLayout {
    let names = [
        ("A", "找工作、就业登记", 8),
        ("B", "创业贷款", 15),
        ("C", "失业保险", 10),
    ];
    let groups = names.map(|(letter, name, minutes)| {
        let service = ServiceGroup {
            name: name.into(),
            hint: "样例".into(),
            typical_service_minutes: minutes,
        };
        (group(letter.chars().next().unwrap()), service)
    });
    let serves = |letters: &str| letters.chars().map(group).collect::<BTreeSet<_>>();
    let windows = [(1, "A"), (2, "A"), (3, "AC"), (4, "A"), (5, "B"), (6, "C")];
    HallLayout {
        groups: groups.into(),
        windows: windows
            .map(|(no, letters)| (window(no), serves(letters)))
            .into(),
    }
}

/// A morning: 14 tickets, some called, one priority ticket waiting.
pub(crate) fn queue() -> HallQueue {
    let rules = QueueRules::default();
    let mut queue = HallQueue::new(layout(), &rules);
    let hours = OpeningHours::default();
    let mut give = |command: Command, minutes_ago: i64| {
        let now = NOW.plus_minutes(-minutes_ago);
        let around = Conditions {
            rules: &rules,
            hours: &hours,
            now,
        };
        for event in decide(&queue, command, &around).unwrap() {
            queue.apply(&event, now);
        }
    };
    let take = |n: u128, letter: char, priority: Option<PriorityKind>| {
        Command::TakeNumber(NumberAsked {
            ticket: TicketId(Uuid::from_u128(n)),
            group: group(letter),
            priority,
            wish: Wish {
                matter: n.is_multiple_of(2).then(|| "就业登记、失业登记".to_owned()),
                ..Wish::default()
            },
            token_hash: SecretHash([0; 32]),
            code_hash: SecretHash([0; 32]),
        })
    };
    let at = |no: u8, act: WindowAct| {
        let (window, clerk) = (window(no), None);
        Command::At(Seat { window, clerk }, act)
    };
    for (n, letter) in "AABACAAB".chars().enumerate() {
        give(take(n as u128, letter, None), 40 - n as i64);
    }
    for no in [1, 3, 5] {
        give(at(no, WindowAct::CallNext), 20 - i64::from(no));
    }
    give(at(1, WindowAct::Start), 16);
    give(at(3, WindowAct::Finish), 9);
    give(at(3, WindowAct::CallNext), 8);
    give(at(3, WindowAct::Pend), 7);
    give(at(3, WindowAct::CallNext), 5);
    give(at(3, WindowAct::Start), 4);
    give(at(6, WindowAct::Pause(LeavingWindow::Confirmed)), 3);
    for n in 20..24 {
        give(take(n, 'A', None), 30 - n as i64);
    }
    give(take(30, 'A', Some(PriorityKind::Elder)), 2);
    give(take(31, 'B', None), 0);
    queue
}

pub(crate) fn snapshot() -> HallSnapshot {
    let queue = queue();
    let line = |(code, group): (&GroupCode, &ServiceGroup)| {
        let waiting = queue.waiting_in(*code).count();
        let wait = wait_estimate(&queue, *code, waiting, &QueueRules::default(), NOW);
        (
            *code,
            GroupLine {
                name: group.name.clone(),
                waiting,
                wait,
            },
        )
    };
    HallSnapshot {
        hall: hall(),
        station_name: site().station_name,
        day: BusinessDate(NOW.hall_date()),
        groups: queue.layout.groups.iter().map(line).collect(),
        clerks: BTreeMap::new(),
        queue: Arc::new(queue),
    }
}

pub(crate) fn hall() -> HallId {
    HallId(Uuid::from_u128(900))
}

pub(crate) fn console() -> ConsoleView {
    // so that the priority ticket is next although others have waited long
    let rules = QueueRules {
        ordinary_boost_minutes: 90,
        ..QueueRules::default()
    };
    let mut view = ConsoleView::of(&queue(), window(3), Some(window(3)), &rules, NOW).unwrap();
    view.records = view.current.as_ref().map(|current| VisitRecords {
        ticket: current.ticket,
        tied: vec![TiedRecord {
            how: "E03-202611-00012".into(),
            address: "/staff/record/77".into(),
            name: "求职登记".into(),
        }],
        kinds: vec![("jobseek_once".into(), "一次性求职补贴".into())],
    });
    view
}

fn device(n: u128, name: &str, kind: DeviceKind) -> DeviceLine {
    DeviceLine {
        device: DeviceId(Uuid::from_u128(n)),
        name: name.into(),
        kind,
        hall: hall(),
        is_revoked: false,
        last_seen: Some(NOW),
        is_online: true,
        status_text: "在线，记录已全部上传".into(),
        screens: Vec::new(),
        help: None,
    }
}

fn screen(board: &str, in_use: bool, confirmed: bool) -> ScreenLine {
    let state = ScreenState {
        screen: "home".into(),
        in_use,
        backlog: 0,
        confirmed,
    };
    ScreenLine {
        board: board.into(),
        state,
        received_at: NOW,
    }
}

pub(crate) fn devices() -> Vec<DeviceLine> {
    let kiosk = |n: u128, lane| {
        device(
            n,
            &format!("{lane} 号自助机"),
            DeviceKind::HallKiosk {
                lane: KioskLane(lane),
            },
        )
    };
    let mut first = kiosk(1, 1);
    first.screens.push(screen("", false, true));
    let mut second = kiosk(2, 2);
    second.screens.push(screen("", true, true));
    second.help = Some(HelpLine {
        session: 7,
        staff_name: "万小样".into(),
        state: HelpState::Active,
    });
    let mut third = kiosk(3, 3);
    third.is_online = false;
    third.last_seen = Some(NOW.plus_minutes(-22));
    third.status_text = "断线，最后一次在 10:02，3 件未上传".into();
    let mut terminal = device(
        4,
        "3 号窗口评价器",
        DeviceKind::WindowTerminal { window: window(3) },
    );
    terminal.screens.push(screen("", false, true));
    let mut driver = device(5, "大厅屏控制器", DeviceKind::DisplayDriver);
    driver.screens.push(screen("门楣屏", false, true));
    driver.screens.push(screen("3 号窗口屏", false, false));
    vec![first, second, third, terminal, driver]
}

fn size_of(device: DeviceId, board: &str) -> Option<(u32, u32)> {
    match (device.0.as_u128(), board) {
        (1 | 2, "") => Some((540, 960)),
        (4, "") => Some((512, 384)),
        (5, "门楣屏") => Some((384, 64)),
        (5, _) => Some((128, 32)),
        _ => None,
    }
}

pub(crate) fn wall() -> WallView {
    let reports = [BoardLine {
        device: DeviceId(Uuid::from_u128(5)),
        hall: hall(),
        board: "3 号窗口屏".into(),
        report: BoardReport::Offline,
        at: NOW.plus_minutes(-3),
        heard_at: Some(NOW.plus_minutes(-4)),
        offline_since: Some(NOW.plus_minutes(-3)),
        needs: None,
    }];
    let calls = [HelpCallLine {
        device: DeviceId(Uuid::from_u128(2)),
        device_name: "2 号自助机".into(),
        hall: hall(),
        at: NOW.plus_minutes(-1),
    }];
    WallView::of(
        hall(),
        &devices(),
        &reports,
        &calls,
        &size_of,
        (NOW, 5 * 60_000),
    )
}

pub(crate) fn side(kiosk: u128) -> devices::Side {
    let device = DeviceId(Uuid::from_u128(kiosk));
    let panel = help_panel(device, &devices(), "万小样", &size_of, NOW).unwrap();
    devices::Side::Kiosk(Box::new(panel))
}

pub(crate) fn fleet() -> FleetView {
    FleetView {
        page: crate::fleet::fixtures::records().page(),
        own_hall: hall(),
        hall: None,
        shown: Shown::All,
    }
}

pub(crate) fn fleet_device(n: u128) -> DeviceView {
    let page = crate::fleet::fixtures::records().page();
    DeviceView::of(page, DeviceId(Uuid::from_u128(n)), hall()).unwrap()
}

pub(crate) fn listing() -> Listing {
    let id = ListingId(Uuid::from_u128(77));
    let today = NOW.hall_date();
    Listing {
        id,
        short_id: ShortId::of(id),
        title: "维修电工（倒班）".into(),
        employer: Some("样例铜业有限公司".into()),
        place: Some(Place {
            text: "样例市·月桥区".into(),
            city: "样例市".into(),
            area: Some("月桥区".into()),
        }),
        pay: Some(Pay {
            amount: PayAmount::Range {
                low: Fen(550_000),
                high: Fen(700_000),
            },
            unit: PayUnit::Month,
            basis: UnitBasis::Stated,
            months_per_year: None,
        }),
        pay_text: Some("5500-7000元/月".into()),
        monthly: MonthlyPay::default(),
        education: Some(Education::SeniorMiddle),
        experience: Some(Experience::Years {
            from: 1,
            to: Some(3),
        }),
        headcount: Some(Headcount::Exactly { people: 5 }),
        job_form: Some(JobForm::FullTime),
        industry: Some("有色金属".into()),
        description: Some("巡检、换件、记录。\n四班三倒，包午餐和晚餐。".into()),
        posted_on: NaiveDate::from_ymd_opt(2026, 11, 20),
        publication_order: 1,
        published_on: today,
        valid_to: NaiveDate::from_ymd_opt(2027, 2, 21).unwrap(),
    }
}

pub(crate) fn listings() -> ListingsView {
    ListingsView {
        counts: ListingCounts {
            open: 3_012,
            pending: 18,
            withdrawn: 4,
        },
        number: listing().short_id.to_string(),
        found: Found::Open(Box::new(listing())),
        reason: String::new(),
        today: NOW.hall_date(),
        public_url: "http://10.0.0.2:8080".into(),
        may_withdraw: true,
        may_import: true,
        waiting: Some(3),
    }
}

pub(crate) fn start() -> StartView {
    StartView {
        calls_tickets: true,
        now: NOW,
        work: vec![records::work_card_of_one()],
        lines: lines::tiles(),
        windows: window_cells(&queue(), NOW),
        window: Some(SeatLine {
            window: window(3),
            waiting: 9,
            longest_minutes: 17,
            served: 6,
        }),
        hall_waiting: 14,
        hall_served: 41,
        satisfaction: "97.91 %".into(),
        response: "58.53 %".into(),
        tasks: vec![
            Task {
                urgency: Urgency::Now,
                text: "3 号窗口还有 9 人在等，等得最久的 17 分钟".into(),
                act: "叫下一个号",
                address: "/staff/console?window=3".into(),
            },
            Task {
                urgency: Urgency::Today,
                text: "3 号自助机断线了".into(),
                act: "去看看",
                address: "/staff/devices".into(),
            },
        ],
    }
}

pub(crate) fn phone_ticket(state: TicketState, is_scored: bool) -> PhoneTicketView {
    let queue = queue();
    let ticket = TicketId(Uuid::from_u128(21));
    PhoneTicketView {
        site: site(),
        address: "/t/0123456789abcdef".into(),
        form_token: FormToken::of("0123456789abcdef"),
        ticket: TicketPage {
            ticket,
            label: queue.tickets[&ticket].issued.label.clone(),
            group_name: "找工作、就业登记".into(),
            state,
            people_ahead: people_ahead(&queue, ticket),
            wait: WaitEstimate::Between { low: 5, high: 12 },
            is_scored,
            called_now: [(window(1), "A001".parse().unwrap())].into(),
        },
        comeback_minutes: 30,
        reasons: crate::poor_reasons::all(),
    }
}

pub(crate) fn display() -> DisplayView {
    DisplayView::of(&snapshot(), true, NOW)
}

/// A parameter that was changed, will change and is to change again, and one that never was.
pub(crate) fn parameters() -> ParametersView {
    let today = NOW.hall_date();
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
    let line = |from, last, fen, standing| ParameterLine {
        key: ParameterKey::of_district("min_wage.month"),
        name: "月最低工资".into(),
        value: ParameterValue::Whole(fen),
        unit: "分".into(),
        from,
        last,
        source: "样例〔2024〕1号".into(),
        hands: Some(("万小样".into(), "熊小样".into())),
        standing,
    };
    let calls = ParameterLine {
        key: ParameterKey::of_district("ticket.call_times"),
        name: "叫号次数".into(),
        value: ParameterValue::Whole(3),
        unit: "次".into(),
        source: "样例〔2024〕2号".into(),
        hands: None,
        ..line(day(2000, 1, 1), None, 0, Standing::InForce)
    };
    let waiting = WaitingLine {
        proposal: ProposalId(Uuid::from_u128(9)),
        key: ParameterKey::of_district("min_wage.month"),
        name: "月最低工资".into(),
        old: Some(ParameterValue::Whole(187_000)),
        new: Some(ParameterValue::Whole(200_000)),
        unit: "分".into(),
        from: day(2027, 7, 1),
        last: None,
        why: "样例〔2026〕1号".into(),
        by_name: "万小样".into(),
        is_own: false,
        at: NOW,
    };
    let (before, until) = (day(2024, 3, 31), day(2026, 12, 31));
    ParametersView {
        list: ParameterList {
            lines: vec![
                line(day(2020, 1, 1), Some(before), 173_000, Standing::Ended),
                line(day(2024, 4, 1), Some(until), 187_000, Standing::InForce),
                line(day(2027, 1, 1), None, 190_000, Standing::Later),
                calls,
            ],
            waiting: vec![waiting],
            today,
        },
        search: String::new(),
        shows_ended: false,
        page: 1,
        chosen: Chosen::Nothing,
        draft: ParameterDraft::default(),
    }
}
