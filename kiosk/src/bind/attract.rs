//! The glass without anybody ↔ `Attract`.

use slint::ComponentHandle;

use super::{number, rows};
use crate::ui::{Attract, KioskWindow};
use crate::view_model::attract::AttractView;

pub(super) fn set(window: &KioskWindow, view: &AttractView) {
    let attract = window.global::<Attract<'_>>();
    attract.set_resting(view.is_resting);
    attract.set_headline(view.headline.as_str().into());
    attract.set_count_text(view.count_text.as_str().into());
    attract.set_count(number(view.count));
    attract.set_current(number(view.current));
    attract.set_tag(view.card.tag.as_str().into());
    attract.set_title(view.card.title.as_str().into());
    attract.set_under(view.card.under.as_str().into());
    attract.set_is_pay(view.card.is_pay);
    attract.set_facts(rows(&view.card.facts));
    attract.set_invite(view.invite.into());
    attract.set_shift(view.shift.into());
}
