//! The service page: for technicians, behind five touches of the mark and a PIN. It stands outside
//! a citizen's session and sees nothing of one. Whether the PIN is right, and how long a wrong one
//! is made to wait, the worker says, which alone sees what is stored.

use std::time::Duration;

use kiosk_peripherals::printing::{Outcome, Trouble};
use zeroize::Zeroizing;

use super::effect::Effect;
use super::event::ServiceTouch;

/// Touches of the mark, and within what time.
const MARK_TOUCHES: u8 = 5;
const MARK_TIME: Duration = Duration::from_secs(4);
/// Digits of a PIN, at least and at most.
pub const PIN_DIGITS: std::ops::RangeInclusive<usize> = 6..=12;
/// Digits of an enrolment code.
const CODE_DIGITS: usize = 8;
/// Without a touch for so long the page closes itself.
const OPEN_TIME: Duration = Duration::from_mins(2);
/// What is said while devices are tried, and of the test slip.
const DEVICES: &str = "设备";
const TEST_PAPER: &str = "试纸";
/// Cells of the glass, across and in all.
pub const CELLS_ACROSS: usize = 6;
const CELLS: usize = CELLS_ACROSS * 8;

/// Digits on their way to be checked. They are wiped when they are dropped and never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Digits(Zeroizing<String>);

impl Digits {
    /// The digits.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Digits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Digits(…)")
    }
}

/// Whether somebody may go in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinAnswer {
    /// Yes.
    Right,
    /// No; a wrong one again has to wait for so long.
    Wrong(Duration),
    /// A wrong one was told before; so long is left.
    Wait(Duration),
    /// Nobody has set one.
    NotSet,
    /// What is stored cannot be read or written.
    Unreadable,
}

/// One thing of the machine, and whether it is well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// 网络, 打印机 …
    pub name: String,
    /// How it is and, if it is not well, what to do.
    pub words: String,
    /// Whether it is well.
    pub is_well: bool,
}

/// The machine as the worker sees it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MachineSeen {
    /// What it is made of.
    pub checks: Vec<Check>,
    /// What went wrong lately, newest first; no personal data.
    pub reports: Vec<String>,
    /// Whether there is a printer to try.
    pub can_print: bool,
}

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// Who is there?
    Pin(Typing),
    /// What works.
    Checks,
    /// Which cells of the glass have answered.
    Glass(Vec<bool>),
    /// What went wrong lately.
    Reports,
    /// A new enrolment code.
    Enrol(Typing),
}

/// Digits being typed, and what was said of the last ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typing {
    digits: Digits,
    /// What was answered.
    pub note: Option<String>,
    /// An answer is awaited.
    pub is_asking: bool,
}

impl Typing {
    fn new() -> Self {
        Self {
            // Never grows past its first place, so no half of it is left behind.
            digits: Digits(Zeroizing::new(String::with_capacity(16))),
            note: None,
            is_asking: false,
        }
    }

    /// How many digits there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.digits.0.len()
    }

    /// The digits, for a code that is no secret once it is used.
    #[must_use]
    pub fn text(&self) -> &str {
        self.digits.text()
    }

    fn touched(&mut self, touch: ServiceTouch, most: usize) {
        if self.is_asking {
            return;
        }
        match touch {
            ServiceTouch::Digit(digit) if digit <= 9 && self.count() < most => {
                self.digits.0.push(char::from(b'0' + digit));
            }
            ServiceTouch::Erase => {
                self.digits.0.pop();
            }
            ServiceTouch::Clear => self.digits.0.clear(),
            _ => {}
        }
    }

    /// Takes the digits out, to be asked about.
    fn take(&mut self) -> Digits {
        self.is_asking = true;
        self.note = None;
        std::mem::replace(&mut self.digits, Self::new().digits)
    }
}

/// Touches of the mark.
#[derive(Debug, Clone, Copy, Default)]
pub struct Gesture {
    first: Duration,
    touches: u8,
}

impl Gesture {
    /// One touch more; true when they were enough, fast enough.
    pub fn touched(&mut self, now: Duration) -> bool {
        if self.touches == 0 || now.saturating_sub(self.first) > MARK_TIME {
            self.first = now;
            self.touches = 0;
        }
        self.touches += 1;
        let is_asked = self.touches >= MARK_TOUCHES;
        if is_asked {
            self.touches = 0;
        }
        is_asked
    }
}

/// The open page.
#[derive(Debug)]
pub struct ServiceDesk {
    /// What it shows.
    pub stage: Stage,
    /// The machine, once the worker has looked.
    pub machine: MachineSeen,
    last_touch: Duration,
}

impl ServiceDesk {
    /// Somebody touched the mark five times.
    #[must_use]
    pub fn new(now: Duration) -> Self {
        Self {
            stage: Stage::Pin(Typing::new()),
            machine: MachineSeen::default(),
            last_touch: now,
        }
    }

    /// Whether nobody has touched it for a while.
    #[must_use]
    pub fn is_over(&self, now: Duration) -> bool {
        now.saturating_sub(self.last_touch) >= OPEN_TIME
    }

    /// Whether the digits are enough to be asked about.
    #[must_use]
    pub fn can_submit(&self) -> bool {
        match &self.stage {
            Stage::Pin(typing) => !typing.is_asking && PIN_DIGITS.contains(&typing.count()),
            Stage::Enrol(typing) => !typing.is_asking && typing.count() == CODE_DIGITS,
            Stage::Checks | Stage::Glass(_) | Stage::Reports => false,
        }
    }

    /// Takes a touch; leaving is the kiosk's.
    pub fn touched(&mut self, touch: ServiceTouch, now: Duration) -> Option<Effect> {
        self.last_touch = now;
        let can_submit = self.can_submit();
        match &mut self.stage {
            Stage::Pin(typing) if touch == ServiceTouch::Submit => {
                return can_submit.then(|| Effect::CheckPin(typing.take()));
            }
            Stage::Enrol(typing) if touch == ServiceTouch::Submit => {
                return can_submit.then(|| Effect::EnrolAnew(typing.take()));
            }
            Stage::Pin(typing) => typing.touched(touch, *PIN_DIGITS.end()),
            Stage::Enrol(typing) => match touch {
                ServiceTouch::Checks if !typing.is_asking => return Some(self.look()),
                _ => typing.touched(touch, CODE_DIGITS),
            },
            Stage::Glass(cells) => match touch {
                ServiceTouch::Cell(cell) if cell < cells.len() => cells[cell] = true,
                ServiceTouch::Checks => return Some(self.look()),
                _ => {}
            },
            Stage::Reports => {
                return (touch == ServiceTouch::Checks).then(|| self.look());
            }
            Stage::Checks => return self.checks_touched(touch),
        }
        None
    }

    fn checks_touched(&mut self, touch: ServiceTouch) -> Option<Effect> {
        match touch {
            ServiceTouch::Glass => self.stage = Stage::Glass(vec![false; CELLS]),
            ServiceTouch::Reports => self.stage = Stage::Reports,
            ServiceTouch::Enrol => self.stage = Stage::Enrol(Typing::new()),
            ServiceTouch::PrintTest if self.machine.can_print => {
                self.said_of(TEST_PAPER, "正在打印。".to_owned(), true);
                return Some(Effect::PrintTest);
            }
            ServiceTouch::TestDevices => {
                self.said_of(DEVICES, "正在一样一样地试，要几秒钟。".to_owned(), true);
                return Some(Effect::TestDevices);
            }
            ServiceTouch::Restart => return Some(Effect::Restart),
            _ => {}
        }
        None
    }

    fn look(&mut self) -> Effect {
        self.stage = Stage::Checks;
        Effect::LookAtMachine
    }

    /// The worker's answer about the PIN; looks at the machine when it was right.
    pub fn pin_checked(&mut self, answer: PinAnswer) -> Option<Effect> {
        let Stage::Pin(typing) = &mut self.stage else {
            return None;
        };
        typing.is_asking = false;
        typing.note = Some(match answer {
            PinAnswer::Right => return Some(self.look()),
            PinAnswer::Wrong(wait) if wait.is_zero() => "密码不对，请再输一次。".to_owned(),
            PinAnswer::Wrong(wait) => format!("密码不对。请等 {} 秒再输。", wait.as_secs()),
            PinAnswer::Wait(wait) => format!("错了好几次，还要等 {} 秒。", wait.as_secs()),
            PinAnswer::NotSet => {
                "这台机器还没有设维护密码。请在机房用命令设一个，设好再来。".to_owned()
            }
            PinAnswer::Unreadable => "维护密码的文件读不了。请检查数据文件夹。".to_owned(),
        });
        None
    }

    /// What became of the test slip.
    pub fn test_printed(&mut self, outcome: Outcome) {
        let (words, is_well) = match outcome {
            Outcome::Printed(None) => ("打好了。看得清、切得断，就是好的。".to_owned(), true),
            Outcome::Printed(Some(warning)) => (warning.to_string(), true),
            Outcome::Refused(trouble) => (trouble.remedy().to_owned(), false),
            Outcome::Unknown(trouble) => {
                let remedy = trouble.map_or("看看纸出来没有。", Trouble::remedy);
                (format!("没有回话。{remedy}"), false)
            }
        };
        self.said_of(TEST_PAPER, words, is_well);
    }

    /// How every device is.
    pub fn devices_tested(&mut self, checks: Vec<Check>) {
        self.machine.checks.retain(|check| check.name != DEVICES);
        for check in checks {
            self.said_of(&check.name, check.words, check.is_well);
        }
    }

    /// Says something of one thing, in the place of what was said of it before.
    fn said_of(&mut self, name: &str, words: String, is_well: bool) {
        let check = Check {
            name: name.to_owned(),
            words,
            is_well,
        };
        let checks = &mut self.machine.checks;
        match checks.iter_mut().find(|known| known.name == name) {
            Some(known) => *known = check,
            None => checks.push(check),
        }
    }

    /// Why the machine could not be made ready to enrol anew.
    pub fn not_enrolled(&mut self, why: String) {
        if let Stage::Enrol(typing) = &mut self.stage {
            typing.is_asking = false;
            typing.note = Some(why);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn typed(desk: &mut ServiceDesk, digits: &[u8]) -> Option<Effect> {
        for digit in digits {
            assert_eq!(desk.touched(ServiceTouch::Digit(*digit), s(1)), None);
        }
        desk.touched(ServiceTouch::Submit, s(1))
    }

    fn inside() -> ServiceDesk {
        let mut desk = ServiceDesk::new(s(0));
        typed(&mut desk, &[1, 2, 3, 4, 5, 6]);
        assert_eq!(
            desk.pin_checked(PinAnswer::Right),
            Some(Effect::LookAtMachine)
        );
        desk
    }

    #[test]
    fn five_quick_touches_of_the_mark_ask_for_the_pin_and_slow_ones_do_not() {
        let mut quick = Gesture::default();
        let asked: Vec<_> = (0..5).map(|second| quick.touched(s(second) / 2)).collect();
        assert_eq!(asked, [false, false, false, false, true]);
        let mut slow = Gesture::default();
        assert!(!(0..40).any(|touch| slow.touched(s(touch * 2))));
    }

    #[test]
    fn a_pin_of_too_few_digits_is_not_even_asked_about() {
        let mut desk = ServiceDesk::new(s(0));
        assert_eq!(typed(&mut desk, &[1, 2, 3, 4, 5]), None);
        let asked = typed(&mut desk, &[6]).unwrap();
        let Effect::CheckPin(digits) = &asked else {
            panic!("{asked:?}");
        };
        assert_eq!(digits.text(), "123456");
        assert!(!format!("{asked:?} {desk:?}").contains("123456"));
    }

    #[test]
    fn nothing_but_digits_works_before_the_pin_was_right() {
        let mut desk = ServiceDesk::new(s(0));
        for touch in [
            ServiceTouch::Restart,
            ServiceTouch::Enrol,
            ServiceTouch::Reports,
            ServiceTouch::Checks,
        ] {
            assert_eq!(desk.touched(touch, s(1)), None);
            assert!(matches!(desk.stage, Stage::Pin(_)), "{touch:?}");
        }
        typed(&mut desk, &[1, 2, 3, 4, 5, 6]);
        desk.pin_checked(PinAnswer::Wrong(s(60)));
        let Stage::Pin(typing) = &desk.stage else {
            panic!("{:?}", desk.stage);
        };
        assert!(typing.note.as_ref().unwrap().contains("60 秒"));
        assert_eq!(typing.count(), 0, "wrong digits do not stay");
    }

    #[test]
    fn touched_cells_of_the_glass_stay_marked() {
        let mut desk = inside();
        desk.touched(ServiceTouch::Glass, s(2));
        desk.touched(ServiceTouch::Cell(7), s(2));
        desk.touched(ServiceTouch::Cell(9_999), s(2));
        let Stage::Glass(cells) = &desk.stage else {
            panic!("{:?}", desk.stage);
        };
        assert!(cells[7] && cells.iter().filter(|cell| **cell).count() == 1);
    }

    fn said_of(desk: &ServiceDesk, name: &str) -> (String, bool) {
        let check = desk.machine.checks.iter().find(|it| it.name == name);
        let check = check.unwrap_or_else(|| panic!("{name} in {:?}", desk.machine.checks));
        (check.words.clone(), check.is_well)
    }

    #[test]
    fn every_device_is_tried_on_the_page_and_says_what_to_do() {
        let mut desk = inside();
        desk.machine.checks = vec![Check {
            name: "打印机".into(),
            words: "装了".into(),
            is_well: true,
        }];
        let tried = desk.touched(ServiceTouch::TestDevices, s(2));
        assert_eq!(tried, Some(Effect::TestDevices));
        assert!(said_of(&desk, DEVICES).0.contains("正在"));
        desk.devices_tested(vec![Check {
            name: "打印机".into(),
            words: Trouble::PaperOut.remedy().into(),
            is_well: false,
        }]);
        assert_eq!(desk.machine.checks.len(), 1, "{:?}", desk.machine.checks);
        let (words, is_well) = said_of(&desk, "打印机");
        assert!(words.contains("换一卷热敏纸") && !is_well);
    }

    #[test]
    fn a_test_slip_is_printed_where_there_is_a_printer_and_its_outcome_told() {
        let mut desk = inside();
        assert_eq!(desk.touched(ServiceTouch::PrintTest, s(2)), None);
        desk.machine.can_print = true;
        let asked = desk.touched(ServiceTouch::PrintTest, s(2));
        assert_eq!(asked, Some(Effect::PrintTest));
        for (outcome, words, is_well) in [
            (Outcome::Printed(None), "打好了", true),
            (Outcome::Refused(Trouble::CoverOpen), "合上盖子", false),
            (Outcome::Unknown(None), "看看纸出来没有", false),
        ] {
            desk.test_printed(outcome);
            let told = said_of(&desk, TEST_PAPER);
            assert!(told.0.contains(words) && told.1 == is_well, "{told:?}");
        }
    }

    #[test]
    fn the_page_closes_itself_after_two_minutes() {
        let mut desk = inside();
        desk.touched(ServiceTouch::Reports, s(10));
        assert!(!desk.is_over(s(129)));
        assert!(desk.is_over(s(130)));
    }

    #[test]
    fn an_enrolment_code_has_eight_digits() {
        let mut desk = inside();
        desk.touched(ServiceTouch::Enrol, s(2));
        assert_eq!(typed(&mut desk, &[1, 2, 3, 4, 5, 6, 7]), None);
        assert!(matches!(typed(&mut desk, &[8]), Some(Effect::EnrolAnew(_))));
        desk.not_enrolled("还有没送到中心的记录".into());
        assert!(!desk.can_submit());
    }
}
