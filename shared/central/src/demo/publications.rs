//! The demo's boards in the register of devices, and texts for them in different states, as an editor
//! wrote them and another person approved them (`assets/demo/publications.json`).

use std::collections::{BTreeMap, BTreeSet};

use chrono::Days;
use domain::case::{Actor, Channel, Command, Role, Value, Values};
use domain::id::{BadId, KindId, RecordId, StaffId, StationCode};
use domain::time::UtcMs;
use serde::Deserialize;

use crate::assets;
use crate::cases::announcing::KIND;
use crate::cases::{CENTRE, CaseDesk, NewCase};
use crate::store::Store;

use super::DemoError;
use super::records::desk;

/// One level of review: an editor and one other person who approves.
const APPROVE: &str = "approve_draft";

#[derive(Deserialize)]
struct File {
    boards: Vec<DemoBoard>,
    publications: Vec<DemoPublication>,
}

#[derive(Deserialize)]
struct DemoBoard {
    number: String,
    kind: String,
    place: String,
}

#[derive(Deserialize)]
struct DemoPublication {
    content: String,
    title: String,
    body: String,
    boards: Vec<String>,
    days_from: u64,
    days_to: u64,
    daily_window: Option<String>,
    priority: i64,
    is_approved: bool,
}

/// Who does it, by role.
pub(super) struct People<'p>(pub(super) &'p BTreeMap<Role, StaffId>);

impl People<'_> {
    pub(super) fn actor(&self, role: Role) -> Actor {
        Actor {
            staff: self.0.get(&role).copied(),
            roles: BTreeSet::from([role]),
            deputy: BTreeMap::new(),
            kin: BTreeSet::new(),
            address: String::new(),
        }
    }
}

/// Registers the boards and writes the texts. Blocking.
pub(super) fn seed(store: &Store, people: &People<'_>, now: UtcMs) -> Result<(), DemoError> {
    let file: File = serde_json::from_str(assets::DEMO_PUBLICATIONS)?;
    let desk = desk(store)?;
    let mut boards = BTreeMap::new();
    for board in &file.boards {
        let tech = people.actor(Role::Tech);
        let values = of_board(board, &tech, now);
        let record = open(&desk, "device", values, tech, now)?;
        boards.insert(board.number.as_str(), record);
    }
    for publication in &file.publications {
        let editor = people.actor(Role::LedEditor);
        let values = of_publication(publication, &boards, now)?;
        let record = open(&desk, KIND, values, editor, now)?;
        if publication.is_approved {
            let approver = people.actor(Role::LedApprover);
            desk.act_blocking(record, Command::step(APPROVE), approver, now)?;
        }
    }
    Ok(())
}

pub(super) fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

pub(super) fn named<const N: usize>(values: [(&str, Value); N]) -> Values {
    let values = values.map(|(field, value)| (field.to_owned(), value));
    values.into_iter().collect()
}

fn of_board(board: &DemoBoard, tech: &Actor, now: UtcMs) -> Values {
    let mut values = named([
        ("device_no", text(&board.number)),
        ("kind", Value::Choice(board.kind.clone())),
        ("place", text(&board.place)),
        ("bought_on", Value::Date(now.hall_date())),
    ]);
    if let Some(owner) = tech.staff {
        values.insert("owner_id".to_owned(), Value::Staff(owner));
    }
    values
}

fn of_publication(
    publication: &DemoPublication,
    boards: &BTreeMap<&str, RecordId>,
    now: UtcMs,
) -> Result<Values, DemoError> {
    let day = |days: u64| {
        let day = now.hall_date().checked_add_days(Days::new(days));
        Value::Date(day.unwrap_or(now.hall_date()))
    };
    let mut values = named([
        ("content_type", Value::Choice(publication.content.clone())),
        ("title", text(&publication.title)),
        ("body", text(&publication.body)),
        ("from_on", day(publication.days_from)),
        ("to_on", day(publication.days_to)),
        ("priority", Value::Integer(publication.priority)),
    ]);
    let record = |number: &String| {
        let record = boards.get(number.as_str()).copied().map(Value::Record);
        record.ok_or_else(|| DemoError::Record(format!("没有 {number} 这块屏")))
    };
    let screens = publication.boards.iter().map(record);
    let screens = screens.collect::<Result<Vec<_>, _>>()?;
    if !screens.is_empty() {
        values.insert("screens".to_owned(), Value::List(screens));
    }
    if let Some(daily) = &publication.daily_window {
        values.insert("daily_window".to_owned(), text(daily));
    }
    Ok(values)
}

pub(super) fn open(
    desk: &CaseDesk,
    kind: &str,
    values: Values,
    by: Actor,
    now: UtcMs,
) -> Result<RecordId, DemoError> {
    let unfit = |error: BadId| DemoError::Record(error.to_string());
    let new = NewCase {
        kind: KindId::new(kind).map_err(unfit)?,
        channel: Channel::Window,
        station: StationCode::new(CENTRE).map_err(unfit)?,
        person: None,
        employer: None,
        values,
        corrects: None,
    };
    let mut opened = desk.open_all(vec![new], by, now)?.into_iter();
    match opened.next() {
        Some(Ok(record)) => Ok(record),
        Some(Err(refusal)) => Err(DemoError::Record(format!("{refusal:?}"))),
        None => Err(DemoError::Record("没有登记".to_owned())),
    }
}
