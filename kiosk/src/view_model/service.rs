//! The service page in words.

use crate::app::service::{CELLS_ACROSS, MachineSeen, ServiceDesk, Stage, Typing};
use crate::ui::ServiceView;

/// The page.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceDeskView {
    /// What it shows.
    pub stage: ServiceView,
    /// The title.
    pub title: &'static str,
    /// What has been typed: dots, or groups of four digits.
    pub typed: String,
    /// What was answered, or what to do.
    pub note: String,
    /// The word on the button.
    pub submit: &'static str,
    /// Whether digits are taken.
    pub can_type: bool,
    /// Whether there are enough of them.
    pub can_submit: bool,
    /// The machine.
    pub machine: MachineSeen,
    /// Cells of the glass.
    pub cells: Vec<bool>,
    /// Cells beside each other.
    pub cells_across: usize,
}

/// The page now.
#[must_use]
pub fn view(desk: &ServiceDesk) -> ServiceDeskView {
    let mut view = ServiceDeskView {
        stage: ServiceView::Checks,
        title: "机器情况",
        typed: String::new(),
        note: String::new(),
        submit: "确定",
        can_type: false,
        can_submit: desk.can_submit(),
        machine: desk.machine.clone(),
        cells: Vec::new(),
        cells_across: CELLS_ACROSS,
    };
    match &desk.stage {
        Stage::Pin(typing) => {
            view.stage = ServiceView::Pin;
            view.title = "维护密码";
            view.typed = "●".repeat(typing.count());
            type_into(&mut view, typing, "请输入维护密码，6 到 12 个数字。");
        }
        Stage::Checks => {}
        Stage::Glass(cells) => {
            view.stage = ServiceView::Glass;
            view.title = "试触摸";
            view.cells.clone_from(cells);
        }
        Stage::Reports => {
            view.stage = ServiceView::Reports;
            view.title = "最近的故障";
            if view.machine.reports.is_empty() {
                view.machine.reports = vec!["最近没有故障。".to_owned()];
            }
        }
        Stage::Enrol(typing) => {
            view.stage = ServiceView::Enrol;
            view.title = "重新登记";
            view.typed = grouped(typing.text());
            view.submit = "登记";
            let what = "请输入管理员给的 8 位登记码。这台机器会当作新机器重新开始，旧的记录收在数据文件夹里。";
            type_into(&mut view, typing, what);
        }
    }
    view
}

fn type_into(view: &mut ServiceDeskView, typing: &Typing, what: &str) {
    view.can_type = !typing.is_asking;
    view.note = match &typing.note {
        _ if typing.is_asking => "正在核对，请等一下。".to_owned(),
        Some(note) => note.clone(),
        None => what.to_owned(),
    };
}

/// `1234 5678`
fn grouped(digits: &str) -> String {
    match digits.split_at_checked(4) {
        Some((first, rest)) if !rest.is_empty() => format!("{first} {rest}"),
        _ => digits.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::app::event::ServiceTouch;
    use crate::app::service::PinAnswer;

    #[test]
    fn a_pin_is_shown_as_dots_only() {
        let mut desk = ServiceDesk::new(Duration::ZERO);
        for digit in [4, 7, 1] {
            desk.touched(ServiceTouch::Digit(digit), Duration::ZERO);
        }
        let view = view(&desk);
        assert_eq!(view.typed, "●●●");
        assert!(!format!("{view:?}").contains("471"));
    }

    #[test]
    fn a_machine_without_a_pin_says_what_to_do() {
        let mut desk = ServiceDesk::new(Duration::ZERO);
        desk.pin_checked(PinAnswer::NotSet);
        assert!(view(&desk).note.contains("没有设维护密码"));
    }

    #[test]
    fn an_enrolment_code_is_read_in_two_groups() {
        assert_eq!(grouped("1234"), "1234");
        assert_eq!(grouped("12345678"), "1234 5678");
    }
}
