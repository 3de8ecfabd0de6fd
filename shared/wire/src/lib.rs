//! What crosses a process: the event envelope and its hash chain, signatures, event bodies, the
//! API and feed types with their stable error codes, and the sync link as a sans-IO machine.
//!
//! Invariants stated as absences: no I/O, no clock, no randomness, no async. Bytes that are hashed
//! or signed are made here and nowhere else.

#![forbid(unsafe_code)]

pub mod api;
pub mod board;
pub mod bridge;
pub mod citizen;
pub mod envelope;
pub mod event;
pub mod link;
mod notice;
pub mod problem;
pub mod public;
pub mod relay;
pub mod sealed;
pub mod sign;
pub mod slip;
pub mod status;
mod topic;
pub mod version;
