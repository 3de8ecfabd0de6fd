//! Printers and readers over a real line with the twin at its far end: TCP, a pseudo-terminal, and within
//! the process. What a person sees of each fault.

use std::time::Duration;

use kiosk_peripherals::escpos::document::Document;
use kiosk_peripherals::escpos::typeset::{Paper, PaperWidth};
use kiosk_peripherals::idcard::check::believe;
use kiosk_peripherals::idcard::invented;
use kiosk_peripherals::idcard::poll::ReadFault;
use kiosk_peripherals::port::{Plug, PortAddress};
use kiosk_peripherals::printer::{Printer as _, WirePrinter};
use kiosk_peripherals::printing::{Outcome, Timing, Trouble, Warning};
use kiosk_peripherals::reader::{CardReader as _, FileReader, SamReader};
use kiosk_peripherals::slip::test_paper;
use kiosk_peripherals::twin::{Shared, Twin as _};
use kiosk_peripherals::virtual_printer::{Answering, PaperState, SheetEnd, VirtualPrinter};
use kiosk_peripherals::virtual_reader::{Mood, VirtualReader};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::time::sleep;
use tokio_serial::{SerialPort as _, SerialStream};

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// A quick printer, so that a test takes half a second and not three.
fn timing() -> Timing {
    Timing {
        baud: 1_000_000,
        answer_within: ms(150),
        drain: ms(5),
        paper_moves: ms(100),
        asks_after: 2,
    }
}

fn paper() -> Document {
    test_paper("K2").expect("a short paper")
}

/// A twin, and a printer at its line.
fn printer() -> (Shared<VirtualPrinter>, WirePrinter) {
    let twin = Shared::new(VirtualPrinter::new(PaperWidth::Mm80));
    let paper = Paper::of(PaperWidth::Mm80);
    let printer = WirePrinter::new(Plug::twin(&twin), paper, timing());
    (twin, printer)
}

/// How the papers ended that came out.
fn ends(twin: &Shared<VirtualPrinter>) -> Vec<SheetEnd> {
    twin.with(|twin| twin.slips().iter().map(|it| it.end).collect())
}

#[tokio::test]
async fn a_paper_is_printed_once_and_a_low_roll_warns() {
    let (twin, mut printer) = printer();
    assert_eq!(printer.print(&paper()).await, Outcome::Printed(None));
    assert_eq!(ends(&twin), [SheetEnd::Cut]);
    assert!(twin.with(|twin| twin.errors().is_empty()));
    twin.with(|twin| twin.faults.paper = PaperState::Low);
    let low = Some(Warning::PaperLow);
    assert_eq!(printer.print(&paper()).await, Outcome::Printed(low));
    assert_eq!(printer.health().await, Ok(low));
}

#[tokio::test]
async fn each_trouble_refuses_before_anything_is_sent() {
    for (trouble, spoil) in [
        (
            Trouble::CoverOpen,
            (|it| it.faults.is_cover_open = true) as fn(&mut VirtualPrinter),
        ),
        (Trouble::PaperOut, |it| it.faults.paper = PaperState::Out),
        (Trouble::Offline, |it| it.faults.is_offline = true),
        (Trouble::Silent, |it| it.faults.answering = Answering::Never),
    ] {
        let (twin, mut printer) = printer();
        twin.with(spoil);
        assert_eq!(printer.print(&paper()).await, Outcome::Refused(trouble));
        assert_eq!(ends(&twin), []);
        twin.with(VirtualPrinter::mend);
        assert_eq!(
            printer.print(&paper()).await,
            Outcome::Printed(None),
            "after {trouble:?}"
        );
    }
}

#[tokio::test]
async fn a_cover_opened_in_the_middle_is_unknown_and_the_slip_is_not_printed_twice() {
    let (twin, mut printer) = printer();
    twin.with(|twin| twin.faults.cover_opens_after = Some(60));
    let unknown = Outcome::Unknown(Some(Trouble::CoverOpen));
    assert_eq!(printer.print(&paper()).await, unknown);
    twin.with(VirtualPrinter::mend);
    sleep(ms(300)).await;
    let whole = ends(&twin)
        .iter()
        .filter(|it| **it == SheetEnd::Cut)
        .count();
    assert_eq!(
        whole, 1,
        "what waited in the printer came out by itself, nothing was sent again"
    );
}

#[tokio::test]
async fn power_lost_in_the_middle_is_unknown_and_half_a_slip_hangs_out() {
    let (twin, mut printer) = printer();
    twin.with(|twin| twin.faults.power_fails_after = Some(150));
    assert_eq!(printer.print(&paper()).await, Outcome::Unknown(None));
    assert_eq!(ends(&twin), [SheetEnd::Broken]);
}

#[tokio::test]
async fn answers_that_come_late_are_taken_when_they_come_in_time() {
    let (twin, mut printer) = printer();
    twin.with(|twin| twin.faults.answering = Answering::After(ms(80)));
    assert_eq!(printer.print(&paper()).await, Outcome::Printed(None));
    twin.with(|twin| twin.faults.answering = Answering::After(ms(800)));
    assert_eq!(
        printer.print(&paper()).await,
        Outcome::Refused(Trouble::Silent)
    );
}

#[tokio::test]
async fn an_unplugged_printer_works_as_soon_as_it_is_back() {
    let (twin, mut printer) = printer();
    twin.unplug();
    assert_eq!(
        printer.print(&paper()).await,
        Outcome::Refused(Trouble::Absent)
    );
    twin.plug_in();
    assert_eq!(printer.print(&paper()).await, Outcome::Printed(None));
    // pulled while nothing is printed, and put in again
    twin.unplug();
    sleep(ms(60)).await;
    twin.plug_in();
    assert_eq!(printer.print(&paper()).await, Outcome::Printed(None));
    assert_eq!(ends(&twin), [SheetEnd::Cut; 2]);
}

#[tokio::test]
async fn a_printer_unplugged_while_it_prints_is_unknown() {
    let (twin, mut printer) = printer();
    let puller = twin.clone();
    tokio::spawn(async move {
        while puller.with(|twin| twin.slips().is_empty()) {
            sleep(ms(2)).await;
        }
        puller.unplug();
    });
    let unknown = Outcome::Unknown(Some(Trouble::Absent));
    assert_eq!(printer.print(&paper()).await, unknown);
}

#[tokio::test]
async fn a_network_printer_prints() {
    let twin = Shared::new(VirtualPrinter::new(PaperWidth::Mm58));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let far = twin.clone();
    tokio::spawn(async move { far.serve(listener).await });
    let plug = Plug::At(PortAddress::Tcp(address.to_string()), 9_600);
    let mut printer = WirePrinter::new(plug, Paper::of(PaperWidth::Mm58), timing());
    assert_eq!(printer.print(&paper()).await, Outcome::Printed(None));
    assert_eq!(ends(&twin), [SheetEnd::Cut]);
}

/// A pseudo-terminal whose far end is a twin.
fn terminal(twin: Shared<VirtualPrinter>) -> String {
    let (mut far, near) = SerialStream::pair().expect("a pair of lines");
    let path = near.name().expect("its name");
    // its flags would keep the printer's own end out
    drop(near);
    tokio::spawn(async move {
        let mut buffer = [0; 256];
        loop {
            let count = match tokio::time::timeout(ms(5), far.read(&mut buffer)).await {
                Ok(Ok(count)) if count > 0 => count,
                Ok(Ok(_)) | Err(_) => 0,
                Ok(Err(_)) => {
                    // nobody is at the near end at present
                    sleep(ms(5)).await;
                    0
                }
            };
            let answers = twin.with(|twin| {
                twin.receive(Duration::ZERO, &buffer[..count]);
                twin.answers(Duration::ZERO)
            });
            let _ = far.write_all(&answers).await;
        }
    });
    path
}

#[tokio::test]
async fn a_printer_on_a_serial_port_and_one_behind_a_device_file_print() {
    let addresses: [fn(String) -> PortAddress; 2] = [
        |path| PortAddress::Serial(path.into()),
        |path| PortAddress::Device(path.into()),
    ];
    for address in addresses {
        let twin = Shared::new(VirtualPrinter::new(PaperWidth::Mm80));
        let path = terminal(twin.clone());
        let plug = Plug::At(address(path), 115_200);
        assert!(plug.may_be_there());
        let mut printer = WirePrinter::new(plug, Paper::of(PaperWidth::Mm80), timing());
        assert_eq!(printer.print(&paper()).await, Outcome::Printed(None));
        assert_eq!(ends(&twin), [SheetEnd::Cut]);
    }
}

/// A twin, and a reader at its line.
fn reader() -> (Shared<VirtualReader>, SamReader) {
    let twin = Shared::new(VirtualReader::new());
    let reader = SamReader::new(Plug::twin(&twin));
    (twin, reader)
}

#[tokio::test]
async fn a_card_put_down_while_a_page_waits_is_read_and_believed() {
    let (twin, mut reader) = reader();
    let hand = twin.clone();
    tokio::spawn(async move {
        sleep(ms(200)).await;
        hand.with(|twin| twin.put(invented()).unwrap());
    });
    let card = reader.read(ms(6_000)).await.unwrap();
    assert!(card == invented());
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 28).unwrap();
    assert_eq!(believe(&card, today), Ok(()));
    assert_eq!(reader.read(ms(2_500)).await, Err(ReadFault::StillThere));
}

#[tokio::test]
async fn each_unwell_reader_has_its_sentence_and_the_page_goes_on() {
    for (mood, expected) in [
        (Mood::Well, ReadFault::NoCard),
        (Mood::Mute, ReadFault::NoCard),
        (Mood::Babbling, ReadFault::NoCard),
        (
            Mood::Refusing(0x66),
            ReadFault::Unusable(kiosk_peripherals::idcard::message::StatusCode::NotAuthorised),
        ),
        (
            Mood::Refusing(0x40),
            ReadFault::Card(kiosk_peripherals::idcard::message::StatusCode::WrongCardType),
        ),
    ] {
        let (twin, mut reader) = reader();
        twin.with(|twin| twin.mood = mood);
        let fault = reader.read(ms(900)).await.unwrap_err();
        assert_eq!(fault, expected, "{mood:?}");
        assert!(
            fault.to_string().contains('请') || fault.to_string().contains("可以"),
            "{fault}"
        );
    }
}

#[tokio::test]
async fn a_silent_reader_is_told_after_three_commands_and_a_slow_one_is_waited_for() {
    let (twin, mut silent) = reader();
    twin.with(|twin| twin.mood = Mood::Mute);
    assert_eq!(silent.read(ms(8_000)).await, Err(ReadFault::Silent));
    let (twin, mut slow) = reader();
    twin.with(|twin| {
        twin.mood = Mood::Slow(ms(500));
        twin.put(invented()).unwrap();
    });
    assert!(slow.read(ms(6_000)).await.is_ok());
}

#[tokio::test]
async fn a_reader_that_is_unplugged_is_absent_and_found_again() {
    let (twin, mut reader) = reader();
    twin.unplug();
    assert_eq!(reader.read(ms(3_000)).await, Err(ReadFault::Absent));
    twin.plug_in();
    twin.with(|twin| twin.put(invented()).unwrap());
    assert!(reader.read(ms(6_000)).await.is_ok());
    twin.unplug();
    sleep(ms(60)).await;
    twin.plug_in();
    twin.with(|twin| twin.put(invented()).unwrap());
    assert!(reader.read(ms(6_000)).await.is_ok());
}

#[tokio::test]
async fn a_page_that_goes_away_stops_the_asking() {
    let (twin, mut reader) = reader();
    let waited = tokio::time::timeout(ms(100), reader.read(ms(60_000))).await;
    assert!(waited.is_err());
    twin.with(|twin| twin.put(invented()).unwrap());
    sleep(ms(900)).await;
    // nobody has found the card in the meantime, so it can be found now
    assert!(reader.read(ms(6_000)).await.is_ok());
}

#[tokio::test]
async fn a_card_in_a_file_goes_the_way_of_every_card_and_only_of_nobody() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("card.json");
    let mut reader = FileReader::of(file.clone());
    assert_eq!(reader.read(ms(60)).await, Err(ReadFault::NoCard));
    let mut card = kiosk_peripherals::reader::to_wire(&invented());
    std::fs::write(&file, serde_json::to_string(&card).unwrap()).unwrap();
    for _ in 0..2 {
        assert!(reader.read(ms(6_000)).await.unwrap() == invented());
    }
    card.id_number = "110101190001010015".into();
    std::fs::write(&file, serde_json::to_string(&card).unwrap()).unwrap();
    assert_eq!(reader.read(ms(900)).await, Err(ReadFault::NotInvented));
    std::fs::write(&file, "{}").unwrap();
    assert_eq!(reader.read(ms(900)).await, Err(ReadFault::Garbled));
}
