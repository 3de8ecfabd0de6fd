//! The service's process: takes the data directory, opens the store, listens, and ends in order
//! when it is asked to: by SIGINT, by SIGTERM, or by the end of its standard input.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use domain::id::DeviceId;
use domain::time::UtcMs;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use wire::api::DeviceKind;

use crate::admin::AdminDesk;
use crate::app_state::AppState;
use crate::backup::{self, BackupDesk, Schedule};
use crate::calendar_file::{self, CalendarFileError};
use crate::cases::{KindShelf, ListShelf, LiveRules, ShelfError};
use crate::config::{Config, LogFormat, UpstreamConfig};
use crate::documents::{DocumentShelf, DocumentShelfError};
use crate::edge::Clock;
use crate::http::Listener;
use crate::node::{self, Upstream};
use crate::outreach::{self, Gateway, GatewayError, SmsConfig, Twin, TwinPlan};
use crate::parameters::{ParameterError, Parameters};
use crate::staff::OneTimePassword;
use crate::start_pages::{self, StartPagesError};
use crate::store::{Marking, Opening, Role, Store, StoreError, Write};
use crate::supervisor::Supervisor;
use crate::tls::{ServerCertificate, TlsError};
use crate::vacancies::ImportError;
use crate::vault::{KeyCustody, KeyError};
use crate::{admin, edge, http, metrics, tick};
use sync::address::CentralAddress;
use sync::data_dir::{DataDir, DataDirError};
use sync::enrolment::load_or_enrol;
use sync::identity::IdentityError;
use sync::stop::{StandardInput, requested};

/// The database in the data directory.
pub(crate) const DATABASE: &str = "central.db";
/// Requests that still run when the process is asked to stop get this long.
const END_WITHIN: Duration = Duration::from_secs(5);

/// A store that cannot be opened. The sentences are for the person who runs the command.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The store.
    #[error("数据库打不开：{0}")]
    Store(StoreError),
    /// The master key.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// A restore was killed while it moved files.
    #[error("上次 central restore 没有做完，数据不全。请再做一次 central restore，加 --replace。")]
    RestoreUnfinished,
    /// The program's own parameters.
    #[error("程序自带的参数有误：{0}")]
    Parameters(#[from] ParameterError),
    /// A node's own identity.
    #[error("大厅节点的登记文件读不了：{0}")]
    Identity(#[from] IdentityError),
}

impl From<StoreError> for OpenError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Keys(error) => Self::Keys(error),
            error => Self::Store(error),
        }
    }
}

/// Why the service did not run.
#[derive(Debug, Error)]
pub enum ServeError {
    /// The data directory.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// The store.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// Files of kinds of records.
    #[error(transparent)]
    Kinds(#[from] ShelfError),
    /// The program's own templates of documents.
    #[error(transparent)]
    Documents(#[from] DocumentShelfError),
    /// Files of start pages.
    #[error(transparent)]
    StartPages(#[from] StartPagesError),
    /// Days off in the data directory.
    #[error(transparent)]
    Calendar(#[from] CalendarFileError),
    /// Files of messages.
    #[error("消息的文件有误：\n{0}")]
    Messages(String),
    /// The SMS gateway.
    #[error(transparent)]
    Sms(#[from] GatewayError),
    /// The certificate.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The address.
    #[error("地址 {address} 用不了：{source}。是不是另一个程序占着这个端口？")]
    Listen {
        /// As configured.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// The node is not known to its centre.
    #[error("{0}")]
    NotEnrolled(String),
    /// A node's directory, served as a centre's.
    #[error("这个数据目录属于一个大厅节点，启动时要加 --upstream 写明中心的网址。")]
    NodeWithoutCentre,
    /// Vacancies of an older version that become records.
    #[error("旧版本的岗位转不成登记：{0}")]
    OldVacancies(#[from] ImportError),
    /// Anything else of the operating system.
    #[error("运行出错：{0}")]
    Io(#[from] std::io::Error),
}

/// How to serve.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// What is configured.
    pub config: Config,
    /// For the first start of a hall node.
    pub enrol_code: Option<String>,
    /// Where systemd puts credentials, if it started this process with any.
    pub credentials: Option<PathBuf>,
    /// Say the bound address as one line of JSON.
    pub says_json: bool,
    /// End when standard input ends: for children of the demo.
    pub stops_with_stdin: bool,
}

/// Opens the store of a directory with the parameters of today and the master key beside it. A
/// directory in which a hall node was enrolled holds that node's store, any other one a centre's.
///
/// # Errors
/// [`OpenError`].
pub fn open_store(dir: &DataDir, marking: Marking, now: UtcMs) -> Result<Store, OpenError> {
    open_store_under(KeyCustody::of(dir.path(), None, None)?, dir, marking, now)
}

/// Opens the store of a directory with the master key of a place of its own.
///
/// # Errors
/// [`OpenError`].
pub fn open_store_under(
    custody: KeyCustody,
    dir: &DataDir,
    marking: Marking,
    now: UtcMs,
) -> Result<Store, OpenError> {
    if backup::is_unfinished(dir.path()) {
        return Err(OpenError::RestoreUnfinished);
    }
    if let Err(error) = backup::clear_left_over(dir.path()) {
        tracing::warn!(%error, "a scratch directory stays");
    }
    let hall_parameters = Parameters::on(now.hall_date())?.hall;
    let node = sync::identity::load(dir.path())?.map(|identity| identity.enrolled);
    let (centre_if_new, role) = match node {
        Some(node) => (node.device, Role::HallNode { hall: node.hall }),
        None => (DeviceId(edge::new_uuid(now)), Role::Centre),
    };
    Ok(Store::open(
        &dir.path().join(DATABASE),
        Opening {
            marking,
            centre_if_new,
            hall_parameters,
            role,
            vfs: None,
            custody,
            now,
        },
    )?)
}

/// Serves until asked to stop. A second wish to stop ends the process at once.
///
/// # Errors
/// [`ServeError`].
pub async fn serve(options: ServeOptions) -> Result<(), ServeError> {
    let mut config = options.config;
    let dir = DataDir::take(&config.data)?;
    let clock = edge::system_clock();
    let enrol_code = options.enrol_code.as_deref();
    let upstream = upstream(&dir, config.upstream.as_ref(), enrol_code, &clock).await?;
    let named = config.master_key_file.as_deref();
    let custody = KeyCustody::of(dir.path(), named, options.credentials.as_deref());
    let custody = custody.map_err(OpenError::from)?;
    check_files()?;
    let store = open_store_under(custody, &dir, Marking::Real, clock())?;
    establish_keys(&store).await?;
    let parameters = Parameters::on(clock().hall_date()).map_err(OpenError::from)?;
    let certificate = config
        .tls
        .clone()
        .map(ServerCertificate::load)
        .transpose()?;
    let tcp = bind(config.listen).await?;
    let url = url_of(tcp.local_addr()?, certificate.is_some());
    if config.public_url.is_empty() {
        config.public_url.clone_from(&url);
    }
    let log_format = config.log_format;
    let (metrics_listen, backups) = (config.metrics_listen, config.backups.clone());
    let sms = config.sms.clone();
    let rules = LiveRules::of(store.clone()).with_years(calendar_file::in_directory(dir.path())?);
    let (app_store, app_clock) = (store.clone(), Arc::clone(&clock));
    let app = AppState::by_rules(app_store, config, &parameters, rules, app_clock);
    if let Some(code) = app.open_set_up(dir.path()).await? {
        say_set_up(&code, &url, log_format)?;
    }
    let schedule = backups.at.map(|at| {
        let (folder, keeping) = (backups.folder.clone(), parameters.keeping);
        let desk = BackupDesk::new(store.clone(), dir.path(), folder, keeping);
        Schedule::new(at, desk, clock())
    });
    let desk = AdminDesk::new(store.clone(), dir.path(), clock)
        .with_backups_in(backups.folder)
        .beside(app.inner.cases.clone(), Arc::clone(&app.inner.vacancies));
    let desk = adopt_old_vacancies(desk).await?;
    let socket = admin::listen(Arc::new(desk), app.stopping())?;
    let mut beside = vec![socket, tokio::spawn(tick::run(app.clone(), schedule))];
    if store.role() == Role::Centre {
        connect_gateway(&app, sms, dir.path()).await?;
        beside.extend(beside_the_centre(&app));
    }
    let tls = certificate.as_ref().map(ServerCertificate::server_config);
    if let Some(certificate) = certificate {
        beside.push(follow(certificate, app.stopping()));
    }
    if let Some(line) = upstream {
        node::answer_citizens_by(&app, &line);
        beside.push(tokio::spawn(node::run(app.clone(), line)));
    }
    if let Some(address) = metrics_listen {
        beside.push(tell_metrics(bind(address).await?, app.clone()));
    }
    let listener = Listener::new(&app, tcp, tls);
    say_bound(&listener, &url, options.says_json)?;
    let standard_input = StandardInput::by_flag(options.stops_with_stdin);
    run_until(listener, app, standard_input).await;
    beside.iter().for_each(JoinHandle::abort);
    let settled = tokio::task::spawn_blocking(move || store.settle()).await;
    settled
        .map_err(std::io::Error::from)?
        .map_err(OpenError::from)?;
    tracing::info!("stopped");
    Ok(())
}

/// What the centre does besides answering.
fn beside_the_centre(app: &AppState) -> [JoinHandle<()>; 2] {
    [
        tokio::spawn(outreach::run(app.clone())),
        tokio::spawn(read_ahead(app.clone())),
    ]
}

/// Nobody waits for it, and what fails here fails again where somebody asks.
async fn read_ahead(app: AppState) {
    let today = app.now().hall_date();
    if let Err(error) = app.inner.matching.read_ahead(today).await {
        tracing::warn!(%error, "what fits was not read ahead");
    }
}

/// A program with a broken file does not start.
fn check_files() -> Result<(), ServeError> {
    DocumentShelf::embedded(&KindShelf::embedded()?)?;
    ListShelf::embedded()?;
    start_pages::embedded()?;
    check_messages()
}

fn check_messages() -> Result<(), ServeError> {
    outreach::messages().map(drop).map_err(|faults| {
        let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
        ServeError::Messages(lines.join("\n"))
    })
}

/// Messages of invented people go to a virtual gateway in this process and nowhere else: some of
/// them are refused or come late, so that the demo shows what follows.
async fn connect_gateway(
    app: &AppState,
    sms: Option<SmsConfig>,
    data: &Path,
) -> Result<(), ServeError> {
    const DEMO: TwinPlan = TwinPlan {
        seed: 7,
        refused: 10,
        broken: 10,
        silent: 0,
        late: 10,
    };
    if app.is_demo() {
        let listener = bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
        let twin = Twin::start(listener, DEMO, Arc::clone(&app.inner.clock))?;
        app.inner.outreach.connect_twin(twin.gateway()?, twin);
    } else if let Some(sms) = sms {
        app.inner.outreach.connect(Gateway::open(sms, data)?);
    }
    Ok(())
}

/// Before anybody is let in: nothing is published in two ways.
async fn adopt_old_vacancies(desk: AdminDesk) -> Result<AdminDesk, ServeError> {
    let adopted = tokio::task::spawn_blocking(move || {
        desk.adopt_old_vacancies().map(|adopted| (desk, adopted))
    });
    let (desk, adopted) = adopted.await.map_err(std::io::Error::from)??;
    if adopted > 0 {
        tracing::info!(adopted, "vacancies of an older version are records now");
    }
    Ok(desk)
}

/// A centre has a master key from its first start on. A node holds nothing personal and has none.
async fn establish_keys(store: &Store) -> Result<(), OpenError> {
    if store.role() == Role::Centre {
        let establish = |write: &mut Write<'_>| write.establish_keys(edge::fill_random);
        store.write(establish).await?;
    }
    Ok(())
}

/// The line to the centre, for a hall node: enrolled before its store is made, because the store's
/// writer is the device that the centre knows. A node's directory never serves as a centre's.
async fn upstream(
    dir: &DataDir,
    upstream: Option<&UpstreamConfig>,
    enrol_code: Option<&str>,
    clock: &Clock,
) -> Result<Option<Upstream>, ServeError> {
    let Some(upstream) = upstream else {
        let known = sync::identity::load(dir.path()).map_err(OpenError::from)?;
        return known.map_or(Ok(None), |_| Err(ServeError::NodeWithoutCentre));
    };
    let (url, authority) = (&upstream.url, upstream.authority.as_deref());
    let centre = CentralAddress::of_device(url, dir.path(), authority, upstream.plain_http);
    let centre = centre.map_err(|error| ServeError::NotEnrolled(error.to_string()))?;
    let identity = load_or_enrol(dir.path(), &centre, enrol_code)
        .await
        .map_err(|error| ServeError::NotEnrolled(error.advice()))?;
    if identity.enrolled.kind != DeviceKind::HallNode {
        let sentence =
            "这个登记码不是给大厅节点用的，请用 central enrol-code --kind node 重新要一个。";
        return Err(ServeError::NotEnrolled(sentence.to_owned()));
    }
    let line = Upstream::new(&centre, identity, Arc::clone(clock));
    let line = line.map_err(|error| ServeError::NotEnrolled(format!("连不了中心：{error}")))?;
    Ok(Some(line))
}

async fn bind(address: SocketAddr) -> Result<TcpListener, ServeError> {
    let bound = TcpListener::bind(address).await;
    bound.map_err(|source| ServeError::Listen { address, source })
}

fn url_of(bound: SocketAddr, has_tls: bool) -> String {
    let scheme = if has_tls { "https" } else { "http" };
    format!("{scheme}://{bound}")
}

fn follow(certificate: Arc<ServerCertificate>, stopping: watch::Receiver<bool>) -> JoinHandle<()> {
    tokio::spawn(async move {
        if let Err(error) = certificate.follow(stopping).await {
            tracing::error!(%error, "a new certificate needs a restart");
        }
    })
}

fn tell_metrics(listener: TcpListener, app: AppState) -> JoinHandle<()> {
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, metrics::app(app)).await {
            tracing::error!(%error, "metrics");
        }
    })
}

/// Requests that have not ended in time are cut off; what they had been told is durable.
async fn run_until(listener: Listener, app: AppState, standard_input: StandardInput) {
    let supervisor = Arc::new(Supervisor::of_environment(|name| std::env::var(name).ok()));
    let asked = tokio::spawn(stop_when_asked(app.clone(), standard_input));
    let alive = tokio::spawn({
        let (supervisor, app, stopping) = (Arc::clone(&supervisor), app.clone(), app.stopping());
        async move { supervisor.keep_alive(app, stopping).await }
    });
    supervisor.ready();
    let mut stopping = app.stopping();
    let too_late = async {
        // the sender lives in the service's state; without it there is nothing to wait for
        drop(stopping.wait_for(|stopping| *stopping).await);
        supervisor.stopping();
        tokio::time::sleep(END_WITHIN).await;
    };
    tokio::select! {
        () = listener.serve(http::app(app.clone()), app.stopping()) => {}
        () = too_late => tracing::warn!("requests were still running at the end"),
    }
    alive.abort();
    asked.abort();
}

async fn stop_when_asked(app: AppState, standard_input: StandardInput) {
    if let Err(error) = requested(standard_input).await {
        tracing::error!(%error, "signals cannot be watched");
    }
    app.stop();
    if requested(StandardInput::Ignored).await.is_ok() {
        std::process::exit(1);
    }
}

/// On standard error: standard output may be read by a program. Where logs are collected by
/// machines the code itself stays in its file.
fn say_set_up(code: &OneTimePassword, url: &str, format: LogFormat) -> std::io::Result<()> {
    if format == LogFormat::Json {
        tracing::warn!("nobody has an account yet: the set-up code is in the data directory");
        return Ok(());
    }
    writeln!(
        std::io::stderr().lock(),
        "还没有账号。请打开 {url}/staff/set-up 建第一个账号，启用码：{}（用过就失效）",
        code.reveal()
    )
}

fn say_bound(listener: &Listener, url: &str, as_json: bool) -> std::io::Result<()> {
    let bound = listener.address()?;
    let mut out = std::io::stdout().lock();
    if as_json {
        writeln!(
            out,
            "{}",
            serde_json::json!({ "listening": bound.to_string() })
        )?;
    } else {
        writeln!(out, "已经开始工作：{url}（按 Ctrl-C 停止）")?;
    }
    out.flush()
}
