//! Custody of the master key, and the keys that it wraps (DESIGN.md §6).
//!
//! - The **master key** lies in a file outside the data directory, or is given by systemd. It wraps
//!   one key per person, the key of number look-ups and the centre's key for sealed texts.
//! - The store says which master key its wrapped keys are under; the ring holds the master keys
//!   that were found, by their public id. So a rotation is one transaction, and whichever side of
//!   it a crash leaves, the files of both sides are there (`custody`).
//! - **Erasing** destroys a person's wrapped key. Backups older than that still hold it; therefore
//!   the erased persons' ids are also in a list beside the master key, and opening a store erases
//!   again whoever is on it (`erased_list`). Whoever holds both an old backup and the master key
//!   and bypasses this program can still read that person: backups must be aged out.
//!
//! No SQL here: wrapped keys are in `store::keys`, the vault of persons in `store::person_vault`.

mod custody;
mod erased_list;
mod error;
mod spelling;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use wire::sealed::{Binding, KeyId, Nonce, SealError, SealKey, Sealed};

use crate::edge::Entropy;

pub use crate::store::{LookupHash, Opened, PersonFault, PersonRecord, PersonVault};
pub use custody::{CREDENTIAL, KeyCustody};
pub use error::KeyError;

pub(crate) use erased_list::ErasedList;
pub(crate) use spelling::{spelling, spellings};

/// The master keys that this process holds. Cheap to clone; nothing in it is printed.
#[derive(Clone)]
pub struct KeyRing {
    inner: Arc<Inner>,
}

struct Inner {
    custody: KeyCustody,
    masters: RwLock<BTreeMap<KeyId, SealKey>>,
    /// Held while the files of the master key change, so that one rotation runs at a time.
    changing: Mutex<()>,
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyRing")
            .field("custody", &self.inner.custody)
            .finish_non_exhaustive()
    }
}

impl KeyRing {
    /// The ring of a store whose keys are under `master`; `None` for a store without keys.
    /// Completes a rotation whose transaction was committed.
    ///
    /// # Errors
    /// [`KeyError`] when the master key is missing, another one, damaged or readable by others.
    pub fn open(custody: KeyCustody, master: Option<KeyId>) -> Result<Self, KeyError> {
        let masters = match master {
            Some(master) => custody.load(master)?,
            None => Vec::new(),
        };
        let masters = masters.into_iter().map(|key| (key.id(), key)).collect();
        Ok(Self {
            inner: Arc::new(Inner {
                custody,
                masters: RwLock::new(masters),
                changing: Mutex::default(),
            }),
        })
    }

    /// Where the files are.
    #[must_use]
    pub fn custody(&self) -> &KeyCustody {
        &self.inner.custody
    }

    /// The master key that the file holds, when it is not the `master` that the store is under:
    /// the store was restored from before a rotation.
    pub(crate) fn newer_than(&self, master: KeyId) -> Option<KeyId> {
        let masters = self.masters();
        masters.keys().copied().find(|id| *id != master)
    }

    /// The master key for a store that has no keys yet: the one in the file, else a new one, which
    /// is durable when this returns.
    pub(crate) fn found(&self, entropy: Entropy) -> Result<KeyId, KeyError> {
        let key = self.inner.custody.take_or_create(entropy)?;
        Ok(self.hold(key))
    }

    /// A new master key for a rotation, durable beside the old one.
    pub(crate) fn found_next(&self, entropy: Entropy) -> Result<KeyId, KeyError> {
        let key = self.inner.custody.create_next(entropy)?;
        Ok(self.hold(key))
    }

    /// Forgets every master key but `master`.
    pub(crate) fn keep_only(&self, master: KeyId) {
        let masters = self.inner.masters.write();
        masters
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|id, _| *id == master);
    }

    /// Held by whoever changes the files of the master key.
    pub(crate) fn changing(&self) -> MutexGuard<'_, ()> {
        // it guards files, whose every state is a lawful one
        let changing = self.inner.changing.lock();
        changing.unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts `key` under a master key of the ring.
    pub(crate) fn wrap(
        &self,
        master: KeyId,
        key: &SealKey,
        binding: &Binding<'_>,
        nonce: Nonce,
    ) -> Result<Sealed, KeyError> {
        let masters = self.masters();
        let master = masters.get(&master).ok_or(KeyError::NotHeld(master))?;
        let wrapped = Sealed::seal(master, binding, key.expose(), nonce);
        Ok(wrapped.expect("a wrapped key, because 32 bytes are within the bound"))
    }

    /// The key in `wrapped`.
    pub(crate) fn unwrap(
        &self,
        wrapped: &Sealed,
        binding: &Binding<'_>,
    ) -> Result<SealKey, KeyError> {
        let masters = self.masters();
        let master = masters
            .get(&wrapped.key())
            .ok_or(KeyError::NotHeld(wrapped.key()))?;
        let bytes = wrapped.open(master, binding).map_err(KeyError::Wrapped)?;
        let key = <[u8; 32]>::try_from(bytes.as_slice());
        key.map(SealKey::from_bytes)
            .map_err(|_| KeyError::Wrapped(SealError::Form))
    }

    fn hold(&self, key: SealKey) -> KeyId {
        let id = key.id();
        let masters = self.inner.masters.write();
        masters
            .unwrap_or_else(PoisonError::into_inner)
            .insert(id, key);
        id
    }

    fn masters(&self) -> std::sync::RwLockReadGuard<'_, BTreeMap<KeyId, SealKey>> {
        let masters = self.inner.masters.read();
        masters.unwrap_or_else(PoisonError::into_inner)
    }
}
