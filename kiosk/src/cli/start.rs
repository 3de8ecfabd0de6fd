//! What `kiosk run` needs before there is a window: who the machine is, its log, its line.

use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use domain::time::UtcMs;
use sync::client::{CallError, CentralClient, enrol};
use sync::identity::{self, DeviceIdentity};
use sync::log::DeviceLog;
use wire::api::{DeviceKind, EnrolRequest, Enrolled};
use wire::envelope;
use wire::event::Event;
use wire::problem::ProblemCode;

use super::run::{Mode, RunOptions};
use super::say;
use crate::app::kiosk::{Station, StationKind};
use crate::app::lookup::OwnTickets;

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
}

/// The device's clock. Only binaries read it; everything below gets it as an argument.
pub(super) fn clock() -> UtcMs {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UtcMs(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

pub(super) fn start(options: &RunOptions, central: &str) -> Result<Started> {
    let identity = match identity::load(&options.data).context("这台机器的登记读不出来")? {
        Some(identity) => identity,
        None => enrol_now(options, central)?,
    };
    let station = station(&identity.enrolled, options)?;
    let mut log = DeviceLog::open(&options.data.join("log.db")).context("日志打不开")?;
    log.adopt(identity.enrolled.device).context("日志不是这台机器的")?;
    let own_tickets = own_tickets(&log, clock()).context("日志读不出来")?;
    let client = CentralClient::new(central, identity, clock).context("中心服务的网址不对")?;
    Ok(Started { client, log, own_tickets, station })
}

fn enrol_now(options: &RunOptions, central: &str) -> Result<DeviceIdentity> {
    let code = options.enrol_code.clone();
    let code = code.context("这台机器还没有登记。请向管理员要登记码，用 --enrol-code 写上。")?;
    let key = identity::load_or_draw_key(&options.data).context("密钥用不了")?;
    let request = EnrolRequest { code, public_key: key.public() };
    let enrolled = ask_to_enrol(central, &request)?;
    save(&options.data, &enrolled)?;
    Ok(DeviceIdentity { key, enrolled })
}

fn save(dir: &Path, enrolled: &Enrolled) -> Result<()> {
    identity::save_enrolment(dir, enrolled)
        .context("登记成功了，但存不下来。请腾出磁盘，再要一个新的登记码。")
}

/// Asks until central answers: after a power cut both may be starting.
fn ask_to_enrol(central: &str, request: &EnrolRequest) -> Result<Enrolled> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let begun = Instant::now();
    loop {
        match runtime.block_on(enrol(central, request)) {
            Ok(enrolled) => return Ok(enrolled),
            Err(error) if error.code() == Some(ProblemCode::EnrolmentCodeInvalid) => {
                bail!("登记码不对，或者已经用过了。请向管理员要一个新的。");
            }
            Err(error @ CallError::Unreachable { .. }) if begun.elapsed() < ENROL_WAIT => {
                say(&format!("中心服务还没应答，正在等：{error}"));
                std::thread::sleep(ENROL_INTERVAL);
            }
            Err(error) => return Err(error).context("登记没有成功"),
        }
    }
}

/// What the machine was enrolled as; the command line may only say the same.
fn station(enrolled: &Enrolled, options: &RunOptions) -> Result<Station> {
    let (kind, mode) = match enrolled.kind {
        DeviceKind::HallKiosk { lane } => (StationKind::Hall { lane }, Mode::Hall),
        DeviceKind::WindowTerminal { window } => (StationKind::Window { window }, Mode::Window),
        DeviceKind::DisplayDriver => bail!("登记码是给 LED 屏用的，这里要自助机的。"),
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
    }
}

/// The slips of today that this machine issued before it was started again.
fn own_tickets(log: &DeviceLog, now: UtcMs) -> Result<OwnTickets, sync::log::LogError> {
    let mut own = OwnTickets::default();
    let first = log.head().seq.saturating_sub(OWN_EVENTS_MAX) + 1;
    let events_max = usize::try_from(OWN_EVENTS_MAX).unwrap_or(usize::MAX);
    for text in log.read_from(first, events_max, usize::MAX)? {
        let shown = envelope::read(&text).ok().and_then(|e| Event::read(&e.kind, &e.body).ok());
        let Some(Some(Event::TicketShown(shown))) = shown else { continue };
        let issued = shown.issued;
        if issued.arrived_at.hall_date() == now.hall_date() {
            own.remember(issued.label, issued.ticket, issued.code_hash);
        }
    }
    Ok(own)
}
