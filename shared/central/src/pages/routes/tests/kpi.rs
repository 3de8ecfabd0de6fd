//! The yearly assessment, through the router: what counts in which line, and what stands behind it.

use super::lines::{actor, inspection, running_class, step, text, values};
use super::*;
use crate::sheet::tests::cells_of;
use domain::case::{Value, Values};

/// A sample that was looked through.
async fn sample(hall: &Hall, of: &str, period: &str, (sampled, errors): (i64, i64)) {
    let check = values([
        ("domain", Value::Choice(of.into())),
        ("period", text(period)),
        ("population", Value::Integer(9_000)),
        ("sampled", Value::Integer(sampled)),
        ("errors", Value::Integer(errors)),
    ]);
    let check = hall.bring_in("data_quality_check", "YH-C", check).await;
    let by = actor(Some(31), StaffRole::Statistician);
    hall.act_as(check, step("check", Values::new()), by)
        .await
        .unwrap();
}

/// The row of a line.
fn row<'p>(page: &'p str, name: &str) -> &'p str {
    let from = page.find(name).unwrap_or_else(|| panic!("{name}: {page}"));
    page[from..].split("</tr>").next().unwrap()
}

#[tokio::test]
async fn every_line_is_judged_for_itself_and_by_what_stands_behind_it() {
    let hall = Hall::open().await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    let page = hall.page("/staff/kpi", &cookie).await;
    assert_eq!(page.matches("无数据</span>").count(), 15, "{page}");
    assert!(row(&page, "新增创业担保贷款").contains("待上线"));
    assert!(row(&page, "新增创业担保贷款").contains("60,000,000 元"));
    sample(&hall, "employment", "2026-03", (400, 7)).await;
    sample(&hall, "employment", "2025-12", (400, 400)).await;
    sample(&hall, "hardship", "2026-11", (50, 1)).await;
    sample(&hall, "hardship", "2026-11", (50, 2)).await;
    let page = hall.page("/staff/kpi?period=2026", &cookie).await;
    let employment = row(&page, "城镇新增就业录入准确率");
    assert!(
        employment.contains("98.25 %") && employment.contains("393 / 400"),
        "{employment}"
    );
    assert!(employment.contains("达标"));
    let hardship = row(&page, "困难人员就业录入准确率");
    assert!(
        hardship.contains("97 / 100") && hardship.contains("没达标，差 1"),
        "{hardship}"
    );
    let month = hall.page("/staff/kpi?period=2026-11", &cookie).await;
    assert!(row(&month, "城镇新增就业录入准确率").contains("无数据"));
    let detail = hall
        .page("/staff/kpi/hardship_accuracy?period=2026-11", &cookie)
        .await;
    assert!(detail.contains("抽 50 条，错 2 条") && detail.contains("DATA_QUALITY_CHECK-202611-"));
    assert_eq!(
        hall.status("/staff/kpi/luck", &cookie).await,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_class_counts_by_its_checks_its_inspections_and_not_yet_by_its_ledger() {
    let hall = Hall::open().await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    let class = running_class(&hall).await;
    let page = hall.page("/staff/kpi?period=2026-11", &cookie).await;
    assert!(row(&page, "开班资料核查率").contains("1 / 1"));
    assert!(row(&page, "培训期间现场巡查").contains("0 / 1"));
    assert!(row(&page, "培训台账完整率").contains("无数据"));
    inspection(&hall, class).await;
    let page = hall.page("/staff/kpi?period=2026-11", &cookie).await;
    assert!(row(&page, "培训期间现场巡查").contains("1 / 1"));
    let examine = step("examine", Values::new());
    let clerk = actor(Some(21), StaffRole::Clerk);
    hall.act_as(class, examine, clerk).await.unwrap();
    let page = hall.page("/staff/kpi?period=2026-11", &cookie).await;
    assert!(row(&page, "培训台账完整率").contains("0 / 1"));
    let detail = hall
        .page("/staff/kpi/whole_ledgers?period=2026-11", &cookie)
        .await;
    assert!(detail.contains("没有查过台账"), "{detail}");
}

#[tokio::test]
async fn the_sheet_comes_out_as_a_workbook_and_is_the_centres_alone() {
    let hall = Hall::open().await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    let asked = hall
        .get("/staff/kpi.xlsx?period=2026")
        .header(header::COOKIE, &cookie);
    let answer = asked.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let cells = cells_of(&answer.bytes().await.unwrap());
    assert!(cells.iter().any(|cell| cell == "待上线"), "{cells:?}");
    let chief = hall
        .somebody("chief3", &[(StaffRole::Chief, "YH-J03")])
        .await;
    let page = hall.page("/staff/kpi", &chief).await;
    assert!(page.contains("考核是全中心的"), "{page}");
}
