//! What a person reads about frames that do not hold, family by family, about ports, and about what the
//! system refuses.

pub(super) mod alpha;
pub(super) mod fault;
pub(super) mod onbon_k;
pub(super) mod port;
