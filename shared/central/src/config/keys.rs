//! The closed list of what can be configured: one line per key, from which the file, the
//! environment (`HALL_…`), the flags and the sample deployment all take their names.

/// A key of the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// Folder of the data.
    Data,
    /// Address and port of the service.
    Listen,
    /// Where citizens' phones reach the public pages.
    PublicUrl,
    /// Whether plain HTTP may leave this machine.
    AllowPlainHttp,
    /// The centre, when this is a hall node.
    Upstream,
    /// The authority of the centre's certificate.
    UpstreamCa,
    /// Certificate file.
    TlsCert,
    /// Key file.
    TlsKey,
    /// When the daily backup is made, or `off`.
    BackupAt,
    /// Where backups go.
    BackupTo,
    /// The file with the master key of personal data.
    MasterKeyFile,
    /// The address of the SMS gateway.
    SmsUrl,
    /// `POST` or `GET`.
    SmsMethod,
    /// Its headers, a line each.
    SmsHeaders,
    /// The body of a message.
    SmsBody,
    /// By what an answer is known as success.
    SmsSuccess,
    /// The file with the gateway's secret.
    SmsSecretFile,
    /// The authorities of the gateway's certificate.
    SmsCa,
    /// Address and port of the metrics, or `off`.
    MetricsListen,
    /// `text` or `json`.
    LogFormat,
    /// Least level that is logged.
    LogLevel,
    /// Least free space of the data's disk, in MiB, with which the service is ready.
    DiskFreeMibMin,
    /// Most connections in all.
    ConnectionsMax,
    /// Most connections of one address.
    ConnectionsPerPeerMax,
    /// Most requests per second of one address.
    PeerRequestsPerS,
    /// Most requests per second of one device.
    DeviceRequestsPerS,
}

impl Key {
    /// All keys, in the order of the sample file.
    pub const ALL: [Self; 26] = [
        Self::Data,
        Self::Listen,
        Self::PublicUrl,
        Self::AllowPlainHttp,
        Self::Upstream,
        Self::UpstreamCa,
        Self::TlsCert,
        Self::TlsKey,
        Self::BackupAt,
        Self::BackupTo,
        Self::MasterKeyFile,
        Self::SmsUrl,
        Self::SmsMethod,
        Self::SmsHeaders,
        Self::SmsBody,
        Self::SmsSuccess,
        Self::SmsSecretFile,
        Self::SmsCa,
        Self::MetricsListen,
        Self::LogFormat,
        Self::LogLevel,
        Self::DiskFreeMibMin,
        Self::ConnectionsMax,
        Self::ConnectionsPerPeerMax,
        Self::PeerRequestsPerS,
        Self::DeviceRequestsPerS,
    ];

    /// Its name in the file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Listen => "listen",
            Self::PublicUrl => "public_url",
            Self::AllowPlainHttp => "allow_plain_http",
            Self::Upstream => "upstream",
            Self::UpstreamCa => "upstream_ca",
            Self::TlsCert => "tls_cert",
            Self::TlsKey => "tls_key",
            Self::BackupAt => "backup_at",
            Self::BackupTo => "backup_to",
            Self::MasterKeyFile => "master_key_file",
            Self::SmsUrl => "sms_url",
            Self::SmsMethod => "sms_method",
            Self::SmsHeaders => "sms_headers",
            Self::SmsBody => "sms_body",
            Self::SmsSuccess => "sms_success",
            Self::SmsSecretFile => "sms_secret_file",
            Self::SmsCa => "sms_ca",
            Self::MetricsListen => "metrics_listen",
            Self::LogFormat => "log_format",
            Self::LogLevel => "log_level",
            Self::DiskFreeMibMin => "disk_free_mib_min",
            Self::ConnectionsMax => "connections_max",
            Self::ConnectionsPerPeerMax => "connections_per_peer_max",
            Self::PeerRequestsPerS => "peer_requests_per_s",
            Self::DeviceRequestsPerS => "device_requests_per_s",
        }
    }

    /// What holds when no layer says anything; empty = nothing.
    #[must_use]
    pub fn default_text(self) -> &'static str {
        match self {
            Self::Data => super::DATA_DEFAULT,
            Self::Listen => super::LISTEN_DEFAULT,
            Self::PublicUrl
            | Self::Upstream
            | Self::UpstreamCa
            | Self::TlsCert
            | Self::TlsKey
            | Self::BackupTo
            | Self::MasterKeyFile
            | Self::SmsUrl
            | Self::SmsSuccess
            | Self::SmsSecretFile
            | Self::SmsCa => "",
            Self::SmsMethod => "POST",
            Self::SmsHeaders => "content-type: application/json",
            Self::SmsBody => r#"{"id":"{id}","phone":"{phone}","text":"{text}"}"#,
            Self::BackupAt => super::BACKUP_AT_DEFAULT,
            Self::AllowPlainHttp => "false",
            Self::MetricsListen => "off",
            Self::LogFormat => "text",
            Self::LogLevel => "warn",
            Self::DiskFreeMibMin => "256",
            Self::ConnectionsMax => "4096",
            Self::ConnectionsPerPeerMax => "512",
            Self::PeerRequestsPerS => "2000",
            Self::DeviceRequestsPerS => "200",
        }
    }

    /// Its name in the environment.
    #[must_use]
    pub fn variable(self) -> String {
        format!("HALL_{}", self.name().to_ascii_uppercase())
    }

    /// The key of a name in the file.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.name() == name)
    }
}
