//! Whole days at random: whatever people and windows do, in whatever order.

use proptest::prelude::*;

use super::*;

/// Something that somebody wants; numbers are taken modulo what there is.
#[derive(Debug, Clone)]
enum Wanted {
    Take {
        group: u8,
        priority: bool,
        next: Option<u8>,
        holder: Option<u8>,
    },
    ReportLane {
        group: u8,
        minutes_ago: i64,
    },
    CallNext(u8),
    Call(u8, u16),
    CallAgain(u8),
    Start(u8),
    Pend(u8),
    Park(u8),
    Resume(u8, u16),
    Transfer(u8, u8),
    Finish(u8),
    Miss(u8),
    Return(u16),
    GiveUp(u16),
    SetPriority(u16, bool),
    Open(u8),
    Pause(u8),
    Serve(u8, u8),
    Minutes(i64),
}

fn wanted() -> impl Strategy<Value = Wanted> {
    let take = (
        0..3u8,
        prop::bool::weighted(0.3),
        prop::option::weighted(0.1, 0..3u8),
        prop::option::of(0..20u8),
    )
        .prop_map(|(group, priority, next, holder)| Wanted::Take {
            group,
            priority,
            next,
            holder,
        });
    prop_oneof![
        30 => take,
        3 => (0..3u8, 0..30i64).prop_map(|(group, minutes_ago)| Wanted::ReportLane { group, minutes_ago }),
        30 => any::<u8>().prop_map(Wanted::CallNext),
        3 => any::<(u8, u16)>().prop_map(|(at, who)| Wanted::Call(at, who)),
        3 => any::<u8>().prop_map(Wanted::CallAgain),
        5 => any::<u8>().prop_map(Wanted::Start),
        2 => any::<u8>().prop_map(Wanted::Pend),
        2 => any::<u8>().prop_map(Wanted::Park),
        4 => any::<(u8, u16)>().prop_map(|(at, who)| Wanted::Resume(at, who)),
        3 => any::<(u8, u8)>().prop_map(|(at, group)| Wanted::Transfer(at, group)),
        25 => any::<u8>().prop_map(Wanted::Finish),
        4 => any::<u8>().prop_map(Wanted::Miss),
        3 => any::<u16>().prop_map(Wanted::Return),
        2 => any::<u16>().prop_map(Wanted::GiveUp),
        2 => any::<(u16, bool)>().prop_map(|(who, first)| Wanted::SetPriority(who, first)),
        3 => any::<u8>().prop_map(Wanted::Open),
        2 => any::<u8>().prop_map(Wanted::Pause),
        1 => any::<(u8, u8)>().prop_map(|(at, letters)| Wanted::Serve(at, letters)),
        8 => (0..12i64).prop_map(Wanted::Minutes),
    ]
}

impl Hall {
    fn window_at(&self, at: u8) -> WindowNo {
        window(1 + at % u8::try_from(self.queue.windows.len()).unwrap())
    }

    fn ticket_at(&self, who: u16) -> Option<TicketId> {
        let count = self.queue.tickets.len().max(1);
        self.queue
            .tickets
            .keys()
            .nth(usize::from(who) % count)
            .copied()
    }

    fn command(&mut self, wanted: &Wanted) -> Option<Command> {
        let letter = |group: u8| char::from(b'A' + group % 3);
        let at = |hall: &Self, no: u8, act| Some(Command::At(seat(hall.window_at(no)), act));
        match *wanted {
            Wanted::Take {
                group,
                priority,
                next,
                holder,
            } => {
                let mut asked = self.ask(letter(group), priority.then_some(PriorityKind::Elder));
                asked.wish.next_groups = next
                    .map(|next| super::group(letter(next)))
                    .into_iter()
                    .collect();
                asked.wish.holder = holder.map(|holder| HolderHash([holder; 16]));
                Some(Command::TakeNumber(asked))
            }
            Wanted::ReportLane { group, minutes_ago } => {
                let asked = self.ask(letter(group), None);
                Some(Command::ReportIssued(self.lane_slip(asked, minutes_ago)))
            }
            Wanted::CallNext(no) => at(self, no, WindowAct::CallNext),
            Wanted::Call(no, who) => at(self, no, WindowAct::Call(self.ticket_at(who)?)),
            Wanted::CallAgain(no) => at(self, no, WindowAct::CallAgain),
            Wanted::Start(no) => at(self, no, WindowAct::Start),
            Wanted::Pend(no) => at(self, no, WindowAct::Pend),
            Wanted::Park(no) => at(self, no, WindowAct::Park),
            Wanted::Resume(no, who) => at(self, no, WindowAct::Resume(self.ticket_at(who)?)),
            Wanted::Transfer(no, to) => at(self, no, WindowAct::Transfer(group(letter(to)))),
            Wanted::Finish(no) => at(self, no, WindowAct::Finish),
            Wanted::Miss(no) => at(self, no, WindowAct::MarkMissed),
            Wanted::Return(who) => Some(Command::Return {
                ticket: self.ticket_at(who)?,
            }),
            Wanted::GiveUp(who) => Some(Command::GiveUp {
                ticket: self.ticket_at(who)?,
            }),
            Wanted::SetPriority(who, first) => Some(Command::SetPriority {
                ticket: self.ticket_at(who)?,
                priority: first.then_some(PriorityKind::Disabled),
            }),
            Wanted::Open(no) => at(self, no, WindowAct::Open),
            Wanted::Pause(no) => at(self, no, WindowAct::Pause(LeavingWindow::Confirmed)),
            Wanted::Serve(no, letters) => {
                let serves = (0..3).filter(|bit| letters & (1 << bit) != 0).map(letter);
                let groups = serves.map(group).collect();
                at(self, no, WindowAct::Serve(groups, LeavingWindow::Confirmed))
            }
            Wanted::Minutes(minutes) => {
                self.wait_minutes(minutes);
                None
            }
        }
    }

    fn lane_slip(&self, asked: NumberAsked, minutes_ago: i64) -> TicketIssued {
        let number = u16::try_from(self.next_id).unwrap();
        TicketIssued {
            ticket: asked.ticket,
            label: format!("{}-K2-{number:03}", asked.group).parse().unwrap(),
            group: asked.group,
            priority: asked.priority,
            arrived_at: self.now.plus_minutes(-minutes_ago),
            token_hash: asked.token_hash,
            code_hash: asked.code_hash,
            wish: asked.wish,
            found: None,
            told: None,
        }
    }
}

/// What must hold after every step.
fn is_sound(queue: &HallQueue) {
    let mut labels = BTreeSet::new();
    for ticket in queue.tickets.values() {
        assert!(
            labels.insert(ticket.issued.label.to_string()),
            "one number on two papers"
        );
        let at = match ticket.state {
            TicketState::Called { window, .. } | TicketState::Serving { window, .. } => {
                Some(window)
            }
            _ => None,
        };
        let has_it =
            |(_, state): &(&WindowNo, &Window)| state.current == Some(ticket.issued.ticket);
        let windows: Vec<WindowNo> = queue
            .windows
            .iter()
            .filter(has_it)
            .map(|(no, _)| *no)
            .collect();
        assert_eq!(
            windows,
            at.into_iter().collect::<Vec<_>>(),
            "at the window that says so, and only there"
        );
    }
    for window in queue.windows.values() {
        assert!(
            window
                .current
                .is_none_or(|ticket| queue.tickets.contains_key(&ticket)),
            "nobody is lost"
        );
    }
}

/// What the published rule says of one step.
fn keeps_the_rule(before: &HallQueue, hall: &Hall, events: &[QueueEvent]) {
    for (id, ticket) in &hall.queue.tickets {
        let was = before.tickets.get(id);
        if let Some(was) = was {
            assert_eq!(
                was.arrival(),
                ticket.arrival(),
                "everybody keeps his arrival"
            );
        }
        let became_ordinary =
            was.is_some_and(|was| was.priority.is_some()) && ticket.priority.is_none();
        let is_watched = ticket.priority.is_none() && !became_ordinary;
        if is_watched && was.is_some_and(|was| was.overtaken < ticket.overtaken) {
            assert!(u32::from(ticket.overtaken) <= hall.rules.overtaken_bound());
        }
    }
    let Some(QueueEvent::Called(called)) = events.last() else {
        return;
    };
    let window = &before.windows[&called.window];
    let ordinary_waits = window
        .groups
        .iter()
        .flat_map(|group| before.waiting_in(*group))
        .any(|ticket| ticket.priority.is_none());
    let is_first_call = before.tickets[&called.ticket].state.is_waiting();
    let takes_priority = before.tickets[&called.ticket].priority.is_some();
    if is_first_call && takes_priority && ordinary_waits {
        let in_a_row = window.priority_calls_in_a_row;
        assert!(in_a_row < hall.rules.priority_calls_in_a_row_max);
    }
}

fn is_conserved(hall: &Hall) {
    let issued = hall
        .happened
        .iter()
        .filter(|(event, _)| matches!(event, QueueEvent::Issued(_)));
    let tickets = hall.queue.tickets.values();
    let (over, open): (Vec<&Ticket>, Vec<&Ticket>) =
        tickets.partition(|ticket| ticket.state.is_over());
    assert_eq!(
        issued.count(),
        over.len() + open.len(),
        "nobody is lost or doubled"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn whatever_a_day_brings_the_promises_hold_and_a_replay_is_the_same(
        day in prop::collection::vec(wanted(), 1..300),
        overtaken_max in 1..6u16,
        in_a_row in 1..4u8,
    ) {
        let mut hall = Hall::new(&["A", "AB", "BC", "ABC"]);
        hall.rules.overtaken_max = overtaken_max;
        hall.rules.priority_calls_in_a_row_max = in_a_row;
        hall.rules.call_times = 1;
        let mut replayed = hall.queue.clone();
        for wanted in &day {
            let Some(command) = hall.command(wanted) else {
                continue;
            };
            let before = hall.queue.clone();
            match hall.give(command) {
                Ok(events) => keeps_the_rule(&before, &hall, &events),
                Err(refusal) => {
                    prop_assert!(before == hall.queue, "a refused command changes nothing");
                    prop_assert!(refusal.text.ends_with('。'));
                }
            }
            is_sound(&hall.queue);
        }
        is_conserved(&hall);
        for (event, at) in &hall.happened {
            replayed.apply(event, *at);
        }
        prop_assert!(replayed == hall.queue, "a replay is the same queue");
    }
}
