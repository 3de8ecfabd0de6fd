//! What a board shows at a moment: emergency before call before notice before programme.
//!
//! Pure: the state and a moment give the content. What is displaced keeps its place and comes back
//! where it was, with its whole time. What has expired is never shown, whoever forgot to take it out.
//! A board is one area of whole-page changes; scrolling only where a board has a single row
//! (`look.md` §15). Nothing personal stands on a board: a call is a ticket and a window.

mod pages;
mod rotor;
mod runner;

use std::collections::VecDeque;
use std::time::Duration;

use chrono::{NaiveDate, NaiveDateTime};

pub use pages::notice_pages;
pub use runner::BoardRunner;

use crate::content::AreaContent;
use crate::link::Urgency;
use crate::moment::Moment;
use pages::Page;
use rotor::Rotor;

/// Calls waiting for their turn; a hall with more has another problem.
const CALLS_WAITING_MAX: usize = 32;

/// The dots of a board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BoardLayout {
    /// Across.
    pub width_px: u16,
    /// Down.
    pub height_px: u16,
}

/// How long things show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScheduleSettings {
    /// A page of programme, notice or emergency; shorter than 8 s cannot be read.
    pub dwell: Duration,
    /// A call.
    pub call_show: Duration,
    /// A call, when others wait.
    pub call_show_min: Duration,
    /// A call that has waited longer is not shown any more.
    pub call_wait_max: Duration,
}

impl Default for ScheduleSettings {
    fn default() -> Self {
        Self {
            dwell: Duration::from_secs(8),
            call_show: Duration::from_secs(15),
            call_show_min: Duration::from_secs(5),
            call_wait_max: Duration::from_secs(60),
        }
    }
}

/// A vacancy on the board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VacancyLine {
    /// 工种.
    pub title: String,
    /// Such as `5000-8000元`; never cut.
    pub pay_text: String,
    /// 单位简称; goes first when space is short.
    pub employer_short: String,
    /// Goes second.
    pub place: String,
    /// How many are sought.
    pub headcount: Option<u32>,
    /// The last day it is valid.
    pub valid_to: NaiveDate,
}

/// Something in the rotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProgrammeItem {
    /// A vacancy.
    Vacancy(VacancyLine),
    /// A policy or a general remark: at most three pages.
    Policy {
        /// What it says.
        text: String,
        /// The last day it is valid.
        valid_to: NaiveDate,
    },
}

impl ProgrammeItem {
    /// The last day it may be shown.
    #[must_use]
    pub fn valid_to(&self) -> NaiveDate {
        match self {
            Self::Vacancy(vacancy) => vacancy.valid_to,
            Self::Policy { valid_to, .. } => *valid_to,
        }
    }
}

/// A notice that takes the board for a time: what happens, what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What it says; line breaks are kept, at most three pages.
    pub text: String,
    /// From when.
    pub from: NaiveDateTime,
    /// Until when.
    pub until: NaiveDateTime,
}

/// A ticket is called to a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// `A025`.
    pub ticket_label: String,
    /// 3.
    pub window_no: u16,
}

/// Takes every board until it is ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Emergency {
    /// What to do.
    pub text: String,
}

/// The closed order of what a board shows, first is strongest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// Until it is ended.
    Emergency,
    /// For its time.
    Call,
    /// Between two moments.
    Notice,
    /// Rotating.
    Programme,
}

/// What is on the board at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Why.
    pub layer: Layer,
    /// What.
    pub content: AreaContent,
}

impl Shown {
    /// Whether it may wait on the bus.
    #[must_use]
    pub fn urgency(&self) -> Urgency {
        match self.layer {
            Layer::Emergency | Layer::Call => Urgency::Urgent,
            Layer::Notice | Layer::Programme => Urgency::Ordinary,
        }
    }
}

#[derive(Debug)]
struct WaitingCall {
    call: Call,
    since: Duration,
}

/// The schedule of one board.
#[derive(Debug)]
pub struct Schedule {
    layout: BoardLayout,
    settings: ScheduleSettings,
    emergency: Vec<Page>,
    emergency_rotor: Rotor,
    calls: VecDeque<WaitingCall>,
    /// The call on the board, and since when.
    calling: Option<(Call, Duration)>,
    notices: Vec<Notice>,
    notice_rotor: Rotor,
    items: Vec<ProgrammeItem>,
    programme: Vec<Page>,
    /// The day the pages were made for.
    programme_day: Option<NaiveDate>,
    programme_rotor: Rotor,
}

impl Schedule {
    /// An empty schedule.
    #[must_use]
    pub fn new(layout: BoardLayout, settings: ScheduleSettings) -> Self {
        Self {
            layout,
            settings,
            emergency: Vec::new(),
            emergency_rotor: Rotor::default(),
            calls: VecDeque::new(),
            calling: None,
            notices: Vec::new(),
            notice_rotor: Rotor::default(),
            items: Vec::new(),
            programme: Vec::new(),
            programme_day: None,
            programme_rotor: Rotor::default(),
        }
    }

    /// Replaces the rotation; the page on the board stays if it is still in it.
    pub fn set_programme(&mut self, items: Vec<ProgrammeItem>) {
        self.items = items;
        self.programme_day = None;
    }

    /// Replaces the notices.
    pub fn set_notices(&mut self, notices: Vec<Notice>) {
        self.notices = notices;
    }

    /// Begins or ends an emergency; the one that is on already goes on where it is.
    pub fn set_emergency(&mut self, emergency: Option<&Emergency>) {
        let pages = |emergency: &Emergency| pages::emergency(self.layout, &emergency.text);
        let pages = emergency.map(pages).unwrap_or_default();
        if pages != self.emergency {
            self.emergency = pages;
            self.emergency_rotor = Rotor::default();
        }
    }

    /// Shows a call as soon as its turn comes. Calling a ticket again moves it to its new window.
    pub fn call(&mut self, call: Call, now: Moment) {
        self.withdraw(&call.ticket_label);
        if self.calls.len() == CALLS_WAITING_MAX {
            self.calls.pop_front();
        }
        self.calls.push_back(WaitingCall {
            call,
            since: now.since_start,
        });
    }

    /// Takes a call off the board and out of the queue.
    pub fn withdraw(&mut self, ticket_label: &str) {
        self.calls
            .retain(|waiting| waiting.call.ticket_label != ticket_label);
        self.calling
            .take_if(|(call, _)| call.ticket_label == ticket_label);
    }

    /// What the board shows at this moment; `None` when there is nothing to show.
    pub fn show(&mut self, now: Moment) -> Option<Shown> {
        self.turn_calls(now.since_start);
        self.make_programme(now.wall.date());
        let notices = self.notice_pages(now.wall);
        let (time, dwell) = (now.since_start, self.settings.dwell);
        let (layer, page) = if !self.emergency.is_empty() {
            (
                Layer::Emergency,
                self.emergency_rotor
                    .turn(&self.emergency, time, dwell)
                    .cloned(),
            )
        } else if let Some((call, _)) = &self.calling {
            (Layer::Call, Some(pages::call(self.layout, call)))
        } else if !notices.is_empty() {
            (
                Layer::Notice,
                self.notice_rotor.turn(&notices, time, dwell).cloned(),
            )
        } else {
            (
                Layer::Programme,
                self.programme_rotor
                    .turn(&self.programme, time, dwell)
                    .cloned(),
            )
        };
        self.pause_below(layer);
        page.map(|page| Shown {
            layer,
            content: page.content,
        })
    }

    /// The monotonic time by which [`Schedule::show`] should be asked again.
    #[must_use]
    pub fn next_change(&self, now: Moment) -> Duration {
        // Validity dates and notices turn on the civil clock, which may jump: look at least this often.
        let latest = now.since_start + Duration::from_secs(1);
        let call_end = self
            .calling
            .as_ref()
            .map(|(_, since)| *since + self.call_time());
        let rotors = [
            &self.emergency_rotor,
            &self.notice_rotor,
            &self.programme_rotor,
        ];
        let turns = rotors.into_iter().filter_map(Rotor::turns_at);
        turns
            .chain(call_end)
            .filter(|&at| at > now.since_start)
            .fold(latest, Duration::min)
    }

    fn call_time(&self) -> Duration {
        if self.calls.is_empty() {
            self.settings.call_show
        } else {
            self.settings.call_show_min
        }
    }

    fn turn_calls(&mut self, now: Duration) {
        let call_time = self.call_time();
        self.calling.take_if(|(_, since)| now >= *since + call_time);
        let wait_max = self.settings.call_wait_max;
        self.calls.retain(|waiting| now <= waiting.since + wait_max);
        if self.calling.is_none() {
            self.calling = self.calls.pop_front().map(|waiting| (waiting.call, now));
        }
    }

    /// Makes the pages anew when the items or the day changed, keeping the page on the board.
    fn make_programme(&mut self, day: NaiveDate) {
        if self.programme_day == Some(day) {
            return;
        }
        let pages = pages::programme(self.layout, &self.items, day);
        self.programme_rotor.follow(&self.programme, &pages);
        self.programme = pages;
        self.programme_day = Some(day);
    }

    fn notice_pages(&self, wall: NaiveDateTime) -> Vec<Page> {
        let active = self
            .notices
            .iter()
            .filter(|notice| notice.from <= wall && wall < notice.until);
        active
            .flat_map(|notice| pages::notice(self.layout, &notice.text))
            .collect()
    }

    fn pause_below(&mut self, layer: Layer) {
        if layer < Layer::Notice {
            self.notice_rotor.pause();
        }
        if layer < Layer::Programme {
            self.programme_rotor.pause();
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: u64) -> Moment {
        let day = NaiveDate::from_ymd_opt(2026, 3, 9).expect("a date");
        let start = day.and_hms_opt(9, 0, 0).expect("a time");
        Moment {
            since_start: Duration::from_secs(seconds),
            wall: start + TimeDelta::seconds(i64::try_from(seconds).expect("a short time")),
        }
    }

    fn vacancy(title: &str) -> ProgrammeItem {
        ProgrammeItem::Vacancy(VacancyLine {
            title: title.to_owned(),
            pay_text: "5000-8000元".to_owned(),
            employer_short: "东方机械".to_owned(),
            place: "城西".to_owned(),
            headcount: Some(3),
            valid_to: at(0).wall.date(),
        })
    }

    fn schedule() -> Schedule {
        let layout = BoardLayout {
            width_px: 192,
            height_px: 32,
        };
        let mut schedule = Schedule::new(layout, ScheduleSettings::default());
        schedule.set_programme(vec![vacancy("电工"), vacancy("焊工"), vacancy("钳工")]);
        schedule
    }

    fn call(ticket: &str) -> Call {
        Call {
            ticket_label: ticket.to_owned(),
            window_no: 3,
        }
    }

    fn first_line(schedule: &mut Schedule, seconds: u64) -> String {
        let shown = schedule.show(at(seconds)).expect("something to show");
        shown.content.lines[0].text()
    }

    #[test]
    fn the_programme_turns_after_its_dwell_and_begins_again() {
        let mut schedule = schedule();
        let seen: Vec<String> = (0..4)
            .map(|page| first_line(&mut schedule, page * 8))
            .collect();
        assert_eq!(
            seen,
            [
                "电工 5000-8000元",
                "焊工 5000-8000元",
                "钳工 5000-8000元",
                "电工 5000-8000元"
            ]
        );
        assert_eq!(first_line(&mut schedule, 31), "电工 5000-8000元");
    }

    #[test]
    fn a_call_interrupts_and_the_page_it_displaced_comes_back() {
        let mut schedule = schedule();
        first_line(&mut schedule, 0);
        assert_eq!(first_line(&mut schedule, 8), "焊工 5000-8000元");
        schedule.call(call("A025"), at(10));
        let shown = schedule.show(at(10)).expect("a call");
        assert_eq!(
            (shown.layer, shown.urgency()),
            (Layer::Call, Urgency::Urgent)
        );
        assert_eq!(shown.content.text(), "请 A025 号\n到 3 号窗口");
        assert_eq!(first_line(&mut schedule, 24), "请 A025 号");
        assert_eq!(first_line(&mut schedule, 25), "焊工 5000-8000元");
        assert_eq!(
            first_line(&mut schedule, 32),
            "焊工 5000-8000元",
            "with its whole time"
        );
        assert_eq!(first_line(&mut schedule, 33), "钳工 5000-8000元");
    }

    #[test]
    fn calls_follow_each_other_sooner_when_others_wait_and_old_ones_are_dropped() {
        let mut schedule = schedule();
        schedule.call(call("A1"), at(0));
        assert_eq!(first_line(&mut schedule, 0), "请 A1 号");
        schedule.call(call("A2"), at(1));
        assert_eq!(first_line(&mut schedule, 4), "请 A1 号");
        assert_eq!(first_line(&mut schedule, 5), "请 A2 号");
        schedule.set_emergency(Some(&Emergency {
            text: "请离开大厅".to_owned(),
        }));
        schedule.call(call("A3"), at(6));
        first_line(&mut schedule, 6);
        schedule.set_emergency(None);
        assert_eq!(first_line(&mut schedule, 80), "电工 5000-8000元");
    }

    #[test]
    fn a_ticket_called_again_or_withdrawn_leaves_its_old_place() {
        let mut schedule = schedule();
        schedule.call(call("A1"), at(0));
        first_line(&mut schedule, 0);
        schedule.call(
            Call {
                window_no: 5,
                ..call("A1")
            },
            at(1),
        );
        let shown = schedule.show(at(1)).expect("a call");
        assert_eq!(shown.content.text(), "请 A1 号\n到 5 号窗口");
        schedule.withdraw("A1");
        assert_eq!(first_line(&mut schedule, 2), "电工 5000-8000元");
    }

    #[test]
    fn a_notice_shows_between_its_moments_only() {
        let mut schedule = schedule();
        let notice = Notice {
            text: "3号窗口暂停\n请到5号窗口".to_owned(),
            from: at(10).wall,
            until: at(20).wall,
        };
        schedule.set_notices(vec![notice]);
        assert_eq!(first_line(&mut schedule, 9), "电工 5000-8000元");
        assert_eq!(first_line(&mut schedule, 10), "3号窗口暂停");
        assert_eq!(first_line(&mut schedule, 19), "3号窗口暂停");
        assert_eq!(first_line(&mut schedule, 20), "电工 5000-8000元");
    }

    #[test]
    fn what_expired_yesterday_is_not_shown_today() {
        let mut schedule = schedule();
        let tomorrow = Moment {
            wall: at(0).wall + TimeDelta::days(1),
            ..at(0)
        };
        assert!(schedule.show(at(0)).is_some());
        assert_eq!(schedule.show(tomorrow), None);
    }

    #[test]
    fn a_new_programme_keeps_the_page_on_the_board() {
        let mut schedule = schedule();
        first_line(&mut schedule, 0);
        assert_eq!(first_line(&mut schedule, 8), "焊工 5000-8000元");
        schedule.set_programme(vec![vacancy("车工"), vacancy("木工"), vacancy("焊工")]);
        assert_eq!(first_line(&mut schedule, 9), "焊工 5000-8000元");
        assert_eq!(first_line(&mut schedule, 16), "车工 5000-8000元");
    }

    proptest! {
        #[test]
        fn an_emergency_is_before_everything_in_any_order_of_events(
            events in proptest::collection::vec((0u8..5, 0u64..30), 1..40),
        ) {
            let mut schedule = schedule();
            let mut seconds = 0;
            let mut is_emergency = false;
            for (event, pause) in events {
                seconds += pause;
                match event {
                    0 => schedule.call(call("A1"), at(seconds)),
                    1 => schedule.call(call("B2"), at(seconds)),
                    2 => {
                        is_emergency = true;
                        schedule.set_emergency(Some(&Emergency { text: "请离开".to_owned() }));
                    }
                    3 => {
                        is_emergency = false;
                        schedule.set_emergency(None);
                    }
                    _ => schedule.withdraw("A1"),
                }
                let layer = schedule.show(at(seconds)).map(|shown| shown.layer);
                prop_assert_eq!(layer == Some(Layer::Emergency), is_emergency);
                prop_assert!(schedule.next_change(at(seconds)) > at(seconds).since_start);
            }
        }
    }
}
