//! Materials of a record: whether one may come in, and that it did or was set aside. The content
//! itself is `crate::attachments`' affair.

use std::sync::Arc;

use domain::case::{self, Actor, Attachment, CaseRefusalCode, Command, Kind, Record};
use domain::id::{PersonId, RecordId, StaffId};
use domain::time::UtcMs;

use crate::attachments::Owner;

use super::desk::act;
use super::{CaseDesk, CaseFault, person_register, photo_checks, refused};

/// What a record asks for, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Whose what comes in will be.
    pub owner: Owner,
    /// What the rule asks for, in words without names: 身份证正面.
    pub title: String,
}

impl CaseDesk {
    /// Whether this person may attach something to a record under one of its kind's rules.
    ///
    /// # Errors
    /// [`CaseFault`]: why not.
    pub async fn may_attach(
        &self,
        record: RecordId,
        doc_type: &str,
        actor: &Actor,
        now: UtcMs,
    ) -> Result<Slot, CaseFault> {
        let view = self.view(record).await?;
        let by = actor.staff.ok_or_else(only_people)?;
        let tried = Command::Attach(blank(doc_type, by, now));
        let (kind, record) = (&view.kind, &view.record);
        case::decide(
            kind,
            record,
            record.version,
            tried,
            actor,
            now,
            self.rules(),
        )?;
        let rule = kind.attachment(doc_type);
        Ok(Slot {
            owner: Owner {
                person: person_of(kind, record),
                record: record.id,
            },
            title: rule.map_or_else(String::new, |rule| rule.name.clone()),
        })
    }

    /// Attaches what was taken in; the same content twice is one attachment. Goes by the version
    /// that the record has: a second picture is no contradiction to the first.
    ///
    /// # Errors
    /// [`CaseFault`]; the record is as it was then.
    pub async fn attach(
        &self,
        record: RecordId,
        attachment: Attachment,
        actor: Actor,
        now: UtcMs,
    ) -> Result<(), CaseFault> {
        self.only_at_the_centre()?;
        let paper = attachment.clone();
        let (desk, command) = (self.clone(), Command::Attach(attachment));
        let attached = self.store().write(move |write| {
            let acted = act(write, record, None, command, &actor, desk.rules(), now)?;
            if matches!(acted, Ok(Ok(()))) {
                photo_checks::open_for(write, desk.kinds(), record, &paper, desk.rules(), now)?;
            }
            Ok(acted)
        });
        Ok(attached.await???)
    }
}

fn only_people() -> CaseFault {
    refused(CaseRefusalCode::WrongRole, "材料要由工作人员来收。").into()
}

/// What decides about an attachment before there is one.
fn blank(doc_type: &str, by: StaffId, now: UtcMs) -> Attachment {
    Attachment {
        doc_type: doc_type.to_owned(),
        sha256: String::new(),
        mime: String::new(),
        pages: 0,
        bytes: 0,
        at: now,
        by,
    }
}

fn person_of(kind: &Arc<Kind>, record: &Record) -> Option<PersonId> {
    let is_person = kind.id.as_str() == person_register::KIND;
    record
        .person
        .or_else(|| is_person.then_some(PersonId(record.id.0)))
}
