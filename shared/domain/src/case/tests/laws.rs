//! Laws of records, on random walks over the kinds.

use proptest::prelude::*;

use super::*;

/// Roles of the staff who walk; some hold two, one is a deputy.
fn crew() -> Vec<Actor> {
    let mut deputy = actor(4, &[Role::Reviewer]);
    deputy.deputy.insert(Role::Reviewer, staff(1));
    vec![
        actor(1, &[Role::Clerk, Role::Reviewer]),
        actor(2, &[Role::Clerk]),
        actor(3, &[Role::Reviewer, Role::Chief]),
        deputy,
        actor(5, &[Role::Chief, Role::Director]),
        system(),
    ]
}

fn full_subsidy() -> Values {
    let name = Value::Sealed("sealed".to_owned());
    values([("amount", yuan(5_000)), ("applicant", name)])
}

/// A record with everything that its steps could ask for.
fn begun(id: &str) -> Desk {
    let mut desk = match id {
        "vacancy" => Desk::open(id, full_vacancy(), &actor(1, &[Role::Clerk])),
        _ => Desk::open(
            id,
            values([("amount", yuan(5_000))]),
            &actor(1, &[Role::Clerk]),
        ),
    };
    if id == "subsidy" {
        let seal = draft([("applicant", full_subsidy()["applicant"].clone())]);
        desk.does(
            &system(),
            Command::Change {
                draft: seal,
                reason: String::new(),
            },
        );
    }
    let doc_type = desk.kind.attachments[0].id.clone();
    let paper = Attachment {
        doc_type,
        sha256: "ab".repeat(32),
        mime: "application/pdf".to_owned(),
        pages: 1,
        bytes: 1,
        at: now(),
        by: staff(1),
    };
    desk.does(&actor(1, &[Role::Clerk]), Command::Attach(paper));
    desk
}

/// A step with every word that could be demanded.
fn wordy(kind: &Kind, transition: &str) -> Command {
    let asks = &kind.transition(transition).unwrap().asks;
    let drafted = asks.iter().map(|id| (id.clone(), Some(text("好"))));
    Command::Move {
        transition: transition.to_owned(),
        draft: drafted.collect(),
        reason: "理由".to_owned(),
        rule: "条款".to_owned(),
        remedy: "复议".to_owned(),
        deferred: BTreeMap::new(),
        notice: vec!["请改".to_owned()],
    }
}

/// One walk: each pair picks who asks and for what. Gives the record and its events.
fn walk(id: &str, choices: &[(usize, usize)]) -> (Desk, Vec<CaseEvent>) {
    let mut desk = begun(id);
    let (crew, mut log) = (crew(), Vec::new());
    for (who, which) in choices {
        let steps = &desk.kind.transitions;
        let command = match which % (steps.len() + 3) {
            at if at < steps.len() => wordy(&desk.kind, &steps[at].id),
            at if at == steps.len() => Command::Change {
                draft: draft([("headcount", Value::Integer(9)), ("amount", yuan(9))]),
                reason: String::new(),
            },
            at if at == steps.len() + 1 => Command::Link {
                kind: LinkKind::Related,
                to: record_id(*which as u128 + 5),
                is_undone: false,
            },
            _ => Command::HandOver {
                to: staff(2),
                reason: "轮岗".to_owned(),
            },
        };
        let actor = &crew[who % crew.len()];
        let before = desk.record.clone();
        match desk.ask(actor, command) {
            Ok(events) => {
                events.iter().for_each(|event| desk.record.apply(event));
                log.extend(events);
            }
            Err(refusal) => assert!(!refusal.text.is_empty()),
        }
        if desk.kind.is_end(&before.state) {
            assert_eq!(before, desk.record, "ended records never change");
        }
    }
    (desk, log)
}

/// An event as it comes back from the log.
fn stored(event: &CaseEvent) -> CaseEvent {
    fn through<T: serde::Serialize + serde::de::DeserializeOwned>(body: &T) -> T {
        serde_json::from_str(&serde_json::to_string(body).unwrap()).unwrap()
    }
    match event {
        CaseEvent::Opened(body) => CaseEvent::Opened(through(body)),
        CaseEvent::Changed(body) => CaseEvent::Changed(through(body)),
        CaseEvent::Moved(body) => CaseEvent::Moved(through(body)),
        CaseEvent::Attached(body) => CaseEvent::Attached(through(body)),
        CaseEvent::Detached(body) => CaseEvent::Detached(through(body)),
        CaseEvent::Linked(body) => CaseEvent::Linked(through(body)),
        CaseEvent::HandedOver(body) => CaseEvent::HandedOver(through(body)),
    }
}

/// Whether the acts of a record keep every separation of its kind.
fn is_separate(desk: &Desk) -> bool {
    let persons = |act: &Act| [act.by, act.deputy_of];
    let acts = &desk.record.acts;
    acts.iter().enumerate().all(|(at, act)| {
        let differs = desk
            .kind
            .transition(&act.transition)
            .map(|step| &step.differs_from);
        acts[..at].iter().all(|earlier| {
            let is_separate = differs.is_some_and(|ids| ids.contains(&earlier.transition));
            let is_shared = persons(earlier)
                .iter()
                .flatten()
                .any(|one| persons(act).contains(&Some(*one)));
            !(is_separate && is_shared)
        })
    })
}

fn kind_id() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("vacancy"), Just("subsidy")]
}

fn choices() -> impl Strategy<Value = Vec<(usize, usize)>> {
    proptest::collection::vec((0_usize..6, 0_usize..100), 0..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn walks_keep_duties_apart_and_replay(id in kind_id(), choices in choices()) {
        let start = begun(id).record;
        let (desk, log) = walk(id, &choices);
        prop_assert!(is_separate(&desk));
        let mut replayed = start.clone();
        log.iter().for_each(|event| replayed.apply(&stored(event)));
        prop_assert_eq!(&replayed, &desk.record);
        prop_assert_eq!(desk.record.version, start.version + log.len() as u64);
        let due = desk.record.due.keys();
        for rule in due.filter_map(|id| desk.kind.deadlines.iter().find(|rule| rule.id == *id)) {
            prop_assert!(rule.states.contains(&desk.record.state));
        }
    }

    #[test]
    fn no_walk_is_stuck_before_an_end(id in kind_id(), choices in choices()) {
        let (mut desk, _) = walk(id, &choices);
        // fresh people, one for each role: duties never bar who has done nothing
        let mut next = 100;
        for _ in 0..desk.kind.states.len() {
            if desk.kind.is_end(&desk.record.state) {
                break;
            }
            let step = on_the_way_out(&desk.kind, &desk.record.state);
            next += 1;
            let role = step.roles[0];
            let fresh = if role == Role::System { system() } else { actor(next, &[role]) };
            desk.record.owner = fresh.staff;
            let command = wordy(&desk.kind, &step.id);
            desk.does(&fresh, command);
        }
        prop_assert!(desk.kind.is_end(&desk.record.state));
    }

    #[test]
    fn any_file_gives_kinds_or_faults_with_a_line(at in 0_usize..6_000, cut in 0_usize..40, put in "[a-z\"\\[\\]=\n]{0,4}") {
        let mut text: Vec<char> = VACANCY.chars().collect();
        let from = at.min(text.len());
        let to = (from + cut).min(text.len());
        text.splice(from..to, put.chars());
        let text: String = text.into_iter().collect();
        let mut files = FILES;
        files[0].text = &text;
        if let Err(faults) = KindSet::read(&files, &|_| true) {
            let lines = text.lines().count() + 1;
            prop_assert!(faults.iter().all(|fault| (1..=lines).contains(&fault.line)));
        }
    }
}

/// The step by which an end is nearest: breadth first over the file's own arrows.
fn on_the_way_out(kind: &Kind, state: &str) -> Transition {
    let mut near: BTreeSet<String> = BTreeSet::new();
    for end in kind
        .states
        .iter()
        .filter(|state| state.stage == StateStage::End)
    {
        near.insert(end.id.clone());
    }
    loop {
        let found = kind
            .transitions_from(state)
            .find(|step| near.contains(&step.to));
        if let Some(step) = found {
            return step.clone();
        }
        let steps = kind
            .transitions
            .iter()
            .filter(|step| near.contains(&step.to));
        let more: Vec<_> = steps.flat_map(|step| step.from.clone()).collect();
        let before = near.len();
        near.extend(more);
        assert!(near.len() > before, "no way out of {state}");
    }
}
