//! The service's process: takes the data directory, opens the store, listens, and ends in order
//! when it is asked to: by SIGINT, by SIGTERM, or by the end of its standard input.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use domain::id::DeviceId;
use domain::time::UtcMs;
use thiserror::Error;
use tokio::net::TcpListener;
use wire::api::DeviceKind;

use crate::admin::AdminDesk;
use crate::app_state::AppState;
use crate::backup::{self, BackupDesk, Schedule};
use crate::config::Config;
use crate::edge::Clock;
use crate::node::{self, Upstream};
use crate::parameters::{ParameterError, Parameters};
use crate::store::{Marking, Opening, Role, Store, StoreError, Write};
use crate::vault::{KeyCustody, KeyError};
use crate::{admin, edge, http, tick};
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
    /// Anything else of the operating system.
    #[error("运行出错：{0}")]
    Io(#[from] std::io::Error),
}

/// How to serve.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// The data directory.
    pub data: PathBuf,
    /// Address and public address.
    pub config: Config,
    /// The centre, when this process is a hall node.
    pub upstream: Option<UpstreamOptions>,
    /// Where systemd puts credentials, if it started this process with any.
    pub credentials: Option<PathBuf>,
    /// Say the bound address as one line of JSON.
    pub says_json: bool,
    /// End when standard input ends: for children of the demo.
    pub stops_with_stdin: bool,
}

/// How a hall node reaches its centre.
#[derive(Debug, Clone)]
pub struct UpstreamOptions {
    /// The centre's address.
    pub url: String,
    /// For the first start.
    pub enrol_code: Option<String>,
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

/// Serves until asked to stop.
///
/// # Errors
/// [`ServeError`].
pub async fn serve(options: ServeOptions) -> Result<(), ServeError> {
    let dir = DataDir::take(&options.data)?;
    let clock = edge::system_clock();
    let upstream = upstream(&dir, &options, &clock).await?;
    let (named, credentials) = (&options.config.master_key, &options.credentials);
    let custody = KeyCustody::of(dir.path(), named.as_deref(), credentials.as_deref());
    let custody = custody.map_err(OpenError::from)?;
    let store = open_store_under(custody, &dir, Marking::Real, clock())?;
    if store.role() == Role::Centre {
        // a node holds nothing personal and has no master key
        let establish = |write: &mut Write<'_>| write.establish_keys(edge::fill_random);
        store.write(establish).await.map_err(OpenError::from)?;
    }
    let parameters = Parameters::on(clock().hall_date()).map_err(OpenError::from)?;
    let address = options.config.listen;
    let listener = TcpListener::bind(address).await;
    let listener = listener.map_err(|source| ServeError::Listen { address, source })?;
    let bound = listener.local_addr()?;
    let mut config = options.config.clone();
    if config.public_url.is_empty() {
        config.public_url = format!("http://{bound}");
    }
    let app = AppState::new(store.clone(), config, &parameters, Arc::clone(&clock));
    let backups = &options.config.backups;
    let schedule = backups.at.map(|at| {
        let (folder, keeping) = (backups.folder.clone(), parameters.keeping);
        let desk = BackupDesk::new(store.clone(), dir.path(), folder, keeping);
        Schedule::new(at, desk, clock())
    });
    let desk = AdminDesk::new(store, dir.path(), clock).with_backups_in(backups.folder.clone());
    let desk = Arc::new(desk);
    let socket = admin::listen(Arc::clone(&desk), app.stopping())?;
    let ticking = tokio::spawn(tick::run(app.clone(), schedule));
    let relaying = upstream.map(|line| tokio::spawn(node::run(app.clone(), line)));
    say_bound(bound, options.says_json)?;
    let standard_input = StandardInput::by_flag(options.stops_with_stdin);
    run_until(listener, app.clone(), standard_input).await?;
    ticking.abort();
    relaying.inspect(|task| task.abort());
    socket.abort();
    tracing::info!("stopped");
    Ok(())
}

/// The line to the centre, for a hall node: enrolled before its store is made, because the store's
/// writer is the device that the centre knows. A node's directory never serves as a centre's.
async fn upstream(
    dir: &DataDir,
    options: &ServeOptions,
    clock: &Clock,
) -> Result<Option<Upstream>, ServeError> {
    let Some(upstream) = &options.upstream else {
        let known = sync::identity::load(dir.path()).map_err(OpenError::from)?;
        return known.map_or(Ok(None), |_| Err(ServeError::NodeWithoutCentre));
    };
    let code = upstream.enrol_code.as_deref();
    let identity = load_or_enrol(dir.path(), &upstream.url, code)
        .await
        .map_err(|error| ServeError::NotEnrolled(error.advice()))?;
    if identity.enrolled.kind != DeviceKind::HallNode {
        let sentence =
            "这个登记码不是给大厅节点用的，请用 central enrol-code --kind node 重新要一个。";
        return Err(ServeError::NotEnrolled(sentence.to_owned()));
    }
    let line = Upstream::new(&upstream.url, identity, Arc::clone(clock));
    let line = line.map_err(|error| ServeError::NotEnrolled(format!("中心的网址不对：{error}")))?;
    Ok(Some(line))
}

async fn run_until(
    listener: TcpListener,
    app: AppState,
    standard_input: StandardInput,
) -> Result<(), ServeError> {
    let mut stopping = app.stopping();
    let service =
        axum::serve(listener, http::app(app.clone())).with_graceful_shutdown(async move {
            if let Err(error) = requested(standard_input).await {
                tracing::error!(%error, "signals cannot be watched");
            }
            app.stop();
        });
    let too_late = async move {
        // the sender lives in the service's state; without it there is nothing to wait for
        drop(stopping.wait_for(|stopping| *stopping).await);
        tokio::time::sleep(END_WITHIN).await;
    };
    tokio::select! {
        ended = service => Ok(ended?),
        () = too_late => Ok(()),
    }
}

fn say_bound(bound: SocketAddr, as_json: bool) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    if as_json {
        writeln!(
            out,
            "{}",
            serde_json::json!({ "listening": bound.to_string() })
        )?;
    } else {
        writeln!(out, "已经开始工作：http://{bound}（按 Ctrl-C 停止）")?;
    }
    out.flush()
}
