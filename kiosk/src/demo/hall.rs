//! What stands in the demo's hall, and how its programs are started.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::PROGRAM_VERB;
use super::children::Children;

/// The windows whose terminals the demo starts.
const TERMINAL_WINDOWS: [u8; 2] = [1, 3];
/// The three virtual boards: id, name, width, height, address.
const BOARDS: [(&str, &str, u32, u32, u16); 3] = [
    ("hall", "大厅屏", 256, 32, 1),
    ("policy", "政策屏", 192, 32, 2),
    ("window3", "3 号窗口屏", 96, 16, 3),
];
/// Of the one serial line that the boards share.
const BAUD: u32 = 57_600;
