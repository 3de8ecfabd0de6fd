//! The parts of a score and what was found in each, in words that a clerk can read to both sides.

use crate::listing::Education;
use crate::money::Fen;
use crate::pay::MonthlyPay;

use super::fraction::{Points, Share};

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Facet {
    /// 职业
    Occupation,
    /// 技能
    Skill,
    /// 薪资
    Pay,
    /// 地点
    Place,
    /// 学历
    Education,
    /// 时间
    Availability,
}

impl Facet {
    /// Every part, in the order in which they are shown.
    pub const ALL: [Self; 6] = [
        Self::Occupation,
        Self::Skill,
        Self::Pay,
        Self::Place,
        Self::Education,
        Self::Availability,
    ];

    /// The Chinese name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Occupation => "职业",
            Self::Skill => "技能",
            Self::Pay => "薪资",
            Self::Place => "地点",
            Self::Education => "学历",
            Self::Availability => "时间",
        }
    }
}

/// Whether one thing fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fits {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// One side does not say.
    Unknown,
}

/// Which side does not say something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Silent {
    /// The jobseeker.
    Seeker,
    /// The vacancy.
    Offer,
}

/// What was found in a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Finding {
    /// One side does not say.
    Unsaid(Silent),
    /// Both say something, and no table tells how near that is.
    Untold,
    /// The very work that is wanted.
    SameWork,
    /// Of the same class.
    SameClass,
    /// Of a near class.
    NearClass,
    /// Of another class.
    OtherWork,
    /// So many of the skills that are asked for are held, so many are related.
    Skills {
        /// Asked for.
        asked: u32,
        /// Held.
        held: u32,
        /// Not held, but of the same kind of work.
        related: u32,
    },
    /// The pay that is wanted and the pay by month that is offered.
    Pay {
        /// The least that is wanted.
        wanted: Fen,
        /// What is offered.
        offered: MonthlyPay,
    },
    /// Inside a place that is wanted.
    InPlace,
    /// In the same county.
    SameCounty,
    /// In the same city.
    SameCity,
    /// Elsewhere.
    Elsewhere,
    /// No education is asked for.
    AnyEducation,
    /// Enough education.
    EnoughEducation {
        /// Asked for.
        asked: Education,
    },
    /// So many levels below.
    BelowEducation {
        /// Asked for.
        asked: Education,
        /// Levels.
        levels: u32,
    },
    /// Form of employment, shift, first day.
    Times {
        /// Form of employment.
        form: Fits,
        /// Shift.
        shift: Fits,
        /// First day of work before the last day on which people are taken.
        from: Fits,
    },
}

impl Finding {
    /// What a clerk reads.
    #[must_use]
    pub fn text(self) -> String {
        match self {
            Self::Unsaid(Silent::Seeker) => "求职者没说，按一半算".to_owned(),
            Self::Unsaid(Silent::Offer) => "岗位没写，按一半算".to_owned(),
            Self::Untold => "看不出远近，按一半算".to_owned(),
            Self::SameWork => "就是想找的工作".to_owned(),
            Self::SameClass => "同一类工作".to_owned(),
            Self::NearClass => "相近的工作".to_owned(),
            Self::OtherWork => "不是想找的工作".to_owned(),
            Self::Skills {
                asked,
                held,
                related,
            } => skills(asked, held, related),
            Self::Pay { wanted, offered } => pay(wanted, offered),
            Self::InPlace => "就在想去的地方".to_owned(),
            Self::SameCounty => "和想去的地方在同一个区县".to_owned(),
            Self::SameCity => "和想去的地方在同一个市".to_owned(),
            Self::Elsewhere => "不在想去的地方".to_owned(),
            Self::AnyEducation => "不限学历".to_owned(),
            Self::EnoughEducation { asked } => format!("够，要求{}", asked.text()),
            Self::BelowEducation { asked, levels } => {
                format!("要求{}，差 {levels} 级", asked.text())
            }
            Self::Times { form, shift, from } => times(form, shift, from),
        }
    }

    /// Whether something is not known.
    #[must_use]
    pub fn is_unknown(self) -> bool {
        match self {
            Self::Unsaid(_) | Self::Untold => true,
            Self::Times { form, shift, from } => [form, shift, from].contains(&Fits::Unknown),
            _ => false,
        }
    }
}

fn skills(asked: u32, held: u32, related: u32) -> String {
    let other = asked.saturating_sub(held).saturating_sub(related);
    let mut text = format!("要求 {asked} 项，会 {held} 项");
    if related > 0 {
        text.push_str(&format!("，相近 {related} 项"));
    }
    if other > 0 {
        text.push_str(&format!("，没写到 {other} 项"));
    }
    text
}

fn pay(wanted: Fen, offered: MonthlyPay) -> String {
    let offered = match (offered.low, offered.high) {
        (Some(low), Some(high)) if low == high => format!("{low} 元"),
        (Some(low), Some(high)) => format!("{low}–{high} 元"),
        (Some(low), None) => format!("{low} 元以上"),
        (None, Some(high)) => format!("最高 {high} 元"),
        (None, None) => "面议".to_owned(),
    };
    format!("想要 {wanted} 元，岗位每月 {offered}")
}

fn times(form: Fits, shift: Fits, from: Fits) -> String {
    let named = [("用工形式", form), ("班次", shift), ("到岗日", from)];
    let of = |fits: Fits| {
        let names = named.iter().filter(|(_, found)| *found == fits);
        names.map(|(name, _)| *name).collect::<Vec<_>>().join("、")
    };
    let said = [
        (of(Fits::Yes), "合适"),
        (of(Fits::No), "不合"),
        (of(Fits::Unknown), "没说，按一半算"),
    ];
    let said = said.iter().filter(|(names, _)| !names.is_empty());
    let said: Vec<_> = said.map(|(names, word)| format!("{names}{word}")).collect();
    said.join("，")
}

/// One part of a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Part {
    /// What is compared.
    pub facet: Facet,
    /// Points of a hundred that it can earn.
    pub weight: u32,
    /// The share that it earns.
    pub share: Share,
    /// Why.
    pub finding: Finding,
}

impl Part {
    /// The points that it earns.
    #[must_use]
    pub fn points(&self) -> Points {
        self.share.of_weight(self.weight)
    }

    /// A line of a record (`score_parts`): `职业 28：同一类工作`.
    #[must_use]
    pub fn line(&self) -> String {
        let points = points_text(self.points().hundredths_half_up());
        format!("{} {points}：{}", self.facet.name(), self.finding.text())
    }
}

/// Hundredths of a point as a number: `28`, `7.5`, `11.67`.
#[must_use]
pub fn points_text(hundredths: u32) -> String {
    match (hundredths / 100, hundredths % 100) {
        (whole, 0) => whole.to_string(),
        (whole, part) if part % 10 == 0 => format!("{whole}.{}", part / 10),
        (whole, part) => format!("{whole}.{part:02}"),
    }
}
