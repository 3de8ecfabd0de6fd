//! What is heard: sentences put together from clips, one program that plays them.
//!
//! [`Phrases`] plans a sentence as clips and pauses and joins them to one WAV; [`Player`] plays it;
//! [`Program`] runs what the installer names. Which sentence and when, each call twice and never two at
//! once, is the application's (`kiosk::app::voice`); how loud is the program's.

mod phrases;
mod player;
mod program;

pub use phrases::{Phrases, Piece, PlanFault, SAMPLES_A_SECOND, duration};
pub use player::{Muted, Player, Playing, ProgramPlayer};
pub use program::{Program, ProgramError};
