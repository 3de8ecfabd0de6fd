//! What a person reads about frames that do not hold, family by family, and about ports.

pub(super) mod alpha;
pub(super) mod onbon_k;
pub(super) mod port;
