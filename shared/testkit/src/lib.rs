//! What tests need instead of the world: a clock that moves only when told to, randomness that
//! repeats, a disk that can lose power; and wrong implementations that the proofs must catch. For
//! tests only; no crate ships it.

#![deny(unsafe_code)]

pub mod careless_log;
pub mod clock;
pub mod disk;
pub mod planted;
pub mod random;
