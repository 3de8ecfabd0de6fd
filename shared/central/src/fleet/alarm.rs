//! What somebody should do something about: what it means and what comes next, in a clerk's words,
//! the worst first. Pure.

use std::borrow::Cow;

use domain::id::{DeviceId, HallId};
use domain::time::UtcMs;
use wire::problem::ProblemCode;

use crate::overview::BoardNeed;
use crate::store::ChainGap;

use super::records::REFUSALS_OVER_MS;
use super::words::{clock_text, gap_text, moment_text};

mod raise;

pub(super) use raise::all;

/// So many machines of a hall are named.
const NAMES_MAX: usize = 4;

/// How soon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Urgency {
    /// Something is being lost, or citizens stand before it.
    Now,
    /// Before the day ends.
    Today,
}

/// A machine as an alarm names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    /// Which.
    pub(crate) device: DeviceId,
    /// Its hall.
    pub(crate) hall: HallId,
    /// Its name, with the station's when there are several.
    pub(crate) name: String,
}

/// An alarm. The order of the variants is from the worst.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Alarm {
    /// A machine's record contradicts ours; so many events do not count.
    Contradicted(Named, u64),
    /// A machine takes no new acts.
    Full(Named),
    /// A hall node is silent since then.
    NodeCutOff(Named, UtcMs),
    /// This hall node does not reach its centre; when it last did.
    CentreCutOff(UtcMs),
    /// The newest backup is too old, or there is none.
    BackupLate(Option<UtcMs>),
    /// Machines of a hall are silent while it is open.
    Offline(Silence),
    /// A board of a driver that is on line does not answer since then.
    BoardSilent(Named, UtcMs),
    /// A board needs somebody since then.
    BoardNeeds(Named, BoardNeed, UtcMs),
    /// Events wait too long for others before them.
    Gap(Named, Waiting),
    /// A machine, or machines that nobody enrolled, is refused again and again.
    Storm(Option<Named>, Storm),
    /// A machine will soon take no new acts.
    NearlyFull(Named),
    /// A clock is far off.
    ClockOff(Named, i64),
}

/// The silent machines of one hall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Silence {
    pub(crate) hall: HallId,
    pub(crate) hall_name: String,
    /// At least one, each with the time of the last word.
    pub(crate) silent: Vec<(Named, UtcMs)>,
    /// Whether nothing else is left in this hall.
    pub(crate) is_whole_hall: bool,
}

/// What waits for something before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Waiting {
    /// The gap.
    pub(crate) gap: ChainGap,
    /// Whether the machine could fill it.
    pub(crate) is_on_line: bool,
}

/// What was refused within ten minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Storm {
    /// How often.
    pub(crate) times: u64,
    /// Why, mostly.
    pub(crate) code: ProblemCode,
}

impl Alarm {
    /// The hall that it belongs to; `None` when it is the whole service's.
    pub(crate) fn hall(&self) -> Option<HallId> {
        match self {
            Self::Offline(silence) => Some(silence.hall),
            other => other.named().map(|named| named.hall),
        }
    }

    /// The one machine that it is about.
    pub(crate) fn device(&self) -> Option<DeviceId> {
        match self {
            Self::Offline(silence) => match silence.silent.as_slice() {
                [(named, _)] => Some(named.device),
                _ => None,
            },
            other => other.named().map(|named| named.device),
        }
    }

    fn named(&self) -> Option<&Named> {
        match self {
            Self::Contradicted(named, _)
            | Self::Full(named)
            | Self::NodeCutOff(named, _)
            | Self::BoardSilent(named, _)
            | Self::BoardNeeds(named, ..)
            | Self::Gap(named, _)
            | Self::Storm(Some(named), _)
            | Self::NearlyFull(named)
            | Self::ClockOff(named, _) => Some(named),
            Self::CentreCutOff(_)
            | Self::BackupLate(_)
            | Self::Offline(_)
            | Self::Storm(None, _) => None,
        }
    }

    /// How soon.
    pub(crate) fn urgency(&self) -> Urgency {
        match self {
            Self::Contradicted(..)
            | Self::Full(_)
            | Self::NodeCutOff(..)
            | Self::CentreCutOff(_)
            | Self::BackupLate(_) => Urgency::Now,
            Self::Offline(silence) if silence.is_whole_hall => Urgency::Now,
            Self::Offline(_)
            | Self::BoardSilent(..)
            | Self::BoardNeeds(..)
            | Self::Gap(..)
            | Self::Storm(..)
            | Self::NearlyFull(_)
            | Self::ClockOff(..) => Urgency::Today,
        }
    }

    /// What is so.
    pub(crate) fn text(&self, now: UtcMs) -> String {
        match self {
            Self::Contradicted(named, _) => {
                format!("{}的记录和这里的对不上，已经不再收它的记录", named.name)
            }
            Self::Full(named) => format!("{}存储满了，不能再办理", named.name),
            Self::NodeCutOff(named, at) => {
                let at = moment_text(*at, now);
                format!("{}和这里断了，最后一次在 {at}", named.name)
            }
            Self::CentreCutOff(at) => {
                format!("这个大厅和中心断了，最后一次在 {}", moment_text(*at, now))
            }
            Self::BackupLate(Some(at)) => {
                format!("最近一次备份是 {}，之后没有做成", moment_text(*at, now))
            }
            Self::BackupLate(None) => "还没有做成过一次备份".to_owned(),
            Self::Offline(silence) => silence.text(now),
            Self::BoardSilent(named, since) => {
                format!("{}从 {} 起不回话", named.name, moment_text(*since, now))
            }
            Self::BoardNeeds(named, need, since) => {
                let since = moment_text(*since, now);
                format!("{}{}，{since} 起", named.name, need.text())
            }
            Self::Gap(named, waiting) => {
                format!("{}：{}", named.name, gap_text(&waiting.gap, now))
            }
            Self::Storm(named, storm) => storm.text(named.as_ref()),
            Self::NearlyFull(named) => format!("{}存储快满了", named.name),
            Self::ClockOff(named, skew_ms) => {
                format!("{}的时钟{}", named.name, clock_text(Some(*skew_ms)))
            }
        }
    }

    /// What it means, and what to do next.
    pub(crate) fn next_step(&self) -> Cow<'static, str> {
        let step = match self {
            Self::Contradicted(_, set_aside) => return contradicted_next(*set_aside).into(),
            Self::Full(_) => {
                "请市民用别的机器或到窗口办。看它的电源和网线；连上后它会自己上传，腾出地方就能接着办。"
            }
            Self::NodeCutOff(..) => {
                "那个大厅照常办理，只是这里看不到新的。看那里的网络；连上后会自己补传。"
            }
            Self::CentreCutOff(_) => {
                "大厅照常办理，新岗位和通知暂时收不到。看大厅到中心的网络；连上后会自己补传。"
            }
            Self::BackupLate(_) => {
                "看备份用的盘有没有接好、还有没有地方，再请管理员在服务器上手工备份一次。"
            }
            Self::Offline(silence) if silence.is_whole_hall => {
                "多半是大厅的网断了，先看路由器和总电源。断线时办的都存在机器里，连上后会自己补传。"
            }
            Self::Offline(_) => {
                "看它有没有电、网线有没有插好。断线时办的都存在机器里，连上后会自己补传。"
            }
            Self::BoardSilent(..) => {
                "看屏的电源和串口线。屏通了会自己接着放，这条也自己消掉；屏上现在放的是断线前的。"
            }
            Self::BoardNeeds(_, need, _) => need.next_step(),
            Self::Gap(_, waiting) if waiting.is_on_line => {
                "它连着还补不齐，多半是机器里少了一段。不要清空它，先请维护人员取出里面的记录。"
            }
            Self::Gap(..) => "它现在没连着，连上后会自己补传。看它的电源和网线。",
            Self::Storm(_, storm) => storm.next_step(),
            Self::NearlyFull(_) => "还能办一阵。看它的电源和网线；连上后它会自己上传。",
            Self::ClockOff(..) => "在那台机器上把时间调准，并打开自动对时。记录的先后不受影响。",
        };
        step.into()
    }
}

fn contradicted_next(set_aside: u64) -> String {
    let kept = match set_aside {
        0 => String::new(),
        some => format!("有 {some} 件没有算进来，单独存着备查。"),
    };
    format!(
        "多半是它的硬盘被复制到了另一台机器，或者装回了旧的备份。先查清哪一台是真的，\
         再停用它，清空后重新登记。{kept}"
    )
}

impl Silence {
    fn text(&self, now: UtcMs) -> String {
        let count = self.silent.len();
        match self.silent.as_slice() {
            [(only, at)] => {
                let at = moment_text(*at, now);
                format!("{}断线了，最后一次在 {at}", only.name)
            }
            _ if self.is_whole_hall => format!("{}的 {count} 台设备都断线了", self.hall_name),
            several => {
                let names: Vec<&str> = several
                    .iter()
                    .take(NAMES_MAX)
                    .map(|(named, _)| named.name.as_str())
                    .collect();
                let more = if count > NAMES_MAX { "等" } else { "" };
                format!("{}{more} {count} 台断线了", names.join("、"))
            }
        }
    }
}

impl Storm {
    fn text(self, named: Option<&Named>) -> String {
        let minutes = REFUSALS_OVER_MS / 60_000;
        let who = named.map_or("没有登记过的机器", |named| named.name.as_str());
        let (times, why) = (self.times, self.reason());
        format!("{who} {minutes} 分钟里被拒绝 {times} 次：{why}")
    }

    fn reason(self) -> &'static str {
        match self.code {
            ProblemCode::DeviceUnknown | ProblemCode::EnrolmentCodeInvalid => "没有登记",
            ProblemCode::DeviceRevoked => "已经停用，还在连",
            ProblemCode::SignatureInvalid => "证明不了是它自己",
            ProblemCode::ClockSkew => "时钟差得太多",
            ProblemCode::Replayed => "同一个请求发了好几遍",
            ProblemCode::Equivocation | ProblemCode::ChainGap => "记录接不上",
            ProblemCode::VersionUnsupported => "程序版本太旧或太新",
            ProblemCode::TooMany => "请求太多",
            _ => "发来的内容不对",
        }
    }

    fn next_step(self) -> &'static str {
        match self.code {
            ProblemCode::DeviceUnknown | ProblemCode::EnrolmentCodeInvalid => {
                "看有没有重装过、换过硬盘的机器，给它重新登记。都没有的话，请查是谁在连。"
            }
            ProblemCode::DeviceRevoked => "它停用了但没有关机。关掉它，或者清空后重新登记。",
            ProblemCode::SignatureInvalid | ProblemCode::Replayed => {
                "可能有人在冒充它。先看那台机器是不是原来的，再查是谁在连。"
            }
            ProblemCode::ClockSkew => "在那台机器上把时间调准，并打开自动对时。",
            ProblemCode::VersionUnsupported => "给较旧的一方升级。",
            _ => "重启那台机器；还不行，请维护人员看它的程序。",
        }
    }
}
