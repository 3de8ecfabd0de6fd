//! Emergencies of a hall (应急): the manager puts a text that was approved beforehand before everybody
//! in the hall, at once, and takes it off again. An emergency is a fact of the hall, not a record: so
//! it is raised and ended by whoever serves the hall, also on a hall node whose line is down. The
//! centre opens its record when it has ended (`cases::announcing`).

use std::sync::LazyLock;

use domain::id::{EmergencyId, HallId, StaffId};
use domain::refusal::{Refusal, RefusalCode};
use domain::time::UtcMs;
use serde::Deserialize;
use wire::event::{EmergencyEnded, EmergencyRaised, Event, InHall};
use wire::problem::Problem;

use crate::app_state::AppState;
use crate::authority::{self, Decision};
use crate::staff::{RunHall, Staff, acts};
use crate::store::{StoreError, Write};
use crate::{assets, edge};

/// A text for emergencies that was approved beforehand (`assets/hall/emergency-texts.json`).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct EmergencyText {
    /// Its name in forms.
    pub id: String,
    /// What has happened, in two lines of a board.
    pub title: String,
    /// What to do.
    pub body: String,
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

/// All texts that may be put before everybody at once.
pub fn emergency_texts() -> &'static [EmergencyText] {
    &EMERGENCY_TEXTS
}

impl AppState {
    /// Puts a text before everybody in the own hall, in place of one that is there.
    ///
    /// # Errors
    /// `Refused`: the hall is its own node's.
    pub async fn raise_emergency(
        &self,
        by: &Staff<RunHall>,
        text: &'static EmergencyText,
    ) -> Result<(), Problem> {
        let (hall, staff, now) = (by.hall, by.staff, self.now());
        let emergency = EmergencyId(edge::new_uuid(now));
        let acted = by.acted(acts::RAISED_EMERGENCY, emergency.to_string());
        let raised = self.inner.store.write(move |write| {
            if authority::has_node(write, hall) {
                return Ok(Err(authority::of_its_node()));
            }
            if let Some(running) = write.running_emergency(hall)? {
                end(write, hall, running.emergency, staff, now)?;
            }
            let what = EmergencyRaised {
                emergency,
                title: text.title.clone(),
                body: text.body.clone(),
                by: staff,
            };
            write.append(&Event::EmergencyRaised(InHall { hall, what }), now)?;
            write.append(&acted, now)?;
            Ok(Ok(()))
        });
        Ok(raised.await??)
    }

    /// Takes it off again.
    ///
    /// # Errors
    /// `Refused`: another one or none is there by now.
    pub async fn end_emergency(
        &self,
        by: &Staff<RunHall>,
        emergency: EmergencyId,
    ) -> Result<(), Problem> {
        let (hall, staff, now) = (by.hall, by.staff, self.now());
        let acted = by.acted(acts::ENDED_EMERGENCY, emergency.to_string());
        let ended = self.inner.store.write(move |write| -> Decision<()> {
            if authority::has_node(write, hall) {
                return Ok(Err(authority::of_its_node()));
            }
            let running = write.running_emergency(hall)?;
            if running.is_none_or(|running| running.emergency != emergency) {
                let text = "这条应急通知已经撤下，或者换成了别的，请看现在的。";
                return Ok(Err(Refusal::new(RefusalCode::PageTooOld, text)));
            }
            end(write, hall, emergency, staff, now)?;
            write.append(&acted, now)?;
            Ok(Ok(()))
        });
        Ok(ended.await??)
    }
}

fn end(
    write: &mut Write<'_>,
    hall: HallId,
    emergency: EmergencyId,
    by: StaffId,
    now: UtcMs,
) -> Result<(), StoreError> {
    let what = EmergencyEnded { emergency, by };
    write.append(&Event::EmergencyEnded(InHall { hall, what }), now)?;
    Ok(())
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
