//! What another program's file says, done by the system: records opened and led on, many in one
//! transaction. Each deed is whole or not at all, and can be tried before anything is written, so
//! that what would be refused is told with its row. Who approved it stands in the steps' reasons.

use std::sync::Arc;

use domain::case::{self, CaseNo, CaseRefusal, Channel, Command, Kind, Opening, Record};
use domain::id::RecordId;
use domain::time::UtcMs;

use crate::store::{Reader, StoreError, Write};

use super::automatic::system;
use super::desk::{act, not_found, open, use_kind};
use super::{CaseDesk, CaseFault, NewCase, refused};

/// A record that is opened, led on, or both.
#[derive(Debug, Clone)]
pub(crate) struct Deed {
    /// Which.
    pub(crate) record: RecordId,
    /// What it is opened with; `None` of one that is there.
    pub(crate) opening: Option<NewCase>,
    /// What is done with it then, in this order.
    pub(crate) commands: Vec<Command>,
}

impl CaseDesk {
    /// What the engine would say to a deed, as the record stands.
    ///
    /// # Errors
    /// The outer one is the store's; the inner one is the first refusal.
    pub(crate) fn try_deed(
        &self,
        reader: &Reader<'_>,
        deed: &Deed,
        now: UtcMs,
    ) -> Result<Result<(), CaseRefusal>, StoreError> {
        let (kind, mut record) = match &deed.opening {
            Some(new) => match self.try_opening(deed.record, new, now) {
                Ok(opened) => opened,
                Err(refusal) => return Ok(Err(refusal)),
            },
            None => {
                let Some(record) = reader.record(deed.record)? else {
                    return Ok(Err(refused(
                        case::CaseRefusalCode::NotNow,
                        not_found().detail,
                    )));
                };
                (reader.kind(&record.kind_hash)?, record)
            }
        };
        for command in &deed.commands {
            let (seen, command) = (record.version, command.clone());
            match case::decide(&kind, &record, seen, command, &system(), now, self.rules()) {
                Ok(events) => events.iter().for_each(|event| record.apply(event)),
                Err(refusal) => return Ok(Err(refusal)),
            }
        }
        Ok(Ok(()))
    }

    fn try_opening(
        &self,
        record: RecordId,
        new: &NewCase,
        now: UtcMs,
    ) -> Result<(Arc<Kind>, Record), CaseRefusal> {
        let Some(kind) = self.kinds().kind(&new.kind).cloned() else {
            return Err(refused(case::CaseRefusalCode::NotNow, "没有这种业务。"));
        };
        let opening = Opening {
            record,
            case_no: CaseNo(String::new()),
            channel: new.channel,
            station: new.station.clone(),
            person: new.person,
            employer: new.employer,
            values: new.values.clone(),
            is_import: new.channel == Channel::Import,
        };
        let opened = case::open(&kind, opening, &system(), now, self.rules())?;
        Ok((kind, Record::begin(&opened)))
    }

    /// Does deeds in one transaction, each or not: what is refused is told and stays as it was.
    /// Blocking.
    ///
    /// # Errors
    /// A fault of storage; nothing has been done then.
    pub(crate) fn do_deeds(
        &self,
        deeds: Vec<Deed>,
        now: UtcMs,
    ) -> Result<Vec<Result<(), CaseRefusal>>, CaseFault> {
        self.only_at_the_centre()?;
        let desk = self.clone();
        let done = self.store().write_blocking(move |write| {
            let each = deeds.into_iter().map(|deed| desk.do_deed(write, deed, now));
            each.collect::<Result<Vec<_>, StoreError>>()
        });
        Ok(done?)
    }

    /// Tried first, because an opening is not taken back when a later command is refused.
    fn do_deed(
        &self,
        write: &mut Write<'_>,
        deed: Deed,
        now: UtcMs,
    ) -> Result<Result<(), CaseRefusal>, StoreError> {
        if let Err(refusal) = self.try_deed(&write.reader(), &deed, now)? {
            return Ok(Err(refusal));
        }
        let (rules, id) = (self.rules(), deed.record);
        if let Some(new) = deed.opening
            && let Some(kind) = self.kinds().kind(&new.kind)
        {
            use_kind(write, self.kinds(), kind, now)?;
            if let Err(refusal) = open(write, kind, id, new, &system(), rules, now)? {
                return Ok(Err(refusal));
            }
        }
        for command in deed.commands {
            match act(write, id, None, command, &system(), rules, now)? {
                Ok(Ok(())) => {}
                Ok(Err(refusal)) => return Ok(Err(refusal)),
                Err(problem) => {
                    return Ok(Err(refused(case::CaseRefusalCode::NotNow, problem.detail)));
                }
            }
        }
        Ok(Ok(()))
    }
}
