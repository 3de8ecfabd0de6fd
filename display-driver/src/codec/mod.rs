//! Families of controller cards. A closed list: a new family is one module and one line in
//! [`BoardFamily`].

pub(crate) mod hex_text;
pub mod onbon_k;

/// A family of cards that speak one protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BoardFamily {
    /// Onbon BX-5K and BX-6K font-library cards.
    OnbonK,
}

impl BoardFamily {
    /// All families.
    pub const ALL: [Self; 1] = [Self::OnbonK];

    /// The name in configuration and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::OnbonK => onbon_k::NAME,
        }
    }

    /// The family of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|family| family.name() == name)
    }
}
