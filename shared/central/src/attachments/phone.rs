//! A phone that sends pictures to one record: a one-time token, shown as a QR code at the desk. In
//! memory only, and of the token only its hash, so that neither a restart nor a look into memory
//! gives one away. It holds for minutes, for a bounded number of files, until the desk ends it.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::case::{Actor, Attachment};
use domain::id::StaffId;
use domain::time::UtcMs;
use sha2::{Digest, Sha256};
use thiserror::Error;
use tokio::sync::watch;
use wire::problem::{Problem, ProblemCode};

use crate::edge::Entropy;

use super::{AttachmentRules, Owner};

/// Most phones at once, over all desks.
const PHONES_MAX: usize = 500;
/// An ended code is remembered so long, to say why it does not work.
const REMEMBERED_MS: i64 = 60 * 60_000;
/// Hex digits by which the desk calls a phone: the beginning of the token's hash.
const ID_DIGITS: usize = 16;

/// How the desk calls a phone. Says nothing about the token.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PhoneId(pub(crate) String);

/// What a phone may send to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PhoneSlot {
    pub(crate) owner: Owner,
    pub(crate) doc_type: String,
    /// What the rule asks for, in words without names.
    pub(crate) title: String,
    /// Who showed the code and answers for what comes in.
    pub(crate) by: StaffId,
    /// As what they showed it.
    pub(crate) actor: Actor,
}

/// What the desk sees of a phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PhoneView {
    pub(crate) slot: PhoneSlot,
    pub(crate) arrived: Vec<Attachment>,
    pub(crate) left: u32,
    pub(crate) ends_at: UtcMs,
    pub(crate) is_open: bool,
}

/// Why a phone may not send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum PhoneFault {
    #[error("这个码不对，或者已经用完了。请让窗口的工作人员再出一个码。")]
    Unknown,
    #[error("这个码的时间到了。请让窗口的工作人员再出一个码。")]
    Expired,
    #[error("窗口已经收完了，不用再传。")]
    Closed,
    #[error("已经传够了，不能再传。还有要传的，请让窗口的工作人员再出一个码。")]
    UsedUp,
    #[error("现在同时用手机传的太多，请稍等再试。")]
    TooMany,
}

impl From<PhoneFault> for Problem {
    fn from(fault: PhoneFault) -> Self {
        let code = match fault {
            PhoneFault::Unknown => ProblemCode::NotFound,
            PhoneFault::TooMany => ProblemCode::TooMany,
            _ => ProblemCode::Refused,
        };
        Self::new(code, fault.to_string())
    }
}

/// All phones.
#[derive(Debug)]
pub(crate) struct PhoneDesk {
    phones: Mutex<BTreeMap<[u8; 32], Phone>>,
    changes: watch::Sender<u64>,
    rules: AttachmentRules,
}

#[derive(Debug)]
struct Phone {
    slot: PhoneSlot,
    ends_at: UtcMs,
    is_closed: bool,
    /// Files taken, and those that are just being taken in.
    used: u32,
    arrived: Vec<Attachment>,
}

impl PhoneDesk {
    /// No phones yet. `changes` counts up whenever a page of the desk shows something else.
    pub(crate) fn new(changes: watch::Sender<u64>, rules: AttachmentRules) -> Self {
        Self {
            phones: Mutex::default(),
            changes,
            rules,
        }
    }

    /// What is taken in, from phones and at desks.
    pub(crate) fn rules(&self) -> AttachmentRules {
        self.rules
    }

    /// A new token, for the QR code and nowhere else. An older one of the same desk and record
    /// ends.
    pub(crate) fn open(
        &self,
        slot: PhoneSlot,
        now: UtcMs,
        entropy: Entropy,
    ) -> Result<(String, PhoneId), PhoneFault> {
        let mut phones = self.lock();
        phones.retain(|_, phone| now.ms_since(phone.ends_at) < REMEMBERED_MS);
        let same = |phone: &&mut Phone| {
            (phone.slot.by, phone.slot.owner.record) == (slot.by, slot.owner.record)
        };
        phones.values_mut().filter(same).for_each(Phone::close);
        if phones.len() >= PHONES_MAX {
            return Err(PhoneFault::TooMany);
        }
        let mut token = [0; 16];
        entropy(&mut token);
        let token = hex::encode(token);
        let hash = hash(&token);
        let phone = Phone {
            slot,
            ends_at: UtcMs(now.0.saturating_add(self.rules.phone_ms)),
            is_closed: false,
            used: 0,
            arrived: Vec::new(),
        };
        phones.insert(hash, phone);
        Ok((token, id_of(&hash)))
    }

    /// What a token is for, while it holds.
    pub(crate) fn look(&self, token: &str, now: UtcMs) -> Result<PhoneSlot, PhoneFault> {
        let mut phones = self.lock();
        let phone = phones.get_mut(&hash(token)).ok_or(PhoneFault::Unknown)?;
        phone.check(now, self.rules.phone_uploads_max)?;
        Ok(phone.slot.clone())
    }

    /// Takes one of the files that a token may send, before anything is done with it.
    pub(crate) fn begin(&self, token: &str, now: UtcMs) -> Result<PhoneSlot, PhoneFault> {
        let mut phones = self.lock();
        let phone = phones.get_mut(&hash(token)).ok_or(PhoneFault::Unknown)?;
        phone.check(now, self.rules.phone_uploads_max)?;
        phone.used += 1;
        Ok(phone.slot.clone())
    }

    /// A file that was begun was taken in, or, without one, refused: then it does not count.
    pub(crate) fn end(&self, token: &str, arrived: Option<Attachment>) {
        if let Some(phone) = self.lock().get_mut(&hash(token)) {
            match arrived {
                Some(attachment) => phone.arrived.push(attachment),
                None => phone.used = phone.used.saturating_sub(1),
            }
        }
        self.tell();
    }

    /// What the desk that showed the code sees; `None` for others.
    pub(crate) fn view(&self, id: &PhoneId, by: StaffId, now: UtcMs) -> Option<PhoneView> {
        let uploads_max = self.rules.phone_uploads_max;
        let phones = self.lock();
        let (_, phone) = phones.iter().find(|(hash, _)| id_of(hash) == *id)?;
        (phone.slot.by == by).then(|| PhoneView {
            slot: phone.slot.clone(),
            arrived: phone.arrived.clone(),
            left: uploads_max.saturating_sub(phone.used),
            ends_at: phone.ends_at,
            is_open: phone.check(now, uploads_max).is_ok(),
        })
    }

    /// Ends a phone at the desk that showed the code.
    pub(crate) fn close(&self, id: &PhoneId, by: StaffId) {
        let mut phones = self.lock();
        let ours =
            |(hash, phone): &(&[u8; 32], &mut Phone)| id_of(hash) == *id && phone.slot.by == by;
        if let Some((_, phone)) = phones.iter_mut().find(ours) {
            phone.close();
        }
        drop(phones);
        self.tell();
    }

    fn tell(&self) {
        self.changes.send_modify(|count| *count += 1);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<[u8; 32], Phone>> {
        self.phones.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Phone {
    fn close(&mut self) {
        self.is_closed = true;
    }

    fn check(&self, now: UtcMs, uploads_max: u32) -> Result<(), PhoneFault> {
        if self.is_closed {
            Err(PhoneFault::Closed)
        } else if now >= self.ends_at {
            Err(PhoneFault::Expired)
        } else if self.used >= uploads_max {
            Err(PhoneFault::UsedUp)
        } else {
            Ok(())
        }
    }
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::new_with_prefix(b"phone token ")
        .chain_update(token)
        .finalize()
        .into()
}

fn id_of(hash: &[u8; 32]) -> PhoneId {
    let mut digits = hex::encode(hash);
    digits.truncate(ID_DIGITS);
    PhoneId(digits)
}

#[cfg(test)]
mod tests {
    use domain::case::Role;
    use domain::id::RecordId;
    use uuid::Uuid;

    use super::*;
    use crate::edge::fill_random;

    const NOW: UtcMs = UtcMs(1_000_000);
    const RULES: AttachmentRules = AttachmentRules {
        bytes_max: 1,
        pixels_max: 1,
        phone_ms: 600_000,
        phone_uploads_max: 2,
    };

    fn staff(n: u128) -> StaffId {
        StaffId(Uuid::from_u128(n))
    }

    fn slot(by: u128) -> PhoneSlot {
        PhoneSlot {
            owner: Owner {
                person: None,
                record: RecordId(Uuid::from_u128(1)),
            },
            doc_type: "id_card".into(),
            title: "身份证".into(),
            by: staff(by),
            actor: Actor {
                staff: Some(staff(by)),
                roles: [Role::Clerk].into(),
                deputy: std::collections::BTreeMap::new(),
                kin: std::collections::BTreeSet::new(),
                address: String::new(),
            },
        }
    }

    fn desk() -> (PhoneDesk, String, PhoneId) {
        let desk = PhoneDesk::new(watch::Sender::new(0), RULES);
        let (token, id) = desk.open(slot(7), NOW, fill_random).unwrap();
        (desk, token, id)
    }

    fn attachment() -> Attachment {
        Attachment {
            doc_type: "id_card".into(),
            sha256: String::new(),
            mime: "image/png".into(),
            pages: 1,
            bytes: 1,
            at: NOW,
            by: staff(7),
        }
    }

    #[test]
    fn a_token_is_used_up_and_what_was_refused_does_not_count() {
        let (desk, token, id) = desk();
        desk.begin(&token, NOW).unwrap();
        desk.end(&token, None);
        for _ in 0..2 {
            assert_eq!(desk.begin(&token, NOW), Ok(slot(7)));
            desk.end(&token, Some(attachment()));
        }
        assert_eq!(desk.begin(&token, NOW), Err(PhoneFault::UsedUp));
        let view = desk.view(&id, staff(7), NOW).unwrap();
        assert_eq!((view.arrived.len(), view.left, view.is_open), (2, 0, false));
    }

    #[test]
    fn a_token_that_is_wrong_or_late_or_ended_says_so() {
        let (desk, token, id) = desk();
        assert_eq!(token.len(), 32, "128 bits");
        assert_eq!(desk.look("0123", NOW), Err(PhoneFault::Unknown));
        assert_eq!(desk.look(&id.0, NOW), Err(PhoneFault::Unknown));
        let late = UtcMs(NOW.0 + RULES.phone_ms);
        assert!(desk.look(&token, UtcMs(late.0 - 1)).is_ok());
        assert_eq!(desk.look(&token, late), Err(PhoneFault::Expired));
        desk.close(&id, staff(8));
        assert!(desk.look(&token, NOW).is_ok(), "another desk cannot end it");
        desk.close(&id, staff(7));
        assert_eq!(desk.begin(&token, NOW), Err(PhoneFault::Closed));
    }

    #[test]
    fn a_new_code_of_the_same_desk_ends_the_old_one_and_others_do_not_see_it() {
        let (desk, token, id) = desk();
        let (other, _) = desk.open(slot(8), NOW, fill_random).unwrap();
        let (newer, _) = desk.open(slot(7), NOW, fill_random).unwrap();
        assert_eq!(desk.look(&token, NOW), Err(PhoneFault::Closed));
        assert!(desk.look(&other, NOW).is_ok() && desk.look(&newer, NOW).is_ok());
        assert_eq!(desk.view(&id, staff(8), NOW), None);
        let kept = format!("{:?}", desk.lock());
        assert!(!kept.contains(&newer), "only hashes are kept");
    }
}
