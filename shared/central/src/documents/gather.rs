//! Everything that a document is made of, out of one view of the store: the record with its history,
//! the records that it names, and names for ids. Personal values stay the ciphertext that they are.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::case::{CaseEvent, Kind, Record};
use domain::document::{Content, Facts, Issue, Others, Template, about_step, compose};
use domain::id::{RecordId, StaffId};

use crate::cases::{CENTRE, named_by, station_names, value_text};
use crate::store::{Reader, StoreError};

/// A record with everything around it.
pub(crate) struct Gathered {
    pub(crate) record: Record,
    pub(crate) kind: Arc<Kind>,
    others: Others,
    history: Vec<CaseEvent>,
    staff: BTreeMap<StaffId, String>,
    /// The station's name, where the register has one.
    station: Option<String>,
}

fn know(
    reader: &Reader<'_>,
    others: &mut Others,
    named: BTreeSet<RecordId>,
) -> Result<(), StoreError> {
    for other in named {
        if others.contains_key(&other) {
            continue;
        }
        if let Some(found) = reader.record(other)? {
            let kind = reader.kind(&found.kind_hash)?;
            others.insert(other, (found, kind));
        }
    }
    Ok(())
}

impl Gathered {
    /// Reads it; `None` for an id that no record has.
    pub(crate) fn read(reader: &Reader<'_>, id: RecordId) -> Result<Option<Self>, StoreError> {
        let Some(record) = reader.record(id)? else {
            return Ok(None);
        };
        let kind = reader.kind(&record.kind_hash)?;
        let mut others = Others::new();
        know(reader, &mut others, named_by(&record))?;
        let employers = others.values().filter_map(|(other, _)| other.employer);
        let employers: BTreeSet<_> = employers.collect();
        know(reader, &mut others, employers)?;
        let history = reader.record_history(id)?;
        let station = station_names(reader)?.remove(record.station.as_str());
        Ok(Some(Self {
            kind,
            others,
            history: history.into_iter().map(|line| line.event).collect(),
            staff: reader.staff_names()?,
            station,
            record,
        }))
    }

    /// Where the record is dealt with, in words; at the centre itself `centre`.
    pub(crate) fn station_name(&self, centre: &str) -> String {
        let code = self.record.station.as_str();
        match &self.station {
            Some(name) => name.clone(),
            None if code == CENTRE => centre.to_owned(),
            None => code.to_owned(),
        }
    }

    /// The version of the record that the step made which a document is about; 0 for none.
    pub(crate) fn about(&self, template: &Template) -> u64 {
        let step = about_step(template, &self.record, self.history.iter());
        step.map_or(0, |moved| moved.version)
    }

    /// What the document says.
    ///
    /// # Errors
    /// What is missing.
    pub(crate) fn compose(
        &self,
        template: &Template,
        issue: &Issue,
    ) -> Result<Content, Vec<String>> {
        let name = |staff: StaffId| {
            let known = self.staff.get(&staff);
            known.cloned().unwrap_or_else(|| "已离开的人".to_owned())
        };
        let facts = Facts {
            kind: &self.kind,
            record: &self.record,
            others: &self.others,
            step: about_step(template, &self.record, self.history.iter()),
            issue,
            words: &value_text,
            staff: &name,
        };
        compose(template, &facts)
    }
}
