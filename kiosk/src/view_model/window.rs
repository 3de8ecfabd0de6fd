//! The idle face of a window terminal: which window, what it does, who is served.

use domain::id::WindowNo;
use wire::api::WindowState;

use crate::app::facts::HallFacts;

/// The idle face.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WindowIdleView {
    /// `3`
    pub window_number: String,
    /// What is done here.
    pub matters: String,
    /// The clerk's number.
    pub clerk_number: String,
    /// `正在办`, `暂停服务`, …
    pub state_text: &'static str,
    /// The number called or served.
    pub ticket_number: String,
}

/// The idle face now.
#[must_use]
pub fn idle(window: WindowNo, facts: &HallFacts) -> WindowIdleView {
    let names: Vec<&str> = facts
        .groups_of(window)
        .iter()
        .map(|group| group.name.as_str())
        .collect();
    let now = facts.window(window);
    let (state_text, ticket_number) = match now {
        None => ("", String::new()),
        Some(now) if !now.is_open => ("暂停服务", String::new()),
        Some(now) => match &now.state {
            WindowState::Idle | WindowState::Finished { .. } => ("请等叫号", String::new()),
            WindowState::Calling { label } => ("正在叫", label.to_string()),
            WindowState::Serving { label } => ("正在办", label.to_string()),
        },
    };
    WindowIdleView {
        window_number: window.to_string(),
        matters: names.join("、"),
        clerk_number: now.and_then(|now| now.clerk_no.clone()).unwrap_or_default(),
        state_text,
        ticket_number,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::sample;
    use domain::time::UtcMs;
    use wire::api::{Topic, WindowNow};

    #[test]
    fn a_window_says_whom_it_serves_and_when_it_is_closed() {
        let window = WindowNo::new(3).unwrap();
        let mut facts = sample::facts();
        assert_eq!(idle(window, &facts).matters, "试验事项一");
        let mut now = WindowNow {
            window,
            is_open: true,
            clerk_no: Some("1023".into()),
            state: WindowState::Serving {
                label: "A025".parse().unwrap(),
            },
        };
        facts
            .apply(&sample::row(Topic::Window, "3", &now), UtcMs(0))
            .unwrap();
        let view = idle(window, &facts);
        assert_eq!(
            (view.state_text, view.ticket_number.as_str()),
            ("正在办", "A025")
        );
        now.is_open = false;
        facts
            .apply(&sample::row(Topic::Window, "3", &now), UtcMs(0))
            .unwrap();
        assert_eq!(idle(window, &facts).state_text, "暂停服务");
    }
}
