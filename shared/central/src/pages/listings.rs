//! Listings for staff: how many there are, one by its number, and taking it back with a reason.

mod import;

use domain::listing::Listing;
use maud::{Markup, html};

use super::frame::{Desk, MenuEntry, Said, said, staff_page};
use super::qr::qr;
use super::vacancy::facts;
use crate::overview::ListingCounts;
use chrono::NaiveDate;
pub(crate) use import::{VacancyImport, vacancy_import_page};

/// Longest reason for taking a listing back, in characters.
pub(crate) const REASON_CHARS_MAX: usize = 120;

/// What the page shows.
#[derive(Debug, Clone)]
pub(crate) struct ListingsView {
    /// How many stand where.
    pub(crate) counts: ListingCounts,
    /// The number as typed.
    pub(crate) number: String,
    /// What was found.
    pub(crate) found: Found,
    /// The reason as typed, when it was not accepted.
    pub(crate) reason: String,
    /// Today.
    pub(crate) today: NaiveDate,
    /// Where citizens' phones reach the public pages.
    pub(crate) public_url: String,
    /// Whether who looks may take a listing back.
    pub(crate) may_withdraw: bool,
    /// Whether who looks may import sheets.
    pub(crate) may_import: bool,
    /// How many vacancies of sheets wait; `None` for who may not publish them.
    pub(crate) waiting: Option<usize>,
}

/// What a number led to.
#[derive(Debug, Clone)]
pub(crate) enum Found {
    /// Nothing was asked.
    NotAsked,
    /// A listing that is shown.
    Open(Box<Listing>),
    /// One that is no longer shown.
    Closed,
    /// None.
    Nothing,
}

/// The page.
pub(crate) fn listings_page(desk: &Desk, view: &ListingsView, notice: Option<&Said>) -> Markup {
    let content = html! {
        div.stack {
            div.row {
                h1 { "岗位" }
                @if view.may_import { a.button.push href="/staff/listings/import" { "导入岗位表" } }
            }
            (said(notice))
            (counts(view.counts))
            (waiting(desk, view))
            form.card.pad.row method="get" action="/staff/listings" {
                label for="number" { "按编号找" }
                input #number name="number" value=(view.number) maxlength="10" size="14"
                    placeholder="10 位编号" data-key="/" autocomplete="off";
                button { "找" }
                span.soft { "编号在岗位页上，也在二维码下面。按 " kbd { "/" } " 直接输入。" }
            }
            (found(desk, view))
        }
    };
    staff_page(desk, MenuEntry::Listings, "岗位", None, &content)
}

fn counts(counts: ListingCounts) -> Markup {
    html! {
        div.card.facts {
            div { span.soft { "正在展示" } br; b { (counts.open) " 个" } }
            div {
                span.soft { "等审核、等公布" } br;
                a href="/staff/records/vacancy" { b { (counts.pending) " 个" } }
            }
            div { span.soft { "已撤下" } br; b { (counts.withdrawn) " 个" } }
            div.soft { "导入的岗位先等着，审核的人公布后才会上自助机、大屏和手机。" }
        }
    }
}

fn waiting(desk: &Desk, view: &ListingsView) -> Markup {
    let Some(waiting) = view.waiting.filter(|waiting| *waiting > 0) else {
        return html! {};
    };
    html! {
        form.card method="post" action="/staff/listings/publish" {
            h2 { "导入的岗位等着公布" }
            div.pad.stack {
                (desk.form_token.field())
                input type="hidden" name="waiting" value=(waiting);
                p {
                    "从表格导入、还没公布的有 " b { (waiting) } " 个。先"
                    a href="/staff/records/vacancy?state=draft" { "抽看几个" }
                    "，也可以在那里只勾几个办“按表公布”。"
                }
                div { button.primary { "公布这 " (waiting) " 个" } }
                p.soft { "公布后马上对外，您的名字会记在每个岗位上。" }
            }
        }
    }
}

fn found(desk: &Desk, view: &ListingsView) -> Markup {
    match &view.found {
        Found::NotAsked => html! {},
        Found::Nothing => html! {
            p.say { "没有这个编号的岗位。请再看一下，字母和数字一共 10 位。" }
        },
        Found::Closed => html! {
            p.say { "这个岗位已经撤下或过期了，哪里都不再展示。" }
        },
        Found::Open(listing) => one(desk, view, listing),
    }
}

fn one(desk: &Desk, view: &ListingsView, listing: &Listing) -> Markup {
    let address = format!("/v/{}", listing.short_id);
    html! {
        div.split {
            div.card {
                h2 { (listing.title) }
                div.pad.stack {
                    (facts(listing, view.today))
                    p { a href=(address) { "看市民看到的样子" } }
                }
            }
            div.stack {
                div.card {
                    h2 { "二维码" }
                    div.pad { (qr(&format!("{}{address}", view.public_url), 180)) }
                }
                @if view.may_withdraw { (withdrawal(desk, view, listing)) }
            }
        }
    }
}

fn withdrawal(desk: &Desk, view: &ListingsView, listing: &Listing) -> Markup {
    html! {
                form.card method="post" action="/staff/listings/withdraw" {
                    h2 { "撤下这个岗位" }
                    div.pad {
                        (desk.form_token.field())
                        input type="hidden" name="number" value=(listing.short_id);
                        div.field {
                            label for="reason" { "为什么撤下" }
                            input #reason name="reason" value=(view.reason) required
                                maxlength=(REASON_CHARS_MAX) list="reasons";
                            datalist id="reasons" {
                                option value="已经招满" {}
                                option value="单位要求撤下" {}
                                option value="内容不实" {}
                            }
                        }
                        button.danger { "撤下" }
                        p.soft { "撤下后自助机、大屏和手机上马上就没有了，您的名字和理由会记下来。" }
                    }
                }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::fixtures;

    #[test]
    fn only_a_shown_listing_can_be_taken_back_and_only_by_who_may() {
        let mut view = fixtures::listings();
        let page = |view: &ListingsView| listings_page(&fixtures::desk(), view, None).into_string();
        assert!(page(&view).contains("/staff/listings/withdraw"));
        view.may_withdraw = false;
        assert!(!page(&view).contains("/staff/listings/withdraw"));
        view.may_withdraw = true;
        view.found = Found::Closed;
        assert!(!page(&view).contains("/staff/listings/withdraw"));
    }
}
