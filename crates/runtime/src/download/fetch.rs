//! One download: a few redirects, each looked at before it is followed, and a limit on size and time.

use std::time::Instant;

use bytes::{Bytes, BytesMut};
use llm::{DownloadLimits, HttpRequest};
use reqwest::Url;

use super::Content;
use crate::deadline::Deadline;
use crate::messages;
use crate::reach::{Reach, resolve};
use crate::transport::{self, Opened, Settings, TransportError, TransportErrorKind};

/// How many redirects are followed.
const MOST_REDIRECTS: usize = 5;

/// Why there is no content.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum FetchError {
    /// It may not be fetched: from there, or so much of it.
    Refused(String),
    /// Whoever was asked answered something else.
    Status { status: u16, message: String },
    /// Nobody was reached, or the connection broke.
    Network(String),
    /// It cannot be asked for.
    Unusable(String),
    /// The time ran out.
    Timeout(Deadline),
}

impl From<TransportError> for FetchError {
    fn from(TransportError { kind, message }: TransportError) -> Self {
        match kind {
            TransportErrorKind::Connect
            | TransportErrorKind::Broken
            // No connection has a limit of its own here.
            | TransportErrorKind::Timeout { .. } => Self::Network(message),
            TransportErrorKind::Unsendable => Self::Unusable(message),
            TransportErrorKind::OutOfReach => Self::Refused(message),
        }
    }
}

/// Fetches a URL whole.
pub(super) async fn fetch(
    url: &str,
    limits: &DownloadLimits,
    settings: &Settings,
) -> Result<Content, FetchError> {
    let limit = limits.timeout_ms;
    let limit = limit.map(|limit| Deadline::after(Instant::now(), "media_download.timeout_ms", limit));
    Deadline::bound(limit, follow(url, limits, settings), FetchError::Timeout).await
}

async fn follow(url: &str, limits: &DownloadLimits, settings: &Settings) -> Result<Content, FetchError> {
    let mut url = Url::parse(url).map_err(|error| FetchError::Unusable(error.to_string()))?;
    let mut status = 0;
    for _ in 0..=MOST_REDIRECTS {
        check(&url, limits, settings.reach).await?;
        let opened = open(&url, settings).await?;
        status = opened.status;
        match status {
            200 => return read(opened, limits).await,
            301 | 302 | 303 | 307 | 308 => url = target(&url, &opened)?,
            _ => return Err(FetchError::Status { status, message: messages::download_status(status) }),
        }
    }
    Err(FetchError::Status { status, message: messages::too_many_redirects(MOST_REDIRECTS) })
}

/// Whether this URL may be asked. Names are looked up here for a message in plain words; what counts is that the
/// connection looks them up itself.
async fn check(url: &Url, limits: &DownloadLimits, reach: Reach) -> Result<(), FetchError> {
    let refused = |why: String| Err(FetchError::Refused(why));
    let host = url.host_str().unwrap_or_default();
    if !matches!(url.scheme(), "http" | "https") {
        return refused(messages::redirect_to_scheme(url.scheme()));
    }
    if !limits.allows_host(host) {
        return refused(messages::host_not_allowed(host));
    }
    if reach == Reach::Anywhere {
        return Ok(());
    }
    if reach.excludes_host(host) {
        return refused(messages::no_public_address(host));
    }
    match resolve(host.trim_matches(['[', ']']), reach).await {
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => refused(error.to_string()),
        // A name that cannot be resolved is told of by the connection.
        Ok(_) | Err(_) => Ok(()),
    }
}

async fn open(url: &Url, settings: &Settings) -> Result<Opened, FetchError> {
    let request =
        HttpRequest { method: "GET", url: url.to_string(), headers: Vec::new(), body: Bytes::new() };
    Ok(transport::open(settings, &request).await?)
}

fn target(url: &Url, opened: &Opened) -> Result<Url, FetchError> {
    let status = opened.status;
    let location = header(opened, "location");
    location
        .and_then(|location| url.join(location).ok())
        .ok_or_else(|| FetchError::Status { status, message: messages::redirect_to_nowhere(status) })
}

async fn read(mut opened: Opened, limits: &DownloadLimits) -> Result<Content, FetchError> {
    let most = limits.max_bytes.unwrap_or(u64::MAX);
    let too_large = || Err(FetchError::Refused(messages::download_too_large(most)));
    let announced = header(&opened, "content-length").and_then(|length| length.parse::<u64>().ok());
    if announced.is_some_and(|length| length > most) {
        return too_large();
    }
    let content_type = header(&opened, "content-type").map(str::to_owned);
    let mut bytes = BytesMut::new();
    loop {
        match opened.chunk().await? {
            Some(chunk) => bytes.extend_from_slice(&chunk),
            None => return Ok(Content { content_type, bytes: bytes.freeze() }),
        }
        if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > most {
            return too_large();
        }
    }
}

fn header<'o>(opened: &'o Opened, name: &str) -> Option<&'o str> {
    opened.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}
