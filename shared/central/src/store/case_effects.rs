//! What follows outside of a record when a step is done: rows of the feed. A vacancy's listing, a
//! policy and a notice are made from the record's values, by fields that the kinds of this name
//! have; a value that is not there is unknown, never a default.

use domain::case::{Effect, Kind, Record, Value};
use domain::id::{ListingId, ShortId};
use domain::listing::{Education, Experience, Headcount, JobForm, Listing};
use domain::money::Fen;
use domain::pay::{Pay, PayAmount, PayUnit, UnitBasis};
use rusqlite::{Connection, OptionalExtension};
use wire::api::{Notice, NoticeKind, NoticeRow, Topic};

use crate::cases::title_of;
use crate::parameters::Parameters;

use super::feed::{Put, Scope, position_of};
use super::projection::{Stored, execute, read_date};
use super::visits::corrupt;
use super::{StoreError, publish};

/// Hanzi of a line on a board.
const BOARD_LINE_CHARS: usize = 12;
/// Most pages of a notice on a board.
const BOARD_PAGES_MAX: usize = 3;

/// Does what follows. Returns how many rows of the feed it put.
pub(super) fn follow(
    sql: &Connection,
    kind: &Kind,
    record: &Record,
    effects: &[Effect],
    stored: &Stored<'_>,
) -> Result<u64, StoreError> {
    let mut rows = 0;
    for effect in effects {
        let position = position_of(stored.position, rows);
        let key = record.id.to_string();
        match effect {
            Effect::PublishListing => {
                let listing = listing(sql, record, stored)?;
                put(Topic::Listing, &key).at(sql, position, &serde_json::to_string(&listing)?)?;
            }
            Effect::PublishPolicy | Effect::PublishNotice => {
                let notice = notice(kind, record, *effect, stored);
                put(Topic::Notice, &key).at(sql, position, &serde_json::to_string(&notice)?)?;
            }
            Effect::WithdrawListing => {
                put(Topic::Listing, &key).bury(sql, position, stored.envelope.at)?;
            }
            Effect::WithdrawPolicy | Effect::WithdrawNotice => {
                put(Topic::Notice, &key).bury(sql, position, stored.envelope.at)?;
            }
        }
        rows += 1;
    }
    Ok(rows)
}

fn put(topic: Topic, key: &str) -> Put<'_> {
    Put {
        topic,
        key,
        scope: Scope::District,
        expires: None,
    }
}

fn listing(sql: &Connection, record: &Record, stored: &Stored<'_>) -> Result<Listing, StoreError> {
    let day = stored.envelope.at.hall_date();
    let parameters = Parameters::on(day).map_err(corrupt)?;
    let (order, published_on) = first_publication(sql, record, day)?;
    let id = ListingId(record.id.0);
    let pay = pay(record);
    let monthly = pay
        .map(|pay| pay.monthly(&parameters.pay))
        .unwrap_or_default();
    Ok(Listing {
        id,
        short_id: ShortId::of(id),
        title: text(record, "title").unwrap_or_default(),
        employer: employer_name(sql, record)?,
        place: None,
        pay,
        pay_text: None,
        monthly,
        education: choice(record, "edu_min").and_then(education),
        experience: whole(record, "exp_years").and_then(experience),
        headcount: whole(record, "headcount").and_then(headcount),
        job_form: choice(record, "job_form").and_then(job_form),
        industry: None,
        description: description(record),
        posted_on: Some(published_on),
        publication_order: order,
        published_on,
        valid_to: match record.values.get("valid_to") {
            Some(Value::Date(day)) => *day,
            _ => day,
        },
    })
}

/// The order and day of a record's first publication; a new one comes after all others.
fn first_publication(
    sql: &Connection,
    record: &Record,
    today: chrono::NaiveDate,
) -> Result<(u64, chrono::NaiveDate), StoreError> {
    let mut query = sql.prepare_cached(
        "SELECT publication_order, published_on
         FROM case_listings
         WHERE record = ?1",
    )?;
    let id = record.id.to_string();
    let held = query.query_row([&id], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
    });
    if let Some((order, day)) = held.optional()? {
        return Ok((order.cast_unsigned(), read_date(&day)?));
    }
    let order = publish::last_order(sql)? + 1;
    let statement = "INSERT INTO case_listings (record, publication_order, published_on)
                     VALUES (?1, ?2, ?3)";
    execute(
        sql,
        statement,
        (&id, order.cast_signed(), today.to_string()),
    )?;
    Ok((order, today))
}

fn employer_name(sql: &Connection, record: &Record) -> Result<Option<String>, StoreError> {
    let Some(employer) = record.employer else {
        return Ok(None);
    };
    let mut query = sql.prepare_cached("SELECT title FROM cases WHERE record = ?1")?;
    let name = query.query_row([employer.to_string()], |row| row.get(0));
    Ok(name.optional()?)
}

fn text(record: &Record, field: &str) -> Option<String> {
    match record.values.get(field) {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    }
}

/// The texts of a list, one a line.
fn lines(record: &Record, field: &str) -> Option<String> {
    let Some(Value::List(values)) = record.values.get(field) else {
        return None;
    };
    let texts = values.iter().filter_map(|value| match value {
        Value::Text(text) => Some(text.as_str()),
        _ => None,
    });
    Some(texts.collect::<Vec<_>>().join("\n"))
}

fn choice<'r>(record: &'r Record, field: &str) -> Option<&'r str> {
    match record.values.get(field) {
        Some(Value::Choice(code)) => Some(code),
        _ => None,
    }
}

fn whole(record: &Record, field: &str) -> Option<i64> {
    match record.values.get(field) {
        Some(Value::Integer(number)) => Some(*number),
        _ => None,
    }
}

fn money(record: &Record, field: &str) -> Option<Fen> {
    match record.values.get(field) {
        Some(Value::Money(fen)) => Some(*fen),
        _ => None,
    }
}

fn pay(record: &Record) -> Option<Pay> {
    let amount = match (money(record, "wage_min"), money(record, "wage_max")) {
        (Some(low), Some(high)) => PayAmount::Range { low, high },
        (Some(low), None) => PayAmount::From { low },
        (None, Some(high)) => PayAmount::UpTo { high },
        (None, None) => return None,
    };
    Some(Pay {
        amount,
        unit: match choice(record, "wage_unit") {
            Some("hour") => PayUnit::Hour,
            Some("day") => PayUnit::Day,
            _ => PayUnit::Month,
        },
        basis: UnitBasis::Stated,
        months_per_year: None,
    })
}

fn education(code: &str) -> Option<Education> {
    serde_json::from_value(serde_json::Value::from(code)).ok()
}

fn experience(years: i64) -> Option<Experience> {
    let from = u8::try_from(years).ok()?;
    Some(match from {
        0 => Experience::None,
        from => Experience::Years { from, to: None },
    })
}

fn headcount(count: i64) -> Option<Headcount> {
    let people = u32::try_from(count).ok().filter(|people| *people > 0)?;
    Some(Headcount::Exactly { people })
}

fn job_form(code: &str) -> Option<JobForm> {
    match code {
        "fulltime" | "seasonal" | "public_post" => Some(JobForm::FullTime),
        "parttime" => Some(JobForm::PartTime),
        "gig" => Some(JobForm::Gig),
        "intern" => Some(JobForm::Internship),
        _ => None,
    }
}

fn description(record: &Record) -> Option<String> {
    let parts: Vec<_> = ["duty", "requirement"]
        .iter()
        .filter_map(|field| text(record, field))
        .collect();
    (!parts.is_empty()).then(|| parts.join("\n"))
}

fn notice(kind: &Kind, record: &Record, effect: Effect, stored: &Stored<'_>) -> Notice {
    let day = |field| match record.values.get(field) {
        Some(Value::Date(day)) => Some(*day),
        Some(Value::Moment(at)) => Some(at.hall_date()),
        _ => None,
    };
    let title = text(record, "title").unwrap_or_else(|| title_of(kind, record));
    let body = text(record, "body").or_else(|| lines(record, "items"));
    let from = day("effective_from")
        .or_else(|| day("from_on"))
        .or_else(|| day("from_at"));
    Notice {
        id: record.id.to_string(),
        kind: match effect {
            Effect::PublishPolicy => NoticeKind::Policy,
            _ => NoticeKind::Notice,
        },
        board_pages: board_pages(&title),
        rows: vec![NoticeRow {
            label: "内容".to_owned(),
            text: body.unwrap_or_default(),
        }],
        title,
        document_no: text(record, "doc_no"),
        valid_from: from.unwrap_or_else(|| stored.envelope.at.hall_date()),
        valid_to: day("effective_to")
            .or_else(|| day("to_on"))
            .or_else(|| day("to_at")),
    }
}

/// The title in lines that fit a board, two to a page.
fn board_pages(title: &str) -> Vec<String> {
    let chars: Vec<char> = title.chars().collect();
    let lines: Vec<String> = chars
        .chunks(BOARD_LINE_CHARS)
        .map(|line| line.iter().collect())
        .collect();
    let pages = lines.chunks(2).map(|page| page.join("\n"));
    pages.take(BOARD_PAGES_MAX).collect()
}
