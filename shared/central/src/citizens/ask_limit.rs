//! How often a kiosk may ask for citizens, and how often somebody may be called back at one number:
//! counted in memory, so a restart begins anew. What is kept of a number is its keyed hash.

use std::collections::BTreeMap;
use std::sync::Mutex;

use domain::id::DeviceId;
use domain::time::UtcMs;
use wire::problem::{Problem, ProblemCode};

/// What one kiosk may ask: a citizen needs about one minute for each.
const DEVICE: Limit = Limit {
    count_max: 30,
    ms: 10 * 60_000,
};
/// What may be asked for one telephone.
const PHONE: Limit = Limit {
    count_max: 3,
    ms: 24 * 60 * 60_000,
};
const LOCK: &str = "the count of what was asked, because no holder panics";

#[derive(Debug, Clone, Copy)]
struct Limit {
    count_max: u32,
    ms: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Asker {
    Device(DeviceId),
    Phone(String),
}

impl Asker {
    fn limit(&self) -> Limit {
        match self {
            Self::Device(_) => DEVICE,
            Self::Phone(_) => PHONE,
        }
    }
}

/// The counts.
#[derive(Debug, Default)]
pub(crate) struct AskLimit {
    asked: Mutex<BTreeMap<Asker, (u32, UtcMs)>>,
}

impl AskLimit {
    /// # Errors
    /// `TooMany` for more than 30 in ten minutes.
    pub(super) fn count_device(&self, device: DeviceId, now: UtcMs) -> Result<(), Problem> {
        let sentence = "这台机器上查得太多了，请过几分钟再试，或找工作人员。";
        self.count(Asker::Device(device), sentence, now)
    }

    /// # Errors
    /// `TooMany` for more than 3 in a day.
    pub(super) fn count_phone(&self, hash: String, now: UtcMs) -> Result<(), Problem> {
        let sentence = "这个手机号今天已经留过三次了，会有人回电。着急请到窗口办。";
        self.count(Asker::Phone(hash), sentence, now)
    }

    fn count(&self, asker: Asker, sentence: &str, now: UtcMs) -> Result<(), Problem> {
        let mut asked = self.asked.lock().expect(LOCK);
        asked.retain(|asker, (_, since)| now.ms_since(*since) < asker.limit().ms);
        let limit = asker.limit();
        let (count, _) = asked.entry(asker).or_insert((0, now));
        if *count >= limit.count_max {
            return Err(Problem::new(ProblemCode::TooMany, sentence));
        }
        *count += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_taken_three_times_a_day_and_another_one_still_is() {
        let limit = AskLimit::default();
        let count = |hash: &str, now| limit.count_phone(hash.to_owned(), UtcMs(now));
        for _ in 0..3 {
            assert!(count("a", 0).is_ok());
        }
        assert!(count("a", PHONE.ms - 1).is_err());
        assert!(count("b", PHONE.ms - 1).is_ok());
        assert!(count("a", PHONE.ms).is_ok());
    }
}
