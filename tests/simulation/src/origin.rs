//! Where every history begins: a centre with a hall of its own, a hall node with another, ten
//! devices at each, everybody enrolled and nothing written yet. It is made once, over the real
//! enrolment, and every history starts on copies of its disks.
//!
//! The ids are random, as in life, but each is of a millisecond of its own: so their order, and
//! with it all that follows in a history, is the same in every process.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use central::admin::{AdminDesk, AdminRequest};
use central::staff::{self, NewStaff};
use central::store::{Role, Store};
use domain::case::Role as StaffRole;
use domain::id::{DeviceId, GroupCode, HallId, WindowNo};
use domain::queue::{HallLayout, KioskLane, ServiceGroup};
use domain::time::UtcMs;
use sync::identity::DeviceIdentity;
use sync::log::DeviceLog;
use testkit::disk::{Disk, Image};
use testkit::random::Seeded;
use tokio::runtime::Runtime;
use uuid::Uuid;
use wire::api::{DeviceKind, EnrolRequest, Enrolled, path};
use wire::event::RoleGrant;
use wire::relay::NodeStaffList;
use wire::sign::DeviceKey;

use crate::line::{Ask, SiteName};
use crate::site::Site;

/// 2026-11-23 09:00 in the halls.
pub const START: UtcMs = UtcMs(1_795_395_600_000);
/// Kiosks at each site; two window terminals come on top.
pub const KIOSKS: u8 = 8;
/// Windows of each hall.
pub const WINDOWS: u8 = 2;
/// A device's log on its disk.
pub const LOG: &str = "log.db";
/// The sign-in name of the clerk at the centre.
pub const AT_CENTRE: &str = "centre";
/// Everybody's password.
pub const PASSWORD: &str = "synthetic-password";

/// One device as enrolled.
#[derive(Debug, Clone)]
pub struct DeviceOrigin {
    /// Who it is.
    pub identity: DeviceIdentity,
    /// Its disk, with a log that is adopted and empty.
    pub image: Image,
    /// Whom it asks.
    pub site: SiteName,
}

/// Where histories begin.
#[derive(Debug)]
pub struct Origin {
    /// The centre's disk and writer id.
    pub centre: (Image, DeviceId),
    /// The node's disk.
    pub node: Image,
    /// The node as the centre knows it.
    pub node_identity: DeviceIdentity,
    /// The devices.
    pub devices: Vec<DeviceOrigin>,
    /// Cookies of a clerk who is signed in, at the centre and at the node.
    pub cookies: [String; 2],
}

/// The origin, made by the first history of this process.
///
/// # Panics
/// When the real enrolment fails.
#[must_use]
pub fn origin(runtime: &Runtime) -> &'static Origin {
    static ORIGIN: OnceLock<Origin> = OnceLock::new();
    ORIGIN.get_or_init(|| make(runtime))
}

fn make(runtime: &Runtime) -> Origin {
    let mut keys = Seeded::new(1);
    let mut centre = Site::new(Disk::new(), Role::Centre, DeviceId(Uuid::from_u128(0xCE)));
    centre.start().expect("a new store");
    let hall = lay_out(&centre);
    let node_identity = enrol(&centre, runtime, DeviceKind::HallNode, "节点", &mut keys);
    let node_hall = node_identity.enrolled.hall;
    let role = Role::HallNode { hall: node_hall };
    let mut node = Site::new(Disk::new(), role, node_identity.enrolled.device);
    node.start().expect("a new store");
    lay_out(&node);
    let mut devices = Vec::new();
    for (site, name) in [(&centre, SiteName::Centre), (&node, SiteName::Node)] {
        for kind in kinds() {
            let identity = enrol(site, runtime, kind, "设备", &mut keys);
            devices.push(DeviceOrigin {
                image: adopted_log(&identity),
                identity,
                site: name,
            });
        }
    }
    add_clerk(&centre, hall, AT_CENTRE);
    add_clerk(&centre, node_hall, "node");
    take_staff(&centre, &node, &node_identity, runtime);
    let cookies = [(&centre, AT_CENTRE), (&node, "node")].map(|(site, login)| {
        let app = &site.running().expect("power").app;
        let session = runtime.block_on(app.sign_in(login, PASSWORD, ""));
        session.expect("the clerk").cookie.to_string()
    });
    centre.stop();
    node.stop();
    Origin {
        centre: (centre.disk.image(), centre.own()),
        node: node.disk.image(),
        node_identity,
        devices,
        cookies,
    }
}

fn kinds() -> impl Iterator<Item = DeviceKind> {
    let kiosks = (1..=KIOSKS).map(|lane| DeviceKind::HallKiosk {
        lane: KioskLane(lane),
    });
    let terminals = (1..=WINDOWS).map(|number| DeviceKind::WindowTerminal {
        window: window(number),
    });
    kiosks.chain(terminals)
}

/// A window.
#[must_use]
pub fn window(number: u8) -> WindowNo {
    WindowNo::new(number).expect("a window, because numbers are small")
}

/// The one service group of each hall.
#[must_use]
pub fn group() -> GroupCode {
    GroupCode::new('A').expect("a group, because A is a letter")
}

fn store_of(site: &Site) -> &Store {
    &site.running().expect("power").store
}

fn ask(site: &Site, request: AdminRequest) -> serde_json::Value {
    let now = site.clock();
    let desk = AdminDesk::new(
        store_of(site).clone(),
        Path::new("."),
        Arc::new(move || now),
    );
    let told = desk.perform(request, &mut |_| {}).expect("done");
    serde_json::from_str(&told.json).expect("JSON")
}

fn lay_out(site: &Site) -> HallId {
    let service = ServiceGroup {
        name: "综合就业".into(),
        hint: String::new(),
        typical_service_minutes: 10,
    };
    let windows = (1..=WINDOWS).map(|number| (window(number), [group()].into()));
    next_millisecond(site);
    let layout = HallLayout {
        groups: [(group(), service)].into(),
        windows: windows.collect(),
    };
    let told = ask(
        site,
        AdminRequest::LayOut {
            hall: None,
            station_name: "示例大厅".into(),
            layout,
        },
    );
    serde_json::from_value(told["hall"].clone()).expect("a hall")
}

fn enrol(
    site: &Site,
    runtime: &Runtime,
    kind: DeviceKind,
    name: &str,
    keys: &mut Seeded,
) -> DeviceIdentity {
    next_millisecond(site);
    let made = ask(
        site,
        AdminRequest::EnrolCode {
            hall: None,
            kind,
            name: name.to_owned(),
        },
    );
    let mut bytes = [0; 32];
    keys.fill(&mut bytes);
    let key = DeviceKey::from_bytes(&bytes);
    let request = EnrolRequest {
        code: made["code"].as_str().expect("a code").to_owned(),
        public_key: key.public(),
    };
    let answer = site.answer_unsigned(&Ask::post(path::ENROL, &request), runtime);
    let enrolled: Enrolled = serde_json::from_slice(&answer.body).expect("enrolled");
    DeviceIdentity::in_memory(key, enrolled)
}

fn adopted_log(identity: &DeviceIdentity) -> Image {
    let disk = Disk::new();
    let mut log = DeviceLog::open_on(Path::new(LOG), disk.vfs()).expect("a new log");
    log.adopt(identity.enrolled.device)
        .expect("a log of its own");
    drop(log);
    disk.image()
}

fn next_millisecond(site: &Site) {
    site.set_clock(site.clock().plus_ms(1));
}

fn add_clerk(site: &Site, hall: HallId, login: &str) {
    next_millisecond(site);
    let new = NewStaff {
        name: "李四".into(),
        login: login.into(),
        clerk_no: "01".into(),
        hall,
        roles: [StaffRole::Clerk, StaffRole::HallManager, StaffRole::Tech]
            .map(RoleGrant::everywhere)
            .into(),
    };
    staff::add(store_of(site), new, PASSWORD, site.clock()).expect("an account");
}

fn take_staff(centre: &Site, node: &Site, identity: &DeviceIdentity, runtime: &Runtime) {
    let asked = Ask::get(path::NODE_STAFF);
    let request = asked.sign(identity.enrolled.device, &identity.key, START, 1);
    let answer = centre.answer(&request, runtime).expect("power");
    let list: NodeStaffList = serde_json::from_slice(&answer.body).expect("a list");
    runtime
        .block_on(central::node::keep_staff(store_of(node), list, START))
        .expect("kept");
}
