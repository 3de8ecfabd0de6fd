//! A change of a dated parameter as it crosses the wire.

use chrono::NaiveDate;
use domain::id::{ProposalId, StaffId};
use domain::parameter::{
    ParameterChange, ParameterEntry, ParameterKey, ParameterProposal, ParameterValue,
};
use wire::event::{Event, ParameterConfirmed, ParameterWithdrawn};

use super::id;

/// The events about parameters.
pub(super) fn events() -> Vec<Event> {
    let proposal = ProposalId(id(10));
    vec![
        Event::ParameterProposed(ParameterProposal {
            proposal,
            change: ParameterChange::Set(entry()),
            by: StaffId(id(7)),
        }),
        Event::ParameterConfirmed(ParameterConfirmed {
            proposal,
            by: StaffId(id(6)),
        }),
        Event::ParameterWithdrawn(ParameterWithdrawn {
            proposal: ProposalId(id(11)),
            by: StaffId(id(7)),
            reason: "金额录错了".to_owned(),
        }),
    ]
}

fn entry() -> ParameterEntry {
    ParameterEntry {
        key: ParameterKey {
            key: "min_wage.month".to_owned(),
            region: Some("360602".to_owned()),
        },
        name: "月最低工资".to_owned(),
        value: ParameterValue::Whole(200_000),
        unit: "分".to_owned(),
        effective_from: day(1),
        effective_to: Some(day(31)),
        source: "示例〔2026〕1号".to_owned(),
    }
}

/// Of January 2027.
fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2027, 1, day).expect("a day, because January has 31")
}
