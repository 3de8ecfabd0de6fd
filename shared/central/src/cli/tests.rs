//! The words of the command line.

use clap::CommandFactory;

use super::*;

fn parse(words: &str) -> Result<Verb, clap::error::ErrorKind> {
    let words = std::iter::once("central").chain(words.split_whitespace());
    Arguments::try_parse_from(words)
        .map(|arguments| arguments.verb)
        .map_err(|error| error.kind())
}

#[test]
fn the_words_hang_together() {
    Arguments::command().debug_assert();
}

#[test]
fn publishing_needs_a_name_and_a_kiosk_needs_a_lane() {
    assert!(parse("import vacancies a.csv --publish --by 甲").is_ok());
    assert!(parse("import vacancies a.csv --publish").is_err());
    assert!(parse("import vacancies a.csv --by 甲").is_err());
    assert!(parse("enrol-code --kind kiosk --name 一号机").is_err());
    assert!(parse("enrol-code --kind kiosk --lane 1 --name 一号机").is_ok());
    assert!(parse("enrol-code --kind window --window 3 --name 三号窗").is_ok());
    assert!(parse("enrol-code --kind driver --name 屏").is_ok());
}

#[test]
fn wrong_usage_exits_with_two_and_help_with_zero() {
    let code = |words: &str| {
        let words = std::iter::once("central").chain(words.split_whitespace());
        format!("{:?}", run(words.map(OsString::from).collect()))
    };
    assert_eq!(code("nonsense"), format!("{:?}", ExitCode::from(2)));
    assert_eq!(code("serve --help"), format!("{:?}", ExitCode::SUCCESS));
}

#[test]
fn a_command_works_on_a_free_directory_and_fails_with_one_on_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().to_str().unwrap();
    let code = |words: &str| {
        let words = format!("central {words} --data {data}");
        format!(
            "{:?}",
            run(words.split_whitespace().map(OsString::from).collect())
        )
    };
    assert_eq!(code("verify"), format!("{:?}", ExitCode::SUCCESS));
    assert_eq!(code("keys status"), format!("{:?}", ExitCode::SUCCESS));
    assert_eq!(code("keys rotate"), format!("{:?}", ExitCode::FAILURE));
    assert_eq!(code("keys forget-old"), format!("{:?}", ExitCode::FAILURE));
    let inside = format!("verify --master-key-file {data}/key");
    assert_eq!(code(&inside), format!("{:?}", ExitCode::FAILURE));
    assert_eq!(code("close-day"), format!("{:?}", ExitCode::FAILURE));
    assert_eq!(
        code("import vacancies /nonexistent.csv"),
        format!("{:?}", ExitCode::FAILURE)
    );
}
