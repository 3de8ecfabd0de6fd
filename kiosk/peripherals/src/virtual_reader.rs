//! A card reader without hardware: the bytes of the sheet, with cards of nobody.
//!
//! It finds, selects and reads in this order only; a card that was read is not found again before it has
//! been taken away, as on a real one. It takes cards of area 999999 and no others, so that nobody's card
//! can ever be in it. Pure: moments are arguments; [`crate::twin`] puts it at the end of a line.

use std::collections::VecDeque;
use std::time::Duration;

use crate::idcard::card::Card;
use crate::idcard::frame::{Decoder, Frame, Side};
use crate::idcard::message::Command;
use crate::twin::Twin;

const INVENTED_AREA: &str = "999999";
/// Bytes of a photo, all zero here.
const PHOTO_BYTES: usize = 1_024;
/// How long a find or a select takes.
const SHORT: Duration = Duration::from_millis(20);
/// How long reading takes (sheet: 1 to 1.5 s).
const READING: Duration = Duration::from_millis(900);

/// How a reader is unwell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mood {
    /// Well.
    #[default]
    Well,
    /// Answers nothing.
    Mute,
    /// Takes so much longer for everything.
    Slow(Duration),
    /// Answers with bytes that are no frame.
    Babbling,
    /// Reads, and one bit on the way is wrong.
    Noisy,
    /// Answers every command with this SW3.
    Refusing(u8),
}

/// The card is of somebody who could exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("虚拟读卡器只读虚构的人（号码以 {INVENTED_AREA} 开头）。")]
pub struct NotInvented;

/// A reader.
#[derive(Debug)]
pub struct VirtualReader {
    /// How it is unwell; touch it at any time.
    pub mood: Mood,
    card: Option<Card>,
    is_found: bool,
    is_selected: bool,
    was_read: bool,
    decoder: Decoder,
    answers: VecDeque<(Duration, Vec<u8>)>,
}

impl Default for VirtualReader {
    fn default() -> Self {
        Self::new()
    }
}

impl VirtualReader {
    /// A well one without a card on it.
    #[must_use]
    pub fn new() -> Self {
        Self {
            mood: Mood::Well,
            card: None,
            is_found: false,
            is_selected: false,
            was_read: false,
            decoder: Decoder::new(Side::Host),
            answers: VecDeque::new(),
        }
    }

    /// Puts a card down.
    ///
    /// # Errors
    /// [`NotInvented`]; nothing lies on it then.
    pub fn put(&mut self, card: Card) -> Result<(), NotInvented> {
        self.take_away();
        if !card.number.expose().starts_with(INVENTED_AREA) {
            return Err(NotInvented);
        }
        self.card = Some(card);
        Ok(())
    }

    /// Takes the card away.
    pub fn take_away(&mut self) {
        self.card = None;
        self.is_found = false;
        self.is_selected = false;
        self.was_read = false;
    }

    /// Status and data of the answer, and how long it takes.
    fn obey(&mut self, command: Option<Command>) -> (Vec<u8>, Duration) {
        let only = |status: u8| (vec![0, 0, status], SHORT);
        if let Mood::Refusing(status) = self.mood {
            return only(status);
        }
        match command {
            Some(Command::FindCard) => {
                self.is_found = self.card.is_some() && !self.was_read;
                self.is_selected = false;
                if self.is_found {
                    (vec![0, 0, 0x9F, 0, 0, 0, 0], SHORT)
                } else {
                    only(0x80)
                }
            }
            Some(Command::SelectCard) if self.is_found => {
                self.is_selected = true;
                let mut body = vec![0, 0, 0x90];
                body.resize(11, 0);
                (body, SHORT)
            }
            Some(Command::SelectCard) => only(0x81),
            Some(Command::ReadCard) => self.read(),
            Some(Command::ReadModuleNumber) => (vec![0, 0, 0x90, 5, 3], SHORT),
            Some(Command::ReadNewAddress) => only(0x91),
            Some(_) => only(0x90),
            None => only(0x21),
        }
    }

    fn read(&mut self) -> (Vec<u8>, Duration) {
        match &self.card {
            Some(card) if self.is_selected => {
                self.was_read = true;
                self.is_selected = false;
                let mut body = vec![0, 0, 0x90, 1, 0, 4, 0];
                body.extend_from_slice(&card.to_text());
                body.resize(body.len() + PHOTO_BYTES, 0);
                (body, READING)
            }
            _ => (vec![0, 0, 0x41], SHORT),
        }
    }

    fn answer(&mut self, now: Duration, body: &[u8]) {
        let (body, mut takes) = self.obey(Command::read(body));
        let mut bytes = Frame::of(&body).bytes().to_vec();
        match self.mood {
            Mood::Mute => return,
            Mood::Slow(by) => takes += by,
            Mood::Babbling => bytes.iter_mut().for_each(|byte| *byte ^= 0x5A),
            Mood::Noisy => {
                let middle = bytes.len() / 2;
                bytes[middle] ^= 0x10;
            }
            Mood::Well | Mood::Refusing(_) => {}
        }
        self.answers.push_back((now + takes, bytes));
    }
}

impl Twin for VirtualReader {
    fn receive(&mut self, now: Duration, bytes: &[u8]) {
        self.decoder.push(bytes);
        while let Some(outcome) = self.decoder.take() {
            match outcome {
                Ok(frame) => self.answer(now, frame.body()),
                Err(_) => {
                    let wrong = Frame::of(&[0, 0, 0x10]).bytes().to_vec();
                    self.answers.push_back((now + SHORT, wrong));
                }
            }
        }
    }

    fn answers(&mut self, now: Duration) -> Vec<u8> {
        let due = self.answers.iter().filter(|(at, _)| *at <= now).count();
        self.answers
            .drain(..due)
            .flat_map(|(_, bytes)| bytes)
            .collect()
    }

    fn next_answer(&self) -> Option<Duration> {
        self.answers.front().map(|(at, _)| *at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::idcard::card::Secret;
    use crate::idcard::invented;

    fn ask(reader: &mut VirtualReader, command: Command) -> Vec<u8> {
        reader.receive(Duration::ZERO, &command.frame().unwrap().bytes());
        let bytes = reader.answers(Duration::from_secs(5));
        Frame::read(&bytes, Side::Reader).unwrap().body().to_vec()
    }

    #[test]
    fn a_card_is_read_once_and_again_only_after_it_was_taken_away() {
        let mut reader = VirtualReader::new();
        assert_eq!(ask(&mut reader, Command::FindCard), [0, 0, 0x80]);
        for _ in 0..2 {
            reader.put(invented()).unwrap();
            assert_eq!(ask(&mut reader, Command::FindCard)[2], 0x9F);
            assert_eq!(ask(&mut reader, Command::SelectCard).len(), 11);
            let reply = ask(&mut reader, Command::ReadCard);
            assert!(Card::from_reply(&reply[3..]).unwrap() == invented());
            assert_eq!(ask(&mut reader, Command::FindCard), [0, 0, 0x80]);
        }
    }

    #[test]
    fn out_of_order_nothing_is_read() {
        let mut reader = VirtualReader::new();
        reader.put(invented()).unwrap();
        assert_eq!(ask(&mut reader, Command::ReadCard), [0, 0, 0x41]);
        assert_eq!(ask(&mut reader, Command::SelectCard), [0, 0, 0x81]);
    }

    #[test]
    fn nobody_who_could_exist_gets_onto_it() {
        let mut reader = VirtualReader::new();
        let mut card = invented();
        card.number = Secret::new("110101190001010015".to_owned());
        assert_eq!(reader.put(card), Err(NotInvented));
        assert_eq!(ask(&mut reader, Command::FindCard), [0, 0, 0x80]);
    }
}
