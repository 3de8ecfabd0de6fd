//! What boards did, as events for central: the playing log (留播出日志) and the boards' health.
//!
//! A call or notice is reported each time. A page of the rotation is reported when it is first
//! sent and first confirmed on a day, else the log would grow by its turning alone; clocks, waiting
//! lists and the states of windows are not reported at all. Characters that a board does not have are
//! told once for each item and board, letters that its card lacks whenever it is found without them.
//! The log is written on a thread of its own, for SQLite blocks.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::{self, JoinHandle};

use chrono::NaiveDate;
use domain::time::UtcMs;
use sync::uplink::{SharedLog, UplinkWake, lock};
use wire::event::{Aired, BoardNeeds, BoardReport, Event};

use crate::codec::{Ask, Reaction, Unsendable};
use crate::content::{AreaContent, BoardId};
use crate::link::{FailureReason, LinkEvent};
use crate::schedule::{Layer, Shown};

/// Reports waiting for the disk.
const WAITING_MAX: usize = 256;
/// Items and boards that were told of; then all are told anew, which changes nothing at the centre.
const REPLACED_MAX: usize = 10_000;

/// Chooses what is reported. Pure.
#[derive(Debug, Default)]
pub(super) struct PlayLog {
    day: Option<NaiveDate>,
    aired: HashSet<(BoardId, String, bool)>,
    /// What each board was told to lack the characters of.
    replaced: HashSet<(BoardId, Aired)>,
}

impl PlayLog {
    /// The reports of an event of the link, where it is worth any. `shown` is why the board was sent
    /// what the event is about.
    pub(super) fn reports(
        &mut self,
        event: &LinkEvent,
        shown: Option<&Shown>,
        today: NaiveDate,
    ) -> Vec<(BoardId, BoardReport)> {
        let mut reports = self.replacements(event, shown);
        reports.extend(self.report(event, shown, today));
        reports
    }

    /// Characters that the board does not have, of each item that was not told of yet.
    fn replacements(
        &mut self,
        event: &LinkEvent,
        shown: Option<&Shown>,
    ) -> Vec<(BoardId, BoardReport)> {
        let (
            LinkEvent::Sent {
                board, substituted, ..
            },
            Some(shown),
        ) = (event, shown)
        else {
            return Vec::new();
        };
        let lacking: BTreeSet<char> = substituted.iter().copied().collect();
        if lacking.is_empty() {
            return Vec::new();
        }
        if self.replaced.len() >= REPLACED_MAX {
            self.replaced.clear();
        }
        let mut reports = Vec::new();
        for airs in &shown.airs {
            let of_it = lacking.iter().filter(|one| airs.text.contains(**one));
            let characters: String = of_it.collect();
            let aired = airs.aired.clone();
            if !characters.is_empty() && self.replaced.insert((board.clone(), aired.clone())) {
                reports.push((board.clone(), BoardReport::Replaced { aired, characters }));
            }
        }
        reports
    }

    fn report(
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
            LinkEvent::Believed { .. } | LinkEvent::FilesStored { .. } => return None,
            LinkEvent::LettersMissing { board, size } => (
                board,
                BoardReport::LettersMissing {
                    height_px: size.pixels() as u8,
                },
            ),
            LinkEvent::Failed { board, ask, reason } => {
                let needs = needs(*reason);
                // What nobody was to see is told only where somebody has to do something.
                let set_up = || needs.and(set_up_word(ask)).map(str::to_owned);
                let report = BoardReport::Failed {
                    text: shown(ask).or_else(set_up)?,
                    reason: reason_word(*reason),
                    needs,
                };
                (board, report)
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

/// What an ask is about that shows nothing.
fn set_up_word(ask: &Ask) -> Option<&'static str> {
    match ask {
        Ask::Transfer(_) => Some("节目文件"),
        Ask::SetBrightness(_) | Ask::SetBrightnessByHalfHours(_) => Some("亮度"),
        Ask::PowerOn | Ask::SetLitPeriods(_) | Ask::CancelLitPeriods => Some("定时开关"),
        _ => None,
    }
}

/// What somebody has to do, where sending again cannot help.
fn needs(reason: FailureReason) -> Option<BoardNeeds> {
    let FailureReason::Refused(refusal) = reason else {
        return None;
    };
    match refusal.reaction {
        Reaction::Alarm => Some(BoardNeeds::Repair),
        Reaction::ConfigurationFault => Some(BoardNeeds::SettingUp),
        Reaction::GiveUpUntilFilesDeleted => Some(BoardNeeds::Room),
        Reaction::Done
        | Reaction::RetryWithBackOff
        | Reaction::RetryAtOnce
        | Reaction::GiveUp
        | Reaction::RestartFile
        | Reaction::ResendOverwriting
        | Reaction::ResumeAtReplyAddress => None,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::onbon_k::answer::AnswerCode;
    use crate::codec::{FileStep, Refusal};
    use crate::content::{Colour, Line};
    use crate::page::{Airs, BoardLayout, Frame, Page, TEXT_SIZE};

    fn board() -> BoardId {
        BoardId("LED-01".to_owned())
    }

    fn airs(id: &str, text: &str) -> Airs {
        Airs {
            aired: Aired::Listing { id: id.to_owned() },
            text: text.to_owned(),
        }
    }

    /// A page of the programme that airs these.
    fn page(airs: Vec<Airs>) -> Shown {
        let frame = Frame::whole(BoardLayout {
            width_px: 192,
            height_px: 16,
        });
        let lines = vec![Line::of(Colour::Amber, "岗位")];
        Shown {
            layer: Layer::Programme,
            content: Page::still(&frame, lines, TEXT_SIZE).content,
            airs,
        }
    }

    fn sent(shown: &Shown, substituted: &[char]) -> LinkEvent {
        LinkEvent::Sent {
            board: board(),
            ask: Ask::Show(shown.content.clone()),
            substituted: substituted.to_vec(),
        }
    }

    #[test]
    fn characters_that_a_board_lacks_are_told_once_for_each_item_and_board() {
        let mut log = PlayLog::default();
        let shown = page(vec![airs("1", "王喆电工"), airs("2", "焊工")]);
        let day = NaiveDate::MIN;
        let told = |log: &mut PlayLog, event: &LinkEvent, day| {
            let reports = log.reports(event, Some(&shown), day).into_iter();
            let replaced = reports.filter_map(|(_, report)| match report {
                BoardReport::Replaced { aired, characters } => Some((aired, characters)),
                _ => None,
            });
            replaced.collect::<Vec<_>>()
        };
        let first = Aired::Listing { id: "1".to_owned() };
        let event = sent(&shown, &['喆', '喆']);
        assert_eq!(told(&mut log, &event, day), [(first, "喆".to_owned())]);
        assert_eq!(told(&mut log, &event, day), []);
        let tomorrow = day.succ_opt().expect("a day");
        assert_eq!(told(&mut log, &event, tomorrow), [], "nor on another day");
        assert_eq!(told(&mut log, &sent(&shown, &[]), day), []);
        let other = LinkEvent::Sent {
            board: BoardId("LED-02".to_owned()),
            ask: Ask::Show(shown.content.clone()),
            substituted: vec!['喆'],
        };
        assert_eq!(told(&mut log, &other, day).len(), 1, "another board");
    }

    #[test]
    fn a_refusal_says_what_somebody_has_to_do() {
        let shown = page(vec![airs("1", "岗位")]);
        let needs = |code: u8| {
            let reaction = AnswerCode::from_byte(code).reaction();
            let failed = LinkEvent::Failed {
                board: board(),
                ask: Ask::Show(shown.content.clone()),
                reason: FailureReason::Refused(Refusal { code, reaction }),
            };
            let reports = PlayLog::default().reports(&failed, Some(&shown), NaiveDate::MIN);
            match &reports[..] {
                [(_, BoardReport::Failed { needs, reason, .. })] => {
                    assert_eq!(*reason, format!("nack_{code}"));
                    *needs
                }
                other => panic!("expected a failure, got {other:?}"),
            }
        };
        assert_eq!(needs(4), Some(BoardNeeds::Room));
        assert_eq!(needs(7), Some(BoardNeeds::Repair));
        assert_eq!(needs(12), Some(BoardNeeds::SettingUp));
        assert_eq!(needs(13), Some(BoardNeeds::SettingUp));
        for code in [1, 2, 3, 5, 6, 8, 9, 10, 11, 14, 15, 16, 17] {
            assert_eq!(needs(code), None, "{code}");
        }
    }

    #[test]
    fn a_file_that_finds_no_room_is_told_and_one_that_merely_failed_is_not() {
        let file = FileStep::EndSeveral;
        let reports = |code: u8| {
            let reaction = AnswerCode::from_byte(code).reaction();
            let failed = LinkEvent::Failed {
                board: board(),
                ask: Ask::Transfer(file.clone()),
                reason: FailureReason::Refused(Refusal { code, reaction }),
            };
            PlayLog::default().reports(&failed, None, NaiveDate::MIN)
        };
        let told = BoardReport::Failed {
            text: "节目文件".to_owned(),
            reason: "nack_4".to_owned(),
            needs: Some(BoardNeeds::Room),
        };
        assert_eq!(reports(4), [(board(), told)]);
        assert_eq!(reports(6), []);
    }

    #[test]
    fn letters_that_a_card_lacks_are_told_with_their_height() {
        let missing = LinkEvent::LettersMissing {
            board: board(),
            size: crate::content::GlyphSize::Px24,
        };
        let reports = PlayLog::default().reports(&missing, None, NaiveDate::MIN);
        let told = BoardReport::LettersMissing { height_px: 24 };
        assert_eq!(reports, [(board(), told)]);
    }
}
