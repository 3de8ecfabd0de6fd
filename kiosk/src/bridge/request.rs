//! The head of a request, as far as the bridge looks at it. Bodies are not taken: there is nothing
//! to tell a card reader.

use wire::bridge::PAIRING_HEADER;

/// Longest head.
pub(super) const HEAD_BYTES_MAX: usize = 8 << 10;

/// What is looked at; empty where the request says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) host: String,
    pub(super) origin: String,
    pub(super) pairing: String,
}

/// Something that is no request, or brings a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BadRequest;

/// Where the head ends in what has arrived, if it does.
pub(super) fn end_of_head(bytes: &[u8]) -> Option<usize> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    Some(end + 4)
}

/// Reads a whole head. A header that counts must not come twice: two readers could take different
/// ones.
pub(super) fn read(head: &[u8]) -> Result<Head, BadRequest> {
    let text = std::str::from_utf8(head).map_err(|_| BadRequest)?;
    let mut lines = text.split("\r\n");
    let mut words = lines.next().ok_or(BadRequest)?.split(' ');
    let mut word = || words.next().ok_or(BadRequest);
    let (method, path, version) = (word()?, word()?, word()?);
    if !version.starts_with("HTTP/1.") {
        return Err(BadRequest);
    }
    let mut head = Head {
        method: method.to_owned(),
        path: path.to_owned(),
        ..Head::default()
    };
    for line in lines.take_while(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':').ok_or(BadRequest)?;
        take(&mut head, &name.to_ascii_lowercase(), value.trim())?;
    }
    Ok(head)
}

fn take(head: &mut Head, name: &str, value: &str) -> Result<(), BadRequest> {
    let place = match name {
        "host" => &mut head.host,
        "origin" => &mut head.origin,
        PAIRING_HEADER => &mut head.pairing,
        "content-length" if value == "0" => return Ok(()),
        "content-length" | "transfer-encoding" => return Err(BadRequest),
        _ => return Ok(()),
    };
    if !place.is_empty() {
        return Err(BadRequest);
    }
    value.clone_into(place);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_whatever_the_case_of_its_names() {
        let text = b"POST /v1/read-card HTTP/1.1\r\nHOST: 127.0.0.1:7417\r\norigin: https://a\r\n\
            X-Bridge-Pairing:7K3M9QPA\r\nContent-Length: 0\r\nAccept: */*\r\n\r\n";
        assert_eq!(end_of_head(text), Some(text.len()));
        let head = read(text).unwrap();
        assert_eq!(
            (head.method.as_str(), head.path.as_str()),
            ("POST", "/v1/read-card")
        );
        assert_eq!(
            (head.host.as_str(), head.origin.as_str()),
            ("127.0.0.1:7417", "https://a")
        );
        assert_eq!(head.pairing, "7K3M9QPA");
        assert_eq!(end_of_head(&text[..text.len() - 1]), None);
    }

    #[test]
    fn what_is_no_plain_request_without_a_body_is_refused() {
        for text in [
            &b""[..],
            b"GET /\r\n\r\n",
            b"GET / HTTP/2\r\n\r\n",
            b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
            b"GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n",
            b"POST / HTTP/1.1\r\ncontent-length: 5\r\n\r\n",
            b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n",
            b"\xff\xfe / HTTP/1.1\r\n\r\n",
        ] {
            assert_eq!(read(text), Err(BadRequest));
        }
    }
}
