//! The laws of what crosses a process: an event has one spelling, what is written is read, old
//! bytes stay as they were, no bytes make a decoder panic, and the link keeps within its bounds.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod chain;
mod events;
mod golden;
mod link;
mod random_bytes;
mod versions;
