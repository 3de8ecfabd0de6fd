//! What the fleet is made of, read from the store and from the door in one go.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::id::DeviceId;
use domain::time::UtcMs;
use wire::problem::Problem;

use crate::app_state::AppState;
use crate::backup::Seen;
use crate::overview::BoardLine;
use crate::store::{
    ChainGap, Contact, DescribedBoard, Live, Reader, Refusal, Role, Store, StoreError, ToldStatus,
};

use super::{FleetPage, FleetRules};

/// Refusals are counted over so long.
pub(super) const REFUSALS_OVER_MS: i64 = 10 * 60_000;

/// The records.
#[derive(Debug, Clone)]
pub(crate) struct FleetRecords {
    /// Devices, halls and nodes.
    pub(crate) live: Arc<Live>,
    /// What devices last said.
    pub(crate) statuses: BTreeMap<DeviceId, ToldStatus>,
    /// What their last pushes left behind.
    pub(crate) contacts: BTreeMap<DeviceId, Contact>,
    /// Their last requests since this service started.
    pub(crate) seen: BTreeMap<DeviceId, UtcMs>,
    /// Events that wait for others before them.
    pub(crate) gaps: BTreeMap<DeviceId, ChainGap>,
    /// How many events of a device contradict the record.
    pub(crate) set_aside: BTreeMap<DeviceId, u64>,
    /// What was refused in the last ten minutes.
    pub(crate) refusals: Vec<Refusal>,
    /// What boards said last, and which of them there are.
    pub(crate) boards: (Vec<BoardLine>, Vec<DescribedBoard>),
    /// Backups; `None` when none are made by the clock, or nobody knows.
    pub(crate) backups: Option<Seen>,
    /// Of a hall node: when its centre last answered, if it ever did.
    pub(crate) centre_heard_at: Option<UtcMs>,
}

impl FleetRecords {
    /// What the store knows. Blocking.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) fn read(store: &Store, now: UtcMs) -> Result<Self, StoreError> {
        let live = store.live();
        let role = store.role();
        store.read_blocking(|reader| Self::read_by(reader, live, role, now))
    }

    fn read_by(
        reader: &Reader<'_>,
        live: Arc<Live>,
        role: Role,
        now: UtcMs,
    ) -> Result<Self, StoreError> {
        let statuses = reader.device_statuses()?;
        let mut contacts = BTreeMap::new();
        for device in live.devices.keys() {
            if let Some(contact) = reader.contact(*device)? {
                contacts.insert(*device, contact);
            }
        }
        let gaps = reader.chain_gaps()?;
        Ok(Self {
            live,
            statuses: statuses
                .into_iter()
                .map(|told| (told.device, told))
                .collect(),
            contacts,
            seen: BTreeMap::new(),
            gaps: gaps.into_iter().map(|gap| (gap.writer, gap)).collect(),
            set_aside: reader.quarantined_by_writer()?,
            refusals: reader.refusals_since(now.plus_ms(-REFUSALS_OVER_MS))?,
            boards: (reader.board_reports()?, reader.described_boards()?),
            backups: None,
            centre_heard_at: match role {
                Role::Centre => None,
                Role::HallNode { .. } => reader.staff_heard_at()?,
            },
        })
    }
}

/// The fleet of a running service.
///
/// # Errors
/// Only faults of storage.
pub(crate) async fn page(app: &AppState) -> Result<FleetPage, Problem> {
    let (store, now) = (app.inner.store.clone(), app.now());
    let read = tokio::task::spawn_blocking(move || FleetRecords::read(&store, now));
    let mut records = read.await.map_err(|_| StoreError::Stopped)??;
    let devices = records.live.devices.keys();
    records.seen = devices
        .filter_map(|device| Some((*device, app.inner.door.last_seen(*device)?)))
        .collect();
    records.backups = app.inner.backups_seen();
    let rules = FleetRules::of(&app.inner.in_force.now());
    Ok(FleetPage::of(&records, &rules, now))
}
