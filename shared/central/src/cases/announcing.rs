//! What the hall manager says to everybody in the hall (led_publication): a text of his own waits
//! for approval like every other; a text that was approved beforehand goes on the boards at once.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use chrono::NaiveDate;
use domain::case::{Actor, CaseRefusal, Channel, Command, Kind, Rulebook, Value, Values};
use domain::id::{KindId, RecordId, StationCode};
use domain::time::UtcMs;
use serde::Deserialize;

use crate::store::{CaseLine, CaseQuery, CaseSort, Page, StoreError, Write};
use crate::{assets, edge};

use super::automatic::do_as_system;
use super::desk::{act, open, use_kind};
use super::{CaseDesk, CaseFault, NewCase};

/// The kind of these records.
pub(crate) const KIND: &str = "led_publication";
/// The step that puts an emergency on the boards.
const AT_ONCE: &str = "air_at_once";
/// The step that takes something off the boards, and the state that it is taken from.
const PULL: &str = "pull";
const ON_AIR: &str = "on_air";
const EMERGENCY: &str = "emergency";
/// More than ever are on the boards at once.
const ON_AIR_MAX: u32 = 100;
/// Ordinary ones come after emergencies.
const ORDINARY_PRIORITY: i64 = 5;
const EMERGENCY_PRIORITY: i64 = 9;

/// A text for emergencies that was approved beforehand (`assets/hall/emergency-texts.json`).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct EmergencyText {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) body: String,
}

#[derive(Deserialize)]
struct EmergencyTexts {
    texts: Vec<EmergencyText>,
}

static EMERGENCY_TEXTS: LazyLock<Vec<EmergencyText>> = LazyLock::new(|| {
    let list: EmergencyTexts = serde_json::from_str(assets::EMERGENCY_TEXTS)
        .expect("the texts for emergencies, because a test reads the same embedded file");
    list.texts
});

/// All texts that may go on the boards at once.
pub(crate) fn emergency_texts() -> &'static [EmergencyText] {
    &EMERGENCY_TEXTS
}

/// What is to be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Announcement {
    /// The manager's own words, until this day with it.
    ForApproval {
        title: String,
        body: String,
        last_day: NaiveDate,
    },
    /// One of the texts, today.
    Emergency(&'static EmergencyText),
}

/// Where an announcement was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Announced {
    /// Its record.
    pub(crate) record: RecordId,
    /// Why an emergency did not go out and waits as a draft.
    pub(crate) held_back: Option<CaseRefusal>,
}

impl CaseDesk {
    /// Opens the record of an announcement, and puts an emergency on the boards.
    ///
    /// # Errors
    /// [`CaseFault`]; nothing was opened then.
    pub(crate) async fn announce(
        &self,
        announcement: Announcement,
        (station, hall_name): (StationCode, String),
        actor: Actor,
        now: UtcMs,
    ) -> Result<Announced, CaseFault> {
        self.only_at_the_centre()?;
        let kind = self.announcement_kind()?;
        let (rules, kinds) = (self.shared_rules(), self.kinds().clone());
        let record = RecordId(edge::new_uuid(now));
        let announced = self.store().write(move |write| {
            use_kind(write, &kinds, &kind, now)?;
            let new = new_case(&kind, station, &announcement, now.hall_date());
            if let Err(refusal) = open(write, &kind, record, new, &actor, &*rules, now)? {
                return Ok(Err(refusal));
            }
            say_where(write, record, hall_name, &*rules, now)?;
            let Announcement::Emergency(text) = announcement else {
                let held_back = None;
                return Ok(Ok(Announced { record, held_back }));
            };
            let command = at_once(text);
            let acted = act(write, record, None, command, &actor, &*rules, now)?;
            let held_back = acted.ok().and_then(Result::err);
            Ok(Ok(Announced { record, held_back }))
        });
        Ok(announced.await??)
    }

    /// What the manager of this hall put on the boards at once and is there still, latest first.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) async fn emergencies_on_air(
        &self,
        hall_name: String,
    ) -> Result<Vec<(RecordId, String)>, CaseFault> {
        let found = self.list(CaseQuery {
            kind: self.announcement_kind()?.id.clone(),
            states: vec![ON_AIR.to_owned()],
            stations: None,
            owner: None,
            person: None,
            among: None,
            tokens: Vec::new(),
            sort: CaseSort::Changed,
            page: Page {
                offset: 0,
                limit: ON_AIR_MAX,
            },
        });
        let lines = found.await?.lines.into_iter();
        let is_from_here = |line: &CaseLine| {
            let holds = |field: &str, value: &Value| line.body.values.get(field) == Some(value);
            holds("hall_name", &Value::Text(hall_name.clone()))
                && holds("content_type", &Value::Choice(EMERGENCY.to_owned()))
        };
        let from_here = lines.filter(is_from_here);
        Ok(from_here.map(|line| (line.record, line.title)).collect())
    }

    /// Takes an announcement off the boards.
    ///
    /// # Errors
    /// [`CaseFault`]; then it is there still.
    pub(crate) async fn take_off_air(
        &self,
        record: RecordId,
        actor: Actor,
        now: UtcMs,
    ) -> Result<(), CaseFault> {
        self.act_as_it_stands(record, Command::step(PULL), actor, now)
            .await
    }

    fn announcement_kind(&self) -> Result<Arc<Kind>, CaseFault> {
        let id = KindId::new(KIND).expect("a kind's id, because it is short");
        let kind = self.kinds().kind(&id).cloned();
        Ok(kind.ok_or_else(super::desk::not_found)?)
    }
}

/// The hall is set by the system, because nobody may type another one.
fn say_where(
    write: &mut Write<'_>,
    record: RecordId,
    hall_name: String,
    rules: &dyn Rulebook,
    now: UtcMs,
) -> Result<(), StoreError> {
    let draft = BTreeMap::from([("hall_name".to_owned(), Some(Value::Text(hall_name)))]);
    let reason = String::new();
    do_as_system(write, record, Command::Change { draft, reason }, rules, now).map(drop)
}

fn at_once(text: &EmergencyText) -> Command {
    Command::Move {
        transition: AT_ONCE.to_owned(),
        draft: BTreeMap::new(),
        reason: format!("应急：{}", text.title),
        rule: String::new(),
        remedy: String::new(),
        deferred: BTreeMap::new(),
        notice: Vec::new(),
    }
}

fn new_case(
    kind: &Kind,
    station: StationCode,
    announcement: &Announcement,
    today: NaiveDate,
) -> NewCase {
    let (content, title, body, last_day, priority) = match announcement {
        Announcement::ForApproval {
            title,
            body,
            last_day,
        } => ("notice", title, body, *last_day, ORDINARY_PRIORITY),
        Announcement::Emergency(text) => {
            let (title, body) = (&text.title, &text.body);
            (EMERGENCY, title, body, today, EMERGENCY_PRIORITY)
        }
    };
    let values = [
        ("content_type", Value::Choice(content.to_owned())),
        ("title", Value::Text(title.clone())),
        ("body", Value::Text(body.clone())),
        ("from_on", Value::Date(today)),
        ("to_on", Value::Date(last_day)),
        ("priority", Value::Integer(priority)),
    ];
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Two lines of a board.
    const TITLE_CHARS_MAX: usize = 24;

    #[test]
    fn every_text_for_emergencies_fits_a_board_and_has_an_id_of_its_own() {
        let texts = emergency_texts();
        assert!(!texts.is_empty());
        for (place, text) in texts.iter().enumerate() {
            assert!(text.title.chars().count() <= TITLE_CHARS_MAX, "{text:?}");
            assert!(!text.body.is_empty(), "{text:?}");
            let same = texts.iter().position(|other| other.id == text.id);
            assert_eq!(same, Some(place), "{text:?}");
        }
    }
}
