//! Gemini's `generateContent`: Google AI Studio, and Google's own models on Vertex AI.

mod body;
mod chunk;
mod content;
mod reply;
mod stream;

use types::Prompt;

use crate::client::Client;
use crate::error::Error;
use crate::http::{HttpRequest, Mode};

pub(crate) use body::body;
pub(crate) use reply::reply;
pub(crate) use stream::read_event;

/// A stream comes as server-sent events only when it is asked for so.
pub(crate) const AS_EVENTS: (&str, &str) = ("alt", "sse");

/// The method of the URL.
pub(crate) fn method(mode: Mode) -> &'static str {
    match mode {
        Mode::Call => "generateContent",
        Mode::Stream => "streamGenerateContent",
    }
}

pub(crate) fn request(client: &Client, prompt: &Prompt, mode: Mode) -> Result<HttpRequest, Error> {
    let path = format!("{}:{}", path_of_model(client.model().unwrap_or_default()), method(mode));
    let params = (mode == Mode::Stream).then_some(AS_EVENTS);
    Ok(HttpRequest {
        method: "POST",
        url: client.endpoint().map(|endpoint| endpoint.join(&path, params)).unwrap_or_default(),
        headers: crate::request::headers(client),
        body: body(client, prompt)?,
    })
}

/// A model is named alone, or with its collection, as Google's own lists name it.
fn path_of_model(model: &str) -> String {
    if model.starts_with("models/") || model.starts_with("tunedModels/") {
        model.to_owned()
    } else {
        format!("models/{model}")
    }
}
