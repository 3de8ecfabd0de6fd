//! The machine: one transaction at a time, time-outs, retries, and who is next.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use super::board::Board;
use super::duty::{Certainty, Duty, Rank};
use super::transfer::Recovery;
use super::{
    BoardKnowledge, BoardLine, FailureReason, FaultCounts, Input, LinkEvent, Order, Output,
    Presence, Timing,
};
use crate::codec::{
    Ask, Asked, Awaited, BoardFamily, BrokenKind, BusFrame, Ear, Heard, Reaction, Refusal, Run,
    Share,
};
use crate::content::{BoardId, GlyphSize};
use crate::moment::Moment;

/// A sign gives a packet up when nothing comes for a second; its pauses take a tenth of that. Whoever
/// comes later than this begins the packet again.
const LATE_MAX: Duration = Duration::from_millis(800);

#[derive(Debug)]
struct InFlight {
    board: usize,
    ask: Ask,
    awaited: Awaited,
    share: Share,
    /// How long the board is deaf afterwards.
    rest: Duration,
    /// What is left of the frame behind a pause.
    unsent: VecDeque<Run>,
    /// When the pause is over, or, behind the last run, when all bytes have passed.
    resume_at: Duration,
    deadline: Duration,
    heard_broken: bool,
}

/// A bus with its boards.
#[derive(Debug)]
pub struct Link {
    timing: Timing,
    boards: Vec<Board>,
    ears: Vec<Box<dyn Ear>>,
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
        let is_spoken =
            |family: &BoardFamily| boards.iter().any(|line| line.speech.family == *family);
        let spoken = BoardFamily::ALL.iter().filter(|it| is_spoken(it));
        let ears = spoken.map(|family| family.module().ear()).collect();
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
        self.go_on(now.since_start);
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

    /// Faults seen so far that are of no single board.
    #[must_use]
    pub fn line_faults(&self) -> FaultCounts {
        let noise_bytes = self.ears.iter().map(|ear| ear.noise_bytes()).sum();
        FaultCounts {
            noise_bytes,
            ..self.faults.clone()
        }
    }

    /// Faults seen so far of each board.
    #[must_use]
    pub fn board_faults(&self) -> BTreeMap<BoardId, FaultCounts> {
        let boards = self.boards.iter();
        boards
            .map(|board| (board.line.id.clone(), board.faults.clone()))
            .collect()
    }

    /// All faults seen so far.
    #[must_use]
    pub fn faults(&self) -> FaultCounts {
        let mut all = self.line_faults();
        for board in &self.boards {
            all += &board.faults;
        }
        all
    }

    fn submit(&mut self, id: &BoardId, order: Order) {
        match self.boards.iter_mut().find(|board| board.line.id == *id) {
            Some(board) => board.take(order),
            None => self.faults.unknown_boards += 1,
        }
    }

    fn port_opened(&mut self, now: Duration) {
        self.is_open = true;
        self.free_at = now;
        self.ears.iter_mut().for_each(|ear| ear.abandon());
        for board in &mut self.boards {
            board.attempts = super::board::Attempts::default();
            board.not_before = now;
            if board.voice.is_mute() {
                board.presence = Presence::Mute;
                board.refresh_unasked(now, &self.timing);
            } else {
                board.presence = Presence::Unknown;
            }
        }
    }

    fn port_lost(&mut self) {
        self.is_open = false;
        if let Some(flight) = self.in_flight.take() {
            self.lost(flight, FailureReason::PortLost);
        }
        for index in 0..self.boards.len() {
            self.boards[index].presence = Presence::Unknown;
            self.boards[index].distrust();
            self.break_transfer(index, FailureReason::PortLost);
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
                Err(kind) => self.broken(now, kind),
            }
        }
    }

    /// What is broken may be the answer, and then no other comes: the wait is cut short. It may as well
    /// be somebody else's noise: so nothing is cut before our own bytes have passed, nor before the
    /// board had twice the time that it usually takes.
    fn broken(&mut self, now: Duration, kind: BrokenKind) {
        let Some(flight) = &mut self.in_flight else {
            return self.faults.broken(kind);
        };
        let board = &mut self.boards[flight.board];
        board.faults.broken(kind);
        flight.heard_broken = true;
        let Awaited::Answer { broken_rest, .. } = flight.awaited else {
            return;
        };
        if let Some(usual) = board.answers_by() {
            let passed = now.max(flight.resume_at);
            let rest_passed = passed + self.timing.broken_frame_rest(broken_rest);
            let cut = rest_passed.max(flight.resume_at + usual);
            flight.deadline = flight.deadline.min(cut);
        }
    }

    fn frame(&mut self, now: Duration, frame: BusFrame) {
        let is_expected = self.in_flight.as_ref().is_some_and(|flight| {
            let board = &self.boards[flight.board];
            let is_from_it = frame.from.is_none_or(|from| from == board.line.address);
            flight.awaited != Awaited::Nothing
                && flight.unsent.is_empty()
                && is_from_it
                && board.voice.is_answer(&flight.ask, &frame.heard)
        });
        let Some(flight) = self.in_flight.take_if(|_| is_expected) else {
            self.faults.strays += 1;
            return;
        };
        self.free_at = now + self.timing.gap();
        let took = now.saturating_sub(flight.resume_at);
        self.boards[flight.board].answered_within(took);
        match frame.heard {
            Heard::Refused(refusal) => self.refused(now, flight, refusal, None),
            Heard::Block {
                refusal: Some(refusal),
                next_address,
            } => self.refused(now, flight, refusal, Some(next_address)),
            heard => self.answered(now, flight, &heard),
        }
    }

    fn answered(&mut self, now: Duration, flight: InFlight, heard: &Heard) {
        let index = flight.board;
        let board = &mut self.boards[index];
        board.heard(now, &self.timing);
        let lacking = board.learn(heard);
        self.done(now, flight, Certainty::Said);
        let board = &mut self.boards[index];
        if let Heard::Areas(held) = heard {
            board.faults.lost_areas += board.compare(held);
        }
        self.found(index, now);
        for size in lacking {
            self.letters_missing(index, size);
        }
    }

    fn letters_missing(&mut self, index: usize, size: GlyphSize) {
        let board = self.boards[index].line.id.clone();
        self.event(LinkEvent::LettersMissing { board, size });
    }

    /// A frame was obeyed, or is believed to have been.
    fn done(&mut self, now: Duration, flight: InFlight, certainty: Certainty) {
        let InFlight {
            board: index,
            ask,
            share,
            rest,
            ..
        } = flight;
        let board = &mut self.boards[index];
        board.voice.obeyed();
        board.not_before = now + rest;
        match share {
            // No progress, so it does not count as one: a board that refuses for ever is given up.
            Share::Preamble => return,
            Share::Part => return board.attempts = super::board::Attempts::default(),
            Share::Rest => {}
        }
        if let (Ask::Transfer(_), Some(transfer)) = (&ask, board.transfer()) {
            transfer.accepted();
        }
        board.settled(&ask, now, &self.timing, certainty);
        let is_stored = board.finish_transfer();
        self.tell_done(index, ask, certainty);
        if is_stored {
            let board = self.boards[index].line.id.clone();
            self.event(LinkEvent::FilesStored { board });
        }
    }

    fn tell_done(&mut self, index: usize, ask: Ask, certainty: Certainty) {
        let board = self.boards[index].line.id.clone();
        if ask == Ask::ReadBack && self.boards[index].voice.is_proven() {
            for content in self.boards[index].proven() {
                let (board, ask) = (board.clone(), Ask::Show(content));
                self.event(LinkEvent::Confirmed { board, ask });
            }
        }
        self.event(match certainty {
            Certainty::Said => LinkEvent::Confirmed { board, ask },
            Certainty::Believed => LinkEvent::Believed { board, ask },
        });
    }

    /// A board answered; if that is news, everything current goes to it.
    fn found(&mut self, index: usize, now: Duration) {
        if self.boards[index].presence != Presence::Online {
            self.boards[index].presence = Presence::Online;
            self.boards[index].voice.distrust();
            self.boards[index].refresh_all(now);
            self.boards[index].doubt_all();
            self.tell_presence(index, true);
        }
    }

    fn refused(
        &mut self,
        now: Duration,
        flight: InFlight,
        refusal: Refusal,
        next_address: Option<u32>,
    ) {
        let InFlight {
            board: index,
            ask,
            share,
            ..
        } = flight;
        let board = &mut self.boards[index];
        *board.faults.refusals.entry(refusal.code).or_default() += 1;
        board.heard(now, &self.timing);
        if share == Share::Rest {
            board.refused(&ask);
        }
        let lacking = board.learn_refusal(&ask, refusal);
        if let Some(size) = lacking {
            self.letters_missing(index, size);
        }
        match self.retry_at(index, &ask, refusal.reaction, now, next_address) {
            // In smaller letters it is another frame.
            _ if lacking.is_some() => self.boards[index].not_before = now,
            Some(at) => self.boards[index].not_before = at,
            None => {
                self.boards[index].give_up(&ask, now, &self.timing);
                self.fail(index, ask, FailureReason::Refused(refusal));
            }
        }
        // A board that refuses is there.
        self.found(index, now);
    }

    /// When a refused ask goes again; `None` when it has failed.
    fn retry_at(
        &mut self,
        index: usize,
        ask: &Ask,
        reaction: Reaction,
        now: Duration,
        next_address: Option<u32>,
    ) -> Option<Duration> {
        let board = &mut self.boards[index];
        match reaction {
            Reaction::RetryAtOnce if board.attempts.check_wrong < self.timing.check_resends_max => {
                board.attempts.check_wrong += 1;
                Some(now)
            }
            Reaction::RetryWithBackOff => {
                let pause = self.timing.busy_pauses.get(board.attempts.busy);
                board.attempts.busy += 1;
                pause.map(|&pause| now + pause)
            }
            _ => {
                let transfer = board
                    .transfer()
                    .filter(|_| matches!(ask, Ask::Transfer(_)))?;
                let goes_on = transfer.recover(reaction, next_address) == Recovery::GoesOn;
                let is_stored = board.finish_transfer();
                board.attempts = super::board::Attempts::default();
                if is_stored {
                    let board = board.line.id.clone();
                    self.event(LinkEvent::FilesStored { board });
                }
                goes_on.then_some(now)
            }
        }
    }

    /// Sends what is left of a frame when its pause is over.
    fn go_on(&mut self, now: Duration) {
        let is_late =
            |flight: &mut InFlight| !flight.unsent.is_empty() && now > flight.resume_at + LATE_MAX;
        if let Some(flight) = self.in_flight.take_if(is_late) {
            let board = &mut self.boards[flight.board];
            board.voice.unanswered();
            board.not_before = now + self.timing.gap();
            return;
        }
        let Some(flight) = &mut self.in_flight else {
            return;
        };
        while flight.resume_at <= now {
            let Some(run) = flight.unsent.pop_front() else {
                return;
            };
            flight.resume_at = now + self.timing.wire_time(run.bytes.len()) + run.pause;
            flight.deadline = deadline(&self.timing, now, run.bytes.len(), flight);
            self.outputs.push_back(Output::Send(run.bytes));
        }
    }

    /// Ends a transaction whose time is over.
    fn expire(&mut self, now: Duration) {
        let Some(flight) = self
            .in_flight
            .take_if(|flight| flight.unsent.is_empty() && flight.deadline <= now)
        else {
            return;
        };
        self.free_at = now + self.timing.gap();
        if flight.awaited == Awaited::Nothing {
            self.done(now, flight, Certainty::Believed);
            return;
        }
        self.ears.iter_mut().for_each(|ear| ear.abandon());
        self.boards[flight.board].voice.unanswered();
        let reason = if flight.heard_broken {
            FailureReason::BrokenAnswer
        } else {
            self.boards[flight.board].faults.timeouts += 1;
            FailureReason::NoAnswer
        };
        let board = &mut self.boards[flight.board];
        let pause = self.timing.resend_pauses.get(board.attempts.unanswered);
        match (board.presence, pause) {
            (Presence::Unknown | Presence::Online | Presence::Mute, Some(&pause)) => {
                board.attempts.unanswered += 1;
                board.not_before = now + pause;
            }
            _ => self.gone(now, flight, reason),
        }
    }

    /// A board has not answered often enough to be probed rarely from now on.
    fn gone(&mut self, now: Duration, flight: InFlight, reason: FailureReason) {
        let index = flight.board;
        let board = &mut self.boards[index];
        board.attempts = super::board::Attempts::default();
        board.not_before = now + self.timing.probe_every;
        board.distrust();
        if std::mem::replace(&mut board.presence, Presence::Offline) != Presence::Offline {
            self.lost(flight, reason);
        }
        self.break_transfer(index, reason);
        self.tell_presence(index, false);
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
            let at = if flight.unsent.is_empty() {
                flight.deadline
            } else {
                flight.resume_at
            };
            self.outputs.push_back(Output::WakeAt(at));
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
                    continue;
                }
                let rank = due.rank_at(now, &self.timing);
                if best.is_none_or(|(other, ..)| rank < other) {
                    best = Some((rank, index, due.duty));
                }
            }
        }
        best.map(|(_, index, duty)| (index, duty)).ok_or(earliest)
    }

    fn start(&mut self, now: Moment, index: usize, duty: Duty) {
        self.turn = (index + 1) % self.boards.len();
        let board = &mut self.boards[index];
        if duty == Duty::Check && board.voice.is_mute() {
            board.refresh_unasked(now.since_start, &self.timing);
            return;
        }
        let Some(ask) = board.ask(duty, now) else {
            return;
        };
        let precedence = board.precedence(&ask);
        match board.voice.next(board.line.address, &ask, precedence) {
            Ok(Some(asked)) => self.send(now.since_start, index, ask, asked),
            // The board holds it already, as far as anybody can know.
            Ok(None) => {
                board.sent(&ask, now.since_start);
                board.settled(&ask, now.since_start, &self.timing, Certainty::Believed);
                self.tell_done(index, ask, Certainty::Believed);
            }
            Err(unsendable) => {
                board.give_up(&ask, now.since_start, &self.timing);
                self.fail(index, ask, unsendable.into());
            }
        }
    }

    fn send(&mut self, now: Duration, index: usize, ask: Ask, asked: Asked) {
        let board = &mut self.boards[index];
        if asked.share == Share::Rest {
            board.sent(&ask, now);
            let board = board.line.id.clone();
            let (ask, substituted) = (ask.clone(), asked.substituted);
            self.event(LinkEvent::Sent {
                board,
                ask,
                substituted,
            });
        }
        self.in_flight = Some(InFlight {
            board: index,
            ask,
            awaited: asked.awaited,
            share: asked.share,
            rest: asked.rest,
            unsent: asked.runs.into(),
            resume_at: now,
            deadline: now,
            heard_broken: false,
        });
        self.go_on(now);
    }

    fn tell_presence(&mut self, index: usize, is_online: bool) {
        let board = &mut self.boards[index];
        if board.voice.is_mute() || board.told_online.replace(is_online) == Some(is_online) {
            return;
        }
        let board = board.line.id.clone();
        self.event(if is_online {
            LinkEvent::BoardOnline { board }
        } else {
            LinkEvent::BoardOffline { board }
        });
    }

    /// What was in flight has failed; a file's step is told with its transfer.
    fn lost(&mut self, flight: InFlight, reason: FailureReason) {
        if !matches!(flight.ask, Ask::Transfer(_)) {
            self.fail(flight.board, flight.ask, reason);
        }
    }

    /// A transfer that had begun cannot be gone on with.
    fn break_transfer(&mut self, index: usize, reason: FailureReason) {
        if let Some(step) = self.boards[index].break_transfer() {
            self.fail(index, Ask::Transfer(step), reason);
        }
    }

    fn fail(&mut self, index: usize, ask: Ask, reason: FailureReason) {
        let board = self.boards[index].line.id.clone();
        self.event(LinkEvent::Failed { board, ask, reason });
    }

    fn event(&mut self, event: LinkEvent) {
        self.outputs.push_back(Output::Event(event));
    }
}

/// When a frame is over, whose last run is sent now.
fn deadline(timing: &Timing, now: Duration, bytes: usize, flight: &InFlight) -> Duration {
    now + match flight.awaited {
        Awaited::Nothing => timing.wire_time(bytes),
        Awaited::Answer {
            bytes_max, within, ..
        } => timing.reply_timeout(bytes, bytes_max, within),
    }
}
