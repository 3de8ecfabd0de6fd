//! What tests need instead of the world: a clock that moves only when told to, randomness that
//! repeats, a disk that can lose power; wrong implementations that the proofs must catch; every
//! decoder of the wire with inputs that try to break it. For tests only; no crate ships it.

#![deny(unsafe_code)]

pub mod careless_log;
pub mod clock;
pub mod decoders;
pub mod disk;
pub mod mutants;
pub mod planted;
pub mod random;
pub mod samples;
