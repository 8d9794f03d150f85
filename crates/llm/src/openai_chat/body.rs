//! The request body: the user's options in their order, then the messages, then what a stream needs.

use bytes::Bytes;
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::{Value, json};
use types::Prompt;

use super::content::{self, PreparedMessage};
use crate::answer_form::AnswerForm;
use crate::client::Client;
use crate::error::Error;
use crate::http::Mode;

pub(super) fn body(client: &Client, prompt: &Prompt, mode: Mode) -> Result<Bytes, Error> {
    let messages = content::prepare(client, prompt)?;
    let body =
        Body { client, messages: Messages(&messages), mode, format: client.form().map(response_format) };
    serde_json::to_vec(&body).map(Bytes::from).map_err(|_| Error::body(client.name()))
}

/// Borrows everything: an image is not copied before it is written.
struct Body<'a> {
    client: &'a Client,
    messages: Messages<'a>,
    mode: Mode,
    /// The form of the answer.
    format: Option<Value>,
}

impl Serialize for Body<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let streaming = self.mode == Mode::Stream;
        let asks_for_usage = streaming && self.client.provider().asks_for_stream_usage;
        let mut body = serializer.serialize_map(None)?;
        for (key, value) in self.client.body() {
            let ours = match key.as_str() {
                "messages" => true,
                "response_format" => self.format.is_some(),
                "stream" => streaming,
                "stream_options" => asks_for_usage,
                _ => false,
            };
            if !ours {
                body.serialize_entry(key, value)?;
            }
        }
        body.serialize_entry("messages", &self.messages)?;
        if let Some(format) = &self.format {
            body.serialize_entry("response_format", format)?;
        }
        if streaming {
            body.serialize_entry("stream", &true)?;
        }
        if asks_for_usage {
            body.serialize_entry("stream_options", &StreamOptions)?;
        }
        body.end()
    }
}

/// The model is kept to the letter where that can be: objects of any keys are left to it.
fn response_format(form: &AnswerForm) -> Value {
    json!({
        "type": "json_schema",
        "json_schema": { "name": form.name(), "schema": form.schema(), "strict": form.is_closed() },
    })
}

struct StreamOptions;

impl Serialize for StreamOptions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut options = serializer.serialize_map(Some(1))?;
        options.serialize_entry("include_usage", &true)?;
        options.end()
    }
}

struct Messages<'a>(&'a [PreparedMessage<'a>]);

impl Serialize for Messages<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut messages = serializer.serialize_seq(Some(self.0.len()))?;
        for message in self.0 {
            messages.serialize_element(message)?;
        }
        messages.end()
    }
}
