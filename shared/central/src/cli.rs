//! The command line of `central`. Results go to standard output (with `--json` exactly one JSON
//! document), progress and logs to standard error. Exit code 0: done; 1: refused or failed;
//! 2: wrong usage.

mod arguments;
mod keeping;
mod requests;

use std::ffi::OsString;
use std::io::{IsTerminal, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;

use crate::admin::{self, AdminDesk, AdminRequest, AnswerLine, Told};
use crate::config::{Config, ConfigError, Layer, MASTER_KEY_VARIABLE};
use crate::edge;
use crate::import::Progress;
use crate::serve::{self, ServeOptions, UpstreamOptions, open_store_under};
use crate::store::Marking;
use crate::vault::KeyCustody;
use sync::data_dir::{DataDir, DataDirError};

use arguments::{Arguments, DataArgument, HealthcheckArguments, ServeArguments, Verb};

/// How long a health check may take.
const HEALTHCHECK_WITHIN: Duration = Duration::from_secs(5);

/// Runs the program with its arguments, the first being its name.
#[must_use]
pub fn run(arguments: Vec<OsString>) -> ExitCode {
    let verb = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments.verb,
        Err(error) => {
            // nothing can be said when not even the terminal takes text
            drop(error.print());
            return ExitCode::from(u8::from(error.use_stderr()) * 2);
        }
    };
    log_to_stderr();
    let outcome = match verb {
        Verb::Serve(arguments) => serve(arguments).map(|()| true),
        Verb::Healthcheck(arguments) => healthcheck(&arguments).map(|()| true),
        Verb::Restore(arguments) => keeping::restore(&arguments, edge::system_clock()())
            .and_then(|told| say_told(&told, arguments.common.json)),
        Verb::RestoreDrill(arguments) => keeping::drill(&arguments, edge::system_clock()())
            .and_then(|told| say_told(&told, arguments.common.json)),
        other => requests::of_verb(other)
            .and_then(|asked| carry_out(&asked.place, asked.request, asked.says_json)),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(sentence) => {
            say_on_stderr(&sentence);
            ExitCode::FAILURE
        }
    }
}

/// A sentence for the person at the command line.
type Sentence = String;

fn serve(arguments: ServeArguments) -> Result<(), Sentence> {
    let config = config(&arguments).map_err(|error| error.to_string())?;
    let options = ServeOptions {
        data: arguments.data.data,
        config,
        upstream: arguments.upstream.map(|url| UpstreamOptions {
            url,
            enrol_code: arguments.enrol_code,
        }),
        credentials: credentials(),
        says_json: arguments.json,
        stops_with_stdin: arguments.stop_with_stdin,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| format!("运行环境起不来：{error}"))?;
    runtime
        .block_on(serve::serve(options))
        .map_err(|error| error.to_string())
}

/// File, under environment, under flags.
fn config(arguments: &ServeArguments) -> Result<Config, ConfigError> {
    let file = arguments
        .config
        .as_deref()
        .map(Layer::of_file)
        .transpose()?
        .unwrap_or_default();
    let environment = Layer::of_environment(|name| std::env::var(name).ok())?;
    let flags = Layer {
        listen: arguments.listen.clone(),
        public_url: arguments.public_url.clone(),
        allow_plain_http: arguments.allow_plain_http.then_some(true),
        backup_at: arguments.backup_at.clone(),
        backup_to: arguments.backup_to.clone(),
        master_key: arguments.data.master_key.clone(),
    };
    Config::of(flags.over(environment.over(file)))
}

fn healthcheck(arguments: &HealthcheckArguments) -> Result<(), Sentence> {
    let url = format!(
        "{}{}",
        arguments.url.trim_end_matches('/'),
        wire::api::path::HEALTH
    );
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| format!("运行环境起不来：{error}"))?;
    let answer = runtime.block_on(async {
        let client = reqwest::Client::builder()
            .timeout(HEALTHCHECK_WITHIN)
            .build()?;
        client
            .get(&url)
            .send()
            .await?
            .error_for_status()?
            .text()
            .await
    });
    match answer {
        Ok(text) if text == "ok" => say_on_stdout("ok"),
        Ok(_) => Err(format!("{url} 有回答，但不是本服务。")),
        Err(error) => Err(format!("{url} 没有正常回答：{error}")),
    }
}

/// In this process when the directory is free, else by the service that holds it.
fn carry_out(
    place: &DataArgument,
    request: AdminRequest,
    says_json: bool,
) -> Result<bool, Sentence> {
    let mut progress = ProgressLine::default();
    let mut show = |step| progress.show(step);
    let data = place.data.as_path();
    let line = match DataDir::take(data) {
        Ok(dir) => in_this_process(place, &dir, request, &mut show)?,
        Err(in_use @ DataDirError::InUse { .. }) => {
            let asked = admin::ask(data, &request, &mut show);
            let asked = asked.map_err(|error| format!("问不到正在运行的服务：{error}"))?;
            asked.ok_or_else(|| in_use.to_string())?
        }
        Err(error) => return Err(error.to_string()),
    };
    progress.end();
    match line {
        AnswerLine::Told(told) => say_told(&told, says_json),
        AnswerLine::Failed(sentence) => Err(sentence),
        AnswerLine::Progress { .. } => Err("服务没有说完就断了。".to_owned()),
    }
}

/// Whether it ended as wished.
fn say_told(told: &Told, says_json: bool) -> Result<bool, Sentence> {
    let text = told.text.trim_end();
    say_on_stdout(if says_json { &told.json } else { text })?;
    Ok(told.is_done)
}

fn in_this_process(
    place: &DataArgument,
    dir: &DataDir,
    request: AdminRequest,
    progress: &mut dyn FnMut(Progress),
) -> Result<AnswerLine, Sentence> {
    let clock = edge::system_clock();
    let store = open_store_under(custody(place)?, dir, Marking::Real, clock());
    let store = store.map_err(|error| error.to_string())?;
    let told = AdminDesk::new(store, dir.path(), clock).perform(request, progress);
    Ok(told.map_or_else(
        |error| AnswerLine::Failed(error.to_string()),
        AnswerLine::Told,
    ))
}

/// Where the master key of a data directory is: flag, over environment, over what is usual.
fn custody(place: &DataArgument) -> Result<KeyCustody, Sentence> {
    let of_environment = || std::env::var_os(MASTER_KEY_VARIABLE).map(PathBuf::from);
    let named = place.master_key.clone().or_else(of_environment);
    KeyCustody::of(&place.data, named.as_deref(), credentials().as_deref())
        .map_err(|error| error.to_string())
}

/// Where systemd puts credentials (`LoadCredential=`).
fn credentials() -> Option<PathBuf> {
    std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from)
}

/// Progress on standard error: a line that is overwritten on a terminal, else every tenth part.
#[derive(Default)]
struct ProgressLine {
    tenths_said: u64,
    is_open: bool,
}

impl ProgressLine {
    fn show(&mut self, Progress { rows_done, rows }: Progress) {
        let mut err = std::io::stderr().lock();
        // progress that nobody can read is not worth failing for
        if err.is_terminal() {
            self.is_open = true;
            drop(write!(err, "\r已处理 {rows_done} / {rows} 行"));
            return;
        }
        let tenths = (rows_done * 10).checked_div(rows).unwrap_or(10);
        if tenths > self.tenths_said {
            self.tenths_said = tenths;
            drop(writeln!(err, "已处理 {rows_done} / {rows} 行"));
        }
    }

    fn end(&self) {
        if self.is_open {
            say_on_stderr("");
        }
    }
}

fn say_on_stdout(text: &str) -> Result<(), Sentence> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}").map_err(|error| format!("写不了输出：{error}"))
}

fn say_on_stderr(text: &str) {
    // there is nowhere left to say that this failed
    drop(writeln!(std::io::stderr().lock(), "{text}"));
}

fn log_to_stderr() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("HALL_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    // the demo runs several programs' code in one process; the first one's logger stays
    drop(subscriber.try_init());
}

#[cfg(test)]
mod tests;
