//! Boards that a display driver has described, without the program: its signed word that they are
//! there, so that pages about boards have some. Nothing is drawn here and nothing played.

use central::edge::system_clock;
use sync::client::{CentralClient, enrol};
use sync::device_clock::Clock;
use sync::identity::DeviceIdentity;
use wire::api::{EnrolRequest, Push};
use wire::board::{BoardDescription, Plays, ZoneDescription};
use wire::envelope::{self, ChainHead, Draft};
use wire::event::{BoardsDescribed, Event};
use wire::sign::DeviceKey;

/// The board on which the stories look.
pub(crate) fn hall_board() -> BoardDescription {
    board("LED-01", "大厅屏", 192)
}

fn board(number: &str, name: &str, width_px: u16) -> BoardDescription {
    BoardDescription {
        board: number.to_owned(),
        name: name.to_owned(),
        family: "onbon-k".to_owned(),
        width_px,
        height_px: 32,
        has_green: true,
        window: None,
        limits: Default::default(),
        zones: vec![ZoneDescription {
            x_px: 0,
            y_px: 0,
            width_px,
            height_px: 32,
            plays: vec![Plays::Vacancies, Plays::Policies, Plays::Notices],
        }],
    }
}

/// Enrols as a driver with a code, and tells which boards there are.
pub(crate) fn tell_of_boards(base: &str, code: &str) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let centre: sync::address::CentralAddress = base.parse().expect("an address");
    let key = DeviceKey::from_bytes(&central::edge::random_bytes());
    let request = EnrolRequest {
        code: code.to_owned(),
        public_key: key.public(),
    };
    let enrolled = runtime
        .block_on(enrol(&centre, &request))
        .expect("enrolled");
    let (hall, writer) = (enrolled.hall, enrolled.device);
    let identity = DeviceIdentity::in_memory(key.clone(), enrolled);
    let clock = Clock::new(|| system_clock()());
    let client = CentralClient::new(&centre, identity, clock).expect("a client");
    let boards = vec![hall_board(), board("LED-02", "政策屏", 256)];
    let event = Event::BoardsDescribed(BoardsDescribed { hall, boards });
    let draft = Draft {
        writer,
        at: client.device_time(),
        kind: event.kind(),
        body: &event.body(),
    };
    let text = envelope::write(&draft, ChainHead::EMPTY);
    let head = envelope::read(&text).expect("an event").head();
    let push = Push {
        events: vec![text],
        tail_signature: key.sign_tail(writer, head),
        device_time: client.device_time(),
        clock_since_seq: 0,
    };
    let pushed = runtime.block_on(client.push(&push));
    assert_eq!(pushed.expect("taken in").head, head);
}
