//! A server as a process: its threads, the signals that end it, and whether another one is well.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use runtime::Runtime;
use tokio::sync::oneshot;

use crate::server::{Error, Server};
use crate::settings::Settings;

/// An end that takes no longer needs no word.
const AT_ONCE: Duration = Duration::from_millis(800);

/// Serves until the process is asked to end (SIGINT, SIGTERM), then until what is under way is done, or until it is
/// asked a second time. `ready` is called once the server listens, `waits` when it was asked to end and something is still
/// under way. Answers whether everything that was under way came to its end.
///
/// # Errors
/// See [`Error`].
pub fn run(
    settings: Settings,
    runtime: Runtime,
    ready: impl FnOnce(&Server),
    waits: impl FnOnce(),
) -> Result<bool, Error> {
    let threads = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Error::System)?;
    threads.block_on(async {
        let server = Server::bind(settings, runtime).await?;
        let mut signals = Signals::listen().map_err(Error::System)?;
        ready(&server);
        let (asked, asked_to_end) = oneshot::channel();
        let mut served = std::pin::pin!(server.run(async { drop(asked_to_end.await) }));
        tokio::select! {
            ended = &mut served => return Ok(ended),
            () = signals.next() => drop(asked.send(())),
        }
        if let Ok(ended) = tokio::time::timeout(AT_ONCE, &mut served).await {
            return Ok(ended);
        }
        waits();
        tokio::select! {
            ended = served => Ok(ended),
            () = signals.next() => Ok(false),
        }
    })
}

/// Asks a server whether it takes calls: for probes in places without other programs.
///
/// # Errors
/// It cannot be reached within the time, or says no: the first line of its answer.
pub fn probe(address: SocketAddr, limit: Duration) -> io::Result<()> {
    let mut stream = TcpStream::connect_timeout(&address, limit)?;
    stream.set_read_timeout(Some(limit))?;
    stream.set_write_timeout(Some(limit))?;
    write!(stream, "GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
    let mut head = [0; 64];
    let length = stream.read(&mut head)?;
    let text = String::from_utf8_lossy(head.get(..length).unwrap_or_default()).into_owned();
    let line = text.lines().next().unwrap_or_default();
    if line.starts_with("HTTP/1.1 200") {
        Ok(())
    } else {
        Err(io::Error::other(format!("it answered {line:?}")))
    }
}

/// What asks a process to end: SIGINT and SIGTERM. From [`Signals::listen`] on they do not end it by themselves.
#[cfg(unix)]
#[derive(Debug)]
pub struct Signals(tokio::signal::unix::Signal, tokio::signal::unix::Signal);

#[cfg(unix)]
impl Signals {
    /// Listens from now on. Must be called within a runtime of tokio.
    ///
    /// # Errors
    /// The system does not allow it.
    pub fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};

        Ok(Self(signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?))
    }

    /// Waits until the process is asked to end, the next time.
    pub async fn next(&mut self) {
        tokio::select! {
            _ = self.0.recv() => {}
            _ = self.1.recv() => {}
        }
    }
}

/// What asks a process to end.
#[cfg(not(unix))]
#[derive(Debug)]
pub struct Signals;

#[cfg(not(unix))]
impl Signals {
    /// Listens from now on.
    ///
    /// # Errors
    /// None here.
    #[expect(clippy::unnecessary_wraps, reason = "on other systems it can fail")]
    pub fn listen() -> io::Result<Self> {
        Ok(Self)
    }

    /// Waits until the process is asked to end, the next time.
    pub async fn next(&mut self) {
        // Without a way to be asked, the process is ended from outside.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
