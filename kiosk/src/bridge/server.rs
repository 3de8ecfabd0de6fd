//! The bridge at work: one short connection per request.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use kiosk_peripherals::idcard::card::Card;
use kiosk_peripherals::idcard::check::{Disbelief, believe};
use kiosk_peripherals::idcard::poll::ReadFault;
use kiosk_peripherals::reader::{CardReader, to_wire};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, Semaphore};
use tokio::time::timeout;
use wire::bridge::{HEALTH, READ_CARD};

use super::access::{NotPermitted, Origin, check};
use super::answer::Answer;
use super::pairing::Pairing;
use super::request::{BadRequest, HEAD_BYTES_MAX, Head, end_of_head, read};

/// A request must have come within this time.
const HEAD_WITHIN: Duration = Duration::from_secs(5);
/// A card must have been read within this time.
const CARD_WITHIN: Duration = Duration::from_secs(15);
/// A reader that has not ended by then never will.
const READER_SLACK: Duration = Duration::from_secs(1);
/// Connections at once: one desk has one browser.
const CONNECTIONS_MAX: usize = 8;
/// Wrong codes in a row after which no code is taken any more.
const WRONG_MAX: u32 = 10;

/// What the connections share. The reader is used by one at a time.
pub struct Bridge {
    origin: Origin,
    pairing: Pairing,
    port: u16,
    wrong: AtomicU32,
    card_within: Duration,
    reader: Arc<Mutex<Box<dyn CardReader>>>,
}

impl std::fmt::Debug for Bridge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bridge")
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}

impl Bridge {
    /// A bridge from the pages of `origin` to `reader`.
    #[must_use]
    pub fn new(origin: Origin, pairing: Pairing, reader: Box<dyn CardReader>) -> Self {
        Self {
            origin,
            pairing,
            port: wire::bridge::PORT,
            wrong: AtomicU32::new(0),
            card_within: CARD_WITHIN,
            reader: Arc::new(Mutex::new(reader)),
        }
    }

    /// The same with another patience for cards.
    #[cfg(test)]
    pub(super) fn waiting(self, card_within: Duration) -> Self {
        Self {
            card_within,
            ..self
        }
    }
}

/// Answers until the task is dropped. The listener must be on loopback.
///
/// # Errors
/// When the listener's own address cannot be told.
pub async fn serve(listener: TcpListener, bridge: Bridge) -> io::Result<()> {
    let port = listener.local_addr()?.port();
    let bridge = Arc::new(Bridge { port, ..bridge });
    let connections = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        let Ok(turn) = Arc::clone(&connections).acquire_owned().await else {
            return Ok(());
        };
        let connection = match listener.accept().await {
            Ok((connection, _)) => connection,
            // a connection that was given up, or no descriptor left: the next one may come
            Err(_) => {
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let bridge = Arc::clone(&bridge);
        tokio::spawn(async move {
            bridge.attend(connection).await;
            drop(turn);
        });
    }
}

impl Bridge {
    /// One request and its answer. Who has gone is not told anything.
    async fn attend(&self, mut connection: TcpStream) {
        let Ok(Ok(bytes)) = timeout(HEAD_WITHIN, receive(&mut connection)).await else {
            return;
        };
        let bytes = match read(&bytes) {
            Ok(head) => {
                let (answer, is_ours) = self.answer(&head).await;
                answer.bytes(is_ours.then_some(&self.origin))
            }
            Err(BadRequest) => Answer::words(400, "看不懂的请求。").bytes(None),
        };
        let _ = connection.write_all(&bytes).await;
        let _ = connection.shutdown().await;
    }

    /// The answer, and whether it is for a page of ours.
    async fn answer(&self, head: &Head) -> (Answer, bool) {
        let words = match check(head, &self.origin, self.port) {
            Ok(()) => return (self.answer_ours(head).await, true),
            Err(NotPermitted::Host) => "只在这台电脑上用。",
            Err(NotPermitted::Origin) => "只给本中心的页面用。",
        };
        (Answer::words(403, words), false)
    }

    async fn answer_ours(&self, head: &Head) -> Answer {
        match (head.method.as_str(), head.path.as_str()) {
            ("OPTIONS", HEALTH | READ_CARD) => Answer::preflight(),
            ("GET", HEALTH) => {
                // a reader that is at work is there
                let reader = self.reader.try_lock();
                let has_reader = reader.map_or(true, |reader| reader.is_there());
                Answer::ok(json!({ "is_ok": true, "has_reader": has_reader }))
            }
            ("POST", READ_CARD) => match self.is_paired(head) {
                Ok(()) => self.read_card().await,
                Err(refused) => refused,
            },
            _ => Answer::words(404, "没有这个功能。"),
        }
    }

    fn is_paired(&self, head: &Head) -> Result<(), Answer> {
        if self.wrong.load(Ordering::SeqCst) >= WRONG_MAX {
            let words = "配对码错得太多。请重开读卡程序，再输一次新的配对码。";
            return Err(Answer::words(429, words));
        }
        if self.pairing.is(&head.pairing) {
            self.wrong.store(0, Ordering::SeqCst);
            return Ok(());
        }
        // a page that was never paired asks without a code: that is no guess
        if !head.pairing.is_empty() {
            self.wrong.fetch_add(1, Ordering::SeqCst);
        }
        let words = "请输入读卡程序开头显示的配对码，再按一次“读身份证”。";
        Err(Answer::words(401, words))
    }

    async fn read_card(&self) -> Answer {
        let Ok(mut reader) = Arc::clone(&self.reader).try_lock_owned() else {
            return Answer::words(409, "正在读另一张身份证，请等一下。");
        };
        // the reader stays taken until it has really ended, also when nobody waits any more
        let within = self.card_within;
        let reading = tokio::spawn(async move { reader.read(within).await });
        match timeout(within + READER_SLACK, reading).await {
            // A card that has run out is the clerk's to judge, one that was misread is nobody's.
            Ok(Ok(Ok(card))) if is_misread(&card) => {
                Answer::words(409, &Disbelief::Misread.to_string())
            }
            Ok(Ok(Ok(card))) => Answer::ok(json!(to_wire(&card))),
            Ok(Ok(Err(fault))) => Answer::words(409, &desk_words(&fault)),
            Ok(Err(_)) => Answer::words(500, "读卡程序出错了，请重开它。"),
            Err(_) => Answer::words(504, "等了 15 秒没有读到身份证。请放好身份证，再按一次。"),
        }
    }
}

/// Judged on its own first day, so that only its agreement with itself counts.
fn is_misread(card: &Card) -> bool {
    believe(card, card.valid_from) == Err(Disbelief::Misread)
}

/// A desk has a keyboard, a kiosk has a way around: other words for the same.
fn desk_words(fault: &ReadFault) -> String {
    match fault {
        ReadFault::Absent => "没有接读卡器。请接好，或者手工填写。".to_owned(),
        ReadFault::Silent => "读卡器没有回答。请断电再通电，或者手工填写。".to_owned(),
        ReadFault::Unusable(status) => {
            format!("{}。请找维修，先手工填写。", status.meaning())
        }
        ReadFault::NoCard => "没有看到身份证。请把身份证放在读卡器上，再按一次。".to_owned(),
        ReadFault::Card(status) => format!("{}。请拿开再放一次，再按一次。", status.meaning()),
        ReadFault::UnknownKind => "读卡程序还不认识这种证件，请手工填写。".to_owned(),
        ReadFault::StillThere | ReadFault::Garbled => {
            "身份证没有读出来。请拿开再放一次，再按一次。".to_owned()
        }
        ReadFault::NotInvented => fault.to_string(),
    }
}

/// The head of a request, and no more than may be one.
async fn receive(connection: &mut TcpStream) -> io::Result<Vec<u8>> {
    let (mut bytes, mut chunk) = (Vec::new(), [0; 1024]);
    loop {
        let count = connection.read(&mut chunk).await?;
        bytes.extend_from_slice(&chunk[..count]);
        if let Some(end) = end_of_head(&bytes) {
            bytes.truncate(end);
            return Ok(bytes);
        }
        if count == 0 || bytes.len() > HEAD_BYTES_MAX {
            return Err(io::ErrorKind::InvalidData.into());
        }
    }
}
