//! Card readers. The serial reader (SAM_V) is another [`CardReader`], when there is one.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use thiserror::Error;
use wire::bridge::Card;

/// The area code that exists nowhere: invented persons.
const INVENTED_AREA: &str = "999999";
/// Longest file of a virtual card.
const CARD_BYTES_MAX: u64 = 4_096;

/// Something that reads identity cards.
pub trait CardReader: Send + 'static {
    /// Whether a reader is there at all.
    fn is_there(&self) -> bool;

    /// Waits for a card and reads it. Blocking; gives up by itself within seconds.
    ///
    /// # Errors
    /// [`ReadFault`], in words for the desk.
    fn read(&mut self) -> Result<Card, ReadFault>;
}

/// Why no card was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ReadFault {
    /// Nothing is connected.
    #[error("没有接读卡器。请接好以后重开读卡程序，或者手工填写。")]
    NoReader,
    /// Nobody put a card on it.
    #[error("没有看到身份证。请把身份证放在读卡器上，再按一次。")]
    NoCard,
    /// The card was not understood.
    #[error("身份证没有读出来。请拿开再放一次，再按一次。")]
    NotRead,
    /// A virtual card of somebody who could exist.
    #[error("虚拟读卡器只读虚构的人（号码以 999999 开头）。")]
    NotInvented,
}

/// No reader.
#[derive(Debug)]
pub struct NoReader;

impl CardReader for NoReader {
    fn is_there(&self) -> bool {
        false
    }

    fn read(&mut self) -> Result<Card, ReadFault> {
        Err(ReadFault::NoReader)
    }
}

/// A reader for tests and demonstrations: the card on it is a file, and away when the file is.
#[derive(Debug)]
pub struct VirtualReader {
    file: PathBuf,
}

impl VirtualReader {
    /// A reader whose card is this file.
    #[must_use]
    pub fn of(file: PathBuf) -> Self {
        Self { file }
    }
}

impl CardReader for VirtualReader {
    fn is_there(&self) -> bool {
        true
    }

    fn read(&mut self) -> Result<Card, ReadFault> {
        let length = fs::metadata(&self.file).map(|it| it.len()).map_err(fault)?;
        if length > CARD_BYTES_MAX {
            return Err(ReadFault::NotRead);
        }
        let text = fs::read_to_string(&self.file).map_err(fault)?;
        let card: Card = serde_json::from_str(&text).map_err(|_| ReadFault::NotRead)?;
        if card.id_number.starts_with(INVENTED_AREA) {
            Ok(card)
        } else {
            Err(ReadFault::NotInvented)
        }
    }
}

// by value, as `map_err` gives it
#[allow(clippy::needless_pass_by_value)]
fn fault(error: std::io::Error) -> ReadFault {
    match error.kind() {
        ErrorKind::NotFound => ReadFault::NoCard,
        _ => ReadFault::NotRead,
    }
}
