//! What boards did, as events for central: the playing log (留播出日志) and the boards' health.
//!
//! A call or notice is reported each time. A page of the rotation is reported when it is first
//! sent and first confirmed on a day, else the log would grow by its turning alone. The log is
//! written on a thread of its own, for SQLite blocks.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;

use chrono::NaiveDate;
use domain::id::HallId;
use domain::time::UtcMs;
use sync::uplink::{SharedLog, UplinkWake, lock};
use wire::event::{BoardReport, BoardReported, Event};

use crate::codec::{Ask, Unsendable};
use crate::content::BoardId;
use crate::link::{FailureReason, LinkEvent};
use crate::schedule::Layer;

/// Reports waiting for the disk.
const WAITING_MAX: usize = 256;

/// Chooses what is reported. Pure.
#[derive(Debug, Default)]
pub(super) struct PlayLog {
    day: Option<NaiveDate>,
    aired: HashSet<(BoardId, String, bool)>,
}

impl PlayLog {
    /// The report of an event of the link, if it is worth one. `layer` is why the board shows what
    /// it shows now.
    pub(super) fn report(
        &mut self,
        event: &LinkEvent,
        layer: Option<Layer>,
        today: NaiveDate,
    ) -> Option<(BoardId, BoardReport)> {
        if self.day.replace(today) != Some(today) {
            self.aired.clear();
        }
        let shown = |ask: &Ask| match ask {
            Ask::Show(content) => Some(content.text()),
            _ => None,
        };
        let (board, report) = match event {
            LinkEvent::Sent { board, ask, .. } => (board, BoardReport::Sent { text: shown(ask)? }),
            LinkEvent::Confirmed { board, ask } => {
                (board, BoardReport::Confirmed { text: shown(ask)? })
            }
            // What is only believed has been reported as sent.
            LinkEvent::Believed { .. }
            | LinkEvent::FilesStored { .. }
            | LinkEvent::Fonts { .. }
            | LinkEvent::Parameters { .. } => return None,
            LinkEvent::Failed { board, ask, reason } => {
                let reason = reason_word(*reason);
                (
                    board,
                    BoardReport::Failed {
                        text: shown(ask)?,
                        reason,
                    },
                )
            }
            LinkEvent::BoardOffline { board } => (board, BoardReport::Offline),
            LinkEvent::BoardOnline { board } => (board, BoardReport::Online),
        };
        self.is_news(board, &report, layer)
            .then(|| (board.clone(), report))
    }

    fn is_news(&mut self, board: &BoardId, report: &BoardReport, layer: Option<Layer>) -> bool {
        let is_rotation = layer == Some(Layer::Programme);
        match report {
            BoardReport::Sent { text } if is_rotation => {
                self.aired.insert((board.clone(), text.clone(), false))
            }
            BoardReport::Confirmed { text } if is_rotation => {
                self.aired.insert((board.clone(), text.clone(), true))
            }
            _ => true,
        }
    }
}

/// A stable word for a failure.
fn reason_word(reason: FailureReason) -> String {
    match reason {
        FailureReason::NoAnswer => "timeout".to_owned(),
        FailureReason::BrokenAnswer => "broken_answer".to_owned(),
        FailureReason::Refused(refusal) => format!("nack_{}", refusal.code),
        FailureReason::PortLost => "port_lost".to_owned(),
        FailureReason::Unsendable(Unsendable::Unsupported(_)) => "unsupported".to_owned(),
        FailureReason::Unsendable(_) => "too_long".to_owned(),
    }
}

/// Writes reports to the device's log.
#[derive(Debug, Clone)]
pub(super) struct Reporter {
    sender: SyncSender<(UtcMs, BoardReported)>,
    hall: HallId,
}

impl Reporter {
    /// Starts the writing thread; it ends when the last clone of the reporter is dropped.
    pub(super) fn start(log: SharedLog, wake: Arc<UplinkWake>, hall: HallId) -> Self {
        let (sender, receiver) = sync_channel(WAITING_MAX);
        thread::spawn(move || write_all(&receiver, &log, &wake));
        Self { sender, hall }
    }

    /// Hands a report over. A disk that is slower than the boards loses reports, aloud.
    pub(super) fn report(&self, at: UtcMs, board_name: &str, report: BoardReport) {
        let reported = BoardReported {
            hall: self.hall,
            board: board_name.to_owned(),
            report,
        };
        if let Err(TrySendError::Full(_)) = self.sender.try_send((at, reported)) {
            tracing::error!(
                board = board_name,
                "a report was lost: the disk is too slow"
            );
        }
    }
}

fn write_all(reports: &Receiver<(UtcMs, BoardReported)>, log: &SharedLog, wake: &UplinkWake) {
    for (at, reported) in reports {
        match lock(log).append(&Event::BoardReported(reported), at) {
            Ok(_) => wake.appended.notify_one(),
            Err(error) => tracing::error!(%error, "a report was not written"),
        }
    }
}
