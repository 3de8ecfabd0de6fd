//! What an area of a board is to show, in words no card family owns.
//!
//! `schedule` makes it, `codec` writes it for a card, `render` draws it. It carries text, never dots:
//! font-library cards draw their own glyphs.

/// Which dynamic area of a board.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AreaId(pub u8);

/// A board in the configuration.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub struct BoardId(pub String);

impl std::fmt::Display for BoardId {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Colours of a two-colour board; amber is red and green together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Colour {
    /// Calls and emergencies.
    Red,
    /// Where and how many.
    Green,
    /// What.
    Amber,
}

/// Height of the glyphs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GlyphSize {
    /// 16 dots.
    Px16,
    /// 24 dots.
    Px24,
    /// 32 dots.
    Px32,
}

impl GlyphSize {
    /// Small to large.
    pub const ALL: [Self; 3] = [Self::Px16, Self::Px24, Self::Px32];

    /// Dots.
    #[must_use]
    pub fn pixels(self) -> u32 {
        match self {
            Self::Px16 => 16,
            Self::Px24 => 24,
            Self::Px32 => 32,
        }
    }
}

/// Text of one colour.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Span {
    /// Its colour.
    pub colour: Colour,
    /// The text, without control characters.
    pub text: String,
}

/// One line of a page.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Line(pub Vec<Span>);

impl Line {
    /// A line of one colour.
    #[must_use]
    pub fn of(colour: Colour, text: impl Into<String>) -> Self {
        Self(vec![Span {
            colour,
            text: text.into(),
        }])
    }

    /// The text without colours.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.iter().map(|span| span.text.as_str()).collect()
    }
}

/// How a page stands or moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Motion {
    /// Whole pages, at once.
    Still,
    /// One line that moves to the left; only for boards of one row.
    ScrollLeft(Pace),
    /// The page moves in from there and stands.
    Enter(Edge, Pace),
    /// What is red goes dark and lights up again, once a second; the rest stands still.
    Flash,
}

/// How fast something moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pace {
    /// For who reads slowly.
    Slow,
    /// Two and a half Hanzi a second.
    Usual,
}

/// Where a page comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Edge {
    /// From below, upwards.
    Below,
    /// From above, downwards.
    Above,
}

/// Where the lines stand between left and right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Align {
    /// Against the left edge.
    Left,
    /// In the middle.
    Centre,
}

/// A rectangle of dots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AreaRect {
    /// Left edge.
    pub x_px: u16,
    /// Top edge.
    pub y_px: u16,
    /// Width.
    pub width_px: u16,
    /// Height.
    pub height_px: u16,
}

/// One area and what it shows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AreaContent {
    /// Which area.
    pub area: AreaId,
    /// Where.
    pub rect: AreaRect,
    /// One height for the whole area: cards cannot mix heights.
    pub size: GlyphSize,
    /// Top to bottom.
    pub lines: Vec<Line>,
    /// Where the lines stand.
    pub align: Align,
    /// How they move.
    pub motion: Motion,
}

impl AreaContent {
    /// The content in letters of another height, in the middle of its place. What flashes keeps an
    /// area of exactly its rows: a card that flashes by turning pages has to find one page in it.
    #[must_use]
    pub fn at_size(&self, size: GlyphSize) -> Self {
        let mut content = self.clone();
        if size == self.size {
            return content;
        }
        content.size = size;
        if self.motion == Motion::Flash {
            let rows = u16::try_from(self.lines.len()).unwrap_or(u16::MAX);
            let used_px = (size.pixels() as u16).saturating_mul(rows);
            let rest_px = self.rect.height_px.saturating_sub(used_px);
            content.rect.y_px += rest_px / 2;
            content.rect.height_px -= rest_px;
        }
        content
    }

    /// The content as a board with red diodes only shows it.
    #[must_use]
    pub fn in_red(&self) -> Self {
        let mut red = self.clone();
        let spans = red.lines.iter_mut().flat_map(|line| &mut line.0);
        spans.for_each(|span| span.colour = Colour::Red);
        red
    }

    /// The text without colours, one line each, for logs, events and screen readers.
    #[must_use]
    pub fn text(&self) -> String {
        self.lines
            .iter()
            .map(Line::text)
            .collect::<Vec<_>>()
            .join("\n")
    }
}
