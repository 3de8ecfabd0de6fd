//! The start page's live facts. What is not known is left out, never invented.

use domain::queue::WaitEstimate;

use super::words::thousands;
use crate::app::event::Surroundings;
use crate::app::kiosk::Kiosk;
use crate::ui::{Fact, JobRow};

/// The start page.
#[derive(Debug, Clone, PartialEq)]
pub struct HomeView {
    /// Under 找工作.
    pub jobs_fact: String,
    /// Under 取号.
    pub queue_fact: String,
    /// At most three, name and value.
    pub facts: Vec<Fact>,
    /// Rows of the newest listings.
    pub newest: Vec<JobRow>,
    /// Elderly: which three services are shown, from 0.
    pub part: usize,
}

/// The start page now.
#[must_use]
pub fn view(kiosk: &Kiosk, around: &Surroundings) -> HomeView {
    let (open, today) = (kiosk.listings.open, kiosk.listings.published_today);
    let jobs_fact = match (open, today) {
        (0, _) => "岗位正在准备".to_owned(),
        // On the first day everything is new, and saying so tells nothing.
        (open, today) if today == 0 || today == open => format!("{} 个岗位在招", thousands(open)),
        (_, _) => {
            format!(
                "{} 个岗位在招，今天新到 {} 个",
                thousands(open),
                thousands(today)
            )
        }
    };
    let waiting = kiosk.facts.people_waiting();
    let wait = longest_wait(kiosk);
    let mut facts = vec![fact("在招岗位", format!("{} 个", thousands(open)))];
    facts.extend(waiting.map(|people| fact("大厅等候", format!("{people} 人"))));
    facts.extend(wait.map(|wait| fact("大约要等", wait.text())));
    let today = around.wall.hall_date();
    let newest = kiosk
        .listings
        .newest
        .iter()
        .take(around.layout.newest)
        .enumerate();
    HomeView {
        jobs_fact,
        queue_fact: queue_fact(waiting, wait),
        facts,
        newest: newest
            .map(|(index, listing)| super::jobs::row(index, listing, today))
            .collect(),
        part: kiosk
            .session
            .as_ref()
            .map_or(0, |session| session.home_part),
    }
}

fn queue_fact(waiting: Option<u32>, wait: Option<WaitEstimate>) -> String {
    match (waiting, wait) {
        (None, _) => "取个号，等叫号就行".to_owned(),
        (Some(0), _) => "现在没有人在等".to_owned(),
        (Some(people), Some(wait)) => format!("{people} 人在等，{}", wait.text()),
        (Some(people), None) => format!("{people} 人在等"),
    }
}

/// The longest wait of all groups: nobody is promised less.
fn longest_wait(kiosk: &Kiosk) -> Option<WaitEstimate> {
    let queues = kiosk
        .facts
        .groups()
        .filter_map(|(code, _)| kiosk.facts.queue(code));
    let known = queues
        .map(|queue| queue.wait)
        .filter(|wait| *wait != WaitEstimate::Unknown);
    known.max_by_key(|wait| match wait {
        WaitEstimate::Unknown | WaitEstimate::Now => 0,
        WaitEstimate::Between { high, .. } => u32::from(*high),
        WaitEstimate::Over { .. } => u32::MAX,
    })
}

fn fact(name: &str, value: String) -> Fact {
    Fact {
        name: name.into(),
        value: value.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::event::{Event, ListingFacts};
    use crate::app::lookup::OwnTickets;
    use crate::app::sample::{self, around};
    use crate::index::sample::categories;

    #[test]
    fn facts_are_told_when_they_are_known_and_only_then() {
        let mut kiosk = Kiosk::new(sample::hall_station(), OwnTickets::default(), categories());
        let before = view(&kiosk, &around(0));
        assert_eq!(before.queue_fact, "取个号，等叫号就行");
        assert_eq!(before.facts.len(), 1);
        kiosk.handle(sample::arrived(), &around(0));
        let listings = ListingFacts {
            open: 3_128,
            published_today: 25,
            ..ListingFacts::default()
        };
        kiosk.handle(Event::Listings(listings), &around(0));
        let now = view(&kiosk, &around(0));
        assert_eq!(now.queue_fact, "7 人在等，5～12 分钟");
        assert_eq!(now.jobs_fact, "3,128 个岗位在招，今天新到 25 个");
        assert_eq!(now.facts.len(), 3);
    }
}
