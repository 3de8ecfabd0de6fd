//! A client that costs little: bytes made before, one connection, an answer read by its
//! `content-length`. It knows just enough of HTTP for answers of central.

use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::figures::Times;

/// A keep-alive connection.
pub(crate) struct Line {
    stream: TcpStream,
    answers: Answers,
}

impl Line {
    pub(crate) async fn open(server: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(server).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            answers: Answers::default(),
        })
    }

    /// Sends one request and waits for its answer: status and body.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> io::Result<(u16, Vec<u8>)> {
        self.stream.write_all(request).await?;
        loop {
            if let Some(answer) = self.answers.next()? {
                return Ok(answer);
            }
            if self.stream.read_buf(&mut self.answers.bytes).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}

/// Answers as they come in one after the other.
#[derive(Default)]
pub(crate) struct Answers {
    pub(crate) bytes: Vec<u8>,
}

impl Answers {
    /// Takes the next answer that is whole.
    pub(crate) fn next(&mut self) -> io::Result<Option<(u16, Vec<u8>)>> {
        let Some(end) = self.bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
            return Ok(None);
        };
        let head = std::str::from_utf8(&self.bytes[..end]).map_err(io::Error::other)?;
        let status = head.get(9..12).and_then(|status| status.parse().ok());
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "));
        let length = length.map_or(Ok(0), str::parse::<usize>);
        let (begin, length) = (end + 4, length.map_err(io::Error::other)?);
        if self.bytes.len() < begin + length {
            self.bytes.reserve(length);
            return Ok(None);
        }
        let rest = self.bytes.split_off(begin + length);
        let mut answer = std::mem::replace(&mut self.bytes, rest);
        let body = answer.split_off(begin);
        Ok(Some((status.unwrap_or(0), body)))
    }
}

/// What a load was answered.
pub(crate) struct Load {
    pub(crate) elapsed: Duration,
    pub(crate) times: Times,
}

/// Every connection asks one thing after the other, as fast as it is answered. The generator has
/// one thread, so that the server has the rest of the machine.
pub(crate) fn closed_loop(server: SocketAddr, lines: Vec<Vec<Vec<u8>>>) -> io::Result<Load> {
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_all().build()?;
    runtime.block_on(async {
        let begun = Instant::now();
        let tasks: Vec<_> = lines
            .into_iter()
            .map(|requests| tokio::spawn(ask_all(server, requests)))
            .collect();
        let mut times = Vec::new();
        for task in tasks {
            times.extend(task.await.map_err(io::Error::other)??);
        }
        Ok(Load {
            elapsed: begun.elapsed(),
            times: Times::of(times),
        })
    })
}

async fn ask_all(server: SocketAddr, requests: Vec<Vec<u8>>) -> io::Result<Vec<Duration>> {
    let mut line = Line::open(server).await?;
    let mut times = Vec::with_capacity(requests.len());
    for request in &requests {
        let begun = Instant::now();
        let (status, body) = line.ask(request).await?;
        if status != 200 {
            let body = String::from_utf8_lossy(&body);
            return Err(io::Error::other(format!("{status} {body}")));
        }
        times.push(begun.elapsed());
    }
    Ok(times)
}
