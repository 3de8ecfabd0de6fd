//! The central sync service: events of all devices, the hall's queue and scores, publications,
//! staff pages. One process per data directory; the same code is the centre and a hall node.
//!
//! Invariants stated as absences: no SQL outside `store`, no clock and no randomness outside
//! `edge`, no acknowledgement of anything that is not durable, no personal data in the feed.

#![forbid(unsafe_code)]

pub mod app_state;
pub mod assets;
pub mod edge;
pub mod import;
pub mod overview;
