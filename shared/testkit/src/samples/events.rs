//! One event of every kind.

use std::collections::{BTreeMap, BTreeSet};

use domain::case::Role;
use domain::id::{
    DeviceId, EmergencyId, GroupCode, HallId, ImportId, ListingId, RatingId, RecordId, StaffId,
    StationCode, TicketId, WindowNo,
};
use domain::queue::{
    AtWindow, HallLayout, KioskLane, PriorityKind, SecretHash, ServiceGroup, TicketBooked,
    TicketIssued, TicketLabel, Wish,
};
use domain::rating::{Channel, Level, Submission, TicketSecret};
use domain::refusal::RefusalCode;
use wire::api::DeviceKind;
use wire::board::{BoardDescription, Plays, ZoneDescription};
use wire::event::{
    Aired, BoardAired, BoardNeeds, BoardReport, BoardReported, BoardsCleared, BoardsDescribed,
    BoardsRestored, DeviceEnrolled, DeviceKeyRotated, DeviceRefused, DeviceRevoked, EmergencyEnded,
    EmergencyRaised, Event, HallDay, HallLaidOut, HelpCalled, ImportedRow, InHall,
    ListingWithdrawn, NoticePublished, OneTicket, OneWindow, Origin, RatingAccepted, RatingRefused,
    RatingSubmitted, RawRow, RemoteHelpAtKiosk, RemoteHelpStep, RoleGrant, SearchesTallied,
    StaffActed, StaffDeputySet, StaffRolesSet, TicketPrioritised, TicketRelabelled, TicketShown,
    TicketTransferred, VacanciesImported, VacanciesPublished, VisitProof, VisitRecord,
    WindowServes,
};
use wire::problem::ProblemCode;

use super::{AT, cases, day, documents, feed, id, key, outreach, parameters, persons};

pub(super) const HALL: u8 = 2;
pub(super) const TICKET: u8 = 3;

pub(super) fn hall() -> HallId {
    HallId(id(HALL))
}

pub(super) fn ticket() -> TicketId {
    TicketId(id(TICKET))
}

pub(super) fn window() -> WindowNo {
    WindowNo::new(3).expect("a window, because 3 is from 1 to 99")
}

fn station() -> StationCode {
    StationCode::try_from("GZ-01".to_owned()).expect("a code, because it is of capitals and digits")
}

pub(super) fn group() -> GroupCode {
    GroupCode::new('A').expect("a group, because A is from A to U")
}

pub(super) fn label() -> TicketLabel {
    TicketLabel::Assigned {
        prefix: 'A',
        number: 12,
    }
}

pub(super) fn lane_label() -> TicketLabel {
    TicketLabel::Lane {
        prefix: 'V',
        lane: KioskLane(2),
        number: 7,
    }
}

fn in_hall<T>(what: T) -> InHall<T> {
    InHall { hall: hall(), what }
}

fn at_window() -> InHall<AtWindow> {
    in_hall(AtWindow {
        ticket: ticket(),
        window: window(),
        clerk: None,
    })
}

fn issued(label: TicketLabel) -> TicketIssued {
    TicketIssued {
        ticket: ticket(),
        label,
        group: group(),
        priority: Some(PriorityKind::Elder),
        arrived_at: AT,
        token_hash: SecretHash([0xa1; 32]),
        code_hash: SecretHash([0xb2; 32]),
        wish: Wish::default(),
        found: None,
        told: None,
    }
}

fn booked() -> TicketBooked {
    TicketBooked {
        ticket: ticket(),
        group: group(),
        matter: Some("求职登记".to_owned()),
        starts_at: AT,
        token_hash: SecretHash([0xa1; 32]),
        code_hash: SecretHash([0xb2; 32]),
    }
}

pub(super) fn layout() -> HallLayout {
    let service = ServiceGroup {
        name: "求职登记".to_owned(),
        hint: "找工作、登记失业".to_owned(),
        typical_service_minutes: 8,
    };
    HallLayout {
        groups: BTreeMap::from([(group(), service)]),
        windows: BTreeMap::from([(window(), BTreeSet::from([group()]))]),
    }
}

/// One event of every kind of [`Event::KINDS`], in that order.
#[must_use]
pub fn events() -> Vec<Event> {
    let mut events = of_devices();
    events.extend(of_the_authority());
    events.extend(of_the_centre());
    events.extend(of_staff());
    events.extend(persons::events());
    events.extend(cases::events());
    events.extend(parameters::events());
    events.extend(documents::events());
    events.extend(outreach::events());
    events
}

fn of_devices() -> Vec<Event> {
    let hall = hall();
    vec![
        Event::TicketShown(TicketShown {
            hall,
            issued: issued(lane_label()),
            origin: Origin::Touch,
        }),
        Event::RatingSubmitted(RatingSubmitted {
            hall,
            visit: VisitProof::CodeUnchecked {
                label: label(),
                day: day(),
                code: TicketSecret("4711".to_owned()),
            },
            submission: Submission {
                rating: RatingId(id(4)),
                matter_level: Level::Good,
                staff_level: Some(Level::Bad),
                reasons: vec!["R01".to_owned()],
                channel: Channel::HallKiosk,
            },
            origin: Origin::Demo,
        }),
        Event::SearchesTallied(SearchesTallied {
            hall,
            searches: BTreeMap::from([("电工".to_owned(), 3), ("其他".to_owned(), 1)]),
            without_result: 1,
            listings_opened: 2,
        }),
        Event::HelpCalled(HelpCalled {
            hall,
            origin: Origin::Remote,
        }),
        Event::RemoteHelp(RemoteHelpAtKiosk {
            hall,
            staff_name: "李芳".to_owned(),
            step: RemoteHelpStep::BegunAgreed,
        }),
        Event::BoardReported(BoardReported {
            hall,
            board: "hall-1".to_owned(),
            report: BoardReport::Failed {
                text: "请 A012 号到 3 号窗口".to_owned(),
                reason: "nack_12".to_owned(),
                needs: Some(BoardNeeds::SettingUp),
            },
        }),
        boards_described(hall),
        Event::BoardAired(BoardAired {
            hall,
            board: "LED-01".to_owned(),
            aired: Aired::Notice {
                id: RecordId(id(71)).to_string(),
            },
            text: "11月25日下午停电\n请上午来办或改天".to_owned(),
            from: AT,
            until: Some(AT.plus_ms(3_600_000)),
            sent: 40,
            confirmed: 39,
            believed: 0,
        }),
    ]
}

fn boards_described(hall: HallId) -> Event {
    let board = BoardDescription {
        board: "LED-01".to_owned(),
        name: "大厅屏".to_owned(),
        family: "onbon-k".to_owned(),
        width_px: 256,
        height_px: 64,
        has_green: true,
        window: None,
        limits: Default::default(),
        zones: vec![ZoneDescription {
            x_px: 0,
            y_px: 0,
            width_px: 256,
            height_px: 64,
            plays: vec![Plays::Vacancies, Plays::Notices],
        }],
    };
    Event::BoardsDescribed(BoardsDescribed {
        hall,
        boards: vec![board],
    })
}

fn of_the_authority() -> Vec<Event> {
    let (window, rating) = (window(), RatingId(id(4)));
    vec![
        Event::HallLaidOut(HallLaidOut {
            hall: hall(),
            station_name: "城西公共就业服务站".to_owned(),
            layout: layout(),
        }),
        Event::TicketIssued(in_hall(issued(label()))),
        Event::TicketRelabelled(in_hall(TicketRelabelled {
            ticket: ticket(),
            label: lane_label(),
        })),
        Event::TicketCalled(at_window()),
        Event::TicketStarted(at_window()),
        Event::TicketFinished(at_window()),
        Event::TicketBooked(in_hall(booked())),
        Event::TicketPrioritised(in_hall(TicketPrioritised {
            ticket: ticket(),
            priority: Some(PriorityKind::WithChild),
        })),
        Event::TicketPended(at_window()),
        Event::TicketParked(at_window()),
        Event::TicketTransferred(in_hall(TicketTransferred {
            from: at_window().what,
            group: group(),
        })),
        Event::TicketReturned(in_hall(OneTicket { ticket: ticket() })),
        Event::TicketLeft(in_hall(OneTicket { ticket: ticket() })),
        Event::TicketMissed(at_window()),
        Event::WindowOpened(in_hall(OneWindow { window })),
        Event::WindowPaused(in_hall(OneWindow { window })),
        Event::WindowServes(in_hall(WindowServes {
            window,
            groups: BTreeSet::from([group()]),
        })),
        Event::WindowClosed(in_hall(OneWindow { window })),
        Event::HallDayClosed(in_hall(HallDay { day: day() })),
        Event::EmergencyRaised(in_hall(EmergencyRaised {
            emergency: EmergencyId(id(70)),
            title: "大厅停电，请在原地等一会儿".into(),
            body: "请在座位上等，工作人员会来说明。".into(),
            by: StaffId(id(7)),
        })),
        Event::EmergencyEnded(in_hall(EmergencyEnded {
            emergency: EmergencyId(id(70)),
            by: StaffId(id(7)),
        })),
        Event::BoardsCleared(in_hall(BoardsCleared {
            by: StaffId(id(7)),
            reason: "屏上的电话号码写错了。".into(),
        })),
        Event::BoardsRestored(in_hall(BoardsRestored { by: StaffId(id(7)) })),
        Event::RatingAccepted(RatingAccepted {
            rating,
            ticket: ticket(),
            window,
        }),
        Event::RatingRefused(RatingRefused {
            rating,
            code: RefusalCode::AlreadyScored,
        }),
    ]
}

fn of_the_centre() -> Vec<Event> {
    let (device, listing) = (DeviceId(id(1)), ListingId(id(6)));
    let import = ImportId(id(5));
    let public_key = key().public();
    let by = "王敏".to_owned();
    vec![
        Event::VisitLinked(in_hall(VisitRecord {
            ticket: ticket(),
            record: RecordId(id(5)),
        })),
        Event::DeviceEnrolled(DeviceEnrolled {
            device,
            name: "一号自助机".to_owned(),
            kind: DeviceKind::HallKiosk { lane: KioskLane(2) },
            hall: hall(),
            public_key,
        }),
        Event::DeviceRevoked(DeviceRevoked {
            device,
            by: StaffId(id(7)),
        }),
        Event::DeviceKeyRotated(DeviceKeyRotated { device, public_key }),
        Event::DeviceRefused(DeviceRefused {
            device,
            code: ProblemCode::SignatureInvalid,
            refusal: None,
            more_times: 9,
        }),
        Event::VacanciesImported(VacanciesImported {
            import,
            as_of: day().0,
            rows: vec![ImportedRow {
                listing,
                source_key: "no:GZ-104".to_owned(),
                raw: RawRow(r#"{"title":"电工","pay":"5000-8000元/月"}"#.to_owned()),
            }],
        }),
        Event::VacanciesPublished(VacanciesPublished {
            import,
            by: by.clone(),
            on: day().0,
        }),
        Event::ListingWithdrawn(ListingWithdrawn {
            listing,
            by: by.clone(),
            reason: "已招满".to_owned(),
        }),
        Event::NoticePublished(NoticePublished {
            notice: feed::notice(),
            by,
        }),
    ]
}

fn of_staff() -> Vec<Event> {
    vec![
        Event::StaffActed(StaffActed {
            staff: Some(StaffId(id(7))),
            act: "revealed".to_owned(),
            subject: "LOAN-202611-00042".to_owned(),
            address: "10.0.0.12".to_owned(),
            role: Some(Role::Clerk),
            station: Some(station()),
            reason: "打电话通知本人补材料".to_owned(),
        }),
        Event::StaffRolesSet(StaffRolesSet {
            staff: StaffId(id(7)),
            by: Some(StaffId(id(9))),
            roles: [
                RoleGrant::everywhere(Role::Reviewer),
                RoleGrant {
                    role: Role::Clerk,
                    station: Some(station()),
                },
            ]
            .into(),
        }),
        Event::StaffDeputySet(StaffDeputySet {
            staff: StaffId(id(7)),
            for_staff: StaffId(id(9)),
            by: StaffId(id(9)),
            roles: [Role::Chief].into(),
            from: day().0,
            to: day().0,
        }),
    ]
}
