//! What must be so of every kind file, which no single file can say.

use domain::case::{Engine, FieldType, Kind, StateStage, Subject, TITLE_EMPLOYER, TITLE_KIND, Way};

use super::*;

fn kinds() -> Vec<Arc<Kind>> {
    let shelf = KindShelf::embedded().unwrap();
    shelf.all().cloned().collect()
}

fn kind(id: &str) -> Arc<Kind> {
    let mut kinds = kinds().into_iter();
    kinds.find(|kind| kind.id.as_str() == id).unwrap()
}

/// Whether a part of a title names somebody or something, not only a day or a number.
fn names_something(kind: &Kind, part: &str) -> bool {
    let Some(field) = kind.field(part) else {
        return [TITLE_EMPLOYER, TITLE_KIND].contains(&part);
    };
    let of = match &field.kind {
        FieldType::List { of, .. } => of,
        of => of,
    };
    let is_name = matches!(
        of,
        FieldType::Text { .. } | FieldType::Record(_) | FieldType::Staff | FieldType::Choice(_)
    );
    is_name && field.personal.is_none()
}

#[test]
fn every_title_names_a_person_an_employer_a_thing_or_a_place() {
    let nameless: Vec<_> = kinds()
        .into_iter()
        .filter(|kind| kind.engine != Engine::Module)
        // the page puts the masked name of the person in front
        .filter(|kind| kind.subject != Subject::Person)
        .filter(|kind| !kind.title.iter().any(|part| names_something(kind, part)))
        .map(|kind| kind.id.to_string())
        .collect();
    assert!(nameless.is_empty(), "{nameless:?}");
}

#[test]
fn no_title_names_the_entry_of_a_person_because_titles_are_kept_in_clear() {
    for kind in kinds() {
        for field in kind.title.iter().filter_map(|part| kind.field(part)) {
            let of = match &field.kind {
                FieldType::List { of, .. } => of,
                of => of,
            };
            let names_person =
                matches!(of, FieldType::Record(to) if to.iter().any(|to| to.as_str() == "person"));
            assert!(!names_person, "{}: {}", kind.id, field.id);
        }
    }
}

#[test]
fn in_every_open_state_something_leads_on_and_giving_up_is_never_what_is_next() {
    let mut stuck = Vec::new();
    for kind in kinds().iter().filter(|kind| kind.engine == Engine::Case) {
        for state in kind
            .states
            .iter()
            .filter(|one| one.stage == StateStage::Open)
        {
            let mut steps = kind.transitions_from(&state.id);
            if !steps.any(|step| kind.way(step) != Way::Aside) {
                stuck.push(format!("{} {}", kind.id, state.id));
            }
        }
    }
    assert!(stuck.is_empty(), "{stuck:?}");
    let way = |of: &str, step: &str| {
        let kind = kind(of);
        kind.way(kind.transition(step).unwrap())
    };
    assert_eq!(way("hardship_recognition", "cancel"), Way::Aside);
    assert_eq!(way("hardship_recognition", "approve_street"), Way::Forward);
    assert_eq!(way("jobseeker", "merge"), Way::Aside);
    assert_eq!(way("si_flexible", "reject"), Way::Aside);
    assert_eq!(way("si_flexible", "change_account"), Way::Round);
    assert_eq!(way("si_flexible", "pay_again"), Way::Forward);
    assert_eq!(way("si_flexible", "dismiss_objection"), Way::Explained);
}

#[test]
fn what_the_members_of_a_record_are_to_do_is_a_step_that_the_system_does_somewhere() {
    let kinds = kinds();
    let has = |step: &str| {
        let mut steps = kinds.iter().filter_map(|kind| kind.transition(step));
        steps.any(|step| step.roles.contains(&Role::System))
    };
    let named = kinds.iter().flat_map(|kind| &kind.transitions);
    let named: Vec<_> = named.filter_map(|step| step.members_do.as_ref()).collect();
    assert!(!named.is_empty() && named.iter().all(|step| has(step)));
}

#[test]
fn rules_of_one_id_claim_alike_in_every_kind_so_that_they_can_clash() {
    let mut shapes = BTreeMap::new();
    for kind in kinds() {
        for rule in &kind.doubles {
            let shape = (rule.same.len(), rule.during.len());
            let known = *shapes.entry(rule.id.clone()).or_insert(shape);
            assert_eq!(known, shape, "{}: {}", kind.id, rule.id);
        }
    }
}

#[test]
fn nobody_but_the_system_is_offered_what_the_system_alone_opens() {
    for id in ["bank_repay_check", "loan_collection"] {
        let people = Actor {
            staff: None,
            roles: Role::ALL
                .iter()
                .copied()
                .filter(|role| *role != Role::System)
                .collect(),
            deputy: BTreeMap::new(),
            kin: Default::default(),
            address: String::new(),
        };
        let refusal = domain::case::may_open(&kind(id), &people).unwrap_err();
        assert!(refusal.text.contains("由系统自动进行"), "{}", refusal.text);
    }
}

#[test]
fn somebody_of_the_house_can_do_every_step_that_no_outsider_alone_does() {
    // who applies outside has no account of the house; what only they could do nobody could
    let outside = [Role::EmployerUser, Role::Citizen];
    for kind in kinds() {
        for step in &kind.transitions {
            let is_reached = step.roles.iter().any(|role| !outside.contains(role));
            assert!(is_reached, "{} {}", kind.id, step.id);
        }
    }
}
