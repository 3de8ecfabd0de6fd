//! Finds the baud rate of a board and its number: "are you there?" at each rate of its family's search
//! (a K card's: 9600 and 57600, two seconds each, and the pair once more; `onbon-bx.md` A1), then it is
//! a fault of wiring.
//!
//! As a value, without I/O or clock. It asks the address that every board answers, so a number need
//! not be known; several boards on one line answer at once and spoil each other's frames, which is told
//! apart from silence. A family that finds the rate itself has nothing to look for.

use std::collections::VecDeque;
use std::time::Duration;

use crate::codec::{
    Ask, BoardFamily, BrokenKind, BusFrame, Ear, Face, Facts, Heard, Precedence, RateSearch, Speech,
};

/// Questions to everybody know nothing of dots.
const NO_FACE: Face = Face {
    width_px: 0,
    height_px: 0,
};

/// What happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// The port is open at the rate asked for.
    Opened,
    /// Bytes came.
    Received(Vec<u8>),
    /// The time asked for has come.
    Tick,
}

/// What the owner shall do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// Close the port and open it at this rate; then feed [`Input::Opened`].
    OpenAt(u32),
    /// Write these bytes.
    Send(Vec<u8>),
    /// Feed [`Input::Tick`] at this time; the newest counts.
    WakeAt(Duration),
    /// It is over.
    Finished(Finding),
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// A card answered.
    Card {
        /// At this rate.
        baud: u32,
        /// Its number; `None` when it would not say.
        number: Option<u16>,
        /// Whether our own bytes came back as well.
        echo: Echo,
    },
    /// Nobody answered with a sound frame.
    Nobody {
        /// Whether anything was heard at all.
        heard: Remnant,
    },
}

/// Whether the adapter gives back what is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Echo {
    /// It does not.
    None,
    /// It does; the driver skips it.
    Heard,
}

/// What came in place of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Remnant {
    /// Nothing: a fault of wiring, or no power.
    Silence,
    /// Only our own bytes: the adapter works, the card does not hear or is not heard.
    EchoOnly,
    /// Bytes that are no sound frame: another rate, noise, or several cards at once.
    Garbled,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Opening,
    Pinging,
    AskingNumber,
    Over,
}

/// The search.
#[derive(Debug)]
pub struct Discovery {
    family: BoardFamily,
    search: RateSearch,
    bauds: VecDeque<u32>,
    baud: u32,
    stage: Stage,
    ear: Box<dyn Ear>,
    deadline: Duration,
    remnant: Remnant,
    outputs: VecDeque<Output>,
}

impl Discovery {
    /// A search over a serial line; `None` for a family without a way.
    #[must_use]
    pub fn over_serial(family: BoardFamily) -> Option<Self> {
        let search = family.facts().search?;
        Some(Self::over(family, search, search.bauds))
    }

    /// Over TCP there is no rate to find: one question, and the usual rate stands in the finding.
    #[must_use]
    pub fn over_tcp(family: BoardFamily) -> Option<Self> {
        let &Facts {
            search, usual_baud, ..
        } = family.facts();
        Some(Self::over(family, search?, &[usual_baud]))
    }

    fn over(family: BoardFamily, search: RateSearch, bauds: &[u32]) -> Self {
        let mut discovery = Self {
            family,
            search,
            bauds: bauds.iter().copied().collect(),
            baud: 0,
            stage: Stage::Opening,
            ear: family.module().ear(),
            deadline: Duration::ZERO,
            remnant: Remnant::Silence,
            outputs: VecDeque::new(),
        };
        discovery.next_baud();
        discovery
    }

    /// Takes an input in; then [`Discovery::poll`] until it gives nothing.
    pub fn handle(&mut self, now: Duration, input: Input) {
        match input {
            Input::Opened if self.stage == Stage::Opening => {
                self.ask(now, Stage::Pinging, &Ask::Ping);
            }
            Input::Received(bytes) => self.receive(now, &bytes),
            Input::Tick if now >= self.deadline => self.expire(),
            Input::Opened | Input::Tick => {}
        }
    }

    /// The next thing to do.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    fn next_baud(&mut self) {
        let Some(baud) = self.bauds.pop_front() else {
            return self.finish(Finding::Nobody {
                heard: self.remnant,
            });
        };
        self.baud = baud;
        self.stage = Stage::Opening;
        self.ear = self.family.module().ear();
        self.outputs.push_back(Output::OpenAt(baud));
    }

    fn ask(&mut self, now: Duration, stage: Stage, ask: &Ask) {
        let speech = Speech::usual(self.family, NO_FACE);
        let asked = speech
            .voice()
            .next(self.search.address, ask, Precedence::Ordinary);
        self.stage = stage;
        self.deadline = now + speech.answer_wait;
        if let Ok(Some(asked)) = asked {
            self.outputs.push_back(Output::Send(asked.bytes()));
        }
        self.outputs.push_back(Output::WakeAt(self.deadline));
    }

    fn receive(&mut self, now: Duration, bytes: &[u8]) {
        let noise_before = self.ear.noise_bytes();
        self.ear.push(bytes);
        while let Some(outcome) = self.ear.hear() {
            self.hear(now, outcome);
        }
        if self.ear.noise_bytes() > noise_before {
            self.remnant = Remnant::Garbled;
        }
    }

    fn hear(&mut self, now: Duration, outcome: Result<BusFrame, BrokenKind>) {
        match outcome {
            Ok(frame) if frame.to_host => self.answered(now, &frame.heard),
            Ok(_) => self.remnant = self.remnant.max(Remnant::EchoOnly),
            Err(_) => self.remnant = Remnant::Garbled,
        }
    }

    fn answered(&mut self, now: Duration, heard: &Heard) {
        match (self.stage, heard) {
            // Even a refusal comes from a board.
            (Stage::Pinging, _) => self.ask(now, Stage::AskingNumber, &Ask::ReadNumber),
            (Stage::AskingNumber, Heard::Number(number)) => self.found(Some(*number)),
            (Stage::AskingNumber, _) => self.found(None),
            (Stage::Opening | Stage::Over, _) => {}
        }
    }

    fn expire(&mut self) {
        match self.stage {
            Stage::Pinging => {
                if self.ear.is_inside_frame() {
                    self.remnant = Remnant::Garbled;
                }
                self.next_baud();
            }
            Stage::AskingNumber => self.found(None),
            Stage::Opening | Stage::Over => {}
        }
    }

    fn found(&mut self, number: Option<u16>) {
        let echo = match self.remnant {
            Remnant::EchoOnly => Echo::Heard,
            Remnant::Silence | Remnant::Garbled => Echo::None,
        };
        let baud = self.baud;
        self.finish(Finding::Card { baud, number, echo });
    }

    fn finish(&mut self, finding: Finding) {
        self.stage = Stage::Over;
        self.outputs.push_back(Output::Finished(finding));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::virtual_board::{BoardSettings, VirtualBoard};

    /// What is at the far end, and at which rate it listens.
    struct World {
        board: VirtualBoard,
        baud: u32,
        adapter_echoes: Echo,
    }

    fn world(baud: u32) -> World {
        let settings = BoardSettings {
            address: 7,
            width_px: 64,
            height_px: 16,
            has_green: false,
        };
        World {
            board: VirtualBoard::new(settings),
            baud,
            adapter_echoes: Echo::None,
        }
    }

    fn over_serial() -> Discovery {
        Discovery::over_serial(BoardFamily::OnbonK).expect("a search")
    }

    #[test]
    fn a_family_that_finds_the_rate_itself_is_not_searched_for() {
        assert!(Discovery::over_serial(BoardFamily::Alpha).is_none());
    }

    /// Plays a search to its end; gives the rates that were tried, the time it took and the finding.
    fn play(mut search: Discovery, world: &mut World) -> (Vec<u32>, Duration, Finding) {
        let (mut now, mut wake_at, mut tried) = (Duration::ZERO, Duration::ZERO, Vec::new());
        loop {
            match search.poll() {
                Some(Output::OpenAt(baud)) => {
                    tried.push(baud);
                    search.handle(now, Input::Opened);
                }
                Some(Output::Send(bytes)) => {
                    if world.adapter_echoes == Echo::Heard {
                        search.handle(now, Input::Received(bytes.clone()));
                    }
                    if tried.last() == Some(&world.baud) {
                        let reply = world.board.receive(now, &bytes);
                        search.handle(now, Input::Received(reply));
                    }
                }
                Some(Output::WakeAt(at)) => wake_at = at,
                Some(Output::Finished(finding)) => return (tried, now, finding),
                None => {
                    now = wake_at;
                    search.handle(now, Input::Tick);
                }
            }
        }
    }

    #[test]
    fn a_card_is_found_at_either_rate_with_its_number() {
        for (baud, tried) in [(9_600, vec![9_600]), (57_600, vec![9_600, 57_600])] {
            let (rates, _, finding) = play(over_serial(), &mut world(baud));
            let (number, echo) = (Some(7), Echo::None);
            assert_eq!(
                (rates, finding),
                (tried, Finding::Card { baud, number, echo })
            );
        }
    }

    #[test]
    fn silence_is_a_fault_of_wiring_after_the_pair_twice_in_eight_seconds() {
        let (rates, took, finding) = play(over_serial(), &mut world(115_200));
        assert_eq!(
            (rates.as_slice(), took),
            (&[9_600, 57_600, 9_600, 57_600][..], Duration::from_secs(8))
        );
        let heard = Remnant::Silence;
        assert_eq!(finding, Finding::Nobody { heard });
    }

    #[test]
    fn an_adapter_that_only_echoes_is_told_apart_from_silence_and_does_not_count_as_a_card() {
        let mut line = world(115_200);
        line.adapter_echoes = Echo::Heard;
        let (_, _, finding) = play(over_serial(), &mut line);
        let heard = Remnant::EchoOnly;
        assert_eq!(finding, Finding::Nobody { heard });
        line.baud = 57_600;
        let (_, _, finding) = play(over_serial(), &mut line);
        assert!(
            matches!(
                finding,
                Finding::Card {
                    echo: Echo::Heard,
                    ..
                }
            ),
            "{finding:?}"
        );
    }

    #[test]
    fn bytes_that_are_no_frame_are_said_to_be_garbled() {
        let mut search = Discovery::over_tcp(BoardFamily::OnbonK).expect("a search");
        search.handle(Duration::ZERO, Input::Opened);
        search.handle(Duration::ZERO, Input::Received(vec![0xA5, 1, 2, 3, 0x5A]));
        search.handle(Duration::from_secs(2), Input::Tick);
        let finding = std::iter::from_fn(|| search.poll()).last();
        let heard = Remnant::Garbled;
        assert_eq!(finding, Some(Output::Finished(Finding::Nobody { heard })));
    }
}
