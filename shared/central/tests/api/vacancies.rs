//! Sheets of vacancies on the pages: a clerk tries and imports one, a reviewer publishes what waits,
//! and the public sees it. Nobody else does either.

use domain::case::Role;
use domain::id::{ListingId, ShortId};
use reqwest::StatusCode;

use crate::browser::Browser;
use crate::hall::Hall;

const SHEET: &str = "编号,岗位名称,用人单位,工作地点,薪资,岗位描述\n\
    1,维修电工,示例丙铜业有限公司,鹰潭-余江区,5-7千/月,检修设备\n\
    2,保洁员,示例家政部,鹰潭-月湖区,面议,男性优先\n";
const IMPORT: &str = "/staff/listings/import";

async fn tried(clerk: &Browser, sheet: &str) -> (StatusCode, String) {
    let file = ("岗位.csv", sheet.as_bytes());
    let answer = clerk.upload(IMPORT, IMPORT, &[], file).await;
    (answer.status(), answer.text().await.unwrap())
}

/// The address after this one on a page, up to its closing quote.
fn address(page: &str, from: &str) -> String {
    let begun = page.find(from).unwrap_or_else(|| panic!("{from}: {page}"));
    let rest = &page[begun..];
    rest[..rest.find('"').unwrap()].to_owned()
}

#[tokio::test]
async fn a_clerk_imports_a_sheet_and_a_reviewer_publishes_what_waits() {
    let hall = Hall::open().await;
    let clerk = Browser::of(&hall, &[Role::Clerk]).await;
    let reviewer = Browser::of(&hall, &[Role::Reviewer]).await;
    let (status, page) = tried(&clerk, SHEET).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    assert!(
        page.contains("还没有导入") && page.contains("导入这 1 行"),
        "{page}"
    );
    let listings = reviewer.page("/staff/listings").await;
    assert!(!listings.contains("等着公布"), "a trial leaves nothing");

    let act = address(&page, "/staff/listings/import/");
    let done = clerk.act(IMPORT, &act, &[]).await;
    let page = done.text().await.unwrap();
    assert!(page.contains("✓ 导入了"), "{page}");
    let rejects = clerk.page(&address(&page, "/staff/listings/import/")).await;
    assert!(
        rejects.contains("保洁员") && rejects.contains("不能写“男性优先”"),
        "{rejects}"
    );
    let again = clerk.act(IMPORT, &act, &[]).await;
    assert_eq!(
        again.status(),
        StatusCode::CONFLICT,
        "a file is imported once"
    );

    let listings = reviewer.page("/staff/listings").await;
    assert!(listings.contains("公布这 1 个"), "{listings}");
    let publish = "/staff/listings/publish";
    let outdated = reviewer
        .act("/staff/listings", publish, &[("waiting", "7")])
        .await;
    assert_eq!(outdated.status(), StatusCode::CONFLICT);
    let published = reviewer
        .act("/staff/listings", publish, &[("waiting", "1")])
        .await;
    assert!(published.text().await.unwrap().contains("公布了 1 个岗位"));
    let record = hall
        .store
        .read_blocking(|reader| reader.vacancy_of_source("编号 1"));
    let record = record.unwrap().unwrap();
    let last = record.acts.last().unwrap();
    assert_eq!((last.role, last.by.is_some()), (Role::Reviewer, true));
    let public = format!("/v/{}", ShortId::of(ListingId(record.id.0)));
    assert!(clerk.page(&public).await.contains("维修电工"));
    assert!(!reviewer.page("/staff/listings").await.contains("等着公布"));
}

#[tokio::test]
async fn a_file_that_is_no_sheet_and_people_without_the_right_are_refused() {
    let hall = Hall::open().await;
    let clerk = Browser::of(&hall, &[Role::Clerk]).await;
    let (status, page) = tried(&clerk, "编号,薪资\n1,面议\n").await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(page.contains("岗位名称"), "{page}");
    let reviewer = Browser::of(&hall, &[Role::Reviewer]).await;
    assert_eq!(reviewer.get(IMPORT).await.status(), StatusCode::FORBIDDEN);
    let publish = clerk.act(
        "/staff/listings",
        "/staff/listings/publish",
        &[("waiting", "0")],
    );
    assert_eq!(publish.await.status(), StatusCode::FORBIDDEN);
}
