//! `kiosk snapshot`: one page as a PNG file, with invented content or, with `--query`, with what
//! the index of a data directory really finds.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};

use super::print;
use super::start::system_clock;
use crate::app::event::Touch;
use crate::app::rehearsal::{self, Plan};
use crate::config::ScreenSize;
use crate::snapshot::{Look, Sheet, Stage};
use crate::ui::ThemeKind;

#[derive(Debug, Args)]
#[command(after_help = "例：kiosk snapshot home --out home.png
    kiosk snapshot job-search --data ./data --query dg --out search.png
页面的名字用 kiosk snapshot --list 看。")]
pub(super) struct SnapshotOptions {
    /// 页面的名字
    #[arg(value_name = "页面", required_unless_present = "list")]
    page: Option<String>,
    /// 图片存到哪里（PNG）
    #[arg(long, value_name = "文件", required_unless_present = "list")]
    out: Option<PathBuf>,
    /// 拿真的岗位来找：拼音字母或者词
    #[arg(long, value_name = "词")]
    query: Option<String>,
    /// 真的岗位在哪个文件夹；不写就用 ./data
    #[arg(
        long,
        value_name = "文件夹",
        default_value = "./data",
        hide_default_value = true
    )]
    data: PathBuf,
    /// 画面大小；不写就按页面常用的
    #[arg(long, value_name = "宽x高")]
    size: Option<ScreenSize>,
    /// 样子：normal 普通，elderly 老年，contrast 黑底
    #[arg(
        long,
        value_name = "样子",
        default_value = "normal",
        hide_default_value = true,
        hide_possible_values = true
    )]
    theme: ThemeName,
    /// 字放大
    #[arg(long)]
    enlarged: bool,
    /// 坐着用
    #[arg(long)]
    low_reach: bool,
    /// 列出所有页面的名字
    #[arg(long)]
    list: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ThemeName {
    Normal,
    Elderly,
    Contrast,
}

pub(super) fn run(options: &SnapshotOptions) -> Result<()> {
    let (Some(page), Some(out)) = (&options.page, &options.out) else {
        Sheet::ALL.iter().for_each(|(_, name)| print(name));
        return Ok(());
    };
    let sheet = Sheet::named(page)
        .with_context(|| format!("没有 {page} 这个页面。用 kiosk snapshot --list 看有哪些。"))?;
    let stage = Stage::open(look(options, sheet))?;
    match &options.query {
        Some(query) => {
            let plan = Plan {
                dir: &options.data,
                query,
                sheet,
                look: &look_touches(options),
                now: system_clock(),
            };
            rehearsal::search(stage.window(), plan)?;
        }
        None => stage.fill(sheet),
    }
    stage.save(out)?;
    Ok(())
}

/// The same look, chosen as a person chooses it.
fn look_touches(options: &SnapshotOptions) -> Vec<Touch> {
    let kind = match options.theme {
        ThemeName::Normal => None,
        ThemeName::Elderly => Some(Touch::ToggleElderly),
        ThemeName::Contrast => Some(Touch::ToggleContrast),
    };
    let scale = options.enlarged.then_some(Touch::ToggleScale);
    let reach = options.low_reach.then_some(Touch::ToggleLowReach);
    [kind, scale, reach].into_iter().flatten().collect()
}

fn look(options: &SnapshotOptions, sheet: Sheet) -> Look {
    let usual = match sheet {
        _ if sheet.is_terminal() => Look::WINDOW,
        _ if sheet.is_display() => Look::DISPLAY,
        _ => Look::PORTRAIT,
    };
    let (width, height) = options.size.map_or((usual.width, usual.height), |size| {
        (size.width, size.height)
    });
    Look {
        width,
        height,
        kind: match options.theme {
            ThemeName::Normal => ThemeKind::Normal,
            ThemeName::Elderly => ThemeKind::Elderly,
            ThemeName::Contrast => ThemeKind::Contrast,
        },
        scale: if options.enlarged { 1.2 } else { 1.0 },
        low_reach: options.low_reach,
    }
}
