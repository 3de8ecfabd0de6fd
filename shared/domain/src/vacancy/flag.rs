//! What is remarkable about one imported row. Flags are facts for the clerk who approves; none of
//! them keeps a row out.

use serde::{Deserialize, Serialize};

use crate::pay::Implausible;

/// A column of a vacancy file, by its standard name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The source's own identity.
    SourceId,
    /// 岗位名称
    Title,
    /// 用人单位
    Employer,
    /// 工作地点
    District,
    /// 薪资
    SalaryText,
    /// 学历
    Education,
    /// 经验
    Experience,
    /// 招聘人数
    Headcount,
    /// 行业
    Industry,
    /// 用工形式
    JobForm,
    /// 发布时间
    PostedAt,
    /// 岗位描述
    Description,
    /// 有效期至
    ValidTo,
}

impl Field {
    /// All columns, in the order in which a raw row is kept.
    pub const ALL: [Self; 13] = [
        Self::SourceId,
        Self::Title,
        Self::Employer,
        Self::District,
        Self::SalaryText,
        Self::Education,
        Self::Experience,
        Self::Headcount,
        Self::Industry,
        Self::JobForm,
        Self::PostedAt,
        Self::Description,
        Self::ValidTo,
    ];

    /// The standard column name, as in the raw row and in `vacancy-columns.json`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::SourceId => "source_id",
            Self::Title => "title",
            Self::Employer => "employer",
            Self::District => "district",
            Self::SalaryText => "salary_text",
            Self::Education => "education",
            Self::Experience => "experience",
            Self::Headcount => "headcount",
            Self::Industry => "industry",
            Self::JobForm => "job_form",
            Self::PostedAt => "posted_at",
            Self::Description => "description",
            Self::ValidTo => "valid_to",
        }
    }

    /// The column's name for people.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::SourceId => "编号",
            Self::Title => "岗位名称",
            Self::Employer => "用人单位",
            Self::District => "工作地点",
            Self::SalaryText => "薪资",
            Self::Education => "学历",
            Self::Experience => "经验",
            Self::Headcount => "招聘人数",
            Self::Industry => "行业",
            Self::JobForm => "用工形式",
            Self::PostedAt => "发布时间",
            Self::Description => "岗位描述",
            Self::ValidTo => "有效期至",
        }
    }
}

/// One remarkable fact about a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "flag", rename_all = "snake_case")]
pub enum Flag {
    /// The cell is empty or says only that it says nothing (`无`), and no other cell tells; the
    /// listing shows it as unknown.
    Missing {
        /// Which cell.
        field: Field,
    },
    /// The cell says something that is not understood; the listing shows it as unknown.
    NotUnderstood {
        /// Which cell.
        field: Field,
    },
    /// The cell belongs to another column; it was used there if that cell was empty.
    Misplaced {
        /// Where it stands.
        field: Field,
        /// Where it belongs.
        belongs: Field,
    },
    /// Control or bidirectional characters were taken out.
    Cleaned {
        /// Which cell.
        field: Field,
    },
    /// The cell is longer than a listing shows; the raw row has the whole.
    Shortened {
        /// Which cell.
        field: Field,
    },
    /// The pay text names no period.
    UnitInferred,
    /// The pay is readable and hard to believe.
    Implausible {
        /// Why.
        reason: Implausible,
    },
    /// The posted date has no year; the latest one not after the import was taken.
    YearAssumed,
    /// There is no source id; the row is known by its title, employer and place.
    IdentityDerived,
}
