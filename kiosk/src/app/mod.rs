//! The kiosk's application: a pure state machine in the middle ([`kiosk::Kiosk`]: event in, effects
//! out), and around it the thread that draws and the worker that carries effects out.
//!
//! The thread that draws never waits: effects go through one bounded channel to the worker, and
//! answers come back as events. What belongs to one person lives in [`session::Session`] and goes
//! with it.

pub mod appointment;
pub mod attract;
pub mod calls;
pub mod card;
pub mod citizen;
pub mod display;
pub mod effect;
pub mod eligibility;
pub mod event;
pub mod facts;
pub mod flow;
pub mod front;
pub mod hours;
pub mod jobs;
pub mod keys;
pub mod kiosk;
pub mod lookup;
pub mod matters;
pub mod papers;
pub mod published;
pub mod reading;
pub mod rehearsal;
pub mod remote;
pub mod score;
pub mod service;
pub mod session;
pub mod station;
pub mod tally;
pub mod ticket;
pub mod voice;
pub mod worker;

#[cfg(test)]
pub(crate) mod sample;
