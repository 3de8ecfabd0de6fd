//! Where `central` is and how it is known to be itself. Over HTTPS a device trusts exactly one
//! certificate authority, which it is given and keeps in its data directory; the operating
//! system's list of authorities is never asked. Plain HTTP stays on this machine unless its owner
//! allows it by name.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, RootCertStore};
use thiserror::Error;

use crate::identity::{self, IdentityError};

const CONNECT_MS_MAX: Duration = Duration::from_secs(3);
/// Idle connections are given up before the server closes them, so that no request meets a
/// connection that is just being closed.
const IDLE_KEPT: Duration = Duration::from_secs(15);

/// An address that a device may not use. The sentences are for the installer.
#[derive(Debug, Error)]
pub enum AddressError {
    /// It is no web address.
    #[error("{text} 不是中心的网址，应当像 https://10.0.0.2:7310 。")]
    Malformed {
        /// As given.
        text: String,
    },
    /// Plain HTTP to another machine was not asked for.
    #[error(
        "{url} 是另一台机器的明文 HTTP 地址，同网的人看得到内容。请用 https:// 加 --central-ca，或者加 --allow-plain-http 明确允许。"
    )]
    PlainHttp {
        /// As given.
        url: Url,
    },
    /// Nothing to check the certificate with.
    #[error("{url} 要用 --central-ca 指定签发证书的 CA 文件（ca.pem），第一次启动时给一次就行。")]
    AuthorityMissing {
        /// As given.
        url: Url,
    },
    /// The authority's file cannot be read.
    #[error("CA 文件 {path} 读不了：{source}")]
    AuthorityUnreadable {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The authority's file has no usable certificate.
    #[error("CA 文件里没有能用的证书（PEM）：{reason}")]
    AuthorityDamaged {
        /// What is wrong.
        reason: String,
    },
    /// The device's own copy cannot be read.
    #[error("登记时保存的 CA 文件读不了：{0}")]
    Stored(#[from] IdentityError),
    /// The HTTP client cannot be built.
    #[error("网络部件起不来：{reason}")]
    Client {
        /// What it said.
        reason: String,
    },
}

/// Whether plain HTTP may leave this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PlainHttp {
    /// No.
    #[default]
    OnThisMachine,
    /// Yes: the owner said so by name.
    Anywhere,
}

impl PlainHttp {
    /// As the flag `--allow-plain-http` says.
    #[must_use]
    pub fn by_flag(allow_plain_http: bool) -> Self {
        if allow_plain_http {
            Self::Anywhere
        } else {
            Self::OnThisMachine
        }
    }
}

/// The address of `central` with what it takes to trust it.
#[derive(Debug, Clone)]
pub struct CentralAddress {
    url: Url,
    authority: Option<Authority>,
}

/// The one certificate authority.
#[derive(Debug, Clone)]
struct Authority {
    pem: String,
    roots: Arc<RootCertStore>,
}

impl CentralAddress {
    /// An address with the authority's certificate (PEM), which HTTPS needs.
    ///
    /// # Errors
    /// [`AddressError`].
    pub fn new(
        text: &str,
        authority_pem: Option<String>,
        plain: PlainHttp,
    ) -> Result<Self, AddressError> {
        let malformed = || AddressError::Malformed { text: text.into() };
        let url = Url::parse(text).map_err(|_| malformed())?;
        let authority = authority_pem.map(Authority::read).transpose()?;
        match url.scheme() {
            "https" if authority.is_none() => Err(AddressError::AuthorityMissing { url }),
            "http" if plain == PlainHttp::OnThisMachine && !is_this_machine(&url) => {
                Err(AddressError::PlainHttp { url })
            }
            "http" | "https" if url.has_host() => Ok(Self { url, authority }),
            _ => Err(malformed()),
        }
    }

    /// The address for the device whose data are in `dir`: the authority is the given file, or
    /// else the copy that the enrolment left there.
    ///
    /// # Errors
    /// [`AddressError`].
    pub fn of_device(
        text: &str,
        dir: &Path,
        authority_file: Option<&Path>,
        plain: PlainHttp,
    ) -> Result<Self, AddressError> {
        let authority = match authority_file {
            Some(path) => Some(read_authority(path)?),
            None => identity::load_authority(dir)?,
        };
        Self::new(text, authority, plain)
    }

    /// The address itself.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The authority's certificate, to be kept with the device's data.
    #[must_use]
    pub fn authority_pem(&self) -> Option<&str> {
        self.authority.as_ref().map(|it| it.pem.as_str())
    }

    /// An HTTP client that trusts this address's authority and nothing else, asks no proxy and
    /// follows no redirection.
    ///
    /// # Errors
    /// [`AddressError::Client`].
    pub fn http(&self) -> Result<reqwest::Client, AddressError> {
        let roots = self.authority.as_ref().map(|it| Arc::clone(&it.roots));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let unusable = |reason: String| AddressError::Client { reason };
        let tls = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&TLS13, &TLS12])
            .map_err(|error| unusable(error.to_string()))?
            .with_root_certificates(roots.unwrap_or_else(|| Arc::new(RootCertStore::empty())))
            .with_no_client_auth();
        reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .connect_timeout(CONNECT_MS_MAX)
            .pool_idle_timeout(IDLE_KEPT)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| unusable(error.to_string()))
    }
}

/// An address on this machine, without an authority.
impl FromStr for CentralAddress {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        Self::new(text, None, PlainHttp::OnThisMachine)
    }
}

impl Authority {
    fn read(pem: String) -> Result<Self, AddressError> {
        let damaged = |reason: String| AddressError::AuthorityDamaged { reason };
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
            let certificate = certificate.map_err(|error| damaged(error.to_string()))?;
            let added = roots.add(certificate);
            added.map_err(|error| damaged(error.to_string()))?;
        }
        if roots.is_empty() {
            return Err(damaged("一张证书也没有".to_owned()));
        }
        let roots = Arc::new(roots);
        Ok(Self { pem, roots })
    }
}

/// Reads an authority's file.
///
/// # Errors
/// [`AddressError::AuthorityUnreadable`].
pub fn read_authority(path: &Path) -> Result<String, AddressError> {
    std::fs::read_to_string(path).map_err(|source| AddressError::AuthorityUnreadable {
        path: path.to_owned(),
        source,
    })
}

fn is_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address: Result<IpAddr, _> = host.trim_matches(['[', ']']).parse();
    address.map_or(host == "localhost", |address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_to_another_machine_must_be_allowed_by_name() {
        for here in [
            "http://127.0.0.1:1",
            "http://[::1]:1",
            "http://localhost:1",
            "http://127.9.9.9",
        ] {
            here.parse::<CentralAddress>().unwrap();
        }
        for elsewhere in [
            "http://10.0.0.2:7310",
            "http://hall.example",
            "http://[2001:db8::1]/",
        ] {
            let refused = elsewhere.parse::<CentralAddress>().unwrap_err();
            assert!(
                matches!(refused, AddressError::PlainHttp { .. }),
                "{elsewhere}"
            );
            CentralAddress::new(elsewhere, None, PlainHttp::Anywhere).unwrap();
        }
    }

    #[test]
    fn https_needs_an_authority_that_holds_a_certificate() {
        let https = "https://10.0.0.2:7310";
        let refused = https.parse::<CentralAddress>().unwrap_err();
        assert!(matches!(refused, AddressError::AuthorityMissing { .. }));
        let refused = CentralAddress::new(https, Some("no pem".into()), PlainHttp::OnThisMachine);
        assert!(matches!(
            refused,
            Err(AddressError::AuthorityDamaged { .. })
        ));
        for text in ["ftp://127.0.0.1", "10.0.0.2:7310", ""] {
            let refused = text.parse::<CentralAddress>().unwrap_err();
            assert!(matches!(refused, AddressError::Malformed { .. }), "{text}");
        }
    }
}
