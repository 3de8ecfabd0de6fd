//! What staff let on the hall's boards: looking a text through before it is stored and shown
//! ([`check`], [`words`]), drawing it as a board will show it ([`drawn`]), what an editor is told
//! while writing ([`editing`]), boards that are silent ([`silence`]) or need somebody ([`need`]), what
//! goes wrong on their lines ([`faults`]), and withdrawing everything ([`clearing`]). Records of publications and their steps are the record engine's.

pub(crate) mod check;
pub(crate) mod clearing;
pub(crate) mod drawn;
pub(crate) mod editing;
pub(crate) mod faults;
pub(crate) mod need;
pub(crate) mod silence;
mod words;
