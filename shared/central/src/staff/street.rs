//! How far roles of a place reach: the street's role (街道审核) is given at one station and reaches every
//! station of the same street or town, and no other; the community's reaches its own stations. So what a
//! street reviews is decided wherever roles are asked for, and not by what a page shows.
//!
//! Not here: that a grant without a place reaches nothing (`actor`).

use std::collections::BTreeSet;

use domain::case::Role;
use domain::id::{StaffId, StationCode};
use wire::event::RoleGrant;

use crate::cases::registered_stations;
use crate::store::{Reader, StoreError};

/// Grants as they reach.
pub(super) fn reaching(
    reader: &Reader<'_>,
    grants: BTreeSet<RoleGrant>,
) -> Result<BTreeSet<RoleGrant>, StoreError> {
    let mut reached = BTreeSet::new();
    for grant in grants {
        reached.extend(stations_of(reader, grant)?);
    }
    Ok(reached)
}

/// The same of roles that are held for others.
pub(super) fn reaching_for(
    reader: &Reader<'_>,
    lent: Vec<(StaffId, RoleGrant)>,
) -> Result<Vec<(StaffId, RoleGrant)>, StoreError> {
    let mut reached = Vec::new();
    for (for_staff, grant) in lent {
        let grants = stations_of(reader, grant)?;
        reached.extend(grants.into_iter().map(|grant| (for_staff, grant)));
    }
    Ok(reached)
}

fn stations_of(reader: &Reader<'_>, grant: RoleGrant) -> Result<Vec<RoleGrant>, StoreError> {
    let Some(at) = grant.station.clone().filter(|_| grant.role == Role::Street) else {
        return Ok(vec![grant]);
    };
    let stations = registered_stations(reader)?;
    let street = stations.get(&at).map(|station| station.street.clone());
    let Some(street) = street.filter(|street| !street.is_empty()) else {
        return Ok(vec![grant]);
    };
    let same = stations.into_values().filter(|one| one.street == street);
    let at_station = |code: StationCode| RoleGrant {
        role: grant.role,
        station: Some(code),
    };
    Ok(same.map(|station| at_station(station.code)).collect())
}
