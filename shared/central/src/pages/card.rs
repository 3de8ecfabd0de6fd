//! The button that reads an identity card at the desk into the fields of a form.

use maud::{Markup, html};
use wire::bridge::{ADDRESS, PAIRING_HEADER, READ_CARD};

/// The button with what it says. A field that it fills has `data-card` with the name of the card's
/// field: `name`, `id_number`, `sex`, `birth`, `address`, `issuer`, `valid_from`, `valid_to`. The
/// page must be answered as one at the desk, else the browser does not let it ask the reader.
#[must_use]
pub(crate) fn card_reader() -> Markup {
    html! {
        div.row.noprint data-card-reader=(format!("{ADDRESS}{READ_CARD}"))
            data-pairing-header=(PAIRING_HEADER) hidden {
            button type="button" data-key="F9" data-read-card { "读身份证 " kbd { "F9" } }
            label data-pairing hidden { "配对码 " input size="12" autocomplete="off"; }
            span.soft role="status" data-words {}
        }
        script src="/assets/card.js" defer {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_button_bears_its_key_and_asks_on_loopback() {
        let markup = card_reader().into_string();
        assert!(markup.contains("data-card-reader=\"http://127.0.0.1:7417/v1/read-card\""));
        assert!(markup.contains("data-key=\"F9\"") && markup.contains("<kbd>F9</kbd>"));
    }
}
