//! Remote help at one kiosk: ask, wait for the citizen, touch, stop. A touch is a click on the
//! picture; the picture is the submit button of a form, so that it works without a script too.

use domain::id::DeviceId;
use maud::{Markup, html};

use super::view::Picture;
use crate::pages::frame::Desk;

/// Room for the large picture, px.
const SHOWN_WIDTH_MAX: u32 = 300;
/// See [`SHOWN_WIDTH_MAX`].
const SHOWN_HEIGHT_MAX: u32 = 440;

/// The panel of one kiosk.
#[derive(Debug, Clone)]
pub(crate) struct HelpPanel {
    /// The kiosk.
    pub(crate) device: DeviceId,
    /// Its name.
    pub(crate) name: String,
    /// Its screen.
    pub(crate) picture: Option<Picture>,
    /// Whether a citizen is there.
    pub(crate) is_in_use: bool,
    /// Where the help stands.
    pub(crate) stage: HelpStage,
}

/// Where help stands for the person who looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum HelpStage {
    /// The kiosk cannot be reached.
    OffLine,
    /// Nobody asked.
    NotAsked,
    /// The citizen is being asked.
    Asking {
        /// The session.
        session: u64,
    },
    /// Touches are taken.
    Active {
        /// The session.
        session: u64,
    },
    /// The citizen said no or did not answer.
    Declined,
    /// This other person helps there.
    SomebodyElse(String),
}

/// Where a click on a picture of `shown` px lies, in thousandths; `None` for what is no click of
/// a mouse (a form sent by the keyboard has 0, 0) or lies outside.
pub(crate) fn touched_per_mille(at: (u32, u32), shown: (u32, u32)) -> Option<(u16, u16)> {
    let share = |at: u32, whole: u32| {
        let per_mille = (u64::from(at) * 1_000).checked_div(u64::from(whole))?;
        u16::try_from(per_mille)
            .ok()
            .filter(|per_mille| *per_mille <= 1_000)
    };
    (at != (0, 0)).then_some(())?;
    Some((share(at.0, shown.0)?, share(at.1, shown.1)?))
}

/// The size in which a picture is shown: as large as there is room, in its own proportion.
fn shown_size(picture: &Picture) -> (u32, u32) {
    let (width, height) = (
        u64::from(picture.width.max(1)),
        u64::from(picture.height.max(1)),
    );
    let by_width = (
        u64::from(SHOWN_WIDTH_MAX),
        u64::from(SHOWN_WIDTH_MAX) * height / width,
    );
    let by_height = (
        u64::from(SHOWN_HEIGHT_MAX) * width / height,
        u64::from(SHOWN_HEIGHT_MAX),
    );
    let (width, height) = if by_width.1 <= u64::from(SHOWN_HEIGHT_MAX) {
        by_width
    } else {
        by_height
    };
    let px = |side: u64| u32::try_from(side).unwrap_or(SHOWN_WIDTH_MAX).max(1);
    (px(width), px(height))
}

pub(super) fn panel(desk: &Desk, panel: &HelpPanel) -> Markup {
    html! {
        div.head.row { h2 { (panel.name) } a.push href="/staff/devices" { "关上" } }
        div.pad.stack {
            @match &panel.stage {
                HelpStage::Active { session } => (touching(desk, panel, *session)),
                _ => (looking(panel)),
            }
            (next_act(desk, panel))
        }
    }
}

fn looking(panel: &HelpPanel) -> Markup {
    html! {
        @if let Some(picture) = &panel.picture {
            @let (width, height) = shown_size(picture);
            img.live src=(picture.address) width=(width) height=(height)
                alt=(format!("{}现在的画面", panel.name));
        } @else {
            p.soft { "还没有画面。机器连上后几秒就有。" }
        }
    }
}

fn touching(desk: &Desk, panel: &HelpPanel, session: u64) -> Markup {
    html! {
        p.say { "点画面就是点那台机器。" }
        @if let Some(picture) = &panel.picture {
            @let (width, height) = shown_size(picture);
            form method="post" action=(act_path(panel.device, "touch")) data-touch {
                (session_fields(desk, session))
                input type="hidden" name="shown_width" value=(width);
                input type="hidden" name="shown_height" value=(height);
                input.live.touching type="image" name="at" src=(picture.address) width=(width)
                    height=(height) alt=(format!("{}现在的画面，点哪里就是点那台机器的哪里", panel.name));
            }
        } @else {
            p.soft { "还没有画面，现在点不了。" }
        }
    }
}

fn act_path(device: DeviceId, act: &str) -> String {
    format!("/staff/devices/{device}/{act}")
}

fn session_fields(desk: &Desk, session: u64) -> Markup {
    html! {
        (desk.form_token.field())
        input type="hidden" name="session" value=(session);
    }
}

fn next_act(desk: &Desk, panel: &HelpPanel) -> Markup {
    match &panel.stage {
        HelpStage::OffLine => html! {
            p.say { "这台机器没连上，现在帮不了。取号照常，连上后自己补传。请到机器旁看网线和电源。" }
        },
        HelpStage::NotAsked => html! { (ask(desk, panel)) },
        HelpStage::Declined => html! {
            p.say { "他没有同意，或没有回答。请走过去问问他。" }
            (ask(desk, panel))
        },
        HelpStage::SomebodyElse(name) => html! {
            p.say { (name) "正在帮这台机器，一台机器只能一个人帮。" }
        },
        HelpStage::Asking { session } => html! {
            p.say role="status" { "正在等他同意。机器上已经问了：“工作人员" (desk.staff_name) "想帮您操作，可以吗？”" }
            (stop(desk, panel, *session, "不等了"))
        },
        HelpStage::Active { session } => html! {
            (stop(desk, panel, *session, "不帮了"))
            p.soft {
                "机器上会一直显示您的名字，他随时可以停。打分页和有个人信息的页面看不到，也点不了。"
            }
        },
    }
}

fn ask(desk: &Desk, panel: &HelpPanel) -> Markup {
    html! {
        form method="post" action=(act_path(panel.device, "help")) {
            (desk.form_token.field())
            button.primary { "帮忙" }
        }
        p.soft {
            @if panel.is_in_use {
                "现在有人在用。机器会先问他愿不愿意，他点“可以”以后您才能操作。"
            } @else {
                "现在没人用，可以直接操作。机器上会一直显示您的名字。"
            }
        }
    }
}

fn stop(desk: &Desk, panel: &HelpPanel, session: u64, words: &str) -> Markup {
    html! {
        form method="post" action=(act_path(panel.device, "stop")) {
            (session_fields(desk, session))
            button.danger { (words) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_click_is_taken_in_thousandths_and_a_key_is_no_click() {
        assert_eq!(touched_per_mille((150, 250), (300, 500)), Some((500, 500)));
        assert_eq!(
            touched_per_mille((300, 500), (300, 500)),
            Some((1_000, 1_000))
        );
        assert_eq!(touched_per_mille((0, 0), (300, 500)), None);
        assert_eq!(touched_per_mille((301, 1), (300, 500)), None);
        assert_eq!(touched_per_mille((1, 1), (0, 0)), None);
        assert_eq!(touched_per_mille((u32::MAX, 1), (1, 500)), None);
    }

    #[test]
    fn a_picture_keeps_its_proportion() {
        let of = |width, height| {
            shown_size(&Picture {
                address: String::new(),
                width,
                height,
            })
        };
        assert_eq!(of(1_080, 1_920), (247, 440));
        assert_eq!(of(1_920, 1_080), (300, 168));
        assert_eq!(of(0, 0), (300, 300));
    }
}
