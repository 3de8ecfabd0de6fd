//! The pages of the service, in Chinese, made on the server: staff pages (叫号台, 评价, 设备墙,
//! 设备情况, 岗位), citizens' pages on the phone (a listing, the own ticket) and the hall display.
//!
//! Each page is a pure function from a view to markup; [`routes`] asks the service and fills the
//! views. Reading and submitting need no script; scripts only refresh marked regions and press
//! printed keys. Nothing comes from another host and nothing is inline (`guard`). Faces follow
//! `style/look.md` §2–§4, §10, §13; the pages must work in Chromium 90.
//!
//! Not here: rules of the queue and of scores (`domain`), and anything that touches the store.

mod capture;
mod card;
mod console;
mod devices;
mod display;
mod fleet;
mod frame;
mod guard;
mod icon;
mod index;
mod listings;
mod phone;
mod qr;
mod reasons;
mod routes;
mod scores;
mod sign_in;
mod start;
mod ticket;
mod vacancy;

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod words_test;

pub use card::card_reader;
pub use routes::{Gate, Slot, attachment_routes, router, router_with};
pub(crate) use routes::{refused_upload, upload_bytes_max};
