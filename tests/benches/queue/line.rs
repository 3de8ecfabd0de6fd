//! A clerk's browser in so far as it costs nothing: one connection, a form sent, the answer read by
//! its `content-length`. It knows just enough of HTTP for answers of central.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use crate::Fault;

/// A keep-alive connection with the cookie of a session.
pub(crate) struct Line {
    stream: BufReader<TcpStream>,
    cookie: String,
}

impl Line {
    pub(crate) fn open(server: SocketAddr, cookie: String) -> Result<Self, Fault> {
        let stream = TcpStream::connect(server)?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream: BufReader::new(stream),
            cookie,
        })
    }

    /// Sends a form; it must be done and lead on.
    pub(crate) fn post(&mut self, path: &str, body: &str) -> Result<(), Fault> {
        let Self { cookie, .. } = self;
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: hall\r\ncookie: {cookie}\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        let (status, page) = self.ask(&request)?;
        if status == 303 {
            return Ok(());
        }
        let said = page.split("role=\"alert\">").nth(1).unwrap_or(&page);
        let said = said.split('<').next().unwrap_or_default();
        Err(format!("{path}: {status} {said}").into())
    }

    /// Reads a page; returns its length in bytes.
    pub(crate) fn get(&mut self, path: &str) -> Result<usize, Fault> {
        let Self { cookie, .. } = self;
        let request = format!("GET {path} HTTP/1.1\r\nhost: hall\r\ncookie: {cookie}\r\n\r\n");
        let (status, page) = self.ask(&request)?;
        if status == 200 {
            Ok(page.len())
        } else {
            Err(format!("{path}: {status}").into())
        }
    }

    fn ask(&mut self, request: &str) -> Result<(u16, String), Fault> {
        self.stream.get_mut().write_all(request.as_bytes())?;
        let (mut status, mut length) = (None, 0);
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line)?;
            let line = line.trim_end();
            if line.is_empty() {
                break;
            }
            if status.is_none() {
                status = line.split(' ').nth(1).and_then(|word| word.parse().ok());
            } else if let Some(bytes) = line.strip_prefix("content-length: ") {
                length = bytes.parse()?;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok((status.ok_or("an answer")?, String::from_utf8(body)?))
    }
}
