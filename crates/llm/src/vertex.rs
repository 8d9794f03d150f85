//! Vertex AI: Google's endpoint for its own models and for Anthropic's. What is said there is the affair of the
//! dialects `google` and `anthropic`; this file knows where.

use types::Prompt;

use crate::anthropic;
use crate::client::Client;
use crate::credentials::UNKNOWN_PROJECT;
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::google;
use crate::http::{HttpRequest, Mode};
use crate::options::{Publisher, Vertex};

pub(crate) fn request(client: &Client, prompt: &Prompt, mode: Mode) -> Result<HttpRequest, Error> {
    let publisher = client.vertex().map(|vertex| &vertex.publisher);
    let (method, body) = match publisher {
        Some(Publisher::Anthropic { version }) => {
            (raw_method(mode), anthropic::body(client, prompt, mode, Some(version))?)
        }
        Some(Publisher::Google) | None => (google::method(mode), google::body(client, prompt)?),
    };
    let as_events =
        (mode == Mode::Stream && publisher == Some(&Publisher::Google)).then_some(google::AS_EVENTS);
    let params = as_events.into_iter().chain(client.query_params());
    let model = client.model().unwrap_or_default();
    let url = match (client.endpoint(), client.vertex()) {
        (Some(endpoint), _) => endpoint.join(&format!("{model}:{method}"), params),
        (None, Some(vertex)) => {
            let path = format!("{}:{method}", path_of_model(client, vertex, model));
            host(vertex).map(|endpoint| endpoint.join(&path, params)).unwrap_or_default()
        }
        (None, None) => String::new(),
    };
    Ok(HttpRequest { method: "POST", url, headers: crate::request::headers(client), body })
}

/// Anthropic's models are asked in their own format.
fn raw_method(mode: Mode) -> &'static str {
    match mode {
        Mode::Call => "rawPredict",
        Mode::Stream => "streamRawPredict",
    }
}

/// Each region has a host. `global` is everywhere, and `us` and `eu` are several regions together.
fn host(vertex: &Vertex) -> Option<Endpoint> {
    let location = vertex.location.as_deref()?;
    let host = match location {
        "global" => "aiplatform.googleapis.com".to_owned(),
        "us" | "eu" => format!("aiplatform.{location}.rep.googleapis.com"),
        region => format!("{region}-aiplatform.googleapis.com"),
    };
    Endpoint::parse(&format!("https://{host}/v1")).ok()
}

/// The model alone, or as Google Cloud names resources: `projects/.../endpoints/123` for a tuned one,
/// `publishers/.../models/...` for one of another publisher.
fn path_of_model(client: &Client, vertex: &Vertex, model: &str) -> String {
    if model.starts_with("projects/") {
        return model.to_owned();
    }
    let project = client.project().unwrap_or(UNKNOWN_PROJECT);
    let place = format!("projects/{project}/locations/{}", vertex.location.as_deref().unwrap_or_default());
    if ["publishers/", "models/", "endpoints/"].iter().any(|collection| model.starts_with(collection)) {
        return format!("{place}/{model}");
    }
    let publisher = match vertex.publisher {
        Publisher::Google => "google",
        Publisher::Anthropic { .. } => "anthropic",
    };
    format!("{place}/publishers/{publisher}/models/{model}")
}
