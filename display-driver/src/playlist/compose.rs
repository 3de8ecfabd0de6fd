//! From a plan and a hall to the pages of each zone at a moment.

use chrono::NaiveDateTime;
use domain::calendar::WorkCalendar;
use wire::api::Notice;
use wire::board::{BoardContent, Plays};
use wire::event::Aired;

use super::clock::clock;
use super::hall::Hall;
use super::plan::{BoardPlan, Effect, Play, PlayItem};
use super::published::{is_for, is_in_time, is_of, plays_in, takes_zone, words};
use super::query::VacancyQuery;
use super::strip::{StripState, strip};
use super::template::VacancyTemplate;
use super::vacancy::VacancyLine;
use super::waiting::waiting;
use crate::content::{Edge, Motion};
use crate::page::{Airs, Frame, Page, emergency, sentences};

/// After so many pages of vacancies the next item of the list has its turn.
const VACANCY_PAGES_A_TURN: usize = 5;

/// The moment for which is composed.
#[derive(Debug, Clone, Copy)]
pub struct Today<'c> {
    /// Civil time of the hall.
    pub wall: NaiveDateTime,
    /// Working days and days off.
    pub calendar: &'c WorkCalendar,
}

/// What one zone plays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ZonePages {
    /// What takes the zone from everything that rotates.
    pub notices: Vec<Page>,
    /// What rotates.
    pub programme: Vec<Page>,
}

/// What a board plays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Composition {
    /// Before everything, over the whole board, until it is ended.
    pub emergency: Vec<Page>,
    /// The zones, in the order of the plan.
    pub zones: Vec<ZonePages>,
    /// Whether calls show: not on a board that is dark for the night.
    pub is_lit: bool,
}

/// Composes a board.
#[must_use]
pub fn compose(plan: &BoardPlan, hall: &Hall, today: Today<'_>) -> Composition {
    let is_lit = plan
        .lit
        .as_ref()
        .is_none_or(|lit| lit.contains(today.wall, today.calendar));
    let zones = 0..plan.zones.len();
    let zone = |number| match is_lit {
        true => Zone::of(plan, number, hall, today).pages(),
        false => ZonePages::default(),
    };
    Composition {
        emergency: emergency_pages(plan, hall, today),
        zones: zones.map(zone).collect(),
        is_lit,
    }
}

/// The hall's own emergency, else the newest one that was published to more than this hall.
fn emergency_pages(plan: &BoardPlan, hall: &Hall, today: Today<'_>) -> Vec<Page> {
    let of_hall = hall.emergency.iter();
    let of_hall = of_hall.map(|now| (Aired::Emergency, now.title.clone()));
    let day = today.wall.date();
    let published = hall
        .published_emergencies(day)
        .filter(|notice| is_for(notice, &plan.id))
        .map(|notice| {
            let id = notice.id.clone();
            let text = notice.board.as_ref().and_then(|_| words(notice));
            (
                Aired::Notice { id },
                text.unwrap_or_else(|| notice.title.clone()),
            )
        });
    let Some((aired, text)) = of_hall.chain(published).next() else {
        return Vec::new();
    };
    let airs = Airs {
        aired,
        text: text.clone(),
    };
    let mut pages = emergency(&plan.whole(), &text);
    pages
        .iter_mut()
        .for_each(|page| page.airs = vec![airs.clone()]);
    pages
}

/// One zone while it is composed.
struct Zone<'a> {
    plan: &'a BoardPlan,
    number: usize,
    frame: Frame,
    hall: &'a Hall,
    today: Today<'a>,
    /// The texts in force that this zone plays.
    texts: Vec<&'a Notice>,
}

impl<'a> Zone<'a> {
    fn of(plan: &'a BoardPlan, number: usize, hall: &'a Hall, today: Today<'a>) -> Self {
        let zones: Vec<(Vec<Plays>, u32)> = (0..plan.zones.len())
            .map(|zone| {
                let rect = plan.zones[zone].rect;
                let dots = u32::from(rect.width_px) * u32::from(rect.height_px);
                (plan.kinds(zone), dots)
            })
            .collect();
        let texts = hall.notices_in_force(today.wall.date()).filter(|notice| {
            is_for(notice, &plan.id)
                && is_in_time(notice, today.wall.time())
                && plays_in(notice, number, &zones)
        });
        Self {
            plan,
            number,
            frame: plan.frame(number),
            hall,
            today,
            texts: texts.collect(),
        }
    }

    fn pages(&self) -> ZonePages {
        let taking = self.texts.iter().filter(|notice| takes_zone(notice));
        let notices = taking.flat_map(|notice| self.text_pages(notice)).collect();
        let items = self.plan.zones[self.number].items.iter().enumerate();
        let is_on = |item: &PlayItem| item.when.is_on(self.today.wall, self.today.calendar);
        let turns = items
            .filter(|(_, item)| is_on(item))
            .map(|(place, item)| self.turns(place, item));
        ZonePages {
            notices,
            programme: in_turn(turns.collect()),
        }
    }

    /// The pages of an item, a turn at a time.
    fn turns(&self, place: usize, item: &PlayItem) -> Vec<Vec<Page>> {
        let mut turns = match &item.play {
            Play::Vacancies { query, template } => self.vacancies(query, template.as_ref(), item),
            Play::Policies => self.texts_of(Plays::Policies),
            Play::Notices => self.texts_of(Plays::Notices),
            Play::Publicity => self.texts_of(Plays::Publicity),
            Play::Slogans => self.texts_of(Plays::Slogans),
            Play::Text(_) if self.hall.is_cleared => Vec::new(),
            Play::Text(text) => vec![sentences(&self.frame, text)],
            Play::Clock => vec![vec![clock(&self.frame, self.today.wall)]],
            Play::Waiting => {
                let list = waiting(&self.frame, self.hall);
                std::iter::once(list)
                    .chain(self.texts_of(Plays::Waiting))
                    .collect()
            }
            Play::Window => {
                let window = self.plan.window.into_iter();
                let pages = window
                    .map(|window| strip(&self.frame, window, &StripState::of(window, self.hall)));
                pages.collect()
            }
        };
        turns
            .iter_mut()
            .flatten()
            .for_each(|page| set(page, place, item));
        turns
    }

    /// The texts of a kind that rotate; each is one turn.
    fn texts_of(&self, kind: Plays) -> Vec<Vec<Page>> {
        let texts = self.texts.iter();
        let texts = texts.filter(|notice| is_of(notice, kind) && !takes_zone(notice));
        texts.map(|notice| self.text_pages(notice)).collect()
    }

    fn text_pages(&self, notice: &Notice) -> Vec<Page> {
        let Some(text) = words(notice) else {
            return Vec::new();
        };
        let mut pages = sentences(&self.frame, &text);
        for page in &mut pages {
            page.origin.key.clone_from(&notice.id);
            page.airs = vec![aired_notice(notice, &text)];
        }
        pages
    }

    fn vacancies(
        &self,
        query: &VacancyQuery,
        template: Option<&VacancyTemplate>,
        item: &PlayItem,
    ) -> Vec<Vec<Page>> {
        let approved = self.approved_template();
        let built_in = VacancyTemplate::default();
        let template = match &approved {
            Some((template, _)) => template,
            None => template.unwrap_or(&built_in),
        };
        let open = self.hall.open_listings(self.today.wall.date());
        let asked = open
            .filter(|listing| query.takes(listing))
            .take(query.newest);
        let lines: Vec<VacancyLine> = asked.filter_map(VacancyLine::of).collect();
        let mut pages = template.pages(&self.frame, &lines, item.pace);
        if let Some((_, roll)) = approved {
            pages
                .iter_mut()
                .for_each(|page| page.airs.push(roll.clone()));
        }
        let turns = pages.chunks(VACANCY_PAGES_A_TURN);
        turns.map(<[Page]>::to_vec).collect()
    }

    /// The template that was approved for vacancies, of the highest priority; one that cannot be
    /// read is none: the editor was told.
    fn approved_template(&self) -> Option<(VacancyTemplate, Airs)> {
        let is_roll = |notice: &&&Notice| {
            let play = notice.board.as_ref();
            play.is_some_and(|play| play.content == BoardContent::VacancyRoll)
        };
        self.texts.iter().filter(is_roll).find_map(|notice| {
            let text = words(notice)?;
            let template = VacancyTemplate::read(&text).ok()?;
            Some((template, aired_notice(notice, &text)))
        })
    }
}

fn aired_notice(notice: &Notice, text: &str) -> Airs {
    Airs {
        aired: Aired::Notice {
            id: notice.id.clone(),
        },
        text: text.to_owned(),
    }
}

/// Gives a page what its item says of all its pages.
fn set(page: &mut Page, place: usize, item: &PlayItem) {
    page.origin.item = place;
    if let Some(dwell) = item.dwell {
        page.dwell = match page.content.motion {
            Motion::ScrollLeft(_) => page.dwell.max(dwell),
            _ => dwell,
        };
    }
    let edge = match item.effect {
        Effect::Still => return,
        Effect::Up => Edge::Below,
        Effect::Down => Edge::Above,
    };
    if page.content.motion == Motion::Still {
        page.content.motion = Motion::Enter(edge, item.pace);
    }
}

/// The items of a list in turn, until each has had all of its turns.
fn in_turn(items: Vec<Vec<Vec<Page>>>) -> Vec<Page> {
    let rounds = items.iter().map(Vec::len).max().unwrap_or(0);
    let mut items: Vec<_> = items.into_iter().map(Vec::into_iter).collect();
    let mut pages = Vec::new();
    for _ in 0..rounds {
        pages.extend(items.iter_mut().filter_map(Iterator::next).flatten());
    }
    pages
}

#[cfg(test)]
#[path = "compose_tests.rs"]
mod tests;
