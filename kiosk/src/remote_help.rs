//! The kiosk's side of the device wall: waits for commands, sends pictures while somebody watches.
//!
//! A picture of a private page never leaves the kiosk: a plain surface of the same size goes
//! instead. Which page is private, the state machine says; the picture is taken between two looks
//! at that, and a frame that was drawn while the page was private stays private.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::time::UtcMs;
use sync::client::CentralClient;
use sync::entropy::random_per_mille;
use sync::uplink::LinkState;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;
use wire::api::{HOLD_MS_MAX, HelpAnswer, ScreenState};
use wire::link::Backoff;

use crate::app::event::Event;
use crate::app::worker::Post;

/// At most two pictures a second.
const PICTURE_INTERVAL: Duration = Duration::from_millis(500);
/// Shortest time between two questions, should the server answer at once without a command.
const ASK_INTERVAL_MIN: Duration = Duration::from_millis(250);
/// Longest wait after a question that failed.
const BACKOFF_CAP: Duration = Duration::from_secs(5);
/// What stands in the place of a private page: the dark green of panels.
const PRIVATE_COLOUR: [u8; 3] = [0x0A, 0x3A, 0x42];

/// A picture of the screen, three bytes a pixel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Row by row.
    pub rgb: Vec<u8>,
}

impl Picture {
    /// The same size without content.
    fn blanked(&self) -> Self {
        Self {
            rgb: PRIVATE_COLOUR.repeat(self.rgb.len() / 3),
            ..*self
        }
    }

    fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.width, &self.rgb).hash(&mut hasher);
        hasher.finish()
    }

    /// As PNG.
    ///
    /// # Errors
    /// When the bytes are not of the size that they should be.
    pub fn png(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, self.width, self.height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::Fast);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.rgb)?;
        writer.finish()?;
        Ok(bytes)
    }
}

/// Where pictures come from. Called on threads that may wait.
pub trait PictureSource: Send + Sync {
    /// The newest repaint; a picture with the same number looks the same. `None` when the source
    /// does not count.
    fn version(&self) -> Option<u64>;

    /// The screen now, with the number of its repaint.
    fn take(&self) -> Option<(Picture, u64)>;
}

/// What the thread that draws says about the screen.
#[derive(Debug, Clone, Default)]
pub struct ScreenInfo {
    /// `home`, `job_search`, …
    pub page: &'static str,
    /// Whether a citizen is using the kiosk.
    pub is_in_use: bool,
    /// Whether the page is nobody else's business.
    pub is_private: bool,
    /// Repaints up to this one may still show what was private.
    pub private_through: u64,
}

/// The screen as the worker sees it.
#[derive(Clone)]
pub struct ScreenWatch {
    info: Arc<Mutex<ScreenInfo>>,
    source: Arc<dyn PictureSource>,
    watched_until: Arc<watch::Sender<Option<UtcMs>>>,
}

impl std::fmt::Debug for ScreenWatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ScreenWatch")
            .field("info", &self.info)
            .finish_non_exhaustive()
    }
}

impl ScreenWatch {
    /// A watch over `source`.
    #[must_use]
    pub fn new(source: Arc<dyn PictureSource>) -> Self {
        let watched_until = Arc::new(watch::Sender::new(None));
        Self {
            info: Arc::default(),
            source,
            watched_until,
        }
    }

    /// Tells what is shown now; the frame follows.
    pub fn tell(&self, page: &'static str, is_in_use: bool, is_private: bool) {
        let version = self.source.version().unwrap_or(0);
        let mut info = self.info.lock().unwrap_or_else(PoisonError::into_inner);
        let was_private = info.is_private;
        info.page = page;
        info.is_in_use = is_in_use;
        info.is_private = is_private;
        if was_private || is_private {
            info.private_through = version;
        }
    }

    fn info(&self) -> ScreenInfo {
        self.info
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The screen as others may see it.
    fn public_picture(&self) -> Option<(ScreenInfo, Picture)> {
        let before = self.info();
        let (picture, version) = self.source.take()?;
        let after = self.info();
        let is_counted = self.source.version().is_some();
        let is_stale = is_counted && version <= after.private_through && after.private_through > 0;
        let is_private = before.is_private || after.is_private || is_stale;
        let picture = if is_private {
            picture.blanked()
        } else {
            picture
        };
        Some((after, picture))
    }
}

/// Tells central where remote help stands, in order.
pub async fn answer_in_order(
    client: Arc<CentralClient>,
    mut answers: mpsc::UnboundedReceiver<HelpAnswer>,
) {
    while let Some(answer) = answers.recv().await {
        if let Err(error) = client.help_answer(&answer).await {
            tracing::warn!(%error, "central did not hear where remote help stands");
        }
    }
}

/// Waits for commands and posts them as events.
pub async fn take_commands(
    client: Arc<CentralClient>,
    post: Post,
    screen: ScreenWatch,
    mut stop: watch::Receiver<bool>,
) {
    tokio::select! {
        () = ask_for_commands(&client, &post, &screen) => {}
        _ = stop.wait_for(|stop| *stop) => {}
    }
}

async fn ask_for_commands(client: &CentralClient, post: &Post, screen: &ScreenWatch) {
    let mut backoff = Backoff::new(BACKOFF_CAP);
    let mut was_up = false;
    loop {
        let asked = Instant::now();
        match client.commands(HOLD_MS_MAX).await {
            Ok(answer) => {
                was_up = true;
                backoff.succeeded();
                screen.watched_until.send_replace(answer.watched_until);
                let is_empty = answer.commands.is_empty();
                answer
                    .commands
                    .into_iter()
                    .for_each(|command| post(Event::Remote(command)));
                if is_empty {
                    tokio::time::sleep_until(asked + ASK_INTERVAL_MIN).await;
                }
            }
            Err(error) => {
                tracing::debug!(%error, "no commands");
                if std::mem::take(&mut was_up) {
                    post(Event::RemoteLineLost);
                }
                let wait = backoff.failed(random_per_mille(), error.retry_after());
                tokio::time::sleep(wait).await;
            }
        }
    }
}

/// Sends pictures while somebody watches, only when they changed.
pub async fn send_pictures(
    client: Arc<CentralClient>,
    screen: ScreenWatch,
    link: watch::Receiver<LinkState>,
    mut stop: watch::Receiver<bool>,
) {
    tokio::select! {
        () = send_while_watched(&client, &screen, &link) => {}
        _ = stop.wait_for(|stop| *stop) => {}
    }
}

async fn send_while_watched(
    client: &CentralClient,
    screen: &ScreenWatch,
    link: &watch::Receiver<LinkState>,
) {
    let mut watched = screen.watched_until.subscribe();
    let mut last_sent = None;
    loop {
        let is_watched = watched
            .borrow_and_update()
            .is_some_and(|until| client.server_time() < until);
        if !is_watched {
            last_sent = None;
            if watched.changed().await.is_err() {
                return;
            }
            continue;
        }
        let begun = Instant::now();
        let backlog = link.borrow().backlog;
        send_if_changed(client, screen, backlog, &mut last_sent).await;
        tokio::time::sleep_until(begun + PICTURE_INTERVAL).await;
    }
}

/// What was sent last: the state beside the picture and the picture's fingerprint.
type LastSent = Option<(ScreenState, u64)>;

async fn send_if_changed(
    client: &CentralClient,
    screen: &ScreenWatch,
    backlog: u64,
    last_sent: &mut LastSent,
) {
    let taking = screen.clone();
    let taken = tokio::task::spawn_blocking(move || taking.public_picture()).await;
    let Ok(Some((info, picture))) = taken else {
        return;
    };
    let state = ScreenState {
        screen: info.page.to_owned(),
        in_use: info.is_in_use,
        backlog,
        confirmed: true,
    };
    let now = Some((state.clone(), picture.fingerprint()));
    if *last_sent == now {
        return;
    }
    let encoded = tokio::task::spawn_blocking(move || picture.png()).await;
    let Ok(Ok(png)) = encoded else { return };
    match client.screen(&state, png).await {
        Ok(()) => *last_sent = now,
        Err(error) => tracing::debug!(%error, "a picture was not taken"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A screen whose repaints the test counts.
    struct Glass(Mutex<u64>);

    impl PictureSource for Glass {
        fn version(&self) -> Option<u64> {
            Some(*self.0.lock().unwrap())
        }

        fn take(&self) -> Option<(Picture, u64)> {
            let version = *self.0.lock().unwrap();
            Some((
                Picture {
                    width: 1,
                    height: 1,
                    rgb: vec![1, 2, 3],
                },
                version,
            ))
        }
    }

    fn is_blank(watch: &ScreenWatch) -> bool {
        watch.public_picture().unwrap().1.rgb == PRIVATE_COLOUR
    }

    #[test]
    fn a_frame_drawn_while_the_page_was_private_is_never_seen() {
        let glass = Arc::new(Glass(Mutex::new(4)));
        let watch = ScreenWatch::new(Arc::clone(&glass) as Arc<dyn PictureSource>);
        watch.tell("home", false, false);
        assert!(!is_blank(&watch));
        watch.tell("score", true, true);
        assert!(is_blank(&watch), "even before the page is drawn");
        *glass.0.lock().unwrap() = 6;
        watch.tell("home", false, false);
        assert!(is_blank(&watch), "the glass still shows the score page");
        *glass.0.lock().unwrap() = 7;
        assert!(!is_blank(&watch));
    }

    #[test]
    fn a_picture_is_a_png_of_its_size() {
        let picture = Picture {
            width: 2,
            height: 1,
            rgb: vec![0, 0, 0, 255, 255, 255],
        };
        let bytes = picture.png().unwrap();
        let reader = png::Decoder::new(io::Cursor::new(bytes))
            .read_info()
            .unwrap();
        assert_eq!((reader.info().width, reader.info().height), (2, 1));
    }
}
