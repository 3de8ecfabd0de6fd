//! Somebody in front of the glass: touches what bears some words, reads what stands there, waits.

use std::cell::RefCell;
use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::Once;
use std::time::Duration;

use domain::id::HallId;
use domain::queue::KioskLane;
use domain::time::UtcMs;
use i_slint_backend_testing::{AccessibleRole, ElementRoot};
use kiosk::app::citizen::CitizenAnswer;
use kiosk::app::effect::Effect;
use kiosk::app::event::{Event, Line, Surroundings, Touch};
use kiosk::app::kiosk::{Kiosk, Station, StationKind};
use kiosk::app::lookup::OwnTickets;
use kiosk::app::worker::categories;
use kiosk::bind::{self, Input, Inputs, Shown};
use kiosk::platform::control::{self, Control};
use kiosk::platform::fonts;
use kiosk::snapshot::{self, Look, Stage};
use kiosk::ui::PageId;
use uuid::Uuid;
use wire::event::Origin;

/// Ten in the morning of Monday, 23 November 2026, on the hall's clock.
const MORNING: UtcMs = UtcMs(1_795_399_200_000);
/// A page, then its lists.
const LAYING_ROUNDS: usize = 3;

pub(super) struct Person {
    stage: Stage,
    pub(super) kiosk: Kiosk,
    shown: Shown,
    inputs: Rc<RefCell<Vec<Input>>>,
    now: Duration,
    /// What the kiosk wanted done, in order.
    pub(super) effects: Vec<Effect>,
}

impl Person {
    /// At a kiosk of an invented district, with a line, on the page that a touch opens.
    pub(super) fn at(touch: Touch) -> Self {
        let mut person = Self::home(Look::PORTRAIT, true);
        person.opens(touch);
        person
    }

    /// The same at a kiosk with a printer and a card reader.
    pub(super) fn fitted_at(touch: Touch) -> Self {
        let mut person = Self::home(Look::PORTRAIT, true);
        person.kiosk.settings.has_printer = true;
        person.kiosk.settings.has_card_reader = true;
        person.opens(touch);
        person
    }

    /// The same without a line.
    pub(super) fn cut_off_at(touch: Touch) -> Self {
        let mut person = Self::home(Look::PORTRAIT, true);
        person.line(false);
        person.opens(touch);
        person
    }

    /// At a kiosk to which nothing was published yet.
    pub(super) fn before_anything_is_published(touch: Touch) -> Self {
        let mut person = Self::home(Look::PORTRAIT, false);
        person.opens(touch);
        person
    }

    fn home(look: Look, is_published: bool) -> Self {
        static FONTS: Once = Once::new();
        FONTS.call_once(|| fonts::prepare().expect("the scratch folder can be written"));
        let stage = Stage::open(look).expect("each test has its own thread, and so its own Slint");
        let station = Station {
            hall: HallId(Uuid::from_u128(1)),
            kind: StationKind::Hall { lane: KioskLane(2) },
            name: "试验机".into(),
            public_url: "http://hall.example".into(),
        };
        let inputs = Rc::new(RefCell::new(Vec::new()));
        let heard = Rc::clone(&inputs);
        let hear: Inputs = Rc::new(move |input| heard.borrow_mut().push(input));
        bind::connect(stage.window(), &hear);
        let mut person = Self {
            stage,
            kiosk: Kiosk::new(station, OwnTickets::default(), categories()),
            shown: Shown::default(),
            inputs,
            now: Duration::from_secs(1_000),
            effects: Vec::new(),
        };
        if is_published {
            person.happens(Event::Facts {
                rows: snapshot::invented_rows(),
                server_now: MORNING,
            });
        }
        person.line(true);
        person
    }

    pub(super) fn line(&mut self, is_online: bool) {
        self.happens(Event::Line(Line {
            is_online: Some(is_online),
            last_contact: Some(MORNING),
        }));
    }

    pub(super) fn opens(&mut self, touch: Touch) {
        self.happens(Event::Touched);
        self.happens(Event::Touch(touch));
    }

    pub(super) fn answers(&mut self, answer: CitizenAnswer) {
        self.happens(Event::Citizen(answer));
    }

    pub(super) fn page(&self) -> PageId {
        self.kiosk.page()
    }

    fn around(&self) -> Surroundings {
        let ms = i64::try_from(self.now.as_millis()).expect("a short while");
        Surroundings {
            now: self.now,
            wall: MORNING.plus_ms(ms - 1_000_000),
            origin: Origin::Touch,
            layout: bind::layout(self.stage.window()),
        }
    }

    pub(super) fn happens(&mut self, event: Event) {
        let around = self.around();
        let effects = self.kiosk.handle(event, &around);
        self.effects.extend(effects);
        for _ in 0..LAYING_ROUNDS {
            let around = self.around();
            self.shown.show(self.stage.window(), &self.kiosk, &around);
            self.stage.screen().advance(Duration::ZERO);
            let around = self.around();
            let effects = self.kiosk.handle(Event::Laid, &around);
            self.effects.extend(effects);
        }
    }

    fn control(&self, words: &str) -> Option<Control> {
        let all = control::controls(self.stage.window());
        let exact = all.iter().rfind(|it| it.label == words);
        let choice = || {
            all.iter()
                .find(|it| it.label.ends_with(&format!(" 个 {words}")))
        };
        exact.or_else(choice).cloned()
    }

    /// Whether a control with these words is there and does something.
    pub(super) fn can_touch(&self, words: &str) -> bool {
        self.control(words).is_some_and(|it| it.enabled)
    }

    /// Touches what bears these words.
    pub(super) fn touch(&mut self, words: &str) {
        let found = self.control(words);
        let found = found.unwrap_or_else(|| panic!("no {words} among {:?}", self.words()));
        self.stage.screen().touch(found.centre());
        // Past the 300 ms in which a command is deaf to a second touch.
        self.stage.screen().advance(Duration::from_millis(400));
        self.now += Duration::from_millis(400);
        let inputs: Vec<Input> = self.inputs.borrow_mut().drain(..).collect();
        for input in inputs {
            match input {
                Input::Touched => self.happens(Event::Touched),
                Input::Touch(touch) => self.happens(Event::Touch(touch)),
                Input::Key(_) => {}
            }
        }
    }

    /// Types digits on the pad.
    pub(super) fn types(&mut self, digits: &str) {
        digits
            .chars()
            .for_each(|digit| self.touch(&digit.to_string()));
    }

    /// Goes away for so long.
    pub(super) fn leaves_for(&mut self, time: Duration) {
        for _ in 0..time.as_secs() {
            self.now += Duration::from_secs(1);
            self.happens(Event::Tick);
        }
    }

    /// All words on the glass.
    pub(super) fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        self.stage
            .window()
            .root_element()
            .visit_descendants(|element| {
                let role = element.accessible_role();
                if matches!(role, Some(AccessibleRole::Text | AccessibleRole::Button)) {
                    let label = element.accessible_label().unwrap_or_default();
                    words.push(label.replace('\n', ""));
                }
                ControlFlow::<()>::Continue(())
            });
        words
    }

    /// Whether these words stand somewhere on the glass.
    pub(super) fn sees(&self, words: &str) -> bool {
        self.words().iter().any(|it| it.contains(words))
    }
}
