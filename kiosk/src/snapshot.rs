//! Any page as a PNG, without a display: `kiosk snapshot`, the README's pictures, and the page tests.
//!
//! A [`Stage`] is one kiosk window in memory with its clock standing still. It can be filled with an
//! invented [`Sheet`], or by the kiosk's own view models (`kiosk snapshot … --query`). It shows what
//! it is given; it looks nothing up.

mod fixtures;
mod published;
mod sheet;

use std::io;
use std::path::Path;
use std::time::Duration;

use slint::{ComponentHandle, Global, PhysicalSize, PlatformError};

pub use published::invented_rows;
pub use sheet::Sheet;

use crate::platform::headless::{Frame, Screen};
use crate::ui::{KioskWindow, Theme, ThemeKind};

/// How a page is to look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Normal, elderly or high contrast.
    pub kind: ThemeKind,
    /// "字放大": 1.0 or 1.2.
    pub scale: f32,
    /// "坐着用": everything touchable below the middle.
    pub low_reach: bool,
}

impl Look {
    /// The hall kiosk as it wakes up.
    pub const PORTRAIT: Self = Self {
        width: 1080,
        height: 1920,
        kind: ThemeKind::Normal,
        scale: 1.0,
        low_reach: false,
    };
    /// A wide panel on a wall or desk.
    pub const LANDSCAPE: Self = Self {
        width: 1920,
        height: 1080,
        ..Self::PORTRAIT
    };
    /// The queue display of a hall.
    pub const DISPLAY: Self = Self::LANDSCAPE;
    /// The terminal at a service window.
    pub const WINDOW: Self = Self {
        width: 1024,
        height: 768,
        ..Self::PORTRAIT
    };
}

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// This thread already draws elsewhere.
    #[error("画面已经在别处显示，不能再截图：{0}")]
    Occupied(#[from] slint::platform::SetPlatformError),
    /// Slint could not make the window.
    #[error("页面打不开：{0}")]
    Window(#[from] PlatformError),
    /// The file could not be written.
    #[error("图片写不进 {path}：{source}")]
    Write {
        /// The file named by the caller.
        path: String,
        /// What the operating system said.
        source: io::Error,
    },
}

/// One window in memory, ready to be filled and photographed.
pub struct Stage {
    window: KioskWindow,
    screen: Screen,
}

impl std::fmt::Debug for Stage {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Stage")
            .field("screen", &self.screen)
            .finish_non_exhaustive()
    }
}

impl Stage {
    /// Opens a window of this look on this thread. One stage per thread.
    pub fn open(look: Look) -> Result<Self, SnapshotError> {
        let screen = Screen::still(PhysicalSize::new(look.width, look.height))?;
        let window = KioskWindow::new()?;
        window.show()?;
        let stage = Self { window, screen };
        stage.change_look(look);
        Ok(stage)
    }

    /// Gives the window another look and size.
    pub fn change_look(&self, look: Look) {
        let theme = Theme::get(&self.window);
        theme.set_kind(look.kind);
        theme.set_scale(look.scale);
        theme.set_low_reach(look.low_reach);
        self.screen
            .resize(PhysicalSize::new(look.width, look.height));
        self.settle();
    }

    /// Fills every global that the sheet shows with invented content.
    pub fn fill(&self, sheet: Sheet) {
        fixtures::fill(&self.window, sheet);
        self.settle();
    }

    /// The window, for whoever fills it with real content.
    pub fn window(&self) -> &KioskWindow {
        &self.window
    }

    /// The screen, for touches and time.
    pub fn screen(&self) -> &Screen {
        &self.screen
    }

    /// Draws and returns the picture.
    pub fn picture(&self) -> Frame {
        self.settle();
        self.screen.draw();
        self.screen.frame()
    }

    /// Draws and writes the picture as a PNG file.
    pub fn save(&self, path: &Path) -> Result<(), SnapshotError> {
        self.picture()
            .save_png(path)
            .map_err(|source| SnapshotError::Write {
                path: path.display().to_string(),
                source,
            })
    }

    /// The window's size reaches the theme by a change handler, which runs here.
    fn settle(&self) {
        self.screen.advance(Duration::ZERO);
    }
}

/// One invented page in one look, as a PNG file.
pub fn write(sheet: Sheet, look: Look, path: &Path) -> Result<(), SnapshotError> {
    let stage = Stage::open(look)?;
    stage.fill(sheet);
    stage.save(path)
}
