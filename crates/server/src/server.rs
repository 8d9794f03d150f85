//! Listening, accepting, and coming to an end without losing what was accepted.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use runtime::Runtime;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::app::App;
use crate::connection::{Connection, Patience};
use crate::settings::Settings;

/// How long to wait after the system refused to hand over a connection: it has no room for more.
const BREATH: Duration = Duration::from_millis(50);

/// The system keeps no more than about so many connections waiting.
const MOST_WAITING: usize = 4096;

/// How long a server that ends takes on who was already on the way, and then waits for what those who are connected
/// were about to ask. Whoever asks in that time gets an answer, and is told that it is the connection's last.
const LAST_ARRIVALS: Duration = Duration::from_millis(200);
const LAST_REQUESTS: Duration = Duration::from_millis(300);

/// A server that listens.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    app: Arc<App>,
}

impl fmt::Debug for Server {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Server").field("address", &self.address).finish_non_exhaustive()
    }
}

/// Changes a server while it runs. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Handle(Arc<App>);

impl Handle {
    /// Serves another program from now on. Requests that are under way end with the one they began with.
    pub fn replace(&self, runtime: Runtime) {
        self.0.replace(runtime);
    }
}

/// Why a server cannot begin.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// Others could reach it, and nothing would keep them out.
    Unprotected(IpAddr),
    /// The address cannot be listened on.
    Listen(SocketAddr, io::Error),
    /// The system gives no threads or signals.
    System(io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unprotected(host) => write!(
                formatter,
                "others can reach {host}, and there is no password: set BAML_PASSWORD, or say --insecure"
            ),
            Self::Listen(address, error) if error.kind() == io::ErrorKind::AddrInUse => {
                write!(formatter, "port {} is in use: choose another with --port", address.port())
            }
            Self::Listen(address, error) => write!(formatter, "cannot listen on {address}: {error}"),
            Self::System(error) => write!(formatter, "the system does not let a server run: {error}"),
        }
    }
}

impl std::error::Error for Error {}

impl Server {
    /// Listens. Connections wait until [`Server::run`].
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn bind(settings: Settings, runtime: Runtime) -> Result<Self, Error> {
        if !settings.host.is_loopback() && settings.password.is_none() && !settings.insecure {
            return Err(Error::Unprotected(settings.host));
        }
        let address = SocketAddr::new(settings.host, settings.port);
        let listener = TcpListener::bind(address).await.map_err(|error| Error::Listen(address, error))?;
        let address = listener.local_addr().map_err(|error| Error::Listen(address, error))?;
        Ok(Self { listener, address, app: Arc::new(App::new(settings, runtime)) })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What changes it while it runs.
    #[must_use]
    pub fn handle(&self) -> Handle {
        Handle(Arc::clone(&self.app))
    }

    /// Serves until `asked_to_end` is ready, then takes no more connections but those that are on the way, and waits
    /// for the requests that are under way, streams included, for as long as the settings say. Answers whether all
    /// of them came to their end.
    pub async fn run(self, asked_to_end: impl Future<Output = ()>) -> bool {
        let Self { listener, app, .. } = self;
        let connections = Arc::new(Semaphore::new(app.settings.limits.connections));
        let draining = GracefulShutdown::new();
        let accept = async || loop {
            let permit = Arc::clone(&connections).acquire_owned().await;
            match listener.accept().await {
                Ok((stream, peer)) => serve(&app, &draining, stream, peer, permit.ok()),
                Err(_) => tokio::time::sleep(BREATH).await,
            }
        };
        tokio::select! {
            () = asked_to_end => {}
            () = accept() => {}
        }
        app.end();
        let is_left = async || {
            // Who has just connected may not be counted yet.
            tokio::time::sleep(BREATH).await;
            while draining.count() > 0 {
                tokio::time::sleep(BREATH).await;
            }
        };
        tokio::select! {
            () = is_left() => {}
            () = accept() => {}
            () = tokio::time::sleep(LAST_ARRIVALS) => {}
        }
        for (stream, peer) in waiting(listener) {
            serve(&app, &draining, stream, peer, None);
        }
        drop(tokio::time::timeout(LAST_REQUESTS, is_left()).await);
        tokio::time::timeout(app.settings.limits.drain_timeout, draining.shutdown()).await.is_ok()
    }
}

/// Stops listening, and hands over the connections that the system has taken on already: it would cut them off.
fn waiting(listener: TcpListener) -> Vec<(TcpStream, SocketAddr)> {
    let Ok(listener) = listener.into_std() else { return Vec::new() };
    // It does not block: the first failure is that nobody waits.
    let waiting = std::iter::from_fn(|| listener.accept().ok()).take(MOST_WAITING);
    let waiting: Vec<_> = waiting.collect();
    drop(listener);
    waiting
        .into_iter()
        .filter_map(|(stream, peer)| {
            stream.set_nonblocking(true).ok()?;
            Some((TcpStream::from_std(stream).ok()?, peer))
        })
        .collect()
}

/// Serves one connection in a task that ends with it.
fn serve(
    app: &Arc<App>,
    draining: &GracefulShutdown,
    stream: TcpStream,
    peer: SocketAddr,
    permit: Option<OwnedSemaphorePermit>,
) {
    // Events are small, and each is to leave at once.
    let _ = stream.set_nodelay(true);
    let limits = &app.settings.limits;
    let stream =
        Connection::new(stream, Patience { begin: limits.header_timeout, take: limits.write_timeout });
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(limits.header_timeout);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(Some(Duration::from_secs(30)));
    let service_app = Arc::clone(app);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let app = Arc::clone(&service_app);
        async move { Ok::<_, std::convert::Infallible>(app.answer(request, peer).await) }
    });
    let connection = draining.watch(builder.serve_connection(TokioIo::new(stream), service).into_owned());
    tokio::spawn(async move {
        // A connection that breaks is its caller's affair.
        drop(connection.await);
        drop(permit);
    });
}
