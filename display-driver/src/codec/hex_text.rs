//! Bytes as lower-case hexadecimal text in documents, for `#[serde(with = …)]`.
//!
//! Works for byte vectors and for arrays of any length; a wrong length is a typed refusal.

use serde::{Deserialize, Deserializer, Serializer};

pub(crate) fn serialize<S: Serializer, T: AsRef<[u8]>>(
    bytes: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&hex::encode(bytes))
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>, T: TryFrom<Vec<u8>>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let text = String::deserialize(deserializer)?;
    let fault = || serde::de::Error::custom(format!("{text:?} 不是所需长度的十六进制"));
    let bytes = hex::decode(&text).map_err(|_| fault())?;
    T::try_from(bytes).map_err(|_| fault())
}
