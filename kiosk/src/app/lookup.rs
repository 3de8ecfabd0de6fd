//! Finding a visit by what stands on the paper: letter, lane if there is one, digits, code.
//!
//! Tickets that this kiosk issued itself are checked here by the hash of their code; for others
//! the authority is asked, and without a line the score is kept as provisional.

use std::collections::{BTreeMap, HashMap};

use domain::id::{GroupCode, TicketId};
use domain::queue::{KioskLane, SecretHash, TicketIssued, TicketLabel};
use domain::rating::TicketSecret;
use domain::time::BusinessDate;
use wire::event::VisitProof;

use super::event::{Looked, Touch};
use super::facts::HallFacts;
use super::score::VisitToScore;

/// Digits that a number has on paper, at least and at most.
const NUMBER_DIGITS_MIN: usize = 3;
const NUMBER_DIGITS_MAX: usize = 4;
/// Digits of the code.
pub const CODE_DIGITS: usize = 4;
/// Wrong codes after which a person must help, so that nobody tries all of them.
const TRIES_MAX: u8 = 5;
/// Lanes that are offered even when this hall has fewer kiosks.
const LANES_OFFERED_MIN: u8 = 3;

const NOT_FOUND: &str = "没找到这张号票。请再看一下票上的号码和 4 个数。";
const SCANNED: &str = "扫到了号票。请再输号码下面的 4 个数。";
const TOO_MANY: &str = "试了好几次都没找到。请点“号票不在手边”，叫人来看看。";

/// Tickets that this kiosk issued today: what is needed to check a code, never the code.
#[derive(Debug, Clone, Default)]
pub struct OwnTickets {
    by_label: BTreeMap<TicketLabel, (TicketId, SecretHash)>,
    by_token: HashMap<SecretHash, TicketLabel>,
}

impl OwnTickets {
    /// Remembers an issued ticket.
    pub fn remember(&mut self, issued: &TicketIssued) {
        let (label, code_hash) = (issued.label.clone(), issued.code_hash);
        self.by_token.insert(issued.token_hash, label.clone());
        self.by_label.insert(label, (issued.ticket, code_hash));
    }

    /// The number on the slip whose code has this token, if it is ours.
    #[must_use]
    pub fn label_of(&self, token: &TicketSecret) -> Option<TicketLabel> {
        self.by_token.get(&token.token_hash()).cloned()
    }

    /// Forgets all, when the day ends.
    pub fn clear(&mut self) {
        self.by_label.clear();
        self.by_token.clear();
    }

    /// `None` when the ticket is not ours; else whether the code is right.
    fn check(&self, label: &TicketLabel, code: &TicketSecret) -> Option<Result<TicketId, ()>> {
        let (ticket, hash) = self.by_label.get(label)?;
        Some(if code.code_hash(*ticket) == *hash {
            Ok(*ticket)
        } else {
            Err(())
        })
    }
}

/// Which part is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LookupPart {
    /// The letter, with the lane.
    #[default]
    Letter,
    /// The digits of the number.
    Number,
    /// The code beside it.
    Code,
}

/// The page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lookup {
    /// Which part is asked for.
    pub part: LookupPart,
    /// The letter.
    pub prefix: Option<char>,
    /// The lane, if the number has one.
    pub lane: Option<KioskLane>,
    /// Digits of the number so far.
    pub number: String,
    /// Digits of the code so far.
    pub code: String,
    /// What to say, if something must be said.
    pub message: Option<String>,
    /// The authority is being asked: touches wait.
    pub is_asking: bool,
    /// Wrong codes so far.
    pub tries: u8,
}

/// What a touch on the page leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LookupStep {
    /// The page changed, or not.
    Stay,
    /// The person went back before the first part.
    Left,
    /// The authority must be asked.
    Ask {
        /// The number.
        label: TicketLabel,
        /// The code.
        code: TicketSecret,
    },
}

/// Letters that can stand on a paper: the groups' and the one of priority.
#[must_use]
pub fn letters(facts: &HallFacts) -> Vec<(char, String)> {
    let groups = facts
        .groups()
        .map(|(code, group)| (code.letter(), group.name.clone()));
    let mut letters: Vec<_> = groups.collect();
    if let Some((first, _)) = facts.groups().next() {
        letters.push((TicketLabel::prefix_for(first, true), "优先号".to_owned()));
    }
    letters
}

/// Lanes that can stand on a paper.
#[must_use]
pub fn lanes(own: KioskLane) -> Vec<KioskLane> {
    (1..=own.0.max(LANES_OFFERED_MIN)).map(KioskLane).collect()
}

impl Lookup {
    /// The page of a number that is known: its code is asked for.
    #[must_use]
    pub fn of_label(label: &TicketLabel) -> Self {
        let (prefix, lane, number) = match label {
            TicketLabel::Assigned { prefix, number } => (*prefix, None, *number),
            TicketLabel::Lane {
                prefix,
                lane,
                number,
            } => (*prefix, Some(*lane), *number),
        };
        Self {
            part: LookupPart::Code,
            prefix: Some(prefix),
            lane,
            number: format!("{number:0NUMBER_DIGITS_MIN$}"),
            message: Some(SCANNED.to_owned()),
            ..Self::default()
        }
    }

    /// The code came with the number.
    pub fn code_told(&mut self, digits: &str, own: &OwnTickets) -> LookupStep {
        digits
            .bytes()
            .for_each(|digit| self.typed(digit.wrapping_sub(b'0')));
        self.go_on(own)
    }

    /// Whether the four digits are asked for.
    #[must_use]
    pub fn asks_for_code(&self) -> bool {
        self.part == LookupPart::Code && !self.is_asking
    }

    /// A touch on this page.
    pub fn touched(
        &mut self,
        touch: &Touch,
        facts: &HallFacts,
        own_lane: KioskLane,
        own: &OwnTickets,
    ) -> LookupStep {
        if self.is_asking {
            return LookupStep::Stay;
        }
        match touch {
            Touch::Letter(index) => {
                self.prefix = letters(facts).get(*index).map(|(letter, _)| *letter);
                self.part = LookupPart::Number;
            }
            Touch::Lane(index) => {
                self.lane = index
                    .checked_sub(1)
                    .and_then(|i| lanes(own_lane).get(i).copied());
            }
            Touch::Digit(digit) => self.typed(*digit),
            Touch::Erase => drop(self.digits().pop()),
            Touch::Clear => self.digits().clear(),
            Touch::Back => return self.back(),
            Touch::Continue => return self.go_on(own),
            _ => {}
        }
        LookupStep::Stay
    }

    /// Whether the part is complete.
    #[must_use]
    pub fn can_continue(&self) -> bool {
        match self.part {
            LookupPart::Letter => false,
            LookupPart::Number => self.label().is_some(),
            LookupPart::Code => self.code.len() == CODE_DIGITS && !self.is_asking,
        }
    }

    fn digits(&mut self) -> &mut String {
        self.message = None;
        match self.part {
            LookupPart::Letter | LookupPart::Number => &mut self.number,
            LookupPart::Code => &mut self.code,
        }
    }

    fn typed(&mut self, digit: u8) {
        let digits_max = match self.part {
            LookupPart::Letter => 0,
            LookupPart::Number => NUMBER_DIGITS_MAX,
            LookupPart::Code => CODE_DIGITS,
        };
        let digits = self.digits();
        if digits.len() < digits_max && digit <= 9 {
            digits.push(char::from(b'0' + digit));
        }
    }

    /// The number as typed, once it is one.
    #[must_use]
    pub fn label(&self) -> Option<TicketLabel> {
        let prefix = self.prefix?;
        if self.number.len() < NUMBER_DIGITS_MIN {
            return None;
        }
        let text = match self.lane {
            Some(lane) => format!("{prefix}-{lane}-{}", self.number),
            None => format!("{prefix}{}", self.number),
        };
        text.parse().ok()
    }

    fn back(&mut self) -> LookupStep {
        self.message = None;
        self.part = match self.part {
            LookupPart::Letter => return LookupStep::Left,
            LookupPart::Number => LookupPart::Letter,
            LookupPart::Code => LookupPart::Number,
        };
        LookupStep::Stay
    }

    fn go_on(&mut self, own: &OwnTickets) -> LookupStep {
        let Some(label) = self.label().filter(|_| self.can_continue()) else {
            return LookupStep::Stay;
        };
        if self.part == LookupPart::Number {
            self.part = LookupPart::Code;
            return LookupStep::Stay;
        }
        if self.tries >= TRIES_MAX {
            self.message = Some(TOO_MANY.to_owned());
            return LookupStep::Stay;
        }
        let code = TicketSecret(self.code.clone());
        if own.check(&label, &code) == Some(Err(())) {
            self.failed(NOT_FOUND);
            return LookupStep::Stay;
        }
        self.is_asking = true;
        LookupStep::Ask { label, code }
    }

    fn failed(&mut self, message: &str) {
        self.tries += 1;
        self.code.clear();
        self.message = Some(message.to_owned());
    }

    /// The authority's answer: a visit to score, or `None` and a message.
    pub fn looked(
        &mut self,
        looked: Looked,
        facts: &HallFacts,
        own: &OwnTickets,
        day: BusinessDate,
    ) -> Option<VisitToScore> {
        if !std::mem::take(&mut self.is_asking) {
            return None;
        }
        let label = self.label()?;
        let code = TicketSecret(self.code.clone());
        let (proof, matter, window) = match looked {
            Looked::Found(found) => {
                let proof = VisitProof::CodeChecked {
                    ticket: found.ticket,
                };
                (proof, found.group_name, Some(found.window))
            }
            Looked::Refused(message) => {
                self.failed(&message);
                return None;
            }
            Looked::NobodyToAsk => {
                let proof = match own.check(&label, &code) {
                    Some(Ok(ticket)) => VisitProof::CodeChecked { ticket },
                    _ => VisitProof::CodeUnchecked {
                        label: label.clone(),
                        day,
                        code,
                    },
                };
                (proof, self.matter(facts), None)
            }
        };
        Some(VisitToScore {
            proof,
            label,
            matter,
            window,
            clerk_no: None,
        })
    }

    fn matter(&self, facts: &HallFacts) -> String {
        let group = self.prefix.and_then(|letter| GroupCode::new(letter).ok());
        let named = facts.groups().find(|(code, _)| Some(*code) == group);
        named
            .map(|(_, group)| group.name.clone())
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::sample;

    const LANE: KioskLane = KioskLane(2);

    fn typed(page: &mut Lookup, own: &OwnTickets, touches: &[Touch]) -> LookupStep {
        let facts = sample::facts();
        let mut last = LookupStep::Stay;
        for touch in touches {
            last = page.touched(touch, &facts, LANE, own);
        }
        last
    }

    fn number_and_code(digits: &str, code: &str) -> Vec<Touch> {
        let digit = |c: char| Touch::Digit(u8::try_from(c.to_digit(10).unwrap()).unwrap());
        let mut touches: Vec<_> = digits.chars().map(digit).collect();
        touches.push(Touch::Continue);
        touches.extend(code.chars().map(digit));
        touches.push(Touch::Continue);
        touches
    }

    fn own_ticket() -> (OwnTickets, TicketId) {
        let ticket = TicketId(uuid::Uuid::from_u128(8));
        let mut own = OwnTickets::default();
        own.remember(&TicketIssued {
            ticket,
            code_hash: TicketSecret("4711".into()).code_hash(ticket),
            ..sample::paper("A-K2-001")
        });
        (own, ticket)
    }

    #[test]
    fn a_plain_number_is_asked_for_with_its_code() {
        let own = OwnTickets::default();
        let mut page = Lookup::default();
        let mut touches = vec![Touch::Letter(0)];
        touches.extend(number_and_code("012", "0417"));
        let LookupStep::Ask { label, code } = typed(&mut page, &own, &touches) else {
            panic!()
        };
        assert_eq!(
            (label.to_string().as_str(), code.0.as_str()),
            ("A012", "0417")
        );
        assert!(page.is_asking);
        let refused = Looked::Refused("这次已经打过分了，谢谢您。".into());
        let day = sample::facts().day(sample::around(0).wall);
        assert_eq!(page.looked(refused, &sample::facts(), &own, day), None);
        assert_eq!(page.message.as_deref(), Some("这次已经打过分了，谢谢您。"));
        assert_eq!(page.code, "", "the code must be typed again");
    }

    #[test]
    fn a_wrong_code_of_our_own_slip_is_refused_without_asking_and_only_five_times() {
        let (own, _) = own_ticket();
        let mut page = Lookup::default();
        let mut touches = vec![Touch::Lane(2), Touch::Letter(0)];
        touches.extend(number_and_code("001", "0000"));
        assert_eq!(typed(&mut page, &own, &touches), LookupStep::Stay);
        assert_eq!(page.message.as_deref(), Some(NOT_FOUND));
        for _ in 0..TRIES_MAX {
            typed(&mut page, &own, &number_and_code("", "0000")[1..]);
        }
        assert_eq!(page.message.as_deref(), Some(TOO_MANY));
        typed(&mut page, &own, &[Touch::Clear]);
        let right = number_and_code("", "4711");
        assert_eq!(
            typed(&mut page, &own, &right[1..]),
            LookupStep::Stay,
            "no more tries"
        );
    }

    #[test]
    fn without_a_line_our_own_slip_is_checked_and_another_one_is_provisional() {
        let (own, ticket) = own_ticket();
        let day = sample::facts().day(sample::around(0).wall);
        let mut page = Lookup::default();
        let mut touches = vec![Touch::Lane(2), Touch::Letter(0)];
        touches.extend(number_and_code("001", "4711"));
        assert!(matches!(
            typed(&mut page, &own, &touches),
            LookupStep::Ask { .. }
        ));
        let visit = page
            .looked(Looked::NobodyToAsk, &sample::facts(), &own, day)
            .unwrap();
        assert_eq!(visit.proof, VisitProof::CodeChecked { ticket });
        let mut page = Lookup::default();
        let mut touches = vec![Touch::Letter(1)];
        touches.extend(number_and_code("007", "4711"));
        typed(&mut page, &own, &touches);
        let visit = page
            .looked(Looked::NobodyToAsk, &sample::facts(), &own, day)
            .unwrap();
        assert!(matches!(visit.proof, VisitProof::CodeUnchecked { .. }));
        assert_eq!(visit.matter, "试验事项二");
    }

    #[test]
    fn back_goes_part_by_part_and_then_leaves() {
        let own = OwnTickets::default();
        let mut page = Lookup::default();
        let mut touches = vec![Touch::Letter(0)];
        touches.extend(number_and_code("012", "1"));
        typed(&mut page, &own, &touches);
        assert_eq!(typed(&mut page, &own, &[Touch::Back]), LookupStep::Stay);
        assert_eq!(page.part, LookupPart::Number);
        assert_eq!(
            typed(&mut page, &own, &[Touch::Back, Touch::Back]),
            LookupStep::Left
        );
    }
}
