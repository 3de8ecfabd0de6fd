//! Operational state of devices: when they last pushed and how far off their clocks are, and the
//! one-time codes by which machines become devices. Not rebuilt.

use domain::id::{DeviceId, HallId};
use domain::time::UtcMs;
use rusqlite::OptionalExtension;
use wire::api::DeviceKind;
use wire::envelope::{ChainHead, EventHash};
use wire::sign::{DevicePublicKey, WireSignature};

use super::projection::execute;
use super::visits::read_id;
use super::{Reader, StoreError, Write};

/// What the last push of a device left behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contact {
    /// The service's clock at its receipt.
    pub last_push_at: UtcMs,
    /// To be added to the device's clock to get the service's.
    pub skew_ms: i64,
    /// The first event of the run of the device's clock for which `skew_ms` was measured.
    pub clock_since_seq: u64,
    /// The corrected time of its last event: nothing that comes later happened before.
    pub covered_until: UtcMs,
    /// The signed tail.
    pub tail: ChainHead,
    /// The device's signature of it.
    pub signature: WireSignature,
    /// The key that signed; `None` when it is the one that the device was enrolled with.
    pub signed_by: Option<DevicePublicKey>,
}

/// What a one-time code makes of a machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolmentCode {
    /// The device's name.
    pub name: String,
    /// What it becomes.
    pub kind: DeviceKind,
    /// Where it stands.
    pub hall: HallId,
    /// The last instant at which it may be used.
    pub expires_at: UtcMs,
}

impl Reader<'_> {
    /// The last push of a device.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn contact(&self, device: DeviceId) -> Result<Option<Contact>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT last_push_at, skew_ms, covered_until, tail_seq, tail_hash, signature,
                    clock_since_seq, signed_by
             FROM contacts
             WHERE device = ?1",
        )?;
        let contact = query.query_row([device.to_string()], |row| {
            let seq = row.get::<_, i64>(3)?.cast_unsigned();
            Ok(Contact {
                last_push_at: UtcMs(row.get(0)?),
                skew_ms: row.get(1)?,
                clock_since_seq: row.get::<_, i64>(6)?.cast_unsigned(),
                covered_until: UtcMs(row.get(2)?),
                tail: ChainHead {
                    seq,
                    hash: EventHash(row.get(4)?),
                },
                signature: WireSignature(row.get(5)?),
                signed_by: row.get::<_, Option<[u8; 32]>>(7)?.map(DevicePublicKey),
            })
        });
        Ok(contact.optional()?)
    }

    /// The unused code with this hash.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn enrolment_code(&self, hash: [u8; 32]) -> Result<Option<EnrolmentCode>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT name, kind, hall, expires_at
             FROM enrolment_codes
             WHERE code_hash = ?1
               AND used_by IS NULL",
        )?;
        let found = query.query_row([hash], |row| {
            Ok((
                row.get(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, String>(2)?,
                row.get(3)?,
            ))
        });
        let Some((name, kind, hall, expires_at)) = found.optional()? else {
            return Ok(None);
        };
        let (kind, hall) = (serde_json::from_str(&kind)?, read_id(&hall)?);
        Ok(Some(EnrolmentCode {
            name,
            kind,
            hall,
            expires_at: UtcMs(expires_at),
        }))
    }
}

impl Write<'_> {
    /// Notes a push.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn note_contact(&mut self, device: DeviceId, contact: &Contact) -> Result<(), StoreError> {
        let statement = "INSERT INTO contacts (device, last_push_at, skew_ms, covered_until,
                                               tail_seq, tail_hash, signature,
                                               clock_since_seq, signed_by)
                         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
                         ON CONFLICT (device) DO UPDATE
                         SET last_push_at = excluded.last_push_at,
                             skew_ms = excluded.skew_ms,
                             covered_until = excluded.covered_until,
                             tail_seq = excluded.tail_seq,
                             tail_hash = excluded.tail_hash,
                             signature = excluded.signature,
                             clock_since_seq = excluded.clock_since_seq,
                             signed_by = excluded.signed_by";
        let values = (
            device.to_string(),
            contact.last_push_at.0,
            contact.skew_ms,
            contact.covered_until.0,
            contact.tail.seq.cast_signed(),
            contact.tail.hash.0,
            contact.signature.0,
            contact.clock_since_seq.cast_signed(),
            contact.signed_by.map(|key| key.0),
        );
        execute(self.sql, statement, values)
    }

    /// Keeps a new code by its hash, and forgets those that expired.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn keep_enrolment_code(
        &mut self,
        hash: [u8; 32],
        code: &EnrolmentCode,
        now: UtcMs,
    ) -> Result<(), StoreError> {
        let forget = "DELETE FROM enrolment_codes WHERE expires_at < ?1 AND used_by IS NULL";
        execute(self.sql, forget, [now.0])?;
        let statement = "INSERT INTO enrolment_codes (code_hash, name, kind, hall, expires_at)
                         VALUES (?1, ?2, ?3, ?4, ?5)";
        let kind = serde_json::to_string(&code.kind)?;
        let hall = code.hall.to_string();
        execute(
            self.sql,
            statement,
            (hash, &code.name, kind, hall, code.expires_at.0),
        )
    }

    /// Marks a code as used.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn use_enrolment_code(&mut self, hash: [u8; 32], by: DeviceId) -> Result<(), StoreError> {
        let statement = "UPDATE enrolment_codes SET used_by = ?2 WHERE code_hash = ?1";
        execute(self.sql, statement, (hash, by.to_string()))
    }
}
