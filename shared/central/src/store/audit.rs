//! The search table of the audit trail: who did what to what, from where, as what, and why.

use domain::id::{DeviceId, StaffId, StationCode};
use domain::time::UtcMs;
use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};
use wire::event::{Event, PHONES, RemoteHelpAtKiosk, StaffActed};

use super::projection::{Stored, execute};
use super::roles::read_role;
use super::{Reader, StoreError};
use crate::overview::AuditLine;

/// What is looked for. The empty filter finds everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Acts of one of these.
    pub staff: Option<Vec<StaffId>>,
    /// This act.
    pub act: Option<String>,
    /// On something whose number begins so; everything when empty.
    pub subject: String,
    /// Not earlier.
    pub from: Option<UtcMs>,
    /// Earlier than this.
    pub before: Option<UtcMs>,
}

impl AuditFilter {
    /// Conditions from this function's own texts, and their values.
    fn conditions(&self) -> Result<(String, Vec<Value>), StoreError> {
        let (mut texts, mut values) = (vec!["TRUE"], Vec::new());
        let mut add = |text, value: Value| {
            texts.push(text);
            values.push(value);
        };
        if let Some(staff) = &self.staff {
            let listed = "a.staff IN (SELECT value FROM json_each(?))";
            add(listed, serde_json::to_string(staff)?.into());
        }
        if let Some(act) = &self.act {
            add("a.act = ?", act.clone().into());
        }
        if !self.subject.is_empty() {
            add("a.subject >= ?", self.subject.clone().into());
            add(
                "a.subject < ?",
                format!("{}{}", self.subject, char::MAX).into(),
            );
        }
        if let Some(from) = self.from {
            add("a.at >= ?", from.0.into());
        }
        if let Some(before) = self.before {
            add("a.at < ?", before.0.into());
        }
        Ok((texts.join(" AND "), values))
    }
}

impl Reader<'_> {
    /// Lines of the audit trail, newest first.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn audit_lines(
        &self,
        filter: &AuditFilter,
        skip: u64,
        lines_max: u32,
    ) -> Result<Vec<AuditLine>, StoreError> {
        let (conditions, mut values) = filter.conditions()?;
        values.extend([lines_max.into(), skip.cast_signed().into()]);
        let mut query = self.sql.prepare_cached(&format!(
            "SELECT a.position, a.at, coalesce(s.name, a.staff, d.name, a.device, '系统'), a.act,
                    coalesce(s2.name, d2.name, a.subject), a.address, a.role, a.station, a.reason
             FROM audit a
             LEFT JOIN staff s ON s.staff = a.staff
             LEFT JOIN devices d ON d.device = a.device
             LEFT JOIN staff s2 ON s2.staff = a.subject
             LEFT JOIN devices d2 ON d2.device = a.subject
             WHERE {conditions}
             ORDER BY a.position DESC
             LIMIT ? OFFSET ?"
        ))?;
        let lines = query.query_map(params_from_iter(values), |row| Ok(read_line(row)))?;
        lines.map(|line| line?).collect()
    }

    /// How many lines a filter finds.
    pub(crate) fn audit_count(&self, filter: &AuditFilter) -> Result<u64, StoreError> {
        let (conditions, values) = filter.conditions()?;
        let query = format!("SELECT count(*) FROM audit a WHERE {conditions}");
        let mut query = self.sql.prepare_cached(&query)?;
        let count = query.query_row(params_from_iter(values), |row| row.get::<_, i64>(0))?;
        Ok(count.cast_unsigned())
    }
}

fn read_line(row: &Row<'_>) -> Result<AuditLine, StoreError> {
    let role = row.get::<_, Option<String>>(6)?;
    Ok(AuditLine {
        position: row.get::<_, i64>(0)?.cast_unsigned(),
        at: UtcMs(row.get(1)?),
        who: row.get(2)?,
        act: row.get(3)?,
        subject: row.get(4)?,
        address: row.get(5)?,
        role: role.as_deref().map(read_role).transpose()?,
        station: row.get::<_, Option<String>>(7)?,
        reason: row.get(8)?,
    })
}

/// Puts what is of the trail in it.
pub(super) fn project(
    sql: &Connection,
    event: &Event,
    stored: &Stored<'_>,
) -> Result<(), StoreError> {
    if let Event::StaffActed(acted) = event {
        return put(sql, None, acted, stored);
    }
    match of_machine_or_desk(event, stored)? {
        Some((device, acted)) => put(sql, device, &acted, stored),
        None => Ok(()),
    }
}

/// What devices did or had done to them, and what was published.
fn of_machine_or_desk(
    event: &Event,
    stored: &Stored<'_>,
) -> Result<Option<(Option<DeviceId>, StaffActed)>, StoreError> {
    let word = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let (device, act, subject) = match event {
        Event::DeviceRefused(refused) => {
            let subject = match refused.refusal {
                Some(refusal) => serde_json::to_value(refusal)?,
                None => serde_json::to_value(refused.code)?,
            };
            let (device, act) = match refused.device {
                PHONES => (None, "phone_refused"),
                device => (Some(device), "device_refused"),
            };
            (device, act.into(), word(subject))
        }
        Event::RemoteHelp(RemoteHelpAtKiosk {
            staff_name, step, ..
        }) => {
            let act = format!("remote_help_{}", word(serde_json::to_value(step)?));
            (Some(stored.envelope.writer), act, staff_name.clone())
        }
        Event::DeviceEnrolled(enrolled) => {
            let name = enrolled.name.clone();
            (Some(enrolled.device), "device_enrolled".into(), name)
        }
        Event::DeviceKeyRotated(rotated) => {
            let act = "device_key_rotated".into();
            (Some(rotated.device), act, String::new())
        }
        Event::CitizenServed(served) => {
            let act = format!("citizen_{}", word(serde_json::to_value(served.what)?));
            (Some(served.device), act, served.subject.clone())
        }
        Event::VacanciesPublished(published) => {
            (None, "vacancies_published".into(), published.by.clone())
        }
        Event::ListingWithdrawn(withdrawn) => {
            (None, "listing_withdrawn".into(), withdrawn.by.clone())
        }
        Event::NoticePublished(published) => {
            (None, "notice_published".into(), published.by.clone())
        }
        _ => return Ok(None),
    };
    let acted = StaffActed {
        act,
        subject,
        ..StaffActed::default()
    };
    Ok(Some((device, acted)))
}

fn put(
    sql: &Connection,
    device: Option<DeviceId>,
    acted: &StaffActed,
    stored: &Stored<'_>,
) -> Result<(), StoreError> {
    let statement = "INSERT INTO audit (position, at, staff, device, act, subject, address, role,
                                        station, reason)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    let values = (
        stored.position_i64(),
        stored.envelope.at.0,
        acted.staff.map(|staff| staff.to_string()),
        device.map(|device| device.to_string()),
        &acted.act,
        &acted.subject,
        &acted.address,
        acted.role.map(domain::case::Role::word),
        acted.station.as_ref().map(StationCode::as_str),
        &acted.reason,
    );
    execute(sql, statement, values)
}
