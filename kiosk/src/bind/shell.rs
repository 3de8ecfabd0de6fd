//! Frame of every page ↔ `Shell` and `Theme`.

use slint::ComponentHandle;

use super::{Input, Inputs};
use crate::app::event::Touch;
use crate::app::papers::PaperTouch;
use crate::ui::{KioskWindow, Shell, Theme};
use crate::view_model::shell::ShellView;

pub(super) fn connect(window: &KioskWindow, inputs: &Inputs) {
    let shell = window.global::<Shell<'_>>();
    let send = |touch: Touch| {
        let inputs = inputs.clone();
        move || inputs(Input::Touch(touch.clone()))
    };
    let touched = inputs.clone();
    shell.on_touched(move || touched(Input::Touched));
    shell.on_back(send(Touch::Back));
    shell.on_home(send(Touch::Home));
    shell.on_call_help(send(Touch::CallHelp));
    shell.on_toggle_scale(send(Touch::ToggleScale));
    shell.on_toggle_elderly(send(Touch::ToggleElderly));
    shell.on_toggle_low_reach(send(Touch::ToggleLowReach));
    shell.on_toggle_contrast(send(Touch::ToggleContrast));
    shell.on_toggle_reading(send(Touch::ToggleReading));
    shell.on_mark_touched(send(Touch::Mark));
    let keys = inputs.clone();
    shell.on_key(move |text| text.chars().for_each(|key| keys(Input::Key(key))));
    shell.on_timeout_stay(send(Touch::Stay));
    shell.on_timeout_leave(send(Touch::Leave));
    shell.on_paper_first_chosen(send(Touch::Paper(PaperTouch::First)));
    shell.on_paper_second_chosen(send(Touch::Paper(PaperTouch::Second)));
    shell.on_remote_allow(send(Touch::AllowRemote));
    shell.on_remote_refuse(send(Touch::RefuseRemote));
    shell.on_remote_stop(send(Touch::StopRemote));
}

pub(super) fn set(window: &KioskWindow, view: &ShellView) {
    let theme = window.global::<Theme<'_>>();
    theme.set_kind(view.theme);
    theme.set_scale(view.scale);
    theme.set_low_reach(view.is_low_reach);
    theme.set_terminal(view.is_terminal);
    let shell = window.global::<Shell<'_>>();
    shell.set_can_read(view.can_read);
    shell.set_reading(view.reads_aloud);
    shell.set_place(view.place.as_str().into());
    shell.set_site(view.site.as_str().into());
    shell.set_date_text(view.date.as_str().into());
    shell.set_weekday_text(view.weekday.as_str().into());
    shell.set_clock_text(view.clock.as_str().into());
    shell.set_emergency(view.emergency.is_some());
    shell.set_emergency_text(view.emergency.as_deref().unwrap_or_default().into());
    shell.set_offline(view.offline.is_some());
    shell.set_offline_text(view.offline.as_deref().unwrap_or_default().into());
    shell.set_help(view.help);
    shell.set_help_text(view.help_text.into());
    shell.set_note(view.note.is_some());
    shell.set_note_text(view.note.unwrap_or_default().into());
    set_paper(&shell, view);
    set_remote(&shell, view);
    let timeout = view.timeout.as_ref();
    shell.set_timeout_seconds(timeout.map_or(0, |it| i32::try_from(it.seconds).unwrap_or(0)));
    shell.set_timeout_left(timeout.map_or(0.0, |it| it.left));
    shell.set_timeout_text("没人点的话，会清掉您看的内容，回到首页".into());
    shell.set_timeout_shown(timeout.is_some());
    shell.set_page(view.page);
}

fn set_paper(shell: &Shell<'_>, view: &ShellView) {
    if let Some(paper) = &view.paper {
        shell.set_paper_title(paper.title.into());
        shell.set_paper_text(paper.text.as_str().into());
        shell.set_paper_first(paper.first.into());
        shell.set_paper_second(paper.second.into());
    }
    shell.set_paper_asked(view.paper.is_some());
}

fn set_remote(shell: &Shell<'_>, view: &ShellView) {
    let name = &view.staff_name;
    shell.set_remote_ask_title("让工作人员帮您点吗？".into());
    let ask = format!("工作人员{name}会看到这块屏幕，也能替您点。随时可以停。");
    shell.set_remote_ask_text(ask.into());
    shell.set_remote_text(format!("工作人员{name}正在帮您").into());
    shell.set_remote(view.remote);
}
