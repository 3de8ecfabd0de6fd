//! Pictures of screens for the device wall: the newest of each kiosk and board, in memory only.
//! They are never events and never stored: they may show what a citizen does.

use std::collections::BTreeMap;
use std::sync::Mutex;

use domain::id::DeviceId;
use domain::time::UtcMs;
use tokio::sync::watch;
use wire::api::{DeviceKind, ScreenState};
use wire::problem::{Problem, ProblemCode};

use crate::overview::ScreenLine;
use crate::store::DeviceRecord;

/// Largest picture that is taken.
pub(crate) const PICTURE_BYTES_MAX: usize = 2 << 20;
/// Most boards of one driver.
const BOARDS_MAX: usize = 64;
/// Devices send pictures for so long after somebody looked.
const WATCHED_MS: i64 = 15_000;
const PNG_SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// A picture as received.
#[derive(Debug, Clone)]
pub struct Picture {
    /// PNG.
    pub png: axum::body::Bytes,
    /// When it was received.
    pub received_at: UtcMs,
}

/// All pictures, and until when somebody watches.
#[derive(Debug)]
pub struct Screens {
    shots: Mutex<BTreeMap<(DeviceId, String), (Picture, ScreenState)>>,
    watched_until: watch::Sender<Option<UtcMs>>,
    told: Mutex<BTreeMap<DeviceId, Option<UtcMs>>>,
    changes: watch::Sender<u64>,
}

impl Screens {
    /// No pictures; `changes` is told of each one.
    #[must_use]
    pub fn new(changes: watch::Sender<u64>) -> Self {
        let (shots, told) = Default::default();
        Self {
            shots,
            watched_until: watch::Sender::new(None),
            told,
            changes,
        }
    }

    /// Takes a picture in place of the one before.
    ///
    /// # Errors
    /// `BadRequest` when it is no PNG, too large, or of one board too many.
    pub fn show(
        &self,
        device: &DeviceRecord,
        state: ScreenState,
        png: axum::body::Bytes,
        now: UtcMs,
    ) -> Result<(), Problem> {
        if png.len() > PICTURE_BYTES_MAX || !png.starts_with(PNG_SIGNATURE) {
            return Err(Problem::new(
                ProblemCode::BadRequest,
                "画面不是 PNG，或者超过 2 MiB。",
            ));
        }
        let board = match device.kind {
            DeviceKind::DisplayDriver => state.screen.clone(),
            DeviceKind::HallKiosk { .. }
            | DeviceKind::WindowTerminal { .. }
            | DeviceKind::HallNode => String::new(),
        };
        let key = (device.device, board);
        let mut shots = self.shots.lock().expect(LOCK);
        let boards = shots.keys().filter(|(of, _)| *of == device.device).count();
        if !shots.contains_key(&key) && boards >= BOARDS_MAX {
            return Err(Problem::new(ProblemCode::TooMany, "这台设备的屏太多。"));
        }
        shots.insert(
            key,
            (
                Picture {
                    png,
                    received_at: now,
                },
                state,
            ),
        );
        drop(shots);
        self.changes
            .send_modify(|count| *count = count.wrapping_add(1));
        Ok(())
    }

    /// The newest picture of a kiosk (`board` empty) or of a board.
    #[must_use]
    pub fn picture(&self, device: DeviceId, board: &str) -> Option<Picture> {
        let shots = self.shots.lock().expect(LOCK);
        shots
            .get(&(device, board.to_owned()))
            .map(|(picture, _)| picture.clone())
    }

    /// What stands beside the pictures of a device.
    #[must_use]
    pub fn lines_of(&self, device: DeviceId) -> Vec<ScreenLine> {
        let shots = self.shots.lock().expect(LOCK);
        let of_device = shots.iter().filter(|((of, _), _)| *of == device);
        let line = |((_, board), (picture, state)): (&(_, String), &(Picture, ScreenState))| {
            let received_at = picture.received_at;
            ScreenLine {
                board: board.clone(),
                state: state.clone(),
                received_at,
            }
        };
        of_device.map(line).collect()
    }

    /// How many events each screen's device has said it has not sent yet, once for each device.
    #[must_use]
    pub fn backlogs(&self) -> Vec<u64> {
        let shots = self.shots.lock().expect(LOCK);
        let by_device = shots
            .iter()
            .map(|((device, _), (_, state))| (*device, state.backlog));
        by_device
            .collect::<BTreeMap<_, _>>()
            .into_values()
            .collect()
    }

    /// Somebody looks. Devices learn it when the lease begins or is about to end.
    pub fn watch(&self, now: UtcMs) {
        self.watched_until.send_if_modified(|until| {
            let is_fresh = until.is_some_and(|until| until.ms_since(now) > WATCHED_MS / 2);
            if !is_fresh {
                *until = Some(now.plus_ms(WATCHED_MS));
            }
            !is_fresh
        });
    }

    /// Whether a device has not yet been told that somebody watches until `until`; it is told now.
    pub(crate) fn is_news_for(&self, device: DeviceId, until: Option<UtcMs>) -> bool {
        let mut told = self.told.lock().expect(LOCK);
        until.is_some() && told.insert(device, until) != Some(until)
    }

    /// Until when somebody watches.
    pub(crate) fn watched(&self) -> watch::Receiver<Option<UtcMs>> {
        self.watched_until.subscribe()
    }
}

const LOCK: &str = "the pictures' lock, because no holder panics";
