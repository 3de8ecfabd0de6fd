//! Two persons, refusals in plain words, and values that hold from their day on without a restart.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::case::Role as Duty;
use domain::id::{DeviceId, HallId};
use tempfile::TempDir;
use uuid::Uuid;
use wire::event::RoleGrant;

use super::*;
use crate::config::Config;
use crate::layout;
use crate::staff::tests::session;
use crate::store::{Marking, Opening, Store};
use crate::vault::KeyCustody;

/// 2026-11-23 09:00 in the hall.
const MORNING: UtcMs = UtcMs(1_795_395_600_000);
const DAY_MS: i64 = 24 * 3_600_000;
const HALL: HallId = HallId(Uuid::from_u128(1));

struct Centre {
    app: AppState,
    clock: Arc<AtomicI64>,
    directory: TempDir,
}

fn open(directory: &TempDir, role: Role) -> Store {
    let opening = Opening {
        marking: Marking::Synthetic,
        centre_if_new: DeviceId(Uuid::from_u128(99)),
        hall_parameters: Parameters::on(MORNING.hall_date()).unwrap().hall,
        role,
        vfs: None,
        custody: KeyCustody::of(directory.path(), None, None).unwrap(),
        now: MORNING,
    };
    Store::open(&directory.path().join("s.db"), opening).unwrap()
}

fn app_over(store: Store, clock: &Arc<AtomicI64>) -> AppState {
    let parameters = Parameters::on(MORNING.hall_date()).unwrap();
    let clock = Arc::clone(clock);
    let now = Arc::new(move || UtcMs(clock.load(Ordering::SeqCst)));
    AppState::new(store, Config::default(), &parameters, now)
}

impl Centre {
    async fn open() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = open(&directory, Role::Centre);
        let clock = Arc::new(AtomicI64::new(MORNING.0));
        let app = app_over(store, &clock);
        let laid_out = app.inner.store.write(|write| {
            let window = domain::id::WindowNo::new(1).ok();
            let group = domain::id::GroupCode::new('A').ok();
            let windows = window
                .zip(group)
                .map(|(window, group)| (window, [group].into()));
            let named = layout::of_windows("示例大厅", windows.into_iter().collect()).unwrap();
            layout::lay_out(write, HALL, named, MORNING)
        });
        laid_out.await.unwrap().unwrap();
        Self {
            app,
            clock,
            directory,
        }
    }

    fn pass_days(&self, days: i64) {
        self.clock.fetch_add(days * DAY_MS, Ordering::SeqCst);
    }

    async fn waiting(&self) -> Vec<WaitingLine> {
        list(&self.app, staff(1).staff).await.unwrap().waiting
    }

    /// One person proposes, another confirms.
    async fn change(&self, draft: &ParameterDraft) -> Result<(), Problem> {
        propose(&self.app, draft, &staff(1)).await?;
        let waiting = self.waiting().await;
        confirm(&self.app, waiting[0].proposal, &staff(2)).await
    }

    fn call_times(&self) -> u8 {
        let live = self.app.inner.store.live();
        let of_hall = live.halls[&HALL].rules().call_times;
        let in_force = self.app.inner.in_force.now().hall.queue.call_times;
        assert_eq!(of_hall, in_force);
        of_hall
    }
}

fn staff(number: u128) -> Staff<KeepParameters> {
    let mut session = session([RoleGrant::everywhere(Duty::Director)]);
    session.staff = StaffId(Uuid::from_u128(number));
    Staff::of(session).unwrap()
}

fn draft(value: &str, from: &str) -> ParameterDraft {
    ParameterDraft {
        key: "ticket.call_times".to_owned(),
        value: value.to_owned(),
        from: from.to_owned(),
        source: "示例〔2026〕1号".to_owned(),
        ..ParameterDraft::default()
    }
}

fn words(outcome: Result<(), Problem>) -> String {
    let problem = outcome.unwrap_err();
    assert_eq!(problem.code, ProblemCode::Refused, "{problem:?}");
    problem.detail
}

#[tokio::test]
async fn a_change_needs_a_second_person_and_waits_until_then() {
    let centre = Centre::open().await;
    propose(&centre.app, &draft("2", "2026-11-23"), &staff(1))
        .await
        .unwrap();
    let waiting = centre.waiting().await;
    assert_eq!(
        waiting[0].old,
        Some(domain::parameter::ParameterValue::Whole(3))
    );
    assert_eq!(waiting[0].name, "叫号次数");
    assert!(waiting[0].is_own);
    assert_eq!(centre.call_times(), 3);
    let same = confirm(&centre.app, waiting[0].proposal, &staff(1)).await;
    assert!(words(same).contains("另一位同事"));
    confirm(&centre.app, waiting[0].proposal, &staff(2))
        .await
        .unwrap();
    assert_eq!(centre.call_times(), 2);
    let again = confirm(&centre.app, waiting[0].proposal, &staff(2)).await;
    assert_eq!(again.unwrap_err().code, ProblemCode::NotFound);
}

#[tokio::test]
async fn a_confirmed_change_holds_from_its_day_on_without_a_restart() {
    let centre = Centre::open().await;
    centre.change(&draft("2", "2026-11-25")).await.unwrap();
    assert_eq!(centre.call_times(), 3);
    centre.pass_days(1);
    put_in_force(&centre.app).await.unwrap();
    assert_eq!(centre.call_times(), 3);
    centre.pass_days(1);
    put_in_force(&centre.app).await.unwrap();
    assert_eq!(centre.call_times(), 2);
}

#[tokio::test]
async fn a_restart_and_a_rebuild_give_the_same_book_and_what_waits() {
    let centre = Centre::open().await;
    centre.change(&draft("2", "2026-11-25")).await.unwrap();
    propose(&centre.app, &draft("4", "2027-01-01"), &staff(1))
        .await
        .unwrap();
    let before = centre.app.inner.store.live();
    let Centre {
        app,
        clock,
        directory,
    } = centre;
    app.inner
        .store
        .write(|write| write.rebuild())
        .await
        .unwrap();
    drop(app);
    let app = app_over(open(&directory, Role::Centre), &clock);
    let after = app.inner.store.live();
    assert_eq!(after.parameters, before.parameters);
    assert_eq!(after.waiting_parameters, before.waiting_parameters);
    assert_eq!(after.waiting_parameters.len(), 1);
}

#[tokio::test]
async fn overlaps_gaps_and_values_of_another_kind_are_refused_in_plain_words() {
    let centre = Centre::open().await;
    centre.change(&draft("2", "2026-12-01")).await.unwrap();
    let refused =
        async |draft: ParameterDraft| words(propose(&centre.app, &draft, &staff(1)).await);
    assert!(
        refused(draft("4", "2026-11-25"))
            .await
            .contains("从 2026-12-01 起已经有一条")
    );
    let gap = ParameterDraft {
        last: "2026-11-28".to_owned(),
        ..draft("4", "2026-11-25")
    };
    assert!(refused(gap).await.contains("2026-11-29 到 2026-11-30"));
    assert!(
        refused(draft("4", "2026-12-01"))
            .await
            .contains("已经有一条")
    );
    assert!(refused(draft("两次", "2027-01-01")).await.contains("整数"));
    assert!(refused(draft("4", "明天")).await.contains("日期"));
    let no_source = ParameterDraft {
        source: String::new(),
        ..draft("4", "2027-01-01")
    };
    assert!(refused(no_source).await.contains("依据文件"));
}

#[tokio::test]
async fn a_change_that_the_program_could_not_go_by_is_refused() {
    let centre = Centre::open().await;
    let refused =
        async |draft: ParameterDraft| words(propose(&centre.app, &draft, &staff(1)).await);
    assert!(refused(draft("-1", "2027-01-01")).await.contains("程序"));
    let ends = ParameterDraft {
        last: "2027-01-31".to_owned(),
        ..draft("2", "2027-01-01")
    };
    assert!(refused(ends).await.contains("没有值"));
}

#[tokio::test]
async fn what_is_not_in_force_is_withdrawn_by_two_and_what_waits_by_one() {
    let centre = Centre::open().await;
    centre.change(&draft("2", "2026-12-01")).await.unwrap();
    let from = "2026-12-01".parse().unwrap();
    let key = || ParameterKey::of_district("ticket.call_times");
    propose_withdrawal(&centre.app, key(), from, "录错了", &staff(1))
        .await
        .unwrap();
    let waiting = centre.waiting().await;
    assert_eq!(waiting[0].new, None);
    withdraw(&centre.app, waiting[0].proposal, "没有错", &staff(2))
        .await
        .unwrap();
    assert!(centre.waiting().await.is_empty());
    propose_withdrawal(&centre.app, key(), from, "录错了", &staff(1))
        .await
        .unwrap();
    let waiting = centre.waiting().await;
    confirm(&centre.app, waiting[0].proposal, &staff(2))
        .await
        .unwrap();
    centre.pass_days(30);
    put_in_force(&centre.app).await.unwrap();
    assert_eq!(centre.call_times(), 3);
    let first = "2000-01-01".parse().unwrap();
    let late = propose_withdrawal(&centre.app, key(), first, "录错了", &staff(1)).await;
    assert!(words(late).contains("已经生效"));
    let silent = withdraw(&centre.app, waiting[0].proposal, "  ", &staff(2)).await;
    assert!(words(silent).contains("理由"));
}

#[tokio::test]
async fn a_hall_node_changes_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(&directory, Role::HallNode { hall: HALL });
    let app = app_over(store, &Arc::new(AtomicI64::new(MORNING.0)));
    let proposed = propose(&app, &draft("2", "2027-01-01"), &staff(1)).await;
    assert!(words(proposed).contains("中心"));
}
