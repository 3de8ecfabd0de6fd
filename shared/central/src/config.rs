//! Configuration of the service: a file, overridden by the environment (`HALL_…`), overridden by
//! flags. Nothing secret stands in it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use chrono::NaiveTime;
use serde::Deserialize;
use thiserror::Error;

/// Where the service listens when nothing else is said: this machine only.
pub const LISTEN_DEFAULT: &str = "127.0.0.1:7310";
/// Where the data are when nothing else is said.
pub const DATA_DEFAULT: &str = "./data";
/// When the daily backup is made when nothing else is said, on the hall's clock.
pub const BACKUP_AT_DEFAULT: &str = "02:30";
/// The word that switches the daily backup off.
const BACKUP_OFF: &str = "off";
/// The environment's say where backups go.
pub const BACKUP_TO_VARIABLE: &str = "HALL_BACKUP_TO";
/// The environment's word for the file with the master key.
pub const MASTER_KEY_VARIABLE: &str = "HALL_MASTER_KEY_FILE";

/// A configuration that cannot be used. The sentences are for the person who runs the service.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("配置文件 {path} 读不了：{reason}")]
    Unreadable {
        /// Its path.
        path: PathBuf,
        /// Why.
        reason: String,
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
        "{0} 不是本机地址。明文 HTTP 会让同网的人看到内容：请放在 HTTPS 代理后面，或者加 --allow-plain-http 明确允许。"
    )]
    PlainHttp(SocketAddr),
}

/// One layer; what it leaves out, the layer below says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layer {
    /// Address and port.
    pub listen: Option<String>,
    /// Where citizens' phones reach the public pages.
    pub public_url: Option<String>,
    /// Whether plain HTTP may leave this machine.
    pub allow_plain_http: Option<bool>,
    /// When the daily backup is made: `02:30`, or `off`.
    pub backup_at: Option<String>,
    /// Where backups go.
    pub backup_to: Option<PathBuf>,
    /// The file with the master key, outside the data directory.
    pub master_key: Option<PathBuf>,
}

/// The daily backup. The default is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BackupPlan {
    /// When, on the hall's clock; `None` when it is switched off.
    pub at: Option<NaiveTime>,
    /// Where to; `None` = beside the data directory.
    pub folder: Option<PathBuf>,
}

impl BackupPlan {
    fn of(at: Option<String>, folder: Option<PathBuf>) -> Result<Self, ConfigError> {
        let at = at.unwrap_or_else(|| BACKUP_AT_DEFAULT.to_owned());
        let at = if at == BACKUP_OFF {
            None
        } else {
            let time = NaiveTime::parse_from_str(&at, "%H:%M");
            Some(time.map_err(|_| ConfigError::BadValue {
                name: "backup_at",
                value: at,
                expected: "几点几分，例如 02:30，或者 off（不自动备份）",
            })?)
        };
        Ok(Self { at, folder })
    }
}

/// What holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Address and port.
    pub listen: SocketAddr,
    /// Where citizens' phones reach the public pages, without a slash at the end. Empty = the
    /// address that was bound.
    pub public_url: String,
    /// The daily backup.
    pub backups: BackupPlan,
    /// The file with the master key. `None` = systemd's credential, or beside the data directory.
    pub master_key: Option<PathBuf>,
}

impl Layer {
    /// The layer of a file.
    ///
    /// # Errors
    /// [`ConfigError::Unreadable`].
    pub fn of_file(path: &Path) -> Result<Self, ConfigError> {
        let unreadable = |reason: String| ConfigError::Unreadable {
            path: path.to_owned(),
            reason,
        };
        let text = std::fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
        toml::from_str(&text).map_err(|error| unreadable(error.to_string()))
    }

    /// The layer of the environment, given as a look-up.
    ///
    /// # Errors
    /// [`ConfigError::BadValue`].
    pub fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let allow_plain_http = match variable("HALL_ALLOW_PLAIN_HTTP").as_deref() {
            None => None,
            Some("1" | "true") => Some(true),
            Some("0" | "false") => Some(false),
            Some(value) => {
                let (name, value) = ("HALL_ALLOW_PLAIN_HTTP", value.to_owned());
                return Err(ConfigError::BadValue {
                    name,
                    value,
                    expected: " 1 或 0",
                });
            }
        };
        Ok(Self {
            listen: variable("HALL_LISTEN"),
            public_url: variable("HALL_PUBLIC_URL"),
            allow_plain_http,
            backup_at: variable("HALL_BACKUP_AT"),
            backup_to: variable(BACKUP_TO_VARIABLE).map(PathBuf::from),
            master_key: variable(MASTER_KEY_VARIABLE).map(PathBuf::from),
        })
    }

    /// This layer over `below`.
    #[must_use]
    pub fn over(self, below: Self) -> Self {
        Self {
            listen: self.listen.or(below.listen),
            public_url: self.public_url.or(below.public_url),
            allow_plain_http: self.allow_plain_http.or(below.allow_plain_http),
            backup_at: self.backup_at.or(below.backup_at),
            backup_to: self.backup_to.or(below.backup_to),
            master_key: self.master_key.or(below.master_key),
        }
    }
}

impl Config {
    /// What all layers together say.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn of(layers: Layer) -> Result<Self, ConfigError> {
        let listen_text = layers.listen.unwrap_or_else(|| LISTEN_DEFAULT.to_owned());
        let listen: SocketAddr = listen_text.parse().map_err(|_| ConfigError::BadValue {
            name: "listen",
            value: listen_text,
            expected: "地址和端口，例如 127.0.0.1:7310",
        })?;
        if !listen.ip().is_loopback() && !layers.allow_plain_http.unwrap_or(false) {
            return Err(ConfigError::PlainHttp(listen));
        }
        let public_url = layers.public_url.unwrap_or_default();
        let public_url = public_url.trim_end_matches('/').to_owned();
        let is_url = public_url.starts_with("http://") || public_url.starts_with("https://");
        if !public_url.is_empty() && !is_url {
            let expected = "网址，例如 https://jy.example.cn";
            return Err(ConfigError::BadValue {
                name: "public_url",
                value: public_url,
                expected,
            });
        }
        let backups = BackupPlan::of(layers.backup_at, layers.backup_to)?;
        Ok(Self {
            listen,
            public_url,
            backups,
            master_key: layers.master_key,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(listen: Option<&str>, public_url: Option<&str>) -> Layer {
        Layer {
            listen: listen.map(str::to_owned),
            public_url: public_url.map(str::to_owned),
            ..Layer::default()
        }
    }

    #[test]
    fn a_flag_is_over_the_environment_and_that_over_the_file() {
        let file = layer(Some("127.0.0.1:1"), Some("http://file"));
        let environment =
            Layer::of_environment(|name| (name == "HALL_LISTEN").then(|| "127.0.0.1:2".into()));
        let flag = layer(None, Some("http://flag/"));
        let config = Config::of(flag.over(environment.unwrap().over(file))).unwrap();
        assert_eq!(config.listen.port(), 2);
        assert_eq!(config.public_url, "http://flag");
    }

    #[test]
    fn plain_http_beyond_this_machine_must_be_asked_for() {
        let open = layer(Some("0.0.0.0:7310"), None);
        assert!(matches!(
            Config::of(open.clone()),
            Err(ConfigError::PlainHttp(_))
        ));
        let allowed = Layer {
            allow_plain_http: Some(true),
            ..open
        };
        assert!(Config::of(allowed).is_ok());
        assert_eq!(
            Config::of(Layer::default()).unwrap().listen.to_string(),
            LISTEN_DEFAULT
        );
    }

    #[test]
    fn the_daily_backup_has_an_hour_unless_it_is_switched_off_by_name() {
        let at = |text: Option<&str>| {
            let layer = Layer {
                backup_at: text.map(str::to_owned),
                ..Layer::default()
            };
            Config::of(layer).map(|config| config.backups.at)
        };
        assert_eq!(at(None).unwrap(), NaiveTime::from_hms_opt(2, 30, 0));
        assert_eq!(
            at(Some("23:05")).unwrap(),
            NaiveTime::from_hms_opt(23, 5, 0)
        );
        assert_eq!(at(Some("off")).unwrap(), None);
        assert!(at(Some("never")).is_err());
    }

    #[test]
    fn a_misspelt_key_of_the_file_is_said() {
        assert!(toml::from_str::<Layer>("lisen = '127.0.0.1:1'").is_err());
    }
}
