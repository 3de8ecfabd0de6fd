//! What citizens read at a kiosk, as rows of the feed: service guide, publicity lists, stations, gig work,
//! policies, and the parameters of the self-check. Made of records as they stand after each of their
//! events, so that a rebuild makes the same rows.
//!
//! Nothing personal: of a publicity list only its lines, which the system has looked through before they
//! may be shown (`cases::publishing`); of gig work of a private employer neither name nor door.

mod guide;

use std::sync::LazyLock;

use chrono::NaiveDate;
use domain::case::{Decimal, FieldType, Kind, Record, Value};
use domain::eligibility::EligibilityRules;
use domain::id::{GroupCode, RecordId};
use domain::money::Fen;
use domain::parameter::ParameterKey;
use domain::time::UtcMs;
use rusqlite::{Connection, OptionalExtension};
use serde::Serialize;
use wire::api::Topic;
use wire::public::{
    Announcement, GeoPoint, GigJob, GigPay, ParameterNow, PolicyText, StationInfo, SummaryRow,
};

use crate::assets;

use super::cases::Change;
use super::feed::{Put, Scope, position_of};
use super::projection::Stored;
use super::{StoreError, cases, parameters};

const A_MILLION: i32 = 1_000_000;

/// One event's rows, in their order.
struct Rows<'r> {
    sql: &'r Connection,
    stored: &'r Stored<'r>,
    /// How many the event has put already.
    count: u64,
}

/// Puts or buries what follows from a change of a record. `before` rows of the event were put already;
/// returns how many there are then.
pub(super) fn follow(
    sql: &Connection,
    kind: &Kind,
    change: &Change,
    stored: &Stored<'_>,
    before: u64,
) -> Result<u64, StoreError> {
    let mut rows = Rows {
        sql,
        stored,
        count: before,
    };
    let record = &change.after;
    match (record.kind.as_str(), record.state.as_str()) {
        ("service_item", _) => guide::of_item(&mut rows, record)?,
        ("service_topic", _) => guide::of_topic(&mut rows, change)?,
        ("station", "active") => rows.put(Topic::Station, record, None, &station(record))?,
        ("station", _) => rows.bury(Topic::Station, record.id)?,
        ("gig_job", "posted") => {
            let job = gig_job(sql, kind, record)?;
            rows.put(Topic::GigJob, record, Some(job.until), &job)?;
        }
        ("gig_job", _) => rows.bury(Topic::GigJob, record.id)?,
        ("publicity_notice", "on_show") => rows.announce(kind, record)?,
        // an objection is looked into while the list stays on show
        ("publicity_notice", "objection") => {}
        ("publicity_notice", _) => rows.bury(Topic::Announcement, record.id)?,
        ("policy_document", "current" | "superseded") => {
            let policy = policy(sql, kind, record, stored.envelope.at.hall_date())?;
            rows.put(Topic::Policy, record, None, &policy)?;
        }
        _ => {}
    }
    Ok(rows.count)
}

/// Puts all entries of a parameter that the self-check asks for, after two persons changed it.
pub(super) fn parameter(
    sql: &Connection,
    key: &ParameterKey,
    stored: &Stored<'_>,
) -> Result<u64, StoreError> {
    if key.region.is_some() || !is_asked_for(&key.key) {
        return Ok(0);
    }
    let book = parameters::book_about(sql, |known| known == key)?;
    let entries = book.history(key).map(|(found, _)| found.entry.clone());
    let now = ParameterNow {
        key: key.clone(),
        entries: entries.collect(),
    };
    let put = put(Topic::Parameter, &key.key, None);
    let body = serde_json::to_string(&now)?;
    put.at(sql, position_of(stored.position, 0), &body)?;
    Ok(1)
}

/// Whether a rule or a text of the self-check holds this key.
fn is_asked_for(key: &str) -> bool {
    static KEYS: LazyLock<Vec<String>> = LazyLock::new(|| {
        let rules = EligibilityRules::read(&assets::ELIGIBILITY, assets::RETIREMENT);
        let rules = rules.expect("the program's own rules, which a test reads");
        rules
            .parameter_keys()
            .into_iter()
            .map(str::to_owned)
            .collect()
    });
    KEYS.iter().any(|asked| asked == key)
}

fn put(topic: Topic, key: &str, expires: Option<UtcMs>) -> Put<'_> {
    Put {
        topic,
        key,
        scope: Scope::District,
        expires,
    }
}

impl Rows<'_> {
    fn put(
        &mut self,
        topic: Topic,
        record: &Record,
        expires: Option<UtcMs>,
        body: &impl Serialize,
    ) -> Result<(), StoreError> {
        let (key, body) = (record.id.to_string(), serde_json::to_string(body)?);
        let position = position_of(self.stored.position, self.count);
        put(topic, &key, expires).at(self.sql, position, &body)?;
        self.count += 1;
        Ok(())
    }

    /// Buries the row, if one stands there.
    fn bury(&mut self, topic: Topic, record: RecordId) -> Result<(), StoreError> {
        let key = record.to_string();
        let mut query = self.sql.prepare_cached(
            "SELECT 1
             FROM feed
             WHERE topic = ?1 AND key = ?2 AND scope = 'district' AND body IS NOT NULL",
        )?;
        let stands = query
            .query_row((topic.as_str(), &key), |_| Ok(()))
            .optional()?;
        if stands.is_none() {
            return Ok(());
        }
        let position = position_of(self.stored.position, self.count);
        put(topic, &key, None).bury(self.sql, position, self.stored.envelope.at)?;
        self.count += 1;
        Ok(())
    }

    /// A publicity list, if it is for kiosks. It goes by itself when its last day is over.
    fn announce(&mut self, kind: &Kind, record: &Record) -> Result<(), StoreError> {
        let on_kiosks = Value::Choice("kiosk".to_owned());
        let channels = record.values.get("channels");
        let is_for_kiosks =
            matches!(channels, Some(Value::List(channels)) if channels.contains(&on_kiosks));
        let (Some(from), Some(until), true) = (
            date(record, "from_on"),
            date(record, "to_on"),
            is_for_kiosks,
        ) else {
            return self.bury(Topic::Announcement, record.id);
        };
        let announcement = Announcement {
            id: record.id.to_string(),
            title: text(record, "title").unwrap_or_default(),
            category: choice_name(kind, record, "type").unwrap_or_default(),
            text: paragraphs(record, "body"),
            lines: texts(record, "items"),
            from,
            until,
            objection_phone: text(record, "tel").unwrap_or_default(),
            is_corrected: choice(record, "conclusion") == Some("changed"),
        };
        let over = until.succ_opt().map(UtcMs::start_of);
        self.put(Topic::Announcement, record, over, &announcement)
    }
}

fn station(record: &Record) -> StationInfo {
    StationInfo {
        id: record.id.to_string(),
        number: text(record, "station_no").unwrap_or_default(),
        name: text(record, "name").unwrap_or_default(),
        is_main: choice(record, "kind") == Some("main"),
        is_gig: flag(record, "is_gig"),
        street: text(record, "street").unwrap_or_default(),
        address: text(record, "place"),
        phone: text(record, "tel").unwrap_or_default(),
        hours: text(record, "hours"),
        point: text(record, "geo").as_deref().and_then(point),
    }
}

/// `117.034,28.239` as the form's hint asks for; anything else is no point.
fn point(typed: &str) -> Option<GeoPoint> {
    let (east, north) = typed.split_once([',', '，'])?;
    Some(GeoPoint {
        longitude_e6: millionths(east, 180)?,
        latitude_e6: millionths(north, 90)?,
    })
}

/// Degrees as typed in millionths, if they are no more than `most`.
fn millionths(typed: &str, most: i32) -> Option<i32> {
    let (units, power) = Decimal::read(typed.trim()).ok()?.fraction();
    let millionths = i32::try_from(units * i128::from(A_MILLION) / power).ok()?;
    (millionths.abs() <= most * A_MILLION).then_some(millionths)
}

fn gig_job(sql: &Connection, kind: &Kind, record: &Record) -> Result<GigJob, StoreError> {
    let employer = organisation(sql, record)?;
    let place = text(record, "place");
    let moment = |field| match record.values.get(field) {
        Some(Value::Moment(at)) => *at,
        _ => record.state_since,
    };
    Ok(GigJob {
        id: record.id.to_string(),
        number: record.case_no.0.clone(),
        work: text(record, "occ").unwrap_or_default(),
        from: moment("from_at"),
        until: moment("to_at"),
        pay_by: match choice(record, "pay_type") {
            Some("hour") => GigPay::Hour,
            Some("piece") => GigPay::Piece,
            _ => GigPay::Day,
        },
        pay: money(record, "pay"),
        settlement: choice_name(kind, record, "settlement").unwrap_or_default(),
        headcount: whole(record, "headcount"),
        place: match employer {
            Some(_) => place,
            None => place.and_then(|place| up_to_street(&place)),
        },
        employer,
        is_insured: flag(record, "insured"),
    })
}

/// The employer's name, if it is one of the register of employers: persons are not named.
fn organisation(sql: &Connection, record: &Record) -> Result<Option<String>, StoreError> {
    let Some(Value::Record(employer)) = record.values.get("employer_ref") else {
        return Ok(None);
    };
    let mut query =
        sql.prepare_cached("SELECT title FROM cases WHERE record = ?1 AND kind = 'employer'")?;
    let name = query.query_row([employer.to_string()], |row| row.get(0));
    Ok(name.optional()?)
}

/// The address of somebody's home without the road and the door.
fn up_to_street(place: &str) -> Option<String> {
    let ends = ["街道", "镇", "乡"].into_iter().filter_map(|word| {
        let start = place.find(word)?;
        Some(start + word.len())
    });
    ends.min()
        .and_then(|end| place.get(..end))
        .map(str::to_owned)
}

fn policy(
    sql: &Connection,
    kind: &Kind,
    record: &Record,
    today: NaiveDate,
) -> Result<PolicyText, StoreError> {
    let is_repealed = record.state == "superseded";
    let replaced_by = match record.values.get("superseded_by") {
        Some(Value::Record(newer)) if is_repealed => cases::record_of(sql, *newer)?,
        _ => None,
    };
    let rows = texts(record, "summary").into_iter().filter_map(|row| {
        let (label, text) = row.split_once(['：', ':'])?;
        Some(SummaryRow {
            label: label.trim().to_owned(),
            text: text.trim().to_owned(),
        })
    });
    Ok(PolicyText {
        id: record.id.to_string(),
        title: text(record, "title").unwrap_or_default(),
        document_no: text(record, "doc_no").unwrap_or_default(),
        level: choice_name(kind, record, "level").unwrap_or_default(),
        topic: choice_name(kind, record, "topic").unwrap_or_default(),
        audience: texts(record, "audience"),
        summary: rows.collect(),
        text: paragraphs(record, "body"),
        valid_from: date(record, "effective_from").unwrap_or(today),
        valid_to: date(record, "effective_to"),
        repealed_on: is_repealed.then(|| record.state_since.hall_date()),
        replaced_by: replaced_by.and_then(|newer| text(&newer, "title")),
        group: group(record, "queue"),
    })
}

fn text(record: &Record, field: &str) -> Option<String> {
    match record.values.get(field) {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    }
}

fn texts(record: &Record, field: &str) -> Vec<String> {
    let Some(Value::List(values)) = record.values.get(field) else {
        return Vec::new();
    };
    let texts = values.iter().filter_map(|value| match value {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    });
    texts.collect()
}

fn paragraphs(record: &Record, field: &str) -> Vec<String> {
    let text = text(record, field).unwrap_or_default();
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(str::to_owned).collect()
}

fn date(record: &Record, field: &str) -> Option<NaiveDate> {
    match record.values.get(field) {
        Some(Value::Date(day)) => Some(*day),
        _ => None,
    }
}

fn money(record: &Record, field: &str) -> Fen {
    match record.values.get(field) {
        Some(Value::Money(amount)) => *amount,
        _ => Fen(0),
    }
}

fn whole(record: &Record, field: &str) -> u32 {
    match record.values.get(field) {
        Some(Value::Integer(number)) => u32::try_from(*number).unwrap_or(0),
        _ => 0,
    }
}

fn flag(record: &Record, field: &str) -> bool {
    record.values.get(field) == Some(&Value::Boolean(true))
}

fn choice<'r>(record: &'r Record, field: &str) -> Option<&'r str> {
    match record.values.get(field) {
        Some(Value::Choice(code)) => Some(code.as_str()),
        _ => None,
    }
}

/// What a choice is called.
fn choice_name(kind: &Kind, record: &Record, field: &str) -> Option<String> {
    let code = choice(record, field)?;
    let FieldType::Choice(choices) = &kind.field(field)?.kind else {
        return None;
    };
    let mut choices = choices.iter();
    choices
        .find(|(known, _)| known == code)
        .map(|(_, name)| name.clone())
}

fn group(record: &Record, field: &str) -> Option<GroupCode> {
    choice(record, field)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_private_address_ends_at_the_street() {
        for (place, told) in [
            ("月湖区江边街道示例路 8 号 302", Some("月湖区江边街道")),
            ("童家镇示例村三组", Some("童家镇")),
            ("示例路 8 号", None),
        ] {
            assert_eq!(up_to_street(place).as_deref(), told, "{place}");
        }
    }

    #[test]
    fn a_point_is_read_as_the_hint_asks_and_nothing_else_is_one() {
        let read = point("117.034, 28.2391").unwrap();
        assert_eq!(
            (read.longitude_e6, read.latitude_e6),
            (117_034_000, 28_239_100)
        );
        for bad in ["", "117.034", "east,north", "181,1", "NaN,1", "1,91"] {
            assert_eq!(point(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_programs_own_rules_are_read() {
        assert!(is_asked_for("min_wage.month") && !is_asked_for("backup.keep_days"));
    }
}
