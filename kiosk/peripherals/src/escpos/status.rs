//! What a printer says of itself: the byte that answers `DLE EOT n` (sheet, "Real-time status").
//!
//! A byte that lacks the fixed bits is line noise or an unasked status and is refused. Bits that a
//! model gives another meaning are read so that **any** of a pair counts as set.

/// Bits that are the same in every answer.
const FIXED_MASK: u8 = 0x93;
/// What they are.
const FIXED: u8 = 0x12;

/// Which status is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Question {
    /// 1: printer.
    Printer,
    /// 2: why it is offline.
    Offline,
    /// 3: errors.
    Error,
    /// 4: paper.
    Paper,
}

impl Question {
    /// All of them, by number.
    pub const ALL: [Self; 4] = [Self::Printer, Self::Offline, Self::Error, Self::Paper];

    /// The n of `DLE EOT n`.
    #[must_use]
    pub fn number(self) -> u8 {
        self as u8 + 1
    }

    /// The question of that number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.number() == number)
    }
}

/// A condition that an answer tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// The connector of the drawer is high.
    DrawerPinHigh,
    /// Takes nothing.
    Offline,
    /// Somebody has to press a button.
    WaitsForRecovery,
    /// The feed button is down.
    FeedPressed,
    /// The cover is open.
    CoverOpen,
    /// Paper is being fed by the button.
    FedByButton,
    /// Printing has stopped at the paper's end.
    StoppedAtPaperEnd,
    /// Some error.
    Error,
    /// The black mark was not found.
    BlackMarkError,
    /// The knife.
    CutterError,
    /// One that does not go away.
    UnrecoverableError,
    /// One that goes away by itself: a hot head, a cover opened while printing.
    RecoverableError,
    /// The roll is nearly used up.
    PaperLow,
    /// There is no paper.
    PaperOut,
}

/// Bits of each answer with what any of them means.
const MEANINGS: &[(Question, u8, Condition)] = &[
    (Question::Printer, 0x04, Condition::DrawerPinHigh),
    (Question::Printer, 0x08, Condition::Offline),
    (Question::Printer, 0x20, Condition::WaitsForRecovery),
    (Question::Printer, 0x40, Condition::FeedPressed),
    (Question::Offline, 0x04, Condition::CoverOpen),
    (Question::Offline, 0x08, Condition::FedByButton),
    (Question::Offline, 0x20, Condition::StoppedAtPaperEnd),
    (Question::Offline, 0x40, Condition::Error),
    (Question::Error, 0x04, Condition::BlackMarkError),
    (Question::Error, 0x08, Condition::CutterError),
    (Question::Error, 0x20, Condition::UnrecoverableError),
    (Question::Error, 0x40, Condition::RecoverableError),
    (Question::Paper, 0x0C, Condition::PaperLow),
    (Question::Paper, 0x60, Condition::PaperOut),
];

impl Condition {
    /// What it is, for who looks after the machine.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::DrawerPinHigh => "钱箱信号为高",
            Self::Offline => "脱机",
            Self::WaitsForRecovery => "等人按恢复键",
            Self::FeedPressed => "走纸键按着",
            Self::CoverOpen => "盖子开着",
            Self::FedByButton => "正在用走纸键走纸",
            Self::StoppedAtPaperEnd => "纸尽，停止打印",
            Self::Error => "有错误",
            Self::BlackMarkError => "找不到黑标",
            Self::CutterError => "切刀错误",
            Self::UnrecoverableError => "不可恢复的错误",
            Self::RecoverableError => "会自己恢复的错误（打印头过热，或打印中开盖）",
            Self::PaperLow => "纸快用完",
            Self::PaperOut => "没有纸",
        }
    }
}

/// A byte that answers nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Byte {byte:02X} is no status: (b & 93h) is {:02X}h, expected 12h.", byte & FIXED_MASK)]
pub struct NotAStatus {
    /// The byte.
    pub byte: u8,
}

/// An answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status {
    question: Question,
    byte: u8,
}

impl Status {
    /// Reads the answer to a question.
    ///
    /// # Errors
    /// [`NotAStatus`] when the fixed bits are others.
    pub fn read(question: Question, byte: u8) -> Result<Self, NotAStatus> {
        if byte & FIXED_MASK == FIXED {
            Ok(Self { question, byte })
        } else {
            Err(NotAStatus { byte })
        }
    }

    /// The answer that tells these conditions; those of other questions are left out.
    #[must_use]
    pub fn telling(question: Question, conditions: &[Condition]) -> Self {
        let mine = MEANINGS
            .iter()
            .filter(|(of, _, what)| *of == question && conditions.contains(what));
        let byte = mine.fold(FIXED, |byte, (_, bits, _)| byte | bits);
        Self { question, byte }
    }

    /// As it is on the line.
    #[must_use]
    pub fn byte(self) -> u8 {
        self.byte
    }

    /// What it was asked.
    #[must_use]
    pub fn question(self) -> Question {
        self.question
    }

    /// Everything that an answer to its question can tell, and whether it does.
    pub fn told(self) -> impl Iterator<Item = (Condition, bool)> {
        let mine = MEANINGS.iter().filter(move |(of, ..)| *of == self.question);
        mine.map(move |(_, bits, what)| (*what, self.byte & bits != 0))
    }

    /// What it tells.
    pub fn conditions(self) -> impl Iterator<Item = Condition> {
        self.told()
            .filter(|(_, is_so)| *is_so)
            .map(|(what, _)| what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(question: Question, byte: u8) -> Vec<Condition> {
        Status::read(question, byte).unwrap().conditions().collect()
    }

    #[test]
    fn the_examples_of_the_sheet_mean_what_it_says() {
        use Condition::*;
        for question in Question::ALL {
            assert_eq!(told(question, 0x12), []);
        }
        assert_eq!(told(Question::Printer, 0x1A), [Offline]);
        assert_eq!(told(Question::Offline, 0x16), [CoverOpen]);
        assert_eq!(
            told(Question::Offline, 0x36),
            [CoverOpen, StoppedAtPaperEnd]
        );
        assert_eq!(told(Question::Paper, 0x1E), [PaperLow]);
        assert_eq!(told(Question::Paper, 0x7E), [PaperLow, PaperOut]);
        assert_eq!(told(Question::Paper, 0x72), [PaperOut]);
    }

    #[test]
    fn one_bit_of_a_pair_is_enough() {
        for byte in [0x16, 0x1A] {
            assert_eq!(told(Question::Paper, byte), [Condition::PaperLow]);
        }
        for byte in [0x32, 0x52] {
            assert_eq!(told(Question::Paper, byte), [Condition::PaperOut]);
        }
    }

    #[test]
    fn exactly_the_bytes_with_the_fixed_bits_are_answers_and_are_kept() {
        for question in Question::ALL {
            for byte in 0..=u8::MAX {
                let read = Status::read(question, byte);
                assert_eq!(read.is_ok(), byte & 0x93 == 0x12, "{byte:02X}");
                if let Ok(status) = read {
                    assert_eq!((status.byte(), status.question()), (byte, question));
                    let conditions: Vec<_> = status.conditions().collect();
                    let whole = Status::telling(question, &conditions);
                    assert_eq!(whole.conditions().collect::<Vec<_>>(), conditions);
                }
            }
        }
    }

    #[test]
    fn questions_have_the_numbers_one_to_four() {
        assert_eq!(Question::ALL.map(Question::number), [1, 2, 3, 4]);
        assert_eq!(Question::from_number(0), None);
        assert_eq!(Question::from_number(5), None);
    }
}
