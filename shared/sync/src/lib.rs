//! What every device needs to be part of the hall: the durable hash-chained log (`log.db`), the
//! device's key and enrolment, the HTTP side of the link, and the two runners that keep events
//! going up and the feed coming down.
//!
//! An event is on disk when [`log::DeviceLog::append`] returns; only then may a screen say "done".
//! Nothing here decides what an event means: bytes and rules live in `wire` and `domain`. SQL is
//! in `store` and `migration` alone, clocks are passed in, and SQLite never runs on the async runtime's threads.

#![forbid(unsafe_code)]

pub mod address;
pub mod client;
pub mod data_dir;
pub mod device_clock;
pub mod enrolment;
pub mod entropy;
pub mod feed;
pub mod feed_copy;
pub mod identity;
pub mod log;
pub mod migration;
pub mod retention;
pub mod stop;
mod store;
pub mod uplink;

#[cfg(test)]
mod stub_server;
