//! Daily reports of service points (网点日报): one of each day and station, of the station itself. The
//! clock opens them in the morning of every working day, so that what is missing is a record that is
//! due and not the want of one; whether a report may be opened is decided where it is written.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::case::{CaseRefusal, Channel, Kind, Record, Value, Values};
use domain::id::{KindId, RecordId, StationCode};
use domain::time::UtcMs;

use crate::store::{Reader, StoreError};

use super::automatic::system;
use super::{CENTRE, CaseDesk, CaseFault, NewCase, refused_at, registered_stations};

/// The id of their kind.
pub(crate) const KIND: &str = "station_sync";
/// Whose report it is.
pub(crate) const STATION: &str = "station_id";
/// The day that it is about.
pub(crate) const DAY: &str = "on";
/// The rule of their kind that no second one is of the same day and station.
const OF_DAY: &str = "report_of_day";
/// What is reported, in the order of the form.
pub(crate) const FIGURES: [&str; 5] = ["posts", "seekers", "referrals", "hired", "consults"];

/// Refuses a report of another station; a second one of a day the kind's own rule refuses.
pub(super) fn bar_opening(
    reader: &Reader<'_>,
    kind: &Kind,
    at: &StationCode,
    values: &Values,
) -> Result<Option<CaseRefusal>, StoreError> {
    if kind.id.as_str() != KIND {
        return Ok(None);
    }
    let Some(Value::Record(station)) = values.get(STATION) else {
        return Ok(None);
    };
    let sentence = "日报只报自己网点的：“网点”要和“在哪里办”是同一处。";
    let is_another = !is_called(reader, *station, at)?;
    Ok(is_another.then(|| refused_at(STATION, sentence)))
}

/// The same when `typed` changes whose report it is.
pub(super) fn bar_change(
    reader: &Reader<'_>,
    kind: &Kind,
    record: &Record,
    typed: &Values,
) -> Result<Option<CaseRefusal>, StoreError> {
    bar_opening(reader, kind, &record.station, typed)
}

/// Whether an entry of the register bears this code.
fn is_called(
    reader: &Reader<'_>,
    station: RecordId,
    code: &StationCode,
) -> Result<bool, StoreError> {
    let entry = reader.record(station)?;
    let number = entry
        .as_ref()
        .and_then(|entry| entry.values.get("station_no"));
    Ok(matches!(number, Some(Value::Text(number)) if number.trim() == code.as_str()))
}

/// The reports of a day, by station.
pub(crate) fn records_of(
    reader: &Reader<'_>,
    day: NaiveDate,
) -> Result<BTreeMap<StationCode, RecordId>, StoreError> {
    let found = reader.claimants(OF_DAY, &day.to_string())?;
    // of several, which only an old store can have, the first one counts
    Ok(found.into_iter().rev().collect())
}

impl CaseDesk {
    /// Opens the reports of today that service points owe, on a working day. Returns how many.
    ///
    /// # Errors
    /// A fault of storage.
    pub async fn open_reports_of_day(&self, now: UtcMs) -> Result<u32, CaseFault> {
        let today = now.hall_date();
        // a year without a calendar has its mornings all the same
        let is_workday = self.rules().is_workday(today).unwrap_or(true);
        let kind = KindId::new(KIND).ok();
        let kind = kind.and_then(|kind| self.kinds().kind(&kind).cloned());
        let Some(kind) = kind.filter(|_| is_workday) else {
            return Ok(0);
        };
        let id = kind.id.clone();
        let owed = self.store().read(move |reader| {
            let opened = records_of(reader, today)?;
            let mut stations = registered_stations(reader)?;
            stations.retain(|code, _| code.as_str() != CENTRE && !opened.contains_key(code));
            Ok::<_, StoreError>(stations)
        });
        let mut count = 0;
        for (code, station) in owed.await? {
            let values = [
                (STATION.to_owned(), Value::Record(station.record)),
                (DAY.to_owned(), Value::Date(today)),
            ];
            let report = NewCase {
                kind: id.clone(),
                channel: Channel::System,
                station: code,
                person: None,
                employer: None,
                values: values.into(),
                corrects: None,
            };
            match self.open(report, system(), now).await {
                Ok(_) => count += 1,
                // somebody at the station was faster
                Err(CaseFault::Refused(refusal)) => {
                    tracing::debug!(code = ?refusal.code, "a report is not owed");
                }
                Err(fault) => return Err(fault),
            }
        }
        Ok(count)
    }
}
