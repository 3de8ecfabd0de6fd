//! The bridge over a real socket.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use kiosk_peripherals::idcard::card as idcard;
use kiosk_peripherals::idcard::poll::ReadFault;
use kiosk_peripherals::printer::Doing;
use kiosk_peripherals::reader::{CardReader, FileReader, NoReader};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use wire::bridge::Card;

use super::*;

const CENTRE: &str = "https://10.0.0.2:7310";

struct Desk {
    address: SocketAddr,
    code: String,
    place: TempDir,
}

/// A reader that takes its time.
struct Slow(Duration);

impl CardReader for Slow {
    fn is_there(&self) -> bool {
        true
    }

    fn read(&mut self, _within: Duration) -> Doing<'_, Result<idcard::Card, ReadFault>> {
        let takes = self.0;
        Box::pin(async move {
            tokio::time::sleep(takes).await;
            Err(ReadFault::NoCard)
        })
    }
}

impl Desk {
    async fn with(reader: impl FnOnce(PathBuf) -> Box<dyn CardReader>) -> Self {
        let place = tempfile::tempdir().unwrap();
        let pairing = Pairing::new().unwrap();
        let code = pairing.shown();
        let reader = reader(place.path().join("card.json"));
        let bridge = Bridge::new(CENTRE.parse().unwrap(), pairing, reader);
        let bridge = bridge.waiting(Duration::from_secs(2));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(serve(listener, bridge));
        Self {
            address,
            code,
            place,
        }
    }

    async fn with_virtual() -> Self {
        Self::with(|file| Box::new(FileReader::of(file))).await
    }

    fn put_card(&self, id_number: &str) {
        let card = format!(
            r#"{{"name":"测试甲","id_number":"{id_number}","sex":"男","birth":"1900-01-01",
                "address":"虚构省样例市测试区一号","issuer":"样例市公安局测试分局",
                "valid_from":"2020-01-01","valid_to":"长期"}}"#
        );
        std::fs::write(self.place.path().join("card.json"), card).unwrap();
    }

    async fn send(&self, text: &str) -> String {
        let mut connection = TcpStream::connect(self.address).await.unwrap();
        connection.write_all(text.as_bytes()).await.unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).await.unwrap();
        answer
    }

    async fn ask(&self, line: &str, origin: &str, code: &str) -> String {
        let address = self.address;
        self.send(&format!(
            "{line} HTTP/1.1\r\nhost: {address}\r\norigin: {origin}\r\nx-bridge-pairing: {code}\r\n\
             content-length: 0\r\n\r\n"
        ))
        .await
    }

    async fn read(&self) -> String {
        self.ask("POST /v1/read-card", CENTRE, &self.code).await
    }
}

#[tokio::test]
async fn the_card_on_the_virtual_reader_is_read_and_not_to_be_stored() {
    let desk = Desk::with_virtual().await;
    let answer = desk.read().await;
    assert!(answer.starts_with("HTTP/1.1 409") && answer.contains("没有看到身份证"));
    desk.put_card("999999190001010015");
    let answer = desk.read().await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("cache-control: no-store"));
    assert!(answer.contains(&format!("access-control-allow-origin: {CENTRE}\r\n")));
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    let card: Card = serde_json::from_str(body).unwrap();
    assert_eq!(
        (card.name.as_str(), card.valid_to.as_str()),
        ("测试甲", "长期")
    );
    assert!(!format!("{card:?}").contains("测试甲"));
}

#[tokio::test]
async fn a_virtual_card_of_somebody_who_could_exist_is_refused() {
    let desk = Desk::with_virtual().await;
    desk.put_card("110101190001010015");
    let answer = desk.read().await;
    assert!(answer.contains("只读虚构的人") && !answer.contains("测试甲"));
}

#[tokio::test]
async fn without_a_reader_the_bridge_says_so() {
    let desk = Desk::with(|_| Box::new(NoReader)).await;
    let health = desk.ask("GET /v1/health", CENTRE, "").await;
    assert!(health.contains("\"has_reader\":false"), "{health}");
    assert!(desk.read().await.contains("没有接读卡器"));
}

#[tokio::test]
async fn another_page_another_name_and_another_code_get_nothing() {
    let desk = Desk::with_virtual().await;
    desk.put_card("999999190001010015");
    for origin in ["https://evil.test", "null", ""] {
        let answer = desk.ask("POST /v1/read-card", origin, &desk.code).await;
        assert!(answer.starts_with("HTTP/1.1 403"), "{origin}");
        assert!(!answer.contains("access-control"), "{origin}");
    }
    let code = &desk.code;
    let rebound = format!(
        "POST /v1/read-card HTTP/1.1\r\nhost: evil.test:{}\r\norigin: {CENTRE}\r\n\
         x-bridge-pairing: {code}\r\n\r\n",
        desk.address.port()
    );
    assert!(desk.send(&rebound).await.starts_with("HTTP/1.1 403"));
    let answer = desk.ask("POST /v1/read-card", CENTRE, "AAAA-AAAA").await;
    assert!(answer.starts_with("HTTP/1.1 401") && answer.contains("配对码"));
    let answer = desk.ask("GET /v1/read-card", CENTRE, code).await;
    assert!(answer.starts_with("HTTP/1.1 404"));
}

#[tokio::test]
async fn codes_cannot_be_guessed_but_a_page_without_one_may_ask() {
    let desk = Desk::with_virtual().await;
    for _ in 0..20 {
        let answer = desk.ask("POST /v1/read-card", CENTRE, "").await;
        assert!(answer.starts_with("HTTP/1.1 401"));
    }
    for _ in 0..10 {
        desk.ask("POST /v1/read-card", CENTRE, "2222-2222").await;
    }
    assert!(
        desk.read().await.starts_with("HTTP/1.1 429"),
        "also the right one"
    );
}

#[tokio::test]
async fn a_browser_is_told_beforehand_what_it_may_send_from_a_public_page() {
    let desk = Desk::with_virtual().await;
    let answer = desk.ask("OPTIONS /v1/read-card", CENTRE, "").await;
    assert!(answer.starts_with("HTTP/1.1 204"));
    for header in [
        "access-control-allow-headers: x-bridge-pairing",
        "access-control-allow-private-network: true",
        "access-control-allow-methods: GET, POST",
    ] {
        assert!(answer.contains(header), "{header}");
    }
    let answer = desk
        .ask("OPTIONS /v1/read-card", "https://evil.test", "")
        .await;
    assert!(answer.starts_with("HTTP/1.1 403") && !answer.contains("private-network"));
}

#[tokio::test]
async fn one_card_at_a_time_and_not_for_ever() {
    let desk = Desk::with(|_| Box::new(Slow(Duration::from_secs(5)))).await;
    let (first, second) = tokio::join!(desk.read(), async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        desk.read().await
    });
    assert!(first.starts_with("HTTP/1.1 504") && first.contains("没有读到身份证"));
    assert!(second.starts_with("HTTP/1.1 409") && second.contains("正在读另一张"));
    let still = desk.read().await;
    assert!(
        still.contains("正在读另一张"),
        "the reader has not ended yet"
    );
}

#[tokio::test]
async fn what_is_no_request_is_turned_away() {
    let desk = Desk::with_virtual().await;
    let answer = desk.send("hello\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 400"));
}
