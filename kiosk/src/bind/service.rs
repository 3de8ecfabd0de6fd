//! The service page ↔ `ServiceDesk`.

use slint::{ComponentHandle, SharedString};

use super::{Input, Inputs, index, number, rows};
use crate::app::event::{ServiceTouch, Touch};
use crate::ui::{CheckRow, KioskWindow, ServiceDesk};
use crate::view_model::service::ServiceDeskView;

pub(super) fn connect(window: &KioskWindow, inputs: &Inputs) {
    let desk = window.global::<ServiceDesk<'_>>();
    let send = |touch: ServiceTouch| {
        let inputs = inputs.clone();
        move || inputs(Input::Touch(Touch::Service(touch)))
    };
    desk.on_erase(send(ServiceTouch::Erase));
    desk.on_clear(send(ServiceTouch::Clear));
    desk.on_submit(send(ServiceTouch::Submit));
    desk.on_leave(send(ServiceTouch::Leave));
    desk.on_show_checks(send(ServiceTouch::Checks));
    desk.on_show_glass(send(ServiceTouch::Glass));
    desk.on_show_reports(send(ServiceTouch::Reports));
    desk.on_show_enrol(send(ServiceTouch::Enrol));
    desk.on_print_test(send(ServiceTouch::PrintTest));
    desk.on_test_devices(send(ServiceTouch::TestDevices));
    desk.on_restart(send(ServiceTouch::Restart));
    let digits = inputs.clone();
    desk.on_digit(move |digit| {
        let digit = u8::try_from(digit).unwrap_or(u8::MAX);
        digits(Input::Touch(Touch::Service(ServiceTouch::Digit(digit))));
    });
    let inputs = inputs.clone();
    desk.on_cell_touched(move |cell| {
        inputs(Input::Touch(Touch::Service(ServiceTouch::Cell(index(
            cell,
        )))));
    });
}

pub(super) fn set(window: &KioskWindow, view: &ServiceDeskView) {
    let desk = window.global::<ServiceDesk<'_>>();
    desk.set_title(view.title.into());
    desk.set_typed(view.typed.as_str().into());
    desk.set_note(view.note.as_str().into());
    desk.set_submit_text(view.submit.into());
    desk.set_can_type(view.can_type);
    desk.set_can_submit(view.can_submit);
    let checks = view.machine.checks.iter().map(|check| CheckRow {
        name: check.name.as_str().into(),
        words: check.words.as_str().into(),
        well: check.is_well,
    });
    desk.set_checks(rows(&checks.collect::<Vec<_>>()));
    let reports = view.machine.reports.iter().map(SharedString::from);
    desk.set_reports(rows(&reports.collect::<Vec<_>>()));
    desk.set_cells(rows(&view.cells));
    desk.set_cells_across(number(view.cells_across));
    desk.set_can_print(view.machine.can_print);
    desk.set_view(view.stage);
}
