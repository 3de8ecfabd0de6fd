//! What is done to a record besides its steps: attachments, ties to other records, another owner.

use crate::id::{RecordId, StaffId};

use super::super::Role;
use super::super::command::{CaseRefusal, CaseRefusalCode};
use super::super::event::{
    CaseAttached, CaseDetached, CaseEvent, CaseHandedOver, CaseLinked, LinkKind,
};
use super::super::kind::Kind;
use super::super::record::{Attachment, Link, Record};
use super::words::{bounded, need_reason};
use super::{Circumstances, standing};

type Answer = Result<Vec<CaseEvent>, CaseRefusal>;

pub(super) fn attach(
    kind: &Kind,
    record: &Record,
    attachment: Attachment,
    around: Circumstances<'_>,
) -> Answer {
    may_handle(kind, record, around, "附材料")?;
    if around.actor.staff != Some(attachment.by) {
        let text = "附材料的人和登录的人不一致。请重新登录后再附。";
        return Err(CaseRefusal::new(CaseRefusalCode::WrongRole, text));
    }
    if kind.attachment(&attachment.doc_type).is_none() {
        let text = format!("“{}”没有这一种材料。请刷新后重新选。", kind.name);
        return Err(CaseRefusal::new(CaseRefusalCode::Values, text));
    }
    if is_attached(record, &attachment.doc_type, &attachment.sha256) {
        return Ok(Vec::new());
    }
    Ok(vec![CaseEvent::Attached(CaseAttached {
        record: record.id,
        version: record.version.saturating_add(1),
        attachment,
    })])
}

pub(super) fn detach(
    kind: &Kind,
    record: &Record,
    doc_type: String,
    sha256: String,
    reason: String,
    around: Circumstances<'_>,
) -> Answer {
    may_handle(kind, record, around, "撤下材料")?;
    let by = around.actor.staff.ok_or_else(|| {
        let text = "撤下材料要由工作人员来办。";
        CaseRefusal::new(CaseRefusalCode::WrongRole, text)
    })?;
    bounded([&reason])?;
    need_reason("撤下材料", &reason)?;
    if !is_attached(record, &doc_type, &sha256) {
        let text = "这份材料已经不在了。请刷新后再看。";
        return Err(CaseRefusal::new(CaseRefusalCode::NoSuchStep, text));
    }
    Ok(vec![CaseEvent::Detached(CaseDetached {
        record: record.id,
        version: record.version.saturating_add(1),
        doc_type,
        sha256,
        by,
        at: around.now,
        reason,
    })])
}

fn is_attached(record: &Record, doc_type: &str, sha256: &str) -> bool {
    let mut attachments = record.attachments.iter();
    attachments.any(|kept| kept.doc_type == doc_type && kept.sha256 == sha256)
}

/// The tie to a correction is all that an ended record still takes.
pub(super) fn link(
    kind: &Kind,
    record: &Record,
    link: LinkKind,
    to: RecordId,
    is_undone: bool,
    around: Circumstances<'_>,
) -> Answer {
    if is_undone || link != LinkKind::CorrectionOf {
        standing::not_ended(kind, record)?;
    }
    standing::not_close(record, around.actor)?;
    if !around.actor.roles.contains(&Role::System) {
        standing::may_deal_ever(kind, around.actor, "关联记录")?;
    }
    if to == record.id {
        let text = "记录不能和自己关联。请选另一条。";
        return Err(CaseRefusal::new(CaseRefusalCode::Values, text));
    }
    let is_tied = record.links.contains(&Link { kind: link, to });
    if is_tied != is_undone {
        return Ok(Vec::new());
    }
    Ok(vec![CaseEvent::Linked(CaseLinked {
        record: record.id,
        version: record.version.saturating_add(1),
        kind: link,
        to,
        is_undone,
        by: around.actor.staff,
        at: around.now,
    })])
}

/// Who must keep away may still give away what is theirs; a chief may give to whom they like.
pub(super) fn hand_over(
    kind: &Kind,
    record: &Record,
    to: StaffId,
    reason: String,
    around: Circumstances<'_>,
) -> Answer {
    standing::not_ended(kind, record)?;
    let actor = around.actor;
    let is_owner = actor.staff.is_some() && record.owner == actor.staff;
    if !is_owner {
        standing::not_close(record, actor)?;
        if !actor.roles.contains(&Role::Chief) {
            standing::may_deal(kind, record, actor, "转交")?;
        }
    }
    bounded([&reason])?;
    need_reason("转交", &reason)?;
    if record.owner == Some(to) {
        return Ok(Vec::new());
    }
    Ok(vec![CaseEvent::HandedOver(CaseHandedOver {
        record: record.id,
        version: record.version.saturating_add(1),
        to,
        by: actor.staff,
        at: around.now,
        reason,
    })])
}

fn may_handle(
    kind: &Kind,
    record: &Record,
    around: Circumstances<'_>,
    what: &str,
) -> Result<Role, CaseRefusal> {
    standing::not_ended(kind, record)?;
    standing::not_close(record, around.actor)?;
    standing::may_deal(kind, record, around.actor, what)
}
