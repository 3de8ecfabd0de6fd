//! A hall's layout from a file that a person edits, and laying a hall out with it.
//!
//! ```toml
//! station_name = "示例区就业服务大厅"
//! [[windows]]
//! no = 1
//! groups = ["A", "E"]
//! # groups = [...] as in assets/hall/service-groups.json; the district's groups when left out
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use domain::id::{GroupCode, HallId, WindowNo};
use domain::queue::{HallLayout, ServiceGroup};
use domain::refusal::{Refusal, RefusalCode};
use domain::time::UtcMs;
use serde::Deserialize;
use thiserror::Error;
use wire::event::{Event, HallLaidOut};

use crate::assets;
use crate::authority::{self, Decision};
use crate::store::Write;

/// Longest name of a group on screens, in characters.
const NAME_CHARS_MAX: usize = 8;
/// Longest hint of a group.
const HINT_CHARS_MAX: usize = 12;

/// A layout file that cannot be used.
#[derive(Debug, Error)]
pub(crate) enum LayoutError {
    /// It cannot be read.
    #[error("布局文件 {path} 读不了：{reason}")]
    Unreadable {
        /// Its path.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A text does not fit on the screen.
    #[error("“{text}”太长，屏上放不下，最多 {chars_max} 个字。")]
    TooLong {
        /// The text.
        text: String,
        /// The bound.
        chars_max: usize,
    },
    /// A window serves a group that does not exist.
    #[error("{window} 号窗口的事项组 {group} 没有定义。")]
    UnknownGroup {
        /// The window.
        window: WindowNo,
        /// The group.
        group: GroupCode,
    },
    /// Nothing could be called.
    #[error("布局里没有窗口。")]
    NoWindow,
}

/// A hall's name and layout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NamedLayout {
    pub(crate) station_name: String,
    pub(crate) layout: HallLayout,
}

#[derive(Deserialize)]
struct LayoutFile {
    station_name: String,
    windows: Vec<WindowEntry>,
    groups: Option<Vec<GroupEntry>>,
}

#[derive(Deserialize)]
struct WindowEntry {
    no: WindowNo,
    groups: BTreeSet<GroupCode>,
}

#[derive(Deserialize)]
struct GroupsFile {
    groups: Vec<GroupEntry>,
}

#[derive(Deserialize)]
struct GroupEntry {
    code: GroupCode,
    name: String,
    hint: String,
    typical_service_minutes: u16,
    /// Under which line of the contract its satisfaction counts.
    #[serde(default)]
    kpi_line: String,
}

/// Under which line of the contract (考核项) the satisfaction of each group counts; never two
/// together (reports §7).
pub(crate) fn kpi_lines() -> BTreeMap<GroupCode, String> {
    let file: GroupsFile = serde_json::from_str(assets::SERVICE_GROUPS)
        .expect("the program's groups, because a test reads them");
    let groups = file.groups.into_iter();
    groups.map(|group| (group.code, group.kpi_line)).collect()
}

/// The layout in a file, TOML or JSON by its name.
pub(crate) fn read_file(path: &Path) -> Result<NamedLayout, LayoutError> {
    let unreadable = |reason: String| LayoutError::Unreadable {
        path: path.to_owned(),
        reason,
    };
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
    let is_toml = path
        .extension()
        .is_some_and(|extension| extension == "toml");
    let file: LayoutFile = if is_toml {
        toml::from_str(&text).map_err(|error| unreadable(error.to_string()))?
    } else {
        serde_json::from_str(&text).map_err(|error| unreadable(error.to_string()))?
    };
    let windows = file
        .windows
        .into_iter()
        .map(|window| (window.no, window.groups))
        .collect();
    let groups = file.groups.map_or_else(district_groups, groups_of);
    checked(file.station_name, HallLayout { groups, windows })
}

/// The district's groups with these windows.
pub(crate) fn of_windows(
    station_name: &str,
    windows: BTreeMap<WindowNo, BTreeSet<GroupCode>>,
) -> Result<NamedLayout, LayoutError> {
    checked(
        station_name.to_owned(),
        HallLayout {
            groups: district_groups(),
            windows,
        },
    )
}

fn district_groups() -> BTreeMap<GroupCode, ServiceGroup> {
    let file: GroupsFile = serde_json::from_str(assets::SERVICE_GROUPS)
        .expect("the district's groups, because a test reads them");
    groups_of(file.groups)
}

fn groups_of(entries: Vec<GroupEntry>) -> BTreeMap<GroupCode, ServiceGroup> {
    let group = |entry: GroupEntry| {
        let GroupEntry {
            code,
            name,
            hint,
            typical_service_minutes,
            kpi_line: _,
        } = entry;
        (
            code,
            ServiceGroup {
                name,
                hint,
                typical_service_minutes,
            },
        )
    };
    entries.into_iter().map(group).collect()
}

fn checked(station_name: String, layout: HallLayout) -> Result<NamedLayout, LayoutError> {
    for group in layout.groups.values() {
        for (text, chars_max) in [(&group.name, NAME_CHARS_MAX), (&group.hint, HINT_CHARS_MAX)] {
            if text.chars().count() > chars_max {
                return Err(LayoutError::TooLong {
                    text: text.clone(),
                    chars_max,
                });
            }
        }
    }
    if layout.windows.is_empty() {
        return Err(LayoutError::NoWindow);
    }
    for (window, groups) in &layout.windows {
        if let Some(group) = groups
            .iter()
            .find(|group| !layout.groups.contains_key(group))
        {
            return Err(LayoutError::UnknownGroup {
                window: *window,
                group: *group,
            });
        }
    }
    Ok(NamedLayout {
        station_name,
        layout,
    })
}

/// Lays a hall out, first or anew. A window at which somebody is called or served stays.
pub(crate) fn lay_out(
    write: &mut Write<'_>,
    hall: HallId,
    named: NamedLayout,
    now: UtcMs,
) -> Decision<()> {
    let busy = write.hall(hall).and_then(|known| {
        let mut windows = known.queue.windows.iter();
        windows.find_map(|(no, window)| {
            (window.current.is_some() && !named.layout.windows.contains_key(no)).then_some(*no)
        })
    });
    if let Some(window) = busy {
        let text = format!("{window} 号窗口还有一位没办完，办结后再撤这个窗口。");
        return Ok(Err(Refusal::new(RefusalCode::WindowBusy, text)));
    }
    let NamedLayout {
        station_name,
        layout,
    } = named;
    write.append(
        &Event::HallLaidOut(HallLaidOut {
            hall,
            station_name,
            layout,
        }),
        now,
    )?;
    authority::refresh(write, hall, now).map(Ok)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn windows(letters: &str) -> BTreeMap<WindowNo, BTreeSet<GroupCode>> {
        let groups = letters
            .chars()
            .map(|letter| GroupCode::new(letter).unwrap())
            .collect();
        [(WindowNo::new(1).unwrap(), groups)].into()
    }

    #[test]
    fn the_districts_groups_read_and_fit_the_screen() {
        let named = of_windows("示例大厅", windows("ABCDE")).unwrap();
        assert_eq!(named.layout.groups.len(), 5);
    }

    #[test]
    fn a_window_for_a_group_that_does_not_exist_is_said() {
        let error = of_windows("示例大厅", windows("AT")).unwrap_err();
        assert_eq!(error.to_string(), "1 号窗口的事项组 T 没有定义。");
    }

    #[test]
    fn a_layout_file_may_leave_the_groups_to_the_district() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("hall.toml");
        let text = "station_name = '示例大厅'\n[[windows]]\nno = 2\ngroups = ['B']\n";
        std::fs::write(&path, text).unwrap();
        let named = read_file(&path).unwrap();
        assert_eq!(named.layout.windows.len(), 1);
        assert_eq!(named.station_name, "示例大厅");
    }
}
