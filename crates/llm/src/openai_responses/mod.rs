//! OpenAI responses: the provider `openai-responses`, and any other whose `client_response_type` names it.

mod body;
mod content;
mod reply;
mod stream;

use types::Prompt;

use crate::client::Client;
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::http::{HttpRequest, Mode};

pub(crate) use reply::{names_of_reason, reply};
pub(crate) use stream::read_event;

pub(crate) fn request(client: &Client, prompt: &Prompt, mode: Mode) -> Result<HttpRequest, Error> {
    let url = client
        .endpoint()
        .map(|endpoint: &Endpoint| endpoint.join("responses", client.query_params()))
        .unwrap_or_default();
    Ok(HttpRequest {
        method: "POST",
        url,
        headers: crate::request::headers(client),
        body: body::body(client, prompt, mode)?,
    })
}
