//! Help on each page: a fold with the few things one must know there.

use maud::{Markup, html};

/// The fold.
pub(super) fn help(lines: &[&str]) -> Markup {
    html! {
        @if !lines.is_empty() { details.noprint {
            summary { "这一页怎么用" }
            ul { @for line in lines { li { (line) } } }
        } }
    }
}
