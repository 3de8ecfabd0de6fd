//! Keeping a time (约个时间) and taking it up (预约签到): the page's own state and its transitions.
//!
//! Only the authority keeps places. Without a line the page says so and offers an ordinary number;
//! every other no has its own sentence and the same way out. What is free, who is early and who is
//! late, the authority says.

use std::time::Duration;

use chrono::NaiveDate;
use domain::id::{GroupCode, WindowNo};
use domain::queue::{BookedSlot, CheckInSlots, FreeSlot};
use domain::rating::TicketSecret;
use domain::time::UtcMs;
use wire::event::Origin;

use super::event::{Surroundings, Touch};
use super::facts::HallFacts;
use super::lookup::CODE_DIGITS;

/// How long a confirmation stays on the screen: there is more to note than on a slip.
pub const KEPT_TIME: Duration = Duration::from_mins(2);

/// Everything that can be chosen on these pages beside keys, pages and 返回.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppointmentTouch {
    /// 约个时间
    Book,
    /// 我约好了，来签到
    CheckIn,
    /// A choice on the page shown.
    Choice(usize),
    /// 没有我的时间
    NotListed,
    /// 换个时间
    Again,
}

/// What the authority is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AppointmentAsk {
    /// Which times are free.
    FreeTimes(GroupCode),
    /// To keep one.
    Keep {
        /// Time and group.
        slot: BookedSlot,
        /// The windows that serve the group.
        windows: Vec<WindowNo>,
        /// Whose hand.
        origin: Origin,
    },
    /// Which may be taken up now.
    CheckInSlots,
    /// To take one up.
    CheckIn {
        /// Time and group.
        slot: BookedSlot,
        /// The four digits.
        code: TicketSecret,
        /// The group's name, for the slip.
        matter: String,
        /// The windows that serve the group.
        windows: Vec<WindowNo>,
        /// Whose hand.
        origin: Origin,
    },
}

/// What came of it. A number that was given comes as a slip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AppointmentAnswer {
    /// These times of the group are free.
    FreeTimes(GroupCode, Vec<FreeSlot>),
    /// The place is kept.
    Kept(Box<Kept>),
    /// These may be taken up.
    CheckInSlots(CheckInSlots),
    /// No appointment of that time has these digits; the sentence is for the citizen.
    WrongCode(String),
    /// The rules say no, or too many digits were wrong; the sentence is for the citizen.
    Refused(String),
    /// Nobody could be asked.
    NobodyToAsk,
    /// Central no longer knows this device, or its log takes nothing more.
    OutOfOrder,
}

/// A place that is kept. Its secrets live in the session that shows it and nowhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Time and group.
    pub slot: BookedSlot,
    /// From when its holder may check in.
    pub from: UtcMs,
    /// Until when.
    pub until: UtcMs,
    /// The windows that serve the group.
    pub windows: Vec<WindowNo>,
    /// Four digits.
    pub code: TicketSecret,
    /// 128 random bits in the QR code.
    pub token: TicketSecret,
    /// Whose hand kept it.
    pub origin: Origin,
}

/// A day with its free times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreeDay {
    /// The day.
    pub day: NaiveDate,
    /// Its times.
    pub slots: Vec<FreeSlot>,
}

/// Which question is on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Keep one, or take one up?
    Start,
    /// For what?
    Group,
    /// On which day?
    Day(GroupCode, Vec<FreeDay>),
    /// At what time? Of the day at this place of the list.
    Time(GroupCode, Vec<FreeDay>, usize),
    /// Which time is on the paper?
    Slots(Vec<BookedSlot>),
    /// Which four digits?
    Code {
        /// The times among which the slot was chosen.
        slots: Vec<BookedSlot>,
        /// Time and group.
        slot: BookedSlot,
        /// Digits so far.
        code: String,
        /// What to say, if something must be said.
        message: Option<String>,
    },
    /// Why it cannot go on, and what can be done instead.
    Told(Told),
}

/// Why it cannot go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// Nobody can be asked.
    NoLine,
    /// Every time of the group is taken.
    NoFreeTime,
    /// The time could not be kept; others of the group may be free.
    NotKept(GroupCode, String),
    /// Nobody may check in any more today.
    NothingToday,
    /// The next appointment of today may be taken up from then on.
    Early(UtcMs),
    /// The time on the paper is not among those of now.
    NotListed,
    /// The time could not be taken up.
    NotTaken(String),
    /// This machine is out of order.
    OutOfOrder,
}

/// The pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appointment {
    /// The question.
    pub step: Step,
    /// The page of choices, from 0.
    pub page: usize,
    /// The authority is being asked: touches wait.
    pub is_asking: bool,
}

/// What a touch or an answer leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AppointmentStep {
    /// The page changed, or not.
    Stay,
    /// The person went back before the first question.
    Left,
    /// The authority must be asked.
    Ask(AppointmentAsk),
    /// The confirmation can be shown.
    Kept(Box<Kept>),
}

impl Appointment {
    /// The first question; without a line there is nothing to ask.
    #[must_use]
    pub fn new(is_cut_off: bool) -> Self {
        let step = if is_cut_off {
            Step::Told(Told::NoLine)
        } else {
            Step::Start
        };
        Self {
            step,
            page: 0,
            is_asking: false,
        }
    }

    /// How many choices the question has.
    #[must_use]
    pub fn choices(&self, facts: &HallFacts) -> usize {
        match &self.step {
            Step::Start | Step::Code { .. } | Step::Told(_) => 0,
            Step::Group => facts.groups().count(),
            Step::Day(_, days) => days.len(),
            Step::Time(_, days, day) => days.get(*day).map_or(0, |day| day.slots.len()),
            Step::Slots(slots) => slots.len(),
        }
    }

    /// Whether what is on the screen is nobody else's business.
    #[must_use]
    pub fn is_private(&self) -> bool {
        matches!(self.step, Step::Code { .. })
    }

    /// A touch on these pages.
    pub fn touched(
        &mut self,
        touch: &Touch,
        facts: &HallFacts,
        around: &Surroundings,
    ) -> AppointmentStep {
        if self.is_asking {
            return AppointmentStep::Stay;
        }
        match touch {
            Touch::Back => return self.back(),
            Touch::PreviousPage => self.page = self.page.saturating_sub(1),
            Touch::NextPage => {
                let shown = (self.page + 1) * around.layout.appointment_choices;
                self.page += usize::from(shown < self.choices(facts));
            }
            Touch::Appointment(touch) => return self.chosen(*touch, facts, around),
            Touch::Digit(digit) => self.typed(*digit),
            Touch::Erase => drop(self.digits().and_then(String::pop)),
            Touch::Clear => drop(self.digits().map(String::clear)),
            Touch::Continue => return self.checked_in(facts, around),
            _ => {}
        }
        AppointmentStep::Stay
    }

    fn chosen(
        &mut self,
        touch: AppointmentTouch,
        facts: &HallFacts,
        around: &Surroundings,
    ) -> AppointmentStep {
        match (touch, &self.step) {
            (AppointmentTouch::Book, Step::Start) => self.go(Step::Group),
            (AppointmentTouch::CheckIn, Step::Start) => self.ask(AppointmentAsk::CheckInSlots),
            (AppointmentTouch::NotListed, Step::Slots(_)) => self.go(Step::Told(Told::NotListed)),
            (AppointmentTouch::Again, Step::Told(Told::NotKept(group, _))) => {
                let group = *group;
                self.step = Step::Group;
                self.ask(AppointmentAsk::FreeTimes(group))
            }
            (AppointmentTouch::Choice(index), _) => {
                let index = self.page * around.layout.appointment_choices + index;
                self.choice(index, facts, around)
            }
            _ => AppointmentStep::Stay,
        }
    }

    fn choice(
        &mut self,
        index: usize,
        facts: &HallFacts,
        around: &Surroundings,
    ) -> AppointmentStep {
        match &self.step {
            Step::Group => match facts.groups().nth(index) {
                Some((group, _)) => self.ask(AppointmentAsk::FreeTimes(group)),
                None => AppointmentStep::Stay,
            },
            Step::Day(group, days) if index < days.len() => {
                let step = Step::Time(*group, days.clone(), index);
                self.go(step)
            }
            Step::Time(group, days, day) => {
                let chosen = days.get(*day).and_then(|day| day.slots.get(index));
                let Some(FreeSlot { starts_at, .. }) = chosen.copied() else {
                    return AppointmentStep::Stay;
                };
                let group = *group;
                self.ask(AppointmentAsk::Keep {
                    slot: BookedSlot { starts_at, group },
                    windows: facts.windows_of(group),
                    origin: around.origin,
                })
            }
            Step::Slots(slots) => match slots.get(index).copied() {
                Some(slot) => {
                    let slots = slots.clone();
                    self.go(Step::Code {
                        slots,
                        slot,
                        code: String::new(),
                        message: None,
                    })
                }
                None => AppointmentStep::Stay,
            },
            _ => AppointmentStep::Stay,
        }
    }

    fn go(&mut self, step: Step) -> AppointmentStep {
        self.step = step;
        self.page = 0;
        AppointmentStep::Stay
    }

    fn ask(&mut self, ask: AppointmentAsk) -> AppointmentStep {
        self.is_asking = true;
        AppointmentStep::Ask(ask)
    }

    fn back(&mut self) -> AppointmentStep {
        let before = match std::mem::replace(&mut self.step, Step::Start) {
            Step::Start | Step::Told(Told::NoLine) => return AppointmentStep::Left,
            Step::Group | Step::Slots(_) | Step::Told(_) => Step::Start,
            Step::Day(..) => Step::Group,
            Step::Time(group, days, _) => Step::Day(group, days),
            Step::Code { slots, .. } => Step::Slots(slots),
        };
        self.go(before)
    }

    /// Whoever types anew no longer needs to be told what was wrong.
    fn digits(&mut self) -> Option<&mut String> {
        let Step::Code { code, message, .. } = &mut self.step else {
            return None;
        };
        *message = None;
        Some(code)
    }

    fn typed(&mut self, digit: u8) {
        if let Some(code) = self.digits()
            && code.len() < CODE_DIGITS
            && digit <= 9
        {
            code.push(char::from(b'0' + digit));
        }
    }

    /// Whether all digits are there.
    #[must_use]
    pub fn can_continue(&self) -> bool {
        matches!(&self.step, Step::Code { code, .. } if code.len() == CODE_DIGITS)
            && !self.is_asking
    }

    fn checked_in(&mut self, facts: &HallFacts, around: &Surroundings) -> AppointmentStep {
        if !self.can_continue() {
            return AppointmentStep::Stay;
        }
        let Step::Code { slot, code, .. } = &self.step else {
            return AppointmentStep::Stay;
        };
        let ask = AppointmentAsk::CheckIn {
            slot: *slot,
            code: TicketSecret(code.clone()),
            matter: facts.group_name(slot.group),
            windows: facts.windows_of(slot.group),
            origin: around.origin,
        };
        self.ask(ask)
    }

    /// The authority's answer. One to a question of somebody who has left changes nothing.
    pub fn answered(&mut self, answer: AppointmentAnswer) -> AppointmentStep {
        if !std::mem::take(&mut self.is_asking) {
            return AppointmentStep::Stay;
        }
        let step = match (answer, &mut self.step) {
            (AppointmentAnswer::FreeTimes(group, free), Step::Group) => by_day(group, free),
            (AppointmentAnswer::Kept(kept), Step::Time(..)) => return AppointmentStep::Kept(kept),
            (AppointmentAnswer::CheckInSlots(slots), Step::Start) => to_check_in(slots),
            (AppointmentAnswer::Refused(text), Step::Time(group, ..)) => {
                Step::Told(Told::NotKept(*group, text))
            }
            (AppointmentAnswer::WrongCode(text), Step::Code { code, message, .. }) => {
                code.clear();
                *message = Some(text);
                return AppointmentStep::Stay;
            }
            (AppointmentAnswer::Refused(text), _) => Step::Told(Told::NotTaken(text)),
            (AppointmentAnswer::NobodyToAsk, _) => Step::Told(Told::NoLine),
            (AppointmentAnswer::OutOfOrder, _) => Step::Told(Told::OutOfOrder),
            _ => {
                self.is_asking = true;
                return AppointmentStep::Stay;
            }
        };
        self.go(step)
    }
}

fn by_day(group: GroupCode, free: Vec<FreeSlot>) -> Step {
    let mut days: Vec<FreeDay> = Vec::new();
    for slot in free {
        let day = slot.starts_at.hall_date();
        match days.last_mut().filter(|last| last.day == day) {
            Some(last) => last.slots.push(slot),
            None => days.push(FreeDay {
                day,
                slots: vec![slot],
            }),
        }
    }
    if days.is_empty() {
        Step::Told(Told::NoFreeTime)
    } else {
        Step::Day(group, days)
    }
}

fn to_check_in(slots: CheckInSlots) -> Step {
    match (slots.open.is_empty(), slots.next_from) {
        (false, _) => Step::Slots(slots.open),
        (true, Some(from)) => Step::Told(Told::Early(from)),
        (true, None) => Step::Told(Told::NothingToday),
    }
}

#[cfg(test)]
mod tests;
