//! Batches and banks' answers.

use wire::api::{Notice, Topic};

use super::*;

const MONTHLY: &str = "/staff/lists/batch/ui_monthly_payment";
const SUBSIDIES: &str = "/staff/lists/batch/subsidy_payment";

impl Hall {
    pub(super) async fn employer(&self, name: &str) -> RecordId {
        let import = (Channel::Import, system());
        let values = values([("org_name", text(name))]);
        self.opened("employer", (None, None), values, import).await
    }

    /// A subsidy that was reviewed, out of a file.
    async fn reviewed(
        &self,
        kind: &str,
        (person, employer): (Option<PersonId>, Option<RecordId>),
        more: Values,
        yuan: i64,
    ) -> RecordId {
        let mut of = values([
            ("amount_claimed", Value::Money(Fen(yuan * 100))),
            ("fund", choice("employment")),
        ]);
        of.extend(more);
        let import = (Channel::Import, system());
        let record = self.opened(kind, (person, employer), of, import).await;
        self.lead(record, "submit", system(), Values::new()).await;
        let clerk = actor(902, StaffRole::Clerk);
        let passed = values([("dedupe_check", choice("passed"))]);
        self.lead(record, "accept", clerk, passed).await;
        let approved = values([("amount_approved", Value::Money(Fen(yuan * 100)))]);
        let reviewer = actor(903, StaffRole::Reviewer);
        self.lead(record, "review", reviewer, approved).await;
        record
    }

    /// The same, approved. The clock is then after its publicity.
    async fn approved(&self, records: &[RecordId]) {
        let chief = actor(901, StaffRole::Chief);
        for record in records {
            let last = values([("publicity_to", day("2026-11-30"))]);
            self.lead(*record, "publicise", chief.clone(), last).await;
        }
        let after = NOW.plus_minutes(8 * 24 * 60);
        self.clock.store(after.0, Ordering::SeqCst);
        let director = actor(904, StaffRole::Director);
        for record in records {
            self.lead(*record, "approve", director.clone(), Values::new())
                .await;
        }
    }

    async fn subsidy(&self, employer: RecordId, month: &str, yuan: i64) -> RecordId {
        let month = values([("month", text(month))]);
        self.reviewed("internship_subsidy", (None, Some(employer)), month, yuan)
            .await
    }

    /// A batch as the form asks for it: looked at, then built.
    async fn built(&self, cookie: &str, path: &str, fields: &[(&str, &str)]) -> (String, RecordId) {
        let looked = self.ask(cookie, path, path, fields).await;
        assert_eq!(looked.status(), StatusCode::OK);
        let page = looked.text().await.unwrap();
        let (status, to) = self.confirm(cookie, path, fields, &page).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{to}");
        let record = to.rsplit('/').next().unwrap().parse().unwrap();
        (page, record)
    }

    async fn confirm(
        &self,
        cookie: &str,
        path: &str,
        fields: &[(&str, &str)],
        page: &str,
    ) -> (StatusCode, String) {
        let seen = hidden(page, "seen").unwrap();
        let mut all = vec![("seen", seen.as_str()), ("confirmed", "yes")];
        all.extend(fields);
        self.press(cookie, page, path, &all).await
    }

    /// Takes a payment batch to where the bank's answer is awaited.
    async fn sent(&self, batch: RecordId, cashier: StaffId) {
        for doc_type in ["roster", "publicity", "approval"] {
            let paper = Attachment {
                doc_type: doc_type.to_owned(),
                sha256: "0".repeat(64),
                mime: "application/pdf".to_owned(),
                pages: 1,
                bytes: 1,
                at: self.app.now(),
                by: cashier,
            };
            let by = actor(cashier.0.as_u128(), StaffRole::Cashier);
            let cases = &self.app.inner.cases;
            cases
                .attach(batch, paper, by, self.app.now())
                .await
                .unwrap();
        }
        let accountant = actor(905, StaffRole::Accountant);
        self.lead(batch, "check", accountant, Values::new()).await;
        let by = actor(cashier.0.as_u128(), StaffRole::Cashier);
        self.lead(batch, "send", by, Values::new()).await;
    }
}

#[tokio::test]
async fn a_monthly_list_holds_everybody_once_and_there_is_one_for_a_month() {
    let hall = Hall::open().await;
    let (one, two) = (
        hall.person("测试甲", 1).await,
        hall.person("测试乙", 2).await,
    );
    let first = hall.claim(one).await;
    hall.claim_of(one, "rural_once").await;
    let other = hall.claim(two).await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    let fields = [("f.month", "2026-11"), ("f.pay_on", "2026-11-30")];
    let (page, batch) = hall.built(&cookie, MONTHLY, &fields).await;
    assert!(
        page.contains("这一批有 2 条") && page.contains("没进这一批的 1 条"),
        "{page}"
    );
    assert!(
        page.contains("UI_CLAIM-202611-00002") && page.contains("重复申请"),
        "{page}"
    );
    assert!(
        page.contains("测**") && !page.contains("测试甲"),
        "names are masked"
    );
    let built = hall.record(batch).await;
    let roster = Value::List(vec![Value::Record(first), Value::Record(other)]);
    assert_eq!(built.values["roster"], roster);
    assert_eq!(built.values["count"], Value::Integer(2));
    let tied = hall.record(first).await;
    assert!(tied.links.iter().any(|link| link.to == batch));
    assert_eq!(tied.state, "paying");
    for (month, words) in [
        ("2026-11", "已经有一批了"),
        ("2026-13", "月份要写成"),
        ("", "还没填"),
    ] {
        let fields = [("f.month", month), fields[1]];
        let refused = hall.ask(&cookie, MONTHLY, MONTHLY, &fields).await;
        assert_eq!(refused.status(), StatusCode::CONFLICT, "{month}");
        let page = refused.text().await.unwrap();
        assert!(
            page.contains(words) && page.contains("2026-11-30"),
            "{month}: {page}"
        );
    }
    hall.is_sound().await;
}

/// A payment batch with two members, and a second application for the month of the first.
struct Payment {
    hall: Hall,
    cookie: String,
    batch: RecordId,
    first: RecordId,
    second: RecordId,
    twin: RecordId,
    /// What was shown before it was built.
    page: String,
}

const ASKED: [(&str, &str); 2] = [("f.batch_no", "2026-12-1"), ("f.fund", "employment")];

impl Payment {
    async fn built() -> Self {
        let hall = Hall::open().await;
        let one = hall.employer("样例一号单位").await;
        let two = hall.employer("样例二号单位").await;
        let first = hall.subsidy(one, "2026-10", 1_000).await;
        let twin = hall.subsidy(one, "2026-10", 900).await;
        let second = hall.subsidy(two, "2026-10", 2_000).await;
        hall.approved(&[first, twin, second]).await;
        let cookie = hall.employ("qian", &[StaffRole::Cashier]).await;
        let (page, batch) = hall.built(&cookie, SUBSIDIES, &ASKED).await;
        Self {
            hall,
            cookie,
            batch,
            first,
            second,
            twin,
            page,
        }
    }

    /// Sent to the bank; the address where its answer is brought.
    async fn awaited(&self) -> String {
        let cashier = self.hall.record(self.batch).await.owner.unwrap();
        self.hall.sent(self.batch, cashier).await;
        format!("/staff/lists/answer/{}", self.batch)
    }

    /// Numbers of the two members and of the one that is left out.
    async fn numbers(&self) -> [String; 3] {
        [
            self.hall.number_of(self.first).await,
            self.hall.number_of(self.second).await,
            self.hall.number_of(self.twin).await,
        ]
    }

    async fn state(&self, record: RecordId) -> String {
        self.hall.record(record).await.state
    }
}

#[tokio::test]
async fn of_two_applications_for_a_month_the_earlier_is_paid_and_the_other_is_told() {
    let payment = Payment::built().await;
    let ([a, b, c], hall) = (payment.numbers().await, &payment.hall);
    let page = &payment.page;
    assert!(page.contains(&format!("只办 {a}")), "{page}");
    assert!(page.contains("3,000 元"), "{page}");
    let batch = hall.record(payment.batch).await;
    let lines = [format!("{a}，1000.00"), format!("{b}，2000.00")];
    let lines = lines.iter().map(|line| text(line)).collect();
    assert_eq!(batch.values["items"], Value::List(lines));
    assert_eq!(batch.values["total"], Value::Money(Fen(300_000)));
    assert_eq!(payment.state(payment.first).await, "in_payment");
    assert_eq!(payment.state(payment.twin).await, "approved");
    // the other stays out as long as the first is being paid, and nobody else is due
    let next = [("f.batch_no", "2026-12-2"), ASKED[1]];
    let looked = hall.ask(&payment.cookie, SUBSIDIES, SUBSIDIES, &next);
    let page = looked.await.text().await.unwrap();
    assert!(page.contains(&c) && page.contains("已经办过"), "{page}");
    assert!(!page.contains("建这一批</button>"), "{page}");
    let (status, refused) = hall.confirm(&payment.cookie, SUBSIDIES, &next, &page).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(refused.contains("没有该进这一批的"), "{refused}");
    hall.is_sound().await;
}

#[tokio::test]
async fn a_banks_answer_that_is_not_whole_is_told_by_number_and_nothing_is_taken() {
    let payment = Payment::built().await;
    let ([a, b, c], hall) = (payment.numbers().await, &payment.hall);
    let early = format!("/staff/lists/answer/{}", payment.batch);
    let (status, page) = hall
        .bring(&payment.cookie, &early, &[], "业务编号,结果\n")
        .await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(
        page.contains("已送银行") && page.contains("才收回盘"),
        "{page}"
    );
    let answer = payment.awaited().await;
    let of_first = format!("业务编号,金额,结果\n{a},1000.00,成功\n");
    for (file, words) in [
        (of_first.clone(), format!("少了 {b}")),
        (
            format!("{of_first}{b},2000.01,成功\n"),
            "2,000.01 元".to_owned(),
        ),
        (
            format!("{of_first}{b},2000.00,成功\n{c},900.00,成功\n"),
            format!("“{c}”不在这一批里"),
        ),
        (
            format!("{of_first}{b},2000.00,大概\n"),
            "看不出成功还是失败".to_owned(),
        ),
        (
            format!("编号,钱\n{a},1000.00\n"),
            "没有“结果”这一列".to_owned(),
        ),
    ] {
        let (status, page) = hall.bring(&payment.cookie, &answer, &[], &file).await;
        assert_eq!(status, StatusCode::CONFLICT, "{file}");
        assert!(page.contains(&words), "{words}: {page}");
        assert_eq!(payment.state(payment.batch).await, "sent");
        assert_eq!(payment.state(payment.first).await, "in_payment");
    }
}

#[tokio::test]
async fn a_whole_answer_is_taken_once_and_each_member_goes_its_way() {
    let payment = Payment::built().await;
    let ([a, b, _], hall) = (payment.numbers().await, &payment.hall);
    let answer = payment.awaited().await;
    let record = hall
        .page(&format!("/staff/record/{}", payment.batch), &payment.cookie)
        .await;
    assert!(
        record.contains(&answer),
        "the record leads to where its answer is brought"
    );
    let file = format!(
        "业务编号,户名,金额,结果,失败原因\n{a},样例,1000.00,成功,\n{b},样例,2000,失败,户名不符\n"
    );
    let (status, page) = hall.bring(&payment.cookie, &answer, &[], &file).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    let (status, to) = hall.press(&payment.cookie, &page, &answer, &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{to}");
    assert_eq!(payment.state(payment.batch).await, "partially_failed");
    assert_eq!(payment.state(payment.first).await, "paid");
    assert_eq!(payment.state(payment.second).await, "pay_failed");
    let failed = hall.record(payment.second).await;
    let act = failed.acts.last().unwrap();
    assert_eq!(
        (act.reason.as_str(), act.role),
        ("户名不符", StaffRole::Bank)
    );
    let kept = hall.record(payment.batch).await.attachments;
    assert!(kept.iter().any(|one| one.doc_type == "bank_file"));
    let (status, _) = hall.press(&payment.cookie, &page, &answer, &[]).await;
    assert_eq!(status, StatusCode::CONFLICT);
    hall.is_sound().await;
}

#[tokio::test]
async fn a_batch_that_is_given_up_lets_its_members_go_and_they_are_due_again() {
    let payment = Payment::built().await;
    let hall = &payment.hall;
    let cashier = hall.record(payment.batch).await.owner.unwrap();
    let by = actor(cashier.0.as_u128(), StaffRole::Cashier);
    hall.lead(payment.batch, "cancel", by, Values::new()).await;
    assert_eq!(payment.state(payment.batch).await, "cancelled");
    for member in [payment.first, payment.second] {
        let record = hall.record(member).await;
        assert_eq!(record.state, "approved");
        assert_eq!(record.acts.last().unwrap().transition, "leave_batch");
    }
    assert_eq!(payment.state(payment.twin).await, "approved");
    let next = [("f.batch_no", "2026-12-2"), ASKED[1]];
    let (_, batch) = hall.built(&payment.cookie, SUBSIDIES, &next).await;
    assert_eq!(
        hall.record(batch).await.values["total"],
        Value::Money(Fen(300_000))
    );
    hall.is_sound().await;
}

#[tokio::test]
async fn what_changed_since_it_was_looked_at_is_looked_at_again() {
    let hall = Hall::open().await;
    let one = hall.person("测试甲", 1).await;
    hall.claim(one).await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    let fields = [("f.month", "2026-11"), ("f.pay_on", "2026-11-30")];
    let looked = hall.ask(&cookie, MONTHLY, MONTHLY, &fields).await;
    let page = looked.text().await.unwrap();
    let two = hall.person("测试乙", 2).await;
    hall.claim(two).await;
    let (status, again) = hall.confirm(&cookie, MONTHLY, &fields, &page).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(
        again.contains("再看一遍") && again.contains("这一批有 2 条"),
        "{again}"
    );
    let (status, _) = hall.confirm(&cookie, MONTHLY, &fields, &again).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_publicity_list_is_masked_shown_and_taken_down_by_itself_after_its_last_day() {
    let hall = Hall::open().await;
    let one = hall.person("测试甲", 1).await;
    let period = values([("period_from", day("2026-09-01"))]);
    hall.reviewed("si_flexible", (Some(one), None), period, 1_500)
        .await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    let path = "/staff/lists/batch/publicity_persons";
    let fields = [
        ("f.batch_no", "2026-3"),
        ("f.title", "2026 年第三批社保补贴公示"),
        (
            "f.body",
            "下面的人员拟享受社保补贴，有异议请在公示期内提出。",
        ),
        ("f.from_on", "2026-11-23"),
        ("f.to_on", "2026-11-30"),
        ("f.channels", "kiosk\nled"),
        ("f.tel", "0701-0000000"),
    ];
    let (_, notice) = hall.built(&cookie, path, &fields).await;
    let record = hall.record(notice).await;
    let line = text("测**，9999**********0016，1500.00 元");
    assert_eq!(record.values["items"], Value::List(vec![line]));
    // looked through for numbers by the system, at once
    assert_eq!(record.state, "checked");
    hall.lead(notice, "show", actor(901, StaffRole::Chief), Values::new())
        .await;
    let told: Vec<Notice> = hall.told(hall_id(), Topic::Notice).await;
    assert_eq!(told.len(), 1);
    let next = NOW.plus_minutes(8 * 24 * 60);
    hall.clock.store(next.0, Ordering::SeqCst);
    hall.app.inner.cases.tick(next).await.unwrap();
    assert_eq!(hall.record(notice).await.state, "ended");
    let told: Vec<Notice> = hall.told(hall_id(), Topic::Notice).await;
    assert!(told.is_empty(), "{told:?}");
}

#[tokio::test]
async fn a_monthly_list_that_nobody_made_is_asked_for_until_it_is_made() {
    let hall = Hall::open().await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    let missing = "本月的“失业金月发放名册”还没有建";
    let asked_for = || async { hall.page("/staff", &cookie).await.contains(missing) };
    assert!(!asked_for().await, "nobody is on benefit");
    let one = hall.person("测试甲", 1).await;
    hall.claim(one).await;
    assert!(asked_for().await);
    let fields = [("f.month", "2026-11"), ("f.pay_on", "2026-11-30")];
    hall.built(&cookie, MONTHLY, &fields).await;
    assert!(!asked_for().await);
}

#[tokio::test]
async fn a_weekly_and_a_daily_list_are_asked_for_although_nobody_is_due() {
    let hall = Hall::open().await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    let path = "/staff/lists/batch/loan_push_approval";
    let page = hall.page("/staff", &cookie).await;
    assert!(page.contains("本周的“贷款审批推送”还没有建") && page.contains(path));
    assert!(page.contains("今天的“续贷推送”还没有建"));
    hall.built(&cookie, path, &[("f.batch_no", "2026-48")])
        .await;
    let page = hall.page("/staff", &cookie).await;
    assert!(!page.contains("贷款审批推送”还没有建"));
    assert!(
        page.contains("今天的“续贷推送”还没有建"),
        "of the same kind"
    );
}
