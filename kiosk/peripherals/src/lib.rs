//! A kiosk's printer, card reader, scanner and loudspeaker: codecs, machines without I/O, thin shells
//! and a virtual twin of each. No Slint, so that it compiles in seconds.
//!
//! # The seam
//!
//! Documents go in, events come out; the application holds one of each and a worker awaits them:
//!
//! | device | in | out |
//! |---|---|---|
//! | [`printer::Printer`] | [`slip::Slip`], [`slip::Checklist`] → [`escpos::document::Document`] | [`printing::Outcome`]: printed (perhaps paper low), refused with a sentence, or **unknown** |
//! | [`reader::CardReader`] | how long a page waits | a [`idcard::card::Card`], or [`idcard::poll::ReadFault`] with a sentence; then [`idcard::check::believe`] |
//! | [`scanner::Collector`], [`scanner::Scanner`] | keys and when they came | a [`scanner::Scan`], recognised by [`scanner::recognise`] |
//! | [`phone_identity::PhoneIdentity`] | a scan that is no slip's | the same [`idcard::card::Card`] |
//! | [`sound::Player`] | a WAV of [`sound::Phrases::say`] | when it has ended |
//! | [`self_test::self_test`] | all of them | what is well and what to do, for the service page |
//!
//! On [`printing::Outcome::Unknown`] nothing is ever printed again by itself: the person (or a clerk) is asked,
//! and the second paper has [`slip::Copy::Reprint`]. A reading ends with its page: dropping the future stops
//! the asking and overwrites what was heard. [`port::Plug`] says where a device is; one that was unplugged
//! works as soon as it is back.
//!
//! Which real devices this was tried on: none. Everything is held against the protocol sheets and the twins.

pub mod escpos;
pub mod glyphs;
pub mod idcard;
pub mod phone_identity;
pub mod port;
pub mod printer;
pub mod printing;
pub mod reader;
pub mod scanner;
pub mod self_test;
pub mod slip;
pub mod sound;
pub mod twin;
pub mod virtual_printer;
pub mod virtual_reader;
