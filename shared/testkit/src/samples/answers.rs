//! What the server answers.

use domain::id::{DeviceId, StaffId};
use domain::queue::{KioskLane, WaitEstimate};
use domain::refusal::{Refusal, RefusalCode};
use serde::Serialize;
use serde_json::{Value, to_value};
use wire::api::{
    DeviceKind, Enrolled, LogTail, NumberTaken, Pushed, RemoteCommand, RemoteCommands, VisitFound,
};
use wire::problem::Problem;
use wire::relay::{NodeStaff, NodeStaffList};
use wire::status::StatusAnswer;
use wire::version::Capability;

use super::events::{hall, label, ticket, window};
use super::{AT, HEAD, id};

fn json(value: impl Serialize) -> Value {
    to_value(value).expect("JSON, because the keys of answers are strings")
}

/// One of every answer that is neither a page of the feed nor the tails of a relay, as JSON.
#[must_use]
pub fn answers() -> Vec<Value> {
    let mut answers = vec![
        json(LogTail { head: HEAD }),
        json(Pushed { head: HEAD }),
        json(NumberTaken {
            label: label(),
            arrived_at: AT,
            people_ahead: 4,
            wait: WaitEstimate::Over { minutes: 60 },
        }),
        json(VisitFound {
            ticket: ticket(),
            window: window(),
            group_name: "求职登记".to_owned(),
        }),
        json(StatusAnswer {
            version: "0.1.0".to_owned(),
            capabilities: vec![Capability::Gzip, Capability::Relay],
            key_is_due: false,
        }),
        json(Problem::from(Refusal::new(
            RefusalCode::NobodyWaits,
            "现在没有人在等。",
        ))),
    ];
    answers.extend([enrolled(), commands(), staff()]);
    answers
}

fn enrolled() -> Value {
    json(Enrolled {
        device: DeviceId(id(1)),
        name: "一号自助机".to_owned(),
        kind: DeviceKind::HallKiosk { lane: KioskLane(2) },
        hall: hall(),
        public_url: "https://jiuye.example.cn".to_owned(),
    })
}

fn commands() -> Value {
    let session = 3;
    json(RemoteCommands {
        watched_until: Some(AT),
        commands: vec![
            RemoteCommand::AskToHelp {
                session,
                staff_name: "李芳".to_owned(),
            },
            RemoteCommand::Touch {
                session,
                x_per_mille: 500,
                y_per_mille: 1_000,
            },
            RemoteCommand::StopHelp { session },
        ],
    })
}

fn staff() -> Value {
    json(NodeStaffList {
        staff: vec![NodeStaff {
            staff: StaffId(id(7)),
            name: "李芳".to_owned(),
            login: "lifang".to_owned(),
            clerk_no: "017".to_owned(),
            hall: hall(),
            password_hash: "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA".to_owned(),
            roles: [wire::event::RoleGrant::everywhere(
                domain::case::Role::Clerk,
            )]
            .into(),
            must_change: false,
        }],
    })
}
