//! The citizens' kiosk: jobs, tickets, scores.

pub mod app;
pub mod bind;
pub mod bridge;
pub mod cli;
pub mod config;
#[cfg(feature = "demo")]
pub mod control;
#[cfg(feature = "demo")]
pub mod demo;
pub mod index;
pub mod platform;
pub mod qr;
pub mod remote_help;
pub mod snapshot;
pub mod view_model;

pub use kiosk_ui as ui;
