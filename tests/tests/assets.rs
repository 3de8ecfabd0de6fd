//! The data files under `assets`, held to what their readers rely on: a source and a status, icons
//! that exist and can be coloured, names that fit their buttons, mixes that add up.
//!
//! Reads files only. What a file means is tested where it is read.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

fn asset(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../assets")
        .join(name)
}

fn text(name: &str) -> String {
    fs::read_to_string(asset(name)).unwrap_or_else(|fault| panic!("{name}: {fault}"))
}

fn json(name: &str) -> Value {
    serde_json::from_str(&text(name)).unwrap_or_else(|fault| panic!("{name}: {fault}"))
}

/// The paths, relative to `assets`, of the files in `folder` with the extension.
fn files(folder: &str, extension: &str) -> Vec<String> {
    let entries = fs::read_dir(asset(folder)).expect("the folder is readable");
    let names = entries.map(|entry| entry.expect("the entry is readable").file_name());
    let names = names.map(|name| name.to_string_lossy().into_owned());
    let wanted = names.filter(|name| name.ends_with(&format!(".{extension}")));
    wanted.map(|name| format!("{folder}/{name}")).collect()
}

fn list<'a>(value: &'a Value, field: &str) -> &'a Vec<Value> {
    value[field]
        .as_array()
        .unwrap_or_else(|| panic!("{field} is a list in {value}"))
}

fn word<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field]
        .as_str()
        .unwrap_or_else(|| panic!("{field} is text in {value}"))
}

fn length(value: &Value, field: &str) -> usize {
    word(value, field).chars().count()
}

#[test]
fn every_data_file_states_its_source_and_status() {
    for folder in ["codes", "demo", "hall", "search"] {
        let found = files(folder, "json");
        assert!(!found.is_empty(), "{folder} holds data");
        for name in found {
            let value = json(&name);
            assert!(length(&value, "source") > 10, "{name}");
            assert!(length(&value, "status") > 10, "{name}");
        }
    }
    for name in files("parameters", "toml") {
        let head = text(&name);
        assert!(
            head.contains("\nsource = \"") && head.contains("\nstatus = \""),
            "{name}"
        );
    }
}

#[test]
fn every_parameter_has_a_unit_a_date_and_a_source_of_its_own() {
    for name in files("parameters", "toml") {
        let content = text(&name);
        for entry in content.split("[[parameter]]").skip(1) {
            for field in [
                "key = ",
                "value = ",
                "unit = ",
                "effective_from = ",
                "source = ",
            ] {
                assert!(
                    entry.contains(&format!("\n{field}")),
                    "{name}: {field} in {entry}"
                );
            }
        }
    }
}

#[test]
fn every_icon_is_one_colour_on_the_48_grid() {
    let icons = files("icons", "svg");
    assert!(icons.len() >= 53, "the list of the style sheet");
    for name in icons {
        let drawing = text(&name);
        for part in [
            "viewBox=\"0 0 48 48\"",
            "fill=\"none\"",
            "stroke-width=\"3\"",
        ] {
            assert!(drawing.contains(part), "{name}: {part}");
        }
        assert_eq!(
            drawing.matches('#').count(),
            drawing.matches("#000000").count(),
            "{name}"
        );
    }
}

#[test]
fn categories_fit_their_tiles_and_have_an_icon() {
    let categories = json("search/categories.json");
    let mut ids = BTreeSet::new();
    for category in list(&categories, "categories") {
        let id = word(category, "id");
        assert!(ids.insert(id), "{id} twice");
        assert!(
            length(category, "name") <= 5 && length(category, "hint") <= 9,
            "{id}"
        );
        assert!(
            asset(&format!("icons/{}.svg", word(category, "icon"))).exists(),
            "{id}"
        );
        assert!(!list(category, "title_words").is_empty(), "{id}");
    }
}

#[test]
fn category_words_are_lower_case_and_an_exclusion_never_cancels_its_own_word() {
    let categories = json("search/categories.json");
    for category in list(&categories, "categories") {
        let titles = list(category, "title_words");
        for field in ["title_words", "industry_words", "excluded_words"] {
            for entry in list(category, field) {
                let entry = entry.as_str().expect("a word is text");
                assert_eq!(entry, entry.to_lowercase(), "{}", word(category, "id"));
                assert_eq!(entry, entry.trim());
            }
        }
        for excluded in list(category, "excluded_words") {
            assert!(
                !titles.contains(excluded),
                "{}: {excluded}",
                word(category, "id")
            );
        }
    }
}

#[test]
fn service_groups_fit_a_slip() {
    let hall = json("hall/service-groups.json");
    let codes: Vec<&str> = list(&hall, "groups")
        .iter()
        .map(|group| word(group, "code"))
        .collect();
    assert_eq!(codes, ["A", "B", "C", "D", "E"]);
    for group in list(&hall, "groups") {
        assert!(
            length(group, "name") <= 8 && length(group, "hint") <= 12,
            "{group}"
        );
        assert!(!list(group, "topics").is_empty(), "{group}");
        assert!(
            group["typical_service_minutes"]
                .as_u64()
                .is_some_and(|minutes| minutes > 0)
        );
    }
    for kind in list(&hall, "priority_kinds") {
        assert!(
            asset(&format!("icons/{}.svg", word(kind, "icon"))).exists(),
            "{kind}"
        );
    }
}

#[test]
fn every_place_but_the_city_has_its_parent_in_the_list() {
    let districts = json("codes/districts.json");
    let places = list(&districts, "places");
    let codes: BTreeSet<&str> = places.iter().map(|place| word(place, "code")).collect();
    assert_eq!(codes.len(), places.len(), "no code twice");
    for place in places.iter().filter(|place| place["level"] != "city") {
        assert!(codes.contains(word(place, "parent_code")), "{place}");
    }
}

#[test]
fn mixes_of_the_demonstration_add_up() {
    let recipe = json("demo/recipe.json");
    for field in ["education_mixes", "experience_mixes"] {
        for (name, mix) in recipe[field].as_object().expect("mixes by name") {
            let shares = mix.as_object().expect("shares by code").values();
            assert_eq!(
                shares.filter_map(Value::as_u64).sum::<u64>(),
                1000,
                "{name}"
            );
        }
    }
    for occupation in list(&recipe, "occupations") {
        let industry = word(occupation, "industry");
        assert!(
            recipe["employers"]["industry_words"]
                .get(industry)
                .is_some(),
            "{industry}"
        );
        for field in ["education_mix", "experience_mix"] {
            let mixes = format!("{field}es");
            assert!(
                recipe[mixes].get(word(occupation, field)).is_some(),
                "{occupation}"
            );
        }
    }
}

#[test]
fn invented_policies_say_that_they_are_invented() {
    let policies = json("demo/policies.json");
    assert_eq!(list(&policies, "policies").len(), 9);
    for policy in list(&policies, "policies") {
        assert!(
            word(policy, "document_no").starts_with("演示文"),
            "{policy}"
        );
        let closing = list(policy, "text")
            .last()
            .and_then(Value::as_str)
            .unwrap_or_default();
        assert!(closing.contains("演示"), "{policy}");
        assert_eq!(list(policy, "summary").len(), 6);
    }
}
