//! Asking for a card, as a machine without port or clock: find every 400 ms, select, read.
//!
//! It speaks only while a page asks ([`Input::Ask`] to [`Input::Stop`]): a reader is never polled in the
//! background. A card that was read has to leave the field before it is found again, so who asks anew and
//! finds nothing is told to take the card away. Stray replies of an earlier command are passed over.
//! Moments are durations since the owner's own beginning.

use std::collections::VecDeque;
use std::time::Duration;

use thiserror::Error;

use super::card::Card;
use super::frame::{Decoder, Side};
use super::message::{Command, Remedy, Reply, StatusCode};

/// Between two finds (sheet: 300 to 500 ms).
const POLL_EVERY: Duration = Duration::from_millis(400);
/// Find and select.
const SHORT_WAIT: Duration = Duration::from_secs(1);
/// Reading: the card's own work, and 1295 bytes at 9600 baud.
const READ_WAIT: Duration = Duration::from_secs(3);
/// Unanswered commands in a row after which the reader counts as silent.
const SILENT_AFTER: u8 = 3;
/// Empty finds after a card was read, until it is said that it has to leave.
const STILL_THERE_AFTER: u8 = 4;

/// Why there is no card yet.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReadFault {
    /// There is no reader, or it was unplugged.
    #[error("读卡器没有接上。可以按“不刷证”继续，或者到窗口办。")]
    Absent,
    /// It is there and does not answer.
    #[error("读卡器没有回答。可以按“不刷证”继续，或者到窗口办。")]
    Silent,
    /// It needs somebody who looks after the machine.
    #[error("读卡器不能用。可以按“不刷证”继续，或者到窗口办。")]
    Unusable(StatusCode),
    /// Nobody put a card down in time.
    #[error("没有看到身份证。请把身份证平放到读卡区。")]
    NoCard,
    /// The card of before lies there still.
    #[error("请把身份证拿开，再放一次。")]
    StillThere,
    /// The card slipped or is another one; in the words of its status.
    #[error("{}", .0.sentence().unwrap_or_else(|| "身份证没有读出来。请拿开，再放一次。".to_owned()))]
    Card(StatusCode),
    /// What came from the card is not understood.
    #[error("身份证没有读准。请拿开，再平放到读卡区，等一会儿再拿走。")]
    Garbled,
    /// The virtual reader was given a card of somebody who could exist.
    #[error("{}", crate::virtual_reader::NotInvented)]
    NotInvented,
    /// A kind of card that is not known here.
    #[error("这种证件本机还不认识。请到窗口办。")]
    UnknownKind,
}

/// What happens.
#[derive(Debug, Clone, Copy)]
pub enum Input<'b> {
    /// A page asks for a card.
    Ask,
    /// It does not any more.
    Stop,
    /// Bytes came.
    Received(&'b [u8]),
    /// Time has passed.
    Woken,
}

/// What is to be done.
#[derive(Debug)]
pub enum Output {
    /// Put these bytes on the line.
    Send(Vec<u8>),
    /// Wake it then.
    WakeAt(Duration),
    /// A card was read. The machine asks no further.
    Card(Box<Card>),
    /// The person should be told; the machine goes on asking.
    Fault(ReadFault),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Idle,
    /// Between two finds.
    Pausing {
        until: Duration,
    },
    /// A command is out.
    Waiting {
        command: Command,
        until: Duration,
    },
}

/// The conversation.
#[derive(Debug)]
pub struct CardPoll {
    state: State,
    decoder: Decoder,
    outputs: VecDeque<Output>,
    unanswered: u8,
    /// Empty finds since the page asked, while the card of before may still lie there.
    since_read: Option<u8>,
}

impl Default for CardPoll {
    fn default() -> Self {
        Self::new()
    }
}

impl CardPoll {
    /// Nobody asks yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            state: State::Idle,
            decoder: Decoder::new(Side::Reader),
            outputs: VecDeque::new(),
            unanswered: 0,
            since_read: None,
        }
    }

    /// Takes what happened at a moment.
    pub fn handle(&mut self, now: Duration, input: Input<'_>) {
        match input {
            Input::Ask if self.state == State::Idle => {
                self.unanswered = 0;
                self.decoder.abandon();
                self.send(now, Command::FindCard);
            }
            Input::Ask => {}
            Input::Stop => self.stop(),
            Input::Received(bytes) => self.received(now, bytes),
            Input::Woken => self.woken(now),
        }
    }

    /// The next thing to do.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// Forgets everything: nothing of a card stays behind.
    fn stop(&mut self) {
        self.state = State::Idle;
        self.decoder.abandon();
        while self.decoder.take().is_some() {}
        self.outputs.clear();
    }

    fn send(&mut self, now: Duration, command: Command) {
        let wait = match command {
            Command::ReadCard => READ_WAIT,
            _ => SHORT_WAIT,
        };
        let until = now + wait;
        if let Some(frame) = command.frame() {
            self.outputs.push_back(Output::Send(frame.bytes().to_vec()));
        }
        self.outputs.push_back(Output::WakeAt(until));
        self.state = State::Waiting { command, until };
    }

    fn pause(&mut self, now: Duration) {
        let until = now + POLL_EVERY;
        self.outputs.push_back(Output::WakeAt(until));
        self.state = State::Pausing { until };
    }

    fn woken(&mut self, now: Duration) {
        match self.state {
            State::Pausing { until } if now >= until => self.send(now, Command::FindCard),
            State::Waiting { until, .. } if now >= until => {
                self.decoder.abandon();
                self.unanswered += 1;
                if self.unanswered >= SILENT_AFTER {
                    self.unanswered = 0;
                    self.outputs.push_back(Output::Fault(ReadFault::Silent));
                }
                self.pause(now);
            }
            _ => {}
        }
    }

    fn received(&mut self, now: Duration, bytes: &[u8]) {
        self.decoder.push(bytes);
        while let Some(outcome) = self.decoder.take() {
            let State::Waiting { command, .. } = self.state else {
                continue;
            };
            // A broken frame is noise until the time is over.
            let Ok(frame) = outcome else { continue };
            if let Some(reply) = Reply::read(frame.body()) {
                self.replied(now, command, &reply);
            }
        }
    }

    fn replied(&mut self, now: Duration, command: Command, reply: &Reply<'_>) {
        let is_stray = match (command, reply.status) {
            // A find or a select that was given up, answered late.
            (Command::SelectCard | Command::ReadCard, StatusCode::CardFound) => true,
            (Command::ReadCard, StatusCode::Done) => reply.data.0.len() <= 8,
            (Command::FindCard, StatusCode::Done) => true,
            _ => false,
        };
        if is_stray {
            return;
        }
        self.unanswered = 0;
        match (command, reply.status) {
            (Command::FindCard, StatusCode::CardFound) => self.send(now, Command::SelectCard),
            (Command::SelectCard, StatusCode::Done) => self.send(now, Command::ReadCard),
            (Command::ReadCard, StatusCode::Done) => self.read(now, reply),
            (Command::FindCard, StatusCode::NoCard) => self.nothing_there(now),
            (_, status) => {
                self.refused(status);
                self.pause(now);
            }
        }
    }

    fn read(&mut self, now: Duration, reply: &Reply<'_>) {
        match Card::from_reply(reply.data.0) {
            Ok(card) => {
                self.state = State::Idle;
                self.since_read = Some(0);
                self.outputs.push_back(Output::Card(Box::new(card)));
            }
            Err(fault) => {
                let fault = match fault {
                    super::card::CardFault::UnknownKind(_) => ReadFault::UnknownKind,
                    _ => ReadFault::Garbled,
                };
                self.outputs.push_back(Output::Fault(fault));
                self.pause(now);
            }
        }
    }

    fn nothing_there(&mut self, now: Duration) {
        if let Some(empty) = &mut self.since_read {
            *empty += 1;
            if *empty == STILL_THERE_AFTER {
                self.since_read = None;
                self.outputs.push_back(Output::Fault(ReadFault::StillThere));
            }
        }
        self.pause(now);
    }

    fn refused(&mut self, status: StatusCode) {
        let fault = match status.remedy() {
            Remedy::None | Remedy::Again => return,
            Remedy::PutDownAgain | Remedy::OtherCard => ReadFault::Card(status),
            Remedy::Maintenance => ReadFault::Unusable(status),
        };
        self.outputs.push_back(Output::Fault(fault));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::idcard::frame::Frame;
    use crate::idcard::worked::invented;

    const fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    fn bytes(body: &[u8]) -> Vec<u8> {
        Frame::of(body).bytes().to_vec()
    }

    fn reply_with_card() -> Vec<u8> {
        let mut body = vec![0, 0, 0x90, 1, 0, 4, 0];
        body.extend_from_slice(&invented().to_text());
        body.resize(7 + 256 + 1024, 0);
        bytes(&body)
    }

    fn outputs(poll: &mut CardPoll) -> Vec<Output> {
        std::iter::from_fn(|| poll.poll()).collect()
    }

    /// Commands sent, and faults, of these outputs.
    fn told(poll: &mut CardPoll) -> (Vec<Vec<u8>>, Vec<ReadFault>) {
        let (mut sent, mut faults) = (Vec::new(), Vec::new());
        for output in outputs(poll) {
            match output {
                Output::Send(bytes) => sent.push(bytes[7..9].to_vec()),
                Output::Fault(fault) => faults.push(fault),
                Output::WakeAt(_) | Output::Card(_) => {}
            }
        }
        (sent, faults)
    }

    /// Asks, and lets the reader answer each command by this rule.
    fn asked(poll: &mut CardPoll, answer: &[u8]) -> (Vec<Vec<u8>>, Vec<ReadFault>) {
        poll.handle(ms(0), Input::Ask);
        let _ = outputs(poll);
        poll.handle(ms(10), Input::Received(answer));
        told(poll)
    }

    #[test]
    fn a_card_is_found_selected_and_read_and_then_nothing_is_asked() {
        let mut poll = CardPoll::new();
        assert!(outputs(&mut poll).is_empty(), "nobody asks");
        poll.handle(ms(0), Input::Ask);
        assert_eq!(told(&mut poll).0, [[0x20, 0x01]]);
        poll.handle(ms(5), Input::Received(&bytes(&[0, 0, 0x9F, 0, 0, 0, 0])));
        assert_eq!(told(&mut poll).0, [[0x20, 0x02]]);
        poll.handle(
            ms(9),
            Input::Received(&bytes(&[0, 0, 0x90, 0, 0, 0, 0, 0, 0, 0, 0])),
        );
        assert_eq!(told(&mut poll).0, [[0x30, 0x01]]);
        for part in reply_with_card().chunks(100) {
            poll.handle(ms(900), Input::Received(part));
        }
        let [Output::Card(card)] = &outputs(&mut poll)[..] else {
            panic!("a card");
        };
        assert!(**card == invented());
        poll.handle(ms(9_000), Input::Woken);
        assert!(outputs(&mut poll).is_empty(), "the page has its card");
    }

    #[test]
    fn without_a_card_it_is_looked_for_every_400_ms_until_the_page_stops() {
        let mut poll = CardPoll::new();
        let no_card = bytes(&[0, 0, 0x80]);
        assert_eq!(asked(&mut poll, &no_card), (vec![], vec![]));
        poll.handle(ms(409), Input::Woken);
        assert_eq!(told(&mut poll).0.len(), 0);
        poll.handle(ms(410), Input::Woken);
        assert_eq!(told(&mut poll).0, [[0x20, 0x01]]);
        poll.handle(ms(420), Input::Stop);
        poll.handle(ms(430), Input::Received(&no_card));
        poll.handle(ms(9_000), Input::Woken);
        assert!(outputs(&mut poll).is_empty());
    }

    #[test]
    fn a_card_that_lies_there_still_has_to_leave_first() {
        let mut poll = CardPoll::new();
        poll.since_read = Some(0);
        let (no_card, mut now) = (bytes(&[0, 0, 0x80]), ms(0));
        poll.handle(now, Input::Ask);
        let mut faults = Vec::new();
        for _ in 0..8 {
            poll.handle(now, Input::Received(&no_card));
            now += ms(400);
            poll.handle(now, Input::Woken);
            faults.extend(told(&mut poll).1);
        }
        assert_eq!(faults, [ReadFault::StillThere], "said once");
    }

    #[test]
    fn each_refusal_is_told_by_who_can_do_something_about_it() {
        let fault = |status: u8| asked(&mut CardPoll::new(), &bytes(&[0, 0, status])).1;
        for status in [0x41, 0x81, 0x31, 0x40, 0x33] {
            let expected = ReadFault::Card(StatusCode::from_byte(status));
            assert_eq!(fault(status), [expected]);
        }
        for status in [0x60, 0x66, 0x21, 0xEE] {
            assert!(matches!(fault(status)[..], [ReadFault::Unusable(_)]));
        }
        assert_eq!(fault(0x10), [], "noise: asked again, nobody is told");
    }

    #[test]
    fn a_reader_that_answers_nothing_three_times_is_silent() {
        let mut poll = CardPoll::new();
        poll.handle(ms(0), Input::Ask);
        let (mut now, mut faults) = (ms(0), Vec::new());
        for _ in 0..6 {
            now += ms(1_000);
            poll.handle(now, Input::Woken);
            faults.push(told(&mut poll).1.len());
            now += ms(400);
            poll.handle(now, Input::Woken);
        }
        assert_eq!(faults, [0, 0, 1, 0, 0, 1]);
    }

    #[test]
    fn strays_garbage_and_half_a_frame_are_passed_over() {
        let mut poll = CardPoll::new();
        let found = bytes(&[0, 0, 0x9F, 0, 0, 0, 0]);
        asked(&mut poll, &found);
        // select is out: the find is answered once more, then noise, then a broken frame
        let mut broken = found.clone();
        broken[9] ^= 1;
        for bytes in [&found[..], &[0xAA; 50], &broken, &found[..6]] {
            poll.handle(ms(20), Input::Received(bytes));
            assert_eq!(told(&mut poll), (vec![], vec![]));
        }
        poll.handle(ms(1_100), Input::Woken);
        poll.handle(ms(1_600), Input::Woken);
        assert_eq!(told(&mut poll).0, [[0x20, 0x01]], "from the beginning");
    }

    #[test]
    fn a_card_that_is_not_understood_is_told_and_asked_for_again() {
        let mut poll = CardPoll::new();
        asked(&mut poll, &bytes(&[0, 0, 0x9F, 0, 0, 0, 0]));
        poll.handle(
            ms(20),
            Input::Received(&bytes(&[0, 0, 0x90, 0, 0, 0, 0, 0, 0, 0, 0])),
        );
        let _ = outputs(&mut poll);
        let mut unknown = vec![0, 0, 0x90, 1, 0, 0, 0];
        let mut text = invented().to_text();
        text[248] = b'Y';
        unknown.extend_from_slice(&text);
        poll.handle(ms(30), Input::Received(&bytes(&unknown)));
        assert_eq!(told(&mut poll).1, [ReadFault::UnknownKind]);
        poll.handle(ms(500), Input::Woken);
        assert_eq!(told(&mut poll).0, [[0x20, 0x01]]);
    }
}
