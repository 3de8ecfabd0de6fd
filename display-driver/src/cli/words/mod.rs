//! What a person reads about ports, and about what the
//! system refuses.

pub(super) mod fault;
pub(super) mod port;
