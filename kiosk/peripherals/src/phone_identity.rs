//! Who shows an identity code on a phone (电子社保卡): the seam, and a twin for demonstrations.
//!
//! Such a code holds for a minute and says nothing by itself; the province's service is asked whose it is,
//! by a gateway and a contract that every centre has to get for itself. Here is only the question and the
//! answer, in the same [`Card`] as a card's, so that a page does not care where it came from. A code is a
//! person's: it is in a [`Scan`], which overwrites itself.

use std::time::Duration;

use thiserror::Error;
use tokio::time::sleep;

use crate::idcard::card::Card;
use crate::printer::Doing;
use crate::scanner::Scan;

/// What the codes of the twin begin with; no real code does.
const VIRTUAL_PREFIX: &str = "VIRTUAL-ID:";
/// As long as a service over a network takes.
const VIRTUAL_TAKES: Duration = Duration::from_millis(300);

/// Why nobody is known by a code; for the person who showed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PhoneFault {
    /// This machine asks no service.
    #[error("这台机器还不认手机上的码。请刷身份证，或者按“不刷证”继续。")]
    NotOffered,
    /// The code is none, or its minute is over.
    #[error("这个码过期了或者不对。请在手机上刷新，再扫一次。")]
    Refused,
    /// The service does not answer.
    #[error("核对手机码的服务没有回答。请刷身份证，或者按“不刷证”继续。")]
    Unreachable,
}

/// Tells whose code it is.
pub trait PhoneIdentity: Send {
    /// Asks the service. Dropped, the answer is not waited for.
    fn holder<'a>(&'a mut self, code: &'a Scan) -> Doing<'a, Result<Card, PhoneFault>>;
}

/// Where no service is asked.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoPhoneIdentity;

impl PhoneIdentity for NoPhoneIdentity {
    fn holder<'a>(&'a mut self, _code: &'a Scan) -> Doing<'a, Result<Card, PhoneFault>> {
        Box::pin(async { Err(PhoneFault::NotOffered) })
    }
}

/// A service that knows one person who does not exist, by the code `VIRTUAL-ID:` and their number.
#[derive(Debug)]
pub struct VirtualPhoneIdentity {
    known: Card,
    /// Whether it can be reached; touch it at any time.
    pub is_reachable: bool,
}

impl VirtualPhoneIdentity {
    /// A service that knows this card.
    #[must_use]
    pub fn knowing(card: Card) -> Self {
        Self {
            known: card,
            is_reachable: true,
        }
    }
}

impl PhoneIdentity for VirtualPhoneIdentity {
    fn holder<'a>(&'a mut self, code: &'a Scan) -> Doing<'a, Result<Card, PhoneFault>> {
        Box::pin(async move {
            sleep(VIRTUAL_TAKES).await;
            if !self.is_reachable {
                return Err(PhoneFault::Unreachable);
            }
            let number = code.text().strip_prefix(VIRTUAL_PREFIX);
            let is_known = number == Some(self.known.number.expose());
            is_known
                .then(|| self.known.clone())
                .ok_or(PhoneFault::Refused)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::idcard::invented;
    use crate::scanner::{Collector, recognise};

    fn scan(text: &str) -> Scan {
        let mut collector = Collector::new();
        let keys = text.chars().chain(['\r']);
        let mut scans = keys.filter_map(|key| collector.key(Duration::ZERO, key));
        scans.next().unwrap().unwrap()
    }

    #[tokio::test]
    async fn a_phones_code_gives_the_same_as_a_card() {
        let mut service = VirtualPhoneIdentity::knowing(invented());
        let code = scan("VIRTUAL-ID:999999190001010015");
        assert!(recognise(&code).is_err(), "it is no code of a slip");
        assert!(service.holder(&code).await.unwrap() == invented());
        let old = service.holder(&scan("VIRTUAL-ID:1")).await;
        assert_eq!(old, Err(PhoneFault::Refused));
        service.is_reachable = false;
        assert_eq!(service.holder(&code).await, Err(PhoneFault::Unreachable));
        let none = NoPhoneIdentity.holder(&code).await;
        assert_eq!(none, Err(PhoneFault::NotOffered));
    }
}
