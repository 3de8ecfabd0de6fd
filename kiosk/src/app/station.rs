//! Which machine this is: fixed when it was enrolled, told by the command line at most once more.

use domain::id::{HallId, WindowNo};
use domain::queue::KioskLane;

/// Which machine this is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Station {
    /// Its hall.
    pub hall: HallId,
    /// What it does there.
    pub kind: StationKind,
    /// Its name on the device wall.
    pub name: String,
    /// Where phones reach the public pages, without a slash at the end.
    pub public_url: String,
}

/// What a machine does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StationKind {
    /// The kiosk of the hall.
    Hall {
        /// Its lane for offline numbers.
        lane: KioskLane,
    },
    /// The terminal at a window.
    Window {
        /// The window.
        window: WindowNo,
    },
    /// The queue display of the hall: nobody touches it.
    Display,
}
