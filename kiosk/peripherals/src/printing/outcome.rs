//! What can become of a paper, in words for who waits for it and for who looks after the printer.

use std::time::Duration;

use thiserror::Error;

use crate::escpos::status::{Condition, Status};

/// How long things take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// Bits a second of the line; over a network, of the printer's own appetite.
    pub baud: u32,
    /// How long an answer to a question may take.
    pub answer_within: Duration,
    /// How long the line is listened to before the first question.
    pub drain: Duration,
    /// How long the paper may still move behind the last byte.
    pub paper_moves: Duration,
    /// How often a question is asked again behind the paper, while nothing answers.
    pub asks_after: u8,
}

impl Default for Timing {
    /// 9600 baud; no answer in 500 ms means "unknown"; 60 mm a second, and a slip has 150 mm.
    fn default() -> Self {
        Self {
            baud: 9_600,
            answer_within: Duration::from_millis(500),
            drain: Duration::from_millis(50),
            paper_moves: Duration::from_millis(2_500),
            asks_after: 3,
        }
    }
}

impl Timing {
    /// How long bytes are on the wire, ten bits each.
    #[must_use]
    pub fn wire_time(&self, bytes: usize) -> Duration {
        let bits = u64::try_from(bytes).unwrap_or(u64::MAX).saturating_mul(10);
        Duration::from_micros(bits.saturating_mul(1_000_000) / u64::from(self.baud.max(1)))
    }
}

/// Why nothing is printed. Nothing was sent: whoever mends it may print at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Trouble {
    /// There is no such device, or it was unplugged before anything was sent.
    #[error("打印机没有接上。请用手机扫屏幕上的二维码，或者到导办台。")]
    Absent,
    /// It is there and says nothing.
    #[error("打印机没有回答。请用手机扫屏幕上的二维码，或者到导办台。")]
    Silent,
    /// The cover.
    #[error("打印机的盖子开着。请告诉工作人员；也可以用手机扫屏幕上的二维码。")]
    CoverOpen,
    /// No paper.
    #[error("打印机没有纸了。请告诉工作人员；也可以用手机扫屏幕上的二维码。")]
    PaperOut,
    /// The knife.
    #[error("打印机的切刀卡住了。请告诉工作人员；也可以用手机扫屏幕上的二维码。")]
    Cutter,
    /// Another error of its own.
    #[error("打印机出错了。请告诉工作人员；也可以用手机扫屏幕上的二维码。")]
    Faulty,
    /// It takes nothing and does not say why.
    #[error("打印机停着。请告诉工作人员；也可以用手机扫屏幕上的二维码。")]
    Offline,
}

impl Trouble {
    /// What to do about it, for who looks after the machine.
    #[must_use]
    pub fn remedy(self) -> &'static str {
        match self {
            Self::Absent => "没有接上：检查电源和数据线，插好后会自动认到。",
            Self::Silent => "没有回答：看电源灯，关机再开；还不行就核对波特率和端口。",
            Self::CoverOpen => "盖子开着：合上盖子，听到咔嗒一声。",
            Self::PaperOut => "没有纸：换一卷热敏纸，光滑的一面朝打印头。",
            Self::Cutter => "切刀卡住：关机，打开盖子取出碎纸，再开机。",
            Self::Faulty => "报错：关机等一分钟再开；还报错就联系维修。",
            Self::Offline => "停着：按一下打印机上的走纸键或恢复键。",
        }
    }
}

/// What somebody should see to soon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Warning {
    /// The roll is nearly used up.
    #[error("打印纸快用完了，请备一卷。")]
    PaperLow,
}

/// What became of a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It came out.
    Printed(Option<Warning>),
    /// Nothing was sent.
    Refused(Trouble),
    /// It may have come out or not, whole or in part. Whoever stands there looks, and decides; nothing
    /// is printed again by itself. The trouble is what was heard last, if anything.
    Unknown(Option<Trouble>),
}

impl Outcome {
    /// What is asked of the person at the machine.
    #[must_use]
    pub fn question(self) -> Option<&'static str> {
        match self {
            Self::Unknown(_) => Some("小票出来了吗？没有出来，或者只出来一半，请按“补打”。"),
            Self::Printed(_) | Self::Refused(_) => None,
        }
    }
}

/// What a printer said of itself, gathered from its answers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Health {
    conditions: Vec<Condition>,
}

impl Health {
    /// Adds an answer.
    pub fn learn(&mut self, status: Status) {
        self.conditions.extend(status.conditions());
    }

    /// Everything it said.
    #[must_use]
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }

    /// What keeps it from printing; what a person can mend comes first.
    #[must_use]
    pub fn trouble(&self) -> Option<Trouble> {
        const ORDER: &[(Condition, Trouble)] = &[
            (Condition::CoverOpen, Trouble::CoverOpen),
            (Condition::PaperOut, Trouble::PaperOut),
            (Condition::StoppedAtPaperEnd, Trouble::PaperOut),
            (Condition::CutterError, Trouble::Cutter),
            (Condition::UnrecoverableError, Trouble::Faulty),
            (Condition::RecoverableError, Trouble::Faulty),
            (Condition::BlackMarkError, Trouble::Faulty),
            (Condition::Error, Trouble::Faulty),
            (Condition::Offline, Trouble::Offline),
            (Condition::WaitsForRecovery, Trouble::Offline),
        ];
        let first = ORDER.iter().find(|(it, _)| self.conditions.contains(it));
        first.map(|(_, trouble)| *trouble)
    }

    /// What should be seen to soon.
    #[must_use]
    pub fn warning(&self) -> Option<Warning> {
        let is_low = self.conditions.contains(&Condition::PaperLow);
        is_low.then_some(Warning::PaperLow)
    }
}
