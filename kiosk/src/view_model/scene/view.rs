//! Which part of a scene is on the screen: the page of its choices or of its lines, as the layout says.

use slint::SharedString;

use super::{Choice, ChooseScene, DigitsScene, Offer, ReadScene, Scene, of, pages};
use crate::app::event::Surroundings;
use crate::app::flow::FlowPage;
use crate::app::kiosk::Kiosk;
use crate::index::LetterSet;
use crate::ui::{Act as ActButton, ChoiceRow, KeyState, TagLook, TextRow};
use crate::view_model::lines::{self, Part};
use crate::view_model::words::page_text;

/// What is on the screen.
#[derive(Debug, Clone, PartialEq)]
pub enum SceneView {
    /// See [`ChooseScene`].
    Choose(ChooseView),
    /// See [`ReadScene`].
    Read(ReadView),
    /// See [`DigitsScene`].
    Digits(DigitsView),
    /// See [`ToldScene`].
    Told(ToldView),
}

/// Where one is among the pages.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Pager {
    /// `第 1 / 2 页`
    pub text: String,
    /// Whether there is a page before.
    pub can_previous: bool,
    /// Whether there is a page after.
    pub can_next: bool,
}

/// The page of choices.
#[derive(Debug, Clone, PartialEq)]
pub struct ChooseView {
    /// See [`ChooseScene`].
    pub title: String,
    /// See [`ChooseScene`].
    pub question: String,
    /// See [`ChooseScene`].
    pub note: String,
    /// How many choices there are on all pages.
    pub total: usize,
    /// Those of this page.
    pub choices: Vec<ChoiceRow>,
    /// Several may be chosen.
    pub can_tick: bool,
    /// The buttons.
    pub acts: Vec<ActButton>,
    /// The keys, while they are open.
    pub keys: Vec<KeyState>,
    /// What was typed.
    pub typed: String,
    /// The pages.
    pub pager: Pager,
}

/// The page that is read.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadView {
    /// See [`ReadScene`].
    pub page_title: &'static str,
    /// See [`ReadScene`].
    pub title: String,
    /// Whether it holds.
    pub tag: TagLook,
    /// The same in words.
    pub tag_text: String,
    /// See [`ReadScene`].
    pub under: String,
    /// See [`ReadScene`].
    pub tabs: Vec<SharedString>,
    /// See [`ReadScene`].
    pub tab: usize,
    /// The lines of this page.
    pub rows: Vec<TextRow>,
    /// Whether labels stand in a column of their own.
    pub is_labelled: bool,
    /// The buttons.
    pub acts: Vec<ActButton>,
    /// The pages.
    pub pager: Pager,
}

/// The number.
#[derive(Debug, Clone, PartialEq)]
pub struct DigitsView {
    /// What is asked and was typed.
    pub scene: DigitsScene,
    /// The buttons.
    pub acts: Vec<ActButton>,
}

/// The sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct ToldView {
    /// See [`ToldScene`].
    pub page_title: &'static str,
    /// See [`ToldScene`].
    pub title: String,
    /// See [`ToldScene`].
    pub text: String,
    /// See [`ToldScene`].
    pub is_good: bool,
    /// See [`ToldScene`].
    pub card_time_left: Option<f32>,
    /// The buttons.
    pub acts: Vec<ActButton>,
}

/// This page of a flow now.
#[must_use]
pub fn view(page: &FlowPage, kiosk: &Kiosk, around: &Surroundings) -> SceneView {
    let scene = of(page, kiosk, around);
    let count = pages(&scene, around);
    let at = page.page.min(count - 1);
    let acts = scene.offers().iter().map(button).collect();
    let pager = Pager {
        text: page_text(at, 1, count),
        can_previous: at > 0,
        can_next: at + 1 < count,
    };
    match scene {
        Scene::Choose(scene) => SceneView::Choose(choose(scene, at, acts, pager, around)),
        Scene::Read(scene) => SceneView::Read(read(scene, at, acts, pager, around)),
        Scene::Digits(scene) => SceneView::Digits(DigitsView { scene, acts }),
        Scene::Told(scene) => SceneView::Told(ToldView {
            page_title: scene.page_title,
            title: scene.title,
            text: scene.text,
            is_good: scene.is_good,
            card_time_left: scene.card_time_left,
            acts,
        }),
    }
}

fn choose(
    scene: ChooseScene,
    at: usize,
    acts: Vec<ActButton>,
    pager: Pager,
    around: &Surroundings,
) -> ChooseView {
    let per_page = around.layout.choices.max(1);
    let shown = scene.choices.iter().enumerate().skip(at * per_page);
    let (typed, next) = scene.keypad.clone().unwrap_or_default();
    let keys = match scene.keypad {
        Some(_) => ('A'..='Z')
            .map(|letter| key(letter, next, &typed))
            .collect(),
        None => Vec::new(),
    };
    ChooseView {
        total: scene.choices.len(),
        choices: shown
            .take(per_page)
            .map(|(index, it)| row(index, it))
            .collect(),
        can_tick: scene.can_tick,
        title: scene.title,
        question: scene.question,
        note: scene.note,
        acts,
        typed: match (typed.is_empty(), keys.is_empty()) {
            (true, false) => "点拼音的头几个字母".to_owned(),
            _ => typed,
        },
        keys,
        pager,
    }
}

fn key(letter: char, next: LetterSet, typed: &str) -> KeyState {
    KeyState {
        letter: letter.to_string().into(),
        live: next.contains(letter),
        latest: typed.ends_with(letter),
    }
}

fn row(index: usize, choice: &Choice) -> ChoiceRow {
    ChoiceRow {
        title: choice.title.as_str().into(),
        under: choice.under.as_str().into(),
        count_text: choice.count.as_str().into(),
        chosen: choice.is_chosen,
        label: format!("第 {} 个 {}", index + 1, choice.title).into(),
    }
}

fn read(
    scene: ReadScene,
    at: usize,
    acts: Vec<ActButton>,
    pager: Pager,
    around: &Surroundings,
) -> ReadView {
    let is_labelled = lines::is_labelled(&scene.entries);
    let parts = lines::pages(&scene.entries, around.layout.read).swap_remove(at);
    ReadView {
        page_title: scene.page_title,
        tag: match &scene.tag {
            None => TagLook::None,
            Some((true, _)) => TagLook::Good,
            Some((false, _)) => TagLook::Care,
        },
        tag_text: scene.tag.map(|(_, text)| text).unwrap_or_default(),
        title: scene.title,
        under: scene.under,
        tabs: scene.tabs.iter().map(|tab| (*tab).into()).collect(),
        tab: scene.tab,
        rows: parts
            .iter()
            .map(|part| text_row(part, is_labelled))
            .collect(),
        is_labelled,
        acts,
        pager,
    }
}

fn text_row(part: &Part, is_labelled: bool) -> TextRow {
    TextRow {
        label: part.label.as_str().into(),
        text: part.lines.join("\n").into(),
        lines: i32::try_from(part.lines.len()).unwrap_or(i32::MAX),
        ruled: is_labelled && part.is_first,
        strong: part.is_strong,
    }
}

fn button(offer: &Offer) -> ActButton {
    ActButton {
        text: offer.text.into(),
        mark: offer.mark(),
        primary: offer.is_primary,
        enabled: offer.is_enabled,
    }
}
