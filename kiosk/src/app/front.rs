//! The thread that draws: takes events into the state machine, shows the state, hands effects to
//! the worker. It reads clocks and knows the window; it decides nothing and waits for nothing.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use slint::platform::{PointerEventButton, WindowEvent};
use slint::{ComponentHandle, LogicalPosition, Timer, TimerMode};
use sync::device_clock::Clock;
use wire::api::RemoteCommand;
use wire::event::Origin;

use super::effect::Effect;
use super::event::{Event, Surroundings};
use super::keys::{KeyAct, Keys};
use super::kiosk::Kiosk;
use super::reading::Reading;
use super::worker::{Post, Worker};
use crate::bind::{self, Input, Shown};
use crate::platform::page_parts;
use crate::remote_help::ScreenWatch;
use crate::ui::{KioskWindow, PageId};

const TICK: Duration = Duration::from_secs(1);
/// Rounds until the layout rests: a page, then its lists.
const LAYING_ROUNDS_MAX: usize = 3;

thread_local! {
    /// The one front of the thread that draws, for closures that other threads send to it.
    static FRONT: RefCell<Option<Rc<Front>>> = const { RefCell::new(None) };
}

/// Takes events from any thread to the front.
#[must_use]
pub fn post() -> Post {
    Arc::new(|event| {
        let run = move || {
            if let Some(front) = current() {
                front.happened(event);
            }
        };
        // Fails only while the event loop is ending, when nothing needs to be shown any more.
        let _ = slint::invoke_from_event_loop(run);
    })
}

/// The front of this thread, if it draws.
#[must_use]
pub fn current() -> Option<Rc<Front>> {
    FRONT.with_borrow(Clone::clone)
}

/// Why the window closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ending {
    /// It was told to.
    #[default]
    Stopped,
    /// It is to be started again.
    Again,
}

/// The window with its state.
pub struct Front {
    window: KioskWindow,
    kiosk: RefCell<Kiosk>,
    shown: RefCell<Shown>,
    worker: RefCell<Option<Worker>>,
    screen: ScreenWatch,
    hand: Cell<Origin>,
    keys: RefCell<Keys>,
    reading: RefCell<Reading>,
    ending: Cell<Ending>,
    begun: Instant,
    clock: Clock,
    tick: Timer,
}

impl std::fmt::Debug for Front {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Front")
            .field("kiosk", &self.kiosk)
            .finish_non_exhaustive()
    }
}

impl Front {
    /// Connects a window to a kiosk and shows its first page.
    #[must_use]
    pub fn open(window: KioskWindow, kiosk: Kiosk, screen: ScreenWatch, clock: Clock) -> Rc<Self> {
        let front = Rc::new(Self {
            window,
            kiosk: RefCell::new(kiosk),
            shown: RefCell::default(),
            worker: RefCell::new(None),
            screen,
            hand: Cell::new(Origin::Touch),
            keys: RefCell::default(),
            reading: RefCell::default(),
            ending: Cell::default(),
            begun: Instant::now(),
            clock,
            tick: Timer::default(),
        });
        FRONT.set(Some(Rc::clone(&front)));
        let inputs: bind::Inputs = Rc::new(|input| {
            let front = current().expect("a front, because its window lives only as long");
            match input {
                Input::Touched => front.happened(Event::Touched),
                Input::Touch(touch) => front.happened(Event::Touch(touch)),
                Input::Key(key) => front.key(key),
            }
        });
        bind::connect(&front.window, &inputs);
        front.show();
        front.tick.start(TimerMode::Repeated, TICK, || {
            if let Some(front) = current() {
                front.happened(Event::Tick);
            }
        });
        front
    }

    /// Gives the front its worker.
    pub fn employ(&self, worker: Worker) {
        *self.worker.borrow_mut() = Some(worker);
    }

    /// The window.
    pub fn window(&self) -> &KioskWindow {
        &self.window
    }

    /// The page shown.
    pub fn page(&self) -> PageId {
        self.kiosk.borrow().page()
    }

    fn is_in_use(&self) -> bool {
        self.kiosk.borrow().is_in_use()
    }

    /// Whether a question about a paper lies over the page, which has to be heard too.
    fn asks_about_paper(&self) -> bool {
        let kiosk = self.kiosk.borrow();
        let session = kiosk.session.as_ref();
        session.is_some_and(|session| session.papers.is_asking())
    }

    /// Ends everything that belongs to this front.
    pub fn close(&self) {
        self.tick.stop();
        if let Some(mut worker) = self.worker.borrow_mut().take() {
            worker.stop();
        }
        FRONT.set(None);
    }

    /// Takes an event in.
    pub fn happened(&self, event: Event) {
        if let Event::Remote(RemoteCommand::Touch {
            session,
            x_per_mille,
            y_per_mille,
        }) = event
        {
            self.touched_remotely(session, x_per_mille, y_per_mille);
            return;
        }
        let (before, was_in_use) = (self.page(), self.is_in_use());
        let asked_before = self.asks_about_paper();
        let (is_touch, is_said) = (matches!(event, Event::Touch(_)), event == Event::Said);
        if event == Event::Tick {
            self.keys.borrow_mut().forget_old(self.begun.elapsed());
        }
        self.take_in(event);
        if was_in_use && !self.is_in_use() {
            // Whoever was here is gone, and half a scan with them.
            self.keys.borrow_mut().forget();
        }
        self.show_and_lay();
        let is_another = self.page() != before || self.asks_about_paper() != asked_before;
        self.read_on(is_said, is_touch || is_another);
    }

    /// A key of a keypad or a scanner.
    fn key(&self, key: char) {
        let act = self.keys.borrow_mut().press(key, self.begun.elapsed());
        let Some(act) = act else { return };
        match act {
            KeyAct::Next | KeyAct::Previous => self.step(act == KeyAct::Next),
            KeyAct::Press => {
                let place = self.reading.borrow().current().map(|part| part.bounds);
                if let Some(place) = place {
                    self.touch(place.centre(), Origin::Touch);
                }
            }
            KeyAct::Scanned(scan) => self.happened(Event::Scanned(scan)),
        }
    }

    /// On or back to what can be touched; said aloud where there is a voice.
    fn step(&self, is_forward: bool) {
        self.happened(Event::Touched);
        let parts = page_parts::parts(self.window.window());
        let sentence = {
            let mut reading = self.reading.borrow_mut();
            let part = reading.step(parts, is_forward);
            part.map(super::reading::Part::sentence)
        };
        let is_open = {
            let kiosk = self.kiosk.borrow();
            kiosk.settings.can_read && !kiosk.is_private()
        };
        if let (Some(sentence), true) = (sentence, is_open) {
            self.carry_out(Effect::Say(sentence));
        }
        bind::show_reading(&self.window, self.reading.borrow().current());
    }

    /// Reads the page aloud from its top whenever it is another one, and its next part when one has
    /// been said. Stops with the session.
    fn read_on(&self, is_said: bool, is_changed: bool) {
        let (reads, is_private, is_display) = {
            let kiosk = self.kiosk.borrow();
            let session = kiosk.session.as_ref();
            (
                session.is_some_and(|session| session.reads_aloud),
                kiosk.is_private(),
                self.page() == PageId::QueueDisplay,
            )
        };
        if is_display || !(is_said || is_changed) {
            return;
        }
        let mut reading = self.reading.borrow_mut();
        let was_reading = reading.current().is_some();
        let sentence = match (reads, is_changed) {
            (true, true) => {
                reading.begin(page_parts::parts(self.window.window()), is_private);
                reading.current().map(super::reading::Part::sentence)
            }
            (true, false) => reading.said().map(super::reading::Part::sentence),
            (false, _) => {
                if is_changed {
                    reading.stop();
                }
                None
            }
        };
        bind::show_reading(&self.window, reading.current());
        match sentence {
            Some(sentence) => self.carry_out(Effect::Say(sentence)),
            None if was_reading && is_changed => self.carry_out(Effect::Hush),
            None => {}
        }
    }

    /// Ends the event loop, to be started again.
    pub fn end_to_start_again(&self) {
        self.ending.set(Ending::Again);
        let _ = slint::quit_event_loop();
    }

    /// Why the event loop ended.
    pub fn ending(&self) -> Ending {
        self.ending.get()
    }

    fn carry_out(&self, effect: Effect) {
        if let Some(worker) = &*self.worker.borrow() {
            worker.carry_out(effect);
        }
    }

    fn around(&self) -> Surroundings {
        Surroundings {
            now: self.begun.elapsed(),
            wall: self.clock.now(),
            origin: self.hand.get(),
            layout: bind::layout(&self.window),
        }
    }

    fn show(&self) {
        let kiosk = self.kiosk.borrow();
        // Told before the frame changes, so that no picture of a private page slips out.
        self.screen.tell(
            page_name(kiosk.page()),
            kiosk.is_in_use(),
            kiosk.is_private(),
        );
        self.shown
            .borrow_mut()
            .show(&self.window, &kiosk, &self.around());
    }

    /// Shows the state; when the pages then hold another number of rows, the state hears of it.
    fn show_and_lay(&self) {
        for _ in 0..LAYING_ROUNDS_MAX {
            let before = bind::layout(&self.window);
            self.show();
            if bind::layout(&self.window) == before {
                return;
            }
            self.take_in(Event::Laid);
        }
        self.show();
    }

    fn take_in(&self, event: Event) {
        let around = self.around();
        let effects = self.kiosk.borrow_mut().handle(event, &around);
        for effect in effects {
            if effect == Effect::Restart {
                self.end_to_start_again();
            } else {
                self.carry_out(effect);
            }
        }
    }

    fn touched_remotely(&self, session: u64, x_per_mille: u16, y_per_mille: u16) {
        let around = self.around();
        if !self.kiosk.borrow_mut().takes_remote_touch(session, &around) {
            tracing::info!(session, "a remote touch was refused");
            return;
        }
        let size = self
            .window
            .window()
            .size()
            .to_logical(self.window.window().scale_factor());
        let x = size.width * f32::from(x_per_mille) / 1_000.0;
        let y = size.height * f32::from(y_per_mille) / 1_000.0;
        self.touch(LogicalPosition::new(x, y), Origin::Remote);
    }

    /// A short touch by the given hand. What it causes is caused at once, so the hand is known.
    pub fn touch(&self, position: LogicalPosition, hand: Origin) {
        let window = self.window.window();
        let button = PointerEventButton::Left;
        self.hand.set(hand);
        window.dispatch_event(WindowEvent::PointerMoved { position });
        window.dispatch_event(WindowEvent::PointerPressed { position, button });
        window.dispatch_event(WindowEvent::PointerReleased { position, button });
        window.dispatch_event(WindowEvent::PointerExited);
        self.hand.set(Origin::Touch);
    }
}

/// The name of a page on the device wall.
#[must_use]
pub fn page_name(page: PageId) -> &'static str {
    match page {
        PageId::Home => "home",
        PageId::JobSearch => "job_search",
        PageId::JobCategories => "job_categories",
        PageId::JobFilter => "job_filter",
        PageId::JobNone => "job_none",
        PageId::JobDetail => "job_detail",
        PageId::TicketChoose => "ticket_choose",
        PageId::TicketMatters => "ticket_matters",
        PageId::TicketIssued => "ticket_issued",
        PageId::AppointmentStart => "appointment_start",
        PageId::AppointmentChoose => "appointment_choose",
        PageId::AppointmentCode => "appointment_code",
        PageId::AppointmentTold => "appointment_told",
        PageId::AppointmentKept => "appointment_kept",
        PageId::ScoreLookup => "score_lookup",
        PageId::Score => "score",
        PageId::Reasons => "reasons",
        PageId::Thanks => "thanks",
        PageId::Plain => "plain",
        PageId::WindowIdle => "window_idle",
        PageId::WindowScore => "window_score",
        PageId::WindowReasons => "window_reasons",
        PageId::WindowThanks => "window_thanks",
        // Enrolled as a driver of displays, whose pictures bear the display's name.
        PageId::QueueDisplay => "叫号屏",
        PageId::Attract => "attract",
        PageId::Service => "service",
    }
}
