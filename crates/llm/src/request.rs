//! From a client and a prompt to a request.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};
use types::{Content, Prompt};

use crate::anthropic;
use crate::bedrock;
use crate::client::Client;
use crate::error::Error;
use crate::google;
use crate::header::HeaderValue;
use crate::http::{HttpRequest, Mode};
use crate::openai_chat;
use crate::openai_responses;
use crate::options::set_header;
use crate::provider::{Auth, Dialect};
use crate::vertex;

/// Makes the request that a call sends. What [`crate::downloads`] lists must be in place.
///
/// # Errors
/// The provider does not take the prompt's media, or takes them otherwise.
pub fn request(client: &Client, prompt: &Prompt, mode: Mode) -> Result<HttpRequest, Error> {
    refuse_media_not_taken(client, prompt)?;
    match client.provider().dialect() {
        Some(Dialect::OpenAiChat) => openai_chat::request(client, prompt, mode),
        Some(Dialect::OpenAiResponses) => openai_responses::request(client, prompt, mode),
        Some(Dialect::Anthropic) => anthropic::request(client, prompt, mode),
        Some(Dialect::Google) => google::request(client, prompt, mode),
        Some(Dialect::Vertex) => vertex::request(client, prompt, mode),
        Some(Dialect::Bedrock) => bedrock::request(client, prompt, mode),
        None => Err(Error::not_a_model(client.name())),
    }
}

fn refuse_media_not_taken(client: &Client, prompt: &Prompt) -> Result<(), Error> {
    let parts = prompt.messages.iter().flat_map(|message| &message.parts);
    let media = parts.filter_map(|part| match &part.content {
        Content::Media(media) => Some(media.kind),
        Content::Text(_) => None,
    });
    match media.into_iter().find(|kind| !client.takes(*kind)) {
        Some(kind) => Err(Error::media_not_taken(client.name(), client.provider(), kind)),
        None => Ok(()),
    }
}

/// The headers of every dialect: what the body is, who asks, and then the user's own, which win.
pub(crate) fn headers(client: &Client) -> Vec<(String, HeaderValue)> {
    let mut headers = vec![("content-type".to_owned(), HeaderValue::Plain("application/json".to_owned()))];
    if let Some((name, password)) = client.endpoint().and_then(crate::endpoint::Endpoint::user) {
        let pair = STANDARD.encode(format!("{name}:{}", password.expose_secret()));
        headers.push(("authorization".to_owned(), HeaderValue::Secret(format!("Basic {pair}").into())));
    }
    if let Some(key) = client.api_key() {
        match client.provider().auth {
            Auth::Bearer => set_header(&mut headers, "authorization".to_owned(), bearer(key)),
            Auth::Header(name) => set_header(&mut headers, name.to_owned(), HeaderValue::Secret(key.clone())),
            Auth::None => {}
        }
    }
    for (name, value) in client.headers() {
        set_header(&mut headers, name.clone(), value.clone());
    }
    headers
}

pub(crate) fn bearer(key: &SecretString) -> HeaderValue {
    HeaderValue::Secret(format!("Bearer {}", key.expose_secret()).into())
}
