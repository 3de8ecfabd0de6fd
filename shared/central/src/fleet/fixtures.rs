//! An invented fleet for tests: one of everything.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveTime;
use domain::id::{DeviceId, HallId, WindowNo};
use domain::queue::{HallLayout, KioskLane};
use domain::time::UtcMs;
use uuid::Uuid;
use wire::api::DeviceKind;
use wire::sign::DeviceKey;
use wire::status::{DeviceStatus, LogCondition};

use super::{FleetPage, FleetRecords, FleetRules, WatchHours};
use crate::hall_state::HallState;
use crate::parameters::Parameters;
use crate::store::{ChainGap, DeviceRecord, Live, Standing, ToldStatus};

/// 2026-11-23 (a Monday) 10:24 in the hall.
pub(crate) const NOW: UtcMs = UtcMs(1_795_400_640_000);
pub(crate) const HALL: HallId = HallId(Uuid::from_u128(900));
/// A hall with a node of its own.
pub(crate) const FAR_HALL: HallId = HallId(Uuid::from_u128(901));

pub(crate) fn id(n: u128) -> DeviceId {
    DeviceId(Uuid::from_u128(n))
}

pub(crate) fn rules() -> FleetRules {
    FleetRules {
        offline_ms: 5 * 60_000,
        board_offline_ms: 5 * 60_000,
        key_ms: 180 * 24 * 3_600_000,
        watch_hours: WatchHours {
            from: NaiveTime::from_hms_opt(8, 30, 0).unwrap(),
            until: NaiveTime::from_hms_opt(17, 30, 0).unwrap(),
            days: 5,
        },
        version: "0.2.0",
    }
}

/// The records of no machine at all, in one hall.
pub(crate) fn no_records() -> FleetRecords {
    let mut live = Live::default();
    live.halls.insert(HALL, hall(HALL, "样例区就业服务中心"));
    FleetRecords {
        live: Arc::new(live),
        statuses: BTreeMap::new(),
        contacts: BTreeMap::new(),
        seen: BTreeMap::new(),
        gaps: BTreeMap::new(),
        set_aside: BTreeMap::new(),
        refusals: Vec::new(),
        boards: (Vec::new(), Vec::new()),
        backups: None,
        centre_heard_at: None,
    }
}

pub(crate) fn hall(hall: HallId, name: &str) -> Arc<HallState> {
    let layout = HallLayout {
        groups: BTreeMap::new(),
        windows: BTreeMap::new(),
    };
    let parameters = Parameters::on(NOW.hall_date()).unwrap().hall;
    Arc::new(HallState::new(hall, name.into(), layout, NOW, parameters))
}

impl FleetRecords {
    /// Enrols a machine.
    pub(crate) fn with(mut self, n: u128, name: &str, kind: DeviceKind, hall: HallId) -> Self {
        let public_key = DeviceKey::from_bytes(&[7; 32]).public();
        let record = DeviceRecord {
            device: id(n),
            name: name.into(),
            kind,
            hall,
            public_key,
            verifier: public_key.verifier(),
            key_since: NOW.plus_minutes(-12 * 24 * 60),
            standing: Standing::Good,
        };
        let live = Arc::make_mut(&mut self.live);
        live.devices.insert(record.device, Arc::new(record));
        if kind == DeviceKind::HallNode {
            live.nodes.insert(hall, id(n));
        }
        self
    }

    /// A machine with a lane.
    pub(crate) fn with_kiosk(self, n: u128) -> Self {
        let lane = u8::try_from(n).unwrap();
        let kind = DeviceKind::HallKiosk {
            lane: KioskLane(lane),
        };
        self.with(n, &format!("{lane} 号自助机"), kind, HALL)
    }

    /// What a machine said so many minutes ago; with what waits and since how many minutes.
    pub(crate) fn told(mut self, n: u128, minutes_ago: i64, waits: (u64, Option<i64>)) -> Self {
        let at = NOW.plus_minutes(-minutes_ago);
        let status = DeviceStatus {
            program: "kiosk".into(),
            version: "0.2.0".into(),
            backlog: waits.0,
            oldest_at: waits.1.map(|minutes| NOW.plus_minutes(-minutes)),
            log: LogCondition::Good,
            device_time: at,
            faults: Vec::new(),
        };
        let device = id(n);
        self.statuses
            .insert(device, ToldStatus { device, status, at });
        self
    }

    /// Changes what a machine said.
    pub(crate) fn but(mut self, n: u128, change: impl FnOnce(&mut DeviceStatus)) -> Self {
        change(&mut self.statuses.get_mut(&id(n)).unwrap().status);
        self
    }

    pub(crate) fn standing(mut self, n: u128, standing: Standing) -> Self {
        let live = Arc::make_mut(&mut self.live);
        Arc::make_mut(live.devices.get_mut(&id(n)).unwrap()).standing = standing;
        self
    }

    /// Three events from the twelfth on wait since so many minutes.
    pub(crate) fn with_gap(mut self, n: u128, minutes_ago: i64) -> Self {
        let gap = ChainGap {
            writer: id(n),
            held: 3,
            first_seq: 12,
            since: NOW.plus_minutes(-minutes_ago),
        };
        self.gaps.insert(id(n), gap);
        self
    }

    pub(crate) fn page(&self) -> FleetPage {
        FleetPage::of(self, &rules(), NOW)
    }
}

/// A machine whose clock is so many minutes slow, wherever it tells its time.
fn slow(minutes: i64) -> impl FnOnce(&mut DeviceStatus) {
    move |status| {
        status.device_time = status.device_time.plus_minutes(-minutes);
        status.oldest_at = status.oldest_at.map(|at| at.plus_minutes(-minutes));
    }
}

/// A morning with one of everything.
pub(crate) fn records() -> FleetRecords {
    let window = DeviceKind::WindowTerminal {
        window: WindowNo::new(3).unwrap(),
    };
    let (far_kiosk, driver) = (
        DeviceKind::HallKiosk { lane: KioskLane(1) },
        DeviceKind::DisplayDriver,
    );
    let mut records = no_records()
        .with_kiosk(1)
        .told(1, 0, (0, None))
        .with_kiosk(2)
        .told(2, 0, (2, Some(1)))
        .but(2, |status| status.version = "0.1.9".into())
        .with_kiosk(3)
        .told(3, 22, (3, Some(26)))
        .but(3, slow(3))
        .with(4, "3 号窗口评价器", window, HALL)
        .told(4, 0, (0, None))
        .standing(4, Standing::Equivocated)
        .with(5, "大厅屏控制器", driver, HALL)
        .told(5, 0, (0, None))
        .but(5, slow(60))
        .with_gap(5, 22)
        .with_kiosk(6)
        .standing(6, Standing::Revoked)
        .with(7, "城北站节点", DeviceKind::HallNode, FAR_HALL)
        .told(7, 0, (1, Some(0)))
        .with(8, "1 号自助机（城北）", far_kiosk, FAR_HALL)
        .with_kiosk(9);
    records.set_aside.insert(id(4), 2);
    let live = Arc::make_mut(&mut records.live);
    live.halls.insert(FAR_HALL, hall(FAR_HALL, "城北站"));
    records
}
