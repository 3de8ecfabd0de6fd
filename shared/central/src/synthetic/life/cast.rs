//! Who does what: of each role several invented members of staff, so that separated duties find
//! another person.

use std::collections::{BTreeMap, BTreeSet};

use domain::case::{self, Actor, Kind, Record, Role, Transition};
use domain::id::StaffId;

/// Members of staff by role.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cast {
    by_role: BTreeMap<Role, Vec<StaffId>>,
}

impl Cast {
    /// Of these people.
    pub(crate) fn of(people: impl IntoIterator<Item = (Role, StaffId)>) -> Self {
        let mut by_role: BTreeMap<Role, Vec<StaffId>> = BTreeMap::new();
        for (role, staff) in people {
            by_role.entry(role).or_default().push(staff);
        }
        Self { by_role }
    }

    /// Everybody, in the order of roles.
    pub(crate) fn everybody(&self) -> Vec<StaffId> {
        self.by_role.values().flatten().copied().collect()
    }

    /// Who opens a record of a kind; `turn` spreads the work over those who may.
    pub(crate) fn opener(&self, kind: &Kind, turn: usize) -> Option<Actor> {
        let may = |actor: &Actor| case::may_open(kind, actor).is_ok();
        self.turned(Role::ALL, turn)
            .find(may)
            .or_else(|| Some(system()).filter(may))
    }

    /// Who may do a step of a record; the system where it is nobody else's.
    pub(crate) fn for_step(
        &self,
        kind: &Kind,
        record: &Record,
        step: &Transition,
        turn: usize,
    ) -> Option<Actor> {
        let may = |actor: &Actor| {
            let allowed = case::allowed(kind, record, actor).into_iter();
            let mut this = allowed.filter(|one| one.transition.id == step.id);
            this.any(|one| one.bar.is_none())
        };
        // who opened it or did the last step goes on where they may
        let known = record.acts.iter().rev().filter_map(|act| act.by);
        let known = known.flat_map(|staff| self.as_each(&step.roles, staff));
        let anybody = self.turned(&step.roles, turn);
        let found = known.chain(anybody).find(may);
        found.or_else(|| Some(system()).filter(may))
    }

    /// Who may change values in the present state: rather who opened the record, because others who
    /// write in it may not check it later.
    pub(crate) fn editor(&self, kind: &Kind, record: &Record) -> Option<Actor> {
        let may = |actor: &Actor| case::may_change(kind, record, actor).is_ok();
        let editors = kind.state(&record.state).map(|state| &state.editors[..])?;
        let opener = record.acts.first().and_then(|act| act.by);
        let opener = opener
            .into_iter()
            .flat_map(|staff| self.as_each(editors, staff));
        opener.chain(self.turned(editors, 0)).find(may)
    }

    /// Who may take in a paper now.
    pub(crate) fn handlers<'c>(
        &'c self,
        kind: &'c Kind,
        record: &'c Record,
    ) -> impl Iterator<Item = Actor> + 'c {
        let editors = kind.state(&record.state).into_iter();
        let editors = editors.flat_map(|state| state.editors.iter().copied());
        let steps = kind.transitions_from(&record.state);
        let roles = editors.chain(steps.flat_map(|step| step.roles.iter().copied()));
        let opener = record.acts.first().and_then(|act| act.by);
        roles.flat_map(move |role| {
            let known = opener.filter(|staff| self.has(role, *staff));
            let people = self.by_role.get(&role).into_iter().flatten().copied();
            known
                .into_iter()
                .chain(people)
                .map(move |staff| acting(role, staff))
        })
    }

    fn has(&self, role: Role, staff: StaffId) -> bool {
        let people = self.by_role.get(&role);
        people.is_some_and(|people| people.contains(&staff))
    }

    /// One member of staff in each of these roles that they have.
    fn as_each(&self, roles: &[Role], staff: StaffId) -> Vec<Actor> {
        let held = roles.iter().filter(|role| self.has(**role, staff));
        held.map(|role| acting(*role, staff)).collect()
    }

    /// Everybody with one of these roles, beginning with another person at each turn.
    fn turned<'c>(&'c self, roles: &'c [Role], turn: usize) -> impl Iterator<Item = Actor> + 'c {
        roles.iter().flat_map(move |role| {
            let people = self.by_role.get(role).map_or(&[][..], Vec::as_slice);
            let (before, after) = people.split_at(turn % people.len().max(1));
            after
                .iter()
                .chain(before)
                .map(|staff| acting(*role, *staff))
        })
    }
}

fn acting(role: Role, staff: StaffId) -> Actor {
    Actor {
        staff: Some(staff),
        roles: BTreeSet::from([role]),
        deputy: BTreeMap::new(),
        kin: BTreeSet::new(),
        address: String::new(),
    }
}

/// The system as an actor.
pub(crate) fn system() -> Actor {
    Actor {
        staff: None,
        roles: BTreeSet::from([Role::System]),
        deputy: BTreeMap::new(),
        kin: BTreeSet::new(),
        address: String::new(),
    }
}
