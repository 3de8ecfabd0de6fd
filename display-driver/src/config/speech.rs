//! How a board is spoken to and set up: what the vendors' documents leave open, as a person who has
//! looked at the glass writes it. What is not written is as the sheets have it (`codec::Speech`), and
//! brightness and timer stay as they are on the card.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;

use super::item::Reader;
use super::reading::ConfigError;
use super::table::BoardTable;
use crate::codec::{
    Face, FontName, FontPair, Fonts, Glide, HalfHourLevels, LitPeriod, Speech, Talk,
};
use crate::link::{Brightness, SetUp};

/// The key of the level at all other times.
const OTHERWISE: &str = "usual";
/// Levels of a card (`onbon-bx.md` A3).
const LEVEL_MAX: u8 = 15;
/// Slowest movement of a card (`onbon-bx.md` A4, field 17).
const SPEED_MAX: u8 = 0x18;
/// From a dot that nobody can follow to one that nobody waits for.
const DOT_MS: RangeInclusive<u64> = 1..=500;
/// From less than the sheet's smallest card to more than its largest (`onbon-bx.md` A1).
const FRAME_BYTES: RangeInclusive<u16> = 128..=4_096;
/// Half seconds.
const FLASH: RangeInclusive<u8> = 1..=4;
/// A board that thinks longer would hold up its line.
const ANSWER_MS: RangeInclusive<u64> = 100..=30_000;
/// Periods of a card's timer (`onbon-bx.md` A3).
const PERIODS_MAX: usize = 3;
const HALF_HOUR_MIN: u16 = 30;
const DAY_MIN: u16 = 24 * 60;

/// `brightness = 8`, or `{ usual = 6, "08:00-18:00" = 15 }`.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum BrightnessTable {
    Level(u8),
    ByTime(BTreeMap<String, u8>),
}

/// `{ speed = 4, dot_ms = 25 }`.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GlideTable {
    speed: u8,
    dot_ms: u64,
}

/// `scroll = { usual = …, slow = … }`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScrollTable {
    usual: Option<GlideTable>,
    slow: Option<GlideTable>,
}

/// One board, while what is written of its protocol is read.
struct Written<'r, 't> {
    reader: &'r Reader<'t>,
    table: &'r BoardTable,
}

/// How the board is spoken to.
pub(super) fn read_speech(reader: &Reader<'_>, table: &BoardTable) -> Result<Speech, ConfigError> {
    let written = Written { reader, table };
    let face = Face {
        width_px: *table.width.get_ref(),
        height_px: *table.height.get_ref(),
    };
    let usual = Speech::usual(*table.family.get_ref(), face);
    let scroll = table.scroll.as_ref();
    let glide = |of: fn(&ScrollTable) -> Option<GlideTable>, usual: Glide| match scroll
        .and_then(|scroll| of(scroll.get_ref()))
    {
        Some(glide) => written.glide(glide),
        None => Ok(usual),
    };
    Ok(Speech {
        talk: written.talk(usual.talk),
        fonts: written.fonts()?,
        frame_bytes_max: written
            .within("frame_bytes", table.frame_bytes.as_ref(), FRAME_BYTES)?
            .map_or(usual.frame_bytes_max, usize::from),
        usual: glide(|scroll| scroll.usual, usual.usual)?,
        slow: glide(|scroll| scroll.slow, usual.slow)?,
        flash_half_s: written
            .within("flash_half_s", table.flash_half_s.as_ref(), FLASH)?
            .unwrap_or(usual.flash_half_s),
        answer_wait: written
            .within("answer_ms", table.answer_ms.as_ref(), ANSWER_MS)?
            .map_or(usual.answer_wait, Duration::from_millis),
        ..usual
    })
}

/// How the board is set up, whatever it shows.
pub(super) fn read_set_up(reader: &Reader<'_>, table: &BoardTable) -> Result<SetUp, ConfigError> {
    let written = Written { reader, table };
    Ok(SetUp {
        brightness: written.brightness()?,
        timer: written.timer()?,
    })
}

impl Written<'_, '_> {
    fn fault<T>(
        &self,
        place: &Spanned<T>,
        field: &'static str,
        why: impl Into<String>,
    ) -> ConfigError {
        let at = format!("屏 {}", self.table.id.get_ref());
        self.reader.text.fault(&place.span(), at, field, why)
    }

    fn talk(&self, usual: Talk) -> Talk {
        let is = |flag: &Option<Spanned<bool>>, wanted: bool| {
            flag.as_ref().is_some_and(|flag| *flag.get_ref() == wanted)
        };
        match usual {
            Talk::AnswersReads if is(&self.table.acknowledges, true) => Talk::Acknowledges,
            Talk::AnswersReads if is(&self.table.reads, false) => Talk::Mute,
            usual => usual,
        }
    }

    /// A number within what can be.
    fn within<N: PartialOrd + Copy + std::fmt::Display>(
        &self,
        field: &'static str,
        written: Option<&Spanned<N>>,
        range: RangeInclusive<N>,
    ) -> Result<Option<N>, ConfigError> {
        let Some(written) = written else {
            return Ok(None);
        };
        if range.contains(written.get_ref()) {
            return Ok(Some(*written.get_ref()));
        }
        let why = format!("应在 {} 到 {} 之间", range.start(), range.end());
        Err(self.fault(written, field, why))
    }

    /// Heights that are not written are not on the card; nothing written is the sheet's table.
    fn fonts(&self) -> Result<Fonts, ConfigError> {
        let Some(chinese) = &self.table.fonts else {
            return match &self.table.latin_fonts {
                Some(latin) => {
                    let why = "要和 fonts 一起写";
                    Err(self.fault(latin, "latin_fonts", why))
                }
                None => Ok(Fonts::USUAL),
            };
        };
        let latin = self.table.latin_fonts.as_ref().unwrap_or(chinese);
        self.check_heights("fonts", chinese)?;
        self.check_heights("latin_fonts", latin)?;
        let name = |field, fonts: &Spanned<BTreeMap<String, String>>, height: &str| {
            let written = fonts.get_ref().get(height);
            let name = written.map(|name| {
                FontName::new(name).ok_or_else(|| {
                    let why = format!("{name} 应是字库文件名的后三位，数字或大写字母，如 000");
                    self.fault(fonts, field, why)
                })
            });
            name.transpose()
        };
        let pair = |height: &str| -> Result<Option<FontPair>, ConfigError> {
            let chinese = name("fonts", chinese, height)?;
            let latin = name("latin_fonts", latin, height)?;
            Ok(chinese
                .zip(latin)
                .map(|(chinese, latin)| FontPair { chinese, latin }))
        };
        let px16 = pair("16")?.ok_or_else(|| {
            let why = "要有 16 点的中文和西文字库，文字都用它";
            self.fault(chinese, "fonts", why)
        })?;
        Ok(Fonts {
            px16,
            px24: pair("24")?,
            px32: pair("32")?,
        })
    }

    fn check_heights(
        &self,
        field: &'static str,
        fonts: &Spanned<BTreeMap<String, String>>,
    ) -> Result<(), ConfigError> {
        let is_height = |height: &&String| ["16", "24", "32"].contains(&height.as_str());
        match fonts.get_ref().keys().find(|height| !is_height(height)) {
            Some(other) => {
                let why = format!("只有 16、24、32 点的字，没有 {other} 点的");
                Err(self.fault(fonts, field, why))
            }
            None => Ok(()),
        }
    }

    fn glide(&self, GlideTable { speed, dot_ms }: GlideTable) -> Result<Glide, ConfigError> {
        let why = if speed > SPEED_MAX {
            format!("speed 应在 0（最快）到 {SPEED_MAX}（最慢）之间")
        } else if !DOT_MS.contains(&dot_ms) {
            format!("dot_ms 应在 {} 到 {} 之间", DOT_MS.start(), DOT_MS.end())
        } else {
            let dot = Duration::from_millis(dot_ms);
            return Ok(Glide { speed, dot });
        };
        let place = self.table.scroll.as_ref().map_or(0..0, Spanned::span);
        let at = format!("屏 {}", self.table.id.get_ref());
        Err(self.reader.text.fault(&place, at, "scroll", why))
    }

    fn brightness(&self) -> Result<Option<Brightness>, ConfigError> {
        let Some(written) = &self.table.brightness else {
            return Ok(None);
        };
        let fault = |why: String| self.fault(written, "brightness", why);
        let too_bright = || fault(format!("亮度应在 0 到 {LEVEL_MAX} 之间"));
        let by_time = match written.get_ref() {
            BrightnessTable::Level(level) if *level > LEVEL_MAX => return Err(too_bright()),
            BrightnessTable::Level(level) => return Ok(Some(Brightness::Level(*level))),
            BrightnessTable::ByTime(by_time) => by_time,
        };
        if by_time.values().any(|level| *level > LEVEL_MAX) {
            return Err(too_bright());
        }
        let Some(usual) = by_time.get(OTHERWISE) else {
            return Err(fault(format!("要写其余时间的亮度，如 {OTHERWISE} = 6")));
        };
        let mut levels: HalfHourLevels = [*usual; 48];
        let mut is_taken = [false; 48];
        for (times, level) in by_time.iter().filter(|(times, _)| *times != OTHERWISE) {
            let Some(half_hours) = half_hours(times) else {
                return Err(fault(format!(
                    "{times} 应写成“08:00-18:30”，先早后晚，都在整点或半点：卡每半小时一档"
                )));
            };
            for half_hour in half_hours {
                if std::mem::replace(&mut is_taken[half_hour], true) {
                    return Err(fault(format!("{times} 和另一段时间重叠")));
                }
                levels[half_hour] = *level;
            }
        }
        Ok(Some(Brightness::HalfHours(Box::new(levels))))
    }

    fn timer(&self) -> Result<Option<Vec<LitPeriod>>, ConfigError> {
        let Some(written) = &self.table.timer else {
            return Ok(None);
        };
        let fault = |why: String| self.fault(written, "timer", why);
        if written.get_ref().len() > PERIODS_MAX {
            return Err(fault(format!("卡的定时器最多 {PERIODS_MAX} 段")));
        }
        let mut periods = Vec::new();
        for text in written.get_ref() {
            let Some((on, off)) = minutes(text) else {
                return Err(fault(format!(
                    "{text} 应写成“07:30-18:30”，先早后晚，不过半夜"
                )));
            };
            // The card's last minute of a day.
            let off = off.min(DAY_MIN - 1);
            let time = |minutes: u16| ((minutes / 60) as u8, (minutes % 60) as u8);
            periods.push(LitPeriod {
                on: time(on),
                off: time(off),
            });
        }
        Ok(Some(periods))
    }
}

/// `08:00-18:30` as half hours of the day.
fn half_hours(text: &str) -> Option<std::ops::Range<usize>> {
    let (from, until) = minutes(text)?;
    let is_half_hour = |minutes: u16| minutes.is_multiple_of(HALF_HOUR_MIN);
    (is_half_hour(from) && is_half_hour(until))
        .then(|| usize::from(from / HALF_HOUR_MIN)..usize::from(until / HALF_HOUR_MIN))
}

/// `07:30-18:30` as minutes of the day, the first before the second; `24:00` ends a day.
fn minutes(text: &str) -> Option<(u16, u16)> {
    let (from, until) = text.split_once('-')?;
    let time = |text: &str| {
        let (hours, minutes) = text.trim().split_once(':')?;
        let is_number = |text: &str| text.len() == 2 && text.bytes().all(|it| it.is_ascii_digit());
        if !is_number(hours) || !is_number(minutes) {
            return None;
        }
        let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
        let sum = hours * 60 + minutes;
        (minutes < 60 && sum <= DAY_MIN).then_some(sum)
    };
    let (from, until) = (time(from)?, time(until)?);
    (from < until).then_some((from, until))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::codec::BoardFamily;
    use crate::config::{BoardConfig, parse};

    fn board(rest: &str) -> Result<BoardConfig, String> {
        let text = format!(
            "[[port]]\npath = \"/dev/ttyS0\"\n[[port.board]]\nid = \"LED-01\"\nname = \"屏\"\n\
             family = \"onbon-k\"\naddress = 1\nwidth = 192\nheight = 32\ncolour = \"two\"\n{rest}\n"
        );
        let config = parse(&text, NaiveDate::MIN).map_err(|fault| fault.to_string())?;
        Ok(config.ports[0].boards[0].clone())
    }

    #[test]
    fn what_is_not_written_is_as_the_sheet_has_it_and_leaves_the_card_alone() {
        let board = board("").expect("a good file");
        let face = board.speech.face;
        assert_eq!(board.speech, Speech::usual(BoardFamily::OnbonK, face));
        assert_eq!(board.set_up, SetUp::default());
    }

    #[test]
    fn every_value_that_the_sheet_leaves_open_is_read() {
        let board = board(
            "fonts = { 16 = \"010\", 24 = \"011\" }\nlatin_fonts = { 16 = \"A10\", 24 = \"A11\" }\n\
             frame_bytes = 1024\nscroll = { slow = { speed = 12, dot_ms = 70 } }\nflash_half_s = 2\n\
             answer_ms = 3500",
        )
        .expect("a good file");
        let speech = board.speech;
        let name = |name| FontName::new(name).expect("a name");
        assert_eq!(speech.fonts.px24.map(|pair| pair.latin), Some(name("A11")));
        assert_eq!(speech.fonts.px32, None, "not written, not there");
        assert_eq!((speech.frame_bytes_max, speech.flash_half_s), (1_024, 2));
        assert_eq!((speech.usual.speed, speech.slow.speed), (4, 12));
        assert_eq!(speech.slow.dot, Duration::from_millis(70));
        assert_eq!(speech.answer_wait, Duration::from_millis(3_500));
    }

    #[test]
    fn brightness_is_one_level_or_goes_by_readable_times() {
        let read = |text: &str| board(text).map(|board| board.set_up.brightness);
        assert_eq!(read("brightness = 9"), Ok(Some(Brightness::Level(9))));
        let by_time = read("brightness = { usual = 4, \"08:00-18:30\" = 15, \"22:00-24:00\" = 1 }");
        let Ok(Some(Brightness::HalfHours(levels))) = by_time else {
            panic!("expected levels by time, got {by_time:?}");
        };
        let at = |hour: usize, half: usize| levels[hour * 2 + half];
        assert_eq!([at(7, 1), at(8, 0), at(18, 0), at(18, 1)], [4, 15, 15, 4]);
        assert_eq!([at(21, 1), at(22, 0), at(23, 1)], [4, 1, 1]);
    }

    #[test]
    fn a_timer_has_at_most_three_periods_and_an_empty_one_is_always_lit() {
        let read = |text: &str| board(text).map(|board| board.set_up.timer);
        assert_eq!(read("timer = []"), Ok(Some(Vec::new())));
        let period = LitPeriod {
            on: (7, 30),
            off: (23, 59),
        };
        assert_eq!(read("timer = [\"07:30-24:00\"]"), Ok(Some(vec![period])));
    }

    #[test]
    fn what_cannot_be_is_refused_with_its_line_and_field() {
        for (written, field, why) in [
            ("brightness = 16", "brightness", "0 到 15"),
            (
                "brightness = { \"08:00-18:00\" = 9 }",
                "brightness",
                "其余时间",
            ),
            (
                "brightness = { usual = 4, \"08:15-18:00\" = 9 }",
                "brightness",
                "半点",
            ),
            (
                "brightness = { usual = 4, \"08:00-18:00\" = 9, \"12:00-13:00\" = 7 }",
                "brightness",
                "重叠",
            ),
            ("timer = [\"18:30-07:30\"]", "timer", "先早后晚"),
            (
                "timer = [\"01:00-02:00\", \"03:00-04:00\", \"05:00-06:00\", \"07:00-08:00\"]",
                "timer",
                "最多 3 段",
            ),
            ("fonts = { 24 = \"001\" }", "fonts", "16 点"),
            ("fonts = { 16 = \"0\" }", "fonts", "后三位"),
            (
                "fonts = { 16 = \"000\", 20 = \"003\" }",
                "fonts",
                "没有 20 点",
            ),
            ("latin_fonts = { 16 = \"000\" }", "latin_fonts", "一起写"),
            ("frame_bytes = 64", "frame_bytes", "128 到 4096"),
            ("flash_half_s = 0", "flash_half_s", "1 到 4"),
            ("answer_ms = 5", "answer_ms", "100 到 30000"),
            (
                "scroll = { usual = { speed = 25, dot_ms = 25 } }",
                "scroll",
                "speed 应在 0",
            ),
            (
                "scroll = { usual = { speed = 4, dot_ms = 0 } }",
                "scroll",
                "dot_ms 应在",
            ),
        ] {
            let fault = board(written).expect_err(written);
            let place = format!("第 11 行，屏 LED-01 的 {field} 不对");
            assert!(fault.starts_with(&place) && fault.contains(why), "{fault}");
        }
    }

    #[test]
    fn a_sign_has_none_of_a_cards_settings() {
        let text = "[[port]]\npath = \"/dev/ttyS0\"\n[[port.board]]\nid = \"LED-01\"\nname = \"屏\"\n\
             family = \"alpha\"\naddress = 1\nwidth = 192\nheight = 16\ncolour = \"two\"\n";
        for key in [
            "brightness = 3",
            "timer = []",
            "frame_bytes = 512",
            "fonts = { 16 = \"000\" }",
        ] {
            let fault = parse(&format!("{text}{key}\n"), NaiveDate::MIN).expect_err(key);
            assert!(fault.to_string().contains("只用于 onbon-k"), "{fault}");
        }
        let wait = parse(&format!("{text}answer_ms = 1500\n"), NaiveDate::MIN).expect("a file");
        let wait = wait.ports[0].boards[0].speech.answer_wait;
        assert_eq!(wait, Duration::from_millis(1_500));
    }
}
