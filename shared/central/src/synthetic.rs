//! Invented data for the demo and for measuring: vacancies as a file that goes through the real
//! import, and a morning of visits. Pure: a recipe (`assets/demo/recipe.json`), a seed and a day
//! give the same bytes on every machine, so there is no floating point here. No name, employer or
//! place is real; every description says 演示数据.

mod employer;
mod life;
mod listing;
mod random;
mod recipe;
mod visit;
mod years;

pub(crate) use life::id_number;
pub(crate) use life::{Cast, Playing, Stuck, paper};
#[cfg(test)]
pub(crate) use life::{Inventor, Troupe, given, kinds_named, open};
pub use listing::vacancies_csv;
pub use recipe::{Profile, Recipe, RecipeError};
pub use visit::{PlannedScore, PlannedVisit, morning};
pub use years::{EMBEDDED_VOLUMES, Extent, Lived, Span, VolumeFault, Volumes};
pub(crate) use years::{EveryYear, YearsFault, live};

/// The recipe built into the program.
pub const EMBEDDED_RECIPE: &str = include_str!("../../../assets/demo/recipe.json");

#[cfg(test)]
mod tests;
