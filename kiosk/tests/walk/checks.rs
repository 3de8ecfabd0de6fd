//! What must hold on every page: words whole and readable, targets large enough and told apart.

use std::collections::HashMap;
use std::ops::Range;

use kiosk::app::reading::Bounds;
use kiosk::snapshot::{Look, Sheet};
use kiosk::ui::{PageId, ThemeKind};
use slint::Color;

use crate::contrast::contrast;
use crate::glass::{Control, Glass, Word};
use crate::looks::Panel;

/// Sizes are divided without rounding, and a glyph's box is a little wider than its ink.
const TOLERANCE_PX: f32 = 1.0;
/// A finger's width (kiosk-flows §6).
const TARGET_MM: f32 = 20.0;

/// Everything that is wrong with a page.
pub(crate) fn faults(glass: &Glass, look: Look, panel: Panel, sheet: Sheet) -> Vec<String> {
    let window = Bounds {
        x: 0.0,
        y: 0.0,
        width: px(look.width),
        height: px(look.height),
    };
    let mut faults = Vec::new();
    faults.extend(glass.words.iter().filter_map(|word| cut(word, window)));
    faults.extend(
        glass
            .reachable()
            .filter_map(|it| hit(it, window, panel, sheet)),
    );
    faults.extend(covered(glass));
    faults.extend(unlabelled(glass, window));
    faults.extend(alike(glass));
    faults.extend(unreachable(glass, look));
    faults.extend(crowded(glass, look, sheet));
    faults.extend(no_way_out(glass, sheet));
    faults
}

fn cut(word: &Word, window: Bounds) -> Option<String> {
    let (width, height) = word.needs;
    let is_too_wide = !word.wraps && width > word.bounds.width + TOLERANCE_PX;
    let is_too_high = word.wraps && height > word.bounds.height + TOLERANCE_PX;
    if !word.may_be_shortened && (is_too_wide || is_too_high) {
        return Some(format!(
            "“{}” is cut: needs {width}×{height}, has {:.0}×{:.0}",
            word.text, word.bounds.width, word.bounds.height
        ));
    }
    let outer = word.control.unwrap_or(window);
    (!contains(outer, word.bounds) || !contains(window, word.bounds))
        .then(|| format!("“{}” sticks out: {:?} of {outer:?}", word.text, word.bounds))
}

fn hit(control: &Control, window: Bounds, panel: Panel, sheet: Sheet) -> Option<String> {
    let least = (TARGET_MM * panel.px_per_mm).ceil() - TOLERANCE_PX;
    let Control { label, bounds, .. } = control;
    // A technician touches the cells to find dead corners.
    let is_small = bounds.width < least || bounds.height < least;
    if is_small && sheet != Sheet::ServiceGlass {
        return Some(format!("“{label}” is small: {bounds:?}"));
    }
    (!contains(window, *bounds)).then(|| format!("“{label}” leaves the glass: {bounds:?}"))
}

fn covered(glass: &Glass) -> Vec<String> {
    let controls: Vec<_> = glass.reachable().collect();
    let mut faults = Vec::new();
    for (index, one) in controls.iter().enumerate() {
        for other in &controls[index + 1..] {
            // "清空" lies inside the search field by design.
            let is_clear = other.label == "清空" || one.label == "清空";
            if !apart(one.bounds, other.bounds) && !is_clear {
                faults.push(format!("“{}” covers “{}”", other.label, one.label));
            }
        }
    }
    faults
}

/// Only the whole glass, a dialog's veil, and the mark that hides the service page.
fn unlabelled(glass: &Glass, window: Bounds) -> Vec<String> {
    let is_whole = |it: &Bounds| it.width >= window.width - 1.0 && it.height >= window.height - 1.0;
    let is_mark =
        |it: &Bounds| (it.width - it.height).abs() < 1.0 && it.width < 100.0 && it.x < 100.0;
    let bare = glass.bare.iter().filter(|it| !is_whole(it) && !is_mark(it));
    let mut faults: Vec<_> = bare
        .map(|it| format!("something without a label can be touched at {it:?}"))
        .collect();
    let nameless = glass
        .controls
        .iter()
        .filter(|it| it.label.trim().is_empty());
    faults.extend(nameless.map(|it| format!("a control without a label at {:?}", it.bounds)));
    faults
}

fn alike(glass: &Glass) -> Vec<String> {
    let mut seen = HashMap::new();
    for control in glass.reachable() {
        *seen.entry(&control.label).or_insert(0) += 1;
    }
    let twice = seen.into_iter().filter(|(_, count)| *count > 1);
    twice
        .map(|(label, count)| format!("“{label}” stands there {count} times"))
        .collect()
}

fn unreachable(glass: &Glass, look: Look) -> Vec<String> {
    let is_sitting = look.low_reach && look.kind != ThemeKind::Elderly;
    let middle = if is_sitting && look.height > look.width {
        px(look.height) / 2.0
    } else {
        0.0
    };
    let above = glass
        .reachable()
        .filter(|it| it.is_enabled && it.bounds.y < middle - 1.0);
    above
        .map(|it| {
            format!(
                "“{}” is too high for somebody who sits: {:?}",
                it.label, it.bounds
            )
        })
        .collect()
}

/// Old people choose among four things at most, and tick at most four. The five levels of a score are
/// fixed by the standard; the letter of a ticket is not chosen but copied.
fn crowded(glass: &Glass, look: Look, sheet: Sheet) -> Option<String> {
    if matches!(sheet, Sheet::Score | Sheet::ScoreLetter) {
        return None;
    }
    // one character is a key, and a page is turned by what bears an arrow
    let is_choice = |it: &&Control| {
        let is_turned = ["上一页", "下一页", "退格", "清空", "收起"].contains(&it.label.as_str());
        it.is_enabled && !it.is_act && !is_turned && it.label.chars().count() > 1
    };
    let (ticks, choices): (Vec<_>, Vec<_>) = glass
        .reachable()
        .filter(is_choice)
        .partition(|it| it.is_tick);
    let most = ticks.len().max(choices.len());
    (look.kind == ThemeKind::Elderly && most > 4)
        .then(|| format!("{most} choices are too many for old people"))
}

fn no_way_out(glass: &Glass, sheet: Sheet) -> Vec<String> {
    let page = sheet.page();
    let stands_alone = matches!(
        page,
        PageId::Home | PageId::QueueDisplay | PageId::Attract | PageId::Service
    );
    if stands_alone || sheet.is_terminal() {
        return Vec::new();
    }
    let offered = |words: &str| glass.controls.iter().any(|it| it.label.contains(words));
    ["回首页", "叫人"]
        .iter()
        .filter(|words| !offered(words))
        .map(|words| format!("no “{words}”"))
        .collect()
}

/// Words that cannot be read against what really lies behind them. `rgb` is the drawn page.
pub(crate) fn pale(glass: &Glass, look: Look, rgb: &[u8]) -> Vec<String> {
    let floor = match look.kind {
        ThemeKind::Normal => 4.5,
        ThemeKind::Elderly | ThemeKind::Contrast => 7.0,
    };
    // The dialog's veil changes every colour below it.
    let words = glass.words.iter().filter(|_| !glass.has_dialog);
    let mut faults = Vec::new();
    for word in words {
        let behind = grounds(word.bounds, look, rgb, word.ink);
        let ratios = behind.into_iter().map(|behind| contrast(word.ink, behind));
        let worst = ratios.fold(f64::INFINITY, f64::min);
        let least = if word.is_idle { 4.5 } else { floor };
        // Colours are rounded to bytes.
        if worst < least - 0.02 {
            faults.push(format!("“{}” has a contrast of {worst:.2} only", word.text));
        }
    }
    faults
}

/// How much of the ground behind a word a colour covers before it matters.
const SHARE_LEAST: f64 = 0.12;
/// Neighbours on one ground differ by no more than this, even on a gradient; on the soft edge of a
/// letter they differ by more.
const FLAT_MOST: u8 = 6;

/// The colours behind a word, alike ones as one, where its ink really is.
fn grounds(bounds: Bounds, look: Look, rgb: &[u8], ink: Color) -> Vec<Color> {
    let width = look.width as usize;
    let at = |x: usize, y: usize| {
        let at = (y * width + x) * 3;
        [rgb[at], rgb[at + 1], rgb[at + 2]]
    };
    let is_alike = |one: [u8; 3], other: [u8; 3]| {
        let mut channels = one.into_iter().zip(other);
        channels.all(|(a, b)| a.abs_diff(b) <= FLAT_MOST)
    };
    let Some((columns, rows)) = inked(bounds, look, &at, ink) else {
        return Vec::new();
    };
    let mut shades: HashMap<[u8; 3], (u32, [u8; 3])> = HashMap::new();
    let mut all = 0_u32;
    for y in rows.start + 1..rows.end.saturating_sub(1) {
        for x in columns.start + 1..columns.end.saturating_sub(1) {
            let here = at(x, y);
            let around = [at(x - 1, y), at(x + 1, y), at(x, y - 1), at(x, y + 1)];
            let is_flat = around.into_iter().all(|pixel| is_alike(pixel, here));
            if is_flat && !is_alike(here, rgb_of(ink)) {
                all += 1;
                let shade = here.map(|channel| channel >> 5);
                shades.entry(shade).or_insert((0, here)).0 += 1;
            }
        }
    }
    let matters = |count: u32| f64::from(count) >= f64::from(all) * SHARE_LEAST;
    let shades = shades.into_values().filter(|(count, _)| matters(*count));
    shades
        .map(|(_, [red, green, blue])| Color::from_rgb_u8(red, green, blue))
        .collect()
}

fn rgb_of(ink: Color) -> [u8; 3] {
    [ink.red(), ink.green(), ink.blue()]
}

/// The columns and rows in which pixels of the ink lie.
fn inked(
    bounds: Bounds,
    look: Look,
    at: &impl Fn(usize, usize) -> [u8; 3],
    ink: Color,
) -> Option<(Range<usize>, Range<usize>)> {
    let (left, top) = (edge(bounds.x, look.width), edge(bounds.y, look.height));
    let right = edge(bounds.x + bounds.width, look.width);
    let bottom = edge(bounds.y + bounds.height, look.height);
    let (mut columns, mut rows) = (right..left, bottom..top);
    for y in top..bottom {
        for x in left..right {
            if at(x, y) == rgb_of(ink) {
                columns = columns.start.min(x)..columns.end.max(x + 1);
                rows = rows.start.min(y)..rows.end.max(y + 1);
            }
        }
    }
    (columns.start < columns.end).then_some((columns, rows))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a place on a screen"
)]
fn edge(place: f32, most: u32) -> usize {
    place.clamp(0.0, px(most)) as usize
}

fn contains(outer: Bounds, inner: Bounds) -> bool {
    inner.x >= outer.x - TOLERANCE_PX
        && inner.y >= outer.y - TOLERANCE_PX
        && inner.x + inner.width <= outer.x + outer.width + TOLERANCE_PX
        && inner.y + inner.height <= outer.y + outer.height + TOLERANCE_PX
}

fn apart(a: Bounds, b: Bounds) -> bool {
    a.x + a.width <= b.x + TOLERANCE_PX
        || b.x + b.width <= a.x + TOLERANCE_PX
        || a.y + a.height <= b.y + TOLERANCE_PX
        || b.y + b.height <= a.y + TOLERANCE_PX
}

#[expect(clippy::cast_precision_loss, reason = "a screen's pixels are few")]
pub(crate) fn px(pixels: u32) -> f32 {
    pixels as f32
}
