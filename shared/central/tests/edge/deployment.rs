//! The sample deployment in `assets/deploy` fits the program.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use central::config::{Config, Key, Layers, Source};

fn deploy() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/deploy")
}

/// The sample with every commented key in force.
fn sample() -> String {
    let text = fs::read_to_string(deploy().join("central.toml")).unwrap();
    let in_force = |line: &str| {
        let bare = line.strip_prefix("# ").unwrap_or(line);
        let name = bare.split_once(" = ").map(|(name, _)| name);
        let is_key =
            name.is_some_and(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '_'));
        if is_key {
            bare.to_owned()
        } else {
            line.to_owned()
        }
    };
    text.lines().map(in_force).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_sample_configuration_names_every_key_with_its_default_and_no_other() {
    let table: toml::Table = sample().parse().unwrap();
    let named: BTreeSet<&str> = table.keys().map(String::as_str).collect();
    assert_eq!(named, Key::ALL.map(Key::name).into());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("central.toml");
    fs::write(&path, sample()).unwrap();
    let mut layers = Layers::default();
    layers.say_file(&path);
    for key in Key::ALL {
        assert_eq!(
            layers.value(key),
            (Source::File, key.default_text()),
            "{key:?}"
        );
    }
    assert_eq!(Config::of(&layers).unwrap(), Config::default());
}

#[test]
fn the_units_are_what_systemd_understands() {
    let present = Command::new("systemd-analyze").arg("--version").output();
    if present.is_err() {
        println!("SKIPPED: there is no systemd-analyze on this machine");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut units = Vec::new();
    for entry in fs::read_dir(deploy().join("systemd")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        // The programs are not installed here; any other one stands for them.
        let programs = [
            "local/bin/central",
            "local/bin/kiosk",
            "local/bin/display-driver",
            "bin/loadkeys",
        ];
        let text = programs.iter().fold(text, |text, program| {
            text.replace(&format!("/usr/{program} "), "/bin/true ")
        });
        let unit = folder.path().join(path.file_name().unwrap());
        fs::write(&unit, text).unwrap();
        units.push(unit);
    }
    assert!(units.len() >= 6, "{units:?}");
    let verified = Command::new("systemd-analyze")
        .arg("verify")
        .args(&units)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&verified.stderr);
    assert!(
        verified.status.success() && said.trim().is_empty(),
        "{said}"
    );
}
