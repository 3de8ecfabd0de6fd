//! HTTPS of the service: TLS 1.2 and 1.3 by rustls, with the certificate and key of two PEM files.
//! The files are read again when they change, so that a renewal needs no restart; files that do
//! not fit together are said in the log and the certificate in use stays. Devices are known by
//! their signatures, so no client certificate is asked for.

pub mod authority;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, RwLock};
use std::time::{Duration, SystemTime};

use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::version::{TLS12, TLS13};
use thiserror::Error;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// How often the files are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// A certificate that cannot be used. The sentences are for the person who runs the service.
#[derive(Debug, Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("{path} 读不了：{reason}")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The files do not fit together, or are no certificate and key.
    #[error("证书 {certificate} 和私钥 {key} 用不了：{reason}")]
    Unusable {
        /// The certificate's file.
        certificate: PathBuf,
        /// The key's file.
        key: PathBuf,
        /// Why.
        reason: String,
    },
}

/// Where certificate and key are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate, then those that lead to the authority (PEM).
    pub certificate: PathBuf,
    /// Its private key (PEM).
    pub key: PathBuf,
}

impl TlsFiles {
    /// Reads both and checks that they belong together.
    ///
    /// # Errors
    /// [`TlsError`].
    pub fn read(&self) -> Result<CertifiedKey, TlsError> {
        let unreadable = |path: &Path, error: rustls::pki_types::pem::Error| {
            let (path, reason) = (path.to_owned(), error.to_string());
            TlsError::Unreadable { path, reason }
        };
        let chain = CertificateDer::pem_file_iter(&self.certificate)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|error| unreadable(&self.certificate, error))?;
        let key = PrivateKeyDer::from_pem_file(&self.key);
        let key = key.map_err(|error| unreadable(&self.key, error))?;
        CertifiedKey::from_der(chain, key, &provider()).map_err(|error| TlsError::Unusable {
            certificate: self.certificate.clone(),
            key: self.key.clone(),
            reason: error.to_string(),
        })
    }

    fn changed_at(&self) -> [Option<SystemTime>; 2] {
        [&self.certificate, &self.key].map(|path| {
            let metadata = std::fs::metadata(path);
            metadata.and_then(|metadata| metadata.modified()).ok()
        })
    }
}

/// The certificate in use.
#[derive(Debug)]
pub struct ServerCertificate {
    files: TlsFiles,
    in_use: RwLock<Arc<CertifiedKey>>,
    read_at: Mutex<[Option<SystemTime>; 2]>,
}

impl ServerCertificate {
    /// Reads the files for the first time.
    ///
    /// # Errors
    /// [`TlsError`].
    pub fn load(files: TlsFiles) -> Result<Arc<Self>, TlsError> {
        let read_at = Mutex::new(files.changed_at());
        let in_use = RwLock::new(Arc::new(files.read()?));
        Ok(Arc::new(Self {
            files,
            in_use,
            read_at,
        }))
    }

    /// Reads the files again; new connections get what stands in them.
    ///
    /// # Errors
    /// [`TlsError`]; the certificate in use stays.
    pub fn reload(&self) -> Result<(), TlsError> {
        *self.read_at.lock().expect(LOCK) = self.files.changed_at();
        let fresh = Arc::new(self.files.read()?);
        *self.in_use.write().expect(LOCK) = fresh;
        Ok(())
    }

    /// What connections are accepted with.
    ///
    /// # Panics
    /// Never: ring knows both versions.
    #[must_use]
    pub fn server_config(self: &Arc<Self>) -> Arc<ServerConfig> {
        let config = ServerConfig::builder_with_provider(provider())
            .with_protocol_versions(&[&TLS13, &TLS12])
            .expect("both versions, because ring has cipher suites for them")
            .with_no_client_auth()
            .with_cert_resolver(Arc::<Self>::clone(self));
        Arc::new(config)
    }

    /// Reads the files again on SIGHUP and when they have changed, until the service stops.
    ///
    /// # Errors
    /// When the system lets no signals be watched.
    pub async fn follow(&self, mut stopping: watch::Receiver<bool>) -> std::io::Result<()> {
        let mut hang_up = signal(SignalKind::hangup())?;
        let mut look = tokio::time::interval(LOOK_EVERY);
        loop {
            let is_asked = tokio::select! {
                _ = stopping.wait_for(|stopping| *stopping) => return Ok(()),
                _ = hang_up.recv() => true,
                _ = look.tick() => false,
            };
            let has_changed = *self.read_at.lock().expect(LOCK) != self.files.changed_at();
            if !is_asked && !has_changed {
                continue;
            }
            match self.reload() {
                Ok(()) => tracing::info!("the certificate was read again"),
                Err(error) => tracing::error!(%error, "the certificate in use stays"),
            }
        }
    }
}

const LOCK: &str = "the certificate's lock, because no holder panics";

impl ResolvesServerCert for ServerCertificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.in_use.read().expect(LOCK)))
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}
