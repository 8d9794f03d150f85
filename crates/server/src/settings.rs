//! What the operator of a server decides.

use std::collections::HashMap;
use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use indexmap::IndexMap;
use runtime::ClientRegistry;
use secrecy::SecretString;

/// What the operator decides.
#[derive(Clone)]
pub struct Settings {
    /// The address that it listens on.
    pub host: IpAddr,
    /// The port; 0 is one that is free.
    pub port: u16,
    /// What callers must know.
    pub password: Option<SecretString>,
    /// Whether an address that others can reach may go without a password.
    pub insecure: bool,
    /// Whether streams have the peer's form: bare `data:` lines without names and ids.
    pub compat: bool,
    /// What callers may do with clients of their own.
    pub callers: CallerRules,
    /// Registries that callers can choose by name. They may name the server's environment variables.
    pub presets: IndexMap<String, ClientRegistry>,
    /// Environment variables for those that the process does not have.
    pub variables: HashMap<String, String>,
    /// Sizes, times and numbers.
    pub limits: Limits,
    /// The origins of web pages that may call; `*` is any.
    pub cors_origins: Vec<String>,
    /// Whether each request is logged.
    pub access_log: bool,
}

/// What callers may do with clients of their own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallerRules {
    /// Whether callers may neither bring clients nor choose one but by preset.
    pub refuse_registries: bool,
    /// The providers of callers' clients; empty is any.
    pub providers: Vec<String>,
    /// The hosts that callers' clients may send to, private ones included; empty is any public one. `*.name` is
    /// every host below it.
    pub hosts: Vec<String>,
}

/// Sizes, times and numbers that one caller cannot exceed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The largest body of a request.
    pub body_bytes: usize,
    /// How long a connection may be without a request, and the headers of one may take to arrive.
    pub header_timeout: Duration,
    /// How long its body may take.
    pub body_timeout: Duration,
    /// How long a caller may take nothing of an answer.
    pub write_timeout: Duration,
    /// How long a call may take in all.
    pub call_timeout: Duration,
    /// How many calls may be under way at the same time.
    pub calls: usize,
    /// How many connections may be open at the same time.
    pub connections: usize,
    /// How long calls that are under way may go on when the server is asked to end.
    pub drain_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 16 << 20,
            header_timeout: Duration::from_secs(15),
            body_timeout: Duration::from_mins(1),
            write_timeout: Duration::from_mins(1),
            call_timeout: Duration::from_mins(10),
            calls: 1024,
            connections: 8192,
            drain_timeout: Duration::from_secs(30),
        }
    }
}

impl fmt::Debug for Settings {
    /// Variables are left out: they are keys, most of them.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Settings")
            .field("host", &self.host)
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

impl Settings {
    /// The settings of a server on this machine: loopback, no password.
    #[must_use]
    pub fn local(port: u16) -> Self {
        Self {
            host: IpAddr::from([127, 0, 0, 1]),
            port,
            password: None,
            insecure: false,
            compat: false,
            callers: CallerRules::default(),
            presets: IndexMap::new(),
            variables: HashMap::new(),
            limits: Limits::default(),
            cors_origins: Vec::new(),
            access_log: true,
        }
    }
}
