//! System text, messages and their blocks in the shape of Anthropic messages.

use std::borrow::Cow;

use serde::ser::{Serialize, SerializeMap, Serializer};
use types::{Content, Media, MediaKind, Part, Prompt};

use crate::client::Client;
use crate::conversation::{Conversation, Turn, conversation, shared_metadata};
use crate::error::Error;
use crate::media::{self, Sent};

/// A prompt, ready to be written.
pub(super) struct Prepared<'a> {
    pub(super) system: Option<Vec<Block<'a>>>,
    pub(super) messages: Vec<Message<'a>>,
}

/// What one side said.
pub(super) struct Message<'a> {
    role: &'a str,
    content: Vec<Block<'a>>,
}

/// One block of content.
pub(super) struct Block<'a> {
    client: &'a Client,
    part: &'a Part,
    payload: Payload<'a>,
}

enum Payload<'a> {
    Text(&'a str),
    /// The block's `type`, and where the media is.
    Media(&'static str, Source<'a>),
}

enum Source<'a> {
    Url(&'a str),
    Base64 { media_type: Cow<'a, str>, data: Cow<'a, str> },
}

pub(super) fn prepare<'a>(client: &'a Client, prompt: &'a Prompt) -> Result<Prepared<'a>, Error> {
    let Conversation { system, turns } = conversation(client, prompt);
    let system = system.map(|parts| blocks(client, parts)).transpose()?;
    let messages =
        turns.into_iter().map(|Turn { role, parts }| Ok(Message { role, content: blocks(client, parts)? }));
    Ok(Prepared { system, messages: messages.collect::<Result<_, Error>>()? })
}

fn blocks<'a>(client: &'a Client, parts: &'a [Part]) -> Result<Vec<Block<'a>>, Error> {
    let block = |part: &'a Part| {
        let payload = match &part.content {
            Content::Text(text) => Payload::Text(text),
            Content::Media(media) => prepare_media(client, media)?,
        };
        Ok(Block { client, part, payload })
    };
    parts.iter().map(block).collect()
}

fn prepare_media<'a>(client: &Client, media: &'a Media) -> Result<Payload<'a>, Error> {
    let kind = match media.kind {
        MediaKind::Image => "image",
        MediaKind::Audio => "audio",
        MediaKind::Pdf => "document",
        MediaKind::Video => {
            return Err(Error::media_not_taken(client.name(), client.provider(), media.kind));
        }
    };
    let source = match media::sent(client, media)? {
        Sent::Url(url) => Source::Url(url),
        Sent::Content { mime_type, data } => Source::Base64 { media_type: mime_type, data },
    };
    Ok(Payload::Media(kind, source))
}

impl Serialize for Message<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut message = serializer.serialize_map(Some(2))?;
        message.serialize_entry("role", self.role)?;
        message.serialize_entry("content", &self.content)?;
        message.end()
    }
}

impl Serialize for Block<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut block = serializer.serialize_map(None)?;
        let key = match &self.payload {
            Payload::Text(text) => {
                block.serialize_entry("type", "text")?;
                block.serialize_entry("text", text)?;
                "text"
            }
            Payload::Media(kind, source) => {
                block.serialize_entry("type", kind)?;
                block.serialize_entry("source", source)?;
                "source"
            }
        };
        for (name, value) in shared_metadata(self.client, self.part) {
            // What the block itself says cannot be replaced.
            if name != "type" && name != key {
                block.serialize_entry(name, value)?;
            }
        }
        block.end()
    }
}

impl Serialize for Source<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut source = serializer.serialize_map(None)?;
        match self {
            Self::Url(url) => {
                source.serialize_entry("type", "url")?;
                source.serialize_entry("url", url)?;
            }
            Self::Base64 { media_type, data } => {
                source.serialize_entry("type", "base64")?;
                source.serialize_entry("media_type", media_type)?;
                source.serialize_entry("data", data)?;
            }
        }
        source.end()
    }
}
