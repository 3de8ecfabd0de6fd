//! What holds guessers up in memory: wrong sign-ins per address, and per name that nobody has. A
//! name that somebody has is counted in the store, so that a restart forgets nothing; both are
//! answered alike, so that nobody learns who has an account.

use std::collections::BTreeMap;
use std::sync::Mutex;

use domain::time::UtcMs;

use super::StaffRules;

/// Wrong sign-ins of one address within the time of a lock after which it waits: a hall behind one
/// address has many people.
const OF_ADDRESS_MAX: u32 = 40;
/// Most names, and most addresses, that are told apart; those beyond share one count.
const KEYS_MAX: usize = 1_000;

/// Counts of wrong sign-ins.
#[derive(Debug, Default)]
pub struct SignInLimit {
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    logins: Failures,
    addresses: Failures,
}

#[derive(Debug, Default)]
struct Failures(BTreeMap<String, (u32, UtcMs)>);

impl Failures {
    fn forget_before(&mut self, before: UtcMs) {
        self.0.retain(|_, (_, since)| *since > before);
    }

    fn key<'k>(&self, key: &'k str) -> &'k str {
        let is_new_and_full = self.0.len() >= KEYS_MAX && !self.0.contains_key(key);
        if is_new_and_full { "" } else { key }
    }

    fn add(&mut self, key: &str, now: UtcMs) {
        let key = self.key(key).to_owned();
        let (count, _) = self.0.entry(key).or_insert((0, now));
        *count = count.saturating_add(1);
    }

    /// Since when a key fails, if that was too often.
    fn since_if(&self, key: &str, failures_max: u32) -> Option<UtcMs> {
        let (count, since) = self.0.get(self.key(key))?;
        (*count >= failures_max).then_some(*since)
    }
}

const LOCK: &str = "the sign-in limit's lock, because no holder panics";

impl SignInLimit {
    /// Until when neither this name nor this address may try again.
    pub(super) fn waits_until(
        &self,
        login: &str,
        address: &str,
        rules: &StaffRules,
        now: UtcMs,
    ) -> Option<UtcMs> {
        let mut counts = self.counts.lock().expect(LOCK);
        let before = now.plus_ms(-rules.lock_ms);
        counts.logins.forget_before(before);
        counts.addresses.forget_before(before);
        let of_login = counts.logins.since_if(login, rules.lock_after);
        let of_address = counts.addresses.since_if(address, OF_ADDRESS_MAX);
        let since = of_login.max(of_address)?;
        Some(since.plus_ms(rules.lock_ms))
    }

    /// A wrong sign-in from an address.
    pub(super) fn address_failed(&self, address: &str, now: UtcMs) {
        self.counts.lock().expect(LOCK).addresses.add(address, now);
    }

    /// A wrong sign-in with a name that nobody has.
    pub(super) fn unknown_failed(&self, login: &str, now: UtcMs) {
        self.counts.lock().expect(LOCK).logins.add(login, now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::staff::tests::RULES;

    #[test]
    fn after_five_failures_a_name_waits_and_others_do_not() {
        let limit = SignInLimit::default();
        for _ in 0..RULES.lock_after {
            assert_eq!(limit.waits_until("a", "x", &RULES, UtcMs(0)), None);
            limit.unknown_failed("a", UtcMs(0));
        }
        let until = Some(UtcMs(RULES.lock_ms));
        assert_eq!(limit.waits_until("a", "x", &RULES, UtcMs(1)), until);
        assert_eq!(limit.waits_until("b", "x", &RULES, UtcMs(1)), None);
        assert_eq!(
            limit.waits_until("a", "x", &RULES, UtcMs(RULES.lock_ms)),
            None
        );
    }

    #[test]
    fn an_address_that_tries_many_names_waits_too() {
        let limit = SignInLimit::default();
        for _ in 0..OF_ADDRESS_MAX {
            limit.address_failed("10.0.0.9", UtcMs(5));
        }
        assert!(
            limit
                .waits_until("b", "10.0.0.9", &RULES, UtcMs(6))
                .is_some()
        );
        assert_eq!(limit.waits_until("b", "10.0.0.8", &RULES, UtcMs(6)), None);
    }

    #[test]
    fn however_many_names_are_tried_the_memory_is_bounded() {
        let limit = SignInLimit::default();
        for n in 0..3 * KEYS_MAX {
            limit.unknown_failed(&n.to_string(), UtcMs(0));
        }
        assert_eq!(limit.counts.lock().unwrap().logins.0.len(), KEYS_MAX + 1);
    }
}
