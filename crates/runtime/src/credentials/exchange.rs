//! One HTTP exchange with whoever gives credentials out.

use std::time::Duration;

use bytes::Bytes;
use llm::{HeaderValue, HttpRequest, Proxy};
use secrecy::SecretString;
use serde_json::Value;

use super::{CredentialsError, error};
use crate::transport::{self, Response, Settings};

/// How long a service on the internet may take.
pub(super) const SERVICE: Duration = Duration::from_secs(15);

/// How long a service of the machine itself may take: where there is none, nobody answers at all.
pub(super) const METADATA: Duration = Duration::from_millis(1500);

/// How much of a reason is shown.
const LONGEST_REASON: usize = 300;

/// The connections to services of the machine itself: never through a proxy.
pub(super) fn local() -> Settings {
    Settings { proxy: Some(Proxy::Direct), ..Settings::default() }
}

/// A request without a body.
pub(super) fn bare(method: &'static str, url: &str) -> HttpRequest {
    HttpRequest { method, url: url.to_owned(), headers: Vec::new(), body: Bytes::new() }
}

/// A form.
pub(super) fn form(url: &str, fields: &[(&str, &str)]) -> HttpRequest {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = HttpRequest { body: body.into(), ..bare("POST", url) };
    with(request, "content-type", "application/x-www-form-urlencoded")
}

/// A JSON document.
pub(super) fn json(url: &str, document: &Value) -> HttpRequest {
    let request = HttpRequest { body: document.to_string().into(), ..bare("POST", url) };
    with(request, "content-type", "application/json")
}

/// The request with a header.
pub(super) fn with(mut request: HttpRequest, name: &str, value: &str) -> HttpRequest {
    request.headers.push((name.to_owned(), HeaderValue::Plain(value.to_owned())));
    request
}

/// The request with a header that is a secret.
pub(super) fn with_secret(mut request: HttpRequest, name: &str, value: SecretString) -> HttpRequest {
    request.headers.push((name.to_owned(), HeaderValue::Secret(value)));
    request
}

/// Sends a request and waits for a success. `who` names the other side in errors.
pub(super) async fn send(
    settings: &Settings,
    who: &str,
    request: &HttpRequest,
    within: Duration,
) -> Result<Response, CredentialsError> {
    let who = format!("{who} ({})", request.display_url());
    let exchange = async { transport::open(settings, request).await?.whole().await };
    let response = tokio::time::timeout(within, exchange)
        .await
        .map_err(|_| error::no_answer(&who, within))?
        .map_err(|failed| error::not_reached(&who, &failed.message))?;
    if (200..300).contains(&response.status) {
        return Ok(response);
    }
    Err(error::refused(&who, response.status, reason(&response.body).as_deref()))
}

/// The same, for an answer in JSON.
pub(super) async fn ask(
    settings: &Settings,
    who: &str,
    request: &HttpRequest,
    within: Duration,
) -> Result<Value, CredentialsError> {
    let response = send(settings, who, request, within).await?;
    serde_json::from_slice(&response.body)
        .map_err(|_| error::unreadable_answer(&format!("{who} ({})", request.display_url())))
}

/// Why a service refused, in its own words, where it gives them in a known place. The rest of an answer is not
/// shown: nobody knows what it repeats.
fn reason(body: &[u8]) -> Option<String> {
    if let Some(message) = std::str::from_utf8(body).ok().and_then(|text| tag(text, "Message")) {
        return Some(short(&message));
    }
    let answer: Value = serde_json::from_slice(body).ok()?;
    let text = |value: &Value| value.as_str().map(short);
    let error = &answer["error"];
    match (text(error), text(&answer["error_description"])) {
        (Some(code), Some(description)) => Some(format!("{code} ({description})")),
        (Some(code), None) => Some(code),
        (None, _) => {
            text(&error["message"]).or_else(|| text(&answer["message"])).or_else(|| text(&answer["Message"]))
        }
    }
}

fn short(text: &str) -> String {
    text.chars()
        .map(|character| if character.is_control() { ' ' } else { character })
        .take(LONGEST_REASON)
        .collect()
}

/// The text of the first XML element of this name that has no attributes.
pub(super) fn tag(xml: &str, name: &str) -> Option<String> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    let (text, _) = rest.split_once(&format!("</{name}>"))?;
    let plain = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'");
    Some(plain.replace("&amp;", "&"))
}
