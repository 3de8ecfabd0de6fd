//! Pictures of the boards for the device wall, drawn from what the link knows, sent only while
//! somebody watches. Never events.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use domain::time::UtcMs;
use sync::client::CentralClient;
use sync::uplink::{SharedLog, lock};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::sleep;
use wire::api::{HOLD_MS_MAX, ScreenState};

use crate::bus::{BusCommand, BusSnapshot};
use crate::config::{BoardConfig, BoardsConfig, Diodes};
use crate::link::BoardKnowledge;
use crate::preview::{Panel, glass};
use crate::render::glyph::GlyphSource;
use crate::render::picture::{Pitch, png};

/// Between two looks at the boards.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// After a request that failed.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(2);

/// Follows the server's wish for pictures.
pub(super) async fn follow_watchers(
    client: Arc<CentralClient>,
    watched_until: watch::Sender<Option<UtcMs>>,
) {
    let mut hold_ms = 0;
    loop {
        match client.commands(hold_ms).await {
            Ok(commands) => {
                watched_until.send_replace(commands.watched_until);
                hold_ms = HOLD_MS_MAX;
            }
            Err(error) => {
                tracing::debug!(%error, "no word from the device wall");
                sleep(PAUSE_AFTER_FAILURE).await;
            }
        }
    }
}

/// Sends a picture of each board whenever it changed, while somebody watches.
pub(super) async fn send_pictures(
    client: Arc<CentralClient>,
    log: SharedLog,
    config: BoardsConfig,
    buses: Vec<mpsc::Sender<BusCommand>>,
    watched_until: watch::Receiver<Option<UtcMs>>,
) {
    let mut painter = Painter::default();
    loop {
        sleep(LOOK_EVERY).await;
        let is_watched = watched_until
            .borrow()
            .is_some_and(|until| until > client.server_time());
        if !is_watched {
            painter.sent.clear();
            continue;
        }
        let backlog = lock(&log).backlog().map_or(0, |backlog| backlog.count);
        for (port, bus) in config.ports.iter().zip(&buses) {
            let Some(snapshot) = ask(bus).await else {
                continue;
            };
            for board in &port.boards {
                let Some((confirmed, picture)) = painter.paint_if_changed(board, &snapshot) else {
                    continue;
                };
                let screen = board.name.clone();
                let state = ScreenState {
                    screen,
                    in_use: false,
                    backlog,
                    confirmed,
                };
                if client.screen(&state, picture).await.is_err() {
                    painter.sent.remove(&board.name);
                }
            }
        }
    }
}

pub(super) async fn ask(bus: &mpsc::Sender<BusCommand>) -> Option<BusSnapshot> {
    let (sender, receiver) = oneshot::channel();
    bus.send(BusCommand::Snapshot(sender)).await.ok()?;
    receiver.await.ok()
}

#[derive(Default)]
struct Painter {
    glyphs: GlyphSource,
    /// What was last sent per board.
    sent: HashMap<String, (bool, BoardKnowledge)>,
}

impl Painter {
    fn paint_if_changed(
        &mut self,
        board: &BoardConfig,
        snapshot: &BusSnapshot,
    ) -> Option<(bool, Vec<u8>)> {
        let mut known = snapshot.boards.get(board.id())?.clone();
        // When it was last heard is no reason for a new picture.
        known.last_heard = None;
        let is_confirmed = snapshot.is_port_up
            && known
                .areas
                .values()
                .all(|area| area.believed == area.confirmed);
        let now = (is_confirmed, known);
        if self.sent.get(&board.name) == Some(&now) {
            return None;
        }
        let panel = Panel {
            family: board.family(),
            layout: board.layout(),
            has_green: board.colour == Diodes::Two,
            limit: board.plan.limit,
        };
        let areas = now.1.areas.values();
        let believed = areas.filter_map(|area| area.believed.as_ref());
        let canvas = glass(&panel, &mut self.glyphs, believed);
        let picture = match png(&canvas, Pitch::Px2) {
            Ok(picture) => picture,
            Err(error) => {
                tracing::error!(%error, "a board cannot be drawn");
                return None;
            }
        };
        self.sent.insert(board.name.clone(), now);
        Some((is_confirmed, picture))
    }
}
