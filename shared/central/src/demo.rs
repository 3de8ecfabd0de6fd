//! The demo's hall: a synthetic store that is filled through the same doors as a real one. The
//! vacancies go through the import, the morning through the authority's decisions with past times.

mod lists;
mod morning;
mod notices;
mod public;
mod publications;
mod records;

use std::collections::BTreeMap;
use std::path::Path;

use domain::case::Role;
use domain::id::{HallId, StaffId};
use domain::rating::Level;
use domain::time::UtcMs;
use thiserror::Error;
use wire::api::DeviceKind;
use wire::event::{Event, NoticePublished, RoleGrant};
use wire::problem::Problem;

use crate::layout::{self, LayoutError};
use crate::serve::{OpenError, open_store};
use crate::staff::{self, GRANTABLE, NewStaff, OneTimePassword};
use crate::store::{EnrolmentCode, Marking, Store, StoreError};
use crate::synthetic::{
    self, Cast, EMBEDDED_RECIPE, EMBEDDED_VOLUMES, Extent, PlannedVisit, Profile, Recipe,
    RecipeError, Volumes,
};
use crate::synthetic_years::{self, FillError, YearsOrder};
use crate::vacancies::{ImportDesk, ImportError, ImportOrder};
use crate::{edge, enrolment};
pub use lists::LISTS_FOLDER;
use publications::People;
pub use records::CARD_HOLDER;
use sync::data_dir::{DataDir, DataDirError};

/// Who approves what the demo publishes.
const EDITOR: &str = "演示编辑";
const STATION_NAME: &str = "示例区就业之家";
/// The demo's sign-in name.
pub const LOGIN: &str = "demo";
const CLERK_NAME: &str = "演示员";
const CLERK_NO: &str = "01";
/// Each has an account of its own, so that separated duties can be tried.
const ONE_ROLE: [Role; 12] = [
    Role::Clerk,
    Role::Guide,
    Role::HallManager,
    Role::Reviewer,
    Role::Chief,
    Role::Director,
    Role::LedEditor,
    Role::LedApprover,
    Role::Tech,
    Role::Cashier,
    Role::Accountant,
    Role::Auditor,
];
const PROFILE: &str = "demo";
/// So many people come at once shortly before the demo begins.
const RUSH_VISITS: u32 = 16;
const RUSH_MINUTES: i64 = 8;

/// What the demo wants of its hall.
#[derive(Debug, Clone)]
pub struct DemoPlan {
    /// The end of the morning that is played.
    pub now: UtcMs,
    /// Everything invented is drawn from it.
    pub seed: u64,
    /// Of the demo's account that may do everything.
    pub password: String,
    /// Machines to be enrolled: what each is, and its name.
    pub devices: Vec<(DeviceKind, String)>,
}

/// The hall as it was seeded.
#[derive(Debug, Clone)]
pub struct SeededHall {
    /// The hall.
    pub hall: HallId,
    /// One-time enrolment codes, in the order of the plan's devices.
    pub codes: Vec<String>,
    /// Listings that are published.
    pub listings: u64,
    /// Accounts beside the one that may do everything, each for one role.
    pub accounts: Vec<DemoAccount>,
}

/// An account of the demo.
#[derive(Debug, Clone)]
pub struct DemoAccount {
    /// Sign-in name: the role's word.
    pub login: &'static str,
    /// The role in Chinese.
    pub role: &'static str,
    /// Drawn anew at each start.
    pub password: OneTimePassword,
}

/// Why the demo's hall could not be seeded.
#[derive(Debug, Error)]
pub enum DemoError {
    /// The data directory.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// It holds a store that is not synthetic.
    #[error("这个目录里是真实数据，演示不能用它。请换一个 --data 目录。")]
    RealStore,
    /// Opening the store.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// Storing.
    #[error("演示数据存不下来：{0}")]
    Store(#[from] StoreError),
    /// The recipe.
    #[error("演示数据的配方有误：{0}")]
    Recipe(#[from] RecipeError),
    /// A data file of the demo.
    #[error("演示数据文件有误：{0}")]
    Asset(#[from] serde_json::Error),
    /// Writing the invented vacancies.
    #[error("演示岗位文件写不了：{0}")]
    File(#[from] std::io::Error),
    /// The import.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The account.
    #[error("{}", .0.detail)]
    Account(Problem),
    /// Records.
    #[error("演示的业务记录有误：{0}")]
    Record(String),
    /// Records of some weeks.
    #[error(transparent)]
    Years(#[from] FillError),
    /// The hall's layout.
    #[error("演示大厅的布局有误：{0}")]
    Layout(String),
}

impl From<LayoutError> for DemoError {
    fn from(error: LayoutError) -> Self {
        Self::Layout(error.to_string())
    }
}

/// Seeds `data` for the demo. A synthetic store that has a hall already keeps it; the account gets
/// the plan's password and the machines new codes either way.
///
/// # Errors
/// [`DemoError`].
pub fn seed_demo(data: &Path, plan: &DemoPlan) -> Result<SeededHall, DemoError> {
    let dir = DataDir::take(data)?;
    let store = open_store(&dir, Marking::Synthetic, plan.now)?;
    if !store.is_synthetic() {
        return Err(DemoError::RealStore);
    }
    let known = store.live().halls.keys().next().copied();
    let hall = match known {
        Some(hall) => hall,
        None => seed_hall(&store, data, plan)?,
    };
    let (accounts, people) = add_accounts(&store, plan, hall).map_err(DemoError::Account)?;
    if known.is_none() {
        let people_of_roles = People(&people);
        publications::seed(&store, &people_of_roles, plan.now)?;
        let everything = store.read_blocking(|reader| reader.staff_by_login(LOGIN))?;
        let everything = everything.map(|account| account.staff);
        public::seed(&store, &people_of_roles, everything, plan.now)?;
        live_some_weeks(&store, &people, plan)?;
    }
    lists::write(&store, data)?;
    let codes = plan.devices.iter().map(|(kind, name)| {
        let expires_at = plan.now.plus_ms(enrolment::CODE_VALID_MS);
        let code = EnrolmentCode {
            name: name.clone(),
            kind: *kind,
            hall,
            expires_at,
        };
        enrolment::make_code(&store, code, plan.now)
    });
    let codes = codes.collect::<Result<_, _>>()?;
    let listings = store.read_blocking(|reader| reader.listing_counts())?.open;
    Ok(SeededHall {
        hall,
        codes,
        listings,
        accounts,
    })
}

/// Records of some weeks until yesterday: the work that staff find when they come in.
fn live_some_weeks(
    store: &Store,
    people: &BTreeMap<Role, StaffId>,
    plan: &DemoPlan,
) -> Result<(), DemoError> {
    let volumes = Volumes::read(EMBEDDED_VOLUMES).map_err(FillError::from)?;
    let yesterday = plan.now.hall_date().pred_opt();
    let order = YearsOrder {
        extent: Extent::Demo,
        seed: plan.seed,
        until: yesterday.unwrap_or(plan.now.hall_date()),
    };
    let span = synthetic_years::span(order.extent, order.until, volumes.demo_days());
    let everything = store.read_blocking(|reader| reader.staff_by_login(LOGIN))?;
    let of_role = people.iter().map(|(role, staff)| (*role, *staff));
    // who may do everything is the other person of each role, and the only one of most
    let all = Role::ALL.iter().filter(|role| GRANTABLE(**role));
    let of_all = all.filter_map(|role| Some((*role, everything.as_ref()?.staff)));
    let cast = Cast::of(of_role.chain(of_all));
    synthetic_years::live_in(store, cast, &volumes, order, span, &mut |_, _| {})?;
    Ok(())
}

/// The accounts of single roles, and who has which role.
type Accounts = (Vec<DemoAccount>, BTreeMap<Role, StaffId>);

fn add_accounts(store: &Store, plan: &DemoPlan, hall: HallId) -> Result<Accounts, Problem> {
    let all = Role::ALL.iter().copied().filter(|role| GRANTABLE(*role));
    let everything = NewStaff {
        name: CLERK_NAME.to_owned(),
        login: LOGIN.to_owned(),
        clerk_no: CLERK_NO.to_owned(),
        hall,
        roles: all.map(RoleGrant::everywhere).collect(),
    };
    staff::add(store, everything, &plan.password, plan.now)?;
    let of_role = |(number, role): (usize, &Role)| {
        let account = DemoAccount {
            login: role.word(),
            role: role.name(),
            password: OneTimePassword::make(),
        };
        let new = NewStaff {
            name: format!("演示{}", role.name()),
            login: account.login.to_owned(),
            clerk_no: format!("{:02}", number + 2),
            hall,
            roles: [RoleGrant::everywhere(*role)].into(),
        };
        let staff = staff::add(store, new, account.password.reveal(), plan.now)?;
        Ok((account, (*role, staff)))
    };
    let added = ONE_ROLE.iter().enumerate().map(of_role);
    Ok(added
        .collect::<Result<Vec<_>, Problem>>()?
        .into_iter()
        .unzip())
}

fn seed_hall(store: &Store, data: &Path, plan: &DemoPlan) -> Result<HallId, DemoError> {
    let recipe = Recipe::read(EMBEDDED_RECIPE)?;
    let missing = || DemoError::Layout(format!("配方里没有 {PROFILE}"));
    let profile = recipe.profile(PROFILE).ok_or_else(missing)?;
    let opened_at = morning::opening(plan.now);
    let hall = HallId(edge::new_uuid(opened_at));
    let windows = recipe
        .windows()
        .map(|(no, groups)| (no, groups.iter().copied().collect()));
    let named = layout::of_windows(STATION_NAME, windows.collect())?;
    let laid = named.layout.clone();
    let done = store.write_blocking(move |write| layout::lay_out(write, hall, named, opened_at))?;
    done.map_err(|refusal| DemoError::Layout(refusal.text))?;
    import_listings(store, data, plan, &recipe, profile)?;
    records::seed(store, opened_at)?;
    let today = plan.now.hall_date();
    let published = notices::all(today)?;
    let now = plan.now;
    store.write_blocking(move |write| {
        published.into_iter().try_for_each(|notice| {
            let body = NoticePublished {
                notice,
                by: EDITOR.to_owned(),
            };
            write.append(&Event::NoticePublished(body), now).map(drop)
        })
    })?;
    let count = profile.morning_tickets;
    let mut visits = synthetic::morning(&recipe, &laid, plan.seed, count, opened_at, now);
    // A demo without anybody waiting would have nothing to call.
    let rush_from = now.plus_minutes(-RUSH_MINUTES);
    let rush_seed = plan.seed.wrapping_add(1);
    visits.extend(synthetic::morning(
        &recipe,
        &laid,
        rush_seed,
        RUSH_VISITS,
        rush_from,
        now,
    ));
    somebody_is_dissatisfied(&mut visits);
    store.write_blocking(move |write| morning::play(write, hall, &visits, now))?;
    Ok(hall)
}

/// A demo in which everybody is satisfied would not show what follows a low score; the earliest one is
/// given in time, whenever the demo begins.
fn somebody_is_dissatisfied(visits: &mut [PlannedVisit]) {
    let earliest = visits.iter_mut().find_map(|visit| visit.score.as_mut());
    if let Some(score) = earliest {
        score.level = Level::Bad;
    }
}

fn import_listings(
    store: &Store,
    data: &Path,
    plan: &DemoPlan,
    recipe: &Recipe,
    profile: &Profile,
) -> Result<(), DemoError> {
    let as_of = plan.now.hall_date();
    let file = data.join("demo-vacancies.csv");
    std::fs::write(
        &file,
        synthetic::vacancies_csv(recipe, profile, plan.seed, as_of),
    )?;
    let order = ImportOrder {
        file,
        as_of: Some(as_of),
        publish_by: Some(EDITOR.to_owned()),
    };
    let cases = records::desk(store)?;
    ImportDesk::new(store.clone(), cases, data).import(&order, plan.now, &mut |_| {})?;
    Ok(())
}

#[cfg(test)]
mod tests;
