//! Header names and values, and which of them are secrets.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// A value that is sent, and shown only when it is not a secret.
#[derive(Clone)]
pub enum HeaderValue {
    /// May be shown.
    Plain(String),
    /// Must not be shown: a key, a token, or anything that came from the environment.
    Secret(SecretString),
}

impl HeaderValue {
    /// The text to send. Whoever shows it to a user has decided to show a secret.
    #[must_use]
    pub fn expose(&self) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Secret(text) => text.expose_secret(),
        }
    }
}

impl fmt::Debug for HeaderValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(text) => write!(formatter, "{text:?}"),
            Self::Secret(_) => formatter.write_str("[secret]"),
        }
    }
}

/// Whether a header of this name carries a credential, by the names that vendors and gateways use.
#[must_use]
pub fn is_secret_header(name: &str) -> bool {
    const WORDS: [&str; 6] = ["auth", "token", "secret", "password", "cookie", "credential"];
    let name = name.to_ascii_lowercase();
    name == "key"
        || name.ends_with("-key")
        || name.ends_with("_key")
        || name.ends_with("apikey")
        || WORDS.iter().any(|word| name.contains(word))
}

/// Whether HTTP allows the name.
pub(crate) fn is_header_name(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// Whether the value can be sent without loss: printable ASCII, spaces and tabs.
pub(crate) fn is_header_value(value: &str) -> bool {
    value.bytes().all(|byte| byte == b'\t' || (b' '..=b'~').contains(&byte))
}
