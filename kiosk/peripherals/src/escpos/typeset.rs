//! A document on paper of a certain width, as commands.
//!
//! Lines are broken between characters, so a two-byte character is never cut. `FS &` follows every
//! `ESC @`, because a printer of the export kind wakes up in a Latin code table. A line with a character
//! that the printer does not hold is drawn here and sent as a picture, whole, because a printer puts a
//! picture on lines of its own. A size in which a word of a few characters would have to be broken is
//! made smaller instead. How many dots a code's module has follows from what fits.

use qrcode::{EcLevel, QrCode};

use super::command::{Align, Command, Cut, QrLevel, RASTER_BYTES_MAX, Raster, Switch};
use super::document::{Block, Document, Size, Text, Weight};
use super::text::{Repertoire, cells, encode};
use crate::glyphs::{CELL_HEIGHT, Dots, HALF_CELL, Pen};

/// A text of at most so many half cells is not broken but set smaller.
const UNBROKEN_CELLS_MAX: usize = 24;
/// Dots below a large line.
const BELOW_LARGE: u8 = 10;
/// Half cells of a box and a blank.
const POINT_INDENT: usize = 3;
/// Lines between the last text and the knife, which stands above the head.
const FEED_BEFORE_CUT: u8 = 4;
/// Dots of the largest module: 1 mm is easily read from a phone's distance.
const MODULE_DOTS_MAX: usize = 8;
/// Light modules on either side of a code (ISO/IEC 18004).
const QUIET_MODULES: usize = 4;

/// The paper and what the printer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paper {
    /// 384 or 576 dots.
    pub width: PaperWidth,
    /// The characters.
    pub repertoire: Repertoire,
    /// Whether there is a knife, and how it cuts.
    pub knife: Knife,
}

/// Width of the roll.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PaperWidth {
    /// 58 mm, of which 48 are printed.
    Mm58,
    /// 80 mm, of which 72 are printed.
    #[default]
    Mm80,
}

impl PaperWidth {
    /// From the millimetres of the roll.
    #[must_use]
    pub fn from_mm(mm: u32) -> Option<Self> {
        match mm {
            58 => Some(Self::Mm58),
            80 => Some(Self::Mm80),
            _ => None,
        }
    }

    /// Printed dots across, 8 to the millimetre.
    #[must_use]
    pub fn dots(self) -> usize {
        match self {
            Self::Mm58 => 384,
            Self::Mm80 => 576,
        }
    }

    /// Times as large as ordinary characters.
    #[must_use]
    pub fn times(self, size: Size) -> u8 {
        match (size, self) {
            (Size::Ordinary, _) => 1,
            (Size::Large, _) => 2,
            (Size::Huge, Self::Mm58) => 4,
            (Size::Huge, Self::Mm80) => 6,
        }
    }

    /// Half cells across: 32 or 48.
    #[must_use]
    pub fn columns(self) -> usize {
        self.dots() / HALF_CELL
    }
}

/// What the printer has to cut with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Knife {
    /// Nothing: the paper is torn off.
    None,
    /// Leaves a bridge, so that the slip does not fall.
    #[default]
    Partial,
    /// Cuts through.
    Full,
}

impl Paper {
    /// With a knife and GBK.
    #[must_use]
    pub fn of(width: PaperWidth) -> Self {
        Self {
            width,
            repertoire: Repertoire::default(),
            knife: Knife::default(),
        }
    }
}

/// A document as bytes for a printer.
#[must_use]
pub fn bytes(document: &Document, paper: Paper) -> Vec<u8> {
    Command::bytes(&commands(document, paper))
}

/// A document as commands, from `ESC @` to the cut.
#[must_use]
pub fn commands(document: &Document, paper: Paper) -> Vec<Command> {
    let mut setter = Typesetter {
        paper,
        out: vec![Command::Initialise, Command::ChineseOn],
        style: (Size::Ordinary, Weight::Regular, Align::Left),
        pen: Pen::new(),
    };
    document.blocks().iter().for_each(|block| setter.set(block));
    setter.finish()
}

struct Typesetter {
    paper: Paper,
    out: Vec<Command>,
    style: (Size, Weight, Align),
    pen: Pen,
}

impl Typesetter {
    fn set(&mut self, block: &Block) {
        match block {
            Block::Text(text) => self.text(text),
            Block::Point(text) => self.point(text),
            Block::Pair { left, right } => self.pair(left, right),
            Block::Rule => {
                self.styled(Size::Ordinary, Weight::Regular, Align::Left);
                self.line(&"-".repeat(self.paper.width.columns()));
            }
            Block::Gap(dots) => self.out.push(Command::FeedDots(*dots)),
            Block::Code(content) => self.code(content),
        }
    }

    fn text(&mut self, text: &Text) {
        let plain = plain(&text.text);
        let size = self.fitting(&plain, text.size);
        self.styled(size, text.weight, text.align);
        let columns = self.paper.width.columns() / self.times(size);
        for line in lines(&plain, columns) {
            self.line(line);
            if size != Size::Ordinary {
                // The printer leaves nothing between lines that are higher than its spacing.
                self.out.push(Command::FeedDots(BELOW_LARGE));
            }
        }
    }

    fn times(&self, size: Size) -> usize {
        usize::from(self.paper.width.times(size))
    }

    fn point(&mut self, text: &str) {
        self.styled(Size::Ordinary, Weight::Regular, Align::Left);
        let columns = self.paper.width.columns() - POINT_INDENT;
        for (index, line) in lines(&plain(text), columns).into_iter().enumerate() {
            let before = if index == 0 { "□ " } else { "   " };
            self.line(&format!("{before}{line}"));
        }
    }

    /// The size in which a short text stays on one line.
    fn fitting(&self, text: &str, size: Size) -> Size {
        let width = text.chars().map(cells).sum::<usize>();
        let columns = self.paper.width.columns();
        let is_short = width <= UNBROKEN_CELLS_MAX;
        match size.smaller() {
            Some(smaller) if is_short && width * self.times(size) > columns => {
                self.fitting(text, smaller)
            }
            _ => size,
        }
    }

    fn pair(&mut self, left: &str, right: &str) {
        let (left, right) = (plain(left), plain(right));
        let taken = left.chars().chain(right.chars()).map(cells).sum::<usize>();
        let columns = self.paper.width.columns();
        let is_held = self.holds(&left) && self.holds(&right);
        if taken < columns && is_held {
            self.styled(Size::Ordinary, Weight::Regular, Align::Left);
            self.write(&format!("{left}{}", " ".repeat(columns - taken)));
            self.styled(Size::Ordinary, Weight::Bold, Align::Left);
            self.write(&right);
            self.out.push(Command::LineFeed);
            return;
        }
        self.text(&Text::plain(left));
        self.text(&Text {
            align: Align::Right,
            ..Text::plain(right).bold()
        });
    }

    /// Changes what is different. An alignment changes at the beginning of a line only, and it does:
    /// whoever changes it is between two lines.
    fn styled(&mut self, size: Size, weight: Weight, align: Align) {
        let (old_size, old_weight, old_align) = self.style;
        if size != old_size {
            let times = self.paper.width.times(size);
            self.out.extend(Command::sized(times));
        }
        // `ESC !` has switched bold off.
        let is_bold = weight == Weight::Bold;
        if weight != old_weight || (size != old_size && is_bold) {
            let switch = if is_bold { Switch::On } else { Switch::Off };
            self.out.push(Command::Bold(switch));
        }
        if align != old_align {
            self.out.push(Command::Align(align));
        }
        self.style = (size, weight, align);
    }

    fn line(&mut self, line: &str) {
        if self.holds(line) {
            self.write(line);
            self.out.push(Command::LineFeed);
        } else {
            self.drawn(line);
        }
    }

    fn holds(&self, text: &str) -> bool {
        let repertoire = self.paper.repertoire;
        text.chars().all(|it| encode(it, repertoire).is_some())
    }

    fn write(&mut self, text: &str) {
        let mut bytes = Vec::new();
        for character in text.chars() {
            if let Some(encoded) = encode(character, self.paper.repertoire) {
                encoded.write(&mut bytes);
            }
        }
        if !bytes.is_empty() {
            self.out.push(Command::Text(bytes));
        }
    }

    /// A line as a picture of the paper's whole width, in strips that a printer takes.
    fn drawn(&mut self, line: &str) {
        let (size, weight, align) = self.style;
        let times = self.times(size);
        let width = line.chars().map(cells).sum::<usize>() * HALF_CELL * times;
        let paper = self.paper.width.dots();
        let mut left = match align {
            Align::Left => 0,
            Align::Centre => paper.saturating_sub(width) / 2,
            Align::Right => paper.saturating_sub(width),
        };
        let mut dots = Dots::white(paper, CELL_HEIGHT * times);
        for character in line.chars() {
            let glyph = self.pen.draw(character, times);
            dots.lay(&glyph, left, 0);
            if weight == Weight::Bold {
                dots.lay(&glyph, left + 1, 0);
            }
            left += glyph.width();
        }
        // The picture has its own margins.
        self.styled(size, weight, Align::Left);
        let row_bytes = paper / 8;
        for strip in dots
            .packed()
            .chunks(RASTER_BYTES_MAX / row_bytes * row_bytes)
        {
            let row_bytes = u16::try_from(row_bytes).expect("paper is narrow");
            let dots = strip.to_vec();
            self.out.push(Command::Raster(Raster { row_bytes, dots }));
        }
    }

    fn code(&mut self, content: &str) {
        self.styled(Size::Ordinary, Weight::Regular, Align::Centre);
        let code = QrCode::with_error_correction_level(content, EcLevel::M);
        let modules = code.map_or(usize::MAX, |code| code.width() + 2 * QUIET_MODULES);
        let dots = (self.paper.width.dots() * 3 / 4 / modules).clamp(2, MODULE_DOTS_MAX);
        let dots = u8::try_from(dots).expect("at most eight");
        let quiet = Command::FeedDots(dots * QUIET_MODULES as u8);
        self.out.extend([
            quiet.clone(),
            Command::QrModel(2),
            Command::QrDotSize(dots),
            Command::QrLevel(QrLevel::M),
            Command::QrStore(content.as_bytes().to_vec()),
            Command::QrPrint,
            quiet,
        ]);
    }

    fn finish(mut self) -> Vec<Command> {
        self.styled(Size::Ordinary, Weight::Regular, Align::Left);
        self.out.push(Command::FeedLines(FEED_BEFORE_CUT));
        match self.paper.knife {
            Knife::None => {}
            Knife::Partial => self.out.push(Command::Cut(Cut::FeedThenPartial(0))),
            Knife::Full => self.out.push(Command::Cut(Cut::FeedThenFull(0))),
        }
        self.out
    }
}

/// Without control characters: a blank in the place of each. A dash between figures is a hyphen, because
/// printers draw the dash as wide as a Chinese character.
fn plain(text: &str) -> String {
    let printed = |it: char| match it {
        '–' => '-',
        _ if it.is_control() => ' ',
        _ => it,
    };
    text.chars().map(printed).collect()
}

/// Punctuation that does not begin a line.
fn is_closing(character: char) -> bool {
    "，。、；：！？）》」』”’,.;:!?)%".contains(character)
}

/// A text cut into lines of at most so many half cells. A mark that would begin a line takes the
/// character before it along.
fn lines(text: &str, columns: usize) -> Vec<&str> {
    let mut lines = Vec::new();
    let (mut start, mut width, mut last) = (0, 0, 0);
    for (at, character) in text.char_indices() {
        if width + cells(character) > columns && at > start {
            let takes_along = is_closing(character) && last > start;
            let cut = if takes_along { last } else { at };
            lines.push(text[start..cut].trim_end());
            start = cut;
            width = text[cut..at].chars().map(cells).sum();
        }
        width += cells(character);
        last = at;
    }
    lines.push(&text[start..]);
    lines
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::escpos::decoder::Decoder;
    use crate::escpos::text::{decode, is_lead};

    fn paper_with(blocks: Vec<Block>) -> Document {
        let mut paper = Document::new();
        blocks.into_iter().for_each(|it| paper.push(it).unwrap());
        paper
    }

    fn one(text: Text) -> Document {
        paper_with(vec![Block::Text(text)])
    }

    fn set(document: &Document, width: PaperWidth) -> Vec<Command> {
        commands(document, Paper::of(width))
    }

    /// What a printer that is in Chinese mode reads on each line; `None` when a character is cut.
    fn printed(commands: &[Command]) -> Option<Vec<String>> {
        let mut lines = vec![String::new()];
        for command in commands {
            match command {
                Command::Text(bytes) => {
                    let mut bytes = bytes.iter();
                    while let Some(&byte) = bytes.next() {
                        let line = lines.last_mut()?;
                        match is_lead(byte) {
                            true => line.push(decode([byte, *bytes.next()?])?),
                            false => line.push(char::from(byte)),
                        }
                    }
                }
                Command::LineFeed => lines.push(String::new()),
                _ => {}
            }
        }
        Some(lines)
    }

    #[test]
    fn chinese_mode_follows_the_beginning_and_a_cut_the_end() {
        let commands = set(&one(Text::plain("排队号")), PaperWidth::Mm58);
        assert_eq!(commands[..2], [Command::Initialise, Command::ChineseOn]);
        let end = [Command::FeedLines(4), Command::Cut(Cut::FeedThenPartial(0))];
        assert_eq!(commands[commands.len() - 2..], end);
        let bytes = Command::bytes(&commands);
        assert!(bytes.starts_with(&[
            0x1B, 0x40, 0x1C, 0x26, 0xC5, 0xC5, 0xB6, 0xD3, 0xBA, 0xC5, 0x0A
        ]));
    }

    #[test]
    fn a_big_number_is_big_on_every_model_and_smaller_where_it_would_break() {
        let number = |text: &str| one(Text::centred(text).sized(Size::Huge));
        let commands = set(&number("A032"), PaperWidth::Mm80);
        let at = commands
            .iter()
            .position(|it| matches!(it, Command::PrintMode(_)));
        let [width, height] = [6, 6];
        let big = [
            Command::PrintMode(0x30),
            Command::ChineseMode(0x0C),
            Command::Size { width, height },
        ];
        assert_eq!(commands[at.unwrap()..][..3], big);
        let lane = set(&number("A-K12-001"), PaperWidth::Mm58);
        assert!(set(&number("A-K2-001"), PaperWidth::Mm80).contains(&big[2]));
        let [width, height] = [2, 2];
        assert!(lane.contains(&Command::Size { width, height }));
        assert_eq!(printed(&lane).unwrap()[0], "A-K12-001");
    }

    #[test]
    fn both_sides_of_a_pair_reach_their_margins_or_stand_on_two_lines() {
        let pair = |right: &str| {
            paper_with(vec![Block::Pair {
                left: "请到".into(),
                right: right.into(),
            }])
        };
        let short = set(&pair("1–4 号窗口"), PaperWidth::Mm58);
        let line = printed(&short).unwrap().remove(0);
        assert_eq!(line.chars().map(cells).sum::<usize>(), 32);
        assert!(line.starts_with("请到 ") && line.ends_with(" 1-4 号窗口"));
        let long = set(&pair("二楼东侧 12、13、14、15 号窗口"), PaperWidth::Mm58);
        assert_eq!(
            printed(&long).unwrap()[..2],
            ["请到", "二楼东侧 12、13、14、15 号窗口"]
        );
    }

    #[test]
    fn a_line_with_a_rare_character_is_a_picture_and_the_others_are_text() {
        let text = "张㛃，请取走您的材料清单和身份证，谢谢您的配合";
        let commands = set(&one(Text::plain(text)), PaperWidth::Mm58);
        let pictures: Vec<_> = commands
            .iter()
            .filter_map(|it| match it {
                Command::Raster(raster) => Some((raster.row_bytes, raster.rows())),
                _ => None,
            })
            .collect();
        assert_eq!(pictures, [(48, 24)]);
        assert_eq!(printed(&commands).unwrap()[0], "证，谢谢您的配合");
    }

    #[test]
    fn further_lines_of_a_point_stand_below_its_first_word() {
        let long = "灵活就业人员社会保险补贴申请表（窗口可领）";
        let list = paper_with(vec![Block::Point(long.to_owned())]);
        let printed = printed(&set(&list, PaperWidth::Mm58)).unwrap();
        assert_eq!(printed[0], "□ 灵活就业人员社会保险补贴申请");
        assert_eq!(printed[1], "   表（窗口可领）");
    }

    #[test]
    fn no_text_can_carry_a_command() {
        let text = Text::plain("a\u{1B}@\u{10}\u{4}\u{1}\nb");
        let commands = set(&one(text), PaperWidth::Mm80);
        assert_eq!(printed(&commands).unwrap()[0], "a @    b");
    }

    #[test]
    fn no_line_begins_with_a_closing_mark() {
        let text = "一二三四五六七八九十一二三四五六，好";
        assert_eq!(
            lines(text, 32),
            ["一二三四五六七八九十一二三四五", "六，好"]
        );
        assert_eq!(lines("", 32), [""]);
    }

    proptest! {
        #[test]
        fn no_character_is_cut_or_lost_and_every_byte_reads_back(
            text in "[ -~一-龥，。：–]{0,80}", is_wide in any::<bool>(), times in 0..3_usize,
        ) {
            let width = if is_wide { PaperWidth::Mm80 } else { PaperWidth::Mm58 };
            let size = [Size::Ordinary, Size::Large, Size::Huge][times];
            let commands = set(&one(Text::plain(text.clone()).sized(size)), width);
            let lines = printed(&commands).expect("no character is cut");
            let squeezed = |text: &str| text.replace(' ', "").replace('–', "-");
            prop_assert_eq!(squeezed(&lines.concat()), squeezed(&text));
            for line in &lines {
                prop_assert!(line.chars().map(cells).sum::<usize>() <= width.columns());
            }
            let bytes = Command::bytes(&commands);
            let decoded: Vec<_> = Decoder::decode(&bytes).into_iter().map(Result::unwrap).collect();
            prop_assert_eq!(decoded, commands);
        }
    }
}
