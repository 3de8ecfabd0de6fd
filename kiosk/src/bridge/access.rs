//! Who may ask the bridge. Pure: the head of a request in, a refusal or nothing out.

use std::fmt;
use std::str::FromStr;

use super::request::Head;

/// The origin of the centre's staff pages: scheme, host, port and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Origin {
    type Err = String;

    /// Plain HTTP only on this machine: elsewhere a browser gives such a page no access to loopback.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = "写员工页面的网址，只到端口为止，例：https://10.0.0.2:7310";
        let text = text.strip_suffix('/').unwrap_or(text).to_ascii_lowercase();
        let (scheme, host) = text.split_once("://").ok_or(wrong)?;
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
        if host.is_empty() || !host.chars().all(is_plain) {
            return Err(wrong.to_owned());
        }
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        match scheme {
            "https" => Ok(Self(text)),
            "http" if matches!(name, "127.0.0.1" | "localhost") => Ok(Self(text)),
            "http" => Err("员工页面要用 https，浏览器才让它用读卡器".to_owned()),
            _ => Err(wrong.to_owned()),
        }
    }
}

/// Why a request is not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotPermitted {
    /// Under another name than loopback's.
    Host,
    /// By a page of somebody else, or by no page.
    Origin,
}

/// Whether a page of `origin` asks a bridge on `port`.
pub(super) fn check(head: &Head, origin: &Origin, port: u16) -> Result<(), NotPermitted> {
    if head.host != format!("127.0.0.1:{port}") {
        return Err(NotPermitted::Host);
    }
    if head.origin != origin.0 {
        return Err(NotPermitted::Origin);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(host: &str, origin: &str) -> Head {
        Head {
            host: host.into(),
            origin: origin.into(),
            ..Head::default()
        }
    }

    #[test]
    fn only_a_page_of_the_centre_under_loopbacks_own_name_may_ask() {
        let centre: Origin = "https://10.0.0.2:7310".parse().unwrap();
        let asked = |host, origin| check(&head(host, origin), &centre, 7417);
        let ours = "https://10.0.0.2:7310";
        assert_eq!(asked("127.0.0.1:7417", ours), Ok(()));
        for host in [
            "",
            "127.0.0.1",
            "localhost:7417",
            "evil.test:7417",
            "127.0.0.1:80",
        ] {
            assert_eq!(asked(host, ours), Err(NotPermitted::Host), "{host}");
        }
        for origin in [
            "",
            "null",
            "https://10.0.0.2",
            "http://10.0.0.2:7310",
            "https://evil.test",
        ] {
            let refused = Err(NotPermitted::Origin);
            assert_eq!(asked("127.0.0.1:7417", origin), refused, "{origin}");
        }
    }

    #[test]
    fn an_origin_is_an_address_without_a_path_and_safe() {
        for (text, kept) in [
            ("https://centre.test/", "https://centre.test"),
            ("HTTPS://Centre.Test:7310", "https://centre.test:7310"),
            ("http://127.0.0.1:7310", "http://127.0.0.1:7310"),
        ] {
            assert_eq!(text.parse::<Origin>().unwrap().to_string(), kept);
        }
        for text in [
            "",
            "*",
            "null",
            "https://",
            "https://a/b",
            "http://10.0.0.2",
            "ftp://a",
        ] {
            assert!(text.parse::<Origin>().is_err(), "{text}");
        }
    }
}
