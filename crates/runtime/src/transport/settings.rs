//! What distinguishes one pool of connections from another, and the pools.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use llm::{Client, Proxy};
use reqwest::{Certificate, Identity};
use tokio::sync::OnceCell;

use super::{TransportError, TransportErrorKind, causes};
use crate::deadline::limit;
use crate::messages;
use crate::reach::{Reach, guard};

/// What distinguishes one pool of connections from another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Settings {
    /// How long a connection may take to open; no limit but the system's when `None`.
    pub(crate) connect_timeout_ms: Option<u64>,
    /// The proxy; as `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` say when `None`.
    pub(crate) proxy: Option<Proxy>,
    /// Certificates that are trusted beside the system's.
    pub(crate) ca_file: Option<String>,
    /// The certificate that is shown to servers, with its key unless that has a file of its own.
    pub(crate) client_cert: Option<String>,
    /// The key of that certificate.
    pub(crate) client_key: Option<String>,
    /// Whether each request opens a connection of its own.
    pub(crate) unpooled: bool,
    /// Where connections may go.
    pub(crate) reach: Reach,
}

impl Settings {
    /// Those of a client.
    pub(crate) fn of(client: &Client, reach: Reach) -> Self {
        let http = client.http();
        Self {
            connect_timeout_ms: limit(http.connect_timeout_ms),
            proxy: http.proxy.clone(),
            ca_file: http.ca_file.clone(),
            client_cert: http.client_cert.clone(),
            client_key: http.client_key.clone(),
            unpooled: http.enable_connection_pooling == Some(false),
            reach,
        }
    }

    /// Those of a client's downloads: its way out, and the certificates that it trusts, but nothing that it shows of
    /// itself. A proxy would resolve names by itself, so one is used only where any address may be asked.
    pub(crate) fn of_downloads(client: &Client, reach: Reach) -> Self {
        let http = client.http();
        Self {
            proxy: http.proxy.clone().filter(|_| reach == Reach::Anywhere),
            ca_file: http.ca_file.clone(),
            reach,
            ..Self::default()
        }
    }
}

/// How many pools are kept. Settings are few; whoever makes them up without end must not fill the memory.
const MOST_POOLS: usize = 256;

type Pool = Arc<OnceCell<reqwest::Client>>;

static POOLS: LazyLock<Mutex<Pools>> = LazyLock::new(Mutex::default);

/// The pools that were used last.
#[derive(Default)]
struct Pools {
    by_settings: HashMap<Settings, (Pool, u64)>,
    /// How often a pool was asked for.
    uses: u64,
}

impl Pools {
    /// The pool of these settings. When there are too many, the one goes that was not used for longest: those that
    /// are in use stay, whatever a stranger makes up beside them. Requests under way keep their own.
    fn of(&mut self, settings: &Settings) -> Pool {
        self.uses += 1;
        if let Some((pool, used)) = self.by_settings.get_mut(settings) {
            *used = self.uses;
            return Arc::clone(pool);
        }
        if self.by_settings.len() >= MOST_POOLS {
            let oldest = self.by_settings.iter().min_by_key(|(_, (_, used))| *used);
            if let Some(oldest) = oldest.map(|(settings, _)| settings.clone()) {
                self.by_settings.remove(&oldest);
            }
        }
        let pool = Pool::default();
        self.by_settings.insert(settings.clone(), (Arc::clone(&pool), self.uses));
        pool
    }
}

/// The pool of these settings. Certificates are read when it is made.
pub(super) async fn pool(settings: &Settings) -> Result<reqwest::Client, TransportError> {
    let pool = POOLS.lock().unwrap_or_else(PoisonError::into_inner).of(settings);
    pool.get_or_try_init(|| Box::pin(make(settings))).await.cloned()
}

async fn make(settings: &Settings) -> Result<reqwest::Client, TransportError> {
    // It fails where it was done before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    // A provider that redirects is misconfigured: following would send the key to another place.
    let mut builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    if let Some(milliseconds) = settings.connect_timeout_ms {
        builder = builder.connect_timeout(Duration::from_millis(milliseconds));
    }
    if settings.unpooled {
        builder = builder.pool_max_idle_per_host(0);
    }
    match &settings.proxy {
        None => {}
        Some(Proxy::Direct) => builder = builder.no_proxy(),
        Some(Proxy::Through(url)) => {
            let proxy = reqwest::Proxy::all(url.expose())
                .map_err(|_| unsendable(messages::unusable_proxy(url.shown())))?;
            builder = builder.proxy(proxy);
        }
    }
    if let Some(path) = &settings.ca_file {
        let pem = read("http.ca_file", path).await?;
        let certificates = Certificate::from_pem_bundle(&pem)
            .ok()
            .filter(|certificates| !certificates.is_empty())
            .ok_or_else(|| unsendable(messages::no_certificate("http.ca_file", path)))?;
        builder = builder.tls_certs_merge(certificates);
    }
    if let Some(path) = &settings.client_cert {
        let mut pem = read("http.client_cert", path).await?;
        if let Some(key) = &settings.client_key {
            pem.push(b'\n');
            pem.extend(read("http.client_key", key).await?);
        }
        let identity =
            Identity::from_pem(&pem).map_err(|_| unsendable(messages::no_certificate_with_key(path)))?;
        builder = builder.identity(identity);
    }
    guard(builder, settings.reach)
        .build()
        .map_err(|error| unsendable(messages::no_http_client(&causes(&error))))
}

async fn read(option: &str, path: &str) -> Result<Vec<u8>, TransportError> {
    tokio::fs::read(path).await.map_err(|error| unsendable(messages::unreadable_option(option, path, &error)))
}

fn unsendable(message: String) -> TransportError {
    TransportError { kind: TransportErrorKind::Unsendable, message }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{MOST_POOLS, Pools, Settings};

    #[test]
    fn settings_without_end_leave_the_pools_that_are_used() {
        let mut pools = Pools::default();
        let own = Settings::default();
        let first = pools.of(&own);
        for milliseconds in 0..5000 {
            pools.of(&Settings { connect_timeout_ms: Some(milliseconds), ..Settings::default() });
            assert!(Arc::ptr_eq(&pools.of(&own), &first));
        }
        assert_eq!(pools.by_settings.len(), MOST_POOLS);
    }
}
