//! The service in a process of its own: this program under another word. It ends with the guard,
//! by its id, and by the end of its standard input should this process die.

use std::error::Error;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use central::admin::AdminRequest;
use central::config::{BackupPlan, Config, Limits};
use central::serve::ServeOptions;
use serde_json::Value;
use wire::api::path;

use crate::Outcome;
use crate::figures::Usage;

pub(crate) const SERVE: &str = "serve";
pub(crate) const BARE: &str = "bare";

/// How many requests the service lets through.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gate {
    /// As it is delivered.
    Delivered,
    /// One address and one device may do as much as a district.
    Wide,
}

impl Gate {
    fn word(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Wide => "wide",
        }
    }
}

/// A server as a child.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Server {
    /// The service over a data directory.
    pub(crate) fn start(data: &Path, gate: Gate) -> Result<Self, Box<dyn Error>> {
        Self::spawn(&[SERVE, &data.to_string_lossy(), gate.word()])
    }

    /// A bare axum handler with a constant answer.
    pub(crate) fn start_bare() -> Result<Self, Box<dyn Error>> {
        Self::spawn(&[BARE])
    }

    fn spawn(words: &[&str]) -> Result<Self, Box<dyn Error>> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        let out = child.stdout.take().ok_or("piped above")?;
        BufReader::new(out).read_line(&mut line)?;
        let said: Value = serde_json::from_str(&line)?;
        let address = said["listening"].as_str().unwrap_or_default().parse()?;
        Ok(Self { child, address })
    }

    pub(crate) fn usage(&self) -> std::io::Result<Usage> {
        Usage::of(&self.child.id().to_string())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // it may have ended already
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Asks the service that holds `data` as its command line does.
pub(crate) fn ask(data: &Path, request: &AdminRequest) -> Result<String, Box<dyn Error>> {
    let mut stream = UnixStream::connect(data.join("admin.sock"))?;
    writeln!(stream, "{}", serde_json::to_string(request)?)?;
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer)?;
    if answer.contains("\"told\"") {
        Ok(answer)
    } else {
        Err(answer.into())
    }
}

/// The child's side of [`Server::start`].
pub(crate) fn serve(words: &[String]) -> Outcome {
    let (data, gate) = (words.first().ok_or("a folder")?, words.get(1));
    let mut config = Config {
        data: data.into(),
        listen: ([127, 0, 0, 1], 0).into(),
        backups: BackupPlan::default(),
        ..Config::default()
    };
    if gate.is_some_and(|gate| gate == Gate::Wide.word()) {
        config.limits = Limits {
            connections_max: 100_000,
            connections_per_peer_max: 100_000,
            peer_requests_per_s: 10_000_000,
            device_requests_per_s: 10_000_000,
        };
    }
    let options = ServeOptions {
        config,
        enrol_code: None,
        credentials: None,
        says_json: true,
        stops_with_stdin: true,
    };
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(central::serve::serve(options))?;
    Ok(())
}

/// The child's side of [`Server::start_bare`].
pub(crate) fn bare() -> Outcome {
    let answer = |body: Bytes| async move { format!("{{\"bytes\":{}}}", body.len()) };
    let router = Router::new().route(path::LOG, post(answer));
    std::thread::spawn(|| {
        // nothing is ever sent: this is the end of the parent
        let _ = std::io::stdin().lines().count();
        std::process::exit(0);
    });
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        println!("{{\"listening\":\"{address}\"}}");
        axum::serve(listener, router).await
    })?;
    Ok(())
}
