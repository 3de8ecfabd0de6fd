//! Becoming a device: once per data directory, with the installer's one-time code. The key is drawn
//! and on disk before it is used; a code that was spent without an answer must be made anew.

use std::path::Path;

use thiserror::Error;
use wire::api::EnrolRequest;

use crate::address::CentralAddress;
use crate::client::{CallError, enrol};
use crate::identity::{self, DeviceIdentity, IdentityError};

/// Why a machine is not a device.
#[derive(Debug, Error)]
pub enum EnrolmentError {
    /// It has not been enrolled and was given no code.
    #[error("this machine is not enrolled yet and was given no one-time code.")]
    CodeMissing,
    /// Its files cannot be used.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// central said no, or cannot be reached.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl EnrolmentError {
    /// What it is and what to do, for the installer at the command line.
    #[must_use]
    pub fn advice(&self) -> String {
        match self {
            Self::CodeMissing => {
                "这台机器还没有登记。请在中心用 central enrol-code 取一个登记码，再加上 --enrol-code 启动。".to_owned()
            }
            Self::Identity(error) => format!("读不了这台机器的登记文件：{error}"),
            Self::Call(CallError::Refused(problem) | CallError::Problem { problem, .. }) => {
                format!("登记没有成功：{}", problem.detail)
            }
            Self::Call(error) => format!("连不上中心，登记没有成功：{error}"),
        }
    }
}

/// The identity in `dir`; when there is none, enrols at `central` with `code` and saves it. The
/// authority that `central` is trusted by is kept beside it, so that later starts need not name it.
///
/// # Errors
/// [`EnrolmentError`]; nothing is half-enrolled.
pub async fn load_or_enrol(
    dir: &Path,
    central: &CentralAddress,
    code: Option<&str>,
) -> Result<DeviceIdentity, EnrolmentError> {
    if let Some(identity) = identity::load(dir)? {
        keep_authority(dir, central)?;
        return Ok(identity);
    }
    let code = code.ok_or(EnrolmentError::CodeMissing)?.to_owned();
    let key = identity::load_or_draw_key(dir)?;
    let public_key = key.public();
    let enrolled = enrol(central, &EnrolRequest { code, public_key }).await?;
    keep_authority(dir, central)?;
    identity::save_enrolment(dir, &enrolled)?;
    Ok(DeviceIdentity {
        home: Some(dir.to_owned()),
        ..DeviceIdentity::in_memory(key, enrolled)
    })
}

/// A new authority takes the place of the old one: the person who starts the device chose it.
fn keep_authority(dir: &Path, central: &CentralAddress) -> Result<(), IdentityError> {
    match central.authority_pem() {
        Some(pem) if identity::load_authority(dir)?.as_deref() != Some(pem) => {
            identity::save_authority(dir, pem)
        }
        _ => Ok(()),
    }
}
