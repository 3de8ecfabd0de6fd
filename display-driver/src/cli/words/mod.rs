//! What a person reads about frames that do not hold, family by family.

pub(super) mod alpha;
pub(super) mod onbon_k;
