//! A search without a person: what the pages show for a query over the index of a data directory.
//! For `kiosk snapshot … --query`; nothing is logged and no central is asked.

use std::path::Path;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use domain::id::HallId;
use domain::queue::KioskLane;
use domain::time::UtcMs;
use pinyin::ToPinyin;
use uuid::Uuid;
use wire::event::Origin;

use super::effect::Effect;
use super::event::{Event, JobTouch, ListingFacts, Surroundings, Touch};
use super::kiosk::{Kiosk, Station, StationKind};
use super::lookup::OwnTickets;
use super::session::Page;
use super::worker::hall_cache::HallCache;
use super::worker::{Post, categories};
use crate::bind::{self, Shown};
use crate::index::Index;
use crate::snapshot::Sheet;
use crate::ui::KioskWindow;
use crate::view_model::job_search;

/// Turns of the layout until it rests.
const LAYING_ROUNDS: usize = 3;

/// What is to be shown.
#[derive(Debug, Clone, Copy)]
pub struct Plan<'a> {
    /// The data directory.
    pub dir: &'a Path,
    /// Letters, or words in hanzi.
    pub query: &'a str,
    /// The page.
    pub sheet: Sheet,
    /// The look, as a person chooses it on the bar.
    pub look: &'a [Touch],
    /// The clock.
    pub now: UtcMs,
}

/// Shows what a query finds in the index of a data directory.
///
/// # Errors
/// When there is no index, or the sheet is not one of the search.
pub fn search(window: &KioskWindow, plan: Plan<'_>) -> Result<()> {
    let path = plan.dir.join("cache.db");
    if !path.exists() {
        bail!(
            "{} 里没有岗位。先用 kiosk run 启动一次。",
            plan.dir.display()
        );
    }
    let then = touches_to(plan.sheet).context("只有找工作的页面能和 --query 一起用")?;
    let index = Index::open(&path, categories()).context("岗位读不出来")?;
    let mut rehearsal = Rehearsal::new(window, index, plan.now)?;
    rehearsal.recall_hall(plan.dir)?;
    for touch in plan.look {
        rehearsal.touch(touch.clone())?;
    }
    rehearsal.touch(Touch::FindJob)?;
    for letter in letters(plan.query) {
        rehearsal.touch(Touch::Job(JobTouch::Letter(letter)))?;
    }
    rehearsal.choose_word(plan.query)?;
    then.into_iter()
        .try_for_each(|touch| rehearsal.touch(touch))
}

fn touches_to(sheet: Sheet) -> Option<Vec<Touch>> {
    Some(match sheet {
        Sheet::JobSearch => Vec::new(),
        Sheet::JobList => vec![Touch::Job(JobTouch::FoldKeypad)],
        Sheet::JobCategories => vec![Touch::Job(JobTouch::ChooseCategory)],
        Sheet::JobFilter => vec![Touch::Job(JobTouch::Chip(1))],
        Sheet::JobDetail => vec![Touch::Job(JobTouch::Row(0))],
        _ => return None,
    })
}

/// The keys that spell a word: letters as they are, hanzi by their usual reading.
fn letters(query: &str) -> Vec<char> {
    let spell = |c: char| match c.to_pinyin() {
        Some(reading) => reading.plain().chars().collect(),
        None => vec![c],
    };
    query
        .chars()
        .flat_map(spell)
        .filter(char::is_ascii_alphabetic)
        .collect()
}

struct Rehearsal<'a> {
    window: &'a KioskWindow,
    kiosk: Kiosk,
    shown: Shown,
    index: Index,
    now: UtcMs,
}

impl<'a> Rehearsal<'a> {
    fn new(window: &'a KioskWindow, index: Index, now: UtcMs) -> Result<Self> {
        let station = Station {
            hall: HallId(Uuid::nil()),
            kind: StationKind::Hall { lane: KioskLane(1) },
            name: String::new(),
            public_url: "http://example.invalid".to_owned(),
        };
        let kiosk = Kiosk::new(
            station,
            OwnTickets::default(),
            Arc::clone(index.categories()),
        );
        let places = index.places(now.hall_date())?;
        let mut rehearsal = Self {
            window,
            kiosk,
            shown: Shown::default(),
            index,
            now,
        };
        let listings = ListingFacts {
            places,
            ..ListingFacts::default()
        };
        rehearsal.happen(Event::Listings(listings))?;
        Ok(rehearsal)
    }

    /// The hall as the kiosk last knew it.
    fn recall_hall(&mut self, dir: &Path) -> Result<()> {
        let (told, events) = mpsc::channel();
        let post: Post = Arc::new(move |event| drop(told.send(event)));
        let now = self.now;
        drop(HallCache::open(
            &dir.join("hall.json"),
            post,
            Box::new(move || now),
        ));
        events.try_iter().try_for_each(|event| self.happen(event))
    }

    fn around(&self) -> Surroundings {
        let (now, wall) = (Duration::ZERO, self.now);
        Surroundings {
            now,
            wall,
            origin: Origin::Demo,
            layout: bind::layout(self.window),
        }
    }

    fn touch(&mut self, touch: Touch) -> Result<()> {
        self.happen(Event::Touch(touch))
    }

    /// Lets the event happen, the index answer, and the pages settle.
    fn happen(&mut self, event: Event) -> Result<()> {
        self.take_in(event)?;
        for _ in 0..LAYING_ROUNDS {
            self.shown.show(self.window, &self.kiosk, &self.around());
            self.take_in(Event::Laid)?;
        }
        Ok(())
    }

    fn take_in(&mut self, event: Event) -> Result<()> {
        let mut events = vec![event];
        while let Some(event) = events.pop() {
            for effect in self.kiosk.handle(event, &self.around()) {
                if let Effect::AskIndex(ask) = effect {
                    events.push(Event::Found(self.index.answer(ask, self.now.hall_date())?));
                }
            }
        }
        Ok(())
    }

    /// Takes the suggestion that is the word, if it is not the best one already.
    fn choose_word(&mut self, word: &str) -> Result<()> {
        let Some(Page::Jobs(jobs)) = self.kiosk.session.as_ref().map(|session| &session.page)
        else {
            return Ok(());
        };
        let words = job_search::view(jobs.search(), jobs.categories(), self.now.hall_date());
        let suggestion = words.suggestions.iter().position(|it| it.word == word);
        match suggestion {
            Some(index) => self.touch(Touch::Job(JobTouch::Suggestion(index))),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_spelt_as_a_person_would_type_them() {
        assert_eq!(String::from_iter(letters("电工")), "diangong");
        assert_eq!(String::from_iter(letters("dg")), "dg");
    }
}
