//! Messages and their parts in the shape of OpenAI chat.

use std::borrow::Cow;

use serde::ser::{Serialize, SerializeMap, Serializer};
use types::{Content, Media, MediaKind, Message, Metadata, Part, Prompt};

use crate::client::Client;
use crate::error::Error;
use crate::media::{self, Sent};
use crate::options::RoleMetadata;

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
    metadata: Option<&'a Metadata>,
    allowed: &'a RoleMetadata,
}

enum Payload<'a> {
    Text(&'a str),
    ImageUrl(&'a str),
    ImageContent { mime_type: Cow<'a, str>, data: Cow<'a, str> },
    Audio { data: Cow<'a, str>, format: Cow<'a, str> },
    FileUrl(&'a str),
    FileContent { mime_type: Cow<'a, str>, data: Cow<'a, str> },
}

/// The name that PDFs are sent under; a name is required.
const PDF_NAME: &str = "document.pdf";

pub(super) fn prepare<'a>(client: &'a Client, prompt: &'a Prompt) -> Result<Vec<PreparedMessage<'a>>, Error> {
    if prompt.messages.is_empty() {
        return Ok(vec![empty(client)]);
    }
    prompt.messages.iter().map(|message| prepare_message(client, message)).collect()
}

/// A prompt that rendered to nothing is still sent: one empty text.
fn empty(client: &Client) -> PreparedMessage<'_> {
    let role = client.default_role();
    let role = client.remap_roles().get(role).map_or(role, String::as_str);
    let content = if client.provider().plain_text_content {
        PreparedContent::Plain(Cow::Borrowed(""))
    } else {
        let payload = Payload::Text("");
        PreparedContent::Parts(vec![PreparedPart {
            payload,
            metadata: None,
            allowed: client.role_metadata(),
        }])
    };
    PreparedMessage { role, content }
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
        Content::Media(media) => prepare_media(client, media)?,
    };
    Ok(PreparedPart { payload, metadata: part.metadata.as_deref(), allowed: client.role_metadata() })
}

fn prepare_media<'a>(client: &Client, media: &'a Media) -> Result<Payload<'a>, Error> {
    let sent = media::sent(client, media)?;
    Ok(match (media.kind, sent) {
        (MediaKind::Image, Sent::Url(url)) => Payload::ImageUrl(url),
        (MediaKind::Image, Sent::Content { mime_type, data }) => Payload::ImageContent { mime_type, data },
        (MediaKind::Audio, Sent::Url(url)) => {
            let format = match media::mime_type_of_url(media) {
                Some(mime_type) => audio_format(mime_type),
                None => url_extension(url).unwrap_or("mp3"),
            };
            Payload::Audio { data: Cow::Borrowed(url), format: Cow::Borrowed(format) }
        }
        (MediaKind::Audio, Sent::Content { mime_type, data }) => {
            Payload::Audio { format: Cow::Owned(audio_format(&mime_type).to_owned()), data }
        }
        (MediaKind::Pdf, Sent::Url(url)) => Payload::FileUrl(url),
        (MediaKind::Pdf, Sent::Content { mime_type, data }) => Payload::FileContent { mime_type, data },
        (MediaKind::Video, _) => {
            return Err(Error::media_not_taken(client.name(), client.provider(), media.kind));
        }
    })
}

/// OpenAI's name of an audio format: `wav`, `mp3`; for others, what follows the slash.
fn audio_format(mime_type: &str) -> &str {
    match mime_type {
        "audio/mpeg" | "audio/mp3" | "audio/x-mp3" => "mp3",
        "audio/wav" | "audio/x-wav" | "audio/wave" | "audio/vnd.wave" => "wav",
        other => other.strip_prefix("audio/").unwrap_or(other),
    }
}

/// `wav` of `https://host/clip.wav?token=x`.
fn url_extension(url: &str) -> Option<&str> {
    let path = url.split(['?', '#']).next()?;
    let (_, extension) = path.rsplit('/').next()?.rsplit_once('.')?;
    (!extension.is_empty() && extension.len() <= 5).then_some(extension)
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
            payload => part.serialize_entry(key, &Inner(payload))?,
        }
        for (name, value) in self.metadata.into_iter().flatten() {
            // What the part itself says cannot be replaced.
            if self.allowed.allows(name) && name != "type" && name != key {
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
            Self::ImageUrl(_) | Self::ImageContent { .. } => ("image_url", "image_url"),
            Self::Audio { .. } => ("input_audio", "input_audio"),
            Self::FileUrl(_) | Self::FileContent { .. } => ("file", "file"),
        }
    }
}

/// The content of a part that is not text.
struct Inner<'a>(&'a Payload<'a>);

impl Serialize for Inner<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut inner = serializer.serialize_map(None)?;
        match self.0 {
            Payload::Text(text) => inner.serialize_entry("text", text)?,
            Payload::ImageUrl(url) => inner.serialize_entry("url", url)?,
            Payload::ImageContent { mime_type, data } => {
                inner.serialize_entry("url", &DataUrl { mime_type, data })?;
            }
            Payload::Audio { data, format } => {
                inner.serialize_entry("data", data)?;
                inner.serialize_entry("format", format)?;
            }
            Payload::FileUrl(url) => {
                inner.serialize_entry("type", "input_file")?;
                inner.serialize_entry("file_url", url)?;
                inner.serialize_entry("filename", PDF_NAME)?;
            }
            Payload::FileContent { mime_type, data } => {
                inner.serialize_entry("filename", PDF_NAME)?;
                inner.serialize_entry("file_data", &DataUrl { mime_type, data })?;
            }
        }
        inner.end()
    }
}

/// `data:image/png;base64,...`, written without being built first.
struct DataUrl<'a> {
    mime_type: &'a str,
    data: &'a str,
}

impl Serialize for DataUrl<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("data:{};base64,{}", self.mime_type, self.data))
    }
}
