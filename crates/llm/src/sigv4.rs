//! AWS Signature Version 4: proves that a request was made by who holds a secret key, without sending the key.
//!
//! Pure: the time comes in. What is signed is what is sent, to the byte: method, path, query, every header but
//! those that a proxy may change on the way, and the body.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode, utf8_percent_encode};
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};

use crate::credentials::AwsKeys;
use crate::header::HeaderValue;
use crate::http::HttpRequest;
use crate::http_date;
use crate::options::set_header;

/// What is percent-encoded: everything but letters, digits and `-_.~`.
pub(crate) const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const DATE: &str = "x-amz-date";
const TOKEN: &str = "x-amz-security-token";
const AUTHORIZATION: &str = "authorization";

/// Headers that belong to one connection or that proxies add to and rewrite. They are sent, and not signed.
const UNSIGNED: [&str; 16] = [
    AUTHORIZATION,
    "accept-encoding",
    "baggage",
    "connection",
    "content-length",
    "expect",
    "keep-alive",
    "proxy-authorization",
    "te",
    "traceparent",
    "tracestate",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "x-amzn-trace-id",
];

/// Signs a request for a service in a region at a time, in seconds since 1970. The request must be final: a
/// header, a byte of the body or of the URL that changes later makes the signature wrong. Signing again replaces
/// the earlier signature.
///
/// A request whose URL is none stays as it is; no transport sends one.
pub fn sign(request: &mut HttpRequest, keys: &AwsKeys, region: &str, service: &str, unix_seconds: u64) {
    let Ok(url) = url::Url::parse(&request.url) else { return };
    let time = timestamp(unix_seconds);
    let date = time.split('T').next().unwrap_or_default();

    request.headers.retain(|(name, _)| name != AUTHORIZATION && name != TOKEN);
    set_header(&mut request.headers, DATE.to_owned(), HeaderValue::Plain(time.clone()));
    if let Some(token) = &keys.session_token {
        request.headers.push((TOKEN.to_owned(), HeaderValue::Secret(token.clone())));
    }

    let headers = signed_headers(request, &url);
    let names = headers.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(";");
    let scope = format!("{date}/{region}/{service}/aws4_request");
    let request_hash = sha256(canonical(request, &url, &headers, &names).as_bytes());
    let text = format!("{ALGORITHM}\n{time}\n{scope}\n{}", hex(&request_hash));

    let mut key = format!("AWS4{}", keys.secret_access_key.expose_secret()).into_bytes();
    for part in [date, region, service, "aws4_request"] {
        key = hmac(&key, part.as_bytes()).to_vec();
    }
    let signature = hex(&hmac(&key, text.as_bytes()));
    let value = format!(
        "{ALGORITHM} Credential={}/{scope}, SignedHeaders={names}, Signature={signature}",
        keys.access_key_id
    );
    set_header(&mut request.headers, AUTHORIZATION.to_owned(), HeaderValue::Secret(value.into()));
}

/// The headers to sign, sorted: names in lower case, values without the spaces that HTTP ignores.
fn signed_headers(request: &HttpRequest, url: &url::Url) -> Vec<(String, String)> {
    let mut headers: Vec<(String, String)> = request
        .headers
        .iter()
        .filter(|(name, _)| !UNSIGNED.contains(&name.as_str()))
        .map(|(name, value)| {
            (name.clone(), value.expose().split_ascii_whitespace().collect::<Vec<_>>().join(" "))
        })
        .collect();
    if request.header("host").is_none() {
        // A port is there only when it is not the scheme's own.
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        headers.push(("host".to_owned(), format!("{}{port}", url.host_str().unwrap_or_default())));
    }
    headers.sort();
    headers
}

fn canonical(request: &HttpRequest, url: &url::Url, headers: &[(String, String)], names: &str) -> String {
    let mut text = format!("{}\n{}\n{}\n", request.method, canonical_path(url.path()), canonical_query(url));
    for (name, value) in headers {
        text.extend([name, ":", value, "\n"]);
    }
    text.extend(["\n", names, "\n", &hex(&sha256(&request.body))]);
    text
}

/// The path as sent, encoded once more, with empty segments left out: so every service but S3 reads it.
fn canonical_path(path: &str) -> String {
    let mut text = String::with_capacity(path.len() + 8);
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        text.push('/');
        text.extend(utf8_percent_encode(segment, RESERVED));
    }
    if text.is_empty() || path.ends_with('/') {
        text.push('/');
    }
    text
}

fn canonical_query(url: &url::Url) -> String {
    let mut pairs: Vec<(String, String)> = url
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (recoded(name), recoded(value))
        })
        .collect();
    pairs.sort();
    pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

/// Every vendor's way of encoding becomes AWS's.
fn recoded(text: &str) -> String {
    let bytes: Vec<u8> = percent_decode_str(text).collect();
    percent_encode(&bytes, RESERVED).to_string()
}

/// `20150830T123600Z`.
fn timestamp(unix_seconds: u64) -> String {
    let (days, seconds) = (unix_seconds / 86_400, unix_seconds % 86_400);
    let (year, month, day) = http_date::date_of_day(days);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z")
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// RFC 2104 with SHA-256.
fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    const BLOCK: usize = 64;
    let mut block = [0_u8; BLOCK];
    let hashed;
    let key = if key.len() > BLOCK {
        hashed = sha256(key);
        &hashed
    } else {
        key
    };
    block[..key.len()].copy_from_slice(key);
    let inner = Sha256::new().chain_update(block.map(|byte| byte ^ 0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(block.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize().into()
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
