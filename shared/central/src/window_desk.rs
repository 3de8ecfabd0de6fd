//! What clerks do at windows: each act is decided by the authority and recorded with its person,
//! refused ones too when somebody acts for a window that is not his.

use domain::id::{HallId, TicketId, WindowNo};
use domain::queue::{Command, LeavingWindow, Seat, TicketIssued, TicketLabel, WindowAct};
use domain::refusal::{Refusal, RefusalCode};
use domain::time::UtcMs;
use wire::api::DeviceKind;
use wire::problem::Problem;

use crate::app_state::AppState;
use crate::authority;
use crate::staff::acts::{self, Act};
use crate::staff::{CallTickets, Staff, window_subject};
use crate::store::{VisitRow, Write};

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
            authority::give_by(write, hall, command, &acted, now)
        });
        Ok(decided.await??)
    }
}

impl AppState {
    /// Takes in the slip that somebody shows at a window: known by its token, or one of a kiosk's own
    /// lane that the kiosk has not reported yet. Gives its number.
    ///
    /// # Errors
    /// `Refused`: no slip, one of another day or of no kiosk of this hall, or another one of the same
    /// id.
    pub async fn take_in_slip(
        &self,
        by: &Staff<CallTickets>,
        scanned: &str,
    ) -> Result<TicketLabel, Problem> {
        let Some(slip) = wire::slip::read(scanned) else {
            let text = "没读出号票上的码，请再扫一次，或者在导办台按号码找。";
            return Err(Refusal::new(RefusalCode::TicketNotFound, text).into());
        };
        let (hall, now) = (by.hall, self.now());
        let subject = slip.issued.as_ref().map(|slip| slip.ticket.to_string());
        let acted = by.acted(acts::TOOK_IN_SLIP, subject.unwrap_or_default());
        let taken = self.inner.store.write(move |write| {
            let token = slip.token.token_hash();
            if let Some(visit) = write.reader().visit_by_token(token)? {
                return Ok(of_this_hall(&visit, hall));
            }
            let Some(mut issued) = slip.issued else {
                return Ok(Err(unknown_slip()));
            };
            // the kiosk's clock may be ahead, and nobody arrives later than now
            issued.arrived_at = issued.arrived_at.min(now);
            if let Err(refusal) = is_believed(write, hall, &issued, now) {
                return Ok(Err(refusal));
            }
            let label = issued.label.clone();
            let report = Command::ReportIssued(issued);
            let decided = authority::give_by(write, hall, report, &acted, now)?;
            Ok(decided.map(|()| label))
        });
        Ok(taken.await??)
    }
}

fn of_this_hall(visit: &VisitRow, hall: HallId) -> Result<TicketLabel, Refusal> {
    if visit.hall == hall {
        return Ok(visit.label.clone());
    }
    let text = "这是别的大厅的号票，请他去那里办，或者在这里重新取号。";
    Err(Refusal::new(RefusalCode::TicketNotFound, text))
}

fn unknown_slip() -> Refusal {
    let text = "这张号票还没登记，请稍等再扫，或者请他重新取号。";
    Refusal::new(RefusalCode::TicketNotFound, text)
}

/// A slip from a lane is believed if a kiosk of this hall has that lane and the paper is of today.
fn is_believed(
    write: &Write<'_>,
    hall: HallId,
    issued: &TicketIssued,
    now: UtcMs,
) -> Result<(), Refusal> {
    let TicketLabel::Lane { lane, .. } = issued.label else {
        return Err(unknown_slip());
    };
    let mut devices = write.live().devices.values();
    let is_of_a_kiosk =
        devices.any(|device| device.hall == hall && device.kind == DeviceKind::HallKiosk { lane });
    if !is_of_a_kiosk {
        let text = "这张号票不是本大厅的机器出的，请他重新取号。";
        return Err(Refusal::new(RefusalCode::TicketNotFound, text));
    }
    if issued.arrived_at.hall_date() != now.hall_date() {
        let text = "这张号票不是今天的，请他重新取号。";
        return Err(Refusal::new(RefusalCode::TicketOver, text));
    }
    Ok(())
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
