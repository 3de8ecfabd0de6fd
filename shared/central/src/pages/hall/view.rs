//! What the manager's page shows, read from the hall's queue. Pure.

use domain::id::{GroupCode, WindowNo};
use domain::queue::{HallQueue, QueueRules, WindowStatus};
use domain::time::UtcMs;

use crate::emergency_desk::{EmergencyText, emergency_texts};
use crate::overview::{HallSnapshot, HelpCallLine};
use crate::pages::boards::HallBoards;
use crate::pages::console::{minutes_since, window_cells};
use crate::store::RunningEmergency;

/// Most people listed as waiting longest.
const LONGEST_MAX: usize = 8;
/// So long a call for help is the guide's alone.
const HELP_MINUTES_MAX: i64 = 1;

/// The page's facts.
#[derive(Debug, Clone)]
pub(crate) struct HallView {
    /// Whether who looks may open and close windows.
    pub(crate) may_run: bool,
    /// What is wrong now, in sentences.
    pub(crate) alerts: Vec<String>,
    /// The windows.
    pub(crate) windows: Vec<WindowRow>,
    /// The groups.
    pub(crate) groups: Vec<GroupRow>,
    /// Who waits longest.
    pub(crate) longest: Vec<WaitRow>,
    /// Texts that may go on the boards at once.
    pub(crate) emergency_texts: &'static [EmergencyText],
    /// The emergency that runs here.
    pub(crate) emergency: Option<RunningEmergency>,
    /// Whether everything is withdrawn from the boards here.
    pub(crate) boards: Option<HallBoards>,
    /// Today, as forms write it.
    pub(crate) today: String,
}

/// A window.
#[derive(Debug, Clone)]
pub(crate) struct WindowRow {
    /// The window.
    pub(crate) window: WindowNo,
    /// Whether it takes people.
    pub(crate) status: WindowStatus,
    /// The number there, or 空.
    pub(crate) what: String,
    /// What is done there and for how long.
    pub(crate) state: String,
    /// Who sits there.
    pub(crate) clerk_no: Option<String>,
    /// What it serves today.
    pub(crate) groups: Vec<GroupCode>,
}

/// A group.
#[derive(Debug, Clone)]
pub(crate) struct GroupRow {
    /// Its letter.
    pub(crate) code: GroupCode,
    /// Its name.
    pub(crate) name: String,
    /// People waiting.
    pub(crate) waiting: usize,
    /// Expected wait in words.
    pub(crate) wait: String,
    /// Open windows in words.
    pub(crate) windows: String,
}

/// Somebody who waits.
#[derive(Debug, Clone)]
pub(crate) struct WaitRow {
    /// The number.
    pub(crate) label: String,
    /// The group's name.
    pub(crate) group_name: String,
    /// How long.
    pub(crate) minutes: i64,
}

impl HallView {
    /// A hall as it is now.
    pub(crate) fn of(hall: &HallSnapshot, rules: &QueueRules, may_run: bool, now: UtcMs) -> Self {
        let queue = &hall.queue;
        let cells = window_cells(queue, now);
        let windows = queue.windows.iter().zip(cells);
        Self {
            may_run,
            emergency_texts: emergency_texts(),
            emergency: None,
            boards: None,
            today: now.hall_date().to_string(),
            windows: windows
                .map(|((no, window), cell)| WindowRow {
                    window: *no,
                    status: window.status,
                    what: cell.what,
                    state: cell.state,
                    clerk_no: hall.clerks.get(no).cloned(),
                    groups: window.groups.iter().copied().collect(),
                })
                .collect(),
            groups: groups(hall),
            longest: longest(queue, now),
            alerts: alerts(hall, rules, now),
        }
    }

    /// Puts first who called for help at a kiosk and was not answered within a minute: then it is
    /// the manager's to go (kiosk-flows §1).
    pub(crate) fn alert_of_help(&mut self, calls: &[HelpCallLine], now: UtcMs) {
        let unanswered = calls.iter().filter_map(|call| {
            let minutes = minutes_since(call.at, now);
            let name = &call.device_name;
            (minutes >= HELP_MINUTES_MAX)
                .then(|| format!("{name} 有人求助，{minutes} 分钟没人应，请马上去。"))
        });
        self.alerts.splice(0..0, unanswered);
    }
}

fn groups(hall: &HallSnapshot) -> Vec<GroupRow> {
    let row = |(code, line): (&GroupCode, &crate::overview::GroupLine)| {
        let windows = hall.queue.windows.iter();
        let open: Vec<String> = windows
            .filter(|(_, window)| window.takes(*code))
            .map(|(no, _)| no.to_string())
            .collect();
        GroupRow {
            code: *code,
            name: line.name.clone(),
            waiting: line.waiting,
            wait: line.wait.text(),
            windows: if open.is_empty() {
                "没有".to_owned()
            } else {
                open.join("、")
            },
        }
    };
    hall.groups.iter().map(row).collect()
}

fn longest(queue: &HallQueue, now: UtcMs) -> Vec<WaitRow> {
    let mut waiting: Vec<_> = queue
        .tickets
        .values()
        .filter(|ticket| ticket.state.is_waiting())
        .collect();
    waiting.sort_by_key(|ticket| ticket.arrival());
    let row = |ticket: &&domain::queue::Ticket| WaitRow {
        label: ticket.issued.label.to_string(),
        group_name: name_of(queue, ticket.group),
        minutes: minutes_since(ticket.issued.arrived_at, now),
    };
    waiting.iter().take(LONGEST_MAX).map(row).collect()
}

fn name_of(queue: &HallQueue, group: GroupCode) -> String {
    let known = queue.layout.groups.get(&group);
    known.map_or_else(|| group.to_string(), |group| group.name.clone())
}

/// People without a window first; then who waits longer than the rule lets pass.
fn alerts(hall: &HallSnapshot, rules: &QueueRules, now: UtcMs) -> Vec<String> {
    let queue = &hall.queue;
    let mut alerts = Vec::new();
    for (code, line) in &hall.groups {
        if line.waiting > 0 && queue.open_windows(*code) == 0 {
            let (name, waiting) = (&line.name, line.waiting);
            alerts.push(format!("{code} {name}：{waiting} 人在等，没有开着的窗口。"));
        }
    }
    let too_long_ms = rules.ordinary_boost_minutes.saturating_mul(60_000);
    let too_long = queue.tickets.values().filter(|ticket| {
        ticket.state.is_waiting() && now.ms_since(ticket.issued.arrived_at) > too_long_ms
    });
    let count = too_long.count();
    if count > 0 {
        let minutes = rules.ordinary_boost_minutes;
        alerts.push(format!(
            "{count} 人等了 {minutes} 分钟以上，可以加开窗口，或者让别的窗口也办这一组。"
        ));
    }
    alerts
}
