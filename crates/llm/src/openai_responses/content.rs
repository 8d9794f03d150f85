//! Messages and their parts in the shape of OpenAI responses.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;
use types::{Content, Media, MediaKind, Message, Part, Prompt};

use crate::client::Client;
use crate::conversation::shared_metadata;
use crate::error::Error;
use crate::media::{self, Sent};
use crate::openai_media::{Attachment, Location, PDF_NAME};

/// How closely the model looks at an image; role metadata may say otherwise.
const DETAIL: &str = "detail";

/// What the model said before is another kind of text than what it is told.
const ASSISTANT: &str = "assistant";

/// A message, ready to be written.
pub(super) struct PreparedMessage<'a> {
    role: &'a str,
    content: Vec<PreparedPart<'a>>,
}

struct PreparedPart<'a> {
    payload: Payload<'a>,
    /// The part that the metadata is taken from; an empty prompt has none.
    source: Option<(&'a Client, &'a Part)>,
}

enum Payload<'a> {
    InputText(&'a str),
    OutputText(&'a str),
    Media(Attachment<'a>),
}

pub(super) fn prepare<'a>(client: &'a Client, prompt: &'a Prompt) -> Result<Vec<PreparedMessage<'a>>, Error> {
    if prompt.messages.is_empty() {
        return Ok(vec![empty(client)]);
    }
    prompt.messages.iter().map(|message| prepare_message(client, message)).collect()
}

/// A prompt that rendered to nothing is still sent: one empty text.
fn empty(client: &Client) -> PreparedMessage<'_> {
    let role = client.default_role_sent();
    PreparedMessage { role, content: vec![PreparedPart { payload: text(role, ""), source: None }] }
}

fn prepare_message<'a>(client: &'a Client, message: &'a Message) -> Result<PreparedMessage<'a>, Error> {
    let role = message.role.as_str();
    let parts = message.parts.iter().map(|part| {
        let payload = match &part.content {
            Content::Text(content) => text(role, content),
            Content::Media(media) => prepare_media(client, media)?,
        };
        Ok(PreparedPart { payload, source: Some((client, part)) })
    });
    Ok(PreparedMessage { role, content: parts.collect::<Result<_, Error>>()? })
}

fn text<'a>(role: &str, text: &'a str) -> Payload<'a> {
    if role == ASSISTANT { Payload::OutputText(text) } else { Payload::InputText(text) }
}

fn prepare_media<'a>(client: &Client, media: &'a Media) -> Result<Payload<'a>, Error> {
    let sent = media::sent(client, media)?;
    if media.kind == MediaKind::Audio && matches!(sent, Sent::Url(_)) {
        return Err(Error::audio_by_url(client.name(), client.provider()));
    }
    Ok(Payload::Media(Attachment::new(client, media, sent)?))
}

impl Serialize for PreparedMessage<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut message = serializer.serialize_map(Some(2))?;
        message.serialize_entry("role", self.role)?;
        message.serialize_entry("content", &self.content)?;
        message.end()
    }
}

impl Serialize for PreparedPart<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (kind, key) = self.payload.names();
        let mut part = serializer.serialize_map(None)?;
        part.serialize_entry("type", kind)?;
        match &self.payload {
            Payload::InputText(text) | Payload::OutputText(text) => part.serialize_entry(key, text)?,
            Payload::Media(Attachment::Image(location)) => {
                if !self.metadata().any(|(name, _)| name == DETAIL) {
                    part.serialize_entry(DETAIL, "auto")?;
                }
                part.serialize_entry(key, location)?;
            }
            Payload::Media(Attachment::Audio(audio)) => part.serialize_entry(key, audio)?,
            Payload::Media(Attachment::File(location)) => {
                part.serialize_entry(key, location)?;
                part.serialize_entry("filename", PDF_NAME)?;
            }
        }
        for (name, value) in self.metadata() {
            part.serialize_entry(name, value)?;
        }
        part.end()
    }
}

impl PreparedPart<'_> {
    /// The role metadata; what the part itself says cannot be replaced.
    fn metadata(&self) -> impl Iterator<Item = (&str, &Value)> {
        let (_, key) = self.payload.names();
        let shared = self.source.map(|(client, part)| shared_metadata(client, part));
        shared.into_iter().flatten().filter(move |(name, _)| !["type", key, "filename"].contains(name))
    }
}

impl Payload<'_> {
    /// The part's `type`, and the key of its content.
    fn names(&self) -> (&'static str, &'static str) {
        match self {
            Self::InputText(_) => ("input_text", "text"),
            Self::OutputText(_) => ("output_text", "text"),
            Self::Media(Attachment::Image(_)) => ("input_image", "image_url"),
            Self::Media(Attachment::Audio(_)) => ("input_audio", "input_audio"),
            Self::Media(Attachment::File(Location::Url(_))) => ("input_file", "file_url"),
            Self::Media(Attachment::File(Location::Content { .. })) => ("input_file", "file_data"),
        }
    }
}
