//! What a frame says: commands of the host, and status codes of the reader with a sentence where
//! somebody can do something about it.

use super::frame::Frame;

/// A command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// `10 FF`.
    ResetModule,
    /// `11 FF`.
    AskState,
    /// `12 FF`.
    ReadModuleNumber,
    /// `20 01`.
    FindCard,
    /// `20 02`.
    SelectCard,
    /// `30 01`: text and photo.
    ReadCard,
    /// `30 10`: text, photo and fingerprint.
    ReadCardWithFingerprint,
    /// `30 03`: the address that was added later.
    ReadNewAddress,
    /// `60 n`: another baud rate.
    SetBaud,
    /// `61 FF n`: largest block over the air.
    SetBlockSize,
}

impl Command {
    const FIXED: &[(Self, [u8; 2])] = &[
        (Self::ResetModule, [0x10, 0xFF]),
        (Self::AskState, [0x11, 0xFF]),
        (Self::ReadModuleNumber, [0x12, 0xFF]),
        (Self::FindCard, [0x20, 0x01]),
        (Self::SelectCard, [0x20, 0x02]),
        (Self::ReadCard, [0x30, 0x01]),
        (Self::ReadCardWithFingerprint, [0x30, 0x10]),
        (Self::ReadNewAddress, [0x30, 0x03]),
    ];

    /// The frame; `None` for the two that carry a value, which a kiosk never sends.
    #[must_use]
    pub fn frame(self) -> Option<Frame> {
        let fixed = Self::FIXED.iter().find(|(command, _)| *command == self);
        fixed.map(|(_, body)| Frame::of(body))
    }

    /// The command of a body, with its parameters in their bounds.
    #[must_use]
    pub fn read(body: &[u8]) -> Option<Self> {
        match *body {
            [0x60, 0..=4] => Some(Self::SetBaud),
            [0x61, 0xFF, _] => Some(Self::SetBlockSize),
            _ => {
                let fixed = Self::FIXED.iter().find(|(_, known)| known == body);
                fixed.map(|(command, _)| *command)
            }
        }
    }

    /// The state that a success of this command has.
    #[must_use]
    pub fn success(self) -> StatusCode {
        match self {
            Self::FindCard => StatusCode::CardFound,
            _ => StatusCode::Done,
        }
    }
}

/// SW3. The list is the sheet's; others are kept by their number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusCode {
    /// 90.
    Done,
    /// 9F.
    CardFound,
    /// 10: the reader got a request with a wrong check.
    RequestCheckWrong,
    /// 11.
    RequestLengthWrong,
    /// 21.
    CommandInvalid,
    /// 23; the sheet knows no text.
    Listed23,
    /// 24.
    Unrecognised,
    /// 31.
    CardRejectedReader,
    /// 32.
    ReaderRejectedCard,
    /// 33.
    VerificationFailed,
    /// 40.
    WrongCardType,
    /// 41.
    ReadFailed,
    /// 47.
    RandomFailed,
    /// 60.
    SelfTestFailed,
    /// 66.
    NotAuthorised,
    /// 80.
    NoCard,
    /// 81.
    SelectFailed,
    /// 91.
    NoContent,
    /// Not on the sheet.
    Other(u8),
}

/// What a person does about a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// It is no trouble.
    None,
    /// The same again: noise on the line, or a card that slipped.
    Again,
    /// Put the card down again.
    PutDownAgain,
    /// Another card is needed.
    OtherCard,
    /// Only who looks after the machine can help.
    Maintenance,
}

/// Code, name in documents, what it means, what to do.
const CODES: &[(u8, StatusCode, &str, &str, Remedy)] = &[
    (0x90, StatusCode::Done, "done", "完成", Remedy::None),
    (
        0x9F,
        StatusCode::CardFound,
        "card-found",
        "看到卡了",
        Remedy::None,
    ),
    (
        0x10,
        StatusCode::RequestCheckWrong,
        "request-check-wrong",
        "读卡器收到的命令校验不对",
        Remedy::Again,
    ),
    (
        0x11,
        StatusCode::RequestLengthWrong,
        "request-length-wrong",
        "读卡器收到的命令长度不对",
        Remedy::Again,
    ),
    (
        0x21,
        StatusCode::CommandInvalid,
        "command-invalid",
        "读卡器不认识这条命令",
        Remedy::Maintenance,
    ),
    (
        0x23,
        StatusCode::Listed23,
        "status-23",
        "读卡器报告 23",
        Remedy::Maintenance,
    ),
    (
        0x24,
        StatusCode::Unrecognised,
        "unrecognised",
        "读卡器没有认出来",
        Remedy::PutDownAgain,
    ),
    (
        0x31,
        StatusCode::CardRejectedReader,
        "card-rejected-reader",
        "卡没有接受读卡器",
        Remedy::PutDownAgain,
    ),
    (
        0x32,
        StatusCode::ReaderRejectedCard,
        "reader-rejected-card",
        "读卡器没有接受这张卡",
        Remedy::OtherCard,
    ),
    (
        0x33,
        StatusCode::VerificationFailed,
        "verification-failed",
        "卡里的信息没有通过验证",
        Remedy::OtherCard,
    ),
    (
        0x40,
        StatusCode::WrongCardType,
        "wrong-card-type",
        "这不是身份证",
        Remedy::OtherCard,
    ),
    (
        0x41,
        StatusCode::ReadFailed,
        "read-failed",
        "没有读出来",
        Remedy::PutDownAgain,
    ),
    (
        0x47,
        StatusCode::RandomFailed,
        "random-failed",
        "读卡器取随机数失败",
        Remedy::Again,
    ),
    (
        0x60,
        StatusCode::SelfTestFailed,
        "self-test-failed",
        "读卡器自检没有通过",
        Remedy::Maintenance,
    ),
    (
        0x66,
        StatusCode::NotAuthorised,
        "not-authorised",
        "读卡器没有授权",
        Remedy::Maintenance,
    ),
    (
        0x80,
        StatusCode::NoCard,
        "no-card",
        "没有看到卡",
        Remedy::PutDownAgain,
    ),
    (
        0x81,
        StatusCode::SelectFailed,
        "select-failed",
        "卡没有放稳",
        Remedy::PutDownAgain,
    ),
    (
        0x91,
        StatusCode::NoContent,
        "no-content",
        "卡里没有这一项",
        Remedy::None,
    ),
];

impl StatusCode {
    /// From SW3.
    #[must_use]
    pub fn from_byte(byte: u8) -> Self {
        let known = CODES.iter().find(|(code, ..)| *code == byte);
        known.map_or(Self::Other(byte), |(_, status, ..)| *status)
    }

    /// SW3.
    #[must_use]
    pub fn byte(self) -> u8 {
        match self {
            Self::Other(byte) => byte,
            known => row(known).map_or(0, |(byte, ..)| *byte),
        }
    }

    /// Its name in documents.
    #[must_use]
    pub fn name(self) -> &'static str {
        row(self).map_or("other", |(_, _, name, ..)| name)
    }

    /// What it means, as part of a sentence.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        row(self).map_or("读卡器报告了不认识的状态", |(_, _, _, meaning, _)| meaning)
    }

    /// What to do.
    #[must_use]
    pub fn remedy(self) -> Remedy {
        row(self).map_or(Remedy::Maintenance, |(.., remedy)| *remedy)
    }

    /// The sentence for the person with the card; `None` when there is nothing that they could do.
    #[must_use]
    pub fn sentence(self) -> Option<String> {
        let todo = match self.remedy() {
            Remedy::None | Remedy::Again | Remedy::Maintenance => return None,
            Remedy::PutDownAgain => "请拿开，再平放到读卡区，等一会儿再拿走。",
            Remedy::OtherCard => {
                "请放二代身份证或居住证；没有带，可以按“不刷证”继续，或者到窗口办。"
            }
        };
        Some(format!("{}。{todo}", self.meaning()))
    }
}

fn row(
    status: StatusCode,
) -> Option<&'static (u8, StatusCode, &'static str, &'static str, Remedy)> {
    CODES.iter().find(|(_, known, ..)| *known == status)
}

/// A reply.
#[derive(Debug)]
pub struct Reply<'f> {
    /// SW1 and SW2: zero, or the card's own status passed on.
    pub card_status: [u8; 2],
    /// SW3.
    pub status: StatusCode,
    /// What follows. Not printed.
    pub data: Hidden<'f>,
}

/// Bytes that may be a person's.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Hidden<'f>(pub &'f [u8]);

impl std::fmt::Debug for Hidden<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Hidden({} bytes)", self.0.len())
    }
}

impl<'f> Reply<'f> {
    /// The reply of a body; `None` when it is shorter than a status.
    #[must_use]
    pub fn read(body: &'f [u8]) -> Option<Self> {
        let [sw1, sw2, sw3, data @ ..] = body else {
            return None;
        };
        Some(Self {
            card_status: [*sw1, *sw2],
            status: StatusCode::from_byte(*sw3),
            data: Hidden(data),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_sheet_is_known_and_comes_back() {
        let sheet = [
            0x90, 0x9F, 0x10, 0x11, 0x21, 0x23, 0x24, 0x31, 0x32, 0x33, 0x40, 0x41, 0x47, 0x60,
            0x66, 0x80, 0x81, 0x91,
        ];
        assert_eq!(CODES.len(), sheet.len());
        for byte in 0..=u8::MAX {
            let status = StatusCode::from_byte(byte);
            assert_eq!(status.byte(), byte);
            assert_eq!(
                matches!(status, StatusCode::Other(_)),
                !sheet.contains(&byte)
            );
        }
    }

    #[test]
    fn who_can_do_something_is_told_what_and_nobody_is_told_a_number() {
        for byte in 0..=u8::MAX {
            let status = StatusCode::from_byte(byte);
            if let Some(sentence) = status.sentence() {
                assert!(
                    sentence.contains('请') && sentence.ends_with('。'),
                    "{sentence}"
                );
                assert!(
                    !sentence.contains(|it: char| it.is_ascii_alphanumeric()),
                    "{sentence}"
                );
            }
        }
        assert!(
            StatusCode::WrongCardType
                .sentence()
                .unwrap()
                .contains("二代身份证")
        );
        assert_eq!(StatusCode::NotAuthorised.sentence(), None);
    }

    #[test]
    fn commands_read_back_and_others_are_none() {
        for (command, body) in Command::FIXED {
            assert_eq!(Command::read(body), Some(*command));
            assert_eq!(command.frame().unwrap().body(), body);
        }
        assert_eq!(Command::read(&[0x60, 0]), Some(Command::SetBaud));
        assert_eq!(Command::read(&[0x60, 9]), None);
        assert_eq!(
            Command::read(&[0x61, 0xFF, 0x50]),
            Some(Command::SetBlockSize)
        );
        assert_eq!(Command::read(&[]), None);
    }
}
