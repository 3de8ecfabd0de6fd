//! What the hall hears: the words of a call, and the order in which calls are said. One sentence at
//! a time; the next begins when the one before has ended. No sound is made here and no time passes.

use std::collections::VecDeque;

use domain::id::WindowNo;
use domain::queue::TicketLabel;

/// How often each call is said (kiosk flows §3).
const SAYINGS: u8 = 2;
/// Calls that may wait for their turn, some four minutes of speech. Beyond it the oldest is left
/// out: it stands on the glass, and the window calls again.
const WAITING_MAX: usize = 32;

/// The calls that are being said and will be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Voice {
    saying: Option<Announcement>,
    waiting: VecDeque<Announcement>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Announcement {
    sentence: String,
    left: u8,
}

impl Voice {
    /// A number was called, for the first time or again: what is to be said at once, if anything.
    pub fn called(&mut self, label: &TicketLabel, window: WindowNo) -> Option<String> {
        if self.waiting.len() == WAITING_MAX {
            self.waiting.pop_front();
        }
        self.waiting.push_back(Announcement {
            sentence: sentence(label, window),
            left: SAYINGS,
        });
        match self.saying {
            Some(_) => None,
            None => self.next(),
        }
    }

    /// The sentence has ended: what is to be said now, if anything.
    pub fn said(&mut self) -> Option<String> {
        self.next()
    }

    fn next(&mut self) -> Option<String> {
        let current = self.saying.take().filter(|current| current.left > 0);
        let mut current = current.or_else(|| self.waiting.pop_front())?;
        current.left -= 1;
        let sentence = current.sentence.clone();
        self.saying = Some(current);
        Some(sentence)
    }
}

/// `请A零二五号，到三号窗口`
#[must_use]
pub fn sentence(label: &TicketLabel, window: WindowNo) -> String {
    format!("请{}号，到{}号窗口", number(label), counted(window.get()))
}

/// A lane's number has three parts, with a breath between them: `A，K二，零零一`.
fn number(label: &TicketLabel) -> String {
    match label {
        TicketLabel::Assigned { prefix, number } => {
            format!("{prefix}{}", one_by_one(&format!("{number:03}")))
        }
        TicketLabel::Lane {
            prefix,
            lane,
            number,
        } => {
            let lane = one_by_one(&lane.to_string());
            format!("{prefix}，{lane}，{}", one_by_one(&format!("{number:03}")))
        }
    }
}

const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/// Each digit by its name; what is no digit stays.
fn one_by_one(text: &str) -> String {
    let name = |letter: char| {
        let digit = letter.to_digit(10).and_then(|it| usize::try_from(it).ok());
        digit.map_or(letter, |digit| DIGITS[digit])
    };
    text.chars().map(name).collect()
}

/// A number below a hundred as it is counted: 三, 十二, 二十.
fn counted(number: u8) -> String {
    let digit = |digit: u8| DIGITS[usize::from(digit % 10)].to_string();
    let (tens, ones) = (number / 10, number % 10);
    let tens = match tens {
        0 => return digit(ones),
        1 => "十".to_owned(),
        _ => format!("{}十", digit(tens)),
    };
    match ones {
        0 => tens,
        _ => tens + &digit(ones),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(number: u8) -> WindowNo {
        WindowNo::new(number).unwrap()
    }

    fn label(text: &str) -> TicketLabel {
        text.parse().unwrap()
    }

    fn check(text: &str, number: u8, expected: &str) {
        assert_eq!(sentence(&label(text), window(number)), expected);
    }

    #[test]
    fn digits_of_a_ticket_are_read_one_by_one_and_a_window_is_counted() {
        check("A025", 3, "请A零二五号，到三号窗口");
        check("V004", 12, "请V零零四号，到十二号窗口");
        check("B110", 20, "请B一一零号，到二十号窗口");
        check("C987", 10, "请C九八七号，到十号窗口");
        check("A1203", 99, "请A一二零三号，到九十九号窗口");
        check("A-K2-001", 3, "请A，K二，零零一号，到三号窗口");
        check("V-K12-036", 21, "请V，K一二，零三六号，到二十一号窗口");
    }

    /// Says everything that there is to say.
    fn all(voice: &mut Voice, first: Option<String>) -> Vec<String> {
        let mut heard: Vec<String> = first.into_iter().collect();
        heard.extend(std::iter::from_fn(|| voice.said()));
        heard
    }

    #[test]
    fn a_call_is_said_twice_and_then_there_is_silence() {
        let mut voice = Voice::default();
        let first = voice.called(&label("A025"), window(3));
        let once = "请A零二五号，到三号窗口";
        assert_eq!(all(&mut voice, first), [once, once]);
        assert_eq!(voice, Voice::default());
    }

    #[test]
    fn calls_that_come_together_are_said_one_after_another() {
        let mut voice = Voice::default();
        let first = voice.called(&label("A025"), window(3));
        assert!(first.is_some());
        assert_eq!(voice.called(&label("B010"), window(5)), None);
        assert_eq!(voice.called(&label("A026"), window(1)), None);
        let (a, b) = ("请A零二五号，到三号窗口", "请B零一零号，到五号窗口");
        let c = "请A零二六号，到一号窗口";
        assert_eq!(all(&mut voice, first), [a, a, b, b, c, c]);
    }

    #[test]
    fn a_repeated_call_is_said_again() {
        let mut voice = Voice::default();
        let first = voice.called(&label("A025"), window(3));
        assert_eq!(voice.called(&label("A025"), window(3)), None);
        assert_eq!(all(&mut voice, first).len(), 4);
        assert!(voice.called(&label("A025"), window(3)).is_some());
    }

    #[test]
    fn too_many_waiting_calls_leave_out_the_oldest() {
        let mut voice = Voice::default();
        let first = voice.called(&label("A001"), window(1));
        for number in 2..=34 {
            voice.called(&label(&format!("A{number:03}")), window(1));
        }
        let heard = all(&mut voice, first);
        assert_eq!(heard.len(), 2 + 2 * WAITING_MAX);
        assert!(heard[2].contains("零零三"), "{}", heard[2]);
    }
}
