//! HTTPS with the hall's own authority, and plain HTTP that stays where it is.

use std::path::Path;
use std::process::Output;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use sync::address::{AddressError, CentralAddress, PlainHttp};
use sync::client::CentralClient;
use sync::device_clock::Clock;
use sync::enrolment::load_or_enrol;
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use wire::api::path;

use crate::process::{Central, central};

fn tls(words: &[&str]) -> Output {
    central().arg("tls").args(words).output().unwrap()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// An authority in `ca`, and a server's certificate for 127.0.0.1 in `server`.
fn authority_and_certificate(folder: &TempDir) {
    let (ca, server) = (folder.path().join("ca"), folder.path().join("server"));
    let made = tls(&["make-ca", "--to", text(&ca)]);
    assert!(made.status.success(), "{made:?}");
    issue(&ca, &server);
}

fn issue(ca: &Path, to: &Path) {
    let to = text(to);
    let issued = tls(&[
        "issue",
        "--ca",
        text(ca),
        "--name",
        "127.0.0.1",
        "hall.local",
        "--to",
        to,
    ]);
    assert!(issued.status.success(), "{issued:?}");
    let said = String::from_utf8(issued.stdout).unwrap();
    assert!(said.contains("有效到") && said.contains("请续期"), "{said}");
}

fn serve(folder: &TempDir) -> Central {
    let file = |name: &str| folder.path().join("server").join(name);
    let (certificate, key) = (file("server.pem"), file("server.key"));
    let flags = ["--tls-cert", text(&certificate), "--tls-key", text(&key)];
    Central::serve(&folder.path().join("data"), &flags)
}

fn address(central: &Central, ca: &Path) -> CentralAddress {
    let url = format!("https://{}", central.address);
    let pem = std::fs::read_to_string(ca.join("ca.pem")).unwrap();
    CentralAddress::new(&url, Some(pem), PlainHttp::OnThisMachine).unwrap()
}

async fn health(address: &CentralAddress) -> reqwest::Result<String> {
    let url = address.url().join(path::HEALTH).unwrap();
    address.http().unwrap().get(url).send().await?.text().await
}

#[tokio::test]
async fn a_device_that_has_the_authority_gets_through_and_no_other_does() {
    let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    authority_and_certificate(&folder);
    authority_and_certificate(&elsewhere);
    let central = serve(&folder);
    let ca = folder.path().join("ca");
    assert_eq!(health(&address(&central, &ca)).await.unwrap(), "ok");
    let other = address(&central, &elsewhere.path().join("ca"));
    let refused = health(&other).await.unwrap_err();
    assert!(
        format!("{refused:?}").contains("UnknownIssuer"),
        "{refused:?}"
    );
    let plain: CentralAddress = format!("http://{}", central.address).parse().unwrap();
    assert!(health(&plain).await.is_err());
    let check = |ca: &Path| {
        let url = format!("https://{}", central.address);
        let pem = ca.join("ca.pem");
        let words = ["healthcheck", "--url", &url, "--central-ca", text(&pem)];
        crate::process::central()
            .args(words)
            .status()
            .unwrap()
            .success()
    };
    assert!(check(&ca));
    assert!(!check(&elsewhere.path().join("ca")));
}

#[tokio::test]
async fn a_device_keeps_the_authority_that_it_enrolled_with() {
    let folder = tempfile::tempdir().unwrap();
    authority_and_certificate(&folder);
    let central = serve(&folder);
    let layout = folder.path().join("hall.toml");
    let hall = "station_name = '示例大厅'\n[[windows]]\nno = 1\ngroups = ['A']\n";
    std::fs::write(&layout, hall).unwrap();
    let data = folder.path().join("data");
    let ask = |words: &[&str]| {
        let mut command = crate::process::central();
        let told = command
            .args(words)
            .args(["--json", "--data", text(&data)])
            .output();
        let told = told.unwrap();
        assert!(told.status.success(), "{told:?}");
        serde_json::from_slice::<serde_json::Value>(&told.stdout).unwrap()
    };
    ask(&["hall", "lay-out", text(&layout)]);
    let made = ask(&["enrol-code", "--kind", "driver", "--name", "屏"]);
    let (device, url) = (
        folder.path().join("device"),
        format!("https://{}", central.address),
    );
    std::fs::create_dir(&device).unwrap();
    let address = |authority: Option<&Path>| {
        CentralAddress::of_device(&url, &device, authority, PlainHttp::OnThisMachine)
    };
    assert!(matches!(
        address(None),
        Err(AddressError::AuthorityMissing { .. })
    ));
    let first = address(Some(&folder.path().join("ca/ca.pem"))).unwrap();
    load_or_enrol(&device, &first, made["code"].as_str())
        .await
        .unwrap();
    let later = address(None).unwrap();
    let identity = load_or_enrol(&device, &later, None).await.unwrap();
    let client = CentralClient::new(
        &later,
        identity,
        Clock::new(|| central::edge::system_clock()()),
    )
    .unwrap();
    assert_eq!(client.tail().await.unwrap().head.seq, 0);
}

#[test]
fn what_is_there_is_never_overwritten_and_keys_are_their_owners_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    authority_and_certificate(&folder);
    let key = |path: &str| std::fs::metadata(folder.path().join(path)).unwrap();
    for path in ["ca/ca.key", "server/server.key"] {
        assert_eq!(key(path).permissions().mode() & 0o777, 0o600, "{path}");
    }
    let before = std::fs::read(folder.path().join("ca/ca.pem")).unwrap();
    let again = tls(&["make-ca", "--to", text(&folder.path().join("ca"))]);
    assert_eq!(again.status.code(), Some(1));
    assert_eq!(
        std::fs::read(folder.path().join("ca/ca.pem")).unwrap(),
        before
    );
}

#[test]
fn plain_http_is_refused_off_this_machine_on_both_ends() {
    let folder = tempfile::tempdir().unwrap();
    let served = central()
        .args([
            "serve",
            "--listen",
            "0.0.0.0:0",
            "--data",
            text(folder.path()),
        ])
        .output()
        .unwrap();
    assert_eq!(served.status.code(), Some(1));
    assert!(
        String::from_utf8(served.stderr)
            .unwrap()
            .contains("--allow-plain-http")
    );
    let device = "http://192.0.2.1:7310".parse::<CentralAddress>();
    assert!(matches!(device, Err(AddressError::PlainHttp { .. })));
}

#[tokio::test]
async fn a_renewed_certificate_is_used_without_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    authority_and_certificate(&folder);
    let central = serve(&folder);
    let ca = folder.path().join("ca");
    let before = certificate_shown(&central, &ca).await;
    let renewed = folder.path().join("renewed");
    issue(&ca, &renewed);
    for file in ["server.pem", "server.key"] {
        std::fs::rename(renewed.join(file), folder.path().join("server").join(file)).unwrap();
    }
    assert_eq!(certificate_shown(&central, &ca).await, before);
    central.signal("HUP");
    let wanted = CertificateDer::from_pem_file(folder.path().join("server/server.pem")).unwrap();
    // The signal is on its way: each look is a connection of its own.
    let mut looks = 0;
    while certificate_shown(&central, &ca).await != wanted {
        looks += 1;
        assert!(looks < 10_000, "the old certificate is still shown");
    }
    let broken = folder.path().join("server/server.key");
    std::fs::write(broken, "no key").unwrap();
    central.signal("HUP");
    assert_eq!(health(&address(&central, &ca)).await.unwrap(), "ok");
}

async fn certificate_shown(central: &Central, ca: &Path) -> CertificateDer<'static> {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_file(ca.join("ca.pem")).unwrap())
        .unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(&central.address).await.unwrap();
    let name = ServerName::try_from("hall.local").unwrap();
    let stream = TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await
        .unwrap();
    stream.get_ref().1.peer_certificates().unwrap()[0]
        .clone()
        .into_owned()
}
