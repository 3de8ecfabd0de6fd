//! A counter for every kind of fault, of one board or of a whole bus. Counting only: what is done about
//! a fault is decided where it is seen.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use crate::codec::BrokenKind;

/// Why a port could not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PortTrouble {
    /// It went away while it was open.
    Unplugged,
    /// Another program had it.
    InUse,
    /// It could not be opened.
    NotOpened,
    /// It took no bytes any more.
    Blocked,
}

/// Faults by kind, since the driver began.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FaultCounts {
    /// Nothing came in time.
    pub timeouts: u64,
    /// Frames whose check did not hold.
    pub wrong_checks: u64,
    /// Frames whose escapes did not hold.
    pub wrong_escapes: u64,
    /// Frames longer or shorter than they said, or than they may be.
    pub wrong_lengths: u64,
    /// Frames that began again before their end, or broken in another way of the family's own.
    pub otherwise_broken: u64,
    /// Sound frames nobody waited for: another address, another command, too late.
    pub strays: u64,
    /// Frames not meant for a host: our own, come back.
    pub echoes: u64,
    /// Bytes outside frames.
    pub noise_bytes: u64,
    /// Refusals by code.
    pub refusals: BTreeMap<u8, u64>,
    /// Areas a board had lost when asked.
    pub lost_areas: u64,
    /// Orders for boards that are not on this bus.
    pub unknown_boards: u64,
    /// Orders dropped because too many were waiting.
    pub dropped_orders: u64,
    /// How often the port went away.
    pub unplugs: u64,
    /// How often another program had the port.
    pub in_use: u64,
    /// How often the port could not be opened.
    pub not_opened: u64,
    /// How often the port took no bytes any more.
    pub blocked: u64,
    /// Events nobody fetched in time.
    pub dropped_events: u64,
}

impl FaultCounts {
    /// Frames that did not hold, of any kind.
    #[must_use]
    pub fn broken_frames(&self) -> u64 {
        self.wrong_checks + self.wrong_escapes + self.wrong_lengths + self.otherwise_broken
    }

    /// Counts a frame that did not hold.
    pub(super) fn broken(&mut self, kind: BrokenKind) {
        *match kind {
            BrokenKind::Check => &mut self.wrong_checks,
            BrokenKind::Escape => &mut self.wrong_escapes,
            BrokenKind::Length => &mut self.wrong_lengths,
            BrokenKind::Other => &mut self.otherwise_broken,
        } += 1;
    }

    /// Counts a port that could not be used.
    pub fn trouble(&mut self, what: PortTrouble) {
        *match what {
            PortTrouble::Unplugged => &mut self.unplugs,
            PortTrouble::InUse => &mut self.in_use,
            PortTrouble::NotOpened => &mut self.not_opened,
            PortTrouble::Blocked => &mut self.blocked,
        } += 1;
    }
}

impl AddAssign<&Self> for FaultCounts {
    fn add_assign(&mut self, other: &Self) {
        let Self {
            timeouts,
            wrong_checks,
            wrong_escapes,
            wrong_lengths,
            otherwise_broken,
            strays,
            echoes,
            noise_bytes,
            refusals,
            lost_areas,
            unknown_boards,
            dropped_orders,
            unplugs,
            in_use,
            not_opened,
            blocked,
            dropped_events,
        } = other;
        self.timeouts += timeouts;
        self.wrong_checks += wrong_checks;
        self.wrong_escapes += wrong_escapes;
        self.wrong_lengths += wrong_lengths;
        self.otherwise_broken += otherwise_broken;
        self.strays += strays;
        self.echoes += echoes;
        self.noise_bytes += noise_bytes;
        for (code, count) in refusals {
            *self.refusals.entry(*code).or_default() += count;
        }
        self.lost_areas += lost_areas;
        self.unknown_boards += unknown_boards;
        self.dropped_orders += dropped_orders;
        self.unplugs += unplugs;
        self.in_use += in_use;
        self.not_opened += not_opened;
        self.blocked += blocked;
        self.dropped_events += dropped_events;
    }
}
