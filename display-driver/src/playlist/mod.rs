//! What the zones of a board play: lists of items, from what the hall publishes and does now.
//!
//! Pure: the plan of a board, the hall, the calendar and a moment give the pages of each zone. What
//! has expired, was withdrawn or is not due is not among them, whoever forgot to take it out. How
//! they follow each other and what goes before them is `schedule`'s.

pub mod clock;
mod compose;
pub mod hall;
mod plan;
mod published;
pub mod query;
pub mod strip;
pub mod template;
pub mod vacancy;
pub mod waiting;
pub mod when;

pub use compose::{Composition, Today, ZonePages, compose};
pub use plan::{BoardPlan, Effect, LitHours, Play, PlayItem, ZonePlan};
pub use published::{kind_of, zone_playing};
