//! The service guide (办事指南): a matter as it was published for the province's system, with the group and
//! the materials that the topics of the hall (`service_topic`) add; a topic without such a matter stands
//! for itself. While a change is not approved kiosks go on telling what was.

use domain::case::{Record, Value};
use domain::id::RecordId;
use domain::money::Fen;
use rusqlite::Connection;
use wire::api::Topic;
use wire::public::{GuideItem, TimeLimit};

use super::super::cases::{self, Change};
use super::super::{StoreError, visits::read_id};
use super::{Rows, flag, group, money, paragraphs, text, texts};

const PUBLISHED: &str = "published";
/// States in which a matter has never been published, or is no more.
const GONE: [&str; 3] = ["withdrawn", "rejected", "cancelled"];

/// What follows from a change of a matter.
pub(super) fn of_item(rows: &mut Rows<'_>, item: &Record) -> Result<(), StoreError> {
    match item.state.as_str() {
        PUBLISHED => {
            let topics = topics_of(rows.sql, item.id)?;
            rows.put(Topic::Guide, item, None, &guide_item(item, &topics))
        }
        state if GONE.contains(&state) => rows.bury(Topic::Guide, item.id),
        _ => Ok(()),
    }
}

/// What follows from a change of a topic: its own row, and that of each matter it names or named.
pub(super) fn of_topic(rows: &mut Rows<'_>, change: &Change) -> Result<(), StoreError> {
    let topic = &change.after;
    match (is_served(topic), item_of(topic)) {
        (true, None) => rows.put(Topic::Guide, topic, None, &of_topic_alone(topic))?,
        _ => rows.bury(Topic::Guide, topic.id)?,
    }
    let before = change.before.as_ref().and_then(item_of);
    let mut items = [before, item_of(topic)];
    if items[0] == items[1] {
        items[0] = None;
    }
    for item in items.into_iter().flatten() {
        let item = cases::record_of(rows.sql, item)?;
        // what is being changed is told when it is published again
        if let Some(item) = item.filter(|item| item.state == PUBLISHED) {
            of_item(rows, &item)?;
        }
    }
    Ok(())
}

fn is_served(topic: &Record) -> bool {
    topic.state == "active" && flag(topic, "active")
}

fn item_of(topic: &Record) -> Option<RecordId> {
    match topic.values.get("service_item_id") {
        Some(Value::Record(item)) => Some(*item),
        _ => None,
    }
}

/// The topics that stand for a matter, in the order in which they were opened. A hall has some dozens.
fn topics_of(sql: &Connection, item: RecordId) -> Result<Vec<Record>, StoreError> {
    let mut query = sql.prepare_cached(
        "SELECT record
         FROM cases
         WHERE kind = 'service_topic' AND state = 'active'
         ORDER BY opening",
    )?;
    let found = query.query_map([], |row| row.get::<_, String>(0))?;
    let ids = found.collect::<Result<Vec<_>, _>>()?;
    let mut topics = Vec::new();
    for id in ids {
        let topic = cases::record_of(sql, read_id(&id)?)?;
        topics.extend(topic.filter(|topic| is_served(topic) && item_of(topic) == Some(item)));
    }
    Ok(topics)
}

fn guide_item(item: &Record, topics: &[Record]) -> GuideItem {
    let mut materials = texts(item, "materials");
    for more in topics.iter().flat_map(|topic| texts(topic, "materials")) {
        if !materials.contains(&more) {
            materials.push(more);
        }
    }
    GuideItem {
        id: item.id.to_string(),
        name: text(item, "name").unwrap_or_default(),
        audience: texts(item, "audience"),
        conditions: paragraphs(item, "conditions"),
        materials,
        time_limit: match item.values.get("days") {
            Some(Value::Integer(0)) => TimeLimit::AtOnce,
            Some(Value::Integer(days)) => TimeLimit::Workdays {
                days: u32::try_from(*days).unwrap_or(0),
            },
            _ => TimeLimit::Unsaid,
        },
        fee: money(item, "fee"),
        basis: paragraphs(item, "basis"),
        group: topics.iter().find_map(|topic| group(topic, "queue")),
        phone: text(item, "tel"),
        as_of: item.state_since.hall_date(),
    }
}

fn of_topic_alone(topic: &Record) -> GuideItem {
    GuideItem {
        id: topic.id.to_string(),
        name: text(topic, "name").unwrap_or_default(),
        audience: Vec::new(),
        conditions: Vec::new(),
        materials: texts(topic, "materials"),
        time_limit: TimeLimit::Unsaid,
        fee: Fen(0),
        basis: Vec::new(),
        group: group(topic, "queue"),
        phone: None,
        as_of: topic.state_since.hall_date(),
    }
}
