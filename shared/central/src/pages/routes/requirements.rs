//! The request of the sheet of requirements.

use axum::extract::{Query, State};
use maud::Markup;
use serde::Deserialize;

use super::gate::desk;
use super::records::kind_for;
use crate::app_state::AppState;
use crate::pages::requirements::{KindName, SheetAsked, requirements_page};
use crate::requirements::{Requirement, SheetLine};
use crate::staff::{SeeRequirements, Staff};

/// Query of the page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SheetQuery {
    line: String,
    state: String,
    page: String,
}

impl SheetQuery {
    fn asked(&self) -> SheetAsked {
        SheetAsked {
            line: SheetLine::of_word(&self.line),
            is_built: match self.state.as_str() {
                "built" => Some(true),
                "open" => Some(false),
                _ => None,
            },
            page: self.page.parse().unwrap_or(1).max(1),
        }
    }
}

/// `GET /staff/requirements`
pub(super) async fn show(
    staff: Staff<SeeRequirements>,
    State(state): State<AppState>,
    Query(query): Query<SheetQuery>,
) -> Markup {
    let roles = staff.roles();
    let names = |item: &Requirement| {
        let kinds = item.kinds.iter().filter_map(|id| {
            let kind = state.inner.cases.kinds().kind(id)?;
            Some(KindName {
                id: id.to_string(),
                name: kind.name.clone(),
                is_open: kind_for(&state, id.as_str(), &roles).is_ok(),
            })
        });
        kinds.collect()
    };
    let sheet = &state.inner.requirements;
    requirements_page(&desk(&staff, &state), sheet, query.asked(), names)
}
