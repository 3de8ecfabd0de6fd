//! A search without a person: what the pages show for a query over the index of a data directory.
//! For `kiosk snapshot … --query`; nothing is logged and no central is asked.

use std::path::Path;
use std::sync::Arc;
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
use super::worker::categories;
use crate::bind::{self, Shown};
use crate::index::Index;
use crate::snapshot::Sheet;
use crate::ui::KioskWindow;
use crate::view_model::job_search;

/// Turns of the layout until it rests.
const LAYING_ROUNDS: usize = 3;

/// Shows what `query` (letters, or words in hanzi) finds in the index of `dir`, on the page that
/// the sheet names.
///
/// # Errors
/// When there is no index, or the sheet is not one of the search.
pub fn search(
    window: &KioskWindow,
    dir: &Path,
    query: &str,
    sheet: Sheet,
    now: UtcMs,
) -> Result<()> {
    let path = dir.join("cache.db");
    if !path.exists() {
        bail!("{} 里没有岗位。先用 kiosk run 启动一次。", dir.display());
    }
    let index = Index::open(&path, categories()).context("岗位读不出来")?;
    let mut rehearsal = Rehearsal::new(window, index, now)?;
    rehearsal.touch(Touch::FindJob)?;
    for letter in letters(query) {
        rehearsal.touch(Touch::Job(JobTouch::Letter(letter)))?;
    }
    rehearsal.choose_word(query)?;
    for touch in touches_to(sheet).context("只有找工作的页面能和 --query 一起用")? {
        rehearsal.touch(touch)?;
    }
    Ok(())
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
