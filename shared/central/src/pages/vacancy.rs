//! One listing on a citizen's phone: what the QR code of kiosk and board opens. Pay stands as the
//! employer stated it; what is unknown is left out and never invented. A listing that is filled,
//! withdrawn or past its day says so and says what to do instead.

use chrono::NaiveDate;
use domain::listing::{Headcount, Listing};
use domain::pay::{Pay, PayAmount, PayUnit, UnitBasis};
use domain::time::day_text;
use maud::{Markup, html};

use super::frame::{Site, public_page};
use super::qr::qr;

/// The page of an open listing.
pub(crate) fn vacancy_page(
    site: &Site,
    listing: &Listing,
    today: NaiveDate,
    public_url: &str,
) -> Markup {
    let content = html! {
        div.card.stack {
            h1 { (listing.title) }
            p.pay { (pay(listing)) }
            @if has_guessed_unit(listing) {
                p.soft { "单位没写清是按月还是按天，这里按常见的算，去之前请问清楚。" }
            }
            (facts(listing, today))
        }
        @if let Some(description) = &listing.description {
            div.card { h2 { "做什么、有什么" } p.words { (description) } }
        }
        div.card {
            h2 { "想去怎么办" }
            p { "到" (site.station_name) "服务大厅，在自助机上取“找工作”的号，把这一页给窗口看。" }
            p { "岗位编号 " b { (listing.short_id) } }
            p.soft { "报名、面试都不收钱。让您先交钱的，不要交，请告诉工作人员。" }
        }
        div.card.slip {
            p { "给家里人扫一扫，也能看到这个岗位" }
            (qr(&format!("{public_url}/v/{}", listing.short_id), 200))
        }
        p { a href="/" { "回首页" } }
    };
    public_page(site, &listing.title, None, &content)
}

/// Pay in the form in which it was understood, else in the employer's own words.
fn pay(listing: &Listing) -> String {
    match (&listing.pay, &listing.pay_text) {
        (Some(pay), _) if is_monthly(pay) => format!("{} 每月", pay.short_text()),
        (Some(pay), _) => pay.short_text(),
        (None, Some(text)) => text.clone(),
        (None, None) => "工资没写，请问单位".to_owned(),
    }
}

/// The short text leaves the usual unit out; on the page that decides it is said.
fn is_monthly(pay: &Pay) -> bool {
    pay.unit == PayUnit::Month && pay.amount != PayAmount::Negotiable
}

fn has_guessed_unit(listing: &Listing) -> bool {
    listing
        .pay
        .is_some_and(|pay| pay.basis == UnitBasis::Inferred && pay.amount != PayAmount::Negotiable)
}

/// What is known, as pairs of words.
pub(crate) fn facts(listing: &Listing, today: NaiveDate) -> Markup {
    let rows: [(&str, Option<String>); 9] = [
        ("单位", listing.employer.clone()),
        ("单位写的工资", listing.pay_text.clone()),
        (
            "在哪里",
            listing.place.as_ref().map(|place| place.text.clone()),
        ),
        (
            "学历",
            listing
                .education
                .map(|education| education.text().to_owned()),
        ),
        (
            "经验",
            listing.experience.map(domain::listing::Experience::text),
        ),
        ("招几人", listing.headcount.map(headcount)),
        (
            "怎么干",
            listing.job_form.map(|form| form.text().to_owned()),
        ),
        ("行业", listing.industry.clone()),
        ("消息", Some(age(listing, today))),
    ];
    html! {
        dl {
            @for (label, value) in rows {
                @if let Some(value) = value { dt { (label) } dd { (value) } }
            }
        }
    }
}

fn headcount(headcount: Headcount) -> String {
    match headcount {
        Headcount::Several => "若干人".to_owned(),
        Headcount::Exactly { people } => format!("{people} 人"),
    }
}

fn age(listing: &Listing, today: NaiveDate) -> String {
    let published = day_text(listing.published_on, today);
    let until = domain::time::month_day_text(listing.valid_to);
    match listing.posted_on {
        Some(posted) if posted != listing.published_on => {
            format!(
                "{published}发布，单位 {}写的，到 {until}为止",
                day_text(posted, today)
            )
        }
        _ => format!("{published}发布，到 {until}为止"),
    }
}

/// The page of a listing that is no longer shown.
pub(crate) fn closed_page(site: &Site) -> Markup {
    let content = html! {
        div.card {
            h1 { "这个岗位不招了" }
            p { "可能已经招满，也可能过了日子。" }
            (instead())
        }
        p { a href="/" { "回首页" } }
    };
    public_page(site, "这个岗位不招了", None, &content)
}

/// The page of a number that leads nowhere.
pub(crate) fn unknown_page(site: &Site) -> Markup {
    let content = html! {
        div.card {
            h1 { "没找到这个岗位" }
            p { "请再扫一次码，或再看一下编号：字母和数字一共 10 位。" }
            (instead())
        }
        p { a href="/" { "回首页" } }
    };
    public_page(site, "没找到这个岗位", None, &content)
}

fn instead() -> Markup {
    html! { p { "大厅的自助机上有今天还在招的岗位，也可以取“找工作”的号，让窗口帮您找相近的。" } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::fixtures;

    fn page(listing: &Listing) -> String {
        let today = listing.published_on;
        vacancy_page(&fixtures::site(), listing, today, "http://10.0.0.2:8080").into_string()
    }

    #[test]
    fn what_an_employer_wrote_never_becomes_code() {
        let mut listing = fixtures::listing();
        listing.title = "<script>alert(1)</script>".into();
        listing.description = Some("</dd><img src=x onerror=alert(1)>".into());
        let page = page(&listing);
        assert!(!page.contains("<script>alert") && !page.contains("<img src=x"));
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    }

    #[test]
    fn a_unit_that_we_inferred_is_said_to_be_inferred() {
        let mut listing = fixtures::listing();
        assert!(!page(&listing).contains("按常见的算"));
        listing.pay.as_mut().unwrap().basis = UnitBasis::Inferred;
        assert!(page(&listing).contains("按常见的算"));
        assert!(page(&listing).contains("5,500–7,000 元 每月"));
    }

    #[test]
    fn the_unknown_is_left_out_and_never_invented() {
        let mut listing = fixtures::listing();
        listing.education = None;
        listing.headcount = None;
        listing.pay = None;
        listing.pay_text = None;
        let page = page(&listing);
        assert!(!page.contains("学历") && !page.contains("招几人"));
        assert!(page.contains("工资没写，请问单位"));
    }
}
