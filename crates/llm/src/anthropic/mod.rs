//! Anthropic messages: the provider `anthropic`, and Claude behind other doors, which take the same body and give
//! the same answers.

mod body;
mod content;
mod form;
mod reply;
mod stream;

use types::Prompt;

use crate::client::Client;
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::header::HeaderValue;
use crate::http::{HttpRequest, Mode};

pub(crate) use body::body;
pub(crate) use reply::reply;
pub(crate) use stream::read_event;

/// The version of the API that this dialect is; a header of the user's may name another.
const VERSION: (&str, &str) = ("anthropic-version", "2023-06-01");

pub(crate) fn request(client: &Client, prompt: &Prompt, mode: Mode) -> Result<HttpRequest, Error> {
    let url = client
        .endpoint()
        .map(|endpoint: &Endpoint| endpoint.join("v1/messages", client.query_params()))
        .unwrap_or_default();
    let mut headers = crate::request::headers(client);
    let (name, version) = VERSION;
    if !headers.iter().any(|(known, _)| known == name) {
        headers.push((name.to_owned(), HeaderValue::Plain(version.to_owned())));
    }
    Ok(HttpRequest { method: "POST", url, headers, body: body(client, prompt, mode, None)? })
}
