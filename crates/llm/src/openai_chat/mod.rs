//! OpenAI chat completions: openai, openai-generic, azure-openai, ollama, openrouter and the vendors that copy it.

mod body;
mod content;
mod reply;
mod stream;

use types::{Content, MediaKind, Prompt};

use crate::client::Client;
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::http::{HttpRequest, Mode};

pub(crate) use reply::reply;
pub(crate) use stream::read_event;

pub(crate) fn request(client: &Client, prompt: &Prompt, mode: Mode) -> Result<HttpRequest, Error> {
    refuse_media_not_taken(client, prompt)?;
    let url = client
        .endpoint()
        .map(|endpoint: &Endpoint| endpoint.join("chat/completions", client.query_params()))
        .unwrap_or_default();
    Ok(HttpRequest {
        method: "POST",
        url,
        headers: crate::request::headers(client),
        body: body::body(client, prompt, mode)?,
    })
}

fn refuse_media_not_taken(client: &Client, prompt: &Prompt) -> Result<(), Error> {
    let parts = prompt.messages.iter().flat_map(|message| &message.parts);
    for part in parts {
        match &part.content {
            Content::Media(media) if media.kind == MediaKind::Video => {
                return Err(Error::media_not_taken(client.name(), client.provider(), media.kind));
            }
            Content::Media(_) | Content::Text(_) => {}
        }
    }
    Ok(())
}
