//! The request body: the user's options in their order, then the input, then what a stream needs.

use bytes::Bytes;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Value, json};
use types::Prompt;

use super::content::{self, PreparedMessage};
use crate::answer_form::{AnswerForm, extended};
use crate::client::Client;
use crate::error::Error;
use crate::http::Mode;

pub(super) fn body(client: &Client, prompt: &Prompt, mode: Mode) -> Result<Bytes, Error> {
    let input = content::prepare(client, prompt)?;
    let text = client.form().map(|form| extended(client.body().get("text"), [("format", format(form))]));
    let body = Body { client, input: &input, mode, text };
    serde_json::to_vec(&body).map(Bytes::from).map_err(|_| Error::body(client.name()))
}

/// Borrows everything: an image is not copied before it is written.
struct Body<'a> {
    client: &'a Client,
    input: &'a [PreparedMessage<'a>],
    mode: Mode,
    /// What the user says of text, and the form of the answer.
    text: Option<Value>,
}

impl Serialize for Body<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let streaming = self.mode == Mode::Stream;
        let mut body = serializer.serialize_map(None)?;
        for (key, value) in self.client.body() {
            let ours = match key.as_str() {
                "input" => true,
                "text" => self.text.is_some(),
                "stream" => streaming,
                _ => false,
            };
            if !ours {
                body.serialize_entry(key, value)?;
            }
        }
        body.serialize_entry("input", self.input)?;
        if let Some(text) = &self.text {
            body.serialize_entry("text", text)?;
        }
        if streaming {
            body.serialize_entry("stream", &true)?;
        }
        body.end()
    }
}

/// The model is kept to the letter where that can be: objects of any keys are left to it.
fn format(form: &AnswerForm) -> Value {
    json!({ "type": "json_schema", "name": form.name(), "schema": form.schema(), "strict": form.is_closed() })
}
