//! The citizens' kiosk: jobs, tickets, scores.

pub mod platform;
pub mod qr;
pub mod snapshot;
pub mod ui;
