//! A data directory that has lived: a hall, invented staff of every role, and the records of years
//! (`synthetic::years`). Only in a directory that holds nothing yet, and marked synthetic for good.
//!
//! Not here: what the records are and how they go on; the demonstration (`demo`), which has a hall and
//! people of its own.

use std::sync::Arc;

use chrono::{Days, Months, NaiveDate};
use domain::case::Role;
use domain::id::{HallId, StaffId};
use domain::time::UtcMs;
use thiserror::Error;
use wire::event::RoleGrant;
use wire::problem::Problem;

use crate::cases::{CaseDesk, KindShelf, LiveRules, ShelfError};
use crate::edge;
use crate::layout::{self, LayoutError};
use crate::staff::{self, GRANTABLE, NewStaff};
use crate::store::{Store, StoreError};
use crate::synthetic::{
    Cast, EMBEDDED_RECIPE, EMBEDDED_VOLUMES, EveryYear, Extent, Lived, Recipe, RecipeError, Span,
    VolumeFault, Volumes, YearsFault, live,
};

const STATION_NAME: &str = "示例区就业之家";
/// So many accounts of each role: duties that are apart find another person.
const PEOPLE: usize = 3;

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct YearsOrder {
    /// How much.
    pub extent: Extent,
    /// Everything invented is drawn from it.
    pub seed: u64,
    /// The last day.
    pub until: NaiveDate,
}

/// Why a directory could not be filled.
#[derive(Debug, Error)]
pub enum FillError {
    /// It is not marked synthetic.
    #[error("这个目录里是真实数据，不能写入虚构的记录。请换一个 --data 目录。")]
    RealStore,
    /// It has records already.
    #[error("这个目录里已经有业务记录。请换一个空的 --data 目录。")]
    NotEmpty,
    /// Storing.
    #[error("年度数据存不下来：{0}")]
    Store(#[from] StoreError),
    /// The recipe.
    #[error("合成数据的配方有误：{0}")]
    Recipe(#[from] RecipeError),
    /// The volumes.
    #[error("合成数据的数量表有误：{0}")]
    Volumes(#[from] VolumeFault),
    /// The kinds.
    #[error(transparent)]
    Kinds(#[from] ShelfError),
    /// The hall's layout.
    #[error("大厅的布局有误：{0}")]
    Layout(String),
    /// An account.
    #[error("{}", .0.detail)]
    Account(Problem),
    /// A kind of the volumes, or the desk.
    #[error("{0}")]
    Years(String),
}

impl From<LayoutError> for FillError {
    fn from(error: LayoutError) -> Self {
        Self::Layout(error.to_string())
    }
}

impl From<YearsFault> for FillError {
    fn from(fault: YearsFault) -> Self {
        Self::Years(fault.to_string())
    }
}

/// The days of an extent that ends on a day.
#[must_use]
pub fn span(extent: Extent, until: NaiveDate, demo_days: u32) -> Span {
    let from = match extent {
        Extent::Demo => until.checked_sub_days(Days::new(demo_days.into())),
        Extent::Years(years) => until.checked_sub_months(Months::new(years.saturating_mul(12))),
    };
    Span {
        from: from.unwrap_or(until),
        until,
    }
}

/// Fills an empty synthetic store. Blocking, and long: some minutes for a year. `told` is called with
/// the day that was reached.
///
/// # Errors
/// [`FillError`].
pub fn fill(
    store: &Store,
    order: YearsOrder,
    told: &mut dyn FnMut(NaiveDate, &Lived),
) -> Result<Lived, FillError> {
    if !store.is_synthetic() {
        return Err(FillError::RealStore);
    }
    if store.read_blocking(|reader| reader.records_head())? > 0 {
        return Err(FillError::NotEmpty);
    }
    let volumes = Volumes::read(EMBEDDED_VOLUMES)?;
    let span = span(order.extent, order.until, volumes.demo_days());
    let began = UtcMs::start_of(span.from);
    let hall = lay_out(store, began)?;
    let people = employ(store, hall, began).map_err(FillError::Account)?;
    live_in(store, Cast::of(people), &volumes, order, span, told)
}

/// Lives through the days of an order in a store that has people.
///
/// # Errors
/// [`FillError`].
pub(crate) fn live_in(
    store: &Store,
    cast: Cast,
    volumes: &Volumes,
    order: YearsOrder,
    span: Span,
    told: &mut dyn FnMut(NaiveDate, &Lived),
) -> Result<Lived, FillError> {
    let rules = EveryYear(Arc::new(LiveRules::of(store.clone())));
    let desk = CaseDesk::new(store.clone(), KindShelf::embedded()?, Arc::new(rules));
    let drawn = (order.extent, order.seed);
    Ok(live(&desk, cast, volumes, drawn, span, told)?)
}

fn lay_out(store: &Store, now: UtcMs) -> Result<HallId, FillError> {
    if let Some(hall) = store.live().halls.keys().next() {
        return Ok(*hall);
    }
    let recipe = Recipe::read(EMBEDDED_RECIPE)?;
    let hall = HallId(edge::new_uuid(now));
    let windows = recipe
        .windows()
        .map(|(no, groups)| (no, groups.iter().copied().collect()));
    let named = layout::of_windows(STATION_NAME, windows.collect())?;
    let done = store.write_blocking(move |write| layout::lay_out(write, hall, named, now))?;
    done.map_err(|refusal| FillError::Layout(refusal.text))?;
    Ok(hall)
}

/// Several accounts of each role. Nobody is told their passwords: who wants to sign in as one of them
/// gives them a new one (`central staff`). Citizens and employers act through a clerk.
fn employ(store: &Store, hall: HallId, now: UtcMs) -> Result<Vec<(Role, StaffId)>, Problem> {
    let mut people = Vec::new();
    let roles = Role::ALL.iter().copied().filter(|role| GRANTABLE(*role));
    for (place, role) in roles.enumerate() {
        for number in 1..=PEOPLE {
            let new = NewStaff {
                name: format!("样例{}{number}", role.name()),
                login: format!("{}{number}", role.word()),
                clerk_no: format!("{:04}", place * PEOPLE + number),
                hall,
                roles: [RoleGrant::everywhere(role)].into(),
            };
            let login = new.login.clone();
            staff::add_with_one_time(store, new, now)?;
            let account = store.read_blocking(move |reader| reader.staff_by_login(&login));
            people.extend(
                account
                    .map_err(Problem::from)?
                    .map(|found| (role, found.staff)),
            );
        }
    }
    Ok(people)
}
