//! What a scanned code does: a slip's goes to its score, four digits go to the page that asks for them, a
//! telephone's says who one is where a card is waited for; everything else costs one sentence.

use kiosk_peripherals::scanner::{Recognised, ScanFault, recognise};
use wire::slip::ScannedSlip;

use super::{Effect, Kiosk, Lookup, LookupStep, Page, StationKind, Surroundings, Touch};
use crate::app::keys::Scan;

const TOO_LONG: &str = "这个码太长，不是号票上的码。请扫号票或手机上的二维码";
const UNKNOWN: &str = "扫到了一个码，这一页用不上它。请点屏幕上您要办的事";
const ABSENT: &str = "扫码器没有接上。请在屏幕上输入号票上的号码";
const CHECK_IN: &str = "扫到了。签到请点您约的时间，再输纸上的 4 个数";
const BY_HAND: &str = "扫到了号票。请照着号票输号码和 4 个数";

impl Kiosk {
    /// A code was scanned, or there is something to say about the scanner.
    pub(super) fn scanned(
        &mut self,
        scan: Result<Scan, ScanFault>,
        around: &Surroundings,
    ) -> Vec<Effect> {
        if !matches!(self.station.kind, StationKind::Hall { .. }) {
            return Vec::new();
        }
        self.somebody_is_here(around);
        let scan = match scan {
            Ok(scan) => scan,
            Err(ScanFault::Absent) => return self.say_of_scan(ABSENT),
            Err(ScanFault::TooLong | ScanFault::Unknown) => return self.say_of_scan(TOO_LONG),
        };
        match recognise(&scan) {
            Ok(Recognised::Slip(slip)) => self.slip_scanned(&slip, &scan),
            Ok(Recognised::FourDigits(digits)) if self.asks_for_four_digits() => digits
                .bytes()
                .flat_map(|digit| self.page_touched(&Touch::Digit(digit - b'0'), around))
                .collect(),
            Err(_) if self.awaits_card() => self.phone_code_scanned(&scan),
            Ok(Recognised::FourDigits(_)) | Err(_) => self.say_of_scan(UNKNOWN),
        }
    }

    fn asks_for_four_digits(&self) -> bool {
        match self.session.as_ref().map(|session| &session.page) {
            Some(Page::Lookup(lookup)) => lookup.asks_for_code(),
            Some(Page::Appointment(appointment)) => appointment.is_private(),
            _ => false,
        }
    }

    /// A slip says which number is meant; one of a kiosk's own lane says its four digits too.
    fn slip_scanned(&mut self, slip: &ScannedSlip, scan: &Scan) -> Vec<Effect> {
        let own_label = self.own_tickets.label_of(&slip.token);
        match self.session.as_ref().map(|session| &session.page) {
            Some(Page::Appointment(_)) => return self.say_of_scan(CHECK_IN),
            Some(Page::Slip { .. } | Page::Kept { .. } | Page::Scoring(_) | Page::Thanks(_)) => {
                return self.say_of_scan(UNKNOWN);
            }
            _ => {}
        }
        let issued = slip.issued.as_ref();
        let label = issued.map(|issued| issued.label.clone()).or(own_label);
        let Some(label) = label else {
            self.show_lookup(Lookup::default());
            return self.say_of_scan(BY_HAND);
        };
        let mut lookup = Lookup::of_label(&label);
        let digits = issued.and_then(|_| scan.text().rsplit('.').next());
        let step = digits.map(|digits| lookup.code_told(digits, &self.own_tickets));
        self.show_lookup(lookup);
        match step {
            Some(LookupStep::Ask { label, code }) => vec![Effect::FindVisit { label, code }],
            _ => Vec::new(),
        }
    }

    /// The page of before stays behind it, but no second one of its kind.
    fn show_lookup(&mut self, lookup: Lookup) {
        let Some(session) = &mut self.session else {
            return;
        };
        match &mut session.page {
            Page::Lookup(shown) => *shown = lookup,
            _ => session.go_to(Page::Lookup(lookup)),
        }
    }

    fn say_of_scan(&mut self, sentence: &'static str) -> Vec<Effect> {
        if let Some(session) = &mut self.session {
            session.note = Some(sentence);
        }
        Vec::new()
    }
}
