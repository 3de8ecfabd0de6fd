//! What each event does to a record. Total and generic: it never consults a kind, so an old
//! history gives the same record whatever the kind's file says today.

use std::collections::{BTreeMap, BTreeSet};

use super::event::{CaseChanged, CaseEvent, CaseLinked, CaseMoved, CaseOpened};
use super::record::{Link, Record};

impl Record {
    /// The record that an opening begins.
    #[must_use]
    pub fn begin(opened: &CaseOpened) -> Self {
        let opened = opened.clone();
        Self {
            id: opened.record,
            case_no: opened.case_no,
            kind: opened.kind,
            kind_hash: opened.kind_hash,
            channel: opened.channel,
            station: opened.station,
            person: opened.person,
            employer: opened.employer,
            owner: opened.owner,
            state: opened.act.to.clone(),
            state_since: opened.act.at,
            values: opened.values,
            version: 1,
            opened_at: opened.act.at,
            closed_at: None,
            authors: BTreeSet::new(),
            acts: vec![opened.act],
            due: opened.due,
            attachments: Vec::new(),
            deferred: BTreeMap::new(),
            links: Vec::new(),
        }
    }

    /// Takes in an event of this record. A second opening changes nothing but the version.
    pub fn apply(&mut self, event: &CaseEvent) {
        self.version = self.version.saturating_add(1);
        match event {
            CaseEvent::Opened(_) => {}
            CaseEvent::Changed(changed) => self.changed(changed),
            CaseEvent::Moved(moved) => self.moved(moved),
            CaseEvent::Attached(attached) => {
                self.deferred.remove(&attached.attachment.doc_type);
                self.attachments.push(attached.attachment.clone());
            }
            CaseEvent::Detached(detached) => self.attachments.retain(|kept| {
                kept.doc_type != detached.doc_type || kept.sha256 != detached.sha256
            }),
            CaseEvent::Linked(linked) => self.linked(linked),
            CaseEvent::HandedOver(handed) => self.owner = Some(handed.to),
        }
    }

    fn changed(&mut self, changed: &CaseChanged) {
        self.authors.extend(changed.by);
        self.values.extend(changed.set.clone());
        self.values.retain(|id, _| !changed.cleared.contains(id));
        self.due.retain(|id, _| !changed.ended.contains(id));
        self.due.extend(changed.due.clone());
    }

    fn moved(&mut self, moved: &CaseMoved) {
        self.values.extend(moved.set.clone());
        self.values.retain(|id, _| !moved.cleared.contains(id));
        self.due.retain(|id, _| !moved.ended.contains(id));
        self.due.extend(moved.due.clone());
        self.deferred.extend(moved.deferred.clone());
        self.state.clone_from(&moved.act.to);
        self.state_since = moved.act.at;
        self.closed_at = moved.is_end.then_some(moved.act.at);
        self.acts.push(moved.act.clone());
    }

    fn linked(&mut self, linked: &CaseLinked) {
        let link = Link {
            kind: linked.kind,
            to: linked.to,
        };
        self.links.retain(|other| *other != link);
        if !linked.is_undone {
            self.links.push(link);
        }
    }
}
