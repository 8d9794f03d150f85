//! The request body: the messages, the system text, then what the options add.

use bytes::Bytes;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Value, json};
use types::Prompt;

use super::content::{self, Block, Prepared};
use crate::answer_form::AnswerForm;
use crate::client::Client;
use crate::error::Error;

pub(super) fn body(client: &Client, prompt: &Prompt) -> Result<Bytes, Error> {
    let prepared = content::prepare(client, prompt)?;
    let body = Body { client, prepared: &prepared };
    serde_json::to_vec(&body).map(Bytes::from).map_err(|_| Error::body(client.name()))
}

/// Borrows everything: an image is not copied before it is written.
struct Body<'a> {
    client: &'a Client,
    prepared: &'a Prepared<'a>,
}

impl Serialize for Body<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut body = serializer.serialize_map(None)?;
        body.serialize_entry("messages", &self.prepared.turns)?;
        if let Some(system) = &self.prepared.system {
            body.serialize_entry("system", system)?;
        }
        for (key, value) in self.client.body() {
            body.serialize_entry(key, value)?;
        }
        if let Some(form) = self.client.form() {
            body.serialize_entry("toolConfig", &tool_config(form))?;
        }
        body.end()
    }
}

/// A tool that the model must use: its input is the answer.
fn tool_config(form: &AnswerForm) -> Value {
    let tool = json!({
        "name": form.name(),
        "description": "Takes the answer.",
        "inputSchema": { "json": form.schema() },
    });
    json!({ "tools": [{ "toolSpec": tool }], "toolChoice": { "tool": { "name": form.name() } } })
}

impl Serialize for content::PreparedTurn<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut message = serializer.serialize_map(Some(2))?;
        message.serialize_entry("role", self.role)?;
        message.serialize_entry("content", &self.blocks)?;
        message.end()
    }
}

impl Serialize for Block<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut block = serializer.serialize_map(Some(1))?;
        match self {
            Self::Text(text) => block.serialize_entry("text", text)?,
            Self::CachePoint { ttl } => block.serialize_entry("cachePoint", &CachePoint { ttl: *ttl })?,
            Self::Media(media) => block.serialize_entry(media.kind, media)?,
        }
        block.end()
    }
}

struct CachePoint<'a> {
    ttl: Option<&'a str>,
}

impl Serialize for CachePoint<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut point = serializer.serialize_map(None)?;
        point.serialize_entry("type", "default")?;
        if let Some(ttl) = self.ttl {
            point.serialize_entry("ttl", ttl)?;
        }
        point.end()
    }
}

impl Serialize for content::MediaBlock<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut media = serializer.serialize_map(None)?;
        media.serialize_entry("format", &self.format)?;
        media.serialize_entry("source", &self.source)?;
        if let Some(name) = &self.name {
            media.serialize_entry("name", name)?;
        }
        media.end()
    }
}

impl Serialize for content::Source<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut source = serializer.serialize_map(Some(1))?;
        match self {
            Self::Bytes(data) => source.serialize_entry("bytes", data)?,
            Self::S3(uri) => source.serialize_entry("s3Location", &Location { uri })?,
        }
        source.end()
    }
}

struct Location<'a> {
    uri: &'a str,
}

impl Serialize for Location<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut location = serializer.serialize_map(Some(1))?;
        location.serialize_entry("uri", self.uri)?;
        location.end()
    }
}
