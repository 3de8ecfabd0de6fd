//! Commands to the queue and whether they are carried out.

use crate::id::{GroupCode, TicketId, WindowNo};
use crate::refusal::{Refusal, RefusalCode};
use crate::time::{BusinessDate, UtcMs};

use super::{
    AtWindow, HallQueue, PriorityKind, QueueEvent, QueueRules, SecretHash, Ticket, TicketIssued,
    TicketLabel, TicketState, Window, next_for_window,
};

/// What somebody wants of the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// A kiosk with a line asks for the next number.
    TakeNumber {
        /// Made by the kiosk.
        ticket: TicketId,
        /// The group.
        group: GroupCode,
        /// Why it may go first.
        priority: Option<PriorityKind>,
        /// Hash of the slip's token.
        token_hash: SecretHash,
        /// Hash of the slip's code.
        code_hash: SecretHash,
    },
    /// A device reports a slip that it has shown: with the assigned number (then nothing
    /// changes), or with one of its lane.
    ReportIssued(TicketIssued),
    /// Call the next ticket to a window.
    CallNext {
        /// The window.
        window: WindowNo,
    },
    /// Call the called ticket once more.
    CallAgain {
        /// The window.
        window: WindowNo,
    },
    /// The called person came.
    Start {
        /// The window.
        window: WindowNo,
    },
    /// The service at the window ended.
    Finish {
        /// The window.
        window: WindowNo,
    },
    /// The called person did not come.
    MarkMissed {
        /// The window.
        window: WindowNo,
    },
    /// Open a window.
    OpenWindow {
        /// The window.
        window: WindowNo,
    },
    /// Close a window.
    CloseWindow {
        /// The window.
        window: WindowNo,
    },
    /// End the business day.
    CloseDay {
        /// The day that ends.
        day: BusinessDate,
    },
}

/// Decides a command at the instant `now` (which only the order rule uses).
///
/// # Errors
/// A [`Refusal`] in the words of the person who gave the command; the queue is as it was.
pub fn decide(
    queue: &HallQueue,
    command: Command,
    rules: &QueueRules,
    now: UtcMs,
) -> Result<Vec<QueueEvent>, Refusal> {
    match command {
        Command::TakeNumber {
            ticket,
            group,
            priority,
            token_hash,
            code_hash,
        } => {
            let label = next_label(queue, group, priority)?;
            let arrived_at = now;
            let issued = TicketIssued {
                ticket,
                label,
                group,
                priority,
                arrived_at,
                token_hash,
                code_hash,
            };
            take_number(queue, issued)
        }
        Command::ReportIssued(issued) => report_issued(queue, issued),
        Command::CallNext { window } => call_next(queue, window, rules, now),
        Command::CallAgain { window } => {
            let ticket = called_at(queue, window)?;
            Ok(vec![QueueEvent::Called(AtWindow { ticket, window })])
        }
        Command::Start { window } => {
            let ticket = called_at(queue, window)?;
            Ok(vec![QueueEvent::Started(AtWindow { ticket, window })])
        }
        Command::Finish { window } => finish(queue, window),
        Command::MarkMissed { window } => {
            let ticket = called_at(queue, window)?;
            Ok(vec![QueueEvent::Missed(AtWindow { ticket, window })])
        }
        Command::OpenWindow { window } => {
            let is_open = window_of(queue, window)?.is_open;
            Ok(if is_open {
                vec![]
            } else {
                vec![QueueEvent::WindowOpened { window }]
            })
        }
        Command::CloseWindow { window } => close_window(queue, window),
        Command::CloseDay { day } => Ok(vec![QueueEvent::DayClosed { day }]),
    }
}

fn next_label(
    queue: &HallQueue,
    group: GroupCode,
    priority: Option<PriorityKind>,
) -> Result<TicketLabel, Refusal> {
    if !queue.layout.groups.contains_key(&group) {
        return Err(Refusal::new(
            RefusalCode::UnknownGroup,
            "这里不办这类事，请问工作人员。",
        ));
    }
    let prefix = TicketLabel::prefix_for(group, priority.is_some());
    let number = queue
        .last_numbers
        .get(&prefix)
        .copied()
        .unwrap_or(0)
        .saturating_add(1);
    Ok(TicketLabel::Assigned { prefix, number })
}

/// Asking twice for the same ticket gives the number given first: a kiosk may try again.
fn take_number(queue: &HallQueue, issued: TicketIssued) -> Result<Vec<QueueEvent>, Refusal> {
    match queue.tickets.get(&issued.ticket) {
        None => Ok(vec![QueueEvent::Issued(issued)]),
        Some(known) if is_same_slip(&known.issued, &issued) => Ok(vec![]),
        Some(_) => Err(ticket_exists()),
    }
}

fn report_issued(queue: &HallQueue, issued: TicketIssued) -> Result<Vec<QueueEvent>, Refusal> {
    let Some(known) = queue.tickets.get(&issued.ticket) else {
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

fn is_same_slip(known: &TicketIssued, other: &TicketIssued) -> bool {
    known.group == other.group
        && known.priority == other.priority
        && known.token_hash == other.token_hash
        && known.code_hash == other.code_hash
}

fn ticket_exists() -> Refusal {
    Refusal::new(
        RefusalCode::TicketExists,
        "这张号票已经登记过，内容不一样。",
    )
}

fn call_next(
    queue: &HallQueue,
    window: WindowNo,
    rules: &QueueRules,
    now: UtcMs,
) -> Result<Vec<QueueEvent>, Refusal> {
    let state = window_of(queue, window)?;
    if !state.is_open {
        return Err(Refusal::new(
            RefusalCode::WindowClosed,
            "本窗口已暂停，请先开窗口。",
        ));
    }
    if state.current.is_some() {
        let text = "本窗口还有一位没办完，请先办结，或者标记没来。";
        return Err(Refusal::new(RefusalCode::WindowBusy, text));
    }
    let ticket = next_for_window(queue, window, rules, now)
        .ok_or_else(|| Refusal::new(RefusalCode::NobodyWaits, "现在没有人在等。"))?;
    Ok(vec![QueueEvent::Called(AtWindow { ticket, window })])
}

/// A clerk may finish a called ticket without pressing start: start is then the last call.
fn finish(queue: &HallQueue, window: WindowNo) -> Result<Vec<QueueEvent>, Refusal> {
    let ticket = current_ticket(queue, window)?;
    let at = AtWindow {
        ticket: ticket.issued.ticket,
        window,
    };
    let finished = QueueEvent::Finished(at.clone());
    Ok(match ticket.state {
        TicketState::Called { .. } => vec![QueueEvent::Started(at), finished],
        _ => vec![finished],
    })
}

fn close_window(queue: &HallQueue, window: WindowNo) -> Result<Vec<QueueEvent>, Refusal> {
    let state = window_of(queue, window)?;
    if state.current.is_some() {
        let text = "本窗口还有一位没办完，办结后再暂停。";
        return Err(Refusal::new(RefusalCode::WindowBusy, text));
    }
    Ok(if state.is_open {
        vec![QueueEvent::WindowClosed { window }]
    } else {
        vec![]
    })
}

fn window_of(queue: &HallQueue, window: WindowNo) -> Result<&Window, Refusal> {
    queue.windows.get(&window).ok_or_else(|| {
        Refusal::new(
            RefusalCode::UnknownWindow,
            format!("这个大厅没有 {window} 号窗口。"),
        )
    })
}

fn current_ticket(queue: &HallQueue, window: WindowNo) -> Result<&Ticket, Refusal> {
    let current = window_of(queue, window)?.current;
    current
        .and_then(|ticket| queue.tickets.get(&ticket))
        .ok_or_else(|| {
            Refusal::new(
                RefusalCode::NoTicketAtWindow,
                "本窗口现在没有叫号，请先叫下一个。",
            )
        })
}

fn called_at(queue: &HallQueue, window: WindowNo) -> Result<TicketId, Refusal> {
    let ticket = current_ticket(queue, window)?;
    match ticket.state {
        TicketState::Called { .. } => Ok(ticket.issued.ticket),
        _ => Err(Refusal::new(
            RefusalCode::NoTicketAtWindow,
            "这位已经开始办了。",
        )),
    }
}
