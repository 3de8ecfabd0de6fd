//! The central sync service: events of all devices, the hall's queue and scores, publications,
//! staff pages. One process per data directory; the same code is the centre and a hall node.
//!
//! Invariants stated as absences: no SQL outside `store`, no clock and no randomness outside
//! `edge`, no acknowledgement of anything that is not durable, no personal data in the feed.

#![forbid(unsafe_code)]

pub mod admin;
pub mod app_state;
mod appointments;
pub mod assets;
pub mod attachments;
mod authority;
pub mod backup;
mod boards;
pub mod calendar_file;
pub mod cases;
mod citizens;
pub mod cli;
pub mod config;
pub mod demo;
pub mod device_door;
mod device_wall;
pub mod documents;
pub mod edge;
pub mod emergency_desk;
mod enrolment;
pub mod fleet;
pub mod guide_desk;
pub mod hall_state;
mod held;
pub mod http;
pub mod import;
mod ingest;
mod kpi_desk;
mod layout;
mod matching;
pub mod metrics;
pub mod node;
pub mod outreach;
pub mod overview;
pub mod pages;
pub mod parameter_desk;
pub mod parameters;
mod poor_reasons;
mod public_desk;
mod readiness;
mod relayed;
pub mod remote_help;
mod requirements;
pub mod score_desk;
pub mod screens;
pub mod serve;
pub mod sheet;
pub mod staff;
pub mod start_pages;
pub mod store;
mod supervisor;
pub mod synthetic;
pub mod synthetic_years;
mod tick;
pub mod tls;
pub mod vacancies;
pub mod vault;
mod visit_records;
pub mod window_desk;
