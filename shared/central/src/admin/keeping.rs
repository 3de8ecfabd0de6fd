//! Requests about keeping the data: backup, how far the record goes, the whole check.

use std::fmt::Write as _;
use std::path::Path;

use domain::time::UtcMs;
use serde_json::json;

use crate::backup::BackupDesk;
use crate::parameters::Parameters;
use crate::serve::OpenError;
use crate::store::Extent;

use super::desk::told;
use super::{AdminDesk, AdminError, Told};

impl AdminDesk {
    pub(super) fn back_up(&self, to: Option<&Path>, now: UtcMs) -> Result<Told, AdminError> {
        let book = &self.store.live().parameters;
        let parameters = Parameters::in_book(book, now.hall_date());
        let keeping = parameters
            .map_err(|error| AdminError::Backup(OpenError::from(error).into()))?
            .keeping;
        let (store, folder) = (self.store.clone(), self.backups_in.clone());
        let made = BackupDesk::new(store, &self.data, folder, keeping).make(to, now)?;
        let manifest = &made.entry.manifest;
        let mut text = format!(
            "备份好了：{}\n{} 条记录，{} 字节。最后一条：{}。",
            made.entry.path.display(),
            manifest.extent.events,
            manifest.bytes,
            last_event_text(&manifest.extent),
        );
        if !made.deleted.is_empty() {
            // Writing to a string does not fail, here and below.
            let _ = write!(text, "\n过期的备份删了 {} 份。", made.deleted.len());
        }
        for name in &made.unsound {
            let _ = write!(text, "\n注意：以前的 {name} 坏了，不能用来恢复。没有删它。");
        }
        for name in &manifest.attachments_missing {
            let _ = write!(
                text,
                "\n注意：材料 {name} 的文件坏了或者不见了，没有备上。请运行 central verify。"
            );
        }
        let json = json!({
            "file": made.entry.path,
            "manifest": manifest,
            "deleted": made.deleted,
            "unsound": made.unsound,
        });
        Ok(told(text, &json))
    }

    pub(super) fn extent(&self) -> Result<Told, AdminError> {
        let extent = self.store.read_blocking(|reader| reader.extent())?;
        let text = format!(
            "{} 条记录。最后一条：{}。",
            extent.events,
            last_event_text(&extent)
        );
        Ok(told(text, &json!(extent)))
    }

    pub(super) fn verify(&self) -> Result<Told, AdminError> {
        let found = self.store.verify(&self.data)?;
        let is_done = found.faults.is_empty();
        let mut text = format!(
            "查了 {} 条链、{} 条记录、{} 个签名、{} 行查询表、{} 份材料：{}",
            found.chains,
            found.events,
            found.signed_tails,
            found.derived_rows,
            found.attachments,
            if is_done {
                "都对。"
            } else {
                "有不对的地方："
            }
        );
        for fault in &found.faults {
            text.push('\n');
            text.push_str(fault);
        }
        // Writing to a string does not fail, here and below.
        if found.more_faults > 0 {
            let _ = write!(text, "\n还有 {} 处没有列出来。", found.more_faults);
        }
        if found.quarantined > 0 {
            let _ = write!(
                text,
                "\n另有 {} 条记录互相矛盾，没有计入，留着待查。",
                found.quarantined
            );
        }
        let json = json!({
            "chains": found.chains,
            "events": found.events,
            "signed_tails": found.signed_tails,
            "quarantined": found.quarantined,
            "derived_rows": found.derived_rows,
            "attachments": found.attachments,
            "faults": found.faults,
            "more_faults": found.more_faults,
        });
        Ok(Told {
            is_done,
            ..told(text, &json)
        })
    }
}

/// The last event in words.
pub(crate) fn last_event_text(extent: &Extent) -> String {
    extent.last.as_ref().map_or_else(
        || "还没有记录".to_owned(),
        |last| {
            format!(
                "{}，{} 的第 {} 条（{}，位置 {}）",
                last.received.hall_time().format("%Y-%m-%d %H:%M:%S"),
                last.writer_name,
                last.seq,
                last.kind,
                last.position
            )
        },
    )
}
