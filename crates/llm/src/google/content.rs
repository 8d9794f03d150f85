//! Turns and their parts in Gemini's shape. Media fields are spelt `inline_data` for AI Studio and `inlineData` for
//! Vertex AI; each takes both.

use std::borrow::Cow;

use serde::ser::{Serialize, SerializeMap, Serializer};
use types::{Content, Media, Part};

use crate::client::Client;
use crate::conversation::{Turn, shared_metadata};
use crate::error::Error;
use crate::media::{self, Sent};
use crate::provider::Dialect;

/// A turn, ready to be written.
pub(super) struct PreparedTurn<'a> {
    role: &'a str,
    parts: Parts<'a>,
}

pub(super) type Parts<'a> = Vec<PreparedPart<'a>>;

pub(super) struct PreparedPart<'a> {
    client: &'a Client,
    part: &'a Part,
    payload: Payload<'a>,
}

enum Payload<'a> {
    Text(&'a str),
    Inline { mime_type: Cow<'a, str>, data: Cow<'a, str>, names: &'static Names },
    File { uri: &'a str, mime_type: Option<&'a str>, names: &'static Names },
}

/// How the fields are spelt.
struct Names {
    inline: &'static str,
    file: &'static str,
    mime_type: &'static str,
    uri: &'static str,
}

const SNAKE: Names =
    Names { inline: "inline_data", file: "file_data", mime_type: "mime_type", uri: "file_uri" };

const CAMEL: Names = Names { inline: "inlineData", file: "fileData", mime_type: "mimeType", uri: "fileUri" };

/// What a part holds is one of these: metadata cannot replace it, nor put a second beside it.
const HELD: [&str; 5] = ["text", SNAKE.inline, SNAKE.file, CAMEL.inline, CAMEL.file];

pub(super) fn turn<'a>(client: &'a Client, turn: &Turn<'a>) -> Result<PreparedTurn<'a>, Error> {
    Ok(PreparedTurn { role: turn.role, parts: parts(client, turn.parts)? })
}

pub(super) fn parts<'a>(client: &'a Client, parts: &'a [Part]) -> Result<Parts<'a>, Error> {
    parts
        .iter()
        .map(|part| {
            let payload = match &part.content {
                Content::Text(text) => Payload::Text(text),
                Content::Media(media) => prepare_media(client, media)?,
            };
            Ok(PreparedPart { client, part, payload })
        })
        .collect()
}

fn prepare_media<'a>(client: &Client, media: &'a Media) -> Result<Payload<'a>, Error> {
    let on_vertex = client.provider().dialect() == Some(Dialect::Vertex);
    let names = if on_vertex { &CAMEL } else { &SNAKE };
    match media::sent(client, media)? {
        Sent::Content { mime_type, data } => Ok(Payload::Inline { mime_type, data, names }),
        Sent::Url(uri) => {
            let mime_type = if on_vertex {
                // Required there.
                let told = media::mime_type_to_send(media, uri);
                Some(told.ok_or_else(|| Error::media_url_without_type(client.name(), media.kind, uri))?)
            } else {
                media::mime_type_of_url(media)
            };
            Ok(Payload::File { uri, mime_type, names })
        }
    }
}

impl Serialize for PreparedTurn<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut turn = serializer.serialize_map(Some(2))?;
        turn.serialize_entry("role", self.role)?;
        turn.serialize_entry("parts", &self.parts)?;
        turn.end()
    }
}

impl Serialize for PreparedPart<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut part = serializer.serialize_map(None)?;
        match &self.payload {
            Payload::Text(text) => part.serialize_entry("text", text)?,
            payload @ Payload::Inline { names, .. } => part.serialize_entry(names.inline, &Inner(payload))?,
            payload @ Payload::File { names, .. } => part.serialize_entry(names.file, &Inner(payload))?,
        }
        for (name, value) in shared_metadata(self.client, self.part) {
            if !HELD.contains(&name) {
                part.serialize_entry(name, value)?;
            }
        }
        part.end()
    }
}

/// The content of a part that is not text.
struct Inner<'a>(&'a Payload<'a>);

impl Serialize for Inner<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut inner = serializer.serialize_map(None)?;
        match self.0 {
            Payload::Text(text) => inner.serialize_entry("text", text)?,
            Payload::Inline { mime_type, data, names } => {
                inner.serialize_entry(names.mime_type, mime_type)?;
                inner.serialize_entry("data", data)?;
            }
            Payload::File { uri, mime_type, names } => {
                inner.serialize_entry(names.uri, uri)?;
                if let Some(mime_type) = mime_type {
                    inner.serialize_entry(names.mime_type, mime_type)?;
                }
            }
        }
        inner.end()
    }
}
