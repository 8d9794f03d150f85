//! How both wire formats of OpenAI write media.

use std::borrow::Cow;

use serde::ser::{Serialize, SerializeMap, Serializer};
use types::{Media, MediaKind};

use crate::client::Client;
use crate::error::Error;
use crate::media::{self, Sent};

/// The name that PDFs are sent under; a name is required.
pub(crate) const PDF_NAME: &str = "document.pdf";

/// A piece of media, ready to be written. What it is called on the wire differs between the two.
pub(crate) enum Attachment<'a> {
    Image(Location<'a>),
    Audio(Audio<'a>),
    File(Location<'a>),
}

impl<'a> Attachment<'a> {
    /// A piece of media that is to be sent so.
    pub(crate) fn new(client: &Client, media: &'a Media, sent: Sent<'a>) -> Result<Self, Error> {
        Ok(match media.kind {
            MediaKind::Image => Self::Image(sent.into()),
            MediaKind::Audio => Self::Audio(Audio::new(media, sent)),
            MediaKind::Pdf => Self::File(sent.into()),
            MediaKind::Video => {
                return Err(Error::media_not_taken(client.name(), client.provider(), media.kind));
            }
        })
    }
}

/// An audio clip: its base64 content, or its URL, and the name of its format.
pub(crate) struct Audio<'a> {
    pub(crate) data: Cow<'a, str>,
    pub(crate) format: Cow<'a, str>,
}

impl<'a> Audio<'a> {
    pub(crate) fn new(media: &'a Media, sent: Sent<'a>) -> Self {
        match sent {
            Sent::Url(url) => {
                let format = match media::mime_type_of_url(media) {
                    Some(mime_type) => audio_format(mime_type),
                    None => media::url_extension(url).unwrap_or("mp3"),
                };
                Self { data: Cow::Borrowed(url), format: Cow::Borrowed(format) }
            }
            Sent::Content { mime_type, data } => {
                Self { format: Cow::Owned(audio_format(&mime_type).to_owned()), data }
            }
        }
    }

    /// Writes its entries into an object that was begun.
    pub(crate) fn write<M: SerializeMap>(&self, object: &mut M) -> Result<(), M::Error> {
        object.serialize_entry("data", &self.data)?;
        object.serialize_entry("format", &self.format)
    }
}

impl Serialize for Audio<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut audio = serializer.serialize_map(Some(2))?;
        self.write(&mut audio)?;
        audio.end()
    }
}

/// OpenAI's name of an audio format: `wav`, `mp3`; for others, what follows the slash.
fn audio_format(mime_type: &str) -> &str {
    match mime_type {
        "audio/mpeg" | "audio/mp3" | "audio/x-mp3" => "mp3",
        "audio/wav" | "audio/x-wav" | "audio/wave" | "audio/vnd.wave" => "wav",
        other => other.strip_prefix("audio/").unwrap_or(other),
    }
}

/// Where media is: a URL, or the content itself as a `data:` URL that is never built before it is written.
pub(crate) enum Location<'a> {
    Url(&'a str),
    Content { mime_type: Cow<'a, str>, data: Cow<'a, str> },
}

impl<'a> From<Sent<'a>> for Location<'a> {
    fn from(sent: Sent<'a>) -> Self {
        match sent {
            Sent::Url(url) => Self::Url(url),
            Sent::Content { mime_type, data } => Self::Content { mime_type, data },
        }
    }
}

impl Serialize for Location<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Url(url) => serializer.serialize_str(url),
            Self::Content { mime_type, data } => {
                serializer.collect_str(&format_args!("data:{mime_type};base64,{data}"))
            }
        }
    }
}
