//! What clerks do at windows: each act is decided by the authority and recorded with its person,
//! refused ones too when somebody acts for a window that is not his.

use domain::id::{TicketId, WindowNo};
use domain::queue::{Command, LeavingWindow, Seat, WindowAct};
use domain::refusal::{Refusal, RefusalCode};
use wire::problem::Problem;

use crate::app_state::AppState;
use crate::authority;
use crate::staff::acts::{self, Act};
use crate::staff::{CallTickets, Staff, window_subject};

/// What a page showed when its button was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// This ticket at the window, or none.
    Current(Option<TicketId>),
    /// Nothing that an act could be too late for.
    Anything,
}

impl AppState {
    /// Does something at a window of the own hall. Who sits somewhere acts for that window alone.
    ///
    /// # Errors
    /// `Refused` with the rule's words; then the queue is as it was.
    pub async fn at_window(
        &self,
        by: &Staff<CallTickets>,
        window: WindowNo,
        act: WindowAct,
        seen: Seen,
    ) -> Result<(), Problem> {
        let (hall, seat, staff, now) = (by.hall, by.window, by.staff, self.now());
        let acted = by.acted(act_of(&act), window_subject(window));
        let denied = by.acted(acts::DENIED_WINDOW, window_subject(window));
        let decided = self.inner.store.write(move |write| {
            if let Some(seat) = seat.filter(|seat| *seat != window) {
                write.append(&denied, now)?;
                return Ok(Err(not_his_window(seat, window)));
            }
            let current = write
                .hall(hall)
                .and_then(|hall| hall.queue.windows.get(&window)?.current);
            if seen != Seen::Anything && seen != Seen::Current(current) {
                return Ok(Err(too_late()));
            }
            let clerk = Some(staff);
            let command = Command::At(Seat { window, clerk }, act);
            let decided = authority::give(write, hall, command, now)?;
            if decided.is_ok() {
                write.append(&acted, now)?;
            }
            Ok(decided)
        });
        decided.await??;
        Ok(())
    }
}

/// An act as the audit trail names it.
pub(crate) fn act_of(act: &WindowAct) -> Act {
    match act {
        WindowAct::CallNext => acts::CALLED_NEXT,
        WindowAct::Call(_) => acts::CALLED_THIS_ONE,
        WindowAct::CallAgain => acts::CALLED_AGAIN,
        WindowAct::Start => acts::STARTED,
        WindowAct::Pend => acts::PENDED,
        WindowAct::Park => acts::PARKED,
        WindowAct::Resume(_) => acts::RESUMED,
        WindowAct::Transfer(_) => acts::TRANSFERRED,
        WindowAct::Finish => acts::FINISHED,
        WindowAct::MarkMissed => acts::MARKED_MISSED,
        WindowAct::Open => acts::OPENED_WINDOW,
        WindowAct::Pause(LeavingWindow::Asks) => acts::PAUSED_WINDOW,
        WindowAct::Pause(LeavingWindow::Confirmed) => acts::PAUSED_LAST_WINDOW,
        WindowAct::Close(_) => acts::CLOSED_WINDOW,
        WindowAct::Serve(..) => acts::SET_WINDOW_GROUPS,
    }
}

fn not_his_window(seat: WindowNo, window: WindowNo) -> Refusal {
    let text = format!(
        "您坐在 {seat} 号窗口，不能替 {window} 号窗口叫号。要换窗口，先坐到 {window} 号窗口。"
    );
    Refusal::new(RefusalCode::OtherWindow, text)
}

fn too_late() -> Refusal {
    let text = "这一步刚才已经办过了，请看清现在的号再点。";
    Refusal::new(RefusalCode::PageTooOld, text)
}
