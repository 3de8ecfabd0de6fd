//! What the window console shows, read from the hall's queue. Pure: the same queue at the same
//! instant gives the same view. Who is next is never decided here but by
//! [`domain::queue::next_for_window`]; this module only says why.

use domain::id::{GroupCode, TicketId, WindowNo};
use domain::queue::{
    Entry, HallQueue, QueueRules, Ticket, TicketState, Window, WindowStatus, next_for_window,
};
use domain::time::UtcMs;

use super::records::VisitRecords;

/// Most rows of the list of acts.
const LAST_ACTS_MAX: usize = 6;
/// Most people listed; the head of the list always gives the whole number.
const WAITING_SHOWN_MAX: usize = 30;

/// One window's console.
#[derive(Debug, Clone)]
pub(crate) struct ConsoleView {
    /// The window.
    pub(crate) window: WindowNo,
    /// Whether it takes people.
    pub(crate) status: WindowStatus,
    /// Whether who looks may act here: he sits here, or nowhere yet and sits down with the act.
    pub(crate) is_mine: bool,
    /// Letters of the groups that it serves.
    pub(crate) groups: String,
    /// Who is called to it or served at it.
    pub(crate) current: Option<CurrentTicket>,
    /// The other groups of the hall, to which somebody may be sent on.
    pub(crate) other_groups: Vec<(GroupCode, String)>,
    /// Who was put aside here, by arrival.
    pub(crate) aside: Vec<AsideTicket>,
    /// Who was called by any window for its groups, did not come and may still come back.
    pub(crate) missed: Vec<AsideTicket>,
    /// Who waits for it: the next first, then by arrival.
    pub(crate) waiting: Vec<WaitingTicket>,
    /// How many wait for it.
    pub(crate) waiting_count: usize,
    /// Why the first of the list is the next, in a sentence.
    pub(crate) why_next: String,
    /// All windows of the hall.
    pub(crate) windows: Vec<WindowCell>,
    /// What happened last, newest first.
    pub(crate) acts: Vec<LastAct>,
    /// The records of who is at the window, where this clerk may see to them.
    pub(crate) records: Option<VisitRecords>,
}

/// The ticket at the window.
#[derive(Debug, Clone)]
pub(crate) struct CurrentTicket {
    /// The ticket, so that an old page cannot act on another one.
    pub(crate) ticket: TicketId,
    /// Its number.
    pub(crate) label: String,
    /// Its group's name.
    pub(crate) group_name: String,
    /// `普通号` or why it went first.
    pub(crate) kind: &'static str,
    /// When it was taken.
    pub(crate) taken_at: String,
    /// The matter that was chosen at the kiosk.
    pub(crate) matter: Option<String>,
    /// Names of the groups to which it goes on afterwards.
    pub(crate) goes_on_to: Vec<String>,
    /// Called or being served.
    pub(crate) stage: Stage,
    /// Since when it is so, in minutes.
    pub(crate) minutes: i64,
    /// What one service of the group usually takes.
    pub(crate) usual_minutes: u16,
}

/// How far a ticket at a window is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Called so many times, not yet come.
    Called(u8),
    /// Being served.
    Serving,
}

/// One of those who are neither waiting nor at the window.
#[derive(Debug, Clone)]
pub(crate) struct AsideTicket {
    /// The ticket.
    pub(crate) ticket: TicketId,
    /// The number.
    pub(crate) label: String,
    /// What it is: `去补材料`, `先放着`, `没来`.
    pub(crate) state: &'static str,
    /// For how long.
    pub(crate) minutes: i64,
}

/// One of those who wait.
#[derive(Debug, Clone)]
pub(crate) struct WaitingTicket {
    /// The ticket.
    pub(crate) ticket: TicketId,
    /// The number.
    pub(crate) label: String,
    /// The group's name, or why it goes first.
    pub(crate) what: String,
    /// How long it has waited.
    pub(crate) minutes: i64,
}

/// One window in the strip.
#[derive(Debug, Clone)]
pub(crate) struct WindowCell {
    /// The window.
    pub(crate) window: WindowNo,
    /// The number there, or 空 / 暂停.
    pub(crate) what: String,
    /// What is done there and for how long.
    pub(crate) state: String,
}

/// Something that happened.
#[derive(Debug, Clone)]
pub(crate) struct LastAct {
    /// When.
    pub(crate) at: UtcMs,
    /// What.
    pub(crate) text: String,
}

impl ConsoleView {
    /// The console of `window`; `None` when the hall has no such window.
    pub(crate) fn of(
        queue: &HallQueue,
        window: WindowNo,
        seat: Option<WindowNo>,
        rules: &QueueRules,
        now: UtcMs,
    ) -> Option<Self> {
        let state = queue.windows.get(&window)?;
        let next = next_for_window(queue, window, rules, now);
        let mut tickets = waiting_for(queue, state);
        tickets.sort_by_key(|ticket| (Some(ticket.issued.ticket) != next, ticket.arrival()));
        Some(Self {
            window,
            status: state.status,
            is_mine: seat.is_none_or(|seat| seat == window),
            groups: state
                .groups
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("、"),
            other_groups: other_groups(queue, state),
            aside: queue
                .put_aside_at(window)
                .filter_map(|ticket| aside_row(ticket, now))
                .collect(),
            missed: missed(queue, state, rules, now),
            current: current(queue, state, now),
            waiting_count: tickets.len(),
            why_next: why_next(&tickets, state, rules, now),
            waiting: tickets
                .iter()
                .take(WAITING_SHOWN_MAX)
                .map(|ticket| waiting_row(queue, ticket, now))
                .collect(),
            windows: window_cells(queue, now),
            acts: last_acts(queue, window),
            records: None,
        })
    }
}

/// The windows of the hall as the strip and the choice of a window show them.
pub(crate) fn window_cells(queue: &HallQueue, now: UtcMs) -> Vec<WindowCell> {
    queue
        .windows
        .iter()
        .map(|(no, state)| window_cell(queue, *no, state, now))
        .collect()
}

fn waiting_for<'q>(queue: &'q HallQueue, window: &Window) -> Vec<&'q Ticket> {
    window
        .groups
        .iter()
        .flat_map(|group| queue.waiting_in(*group))
        .collect()
}

/// Whole minutes since `earlier`, never below 0 when clocks disagree.
pub(crate) fn minutes_since(earlier: UtcMs, now: UtcMs) -> i64 {
    (now.ms_since(earlier) / 60_000).max(0)
}

fn current(queue: &HallQueue, window: &Window, now: UtcMs) -> Option<CurrentTicket> {
    let ticket = queue.tickets.get(&window.current?)?;
    let (stage, since) = match ticket.state {
        TicketState::Called { at, times, .. } => (Stage::Called(times), at),
        TicketState::Serving { since, .. } => (Stage::Serving, since),
        _ => return None,
    };
    let group = queue.layout.groups.get(&ticket.group);
    Some(CurrentTicket {
        ticket: ticket.issued.ticket,
        label: ticket.issued.label.to_string(),
        group_name: group.map_or_else(String::new, |group| group.name.clone()),
        kind: ticket.priority.map_or("普通号", |priority| priority.text()),
        matter: ticket.issued.wish.matter.clone(),
        goes_on_to: ticket
            .next_groups
            .iter()
            .map(|group| group_name(queue, *group))
            .collect(),
        taken_at: ticket.issued.arrived_at.clock_text(),
        stage,
        minutes: minutes_since(since, now),
        usual_minutes: group.map_or(0, |group| group.typical_service_minutes),
    })
}

fn group_name(queue: &HallQueue, group: GroupCode) -> String {
    let known = queue.layout.groups.get(&group);
    known.map_or_else(|| group.to_string(), |group| group.name.clone())
}

/// Groups in which the one at the window does not wait already.
fn other_groups(queue: &HallQueue, window: &Window) -> Vec<(GroupCode, String)> {
    let current = window.current.and_then(|ticket| queue.tickets.get(&ticket));
    let groups = queue.layout.groups.iter();
    groups
        .filter(|(code, _)| current.is_none_or(|ticket| ticket.group != **code))
        .map(|(code, group)| (*code, group.name.clone()))
        .collect()
}

fn aside_row(ticket: &Ticket, now: UtcMs) -> Option<AsideTicket> {
    let (state, since) = match ticket.state {
        TicketState::Pending { since, .. } => ("去补材料", since),
        TicketState::Parked { since, .. } => ("先放着", since),
        TicketState::Missed { at } => ("叫了没来", at),
        _ => return None,
    };
    Some(AsideTicket {
        ticket: ticket.issued.ticket,
        label: ticket.issued.label.to_string(),
        state,
        minutes: minutes_since(since, now),
    })
}

fn missed(queue: &HallQueue, window: &Window, rules: &QueueRules, now: UtcMs) -> Vec<AsideTicket> {
    let missed = queue.tickets.values().filter(|ticket| {
        matches!(ticket.state, TicketState::Missed { .. })
            && ticket.comebacks == 0
            && window.groups.contains(&ticket.group)
    });
    missed
        .filter_map(|ticket| aside_row(ticket, now))
        .filter(|row| row.minutes <= rules.comeback_minutes)
        .collect()
}

fn waiting_row(queue: &HallQueue, ticket: &Ticket, now: UtcMs) -> WaitingTicket {
    let name = group_name(queue, ticket.group);
    let mut what = ticket.priority.map_or_else(
        || name.clone(),
        |priority| format!("{}，{name}", priority.text()),
    );
    match ticket.state {
        TicketState::Waiting(Entry::Transferred) => what.push_str("，转来的"),
        TicketState::Waiting(Entry::Returned) => what.push_str("，回来的"),
        _ => {}
    }
    WaitingTicket {
        ticket: ticket.issued.ticket,
        label: ticket.issued.label.to_string(),
        what,
        minutes: minutes_since(ticket.issued.arrived_at, now),
    }
}

/// `tickets` has the next one first.
fn why_next(tickets: &[&Ticket], window: &Window, rules: &QueueRules, now: UtcMs) -> String {
    let Some((next, others)) = tickets.split_first() else {
        return "现在没有人等本窗口。有人取号，这里自己会变。".to_owned();
    };
    let label = &next.issued.label;
    let in_a_row = rules.priority_calls_in_a_row_max;
    let others_go_first = others.iter().any(|other| other.priority.is_some());
    let somebody_due = tickets
        .iter()
        .find(|ticket| ticket.overtaken >= rules.overtaken_max);
    match next.priority {
        Some(_) => {
            format!("下一个是 {label}：优先号先叫，连叫 {in_a_row} 位优先后轮到 1 位普通号。")
        }
        None if others_go_first && window.priority_calls_in_a_row >= in_a_row => {
            format!("下一个是 {label}：刚才连叫了 {in_a_row} 位优先号，这回轮到普通号。")
        }
        None if others_go_first && somebody_due.is_some() => format!(
            "下一个是 {label}：已经有 {} 位后来的先叫了，不能再让。",
            rules.overtaken_max
        ),
        None if others_go_first => format!(
            "下一个是 {label}：等了 {} 分，等满 {} 分的普通号按先来后到叫。",
            minutes_since(next.issued.arrived_at, now),
            rules.ordinary_boost_minutes
        ),
        None => format!("下一个是 {label}：没有优先号在等，先来先办。"),
    }
}

fn window_cell(queue: &HallQueue, no: WindowNo, window: &Window, now: UtcMs) -> WindowCell {
    let current = window.current.and_then(|ticket| queue.tickets.get(&ticket));
    let (what, state) = match current.map(|ticket| (&ticket.issued.label, ticket.state)) {
        Some((label, TicketState::Serving { since, .. })) => (
            label.to_string(),
            format!("办了 {} 分", minutes_since(since, now)),
        ),
        Some((label, TicketState::Called { times, .. })) => {
            (label.to_string(), format!("在叫，第 {times} 遍"))
        }
        _ => match window.status {
            WindowStatus::Open => ("空".to_owned(), last_served(queue, window)),
            WindowStatus::Paused => ("暂停".to_owned(), "一会儿回来".to_owned()),
            WindowStatus::Closed => ("关了".to_owned(), "今天不办了".to_owned()),
        },
    };
    WindowCell {
        window: no,
        what,
        state,
    }
}

fn last_served(queue: &HallQueue, window: &Window) -> String {
    window
        .last_finished
        .and_then(|ticket| queue.tickets.get(&ticket))
        .map_or_else(
            || "可以叫号".to_owned(),
            |ticket| format!("刚办完 {}", ticket.issued.label),
        )
}

fn last_acts(queue: &HallQueue, window: WindowNo) -> Vec<LastAct> {
    let mut acts: Vec<LastAct> = queue
        .tickets
        .values()
        .filter_map(|ticket| act_of(ticket, window))
        .collect();
    acts.sort_by_key(|act| std::cmp::Reverse(act.at));
    acts.truncate(LAST_ACTS_MAX);
    acts
}

fn act_of(ticket: &Ticket, here: WindowNo) -> Option<LastAct> {
    let label = &ticket.issued.label;
    let (at, text) = match ticket.state {
        TicketState::Done { window, at } if window == here => {
            (at, format!("{label} 办结，已请他评价"))
        }
        TicketState::Called { window, at, times } if window == here => {
            (at, format!("{label} 叫号，第 {times} 遍"))
        }
        TicketState::Serving { window, since } if window == here => {
            (since, format!("{label} 开始办"))
        }
        TicketState::Pending { window, since } if window == here => {
            (since, format!("{label} 去补材料"))
        }
        TicketState::Parked { window, since } if window == here => {
            (since, format!("{label} 先放着"))
        }
        _ => return None,
    };
    Some(LastAct { at, text })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::fixtures;

    #[test]
    fn the_next_ticket_stands_first_and_the_reason_is_the_rule_that_chose_it() {
        let view = fixtures::console();
        assert_eq!(view.waiting[0].label, "V001");
        assert!(view.why_next.starts_with("下一个是 V001：优先号先叫"));
        assert_eq!(view.waiting_count, view.waiting.len());
    }

    #[test]
    fn an_unknown_window_has_no_console() {
        let queue = fixtures::queue();
        let window = WindowNo::new(77).unwrap();
        assert!(
            ConsoleView::of(&queue, window, None, &QueueRules::default(), fixtures::NOW).is_none()
        );
    }
}
