//! `config check`: what holds and where it comes from, and everything that is wrong with it: not
//! only what cannot be read, but also files that are not there or that others may read.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use sync::address::CentralAddress;

use super::{Config, ConfigError, Key, Layers};
use crate::outreach::Gateway;
use crate::tls::TlsFiles;

/// Bits of a mode by which somebody else could read a key.
const OTHERS_MASK: u32 = 0o077;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedConfig {
    /// For people: one line per key, then what is wrong.
    pub text: String,
    /// For programs.
    pub json: serde_json::Value,
    /// Nothing is wrong.
    pub is_sound: bool,
}

/// Checks what the layers say, as far as it can be checked without starting.
#[must_use]
pub fn check(layers: &Layers) -> CheckedConfig {
    let mut faults = match Config::of(layers) {
        Ok(config) => file_faults(&config),
        Err(faults) => faults,
    };
    faults.dedup();
    let mut text = String::new();
    let mut values = serde_json::Map::new();
    for key in Key::ALL {
        let (source, value) = layers.value(key);
        let shown = if value.is_empty() {
            "（不设）"
        } else {
            value
        };
        text.push_str(&format!("{} = {shown}    {}\n", key.name(), source.words()));
        let line = serde_json::json!({ "value": value, "from": source.name() });
        values.insert(key.name().to_owned(), line);
    }
    let sentences: Vec<String> = faults.iter().map(ConfigError::to_string).collect();
    if sentences.is_empty() {
        text.push_str("配置没有问题。");
    } else {
        text.push_str(&format!("有 {} 处不对：", sentences.len()));
        for sentence in &sentences {
            text.push_str(&format!("\n- {sentence}"));
        }
    }
    CheckedConfig {
        text,
        json: serde_json::json!({ "values": values, "faults": sentences }),
        is_sound: sentences.is_empty(),
    }
}

fn file_faults(config: &Config) -> Vec<ConfigError> {
    let mut faults = Vec::new();
    if let Some(fault) = folder_fault(&config.data) {
        faults.push(fault);
    }
    if let Some(upstream) = &config.upstream {
        let (url, authority) = (&upstream.url, upstream.authority.as_deref());
        let address = CentralAddress::of_device(url, &config.data, authority, upstream.plain_http);
        let fault = address
            .err()
            .map(|error| ConfigError::File(error.to_string()));
        faults.extend(fault);
    }
    if let Some(files) = &config.tls {
        faults.extend(tls_faults(files));
    }
    if let Some(sms) = &config.sms {
        let fault = Gateway::open(sms.clone(), &config.data).err();
        faults.extend(fault.map(|error| ConfigError::File(error.to_string())));
        faults.extend(sms.secret_file.as_deref().and_then(open_to_others));
    }
    faults
}

/// A folder that is not there yet is made at the start, if what is above it is there.
fn folder_fault(data: &Path) -> Option<ConfigError> {
    let fault = |what: &str| {
        Some(ConfigError::File(format!(
            "数据目录 {} {what}",
            data.display()
        )))
    };
    match std::fs::metadata(data) {
        Ok(metadata) if !metadata.is_dir() => fault("不是目录。"),
        Ok(metadata) if metadata.permissions().mode() & 0o002 != 0 => {
            fault("谁都能写，请去掉其他人的写权限。")
        }
        Ok(metadata) if metadata.permissions().readonly() => fault("不能写。"),
        Ok(_) => None,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => fault(&format!("用不了：{error}")),
    }
}

fn tls_faults(files: &TlsFiles) -> Vec<ConfigError> {
    let mut faults = Vec::new();
    if let Err(error) = files.read() {
        faults.push(ConfigError::File(error.to_string()));
    }
    faults.extend(open_to_others(&files.key));
    faults
}

/// A file with a secret that others than its owner can read.
fn open_to_others(file: &Path) -> Option<ConfigError> {
    let mode = std::fs::metadata(file).ok()?.permissions().mode();
    (mode & OTHERS_MASK != 0).then(|| {
        let (file, mode) = (file.display(), mode & 0o777);
        let sentence = format!("密钥文件 {file} 的权限是 {mode:o}，别人能读，请改成 600。");
        ConfigError::File(sentence)
    })
}
