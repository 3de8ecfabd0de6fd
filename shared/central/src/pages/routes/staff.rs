//! Somebody who is signed in and has a right: the extractor by which a page proves both. A handler
//! with `Staff<R>` cannot be reached without the right `R`.

use std::collections::{BTreeMap, BTreeSet};
use std::marker::PhantomData;
use std::ops::Deref;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::case::{Actor, Role};
use domain::id::{StaffId, StationCode};
use wire::problem::{Problem, ProblemCode};

use super::door::Clerk;
use super::page_error::PageError;
use crate::app_state::AppState;
use crate::right::Right;
use crate::staff::{StaffSession, acted};

/// The centre as a station, for who has a post everywhere.
const CENTRE: (&str, &str) = ("YH-C", "中心");

/// See the module.
#[derive(Debug)]
pub(super) struct Staff<R> {
    clerk: Clerk,
    roles: BTreeSet<Role>,
    right: PhantomData<R>,
}

impl<R> Deref for Staff<R> {
    type Target = Clerk;

    fn deref(&self) -> &Clerk {
        &self.clerk
    }
}

impl<R: Right> FromRequestParts<AppState> for Staff<R> {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, PageError> {
        let clerk = Clerk::from_request_parts(parts, state).await?;
        if clerk.0.grant::<R>().is_none() {
            return Err(PageError::NoRight(refusal::<R>()));
        }
        Ok(Self {
            roles: clerk.0.roles(),
            clerk,
            right: PhantomData,
        })
    }
}

/// Who may, and whom to ask.
fn refusal<R: Right>() -> String {
    let names: Vec<_> = R::ROLES.iter().map(|role| role.name()).collect();
    format!(
        "您的账号不能“{}”。能办的是：{}。需要的话，请找管账号的人。",
        R::NAME,
        names.join("、")
    )
}

fn acting(staff: StaffId, roles: BTreeSet<Role>) -> Actor {
    Actor {
        staff: Some(staff),
        roles,
        deputy: BTreeMap::new(),
        kin: BTreeSet::new(),
    }
}

impl<R> Staff<R> {
    pub(super) fn session(&self) -> &StaffSession {
        &self.clerk.0
    }

    /// What this person is, at any station.
    pub(super) fn roles(&self) -> &BTreeSet<Role> {
        &self.roles
    }

    /// This person at a station.
    pub(super) fn actor(&self, station: &StationCode) -> Actor {
        acting(self.clerk.0.staff, self.clerk.0.roles_at(station))
    }

    /// This person at whichever station a record is dealt with.
    pub(super) fn actor_at(&self) -> impl Fn(&StationCode) -> Actor + Send + 'static {
        let session = self.clerk.0.clone();
        move |station| acting(session.staff, session.roles_at(station))
    }

    /// This person, wherever they have a post.
    pub(super) fn actor_anywhere(&self) -> Actor {
        acting(self.clerk.0.staff, self.roles.clone())
    }

    /// Where this person works; `None` at every station.
    pub(super) fn stations(&self) -> Option<Vec<StationCode>> {
        let stations = self.clerk.0.stations()?;
        Some(stations.into_iter().collect())
    }

    pub(super) fn may_work_at(&self, station: &StationCode) -> bool {
        self.stations()
            .is_none_or(|stations| stations.contains(station))
    }

    /// Stations at which this person may open records: code and name.
    pub(super) fn station_choices(&self) -> Vec<(String, String)> {
        match self.stations() {
            None => vec![(CENTRE.0.to_owned(), CENTRE.1.to_owned())],
            Some(stations) => stations
                .iter()
                .map(|station| (station.to_string(), station.to_string()))
                .collect(),
        }
    }

    /// Records that a masked value was looked at, and why.
    pub(super) async fn record_reveal(
        &self,
        state: &AppState,
        subject: &str,
        reason: &str,
    ) -> Result<(), PageError> {
        let subject = format!("{subject}：{reason}");
        let event = acted(Some(self.clerk.0.staff), "revealed", subject);
        state.record(event).await.map_err(|error| {
            let text = "现在记不下您看过，所以没有显示。请稍后再试。";
            tracing::error!(?error, "a reveal was not recorded");
            PageError::from(Problem::new(ProblemCode::Internal, text))
        })
    }
}
