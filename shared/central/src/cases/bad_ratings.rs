//! A low score that counts opens its record (差评工单): with the sweep, wherever the score was
//! accepted, so that one from a hall node's chain is treated as one from here. Once per score,
//! because the derived table of what was opened says so.

use std::collections::BTreeMap;

use domain::case::{Channel, Value};
use domain::id::{KindId, RecordId, StationCode};
use domain::rating::Level;
use domain::time::UtcMs;

use crate::store::LowScore;
use crate::{edge, poor_reasons};

use super::automatic::system;
use super::desk::{open, use_kind};
use super::{CENTRE, CaseDesk, CaseFault, NewCase};

/// The kind of these records.
pub(crate) const KIND: &str = "bad_rating_case";
/// Most that one sweep opens; the next one goes on.
const OPENED_PER_SWEEP: u32 = 100;
/// Scores that were submitted earlier had their time before this program.
const DAYS_BACK: i64 = 30;

impl CaseDesk {
    /// Opens the records of low scores that have none. Returns how many were opened.
    ///
    /// # Errors
    /// A fault of storage.
    pub async fn open_bad_ratings(&self, now: UtcMs) -> Result<usize, CaseFault> {
        self.only_at_the_centre()?;
        let id = KindId::new(KIND).expect("a kind's id, because it is short");
        let Some(kind) = self.kinds().kind(&id).cloned() else {
            return Ok(0);
        };
        let (rules, kinds) = (self.shared_rules(), self.kinds().clone());
        let since = now.plus_minutes(-DAYS_BACK * 24 * 60);
        let opened = self.store().write(move |write| {
            let waiting = write
                .reader()
                .low_scores_without_record(since, OPENED_PER_SWEEP)?;
            let mut opened = 0;
            for score in waiting {
                use_kind(write, &kinds, &kind, now)?;
                let record = RecordId(edge::new_uuid(now));
                let new = new_case(&score);
                match open(write, &kind, record, new, &system(), &*rules, now)? {
                    Ok(()) => opened += 1,
                    Err(refusal) => {
                        tracing::error!(code = ?refusal.code, "a low score opened no record");
                    }
                }
            }
            Ok(opened)
        });
        Ok(opened.await?)
    }
}

fn new_case(score: &LowScore) -> NewCase {
    let mut values = BTreeMap::from([
        (
            "rating_no".to_owned(),
            Value::Text(score.rating.to_string()),
        ),
        (
            "level".to_owned(),
            Value::Choice(level_word(score.level).to_owned()),
        ),
        ("comment".to_owned(), Value::Text(comment(score))),
    ]);
    if let Some(clerk) = score.clerk {
        values.insert("clerk_id".to_owned(), Value::Staff(clerk));
    }
    NewCase {
        kind: KindId::new(KIND).expect("a kind's id, because it is short"),
        channel: Channel::Station,
        station: StationCode::new(CENTRE).expect("the centre's code, because it is short"),
        person: None,
        employer: None,
        values,
        corrects: None,
    }
}

/// As the kind's file has it; better levels open no record.
fn level_word(level: Level) -> &'static str {
    match level {
        Level::VeryBad => "very_bad",
        Level::Bad | Level::Fair | Level::Good | Level::VeryGood => "bad",
    }
}

/// Where and why, in words; never who.
fn comment(score: &LowScore) -> String {
    let why = if score.reasons.is_empty() {
        "没有选原因".to_owned()
    } else {
        let names = score.reasons.iter().map(|code| poor_reasons::name_of(code));
        names.collect::<Vec<_>>().join("、")
    };
    format!(
        "{}，{} 号窗口，{}：{why}。",
        score.finished_at.day_and_clock_text(),
        score.window,
        score.level.text()
    )
}
