//! The walk: every page in every mode on every panel. It fails on words that are cut or cannot be
//! read, on a target under 20 mm, on a control without a label or one that a sitting visitor cannot
//! reach; it looks at what is really laid out and really drawn, so a new page has nothing to fill in
//! but its sheet.
//!
//! `walk/known.txt` lists what is known to be wrong and not mended yet; it may only get shorter.
//! `WALK_FAULTS=file` writes all faults down; `CONTACT_SHEETS=folder` saves what the walk saw, small, one picture for each panel and mode.
//! `GOLDEN=write` renews the golden pictures.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Once;
use std::thread;

use kiosk::platform::fonts;
use kiosk::snapshot::{Look, Sheet, Stage};
use kiosk::ui::Theme;
use slint::Global;

#[path = "walk/checks.rs"]
mod checks;
#[path = "pages/contrast.rs"]
mod contrast;
#[path = "walk/glass.rs"]
mod glass;
#[path = "walk/golden.rs"]
mod golden;
#[path = "walk/longest.rs"]
mod longest;
#[path = "walk/looks.rs"]
mod looks;
#[path = "walk/picture.rs"]
mod picture;
#[path = "walk/reading.rs"]
mod reading;

use glass::Glass;
use looks::{PANELS, Panel, looks};
use picture::Contact;

/// Faults that are told at once; the rest would only repeat them.
const TOLD_MAX: usize = 60;

fn stage(look: Look) -> Stage {
    static FONTS: Once = Once::new();
    FONTS.call_once(|| fonts::prepare().expect("the scratch folder can be written"));
    Stage::open(look).expect("each thread has its own Slint")
}

fn show(stage: &Stage, sheet: Sheet, panel: Panel, look: Look) {
    let theme = Theme::get(stage.window());
    theme.set_terminal(sheet.is_terminal());
    theme.set_px_per_mm(panel.px_per_mm);
    stage.change_look(look);
    stage.fill(sheet);
    // parts that come and go are there once they were drawn
    stage.picture();
}

fn walk(panel: Panel) -> Vec<String> {
    let stage = stage(Look {
        width: panel.width,
        height: panel.height,
        ..Look::PORTRAIT
    });
    let mut faults = Vec::new();
    let mut contacts: BTreeMap<&str, Contact> = BTreeMap::new();
    for (sheet, name) in Sheet::ALL {
        for (mode, look) in looks(sheet, panel) {
            show(&stage, sheet, panel, look);
            let frame = stage.picture();
            let rgb = frame.rgb();
            let glass = Glass::of(&stage);
            let mut found = checks::faults(&glass, look, panel, sheet);
            // where the voice is, is invented for one panel: elsewhere its frame lies across words
            if sheet != Sheet::HomeReading {
                found.extend(checks::pale(&glass, look, &rgb));
            }
            let place = format!("{name} {} {mode}", panel.name);
            faults.extend(found.into_iter().map(|fault| format!("{place}: {fault}")));
            if picture::contact_folder().is_some() {
                contacts.entry(mode).or_default().add(&rgb, look);
            }
        }
    }
    for (mode, contact) in contacts {
        contact.save(&format!("{}-{mode}", panel.name));
    }
    faults
}

#[test]
fn every_page_can_be_used_in_every_mode_on_every_panel() {
    let walks = PANELS.map(|panel| thread::spawn(move || walk(panel)));
    let faults: Vec<String> = walks
        .into_iter()
        .flat_map(|walk| walk.join().expect("the walk ends"))
        .collect();
    if let Some(file) = std::env::var_os("WALK_FAULTS") {
        std::fs::write(file, faults.join("\n")).expect("the faults can be written down");
    }
    let known = known();
    let is_known = |fault: &String| known.iter().any(|it| fault.starts_with(it));
    let (old, new): (Vec<String>, Vec<String>) = faults.into_iter().partition(is_known);
    let told = &new[..new.len().min(TOLD_MAX)];
    let count = new.len();
    assert!(new.is_empty(), "{count} faults:\n{}", told.join("\n"));
    let is_there = |it: &&String| old.iter().any(|fault| fault.starts_with(*it));
    let mended: Vec<_> = known.iter().filter(|it| !is_there(it)).collect();
    assert!(
        mended.is_empty(),
        "mended, take it off the list: {mended:?}"
    );
}

/// Beginnings of faults that are known.
fn known() -> Vec<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/walk/known.txt");
    let text = std::fs::read_to_string(file).expect("a list, if only an empty one");
    let lines = text.lines().map(str::trim);
    lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect()
}

/// The pages as `shell.slint` lists them; generated enums cannot be iterated.
fn listed_pages() -> BTreeSet<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/shell.slint");
    let text = std::fs::read_to_string(file).expect("the pages lie in this source tree");
    let (_, rest) = text.split_once("enum PageId {").expect("the list of pages");
    let (list, _) = rest.split_once('}').expect("its end");
    let lines = list
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default());
    let names = lines.flat_map(|line| line.split(','));
    names
        .map(|name| name.trim().replace('-', ""))
        .filter(|name| !name.is_empty())
        .collect()
}

#[test]
fn no_page_is_forgotten() {
    let walked: BTreeSet<String> = Sheet::ALL
        .iter()
        .map(|(sheet, _)| format!("{:?}", sheet.page()).to_lowercase())
        .collect();
    assert_eq!(walked, listed_pages());
}
