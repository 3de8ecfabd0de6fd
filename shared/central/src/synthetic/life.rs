//! Records that live: opened with lawful invented values and led through the steps of their own kind
//! by members of staff with the roles that the file names, different persons where duties are apart.
//! Everything goes through the engine, as at a desk; nothing is written that it would refuse. Tests
//! walk every kind with it, `central synthetic` fills years with it.
//!
//! Not here: which records there are and when ([`super::years`]), and storing them (`cases::Stage`).

mod cast;
mod invent;
mod settle;
mod step;
#[cfg(test)]
mod ways;

pub(crate) use cast::{Cast, system};
pub(crate) use invent::{Inventor, given, id_number, kinds_named};
pub(crate) use step::{Patience, Playing, Stuck, Troupe, open, paper, take};
#[cfg(test)]
pub(crate) use ways::{nearest_end, ways_to};

#[cfg(test)]
mod tests;
