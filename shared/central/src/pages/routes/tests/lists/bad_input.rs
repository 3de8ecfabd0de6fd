//! What two records say that cannot both be: found where it is written, said to who writes it with the
//! number of the other one, and taken when the other one gives way.

use domain::case::{Act, CaseEvent, CaseMoved};
use wire::event::Event;

use super::*;

/// What somebody is told who was refused: the sentence, and at which field.
fn told<T: std::fmt::Debug>(outcome: Result<T, CaseFault>) -> (String, String) {
    match outcome {
        Err(CaseFault::Refused(refusal)) => {
            let field = refusal.faults.first().map(|fault| fault.field.clone());
            (refusal.text, field.unwrap_or_default())
        }
        other => panic!("{other:?}"),
    }
}

fn by(who: u128, role: StaffRole) -> (Channel, Actor) {
    (Channel::Window, actor(who, role))
}

fn because(step: &str) -> Command {
    Command::because(step, "样例")
}

impl Hall {
    async fn gives_up(&self, record: RecordId, step: &str, by: Actor) {
        let (cases, now) = (self.app.inner.cases.clone(), self.app.now());
        let command = because(step);
        let acted = move || cases.act_blocking(record, command, by, now);
        tokio::task::spawn_blocking(acted).await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_person_in_a_second_category_of_hardship_is_told_the_first() {
    let hall = Hall::open().await;
    let person = hall.person("测试甲", 1).await;
    let of = |category: &str| {
        values([
            ("category", choice(category)),
            ("basis_date", day("2026-11-01")),
        ])
    };
    let clerk = || by(902, StaffRole::Clerk);
    let concerns = (Some(person), None);
    let first = hall
        .opened("hardship_recognition", concerns, of("older"), clerk())
        .await;
    let second = hall.tried("hardship_recognition", concerns, of("disabled"), clerk());
    let (text, field) = told(second.await);
    let number = hall.number_of(first).await;
    assert!(
        text.contains("同一时间只认定一类") && text.contains(&number),
        "{text}"
    );
    assert!(text.contains("待社区核"), "{text}");
    assert_eq!(field, "category");
    // somebody else may be in any category, and the same person once the first is given up
    let other = hall.person("测试乙", 2).await;
    hall.opened(
        "hardship_recognition",
        (Some(other), None),
        of("older"),
        clerk(),
    )
    .await;
    hall.gives_up(first, "cancel", actor(902, StaffRole::Clerk))
        .await;
    hall.opened("hardship_recognition", concerns, of("disabled"), clerk())
        .await;
    hall.is_sound().await;
}

impl Hall {
    /// Puts a record into a state to which no step here leads.
    async fn stands(&self, record: RecordId, state: &str) {
        let (found, now) = (self.record(record).await, self.app.now());
        let moved = CaseMoved {
            record,
            version: found.version + 1,
            act: Act {
                transition: "stands".to_owned(),
                from: found.state,
                to: state.to_owned(),
                by: None,
                role: StaffRole::System,
                deputy_of: None,
                at: now,
                reason: String::new(),
            },
            set: Values::new(),
            cleared: BTreeSet::new(),
            ended: BTreeSet::new(),
            due: BTreeMap::new(),
            deferred: BTreeMap::new(),
            rule: String::new(),
            remedy: String::new(),
            notice: Vec::new(),
            is_end: false,
            effects: Vec::new(),
        };
        let event = Event::from(CaseEvent::Moved(moved));
        let store = &self.app.inner.store;
        let written = store.write(move |write| write.append(&event, now).map(drop));
        written.await.unwrap();
    }
}

/// Months of a subsidy for flexible workers, or of what an employer asks for somebody.
fn months(from: &str, to: &str) -> Values {
    values([("period_from", day(from)), ("period_to", day(to))])
}

#[tokio::test]
async fn months_that_were_applied_for_are_not_applied_for_again_under_any_name() {
    let hall = Hall::open().await;
    let person = hall.person("测试甲", 1).await;
    let clerk = || by(902, StaffRole::Clerk);
    let concerns = (Some(person), None);
    let first = months("2026-01-01", "2026-06-30");
    let first = hall.opened("si_flexible", concerns, first, clerk()).await;
    let again = months("2026-06-01", "2026-08-31");
    let (text, field) = told(hall.tried("si_flexible", concerns, again, clerk()).await);
    assert!(text.contains("同一个月只能享受一种"), "{text}");
    assert_eq!(field, "period_from");
    // the employer who names the same person in one of these months
    let employer = hall.employer("样例一号单位").await;
    let named = |from: &str, to: &str| {
        let mut values = months(from, to);
        let persons = vec![Value::Record(RecordId(person.0))];
        values.insert("beneficiaries".to_owned(), Value::List(persons));
        values
    };
    let of_employer = (None, Some(employer));
    let by_employer = hall.tried(
        "si_employer",
        of_employer,
        named("2026-03-01", "2026-03-31"),
        clerk(),
    );
    let (text, field) = told(by_employer.await);
    let number = hall.number_of(first).await;
    assert!(
        text.starts_with("“享受人”第 1 项") && text.contains(&number),
        "{text}"
    );
    assert_eq!(field, "beneficiaries");
    // the month after is free, and so are all when the first is taken back
    hall.opened(
        "si_employer",
        of_employer,
        named("2026-07-01", "2026-07-31"),
        clerk(),
    )
    .await;
    hall.gives_up(first, "withdraw", actor(902, StaffRole::Clerk))
        .await;
    let march = months("2026-03-01", "2026-03-31");
    let record = hall.opened("si_flexible", concerns, march, clerk()).await;
    // also a change may not reach into what is claimed
    let (cases, now) = (hall.app.inner.cases.clone(), hall.app.now());
    let draft = Draft::from([("period_to".to_owned(), Some(day("2026-07-15")))]);
    let reason = String::new();
    let change = Command::Change { draft, reason };
    let changed = move || cases.act_blocking(record, change, actor(902, StaffRole::Clerk), now);
    let changed = tokio::task::spawn_blocking(changed).await.unwrap();
    assert!(told(changed).0.contains("同一个月只能享受一种"));
    hall.is_sound().await;
}

fn class(number: &str, rows: &[&str]) -> Values {
    let rows = rows.iter().map(|row| text(row)).collect();
    values([("class_no", text(number)), ("schedule", Value::List(rows))])
}

#[tokio::test]
async fn a_teacher_who_has_a_class_at_that_hour_is_told_with_the_row() {
    let hall = Hall::open().await;
    let clerk = || by(902, StaffRole::Clerk);
    let none = (None, None);
    let rows = ["2026-12-01，08:30-11:50，王样例，301 教室，装配基础"];
    hall.opened("training_class", none, class("一班", &rows), clerk())
        .await;
    let rows = [
        "2026-12-01，13:30-16:50，王样例，实训间，装配实操",
        "2026-12-01，11:00-12:00，王样例，实训间，安全",
    ];
    let (text, field) = told(
        hall.tried("training_class", none, class("二班", &rows), clerk())
            .await,
    );
    assert!(
        text.starts_with("“课程表”第 2 项：这位教师那个时刻已经有课"),
        "{text}"
    );
    assert_eq!(field, "schedule");
    // a namesake is told apart by the certificate, and one class says it only once
    let rows = ["2026-12-01，11:00-12:00，王样例0123，实训间，安全"];
    hall.opened("training_class", none, class("二班", &rows), clerk())
        .await;
    let twice = [
        "2026-12-02，08:30-11:50，李样例，301 教室，装配",
        "2026-12-02，09:00-10:00，李样例，302 教室，装配",
    ];
    let (text, _) = told(
        hall.tried("training_class", none, class("三班", &twice), clerk())
            .await,
    );
    assert!(
        text.contains("第 2 项") && text.contains("和第 1 项重了"),
        "{text}"
    );
    let (text, _) = told(
        hall.tried("training_class", none, class("一班", &[]), clerk())
            .await,
    );
    assert!(text.contains("期号已经有班用了"), "{text}");
}

#[tokio::test]
async fn an_employer_whose_licence_ended_offers_no_work_and_gets_no_subsidy() {
    let hall = Hall::open().await;
    let employer = hall.employer("样例一号单位").await;
    let clerk = || by(902, StaffRole::Clerk);
    let of_employer = (None, Some(employer));
    let change = async |id: &str, value: Value| {
        let draft = Draft::from([(id.to_owned(), Some(value))]);
        let reason = "核对".to_owned();
        let (cases, now) = (hall.app.inner.cases.clone(), hall.app.now());
        let change = Command::Change { draft, reason };
        let changed =
            move || cases.act_blocking(employer, change, actor(902, StaffRole::Clerk), now);
        tokio::task::spawn_blocking(changed).await.unwrap().unwrap();
    };
    change("licence_to", day("2026-11-01")).await;
    let import = (Channel::Import, system());
    let month = values([("month", text("2026-10"))]);
    let subsidy = hall
        .opened("internship_subsidy", of_employer, month, import)
        .await;
    let refused = hall.led(subsidy, "submit", system(), Values::new()).await;
    let (sentence, field) = told(refused);
    assert!(
        sentence.contains("执照已经过期") && sentence.contains("用人单位"),
        "{sentence}"
    );
    assert_eq!(field, crate::cases::EMPLOYER_HEAD);
    let vacancy = values([("title", text("样例岗位"))]);
    let import = (Channel::Import, system());
    let vacancy = hall.opened("vacancy", of_employer, vacancy, import).await;
    let refused = hall.led(
        vacancy,
        "submit",
        actor(902, StaffRole::Clerk),
        Values::new(),
    );
    assert!(told(refused.await).0.contains("执照已经过期"));
    let fair = hall
        .opened(
            "job_fair",
            (None, None),
            values([("title", text("样例招聘会"))]),
            clerk(),
        )
        .await;
    let booth = values([
        ("fair_id", Value::Record(fair)),
        ("employer_id", Value::Record(employer)),
    ]);
    let (sentence, field) = told(
        hall.tried("job_fair_booth", of_employer, booth, clerk())
            .await,
    );
    assert!(sentence.contains("执照已经过期"), "{sentence}");
    assert_eq!(field, "employer_id");
    // renewed, it is asked no more
    change("licence_to", day("2030-12-31")).await;
    hall.lead(subsidy, "submit", system(), Values::new()).await;
    hall.lead(
        vacancy,
        "submit",
        actor(902, StaffRole::Clerk),
        Values::new(),
    )
    .await;
    change("credit_flag", choice("serious")).await;
    let passed = values([("dedupe_check", choice("passed"))]);
    let refused = hall.led(subsidy, "accept", actor(905, StaffRole::Clerk), passed);
    assert!(told(refused.await).0.contains("严重违法失信"));
}

#[tokio::test]
async fn a_licence_that_ends_suspends_its_employer_until_it_is_renewed() {
    let hall = Hall::open().await;
    let employer = hall.employer("样例一号单位").await;
    let chief = || actor(901, StaffRole::Chief);
    let on = |text: &str| values([("licence_to", day(text))]);
    let change = async |text: &str| {
        let draft = on(text).into_iter().map(|(id, value)| (id, Some(value)));
        let (cases, now) = (hall.app.inner.cases.clone(), hall.app.now());
        let (draft, reason) = (draft.collect(), "核对".to_owned());
        let change = Command::Change { draft, reason };
        let changed =
            move || cases.act_blocking(employer, change, actor(902, StaffRole::Clerk), now);
        tokio::task::spawn_blocking(changed).await.unwrap().unwrap();
    };
    change("2026-11-30").await;
    let paper = Attachment {
        doc_type: "licence".to_owned(),
        sha256: "0".repeat(64),
        mime: "application/pdf".to_owned(),
        pages: 1,
        bytes: 1,
        at: hall.app.now(),
        by: StaffId(Uuid::from_u128(902)),
    };
    let cases = &hall.app.inner.cases;
    let clerk = actor(902, StaffRole::Clerk);
    cases
        .attach(employer, paper, clerk.clone(), hall.app.now())
        .await
        .unwrap();
    hall.lead(employer, "verify", clerk, Values::new()).await;
    hall.clock
        .store(NOW.plus_minutes(10 * 24 * 60).0, Ordering::SeqCst);
    cases.tick(hall.app.now()).await.unwrap();
    assert_eq!(hall.record(employer).await.state, "suspended");
    let refused = hall.led(employer, "restore", chief(), Values::new()).await;
    assert!(told(refused).0.contains("先更新有效期"));
    change("2030-12-31").await;
    hall.lead(employer, "restore", chief(), Values::new()).await;
    assert_eq!(hall.record(employer).await.state, "verified");
}

#[tokio::test]
async fn calls_before_a_loan_falls_due_are_opened_once_and_go_when_it_is_paid() {
    let hall = Hall::open().await;
    let import = || (Channel::Import, system());
    let none = (None, None);
    let loan = values([("project", text("样例小店"))]);
    let loan = hall.opened("loan_application", none, loan, import()).await;
    hall.stands(loan, "repaying").await;
    let disbursed = values([
        ("loan_id", Value::Record(loan)),
        ("contract_no", text("合同 1")),
        ("maturity_on", day("2026-12-27")),
    ]);
    let disbursed = hall
        .opened("loan_disbursement", none, disbursed, import())
        .await;
    let (cases, now) = (&hall.app.inner.cases, hall.app.now());
    assert_eq!(
        cases.plan_collections(now).await.unwrap(),
        0,
        "not matched yet"
    );
    hall.stands(disbursed, "matched").await;
    // a month, a week, the day, and the question to the bank on it
    assert_eq!(cases.plan_collections(now).await.unwrap(), 4);
    assert_eq!(cases.plan_collections(now).await.unwrap(), 0);
    let call = hall.by_number("LOAN_COLLECTION-202611-00001").await;
    assert_eq!(call.values["due_on"], day("2026-11-27"));
    let last = hall.by_number("LOAN_COLLECTION-202611-00003").await;
    assert_eq!(
        last.values["due_on"],
        day("2026-12-28"),
        "a Sunday moves on"
    );
    hall.stands(loan, "settled").await;
    assert_eq!(cases.plan_collections(now).await.unwrap(), 3);
    assert_eq!(hall.record(call.id).await.state, "cancelled");
}
