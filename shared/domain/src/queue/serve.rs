//! What is done at a window.

use std::collections::BTreeSet;

use crate::id::{GroupCode, StaffId, TicketId, WindowNo};
use crate::refusal::{Refusal, RefusalCode};
use crate::time::UtcMs;

use super::decide::{no_such_ticket, refuse};
use super::order::may_take;
use super::{
    AtWindow, Conditions, HallQueue, LeavingWindow, QueueEvent, Seat, Ticket, TicketState, Window,
    WindowAct, WindowStatus, next_for_window,
};

type Decided = Result<Vec<QueueEvent>, Refusal>;

/// A window at which something is to be done.
#[derive(Clone, Copy)]
struct Here<'q> {
    queue: &'q HallQueue,
    no: WindowNo,
    clerk: Option<StaffId>,
    window: &'q Window,
    around: &'q Conditions<'q>,
}

pub(super) fn decide(
    queue: &HallQueue,
    Seat { window: no, clerk }: Seat,
    act: WindowAct,
    around: &Conditions<'_>,
) -> Decided {
    let Some(window) = queue.windows.get(&no) else {
        let text = format!("这个大厅没有 {no} 号窗口。");
        return refuse(RefusalCode::UnknownWindow, text);
    };
    let here = Here {
        queue,
        no,
        clerk,
        window,
        around,
    };
    match act {
        WindowAct::CallNext => here.call_next(),
        WindowAct::Call(ticket) => here.call(ticket),
        WindowAct::CallAgain => here.call_again(),
        WindowAct::Start => Ok(vec![QueueEvent::Started(here.at(here.called()?.0))]),
        WindowAct::Pend => here.put_aside(QueueEvent::Pended),
        WindowAct::Park => here.put_aside(QueueEvent::Parked),
        WindowAct::Resume(ticket) => here.resume(ticket),
        WindowAct::Transfer(group) => here.transfer(group),
        WindowAct::Finish => here.finish(),
        WindowAct::MarkMissed => here.mark_missed(),
        WindowAct::Open => Ok(here.open()),
        WindowAct::Pause(leaving) => here.leave(
            leaving,
            QueueEvent::WindowPaused { window: no },
            WindowStatus::Paused,
        ),
        WindowAct::Close(leaving) => here.leave(
            leaving,
            QueueEvent::WindowClosed { window: no },
            WindowStatus::Closed,
        ),
        WindowAct::Serve(groups, leaving) => here.serve(groups, leaving),
    }
}

impl<'q> Here<'q> {
    fn at(self, ticket: TicketId) -> AtWindow {
        AtWindow {
            ticket,
            window: self.no,
            clerk: self.clerk,
        }
    }

    fn call_next(self) -> Decided {
        self.is_free()?;
        let next = next_for_window(self.queue, self.no, self.around.rules, self.around.now);
        let Some(ticket) = next else {
            return refuse(RefusalCode::NobodyWaits, "现在没有人在等。");
        };
        Ok(vec![QueueEvent::Called(self.at(ticket))])
    }

    fn call(self, ticket: TicketId) -> Decided {
        self.is_free()?;
        self.may_take_up(ticket)?;
        Ok(vec![QueueEvent::Called(self.at(ticket))])
    }

    /// The person stands at the window and was called before: nobody is called, so the order of
    /// calls has no say.
    fn resume(self, ticket: TicketId) -> Decided {
        self.is_free()?;
        let known = self.queue.tickets.get(&ticket).ok_or_else(no_such_ticket)?;
        if known.aside_at() != Some(self.no) {
            let text = "这张号没有放在本窗口，请从等候里叫。";
            return refuse(RefusalCode::NotWaiting, text);
        }
        Ok(vec![QueueEvent::Started(self.at(ticket))])
    }

    fn is_free(self) -> Result<(), Refusal> {
        if self.window.status != WindowStatus::Open {
            let text = "本窗口没有开，请先打开窗口。";
            return refuse(RefusalCode::WindowClosed, text);
        }
        if self.window.current.is_some() {
            let text = "本窗口还有一位没办完，请先办结，或者标记没来。";
            return refuse(RefusalCode::WindowBusy, text);
        }
        Ok(())
    }

    /// Whether the window may call this one out of turn: the rule's promises hold also then.
    fn may_take_up(self, ticket: TicketId) -> Result<(), Refusal> {
        let known = self.queue.tickets.get(&ticket).ok_or_else(no_such_ticket)?;
        let label = &known.issued.label;
        let is_here = known.aside_at() == Some(self.no);
        if !known.state.is_waiting() && !is_here {
            let text = format!("{label} 现在没有在等。");
            return refuse(RefusalCode::NotWaiting, text);
        }
        if !is_here && !self.window.groups.contains(&known.group) {
            let text = format!("{label} 等的是 {} 组，本窗口不办。", known.group);
            return refuse(RefusalCode::NotWaiting, text);
        }
        let Conditions { rules, now, .. } = *self.around;
        may_take(self.queue, self.window, known, rules, now).or_else(|first| {
            let first = self.queue.tickets.get(&first);
            let first = first.map_or_else(String::new, |first| first.issued.label.to_string());
            let text = format!("先叫 {first}：按规则轮到他了，叫过他再叫 {label}。");
            refuse(RefusalCode::SomebodyFirst, text)
        })
    }

    fn call_again(self) -> Decided {
        let (ticket, last, _) = self.called()?;
        let interval_ms = self
            .around
            .rules
            .call_interval_seconds
            .saturating_mul(1_000);
        let left_ms = interval_ms - self.around.now.ms_since(last);
        if left_ms > 0 {
            let seconds = (left_ms + 999) / 1_000;
            let text = format!("刚叫过，请过 {seconds} 秒再叫。");
            return refuse(RefusalCode::TooSoon, text);
        }
        Ok(vec![QueueEvent::Called(self.at(ticket))])
    }

    fn mark_missed(self) -> Decided {
        let (ticket, _, times) = self.called()?;
        let needed = self.around.rules.call_times;
        if times < needed {
            let text = format!("才叫了 {times} 遍，叫满 {needed} 遍没来才算过号。");
            return refuse(RefusalCode::TooSoon, text);
        }
        Ok(vec![QueueEvent::Missed(self.at(ticket))])
    }

    fn put_aside(self, event: fn(AtWindow) -> QueueEvent) -> Decided {
        let ticket = self.current()?;
        self.begun(ticket, event(self.at(ticket.issued.ticket)))
    }

    fn transfer(self, group: GroupCode) -> Decided {
        let ticket = self.current()?;
        if ticket.group == group {
            let text = "这张号就在这一组，请选别的组。";
            return refuse(RefusalCode::UnknownGroup, text);
        }
        let sent_on = self.sent_on(ticket, group)?;
        self.begun(ticket, sent_on)
    }

    fn finish(self) -> Decided {
        let ticket = self.current()?;
        let end = match ticket.next_groups.first() {
            Some(next) => self.sent_on(ticket, *next)?,
            None => QueueEvent::Finished(self.at(ticket.issued.ticket)),
        };
        self.begun(ticket, end)
    }

    fn sent_on(self, ticket: &Ticket, group: GroupCode) -> Result<QueueEvent, Refusal> {
        if !self.queue.layout.groups.contains_key(&group) {
            let text = "这个大厅没有这一组，请选别的组。";
            return refuse(RefusalCode::UnknownGroup, text);
        }
        Ok(QueueEvent::Transferred {
            from: self.at(ticket.issued.ticket),
            group,
        })
    }

    /// Somebody was served without the clerk having pressed start: start is then now.
    #[allow(
        clippy::unnecessary_wraps,
        reason = "the last step of acts that may be refused"
    )]
    fn begun(self, ticket: &Ticket, event: QueueEvent) -> Decided {
        Ok(match ticket.state {
            TicketState::Called { .. } => {
                vec![QueueEvent::Started(self.at(ticket.issued.ticket)), event]
            }
            _ => vec![event],
        })
    }

    fn open(self) -> Vec<QueueEvent> {
        match self.window.status {
            WindowStatus::Open => vec![],
            _ => vec![QueueEvent::WindowOpened { window: self.no }],
        }
    }

    /// Who was called and has not come goes back to where he waited.
    fn leave(self, leaving: LeavingWindow, event: QueueEvent, to: WindowStatus) -> Decided {
        if self.window.status == to {
            return Ok(vec![]);
        }
        let current = self.current().ok();
        if current.is_some_and(|ticket| matches!(ticket.state, TicketState::Serving { .. })) {
            let text = "本窗口还有一位没办完，办结后再暂停。";
            return refuse(RefusalCode::WindowBusy, text);
        }
        if leaving == LeavingWindow::Asks {
            self.leaves_nobody(&BTreeSet::new())?;
        }
        let ticket = current.map(|ticket| ticket.issued.ticket);
        let returned = ticket.map(|ticket| QueueEvent::Returned { ticket });
        Ok(returned.into_iter().chain([event]).collect())
    }

    fn serve(self, groups: BTreeSet<GroupCode>, leaving: LeavingWindow) -> Decided {
        let is_known = |group| self.queue.layout.groups.contains_key(group);
        if groups.is_empty() || !groups.iter().all(is_known) {
            let text = "窗口至少要办一组，而且是本大厅有的组。";
            return refuse(RefusalCode::UnknownGroup, text);
        }
        if groups == self.window.groups {
            return Ok(vec![]);
        }
        if leaving == LeavingWindow::Asks {
            self.leaves_nobody(&groups)?;
        }
        Ok(vec![QueueEvent::WindowServes {
            window: self.no,
            groups,
        }])
    }

    /// Whether everybody who waits has a window also when this one serves only `kept`.
    fn leaves_nobody(self, kept: &BTreeSet<GroupCode>) -> Result<(), Refusal> {
        let left = self.window.groups.difference(kept).find(|group| {
            self.window.takes(**group)
                && self.queue.open_windows(**group) == 1
                && self.queue.waiting_in(**group).next().is_some()
        });
        left.map_or(Ok(()), |group| {
            let waiting = self.queue.waiting_in(*group).count();
            let text = format!(
                "{group} 组还有 {waiting} 人在等，只有本窗口在办。请先告诉值班长，再确认。"
            );
            refuse(RefusalCode::LastWindow, text)
        })
    }

    fn current(self) -> Result<&'q Ticket, Refusal> {
        let current = self.window.current;
        current
            .and_then(|ticket| self.queue.tickets.get(&ticket))
            .ok_or_else(|| {
                let text = "本窗口现在没有叫号，请先叫下一个。";
                Refusal::new(RefusalCode::NoTicketAtWindow, text)
            })
    }

    /// The called ticket, when it was called last and how often.
    fn called(self) -> Result<(TicketId, UtcMs, u8), Refusal> {
        let ticket = self.current()?;
        match ticket.state {
            TicketState::Called { at, times, .. } => Ok((ticket.issued.ticket, at, times)),
            _ => refuse(RefusalCode::NoTicketAtWindow, "这位已经开始办了。"),
        }
    }
}
