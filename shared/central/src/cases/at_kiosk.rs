//! What a citizen asks for at a kiosk becomes a record that somebody of the centre takes up. It is
//! opened once for each key, however often the kiosk asks; nothing more is done by a kiosk.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::case::{Actor, Channel, Role, Values};
use domain::id::{DeviceId, HallId, KindId, RecordId, RequestId, StationCode};
use domain::personal::Pii;
use domain::time::UtcMs;
use wire::citizen::Asked;
use wire::event::{CitizenAct, CitizenServed, Event};
use wire::problem::{Problem, ProblemCode};

use crate::store::{StoreError, Write};

use super::desk::{open, use_kind};
use super::{CENTRE, CaseDesk, CaseFault, NewCase};

/// The kind of record that a kiosk may open.
const KIND: &str = "service_request";

/// What was asked for, as it goes into the record.
#[derive(Debug, Clone)]
pub(crate) struct KioskRequest {
    /// The key, and the record's id.
    pub(crate) request: RequestId,
    /// The whole request, of which a keyed hash is kept.
    pub(crate) body: Pii<String>,
    pub(crate) values: Values,
    pub(crate) what: CitizenAct,
    pub(crate) device: DeviceId,
    pub(crate) hall: HallId,
}

impl CaseDesk {
    /// Opens the record of a request; asked again with the same key and body, tells the same one.
    ///
    /// # Errors
    /// [`CaseFault`]: `KeyReused` for a key that came with another body.
    pub(crate) async fn take_request(
        &self,
        asked: KioskRequest,
        now: UtcMs,
    ) -> Result<Asked, CaseFault> {
        self.only_at_the_centre()?;
        let kind = KindId::new(KIND).ok();
        let kind = kind.and_then(|kind| self.kinds().kind(&kind).cloned());
        let kind = kind.ok_or_else(super::desk::not_found)?;
        let (rules, kinds) = (self.shared_rules(), self.kinds().clone());
        let taken = self.store().write(move |write| {
            let record = RecordId(asked.request.0);
            let body = write.reader().vault().request_hash(&asked.body)?;
            let known = write.reader().citizen_request(asked.request)?;
            let is_record = write.record(record)?.is_some();
            match known {
                Some(known) if known == body && is_record => return answer(write, record),
                // a key that was forgotten is still the record's
                Some(_) => return Ok(Err(key_reused().into())),
                None if is_record => return Ok(Err(key_reused().into())),
                None => {}
            }
            use_kind(write, &kinds, &kind, now)?;
            let new = new_case(Arc::clone(&kind).id.clone(), asked.values);
            if let Err(refusal) = open(write, &kind, record, new, &citizen(), &*rules, now)? {
                return Ok(Err(refusal.into()));
            }
            write.keep_citizen_request(asked.request, &body, now)?;
            let answer = answer(write, record)?;
            let served = CitizenServed {
                device: asked.device,
                hall: asked.hall,
                what: asked.what,
                subject: answer
                    .as_ref()
                    .map_or(String::new(), |it| it.case_no.clone()),
            };
            write.append(&Event::CitizenServed(served), now)?;
            Ok(answer)
        });
        taken.await?
    }
}

/// Whoever stands at a kiosk.
fn citizen() -> Actor {
    Actor {
        staff: None,
        roles: BTreeSet::from([Role::Citizen]),
        deputy: BTreeMap::new(),
        kin: BTreeSet::new(),
        address: String::new(),
    }
}

fn new_case(kind: KindId, values: Values) -> NewCase {
    NewCase {
        kind,
        channel: Channel::Kiosk,
        station: StationCode::new(CENTRE).expect("the centre's code, because it is short"),
        person: None,
        employer: None,
        values,
        corrects: None,
    }
}

fn answer(write: &Write<'_>, record: RecordId) -> Result<Result<Asked, CaseFault>, StoreError> {
    let Some(record) = write.record(record)? else {
        return Ok(Err(super::desk::not_found().into()));
    };
    Ok(Ok(Asked {
        due_on: record.due.values().map(|due| due.on).min(),
        case_no: record.case_no.0,
    }))
}

/// What a key that came with something else is answered.
pub(crate) fn key_reused() -> Problem {
    let sentence = "这个请求的编号已经用于别的内容。请重新填写一次。";
    Problem::new(ProblemCode::KeyReused, sentence)
}
