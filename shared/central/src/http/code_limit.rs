//! How often wrong codes may be tried at the glass, counted in memory: three times for one number
//! (kiosk-flows F9) and for one time of appointments, so that nobody finds the four digits of
//! somebody else, and ten times at one device, so that nobody goes through the numbers. Asking where
//! a case stands is stricter: after three misses the device waits as well as the case's number. The
//! phone page needs no such limit: a token of 128 bits is not guessed.

use std::collections::BTreeMap;
use std::sync::Mutex;

use domain::id::{DeviceId, HallId};
use domain::queue::{BookedSlot, TicketLabel};
use domain::time::UtcMs;
use wire::problem::{Problem, ProblemCode};

/// Wrong codes for one thing, and for how long it then waits.
const THING: Limit = Limit {
    count_max: 3,
    ms: 10 * 60_000,
};
/// Wrong codes at one device, and within what time.
const DEVICE: Limit = Limit {
    count_max: 10,
    ms: 5 * 60_000,
};
const LOCK: &str = "the count of wrong codes, because no holder panics";

#[derive(Debug, Clone, Copy)]
struct Limit {
    count_max: u32,
    ms: i64,
}

/// What a code was tried for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum CodeOf {
    /// A number of a hall, whichever device it is typed at.
    Number(HallId, String),
    /// A time of appointments, at this device: many people share it, and the other kiosks go on.
    Slot(DeviceId, BookedSlot),
    /// The number of a case, as typed: whether there is such a case, the count must not tell.
    Case(String),
}

impl CodeOf {
    pub(super) fn number(hall: HallId, label: &TicketLabel) -> Self {
        Self::Number(hall, label.to_string())
    }

    fn sentence(&self) -> &'static str {
        match self {
            Self::Number(..) => {
                "这个号的数字输错三次了。请过十分钟再试，或用手机扫小票上的码，也可以找工作人员。"
            }
            Self::Slot(..) => {
                "这个时间的数字输错三次了。请过十分钟再试，或直接取号，也可以找工作人员。"
            }
            Self::Case(_) => "这个编号输错三次了。请过十分钟再试，也可以找工作人员。",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Tried {
    At(DeviceId),
    CaseAt(DeviceId),
    For(CodeOf),
}

impl Tried {
    /// What a code for something counts for when it is tried at a device.
    fn both(device: DeviceId, code_of: &CodeOf) -> [Self; 2] {
        let at = match code_of {
            CodeOf::Case(_) => Self::CaseAt(device),
            CodeOf::Number(..) | CodeOf::Slot(..) => Self::At(device),
        };
        [Self::For(code_of.clone()), at]
    }

    fn limit(&self) -> Limit {
        match self {
            Self::At(_) => DEVICE,
            Self::CaseAt(_) | Self::For(_) => THING,
        }
    }

    fn sentence(&self) -> &'static str {
        match self {
            Self::At(_) => "输错太多次了，请过几分钟再试，或找工作人员。",
            Self::CaseAt(_) => "这台机器上输错三次了。请过十分钟再试，也可以找工作人员。",
            Self::For(code_of) => code_of.sentence(),
        }
    }
}

/// Whether a wrong code was the last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrong {
    /// It may be tried again.
    MayTryAgain,
    /// It now waits: this goes into the audit trail.
    MustWait,
}

/// The counts.
#[derive(Debug, Default)]
pub struct CodeLimit {
    wrong: Mutex<BTreeMap<Tried, (u32, UtcMs)>>,
}

impl CodeLimit {
    /// Whether a code for this may be tried at this device.
    ///
    /// # Errors
    /// `TooMany`, in words for who stands there.
    pub(super) fn check(
        &self,
        device: DeviceId,
        code_of: &CodeOf,
        now: UtcMs,
    ) -> Result<(), Problem> {
        let mut wrong = self.wrong.lock().expect(LOCK);
        wrong.retain(|tried, (_, since)| now.ms_since(*since) < tried.limit().ms);
        let is_over = |tried: &Tried| {
            let count = wrong.get(tried).map_or(0, |(count, _)| *count);
            count >= tried.limit().count_max
        };
        match Tried::both(device, code_of)
            .iter()
            .find(|tried| is_over(tried))
        {
            Some(tried) => Err(Problem::new(ProblemCode::TooMany, tried.sentence())),
            None => Ok(()),
        }
    }

    /// A code was wrong.
    pub(super) fn wrong(&self, device: DeviceId, code_of: &CodeOf, now: UtcMs) -> Wrong {
        let mut wrong = self.wrong.lock().expect(LOCK);
        let mut outcome = Wrong::MayTryAgain;
        for tried in Tried::both(device, code_of) {
            let limit = tried.limit();
            let (count, _) = wrong.entry(tried).or_insert((0, now));
            *count += 1;
            if *count == limit.count_max {
                outcome = Wrong::MustWait;
            }
        }
        outcome
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const HALL: HallId = HallId(Uuid::from_u128(1));

    fn device(number: u128) -> DeviceId {
        DeviceId(Uuid::from_u128(number))
    }

    fn number(text: &str) -> CodeOf {
        CodeOf::number(HALL, &text.parse().unwrap())
    }

    #[test]
    fn a_number_waits_ten_minutes_after_its_third_wrong_code_whichever_devices_it_was_at() {
        let limit = CodeLimit::default();
        let first = number("A001");
        for (at, outcome) in [
            (1, Wrong::MayTryAgain),
            (2, Wrong::MayTryAgain),
            (3, Wrong::MustWait),
        ] {
            assert!(limit.check(device(at), &first, UtcMs(0)).is_ok());
            assert_eq!(limit.wrong(device(at), &first, UtcMs(0)), outcome);
        }
        let check = |code_of: &CodeOf, now| limit.check(device(4), code_of, UtcMs(now));
        assert!(check(&first, THING.ms - 1).is_err());
        assert!(check(&number("A002"), THING.ms - 1).is_ok());
        assert!(check(&first, THING.ms).is_ok());
    }

    #[test]
    fn a_device_waits_after_ten_wrong_codes_for_whatever_numbers() {
        let limit = CodeLimit::default();
        for n in 1..=10 {
            limit.wrong(device(1), &number(&format!("A{n:03}")), UtcMs(0));
        }
        let check = |at, now| limit.check(device(at), &number("A999"), UtcMs(now));
        assert!(check(1, DEVICE.ms - 1).is_err());
        assert!(check(2, DEVICE.ms - 1).is_ok());
        assert!(check(1, DEVICE.ms).is_ok());
    }

    #[test]
    fn a_device_and_a_case_each_wait_after_three_misses() {
        let limit = CodeLimit::default();
        let case = |text: &str| CodeOf::Case(text.to_owned());
        for n in 1..=3 {
            limit.wrong(device(1), &case(&format!("A-{n}")), UtcMs(0));
            limit.wrong(device(n + 1), &case("B"), UtcMs(0));
        }
        let check = |at, text, now| limit.check(device(at), &case(text), UtcMs(now));
        assert!(check(1, "A-9", THING.ms - 1).is_err(), "the device");
        assert!(check(9, "B", THING.ms - 1).is_err(), "the number");
        assert!(check(9, "A-1", THING.ms - 1).is_ok());
        assert!(check(1, "B", THING.ms).is_ok());
        assert!(limit.check(device(1), &number("A001"), UtcMs(0)).is_ok());
    }
}
