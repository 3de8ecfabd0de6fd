//! `restore` and `restore-drill`: not requests to a store, because the one needs a store that
//! nobody has open and the other makes its own.

use std::fmt::Write as _;
use std::path::Path;

use domain::time::UtcMs;
use serde_json::json;
use sync::data_dir::{DataDir, DataDirError};

use crate::admin::{self, AdminRequest, AnswerLine, Told, last_event_text};
use crate::backup::{self, Drilled, Occupied, Restored};
use crate::serve::DATABASE;
use crate::store::{Extent, Role, extent_of_file};

use super::arguments::{RestoreArguments, RestoreDrillArguments};
use super::requests::backup_folder;
use super::{Sentence, custody};

pub(super) fn restore(arguments: &RestoreArguments, now: UtcMs) -> Result<Told, Sentence> {
    let occupied = if arguments.replace {
        Occupied::MoveAside
    } else {
        Occupied::Refuse
    };
    let data = &arguments.common.data.data;
    let custody = custody(&arguments.common.data)?;
    let restored = backup::restore(&arguments.from, data, custody, occupied, now);
    restored
        .map(|restored| tell_restored(&restored))
        .map_err(|error| error.to_string())
}

fn tell_restored(restored: &Restored) -> Told {
    let mut text = format!(
        "恢复好了：{}（{} 做的），{} 条记录。\n最后一条：{}。",
        restored.entry.name(),
        restored.entry.manifest.made_at_text,
        restored.extent.events,
        last_event_text(&restored.extent),
    );
    if let Some(replaced) = &restored.replaced {
        // Writing to a string does not fail, here and below.
        let _ = write!(text, "\n原来的数据移到了 {}。", replaced.display());
    }
    text.push_str(
        "\n这之后设备上的记录，设备连上以后会自己再送来；在中心做的（叫号、公布、账号、停用设备）要重做一遍。大家要重新登录。",
    );
    if restored.role != Role::Centre {
        text.push_str(
            "\n注意：这是大厅节点的数据。中心那里如果有比备份更新的记录，会说对不上，要重新登记节点。",
        );
    }
    for device in &restored.devices {
        let _ = write!(text, "\n  {}：这里有到第 {} 条", device.name, device.seq);
    }
    let json = json!({
        "backup": restored.entry.name(),
        "made_at": restored.entry.manifest.made_at,
        "events": restored.extent.events,
        "last": restored.extent.last,
        "devices": restored.devices,
        "replaced": restored.replaced,
    });
    Told {
        text,
        json: json.to_string(),
        is_done: true,
    }
}

pub(super) fn drill(arguments: &RestoreDrillArguments, now: UtcMs) -> Result<Told, Sentence> {
    let data = &arguments.common.data.data;
    let folder =
        backup_folder(arguments.from.clone()).unwrap_or_else(|| backup::folder_beside(data));
    let drilled = custody(&arguments.common.data).and_then(|custody| {
        let drilled = backup::restore_drill(&folder, custody, now);
        drilled.map_err(|error| error.to_string())
    });
    let drilled = drilled.map_err(|sentence| format!("演练没有通过：{sentence}"))?;
    Ok(tell_drilled(&drilled, running_extent(data).as_ref()))
}

/// How far the store in use goes; `None` when there is none or it does not answer.
fn running_extent(data: &Path) -> Option<Extent> {
    let database = data.join(DATABASE);
    if !database.exists() {
        return None;
    }
    match DataDir::take(data) {
        Ok(_held) => extent_of_file(&database).ok(),
        Err(DataDirError::InUse { .. }) => {
            let answer = admin::ask(data, &AdminRequest::Extent, &mut |_| {});
            match answer {
                Ok(Some(AnswerLine::Told(told))) => serde_json::from_str(&told.json).ok(),
                _ => None,
            }
        }
        Err(DataDirError::Unusable { .. }) => None,
    }
}

fn tell_drilled(drilled: &Drilled, running: Option<&Extent>) -> Told {
    let found = &drilled.verification;
    let hours = drilled.age_ms / 3_600_000;
    let minutes = drilled.age_ms / 60_000 % 60;
    let mut text = format!(
        "试着恢复了 {}（{} 做的，{hours} 小时 {minutes} 分钟以前），{} 条记录。\n最后一条：{}。\n",
        drilled.entry.name(),
        drilled.entry.manifest.made_at_text,
        drilled.extent.events,
        last_event_text(&drilled.extent),
    );
    text.push_str(if drilled.is_sound() {
        "核对全部通过，这份备份能用。"
    } else {
        "核对没有通过，这份备份不能用："
    });
    for name in &drilled.entry.manifest.attachments_missing {
        let _ = write!(
            text,
            "\n做这份备份时材料 {name} 的文件已经坏了或者不见了，里面没有。"
        );
    }
    for fault in &found.faults {
        let _ = write!(text, "\n{fault}");
    }
    let missing = running.map(|running| running.events.saturating_sub(drilled.extent.events));
    match missing {
        Some(missing) => {
            let _ = write!(text, "\n和现在的数据相比，少最近的 {missing} 条。");
        }
        None => text.push_str("\n现在的数据问不到，没有比较少了多少。"),
    }
    let json = json!({
        "backup": drilled.entry.name(),
        "made_at": drilled.entry.manifest.made_at,
        "age_ms": drilled.age_ms,
        "is_sound": drilled.is_sound(),
        "events": drilled.extent.events,
        "last": drilled.extent.last,
        "faults": found.faults,
        "missing_events": missing,
        "running_last": running.and_then(|running| running.last.as_ref()),
    });
    Told {
        text,
        json: json.to_string(),
        is_done: drilled.is_sound(),
    }
}
