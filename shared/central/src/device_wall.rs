//! The device wall: every machine with its line, its backlog and its pictures, and what staff may
//! do to it.

use domain::id::DeviceId;
use domain::time::UtcMs;
use wire::api::DeviceKind;
use wire::event::{DeviceRevoked, Event};
use wire::problem::Problem;

use crate::app_state::{AppState, not_found};
use crate::fleet::words::waiting_text;
use crate::fleet::{DeviceState, Reach};
use crate::overview::{DeviceLine, ScreenLine};
use crate::staff::{HelpCitizens, RevokeDevices, Staff, acts};
use crate::store::{DeviceRecord, Standing};

pub(crate) async fn devices(app: &AppState) -> Result<Vec<DeviceLine>, Problem> {
    let live = app.inner.store.live();
    let ids: Vec<DeviceId> = live.devices.keys().copied().collect();
    let pushes = app.inner.store.read(move |reader| {
        ids.into_iter()
            .map(|id| Ok(reader.contact(id)?.map(|c| c.last_push_at)))
            .collect()
    });
    let pushes: Vec<Option<UtcMs>> = pushes.await?;
    let records = live.devices.values().zip(pushes);
    let mut lines: Vec<DeviceLine> = records
        .map(|(record, pushed)| line(app, record, pushed))
        .collect();
    lines.sort_by(|a, b| (a.is_revoked, a.kind, &a.name).cmp(&(b.is_revoked, b.kind, &b.name)));
    Ok(lines)
}

fn line(app: &AppState, record: &DeviceRecord, pushed: Option<UtcMs>) -> DeviceLine {
    let now = app.now();
    let last_seen = app.inner.door.last_seen(record.device).or(pushed);
    let offline_ms = app.inner.in_force.now().device_offline_ms;
    let is_online = last_seen.is_some_and(|at| now.ms_since(at) < offline_ms);
    let reach = Reach::Itself(last_seen);
    let state = DeviceState::of(record.standing, None, reach, offline_ms, now);
    let screens = app.inner.screens.lines_of(record.device);
    DeviceLine {
        device: record.device,
        name: record.name.clone(),
        kind: record.kind,
        hall: record.hall,
        is_revoked: record.standing == Standing::Revoked,
        last_seen,
        is_online,
        status_text: status_text(state, &screens, now),
        screens,
        help: app.inner.help.line_of(record.device, now),
    }
}

fn status_text(state: DeviceState, screens: &[ScreenLine], now: UtcMs) -> String {
    let line = state.text(now);
    let backlog = screens.iter().map(|screen| screen.state.backlog).max();
    match (state, backlog) {
        (DeviceState::Online | DeviceState::Offline(_), Some(waiting)) => {
            format!("{line}，{}", waiting_text(waiting, None, now))
        }
        _ => line,
    }
}

pub(crate) async fn ask_help(
    app: &AppState,
    device: DeviceId,
    by: &Staff<HelpCitizens>,
) -> Result<u64, Problem> {
    let live = app.inner.store.live();
    let is_kiosk = live.devices.get(&device).is_some_and(|record| {
        record.standing == Standing::Good
            && record.hall == by.hall
            && matches!(record.kind, DeviceKind::HallKiosk { .. })
    });
    if !is_kiosk {
        return Err(not_found("没有这台机器，或者它不能远程帮忙。"));
    }
    let session = app.inner.help.ask(device, by.staff, &by.name, app.now())?;
    app.record(by.acted(acts::ASKED_TO_HELP, device.to_string()))
        .await?;
    Ok(session)
}

pub(crate) async fn revoke(
    app: &AppState,
    device: DeviceId,
    by: &Staff<RevokeDevices>,
) -> Result<(), Problem> {
    if !app.inner.store.live().devices.contains_key(&device) {
        return Err(not_found("没有这台设备。"));
    }
    let revoked = DeviceRevoked {
        device,
        by: by.staff,
    };
    let (acted, now) = (
        by.acted(acts::REVOKED_DEVICE, device.to_string()),
        app.now(),
    );
    let written = app.inner.store.write(move |write| {
        write.append(&Event::DeviceRevoked(revoked), now)?;
        write.append(&acted, now)
    });
    Ok(written.await.map(drop)?)
}
