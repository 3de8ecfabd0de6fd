//! Who sees what of scores, through the router.

use super::*;

#[tokio::test]
async fn a_score_of_a_visit_that_took_no_time_is_listed_and_still_counts() {
    let hall = Hall::open().await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    hall.served_and_scored(&cookie, "5").await;
    let page = hall.page("/staff/scores", &cookie).await;
    assert!(page.contains("要核对的评价"), "{page}");
    assert!(page.contains("办了不到 30 秒就打了分"), "{page}");
    assert!(page.contains("100.00 %"), "it goes on counting: {page}");
}

#[tokio::test]
async fn stations_stand_side_by_side_and_a_notice_of_them_can_be_written() {
    let hall = Hall::open().await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    hall.served_and_scored(&cookie, "5").await;
    let page = hall.page("/staff/scores?by=station", &cookie).await;
    assert!(
        page.contains("全部网点满意度") && page.contains("样例站"),
        "{page}"
    );
    let address = page
        .split("href=\"/staff/records/led_publication/new?")
        .nth(1);
    let address = address
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .replace("&amp;", "&");
    let form = format!("/staff/records/led_publication/new?{address}");
    let form = hall.page(&form, &cookie).await;
    assert!(form.contains("服务满意度 100.00 %"), "{form}");
    assert!(form.contains("100.00 %（1 份评价）"), "{form}");
}

#[tokio::test]
async fn who_serves_sees_nothing_of_a_day_with_few_scores() {
    let hall = Hall::open().await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    hall.served_and_scored(&cookie, "1").await;
    let page = hall.page("/staff/scores/mine", &cookie).await;
    assert!(
        page.contains("不到 5 份") && page.contains("不显示"),
        "{page}"
    );
    assert!(!page.contains("0.00 %"), "{page}");
}
