//! Contacts with citizens (对外联系): what must be said is planned in the transaction of the step that
//! makes it due, or when a deadline comes near; messages go out by a gateway, or its virtual twin;
//! what does not go out, and what is not for messages, stands on the list of calls. Every contact is
//! an event with its record.
//!
//! Not here: the rules of retries and calls (`domain::outreach`), SQL (`store`), pages.

mod addressee;
mod calls;
mod gateway;
mod planning;
mod sender;
mod twin;

use std::sync::{Arc, LazyLock, Mutex, OnceLock};

use domain::outreach::{MessageBook, MessageFault};
use domain::time::UtcMs;
use include_dir::{Dir, include_dir};

use crate::cases::KindShelf;

pub(crate) use addressee::addressee;
pub(crate) use calls::{CallLine, OutboxView};
pub use gateway::{Gateway, GatewayError, Outcome, SmsConfig};
pub(crate) use planning::{Done, after_steps};
pub(crate) use sender::run;
pub use sender::send_due;
pub use twin::{Received, Twin, TwinPlan};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../assets/messages");

static BOOK: LazyLock<Result<MessageBook, Vec<MessageFault>>> = LazyLock::new(|| {
    let shelf = KindShelf::embedded().expect("kinds, because serving begins with reading them");
    let files = FILES.files().filter_map(|file| {
        let path = file.path().to_string_lossy().into_owned();
        let text = file.contents_utf8().filter(|_| path.ends_with(".toml"))?;
        Some((path, text.to_owned()))
    });
    let mut files: Vec<_> = files.collect();
    files.sort();
    MessageBook::read(&files, &|id| shelf.kind(id).map(|kind| &**kind))
});

/// The messages of the program's own files.
///
/// # Errors
/// Everything that is wrong with them: `serve` says so before it begins.
pub fn messages() -> Result<&'static MessageBook, &'static [MessageFault]> {
    BOOK.as_ref().map_err(Vec::as_slice)
}

/// What the clones of the service share about contacts.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    gateway: OnceLock<Arc<Gateway>>,
    twin: OnceLock<Twin>,
    /// When deadlines were last looked through.
    reminded_at: Mutex<Option<UtcMs>>,
}

impl Outbox {
    /// Messages go out by this from now on. The first one stays.
    pub(crate) fn connect(&self, gateway: Gateway) {
        // a second one is a fault of the program and changes nothing
        drop(self.gateway.set(Arc::new(gateway)));
    }

    /// Messages go to a twin from now on.
    pub(crate) fn connect_twin(&self, gateway: Gateway, twin: Twin) {
        self.connect(gateway);
        drop(self.twin.set(twin));
    }

    pub(crate) fn gateway(&self) -> Option<Arc<Gateway>> {
        self.gateway.get().map(Arc::clone)
    }

    /// What the twin has received, newest first; `None` where there is no twin.
    pub(crate) fn received(&self) -> Option<Vec<Received>> {
        self.twin.get().map(Twin::received)
    }
}

#[cfg(test)]
mod tests;
