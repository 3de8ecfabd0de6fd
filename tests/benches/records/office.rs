//! A centre in a scratch directory: a store filled with records, the service's router over it, two
//! members of staff who are signed in.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{Request, Response, header};
use central::app_state::AppState;
use central::cases::{CaseDesk, KindShelf, LiveRules};
use central::config::{BackupPlan, Config};
use central::parameters::Parameters;
use central::serve::open_store;
use central::staff::{self, GRANTABLE, NewStaff, StaffSession};
use central::store::{Marking, Store};
use domain::case::{Actor, Kind, Role};
use domain::id::{HallId, KindId, StationCode};
use domain::time::UtcMs;
use sync::data_dir::DataDir;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;
use wire::event::RoleGrant;

use crate::Fault;
use crate::fill::{self, Filled};

const MORNING: UtcMs = UtcMs(1_791_939_600_000);
const PASSWORD: &str = "a-long-invented-password";
/// Longest answer that a page gives.
const PAGE_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Somebody who is signed in.
pub(crate) struct Clerk {
    pub(crate) session: StaffSession,
    cookie: String,
}

pub(crate) struct Office {
    pub(crate) runtime: Runtime,
    pub(crate) store: Store,
    pub(crate) desk: CaseDesk,
    pub(crate) clerk: Clerk,
    pub(crate) reviewer: Clerk,
    pub(crate) filled: Filled,
    /// Requests of one kind.
    pub(crate) requests: usize,
    router: Router,
    folder: TempDir,
    _dir: DataDir,
}

impl Office {
    /// Opens it and fills it with so many records.
    pub(crate) fn open(records: usize, requests: usize) -> Result<Self, Fault> {
        let (folder, now) = (tempfile::tempdir()?, now());
        let dir = DataDir::take(folder.path())?;
        let store = open_store(&dir, Marking::Synthetic, now)?;
        let parameters = Parameters::on(now.hall_date())?;
        let config = Config {
            backups: BackupPlan::default(),
            ..Config::default()
        };
        let app = AppState::new(
            store.clone(),
            config,
            &parameters,
            Arc::new(crate::office::now),
        );
        let desk = desk(&store)?;
        let runtime = Runtime::new()?;
        let clerk = Clerk::employ(&runtime, &store, &app, "clerk")?;
        let reviewer = Clerk::employ(&runtime, &store, &app, "reviewer")?;
        let filled = fill::fill(&runtime, &desk, [&clerk, &reviewer], records)?;
        Ok(Self {
            runtime,
            store,
            desk,
            clerk,
            reviewer,
            filled,
            requests,
            router: central::http::app(app),
            folder,
            _dir: dir,
        })
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.folder.path().join("central.db")
    }

    /// How long the service takes for a page, and the page.
    pub(crate) fn get(&self, path: &str) -> Result<(Duration, Bytes), Fault> {
        let request = Request::get(path).header(header::COOKIE, &self.clerk.cookie);
        let (taken, answer) = self.ask(request.body(Body::empty())?)?;
        if answer.status() == 200 {
            Ok((taken, answer.into_body()))
        } else {
            Err(format!("{path}: {}", answer.status()).into())
        }
    }

    /// How long the service takes for a form that is done and leads on.
    pub(crate) fn post(
        &self,
        by: &Clerk,
        path: &str,
        fields: &[(&str, String)],
    ) -> Result<Duration, Fault> {
        let token = ("form_token", by.session.csrf.clone());
        let fields = fields.iter().chain([&token]);
        let body: Vec<_> = fields
            .map(|(name, value)| format!("{name}={}", encoded(value)))
            .collect();
        let request = Request::post(path)
            .header(header::COOKIE, &by.cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let (taken, answer) = self.ask(request.body(Body::from(body.join("&")))?)?;
        if answer.status() == 303 {
            return Ok(taken);
        }
        let page = String::from_utf8_lossy(answer.body());
        let said = page.split("role=\"alert\">").nth(1).unwrap_or_default();
        let said = said.split('<').next().unwrap_or_default();
        Err(format!("{path}: {} {said}", answer.status()).into())
    }

    fn ask(&self, request: Request<Body>) -> Result<(Duration, Response<Bytes>), Fault> {
        self.runtime.block_on(async {
            let begun = Instant::now();
            let answer = self.router.clone().oneshot(request).await?;
            let (head, body) = answer.into_parts();
            let body = to_bytes(body, PAGE_BYTES_MAX).await?;
            Ok((begun.elapsed(), Response::from_parts(head, body)))
        })
    }
}

impl Clerk {
    fn employ(
        runtime: &Runtime,
        store: &Store,
        app: &AppState,
        login: &str,
    ) -> Result<Self, Fault> {
        let roles = Role::ALL.iter().copied().filter(|role| GRANTABLE(*role));
        let new = NewStaff {
            name: format!("样例{login}"),
            login: login.to_owned(),
            clerk_no: login.to_owned(),
            hall: HallId(uuid::Uuid::from_u128(1)),
            roles: roles.map(RoleGrant::everywhere).collect(),
        };
        staff::add(store, new, PASSWORD, now()).map_err(|problem| problem.detail)?;
        let begun = runtime.block_on(app.sign_in(login, PASSWORD, ""));
        let begun = begun.map_err(|problem| problem.detail)?;
        Ok(Self {
            cookie: format!("staff_session={}", &*begun.cookie),
            session: begun.session,
        })
    }
}

/// The system as an actor: what comes out of a file, what dates bring about.
pub(crate) fn system() -> Actor {
    Actor {
        staff: None,
        roles: BTreeSet::from([Role::System]),
        deputy: BTreeMap::new(),
        kin: BTreeSet::new(),
        address: String::new(),
    }
}

/// The desk of records over a store.
pub(crate) fn desk(store: &Store) -> Result<CaseDesk, Fault> {
    let rules = Arc::new(LiveRules::of(store.clone()));
    Ok(CaseDesk::new(store.clone(), KindShelf::embedded()?, rules))
}

/// A kind that is in use.
pub(crate) fn kind(desk: &CaseDesk, id: &str) -> Result<Arc<Kind>, Fault> {
    let kind = desk.kinds().kind(&KindId::new(id)?).cloned();
    kind.ok_or_else(|| format!("no kind {id}").into())
}

/// The centre as a station.
pub(crate) fn centre() -> Result<StationCode, Fault> {
    Ok(StationCode::new("YH-C")?)
}

/// The office's clock: it began on 2026-10-14 at 09:00 in the hall, so that every day that a record
/// needs is in the calendar, and goes on as the machine's does.
pub(crate) fn now() -> UtcMs {
    static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);
    let gone = i64::try_from(BEGUN.elapsed().as_millis()).unwrap_or_default();
    MORNING.plus_ms(gone)
}

/// A value as it stands in an address or a form.
pub(crate) fn encoded(value: &str) -> String {
    value.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// Asks the same of many, one after the other.
pub(crate) fn timed<T>(
    asked: impl IntoIterator<Item = T>,
    mut ask: impl FnMut(T) -> Result<Duration, Fault>,
) -> Result<acceptance::figures::Times, Fault> {
    let times: Result<Vec<_>, Fault> = asked.into_iter().map(&mut ask).collect();
    Ok(acceptance::figures::Times::of(times?))
}
