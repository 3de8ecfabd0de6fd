//! The centre's rules as pure functions: ids, money, dates, listings, the hall queue, scores.
//!
//! Invariants stated as absences: this crate never names a clock, a file, a socket, SQL, a
//! thread, a logger or a source of randomness. Time, ids and random bytes are arguments.

#![forbid(unsafe_code)]

pub mod batch;
pub mod calendar;
pub mod case;
pub mod collection;
pub mod comparison;
pub mod credit_code;
pub mod document;
pub mod eligibility;
pub mod hall_figures;
pub mod id;
pub mod id_number;
pub mod kpi;
pub mod listing;
pub mod matching;
pub mod money;
pub mod months;
pub mod outreach;
pub mod parameter;
pub mod pay;
pub mod personal;
pub mod place;
pub mod queue;
pub mod rating;
pub mod refusal;
pub mod rules;
pub mod time;
pub mod vacancy;
