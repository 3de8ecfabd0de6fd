//! The papers that a kiosk hands out, as documents: a ticket's slip, a checklist, a test paper.
//!
//! The slip follows mock-up 23: place, number, matter, what one wants to know at a glance, the code,
//! and in small print how long it holds. No slip bears a name or an identity number (kiosk flows §7).
//! Words only; nothing here asks what time it is.

use chrono::{DateTime, Datelike as _, FixedOffset, NaiveDateTime, Timelike as _};

use crate::escpos::document::{Block, Document, DocumentFault, Size, Text};

/// From here on a wait is not told more exactly (kiosk flows §3).
const LONG_WAIT_MINUTES: u32 = 60;
/// The hall's time zone.
const HALL_OFFSET_SECONDS: i32 = 8 * 3600;
/// Points of one checklist.
pub const POINTS_MAX: usize = 40;

/// Whether a slip came out before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Copy {
    /// The first one.
    #[default]
    First,
    /// Printed again, on somebody's word that the first did not come out.
    Reprint,
}

/// What stands on a ticket's slip. What is not known is left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Slip {
    /// The place, above everything.
    pub place: Option<String>,
    /// `A032`.
    pub number: String,
    /// What it is for: the group or the matters.
    pub group: String,
    /// A claimed priority: `老年人优先`.
    pub priority: Option<String>,
    /// People before it.
    pub ahead: Option<u32>,
    /// The expected wait in minutes, from and to.
    pub wait_minutes: Option<(u32, u32)>,
    /// `1–4 号窗口`.
    pub window_area: Option<String>,
    /// When it was given: `2026-11-23T10:24:00+08:00`; a text that is no such time is printed as it is.
    pub issued_at: String,
    /// What the QR code says: the phone page of this ticket.
    pub url: Option<String>,
    /// Four digits, by which the holder is known without a phone.
    pub code: Option<String>,
    /// The last lines: what happens when the call is missed, whether all of this is a demonstration.
    pub notes: Vec<String>,
    /// Whether it is a reprint.
    pub copy: Copy,
}

impl Slip {
    /// The paper.
    ///
    /// # Errors
    /// [`DocumentFault`] when a text or the code is too long.
    pub fn document(&self) -> Result<Document, DocumentFault> {
        let mut paper = Document::new();
        if self.copy == Copy::Reprint {
            paper.push(Text::centred("补打").bold().into())?;
        }
        if let Some(place) = &self.place {
            paper.push(Text::centred(place).into())?;
        }
        paper.push(Text::centred(&self.number).bold().sized(Size::Huge).into())?;
        paper.push(Text::centred(&self.group).bold().sized(Size::Large).into())?;
        if let Some(priority) = &self.priority {
            paper.push(Text::centred(priority).bold().into())?;
        }
        self.facts(&mut paper)?;
        self.code_block(&mut paper)?;
        paper.push(Text::plain(self.small_print()).into())?;
        for note in &self.notes {
            paper.push(Text::plain(note).into())?;
        }
        Ok(paper)
    }

    fn facts(&self, paper: &mut Document) -> Result<(), DocumentFault> {
        let facts = [
            ("前面还有", self.ahead.map(|people| format!("{people} 人"))),
            ("大约要等", self.wait_minutes.map(wait_text)),
            ("请到", self.window_area.clone()),
            ("四位验证码", self.code.clone()),
        ];
        paper.push(Block::Rule)?;
        for (left, right) in facts {
            if let Some(right) = right {
                let left = left.to_owned();
                paper.push(Block::Pair { left, right })?;
            }
        }
        paper.push(Block::Rule)
    }

    fn code_block(&self, paper: &mut Document) -> Result<(), DocumentFault> {
        let Some(url) = &self.url else { return Ok(()) };
        paper.push(Block::Code(url.clone()))?;
        paper.push(Text::centred("手机扫码看排到哪了").bold().into())
    }

    fn small_print(&self) -> String {
        format!("{} 取号，当天有效。", moment_text(&self.issued_at))
    }
}

/// What to bring for a matter, to be ticked off at home.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Checklist {
    /// What for.
    pub title: String,
    /// Sentences above the list: conditions, where, how long, what it costs.
    pub facts: Vec<(String, String)>,
    /// What to bring.
    pub points: Vec<String>,
    /// Sentences below the list: `信息截至 …`.
    pub notes: Vec<String>,
    /// The page with all of it.
    pub url: Option<String>,
    /// What its code is for, below it; without it `手机扫码看全文`.
    pub code_says: Option<String>,
}

impl Checklist {
    /// The paper.
    ///
    /// # Errors
    /// [`DocumentFault`] when it is too long: [`POINTS_MAX`] points are not.
    pub fn document(&self) -> Result<Document, DocumentFault> {
        if self.points.len() > POINTS_MAX {
            return Err(DocumentFault::TooLong);
        }
        let mut paper = Document::new();
        paper.push(Text::centred(&self.title).bold().sized(Size::Large).into())?;
        paper.push(Block::Rule)?;
        for (left, right) in &self.facts {
            let (left, right) = (left.clone(), right.clone());
            paper.push(Block::Pair { left, right })?;
        }
        if !self.points.is_empty() {
            paper.push(Text::plain("要带的材料").bold().into())?;
        }
        for point in &self.points {
            paper.push(Block::Point(point.clone()))?;
        }
        paper.push(Block::Rule)?;
        for note in &self.notes {
            paper.push(Text::plain(note).into())?;
        }
        if let Some(url) = &self.url {
            paper.push(Block::Code(url.clone()))?;
            let says = self.code_says.as_deref().unwrap_or("手机扫码看全文");
            paper.push(Text::centred(says).bold().into())?;
        }
        Ok(paper)
    }
}

/// What the service page prints to see whether a printer does.
///
/// # Errors
/// Never: it is short.
pub fn test_paper(device: &str) -> Result<Document, DocumentFault> {
    let mut paper = Document::new();
    paper.push(Text::centred("打印测试").bold().sized(Size::Large).into())?;
    paper.push(Block::Rule)?;
    paper.push(Text::plain("汉字、ABC、0123456789").into())?;
    paper.push(Text::plain("生僻字：㛃 𬍛").into())?;
    paper.push(Block::Pair {
        left: "左边".into(),
        right: "右边".into(),
    })?;
    paper.push(Block::Code(format!("TEST {device}")))?;
    paper.push(Text::centred("看得清、切得断，打印机就是好的。").into())?;
    Ok(paper)
}

impl From<Text> for Block {
    fn from(text: Text) -> Self {
        Self::Text(text)
    }
}

/// `12–20 分钟`, `60 分钟以上`.
fn wait_text((low, high): (u32, u32)) -> String {
    let (low, high) = (low.min(high), low.max(high));
    if low >= LONG_WAIT_MINUTES {
        format!("{LONG_WAIT_MINUTES} 分钟以上")
    } else if low == high {
        format!("{low} 分钟")
    } else {
        format!("{low}–{high} 分钟")
    }
}

/// `11月23日 10:24` of a time in the usual notations, by the hall's clock; another text as it is.
fn moment_text(text: &str) -> String {
    let zone = FixedOffset::east_opt(HALL_OFFSET_SECONDS).expect("eight hours are less than a day");
    let with_zone =
        DateTime::parse_from_rfc3339(text).map(|it| it.with_timezone(&zone).naive_local());
    let read = with_zone.ok().or_else(|| {
        let formats = [
            "%Y-%m-%dT%H:%M:%S",
            "%Y-%m-%d %H:%M:%S",
            "%Y-%m-%dT%H:%M",
            "%Y-%m-%d %H:%M",
        ];
        let mut read = formats
            .iter()
            .map(|it| NaiveDateTime::parse_from_str(text, it));
        read.find_map(Result::ok)
    });
    match read {
        Some(at) => format!(
            "{}月{}日 {:02}:{:02}",
            at.month(),
            at.day(),
            at.hour(),
            at.minute()
        ),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) fn slip() -> Slip {
        Slip {
            place: Some("示例一街道就业服务站".into()),
            number: "A032".into(),
            group: "找工作、就业登记".into(),
            ahead: Some(6),
            wait_minutes: Some((12, 20)),
            window_area: Some("1–4 号窗口".into()),
            issued_at: "2026-11-23T02:24:00Z".into(),
            url: Some("https://example.invalid/t/7f3k9".into()),
            code: Some("0471".into()),
            notes: vec!["过号 30 分钟内回来可以重排一次。演示数据。".into()],
            ..Slip::default()
        }
    }

    fn texts(document: &Document) -> Vec<String> {
        let text = |block: &Block| match block {
            Block::Text(text) => Some(text.text.clone()),
            Block::Point(text) => Some(format!("□ {text}")),
            Block::Pair { left, right } => Some(format!("{left}：{right}")),
            _ => None,
        };
        document.blocks().iter().filter_map(text).collect()
    }

    #[test]
    fn a_slip_says_what_one_wants_to_know_at_a_glance() {
        let paper = slip().document().unwrap();
        assert_eq!(
            texts(&paper),
            [
                "示例一街道就业服务站",
                "A032",
                "找工作、就业登记",
                "前面还有：6 人",
                "大约要等：12–20 分钟",
                "请到：1–4 号窗口",
                "四位验证码：0471",
                "手机扫码看排到哪了",
                "11月23日 10:24 取号，当天有效。",
                "过号 30 分钟内回来可以重排一次。演示数据。",
            ]
        );
    }

    #[test]
    fn a_reprint_says_so_first_and_nothing_unknown_is_invented() {
        let bare = Slip {
            number: "A-K2-001".into(),
            group: "综合就业".into(),
            issued_at: "上午".into(),
            copy: Copy::Reprint,
            ..Slip::default()
        };
        let paper = bare.document().unwrap();
        let expected = ["补打", "A-K2-001", "综合就业", "上午 取号，当天有效。"];
        assert_eq!(texts(&paper), expected);
    }

    #[test]
    fn waits_are_told_as_the_screens_tell_them() {
        for (wait, text) in [
            ((12, 20), "12–20 分钟"),
            ((20, 12), "12–20 分钟"),
            ((5, 5), "5 分钟"),
            ((60, 60), "60 分钟以上"),
            ((75, 90), "60 分钟以上"),
        ] {
            assert_eq!(wait_text(wait), text);
        }
    }

    #[test]
    fn a_checklist_has_a_box_before_every_point_and_an_end() {
        let list = Checklist {
            title: "失业登记".into(),
            facts: vec![("收费".into(), "不收费".into())],
            points: vec!["身份证".into(), "社保卡".into()],
            ..Checklist::default()
        };
        let texts = texts(&list.document().unwrap());
        assert_eq!(texts[2..], ["要带的材料", "□ 身份证", "□ 社保卡"]);
        let endless = Checklist {
            points: vec!["材料".into(); POINTS_MAX + 1],
            ..list
        };
        assert_eq!(endless.document(), Err(DocumentFault::TooLong));
    }
}
