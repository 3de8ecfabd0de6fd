//! One command of a packet: what stands between 02 and 03.
//!
//! What is not listed is kept as it was, so that it can be written again.

use super::file::FileCommand;
use super::function::Function;
use super::payload::{Field, PayloadError, Reader};

/// Command, label, rows and columns: a sign needs a pause behind them.
const DOTS_HEAD_BYTES: usize = 6;
/// The same of a large picture.
const LARGE_DOTS_HEAD_BYTES: usize = 10;

/// A command, understood as far as the sheet goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// About a file.
    File(FileCommand),
    /// About the sign.
    Function(Function),
    /// Not listed; the data as it was.
    Unlisted(Vec<u8>),
}

impl Command {
    /// Reads the data between 02 and 03.
    pub fn read(data: &[u8]) -> Result<Self, PayloadError> {
        let mut reader = Reader::new(data);
        let command = match data.first() {
            Some(b'E' | b'F') => Function::read(&mut reader)?.map(Self::Function),
            Some(_) => {
                let code = reader.listed(Field::Command, Some)?;
                FileCommand::read(code, &mut reader)?.map(Self::File)
            }
            None => None,
        };
        let Some(command) = command else {
            return Ok(Self::Unlisted(data.to_vec()));
        };
        reader.finish()?;
        Ok(command)
    }

    /// The data of a packet that says this.
    #[must_use]
    pub fn to_data(&self) -> Vec<u8> {
        let mut data = Vec::new();
        match self {
            Self::File(command) => command.write(&mut data),
            Self::Function(function) => function.write(&mut data),
            Self::Unlisted(bytes) => data.extend(bytes),
        }
        data
    }

    /// Whether a sign sounds and is deaf meanwhile, so that nothing may follow in the packet.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        matches!(self, Self::Function(Function::Sound { .. }))
    }

    /// Bytes of the data behind which a sign needs a pause.
    #[must_use]
    pub fn pause_after(&self) -> Option<usize> {
        match self {
            Self::File(FileCommand::WriteSmallDots { .. }) => Some(DOTS_HEAD_BYTES),
            Self::File(FileCommand::WriteLargeDots { .. }) => Some(LARGE_DOTS_HEAD_BYTES),
            _ => None,
        }
    }
}
