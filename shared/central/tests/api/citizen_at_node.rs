//! Kiosks of a hall node ask for citizens: the centre answers over the node's line, counts as for its
//! own kiosks, and without the line the kiosk is told so at once.

use central::admin::AdminRequest;
use central::node::{RelayDesk, Upstream, answer_citizens_by};
use sync::client::CentralClient;
use sync::enrolment::load_or_enrol;
use sync::identity::DeviceIdentity;
use wire::api::{DeviceKind, path};
use wire::citizen::{AskProgress, Progress, Services, Typed};
use wire::link::Told;
use wire::problem::{Problem, ProblemCode};

use crate::citizen::{CASE, Desk};
use crate::hall::{Answer, Device, Hall};

/// A hall node of a centre, with its kiosk.
struct Node {
    hall: Hall,
    kiosk: Device,
    identity: DeviceIdentity,
}

impl Node {
    async fn of(centre: &Hall) -> Self {
        let made = centre
            .ask(AdminRequest::EnrolCode {
                hall: None,
                kind: DeviceKind::HallNode,
                name: "示例网点".to_owned(),
            })
            .await;
        let folder = tempfile::tempdir().unwrap();
        let address = centre.base.parse().unwrap();
        let code = made["code"].as_str();
        let identity = load_or_enrol(folder.path(), &address, code).await.unwrap();
        let hall = Hall::open_in(folder).await;
        let kiosk = hall.enrol_kiosk().await;
        Self {
            hall,
            kiosk,
            identity,
        }
    }

    fn line_to(&self, base: &str) -> Upstream {
        let now = self.hall.now();
        let clock = std::sync::Arc::new(move || now);
        Upstream::new(&base.parse().unwrap(), self.identity.clone(), clock).unwrap()
    }

    /// Tells the centre of the node's machines.
    async fn relay_to(&self, centre: &Hall) {
        let now = self.hall.now();
        let clock = sync::device_clock::Clock::new(move || now);
        let address = centre.base.parse().unwrap();
        let client = CentralClient::new(&address, self.identity.clone(), clock).unwrap();
        let own = self.identity.enrolled.device;
        let desk = RelayDesk::new(self.hall.store.clone(), own);
        let told = client.relay_tails().await.unwrap();
        let Told::Agrees(held) = desk.compare(told, now).await.unwrap() else {
            panic!("a new node contradicts nobody")
        };
        let key = self.identity.key.clone();
        let next = desk.next(held, move |head| key.sign_tail(own, head)).await;
        client.relay(&next.unwrap().unwrap()).await.unwrap();
    }

    async fn progress(&self, last4: &str) -> Answer<Progress> {
        let asked = AskProgress::CaseNo {
            case_no: CASE.to_owned(),
            last4: Typed::new(last4),
        };
        self.kiosk.post(path::CITIZEN_PROGRESS, &asked).await
    }

    async fn services(&self) -> Answer<Services> {
        self.kiosk.get(path::CITIZEN_SERVICES).await
    }
}

fn problem<T: std::fmt::Debug>(answer: Answer<T>) -> Problem {
    answer.unwrap_err()
}

#[tokio::test]
async fn a_kiosk_of_a_node_is_answered_and_counted_by_the_centre() {
    let centre = Desk::open().await;
    let node = Node::of(&centre.hall).await;
    answer_citizens_by(&node.hall.app, &node.line_to(&centre.hall.base));
    let early = problem(node.services().await);
    assert_eq!(early.code, ProblemCode::Unavailable, "not told of yet");
    node.relay_to(&centre.hall).await;
    let offered = node.services().await.unwrap();
    let own: Answer<Services> = centre.kiosk.get(path::CITIZEN_SERVICES).await;
    assert_eq!(offered.services.len(), own.unwrap().services.len());
    let told = node.progress(&centre.number[14..]).await.unwrap();
    assert_eq!(told.cases[0].case_no, CASE);
    assert_eq!(centre.trail("citizen_progress").await, [CASE]);
    assert_eq!(node.hall.count("citizen.served.v1").await, 0);
    for _ in 0..3 {
        let wrong = problem(node.progress("9999").await);
        assert_eq!(wrong.code, ProblemCode::NotFound);
    }
    let locked = problem(node.progress(&centre.number[14..]).await);
    assert_eq!(
        locked.code,
        ProblemCode::TooMany,
        "three misses lock here too"
    );
}

#[tokio::test]
async fn without_the_line_a_kiosk_of_a_node_is_told_so_in_words_for_a_citizen() {
    let centre = Desk::open().await;
    let node = Node::of(&centre.hall).await;
    let unconnected = problem(node.progress("9999").await);
    // a port on which nobody listens
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    answer_citizens_by(&node.hall.app, &node.line_to(&base));
    let cut = problem(node.progress("9999").await);
    assert_eq!(cut, unconnected);
    assert_eq!(cut.code, ProblemCode::Unavailable);
    assert!(cut.detail.contains("网络断了") && cut.detail.contains("窗口"));
}
