//! Twelve key pages in two modes, as they looked when somebody last looked at them and was content:
//! a change that nobody meant shows here. Half size; a pixel may be a little off.
//!
//! `GOLDEN=write cargo test -p kiosk --test walk golden` renews them: then look at them.

use std::path::{Path, PathBuf};

use kiosk::snapshot::{Look, Sheet};
use kiosk::ui::ThemeKind;

use super::picture::{Picture, smaller};
use super::{PANELS, show, stage};

const PAGES: [Sheet; 12] = [
    Sheet::Home,
    Sheet::JobSearch,
    Sheet::JobDetail,
    Sheet::JobNone,
    Sheet::TicketChoose,
    Sheet::TicketIssued,
    Sheet::AppointmentStart,
    Sheet::ScoreNumber,
    Sheet::Score,
    Sheet::PolicyTable,
    Sheet::Timeout,
    Sheet::Attract,
];
const MODES: [(&str, ThemeKind); 2] = [
    ("normal", ThemeKind::Normal),
    ("elderly", ThemeKind::Elderly),
];
const SMALLER: usize = 2;
/// Of 255, of one channel.
const OFF_A_LITTLE: u8 = 24;
/// Of a thousand channels, more than this being further off is another picture.
const OFF_PER_MILLE_MAX: usize = 2;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

#[test]
fn golden_pages_look_as_they_did() {
    let is_written = std::env::var("GOLDEN").is_ok_and(|how| how == "write");
    let stage = stage(Look::PORTRAIT);
    let mut faults = Vec::new();
    for sheet in PAGES {
        for (mode, kind) in MODES {
            let look = Look {
                kind,
                ..Look::PORTRAIT
            };
            show(&stage, sheet, PANELS[0], look);
            let now = smaller(&stage.picture().rgb(), look, SMALLER);
            let file = folder().join(format!("{}-{mode}.png", sheet.name()));
            if is_written {
                std::fs::create_dir_all(folder()).expect("this source tree can be written");
                now.save(&file);
            } else if let Some(fault) = compare(&file, &now) {
                faults.push(fault);
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn compare(file: &Path, now: &Picture) -> Option<String> {
    let name = file.display();
    let Some(golden) = Picture::read(file) else {
        return Some(format!("{name} cannot be read"));
    };
    if (golden.width, golden.height) != (now.width, now.height) {
        return Some(format!("{name} has another size"));
    }
    let pairs = golden.rgb.iter().zip(&now.rgb);
    let off = pairs
        .filter(|(a, b)| a.abs_diff(**b) > OFF_A_LITTLE)
        .count();
    let per_mille = off * 1_000 / now.rgb.len();
    (per_mille > OFF_PER_MILLE_MAX).then(|| {
        let seen = std::env::temp_dir().join(file.file_name().unwrap_or_default());
        now.save(&seen);
        format!(
            "{name} is another picture ({per_mille} ‰); now it is {}",
            seen.display()
        )
    })
}
