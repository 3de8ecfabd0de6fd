//! Personal data: what of a person can be read, by whom, and when not any more. The database's
//! own files are looked into, because a promise about bytes is kept by bytes.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod centre;
mod keys;
mod persons;
