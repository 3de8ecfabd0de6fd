//! Checking the record: every event reads, has the hash it is stored under, follows its
//! predecessor, and every device's signed tail is under its key.

use domain::id::DeviceId;
use wire::envelope::{self, ChainHead};

use super::{Reader, StoreError};

/// What a check of the record found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verification {
    /// Events read.
    pub events: u64,
    /// Chains.
    pub chains: u64,
    /// Tails whose signature was checked.
    pub signed_tails: u64,
    /// What is wrong, in English sentences with writer and number; empty when all is well.
    pub faults: Vec<String>,
}

impl Reader<'_> {
    /// Reads the whole record and checks every chain.
    ///
    /// # Errors
    /// A fault of storage; what is wrong with the record is in the answer.
    pub fn verify(&self) -> Result<Verification, StoreError> {
        let mut found = Verification::default();
        let mut query = self
            .sql
            .prepare("SELECT writer, seq, hash, text FROM events ORDER BY writer, seq")?;
        let mut rows = query.query([])?;
        let mut chain: Option<(String, ChainHead)> = None;
        while let Some(row) = rows.next()? {
            let (writer, seq): (String, i64) = (row.get(0)?, row.get(1)?);
            let (hash, text): ([u8; 32], String) = (row.get(2)?, row.get(3)?);
            let before = chain.take().filter(|(of, _)| *of == writer);
            found.chains += u64::from(before.is_none());
            found.events += 1;
            let head = before.map_or(ChainHead::EMPTY, |(_, head)| head);
            let after = check(&writer, seq, &hash, &text, head, &mut found.faults);
            chain = Some((writer, after.unwrap_or(head)));
        }
        self.verify_tails(&mut found)?;
        Ok(found)
    }

    fn verify_tails(&self, found: &mut Verification) -> Result<(), StoreError> {
        let mut query = self.sql.prepare("SELECT device, public_key FROM devices")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let device: DeviceId = super::visits::read_id(&row.get::<_, String>(0)?)?;
            let Some(contact) = self.contact(device)? else {
                continue;
            };
            let key = wire::sign::DevicePublicKey(row.get(1)?);
            let key = contact.signed_by.unwrap_or(key);
            found.signed_tails += 1;
            if !key.signed_tail(device, contact.tail, contact.signature) {
                let fault = format!("{device}: the signature of the tail does not hold.");
                found.faults.push(fault);
            }
            if contact.tail != self.head_of(device)? {
                found
                    .faults
                    .push(format!("{device}: the signed tail is not the chain's end."));
            }
        }
        Ok(())
    }
}

fn check(
    writer: &str,
    seq: i64,
    hash: &[u8; 32],
    text: &str,
    head: ChainHead,
    faults: &mut Vec<String>,
) -> Option<ChainHead> {
    let mut fault = |what: &str| faults.push(format!("{writer} {seq}: {what}"));
    match envelope::read(text) {
        Err(error) => {
            fault(&error.to_string());
            None
        }
        Ok(event) => {
            if event.hash.0 != *hash || event.writer.to_string() != writer {
                fault("the event is not the one it is stored as.");
            }
            if !event.follows(head) {
                fault("the event does not follow the one before.");
            }
            Some(event.head())
        }
    }
}
