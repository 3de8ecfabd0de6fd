//! Card readers: the seam that pages and desks use, the shell that runs a [`CardPoll`] on a line, and the
//! reader whose card is a file.
//!
//! Read, use, forget: bytes of a card are in one buffer, which is overwritten when a reading ends, however it
//! ends; the [`Card`] overwrites itself when it is dropped.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::NaiveDate;
use tokio::time::{Instant, sleep, sleep_until};
use zeroize::Zeroizing;

use crate::idcard::card::{Card, CardKind, CardSex, Secret, ValidTo};
use crate::idcard::poll::{CardPoll, Input, Output, ReadFault};
use crate::port::{Plug, Port};
use crate::printer::Doing;
use crate::twin::Shared;
use crate::virtual_reader::VirtualReader;

/// How often a reader that is not there is looked for while somebody waits with a card.
const REOPEN_EVERY: Duration = Duration::from_millis(500);
/// Attempts to open until it counts as absent.
const OPEN_ATTEMPTS: u8 = 3;
/// How often the file of a virtual card is looked at.
const FILE_POLL: Duration = Duration::from_millis(50);
/// Longest file of a virtual card.
const CARD_BYTES_MAX: u64 = 4_096;
/// Bytes read at once.
const READ_BYTES: usize = 1_024;

/// Something that reads identity cards.
pub trait CardReader: Send {
    /// Whether there may be a reader at all.
    fn is_there(&self) -> bool;

    /// Waits for a card and reads it. Ends with the first thing that the person should be told; whoever
    /// still wants a card asks again. Dropped, it asks no further and forgets what it heard.
    fn read(&mut self, within: Duration) -> Doing<'_, Result<Card, ReadFault>>;
}

/// No reader.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoReader;

impl CardReader for NoReader {
    fn is_there(&self) -> bool {
        false
    }

    fn read(&mut self, _within: Duration) -> Doing<'_, Result<Card, ReadFault>> {
        Box::pin(async { Err(ReadFault::Absent) })
    }
}

/// A SAM_V reader at the end of a line.
#[derive(Debug)]
pub struct SamReader {
    plug: Plug,
    port: Option<Port>,
    poll: CardPoll,
    start: Instant,
}

/// A page that asks; when it goes, for whatever reason, the machine forgets.
struct Asking<'r>(&'r mut SamReader);

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        let now = self.0.start.elapsed();
        self.0.poll.handle(now, Input::Stop);
    }
}

impl SamReader {
    /// A reader there; the line is opened when a card is asked for.
    #[must_use]
    pub fn new(plug: Plug) -> Self {
        Self {
            plug,
            port: None,
            poll: CardPoll::new(),
            start: Instant::now(),
        }
    }

    async fn connect(&mut self) -> Result<(), ReadFault> {
        for attempt in 0..OPEN_ATTEMPTS {
            if self.port.is_some() {
                return Ok(());
            }
            if attempt > 0 {
                sleep(REOPEN_EVERY).await;
            }
            self.port = self.plug.open().await.ok();
        }
        self.port.as_ref().map(drop).ok_or(ReadFault::Absent)
    }

    async fn converse(&mut self, until: Instant) -> Result<Card, ReadFault> {
        self.connect().await?;
        let asking = Asking(self);
        let reader = &mut *asking.0;
        reader.poll.handle(reader.start.elapsed(), Input::Ask);
        let mut wake = until;
        let mut buffer = Zeroizing::new([0; READ_BYTES]);
        loop {
            while let Some(output) = reader.poll.poll() {
                match output {
                    Output::Send(bytes) => reader.send(&bytes).await?,
                    Output::WakeAt(at) => wake = reader.start + at,
                    Output::Card(card) => return Ok(*card),
                    Output::Fault(fault) => return Err(fault),
                }
            }
            let Some(port) = &mut reader.port else {
                return Err(ReadFault::Absent);
            };
            tokio::select! {
                read = port.read(&mut *buffer) => match read {
                    Ok(count) => {
                        let now = reader.start.elapsed();
                        reader.poll.handle(now, Input::Received(&buffer[..count]));
                    }
                    Err(_) => {
                        reader.port = None;
                        return Err(ReadFault::Absent);
                    }
                },
                () = sleep_until(wake.min(until)) => {
                    if Instant::now() >= until {
                        return Err(ReadFault::NoCard);
                    }
                    reader.poll.handle(reader.start.elapsed(), Input::Woken);
                }
            }
        }
    }

    async fn send(&mut self, bytes: &[u8]) -> Result<(), ReadFault> {
        let sent = match &mut self.port {
            Some(port) => port.write(bytes).await.is_ok(),
            None => false,
        };
        if sent {
            return Ok(());
        }
        self.port = None;
        Err(ReadFault::Absent)
    }
}

impl CardReader for SamReader {
    fn is_there(&self) -> bool {
        self.plug.may_be_there()
    }

    fn read(&mut self, within: Duration) -> Doing<'_, Result<Card, ReadFault>> {
        let until = Instant::now() + within;
        Box::pin(async move {
            // A line that died while nobody used it is opened anew, once.
            let had_line = self.port.is_some();
            match self.converse(until).await {
                Err(ReadFault::Absent) if had_line => self.converse(until).await,
                outcome => outcome,
            }
        })
    }
}

/// The card that a file holds, for demonstrations and tests: put down when the file is there, taken
/// away when it is not. Its bytes go through the virtual reader and the same machine as any card's.
#[derive(Debug)]
pub struct FileReader {
    file: PathBuf,
    twin: Shared<VirtualReader>,
    reader: SamReader,
}

impl FileReader {
    /// A reader whose card is this file, a [`wire::bridge::Card`] as JSON. Needs a runtime.
    #[must_use]
    pub fn of(file: PathBuf) -> Self {
        let twin = Shared::new(VirtualReader::new());
        let reader = SamReader::new(Plug::twin(&twin));
        Self { file, twin, reader }
    }

    /// Puts the file's card down, or takes it away. `Ok(false)` when there is none.
    fn look(&self) -> Result<bool, ReadFault> {
        match card_of_file(&self.file)? {
            Some(card) => {
                let put = self.twin.with(|twin| twin.put(card));
                put.map(|()| true).map_err(|_| ReadFault::NotInvented)
            }
            None => {
                self.twin.with(VirtualReader::take_away);
                Ok(false)
            }
        }
    }
}

impl CardReader for FileReader {
    fn is_there(&self) -> bool {
        true
    }

    fn read(&mut self, within: Duration) -> Doing<'_, Result<Card, ReadFault>> {
        let until = Instant::now() + within;
        Box::pin(async move {
            while !self.look()? {
                if Instant::now() >= until {
                    return Err(ReadFault::NoCard);
                }
                sleep(FILE_POLL).await;
            }
            let left = until.saturating_duration_since(Instant::now());
            self.reader.read(left).await
        })
    }
}

/// The card in a file, a [`wire::bridge::Card`] as JSON; `None` when there is no file.
///
/// # Errors
/// [`ReadFault::Garbled`] when it is something else.
pub fn card_of_file(file: &Path) -> Result<Option<Card>, ReadFault> {
    match fs::metadata(file) {
        Err(fault) if fault.kind() == ErrorKind::NotFound => return Ok(None),
        Ok(found) if found.len() <= CARD_BYTES_MAX => {}
        Ok(_) | Err(_) => return Err(ReadFault::Garbled),
    }
    let text = fs::read_to_string(file).map(Zeroizing::new);
    let card = text.ok().and_then(|text| serde_json::from_str(&text).ok());
    let card = card.as_ref().and_then(from_wire);
    card.map(Some).ok_or(ReadFault::Garbled)
}

/// A card as the staff pages write it; `None` when a date is none.
fn from_wire(card: &wire::bridge::Card) -> Option<Card> {
    let day = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    let secret = |text: &str| Secret::new(text.to_owned());
    Some(Card {
        kind: CardKind::Resident,
        name: secret(&card.name),
        number: secret(&card.id_number),
        sex: match card.sex.as_str() {
            "男" => CardSex::Male,
            "女" => CardSex::Female,
            _ => CardSex::NotTold,
        },
        birth: secret(&day(&card.birth)?.format("%Y%m%d").to_string()),
        address: secret(&card.address),
        issuer: secret(&card.issuer),
        valid_from: day(&card.valid_from)?,
        valid_to: match card.valid_to.as_str() {
            "长期" => ValidTo::LongTerm,
            text => ValidTo::Day(day(text)?),
        },
    })
}

/// A card as the staff pages read it. The answer is plain text in memory: it goes out at once.
#[must_use]
pub fn to_wire(card: &Card) -> wire::bridge::Card {
    let birth = card.birth.expose();
    let dashed = |at: std::ops::Range<usize>| birth.get(at).unwrap_or_default();
    wire::bridge::Card {
        name: card.name.expose().to_owned(),
        id_number: card.number.expose().to_owned(),
        sex: match card.sex {
            CardSex::Male => "男",
            CardSex::Female => "女",
            CardSex::NotTold => "",
        }
        .to_owned(),
        birth: format!("{}-{}-{}", dashed(0..4), dashed(4..6), dashed(6..8)),
        address: card.address.expose().to_owned(),
        issuer: card.issuer.expose().to_owned(),
        valid_from: card.valid_from.to_string(),
        valid_to: match card.valid_to {
            ValidTo::Day(day) => day.to_string(),
            ValidTo::LongTerm => "长期".to_owned(),
        },
    }
}
