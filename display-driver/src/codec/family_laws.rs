//! Laws of every family in the list, and one of the source: that only a family's own modules name it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Ask, BoardFamily, Face, Precedence, Speech};
use crate::virtual_board::Simulation;

/// Where a family may be named: its codec, its simulation, and the list.
const OWN_PLACES: [&str; 2] = ["codec/mod.rs", "virtual_board/"];

#[test]
fn every_family_has_a_name_of_its_own_by_which_it_is_found() {
    let names: BTreeSet<&str> = BoardFamily::ALL.iter().map(|it| it.name()).collect();
    assert_eq!(names.len(), BoardFamily::ALL.len());
    for &family in BoardFamily::ALL {
        assert_eq!(BoardFamily::from_name(family.name()), Some(family));
    }
    let unknown = BoardFamily::try_from("beta".to_owned()).expect_err("no family");
    assert!(names.iter().all(|name| unknown.contains(name)), "{unknown}");
}

#[test]
fn what_is_usual_of_a_family_is_possible_and_what_deletes_is_a_command() {
    for family in BoardFamily::ALL {
        let facts = family.facts();
        assert!(facts.bauds.contains(&facts.usual_baud), "{family:?}");
        assert!(facts.formats.contains(&facts.usual_format), "{family:?}");
        assert!(facts.usual_height_px <= facts.height_px_max, "{family:?}");
        let commands = family.module().commands();
        let is_command = |name: &str| commands.iter().any(|(command, ..)| command == name);
        let named = facts.deletes.iter().chain(&facts.file_document);
        let asked = family.module().questions().iter().map(|it| &it.command);
        for name in named.chain(asked) {
            assert!(is_command(name), "{family:?}: {name}");
        }
    }
}

#[test]
fn a_simulated_board_of_every_family_says_what_its_voice_waits_for_and_its_ear_understands() {
    for &family in BoardFamily::ALL {
        let face = Face {
            width_px: 64,
            height_px: family.facts().usual_height_px,
        };
        let simulation = Simulation {
            address: *family.facts().addresses.start(),
            has_green: true,
            speech: Speech::usual(family, face),
        };
        let mut board = family.module().simulated(&simulation);
        let mut voice = simulation.speech.voice();
        let asked = voice.next(simulation.address, &Ask::Ping, Precedence::Ordinary);
        let asked = asked.expect("a ping").expect("a frame");
        let reply = board.receive(Duration::from_secs(9), &asked.bytes());
        let mut ear = family.module().ear();
        ear.push(&reply);
        let frame = ear.hear().expect("an answer").expect("a sound one");
        assert!(
            frame.to_host && voice.is_answer(&Ask::Ping, &frame.heard),
            "{frame:?}"
        );
        assert_eq!(frame.place, 0..reply.len() as u64);
        assert!(!ear.is_inside_frame() && ear.hear().is_none());
    }
}

#[test]
fn nothing_but_a_familys_own_modules_and_the_list_names_it() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut named = Vec::new();
    for (place, text) in shipped(&source) {
        for family in BoardFamily::ALL {
            let module = family.name().replace('-', "_");
            let is_own = place.starts_with(&format!("codec/{module}/"))
                || OWN_PLACES.iter().any(|own| place.starts_with(own));
            let needles = [format!("BoardFamily::{family:?}"), format!("{module}::")];
            let lines = text
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"));
            let hits = lines.filter(|line| needles.iter().any(|needle| line.contains(needle)));
            named.extend(
                hits.filter(|_| !is_own)
                    .map(|line| format!("{place}: {line}")),
            );
        }
    }
    assert!(named.is_empty(), "{named:#?}");
}

/// Every source file without its tests; modules that are tests as a whole are left out.
fn shipped(source: &Path) -> Vec<(String, String)> {
    let mut files = Vec::new();
    collect(source, &mut files);
    let text_of = |path: &PathBuf| std::fs::read_to_string(path).expect("a source file");
    let mut tests = BTreeSet::new();
    for path in &files {
        let text = text_of(path);
        let folder = match path.file_name().and_then(|name| name.to_str()) {
            Some("mod.rs" | "lib.rs") => path.parent().expect("a folder").to_owned(),
            _ => path.with_extension(""),
        };
        for behind in text.split("#[cfg(test)]\n").skip(1) {
            let line = behind.lines().next().unwrap_or_default();
            let module = line
                .strip_prefix("mod ")
                .and_then(|rest| rest.strip_suffix(';'));
            tests.extend(module.map(|module| folder.join(format!("{module}.rs"))));
            let file = line
                .strip_prefix("#[path = \"")
                .and_then(|rest| rest.strip_suffix("\"]"));
            tests.extend(file.map(|file| path.with_file_name(file)));
        }
    }
    let shipped = files.iter().filter(|path| !tests.contains(*path));
    let told = shipped.map(|path| {
        let place = path.strip_prefix(source).expect("a file of the source");
        let text = text_of(path);
        let before_tests = text.split("#[cfg(test)]\nmod tests {").next();
        (
            place.display().to_string(),
            before_tests.unwrap_or_default().to_owned(),
        )
    });
    told.collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of the source") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|it| it == "rs") {
            files.push(path);
        }
    }
}
