//! The accept loop: TLS where it is configured, HTTP/1.1, and bounds on what connections may take:
//! their number, in all and per peer, and the time for a handshake and for a request's head. A
//! connection too many is closed at once. When the service stops, nothing is accepted any more and
//! every connection ends after the request that it is at.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use crate::app_state::AppState;
use crate::config::Limits;
use crate::metrics::Metrics;

use super::rate::Peer;

/// Longest time for a TLS handshake.
const HANDSHAKE_MAX: Duration = Duration::from_secs(10);
/// Longest time until the head of the next request is there; clients give idle connections up
/// before (`sync::address`).
const HEAD_MAX: Duration = Duration::from_secs(20);
/// Longest head, and the buffer of a connection.
const BUFFER_BYTES_MAX: usize = 32 << 10;
/// Wait after a failed accept: out of file descriptors, most likely.
const ACCEPT_AGAIN: Duration = Duration::from_millis(100);

/// What is needed to accept connections.
#[derive(Debug)]
pub struct Listener {
    tcp: TcpListener,
    tls: Option<Arc<ServerConfig>>,
    seats: Arc<Seats>,
}

impl Listener {
    /// A listener on a bound port, with the bounds of the service.
    #[must_use]
    pub fn new(app: &AppState, tcp: TcpListener, tls: Option<Arc<ServerConfig>>) -> Self {
        let seats = Seats {
            taken: Mutex::default(),
            limits: app.inner.config.limits,
            metrics: Arc::clone(&app.inner.metrics),
        };
        Self {
            tcp,
            tls,
            seats: Arc::new(seats),
        }
    }

    /// The bound address.
    ///
    /// # Errors
    /// When the system cannot tell.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.tcp.local_addr()
    }

    /// Serves until `stopping` turns true and every connection has ended.
    pub async fn serve(self, router: Router, mut stopping: watch::Receiver<bool>) {
        let (alive, mut all_ended) = mpsc::channel::<Infallible>(1);
        let asked = stopping.clone();
        loop {
            let accepted = tokio::select! {
                biased;
                _ = stopping.wait_for(|stopping| *stopping) => break,
                accepted = self.tcp.accept() => accepted,
            };
            match accepted {
                Ok((stream, address)) => {
                    let Some(seat) = Seats::take(&self.seats, address) else {
                        continue;
                    };
                    let connection = Connection {
                        router: router.clone(),
                        stopping: asked.clone(),
                        seat,
                        head_max: HEAD_MAX,
                    };
                    let (tls, alive) = (self.tls.clone(), alive.clone());
                    tokio::spawn(async move {
                        connection.run(stream, tls).await;
                        drop(alive);
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection was not accepted");
                    tokio::time::sleep(ACCEPT_AGAIN).await;
                }
            }
        }
        drop((self.tcp, alive));
        // No value can be sent: this is the end of the last sender.
        let _ = all_ended.recv().await;
    }
}

struct Connection {
    router: Router,
    stopping: watch::Receiver<bool>,
    seat: Seat,
    head_max: Duration,
}

impl Connection {
    async fn run(self, stream: TcpStream, tls: Option<Arc<ServerConfig>>) {
        // Latency only; a connection without it works as well.
        drop(stream.set_nodelay(true));
        let Some(tls) = tls else {
            return self.serve(stream).await;
        };
        match timeout(HANDSHAKE_MAX, TlsAcceptor::from(tls).accept(stream)).await {
            Ok(Ok(stream)) => self.serve(stream).await,
            Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
            Err(_) => tracing::debug!("a TLS handshake took too long"),
        }
    }

    async fn serve(mut self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let peer = self.seat.peer;
        let router = TowerToHyperService::new(self.router.clone());
        let service = service_fn(move |mut request: hyper::Request<Incoming>| {
            request.extensions_mut().insert(peer);
            router.call(request)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.head_max)
            .max_buf_size(BUFFER_BYTES_MAX)
            .serve_connection(TokioIo::new(stream), service);
        let mut connection = std::pin::pin!(connection);
        let stop = async move { drop(self.stopping.wait_for(|stopping| *stopping).await) };
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = stop => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "a connection ended");
        }
    }
}

/// The places for connections.
#[derive(Debug)]
struct Seats {
    taken: Mutex<Taken>,
    limits: Limits,
    metrics: Arc<Metrics>,
}

#[derive(Debug, Default)]
struct Taken {
    in_all: usize,
    by_peer: HashMap<Peer, usize>,
}

/// A connection's place, free again when this is dropped.
struct Seat {
    peer: Peer,
    seats: Arc<Seats>,
}

impl Seats {
    fn take(seats: &Arc<Self>, address: SocketAddr) -> Option<Seat> {
        let peer = Peer::of(address.ip());
        let mut taken = seats.taken.lock().expect(LOCK);
        let of_peer = taken.by_peer.get(&peer).copied().unwrap_or_default();
        let is_full = taken.in_all >= seats.limits.connections_max;
        if is_full || of_peer >= seats.limits.connections_per_peer_max {
            seats.metrics.connection_refused();
            return None;
        }
        taken.in_all += 1;
        taken.by_peer.insert(peer, of_peer + 1);
        seats.metrics.connections_open(taken.in_all);
        let seats = Arc::clone(seats);
        Some(Seat { peer, seats })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.taken.lock().expect(LOCK);
        taken.in_all -= 1;
        if let Some(count) = taken.by_peer.get_mut(&self.peer) {
            *count -= 1;
            if *count == 0 {
                taken.by_peer.remove(&self.peer);
            }
        }
        self.seats.metrics.connections_open(taken.in_all);
    }
}

const LOCK: &str = "the places' lock, because no holder panics";

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

    use super::*;
    use crate::config::Config;
    use crate::store::StoreMeter;

    #[tokio::test]
    async fn a_connection_whose_head_does_not_come_is_closed_and_its_place_is_free() {
        let seats = Arc::new(Seats {
            taken: Mutex::default(),
            limits: Config::default().limits,
            metrics: Arc::new(Metrics::new(&StoreMeter::default())),
        });
        let (_stop, stopping) = watch::channel(false);
        let connection = Connection {
            router: Router::new(),
            stopping,
            seat: Seats::take(&seats, ([127, 0, 0, 1], 1).into()).unwrap(),
            head_max: Duration::from_millis(20),
        };
        let (mut slow, theirs) = duplex(1_024);
        let served = tokio::spawn(connection.serve(theirs));
        slow.write_all(b"GET / HTTP/1.1\r\nx: ").await.unwrap();
        slow.read_to_end(&mut Vec::new()).await.unwrap();
        served.await.unwrap();
        assert_eq!(seats.taken.lock().unwrap().in_all, 0);
    }
}
