//! The two ways in which the manager speaks to the whole hall: a text that was approved beforehand,
//! at once, which stays above the page until it is ended, and one of his own, which waits for
//! approval.

use maud::{Markup, html};

use super::{HALL_PATH, HallView};
use crate::pages::boards::{clear_form, cleared_line, only_of};
use crate::pages::frame::Desk;

/// The emergency that everybody in the hall is told of now, above all else, and its end.
pub(super) fn running(desk: &Desk, view: &HallView) -> Markup {
    html! {
        @if let Some(running) = &view.emergency {
            div.say role="alert" {
                form.row method="post" action=(format!("{HALL_PATH}/emergency-end")) {
                    (desk.form_token.field())
                    input type="hidden" name="emergency" value=(running.emergency);
                    span.tag.stop { "应急，" (running.now.since.clock_text()) " 起" }
                    b { (running.now.title) }
                    span { "大屏、自助机和叫号屏都在放。" }
                    @if view.may_run { button.danger.small.push { "马上撤下" } }
                }
            }
        }
    }
}

/// Everything that was published is off the boards here.
pub(super) fn cleared(desk: &Desk, view: &HallView) -> Markup {
    html! {
        div #boards-cleared data-live {
            @if let Some(hall) = &view.boards { (cleared_line(desk, hall)) }
        }
    }
}

/// The forms.
pub(super) fn forms(desk: &Desk, view: &HallView) -> Markup {
    html! {
        h2 { "全厅通知" }
        div.pad.stack {
            details {
                summary { "应急：马上上屏" }
                form.stack method="post" action=(format!("{HALL_PATH}/emergency")) {
                    (desk.form_token.field())
                    // inside, because a link to what is folded unfolds it
                    p #announce .soft { "这几条事先审过，点了马上播，大屏和自助机都放它，断网也能播。您撤下才停；撤下后请补交审批单。" }
                    div { @for text in view.emergency_texts { label {
                        input type="radio" name="text" value=(text.id) required;
                        " " b { (text.title) } " " span.soft { (text.body) }
                    } br; } }
                    button.danger { "马上上屏" }
                }
            }
            details {
                summary { "普通通知：写好送审" }
                form.stack method="post" action=(format!("{HALL_PATH}/announce")) {
                    (desk.form_token.field())
                    div.field {
                        label for="title" { "标题（屏上两行，最多 24 个字）" }
                        input #title name="title" required minlength="2" maxlength="24" size="40"
                            autocomplete="off";
                    }
                    div.field {
                        label for="body" { "正文（不要写证件号、手机号）" }
                        textarea #body name="body" required maxlength="500" rows="3" {}
                    }
                    div.field {
                        label for="last_day" { "播到哪天" }
                        input #last_day type="date" name="last_day" required
                            value=(view.today) min=(view.today);
                    }
                    button { "送审" }
                }
            }
            @if let Some(hall) = view.boards.as_ref().filter(|hall| hall.may_clear && hall.cleared.is_none()) {
                (clear_form(desk, &only_of(&hall.hall)))
            }
            a href="/staff/records/led_publication" { "看在播的和在审的" }
        }
    }
}
