//! Coming and going: who gets a number, comes back or gives up. Appointments are in `appointments`.

use crate::id::{GroupCode, TicketId};
use crate::refusal::{Refusal, RefusalCode};
use crate::time::UtcMs;

use super::decide::{no_such_ticket, refuse};
use super::wait::line_of;
use super::{
    Conditions, HallQueue, NumberAsked, PriorityKind, QueueEvent, Ticket, TicketIssued,
    TicketLabel, TicketState, people_ahead_before, wait_estimate,
};

type Decided = Result<Vec<QueueEvent>, Refusal>;

/// Asking twice for the same ticket gives the number given first: a kiosk may try again.
pub(super) fn take_number(
    queue: &HallQueue,
    asked: NumberAsked,
    around: &Conditions<'_>,
) -> Decided {
    if let Some(known) = queue.tickets.get(&asked.ticket) {
        let is_same = known.issued.group == asked.group
            && known.issued.priority == asked.priority
            && known.issued.token_hash == asked.token_hash
            && known.issued.code_hash == asked.code_hash;
        return if is_same {
            Ok(vec![])
        } else {
            Err(ticket_exists())
        };
    }
    for group in std::iter::once(&asked.group).chain(&asked.wish.next_groups) {
        known_group(queue, *group)?;
    }
    let hours = around.hours.on(around.today());
    if let Some(text) = hours.closed_text(around.now, around.rules.stop_before_minutes) {
        return refuse(RefusalCode::HallClosed, text);
    }
    has_no_other(queue, &asked, around)?;
    is_within_quota(queue, &asked, around)?;
    Ok(vec![QueueEvent::Issued(issue(queue, asked, around))])
}

pub(super) fn issue(
    queue: &HallQueue,
    asked: NumberAsked,
    around: &Conditions<'_>,
) -> TicketIssued {
    let Conditions { rules, now, .. } = *around;
    let (group, ahead) = (
        asked.group,
        people_ahead_before(queue, asked.group, asked.priority),
    );
    TicketIssued {
        ticket: asked.ticket,
        label: next_label(queue, group, asked.priority),
        group,
        priority: asked.priority,
        arrived_at: now,
        token_hash: asked.token_hash,
        code_hash: asked.code_hash,
        wish: asked.wish,
        found: Some(line_of(queue, group, ahead)),
        told: Some(wait_estimate(queue, group, ahead, rules, now)),
    }
}

fn next_label(queue: &HallQueue, group: GroupCode, priority: Option<PriorityKind>) -> TicketLabel {
    let prefix = TicketLabel::prefix_for(group, priority.is_some());
    let last = queue.last_numbers.get(&prefix).copied().unwrap_or(0);
    TicketLabel::Assigned {
        prefix,
        number: last.saturating_add(1),
    }
}

pub(super) fn known_group(queue: &HallQueue, group: GroupCode) -> Result<(), Refusal> {
    if queue.layout.groups.contains_key(&group) {
        return Ok(());
    }
    let text = "这里不办这类事，请问工作人员。";
    refuse(RefusalCode::UnknownGroup, text)
}

/// One valid ticket per person and group. Who was missed may take another.
fn has_no_other(
    queue: &HallQueue,
    asked: &NumberAsked,
    around: &Conditions<'_>,
) -> Result<(), Refusal> {
    let Some(holder) = asked.wish.holder.filter(|_| around.rules.is_one_per_holder) else {
        return Ok(());
    };
    let other = queue.tickets.values().find(|ticket| {
        ticket.issued.wish.holder == Some(holder)
            && ticket.group == asked.group
            && ticket.state.is_valid()
    });
    other.map_or(Ok(()), |other| {
        let label = &other.issued.label;
        let text = format!("您已经有这类事的号 {label}，还没办完，不用再取。");
        refuse(RefusalCode::AlreadyHolds, text)
    })
}

/// Ordinary and priority numbers are counted apart; kept appointments have their own limit.
fn is_within_quota(
    queue: &HallQueue,
    asked: &NumberAsked,
    around: &Conditions<'_>,
) -> Result<(), Refusal> {
    let claims_priority = asked.priority.is_some();
    let quota = if claims_priority {
        around.rules.priority_quota
    } else {
        around.rules.daily_quota
    };
    let Some(quota) = quota else {
        return Ok(());
    };
    let given = queue.tickets.values().filter(|ticket| {
        ticket.issued.group == asked.group
            && ticket.issued.priority != Some(PriorityKind::Appointment)
            && ticket.issued.priority.is_some() == claims_priority
    });
    if given.count() < usize::from(quota) {
        return Ok(());
    }
    let text = "今天这类事的号已取完。可以预约别的日子，或者问工作人员。";
    refuse(RefusalCode::QuotaUsed, text)
}

/// Further groups that the hall does not have are dropped: no window could ever send the ticket on.
pub(super) fn report_issued(queue: &HallQueue, mut issued: TicketIssued) -> Decided {
    let Some(known) = queue.tickets.get(&issued.ticket) else {
        let groups = &queue.layout.groups;
        let next_groups = &mut issued.wish.next_groups;
        next_groups.retain(|group| groups.contains_key(group));
        return Ok(vec![QueueEvent::Issued(issued)]);
    };
    if !is_same_slip(&known.issued, &issued) {
        return Err(ticket_exists());
    }
    if known.issued.label == issued.label {
        return Ok(vec![]);
    }
    Ok(vec![QueueEvent::Relabelled {
        ticket: issued.ticket,
        label: issued.label,
    }])
}

/// Group and priority are what the device asked for; the hashes are the paper itself.
fn is_same_slip(known: &TicketIssued, other: &TicketIssued) -> bool {
    known.group == other.group
        && known.priority == other.priority
        && known.token_hash == other.token_hash
        && known.code_hash == other.code_hash
}

pub(super) fn ticket_exists() -> Refusal {
    let text = "这张号票已经登记过，内容不一样。";
    Refusal::new(RefusalCode::TicketExists, text)
}

/// Also while it is called: who leaves need not be called two more times.
pub(super) fn give_up(queue: &HallQueue, ticket: TicketId) -> Decided {
    let left = vec![QueueEvent::Left { ticket }];
    if queue.bookings.contains_key(&ticket) {
        return Ok(left);
    }
    match known(queue, ticket)?.state {
        TicketState::Left { .. } => Ok(vec![]),
        TicketState::Serving { .. } => {
            let text = "窗口正在给您办，请对窗口说一声。";
            refuse(RefusalCode::BeingServed, text)
        }
        state if state.is_over() => refuse(RefusalCode::TicketOver, "这张号已经办完了。"),
        _ => Ok(left),
    }
}

/// A missed ticket comes back once and in time; one that was put aside whenever it is here again.
pub(super) fn come_back(queue: &HallQueue, ticket: TicketId, around: &Conditions<'_>) -> Decided {
    let known = known(queue, ticket)?;
    match known.state {
        TicketState::Waiting(_) => return Ok(vec![]),
        TicketState::Pending { .. } | TicketState::Parked { .. } => {}
        TicketState::Missed { at } => may_come_back(queue, known, at, around)?,
        TicketState::Called { window, .. } | TicketState::Serving { window, .. } => {
            let text = format!("这张号正在 {window} 号窗口办，请直接去。");
            return refuse(RefusalCode::BeingServed, text);
        }
        TicketState::Done { .. } | TicketState::Left { .. } | TicketState::Lapsed => {
            let text = "这张号已经用完，请重新取号。";
            return refuse(RefusalCode::TicketOver, text);
        }
    }
    Ok(vec![QueueEvent::Returned { ticket }])
}

fn may_come_back(
    queue: &HallQueue,
    ticket: &Ticket,
    missed_at: UtcMs,
    around: &Conditions<'_>,
) -> Result<(), Refusal> {
    let minutes = around.rules.comeback_minutes;
    if ticket.comebacks > 0 {
        let text = "过号只能恢复一次，请重新取号。";
        return refuse(RefusalCode::ComebackOver, text);
    }
    if around.now > missed_at.plus_minutes(minutes) {
        let text = format!("过号已超过 {minutes} 分钟，请重新取号。");
        return refuse(RefusalCode::ComebackOver, text);
    }
    let other = ticket.issued.wish.holder.and_then(|holder| {
        queue.tickets.values().find(|other| {
            other.issued.ticket != ticket.issued.ticket
                && other.issued.wish.holder == Some(holder)
                && other.group == ticket.group
                && other.state.is_valid()
        })
    });
    other.map_or(Ok(()), |other| {
        let text = format!("这个人已经重新取了 {}，用新的号。", other.issued.label);
        refuse(RefusalCode::AlreadyHolds, text)
    })
}

pub(super) fn set_priority(
    queue: &HallQueue,
    ticket: TicketId,
    priority: Option<PriorityKind>,
) -> Decided {
    let known = known(queue, ticket)?;
    if !known.state.is_waiting() {
        return refuse(RefusalCode::NotWaiting, "这张号现在没有在等，不用改。");
    }
    Ok(if known.priority == priority {
        vec![]
    } else {
        vec![QueueEvent::Prioritised { ticket, priority }]
    })
}

fn known(queue: &HallQueue, ticket: TicketId) -> Result<&Ticket, Refusal> {
    queue.tickets.get(&ticket).ok_or_else(no_such_ticket)
}
