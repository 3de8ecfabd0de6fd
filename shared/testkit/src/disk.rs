//! A disk in memory on which SQLite runs, and which can lose power.
//!
//! Promises: every [`Disk`] is a SQLite VFS of its own, with write-ahead logging over several
//! connections and threads; it keeps the order of writes and syncs; it fails from the operation on
//! that a test names, or has no room beyond the bytes that a test names; after a crash it holds one
//! legal image, and [`crash_images`] makes the others. It behaves as the operating system's VFS
//! where that matters: a new log's first sync settles the names, a deletion alone does not, and
//! bytes beside a write are never disturbed.
//!
//! It does not keep time, pace anything, or count the shared memory as room. Paths are plain names:
//! there are no folders.
//!
//! `unsafe` is in `vfs` alone, where C calls in; everything that decides something is safe code.

mod content;
mod crash;
mod handle;
mod image;
mod lock;
mod medium;
mod vfs;

use std::sync::{Arc, Mutex, MutexGuard, Weak};

pub use crash::{CrashPoint, Journal, SECTOR_BYTES, Thoroughness, crash_images};
pub use image::{FileId, Image, Op};
pub use medium::{Aftermath, Counts};

use medium::Medium;

/// A disk. Clones are the same disk; its files are gone with the last clone and the last
/// connection.
#[derive(Debug, Clone)]
pub struct Disk {
    shared: Arc<Shared>,
}

/// What a disk and its open files hold together.
#[derive(Debug)]
struct Shared {
    slot: &'static Slot,
    medium: Mutex<Medium>,
}

/// A registered VFS. It is never unregistered, because SQLite may still hold its address: it waits
/// for its next tenant when its disk and all files of it are gone.
#[derive(Debug)]
struct Slot {
    name: &'static str,
    tenant: Mutex<Weak<Shared>>,
}

#[derive(Debug, Default)]
struct Slots {
    free: Vec<&'static Slot>,
    made: usize,
}

static SLOTS: Mutex<Slots> = Mutex::new(Slots {
    free: Vec::new(),
    made: 0,
});

const UNPOISONED: &str = "the lock, because no holder panics";

impl Shared {
    fn medium(&self) -> MutexGuard<'_, Medium> {
        self.medium.lock().expect(UNPOISONED)
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        SLOTS.lock().expect(UNPOISONED).free.push(self.slot);
    }
}

impl Slot {
    fn tenant(&self) -> Option<Arc<Shared>> {
        self.tenant.lock().expect(UNPOISONED).upgrade()
    }

    fn take() -> &'static Self {
        let mut slots = SLOTS.lock().expect(UNPOISONED);
        if let Some(slot) = slots.free.pop() {
            return slot;
        }
        slots.made += 1;
        let slot: &'static Self = Box::leak(Box::new(Self {
            name: Box::leak(format!("disk-{}", slots.made).into_boxed_str()),
            tenant: Mutex::default(),
        }));
        vfs::register(slot);
        slot
    }
}

impl Default for Disk {
    fn default() -> Self {
        Self::new()
    }
}

impl Disk {
    /// An empty disk.
    #[must_use]
    pub fn new() -> Self {
        Self::from_image(&Image::default())
    }

    /// A disk that holds these files, durably.
    #[must_use]
    pub fn from_image(image: &Image) -> Self {
        let slot = Slot::take();
        let shared = Arc::new(Shared {
            slot,
            medium: Mutex::new(Medium::of(image.clone())),
        });
        *slot.tenant.lock().expect(UNPOISONED) = Arc::downgrade(&shared);
        Self { shared }
    }

    /// The name under which SQLite opens files here.
    #[must_use]
    pub fn vfs(&self) -> &'static str {
        self.shared.slot.name
    }

    /// The files as a running program sees them: everything written so far.
    #[must_use]
    pub fn image(&self) -> Image {
        self.shared.medium().written()
    }

    /// How often it was used.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.shared.medium().counts
    }

    /// Keeps every operation from now on. Without it only what is unsettled is kept.
    pub fn record(&self) {
        self.shared.medium().record();
    }

    /// What was recorded.
    ///
    /// # Panics
    /// When [`record`](Self::record) was not called.
    #[must_use]
    pub fn journal(&self) -> Journal {
        let medium = self.shared.medium();
        let journal = medium.journal();
        journal
            .expect("a journal, because the test began to record")
            .clone()
    }

    /// Lets `operations` more operations happen; then the power fails, and whatever is asked of the
    /// disk is an I/O error until [`restart`](Self::restart).
    pub fn crash_after(&self, operations: u64) {
        self.shared.medium().operations_left = Some(operations);
    }

    /// Whether it has power.
    #[must_use]
    pub fn has_power(&self) -> bool {
        self.shared.medium().has_power()
    }

    /// Power comes back, to the files that the aftermath leaves. Files opened before stay dead, as
    /// they died with the process that held them; locks and shared memory are gone.
    pub fn restart(&self, aftermath: Aftermath) {
        self.shared.medium().restart(aftermath);
    }

    /// Refuses writes as a full disk does when all files together would be longer than this.
    pub fn set_full_at(&self, bytes: usize) {
        self.shared.medium().bytes_max = Some(bytes);
    }

    /// There is room again.
    pub fn make_room(&self) {
        self.shared.medium().bytes_max = None;
    }
}
