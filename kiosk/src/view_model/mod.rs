//! What the pages show, made of the state by pure functions: words, numbers, rows. Tested without
//! a window; `bind` carries it into the window's globals.

pub mod appointment;
pub mod attract;
pub mod display;
pub mod home;
pub mod job_detail;
pub mod job_search;
pub mod jobs;
pub mod lines;
pub mod paper;
pub mod paper_words;
pub mod scene;
pub mod score;
pub mod service;
pub mod shell;
pub mod ticket;
pub mod window;
pub mod words;
