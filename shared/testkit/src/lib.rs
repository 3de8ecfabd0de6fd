//! What tests need instead of the world: a clock that moves only when told to, and randomness that
//! repeats. For tests only; no crate ships it. Lossy links and recording file systems join when a
//! test needs them.

#![forbid(unsafe_code)]

pub mod clock;
pub mod random;
