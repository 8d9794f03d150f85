//! The `http` block: limits and connections of one client.

use std::fmt;
use std::hash::{Hash, Hasher};

use secrecy::{ExposeSecret, SecretString};
use types::{Config, ConfigMap};

use super::reader::Reader;
use crate::endpoint::Endpoint;
use crate::problem::{self, Problem};
use crate::provider::{OptionSet, Provider};

/// Limits and connections of one client, from its `http` block. `None` is "not said"; zero is "no limit".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HttpOptions {
    /// Until the connection stands.
    pub connect_timeout_ms: Option<u64>,
    /// From the beginning of the attempt, before media and credentials are fetched, to the last byte.
    pub request_timeout_ms: Option<u64>,
    /// From the beginning of the attempt to the first text or thought, in a stream.
    pub time_to_first_token_timeout_ms: Option<u64>,
    /// Between two pieces of a stream.
    pub idle_timeout_ms: Option<u64>,
    /// Whether connections are kept for later calls.
    pub enable_connection_pooling: Option<bool>,
    /// The proxy; as the environment says when `None`.
    pub proxy: Option<Proxy>,
    /// A file of certificates in PEM form that are trusted beside the system's.
    pub ca_file: Option<String>,
    /// A file in PEM form with the certificate that the client shows, and its key unless `client_key` has it.
    pub client_cert: Option<String>,
    /// A file in PEM form with the key of `client_cert`.
    pub client_key: Option<String>,
}

/// How servers are reached.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Proxy {
    /// Without a proxy, whatever the environment says.
    Direct,
    /// Through this one.
    Through(ProxyUrl),
}

/// The URL of a proxy, which may hold a password.
#[derive(Clone)]
pub struct ProxyUrl {
    url: SecretString,
    shown: String,
}

impl ProxyUrl {
    fn parse(text: &str) -> Result<Self, &'static str> {
        let shown = Endpoint::parse(text)?.shown().to_owned();
        Ok(Self { url: SecretString::from(text), shown })
    }

    /// The URL, user and password included. Whoever shows it to a user has decided to show a secret.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.url.expose_secret()
    }

    /// The URL as it may be shown.
    #[must_use]
    pub fn shown(&self) -> &str {
        &self.shown
    }
}

impl PartialEq for ProxyUrl {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for ProxyUrl {}

impl Hash for ProxyUrl {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.expose().hash(state);
    }
}

impl fmt::Debug for ProxyUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.shown)
    }
}

const KEYS: [&str; 9] = [
    "enable_connection_pooling",
    "connect_timeout_ms",
    "request_timeout_ms",
    "time_to_first_token_timeout_ms",
    "idle_timeout_ms",
    "proxy",
    "ca_file",
    "client_cert",
    "client_key",
];

pub(super) fn http(reader: &mut Reader<'_>, provider: &Provider) -> HttpOptions {
    let mut http = HttpOptions::default();
    let Some(entries) = reader.map("http") else { return http };
    let bedrock = provider.options == OptionSet::Bedrock;
    let valid = if bedrock { &KEYS[1..] } else { &KEYS[..] };
    for (key, value) in entries {
        let path = ["http", key.as_str()];
        match key.as_str() {
            "connect_timeout_ms" => http.connect_timeout_ms = reader.milliseconds_at(&path, value),
            "request_timeout_ms" => http.request_timeout_ms = reader.milliseconds_at(&path, value),
            "time_to_first_token_timeout_ms" => {
                http.time_to_first_token_timeout_ms = reader.milliseconds_at(&path, value);
            }
            "idle_timeout_ms" => http.idle_timeout_ms = reader.milliseconds_at(&path, value),
            "enable_connection_pooling" if bedrock => reader.note(problem::pooling_is_not_ours()),
            "enable_connection_pooling" => http.enable_connection_pooling = reader.bool_at(&path, value),
            "proxy" => http.proxy = proxy(reader, value),
            "ca_file" => http.ca_file = file(reader, &path, value),
            "client_cert" => http.client_cert = file(reader, &path, value),
            "client_key" => http.client_key = file(reader, &path, value),
            "total_timeout_ms" => reader.note(problem::total_timeout_on_model()),
            _ => reader.note(problem::unknown_in_block(&["http"], key, valid)),
        }
    }
    if entries.contains_key("client_key") && !entries.contains_key("client_cert") {
        reader.note(problem::needed_by("http.client_key", "http.client_cert"));
    }
    http
}

/// The limits on streams of a client that is never asked for one.
pub(super) fn without_streams(options: &ConfigMap) -> Vec<Problem> {
    const OF_STREAMS: [&str; 2] = ["time_to_first_token_timeout_ms", "idle_timeout_ms"];
    let (Some(Config::Bool(false)), Some(Config::Map(http))) =
        (options.get("supports_streaming"), options.get("http"))
    else {
        return Vec::new();
    };
    let limits = OF_STREAMS.into_iter().filter(|key| http.contains_key(*key));
    limits.map(|key| problem::limit_without_streams(&["http", key])).collect()
}

/// A URL, or `null` for none at all.
fn proxy(reader: &mut Reader<'_>, value: &Config) -> Option<Proxy> {
    const PATH: [&str; 2] = ["http", "proxy"];
    if *value == Config::Null {
        return Some(Proxy::Direct);
    }
    let text = reader.text_at(&PATH, value)?.known?;
    match ProxyUrl::parse(&text) {
        Ok(url) => Some(Proxy::Through(url)),
        Err(why) => {
            reader.note(problem::bad_proxy(&PATH, why));
            None
        }
    }
}

fn file(reader: &mut Reader<'_>, path: &[&str], value: &Config) -> Option<String> {
    let known = reader.text_at(path, value)?.known?;
    if known.is_empty() {
        reader.note(problem::must_not_be_empty(path));
        return None;
    }
    Some(known)
}
