//! Words to systemd over its notification socket (sd_notify(3)): ready, alive, stopping. Without
//! the socket nothing is said. The service is alive when its runtime, its writer and a reader have
//! answered, so that a hang ends in a restart.

use std::io;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::time::Duration;

use tokio::sync::watch;

use crate::app_state::AppState;
use crate::store::StoreError;

/// The socket to systemd, if it has started us.
#[derive(Debug)]
pub(crate) struct Supervisor {
    socket: Option<UnixDatagram>,
    /// How often we must say that we are alive.
    watchdog: Option<Duration>,
}

impl Supervisor {
    /// As the environment says, given as a look-up.
    pub(crate) fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Self {
        let socket = variable("NOTIFY_SOCKET").and_then(|address| {
            let opened = connect(&address);
            opened
                .inspect_err(|error| tracing::warn!(%error, "systemd's socket"))
                .ok()
        });
        let watchdog_us = variable("WATCHDOG_USEC").and_then(|text| text.parse().ok());
        Self {
            socket,
            watchdog: watchdog_us.map(Duration::from_micros),
        }
    }

    /// Says that the service works.
    pub(crate) fn ready(&self) {
        self.say("READY=1");
    }

    /// Says that the service ends.
    pub(crate) fn stopping(&self) {
        self.say("STOPPING=1");
    }

    /// Says, twice as often as it must, that the service is alive, as long as it is.
    pub(crate) async fn keep_alive(&self, app: AppState, mut stopping: watch::Receiver<bool>) {
        let Some(within) = self.watchdog.filter(|within| !within.is_zero()) else {
            return;
        };
        let mut clock = tokio::time::interval(within / 2);
        loop {
            tokio::select! {
                _ = stopping.wait_for(|stopping| *stopping) => return,
                _ = clock.tick() => {}
            }
            match is_alive(&app).await {
                Ok(()) => self.say("WATCHDOG=1"),
                Err(error) => tracing::error!(%error, "not alive"),
            }
        }
    }

    fn say(&self, words: &str) {
        if let Some(socket) = &self.socket
            && let Err(error) = socket.send(words.as_bytes())
        {
            tracing::warn!(%error, "systemd's socket");
        }
    }
}

/// A full store answers too: a restart would not help it.
async fn is_alive(app: &AppState) -> Result<(), StoreError> {
    app.inner.store.write(|_| Ok(())).await?;
    app.inner.store.read(|reader| reader.answers()).await?;
    Ok(())
}

/// `/path` or, with `@` in place of the first byte, an abstract name.
fn connect(address: &str) -> io::Result<UnixDatagram> {
    let socket = UnixDatagram::unbound()?;
    match address.strip_prefix('@') {
        Some(name) => socket.connect_addr(&SocketAddr::from_abstract_name(name)?)?,
        None => socket.connect(address)?,
    }
    Ok(socket)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn systemd_hears_when_the_service_is_ready_and_when_it_stops() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("notify");
        let systemd = UnixDatagram::bind(&path).unwrap();
        let address = path.to_str().unwrap().to_owned();
        let supervisor = Supervisor::of_environment(|name| match name {
            "NOTIFY_SOCKET" => Some(address.clone()),
            "WATCHDOG_USEC" => Some("30000000".to_owned()),
            _ => None,
        });
        supervisor.ready();
        supervisor.stopping();
        let heard = || {
            let mut words = [0; 64];
            let length = systemd.recv(&mut words).unwrap();
            String::from_utf8(words[..length].to_vec()).unwrap()
        };
        assert_eq!([heard(), heard()], ["READY=1", "STOPPING=1"]);
        assert_eq!(supervisor.watchdog, Some(Duration::from_secs(30)));
    }

    #[test]
    fn without_systemd_nothing_is_said() {
        let supervisor = Supervisor::of_environment(|_| None);
        supervisor.ready();
        assert!(supervisor.socket.is_none() && supervisor.watchdog.is_none());
    }
}
