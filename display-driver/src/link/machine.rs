//! The machine: one transaction at a time, time-outs, retries, and who is next.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use super::board::{Board, Duty, Rank};
use super::{
    BoardKnowledge, BoardLine, FailureReason, FaultCounts, Input, LinkEvent, Order, Output,
    Presence, Timing,
};
use crate::codec::{Ask, BoardFamily, BusFrame, Ear, Heard, Reaction, Refusal};
use crate::content::{AreaId, BoardId};
use crate::moment::Moment;

/// The longest reply this link asks for: a status, every byte escaped.
const REPLY_BYTES_MAX: usize = 192;

#[derive(Debug)]
struct InFlight {
    board: usize,
    ask: Ask,
    deadline: Duration,
    heard_broken: bool,
}

/// A bus with its boards.
#[derive(Debug)]
pub struct Link {
    timing: Timing,
    boards: Vec<Board>,
    ears: Vec<Ear>,
    is_open: bool,
    in_flight: Option<InFlight>,
    /// The line rests until then.
    free_at: Duration,
    /// Where the next round begins, so that every board gets its turn.
    turn: usize,
    faults: FaultCounts,
    outputs: VecDeque<Output>,
}

impl Link {
    /// A link whose port is not open yet.
    #[must_use]
    pub fn new(timing: Timing, boards: Vec<BoardLine>) -> Self {
        let is_spoken = |family: &BoardFamily| boards.iter().any(|line| line.family == *family);
        let ears = BoardFamily::ALL
            .into_iter()
            .filter(is_spoken)
            .map(BoardFamily::ear)
            .collect();
        Self {
            timing,
            boards: boards.into_iter().map(Board::new).collect(),
            ears,
            is_open: false,
            in_flight: None,
            free_at: Duration::ZERO,
            turn: 0,
            faults: FaultCounts::default(),
            outputs: VecDeque::new(),
        }
    }

    /// Takes an input in; then [`Link::poll`] until it gives nothing.
    pub fn handle(&mut self, now: Moment, input: Input) {
        match input {
            Input::Submit { board, order } => self.submit(&board, order),
            Input::Received(bytes) => self.receive(now.since_start, &bytes),
            Input::PortOpened => self.port_opened(now.since_start),
            Input::PortLost => self.port_lost(),
            Input::Tick => {}
        }
        self.expire(now.since_start);
        self.start_next(now);
    }

    /// The next thing to do.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// What is known of each board.
    #[must_use]
    pub fn knowledge(&self) -> BTreeMap<BoardId, BoardKnowledge> {
        self.boards
            .iter()
            .map(|board| (board.line.id.clone(), board.knowledge()))
            .collect()
    }

    /// Faults seen so far.
    #[must_use]
    pub fn faults(&self) -> FaultCounts {
        let noise_bytes = self.ears.iter().map(Ear::noise_bytes).sum();
        FaultCounts {
            noise_bytes,
            ..self.faults.clone()
        }
    }

    fn submit(&mut self, id: &BoardId, order: Order) {
        match self.boards.iter_mut().find(|board| board.line.id == *id) {
            Some(board) => self.faults.dropped_orders += board.take(order),
            None => self.faults.unknown_boards += 1,
        }
    }

    fn port_opened(&mut self, now: Duration) {
        self.is_open = true;
        self.free_at = now;
        self.ears.iter_mut().for_each(Ear::abandon);
        for board in &mut self.boards {
            board.presence = Presence::Unknown;
            board.attempts = super::board::Attempts::default();
            board.not_before = now;
        }
    }

    fn port_lost(&mut self) {
        self.is_open = false;
        if let Some(flight) = self.in_flight.take() {
            self.fail(flight.board, flight.ask, FailureReason::PortLost);
        }
        for index in 0..self.boards.len() {
            self.boards[index].presence = Presence::Unknown;
            self.boards[index].distrust();
            self.tell_presence(index, false);
        }
    }

    fn receive(&mut self, now: Duration, bytes: &[u8]) {
        let mut heard = Vec::new();
        for ear in &mut self.ears {
            ear.push(bytes);
            heard.extend(std::iter::from_fn(|| ear.hear()));
        }
        for outcome in heard {
            match outcome {
                Ok(frame) if !frame.to_host => self.faults.echoes += 1,
                Ok(frame) => self.frame(now, frame),
                Err(_) => self.broken(now),
            }
        }
    }

    /// The true answer may still follow a broken frame, but not for long.
    fn broken(&mut self, now: Duration) {
        self.faults.broken_frames += 1;
        if let Some(flight) = &mut self.in_flight {
            flight.heard_broken = true;
            flight.deadline = flight.deadline.min(now + self.timing.broken_frame_rest());
        }
    }

    fn frame(&mut self, now: Duration, frame: BusFrame) {
        let is_expected = self.in_flight.as_ref().is_some_and(|flight| {
            let fits = match frame.heard {
                Heard::Done => flight.ask != Ask::QueryStatus,
                Heard::Areas(_) => flight.ask == Ask::QueryStatus,
                Heard::Refused(_) => true,
                Heard::Other => false,
            };
            fits && self.boards[flight.board].line.address == frame.from
        });
        let Some(flight) = self.in_flight.take_if(|_| is_expected) else {
            self.faults.strays += 1;
            return;
        };
        self.free_at = now + self.timing.gap();
        match frame.heard {
            Heard::Refused(refusal) => self.refused(now, flight, refusal),
            Heard::Areas(held) => self.done(now, flight, &held),
            Heard::Done | Heard::Other => self.done(now, flight, &[]),
        }
    }

    fn done(&mut self, now: Duration, flight: InFlight, held: &[AreaId]) {
        let InFlight {
            board: index, ask, ..
        } = flight;
        let board = &mut self.boards[index];
        board.confirmed(&ask, now, &self.timing);
        if ask == Ask::QueryStatus {
            self.faults.lost_areas += board.compare(held);
        }
        self.found(index, now);
        let board = self.boards[index].line.id.clone();
        self.event(LinkEvent::Confirmed { board, ask });
    }

    /// A board answered; if that is news, everything current goes to it.
    fn found(&mut self, index: usize, now: Duration) {
        if self.boards[index].presence != Presence::Online {
            self.boards[index].presence = Presence::Online;
            self.boards[index].refresh_all(now);
            self.tell_presence(index, true);
        }
    }

    fn refused(&mut self, now: Duration, flight: InFlight, refusal: Refusal) {
        *self.faults.refusals.entry(refusal.code).or_default() += 1;
        let InFlight {
            board: index, ask, ..
        } = flight;
        let board = &mut self.boards[index];
        board.heard(now, &self.timing);
        board.refused(&ask);
        let retry_at = match refusal.reaction {
            Reaction::RetryAtOnce if board.attempts.check_wrong < self.timing.check_resends_max => {
                board.attempts.check_wrong += 1;
                Some(now)
            }
            Reaction::RetryWithBackOff => {
                let pause = self.timing.busy_pauses.get(board.attempts.busy);
                board.attempts.busy += 1;
                pause.map(|&pause| now + pause)
            }
            _ => None,
        };
        match retry_at {
            Some(at) => board.not_before = at,
            None => {
                board.give_up(&ask, now, &self.timing);
                self.fail(index, ask, FailureReason::Refused(refusal));
            }
        }
        // A board that refuses is there.
        self.found(index, now);
    }

    /// Ends a transaction whose time is over.
    fn expire(&mut self, now: Duration) {
        let Some(flight) = self.in_flight.take_if(|flight| flight.deadline <= now) else {
            return;
        };
        self.free_at = now + self.timing.gap();
        self.ears.iter_mut().for_each(Ear::abandon);
        let reason = if flight.heard_broken {
            FailureReason::BrokenAnswer
        } else {
            self.faults.timeouts += 1;
            FailureReason::NoAnswer
        };
        let board = &mut self.boards[flight.board];
        let pause = self.timing.resend_pauses.get(board.attempts.unanswered);
        match (board.presence, pause) {
            (Presence::Unknown | Presence::Online, Some(&pause)) => {
                board.attempts.unanswered += 1;
                board.not_before = now + pause;
            }
            (presence, _) => {
                board.attempts = super::board::Attempts::default();
                board.presence = Presence::Offline;
                board.not_before = now + self.timing.probe_every;
                board.distrust();
                if presence != Presence::Offline {
                    self.fail(flight.board, flight.ask, reason);
                }
                self.tell_presence(flight.board, false);
            }
        }
    }

    /// Puts the most urgent thing on a free line, or asks to be woken when something will be due.
    fn start_next(&mut self, now: Moment) {
        if !self.is_open {
            return;
        }
        while self.in_flight.is_none() {
            match self.choose(now.since_start) {
                Ok((index, duty)) => self.start(now, index, duty),
                Err(None) => return,
                Err(Some(at)) => {
                    self.outputs.push_back(Output::WakeAt(at));
                    return;
                }
            }
        }
        if let Some(flight) = &self.in_flight {
            self.outputs.push_back(Output::WakeAt(flight.deadline));
        }
    }

    /// What goes out now, or else when to look again.
    fn choose(&self, now: Duration) -> Result<(usize, Duty), Option<Duration>> {
        let mut best: Option<(Rank, usize, Duty)> = None;
        let mut earliest: Option<Duration> = None;
        for step in 0..self.boards.len() {
            let index = (self.turn + step) % self.boards.len();
            for due in self.boards[index].agenda(&self.timing) {
                let at = due.at.max(self.free_at);
                if at > now {
                    earliest = Some(earliest.map_or(at, |other| other.min(at)));
                } else if best.is_none_or(|(rank, ..)| due.rank < rank) {
                    best = Some((due.rank, index, due.duty));
                }
            }
        }
        best.map(|(_, index, duty)| (index, duty)).ok_or(earliest)
    }

    fn start(&mut self, now: Moment, index: usize, duty: Duty) {
        self.turn = (index + 1) % self.boards.len();
        let board = &mut self.boards[index];
        let Some(ask) = board.ask(duty, now) else {
            return;
        };
        let asked = match board.line.family.ask(board.line.address, &ask) {
            Ok(asked) => asked,
            Err(unsendable) => {
                board.give_up(&ask, now.since_start, &self.timing);
                self.fail(index, ask, unsendable.into());
                return;
            }
        };
        board.sent(&ask, now.since_start);
        let timeout = self
            .timing
            .reply_timeout(asked.bytes.len(), REPLY_BYTES_MAX);
        self.in_flight = Some(InFlight {
            board: index,
            ask: ask.clone(),
            deadline: now.since_start + timeout,
            heard_broken: false,
        });
        let board = self.boards[index].line.id.clone();
        self.outputs.push_back(Output::Send(asked.bytes));
        self.event(LinkEvent::Sent {
            board,
            ask,
            substituted: asked.substituted,
        });
    }

    fn tell_presence(&mut self, index: usize, is_online: bool) {
        let board = &mut self.boards[index];
        if board.told_online.replace(is_online) == Some(is_online) {
            return;
        }
        let board = board.line.id.clone();
        self.event(if is_online {
            LinkEvent::BoardOnline { board }
        } else {
            LinkEvent::BoardOffline { board }
        });
    }

    fn fail(&mut self, index: usize, ask: Ask, reason: FailureReason) {
        let board = self.boards[index].line.id.clone();
        self.event(LinkEvent::Failed { board, ask, reason });
    }

    fn event(&mut self, event: LinkEvent) {
        self.outputs.push_back(Output::Event(event));
    }
}
