//! The house's own line icons, drawn into the page so that no request and no font is needed.
//! An icon never stands without its word (`style/look.md` §8), hence it is hidden from readers.

use maud::{Markup, PreEscaped};

macro_rules! icons {
    ($($(#[$doc:meta])* $name:ident = $file:literal,)+) => {
        /// The icons that pages use.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Icon {
            $($(#[$doc])* $name,)+
        }

        impl Icon {
            fn drawing(self) -> &'static str {
                match self {
                    $(Self::$name => include_str!(concat!("../../../../assets/icons/", $file)),)+
                }
            }
        }
    };
}

icons! {
    /// A house.
    Home = "home.svg",
    /// Two people.
    People = "people.svg",
    /// A briefcase.
    Job = "job.svg",
    /// A smiling face in a circle.
    Rate = "rate.svg",
    /// A screen that stands upright.
    Screen = "phone.svg",
    /// A board on a stand.
    Notice = "notice.svg",
    /// A list with a tick.
    CheckList = "check_list.svg",
    /// A document.
    Policy = "policy.svg",
    /// A lock.
    Lock = "lock.svg",
    /// A magnifying glass.
    Search = "search.svg",
    /// A tick.
    Done = "check.svg",
    /// A triangle with a stroke.
    Warn = "warn.svg",
    /// A cross.
    Stop = "close.svg",
    /// An i in a circle.
    Info = "info.svg",
    /// A speech bubble.
    Talk = "talk.svg",
    /// A loudspeaker.
    Voice = "voice.svg",
    /// A star.
    Star = "star.svg",
    /// Very satisfied.
    Face5 = "face5.svg",
    /// Satisfied.
    Face4 = "face4.svg",
    /// So-so.
    Face3 = "face3.svg",
    /// Not satisfied.
    Face2 = "face2.svg",
    /// Not satisfied at all.
    Face1 = "face1.svg",
}

/// Draws an icon in the colour of the text around it.
pub(crate) fn icon(icon: Icon) -> Markup {
    let coloured = icon.drawing().replace("\"#000000\"", "\"currentColor\"");
    PreEscaped(coloured.replacen("<svg ", "<svg class=\"icon\" aria-hidden=\"true\" ", 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn icons_take_the_colour_of_their_text() {
        let drawn = icon(Icon::Home).into_string();
        assert!(drawn.starts_with("<svg class=\"icon\""));
        assert!(drawn.contains("currentColor") && !drawn.contains("#000"));
    }
}
