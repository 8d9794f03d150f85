//! A request as data: nothing here sends it.

use std::fmt;

use bytes::Bytes;

use crate::endpoint::with_written_host;
use crate::header::HeaderValue;

/// Whether the whole answer is wanted at once or as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// At once.
    Call,
    /// As it is written.
    Stream,
}

/// A request, ready to send.
#[derive(Clone)]
pub struct HttpRequest {
    /// Always `POST` so far.
    pub method: &'static str,
    /// The whole URL. Its query may hold a key: show [`HttpRequest::display_url`] instead.
    pub url: String,
    /// Names in lower case, each once, in the order of their origin: defaults, then the user's.
    pub headers: Vec<(String, HeaderValue)>,
    /// The body.
    pub body: Bytes,
}

impl HttpRequest {
    /// The header with this name, which must be in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&HeaderValue> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// The URL for errors and logs: no user name, no password, and the values of the query left out.
    #[must_use]
    pub fn display_url(&self) -> String {
        let Ok(mut url) = url::Url::parse(&self.url) else { return "(not a URL)".to_owned() };
        // Both fail only for URLs without a host, which have nothing to hide there.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        let names: Vec<String> = url.query_pairs().map(|(name, _)| name.into_owned()).collect();
        url.set_query(None);
        let query: Vec<String> = names.iter().map(|name| format!("{name}=...")).collect();
        let shown = if query.is_empty() { url.to_string() } else { format!("{url}?{}", query.join("&")) };
        with_written_host(shown, &self.url)
    }
}

impl fmt::Debug for HttpRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("HttpRequest")
            .field("method", &self.method)
            .field("url", &self.display_url())
            .field("headers", &self.headers)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish()
    }
}
