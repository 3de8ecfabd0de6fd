//! A bus on a virtual clock: the link, a line that takes time and may be bad, cards and signs.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};

use super::{BoardLine, FailureReason, Input, Link, LinkEvent, Order, Output, Timing, Urgency};
use crate::codec::alpha::address::{OwnAddress, SignType};
use crate::codec::{Ask, BoardFamily, Face, Speech, Talk};
use crate::content::{
    Align, AreaContent, AreaId, AreaRect, BoardId, Colour, GlyphSize, Line, Motion,
};
use crate::moment::Moment;
use crate::virtual_board::{
    AlphaVersion, BoardSettings, Pacer, SignSettings, VirtualBoard, VirtualSign,
};

const SIGN_BAUD: u32 = 9_600;
const BAUD: u32 = 57_600;
const FACE: Face = Face {
    width_px: 192,
    height_px: 16,
};

pub(super) fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

pub(super) fn id(address: u16) -> BoardId {
    BoardId(format!("b{address}"))
}

pub(super) fn content(text: &str) -> AreaContent {
    AreaContent {
        area: AreaId(0),
        rect: AreaRect {
            x_px: 0,
            y_px: 0,
            width_px: 192,
            height_px: 16,
        },
        size: GlyphSize::Px16,
        lines: vec![Line::of(Colour::Red, text)],
        align: Align::Left,
        motion: Motion::Still,
    }
}

/// A reply, if these bytes get another one than the boards'.
type Instead = fn(&[u8]) -> Option<Vec<u8>>;

/// Link, line and cards under one virtual clock.
pub(super) struct Bench {
    pub(super) link: Link,
    pub(super) cards: BTreeMap<u16, VirtualBoard>,
    pub(super) signs: BTreeMap<u16, VirtualSign>,
    /// What the line does to bytes on their way, in either direction.
    pub(super) noise: Option<Noise>,
    /// Bytes sent so far.
    pub(super) sent_bytes: usize,
    pacer: Pacer,
    pub(super) now: Duration,
    wake_at: Option<Duration>,
    /// Bytes on the way to the host, by arrival.
    pub(super) inbound: Vec<(Duration, Vec<u8>)>,
    pub(super) echoes: bool,
    /// What somebody says whenever anybody is spoken to, before anybody answers.
    pub(super) babble: Option<fn() -> Vec<u8>>,
    /// How long every board thinks before it answers.
    pub(super) thinks: Duration,
    /// What comes back in place of what the boards say to these bytes.
    pub(super) instead: Option<Instead>,
    pub(super) events: Vec<(Duration, LinkEvent)>,
}

impl Bench {
    pub(super) fn new(addresses: &[u16]) -> Self {
        Self::at(BAUD, addresses)
    }

    /// Cards of 192 × 16 dots on a line of that rate.
    pub(super) fn at(baud: u32, addresses: &[u16]) -> Self {
        let line = |&address: &u16| BoardLine {
            id: id(address),
            speech: Speech::usual(BoardFamily::OnbonK, FACE),
            address,
        };
        let card = |&address: &u16| {
            let settings = BoardSettings {
                address,
                width_px: 192,
                height_px: 16,
                has_green: true,
            };
            (address, VirtualBoard::new(settings))
        };
        let lines = addresses.iter().map(line).collect();
        Self::of(
            baud,
            lines,
            addresses.iter().map(card).collect(),
            BTreeMap::new(),
        )
    }

    /// Signs of 192 × 16 dots on a line of their own, just unpacked.
    pub(super) fn of_signs(talks: &[Talk]) -> Self {
        let numbered = || (1..).zip(talks);
        let line = |(address, &talk): (u16, &Talk)| BoardLine {
            id: id(address),
            speech: Speech {
                talk,
                ..Speech::usual(BoardFamily::Alpha, FACE)
            },
            address,
        };
        let sign = |(address, &talk): (u16, &Talk)| (address, unpacked(address, talk));
        Self::of(
            SIGN_BAUD,
            numbered().map(line).collect(),
            BTreeMap::new(),
            numbered().map(sign).collect(),
        )
    }

    fn of(
        baud: u32,
        lines: Vec<BoardLine>,
        cards: BTreeMap<u16, VirtualBoard>,
        signs: BTreeMap<u16, VirtualSign>,
    ) -> Self {
        Self {
            link: Link::new(Timing::at(baud), lines),
            cards,
            signs,
            noise: None,
            sent_bytes: 0,
            pacer: Pacer::new(baud),
            now: Duration::ZERO,
            wake_at: None,
            inbound: Vec::new(),
            echoes: false,
            instead: None,
            babble: None,
            thinks: Duration::ZERO,
            events: Vec::new(),
        }
    }

    pub(super) fn open(addresses: &[u16]) -> Self {
        let mut bench = Self::new(addresses);
        bench.feed(Input::PortOpened);
        bench
    }

    pub(super) fn wall(&self) -> NaiveDateTime {
        let start = NaiveDate::from_ymd_opt(2026, 3, 9)
            .expect("a date")
            .and_time(chrono::NaiveTime::MIN);
        start + TimeDelta::from_std(self.now).expect("a short time")
    }

    pub(super) fn feed(&mut self, input: Input) {
        let moment = Moment {
            since_start: self.now,
            wall: self.wall(),
        };
        self.link.handle(moment, input);
        while let Some(output) = self.link.poll() {
            match output {
                Output::Send(bytes) => self.carry(&bytes),
                Output::WakeAt(at) => self.wake_at = Some(at),
                Output::Event(event) => self.events.push((self.now, event)),
            }
        }
    }

    fn carry(&mut self, bytes: &[u8]) {
        self.sent_bytes += bytes.len();
        let there = self.pacer.admit(self.now, bytes.len());
        if self.echoes {
            self.inbound.push((there, bytes.to_vec()));
        }
        if let Some(babble) = self.babble {
            let babble = babble();
            let back = self.pacer.admit(there, babble.len());
            self.inbound.push((back, babble));
        }
        if let Some(reply) = self.instead.and_then(|instead| instead(bytes)) {
            let back = self.pacer.admit(there, reply.len());
            return self.inbound.push((back, reply));
        }
        let bytes = self.disturbed(bytes);
        let cards = self
            .cards
            .values_mut()
            .map(|card| card.receive(there, &bytes));
        let mut replies: Vec<Vec<u8>> = cards.collect();
        let signs = self.signs.values_mut();
        replies.extend(signs.map(|sign| sign.receive(there, &bytes)));
        for reply in replies.into_iter().filter(|reply| !reply.is_empty()) {
            let back = self.pacer.admit(there + self.thinks, reply.len());
            let reply = self.disturbed(&reply);
            self.inbound.push((back, reply));
        }
        self.inbound.sort_by_key(|(at, _)| *at);
    }

    fn disturbed(&mut self, bytes: &[u8]) -> Vec<u8> {
        match &mut self.noise {
            Some(noise) => noise.disturb(bytes),
            None => bytes.to_vec(),
        }
    }

    pub(super) fn run(&mut self, duration: Duration) {
        let end = self.now + duration;
        loop {
            let arrival = self.inbound.first().map(|(at, _)| *at);
            let next = [arrival, self.wake_at]
                .into_iter()
                .flatten()
                .min()
                .unwrap_or(end);
            if next > end {
                break;
            }
            self.now = self.now.max(next);
            if arrival == Some(next) {
                let (_, bytes) = self.inbound.remove(0);
                self.feed(Input::Received(bytes));
            } else if self.wake_at.take().is_some() {
                self.feed(Input::Tick);
            } else {
                break;
            }
        }
        self.now = end;
    }

    /// Orders these texts, each in an area of its own, and nothing else on the board.
    pub(super) fn compose(&mut self, address: u16, texts: &[(u8, &str)], urgency: Urgency) {
        let content = |&(area, text): &(u8, &str)| AreaContent {
            area: AreaId(area),
            ..content(text)
        };
        let contents = texts.iter().map(|text| (content(text), urgency));
        self.feed(Input::Submit {
            board: id(address),
            order: Order::Compose(contents.collect()),
        });
    }

    pub(super) fn show(&mut self, address: u16, text: &str, urgency: Urgency) {
        let order = Order::Show(content(text), urgency);
        self.feed(Input::Submit {
            board: id(address),
            order,
        });
    }

    pub(super) fn card(&mut self, address: u16) -> &mut VirtualBoard {
        self.cards.get_mut(&address).expect("a card of this bench")
    }

    pub(super) fn text_on(&self, address: u16) -> Option<String> {
        let state = self.cards[&address].state(self.now);
        let text = state.areas.get(&0)?;
        Some(text.trim_start_matches(r"\FO000\FE000\C1").to_owned())
    }

    pub(super) fn times(&self, wanted: impl Fn(&LinkEvent) -> bool) -> Vec<Duration> {
        self.events
            .iter()
            .filter(|(_, event)| wanted(event))
            .map(|(at, _)| *at)
            .collect()
    }

    /// When something to show was sent, to any board.
    pub(super) fn shows_sent(&self) -> Vec<Duration> {
        self.times(|event| {
            matches!(
                event,
                LinkEvent::Sent {
                    ask: Ask::Show(_),
                    ..
                }
            )
        })
    }

    pub(super) fn sent_texts(&self) -> Vec<String> {
        let sent = self.events.iter().filter_map(|(_, event)| match event {
            LinkEvent::Sent { ask, .. } => ask.shown().map(AreaContent::text),
            _ => None,
        });
        sent.collect()
    }

    pub(super) fn failures(&self) -> Vec<FailureReason> {
        let failed = self.events.iter().filter_map(|(_, event)| match event {
            LinkEvent::Failed { reason, .. } => Some(*reason),
            _ => None,
        });
        failed.collect()
    }
}

/// A sign of 192 × 16 dots as it comes out of its box.
pub(super) fn unpacked(address: u16, talk: Talk) -> VirtualSign {
    VirtualSign::new(SignSettings {
        sign_type: SignType::BetaBrite,
        address: OwnAddress(u8::try_from(address).expect("an address of a sign")),
        width_px: 192,
        height_px: 16,
        version: match talk {
            Talk::Acknowledges => AlphaVersion::TwoOrThree,
            Talk::Mute | Talk::AnswersReads => AlphaVersion::One,
        },
    })
}

/// How bad a line is.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Badness {
    /// Of ten thousand bytes so many have one bit flipped.
    pub(super) flipped: u64,
    /// Of ten thousand bytes so many vanish.
    pub(super) dropped: u64,
    /// Of ten thousand bytes so many come twice.
    pub(super) doubled: u64,
    /// Of a hundred transmissions so many are lost whole.
    pub(super) lost_percent: u64,
}

/// Bytes flipped, dropped and doubled, always the same for a seed.
pub(super) struct Noise {
    state: u64,
    badness: Badness,
}

impl Noise {
    pub(super) fn new(seed: u64, badness: Badness) -> Self {
        Self {
            state: seed.max(1),
            badness,
        }
    }

    /// xorshift64.
    pub(super) fn draw(&mut self, below: u64) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state % below
    }

    fn disturb(&mut self, bytes: &[u8]) -> Vec<u8> {
        let Badness {
            flipped,
            dropped,
            doubled,
            lost_percent,
        } = self.badness;
        if self.draw(100) < lost_percent {
            return Vec::new();
        }
        let mut arrived = Vec::with_capacity(bytes.len());
        for &byte in bytes {
            let drawn = self.draw(10_000);
            if drawn < flipped {
                arrived.push(byte ^ (1 << self.draw(8)));
            } else if drawn < flipped + dropped {
                continue;
            } else if drawn < flipped + dropped + doubled {
                arrived.extend([byte, byte]);
            } else {
                arrived.push(byte);
            }
        }
        arrived
    }
}
