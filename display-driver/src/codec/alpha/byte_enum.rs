//! Closed lists of bytes, each with its name in documents.
//!
//! A list is written once; the byte, the name and the way back all come from it. A byte outside the
//! list has no value.

/// Makes an enum of `Variant = byte, "name";` lines.
macro_rules! byte_enum {
    ($(#[$meta:meta])* $name:ident { $($variant:ident = $byte:literal, $text:literal;)+ }) => {
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize,
        )]
        pub enum $name {
            $(
                #[doc = $text]
                #[serde(rename = $text)]
                $variant,
            )+
        }

        impl $name {
            /// All of the list.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The byte of the wire.
            #[must_use]
            pub fn byte(self) -> u8 {
                match self {
                    $(Self::$variant => $byte,)+
                }
            }

            /// What a byte stands for, if it is listed.
            #[must_use]
            pub fn from_byte(byte: u8) -> Option<Self> {
                match byte {
                    $($byte => Some(Self::$variant),)+
                    _ => None,
                }
            }

            /// The name in documents.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }

            /// What a name stands for, if it is listed.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($text => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
    };
}

pub(super) use byte_enum;
