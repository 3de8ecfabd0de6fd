//! A text as a board will show it, dot by dot, by the driver's own renderer: the one place in which
//! the service draws boards. Pure.

use display_driver::preview::{self, PreviewFault, TextPreview};
use display_driver::render::glyph::{GlyphSource, MISSING};
use display_driver::render::picture::{Pitch, png};
use wire::board::{BoardDescription, BoardPlay};

/// A picture is not wider than this, so that it fits beside what is told of it; boards that are
/// wider even at the smallest pitch are moved through.
const PICTURE_PX_MAX: u16 = 780;

/// What stands in the place of a character that a card does not have.
pub(crate) const IN_PLACE_OF_MISSING: char = MISSING;

/// What a board makes of a text, in the zone that plays it.
///
/// # Errors
/// Why it shows nothing of it.
pub(crate) fn drawn(
    board: &BoardDescription,
    play: &BoardPlay,
) -> Result<TextPreview, PreviewFault> {
    preview::play(board, &mut GlyphSource::new(), play)
}

/// A page of it as PNG, counted from 0; `None` when there is no such page.
pub(crate) fn picture(board: &BoardDescription, play: &BoardPlay, page: usize) -> Option<Vec<u8>> {
    let shown = drawn(board, play).ok()?;
    png(shown.pages.get(page)?, pitch(board.width_px).0).ok()
}

/// Size of a board's picture in pixels of a screen.
pub(crate) fn picture_size(board: &BoardDescription) -> (u32, u32) {
    let (_, pixels) = pitch(board.width_px);
    let of = |dots: u16| u32::from(dots) * pixels;
    (of(board.width_px), of(board.height_px))
}

/// The largest pitch at which a board fits.
fn pitch(width_px: u16) -> (Pitch, u32) {
    let pitches = [(Pitch::Px4, 4), (Pitch::Px3, 3), (Pitch::Px2, 2)];
    let fits = |(_, pixels): &&(Pitch, u32)| u32::from(width_px) * pixels <= PICTURE_PX_MAX.into();
    *pitches.iter().find(fits).unwrap_or(&pitches[2])
}

/// `192×32 点，红绿双色`.
pub(crate) fn facts(board: &BoardDescription) -> String {
    let colours = if board.has_green {
        "红绿双色"
    } else {
        "单红色"
    };
    format!("{}×{} 点，{colours}", board.width_px, board.height_px)
}

#[cfg(test)]
mod tests {
    use wire::board::{BoardContent, Plays, ZoneDescription};

    use super::*;

    fn board(width_px: u16, height_px: u16) -> BoardDescription {
        BoardDescription {
            board: "LED-01".to_owned(),
            name: "大厅屏".to_owned(),
            family: "onbon-k".to_owned(),
            width_px,
            height_px,
            has_green: true,
            window: None,
            limits: Default::default(),
            zones: vec![ZoneDescription {
                x_px: 0,
                y_px: 0,
                width_px,
                height_px,
                plays: vec![Plays::Notices],
            }],
        }
    }

    fn welcome() -> BoardPlay {
        BoardPlay {
            content: BoardContent::Notice,
            text: "欢迎".to_owned(),
            boards: Vec::new(),
            daily: None,
            priority: 5,
        }
    }

    #[test]
    fn a_picture_has_the_dots_of_the_board_at_the_largest_pitch_that_fits() {
        for (width, pitch) in [(64, 4), (192, 4), (256, 3), (384, 2), (1024, 2)] {
            let board = board(width, 32);
            let size = (u32::from(width) * pitch, 32 * pitch);
            assert_eq!(picture_size(&board), size);
            let file = picture(&board, &welcome(), 0).unwrap();
            let side = |at: usize| u32::from_be_bytes(file[at..at + 4].try_into().unwrap());
            assert_eq!((side(16), side(20)), size, "as the file itself says");
        }
        assert_eq!(
            picture(&board(192, 32), &welcome(), 1),
            None,
            "one page only"
        );
    }

    #[test]
    fn a_text_that_the_dots_hold_and_the_card_does_not_is_told_to_the_editor() {
        let long = BoardPlay {
            text: "社会保险补贴申领".repeat(30),
            ..welcome()
        };
        let small = drawn(&board(512, 128), &long).unwrap();
        assert_eq!((small.pages.len(), small.pages_wanted), (2, 2));
        assert!(small.is_cut_by_memory);
        let mut larger = board(512, 128);
        larger.limits.frame_bytes = Some(1_024);
        let large = drawn(&larger, &long).unwrap();
        assert_eq!((large.pages.len(), large.is_cut_by_memory), (1, false));
    }

    #[test]
    fn a_family_of_a_later_program_is_told_and_not_guessed() {
        let mut later = board(64, 16);
        later.family = "of a later program".to_owned();
        let fault = PreviewFault::UnknownFamily(later.family.clone());
        assert_eq!(drawn(&later, &welcome()), Err(fault));
        assert_eq!(facts(&later), "64×16 点，红绿双色");
    }
}
