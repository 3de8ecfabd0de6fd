//! Each photo of a survey gets a check of its own: opened by the system in the transaction that takes
//! the photo in, so that nobody types what a machine knows, and no photo is forgotten.

use domain::case::{Attachment, Channel, Kind, Record, Rulebook, Value, Values};
use domain::id::{KindId, RecordId};
use domain::time::UtcMs;

use crate::edge;
use crate::store::{StoreError, Write};

use super::automatic::system;
use super::desk::{open, use_kind};
use super::{KindShelf, NewCase};

/// Kind and paper that are looked at, and the kind of what looks at it.
const LOOKED_AT: [(&str, &str, &str); 1] = [("loan_survey", "photo", "survey_media_check")];
/// Its fields: the record, the paper's hash, and who handed it in and therefore does not check it.
const OF: &str = "survey_id";
const HASH: &str = "sha256";
const BY: &str = "taken_by";

/// Opens the check of a paper that has just come in; a paper that has one gets no second.
pub(super) fn open_for(
    write: &mut Write<'_>,
    kinds: &KindShelf,
    record: RecordId,
    paper: &Attachment,
    rules: &dyn Rulebook,
    now: UtcMs,
) -> Result<(), StoreError> {
    let Some(record) = write.record(record)? else {
        return Ok(());
    };
    for (of_kind, doc_type, check) in LOOKED_AT {
        if record.kind.as_str() != of_kind || paper.doc_type != doc_type {
            continue;
        }
        if let Some(kind) = KindId::new(check).ok().and_then(|id| kinds.kind(&id)) {
            let new = opening(kind, &record, paper);
            use_kind(write, kinds, kind, now)?;
            let id = RecordId(edge::new_uuid(now));
            if let Err(refusal) = open(write, kind, id, new, &system(), rules, now)? {
                tracing::debug!(%id, code = ?refusal.code, "no second check of one photo");
            }
        }
    }
    Ok(())
}

fn opening(kind: &Kind, of: &Record, paper: &Attachment) -> NewCase {
    NewCase {
        kind: kind.id.clone(),
        channel: Channel::System,
        station: of.station.clone(),
        person: None,
        employer: None,
        values: Values::from([
            (OF.to_owned(), Value::Record(of.id)),
            (HASH.to_owned(), Value::Text(paper.sha256.clone())),
            (BY.to_owned(), Value::Staff(paper.by)),
        ]),
        corrects: None,
    }
}
