//! The service over real HTTP: devices enrol, push, take numbers, score, follow the feed; whatever
//! is forged, replayed, out of its chain or without rights is refused with its code and recorded.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod appointments;
mod browser;
mod citizen;
mod citizen_at_node;
mod feed;
mod fleet;
mod forms;
mod hall;
mod help;
mod leaks;
mod log;
mod persons;
mod queue;
mod reading;
mod staff;
mod vacancies;
