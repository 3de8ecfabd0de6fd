//! Keeping the data: backups made while the service goes on, restored, tried and kept by age; the
//! whole check; persons, whose keys are in no backup; stores of every released schema. Through the command line's desk and, where the
//! process matters, the program itself.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod age;
mod attachments;
mod backup;
#[path = "../vault/centre.rs"]
#[allow(dead_code, reason = "the vault's tests use the rest of it")]
mod centre;
mod damage;
mod day;
#[path = "../api/hall.rs"]
#[allow(dead_code, reason = "the API's tests use the rest of it")]
mod hall;
mod persons;
mod program;
mod restore;
mod schemas;
mod verify;
