//! What the hall manager says to everybody in the hall, as records (led_publication): a text of his
//! own waits for approval like every other; of an emergency that has ended (`emergency_desk`) the
//! centre opens the record in which the papers are handed in afterwards (先播后补单).

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use domain::case::{Actor, Channel, Command, Kind, Rulebook, Value, Values};
use domain::id::{KindId, RecordId, StationCode};
use domain::time::UtcMs;

use crate::edge;
use crate::store::{EndedEmergency, StoreError, Write};

use super::automatic::{change, do_as_system, system};
use super::desk::{open, use_kind};
use super::{CENTRE, CaseDesk, CaseFault, NewCase};

/// The kind of these records.
pub(crate) const KIND: &str = "led_publication";
/// The step that says that something has been on the boards.
const FILE_AIRED: &str = "file_aired";
/// Most that one sweep opens; the next one goes on.
const OPENED_PER_SWEEP: u32 = 100;
/// Ordinary ones come after emergencies.
const ORDINARY_PRIORITY: i64 = 5;
const EMERGENCY_PRIORITY: i64 = 9;

/// The manager's own words, until a day with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Announcement {
    pub(crate) title: String,
    pub(crate) body: String,
    pub(crate) last_day: NaiveDate,
}

impl CaseDesk {
    /// Opens the record of an announcement, which then waits for approval.
    ///
    /// # Errors
    /// [`CaseFault`]; nothing was opened then.
    pub(crate) async fn announce(
        &self,
        announcement: Announcement,
        (station, hall_name): (StationCode, String),
        actor: Actor,
        now: UtcMs,
    ) -> Result<RecordId, CaseFault> {
        self.only_at_the_centre()?;
        let kind = self.announcement_kind()?;
        let (rules, kinds) = (self.shared_rules(), self.kinds().clone());
        let record = RecordId(edge::new_uuid(now));
        let opened = self.store().write(move |write| {
            use_kind(write, &kinds, &kind, now)?;
            let Announcement {
                title,
                body,
                last_day,
            } = announcement;
            let values = [
                ("content_type", Value::Choice("notice".to_owned())),
                ("title", Value::Text(title)),
                ("body", Value::Text(body)),
                ("from_on", Value::Date(now.hall_date())),
                ("to_on", Value::Date(last_day)),
                ("priority", Value::Integer(ORDINARY_PRIORITY)),
            ];
            let new = new_case(&kind, station, values);
            if let Err(refusal) = open(write, &kind, record, new, &actor, &*rules, now)? {
                return Ok(Err(refusal));
            }
            // the hall is set by the system, because nobody may type another one
            let computed = [("hall_name", hall_name)];
            compute(write, record, computed, &*rules, now)?;
            Ok(Ok(record))
        });
        Ok(opened.await??)
    }

    /// Opens the records of emergencies that have ended and have none. Returns how many.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) async fn open_papers_of_emergencies(&self, now: UtcMs) -> Result<usize, CaseFault> {
        self.only_at_the_centre()?;
        let kind = self.announcement_kind()?;
        let (rules, kinds) = (self.shared_rules(), self.kinds().clone());
        let opened = self.store().write(move |write| {
            let waiting = write
                .reader()
                .emergencies_without_record(OPENED_PER_SWEEP)?;
            let mut opened = 0;
            for ended in waiting {
                use_kind(write, &kinds, &kind, now)?;
                opened += usize::from(open_papers(write, &kind, ended, &*rules, now)?);
            }
            Ok(opened)
        });
        Ok(opened.await?)
    }

    fn announcement_kind(&self) -> Result<Arc<Kind>, CaseFault> {
        let id = KindId::new(KIND).expect("a kind's id, because it is short");
        let kind = self.kinds().kind(&id).cloned();
        Ok(kind.ok_or_else(super::desk::not_found)?)
    }
}

/// The record has the emergency's own id: so it is opened once, wherever the emergency was. Whether
/// it was opened; if not, the log says why and the next sweep tries again.
fn open_papers(
    write: &mut Write<'_>,
    kind: &Kind,
    ended: EndedEmergency,
    rules: &dyn Rulebook,
    now: UtcMs,
) -> Result<bool, StoreError> {
    let record = RecordId(ended.emergency.0);
    let values = [
        ("content_type", Value::Choice("emergency".to_owned())),
        ("title", Value::Text(ended.told.title)),
        ("body", Value::Text(ended.told.body)),
        ("from_on", Value::Date(ended.told.since.hall_date())),
        ("to_on", Value::Date(now.hall_date())),
        ("priority", Value::Integer(EMERGENCY_PRIORITY)),
    ];
    let centre = StationCode::new(CENTRE).expect("the centre's code, because it is short");
    let new = new_case(kind, centre, values);
    if let Err(refusal) = open(write, kind, record, new, &system(), rules, now)? {
        tracing::error!(code = ?refusal.code, "an emergency opened no record");
        return Ok(false);
    }
    let since = ended.told.since.day_and_clock_text();
    let until = ended.ended_at.day_and_clock_text();
    let computed = [
        ("hall_name", ended.station_name),
        ("aired_text", format!("{since} 到 {until}")),
    ];
    compute(write, record, computed, rules, now)?;
    if !do_as_system(write, record, Command::step(FILE_AIRED), rules, now)? {
        tracing::error!("an emergency's record was opened and not filed as aired");
    }
    Ok(true)
}

fn compute<const N: usize>(
    write: &mut Write<'_>,
    record: RecordId,
    computed: [(&str, String); N],
    rules: &dyn Rulebook,
    now: UtcMs,
) -> Result<(), StoreError> {
    let values = computed.map(|(field, text)| (field.to_owned(), Some(Value::Text(text))));
    let draft = BTreeMap::from(values);
    change(write, record, draft, rules, now)
}

fn new_case<const N: usize>(
    kind: &Kind,
    station: StationCode,
    values: [(&str, Value); N],
) -> NewCase {
    NewCase {
        kind: kind.id.clone(),
        channel: Channel::Station,
        station,
        person: None,
        employer: None,
        values: Values::from_iter(values.map(|(field, value)| (field.to_owned(), value))),
        corrects: None,
    }
}
