//! The own ticket on a citizen's phone, opened by the secret token of the slip's QR code: where
//! one stands, a large call, and afterwards five equal scores. Thanks are said only when the
//! score is durable, because the page reads it back. Nothing personal is known here or shown.

use domain::id::WindowNo;
use domain::queue::TicketState;
use domain::rating::Level;
use maud::{Markup, html};

use super::frame::{Live, QUEUE_STREAM, Said, Site, public_page, said};
use super::guard::FormToken;
use super::icon::{Icon, icon};
use crate::overview::TicketPage;
use crate::poor_reasons::PoorReason;

/// What the page shows.
#[derive(Debug, Clone)]
pub(crate) struct PhoneTicketView {
    /// Where.
    pub(crate) site: Site,
    /// The address of the page: `/t/…`.
    pub(crate) address: String,
    /// What the score's form carries.
    pub(crate) form_token: FormToken,
    /// The ticket.
    pub(crate) ticket: TicketPage,
    /// For how long a missed number may come back.
    pub(crate) comeback_minutes: i64,
    /// Reasons that may be given for a bad score.
    pub(crate) reasons: Vec<PoorReason>,
}

/// The page.
pub(crate) fn ticket_page(view: &PhoneTicketView, notice: Option<&Said>) -> Markup {
    let label = view.ticket.label.to_string();
    let live = Live {
        page: view.address.clone(),
        stream: QUEUE_STREAM,
        seconds_without_script: Some(10),
    };
    let may_still_change = !view.ticket.state.is_over();
    let content = html! {
        (said(notice))
        div.stack #ticket data-live { (state(view, &label)) }
    };
    let title = format!("{label} 号");
    // once the visit is over nothing changes by itself, and a refresh would wipe what is ticked
    public_page(
        &view.site,
        &title,
        may_still_change.then_some(&live),
        &content,
    )
}

fn state(view: &PhoneTicketView, label: &str) -> Markup {
    match view.ticket.state {
        TicketState::Waiting(_) => waiting(view, label),
        TicketState::Called { window, .. } => called(label, window),
        TicketState::Serving { window, .. } => html! {
            (slip(label, &view.ticket.group_name))
            div.card { p { (window) " 号窗口正在给您办。办完以后，可以在这一页打分。" } }
        },
        TicketState::Done { .. } if view.ticket.is_scored => thanks(label),
        TicketState::Done { window, .. } => score_form(view, label, window),
        TicketState::Pending { window, .. } => html! {
            (slip(label, &view.ticket.group_name))
            div.card {
                h2 { "等您拿材料回来" }
                p { "材料齐了，直接到 " (window) " 号窗口，不用重新取号。" }
            }
            (cancel(view))
        },
        TicketState::Parked { window, .. } => html! {
            (slip(label, &view.ticket.group_name))
            div.card {
                h2 { "先放一放" }
                p { (window) " 号窗口在等一件事办好，随后再叫您。请留在大厅里。" }
            }
            (cancel(view))
        },
        TicketState::Missed { .. } => html! {
            (slip(label, &view.ticket.group_name))
            div.card {
                h2 { "叫过您了，没等到" }
                p {
                    "过号 " (view.comeback_minutes) " 分钟内，请到窗口或导办台说一声，"
                    "可以恢复一次，还按原来的先后排。过了时间要重新取号。"
                }
            }
        },
        TicketState::Left { .. } => html! {
            (slip(label, &view.ticket.group_name))
            div.card { h2 { "这个号取消了" } p { "还要办事，请在自助机上重新取号。" } }
        },
        TicketState::Lapsed => html! {
            (slip(label, &view.ticket.group_name))
            div.card { h2 { "这张号票过期了" } p { "号票只在当天有用。还要办事，请重新取号。" } }
        },
    }
}

fn slip(label: &str, group_name: &str) -> Markup {
    html! {
        div.card.slip {
            p.soft { "您的号" }
            div.number.lane[label.len() > 5] { (label) }
            p { (group_name) }
        }
    }
}

fn waiting(view: &PhoneTicketView, label: &str) -> Markup {
    let ticket = &view.ticket;
    html! {
        (slip(label, &ticket.group_name))
        div.card {
            dl {
                dt { "前面还有" } dd { b { (ticket.people_ahead) " 人" } }
                dt { "大概要等" } dd { b { (ticket.wait.text()) } }
            }
            p.soft { "时间是估计的。请留在大厅里。叫到您时这一页会变黄，大屏上也有。" }
        }
        @if !ticket.called_now.is_empty() {
            div.card {
                h2 { "现在叫到" }
                dl {
                    @for (window, label) in &ticket.called_now {
                        dt { (window) " 号窗口" } dd { b { (label) } }
                    }
                }
            }
        }
        (cancel(view))
    }
}

/// Asks once more: a number that is given up is gone.
fn cancel(view: &PhoneTicketView) -> Markup {
    cancel_card(
        (&view.address, &view.form_token),
        "不办了，取消这个号",
        "取消后这个号就没有了，再要办事得重新取号。",
    )
}

/// What is unfolded to give something up, so that one touch alone does not.
pub(crate) fn cancel_card(
    (address, form_token): (&str, &FormToken),
    summary: &str,
    warning: &str,
) -> Markup {
    html! {
        details.card {
            summary { (summary) }
            p { (warning) }
            form method="post" action=(format!("{address}/cancel")) {
                (form_token.field())
                button.danger { "确定取消" }
            }
        }
    }
}

fn called(label: &str, window: WindowNo) -> Markup {
    html! {
        div.card.slip.calling role="alert" {
            p { "叫到您了" }
            div.number.lane[label.len() > 5] { (label) }
            p.where { "请到 " (window) " 号窗口" }
        }
        div.card { p { "请带好材料，现在就过去。" } }
    }
}

fn thanks(label: &str) -> Markup {
    html! {
        div.card.slip { h1 { "谢谢您，记下了" } p { (label) " 号的评价已经收到。" } }
        div.card { p { "这次的事已经办结。您可以关掉这一页了。" } }
        p { a href="/" { "回首页" } }
    }
}

fn score_form(view: &PhoneTicketView, label: &str, window: WindowNo) -> Markup {
    html! {
        h1 { "这件事办得怎么样？" }
        p.soft { (label) " 号，" (window) " 号窗口，" (view.ticket.group_name) "。不用写名字。" }
        form.stack method="post" action=(view.address) {
            (view.form_token.field())
            fieldset.faces {
                legend.skip { "选一个" }
                @for level in Level::ALL {
                    label {
                        input type="radio" name="level" value=(u8::from(level)) required;
                        (icon(face(level))) (level.text())
                    }
                }
            }
            details.card {
                summary { "哪里不满意？可不填，可多选" }
                div.reasons {
                    @for reason in &view.reasons {
                        label {
                            input type="checkbox" name="reason" value=(reason.code);
                            (reason.name)
                        }
                    }
                }
            }
            button.primary { "提交" }
        }
        p.soft { "只能打一次分。这次不想打分，关掉这一页就行。" }
    }
}

fn face(level: Level) -> Icon {
    match level {
        Level::VeryGood => Icon::Face5,
        Level::Good => Icon::Face4,
        Level::Fair => Icon::Face3,
        Level::Bad => Icon::Face2,
        Level::VeryBad => Icon::Face1,
    }
}

/// The page of a token that leads nowhere.
pub(crate) fn unknown_ticket_page(site: &Site) -> Markup {
    let content = html! {
        div.card {
            h1 { "没找到这张号票" }
            p { "请再扫一次号票上的码。刚取的号要等几秒；没连上网的自助机出的号要等它连上。" }
            p { "还是不行，请看大屏，或问工作人员。" }
        }
        p { a href="/" { "回首页" } }
    };
    public_page(site, "没找到这张号票", None, &content)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::fixtures;

    fn page(state: TicketState, is_scored: bool) -> String {
        ticket_page(&fixtures::phone_ticket(state, is_scored), None).into_string()
    }

    fn done() -> TicketState {
        TicketState::Done {
            window: WindowNo::new(3).unwrap(),
            at: fixtures::NOW,
        }
    }

    #[test]
    fn five_scores_are_equal_and_none_is_chosen() {
        let page = page(done(), false);
        assert_eq!(page.matches("type=\"radio\"").count(), 5);
        assert!(!page.contains("checked"));
        assert!(
            !page.contains("http-equiv=\"refresh\""),
            "a refresh would wipe the choice"
        );
    }

    #[test]
    fn thanks_are_said_only_for_a_score_that_is_read_back() {
        assert!(page(done(), true).contains("谢谢您，记下了"));
        assert!(!page(done(), false).contains("谢谢您，记下了"));
    }

    #[test]
    fn a_call_names_the_window() {
        let window = WindowNo::new(3).unwrap();
        let called = TicketState::Called {
            window,
            at: fixtures::NOW,
            times: 1,
        };
        assert!(page(called, false).contains("请到 3 号窗口"));
    }
}
