//! Who may ask: passwords, and hosts by which a server without one answers.

use std::net::IpAddr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::Uri;
use hyper::header::{AUTHORIZATION, HOST, HeaderMap};
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq as _;

/// What came of looking for a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Permission {
    /// None is needed.
    Open,
    /// The right one.
    Right,
    /// None was given.
    Missing,
    /// Another one.
    Wrong,
}

impl Permission {
    pub(crate) fn of(password: Option<&SecretString>, headers: &HeaderMap) -> Self {
        let Some(password) = password else { return Self::Open };
        let mut given = given(headers).peekable();
        if given.peek().is_none() {
            return Self::Missing;
        }
        let wanted = password.expose_secret().as_bytes();
        if given.any(|word| bool::from(word.as_bytes().ct_eq(wanted))) { Self::Right } else { Self::Wrong }
    }

    /// Whether the request may go on.
    pub(crate) fn is_granted(self) -> bool {
        matches!(self, Self::Open | Self::Right)
    }
}

/// The passwords in a request: a key of its own, a Bearer token, or Basic with any user name.
fn given(headers: &HeaderMap) -> impl Iterator<Item = String> {
    let key = headers.get("x-baml-api-key").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let authorization = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(|text| {
        let (scheme, word) = text.split_once(' ')?;
        let word = word.trim();
        if scheme.eq_ignore_ascii_case("bearer") {
            return Some(word.to_owned());
        }
        if !scheme.eq_ignore_ascii_case("basic") {
            return None;
        }
        let pair = String::from_utf8(STANDARD.decode(word).ok()?).ok()?;
        pair.split_once(':').map(|(_, password)| password.to_owned())
    });
    key.into_iter().chain(authorization)
}

/// Whether the request names this machine, by the address that the server listens on or a loopback one. Web pages
/// of others, whose name was made to lead here, do not.
pub(crate) fn names_this_machine(uri: &Uri, headers: &HeaderMap, listens_on: IpAddr) -> bool {
    let from_header = headers.get(HOST).and_then(|host| host.to_str().ok()).map(host_name);
    let Some(host) = uri.host().or(from_header) else { return true };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    if host.eq_ignore_ascii_case("localhost") || host.to_ascii_lowercase().ends_with(".localhost") {
        return true;
    }
    host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback() || address == listens_on)
}

/// The host of `host:port`.
fn host_name(host: &str) -> &str {
    match host.rfind(':') {
        Some(colon) if !host.ends_with(']') => &host[..colon],
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use hyper::header::HeaderMap;
    use secrecy::SecretString;

    use super::{Permission, names_this_machine};

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn a_password_is_taken_in_three_ways() {
        let password = SecretString::from("s3:cret");
        let of = |pairs: &[_]| Permission::of(Some(&password), &headers(pairs));
        assert_eq!(Permission::of(None, &HeaderMap::new()), Permission::Open);
        assert_eq!(of(&[]), Permission::Missing);
        assert_eq!(of(&[("x-baml-api-key", "s3:cret")]), Permission::Right);
        assert_eq!(of(&[("authorization", "Bearer s3:cret")]), Permission::Right);
        assert_eq!(of(&[("authorization", "Basic bWU6czM6Y3JldA==")]), Permission::Right);
        for wrong in ["Bearer s3:cret2", "Bearer ", "Basic bWU6bm8=", "Bearer s3:cre"] {
            assert_eq!(of(&[("authorization", wrong)]), Permission::Wrong, "{wrong}");
        }
        for unreadable in ["Basic !!!", "Digest x", "Bearer"] {
            assert_eq!(of(&[("authorization", unreadable)]), Permission::Missing, "{unreadable}");
        }
    }

    #[test]
    fn other_names_are_not_this_machine() {
        let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let names = |host| names_this_machine(&"/call/F".parse().unwrap(), &headers(&[("host", host)]), here);
        for host in
            ["localhost", "LOCALHOST:2024", "127.0.0.1:2024", "[::1]:2024", "[::1]", "app.localhost:1"]
        {
            assert!(names(host), "{host}");
        }
        for host in
            ["evil.test", "evil.test:2024", "localhost.evil.test", "10.0.0.1:2024", "127.0.0.1.evil.test"]
        {
            assert!(!names(host), "{host}");
        }
    }
}
