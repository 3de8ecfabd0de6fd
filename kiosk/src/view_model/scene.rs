//! The plain pages of the flows in words, with what each touch on them means: something to choose from,
//! something to read, a number to type, a sentence with a way on.
//!
//! A scene is made whole; which part of it is on the screen, its layout says (`view.rs`).

mod card;
mod feedback;
mod matching;
mod progress;
mod self_check;
mod shelf;
mod view;
mod wish;

use super::lines::{self, Entry};
use super::paper;
use crate::app::event::Surroundings;
use crate::app::flow::{Act, Flow, FlowPage, Shelf, TicketFor};
use crate::app::kiosk::Kiosk;
use crate::app::papers::Paper;
use crate::index::{LetterSet, narrow};
use crate::ui::ActMark;

pub use view::{ChooseView, DigitsView, Pager, ReadView, SceneView, ToldView, view};

/// A page of a flow.
#[derive(Debug, Clone, PartialEq)]
pub enum Scene {
    /// Something to choose from.
    Choose(ChooseScene),
    /// Something to read.
    Read(ReadScene),
    /// A number to type.
    Digits(DigitsScene),
    /// A sentence with a way on.
    Told(ToldScene),
}

/// Something to choose from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ChooseScene {
    /// The page's title.
    pub title: String,
    /// The question in large words.
    pub question: String,
    /// Under it: why it is asked, or what to do.
    pub note: String,
    /// What there is to choose from.
    pub choices: Vec<Choice>,
    /// Several may be chosen.
    pub can_tick: bool,
    /// At the foot.
    pub acts: Vec<Offer>,
    /// What was typed to narrow the choices down, while the keypad is open, and what may follow.
    pub keypad: Option<(String, LetterSet)>,
}

/// One choice.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// What it is.
    pub title: String,
    /// A line of help.
    pub under: String,
    /// What one gets, at the right.
    pub count: String,
    /// It is chosen.
    pub is_chosen: bool,
    /// Where it leads.
    pub goal: Goal,
}

/// Where a choice leads.
#[derive(Debug, Clone, PartialEq)]
pub enum Goal {
    /// To another page.
    Open(Flow),
    /// To whatever the flow makes of the choice at this place.
    Pick(usize),
}

/// Something to read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ReadScene {
    /// The title of the page.
    pub page_title: &'static str,
    /// The title of what is read.
    pub title: String,
    /// Whether it holds, in words; `true` is good.
    pub tag: Option<(bool, String)>,
    /// A line below.
    pub under: String,
    /// Other sides of it, and which is shown.
    pub tabs: Vec<&'static str>,
    /// See [`tabs`](Self::tabs).
    pub tab: usize,
    /// The text.
    pub entries: Vec<Entry>,
    /// At the foot.
    pub acts: Vec<Offer>,
}

/// A number to type.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DigitsScene {
    /// The question.
    pub title: &'static str,
    /// Under it.
    pub hint: String,
    /// What is typed.
    pub name: &'static str,
    /// What was typed so far, masked where it is nobody else's business.
    pub text: String,
    /// What went wrong, if something did.
    pub message: String,
    /// There is something to erase.
    pub can_erase: bool,
    /// The last character can be an X.
    pub with_x: bool,
    /// At the foot.
    pub acts: Vec<Offer>,
}

/// A sentence with a way on.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ToldScene {
    /// The title of the page.
    pub page_title: &'static str,
    /// What is so.
    pub title: String,
    /// What to do.
    pub text: String,
    /// It went well.
    pub is_good: bool,
    /// A card is waited for: so much of the time is left.
    pub card_time_left: Option<f32>,
    /// At the foot.
    pub acts: Vec<Offer>,
}

/// A button at the foot.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// What stands on it.
    pub text: &'static str,
    /// What it does.
    pub act: Act,
    /// The page's own.
    pub is_primary: bool,
    /// It can be touched now.
    pub is_enabled: bool,
}

impl Offer {
    /// One of several ways on.
    #[must_use]
    pub fn other(text: &'static str, act: Act) -> Self {
        Self {
            text,
            act,
            is_primary: false,
            is_enabled: true,
        }
    }

    /// The page's own way on.
    #[must_use]
    pub fn primary(text: &'static str, act: Act) -> Self {
        Self {
            is_primary: true,
            ..Self::other(text, act)
        }
    }

    /// The same, touchable only when something holds.
    #[must_use]
    pub fn only_if(self, is_enabled: bool) -> Self {
        Self { is_enabled, ..self }
    }

    fn mark(&self) -> ActMark {
        match &self.act {
            Act::TakeTicket(_) => ActMark::Ticket,
            Act::AskPerson => ActMark::Person,
            Act::FindJobs => ActMark::Search,
            Act::OpenKeypad => ActMark::Keyboard,
            Act::Home => ActMark::Home,
            Act::Print(_) => ActMark::Printer,
            Act::Open(_)
            | Act::OpenListing(_)
            | Act::Continue
            | Act::Skip
            | Act::ReadCard
            | Act::TypeInstead => ActMark::None,
        }
    }
}

impl Scene {
    /// Where the choice at this place of the whole list leads.
    #[must_use]
    pub fn choice(&self, index: usize) -> Option<Goal> {
        match self {
            Self::Choose(scene) => scene.choices.get(index).map(|it| it.goal.clone()),
            Self::Read(_) | Self::Digits(_) | Self::Told(_) => None,
        }
    }

    /// What the button at this place does.
    #[must_use]
    pub fn act(&self, index: usize) -> Option<Act> {
        let offer = self.offers().get(index).filter(|it| it.is_enabled);
        offer.map(|it| it.act.clone())
    }

    fn offers(&self) -> &[Offer] {
        match self {
            Self::Choose(scene) => &scene.acts,
            Self::Read(scene) => &scene.acts,
            Self::Digits(scene) => &scene.acts,
            Self::Told(scene) => &scene.acts,
        }
    }
}

impl Choice {
    /// What the flow itself takes.
    #[must_use]
    pub fn pick(index: usize, title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            under: String::new(),
            count: String::new(),
            is_chosen: false,
            goal: Goal::Pick(index),
        }
    }
}

/// The centre or the index is being asked.
fn waiting(page_title: &'static str) -> Scene {
    Scene::Told(ToldScene {
        page_title,
        title: "正在查".into(),
        text: "请等一下。".into(),
        is_good: true,
        card_time_left: None,
        acts: Vec::new(),
    })
}

/// Nobody can be asked now: what needs the line can be done at a window.
fn no_line(page_title: &'static str) -> Scene {
    Scene::Told(ToldScene {
        page_title,
        title: "现在没连上网".into(),
        text: "这件事要连上网才行。请取号到窗口办，或者过一会儿再来。".into(),
        is_good: false,
        card_time_left: None,
        acts: ways_to_a_window(),
    })
}

/// This machine is not known to the centre any more.
fn out_of_order(page_title: &'static str) -> Scene {
    Scene::Told(ToldScene {
        page_title,
        title: "这台机器现在办不了".into(),
        text: "请到服务台，或者换一台机器。".into(),
        is_good: false,
        card_time_left: None,
        acts: ways_to_a_window(),
    })
}

fn ways_to_a_window() -> Vec<Offer> {
    vec![
        Offer::other("叫人来看看", Act::AskPerson),
        Offer::primary("取号到窗口办", Act::TakeTicket(TicketFor::default())),
    ]
}

/// What is on this page of a flow.
#[must_use]
pub fn of(page: &FlowPage, kiosk: &Kiosk, around: &Surroundings) -> Scene {
    let mut scene = match &page.flow {
        Flow::Shelf(shelf) => shelf::scene(shelf, &kiosk.facts, around),
        Flow::Progress(progress) => progress::scene(progress, kiosk, around),
        Flow::Matching(matching) => matching::scene(matching, around),
        Flow::Wish(wish) => wish::scene(wish),
        Flow::Feedback(feedback) => feedback::scene(feedback),
        Flow::SelfCheck(check) => self_check::scene(check, kiosk),
    };
    if kiosk.settings.has_printer {
        offer_print(&mut scene, page, kiosk, around);
    }
    if let Scene::Choose(scene) = &mut scene
        && (page.is_spelling || !page.letters.is_empty())
    {
        narrow_down(scene, page);
    }
    scene
}

/// 打印, before the page's own button: what is read, as a list to take home. Of a policy always the
/// table; names of others, on publicity lists, stay on the screen.
fn offer_print(scene: &mut Scene, page: &FlowPage, kiosk: &Kiosk, around: &Surroundings) {
    let Scene::Read(shown) = scene else { return };
    let list = match &page.flow {
        Flow::Shelf(Shelf::Announcement(_)) => None,
        Flow::Shelf(Shelf::Policy { id, .. }) => {
            let table = Shelf::Policy {
                id: id.clone(),
                is_whole: false,
            };
            match shelf::scene(&table, &kiosk.facts, around) {
                Scene::Read(table) => paper::reading(&table, &kiosk.facts, around.wall),
                _ => None,
            }
        }
        _ => paper::reading(shown, &kiosk.facts, around.wall),
    };
    let Some(list) = list else { return };
    let paper = Paper::Checklist(Box::new(list.clone()));
    let session = kiosk.session.as_ref();
    let may_print = session.is_some_and(|session| session.papers.may_print(&paper));
    let offer = Offer::other("打印", Act::Print(Box::new(list))).only_if(may_print);
    let place = shown.acts.len().saturating_sub(1);
    shown.acts.insert(place, offer);
}

/// Leaves what answers to the letters.
fn narrow_down(scene: &mut ChooseScene, page: &FlowPage) {
    let texts: Vec<String> = scene
        .choices
        .iter()
        .map(|choice| format!("{} {}", choice.title, choice.under))
        .collect();
    let letters = page.typed();
    let narrowed = narrow(&texts, &letters);
    let left = narrowed.left.iter();
    scene.choices = left
        .filter_map(|it| scene.choices.get(*it).cloned())
        .collect();
    let typed = letters.as_str().to_uppercase();
    if page.is_spelling {
        scene.acts.retain(|offer| offer.act != Act::OpenKeypad);
        scene.keypad = Some((typed, narrowed.next));
    } else {
        scene.note = format!("拼音 {typed}，{} 个", scene.choices.len());
    }
}

/// How many pages it has on this screen; at least one.
#[must_use]
pub fn pages(scene: &Scene, around: &Surroundings) -> usize {
    match scene {
        Scene::Choose(scene) => scene
            .choices
            .len()
            .div_ceil(around.layout.choices.max(1))
            .max(1),
        Scene::Read(scene) => lines::pages(&scene.entries, around.layout.read).len(),
        Scene::Digits(_) | Scene::Told(_) => 1,
    }
}
