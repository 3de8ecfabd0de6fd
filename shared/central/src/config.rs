//! Configuration of the service: a file, overridden by the environment (`HALL_…`), overridden by
//! flags. Every value is a text until all layers are laid over each other; then all of them are
//! read at once, so that everything that is wrong is said at once. Nothing secret stands in it.

mod check;
mod keys;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use chrono::NaiveTime;
use sync::address::PlainHttp;
use thiserror::Error;

use crate::outreach::SmsConfig;
use crate::tls::TlsFiles;

pub use check::{CheckedConfig, check};
pub use keys::Key;

/// Where the service listens when nothing else is said: this machine only.
pub const LISTEN_DEFAULT: &str = "127.0.0.1:7310";
/// Where the data are when nothing else is said.
pub const DATA_DEFAULT: &str = "./data";
/// When the daily backup is made when nothing else is said, on the hall's clock.
pub const BACKUP_AT_DEFAULT: &str = "02:30";
/// The environment's say where backups go.
pub const BACKUP_TO_VARIABLE: &str = "HALL_BACKUP_TO";
/// The word that switches off what a key would switch on.
const OFF: &str = "off";

/// A configuration that cannot be used. The sentences are for the person who runs the service.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("配置文件 {path} 读不了：{reason}")]
    Unreadable {
        /// Its path.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The file has a key that does not exist.
    #[error("配置文件 {path} 里的 {name} 不是配置项，是不是写错了？")]
    UnknownKey {
        /// The file.
        path: PathBuf,
        /// As found.
        name: String,
    },
    /// A value is not what it must be.
    #[error("配置项 {name} 的值 {value:?} 不对，要填{expected}。")]
    BadValue {
        /// Its name.
        name: &'static str,
        /// As found.
        value: String,
        /// As needed, in words.
        expected: &'static str,
    },
    /// Plain HTTP beyond this machine was not asked for.
    #[error(
        "{0} 不是本机地址。明文 HTTP 会让同网的人看到内容：请配 tls_cert 和 tls_key，或者放在 HTTPS 代理后面，或者加 --allow-plain-http 明确允许。"
    )]
    PlainHttp(SocketAddr),
    /// One of two that belong together.
    #[error("tls_cert 和 tls_key 要一起写。")]
    HalfOfTls,
    /// A file that is named cannot be used.
    #[error("{0}")]
    File(String),
}

/// Where a value comes from; the later ones lie over the earlier ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// Built in.
    Default,
    /// The file.
    File,
    /// The environment.
    Environment,
    /// The command line.
    Flag,
}

impl Source {
    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Default => "默认",
            Self::File => "配置文件",
            Self::Environment => "环境变量",
            Self::Flag => "命令行",
        }
    }

    /// For programs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::File => "file",
            Self::Environment => "environment",
            Self::Flag => "flag",
        }
    }
}

/// What the layers say, the highest of each key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layers {
    said: BTreeMap<Key, (Source, String)>,
    faults: Vec<ConfigError>,
}

impl Layers {
    /// Lays a value over what is there, if it comes from a higher layer.
    pub fn say(&mut self, key: Key, source: Source, value: impl Into<String>) {
        if self
            .said
            .get(&key)
            .is_none_or(|(known, _)| *known <= source)
        {
            self.said.insert(key, (source, value.into()));
        }
    }

    /// The layer of a file. What is wrong with it is kept for [`Config::of`].
    pub fn say_file(&mut self, path: &Path) {
        let read = std::fs::read_to_string(path).map_err(|error| error.to_string());
        let table = read.and_then(|text| {
            text.parse()
                .map_err(|error: toml::de::Error| error.to_string())
        });
        let table: toml::Table = match table {
            Ok(table) => table,
            Err(reason) => {
                let path = path.to_owned();
                return self.faults.push(ConfigError::Unreadable { path, reason });
            }
        };
        for (name, value) in table {
            let Some(key) = Key::of_name(&name) else {
                let path = path.to_owned();
                self.faults.push(ConfigError::UnknownKey { path, name });
                continue;
            };
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            self.say(key, Source::File, text);
        }
    }

    /// The layer of the environment, given as a look-up.
    pub fn say_environment(&mut self, variable: impl Fn(&str) -> Option<String>) {
        for key in Key::ALL {
            if let Some(value) = variable(&key.variable()) {
                self.say(key, Source::Environment, value);
            }
        }
    }

    /// What holds for a key, and why.
    #[must_use]
    pub fn value(&self, key: Key) -> (Source, &str) {
        let said = self.said.get(&key);
        said.map_or((Source::Default, key.default_text()), |(source, text)| {
            (*source, text)
        })
    }
}

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON document per line.
    Json,
}

/// What a peer may take of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most connections in all.
    pub connections_max: usize,
    /// Most connections of one address.
    pub connections_per_peer_max: usize,
    /// Most requests per second of one address, on average; twice as many at once.
    pub peer_requests_per_s: u32,
    /// Most requests per second of one device, on average; twice as many at once.
    pub device_requests_per_s: u32,
}

/// The centre of a hall node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpstreamConfig {
    /// Its address.
    pub url: String,
    /// The authority of its certificate; absent = the copy kept since the enrolment.
    pub authority: Option<PathBuf>,
    /// Whether plain HTTP may leave this machine.
    pub plain_http: PlainHttp,
}

/// The daily backup.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BackupPlan {
    /// When, on the hall's clock; `None` = never by itself.
    pub at: Option<NaiveTime>,
    /// Where; `None` = beside the data directory.
    pub folder: Option<PathBuf>,
}

/// What holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Folder of the data.
    pub data: PathBuf,
    /// Address and port.
    pub listen: SocketAddr,
    /// Where citizens' phones reach the public pages, without a slash at the end. Empty = the
    /// address that was bound.
    pub public_url: String,
    /// The centre, when this is a hall node.
    pub upstream: Option<UpstreamConfig>,
    /// The daily backup.
    pub backups: BackupPlan,
    /// The file with the master key, outside the data directory. `None` = systemd's credential, or
    /// beside the data directory.
    pub master_key_file: Option<PathBuf>,
    /// The SMS gateway, if there is one.
    pub sms: Option<SmsConfig>,
    /// HTTPS, if it is configured.
    pub tls: Option<TlsFiles>,
    /// Where the metrics are, if anywhere.
    pub metrics_listen: Option<SocketAddr>,
    /// How a log line looks.
    pub log_format: LogFormat,
    /// Least level that is logged, as `HALL_LOG` takes it.
    pub log_level: String,
    /// Least free space of the data's disk with which the service is ready, in bytes.
    pub disk_free_bytes_min: u64,
    /// Bounds for peers.
    pub limits: Limits,
}

/// What holds when no layer says anything.
impl Default for Config {
    fn default() -> Self {
        Self::of(&Layers::default()).expect("the built-in values, because a test reads them")
    }
}

impl Config {
    /// What all layers together say.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn of(layers: &Layers) -> Result<Self, Vec<ConfigError>> {
        let mut reading = Reading {
            layers,
            faults: layers.faults.clone(),
        };
        let config = reading.config();
        match config {
            Some(config) if reading.faults.is_empty() => Ok(config),
            _ => Err(reading.faults),
        }
    }
}

/// Goes through all keys and keeps what is wrong on the way.
struct Reading<'l> {
    layers: &'l Layers,
    faults: Vec<ConfigError>,
}

impl Reading<'_> {
    fn config(&mut self) -> Option<Config> {
        let (allow_plain_http, tls) = (self.flag(Key::AllowPlainHttp), self.tls());
        let listen: Option<SocketAddr> = self.read(
            Key::Listen,
            "地址和端口，例如 127.0.0.1:7310",
            |text| text.parse().ok(),
        );
        let metrics_listen = self.read(Key::MetricsListen, "地址和端口，或者 off", |text| {
            if text == OFF {
                Some(None)
            } else {
                text.parse().ok().map(Some)
            }
        });
        let plain = [listen.filter(|_| tls.is_none()), metrics_listen.flatten()];
        for address in plain.into_iter().flatten() {
            if !address.ip().is_loopback() && allow_plain_http == Some(false) {
                self.faults.push(ConfigError::PlainHttp(address));
            }
        }
        let public_url = self.public_url();
        let backups = self.backups();
        let log_format = self.read(Key::LogFormat, " text 或 json", |text| match text {
            "text" => Some(LogFormat::Text),
            "json" => Some(LogFormat::Json),
            _ => None,
        });
        let log_level = self.read(
            Key::LogLevel,
            " error、warn、info、debug 之类",
            |text| {
                let is_filter = tracing_subscriber::EnvFilter::try_new(text).is_ok();
                is_filter.then(|| text.to_owned())
            },
        );
        let disk_free_mib_min = self.number(Key::DiskFreeMibMin);
        let limits = self.limits();
        Some(Config {
            data: PathBuf::from(self.layers.value(Key::Data).1),
            listen: listen?,
            public_url: public_url?,
            upstream: self.upstream(allow_plain_http?),
            backups: backups?,
            master_key_file: self.path(Key::MasterKeyFile),
            sms: self.sms(allow_plain_http?),
            tls,
            metrics_listen: metrics_listen?,
            log_format: log_format?,
            log_level: log_level?,
            disk_free_bytes_min: u64::from(disk_free_mib_min?) << 20,
            limits: limits?,
        })
    }

    fn read<T>(
        &mut self,
        key: Key,
        expected: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let (_, text) = self.layers.value(key);
        let value = read(text);
        if value.is_none() {
            let (name, value) = (key.name(), text.to_owned());
            self.faults.push(ConfigError::BadValue {
                name,
                value,
                expected,
            });
        }
        value
    }

    fn flag(&mut self, key: Key) -> Option<bool> {
        self.read(key, " true 或 false", |text| match text {
            "1" | "true" => Some(true),
            "0" | "false" => Some(false),
            _ => None,
        })
    }

    fn number(&mut self, key: Key) -> Option<u32> {
        self.read(key, "正整数", |text| {
            text.parse().ok().filter(|number| *number > 0)
        })
    }

    fn limits(&mut self) -> Option<Limits> {
        let connections_max = self.number(Key::ConnectionsMax);
        let connections_per_peer_max = self.number(Key::ConnectionsPerPeerMax);
        let peer_requests_per_s = self.number(Key::PeerRequestsPerS);
        let device_requests_per_s = self.number(Key::DeviceRequestsPerS);
        Some(Limits {
            connections_max: usize::try_from(connections_max?).ok()?,
            connections_per_peer_max: usize::try_from(connections_per_peer_max?).ok()?,
            peer_requests_per_s: peer_requests_per_s?,
            device_requests_per_s: device_requests_per_s?,
        })
    }

    fn tls(&mut self) -> Option<TlsFiles> {
        let [certificate, key] = [Key::TlsCert, Key::TlsKey].map(|key| self.layers.value(key).1);
        match (certificate.is_empty(), key.is_empty()) {
            (true, true) => None,
            (false, false) => Some(TlsFiles {
                certificate: certificate.into(),
                key: key.into(),
            }),
            _ => {
                self.faults.push(ConfigError::HalfOfTls);
                None
            }
        }
    }

    fn upstream(&self, allow_plain_http: bool) -> Option<UpstreamConfig> {
        let url = self.layers.value(Key::Upstream).1;
        (!url.is_empty()).then(|| UpstreamConfig {
            url: url.to_owned(),
            authority: self.path(Key::UpstreamCa),
            plain_http: PlainHttp::by_flag(allow_plain_http),
        })
    }

    /// What is wrong with it is said by [`Gateway::open`](crate::outreach::Gateway::open).
    fn sms(&self, allow_plain_http: bool) -> Option<SmsConfig> {
        let text = |key| self.layers.value(key).1.to_owned();
        let url = text(Key::SmsUrl);
        (!url.is_empty()).then(|| SmsConfig {
            url,
            method: text(Key::SmsMethod),
            headers: text(Key::SmsHeaders),
            body: text(Key::SmsBody),
            success: text(Key::SmsSuccess),
            secret_file: self.path(Key::SmsSecretFile),
            authority: self.path(Key::SmsCa),
            plain_http: PlainHttp::by_flag(allow_plain_http),
        })
    }

    fn backups(&mut self) -> Option<BackupPlan> {
        let expected = "几点几分，例如 02:30，或者 off（不自动备份）";
        let at = self.read(Key::BackupAt, expected, |text| match text {
            OFF => Some(None),
            text => NaiveTime::parse_from_str(text, "%H:%M").ok().map(Some),
        });
        let folder = self.path(Key::BackupTo);
        Some(BackupPlan { at: at?, folder })
    }

    fn path(&self, key: Key) -> Option<PathBuf> {
        let path = self.layers.value(key).1;
        (!path.is_empty()).then(|| path.into())
    }

    fn public_url(&mut self) -> Option<String> {
        self.read(
            Key::PublicUrl,
            "网址，例如 https://jy.example.cn",
            |text| {
                let text = text.trim_end_matches('/');
                let is_url = text.starts_with("http://") || text.starts_with("https://");
                (text.is_empty() || is_url).then(|| text.to_owned())
            },
        )
    }
}

#[cfg(test)]
mod tests;
