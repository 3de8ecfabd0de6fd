//! As what somebody deals with records, and where.

use std::collections::{BTreeMap, BTreeSet};

use domain::case::{Actor, Role};
use domain::id::StationCode;
use wire::event::RoleGrant;

use super::StaffSession;

impl StaffSession {
    /// Who asks, for a record of `station`.
    #[must_use]
    pub fn actor(&self, station: &StationCode) -> Actor {
        self.actor_holding(|grant| is_at(grant, station))
    }

    /// Who asks, at whichever station a record is dealt with.
    pub fn actor_at(&self) -> impl Fn(&StationCode) -> Actor + Send + use<> {
        let session = self.clone();
        move |station| session.actor(station)
    }

    /// Who asks, with every role held anywhere: good for what is offered, never for what is done.
    #[must_use]
    pub fn actor_anywhere(&self) -> Actor {
        self.actor_holding(reaches_somewhere)
    }

    /// Every role held anywhere, own or for somebody else.
    #[must_use]
    pub fn roles(&self) -> BTreeSet<Role> {
        self.all_grants().map(|grant| grant.role).collect()
    }

    /// Where one of these roles is held; `None` at every station.
    #[must_use]
    pub fn stations(&self, roles: &BTreeSet<Role>) -> Option<BTreeSet<StationCode>> {
        let held = self
            .all_grants()
            .filter(|grant| roles.contains(&grant.role) && reaches_somewhere(grant));
        held.map(|grant| grant.station.clone()).collect()
    }

    fn all_grants(&self) -> impl Iterator<Item = &RoleGrant> {
        let lent = self.acting_for.iter().map(|(_, grant)| grant);
        self.grants.iter().chain(lent)
    }

    /// A role that the person holds as well is not held for somebody else.
    fn actor_holding(&self, is_held: impl Fn(&RoleGrant) -> bool) -> Actor {
        let own = self.grants.iter().filter(|grant| is_held(grant));
        let own: BTreeSet<Role> = own.map(|grant| grant.role).collect();
        let lent = self.acting_for.iter();
        let deputy: BTreeMap<Role, _> = lent
            .filter(|(_, grant)| is_held(grant) && !own.contains(&grant.role))
            .map(|(for_staff, grant)| (grant.role, *for_staff))
            .collect();
        Actor {
            staff: Some(self.staff),
            roles: own.iter().chain(deputy.keys()).copied().collect(),
            deputy,
            kin: BTreeSet::new(),
            address: self.address.clone(),
        }
    }
}

fn is_at(grant: &RoleGrant, station: &StationCode) -> bool {
    reaches_somewhere(grant) && grant.station.as_ref().is_none_or(|at| at == station)
}

/// A role of a place that names none reaches nothing: else a street would review all of them.
fn reaches_somewhere(grant: &RoleGrant) -> bool {
    grant.station.is_some() || !grant.role.is_of_a_place()
}
