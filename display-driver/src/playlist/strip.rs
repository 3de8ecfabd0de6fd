//! The strip over a window (窗口条屏): its number and services while it is free, the ticket that is
//! called or served, and that it is closed.

use domain::id::WindowNo;
use wire::api::{WindowNow, WindowState};

use super::hall::Hall;
use crate::content::{Colour, Line};
use crate::page::{Frame, Page, sentences};

/// What a strip says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StripState {
    /// Free: number and services.
    Idle {
        /// The names of what it serves.
        services: Vec<String>,
    },
    /// This ticket has been called and has not come yet.
    Called(String),
    /// This ticket is served.
    Serving(String),
    /// Nobody is served there now.
    Paused,
}

impl StripState {
    /// The state of a window in a hall. Of a window that the hall has not told of only the number
    /// is known.
    #[must_use]
    pub fn of(window: WindowNo, hall: &Hall) -> Self {
        let now = hall.windows.get(&window);
        match now.map(|now| (&now.state, is_staffed(now))) {
            Some((WindowState::Calling { label }, _)) => Self::Called(label.to_string()),
            Some((WindowState::Serving { label }, _)) => Self::Serving(label.to_string()),
            Some((_, false)) => Self::Paused,
            Some((_, true)) | None => Self::Idle {
                services: services(window, hall),
            },
        }
    }
}

/// Open, and somebody is signed in there.
fn is_staffed(now: &WindowNow) -> bool {
    now.is_open && now.clerk_no.is_some()
}

fn services(window: WindowNo, hall: &Hall) -> Vec<String> {
    let Some(layout) = &hall.layout else {
        return Vec::new();
    };
    let groups = layout.windows.get(&window).into_iter().flatten();
    let names = groups.filter_map(|group| layout.groups.get(group));
    names.map(|group| group.name.clone()).collect()
}

/// The pages of a strip; several while it is free and has more to say than fits.
#[must_use]
pub fn strip(frame: &Frame, window: WindowNo, state: &StripState) -> Vec<Page> {
    let one = |colour, text: &str| vec![Page::largest(frame, vec![Line::of(colour, text)])];
    let pages = match state {
        StripState::Called(label) => one(Colour::Red, label),
        StripState::Serving(label) => one(Colour::Amber, label),
        StripState::Paused => one(Colour::Amber, "暂停服务"),
        StripState::Idle { services } => idle(frame, window, services),
    };
    let numbered = pages.into_iter().enumerate();
    let number = |(number, mut page): (usize, Page)| {
        page.origin.number = number;
        page
    };
    numbered.map(number).collect()
}

/// The number over each service where there are rows for both, else one after the other.
fn idle(frame: &Frame, window: WindowNo, services: &[String]) -> Vec<Page> {
    let number = format!("{}号窗口", window.get());
    let alone = || Page::largest(frame, vec![Line::of(Colour::Amber, &number)]);
    let together = |service: &String| sentences(frame, &format!("{number}\n{service}"));
    let apart = |service: &String| sentences(frame, service);
    match (services, frame.rows()) {
        ([], _) => vec![alone()],
        (_, 1) => std::iter::once(alone())
            .chain(services.iter().flat_map(apart))
            .collect(),
        _ => services.iter().flat_map(together).collect(),
    }
}
