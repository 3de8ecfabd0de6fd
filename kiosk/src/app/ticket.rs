//! Choosing a matter and taking a number: the page's own state and its transitions. Who has one
//! matter touches its group and has a number; who has several, or wants to choose by name, ticks them
//! first and gets one number for all. The number itself comes from the worker.

use domain::id::GroupCode;
use domain::queue::{PriorityKind, ServiceGroup, Wish};

use super::effect::TicketWish;
use super::event::{NotIssued, Surroundings, Touch};
use super::facts::HallFacts;
use super::flow::TicketFor;
use super::matters::{Matter, offered};

/// Most matters of one number: more do not fit on the slip, and nobody carries papers for more.
pub const MATTERS_MAX: usize = 5;

/// Why the page offers no numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoTickets {
    /// The hall's groups are not known yet.
    HallUnknown,
    /// The last wish was not fulfilled.
    NotIssued(NotIssued),
}

/// The page on which a matter is chosen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TicketChoice {
    /// The claimed priority.
    pub priority: Option<PriorityKind>,
    /// The page of groups or matters, from 0.
    pub page: usize,
    /// The matters ticked so far, in the order of the touches, when they are chosen by name.
    pub ticked: Option<Vec<Matter>>,
    /// For what it is wanted, when the person comes from there.
    pub wanted: TicketFor,
    /// A number is being fetched: touches wait.
    pub is_issuing: bool,
    /// Why there are no numbers, if so.
    pub no_tickets: Option<NoTickets>,
}

impl TicketChoice {
    /// A fresh page.
    #[must_use]
    pub fn new(facts: &HallFacts) -> Self {
        let no_tickets = facts.hall().is_none().then_some(NoTickets::HallUnknown);
        Self {
            no_tickets,
            ..Self::default()
        }
    }

    /// A fresh page for something that was read or asked about: only its group is offered.
    #[must_use]
    pub fn for_wanted(wanted: TicketFor, facts: &HallFacts) -> Self {
        Self {
            wanted,
            ..Self::new(facts)
        }
    }

    /// The groups that are offered; all when the one that is wanted is not here.
    #[must_use]
    pub fn groups<'f>(&self, facts: &'f HallFacts) -> Vec<(GroupCode, &'f ServiceGroup)> {
        let wanted = facts
            .groups()
            .filter(|(code, _)| self.wanted.group == Some(*code));
        let wanted: Vec<_> = wanted.collect();
        if wanted.is_empty() {
            facts.groups().collect()
        } else {
            wanted
        }
    }

    /// Whether the matters are on the screen, not the groups.
    #[must_use]
    pub fn shows_matters(&self) -> bool {
        self.ticked.is_some() && self.no_tickets.is_none()
    }

    /// A touch on this page; a wish when what is wanted was chosen.
    pub fn touched(
        &mut self,
        touch: &Touch,
        facts: &HallFacts,
        around: &Surroundings,
    ) -> Option<TicketWish> {
        if self.is_issuing || self.no_tickets.is_some() {
            return None;
        }
        match touch {
            Touch::Priority(index) => {
                let chosen = PriorityKind::CLAIMED.get(*index).copied();
                self.priority = if self.priority == chosen {
                    None
                } else {
                    chosen
                };
            }
            Touch::PreviousPage => self.page = self.page.saturating_sub(1),
            Touch::NextPage if self.has_next_page(facts, around) => self.page += 1,
            Touch::ChooseMatters => {
                self.ticked = Some(Vec::new());
                self.page = 0;
            }
            Touch::Matter(index) => self.ticked_or_not(*index, facts, around),
            Touch::TakeForMatters => return self.for_ticked(facts, around),
            Touch::Group(index) => return self.chosen(*index, facts, around),
            _ => {}
        }
        None
    }

    /// 返回: from the matters to the groups; else `true`, and the page is left.
    pub fn is_left_by_back(&mut self) -> bool {
        self.page = 0;
        self.is_issuing || self.no_tickets.is_some() || self.ticked.take().is_none()
    }

    fn has_next_page(&self, facts: &HallFacts, around: &Surroundings) -> bool {
        let (per_page, rows) = match self.ticked {
            Some(_) => (around.layout.matters, offered(facts).len()),
            None => (around.layout.groups, self.groups(facts).len()),
        };
        (self.page + 1) * per_page < rows
    }

    fn chosen(
        &mut self,
        index: usize,
        facts: &HallFacts,
        around: &Surroundings,
    ) -> Option<TicketWish> {
        let index = self.page * around.layout.groups + index;
        let groups = self.groups(facts);
        let (group, _) = *groups.get(index).filter(|_| self.ticked.is_none())?;
        let wish = Wish {
            matter: self.wanted.matter.clone(),
            ..Wish::default()
        };
        Some(self.wish_for(group, wish, facts, around))
    }

    fn ticked_or_not(&mut self, index: usize, facts: &HallFacts, around: &Surroundings) {
        let index = self.page * around.layout.matters + index;
        let Some((ticked, matter)) = self.ticked.as_mut().zip(offered(facts).get(index).cloned())
        else {
            return;
        };
        match ticked.iter().position(|known| *known == matter) {
            Some(known) => drop(ticked.remove(known)),
            None if ticked.len() < MATTERS_MAX => ticked.push(matter),
            None => {}
        }
    }

    /// One number for everything that is ticked: what was ticked first is done first.
    fn for_ticked(&mut self, facts: &HallFacts, around: &Surroundings) -> Option<TicketWish> {
        let ticked = self.ticked.as_ref().filter(|ticked| !ticked.is_empty())?;
        let mut groups: Vec<GroupCode> = Vec::new();
        for matter in ticked {
            if !groups.contains(&matter.group) {
                groups.push(matter.group);
            }
        }
        let names: Vec<_> = ticked.iter().filter_map(|it| it.name.as_deref()).collect();
        let wish = Wish {
            matter: (!names.is_empty()).then(|| names.join("、")),
            next_groups: groups.split_off(1),
            holder: None,
        };
        Some(self.wish_for(groups[0], wish, facts, around))
    }

    fn wish_for(
        &mut self,
        group: GroupCode,
        wish: Wish,
        facts: &HallFacts,
        around: &Surroundings,
    ) -> TicketWish {
        self.is_issuing = true;
        TicketWish {
            group,
            wish,
            matter: facts.group_name(group),
            priority: self.priority,
            origin: around.origin,
            windows: facts.windows_of(group),
            day: facts.day(around.wall),
        }
    }

    /// No number came: says why until the person leaves the page.
    pub fn not_issued(&mut self, why: NotIssued) {
        self.is_issuing = false;
        self.no_tickets = Some(NoTickets::NotIssued(why));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::sample;

    #[test]
    fn one_touch_on_a_group_makes_one_wish_however_often_it_is_touched() {
        let (facts, around) = (sample::facts(), sample::around(0));
        let mut page = TicketChoice::new(&facts);
        page.touched(&Touch::Priority(0), &facts, &around);
        let wish = page.touched(&Touch::Group(1), &facts, &around).unwrap();
        assert_eq!(
            (wish.group.letter(), wish.priority),
            ('B', Some(PriorityKind::Elder))
        );
        assert_eq!(wish.wish, Wish::default());
        assert_eq!(page.touched(&Touch::Group(1), &facts, &around), None);
    }

    #[test]
    fn several_matters_make_one_number_that_begins_with_the_first_one_ticked() {
        let (facts, around) = (sample::district_facts(), sample::around(0));
        let mut page = TicketChoice::new(&facts);
        let mut touch = |touch| page.touched(&touch, &facts, &around);
        touch(Touch::ChooseMatters);
        assert_eq!(touch(Touch::TakeForMatters), None, "nothing is ticked yet");
        touch(Touch::NextPage);
        // the second page of twelve: 技能提升补贴 of C, then 调档 of D
        touch(Touch::Matter(0));
        touch(Touch::Matter(3));
        touch(Touch::Matter(1));
        touch(Touch::Matter(1));
        touch(Touch::PreviousPage);
        touch(Touch::Matter(10));
        let wish = touch(Touch::TakeForMatters).unwrap();
        assert_eq!(
            (wish.group.letter(), wish.matter.as_str()),
            ('C', "失业保险")
        );
        let next: String = wish.wish.next_groups.iter().map(|it| it.letter()).collect();
        assert_eq!(next, "D");
        assert_eq!(
            wish.wish.matter.as_deref(),
            Some("技能提升补贴、调档、领失业金")
        );
        assert_eq!(touch(Touch::TakeForMatters), None, "one number");
    }

    #[test]
    fn no_more_matters_are_ticked_than_a_slip_holds_and_back_unticks_all() {
        let (facts, around) = (sample::district_facts(), sample::around(0));
        let mut page = TicketChoice::new(&facts);
        page.touched(&Touch::ChooseMatters, &facts, &around);
        for index in 0..8 {
            page.touched(&Touch::Matter(index), &facts, &around);
        }
        assert_eq!(page.ticked.as_ref().unwrap().len(), MATTERS_MAX);
        assert!(!page.is_left_by_back());
        assert_eq!(page.ticked, None);
        assert!(page.is_left_by_back());
    }

    #[test]
    fn who_comes_from_a_matter_is_offered_its_group_and_the_window_hears_what_it_is() {
        let (facts, around) = (sample::facts(), sample::around(0));
        let wanted = |group| TicketFor {
            group: GroupCode::new(group).ok(),
            matter: Some("试验补贴".into()),
        };
        let mut page = TicketChoice::for_wanted(wanted('B'), &facts);
        assert_eq!(page.groups(&facts).len(), 1);
        let wish = page.touched(&Touch::Group(0), &facts, &around).unwrap();
        assert_eq!(wish.group.letter(), 'B');
        assert_eq!(wish.wish.matter.as_deref(), Some("试验补贴"));
        let elsewhere = TicketChoice::for_wanted(wanted('D'), &facts);
        assert_eq!(
            elsewhere.groups(&facts).len(),
            2,
            "this hall has no such group"
        );
    }

    #[test]
    fn a_priority_is_taken_back_by_a_second_touch() {
        let (facts, around) = (sample::facts(), sample::around(0));
        let mut page = TicketChoice::new(&facts);
        page.touched(&Touch::Priority(2), &facts, &around);
        page.touched(&Touch::Priority(2), &facts, &around);
        assert_eq!(page.priority, None);
    }

    #[test]
    fn pages_of_groups_are_counted_by_what_the_screen_holds() {
        let facts = sample::facts();
        let mut around = sample::around(0);
        around.layout.groups = 1;
        let mut page = TicketChoice::new(&facts);
        for _ in 0..5 {
            page.touched(&Touch::NextPage, &facts, &around);
        }
        assert_eq!(page.page, 1, "there are two groups");
        let wish = page.touched(&Touch::Group(0), &facts, &around).unwrap();
        assert_eq!(wish.group.letter(), 'B');
    }

    #[test]
    fn without_a_known_hall_no_number_is_offered() {
        let facts = HallFacts::default();
        let mut page = TicketChoice::new(&facts);
        assert_eq!(page.no_tickets, Some(NoTickets::HallUnknown));
        assert_eq!(
            page.touched(&Touch::Group(0), &facts, &sample::around(0)),
            None
        );
    }
}
