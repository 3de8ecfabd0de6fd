//! `preview`: a text as a board shows it as a notice, as pictures.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use embedded_graphics::prelude::{DrawTarget, Pixel, Point};

use super::{FAILED, Failure, frames, print, say, usage, words};
use crate::codec::{BoardFamily, Face, Speech};
use crate::content::{AreaContent, Colour};
use crate::page::{BoardLayout, Frame, PageLimit, sentences, wanted};
use crate::preview::{Fate, Panel, fates, glass, with_code};
use crate::render::canvas::{Canvas, SIDE_PX_MAX};
use crate::render::glyph::GlyphSource;
use crate::render::picture::{self, Pitch};

/// The smallest side of a board.
const SIDE_PX_MIN: u16 = 16;
/// Dark rows between two pages of a tall picture.
const BETWEEN_PAGES_PX: u32 = 4;

#[derive(Debug, Args)]
#[command(
    help_template = usage::TEMPLATE,
    after_help = "分页、换行和屏上的通知一样：16 点字，最多 3 页，放不下的以“…”结尾。
几页时写成 文件-1.png、文件-2.png …，加 --tall 则上下拼成一张。
放不下、或有字画不出，退出码为 1，图仍然写出，看得到屏上会是什么样。

例：display-driver preview '周五下午停止办理' --size 192x32 --out 通知.png
    display-driver preview '3 号窗口暂停' --size 128x16 --colour red --pages 1 --out a.png"
)]
pub(super) struct PreviewArgs {
    /// 要显示的文字，\n 处换行
    #[arg(value_name = "文字")]
    text: String,
    /// 屏的点数，宽x高，如 192x16
    #[arg(long, value_name = "宽x高", value_parser = size)]
    size: BoardLayout,
    /// 哪种屏：onbon-k 字库卡用卡里的字，alpha 屏用我们的字；不写为 onbon-k
    #[arg(long, value_name = "协议", default_value = "onbon-k", hide_default_value = true, value_parser = frames::family)]
    family: BoardFamily,
    /// 写到哪个 PNG 文件
    #[arg(long, value_name = "文件")]
    out: PathBuf,
    /// 全部用一种颜色：red 红，green 绿，amber 黄；不写则和通知一样，首行黄，其余绿
    #[arg(long, value_name = "颜色", value_parser = colour)]
    colour: Option<Colour>,
    /// 最多几页，1 到 3；不写为 3
    #[arg(long, value_name = "页", default_value_t = 3, hide_default_value = true, value_parser = clap::value_parser!(u8).range(1..=3))]
    pages: u8,
    /// 几页上下拼成一张图
    #[arg(long)]
    tall: bool,
    /// 右边放一个二维码，扫出来是这个网址；至少 64 点高，大写字母和数字放得最多
    #[arg(long, value_name = "网址", conflicts_with_all = ["colour", "pages", "tall"])]
    qr: Option<String>,
}

pub(super) fn preview(args: &PreviewArgs) -> Result<ExitCode, Failure> {
    let text = args.text.replace("\\n", "\n");
    let frame = Frame::whole(args.size).limited(panel(args).limit);
    let wanted = wanted(&frame, &text);
    let pages = sentences(&frame, &text).into_iter();
    let mut pages: Vec<AreaContent> = pages.map(|page| page.content).collect();
    if pages.is_empty() || text.trim().is_empty() {
        return Err(Failure::wrong_usage("没有文字。"));
    }
    if let Some(link) = &args.qr {
        return preview_with_code(args, &text, link);
    }
    pages.truncate(usize::from(args.pages));
    if let Some(colour) = args.colour {
        pages.iter_mut().for_each(|page| paint(page, colour));
    }
    let panel = panel(args);
    let mut glyphs = GlyphSource::new();
    let pictures = pages.iter().map(|page| glass(&panel, &mut glyphs, [page]));
    write_all(args, pictures.collect())?;
    let is_drawn = tell_undrawable(args.family, &mut glyphs, &pages);
    let is_whole = wanted <= usize::from(args.pages);
    if !is_whole {
        let most = args.pages;
        say(&format!(
            "放不下：全文要 {wanted} 页，这样最多 {most} 页，后面的没有画出。"
        ));
    }
    Ok(ExitCode::from(if is_drawn && is_whole {
        0
    } else {
        FAILED
    }))
}

/// One page with a code, which the driven families of boards cannot be sent.
fn preview_with_code(args: &PreviewArgs, text: &str, link: &str) -> Result<ExitCode, Failure> {
    let panel = panel(args);
    let drawn = with_code(&panel, &mut GlyphSource::new(), text, link);
    let canvas = drawn.map_err(|fault| Failure::refused(format!("{fault}。")))?;
    write_all(args, vec![canvas])?;
    let why = args.family.facts().why_no_code;
    say(&format!("{why}；这张图只供查看。"));
    Ok(ExitCode::SUCCESS)
}

/// A board of that size and family, as the sheets have it.
fn panel(args: &PreviewArgs) -> Panel {
    let face = Face {
        width_px: args.size.width_px,
        height_px: args.size.height_px,
    };
    Panel {
        family: args.family,
        layout: args.size,
        has_green: true,
        limit: PageLimit::of(Speech::usual(args.family, face)),
    }
}

fn paint(page: &mut AreaContent, colour: Colour) {
    let spans = page.lines.iter_mut().flat_map(|line| &mut line.0);
    spans.for_each(|span| span.colour = colour);
}

/// Says what a board of that family cannot draw; whether there was nothing to say.
fn tell_undrawable(family: BoardFamily, glyphs: &mut GlyphSource, pages: &[AreaContent]) -> bool {
    let text: String = pages.iter().map(AreaContent::text).collect();
    let fates = fates(family, glyphs, &text);
    if !fates.is_empty() {
        let told = fates.iter().map(|(character, fate)| match fate {
            Fate::Replaced(other) => format!("{character}（改成 {other}）"),
            Fate::Missing => format!("{character}（画成 □）"),
        });
        let told = told.collect::<Vec<_>>().join("、");
        say(&format!("屏上没有的字：{told}"));
    }
    fates.is_empty()
}

fn write_all(args: &PreviewArgs, pictures: Vec<Canvas>) -> Result<(), Failure> {
    let pictures = if args.tall {
        vec![stacked(&pictures)]
    } else {
        pictures
    };
    let count = pictures.len();
    for (index, canvas) in pictures.iter().enumerate() {
        let path = if count == 1 {
            args.out.clone()
        } else {
            numbered(&args.out, index + 1)
        };
        let file = picture::png(canvas, Pitch::Px4)
            .map_err(|cause| Failure::refused(format!("画不成 PNG：{cause}。")))?;
        std::fs::write(&path, file).map_err(|fault| {
            let cause = words::fault::cause(&fault);
            Failure::refused(format!("写不了 {}：{cause}。", path.display()))
        })?;
        print(&path.display().to_string());
    }
    Ok(())
}

/// Pages below each other.
fn stacked(pages: &[Canvas]) -> Canvas {
    let rows = |page: &Canvas| page.rows().count() as u32;
    let height: u32 = pages.iter().map(|page| rows(page) + BETWEEN_PAGES_PX).sum();
    let width = pages.first().and_then(|page| page.rows().next());
    let width = width.map_or(0, <[_]>::len) as u32;
    let mut tall = Canvas::new(width, height.saturating_sub(BETWEEN_PAGES_PX));
    let mut top = 0;
    for page in pages {
        for (y, row) in page.rows().enumerate() {
            let dots = row.iter().enumerate();
            let Ok(()) = tall
                .draw_iter(dots.map(|(x, &dot)| Pixel(Point::new(x as i32, top + y as i32), dot)));
        }
        top += (rows(page) + BETWEEN_PAGES_PX) as i32;
    }
    tall
}

/// `wall.png` becomes `wall-2.png`.
pub(super) fn numbered(path: &Path, number: usize) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let name = match path.extension() {
        Some(extension) => format!("{stem}-{number}.{}", extension.to_string_lossy()),
        None => format!("{stem}-{number}"),
    };
    path.with_file_name(name)
}

fn size(text: &str) -> Result<BoardLayout, String> {
    let sides = text.split_once(['x', 'X', '×']);
    let read = |side: &str| {
        let side = side.parse::<u16>().ok()?;
        (SIDE_PX_MIN <= side && u32::from(side) <= SIDE_PX_MAX).then_some(side)
    };
    sides
        .and_then(|(width, height)| {
            Some(BoardLayout {
                width_px: read(width)?,
                height_px: read(height)?,
            })
        })
        .ok_or_else(|| "写成宽x高，如 192x16，两边都在 16 到 4096 点之间".to_owned())
}

fn colour(name: &str) -> Result<Colour, String> {
    match name {
        "red" => Ok(Colour::Red),
        "green" => Ok(Colour::Green),
        "amber" => Ok(Colour::Amber),
        _ => Err("颜色只有 red、green、amber".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_two_numbers_between_16_and_4096() {
        let layout = size("192x16").expect("a size");
        assert_eq!((layout.width_px, layout.height_px), (192, 16));
        for wrong in ["192", "192x", "8x16", "192x8", "5000x16", "-1x16"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn pages_are_numbered_before_the_extension() {
        assert_eq!(
            numbered(Path::new("/a/wall.png"), 2),
            Path::new("/a/wall-2.png")
        );
        assert_eq!(numbered(Path::new("wall"), 1), Path::new("wall-1"));
    }
}
