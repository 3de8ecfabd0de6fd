//! Error codes of a card and what the host does about each (sheet `onbon-bx.md` A2).

use crate::codec::Reaction;

/// The third byte of ACK and NACK.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AnswerCode {
    /// 0.
    Ok,
    /// 1.
    UnknownGroup,
    /// 2.
    UnknownCommand,
    /// 3.
    Busy,
    /// 4.
    OutOfMemory,
    /// 5.
    FrameCheckWrong,
    /// 6.
    FileMissing,
    /// 7.
    FlashFault,
    /// 8.
    DownloadError,
    /// 9.
    FileNameError,
    /// 10.
    FileTypeError,
    /// 11: the card has deleted the file already.
    FileCheckWrong,
    /// 12.
    FontMissing,
    /// 13.
    FirmwareTypeMismatch,
    /// 14.
    DateFormat,
    /// 15: the file exists and overwriting was not asked for.
    FileExists,
    /// 16: block number or address is not consecutive.
    BlockNotConsecutive,
    /// Anything the sheet does not list.
    Unlisted(u8),
}

const LISTED: [AnswerCode; 17] = [
    AnswerCode::Ok,
    AnswerCode::UnknownGroup,
    AnswerCode::UnknownCommand,
    AnswerCode::Busy,
    AnswerCode::OutOfMemory,
    AnswerCode::FrameCheckWrong,
    AnswerCode::FileMissing,
    AnswerCode::FlashFault,
    AnswerCode::DownloadError,
    AnswerCode::FileNameError,
    AnswerCode::FileTypeError,
    AnswerCode::FileCheckWrong,
    AnswerCode::FontMissing,
    AnswerCode::FirmwareTypeMismatch,
    AnswerCode::DateFormat,
    AnswerCode::FileExists,
    AnswerCode::BlockNotConsecutive,
];

impl AnswerCode {
    /// The code a byte stands for.
    #[must_use]
    pub fn from_byte(byte: u8) -> Self {
        LISTED
            .get(usize::from(byte))
            .copied()
            .unwrap_or(Self::Unlisted(byte))
    }

    /// The byte of the wire.
    #[must_use]
    pub fn byte(self) -> u8 {
        match self {
            Self::Unlisted(byte) => byte,
            listed => LISTED
                .iter()
                .position(|&code| code == listed)
                .and_then(|at| u8::try_from(at).ok())
                .expect("every listed code stands in the table because the table lists them all"),
        }
    }

    /// What the host does; a code nobody described is never retried.
    #[must_use]
    pub fn reaction(self) -> Reaction {
        match self {
            Self::Ok => Reaction::Done,
            Self::Busy => Reaction::RetryWithBackOff,
            Self::FrameCheckWrong => Reaction::RetryAtOnce,
            Self::OutOfMemory => Reaction::GiveUpUntilFilesDeleted,
            Self::FlashFault => Reaction::Alarm,
            Self::FileCheckWrong => Reaction::RestartFile,
            Self::FontMissing | Self::FirmwareTypeMismatch => Reaction::ConfigurationFault,
            Self::FileExists => Reaction::ResendOverwriting,
            Self::BlockNotConsecutive => Reaction::ResumeAtReplyAddress,
            Self::UnknownGroup
            | Self::UnknownCommand
            | Self::FileMissing
            | Self::DownloadError
            | Self::FileNameError
            | Self::FileTypeError
            | Self::DateFormat
            | Self::Unlisted(_) => Reaction::GiveUp,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_a_code_and_comes_back() {
        for byte in 0..=255 {
            assert_eq!(AnswerCode::from_byte(byte).byte(), byte);
        }
        assert_eq!(AnswerCode::from_byte(17), AnswerCode::Unlisted(17));
    }

    #[test]
    fn only_busy_and_a_wrong_frame_check_are_sent_again_as_they_are() {
        let resent: Vec<u8> = (0..=255)
            .filter(|&byte| {
                matches!(
                    AnswerCode::from_byte(byte).reaction(),
                    Reaction::RetryAtOnce | Reaction::RetryWithBackOff
                )
            })
            .collect();
        assert_eq!(resent, [3, 5]);
    }
}
