//! The window and its globals, as `slint-build` generates them from the .slint files beside it.
//!
//! A crate of its own, so that the generated code is compiled only when a page changes. Nothing is written by hand here: the contract of a page is the `export global` in its .slint file.
//! Pages draw; texts are made by view models.

#![allow(
    clippy::all,
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::todo,
    clippy::cast_lossless,
    clippy::wildcard_imports,
    clippy::needless_pass_by_value,
    clippy::cognitive_complexity,
    clippy::too_many_lines,
    missing_docs,
    missing_debug_implementations,
    unreachable_pub,
    unsafe_code,
    reason = "generated code; Slint's vtables need unsafe, and its style is not ours to lint"
)]

slint::include_modules!();
