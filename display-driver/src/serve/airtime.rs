//! The record of what boards have played (播出记录): a period for each item and board, from its first
//! frame to the frame that took it off, with how often it was sent, confirmed and believed. Pure.
//!
//! A call is no item. A page that only turns goes on being on show; an item is over when it no longer
//! plays and no area shows it any more. What a board refused and never showed ends as it began. When a
//! board falls silent, what it showed ends with the last that it said, and begins anew when it is sent
//! again. What is not over when the driver ends is told as ended then, or, after a power cut, when it
//! was last seen.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::HallId;
use domain::time::UtcMs;
use wire::event::BoardAired;

use crate::codec::Ask;
use crate::content::{AreaId, BoardId};
use crate::link::LinkEvent;
use crate::page::Airs;

/// The periods that are not over.
#[derive(Debug)]
pub(super) struct AirTime {
    hall: HallId,
    open: BTreeMap<(BoardId, Airs), BoardAired>,
    /// What each area shows, as far as it was sent.
    on_glass: BTreeMap<(BoardId, AreaId), Vec<Airs>>,
    /// When each board last answered.
    answered: BTreeMap<BoardId, UtcMs>,
}

impl AirTime {
    /// Nothing is on show.
    pub(super) fn new(hall: HallId) -> Self {
        Self {
            hall,
            open: BTreeMap::new(),
            on_glass: BTreeMap::new(),
            answered: BTreeMap::new(),
        }
    }

    /// Takes in what the link tells of a content that airs these; gives the periods that begin, those
    /// that a board answers for the first time, and those that end because it refused or fell silent.
    pub(super) fn heard(&mut self, event: &LinkEvent, airs: &[Airs], at: UtcMs) -> Vec<BoardAired> {
        match event {
            LinkEvent::Sent { board, ask, .. } => {
                for area in ask.cleared() {
                    self.on_glass.remove(&(board.clone(), *area));
                }
                let Some(content) = ask.shown() else {
                    return Vec::new();
                };
                let place = (board.clone(), content.area);
                self.on_glass.insert(place, airs.to_vec());
                let begun = airs.iter().filter_map(|airs| self.sent(board, airs, at));
                begun.collect()
            }
            LinkEvent::Confirmed { board, ask } => {
                self.answered.insert(board.clone(), at);
                match ask.shown() {
                    Some(_) => self.count(board, airs, |period| period.confirmed += 1),
                    None => Vec::new(),
                }
            }
            LinkEvent::Failed { board, ask, .. } => self.refused(board, ask, airs),
            LinkEvent::BoardOffline { board } => self.silent(board, at),
            LinkEvent::Believed { board, ask } if ask.shown().is_some() => {
                self.count(board, airs, |period| period.believed += 1)
            }
            _ => Vec::new(),
        }
    }

    /// Ends what was never shown: nothing says that the glass ever had it.
    fn refused(&mut self, board: &BoardId, ask: &Ask, airs: &[Airs]) -> Vec<BoardAired> {
        let Some(content) = ask.shown() else {
            return Vec::new();
        };
        let place = (board.clone(), content.area);
        if self.on_glass.get(&place).is_some_and(|on| on == airs) {
            self.on_glass.remove(&place);
        }
        let is_refused = |(on, period): &(BoardId, Airs), counts: &mut BoardAired| {
            on == board && airs.contains(period) && counts.confirmed == 0 && counts.believed == 0
        };
        let refused = self.open.extract_if(.., is_refused);
        refused
            .map(|(_, period)| {
                let began = period.from;
                ended(period, began)
            })
            .collect()
    }

    /// Ends what a board showed with the last that it said: nobody knows of anything after it.
    fn silent(&mut self, board: &BoardId, at: UtcMs) -> Vec<BoardAired> {
        self.on_glass.retain(|(on, _), _| on != board);
        let last = self.answered.get(board).copied().unwrap_or(at);
        let of_board = |(on, _): &(BoardId, Airs), _: &mut BoardAired| on == board;
        let over = self.open.extract_if(.., of_board);
        over.map(|(_, period)| ended(period, last)).collect()
    }

    fn sent(&mut self, board: &BoardId, airs: &Airs, at: UtcMs) -> Option<BoardAired> {
        let key = (board.clone(), airs.clone());
        if let Some(period) = self.open.get_mut(&key) {
            period.sent = period.sent.saturating_add(1);
            return None;
        }
        let begun = BoardAired {
            hall: self.hall,
            board: board.0.clone(),
            aired: airs.aired.clone(),
            text: airs.text.clone(),
            from: at,
            until: None,
            sent: 1,
            confirmed: 0,
            believed: 0,
        };
        self.open.insert(key, begun.clone());
        Some(begun)
    }

    /// Counts an answer; gives the periods of which it is the first, so that they are told to be on
    /// show before they are over.
    fn count(
        &mut self,
        board: &BoardId,
        airs: &[Airs],
        add: impl Fn(&mut BoardAired),
    ) -> Vec<BoardAired> {
        let mut first = Vec::new();
        for airs in airs {
            if let Some(period) = self.open.get_mut(&(board.clone(), airs.clone())) {
                add(period);
                if period.confirmed + period.believed == 1 {
                    first.push(period.clone());
                }
            }
        }
        first
    }

    /// Ends what a board plays no longer and shows no longer; gives the periods that are over.
    pub(super) fn settle(
        &mut self,
        board: &BoardId,
        playing: &BTreeSet<&Airs>,
        at: UtcMs,
    ) -> Vec<BoardAired> {
        let areas = self.on_glass.iter().filter(|((on, _), _)| on == board);
        let shown: BTreeSet<&Airs> = areas.flat_map(|(_, airs)| airs).collect();
        let is_over = |(on, airs): &(BoardId, Airs), _: &mut BoardAired| {
            on == board && !playing.contains(airs) && !shown.contains(airs)
        };
        let over = self.open.extract_if(.., is_over);
        over.map(|(_, period)| ended(period, at)).collect()
    }

    /// Ends everything: the driver stops.
    pub(super) fn stop(&mut self, at: UtcMs) -> Vec<BoardAired> {
        let open = std::mem::take(&mut self.open);
        open.into_values().map(|period| ended(period, at)).collect()
    }

    /// The periods that are not over, for the next start.
    pub(super) fn open(&self) -> Vec<BoardAired> {
        self.open.values().cloned().collect()
    }
}

/// A period that ended at a time.
pub(super) fn ended(period: BoardAired, at: UtcMs) -> BoardAired {
    BoardAired {
        until: Some(at.max(period.from)),
        ..period
    }
}

#[cfg(test)]
mod tests {
    use domain::id::HallId;
    use wire::event::Aired;

    use super::*;
    use crate::content::{AreaContent, Line};
    use crate::link::FailureReason;
    use crate::page::{BoardLayout, Frame, Page, TEXT_SIZE};

    fn hall() -> HallId {
        let text = "01890a5d-ac96-774b-bcce-b302099a8057";
        text.parse().expect("an id")
    }

    fn board() -> BoardId {
        BoardId("LED-01".to_owned())
    }

    fn airs(id: &str) -> Airs {
        Airs {
            aired: Aired::Listing { id: id.to_owned() },
            text: format!("岗位 {id}"),
        }
    }

    fn content(area: u8) -> AreaContent {
        let frame = Frame::whole(BoardLayout {
            width_px: 192,
            height_px: 16,
        });
        let page = Page::still(&frame, vec![Line::default()], TEXT_SIZE);
        AreaContent {
            area: AreaId(area),
            ..page.content
        }
    }

    fn sent(ask: Ask) -> LinkEvent {
        LinkEvent::Sent {
            board: board(),
            ask,
            substituted: Vec::new(),
        }
    }

    #[test]
    fn a_period_lasts_over_all_turns_of_its_page_and_counts_them() {
        let mut air = AirTime::new(hall());
        let (show, one) = (Ask::Show(content(0)), [airs("1")]);
        let begun = air.heard(&sent(show.clone()), &one, UtcMs(10));
        assert_eq!(
            (begun.len(), begun[0].from, begun[0].until),
            (1, UtcMs(10), None)
        );
        let confirmed = LinkEvent::Confirmed {
            board: board(),
            ask: show.clone(),
        };
        let told = air.heard(&confirmed, &one, UtcMs(11));
        assert_eq!((told[0].confirmed, told[0].until), (1, None));
        let playing = one.iter().collect();
        air.heard(&sent(Ask::Show(content(0))), &[airs("2")], UtcMs(20));
        assert_eq!(air.settle(&board(), &playing, UtcMs(20)), []);
        assert_eq!(air.heard(&sent(show), &one, UtcMs(30)), []);
        let over = air.stop(UtcMs(40));
        let period = over
            .iter()
            .find(|period| period.aired == one[0].aired)
            .expect("it");
        let counts = (period.sent, period.confirmed, period.believed);
        assert_eq!((counts, period.until), ((2, 1, 0), Some(UtcMs(40))));
    }

    fn confirmed(ask: Ask) -> LinkEvent {
        let board = board();
        LinkEvent::Confirmed { board, ask }
    }

    #[test]
    fn what_a_board_refused_was_never_on_show() {
        let mut air = AirTime::new(hall());
        let (show, one) = (Ask::Show(content(0)), [airs("1")]);
        air.heard(&sent(show.clone()), &one, UtcMs(10));
        let failed = LinkEvent::Failed {
            board: board(),
            ask: show.clone(),
            reason: FailureReason::NoAnswer,
        };
        let over = air.heard(&failed, &one, UtcMs(15));
        assert_eq!((over[0].from, over[0].until), (UtcMs(10), Some(UtcMs(10))));
        assert_eq!(air.open(), []);
        air.heard(&sent(show.clone()), &one, UtcMs(20));
        air.heard(&confirmed(show.clone()), &one, UtcMs(21));
        air.heard(&sent(show), &one, UtcMs(30));
        assert_eq!(
            air.heard(&failed, &one, UtcMs(35)),
            [],
            "it was on show before"
        );
    }

    #[test]
    fn what_a_silent_board_showed_ends_with_the_last_it_said_and_begins_anew() {
        let mut air = AirTime::new(hall());
        let (show, one) = (Ask::Show(content(0)), [airs("1")]);
        air.heard(&sent(show.clone()), &one, UtcMs(10));
        air.heard(&confirmed(show.clone()), &one, UtcMs(12));
        let offline = LinkEvent::BoardOffline { board: board() };
        let over = air.heard(&offline, &[], UtcMs(99));
        assert_eq!(over[0].until, Some(UtcMs(12)));
        let again = air.heard(&sent(show), &one, UtcMs(200));
        assert_eq!(again[0].from, UtcMs(200));
    }

    #[test]
    fn what_is_withdrawn_ends_with_the_frame_that_takes_it_off() {
        let mut air = AirTime::new(hall());
        air.heard(&sent(Ask::Show(content(1))), &[airs("1")], UtcMs(10));
        let nothing = BTreeSet::new();
        assert_eq!(
            air.settle(&board(), &nothing, UtcMs(20)),
            [],
            "still on the glass"
        );
        let replace = Ask::Replace {
            content: content(0),
            clears: vec![AreaId(1)],
        };
        air.heard(&sent(replace), &[], UtcMs(23));
        let over = air.settle(&board(), &nothing, UtcMs(23));
        assert_eq!(over[0].until, Some(UtcMs(23)));
        assert_eq!(air.open(), []);
        let again = air.heard(&sent(Ask::Show(content(1))), &[airs("1")], UtcMs(50));
        assert_eq!(again[0].from, UtcMs(50), "a period of its own");
    }
}
