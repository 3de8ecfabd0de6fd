//! The hall's own certificate authority, for halls without one: a folder with the authority's
//! certificate (`ca.pem`, which every device is given) and its key (`ca.key`, which stays where it
//! is and is needed only to issue). Nothing is ever overwritten: a renewal goes to a new folder
//! and is put in place by a person.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use chrono::{Datelike, Days, NaiveDate};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, SerialNumber, date_time_ymd,
};
use thiserror::Error;

use crate::edge;

/// The authority's certificate.
pub const AUTHORITY_FILE: &str = "ca.pem";
const AUTHORITY_KEY_FILE: &str = "ca.key";
/// A server's certificate.
pub const CERTIFICATE_FILE: &str = "server.pem";
/// A server's key.
pub const KEY_FILE: &str = "server.key";
/// How long an authority holds: longer than the machines that trust it.
const AUTHORITY_DAYS: u64 = 3_650;
/// How long a server's certificate holds; 398 days is what browsers take at most.
const CERTIFICATE_DAYS: u64 = 397;
/// Renewal is due so long before the end.
const RENEW_DAYS_BEFORE: u64 = 30;

/// A certificate that was not made. The sentences are for the person at the command line.
#[derive(Debug, Error)]
pub enum AuthorityError {
    /// The file is there.
    #[error("{0} 已经有了，不会覆盖。请换一个文件夹。")]
    Exists(PathBuf),
    /// A file cannot be read or written.
    #[error("{path} 读写不了：{source}")]
    Io {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// What is asked for cannot be made.
    #[error("证书做不出来：{0}")]
    Certificate(#[from] rcgen::Error),
}

/// What was made, and until when it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The certificate.
    pub certificate: PathBuf,
    /// Its key.
    pub key: PathBuf,
    /// The last day on which it holds.
    pub until: NaiveDate,
    /// From this day on it should be replaced.
    pub renew_from: NaiveDate,
}

/// Makes an authority in the folder `to`.
///
/// # Errors
/// [`AuthorityError`].
pub fn make_authority(to: &Path, today: NaiveDate) -> Result<Made, AuthorityError> {
    let key = KeyPair::generate()?;
    // Two authorities of one name could not be told apart.
    let name = format!("就业服务大厅 CA {}", hex::encode(edge::random_bytes::<4>()));
    let mut params = params(&[], &name, today, AUTHORITY_DAYS)?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let certificate = params.self_signed(&key)?.pem();
    let files = (AUTHORITY_FILE, AUTHORITY_KEY_FILE);
    write_both(
        to,
        files,
        (&certificate, &key),
        today + Days::new(AUTHORITY_DAYS),
    )
}

/// Issues a certificate for a server that is reached by `names` (host names and addresses), into
/// the folder `to`.
///
/// # Errors
/// [`AuthorityError`].
pub fn issue(
    authority: &Path,
    names: &[String],
    to: &Path,
    today: NaiveDate,
) -> Result<Made, AuthorityError> {
    let authority_pem = read(&authority.join(AUTHORITY_FILE))?;
    let authority_key = KeyPair::from_pem(&read(&authority.join(AUTHORITY_KEY_FILE))?)?;
    let issuer = Issuer::from_ca_cert_pem(&authority_pem, authority_key)?;
    let key = KeyPair::generate()?;
    let common_name = names.first().map_or("", String::as_str);
    let mut params = params(names, common_name, today, CERTIFICATE_DAYS)?;
    params.is_ca = IsCa::ExplicitNoCa;
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let certificate = params.signed_by(&key, &issuer)?.pem();
    let files = (CERTIFICATE_FILE, KEY_FILE);
    write_both(
        to,
        files,
        (&certificate, &key),
        today + Days::new(CERTIFICATE_DAYS),
    )
}

fn params(
    names: &[String],
    common_name: &str,
    today: NaiveDate,
    days: u64,
) -> Result<CertificateParams, AuthorityError> {
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name = DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::CommonName, common_name);
    // A positive number of twenty octets at most (RFC 5280, 4.1.2.2).
    let mut serial = edge::random_bytes::<16>();
    serial[0] &= 0x7f;
    params.serial_number = Some(SerialNumber::from_slice(&serial));
    // A day earlier, for devices whose clock is behind.
    let (year, month, day) = civil(today - Days::new(1));
    params.not_before = date_time_ymd(year, month, day);
    let (year, month, day) = civil(today + Days::new(days + 1));
    params.not_after = date_time_ymd(year, month, day);
    Ok(params)
}

fn civil(day: NaiveDate) -> (i32, u8, u8) {
    let small = |number| u8::try_from(number).expect("a month or a day, because both are small");
    (day.year(), small(day.month()), small(day.day()))
}

fn write_both(
    to: &Path,
    (certificate_file, key_file): (&str, &str),
    (certificate_pem, key_pair): (&str, &KeyPair),
    until: NaiveDate,
) -> Result<Made, AuthorityError> {
    let (certificate, key) = (to.join(certificate_file), to.join(key_file));
    if let Some(there) = [&certificate, &key].into_iter().find(|path| path.exists()) {
        return Err(AuthorityError::Exists(there.clone()));
    }
    let made = DirBuilder::new().recursive(true).mode(0o755).create(to);
    made.map_err(|source| io(to, source))?;
    write_new(&key, &key_pair.serialize_pem(), 0o600)?;
    write_new(&certificate, certificate_pem, 0o644)?;
    Ok(Made {
        certificate,
        key,
        until,
        renew_from: until - Days::new(RENEW_DAYS_BEFORE),
    })
}

fn write_new(path: &Path, text: &str, mode: u32) -> Result<(), AuthorityError> {
    let mut options = OpenOptions::new();
    let opened = options.write(true).create_new(true).mode(mode).open(path);
    let written = opened.and_then(|mut file: File| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written.map_err(|source| match source.kind() {
        ErrorKind::AlreadyExists => AuthorityError::Exists(path.to_owned()),
        _ => io(path, source),
    })
}

fn read(path: &Path) -> Result<String, AuthorityError> {
    std::fs::read_to_string(path).map_err(|source| io(path, source))
}

fn io(path: &Path, source: std::io::Error) -> AuthorityError {
    let path = path.to_owned();
    AuthorityError::Io { path, source }
}
