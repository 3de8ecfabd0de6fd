//! The own appointment on a citizen's phone, opened by the secret token of its confirmation: when
//! to be there and where, and giving the place back, asked twice. Once its holder has checked in,
//! the same address shows the ticket. Nothing personal is known here or shown.

use domain::time::{UtcMs, month_day_text, weekday_text};
use maud::{Markup, html};

use super::frame::{Live, QUEUE_STREAM, Said, Site, public_page, said};
use super::guard::FormToken;
use super::ticket::cancel_card;
use crate::overview::{AppointmentPage, AppointmentState};

/// What the page shows.
#[derive(Debug, Clone)]
pub(crate) struct PhoneAppointmentView {
    /// Where.
    pub(crate) site: Site,
    /// The address of the page: `/t/…`.
    pub(crate) address: String,
    /// What the form that cancels carries.
    pub(crate) form_token: FormToken,
    /// The appointment.
    pub(crate) appointment: AppointmentPage,
}

/// The page.
pub(crate) fn appointment_page(view: &PhoneAppointmentView, notice: Option<&Said>) -> Markup {
    let live = Live {
        page: view.address.clone(),
        stream: QUEUE_STREAM,
        seconds_without_script: Some(10),
    };
    let may_still_change = view.appointment.state == AppointmentState::Kept;
    let content = html! {
        (said(notice))
        div.stack #ticket data-live { (state(view)) }
    };
    public_page(
        &view.site,
        "我的预约",
        may_still_change.then_some(&live),
        &content,
    )
}

fn state(view: &PhoneAppointmentView) -> Markup {
    let appointment = &view.appointment;
    match appointment.state {
        AppointmentState::Kept => html! {
            (time(appointment))
            (when_to_come(view))
            (cancel(view))
        },
        AppointmentState::GivenUp => html! {
            (time(appointment))
            div.card {
                h2 { "这个预约取消了" }
                p { "还要办事，请在大厅的自助机上再约一个时间，或者直接取号。" }
            }
        },
        AppointmentState::Over => html! {
            (time(appointment))
            div.card {
                h2 { "约的时间过了" }
                p { "没有签到，位子已经让给别人。来了请在自助机上直接取号。" }
            }
        },
    }
}

fn time(appointment: &AppointmentPage) -> Markup {
    let starts_at = appointment.starts_at;
    html! {
        div.card.slip {
            p.soft { "您约的时间" }
            p { b { (day_text(starts_at)) } }
            div.number { (starts_at.clock_text()) }
            p { (appointment.group_name) }
        }
    }
}

fn day_text(at: UtcMs) -> String {
    let day = at.hall_date();
    format!("{} {}", month_day_text(day), weekday_text(day))
}

fn when_to_come(view: &PhoneAppointmentView) -> Markup {
    let appointment = &view.appointment;
    html! {
        div.card {
            h2 { "几点来？" }
            dl {
                dt { "最早签到" } dd { b { (appointment.from.clock_text()) } }
                dt { "最晚签到" } dd { b { (appointment.until.clock_text()) } }
                dt { "在哪里" } dd { b { (view.site.station_name) } }
            }
            p { "到了以后，在大厅自助机上点“预约签到”，再输入约的时候给您的 4 个数。签到后先叫您。" }
            p.soft { "过了最晚的时间，位子让给别人，您可以取普通号。" }
        }
    }
}

/// Asks once more: the place goes to somebody else.
fn cancel(view: &PhoneAppointmentView) -> Markup {
    cancel_card(
        (&view.address, &view.form_token),
        "不来了，取消预约",
        "取消后这个时间就让给别人了，再要来得重新约。",
    )
}

#[cfg(test)]
pub(crate) fn example(state: AppointmentState) -> PhoneAppointmentView {
    use super::fixtures;
    let starts_at = fixtures::NOW.plus_minutes(24 * 60);
    PhoneAppointmentView {
        site: fixtures::site(),
        address: "/t/0123456789abcdef".into(),
        form_token: FormToken::of("0123456789abcdef"),
        appointment: AppointmentPage {
            group_name: "找工作、就业登记".into(),
            starts_at,
            from: starts_at.plus_minutes(-15),
            until: starts_at.plus_minutes(15),
            state,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(state: AppointmentState) -> String {
        appointment_page(&example(state), None).into_string()
    }

    #[test]
    fn a_kept_appointment_says_when_to_come_and_can_be_cancelled() {
        let kept = page(AppointmentState::Kept);
        let view = example(AppointmentState::Kept).appointment;
        for at in [view.starts_at, view.from, view.until] {
            assert!(kept.contains(&at.clock_text()));
        }
        assert!(kept.contains("确定取消"));
    }

    #[test]
    fn what_is_over_or_given_up_says_what_to_do_and_cancels_nothing() {
        for state in [AppointmentState::GivenUp, AppointmentState::Over] {
            let page = page(state);
            assert!(page.contains("直接取号") && !page.contains("确定取消"));
        }
    }
}
