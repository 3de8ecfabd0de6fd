//! stub
use super::Inputs;
use crate::app::event::Surroundings;
use crate::app::jobs::Jobs;
use crate::app::kiosk::Kiosk;
use crate::ui::KioskWindow;
#[derive(Debug, Clone, PartialEq)]
pub(super) struct JobsView;
pub(super) fn connect(_: &KioskWindow, _: &Inputs) {}
pub(super) fn view(_: &Jobs, _: &Kiosk, _: &Surroundings) -> JobsView { JobsView }
pub(super) fn set(_: &KioskWindow, _: &JobsView, _: Option<&JobsView>) {}
