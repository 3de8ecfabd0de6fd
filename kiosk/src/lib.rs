//! The citizens' kiosk: jobs, tickets, scores.

pub mod app;
pub mod bind;
pub mod cli;
pub mod config;
#[cfg(feature = "demo")]
pub mod control;
pub mod index;
pub mod platform;
pub mod qr;
pub mod remote_help;
pub mod snapshot;
pub mod ui;
pub mod view_model;
