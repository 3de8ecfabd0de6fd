//! Everything off the boards at once, and on again by a named person.

use wire::api::HallInfo;

use super::*;

impl Hall {
    /// Since when everything is off the boards, as devices are told.
    async fn cleared_since(&self) -> Option<UtcMs> {
        let halls: Vec<HallInfo> = self.told(hall_id(), Topic::Hall).await;
        halls.into_iter().next().unwrap().boards_cleared
    }

    async fn add_staff(&self, login: &str, role: RoleGrant) -> String {
        let new = NewStaff {
            name: format!("样例{login}"),
            login: login.to_owned(),
            clerk_no: String::new(),
            hall: hall_id(),
            roles: [role].into(),
        };
        let store = self.app.inner.store.clone();
        let now = self.app.now();
        let added = tokio::task::spawn_blocking(move || staff::add(&store, new, PASSWORD, now));
        added.await.unwrap().unwrap();
        self.sign_in_as(login, PASSWORD).await.1
    }

    async fn clears(&self, cookie: &str, fields: &[(&str, &str)]) -> Response {
        self.ask(cookie, "/staff/boards", "/staff/boards/clear", fields)
            .await
    }

    async fn restores(&self, cookie: &str) -> Response {
        let whose = hall_id().to_string();
        let fields = [("whose", whose.as_str())];
        self.ask(cookie, "/staff/boards", "/staff/boards/restore", &fields)
            .await
    }
}

#[tokio::test]
async fn everything_goes_off_at_once_says_by_whom_and_why_and_comes_back_by_a_named_person() {
    let hall = Hall::open().await;
    let manager = RoleGrant::everywhere(StaffRole::HallManager);
    let cookie = hall.add_staff("manager", manager).await;
    let whose = hall_id().to_string();
    let whole = [
        ("whose", whose.as_str()),
        ("reason", "电话写错了"),
        ("confirmed", "yes"),
    ];
    for (fields, told) in [
        (&whole[..2], "请先勾上"),
        (&[whole[0], ("reason", " "), whole[2]][..], "请写为什么撤"),
        (
            &[whole[0], ("reason", "打 15412345678"), whole[2]][..],
            "不要写证件号",
        ),
        (
            &[("whose", "all"), whole[1], whole[2]][..],
            "您只管自己大厅的屏",
        ),
    ] {
        let answer = hall.clears(&cookie, fields).await;
        assert_eq!(answer.status(), StatusCode::CONFLICT);
        assert!(answer.text().await.unwrap().contains(told), "{told}");
        assert_eq!(hall.cleared_since().await, None);
    }
    let answer = hall.clears(&cookie, &whole).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(hall.cleared_since().await, Some(NOW));
    for path in ["/staff/boards", "/staff/hall"] {
        let page = hall.page(path, &cookie).await;
        let words = ["样例manager撤的。原因：电话写错了", "恢复播放"];
        assert!(words.iter().all(|one| page.contains(one)), "{path}: {page}");
    }
    assert_eq!(hall.restores(&cookie).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(hall.cleared_since().await, None);
    assert_eq!(hall.acts("boards_cleared").await, 1);
    assert_eq!(hall.acts("boards_restored").await, 1);
}

#[tokio::test]
async fn of_two_who_withdraw_at_once_the_first_counts_and_nobody_is_refused() {
    let hall = Hall::open().await;
    let approver = RoleGrant::everywhere(StaffRole::LedApprover);
    let cookie = hall.add_staff("approver", approver).await;
    let fields = |reason| [("whose", "all"), ("reason", reason), ("confirmed", "yes")];
    for reason in ["先撤的", "后撤的"] {
        let answer = hall.clears(&cookie, &fields(reason)).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{reason}");
        hall.clock.fetch_add(60_000, Ordering::SeqCst);
    }
    assert_eq!(hall.cleared_since().await, Some(NOW));
    let page = hall.page("/staff/boards", &cookie).await;
    assert!(
        page.contains("先撤的") && !page.contains("后撤的"),
        "{page}"
    );
    for _ in 0..2 {
        let answer = hall.restores(&cookie).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    }
    assert_eq!(hall.acts("boards_cleared").await, 1);
    assert_eq!(hall.acts("boards_restored").await, 1);
}

#[tokio::test]
async fn an_approver_of_a_station_withdraws_in_the_own_hall_alone() {
    let hall = Hall::open().await;
    let there = RoleGrant {
        role: StaffRole::LedApprover,
        station: Some(StationCode::new("YH-J01").unwrap()),
    };
    let cookie = hall.add_staff("there", there).await;
    let fields = [("whose", "all"), ("reason", "都撤"), ("confirmed", "yes")];
    let answer = hall.clears(&cookie, &fields).await;
    assert_eq!(answer.status(), StatusCode::CONFLICT);
    assert_eq!(hall.cleared_since().await, None);
}
