//! HTTP: one pool of connections for the whole process, shared by every client that has the same transport
//! settings, registry clients too.

mod decode;
mod settings;

use std::pin::Pin;
use std::time::Instant;

use bytes::{Bytes, BytesMut};
use llm::{HeaderValue, HttpRequest};
use secrecy::ExposeSecret;

use self::decode::Decoding;
pub(crate) use self::settings::Settings;
use self::settings::pool;
use crate::messages;
use crate::reach::refusal;

/// A whole reply.
#[derive(Clone, Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Bytes,
}

/// Why there is no reply.
#[derive(Clone, Debug)]
pub(crate) struct TransportError {
    pub(crate) kind: TransportErrorKind,
    pub(crate) message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TransportErrorKind {
    /// No connection: refused, no such host, TLS failure.
    Connect,
    /// A time ran out that this option of the client sets.
    Timeout { option: &'static str, configured_ms: u64 },
    /// The connection broke before the reply was complete.
    Broken,
    /// The request cannot be sent at all (a header value with a line break).
    Unsendable,
    /// The place is none that this request may go to.
    OutOfReach,
}

/// A reply whose body is still to come.
pub(crate) struct Opened {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    response: reqwest::Response,
    decoding: Decoding,
    started: Instant,
}

/// Sends a request and waits for the head of the reply. What runs inside has a deep type: it ends here, for the
/// sake of the compiler, which would go through it again for every future around this one.
pub(crate) fn open<'a>(
    settings: &'a Settings,
    request: &'a HttpRequest,
) -> Pin<Box<dyn Future<Output = Result<Opened, TransportError>> + Send + 'a>> {
    Box::pin(send(settings, request))
}

async fn send(settings: &Settings, request: &HttpRequest) -> Result<Opened, TransportError> {
    let client = pool(settings).await?;
    let outgoing = build(&client, request)?;
    let host = outgoing.url().host_str().unwrap_or_default();
    if settings.reach.excludes_host(host) {
        return Err(out_of_reach(messages::no_public_address(host)));
    }
    let started = Instant::now();
    let response = client
        .execute(outgoing)
        .await
        .map_err(|error| explain(&error, settings.connect_timeout_ms, started))?;
    let headers: Vec<(String, String)> = response
        .headers()
        .iter()
        .map(|(name, value)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        })
        .collect();
    let encoding = headers.iter().find(|(name, _)| name == "content-encoding");
    let decoding = Decoding::of(encoding.map(|(_, value)| value.as_str())).map_err(|name| {
        TransportError { kind: TransportErrorKind::Broken, message: messages::unknown_encoding(&name) }
    })?;
    Ok(Opened { status: response.status().as_u16(), headers, response, decoding, started })
}

impl Opened {
    /// The next bytes of the body; `None` at its end.
    pub(crate) async fn chunk(&mut self) -> Result<Option<Bytes>, TransportError> {
        loop {
            let chunk = self.response.chunk().await.map_err(|error| explain(&error, None, self.started))?;
            let Some(bytes) = chunk else { return Ok(None) };
            let decoded = self.decoding.push(bytes).map_err(|error| damaged(&error))?;
            if !decoded.is_empty() {
                return Ok(Some(decoded));
            }
        }
    }

    /// The whole body.
    pub(crate) async fn whole(mut self) -> Result<Response, TransportError> {
        let body = if self.decoding.is_plain() {
            self.response.bytes().await.map_err(|error| explain(&error, None, self.started))?
        } else {
            let mut body = BytesMut::new();
            while let Some(bytes) = self.chunk().await? {
                body.extend_from_slice(&bytes);
            }
            body.freeze()
        };
        Ok(Response { status: self.status, headers: self.headers, body })
    }
}

fn out_of_reach(message: String) -> TransportError {
    TransportError { kind: TransportErrorKind::OutOfReach, message }
}

fn damaged(error: &std::io::Error) -> TransportError {
    TransportError { kind: TransportErrorKind::Broken, message: messages::undecodable(error) }
}

fn build(client: &reqwest::Client, request: &HttpRequest) -> Result<reqwest::Request, TransportError> {
    let unsendable = |message: String| TransportError { kind: TransportErrorKind::Unsendable, message };
    let url = reqwest::Url::parse(&request.url)
        .map_err(|error| unsendable(format!("the URL is not valid: {error}")))?;
    let method = reqwest::Method::from_bytes(request.method.as_bytes())
        .map_err(|_| unsendable(format!("`{}` is not an HTTP method", request.method)))?;
    let mut builder = client.request(method, url);
    for (name, value) in &request.headers {
        let (text, secret) = match value {
            HeaderValue::Plain(text) => (text.as_str(), false),
            HeaderValue::Secret(text) => (text.expose_secret(), true),
        };
        let mut value = reqwest::header::HeaderValue::from_str(text)
            .or_else(|_| reqwest::header::HeaderValue::from_bytes(text.as_bytes()))
            .map_err(|_| {
                unsendable(format!("the value of header `{name}` has a character that HTTP forbids"))
            })?;
        value.set_sensitive(secret);
        builder = builder.header(name, value);
    }
    builder
        .body(request.body.clone())
        .build()
        .map_err(|error| unsendable(format!("the request is not valid: {}", causes(&error.without_url()))))
}

/// The error in words. URLs are left out: a query parameter may hold a key.
fn explain(error: &reqwest::Error, connect_timeout_ms: Option<u64>, started: Instant) -> TransportError {
    if let Some(refusal) = refusal(error) {
        return out_of_reach(refusal.to_string());
    }
    let kind = match (error.is_connect(), error.is_timeout(), connect_timeout_ms) {
        (true, true, Some(configured_ms)) => {
            TransportErrorKind::Timeout { option: "connect_timeout_ms", configured_ms }
        }
        (true, ..) => TransportErrorKind::Connect,
        _ => TransportErrorKind::Broken,
    };
    let message = match kind {
        TransportErrorKind::Timeout { option, configured_ms } => {
            format!("no connection within {configured_ms} ms ({option})")
        }
        TransportErrorKind::Connect => format!("no connection: {}", innermost(error)),
        _ => format!(
            "the connection broke after {} ms, before the reply was complete: {}",
            started.elapsed().as_millis(),
            innermost(error)
        ),
    };
    TransportError { kind, message }
}

fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    if std::ptr::eq(std::ptr::from_ref(cause).cast::<()>(), std::ptr::from_ref(error).cast::<()>()) {
        return "the transport gave no reason".to_owned();
    }
    cause.to_string()
}

fn causes(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(next) = cause {
        text.push_str(": ");
        text.push_str(&next.to_string());
        cause = next.source();
    }
    text
}
