//! Policies and notices as a person approved them, for kiosks and boards. Nothing personal is in one.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::board::BoardPlay;

/// A policy text or a notice that a person approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Its key.
    pub id: String,
    /// Policy or notice.
    pub kind: NoticeKind,
    /// One line, also for boards.
    pub title: String,
    /// For boards: at most three pages of a line or two.
    pub board_pages: Vec<String>,
    /// Plain rows: what is asked and what is so (谁能领 / …).
    pub rows: Vec<NoticeRow>,
    /// Document number, if it is a policy.
    pub document_no: Option<String>,
    /// In force from.
    pub valid_from: NaiveDate,
    /// The last day, if there is one.
    pub valid_to: Option<NaiveDate>,
    /// How boards play it, if it was written for them; else they play `board_pages`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub board: Option<BoardPlay>,
}

/// What a notice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// 政策
    Policy,
    /// 通知
    Notice,
    /// 紧急: before everything else, until it is withdrawn.
    Emergency,
}

/// One row of a policy in plain words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeRow {
    /// The question.
    pub label: String,
    /// The answer.
    pub text: String,
}
