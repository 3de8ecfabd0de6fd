//! What `kiosk run` needs before there is a window: who the machine is, its log, its line.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use domain::time::UtcMs;
use sync::address::{CentralAddress, PlainHttp};
use sync::client::{CallError, CentralClient};
use sync::device_clock::{Clock, DeviceClock};
use sync::enrolment::{EnrolmentError, load_or_enrol};
use sync::identity::DeviceIdentity;
use sync::log::DeviceLog;
use wire::api::{DeviceKind, Enrolled};
use wire::envelope;
use wire::event::Event;

use super::run::{Mode, RunOptions};
use super::say;
use crate::app::kiosk::{Station, StationKind};
use crate::app::lookup::OwnTickets;
use crate::app::worker::take_in_new_identity;

/// How long a first start waits for central.
const ENROL_WAIT: Duration = Duration::from_secs(30);
const ENROL_INTERVAL: Duration = Duration::from_secs(1);
/// Events looked through for this kiosk's own slips of today.
const OWN_EVENTS_MAX: u64 = 5_000;

/// A machine that is ready for its window.
pub(super) struct Started {
    pub(super) client: CentralClient,
    pub(super) log: DeviceLog,
    pub(super) own_tickets: OwnTickets,
    pub(super) station: Station,
    pub(super) clock: Clock,
    pub(super) central: CentralAddress,
}

/// The system's clock. Only binaries read it; everything below gets the device's, which begins
/// with it.
pub(super) fn system_clock() -> UtcMs {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    UtcMs(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

pub(super) fn start(options: &RunOptions, central: &str) -> Result<Started> {
    let was_enrolled_anew = take_in_new_identity(&options.data, system_clock());
    if was_enrolled_anew.context("新的登记换不上去")? {
        say("这台机器换上了新的登记，旧的文件收在数据文件夹的 before- 里。");
    }
    let central = &CentralAddress::of_device(
        central,
        &options.data,
        options.central_ca.as_deref(),
        PlainHttp::by_flag(options.allow_plain_http),
    )?;
    let identity = identity(options, central)?;
    let station = station(&identity.enrolled, options)?;
    let mut log = DeviceLog::open(&options.data.join("log.db")).context("日志打不开")?;
    log.adopt(identity.enrolled.device)
        .context("日志不是这台机器的")?;
    let clock = DeviceClock::new(system_clock(), log.last_at()).run();
    let own_tickets = own_tickets(&log, clock.now()).context("日志读不出来")?;
    let client = CentralClient::new(central, identity, clock.clone()).context("连不了中心服务")?;
    Ok(Started {
        client,
        log,
        own_tickets,
        station,
        clock,
        central: central.clone(),
    })
}

/// A first start asks until central answers: after a power cut both may be starting.
fn identity(options: &RunOptions, central: &CentralAddress) -> Result<DeviceIdentity> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let begun = Instant::now();
    let code = options.enrol_code.as_deref();
    loop {
        let enrolled = runtime.block_on(load_or_enrol(&options.data, central, code));
        match enrolled {
            Ok(identity) => return Ok(identity),
            Err(EnrolmentError::Call(CallError::Unreachable { .. }))
                if begun.elapsed() < ENROL_WAIT =>
            {
                say("中心服务还没应答，正在等。");
                std::thread::sleep(ENROL_INTERVAL);
            }
            Err(error) => bail!(error.advice()),
        }
    }
}

/// What the machine was enrolled as; the command line may only say the same.
fn station(enrolled: &Enrolled, options: &RunOptions) -> Result<Station> {
    let (kind, mode) = match (enrolled.kind, options.mode) {
        (DeviceKind::HallKiosk { lane }, _) => (StationKind::Hall { lane }, Mode::Hall),
        (DeviceKind::WindowTerminal { window }, _) => {
            (StationKind::Window { window }, Mode::Window)
        }
        // Said each time: the same code may have been meant for LED boards.
        (DeviceKind::DisplayDriver, Some(Mode::Display)) => (StationKind::Display, Mode::Display),
        (DeviceKind::DisplayDriver, _) => {
            bail!("登记码是给显示屏用的，这里要自助机的。要当叫号屏，请加 --mode display。")
        }
        (DeviceKind::HallNode, _) => bail!("登记码是给大厅节点用的，这里要自助机的。"),
    };
    if options.mode.is_some_and(|wanted| wanted != mode) {
        bail!("这台机器登记成了{}，和 --mode 不一样。", words(kind));
    }
    if let (Some(wanted), StationKind::Window { window }) = (options.window, kind)
        && wanted != window
    {
        bail!("这台机器登记在 {window} 号窗口，和 --window {wanted} 不一样。");
    }
    Ok(Station {
        hall: enrolled.hall,
        kind,
        name: enrolled.name.clone(),
        public_url: enrolled.public_url.clone(),
    })
}

fn words(kind: StationKind) -> String {
    match kind {
        StationKind::Hall { .. } => "大厅自助机".to_owned(),
        StationKind::Window { window } => format!("{window} 号窗口的评价器"),
        StationKind::Display => "叫号屏".to_owned(),
    }
}

/// The slips of today that this machine issued before it was started again.
fn own_tickets(log: &DeviceLog, now: UtcMs) -> Result<OwnTickets, sync::log::LogError> {
    let mut own = OwnTickets::default();
    let begin = log.checkpoint()?.map_or(0, |point| point.head.seq);
    let first = log.head().seq.saturating_sub(OWN_EVENTS_MAX).max(begin) + 1;
    let events_max = usize::try_from(OWN_EVENTS_MAX).unwrap_or(usize::MAX);
    for text in log.read_from(first, events_max, usize::MAX)? {
        let shown = envelope::read(&text)
            .ok()
            .and_then(|e| Event::read(&e.kind, &e.body).ok());
        let Some(Some(Event::TicketShown(shown))) = shown else {
            continue;
        };
        let issued = shown.issued;
        if issued.arrived_at.hall_date() == now.hall_date() {
            own.remember(&issued);
        }
    }
    Ok(own)
}
