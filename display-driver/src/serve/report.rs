//! What boards did, as events for central: the playing log (留播出日志) and the boards' health.
//!
//! A call or notice is reported each time. A page of the rotation is reported when it is first
//! sent and first confirmed on a day, else the log would grow by its turning alone; clocks, waiting
//! lists and the states of windows are not reported at all. The log is written on a thread of its
//! own, for SQLite blocks.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::{self, JoinHandle};

use chrono::NaiveDate;
use domain::time::UtcMs;
use sync::uplink::{SharedLog, UplinkWake, lock};
use wire::event::{BoardReport, Event};

use crate::codec::{Ask, Unsendable};
use crate::content::{AreaContent, BoardId};
use crate::link::{FailureReason, LinkEvent};
use crate::schedule::{Layer, Shown};

/// Reports waiting for the disk.
const WAITING_MAX: usize = 256;

/// Chooses what is reported. Pure.
#[derive(Debug, Default)]
pub(super) struct PlayLog {
    day: Option<NaiveDate>,
    aired: HashSet<(BoardId, String, bool)>,
}

impl PlayLog {
    /// The report of an event of the link, if it is worth one. `shown` is why the board was sent
    /// what the event is about.
    pub(super) fn report(
        &mut self,
        event: &LinkEvent,
        shown: Option<&Shown>,
        today: NaiveDate,
    ) -> Option<(BoardId, BoardReport)> {
        if self.day.replace(today) != Some(today) {
            self.aired.clear();
        }
        let layer = shown.map(|shown| shown.layer);
        let says = |shown: &Shown| shown.layer < Layer::Programme || !shown.airs.is_empty();
        let shown = |ask: &Ask| {
            let content = ask.shown().filter(|_| shown.is_none_or(says));
            content.map(AreaContent::text)
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
#[derive(Debug)]
pub(super) struct Reporter {
    sender: SyncSender<(UtcMs, Event)>,
    writing: JoinHandle<()>,
}

impl Reporter {
    /// Starts the writing thread.
    pub(super) fn start(log: SharedLog, wake: Arc<UplinkWake>) -> Self {
        let (sender, receiver) = sync_channel(WAITING_MAX);
        let writing = thread::spawn(move || write_all(&receiver, &log, &wake));
        Self { sender, writing }
    }

    /// Hands an event over. A disk that is slower than the boards loses some, aloud.
    pub(super) fn report(&self, at: UtcMs, event: Event) {
        if let Err(TrySendError::Full((_, event))) = self.sender.try_send((at, event)) {
            tracing::error!(
                kind = event.kind(),
                "a report was lost: the disk is too slow"
            );
        }
    }

    /// Waits until everything is on disk.
    pub(super) fn finish(self) {
        drop(self.sender);
        if self.writing.join().is_err() {
            tracing::error!("the last reports were not written");
        }
    }
}

fn write_all(reports: &Receiver<(UtcMs, Event)>, log: &SharedLog, wake: &UplinkWake) {
    for (at, event) in reports {
        match lock(log).append(&event, at) {
            Ok(_) => wake.appended.notify_one(),
            Err(error) => tracing::error!(%error, "a report was not written"),
        }
    }
}
