//! Glue between view models and the window's globals: values in, touches out. It decides nothing;
//! it only leaves alone what has not changed, because a list that is set again is drawn again.

mod appointment;
mod attract;
mod display;
mod home;
mod jobs;
mod plain;
mod score;
mod service;
mod shell;
mod ticket;
mod window;

use std::rc::Rc;

use slint::{ComponentHandle, Image, ModelRc, VecModel};

use crate::app::event::{Layout, Surroundings, Touch};
use crate::app::kiosk::{Kiosk, StationKind};
use crate::app::reading::{Bounds, Part};
use crate::app::session::Page;
use crate::qr;
use crate::ui::{
    Appointments, Choose, Home, JobFilter, JobSearch, KioskWindow, Score, Shell, TicketChoose,
    TicketMatters,
};
use crate::view_model;
use crate::view_model::ticket::SlipView;

/// What a window tells.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// The glass was touched somewhere.
    Touched,
    /// Something was chosen.
    Touch(Touch),
    /// A key of a keyboard: a keypad for the blind, or a scanner.
    Key(char),
}

/// Where inputs go.
pub type Inputs = Rc<dyn Fn(Input)>;

/// Connects every callback of the window.
pub fn connect(window: &KioskWindow, inputs: &Inputs) {
    shell::connect(window, inputs);
    home::connect(window, inputs);
    jobs::connect(window, inputs);
    ticket::connect(window, inputs);
    appointment::connect(window, inputs);
    score::connect(window, inputs);
    plain::connect(window, inputs);
    service::connect(window, inputs);
}

/// How much the pages hold, as they tell it.
#[must_use]
pub fn layout(window: &KioskWindow) -> Layout {
    let count = |rows: i32| usize::try_from(rows).unwrap_or(0);
    let search = window.global::<JobSearch<'_>>();
    Layout {
        newest: count(window.global::<Home<'_>>().get_newest_places()),
        job_rows: count(search.get_rows_per_page()),
        job_suggestions: count(search.get_suggestion_places()),
        job_choices: count(window.global::<JobFilter<'_>>().get_choices_per_page()),
        groups: count(window.global::<TicketChoose<'_>>().get_groups_per_page()),
        matters: count(window.global::<TicketMatters<'_>>().get_matters_per_page()),
        appointment_choices: count(window.global::<Appointments<'_>>().get_choices_per_page()),
        choices: count(window.global::<Choose<'_>>().get_choices_per_page()),
        read: plain::read_space(window),
        reasons: count(window.global::<Score<'_>>().get_reasons_per_page()),
    }
}

/// Where the voice or the keypad is; nowhere without a part.
pub fn show_reading(window: &KioskWindow, part: Option<&Part>) {
    let shell = window.global::<Shell<'_>>();
    let place = part.map(|part| part.bounds).unwrap_or_default();
    shell.set_reading_x(place.x);
    shell.set_reading_y(place.y);
    shell.set_reading_width(place.width);
    shell.set_reading_height(place.height);
    shell.set_reading_shown(part.is_some() && place != Bounds::default());
}

/// What is on the window, so that only changes are set.
#[derive(Debug, Default)]
pub struct Shown {
    shell: Option<view_model::shell::ShellView>,
    page: Option<PageView>,
}

/// What one page shows.
#[derive(Debug, Clone, PartialEq)]
enum PageView {
    Home(view_model::home::HomeView),
    Jobs(Box<view_model::jobs::JobsView>),
    TicketChoose(view_model::ticket::TicketChooseView),
    Slip(SlipView),
    Appointment(view_model::appointment::AppointmentView),
    Lookup(view_model::score::LookupView),
    Score(view_model::score::ScoreView),
    Plain(Box<view_model::scene::SceneView>),
    WindowIdle(view_model::window::WindowIdleView),
    QueueDisplay(view_model::display::DisplayView),
    Attract(view_model::attract::AttractView),
    Service(Box<view_model::service::ServiceDeskView>),
}

impl Shown {
    /// Shows the state. The page's content is set before the page, so that no frame shows the
    /// content of the person before.
    pub fn show(&mut self, window: &KioskWindow, kiosk: &Kiosk, around: &Surroundings) {
        let page = page_view(kiosk, around);
        if self.page.as_ref() != Some(&page) {
            set_page(window, &page, self.page.as_ref());
            self.page = Some(page);
        }
        let shell = view_model::shell::view(kiosk, around);
        if self.shell.as_ref() != Some(&shell) {
            shell::set(window, &shell);
            self.shell = Some(shell);
        }
    }
}

fn page_view(kiosk: &Kiosk, around: &Surroundings) -> PageView {
    let home = || PageView::Home(view_model::home::view(kiosk, around));
    if let Some(desk) = &kiosk.service {
        return PageView::Service(Box::new(view_model::service::view(desk)));
    }
    let page = kiosk.session.as_ref().map(|session| &session.page);
    match (page, kiosk.station.kind) {
        (None, StationKind::Window { window }) => {
            PageView::WindowIdle(view_model::window::idle(window, &kiosk.facts))
        }
        (None, StationKind::Display) => {
            PageView::QueueDisplay(view_model::display::view(&kiosk.display, &kiosk.facts))
        }
        (None, _) if kiosk.telling_since().is_some() => {
            PageView::Attract(view_model::attract::view(kiosk, around))
        }
        (None | Some(Page::Home), _) => home(),
        (Some(Page::Jobs(jobs)), _) => {
            let mut view = view_model::jobs::view(jobs, &kiosk.station.public_url, around);
            if let view_model::jobs::JobsView::Detail(detail) = &mut view {
                detail.print = view_model::ticket::print(kiosk, around);
            }
            PageView::Jobs(Box::new(view))
        }
        (Some(Page::TicketChoice(choice)), _) => {
            PageView::TicketChoose(view_model::ticket::choose(choice, &kiosk.facts, around))
        }
        (Some(Page::Slip { slip, until }), _) => {
            let (station, facts) = (&kiosk.station, &kiosk.facts);
            let view = view_model::ticket::slip(slip, *until, station, facts, around);
            PageView::Slip(SlipView {
                print: view_model::ticket::print(kiosk, around),
                ..view
            })
        }
        (Some(Page::Appointment(page)), _) => {
            PageView::Appointment(view_model::appointment::view(page, &kiosk.facts, around))
        }
        (Some(Page::Kept { kept, until }), _) => {
            let (station, facts) = (&kiosk.station, &kiosk.facts);
            let view = view_model::appointment::kept(kept, *until, station, facts, around);
            PageView::Slip(SlipView {
                print: view_model::ticket::print(kiosk, around),
                ..view
            })
        }
        (Some(Page::Lookup(lookup)), StationKind::Hall { lane }) => {
            PageView::Lookup(view_model::score::lookup(lookup, &kiosk.facts, lane))
        }
        (Some(Page::Lookup(_)), _) => home(),
        (Some(Page::Scoring(scoring)), _) => {
            PageView::Score(view_model::score::scoring(scoring, around))
        }
        (Some(Page::Thanks(thanks)), _) => PageView::Score(view_model::score::thanks(thanks)),
        (Some(Page::Flow(page)), _) => {
            let view = view_model::scene::view(page, kiosk, around);
            PageView::Plain(Box::new(view))
        }
    }
}

fn set_page(window: &KioskWindow, page: &PageView, before: Option<&PageView>) {
    match page {
        PageView::Home(view) => home::set(window, view),
        PageView::Jobs(view) => {
            let before = before.and_then(|before| match before {
                PageView::Jobs(before) => Some(&**before),
                _ => None,
            });
            jobs::set(window, view, before);
        }
        PageView::TicketChoose(view) => ticket::set_choose(window, view),
        PageView::Slip(view) => ticket::set_slip(window, view),
        PageView::Appointment(view) => appointment::set(window, view),
        PageView::Lookup(view) => score::set_lookup(window, view),
        PageView::Score(view) => score::set_score(window, view),
        PageView::Plain(view) => plain::set(window, view),
        PageView::WindowIdle(view) => window::set(window, view),
        PageView::QueueDisplay(view) => display::set(window, view),
        PageView::Attract(view) => attract::set(window, view),
        PageView::Service(view) => service::set(window, view),
    }
}

/// Shows a plain page, for pictures.
pub(crate) fn set_plain(window: &KioskWindow, view: &view_model::scene::SceneView) {
    plain::set(window, view);
}

fn rows<T: Clone + 'static>(rows: &[T]) -> ModelRc<T> {
    ModelRc::new(VecModel::from(rows.to_vec()))
}

fn number(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

fn index(touched: i32) -> usize {
    usize::try_from(touched).unwrap_or(usize::MAX)
}

/// A QR code, or an empty picture when the content is too long for one.
fn qr_picture(content: &str) -> Image {
    qr::picture(content).unwrap_or_else(|error| {
        tracing::error!(%error, "no QR code");
        Image::default()
    })
}
