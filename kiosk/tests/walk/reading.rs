//! Reading aloud: on every page what is read is what can be seen, from its title to the way out.

use kiosk::app::reading::PartKind;
use kiosk::platform::page_parts;
use kiosk::snapshot::{Look, Sheet};
use slint::ComponentHandle;

use super::glass::Glass;
use super::{PANELS, show, stage};

#[test]
fn every_page_is_read_from_its_title_to_the_way_out() {
    let stage = stage(Look::PORTRAIT);
    for (sheet, name) in Sheet::ALL {
        show(&stage, sheet, PANELS[0], Look::PORTRAIT);
        let parts = page_parts::parts(stage.window().window());
        let glass = Glass::of(&stage);
        let mut buttons: Vec<_> = parts
            .iter()
            .filter(|part| part.kind != PartKind::Words)
            .map(|part| part.words.clone())
            .collect();
        let mut seen: Vec<_> = glass.reachable().map(|it| it.label.clone()).collect();
        if glass.has_dialog {
            assert_eq!(
                parts[0].kind,
                PartKind::Words,
                "{name}: a dialog begins with its question"
            );
        }
        if buttons.iter().any(|it| it.starts_with("叫人")) {
            assert!(
                buttons.last().is_some_and(|last| last.starts_with("叫人")),
                "{name}: the way to a person comes last, as it lies at the bottom right"
            );
        }
        buttons.sort();
        seen.sort();
        assert_eq!(buttons, seen, "{name}: what can be touched is read once");
        assert!(!parts.is_empty(), "{name}: there is something to read");
    }
}

#[test]
fn the_start_page_is_read_in_the_order_in_which_it_lies() {
    let stage = stage(Look::PORTRAIT);
    show(&stage, Sheet::Home, PANELS[0], Look::PORTRAIT);
    let parts = page_parts::parts(stage.window().window());
    let place = |words: &str| {
        let found = parts.iter().position(|part| part.words == words);
        found.unwrap_or_else(|| panic!("{words} is not read: {parts:?}"))
    };
    let order = [
        "您想办什么事？",
        "找工作",
        "取号",
        "查政策",
        "评服务",
        "提意见",
        "读给我听",
    ];
    let places = order.map(place);
    assert!(places.is_sorted(), "{places:?}");
}
