//! The one-character names of a sign's files (sheet `alpha.md` A).

use serde::{Deserialize, Serialize};

/// 20h to 7Eh without the question mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "char", into = "char")]
pub struct Label(u8);

impl Label {
    /// The text file that exists in every sign and is shown before all others.
    pub const PRIORITY: Self = Self(b'0');
    /// The text file that a sign has without being configured.
    pub const DEFAULT_TEXT: Self = Self(b'A');

    /// The label of that byte.
    #[must_use]
    pub fn new(byte: u8) -> Option<Self> {
        (matches!(byte, 0x20..=0x7E) && byte != b'?').then_some(Self(byte))
    }

    /// The byte of the wire.
    #[must_use]
    pub fn byte(self) -> u8 {
        self.0
    }
}

impl From<Label> for char {
    fn from(label: Label) -> Self {
        Self::from(label.0)
    }
}

impl TryFrom<char> for Label {
    type Error = String;

    fn try_from(character: char) -> Result<Self, String> {
        u8::try_from(character)
            .ok()
            .and_then(Self::new)
            .ok_or_else(|| format!("{character:?} 不能作文件名：应为一个 ASCII 字符，不能是 ?"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_the_printable_bytes_without_the_question_mark() {
        let labels = (0..=255).filter_map(Label::new).map(Label::byte);
        let listed: Vec<u8> = (0x20..=0x7E).filter(|&byte| byte != 0x3F).collect();
        assert_eq!(labels.collect::<Vec<_>>(), listed);
        assert!(Label::try_from('字').is_err());
    }
}
