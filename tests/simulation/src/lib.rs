//! Twenty devices, a hall node and a centre in one process, under virtual time and on disks that
//! can lose power: the real log, link, relay, feed and store, with only clocks, lines, disks and
//! people made up. One seed makes one history; a failed one is played again by its number.
//!
//! What can happen (`fate`): requests and answers are lost, come twice or late; lines are cut for
//! hours; any disk loses power at any operation, or is full for a while; any clock jumps, and a
//! device starts without one; a device is revoked; a device's disk is copied into a second machine;
//! a site is restored from an image of an hour ago. What must hold then is in `checks`.
//!
//! It does not simulate pages, boards or screens, and no two threads race here: the stores' own
//! threads do what they are asked while everything else waits.

pub mod checks;
pub mod device;
pub mod fate;
pub mod line;
pub mod node;
pub mod origin;
pub mod site;
pub mod world;
