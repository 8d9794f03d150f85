//! The request body: the user's options in their order, then system text and messages, then what a stream needs.

use bytes::Bytes;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;
use types::Prompt;

use super::content::{self, Block, Message};
use super::form;
use crate::client::Client;
use crate::error::Error;
use crate::http::Mode;

/// A limit is required.
const MAX_TOKENS: u32 = 4096;

/// The body of a request to a Claude model. Other doors than Anthropic's own want the version of the API in it, and
/// know the model from the URL: `version` is for them.
///
/// # Errors
/// Media that must be sent by content has none, or is of an unknown MIME type.
pub(crate) fn body(
    client: &Client,
    prompt: &Prompt,
    mode: Mode,
    version: Option<&str>,
) -> Result<Bytes, Error> {
    let content::Prepared { system, messages } = content::prepare(client, prompt)?;
    let form = form::entries(client, version.is_some());
    let body = Body { client, system: system.as_deref(), messages: &messages, mode, version, form: &form };
    serde_json::to_vec(&body).map(Bytes::from).map_err(|_| Error::body(client.name()))
}

/// Borrows everything: an image is not copied before it is written.
struct Body<'a> {
    client: &'a Client,
    system: Option<&'a [Block<'a>]>,
    messages: &'a [Message<'a>],
    mode: Mode,
    version: Option<&'a str>,
    /// What tells the form of the answer.
    form: &'a [(&'static str, Value)],
}

impl Body<'_> {
    /// Whether an option of the user's gives way to what is written here.
    fn is_ours(&self, option: &str) -> bool {
        match option {
            "messages" => true,
            "system" => self.system.is_some(),
            "stream" => self.mode == Mode::Stream,
            "model" | "anthropic_version" => self.version.is_some(),
            _ => self.form.iter().any(|(name, _)| *name == option),
        }
    }
}

impl Serialize for Body<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut body = serializer.serialize_map(None)?;
        if let Some(version) = self.version {
            body.serialize_entry("anthropic_version", version)?;
        }
        for (key, value) in self.client.body() {
            if !self.is_ours(key) {
                body.serialize_entry(key, value)?;
            }
        }
        if !self.client.body().contains_key("max_tokens") {
            body.serialize_entry("max_tokens", &MAX_TOKENS)?;
        }
        if let Some(system) = self.system {
            body.serialize_entry("system", system)?;
        }
        body.serialize_entry("messages", self.messages)?;
        for (name, value) in self.form {
            body.serialize_entry(name, value)?;
        }
        if self.mode == Mode::Stream {
            body.serialize_entry("stream", &true)?;
        }
        body.end()
    }
}
