//! The course of one paper through its states.

use std::collections::VecDeque;
use std::time::Duration;

use zeroize::Zeroizing;

use super::outcome::{Health, Outcome, Timing, Trouble};
use crate::escpos::command::Command;
use crate::escpos::status::{Question, Status};

/// Asked before anything is sent: the error status is known to fewer models.
const BEFORE: &[Question] = &[Question::Printer, Question::Offline, Question::Paper];
/// Asked behind the paper.
const AFTER: &[Question] = &Question::ALL;

/// What happens to a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// The port is open, and what was waiting in it has been thrown away.
    Opened,
    /// Bytes came.
    Received(Vec<u8>),
    /// The port has gone, or cannot be opened.
    Lost,
    /// Time has passed.
    Woken,
}

/// What is to be done for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// Put these bytes on the line.
    Send(Vec<u8>),
    /// Wake it then.
    WakeAt(Duration),
    /// It is over.
    Done(Outcome),
}

/// Where a paper is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// The port is being opened.
    Opening,
    /// What arrives now was asked by nobody.
    Draining {
        until: Duration,
    },
    /// A question is out, before or behind the paper.
    Asking {
        phase: Phase,
        index: usize,
        asked: u8,
        until: Duration,
    },
    /// The bytes are on the wire and the paper moves.
    Moving {
        until: Duration,
    },
    Over,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Before,
    After,
}

/// A paper on its way. Its bytes hold a ticket's secrets: they are overwritten and never print.
pub struct PrintJob {
    timing: Timing,
    /// `None` when only the printer's health is asked.
    paper: Option<Zeroizing<Vec<u8>>>,
    state: State,
    health: Health,
    outputs: VecDeque<Output>,
}

impl std::fmt::Debug for PrintJob {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = formatter.debug_struct("PrintJob");
        shown.field("state", &self.state).finish_non_exhaustive()
    }
}

impl PrintJob {
    /// A paper's bytes, as [`crate::escpos::typeset::bytes`] makes them.
    #[must_use]
    pub fn new(paper: Vec<u8>, timing: Timing) -> Self {
        Self::with(Some(Zeroizing::new(paper)), timing)
    }

    /// No paper: asks how the printer is and ends as if it had printed.
    #[must_use]
    pub fn health_only(timing: Timing) -> Self {
        Self::with(None, timing)
    }

    fn with(paper: Option<Zeroizing<Vec<u8>>>, timing: Timing) -> Self {
        Self {
            timing,
            paper,
            state: State::Opening,
            health: Health::default(),
            outputs: VecDeque::new(),
        }
    }

    /// What the printer has said so far.
    #[must_use]
    pub fn health(&self) -> &Health {
        &self.health
    }

    /// Takes what happened at a moment.
    pub fn handle(&mut self, now: Duration, input: Input) {
        match (self.state, input) {
            (State::Over, _) => {}
            (State::Opening, Input::Opened) => {
                let until = now + self.timing.drain;
                self.enter(State::Draining { until }, until);
            }
            (_, Input::Lost) => self.lost(),
            (State::Asking { phase, index, .. }, Input::Received(bytes)) => {
                self.received(now, phase, index, &bytes);
            }
            // Nobody asked for what comes now.
            (_, Input::Received(_) | Input::Opened) => {}
            (_, Input::Woken) => self.woken(now),
        }
    }

    /// The next thing to do.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    fn enter(&mut self, state: State, until: Duration) {
        self.state = state;
        self.outputs.push_back(Output::WakeAt(until));
    }

    fn woken(&mut self, now: Duration) {
        match self.state {
            State::Draining { until } if now >= until => self.ask(now, Phase::Before, 0, 1),
            State::Moving { until } if now >= until => self.ask(now, Phase::After, 0, 1),
            State::Asking {
                phase,
                index,
                asked,
                until,
            } if now >= until => self.unanswered(now, phase, index, asked),
            _ => {}
        }
    }

    fn ask(&mut self, now: Duration, phase: Phase, index: usize, asked: u8) {
        let Some(question) = questions(phase).get(index) else {
            return self.all_answered(now, phase);
        };
        let bytes = Command::bytes(&[Command::Ask(*question)]);
        let wire = self.timing.wire_time(bytes.len() + 1);
        let until = now + wire + self.timing.answer_within;
        self.outputs.push_back(Output::Send(bytes));
        let state = State::Asking {
            phase,
            index,
            asked,
            until,
        };
        self.enter(state, until);
    }

    /// The first byte that can be an answer is one; noise and unasked bytes are not.
    fn received(&mut self, now: Duration, phase: Phase, index: usize, bytes: &[u8]) {
        let question = questions(phase)[index];
        let mut answers = bytes
            .iter()
            .filter_map(|&it| Status::read(question, it).ok());
        if let Some(status) = answers.next() {
            self.health.learn(status);
            self.ask(now, phase, index + 1, 1);
        }
    }

    fn unanswered(&mut self, now: Duration, phase: Phase, index: usize, asked: u8) {
        match (phase, index) {
            // Some models answer the first question and the last one only.
            (_, 1..) => self.ask(now, phase, index + 1, 1),
            (Phase::Before, _) => self.end(Outcome::Refused(Trouble::Silent)),
            (Phase::After, _) if asked < self.timing.asks_after => {
                self.ask(now, phase, index, asked + 1);
            }
            (Phase::After, _) => self.end(Outcome::Unknown(None)),
        }
    }

    fn all_answered(&mut self, now: Duration, phase: Phase) {
        let (trouble, warning) = (self.health.trouble(), self.health.warning());
        match (phase, trouble, self.paper.take()) {
            (Phase::After, Some(trouble), _) => self.end(Outcome::Unknown(Some(trouble))),
            (Phase::After, None, _) | (Phase::Before, None, None) => {
                self.end(Outcome::Printed(warning));
            }
            (Phase::Before, Some(trouble), _) => self.end(Outcome::Refused(trouble)),
            (Phase::Before, None, Some(mut paper)) => {
                let until = now + self.timing.wire_time(paper.len()) + self.timing.paper_moves;
                self.health = Health::default();
                self.outputs
                    .push_back(Output::Send(std::mem::take(&mut *paper)));
                self.enter(State::Moving { until }, until);
            }
        }
    }

    fn lost(&mut self) {
        let is_sent = match self.state {
            State::Moving { .. } => true,
            State::Asking { phase, .. } => phase == Phase::After,
            State::Opening | State::Draining { .. } | State::Over => false,
        };
        self.end(if is_sent {
            Outcome::Unknown(Some(Trouble::Absent))
        } else {
            Outcome::Refused(Trouble::Absent)
        });
    }

    fn end(&mut self, outcome: Outcome) {
        self.state = State::Over;
        self.outputs.push_back(Output::Done(outcome));
    }
}

fn questions(phase: Phase) -> &'static [Question] {
    match phase {
        Phase::Before => BEFORE,
        Phase::After => AFTER,
    }
}
