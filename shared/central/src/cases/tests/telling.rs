//! What records come to in other ones.

use super::*;

/// A desk with the program's own kinds.
struct Office {
    desk: CaseDesk,
    _folder: tempfile::TempDir,
}

impl Office {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = open_store(folder.path());
        let shelf = KindShelf::embedded().unwrap();
        Self {
            desk: CaseDesk::new(store, shelf, Arc::new(Weekdays)),
            _folder: folder,
        }
    }

    /// A record out of a file, with these values only.
    async fn brought(&self, kind: &str, values: &[(&str, Value)]) -> RecordId {
        let values = values.iter().cloned();
        let values = values.map(|(id, value)| (id.to_owned(), value)).collect();
        let new = NewCase {
            channel: Channel::Import,
            ..new(kind, None, values)
        };
        let opened = self.desk.open(new, automatic::system(), MORNING);
        opened.await.unwrap()
    }

    async fn step(&self, record: RecordId, step: &str, by: (u128, Role), given: &[(&str, Value)]) {
        let given = given.iter().cloned();
        let draft = given
            .map(|(id, value)| (id.to_owned(), Some(value)))
            .collect();
        let Command::Move { transition, .. } = Command::step(step) else {
            unreachable!("a step is a move");
        };
        let command = Command::Move {
            transition,
            draft,
            reason: "试验".to_owned(),
            rule: String::new(),
            remedy: String::new(),
            deferred: BTreeMap::new(),
            notice: Vec::new(),
        };
        let acted = self
            .desk
            .act_as_it_stands(record, command, actor(by.0, by.1), MORNING);
        acted.await.unwrap();
    }

    async fn paper(&self, record: RecordId, doc_type: &str, by: (u128, Role)) {
        let by_whom = actor(by.0, by.1);
        let staff = by_whom.staff.unwrap();
        let paper = crate::synthetic::paper(doc_type, staff, MORNING);
        let command = Command::Attach(paper);
        let taken = self
            .desk
            .act_as_it_stands(record, command, by_whom, MORNING);
        taken.await.unwrap();
    }

    async fn value(&self, record: RecordId, field: &str) -> Option<Value> {
        let view = self.desk.view(record).await.unwrap();
        view.record.values.get(field).cloned()
    }
}

fn decimal(text: &str) -> Value {
    Value::Decimal(domain::case::Decimal::read(text).unwrap())
}

fn choice(code: &str) -> Value {
    Value::Choice(code.to_owned())
}

async fn movement(office: &Office, item: RecordId, dir: &str, qty: &str) -> RecordId {
    let values = [
        ("item_id", Value::Record(item)),
        ("dir", choice(dir)),
        ("qty", decimal(qty)),
        ("price", Value::Money(domain::money::Fen(250))),
        ("receiver_id", Value::Staff(StaffId(Uuid::from_u128(9)))),
        ("dept", choice("office")),
    ];
    office.brought("stock_movement", &values).await
}

#[tokio::test]
async fn a_store_holds_what_was_posted_and_nothing_that_was_called_off() {
    let office = Office::new();
    let item = office
        .brought(
            "consumable_item",
            &[("name", Value::Text("样例硒鼓".into()))],
        )
        .await;
    let (chief, clerk) = ((1, Role::Chief), (2, Role::Office));
    for (dir, qty, approve) in [("in", "10", "approve_in"), ("out", "4", "approve_out")] {
        let moved = movement(&office, item, dir, qty).await;
        office.step(moved, approve, chief, &[]).await;
        office.step(moved, "post", clerk, &[]).await;
    }
    let waits = movement(&office, item, "in", "50").await;
    office.step(waits, "approve_in", chief, &[]).await;
    assert_eq!(office.value(item, "qty").await, Some(decimal("6")));
    office.step(waits, "cancel", clerk, &[]).await;
    assert_eq!(office.value(item, "qty").await, Some(decimal("6")));
}

#[tokio::test]
async fn a_vacancy_counts_who_was_hired_and_a_referral_that_moves_is_counted_elsewhere() {
    let office = Office::new();
    let headcount = [("headcount", Value::Integer(2))];
    let vacancy = office.brought("vacancy", &headcount).await;
    let other = office.brought("vacancy", &headcount).await;
    let referral = |result: &str| {
        [
            ("vacancy_id", Value::Record(vacancy)),
            ("referral_result", choice(result)),
        ]
    };
    let hired = office.brought("referral", &referral("hired")).await;
    office.brought("referral", &referral("no_show")).await;
    assert_eq!(
        office.value(vacancy, "filled").await,
        Some(Value::Integer(1))
    );

    let draft = Draft::from([("vacancy_id".to_owned(), Some(Value::Record(other)))]);
    let reason = "登记错了岗位".to_owned();
    let change = Command::Change { draft, reason };
    let system = automatic::system();
    let changed = office.desk.act_as_it_stands(hired, change, system, MORNING);
    changed.await.unwrap();
    assert_eq!(
        office.value(vacancy, "filled").await,
        Some(Value::Integer(0))
    );
    assert_eq!(office.value(other, "filled").await, Some(Value::Integer(1)));
}

#[tokio::test]
async fn a_fund_application_hears_of_inspections_and_a_trainee_of_the_hours_of_their_class() {
    let office = Office::new();
    let class = office
        .brought("training_class", &[("hours_total", Value::Integer(80))])
        .await;
    let of_class = [("class_id", Value::Record(class))];
    let application = office.brought("training_fund_application", &of_class).await;
    let inspection = [
        of_class[0].clone(),
        ("at", Value::Moment(MORNING.plus_ms(-DAY_MS))),
        (
            "inspectors",
            Value::List(
                [7, 8]
                    .map(|number| Value::Staff(StaffId(Uuid::from_u128(number))))
                    .to_vec(),
            ),
        ),
        ("expected", Value::Integer(30)),
        ("present", Value::Integer(29)),
        ("teacher_ok", Value::Boolean(true)),
        ("content_ok", Value::Boolean(true)),
    ];
    let visit = office.brought("class_inspection", &inspection).await;
    office.paper(visit, "photos", (7, Role::Inspector)).await;
    office
        .step(visit, "inspect", (7, Role::Inspector), &[])
        .await;
    let count = office.value(application, "inspect_count").await;
    assert_eq!(count, Some(Value::Integer(1)));
    let learns = [of_class[0].clone(), ("attended_hours", decimal("76"))];
    let trainee = office.brought("trainee", &learns).await;
    assert_eq!(
        office.value(trainee, "attendance").await,
        Some(decimal("95"))
    );
}

#[tokio::test]
async fn a_loan_waits_until_every_photo_of_its_surveys_was_looked_at() {
    let office = Office::new();
    let loan = office.brought("loan_application", &[]).await;
    let survey = office
        .brought("loan_survey", &[("loan_id", Value::Record(loan))])
        .await;
    let mut checks = Vec::new();
    for number in 1..=2 {
        let photo = [
            ("survey_id", Value::Record(survey)),
            ("sha256", Value::Text(format!("{number:064}"))),
            ("taken_at", Value::Moment(MORNING)),
            ("phash", Value::Text("ab12cd34".into())),
        ];
        checks.push(office.brought("survey_media_check", &photo).await);
    }
    let open = async || office.value(loan, "photos_open").await;
    assert_eq!(open().await, Some(Value::Integer(2)));
    let reviewer = (3, Role::Reviewer);
    for (check, result, left) in [(checks[0], "ok", 1), (checks[1], "blurry", 0)] {
        let given = [("result", choice(result))];
        office.step(check, "check", reviewer, &given).await;
        assert_eq!(open().await, Some(Value::Integer(left)));
    }
}
