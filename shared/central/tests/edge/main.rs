//! The edge of the service: who gets a connection, over what, and what happens to those who send
//! too much, too slowly or too often; what the process says of itself, and how it ends.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bad_input;
mod deployment;
#[allow(
    dead_code,
    reason = "the hall of the API's tests can do more than these need"
)]
#[path = "../api/hall.rs"]
mod hall;
mod operations;
mod process;
mod secure;
