//! A server as a process: its threads, and the signals that end it.

use runtime::Runtime;

use crate::server::{Error, Server};
use crate::settings::Settings;

/// Serves until the process is asked to end (SIGINT, SIGTERM), then until what is under way is done. `ready` is
/// called once the server listens. Answers whether everything that was under way came to its end.
///
/// # Errors
/// See [`Error`].
pub fn run(settings: Settings, runtime: Runtime, ready: impl FnOnce(&Server)) -> Result<bool, Error> {
    let threads = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Error::System)?;
    threads.block_on(async {
        let server = Server::bind(settings, runtime).await?;
        let asked_to_end = asked_to_end().map_err(Error::System)?;
        ready(&server);
        Ok(server.run(asked_to_end).await)
    })
}

/// Ready when the process is asked to end.
#[cfg(unix)]
fn asked_to_end() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn asked_to_end() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Without a way to be asked, the process is ended from outside.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
