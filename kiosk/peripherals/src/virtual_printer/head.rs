//! The head and the paper under it: commands to dots.

use qrcode::{Color, EcLevel, QrCode};

use crate::escpos::command::{Align, Command, QrLevel, Raster, Switch};
use crate::escpos::text::{decode, is_lead};
use crate::escpos::typeset::PaperWidth;
use crate::glyphs::{CELL_HEIGHT, Dots, Pen};

/// Dots from line to line at power-on: a sixth of an inch.
const LINE_SPACING: u8 = 34;
/// Two metres of paper.
const ROWS_MAX: usize = 16_000;
/// White around the paper in its picture.
const MARGIN: usize = 24;
/// Shown for a pair of bytes that is no character.
const MISSING: char = '□';

/// How characters look.
#[derive(Debug, Clone, Copy)]
struct Look {
    align: Align,
    is_bold: bool,
    is_reverse: bool,
    underline: u8,
    latin: (u8, u8),
    chinese: (u8, u8),
    is_chinese_on: bool,
    line_spacing: u8,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            align: Align::Left,
            is_bold: false,
            is_reverse: false,
            underline: 0,
            latin: (1, 1),
            chinese: (1, 1),
            // An export model: it wakes up in a code table.
            is_chinese_on: false,
            line_spacing: LINE_SPACING,
        }
    }
}

/// A code that is being put together.
#[derive(Debug)]
struct Code {
    dots: u8,
    level: EcLevel,
    content: Vec<u8>,
}

impl Default for Code {
    fn default() -> Self {
        Self {
            dots: 3,
            level: EcLevel::L,
            content: Vec::new(),
        }
    }
}

/// Draws.
#[derive(Debug)]
pub(super) struct Head {
    paper: Dots,
    look: Look,
    line: Vec<Dots>,
    lead: Option<u8>,
    code: Code,
    pen: Pen,
}

impl Head {
    pub(super) fn new(width: PaperWidth) -> Self {
        Self {
            paper: Dots::white(width.dots(), 0),
            look: Look::default(),
            line: Vec::new(),
            lead: None,
            code: Code::default(),
            pen: Pen::new(),
        }
    }

    /// Whether there is anything on the paper since the last cut.
    pub(super) fn is_blank(&self) -> bool {
        self.line.is_empty() && self.paper.height() == 0
    }

    /// The paper since the last cut; a new one begins.
    pub(super) fn tear_off(&mut self) -> Dots {
        let blank = Dots::white(self.paper.width(), 0);
        std::mem::replace(&mut self.paper, blank)
    }

    /// Power-on.
    pub(super) fn reset(&mut self) {
        self.look = Look::default();
        self.line.clear();
        self.lead = None;
        self.code = Code::default();
    }

    /// Everything but cuts and questions.
    pub(super) fn obey(&mut self, command: &Command) {
        match command {
            Command::Initialise => self.reset(),
            Command::Text(bytes) => bytes.iter().for_each(|&byte| self.byte(byte)),
            Command::LineFeed => self.line_feed(),
            Command::FeedLines(lines) => {
                self.line_out();
                self.feed(usize::from(*lines) * usize::from(self.look.line_spacing));
            }
            Command::FeedDots(dots) => {
                self.line_out();
                self.feed(usize::from(*dots));
            }
            Command::Raster(raster) => self.raster(raster),
            Command::QrDotSize(dots) => self.code.dots = *dots,
            Command::QrLevel(level) => self.code.level = error_level(*level),
            Command::QrStore(content) => self.code.content.clone_from(content),
            Command::QrPrint => self.print_code(),
            _ => self.look.change(command),
        }
    }

    /// Feeds to the knife.
    pub(super) fn feed(&mut self, rows: usize) {
        let room = ROWS_MAX.saturating_sub(self.paper.height());
        self.paper.lengthen(rows.min(room));
    }

    fn byte(&mut self, byte: u8) {
        if let Some(lead) = self.lead.take() {
            return self.character(decode([lead, byte]).unwrap_or(MISSING));
        }
        match byte {
            _ if self.look.is_chinese_on && is_lead(byte) => self.lead = Some(byte),
            b' '..=b'~' => self.character(char::from(byte)),
            // A code table's upper half: what a line of Chinese becomes without `FS &`.
            _ => self.character('?'),
        }
    }

    fn character(&mut self, character: char) {
        let (across, down) = if character.is_ascii() {
            self.look.latin
        } else {
            self.look.chinese
        };
        let mut cell = self.pen.draw(character, 1);
        if self.look.is_bold {
            let thin = cell.clone();
            cell.lay(&thin, 1, 0);
        }
        for row in 0..usize::from(self.look.underline) {
            (0..cell.width()).for_each(|x| cell.blacken(x, CELL_HEIGHT - 1 - row));
        }
        let cell = cell.enlarged(usize::from(across), usize::from(down));
        let cell = if self.look.is_reverse {
            inverted(&cell)
        } else {
            cell
        };
        let taken = self.line.iter().map(Dots::width).sum::<usize>();
        if taken + cell.width() > self.paper.width() {
            self.line_feed();
        }
        self.line.push(cell);
    }

    /// Prints the line and goes to the next one.
    fn line_feed(&mut self) {
        let height = self.line_out();
        self.feed(usize::from(self.look.line_spacing).saturating_sub(height));
    }

    /// Prints the line, its characters on one foot, and gives its height.
    fn line_out(&mut self) -> usize {
        let line = std::mem::take(&mut self.line);
        let height = line.iter().map(Dots::height).max().unwrap_or(0);
        let width = line.iter().map(Dots::width).sum();
        let (mut left, top) = (self.left_of(width), self.paper.height());
        self.feed(height);
        for cell in line {
            self.paper.lay(&cell, left, top + height - cell.height());
            left += cell.width();
        }
        height
    }

    fn left_of(&self, width: usize) -> usize {
        let room = self.paper.width().saturating_sub(width);
        match self.look.align {
            Align::Left => 0,
            Align::Centre => room / 2,
            Align::Right => room,
        }
    }

    fn raster(&mut self, raster: &Raster) {
        self.line_out();
        let row_bytes = usize::from(raster.row_bytes);
        let (left, top) = (self.left_of(row_bytes * 8), self.paper.height());
        self.feed(usize::from(raster.rows()));
        for (y, row) in raster.dots.chunks(row_bytes.max(1)).enumerate() {
            for x in (0..row_bytes * 8)
                .filter(|x| row.get(x / 8).is_some_and(|it| it & (0x80 >> (x % 8)) != 0))
            {
                self.paper.blacken(left + x, top + y);
            }
        }
    }

    fn print_code(&mut self) {
        self.line_out();
        let made = QrCode::with_error_correction_level(&self.code.content, self.code.level);
        let Ok(code) = made else { return };
        let modules = code.width();
        let mut square = Dots::white(modules, modules);
        for (index, colour) in code.into_colors().into_iter().enumerate() {
            if colour == Color::Dark {
                square.blacken(index % modules, index / modules);
            }
        }
        let dots = usize::from(self.code.dots);
        let square = square.enlarged(dots, dots);
        let (left, top) = (self.left_of(square.width()), self.paper.height());
        self.feed(square.height());
        self.paper.lay(&square, left, top);
    }
}

impl Look {
    fn change(&mut self, command: &Command) {
        let doubled = |is_double: bool| if is_double { 2 } else { 1 };
        match *command {
            Command::Align(align) => self.align = align,
            Command::Bold(switch) => self.is_bold = switch == Switch::On,
            Command::Reverse(switch) => self.is_reverse = switch == Switch::On,
            Command::Underline(dots) => self.underline = dots,
            Command::LineSpacing(dots) => self.line_spacing = dots,
            Command::DefaultLineSpacing => self.line_spacing = LINE_SPACING,
            Command::PrintMode(bits) => {
                self.is_bold = bits & 0x08 != 0;
                self.underline = u8::from(bits & 0x80 != 0);
                self.latin = (doubled(bits & 0x20 != 0), doubled(bits & 0x10 != 0));
            }
            Command::ChineseMode(bits) => {
                self.chinese = (doubled(bits & 0x04 != 0), doubled(bits & 0x08 != 0));
            }
            Command::ChineseQuadruple(switch) => {
                let times = doubled(switch == Switch::On);
                self.chinese = (times, times);
            }
            Command::Size { width, height } => {
                self.latin = (width, height);
                self.chinese = (width, height);
            }
            Command::ChineseOn => self.is_chinese_on = true,
            Command::ChineseOff => self.is_chinese_on = false,
            _ => {}
        }
    }
}

fn inverted(cell: &Dots) -> Dots {
    let mut other = Dots::white(cell.width(), cell.height());
    for y in 0..cell.height() {
        for x in (0..cell.width()).filter(|&x| !cell.is_black(x, y)) {
            other.blacken(x, y);
        }
    }
    other
}

fn error_level(level: QrLevel) -> EcLevel {
    match level {
        QrLevel::L => EcLevel::L,
        QrLevel::M => EcLevel::M,
        QrLevel::Q => EcLevel::Q,
        QrLevel::H => EcLevel::H,
    }
}

/// A paper as a picture, with a white margin.
///
/// # Panics
/// Never: a picture in memory takes all its rows.
#[must_use]
pub fn png(paper: &Dots) -> Vec<u8> {
    let (width, height) = (paper.width() + 2 * MARGIN, paper.height() + 2 * MARGIN);
    let mut shades = vec![0xFF; width * height];
    for y in 0..paper.height() {
        for x in (0..paper.width()).filter(|&x| paper.is_black(x, y)) {
            shades[(y + MARGIN) * width + x + MARGIN] = 0x10;
        }
    }
    let side = |pixels: usize| u32::try_from(pixels).expect("paper is bounded");
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, side(width), side(height));
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().expect("a vector takes every byte");
    writer
        .write_image_data(&shades)
        .expect("a vector takes every byte");
    writer.finish().expect("a vector takes every byte");
    file
}
