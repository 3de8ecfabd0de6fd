//! What fate does next, and how bad the weather is: drawn from the seed alone.

use testkit::random::Seeded;

use crate::line::{SiteName, Weather};

/// The next thing that happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happening {
    /// Time passes, in ms.
    TimePasses(i64),
    /// A citizen does something at a device.
    CitizenActs(usize),
    /// A clerk does something at a window.
    ClerkActs(SiteName),
    /// A disk will lose power after so many more operations.
    DeviceDiskDies(usize, u64),
    /// A site's disk will.
    SiteDiskDies(SiteName, u64),
    /// A device's disk is full, or has room again.
    DeviceDiskFills(usize),
    /// A site's disk is full, or has room again.
    SiteDiskFills(SiteName),
    /// A device is switched off and on; its clock then says so much more or less, or nothing.
    DeviceReboots(usize, SystemClock),
    /// A site's disk becomes slow, or quick again: its answers come late, many of them too late.
    SiteDiskSlows(SiteName),
    /// A site's clock is set, by ms.
    SiteClockJumps(SiteName, i64),
    /// The line between the node and the centre is cut, or mended.
    LongLineCut,
    /// All lines of a site's devices are cut, or mended.
    HallLinesCut(SiteName),
    /// A device's rights are withdrawn.
    DeviceRevoked(usize),
    /// A device's disk is copied into another machine.
    DeviceCloned(usize),
    /// The centre is stopped and an image of it kept.
    CentreBackedUp,
    /// The centre is restored from that image.
    CentreRestored,
}

/// What a machine's clock says after a start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SystemClock {
    /// The true time, and so many ms.
    OffBy(i64),
    /// 1970: no battery, no time server.
    Zero,
}

/// Draws the next happening among `devices` devices.
pub fn draw(random: &mut Seeded, devices: usize) -> Happening {
    let device = |random: &mut Seeded| below(random, devices);
    let site = |random: &mut Seeded| match random.below(2) {
        0 => SiteName::Centre,
        _ => SiteName::Node,
    };
    match random.below(1_000) {
        0..392 => Happening::TimePasses(passing(random)),
        392..400 => Happening::SiteDiskSlows(site(random)),
        400..700 => Happening::CitizenActs(device(random)),
        700..840 => Happening::ClerkActs(site(random)),
        840..880 => Happening::DeviceDiskDies(device(random), random.below(40)),
        880..905 => Happening::SiteDiskDies(site(random), random.below(80)),
        905..920 => Happening::DeviceDiskFills(device(random)),
        920..930 => Happening::SiteDiskFills(site(random)),
        930..950 => Happening::DeviceReboots(device(random), system_clock(random)),
        950..955 => Happening::SiteClockJumps(site(random), offset(random, 60_000)),
        955..970 => Happening::LongLineCut,
        970..980 => Happening::HallLinesCut(site(random)),
        980..984 => Happening::DeviceRevoked(device(random)),
        984..988 => Happening::DeviceCloned(device(random)),
        988..995 => Happening::CentreBackedUp,
        _ => Happening::CentreRestored,
    }
}

/// The weather of a history: most are mild.
pub fn weather(random: &mut Seeded) -> Weather {
    match random.below(4) {
        0 => Weather {
            lost_per_mille: 0,
            doubled_per_mille: 0,
            delay_ms_max: 50,
        },
        1 => Weather {
            lost_per_mille: 250,
            doubled_per_mille: 150,
            delay_ms_max: 15_000,
        },
        _ => Weather {
            lost_per_mille: 50,
            doubled_per_mille: 50,
            delay_ms_max: 3_000,
        },
    }
}

fn passing(random: &mut Seeded) -> i64 {
    let (least, span) = match random.below(100) {
        0 => (24 * 3_600_000, 24 * 3_600_000),
        1..4 => (3_600_000, 6 * 3_600_000),
        4..20 => (30_000, 120_000),
        _ => (10, 3_000),
    };
    least + i64::try_from(random.below(span)).unwrap_or(0)
}

fn system_clock(random: &mut Seeded) -> SystemClock {
    match random.below(3) {
        0 => SystemClock::Zero,
        1 => SystemClock::OffBy(offset(random, 3_600_000)),
        _ => SystemClock::OffBy(0),
    }
}

fn offset(random: &mut Seeded, most: u64) -> i64 {
    i64::try_from(random.below(2 * most)).unwrap_or(0) - i64::try_from(most).unwrap_or(0)
}

fn below(random: &mut Seeded, bound: usize) -> usize {
    usize::try_from(random.below(bound as u64)).unwrap_or(0)
}
