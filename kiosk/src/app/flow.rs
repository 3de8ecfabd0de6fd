//! Flows that are made of plain pages: something to choose from, something to read, a number to type, a
//! sentence with a way on. What stands on such a page, and what each touch on it means, is one value
//! ([`Scene`]), made anew from the state whenever it is needed; so a button can never mean anything else
//! than what it says.
//!
//! Everything that a person chose or typed here lives in the flow, and goes with the session.

pub mod feedback;
pub mod matching;
pub mod progress;
pub mod secret;
pub mod self_check;
pub mod shelf;
pub mod wish;

use domain::id::GroupCode;
use domain::listing::Listing;
use kiosk_peripherals::slip::Checklist;

use super::citizen::{CitizenAnswer, CitizenAsk};
use super::event::{Surroundings, Touch};
use super::kiosk::Kiosk;
use crate::index::{Answer, Ask, Letters};
use crate::view_model::scene::{self, Scene};

pub use feedback::{Feedback, FeedbackToKeep};
pub use matching::Matching;
pub use progress::Progress;
pub use secret::SecretDigits;
pub use self_check::SelfCheck;
pub use shelf::Shelf;
pub use wish::Wish;

/// A longer spelling is a child playing.
const LETTERS_MAX: usize = 24;

/// Everything that can be chosen on these pages beside digits, pages and 返回.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlowTouch {
    /// A choice on the page shown.
    Choice(usize),
    /// A button at the foot.
    Act(usize),
    /// A tab.
    Tab(usize),
    /// A key of the pinyin keypad.
    Letter(char),
    /// 收起: what was typed stays.
    FoldKeypad,
    /// The X of an identity number.
    LetterX,
}

/// What is gone through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flow {
    /// What is published, to read.
    Shelf(Shelf),
    /// 办进度
    Progress(Progress),
    /// 按我的情况找工作
    Matching(Box<Matching>),
    /// Somebody shall ring: guidance, or an application.
    Wish(Wish),
    /// 提意见
    Feedback(Feedback),
    /// 测资格
    SelfCheck(Box<SelfCheck>),
}

/// For what a number is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TicketFor {
    /// The group; any when nothing says which.
    pub group: Option<GroupCode>,
    /// What is to be done, for the window.
    pub matter: Option<String>,
}

/// What a button at the foot does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Goes to another page of these.
    Open(Box<Flow>),
    /// 取号
    TakeTicket(TicketFor),
    /// 叫人
    AskPerson,
    /// 找工作
    FindJobs,
    /// Opens a vacancy.
    OpenListing(Box<Listing>),
    /// Opens the keypad.
    OpenKeypad,
    /// 回首页
    Home,
    /// Goes on with what was chosen or typed; agrees.
    Continue,
    /// Goes on without an answer.
    Skip,
    /// Prints this.
    Print(Box<Checklist>),
    /// Waits for an identity card, once more.
    ReadCard,
    /// Goes on by typing instead.
    TypeInstead,
}

/// What a touch or an answer leads to.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// The page changed, or not.
    Stay,
    /// 返回
    Back,
    /// To another page.
    Go(Box<Flow>),
    /// To choosing a matter.
    TakeTicket(TicketFor),
    /// To the job search.
    FindJobs,
    /// To one vacancy.
    OpenListing(Box<Listing>),
    /// A person is called.
    AskPerson,
    /// Home.
    Home,
    /// The centre is asked.
    Ask(CitizenAsk),
    /// The listing index is asked.
    AskIndex(Ask),
    /// A feedback is to be kept.
    Keep(FeedbackToKeep),
    /// Something is to be printed.
    Print(Box<Checklist>),
    /// Characters did not belong to a case: counted against trying them all.
    Missed,
}

/// A page of a flow with what is the same for all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowPage {
    /// What is gone through.
    pub flow: Flow,
    /// The page of choices or text, from 0.
    pub page: usize,
    /// What was typed on the keypad, by which the choices are narrowed down.
    pub letters: String,
    /// The keypad is on the screen.
    pub is_spelling: bool,
}

/// What a choice or a button of the page means.
enum Meaning {
    Pick(usize),
    Act(Act),
}

impl FlowPage {
    /// A fresh page.
    #[must_use]
    pub fn new(flow: Flow) -> Self {
        Self {
            flow,
            page: 0,
            letters: String::new(),
            is_spelling: false,
        }
    }

    /// Whether what is on the screen is nobody else's business.
    #[must_use]
    pub fn is_private(&self) -> bool {
        match &self.flow {
            Flow::Shelf(_) | Flow::Matching(_) | Flow::Feedback(_) => false,
            Flow::Progress(_) | Flow::Wish(_) | Flow::SelfCheck(_) => true,
        }
    }

    /// The letters typed so far.
    #[must_use]
    pub fn typed(&self) -> Letters {
        Letters::new(&self.letters)
    }

    /// What is on the page, of the whole kiosk's state.
    #[must_use]
    pub fn scene(&self, kiosk: &Kiosk, around: &Surroundings) -> Scene {
        scene::of(self, kiosk, around)
    }

    /// A touch on this page, whose content is `scene`.
    pub fn touched(&mut self, touch: &Touch, scene: &Scene, around: &Surroundings) -> Step {
        match touch {
            Touch::Back => return self.back(),
            Touch::PreviousPage => self.page = self.page.saturating_sub(1),
            Touch::NextPage => self.page = (self.page + 1).min(last_page(scene, around)),
            Touch::Erase if self.is_spelling => {
                self.letters.pop();
                self.page = 0;
            }
            Touch::Digit(digit) => self.typed_char(char::from(b'0' + digit.min(&9))),
            Touch::Erase => drop(self.flow.digits().map(SecretDigits::erase)),
            Touch::Clear => drop(self.flow.digits().map(SecretDigits::clear)),
            Touch::Flow(touch) => return self.chosen(*touch, scene, around),
            _ => {}
        }
        Step::Stay
    }

    /// The page holds another number of rows than before: it stays within what there is.
    pub fn laid(&mut self, scene: &Scene, around: &Surroundings) {
        self.page = self.page.min(last_page(scene, around));
    }

    /// The centre's answer. One to a question of somebody who has left changes nothing.
    pub fn answered(&mut self, answer: CitizenAnswer) -> Step {
        let step = match &mut self.flow {
            Flow::Progress(progress) => progress.answered(answer),
            Flow::Wish(wish) => wish.answered(answer),
            Flow::Shelf(_) | Flow::Matching(_) | Flow::Feedback(_) | Flow::SelfCheck(_) => {
                return Step::Stay;
            }
        };
        self.page = 0;
        step
    }

    /// The index's answer.
    pub fn found(&mut self, answer: Answer) -> Step {
        match &mut self.flow {
            Flow::Matching(matching) => matching.found(answer),
            _ => Step::Stay,
        }
    }

    fn back(&mut self) -> Step {
        let went_back = match &mut self.flow {
            Flow::Shelf(_) => false,
            Flow::Progress(progress) => progress.back(),
            Flow::Matching(matching) => matching.back(),
            Flow::Wish(wish) => wish.back(),
            Flow::Feedback(feedback) => feedback.back(),
            Flow::SelfCheck(check) => check.back(),
        };
        self.page = 0;
        self.fold();
        if went_back { Step::Stay } else { Step::Back }
    }

    fn typed_char(&mut self, c: char) {
        if let Some(digits) = self.flow.digits() {
            digits.push(c);
        }
    }

    fn chosen(&mut self, touch: FlowTouch, scene: &Scene, around: &Surroundings) -> Step {
        let meaning = match touch {
            FlowTouch::Choice(index) => {
                let index = self.page * around.layout.choices.max(1) + index;
                match scene.choice(index) {
                    Some(scene::Goal::Open(flow)) => Meaning::Act(Act::Open(Box::new(flow))),
                    Some(scene::Goal::Pick(index)) => Meaning::Pick(index),
                    None => return Step::Stay,
                }
            }
            FlowTouch::Act(index) => match scene.act(index) {
                Some(act) => Meaning::Act(act),
                None => return Step::Stay,
            },
            FlowTouch::Tab(tab) => {
                if let Flow::Shelf(shelf) = &mut self.flow {
                    shelf.tab_chosen(tab);
                    self.page = 0;
                }
                return Step::Stay;
            }
            FlowTouch::Letter(letter) => return self.spelt(letter),
            FlowTouch::FoldKeypad => {
                self.is_spelling = false;
                self.page = 0;
                return Step::Stay;
            }
            FlowTouch::LetterX => {
                self.typed_char('X');
                return Step::Stay;
            }
        };
        match meaning {
            Meaning::Pick(index) => self.picked(index, around),
            Meaning::Act(act) => self.acted(act, around),
        }
    }

    fn spelt(&mut self, letter: char) -> Step {
        let has_room = self.is_spelling && self.letters.len() < LETTERS_MAX;
        if has_room && letter.is_ascii_alphabetic() {
            self.letters.push(letter.to_ascii_lowercase());
            self.page = 0;
        }
        Step::Stay
    }

    fn picked(&mut self, index: usize, around: &Surroundings) -> Step {
        let before = self.flow.question();
        let step = match &mut self.flow {
            Flow::Shelf(_) => Step::Stay,
            Flow::Progress(progress) => progress.picked(index),
            Flow::Matching(matching) => matching.picked(index),
            Flow::Wish(wish) => wish.picked(index, around.origin),
            Flow::Feedback(feedback) => feedback.picked(index, around.origin),
            Flow::SelfCheck(check) => check.picked(index),
        };
        self.turned_from(before);
        step
    }

    fn gone_on(&mut self, is_skipped: bool, around: &Surroundings) -> Step {
        let before = self.flow.question();
        let step = match &mut self.flow {
            Flow::Shelf(_) => Step::Stay,
            Flow::Progress(progress) => progress.gone_on(),
            Flow::Matching(matching) => matching.gone_on(is_skipped),
            Flow::Wish(wish) => wish.gone_on(around.origin),
            Flow::Feedback(feedback) => feedback.gone_on(around.origin),
            Flow::SelfCheck(check) => check.gone_on(is_skipped),
        };
        self.turned_from(before);
        step
    }

    /// A new question begins with its first page and without keys; a tick leaves the page as it is.
    fn turned_from(&mut self, before: u32) {
        if self.flow.question() != before {
            self.page = 0;
            self.fold();
        }
    }

    /// Another question has nothing to do with what was typed.
    fn fold(&mut self) {
        self.letters.clear();
        self.is_spelling = false;
    }

    fn acted(&mut self, act: Act, around: &Surroundings) -> Step {
        match act {
            Act::Open(flow) => Step::Go(flow),
            Act::TakeTicket(wanted) => Step::TakeTicket(wanted),
            Act::AskPerson => Step::AskPerson,
            Act::FindJobs => Step::FindJobs,
            Act::OpenListing(listing) => Step::OpenListing(listing),
            Act::Home => Step::Home,
            Act::OpenKeypad => {
                self.is_spelling = true;
                self.page = 0;
                Step::Stay
            }
            Act::Print(list) => Step::Print(list),
            Act::ReadCard | Act::TypeInstead => {
                if let Flow::Progress(progress) = &mut self.flow {
                    progress.card_touched(act == Act::ReadCard, around.now);
                    self.page = 0;
                }
                Step::Stay
            }
            Act::Continue | Act::Skip => self.gone_on(act == Act::Skip, around),
        }
    }
}

impl Flow {
    /// Which question of the flow is on the screen, as a number.
    fn question(&self) -> u32 {
        match self {
            Self::Shelf(_) => 0,
            Self::Progress(progress) => progress.question(),
            Self::Matching(matching) => matching.question(),
            Self::Wish(wish) => wish.question(),
            Self::Feedback(feedback) => feedback.question(),
            Self::SelfCheck(check) => check.question_number(),
        }
    }

    /// What is being typed, if something is.
    fn digits(&mut self) -> Option<&mut SecretDigits> {
        match self {
            Self::Shelf(_) | Self::Matching(_) | Self::Feedback(_) => None,
            Self::Progress(progress) => progress.digits(),
            Self::Wish(wish) => wish.digits(),
            Self::SelfCheck(check) => check.digits(),
        }
    }
}

fn last_page(scene: &Scene, around: &Surroundings) -> usize {
    scene::pages(scene, around).saturating_sub(1)
}
