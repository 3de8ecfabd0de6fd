//! What the glass tells while nobody is there, in words (mock-up 11); and the dark glass outside the
//! hours.

use std::time::Duration;

use chrono::{NaiveDate, Timelike};
use domain::listing::Listing;
use domain::time::month_day_text;
use wire::api::{Notice, NoticeKind};

use super::job_detail::{self, FactTopic};
use super::job_search;
use super::words::thousands;
use crate::app::attract::{self, Card};
use crate::app::event::Surroundings;
use crate::app::kiosk::Kiosk;
use crate::ui::{AttractFact, AttractMark};

/// Lines of facts on a card.
const FACTS_MAX: usize = 4;
/// Pixels that everything moves, and in how many steps it comes back.
const SHIFT_PX: u16 = 8;
const SHIFTS: u16 = 4;

/// The glass without anybody.
#[derive(Debug, Clone, PartialEq)]
pub struct AttractView {
    /// Outside the hours.
    pub is_resting: bool,
    /// The large words.
    pub headline: String,
    /// `第 3 个，共 8 个`
    pub count_text: String,
    /// How many cards there are.
    pub count: usize,
    /// Which one is shown, from 0.
    pub current: usize,
    /// The card.
    pub card: CardView,
    /// The way in.
    pub invite: &'static str,
    /// Pixels by which everything is moved against burn-in.
    pub shift: u16,
}

/// One card.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CardView {
    /// `昨天发布`, `政策` …
    pub tag: String,
    /// The title.
    pub title: String,
    /// The pay of a vacancy, or what a notice says first.
    pub under: String,
    /// Whether that is pay.
    pub is_pay: bool,
    /// Where, how many …
    pub facts: Vec<AttractFact>,
}

/// The glass now.
#[must_use]
pub fn view(kiosk: &Kiosk, around: &Surroundings) -> AttractView {
    let shift = shift(around);
    if kiosk.settings.hours.is_open(around.wall) {
        return telling(kiosk, around, shift);
    }
    AttractView {
        is_resting: true,
        headline: "大厅现在不办公".to_owned(),
        count_text: String::new(),
        count: 0,
        current: 0,
        card: CardView {
            under: format!("上班时间：周一到周五 {}", kiosk.settings.hours.text()),
            ..CardView::default()
        },
        invite: "点一下屏幕，可以找工作、看政策",
        shift,
    }
}

fn telling(kiosk: &Kiosk, around: &Surroundings, shift: u16) -> AttractView {
    let today = around.wall.hall_date();
    let cards = attract::cards(kiosk, today);
    let since = kiosk.telling_since().unwrap_or(Duration::ZERO);
    let current = attract::turn(around.now.saturating_sub(since), cards.len());
    let card = cards.get(current);
    AttractView {
        is_resting: false,
        headline: headline(kiosk, card.copied()),
        count_text: if cards.len() > 1 {
            format!("第 {} 个，共 {} 个", current + 1, cards.len())
        } else {
            String::new()
        },
        count: cards.len(),
        current,
        card: card.map_or_else(CardView::default, |card| card_view(*card, today)),
        invite: "点一下屏幕开始",
        shift,
    }
}

/// Everything stands elsewhere every hour, so that no edge burns in.
fn shift(around: &Surroundings) -> u16 {
    let hour = u16::try_from(around.wall.hall_time().hour()).unwrap_or(0);
    hour % SHIFTS * SHIFT_PX
}

fn headline(kiosk: &Kiosk, card: Option<Card<'_>>) -> String {
    let (open, today) = (kiosk.listings.open, kiosk.listings.published_today);
    match card {
        Some(Card::Listing(_)) if today > 0 && today < open => {
            format!("今天新到 {} 个岗位", thousands(today))
        }
        Some(Card::Listing(_)) => format!("{} 个岗位在招", thousands(open)),
        Some(Card::Notice(notice)) if notice.kind == NoticeKind::Policy => {
            "有一条政策，看看用得上吗".to_owned()
        }
        Some(Card::Notice(_)) => "大厅通知".to_owned(),
        None => "您想办什么事？".to_owned(),
    }
}

fn card_view(card: Card<'_>, today: NaiveDate) -> CardView {
    match card {
        Card::Listing(listing) => listing_card(listing, today),
        Card::Notice(notice) => notice_card(notice),
    }
}

fn listing_card(listing: &Listing, today: NaiveDate) -> CardView {
    let words = job_search::row(listing, today);
    let detail = job_detail::view(listing, today, "");
    let mark = |topic| match topic {
        FactTopic::Place => Some(AttractMark::Place),
        FactTopic::Headcount => Some(AttractMark::People),
        FactTopic::Education => Some(AttractMark::Education),
        FactTopic::JobForm => Some(AttractMark::Extra),
        FactTopic::Experience | FactTopic::Industry => None,
    };
    let facts = detail.facts.iter().filter_map(|fact| {
        mark(fact.topic).map(|mark| AttractFact {
            mark,
            text: fact.text.as_str().into(),
        })
    });
    CardView {
        tag: words.age,
        title: words.title,
        under: words.pay,
        is_pay: true,
        facts: facts.take(FACTS_MAX).collect(),
    }
}

fn notice_card(notice: &Notice) -> CardView {
    let first = notice.rows.first();
    CardView {
        tag: match notice.kind {
            NoticeKind::Policy => format!("政策，{}起", month_day_text(notice.valid_from)),
            NoticeKind::Notice | NoticeKind::Emergency => "通知".to_owned(),
        },
        title: notice.title.clone(),
        under: first.map(|row| row.text.clone()).unwrap_or_default(),
        is_pay: false,
        facts: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::lookup::OwnTickets;
    use crate::app::sample::{self, around};
    use crate::index::sample::categories;

    #[test]
    fn a_hall_with_nothing_to_tell_still_invites() {
        let kiosk = Kiosk::new(sample::hall_station(), OwnTickets::default(), categories());
        let view = view(&kiosk, &around(70));
        assert_eq!(view.headline, "您想办什么事？");
        assert_eq!((view.count, view.card.title.as_str()), (0, ""));
    }

    #[test]
    fn a_policy_is_told_with_its_first_sentence() {
        let view = view(&sample::hall_kiosk(), &around(70));
        assert!(!view.is_resting);
        assert!(view.card.title.starts_with("试验"), "{view:?}");
        assert!(!view.card.under.is_empty());
    }

    #[test]
    fn outside_the_hours_the_glass_is_dark_and_says_when_it_is_open() {
        let mut kiosk = sample::hall_kiosk();
        kiosk.settings.hours = vec!["14:00-17:30".to_owned()].try_into().unwrap();
        let view = view(&kiosk, &around(70));
        assert!(view.is_resting);
        assert!(view.card.under.contains("14:00–17:30"));
    }

    #[test]
    fn everything_stands_elsewhere_an_hour_later() {
        let (now, later) = (around(0), around(3_600));
        assert_ne!(shift(&now), shift(&later));
        assert_eq!(shift(&now), shift(&around(4 * 3_600)));
    }
}
