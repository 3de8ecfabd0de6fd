//! Layers, sources, and faults that are said all at once.

use super::*;

fn layers(said: &[(Key, Source, &str)]) -> Layers {
    let mut layers = Layers::default();
    for (key, source, value) in said {
        layers.say(*key, *source, *value);
    }
    layers
}

#[test]
fn a_flag_is_over_the_environment_and_that_over_the_file() {
    let mut layers = layers(&[
        (Key::PublicUrl, Source::Flag, "http://flag/"),
        (Key::PublicUrl, Source::File, "http://file"),
        (Key::Listen, Source::File, "127.0.0.1:1"),
    ]);
    layers.say_environment(|name| (name == "HALL_LISTEN").then(|| "127.0.0.1:2".into()));
    let config = Config::of(&layers).unwrap();
    assert_eq!(config.listen.port(), 2);
    assert_eq!(config.public_url, "http://flag");
    assert_eq!(layers.value(Key::Listen).0, Source::Environment);
    assert_eq!(layers.value(Key::TlsCert).0, Source::Default);
}

#[test]
fn plain_http_beyond_this_machine_must_be_asked_for_unless_there_is_tls() {
    let open = (Key::Listen, Source::Flag, "0.0.0.0:7310");
    let refused = Config::of(&layers(&[open])).unwrap_err();
    assert!(matches!(refused[..], [ConfigError::PlainHttp(_)]));
    let allowed = (Key::AllowPlainHttp, Source::Flag, "true");
    Config::of(&layers(&[open, allowed])).unwrap();
    let tls = [
        (Key::TlsCert, Source::File, "server.pem"),
        (Key::TlsKey, Source::File, "server.key"),
    ];
    Config::of(&layers(&[open, tls[0], tls[1]])).unwrap();
    let metrics = (Key::MetricsListen, Source::File, "0.0.0.0:7311");
    assert!(Config::of(&layers(&[metrics, tls[0], tls[1]])).is_err());
    let default = Config::default();
    assert_eq!(default.listen.to_string(), LISTEN_DEFAULT);
    assert_eq!(default.metrics_listen, None);
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("central.toml");
    let text = "lisen = '127.0.0.1:1'\nlisten = 'here'\nconnections_max = 0\ntls_cert = 'a.pem'\n";
    std::fs::write(&path, text).unwrap();
    let mut layers = Layers::default();
    layers.say_file(&path);
    let checked = check(&layers);
    assert!(!checked.is_sound);
    let faults = checked.json["faults"].as_array().unwrap();
    assert_eq!(faults.len(), 4, "{faults:?}");
    for word in ["lisen", "here", "connections_max", "tls_key"] {
        assert!(checked.text.contains(word), "{word}");
    }
    assert_eq!(checked.json["values"]["listen"]["from"], "file");
}

#[test]
fn files_that_are_named_must_be_there_and_private() {
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
    let dir = tempfile::tempdir().unwrap();
    crate::tls::authority::make_authority(dir.path(), today).unwrap();
    let names = ["127.0.0.1".to_owned()];
    let issued = crate::tls::authority::issue(dir.path(), &names, dir.path(), today).unwrap();
    let path_text = |path: &Path| path.to_str().unwrap().to_owned();
    let (certificate, key) = (path_text(&issued.certificate), path_text(&issued.key));
    let data = path_text(&dir.path().join("data"));
    let layers = layers(&[
        (Key::TlsCert, Source::File, &certificate),
        (Key::TlsKey, Source::File, &key),
        (Key::Data, Source::Flag, &data),
    ]);
    assert!(check(&layers).is_sound, "{}", check(&layers).text);
    let mode = |bits| <std::fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(bits);
    std::fs::set_permissions(&issued.key, mode(0o644)).unwrap();
    assert!(check(&layers).text.contains("644"));
    std::fs::remove_file(&issued.key).unwrap();
    assert!(!check(&layers).is_sound);
}
