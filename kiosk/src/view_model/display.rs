//! The queue display: who is called where, who was called before, how the groups wait.
//!
//! A display that has just started knows no call yet; the windows still say whom they call and
//! serve, and that fills the places that no call has taken.

use domain::id::{GroupCode, WindowNo};
use domain::queue::{ServiceGroup, TicketLabel};
use wire::api::{CallNow, GroupQueue, WindowNow, WindowState};

use super::words::windows;
use crate::app::calls::Calls;
use crate::app::display::QueueDisplay;
use crate::app::facts::HallFacts;
use crate::ui::{GroupWait, PastCall};

/// Groups on the glass.
const GROUPS_MAX: usize = 5;

/// The queue display.
#[derive(Debug, Clone, PartialEq)]
pub struct DisplayView {
    /// Whether all is invented.
    pub is_demo: bool,
    /// Above the number.
    pub heading: &'static str,
    /// The number called last; nothing when nobody is called.
    pub newest: PastCall,
    /// Another one with each call.
    pub round: i32,
    /// Always as many as there are places.
    pub past: Vec<PastCall>,
    /// At most five.
    pub groups: Vec<GroupWait>,
}

/// The queue display now.
#[must_use]
pub fn view(display: &QueueDisplay, facts: &HallFacts) -> DisplayView {
    let calls = display.calls();
    let mut at_windows = at_windows(calls, facts).into_iter();
    let mut place = |call: Option<&CallNow>| match call {
        Some(call) => on_glass(&call.label, call.window),
        None => at_windows.next().unwrap_or_default(),
    };
    let newest = place(calls.newest());
    DisplayView {
        is_demo: facts.hall().is_some_and(|hall| hall.is_demo),
        heading: heading(&newest, facts),
        newest,
        round: i32::try_from(calls.rounds() & 0xFFFF).unwrap_or(0),
        past: calls
            .past()
            .iter()
            .map(|past| place(past.as_ref()))
            .collect(),
        groups: facts
            .groups()
            .take(GROUPS_MAX)
            .map(|(code, group)| group_wait(code, group, facts.queue(code)))
            .collect(),
    }
}

fn heading(newest: &PastCall, facts: &HallFacts) -> &'static str {
    let is_calling = |now: &WindowNow| match &now.state {
        WindowState::Calling { label } => newest.number == label.to_string(),
        _ => false,
    };
    match newest.number.is_empty() {
        true => "现在没有叫号",
        false if facts.windows().any(is_calling) => "正在叫号，请带好材料",
        false => "刚才叫到",
    }
}

/// Whom the windows call and serve beside what was heard of; those who are called first.
fn at_windows(calls: &Calls, facts: &HallFacts) -> Vec<PastCall> {
    let unheard = |label: &TicketLabel| !is_shown(calls, label);
    let (mut calling, mut serving) = (Vec::new(), Vec::new());
    for now in facts.windows() {
        match &now.state {
            WindowState::Calling { label } if unheard(label) => {
                calling.push(on_glass(label, now.window));
            }
            WindowState::Serving { label } if unheard(label) => {
                serving.push(on_glass(label, now.window));
            }
            _ => {}
        }
    }
    calling.append(&mut serving);
    calling
}

fn is_shown(calls: &Calls, label: &TicketLabel) -> bool {
    let mut shown = calls
        .newest()
        .into_iter()
        .chain(calls.past().iter().flatten());
    shown.any(|call| call.label == *label)
}

fn on_glass(label: &TicketLabel, window: WindowNo) -> PastCall {
    let number = label.to_string();
    PastCall {
        long: number.chars().count() > NUMBER_LETTERS,
        number: number.into(),
        window: window.to_string().into(),
    }
}

/// `A025`; a longer number is written smaller, above its window.
const NUMBER_LETTERS: usize = 4;

fn group_wait(code: GroupCode, group: &ServiceGroup, queue: Option<&GroupQueue>) -> GroupWait {
    GroupWait {
        letter: code.to_string().into(),
        name: group.name.as_str().into(),
        under: queue.map(under).unwrap_or_default().into(),
        waiting: queue.map(waiting).unwrap_or_default().into(),
        wait: queue.map(|it| it.wait.text()).unwrap_or_default().into(),
    }
}

/// Who waits next; where nobody does, where the group is served.
fn under(queue: &GroupQueue) -> String {
    if !queue.next.is_empty() {
        let next: Vec<String> = queue.next.iter().map(ToString::to_string).collect();
        return next.join("  ");
    }
    match windows(&queue.windows) {
        none if none.is_empty() => "窗口还没开".to_owned(),
        open => open,
    }
}

fn waiting(queue: &GroupQueue) -> String {
    match queue.waiting {
        0 => "没人等".to_owned(),
        people => format!("{people} 人"),
    }
}

#[cfg(test)]
mod tests {
    use domain::time::{BusinessDate, UtcMs};
    use wire::api::Topic;

    use super::*;
    use crate::app::sample::{self, TODAY};

    fn window(number: u8, state: WindowState) -> WindowNow {
        WindowNow {
            window: WindowNo::new(number).unwrap(),
            is_open: true,
            clerk_no: None,
            state,
        }
    }

    fn facts(windows: &[WindowNow]) -> HallFacts {
        let mut facts = sample::facts();
        for now in windows {
            let row = sample::row(Topic::Window, &now.window.to_string(), now);
            facts.apply(&row, UtcMs(0)).unwrap();
        }
        facts
    }

    fn calling(label: &str) -> WindowState {
        let label = label.parse().unwrap();
        WindowState::Calling { label }
    }

    fn serving(label: &str) -> WindowState {
        let label = label.parse().unwrap();
        WindowState::Serving { label }
    }

    fn after(calls: &[(&str, u8)]) -> QueueDisplay {
        let mut display = QueueDisplay::default();
        for (ticket, (label, window)) in (1_u8..).zip(calls) {
            let at = UtcMs(i64::from(ticket));
            let row = sample::call_row(u128::from(ticket), label, *window, at);
            display.take(&[row], at, BusinessDate(TODAY));
        }
        display
    }

    fn numbers(view: &DisplayView) -> Vec<&str> {
        let all = std::iter::once(&view.newest).chain(&view.past);
        all.map(|call| call.number.as_str()).collect()
    }

    #[test]
    fn the_newest_call_stands_first_with_its_window() {
        let view = view(&after(&[("A024", 1), ("A025", 3)]), &facts(&[]));
        assert_eq!(numbers(&view), ["A025", "A024", "", "", ""]);
        assert_eq!(
            (view.newest.window.as_str(), view.newest.long),
            ("3", false)
        );
        assert!(view.is_demo);
    }

    #[test]
    fn the_heading_says_whether_the_person_has_come() {
        let display = after(&[("A025", 3)]);
        let heading = |state| view(&display, &facts(&[window(3, state)])).heading;
        assert_eq!(heading(calling("A025")), "正在叫号，请带好材料");
        assert_eq!(heading(serving("A025")), "刚才叫到");
        let idle = view(&QueueDisplay::default(), &facts(&[]));
        assert_eq!((idle.heading, numbers(&idle)[0]), ("现在没有叫号", ""));
    }

    #[test]
    fn windows_fill_the_places_that_no_call_has_taken() {
        let facts = facts(&[
            window(1, serving("A020")),
            window(2, serving("A025")),
            window(3, calling("B007")),
        ]);
        let started = view(&QueueDisplay::default(), &facts);
        assert_eq!(numbers(&started), ["B007", "A020", "A025", "", ""]);
        let view = view(&after(&[("A025", 2)]), &facts);
        assert_eq!(numbers(&view), ["A025", "B007", "A020", "", ""]);
    }

    #[test]
    fn a_number_of_a_lane_is_long() {
        let view = view(&after(&[("A-K2-001", 12)]), &facts(&[]));
        assert!(view.newest.long);
    }

    #[test]
    fn groups_say_where_how_many_and_how_long() {
        let view = view(&QueueDisplay::default(), &facts(&[]));
        let words = |group: &GroupWait| {
            let all = [&group.name, &group.under, &group.waiting, &group.wait];
            all.map(ToString::to_string)
        };
        let said: Vec<_> = view.groups.iter().map(words).collect();
        assert_eq!(said[0], ["试验事项一", "1 号窗口", "5 人", "5～12 分钟"]);
        assert_eq!(said[1], ["试验事项二", "窗口还没开", "2 人", "5～12 分钟"]);
    }
}
