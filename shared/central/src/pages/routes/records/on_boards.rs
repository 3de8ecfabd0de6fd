//! What is written for boards (`led_publication`): its form and its record show the text on boards,
//! what is wrong with it, and which boards can be chosen.

use std::collections::BTreeMap;

use domain::case::{Kind, Values};

use super::super::boards::known_boards;
use super::super::page_error::PageError;
use super::{Sent, directory, read, typed_parts};
use crate::app_state::AppState;
use crate::boards::editing::{Editing, Known, Written, way};
use crate::cases::announcing::KIND;
use crate::cases::publishing;
use crate::cases::typed::{self, Typed};
use crate::pages::boards::editor::{EditorView, LOOK, LOOKING};

use crate::pages::records::{FieldView, Offer};

/// The field in which boards are chosen.
const SCREENS: &str = "screens";

impl Sent {
    /// Whether somebody only wants to see it.
    pub(super) fn only_looks(&self, kind: &Kind) -> bool {
        kind.id.as_str() == KIND && !self.text(LOOK).is_empty()
    }

    /// The number of the board to be looked at.
    pub(super) fn looking_at(&self) -> String {
        self.text(LOOKING)
    }
}

/// The boards, for a page about something that is written for them.
pub(super) struct OnBoards {
    known: Known,
}

impl OnBoards {
    /// `None` for what is not written for boards.
    pub(super) async fn of(state: &AppState, kind: &Kind) -> Result<Option<Self>, PageError> {
        if kind.id.as_str() != KIND {
            return Ok(None);
        }
        let known = known_boards(state).await?;
        Ok(Some(Self { known }))
    }

    /// What an editor is told of these values.
    pub(super) async fn editor(
        &self,
        state: &AppState,
        kind: &Kind,
        values: &Values,
        looking_at: &str,
    ) -> Result<EditorView, PageError> {
        let (kind, looked_through) = (kind.clone(), values.clone());
        let findings = read(state, move |reader| {
            publishing::look_through(reader, &kind, &looked_through)
        });
        let (findings, today) = (findings.await?, state.now().hall_date());
        let written = Written::of(values);
        let levels = state.inner.cases.rules().number("led.review_levels", today);
        Ok(EditorView {
            editing: Editing::of(&written, &self.known, &findings, looking_at, today),
            way: way(&written, levels.unwrap_or(1), today),
        })
    }

    /// Offers the boards where they are chosen.
    pub(super) fn offer(&self, fields: &mut [FieldView]) {
        let screens = fields.iter_mut().find(|one| one.field.id == SCREENS);
        if let Some(screens) = screens {
            screens.offers = self.offers();
        }
    }

    /// The boards of the register, then those that are not in it yet.
    fn offers(&self) -> Vec<Offer> {
        let told: BTreeMap<&str, _> = self
            .known
            .described
            .iter()
            .map(|(board, hall)| (board.described.board.as_str(), (&board.described, hall)))
            .collect();
        let registered = self.known.registered.iter().map(|one| {
            let (name, note) = match told.get(one.number.as_str()) {
                Some((board, hall)) => (
                    format!("{} {}", one.number, board.name),
                    format!(
                        "{}×{} 点，{hall} {}",
                        board.width_px, board.height_px, one.place
                    ),
                ),
                None => (
                    format!("{} {}", one.number, one.place),
                    "屏驱动没有报过这块屏，选了也播不上".to_owned(),
                ),
            };
            Offer {
                value: Some(one.case_no.clone()),
                name,
                note,
            }
        });
        let unregistered = told
            .iter()
            .filter(|(number, _)| self.known.record_of(number).is_none());
        let unregistered = unregistered.map(|(number, (board, _))| Offer {
            value: None,
            name: format!("{number} {}", board.name),
            note: format!("还不在“设备”登记里，选不了。请技术员登记，编号填 {number}"),
        });
        registered.chain(unregistered).collect()
    }
}

/// Values as far as what was typed can be read, over those that stand already.
pub(super) async fn values_so_far(
    state: &AppState,
    kind: &Kind,
    standing: &Values,
    typed: &Typed,
) -> Result<Values, PageError> {
    let names = directory(state, Default::default(), typed_parts(typed)).await?;
    let today = state.now().hall_date();
    let mut values = standing.clone();
    for (id, text) in typed {
        let alone = Typed::from([(id.clone(), text.clone())]);
        for (id, value) in typed::read(kind, &alone, &names, today).unwrap_or_default() {
            match value {
                Some(value) => drop(values.insert(id, value)),
                None => drop(values.remove(&id)),
            }
        }
    }
    Ok(values)
}
