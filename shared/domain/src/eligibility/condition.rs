//! One condition of a row: subject, comparison, value.

/// `lost_reason = resigned`, `age >= parameter:age.older.m`, `groups has disabled|lowincome`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Condition {}
