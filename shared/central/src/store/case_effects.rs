//! What follows outside of a record when a step is done: rows of the feed. A policy and a notice are
//! made here from the record's values, by fields that the kinds of this name have; a value that is
//! not there is unknown, never a default. A vacancy's listing is made in `case_listings`.

use chrono::NaiveTime;
use domain::case::{Effect, Kind, Record, Value, Values};
use domain::id::RecordId;
use rusqlite::{Connection, OptionalExtension};
use wire::api::{Notice, NoticeKind, NoticeRow, Topic};
use wire::board::{BoardContent, BoardPlay, DailyWindow};

use crate::cases::title_of;

use super::feed::{Put, Scope, position_of};
use super::projection::Stored;
use super::visits::read_id;
use super::{StoreError, boards, case_listings, cases};

/// Hanzi of a line on a board.
const BOARD_LINE_CHARS: usize = 12;
/// Most pages of a notice on a board.
const BOARD_PAGES_MAX: usize = 3;
/// 9 comes first.
const PRIORITY_MAX: u8 = 9;
/// The kind by which cases are made public for some days (公示).
const PUBLICITY: &str = "publicity_notice";

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
                let listing = case_listings::listing(sql, record, stored)?;
                put(Topic::Listing, &key).at(sql, position, &serde_json::to_string(&listing)?)?;
            }
            Effect::PublishPolicy | Effect::PublishNotice => {
                let mut notice = notice(kind, record, *effect, stored);
                notice.board = board_play(sql, record)?;
                if is_kept_off_boards(record) {
                    notice.board_pages.clear();
                }
                boards::let_on(sql, &key, &notice.title, stored.envelope.at)?;
                let put = put_notice(sql, record, &key)?;
                put.at(sql, position, &serde_json::to_string(&notice)?)?;
            }
            Effect::WithdrawListing => {
                put(Topic::Listing, &key).bury(sql, position, stored.envelope.at)?;
            }
            Effect::WithdrawPolicy | Effect::WithdrawNotice => {
                put_notice(sql, record, &key)?.bury(sql, position, stored.envelope.at)?;
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

fn put_notice<'k>(sql: &Connection, record: &Record, key: &'k str) -> Result<Put<'k>, StoreError> {
    Ok(Put {
        scope: scope(sql, record)?,
        ..put(Topic::Notice, key)
    })
}

/// A notice that names a hall is for that hall alone.
fn scope(sql: &Connection, record: &Record) -> Result<Scope, StoreError> {
    let Some(name) = text(record, "hall_name") else {
        return Ok(Scope::District);
    };
    let mut query = sql.prepare_cached("SELECT hall FROM halls WHERE station_name = ?1")?;
    let hall = query.query_row([name], |row| row.get::<_, String>(0));
    match hall.optional()? {
        Some(hall) => Ok(Scope::Hall(read_id(&hall)?)),
        None => Ok(Scope::District),
    }
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

fn notice(kind: &Kind, record: &Record, effect: Effect, stored: &Stored<'_>) -> Notice {
    let day = |field| match record.values.get(field) {
        Some(Value::Date(day)) => Some(*day),
        Some(Value::Moment(at)) => Some(at.hall_date()),
        _ => None,
    };
    let title = text(record, "title").unwrap_or_else(|| title_of(kind, record));
    let body = text(record, "body").or_else(|| lines(record, "items"));
    let today = stored.envelope.at.hall_date();
    let from = day("effective_from")
        .or_else(|| day("from_on"))
        .or_else(|| day("from_at"))
        .unwrap_or(today);
    Notice {
        id: record.id.to_string(),
        kind: match effect {
            Effect::PublishPolicy => NoticeKind::Policy,
            // what is planned for a later day is none, and boards would not wait for its day
            _ if is_emergency(record) && from <= today => NoticeKind::Emergency,
            _ => NoticeKind::Notice,
        },
        board_pages: board_pages(&title),
        rows: rows(record, body),
        title,
        document_no: text(record, "doc_no"),
        valid_from: from,
        // an emergency ends only when somebody withdraws it
        valid_to: (!is_emergency(record))
            .then(|| {
                day("effective_to")
                    .or_else(|| day("to_on"))
                    .or_else(|| day("to_at"))
            })
            .flatten(),
        board: None,
    }
}

/// The plain summary where there is one (谁能领：…), else the text as one row.
fn rows(record: &Record, body: Option<String>) -> Vec<NoticeRow> {
    let summary = lines(record, "summary").unwrap_or_default();
    let rows = summary.lines().filter_map(|row| row.split_once('：'));
    let rows: Vec<NoticeRow> = rows
        .map(|(label, text)| NoticeRow {
            label: label.to_owned(),
            text: text.to_owned(),
        })
        .collect();
    if !rows.is_empty() {
        return rows;
    }
    vec![NoticeRow {
        label: "内容".to_owned(),
        text: body.unwrap_or_default(),
    }]
}

fn is_emergency(record: &Record) -> bool {
    content_of(&record.values) == Some(BoardContent::Emergency)
}

/// What a publication for boards is; other records have no such field.
pub(crate) fn content_of(values: &Values) -> Option<BoardContent> {
    let Some(Value::Choice(content)) = values.get("content_type") else {
        return None;
    };
    serde_json::from_value(content.as_str().into()).ok()
}

/// Whether boards are not among the channels that were chosen for a publicity.
fn is_kept_off_boards(record: &Record) -> bool {
    let led = Value::Choice("led".to_owned());
    let channels = record.values.get("channels");
    record.kind.as_str() == PUBLICITY
        && !matches!(channels, Some(Value::List(channels)) if channels.contains(&led))
}

/// How boards play it: what was written for them (`led_publication`), or a publicity of cases,
/// which has its title and its items. Anything else is played as a notice always was.
fn board_play(sql: &Connection, record: &Record) -> Result<Option<BoardPlay>, StoreError> {
    if let Some(content) = content_of(&record.values) {
        return Ok(Some(BoardPlay {
            content,
            text: text(record, "body").unwrap_or_default(),
            boards: board_numbers(sql, record)?,
            daily: text(record, "daily_window").and_then(|typed| daily_window(&typed)),
            priority: priority_of(&record.values),
        }));
    }
    let is_shown = record.kind.as_str() == PUBLICITY && !is_kept_off_boards(record);
    Ok(is_shown.then(|| {
        let rows = [text(record, "title"), lines(record, "items")];
        BoardPlay {
            content: BoardContent::Publicity,
            text: rows.into_iter().flatten().collect::<Vec<_>>().join("\n"),
            boards: Vec::new(),
            daily: None,
            priority: 0,
        }
    }))
}

/// The numbers of the chosen boards. A board without one keeps the number of its record, which no
/// board bears: else the text would go to all boards instead of to none.
fn board_numbers(sql: &Connection, record: &Record) -> Result<Vec<String>, StoreError> {
    let Some(Value::List(screens)) = record.values.get("screens") else {
        return Ok(Vec::new());
    };
    let chosen = screens.iter().filter_map(|screen| match screen {
        Value::Record(id) => Some(*id),
        _ => None,
    });
    chosen.map(|id| board_number(sql, id)).collect()
}

fn board_number(sql: &Connection, device: RecordId) -> Result<String, StoreError> {
    let Some(device) = cases::record_of(sql, device)? else {
        return Ok(device.to_string());
    };
    Ok(text(&device, "device_no").unwrap_or(device.case_no.0))
}

/// `08:30-17:30`, as the form of the field has checked.
pub(crate) fn daily_window(typed: &str) -> Option<DailyWindow> {
    let (from, until) = typed.split_once('-')?;
    let time = |text: &str| NaiveTime::parse_from_str(text.trim(), "%H:%M").ok();
    Some(DailyWindow {
        from: time(from)?,
        until: time(until)?,
    })
}

/// 0 to 9, as typed.
pub(crate) fn priority_of(values: &Values) -> u8 {
    match values.get("priority") {
        Some(Value::Integer(number)) => u8::try_from(*number).unwrap_or(0).min(PRIORITY_MAX),
        _ => 0,
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
