//! Choosing a matter and taking a number: the page's own state and its transitions. The number
//! itself comes from the worker.

use domain::queue::PriorityKind;

use super::effect::TicketWish;
use super::event::{NotIssued, Surroundings, Touch};
use super::facts::HallFacts;

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
    /// The page of groups, from 0.
    pub page: usize,
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

    /// A touch on this page; a wish when a group was chosen.
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
            Touch::NextPage if (self.page + 1) * around.layout.groups < facts.groups().count() => {
                self.page += 1;
            }
            Touch::Group(index) => return self.chosen(*index, facts, around),
            _ => {}
        }
        None
    }

    fn chosen(
        &mut self,
        index: usize,
        facts: &HallFacts,
        around: &Surroundings,
    ) -> Option<TicketWish> {
        let (group, described) = facts
            .groups()
            .nth(self.page * around.layout.groups + index)?;
        self.is_issuing = true;
        Some(TicketWish {
            group,
            matter: described.name.clone(),
            priority: self.priority,
            origin: around.origin,
            windows: facts.windows_of(group),
            day: facts.day(around.wall),
        })
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
        assert_eq!(page.touched(&Touch::Group(1), &facts, &around), None);
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
