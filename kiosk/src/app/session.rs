//! What belongs to one person at the kiosk: the page, the way back, the look that was chosen. When
//! the person leaves, the session is dropped, and with it everything that the person did.

use std::time::Duration;

use super::appointment::{Appointment, Kept};
use super::effect::Slip;
use super::flow::FlowPage;
use super::jobs::Jobs;
use super::lookup::Lookup;
use super::papers::Papers;
use super::score::Scoring;
use super::ticket::TicketChoice;

/// Pages that 返回 can go back over.
const TRAIL_MAX: usize = 8;
/// Without a touch for so long a page asks whether somebody is there.
const WARN_AFTER: Duration = Duration::from_mins(1);
/// How long it asks.
const WARN_TIME: Duration = Duration::from_secs(30);
/// How long a slip stays on the screen, at first and whenever somebody is still reading it.
pub const SLIP_TIME: Duration = Duration::from_mins(1);
/// Before a slip goes, its reader is asked for so long.
const SLIP_WARN_TIME: Duration = Duration::from_secs(20);
/// Parts of the start page in elderly mode: three services each.
const HOME_PARTS: usize = 4;

/// What the page shows. Each carries only what it needs.
#[derive(Debug)]
pub enum Page {
    /// The start page.
    Home,
    /// The job search, on whichever of its pages.
    Jobs(Box<Jobs>),
    /// Choosing a matter.
    TicketChoice(TicketChoice),
    /// The slip.
    Slip {
        /// As issued.
        slip: Box<Slip>,
        /// Then the kiosk goes home.
        until: Duration,
    },
    /// Keeping a time, or taking it up.
    Appointment(Appointment),
    /// The confirmation of a time.
    Kept {
        /// As kept.
        kept: Box<Kept>,
        /// Then the kiosk goes home.
        until: Duration,
    },
    /// Finding a visit.
    Lookup(Lookup),
    /// Faces or reasons.
    Scoring(Scoring),
    /// After a score.
    Thanks(Thanks),
    /// A plain page of a flow.
    Flow(Box<FlowPage>),
}

/// The last page of scoring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thanks {
    /// The page that was scored, for the head of a window terminal.
    pub scoring: Scoring,
    /// What became of the score.
    pub outcome: ScoreOutcome,
    /// Then the kiosk goes home.
    pub until: Duration,
}

/// What became of a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScoreOutcome {
    /// Durable and checked.
    Kept,
    /// Durable; the authority checks it later (已记录).
    Provisional,
    /// Not durable: the machine can keep nothing.
    NotKept,
}

/// What a person changed about the look of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Appearance {
    /// Colours and sizes.
    pub kind: AppearanceKind,
    /// 字放大
    pub is_enlarged: bool,
    /// 坐着用
    pub is_low_reach: bool,
}

/// Colours and sizes; one excludes the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AppearanceKind {
    /// As everybody finds it.
    #[default]
    Normal,
    /// 老年模式
    Elderly,
    /// 黑底大字
    Contrast,
}

impl Appearance {
    /// Turns a kind on, or back to normal.
    pub fn toggle(&mut self, kind: AppearanceKind) {
        self.kind = if self.kind == kind {
            AppearanceKind::Normal
        } else {
            kind
        };
    }

    /// 老年模式
    #[must_use]
    pub fn is_elderly(self) -> bool {
        self.kind == AppearanceKind::Elderly
    }
}

/// A call for a person's help. It counts as made when it is durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HelpCall {
    /// Not called.
    None,
    /// Being written down.
    Pending,
    /// Called.
    Made,
    /// It could not be kept: nobody will hear of it.
    Failed,
}

/// One person at the kiosk.
#[derive(Debug)]
pub struct Session {
    /// The page shown.
    pub page: Page,
    /// The look chosen.
    pub appearance: Appearance,
    /// Whether help was called.
    pub help: HelpCall,
    /// 读给我听: every page is read aloud.
    pub reads_aloud: bool,
    /// A sentence about what was just tried, until the next touch.
    pub note: Option<&'static str>,
    /// What is printed for them.
    pub papers: Papers,
    /// Elderly: which three services the start page shows, from 0.
    pub home_part: usize,
    trail: Vec<Page>,
    last_touch: Duration,
    is_warned: bool,
}

/// Whether somebody is still there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Yes, as far as one can tell.
    Here,
    /// Being asked: so long is left.
    Asked {
        /// Until the session ends.
        left: Duration,
        /// How long is given in all.
        of: Duration,
    },
    /// Gone.
    Gone,
}

impl Session {
    /// A new person at `page`.
    #[must_use]
    pub fn new(page: Page, now: Duration) -> Self {
        Self {
            page,
            appearance: Appearance::default(),
            help: HelpCall::None,
            reads_aloud: false,
            note: None,
            papers: Papers::default(),
            home_part: 0,
            trail: Vec::new(),
            last_touch: now,
            is_warned: false,
        }
    }

    /// Goes on to a page from which 返回 leads here.
    pub fn go_to(&mut self, page: Page) {
        if self.trail.len() == TRAIL_MAX {
            self.trail.remove(0);
        }
        self.trail.push(std::mem::replace(&mut self.page, page));
    }

    /// Goes to a page from which 返回 leads home: what was done there cannot be undone.
    pub fn go_past(&mut self, page: Page) {
        self.trail.clear();
        self.home_part = 0;
        self.page = page;
    }

    /// 返回
    pub fn go_back(&mut self) {
        self.page = self.trail.pop().unwrap_or(Page::Home);
    }

    /// 别的事: the next services, and after the last ones the first.
    pub fn show_other_services(&mut self) {
        self.home_part = (self.home_part + 1) % HOME_PARTS;
    }

    /// How long a slip stays: twice as long for old people.
    #[must_use]
    pub fn slip_time(&self) -> Duration {
        SLIP_TIME * self.slowness()
    }

    /// A touch. While the question is open only its own buttons answer it.
    pub fn touched(&mut self, now: Duration) {
        self.note = None;
        self.papers.read();
        if !self.is_warned {
            self.last_touch = now;
        }
    }

    /// 我还在用
    pub fn stayed(&mut self, now: Duration) {
        self.is_warned = false;
        self.last_touch = now;
        let longer = now + self.slip_time();
        if let Page::Slip { until, .. } | Page::Kept { until, .. } = &mut self.page {
            *until = longer;
        }
    }

    /// Whether there is nothing to lose: the start page as everybody finds it.
    #[must_use]
    pub fn has_nothing(&self) -> bool {
        matches!(self.page, Page::Home) && self.appearance == Appearance::default()
    }

    fn slowness(&self) -> u32 {
        if self.appearance.is_elderly() { 2 } else { 1 }
    }

    /// When the session ends if nothing is touched any more, and how long before that it asks.
    /// `None` for pages with a count-down of their own.
    fn end(&self) -> Option<(Duration, Duration)> {
        match &self.page {
            Page::Scoring(_) | Page::Thanks(_) => None,
            Page::Slip { until, .. } | Page::Kept { until, .. } => {
                Some((*until, SLIP_WARN_TIME * self.slowness()))
            }
            _ => {
                let slower = self.slowness();
                let until = self.last_touch + (WARN_AFTER + WARN_TIME) * slower;
                Some((until, WARN_TIME * slower))
            }
        }
    }

    /// Looks whether somebody is still there, and begins to ask when it is time.
    pub fn look(&mut self, now: Duration) -> Presence {
        let Some((until, warn_time)) = self.end() else {
            return Presence::Here;
        };
        let left = until.saturating_sub(now);
        if left > warn_time {
            return Presence::Here;
        }
        // On an untouched start page there is nothing to lose, so nobody is asked.
        if self.has_nothing() || left.is_zero() {
            return Presence::Gone;
        }
        self.is_warned = true;
        Presence::Asked {
            left,
            of: warn_time,
        }
    }

    /// As [`look`](Self::look), without beginning to ask: for drawing.
    #[must_use]
    pub fn presence(&self, now: Duration) -> Presence {
        match self.end() {
            Some((until, of)) if self.is_warned => Presence::Asked {
                left: until.saturating_sub(now),
                of,
            },
            _ => Presence::Here,
        }
    }

    /// Whether the count-down of the page has run out.
    #[must_use]
    pub fn page_is_over(&self, now: Duration) -> bool {
        match &self.page {
            Page::Scoring(scoring) => scoring.is_over(now),
            Page::Thanks(thanks) => now >= thanks.until,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::flow::{Flow, Shelf};

    fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn reading_page(page: usize) -> Page {
        let flow = FlowPage::new(Flow::Shelf(Shelf::Guide));
        Page::Flow(Box::new(FlowPage { page, ..flow }))
    }

    fn reading() -> Session {
        Session::new(reading_page(0), s(0))
    }

    #[test]
    fn after_a_minute_it_asks_and_after_ninety_seconds_it_is_over() {
        let mut session = reading();
        assert_eq!(session.look(s(59)), Presence::Here);
        assert_eq!(
            session.look(s(60)),
            Presence::Asked {
                left: s(30),
                of: s(30)
            }
        );
        session.touched(s(70));
        assert_eq!(
            session.look(s(71)),
            Presence::Asked {
                left: s(19),
                of: s(30)
            }
        );
        assert_eq!(session.look(s(90)), Presence::Gone);
    }

    #[test]
    fn an_answer_gives_another_minute() {
        let mut session = reading();
        session.look(s(60));
        session.stayed(s(65));
        assert_eq!(session.look(s(124)), Presence::Here);
    }

    #[test]
    fn old_people_have_twice_the_time() {
        let mut session = reading();
        session.appearance.toggle(AppearanceKind::Elderly);
        assert_eq!(session.look(s(119)), Presence::Here);
        assert_eq!(
            session.look(s(120)),
            Presence::Asked {
                left: s(60),
                of: s(60)
            }
        );
        assert_eq!(session.look(s(180)), Presence::Gone);
    }

    #[test]
    fn an_untouched_start_page_ends_without_a_question() {
        let mut session = Session::new(Page::Home, s(0));
        assert_eq!(session.look(s(60)), Presence::Gone);
    }

    #[test]
    fn other_services_come_three_at_a_time_and_begin_again() {
        let mut session = Session::new(Page::Home, s(0));
        (0..3).for_each(|_| session.show_other_services());
        assert_eq!(session.home_part, 3);
        session.show_other_services();
        assert_eq!(session.home_part, 0);
        session.show_other_services();
        session.go_past(Page::Home);
        assert_eq!(session.home_part, 0, "回首页 shows the first ones");
    }

    #[test]
    fn back_goes_the_way_that_was_come_and_then_home() {
        let mut session = Session::new(Page::Home, s(0));
        session.go_to(reading_page(1));
        session.go_to(reading_page(0));
        session.go_back();
        assert!(matches!(&session.page, Page::Flow(flow) if flow.page == 1));
        session.go_back();
        session.go_back();
        assert!(matches!(session.page, Page::Home));
    }
}
