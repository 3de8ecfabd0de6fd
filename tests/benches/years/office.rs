//! The service's router over a store that has lived, and somebody with every role who is signed in.

use std::sync::Arc;
use std::time::{Duration, Instant};

use acceptance::figures::Times;
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{Request, header};
use central::app_state::AppState;
use central::cases::{CaseDesk, KindShelf, LiveRules, NewCase};
use central::config::{BackupPlan, Config};
use central::parameters::Parameters;
use central::staff::{self, GRANTABLE, NewStaff, StaffSession};
use central::store::{CaseQuery, CaseSort, Store};
use domain::case::{Channel, Command, Role, Value, Values};
use domain::id::{KindId, StationCode};
use domain::money::Fen;
use domain::time::UtcMs;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;
use wire::event::RoleGrant;

use crate::Fault;

const LOGIN: &str = "bench";
const PASSWORD: &str = "a-long-invented-password";
/// Longest answer that a page gives.
const PAGE_BYTES_MAX: usize = 8 * 1024 * 1024;

pub(crate) struct Office {
    runtime: Runtime,
    store: Store,
    desk: CaseDesk,
    router: Router,
    session: StaffSession,
    cookie: String,
    now: UtcMs,
}

impl Office {
    pub(crate) fn over(store: Store, now: UtcMs) -> Result<Self, Fault> {
        let parameters = Parameters::on(now.hall_date())?;
        let config = Config {
            backups: BackupPlan::default(),
            ..Config::default()
        };
        let clock = Arc::new(move || now);
        let app = AppState::new(store.clone(), config, &parameters, clock);
        let rules = Arc::new(LiveRules::of(store.clone()));
        let desk = CaseDesk::new(store.clone(), KindShelf::embedded()?, rules);
        let hall = store.live().halls.keys().next().copied().ok_or("a hall")?;
        let roles = Role::ALL.iter().copied().filter(|role| GRANTABLE(*role));
        let new = NewStaff {
            name: "样例测速".to_owned(),
            login: LOGIN.to_owned(),
            clerk_no: "9999".to_owned(),
            hall,
            roles: roles.map(RoleGrant::everywhere).collect(),
        };
        staff::add(&store, new, PASSWORD, now).map_err(|problem| problem.detail)?;
        let runtime = Runtime::new()?;
        let begun = runtime.block_on(app.sign_in(LOGIN, PASSWORD, ""));
        let begun = begun.map_err(|problem| problem.detail)?;
        Ok(Self {
            cookie: format!("staff_session={}", &*begun.cookie),
            session: begun.session,
            router: central::http::app(app),
            runtime,
            store,
            desk,
            now,
        })
    }

    /// How long the service takes for a page, and the page.
    pub(crate) fn get(&self, path: &str) -> Result<(Duration, Bytes), Fault> {
        let request = Request::get(path).header(header::COOKIE, &self.cookie);
        let request = request.body(Body::empty())?;
        let (taken, status, body) = self.runtime.block_on(async {
            let begun = Instant::now();
            let answer = self.router.clone().oneshot(request).await?;
            let status = answer.status();
            let body = to_bytes(answer.into_body(), PAGE_BYTES_MAX).await?;
            Ok::<_, Fault>((begun.elapsed(), status, body))
        })?;
        if status == 200 {
            Ok((taken, body))
        } else {
            Err(format!("{path}: {status}").into())
        }
    }

    /// Records of a kind, spread over all of them.
    pub(crate) fn records_of(&self, kind: &str, count: usize) -> Result<Vec<String>, Fault> {
        self.records_where(kind, Vec::new(), count)
    }

    /// Records of a kind in a state.
    pub(crate) fn records_in(
        &self,
        kind: &str,
        state: &str,
        count: usize,
    ) -> Result<Vec<String>, Fault> {
        self.records_where(kind, vec![state.to_owned()], count)
    }

    fn records_where(
        &self,
        kind: &str,
        states: Vec<String>,
        count: usize,
    ) -> Result<Vec<String>, Fault> {
        let asked = CaseQuery {
            states,
            sort: CaseSort::Title,
            ..CaseQuery::of(KindId::new(kind)?, u32::try_from(count)?)
        };
        let lines = self
            .store
            .read_blocking(|reader| reader.case_lines(&asked))?;
        Ok(lines.iter().map(|line| line.record.to_string()).collect())
    }

    /// Vacancies opened, each then handed in: how long the handing in takes until it is durable.
    pub(crate) fn steps(&self, count: usize) -> Result<Times, Fault> {
        let station = StationCode::new("YH-C")?;
        let actor = self.session.actor(&station);
        let mut times = Vec::new();
        for _ in 0..count {
            let new = NewCase {
                kind: KindId::new("vacancy")?,
                channel: Channel::Import,
                station: station.clone(),
                person: None,
                employer: None,
                values: vacancy(self.now),
                corrects: None,
            };
            let opened = self.desk.open(new, actor.clone(), self.now);
            let record = self.runtime.block_on(opened);
            let record = record.map_err(|fault| format!("{fault:?}"))?;
            let begun = Instant::now();
            let command = Command::step("submit");
            let acted = self.desk.act(record, 1, command, actor.clone(), self.now);
            let acted = self.runtime.block_on(acted);
            acted.map_err(|fault| format!("{fault:?}"))?;
            times.push(begun.elapsed());
        }
        Ok(Times::of(times))
    }
}

fn vacancy(now: UtcMs) -> Values {
    let text = |text: &str| Value::Text(text.to_owned());
    [
        ("title", text("样例装配工")),
        ("headcount", Value::Integer(3)),
        ("wage_min", Value::Money(Fen(450_000))),
        ("wage_max", Value::Money(Fen(600_000))),
        ("wage_unit", Value::Choice("month".to_owned())),
        ("valid_to", Value::Date(now.hall_date())),
    ]
    .map(|(id, value)| (id.to_owned(), value))
    .into()
}
