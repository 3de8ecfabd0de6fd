//! What somebody who serves may see of his own scores (我的评价): by day, and only of days with so
//! many that nobody can be guessed.

use chrono::NaiveDate;
use domain::rating::{OWN_SCORES_MIN, WindowScores};
use domain::time::{month_day_text, weekday_text};
use maud::{Markup, html};

use super::frame::{Desk, MenuEntry, staff_page};

/// Where the page is.
pub(crate) const OWN_SCORES_PATH: &str = "/staff/scores/mine";

/// The page; `days` with the latest first.
pub(crate) fn own_scores_page(desk: &Desk, days: &[(NaiveDate, WindowScores)]) -> Markup {
    let content = html! {
        div.stack {
            div.row { h1 { "我的评价" } span.soft { "近 30 天" } }
            p.soft {
                "按天合起来看，不分是谁打的。一天不到 " (OWN_SCORES_MIN) " 份评价的，不显示。"
            }
            div.card {
                table {
                    thead { tr {
                        th scope="col" { "哪天" }
                        th.num scope="col" { "办了几件" }
                        th.num scope="col" { "评价" }
                        th.num scope="col" { "满意度" }
                    } }
                    tbody {
                        @if days.is_empty() {
                            tr { td colspan="4" { "近 30 天您还没有办结过号票。叫号、办完，群众打了分，这里就有。" } }
                        }
                        @for (day, scores) in days { (day_row(*day, scores)) }
                    }
                }
            }
            p { a.button href="/staff/console" { "去叫号" } }
        }
    };
    staff_page(desk, MenuEntry::Console, "我的评价", None, &content)
}

fn day_row(day: NaiveDate, scores: &WindowScores) -> Markup {
    html! {
        tr {
            th scope="row" { (month_day_text(day)) " " (weekday_text(day)) }
            td.num { (scores.visits) }
            @match scores.for_who_served() {
                Some(share) => {
                    td.num { (share.whole) " 份" }
                    td.num { b { (share.text()) } }
                }
                None => {
                    td.num.soft { "不到 " (OWN_SCORES_MIN) " 份" }
                    td.num.soft { "不显示" }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::rating::Level;

    use super::*;
    use crate::pages::fixtures;

    #[test]
    fn a_day_with_few_scores_says_nothing_of_them() {
        let scores = WindowScores {
            visits: 30,
            scores: [(Level::VeryBad, 4)].into(),
        };
        let day = fixtures::NOW.hall_date();
        let page = own_scores_page(&fixtures::desk(), &[(day, scores)]).into_string();
        assert!(page.contains("不显示") && !page.contains("0.00"), "{page}");
    }
}
