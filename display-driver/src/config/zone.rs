//! The zones of a board: where they lie, what each plays, and whether its dots and its card can.

use std::collections::BTreeSet;

use domain::id::WindowNo;
use toml::Spanned;

use super::item::{Lists, ReadItem, ReadPlay, Reader, day_rule};
use super::reading::ConfigError;
use super::table::{BoardTable, Shows, ZoneTable};
use crate::content::{AreaRect, BoardId};
use crate::page::{BoardLayout, Frame, PageLimit, TEXT_SIZE};
use crate::playlist::query::VacancyQuery;
use crate::playlist::{BoardPlan, LitHours, Play, PlayItem, ZonePlan};

/// A code whose modules are two by two dots, with its quiet zone.
const QR_SIDE_PX: u16 = 64;
/// A waiting list says who waits above whose turn comes.
const WAITING_ROWS_PX: u16 = 32;
/// `09:30`.
const CLOCK_COLUMNS_PX: u16 = 40;

/// A board without zones: one zone that plays what `shows` says.
#[must_use]
pub fn plan_of(
    id: BoardId,
    layout: BoardLayout,
    window: Option<WindowNo>,
    shows: &BTreeSet<Shows>,
) -> BoardPlan {
    let all = Play::Vacancies {
        query: VacancyQuery::default(),
        template: None,
    };
    let plays = shows.iter().flat_map(|shows| match shows {
        Shows::Vacancies => vec![all.clone()],
        Shows::Policies => vec![Play::Policies],
        Shows::Notices => vec![Play::Notices, Play::Publicity, Play::Slogans],
        Shows::Calls => Vec::new(),
    });
    let plays = window.map(|_| Play::Window).into_iter().chain(plays);
    BoardPlan {
        id,
        layout,
        window,
        takes_calls: shows.contains(&Shows::Calls),
        zones: vec![ZonePlan {
            rect: Frame::whole(layout).rect,
            takes_calls: false,
            items: plays.map(PlayItem::usual).collect(),
        }],
        lit: None,
        limit: PageLimit::NONE,
    }
}

/// The plan of a board whose own values have been checked.
pub(super) fn read_plan(
    reader: &mut Reader<'_>,
    lists: &Lists,
    table: &BoardTable,
) -> Result<BoardPlan, ConfigError> {
    let layout = BoardLayout {
        width_px: *table.width.get_ref(),
        height_px: *table.height.get_ref(),
    };
    let window = table.window.as_ref();
    let window = window.and_then(|window| WindowNo::new(*window.get_ref()).ok());
    let shows = table.shows.as_ref().map(|shows| shows.get_ref().clone());
    let shows = shows.unwrap_or_else(Shows::all);
    let mut plan = plan_of(table.id.get_ref().clone(), layout, window, &shows);
    check_short_way(reader, table)?;
    if !table.zones.is_empty() {
        plan.takes_calls = table.calls.as_ref().is_none_or(|calls| *calls.get_ref());
        plan.zones = Zones { table, layout }.read(reader, lists)?;
    }
    plan.lit = read_lit(reader, table)?;
    Ok(plan)
}

/// `shows` is the short way of writing and `calls` belongs to the long one.
fn check_short_way(reader: &Reader<'_>, table: &BoardTable) -> Result<(), ConfigError> {
    let at = || format!("屏 {}", table.id.get_ref());
    match (&table.shows, &table.calls, table.zones.is_empty()) {
        (Some(shows), _, false) => {
            let why = "分了区就在每个区里写放什么，不能再写 shows";
            Err(reader.text.fault(&shows.span(), at(), "shows", why))
        }
        (_, Some(calls), true) => {
            let why = "没有分区的屏在 shows 里写 calls";
            Err(reader.text.fault(&calls.span(), at(), "calls", why))
        }
        _ => Ok(()),
    }
}

fn read_lit(reader: &Reader<'_>, table: &BoardTable) -> Result<Option<LitHours>, ConfigError> {
    let at = format!("屏 {}", table.id.get_ref());
    let daily = reader.day_parts(&at, "lit", table.lit.as_ref())?;
    Ok((!daily.is_empty()).then(|| LitHours {
        daily,
        days: day_rule(table.lit_days),
    }))
}

struct Zones<'a> {
    table: &'a BoardTable,
    layout: BoardLayout,
}

impl Zones<'_> {
    fn read(&self, reader: &mut Reader<'_>, lists: &Lists) -> Result<Vec<ZonePlan>, ConfigError> {
        self.check_count(reader)?;
        let mut zones: Vec<ZonePlan> = Vec::new();
        for (index, table) in self.table.zones.iter().enumerate() {
            let at = self.at(index);
            let rect = self.rect(reader, &at, table)?;
            if let Some(other) = zones.iter().position(|zone| overlap(zone.rect, rect)) {
                let why = format!("和第 {} 个区重叠", other + 1);
                return Err(reader.text.fault(&table.x.span(), at, "x", why));
            }
            if table.calls && zones.iter().any(|zone| zone.takes_calls) {
                let why = "一块屏只有一个区放叫号";
                return Err(reader.text.fault(&table.x.span(), at, "calls", why));
            }
            let items = self.items(reader, lists, &at, table)?;
            for item in &items {
                self.check_item(reader, &at, rect, item)?;
            }
            let items = items.into_iter().filter_map(|item| match item.content {
                ReadPlay::Item(item) => Some(*item),
                ReadPlay::Qr => None,
            });
            zones.push(ZonePlan {
                rect,
                takes_calls: table.calls,
                items: items.collect(),
            });
        }
        Ok(zones)
    }

    fn at(&self, index: usize) -> String {
        format!("屏 {} 第 {} 个区", self.table.id.get_ref(), index + 1)
    }

    fn check_count(&self, reader: &Reader<'_>) -> Result<(), ConfigError> {
        let facts = self.table.family.get_ref().facts();
        let (most, why) = (facts.zones_max, facts.why_zones);
        let Some(first) = self.table.zones.get(most) else {
            return Ok(());
        };
        Err(reader
            .text
            .fault(&first.x.span(), self.at(most), "zone", why))
    }

    fn rect(
        &self,
        reader: &Reader<'_>,
        at: &str,
        table: &ZoneTable,
    ) -> Result<AreaRect, ConfigError> {
        let [x_px, y_px, width_px, height_px] =
            [&table.x, &table.y, &table.width, &table.height].map(|side| *side.get_ref());
        let fault = |side: &Spanned<u16>, field, why: String| {
            Err(reader.text.fault(&side.span(), at, field, why))
        };
        let BoardLayout {
            width_px: across,
            height_px: down,
        } = self.layout;
        let row = TEXT_SIZE.pixels() as u16;
        if width_px < row {
            return fault(
                &table.width,
                "width",
                format!("至少 {row} 点，放得下一个字"),
            );
        }
        if height_px < row {
            return fault(
                &table.height,
                "height",
                format!("至少 {row} 点，放得下一行字"),
            );
        }
        if u32::from(x_px) + u32::from(width_px) > across.into() {
            return fault(
                &table.width,
                "width",
                format!("超出了屏的右边，屏宽 {across} 点"),
            );
        }
        if u32::from(y_px) + u32::from(height_px) > down.into() {
            return fault(
                &table.height,
                "height",
                format!("超出了屏的下边，屏高 {down} 点"),
            );
        }
        let rect = AreaRect {
            x_px,
            y_px,
            width_px,
            height_px,
        };
        let facts = self.table.family.get_ref().facts();
        if facts.zones_max == 1 && rect != Frame::whole(self.layout).rect {
            return fault(&table.x, "x", format!("{} 屏的区就是整块屏", facts.name));
        }
        Ok(rect)
    }

    fn items(
        &self,
        reader: &mut Reader<'_>,
        lists: &Lists,
        at: &str,
        table: &ZoneTable,
    ) -> Result<Vec<ReadItem>, ConfigError> {
        match (&table.list, table.items.is_empty()) {
            (Some(name), true) => lists.get(name.get_ref()).map(<[_]>::to_vec).ok_or_else(|| {
                let why = format!("没有叫“{}”的列表，{}", name.get_ref(), lists.names());
                reader.text.fault(&name.span(), at, "list", why)
            }),
            (None, false) => reader.items(at, &table.items),
            (Some(name), false) => {
                let why = "写了 list 就不能再写 [[port.board.zone.item]]";
                Err(reader.text.fault(&name.span(), at, "list", why))
            }
            (None, true) if table.calls => Ok(Vec::new()),
            (None, true) => {
                let why = "要写放哪个列表，或者写 [[port.board.zone.item]]";
                Err(reader.text.fault(&table.x.span(), at, "list", why))
            }
        }
    }

    /// Whether the dots of a zone and the family of its board can show an item.
    fn check_item(
        &self,
        reader: &Reader<'_>,
        at: &str,
        rect: AreaRect,
        item: &ReadItem,
    ) -> Result<(), ConfigError> {
        let why = match &item.content {
            ReadPlay::Qr => Some(self.no_code(rect)),
            ReadPlay::Item(item) => match &item.play {
                Play::Waiting if rect.height_px < WAITING_ROWS_PX => {
                    Some("等候名单至少要两行字，32 点高")
                }
                Play::Clock if rect.width_px < CLOCK_COLUMNS_PX => Some("时钟至少要 40 点宽"),
                Play::Window if self.table.window.is_none() => {
                    Some("这块屏没有写 window，不知道是几号窗口")
                }
                _ => None,
            },
        };
        let fault = |why| Err(reader.text.fault(&item.place, at, "play", why));
        why.map_or(Ok(()), fault)
    }

    /// Why no board can be sent a code, though it can be drawn.
    fn no_code(&self, rect: AreaRect) -> &'static str {
        if rect.height_px < QR_SIDE_PX || rect.width_px < QR_SIDE_PX {
            return "二维码至少要 64×64 点，这个区放不下";
        }
        self.table.family.get_ref().facts().why_no_code
    }
}

fn overlap(one: AreaRect, other: AreaRect) -> bool {
    let apart = |from: u16, length: u16, other_from: u16, other_length: u16| {
        from + length <= other_from || other_from + other_length <= from
    };
    !apart(one.x_px, one.width_px, other.x_px, other.width_px)
        && !apart(one.y_px, one.height_px, other.y_px, other.height_px)
}
