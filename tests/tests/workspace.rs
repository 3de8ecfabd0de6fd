//! The shape of the repository, held by tests: which crate may lean on which (the arrows), one
//! licence, pinned Slint, a reason beside every dependency, the top level, and no colour or type
//! size outside the kiosk's theme.
//!
//! Reads manifests and sources only; it builds and starts nothing. The arrows are those of the
//! design: rules at the bottom, programs at the top, and no serial port or citizens' data where a
//! crate has no business with it.

use std::fs;
use std::path::{Path, PathBuf};

use cargo_metadata::{Dependency, DependencyKind, Metadata, MetadataCommand, Package};

/// The programs may also name `wire` and `domain`, which they reach through `sync` anyway.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("wire", &["domain"]),
    ("sync", &["domain", "wire"]),
    ("testkit", &["domain", "wire"]),
    ("display-driver", &["domain", "wire", "sync"]),
    ("central", &["domain", "wire", "sync", "display-driver"]),
    (
        "kiosk",
        &[
            "domain",
            "wire",
            "sync",
            "central",
            "display-driver",
            "kiosk-peripherals",
            "kiosk-ui",
        ],
    ),
    ("kiosk-peripherals", &["domain", "wire"]),
    ("kiosk-ui", &[]),
    ("acceptance", &["domain", "testkit"]),
    (
        "simulation",
        &["domain", "wire", "sync", "central", "testkit"],
    ),
];

const TOP_LEVEL: &[&str] = &[
    "Cargo.lock",
    "Cargo.toml",
    "README.md",
    "assets",
    "display-driver",
    "kiosk",
    "shared",
    "tests",
];

/// Licences that a GPL-3.0-only program may contain. `assets/licences/README.md` says the same.
const COMPATIBLE_LICENCES: &[&str] = &[
    "MIT",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "GPL-3.0-only",
    "ISC",
    "MPL-2.0",
    "Unicode-3.0",
    "Zlib",
];

const LINES_OF_A_FILE_MAX: usize = 600;

fn repository() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests
        .parent()
        .expect("the tests folder stands in the repository")
        .to_path_buf()
}

fn manifests() -> Metadata {
    MetadataCommand::new()
        .manifest_path(repository().join("Cargo.toml"))
        .no_deps()
        .exec()
        .expect("cargo reads the manifests of its own workspace")
}

fn member<'a>(metadata: &'a Metadata, name: &str) -> &'a Package {
    let found = metadata
        .packages
        .iter()
        .find(|package| package.name.as_str() == name);
    found.unwrap_or_else(|| panic!("the workspace has a package named {name}"))
}

/// The dependencies of `package` on other crates of this workspace, with their kind.
fn arrows_of(package: &Package) -> impl Iterator<Item = &Dependency> {
    package
        .dependencies
        .iter()
        .filter(|dependency| dependency.path.is_some())
}

fn is_dev(dependency: &Dependency) -> bool {
    dependency.kind == DependencyKind::Development
}

/// Every file below `folder` with the extension, build output and fetched packages left out.
fn files_below(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is readable") {
        let path = entry.expect("the entry is readable").path();
        let name = path
            .file_name()
            .expect("an entry has a name")
            .to_string_lossy()
            .into_owned();
        if path.is_dir() && !name.starts_with('.') && name != "target" && name != "node_modules" {
            found.extend(files_below(&path, extension));
        } else if path.extension().is_some_and(|this| this == extension) {
            found.push(path);
        }
    }
    found
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()))
}

/// The lines of `text` from the table header `[section]` to the next one.
fn section<'a>(text: &'a str, header: &str) -> Vec<&'a str> {
    let after = text
        .lines()
        .skip_while(|line| line.trim() != header)
        .skip(1);
    after.take_while(|line| !line.starts_with('[')).collect()
}

#[test]
fn the_workspace_has_exactly_the_designed_packages() {
    let metadata = manifests();
    let mut names: Vec<&str> = metadata
        .packages
        .iter()
        .map(|package| package.name.as_str())
        .collect();
    let mut designed: Vec<&str> = ARROWS.iter().map(|(name, _)| *name).collect();
    names.sort_unstable();
    designed.sort_unstable();
    assert_eq!(names, designed);
}

#[test]
fn no_crate_leans_on_another_against_the_arrows() {
    let metadata = manifests();
    for (from, permitted) in ARROWS {
        for arrow in arrows_of(member(&metadata, from)).filter(|arrow| !is_dev(arrow)) {
            let to = arrow.name.as_str();
            assert!(
                permitted.contains(&to),
                "{from} → {to} is not a permitted arrow"
            );
        }
    }
}

#[test]
fn tests_of_a_lower_crate_do_not_lean_on_a_higher_one() {
    let metadata = manifests();
    for (from, permitted) in ARROWS.iter().filter(|(from, _)| *from != "acceptance") {
        for arrow in arrows_of(member(&metadata, from)).filter(|arrow| is_dev(arrow)) {
            let to = arrow.name.as_str();
            let allowed = to == "testkit" || permitted.contains(&to);
            assert!(
                allowed,
                "{from} → {to} is not a permitted arrow, not even in tests"
            );
        }
    }
}

#[test]
fn testkit_is_only_ever_a_dev_dependency() {
    let metadata = manifests();
    // These are themselves for tests only, and nothing may lean on them.
    let for_tests_only = ["acceptance", "simulation"];
    let packages = metadata.packages.iter();
    for package in packages.filter(|package| !for_tests_only.contains(&package.name.as_str())) {
        for arrow in arrows_of(package).filter(|arrow| arrow.name == "testkit") {
            assert!(is_dev(arrow), "{} ships testkit", package.name);
        }
    }
}

#[test]
fn central_draws_boards_without_the_serial_port() {
    let metadata = manifests();
    let mut arrows =
        arrows_of(member(&metadata, "central")).filter(|arrow| arrow.name == "display-driver");
    let arrow = arrows
        .next()
        .expect("central previews boards with display-driver");
    assert!(
        !arrow.uses_default_features,
        "central → display-driver has default features on"
    );
    assert_eq!(arrow.features, Vec::<String>::new());
    assert!(arrows.next().is_none(), "one arrow is enough");
}

#[test]
fn the_pure_half_of_display_driver_reaches_neither_link_nor_port() {
    let metadata = manifests();
    let package = member(&metadata, "display-driver");
    for name in ["sync", "tokio", "tokio-serial"] {
        let optional = package
            .dependencies
            .iter()
            .filter(|this| this.name == name && !is_dev(this));
        assert!(
            optional.clone().all(|this| this.optional),
            "{name} is in the pure half"
        );
        assert_eq!(features_that_switch_on(package, name), ["port"]);
    }
}

#[test]
fn kiosk_reaches_central_and_boards_only_in_the_demo() {
    let metadata = manifests();
    let kiosk = member(&metadata, "kiosk");
    for name in ["central", "display-driver"] {
        let arrows = arrows_of(kiosk).filter(|arrow| arrow.name == name && !is_dev(arrow));
        for arrow in arrows {
            assert!(arrow.optional, "a production kiosk would contain {name}");
        }
        assert_eq!(features_that_switch_on(kiosk, name), ["demo"]);
    }
}

/// The features of `package` that bring in its optional dependency.
fn features_that_switch_on<'a>(package: &'a Package, dependency: &str) -> Vec<&'a str> {
    let switch = format!("dep:{dependency}");
    let with_it = package
        .features
        .iter()
        .filter(|(_, parts)| parts.contains(&switch));
    with_it.map(|(feature, _)| feature.as_str()).collect()
}

#[test]
fn every_manifest_says_gpl_3_only() {
    for package in &manifests().packages {
        assert_eq!(
            package.license.as_deref(),
            Some("GPL-3.0-only"),
            "{}",
            package.name
        );
    }
}

#[test]
fn every_crate_that_we_build_in_has_a_compatible_licence() {
    let platform = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let options = ["--offline", "--locked", "--filter-platform", &platform].map(str::to_owned);
    let metadata = MetadataCommand::new()
        .manifest_path(repository().join("Cargo.toml"))
        .other_options(options)
        .exec()
        .expect("Cargo.lock is up to date and what the build has compiled is at hand");
    for package in &metadata.packages {
        let licence = package.license.as_deref().unwrap_or("none stated");
        assert!(
            is_compatible(licence),
            "{} {}: {licence}",
            package.name,
            package.version
        );
    }
}

/// Whether every part joined by AND offers at least one compatible licence.
fn is_compatible(expression: &str) -> bool {
    let alternatives = |part: &str| -> Vec<String> {
        let plain = part.replace(['(', ')'], "").replace('/', " OR ");
        plain
            .split(" OR ")
            .map(|name| name.trim().to_owned())
            .collect()
    };
    expression.split(" AND ").all(|part| {
        alternatives(part)
            .iter()
            .any(|name| COMPATIBLE_LICENCES.contains(&name.as_str()))
    })
}

#[test]
fn an_incompatible_licence_would_be_noticed() {
    assert!(is_compatible("(MIT OR Apache-2.0) AND Unicode-3.0"));
    assert!(is_compatible("Unlicense/MIT"));
    assert!(!is_compatible("GPL-2.0-only"));
    assert!(!is_compatible("MIT AND BUSL-1.1"));
    assert!(!is_compatible("none stated"));
}

#[test]
fn slint_is_pinned_to_one_exact_version() {
    let mut pinned = Vec::new();
    for package in &manifests().packages {
        for dependency in &package.dependencies {
            if dependency.name.starts_with("slint") || dependency.name.starts_with("i-slint") {
                pinned.push(dependency.req.to_string());
            }
        }
    }
    pinned.sort_unstable();
    pinned.dedup();
    assert_eq!(pinned.len(), 1, "{pinned:?}");
    assert!(pinned[0].starts_with('='), "{pinned:?}");
}

#[test]
fn every_dependency_says_what_it_is_for() {
    let manifest = read(&repository().join("Cargo.toml"));
    let lines = section(&manifest, "[workspace.dependencies]");
    assert!(
        lines.len() > 20,
        "the section is where the test looks for it"
    );
    let third_party = |line: &str| {
        line.starts_with(|first: char| first.is_ascii_alphabetic())
            && line.contains(" = ")
            && !line.contains("path = ")
    };
    let unexplained: Vec<&str> = lines
        .windows(2)
        .filter(|pair| third_party(pair[1]) && !pair[0].starts_with("# "))
        .map(|pair| pair[1])
        .collect();
    assert_eq!(
        unexplained,
        Vec::<&str>::new(),
        "no line above says what for"
    );
}

#[test]
fn members_take_every_dependency_from_the_workspace() {
    for package in &manifests().packages {
        let manifest = read(package.manifest_path.as_std_path());
        for header in [
            "[dependencies]",
            "[dev-dependencies]",
            "[build-dependencies]",
        ] {
            for line in section(&manifest, header)
                .iter()
                .filter(|line| line.contains('='))
            {
                let from_workspace = line.contains("workspace = true") || line.starts_with('#');
                assert!(from_workspace, "{}: {line}", package.name);
            }
        }
    }
}

#[test]
fn the_top_level_holds_exactly_the_designed_names() {
    let ignored = read(&repository().join(".gitignore"));
    let mut names: Vec<String> = fs::read_dir(repository())
        .expect("the repository is readable")
        .map(|entry| {
            entry
                .expect("the entry is readable")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .filter(|name| !name.starts_with('.'))
        .filter(|name| !ignored.lines().any(|line| line == format!("/{name}")))
        .collect();
    names.sort_unstable();
    assert_eq!(names, TOP_LEVEL);
}

#[test]
fn every_source_file_opens_with_what_it_promises_and_stays_readable() {
    let mut faults = Vec::new();
    for folder in ["kiosk", "display-driver", "shared", "tests"] {
        for path in files_below(&repository().join(folder), "rs") {
            let source = read(&path);
            let lines = source.lines().count();
            if !source.starts_with("//!") || lines > LINES_OF_A_FILE_MAX {
                faults.push(format!("{} ({lines} lines)", path.display()));
            }
        }
    }
    assert_eq!(
        faults,
        Vec::<String>::new(),
        "no opening paragraph, or too long"
    );
}

#[test]
fn no_colour_or_type_size_stands_outside_the_theme() {
    let pages = files_below(&repository().join("kiosk/ui"), "slint");
    assert!(
        pages.iter().any(|path| path.ends_with("theme.slint")),
        "the theme is there"
    );
    let mut faults = Vec::new();
    for path in pages.iter().filter(|path| !path.ends_with("theme.slint")) {
        for (index, line) in read(path).lines().enumerate() {
            if let Some(literal) = literal_of_look(line) {
                faults.push(format!("{}:{}: {literal}", path.display(), index + 1));
            }
        }
    }
    assert_eq!(faults, Vec::<String>::new());
}

/// The first colour literal or type size in pixels of a line of Slint, comments left out.
fn literal_of_look(line: &str) -> Option<&str> {
    let code = line.split("//").next().unwrap_or_default();
    let colour = code.match_indices('#').find_map(|(at, _)| {
        let digits = code[at + 1..]
            .bytes()
            .take_while(u8::is_ascii_hexdigit)
            .count();
        matches!(digits, 3 | 4 | 6 | 8).then(|| &code[at..=at + digits])
    });
    let size = code
        .split_once("font-size:")
        .map(|(_, value)| value.trim_start())
        .filter(|value| {
            let unit =
                value.trim_start_matches(|digit: char| digit.is_ascii_digit() || digit == '.');
            unit.len() < value.len() && (unit.starts_with("px") || unit.starts_with("pt"))
        });
    colour.or(size)
}

#[test]
fn a_literal_of_look_would_be_noticed() {
    assert_eq!(literal_of_look("background: #F6C453;"), Some("#F6C453"));
    assert_eq!(literal_of_look("color: #fff;"), Some("#fff"));
    assert_eq!(literal_of_look("font-size: 32px;"), Some("32px;"));
    assert_eq!(
        literal_of_look("font-size: Theme.body; // once #F6C453"),
        None
    );
}
