//! Amazon Bedrock's Converse: requests, replies, and streams of binary messages.

mod body;
mod content;
mod reply;
mod stream;

use percent_encoding::utf8_percent_encode;
use types::Prompt;

use crate::client::Client;
use crate::credentials::{CredentialSource, UNKNOWN_REGION};
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::header::HeaderValue;
use crate::http::{HttpRequest, Mode};
use crate::options::set_header;
use crate::request::{bearer, headers};
use crate::sigv4::RESERVED;

pub(crate) use reply::{reply, told_failure};
pub(crate) use stream::{event, read_message};

/// The service's name in signatures.
pub(crate) const SERVICE: &str = "bedrock";

/// A request without its signature, which [`crate::authorize`] adds.
pub(crate) fn request(client: &Client, prompt: &Prompt, mode: Mode) -> Result<HttpRequest, Error> {
    let (operation, accepted) = match mode {
        Mode::Call => ("converse", "application/json"),
        Mode::Stream => ("converse-stream", "application/vnd.amazon.eventstream"),
    };
    // A model may be named by its ARN, whose colons and slashes are part of the name.
    let model = utf8_percent_encode(client.model().unwrap_or_default(), RESERVED);
    let path = format!("model/{model}/{operation}");
    let url = match client.endpoint() {
        Some(endpoint) => endpoint.join(&path, []),
        // The profile may name the region, and is looked into when the credentials are.
        None if matches!(client.credential_source(), Some(CredentialSource::Aws(_))) => {
            format!("{}{path}", unknown_base())
        }
        None => return Err(Error::no_region(client.name())),
    };
    let mut headers = headers(client);
    set_header(&mut headers, "accept".to_owned(), HeaderValue::Plain(accepted.to_owned()));
    if let Some(key) = client.api_key() {
        set_header(&mut headers, "authorization".to_owned(), bearer(key));
    }
    Ok(HttpRequest { method: "POST", url, headers, body: body::body(client, prompt)? })
}

/// Where requests go until the region is known.
fn unknown_base() -> String {
    format!("https://bedrock-runtime.{UNKNOWN_REGION}.amazonaws.com/")
}

/// Puts the region into the URL of a request that was made without one.
pub(crate) fn fill_region(client: &Client, request: &mut HttpRequest, region: &str) -> Result<(), Error> {
    if let Some(path) = request.url.strip_prefix(&unknown_base()) {
        let endpoint = Endpoint::bedrock(region).ok_or_else(|| Error::no_region(client.name()))?;
        request.url = endpoint.join(path, []);
    }
    Ok(())
}
