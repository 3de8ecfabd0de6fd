//! The vault of persons: what later records call to seal, open, hash and erase. Where the fields
//! are kept and found is in `persons`.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::id::PersonId;
use domain::personal::{PersonField, Pii};
use domain::queue::HolderHash;
use domain::time::UtcMs;
use hmac::{Hmac, KeyInit, Mac};
use rusqlite::Connection;
use sha2::Sha256;
use thiserror::Error;
use wire::event::{Event, PersonErased, PersonRecorded};
use wire::sealed::{Binding, FieldPlace, SealKey, Sealed};

use crate::attachments::BlobName;
use crate::edge::Entropy;
use crate::vault::KeyRing;

use super::attachments;
use super::keys::{self, HeldKey, Purged};
use super::scrub::rewrite_persons;
use super::visits::corrupt;
use super::{Reader, Store, StoreError, Write};

/// What a sealed field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// The plain value.
    Plain(Pii<String>),
    /// Nothing any more: the person was erased (已删除).
    Erased,
}

/// Why something was not done with a person. Nothing has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PersonFault {
    /// Nobody of this id was recorded.
    #[error("no person {0} was recorded.")]
    Unknown(PersonId),
    /// The person was erased. Whoever comes back is a new person.
    #[error("the person {0} was erased.")]
    Erased(PersonId),
    /// A value is longer than what is sealed.
    #[error("a field of a person is too long.")]
    TooLong,
}

/// The key of a person, unwrapped once for several fields. A place of another person's is refused
/// by what is sealed itself.
pub(crate) struct PersonKey(SealKey);

impl PersonKey {
    /// Seals a field for its place in an event.
    pub(crate) fn seal(
        &self,
        place: FieldPlace<'_>,
        value: &Pii<String>,
        entropy: Entropy,
    ) -> Result<Sealed, PersonFault> {
        let (binding, value) = (Binding::Field(place), value.expose().as_bytes());
        let sealed = Sealed::seal(&self.0, &binding, value, keys::nonce(entropy));
        sealed.map_err(|_| PersonFault::TooLong)
    }

    /// Opens a field from its place in an event.
    pub(super) fn open(
        &self,
        place: FieldPlace<'_>,
        sealed: &Sealed,
    ) -> Result<Pii<String>, StoreError> {
        let bytes = sealed
            .open(&self.0, &Binding::Field(place))
            .map_err(corrupt)?;
        let text = std::str::from_utf8(&bytes).map_err(corrupt)?;
        Ok(Pii::new(text.to_owned()))
    }
}

/// A number's keyed hash, by which persons are found. Without the key it cannot be guessed from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LookupHash(pub [u8; 32]);

/// Seals, opens and hashes with the keys of one store, as one transaction sees them.
#[derive(Debug, Clone, Copy)]
pub struct PersonVault<'s> {
    pub(super) sql: &'s Connection,
    keys: &'s KeyRing,
}

impl<'s> PersonVault<'s> {
    pub(super) fn of(sql: &'s Connection, keys: &'s KeyRing) -> Self {
        Self { sql, keys }
    }

    /// The key of a person, for several fields at once.
    ///
    /// # Errors
    /// [`StoreError`]; inside, why there is none.
    pub(crate) fn key_of(
        &self,
        person: PersonId,
    ) -> Result<Result<PersonKey, PersonFault>, StoreError> {
        Ok(match keys::person_key(self.sql, self.keys, person)? {
            HeldKey::Usable(key) => Ok(PersonKey(key)),
            HeldKey::Erased => Err(PersonFault::Erased(person)),
            HeldKey::Unknown => Err(PersonFault::Unknown(person)),
        })
    }

    /// Seals a field for its place in an event.
    ///
    /// # Errors
    /// [`StoreError`]; inside, why the person has no such field.
    pub fn seal(
        &self,
        place: FieldPlace<'_>,
        value: &Pii<String>,
        entropy: Entropy,
    ) -> Result<Result<Sealed, PersonFault>, StoreError> {
        let key = self.key_of(place.person)?;
        Ok(key.and_then(|key| key.seal(place, value, entropy)))
    }

    /// Opens a field from its place in an event.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when it was changed or moved, or the person is unknown.
    pub fn open(&self, place: FieldPlace<'_>, sealed: &Sealed) -> Result<Opened, StoreError> {
        match self.key_of(place.person)? {
            Ok(key) => Ok(Opened::Plain(key.open(place, sealed)?)),
            Err(PersonFault::Erased(_)) => Ok(Opened::Erased),
            Err(fault) => Err(corrupt(fault)),
        }
    }

    /// The keyed hash of a number's look-up form. A rotation of the master key does not change it.
    ///
    /// # Errors
    /// [`StoreError::Keys`] when the store has no keys yet.
    pub fn lookup_hash(
        &self,
        field: PersonField,
        form: &Pii<String>,
    ) -> Result<LookupHash, StoreError> {
        self.keyed_hash(field.word(), form).map(LookupHash)
    }

    /// Who holds a ticket, told apart for one day: the number of an identity document as it is
    /// looked up, hashed with the day. Says nothing of another day.
    ///
    /// # Errors
    /// As [`lookup_hash`](Self::lookup_hash).
    pub fn holder_hash(
        &self,
        form: &Pii<String>,
        day: NaiveDate,
    ) -> Result<HolderHash, StoreError> {
        let hash = self.keyed_hash(&format!("holder {day}"), form)?;
        let (first, _) = hash.split_at(16);
        Ok(HolderHash(first.try_into().map_err(corrupt)?))
    }

    /// What a request said, so that its key is told from one that is used again for something else.
    ///
    /// # Errors
    /// As [`lookup_hash`](Self::lookup_hash).
    pub(crate) fn request_hash(&self, body: &Pii<String>) -> Result<String, StoreError> {
        self.keyed_hash("citizen_request", body).map(hex::encode)
    }

    fn keyed_hash(&self, what: &str, form: &Pii<String>) -> Result<[u8; 32], StoreError> {
        let key = keys::lookup_key(self.sql, self.keys)?;
        let mac = Hmac::<Sha256>::new_from_slice(key.expose())
            .expect("a keyed hash, because HMAC takes keys of any length")
            .chain_update(what)
            .chain_update([0])
            .chain_update(form.expose());
        Ok(mac.finalize().into_bytes().into())
    }
}

impl Write<'_> {
    /// Records a new person, or further fields of a known one. Returns the event's position.
    ///
    /// # Errors
    /// [`StoreError`]; inside, why the person cannot have these fields.
    pub fn record_person(
        &mut self,
        person: PersonId,
        fields: &BTreeMap<PersonField, Pii<String>>,
        at: UtcMs,
        entropy: Entropy,
    ) -> Result<Result<u64, PersonFault>, StoreError> {
        self.ensure_person_key(person, entropy)?;
        let key = match PersonVault::of(self.sql, self.keys).key_of(person)? {
            Ok(key) => key,
            Err(fault) => return Ok(Err(fault)),
        };
        let mut sealed = BTreeMap::new();
        for (field, value) in fields {
            let place = PersonRecorded::place(person, *field);
            match key.seal(place, value, entropy) {
                Ok(value) => drop(sealed.insert(*field, value)),
                Err(fault) => return Ok(Err(fault)),
            }
        }
        let recorded = PersonRecorded {
            person,
            fields: sealed,
        };
        self.append(&Event::PersonRecorded(recorded), at).map(Ok)
    }

    /// Destroys the persons' keys, and with them everything personal of them in the record; the
    /// events take the plain rows along. Returns the names of files that nothing opens any more. To
    /// be followed by [`Store::settle_erased`].
    pub(super) fn erase_persons(
        &mut self,
        erased: &[PersonErased],
        at: UtcMs,
    ) -> Result<Result<Vec<BlobName>, PersonFault>, StoreError> {
        for PersonErased { person, .. } in erased {
            match keys::person_key(self.sql, self.keys, *person)? {
                HeldKey::Unknown => return Ok(Err(PersonFault::Unknown(*person))),
                HeldKey::Erased => return Ok(Err(PersonFault::Erased(*person))),
                HeldKey::Usable(_) => {}
            }
        }
        let mut files = Vec::new();
        for erased in erased {
            keys::destroy(self.sql, erased.person, at)?;
            files.extend(attachments::forget(self.sql, erased.person)?);
            self.append(&Event::PersonErased(erased.clone()), at)?;
        }
        rewrite_persons(self.sql)?;
        Ok(Ok(files))
    }
}

impl Store {
    /// Erases persons, all or none: in one transaction their keys are destroyed, their plain rows
    /// go and `person.erased` is appended for each; then their ids are noted beside the master key
    /// and the bytes leave the database's files. Blocking. The cost is that of rewriting the
    /// search tables once, however many persons are erased.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::Keys`] when the persons are erased and only the note failed:
    /// it is made up for when the store is opened. Inside, who there is not to erase.
    pub fn erase_persons(
        &self,
        erased: Vec<PersonErased>,
        at: UtcMs,
    ) -> Result<Result<Purged, PersonFault>, StoreError> {
        let persons = erased.iter().map(|erased| erased.person).collect();
        match self.write_blocking(move |write| write.erase_persons(&erased, at))? {
            Ok(files) => {
                let blobs = self.blobs();
                let removed = files.iter().try_for_each(|name| blobs.remove(name));
                removed.unwrap_or_else(|error| {
                    tracing::warn!(%error, "files of the erased stay until the next opening");
                });
                self.settle_erased(&persons).map(Ok)
            }
            Err(fault) => Ok(Err(fault)),
        }
    }
}

impl Reader<'_> {
    /// The vault as this reader sees it.
    #[must_use]
    pub fn vault(&self) -> PersonVault<'_> {
        PersonVault::of(self.sql, self.keys)
    }
}
