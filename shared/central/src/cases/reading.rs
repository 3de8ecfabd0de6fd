//! Reading records: one with everything that its page shows, lists, its history, and the record as
//! it stood on a day. Personal values come out masked, or one at a time to who had it written down.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use domain::case::{CaseEvent, Field, Kind, Record};
use domain::id::{PersonId, RecordId};
use domain::outreach::with_name;
use domain::personal::Pii;

use crate::outreach::addressee;
use crate::staff::Revealed;
use crate::store::{CaseList, CaseQuery, ContactLine, HistoryEvent, Reader, StoreError, VisitRow};

use super::desk::not_found;
use super::{CaseDesk, CaseFault, masked, person_register, same_person, sealing, shown_title};

/// Most records of one registration that are shown.
const OF_PERSON_MAX: u32 = 50;
/// Records that name one and are shown on its page.
const NAMING_MAX: u32 = 40;

/// A record with what a page shows of it.
#[derive(Debug, Clone)]
pub struct RecordView {
    /// Its title, with whom it is about in front.
    pub title: String,
    /// The record; its personal values are ciphertext.
    pub record: Record,
    /// The version of the kind under which it goes.
    pub kind: Arc<Kind>,
    /// Personal values as they may be shown to anybody who may see the record.
    pub masked: BTreeMap<String, String>,
    /// Records that point at it.
    pub linked_from: Vec<RecordId>,
    /// The newest records that name it in a field.
    pub naming: Vec<(Record, Arc<Kind>)>,
    /// Of a person's registration: the records that concern the person, newest first, then those of
    /// registrations that were merged into it.
    pub of_person: Vec<(Record, Arc<Kind>)>,
    /// The visits in which it was opened or taken up, oldest first.
    pub(crate) visits: Vec<VisitRow>,
    /// What was said outward about it and what is to be said, oldest first.
    pub(crate) contacts: Vec<ContactLine>,
}

impl CaseDesk {
    /// A record with what a page shows of it.
    ///
    /// # Errors
    /// `NotFound`, or a fault of storage.
    pub async fn view(&self, record: RecordId) -> Result<RecordView, CaseFault> {
        let viewed = self.store().read(move |reader| view(reader, record));
        Ok(viewed.await?.ok_or_else(not_found)?)
    }

    /// The plain value of a masked field, for who has had it written down that and why they ask.
    ///
    /// # Errors
    /// `NotFound`, or a fault of storage.
    pub async fn reveal(
        &self,
        record: RecordId,
        field: String,
        proof: Revealed,
    ) -> Result<Option<Pii<String>>, CaseFault> {
        let revealed = self.store().read(move |reader| {
            let Some((record, kind)) = record_and_kind(reader, record)? else {
                return Ok(None);
            };
            let personal = kind.field(&field).and_then(|field| field.personal);
            if !personal.is_some_and(|personal| proof.is_of(&record.case_no.0, personal)) {
                return Ok(None);
            }
            sealing::open(reader, &kind, &record, &field).map(Some)
        });
        Ok(revealed.await?.ok_or_else(not_found)?)
    }

    /// A page of a list.
    ///
    /// # Errors
    /// A fault of storage.
    pub async fn list(&self, asked: CaseQuery) -> Result<CaseList, CaseFault> {
        let list = self.store().read(move |reader| {
            let mut list = reader.case_list(&asked)?;
            for line in &mut list.lines {
                let kind = reader.kind(&line.body.kind_hash)?;
                line.title = shown_title(reader, &kind, &line.body, &line.title)?;
            }
            Ok::<_, StoreError>(list)
        });
        Ok(list.await?)
    }

    /// A record's history, oldest first.
    ///
    /// # Errors
    /// A fault of storage.
    pub async fn history(&self, record: RecordId) -> Result<Vec<HistoryEvent>, CaseFault> {
        let history = self
            .store()
            .read(move |reader| reader.record_history(record));
        Ok(history.await?)
    }

    /// The record as it stood at the end of a day; `None` when it was not there yet.
    ///
    /// # Errors
    /// A fault of storage.
    pub async fn as_of(
        &self,
        record: RecordId,
        day: NaiveDate,
    ) -> Result<Option<Record>, CaseFault> {
        let history = self.history(record).await?;
        let until = history
            .iter()
            .take_while(|event| event.at.hall_date() <= day);
        let mut stood: Option<Record> = None;
        for HistoryEvent { event, .. } in until {
            match (event, &mut stood) {
                (CaseEvent::Opened(opened), _) => stood = Some(Record::begin(opened)),
                (event, Some(record)) => record.apply(event),
                (_, None) => {}
            }
        }
        Ok(stood)
    }
}

pub(super) fn record_and_kind(
    reader: &Reader<'_>,
    record: RecordId,
) -> Result<Option<(Record, Arc<Kind>)>, StoreError> {
    let Some(record) = reader.record(record)? else {
        return Ok(None);
    };
    let kind = reader.kind(&record.kind_hash)?;
    Ok(Some((record, kind)))
}

fn view(reader: &Reader<'_>, id: RecordId) -> Result<Option<RecordView>, StoreError> {
    let Some((record, kind)) = record_and_kind(reader, id)? else {
        return Ok(None);
    };
    let title = reader
        .record_called(id)?
        .map_or_else(String::new, |(_, title)| title);
    Ok(Some(RecordView {
        title: shown_title(reader, &kind, &record, &title)?,
        linked_from: reader.records_linked_to(id)?,
        naming: naming(reader, id)?,
        of_person: of_person(reader, &record)?,
        visits: reader.visits_of_record(id)?,
        contacts: contacts(reader, &kind, &record)?,
        masked: masked_values(reader, &kind, &record, kind.fields.iter())?,
        record,
        kind,
    }))
}

fn naming(reader: &Reader<'_>, id: RecordId) -> Result<Vec<(Record, Arc<Kind>)>, StoreError> {
    let found = reader.newest_naming(id, NAMING_MAX)?.into_iter();
    let found = found.map(|one| record_and_kind(reader, one));
    found.filter_map(Result::transpose).collect()
}

/// With the masked name in what is to be said.
fn contacts(
    reader: &Reader<'_>,
    kind: &Kind,
    record: &Record,
) -> Result<Vec<ContactLine>, StoreError> {
    let mut contacts = reader.contacts_about(record.id)?;
    if contacts.is_empty() {
        return Ok(contacts);
    }
    let name = addressee(reader, kind, record)?.masked_name();
    for line in &mut contacts {
        line.words = with_name(&line.words, &name);
    }
    Ok(contacts)
}

fn of_person(reader: &Reader<'_>, record: &Record) -> Result<Vec<(Record, Arc<Kind>)>, StoreError> {
    if record.kind.as_str() != person_register::KIND {
        return Ok(Vec::new());
    }
    let mut of_person = Vec::new();
    for one in same_person::all_of(reader, record.id)? {
        for record in reader.records_of_person(PersonId(one.0), OF_PERSON_MAX)? {
            let kind = reader.kind(&record.kind_hash)?;
            of_person.push((record, kind));
        }
    }
    Ok(of_person)
}

/// Personal values of a record as they may be shown to anybody who may see it.
pub(crate) fn masked_values<'k>(
    reader: &Reader<'_>,
    kind: &Kind,
    record: &Record,
    fields: impl Iterator<Item = &'k Field>,
) -> Result<BTreeMap<String, String>, StoreError> {
    let mut shown = BTreeMap::new();
    for field in fields {
        let Some(personal) = field.personal else {
            continue;
        };
        if let Some(plain) = sealing::open(reader, kind, record, &field.id)? {
            shown.insert(field.id.clone(), masked(personal, &plain));
        }
    }
    Ok(shown)
}
