//! Who holds which right, and as whom somebody acts.

use domain::id::StaffId;
use uuid::Uuid;

use domain::id::StationCode;

use super::*;
use crate::staff::tests::session;

fn at(role: Role, station: &str) -> RoleGrant {
    RoleGrant {
        role,
        station: Some(StationCode::new(station).unwrap()),
    }
}

#[test]
fn a_right_is_held_by_its_roles_and_by_nobody_else() {
    for role in Role::ALL {
        let session = session([RoleGrant::everywhere(*role)]);
        let calls = Staff::<CallTickets>::of(session.clone()).is_ok();
        assert_eq!(calls, CallTickets::ENTRY.has(*role), "{role:?}");
        assert!(Staff::<StartWork>::of(session).is_ok());
    }
    assert!(Staff::<CallTickets>::of(session([])).is_err());
}

#[test]
fn with_an_old_password_only_the_own_account_is_open() {
    let mut session = session([RoleGrant::everywhere(Role::Clerk)]);
    session.must_change = true;
    let denied = Staff::<CallTickets>::of(session.clone()).unwrap_err();
    assert_eq!(denied, Denied::OldPassword);
    assert!(Staff::<StartWork>::of(session.clone()).is_err());
    assert!(Staff::<OwnAccount>::of(session).is_ok());
}

#[test]
fn an_actor_is_at_a_station_what_the_grants_say_and_knows_whose_deputy_it_is() {
    let other = StaffId(Uuid::from_u128(9));
    let mut session = session([at(Role::Clerk, "GZ-01"), at(Role::Chief, "GZ-02")]);
    session.acting_for = vec![
        (other, RoleGrant::everywhere(Role::Chief)),
        (other, at(Role::Director, "GZ-02")),
    ];
    let staff = Staff::<StartWork>::of(session).unwrap();
    let here = staff.actor(&StationCode::new("GZ-01").unwrap());
    assert_eq!(here.roles, [Role::Clerk, Role::Chief].into());
    assert_eq!(here.deputy, [(Role::Chief, other)].into());
    let there = staff.actor(&StationCode::new("GZ-02").unwrap());
    assert_eq!(there.roles, [Role::Chief, Role::Director].into());
    assert_eq!(there.deputy, [(Role::Director, other)].into());
}

#[test]
fn an_act_says_from_where_and_as_what() {
    let staff = Staff::<CallTickets>::of(session([at(Role::Clerk, "GZ-01")])).unwrap();
    let Event::StaffActed(acted) = staff.acted(crate::staff::acts::CALLED_NEXT, "A001") else {
        panic!("an act");
    };
    assert_eq!(acted.role, Some(Role::Clerk));
    assert_eq!(acted.station.unwrap().as_str(), "GZ-01");
    assert_eq!(acted.address, "10.0.0.7");
}

#[test]
fn every_right_has_words_and_holders() {
    for entry in RIGHTS {
        assert!(!entry.words.is_empty());
        assert!(
            Role::ALL.iter().any(|role| entry.has(*role)),
            "{}",
            entry.name
        );
    }
}
