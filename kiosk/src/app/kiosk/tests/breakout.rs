//! Somebody who does not want to be served: ten thousand touches, keys, scans and pieces of garbage,
//! with a worker that answers whatever it likes. The kiosk stays in one piece and within itself, and
//! the next citizen always finds the start page.
//!
//! `BREAKOUT_SEED=n` plays another one.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use slint::{ComponentHandle, LogicalPosition};
use testkit::random::Seeded;

use super::*;
use crate::app::event::ServiceTouch;
use crate::app::keys::{KeyAct, Keys};
use crate::app::service::PinAnswer;
use crate::bind::{self, Input, Shown};
use crate::index::Index;
use crate::index::sample as listings;
use crate::platform::{fonts, page_parts};
use crate::snapshot::{Look, Stage};

const ACTS: u64 = 10_000;
/// Acts between two looks whether the start page can be reached.
const HOME_EVERY: u64 = 250;

struct Siege {
    stage: Stage,
    kiosk: Kiosk,
    shown: Shown,
    index: Index,
    keys: Keys,
    inputs: Rc<RefCell<Vec<Input>>>,
    seeded: Seeded,
    now: Duration,
}

impl Siege {
    fn new(seed: u64, folder: &std::path::Path) -> Self {
        fonts::prepare().unwrap();
        let stage = Stage::open(Look::PORTRAIT).unwrap();
        let titles = ["维修电工", "保洁员", "电工学徒", "仓库理货员"];
        let published: Vec<_> = (1..)
            .zip(titles)
            .map(|(order, it)| listings::listing(order, it))
            .collect();
        let index = listings::index(folder, &published);
        let mut kiosk = hall_kiosk();
        kiosk.settings.can_read = true;
        let inputs: Rc<RefCell<Vec<Input>>> = Rc::default();
        let heard = Rc::clone(&inputs);
        let connected: bind::Inputs = Rc::new(move |input| heard.borrow_mut().push(input));
        bind::connect(stage.window(), &connected);
        let mut siege = Self {
            stage,
            kiosk,
            shown: Shown::default(),
            index,
            keys: Keys::default(),
            inputs,
            seeded: Seeded::new(seed),
            now: Duration::ZERO,
        };
        let facts = ListingFacts {
            open: 4,
            published_today: 1,
            newest: published,
            ..ListingFacts::default()
        };
        siege.happen(Event::Listings(facts));
        siege
    }

    fn around(&self) -> Surroundings {
        let seconds = self.now.as_secs();
        Surroundings {
            now: self.now,
            layout: bind::layout(self.stage.window()),
            ..around(seconds)
        }
    }

    fn happen(&mut self, event: Event) {
        let mut events = vec![event];
        while let Some(event) = events.pop() {
            for effect in self.kiosk.handle(event, &self.around()) {
                events.extend(self.answer(effect));
            }
        }
        self.shown
            .show(self.stage.window(), &self.kiosk, &self.around());
        for _ in 0..2 {
            self.kiosk.handle(Event::Laid, &self.around());
            self.shown
                .show(self.stage.window(), &self.kiosk, &self.around());
        }
        self.stage.screen().advance(Duration::ZERO);
    }

    /// A worker on a bad day: right, wrong, or silent.
    fn answer(&mut self, effect: Effect) -> Option<Event> {
        let luck = self.seeded.below(4);
        Some(match effect {
            Effect::Restart | Effect::EnrolAnew(_) => {
                panic!("nobody knows the PIN, so nobody restarts the machine")
            }
            _ if luck == 0 => return None,
            Effect::IssueTicket(_) if luck == 1 => Event::NotIssued(NotIssued::CannotKeep),
            Effect::IssueTicket(_) => Event::Issued(slip(Origin::Touch)),
            Effect::FindVisit { .. } if luck == 1 => Event::Looked(Looked::NobodyToAsk),
            Effect::FindVisit { .. } => Event::Looked(Looked::Refused("没找到".into())),
            Effect::KeepScore(_) if luck == 1 => Event::ScoreNotKept,
            Effect::KeepScore(_) => Event::ScoreKept,
            Effect::CallHelp(_) if luck == 1 => Event::HelpNotKept,
            Effect::CallHelp(_) => Event::HelpKept,
            Effect::AskIndex(ask) => {
                let answer = self.index.answer(ask, listings::today());
                Event::Found(answer.unwrap())
            }
            Effect::Say(_) => Event::Said,
            Effect::CheckPin(_) if luck == 1 => Event::PinChecked(PinAnswer::NotSet),
            Effect::CheckPin(_) => Event::PinChecked(PinAnswer::Wrong(Duration::from_secs(30))),
            _ => return None,
        })
    }

    /// What the window has told since, as the front takes it in.
    fn take_inputs(&mut self) {
        let inputs: Vec<Input> = self.inputs.borrow_mut().drain(..).collect();
        for input in inputs {
            match input {
                Input::Touched => self.happen(Event::Touched),
                Input::Touch(touch) => self.happen(Event::Touch(touch)),
                Input::Key(key) => match self.keys.press(key, self.now) {
                    Some(KeyAct::Scanned(scan)) => self.happen(Event::Scanned(scan)),
                    Some(KeyAct::Next | KeyAct::Previous | KeyAct::Press) | None => {}
                },
            }
        }
    }

    fn act(&mut self) {
        match self.seeded.below(20) {
            0..=9 => self.touch_something(),
            10..=13 => {
                let (x, y) = (self.seeded.below(1_080), self.seeded.below(1_920));
                self.touch(LogicalPosition::new(short(x), short(y)));
            }
            14..=16 => {
                let keys = self.garbage();
                self.stage.screen().type_keys(&keys);
            }
            17 => self.tick(),
            18 => self.mark(),
            _ => self.happen(Event::Touch(Touch::Service(ServiceTouch::Restart))),
        }
        self.take_inputs();
        self.now += Duration::from_millis(self.seeded.below(2_000));
        self.stage.screen().advance(Duration::from_millis(400));
    }

    fn touch_something(&mut self) {
        let mut parts = page_parts::parts(self.stage.window().window());
        parts.retain(|part| part.kind == crate::app::reading::PartKind::Button);
        let Ok(count) = u64::try_from(parts.len()) else {
            return;
        };
        let chosen = usize::try_from(self.seeded.below(count)).unwrap();
        if let Some(part) = parts.get(chosen) {
            self.touch(part.bounds.centre());
        }
    }

    fn touch(&self, place: LogicalPosition) {
        self.stage.screen().touch(place);
    }

    /// Five quick touches of the mark, now and then.
    fn mark(&mut self) {
        for _ in 0..5 {
            self.touch(LogicalPosition::new(66.0, 44.0));
            self.take_inputs();
        }
    }

    fn tick(&mut self) {
        self.now += Duration::from_secs(self.seeded.below(70));
        self.happen(Event::Tick);
    }

    /// What a broken or a hostile scanner sends: control characters, keys that no keyboard has,
    /// four kilobytes.
    fn garbage(&mut self) -> String {
        let length = match self.seeded.below(50) {
            0 => 4_096,
            more => more,
        };
        let kinds = [
            '\u{0}',
            ' ',
            '0',
            'A',
            '中',
            '\u{F700}',
            '\u{1F600}',
            '\u{7F}',
        ];
        let mut text: String = (0..length)
            .filter_map(|_| {
                let kind = kinds[usize::try_from(self.seeded.below(8)).unwrap()];
                let offset = u32::try_from(self.seeded.below(40)).unwrap();
                char::from_u32(u32::from(kind) + offset)
            })
            .collect();
        if self.seeded.below(2) == 0 {
            text.push('\n');
        }
        text
    }

    /// The start page is back when nobody does anything any more.
    fn comes_home(&mut self) {
        for _ in 0..400 {
            self.now += Duration::from_secs(1);
            self.happen(Event::Tick);
            if self.kiosk.session.is_none() && self.kiosk.service.is_none() {
                break;
            }
        }
        let page = self.kiosk.page();
        assert!(matches!(page, PageId::Home | PageId::Attract), "{page:?}");
        self.happen(Event::Touched);
        assert_eq!(self.kiosk.page(), PageId::Home);
    }
}

fn short(pixels: u64) -> f32 {
    f32::from(u16::try_from(pixels).unwrap())
}

#[test]
fn ten_thousand_touches_keys_and_scans_break_nothing_and_lead_nowhere() {
    let seed = std::env::var("BREAKOUT_SEED").map_or(8, |seed| seed.parse().unwrap());
    println!("seed {seed}");
    let folder = tempfile::tempdir().unwrap();
    let mut siege = Siege::new(seed, folder.path());
    let mut pages = std::collections::BTreeSet::new();
    for act in 1..=ACTS {
        siege.act();
        pages.insert(format!("{:?}", siege.kiosk.page()));
        assert!(siege.stage.window().window().is_visible());
        if act % HOME_EVERY == 0 {
            siege.comes_home();
        }
    }
    println!("pages seen: {pages:?}");
    assert!(pages.len() >= 12, "it got about: {pages:?}");
}
