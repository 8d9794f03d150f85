//! The request body: the user's options in their order, then the system text and the turns.

use bytes::Bytes;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;
use types::Prompt;

use super::content::{self, Parts, PreparedTurn};
use crate::answer_form::{AnswerForm, extended};
use crate::client::Client;
use crate::conversation::conversation;
use crate::error::Error;

pub(crate) fn body(client: &Client, prompt: &Prompt) -> Result<Bytes, Error> {
    let conversation = conversation(client, prompt);
    let system = conversation.system.map(|parts| content::parts(client, parts)).transpose()?;
    let contents: Result<Vec<_>, _> =
        conversation.turns.iter().map(|turn| content::turn(client, turn)).collect();
    let config = client.form().map(|form| generation_config(client, form));
    let body = Body { client, system, contents: contents?, config };
    serde_json::to_vec(&body).map(Bytes::from).map_err(|_| Error::body(client.name()))
}

/// Borrows everything: an image is not copied before it is written.
struct Body<'a> {
    client: &'a Client,
    system: Option<Parts<'a>>,
    contents: Vec<PreparedTurn<'a>>,
    /// What the user says of the generation, and the form of the answer.
    config: Option<Value>,
}

impl Serialize for Body<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut body = serializer.serialize_map(None)?;
        for (key, value) in self.client.body() {
            let ours = match key.as_str() {
                "contents" => true,
                "generationConfig" | "generation_config" => self.config.is_some(),
                // Two spellings of one field.
                "system_instruction" | "systemInstruction" => self.system.is_some(),
                _ => false,
            };
            if !ours {
                body.serialize_entry(key, value)?;
            }
        }
        if let Some(system) = &self.system {
            body.serialize_entry("system_instruction", &SystemInstruction(system))?;
        }
        body.serialize_entry("contents", &self.contents)?;
        if let Some(config) = &self.config {
            body.serialize_entry("generationConfig", config)?;
        }
        body.end()
    }
}

fn generation_config(client: &Client, form: &AnswerForm) -> Value {
    let options = client.body();
    let own = options.get("generationConfig").or_else(|| options.get("generation_config"));
    let added = [
        ("responseMimeType", Value::from("application/json")),
        ("responseJsonSchema", form.schema().clone()),
    ];
    extended(own, added)
}

struct SystemInstruction<'a>(&'a Parts<'a>);

impl Serialize for SystemInstruction<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut instruction = serializer.serialize_map(Some(1))?;
        instruction.serialize_entry("parts", self.0)?;
        instruction.end()
    }
}
