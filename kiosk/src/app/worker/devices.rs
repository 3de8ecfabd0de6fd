//! The devices of a kiosk as the worker holds them: printer, card reader, scanner, and who knows the
//! holder of a telephone's code. A card stays here: what goes to a page is a number on its way to the
//! centre, or a sentence.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::NaiveDate;
use kiosk_peripherals::idcard::card::{Card, CardKind};
use kiosk_peripherals::idcard::check::believe;
use kiosk_peripherals::phone_identity::PhoneIdentity;
use kiosk_peripherals::printer::{NoPrinter, Printer};
use kiosk_peripherals::reader::{CardReader, NoReader};
use kiosk_peripherals::scanner::{ScanFault, Scanner};
use kiosk_peripherals::self_test::{Finding, Verdict, self_test};
use kiosk_peripherals::slip::test_paper;
use kiosk_peripherals::sound::Player;
use tokio::task::AbortHandle;
use wire::citizen::Typed;

use super::Post;
use super::papers::{self, PaperQueue, SharedPrinter};
use crate::app::card::{CardAnswer, CardTrouble};
use crate::app::event::Event;
use crate::app::keys::Scan;
use crate::app::papers::PaperOrder;
use crate::app::service::Check;

/// How often a scanner that is not there is looked for.
const SCANNER_AGAIN: Duration = Duration::from_secs(5);
/// What a machine without a device says of it.
const NOT_FITTED: &str = "没有装（配置文件里没有写）";

/// What a machine is fitted with; nothing is a machine that shows and takes touches only.
#[derive(Default)]
pub struct Fitted {
    /// For slips.
    pub printer: Option<Box<dyn Printer>>,
    /// For identity cards.
    pub reader: Option<Box<dyn CardReader>>,
    /// On a serial line; one that is a keyboard comes through the window.
    pub scanner: Option<Box<dyn Scanner>>,
    /// Whose code on a telephone it is.
    pub phones: Option<Box<dyn PhoneIdentity>>,
    /// Heard as a test.
    pub player: Option<Box<dyn Player>>,
}

impl std::fmt::Debug for Fitted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fitted")
            .field("printer", &self.printer.is_some())
            .field("reader", &self.reader.is_some())
            .finish_non_exhaustive()
    }
}

/// The same while the worker runs.
pub(super) struct Devices {
    has: Has,
    queue: Arc<PaperQueue>,
    printer: SharedPrinter,
    reader: Arc<tokio::sync::Mutex<Box<dyn CardReader>>>,
    phones: Option<Arc<tokio::sync::Mutex<Box<dyn PhoneIdentity>>>>,
    player: Arc<dyn Player>,
    /// What waits for a card, or for whose code it is.
    reading: Mutex<Option<AbortHandle>>,
    post: Post,
}

#[derive(Debug, Clone, Copy)]
struct Has {
    printer: bool,
    reader: bool,
    sound: bool,
}

impl Devices {
    /// Starts the printer's queue and the scanner's loop.
    pub(super) fn start(fitted: Fitted, post: &Post) -> Self {
        let has = Has {
            printer: fitted.printer.is_some(),
            reader: fitted.reader.is_some(),
            sound: fitted.player.is_some(),
        };
        let printer = fitted.printer.unwrap_or_else(|| Box::new(NoPrinter));
        let reader = fitted.reader.unwrap_or_else(|| Box::new(NoReader));
        let player = fitted
            .player
            .unwrap_or_else(|| Box::new(kiosk_peripherals::sound::Muted));
        let devices = Self {
            has,
            queue: Arc::default(),
            printer: Arc::new(tokio::sync::Mutex::new(printer)),
            reader: Arc::new(tokio::sync::Mutex::new(reader)),
            phones: fitted
                .phones
                .map(|phones| Arc::new(tokio::sync::Mutex::new(phones))),
            player: player.into(),
            reading: Mutex::default(),
            post: Arc::clone(post),
        };
        let (queue, printer) = (Arc::clone(&devices.queue), Arc::clone(&devices.printer));
        tokio::spawn(papers::print_all(queue, printer, Arc::clone(post)));
        if let Some(scanner) = fitted.scanner {
            tokio::spawn(scan_all(scanner, Arc::clone(post)));
        }
        devices
    }

    pub(super) fn print(&self, order: PaperOrder) {
        papers::order(&self.queue, order, &self.post);
    }

    pub(super) fn drop_papers(&self) {
        self.queue.wipe();
    }

    /// Prints a test slip.
    pub(super) fn print_test(&self, name: &str) {
        let Ok(document) = test_paper(name) else {
            return;
        };
        let (printer, post) = (Arc::clone(&self.printer), Arc::clone(&self.post));
        tokio::spawn(async move {
            let outcome = printer.lock().await.print(&document).await;
            post(Event::TestPrinted(outcome));
        });
    }

    /// What there is to try, for the service page.
    pub(super) fn fitted_checks(&self) -> Vec<Check> {
        let named = [
            ("打印机", self.has.printer),
            ("读卡器", self.has.reader),
            ("声音", self.has.sound),
        ];
        let check = |(name, has): (&str, bool)| Check {
            name: name.to_owned(),
            words: if has {
                "装了，按“测一遍设备”看好不好"
            } else {
                NOT_FITTED
            }
            .to_owned(),
            is_well: true,
        };
        named.map(check).into()
    }

    /// Whether a test slip can be tried.
    pub(super) fn can_print(&self) -> bool {
        self.has.printer
    }

    /// Tries every device that there is.
    pub(super) fn test(&self) {
        let (has, post) = (self.has, Arc::clone(&self.post));
        let (printer, reader) = (Arc::clone(&self.printer), Arc::clone(&self.reader));
        let player = Arc::clone(&self.player);
        tokio::spawn(async move {
            let (mut printer, mut reader) = (printer.lock().await, reader.lock().await);
            let found = self_test(&mut **printer, &mut **reader, &*player).await;
            let fitted = [has.printer, has.reader, has.sound];
            let checks = found.into_iter().zip(fitted).map(|(it, has)| told(it, has));
            post(Event::DevicesTested(checks.collect()));
        });
    }

    /// Waits for a card. A waiting of before is broken off.
    pub(super) fn read_card(&self, within: Duration, today: NaiveDate) {
        let (reader, post) = (Arc::clone(&self.reader), Arc::clone(&self.post));
        self.wait_for(async move {
            let read = reader.lock().await.read(within).await;
            post(Event::Card(holder(read, today)));
        });
    }

    /// Asks whose code it is.
    pub(super) fn ask_phone_holder(&self, code: Scan, today: NaiveDate) {
        let Some(phones) = self.phones.clone() else {
            return;
        };
        let post = Arc::clone(&self.post);
        self.wait_for(async move {
            let read = phones.lock().await.holder(&code).await;
            post(Event::Card(holder(read, today)));
        });
    }

    /// Waits no longer; the reader forgets what it heard.
    pub(super) fn stop_reading(&self) {
        let mut reading = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(reading) = reading.take() {
            reading.abort();
        }
    }

    fn wait_for(&self, waiting: impl Future<Output = ()> + Send + 'static) {
        self.stop_reading();
        let waiting = tokio::spawn(waiting).abort_handle();
        *self.reading.lock().unwrap_or_else(PoisonError::into_inner) = Some(waiting);
    }
}

/// Of a card only the number goes on, and only of one that can be believed today.
fn holder<F>(read: Result<Card, F>, today: NaiveDate) -> CardAnswer
where
    CardTrouble: From<F>,
{
    let card = match read {
        Ok(card) => card,
        Err(fault) => return CardAnswer::Failed(fault.into()),
    };
    match believe(&card, today) {
        Err(why) => CardAnswer::Failed(why.into()),
        Ok(()) if card.kind == CardKind::Foreigner => CardAnswer::Failed(CardTrouble::Foreign),
        Ok(()) => CardAnswer::Holder(Typed::new(card.number.expose())),
    }
}

fn told(finding: Finding, has: bool) -> Check {
    Check {
        name: finding.device.to_owned(),
        is_well: !has || finding.verdict == Verdict::Well,
        words: if has {
            finding.sentence
        } else {
            NOT_FITTED.to_owned()
        },
    }
}

/// Codes of a scanner on a serial line. One that is not there is looked for again, and nobody is told:
/// the pages work without it.
async fn scan_all(mut scanner: Box<dyn Scanner>, post: Post) {
    loop {
        match scanner.scan().await {
            Err(ScanFault::Absent) => tokio::time::sleep(SCANNER_AGAIN).await,
            scanned => post(Event::Scanned(scanned)),
        }
    }
}

#[cfg(test)]
mod tests {
    use kiosk_peripherals::idcard::card::{CardSex, ValidTo};
    use kiosk_peripherals::idcard::check::Disbelief;
    use kiosk_peripherals::idcard::invented;
    use kiosk_peripherals::idcard::poll::ReadFault;
    use kiosk_peripherals::port::Plug;
    use kiosk_peripherals::reader::SamReader;
    use kiosk_peripherals::twin::Shared;
    use kiosk_peripherals::virtual_reader::VirtualReader;
    use tokio::sync::mpsc;
    use tokio::time::timeout;

    use super::*;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 28).unwrap()
    }

    fn told_of(card: Card) -> CardAnswer {
        holder(Ok::<_, ReadFault>(card), today())
    }

    #[test]
    fn a_card_that_has_run_out_and_a_foreigners_are_told_apart_from_one_that_holds() {
        let card = invented();
        let CardAnswer::Holder(number) = told_of(card.clone()) else {
            panic!("it holds");
        };
        assert_eq!(number.expose(), card.number.expose());
        let old = Card {
            valid_to: ValidTo::Day(NaiveDate::from_ymd_opt(2026, 11, 27).unwrap()),
            ..card.clone()
        };
        assert!(matches!(
            told_of(old),
            CardAnswer::Failed(CardTrouble::Disbelieved(Disbelief::Expired { .. }))
        ));
        let foreigner = Card {
            kind: CardKind::Foreigner,
            number: kiosk_peripherals::idcard::card::Secret::new("XXX999999010101".into()),
            sex: CardSex::NotTold,
            ..card
        };
        assert_eq!(told_of(foreigner), CardAnswer::Failed(CardTrouble::Foreign));
    }

    struct Bench {
        twin: Shared<VirtualReader>,
        devices: Devices,
        events: mpsc::UnboundedReceiver<Event>,
    }

    fn bench() -> Bench {
        let twin = Shared::new(VirtualReader::new());
        let (told, events) = mpsc::unbounded_channel();
        let post: Post = Arc::new(move |event| drop(told.send(event)));
        let fitted = Fitted {
            reader: Some(Box::new(SamReader::new(Plug::twin(&twin)))),
            ..Fitted::default()
        };
        Bench {
            twin,
            devices: Devices::start(fitted, &post),
            events,
        }
    }

    #[tokio::test]
    async fn a_card_that_is_laid_down_while_a_page_waits_is_read() {
        let mut bench = bench();
        bench.devices.read_card(Duration::from_secs(10), today());
        bench.twin.with(|twin| twin.put(invented())).unwrap();
        let event = bench.events.recv().await.unwrap();
        assert!(matches!(&event, Event::Card(CardAnswer::Holder(_))));
        assert!(!format!("{event:?}").contains("999999"));
    }

    #[tokio::test]
    async fn nothing_is_read_after_the_page_has_gone() {
        let mut bench = bench();
        bench.devices.read_card(Duration::from_secs(10), today());
        tokio::time::sleep(Duration::from_millis(50)).await;
        bench.devices.stop_reading();
        bench.twin.with(|twin| twin.put(invented())).unwrap();
        let told = timeout(Duration::from_secs(1), bench.events.recv()).await;
        assert!(told.is_err(), "{told:?}");
    }

    #[tokio::test]
    async fn what_is_not_fitted_is_no_fault() {
        let mut bench = bench();
        bench.devices.test();
        let Some(Event::DevicesTested(checks)) = bench.events.recv().await else {
            panic!("the devices were tried");
        };
        assert!(checks.iter().all(|check| check.is_well), "{checks:?}");
        assert_eq!(checks[0].words, NOT_FITTED);
        assert!(checks[1].words.contains("没有放卡"));
    }
}
