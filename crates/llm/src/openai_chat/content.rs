//! Messages and their parts in the shape of OpenAI chat.

use std::borrow::Cow;

use serde::ser::{Serialize, SerializeMap, Serializer};
use types::{Content, Message, Part, Prompt};

use crate::client::Client;
use crate::conversation::shared_metadata;
use crate::error::Error;
use crate::media;
use crate::openai_media::{Attachment, Location, PDF_NAME};

/// A message, ready to be written.
pub(super) struct PreparedMessage<'a> {
    role: &'a str,
    content: PreparedContent<'a>,
}

enum PreparedContent<'a> {
    /// A string.
    Plain(Cow<'a, str>),
    /// A list of parts.
    Parts(Vec<PreparedPart<'a>>),
}

struct PreparedPart<'a> {
    payload: Payload<'a>,
    /// The part that the metadata is taken from; an empty prompt has none.
    source: Option<(&'a Client, &'a Part)>,
}

enum Payload<'a> {
    Text(&'a str),
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
    let content = if client.provider().plain_text_content {
        PreparedContent::Plain(Cow::Borrowed(""))
    } else {
        PreparedContent::Parts(vec![PreparedPart { payload: Payload::Text(""), source: None }])
    };
    PreparedMessage { role: client.default_role_sent(), content }
}

fn prepare_message<'a>(client: &'a Client, message: &'a Message) -> Result<PreparedMessage<'a>, Error> {
    let content = if let Some(text) = plain_text(client, &message.parts) {
        PreparedContent::Plain(text)
    } else {
        let parts: Result<Vec<_>, _> = message.parts.iter().map(|part| prepare_part(client, part)).collect();
        PreparedContent::Parts(parts?)
    };
    Ok(PreparedMessage { role: &message.role, content })
}

/// The text of a message as one string, for providers that want it so. Media and role metadata need parts.
fn plain_text<'a>(client: &Client, parts: &'a [Part]) -> Option<Cow<'a, str>> {
    if !client.provider().plain_text_content || parts.iter().any(|part| part.metadata.is_some()) {
        return None;
    }
    let texts: Option<Vec<&str>> = parts
        .iter()
        .map(|part| match &part.content {
            Content::Text(text) => Some(text.as_str()),
            Content::Media(_) => None,
        })
        .collect();
    match texts?.as_slice() {
        [one] => Some(Cow::Borrowed(*one)),
        several => Some(Cow::Owned(several.join(" "))),
    }
}

fn prepare_part<'a>(client: &'a Client, part: &'a Part) -> Result<PreparedPart<'a>, Error> {
    let payload = match &part.content {
        Content::Text(text) => Payload::Text(text),
        Content::Media(media) => Payload::Media(Attachment::new(client, media, media::sent(client, media)?)?),
    };
    Ok(PreparedPart { payload, source: Some((client, part)) })
}

impl Serialize for PreparedMessage<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut message = serializer.serialize_map(Some(2))?;
        message.serialize_entry("role", self.role)?;
        match &self.content {
            PreparedContent::Plain(text) => message.serialize_entry("content", text)?,
            PreparedContent::Parts(parts) => message.serialize_entry("content", parts)?,
        }
        message.end()
    }
}

impl Serialize for PreparedPart<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut part = serializer.serialize_map(None)?;
        let (kind, key) = self.payload.names();
        part.serialize_entry("type", kind)?;
        match &self.payload {
            Payload::Text(text) => part.serialize_entry(key, text)?,
            Payload::Media(attachment) => part.serialize_entry(key, &Inner(attachment))?,
        }
        let shared = self.source.map(|(client, part)| shared_metadata(client, part));
        for (name, value) in shared.into_iter().flatten() {
            // What the part itself says cannot be replaced.
            if name != "type" && name != key {
                part.serialize_entry(name, value)?;
            }
        }
        part.end()
    }
}

impl Payload<'_> {
    /// The part's `type`, and the key of its content.
    fn names(&self) -> (&'static str, &'static str) {
        match self {
            Self::Text(_) => ("text", "text"),
            Self::Media(Attachment::Image(_)) => ("image_url", "image_url"),
            Self::Media(Attachment::Audio(_)) => ("input_audio", "input_audio"),
            Self::Media(Attachment::File(_)) => ("file", "file"),
        }
    }
}

/// The content of a part that is not text.
struct Inner<'a>(&'a Attachment<'a>);

impl Serialize for Inner<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut inner = serializer.serialize_map(None)?;
        match self.0 {
            Attachment::Image(location) => inner.serialize_entry("url", location)?,
            Attachment::Audio(audio) => audio.write(&mut inner)?,
            Attachment::File(url @ Location::Url(_)) => {
                inner.serialize_entry("type", "input_file")?;
                inner.serialize_entry("file_url", url)?;
                inner.serialize_entry("filename", PDF_NAME)?;
            }
            Attachment::File(content @ Location::Content { .. }) => {
                inner.serialize_entry("filename", PDF_NAME)?;
                inner.serialize_entry("file_data", content)?;
            }
        }
        inner.end()
    }
}
