//! Messages and their blocks in the shape of Converse.

use std::borrow::Cow;

use serde_json::Value;
use types::{Content, Media, MediaKind, Part, Prompt};

use crate::client::Client;
use crate::conversation::{conversation, shared_metadata};
use crate::error::Error;
use crate::media::{self, Sent};

/// A prompt, ready to be written.
pub(super) struct Prepared<'a> {
    pub(super) turns: Vec<PreparedTurn<'a>>,
    pub(super) system: Option<Vec<Block<'a>>>,
}

pub(super) struct PreparedTurn<'a> {
    pub(super) role: &'a str,
    pub(super) blocks: Vec<Block<'a>>,
}

pub(super) enum Block<'a> {
    Text(&'a str),
    /// What stands before it may be kept for later requests.
    CachePoint {
        /// For how long: `5m` or `1h`.
        ttl: Option<&'a str>,
    },
    Media(MediaBlock<'a>),
}

pub(super) struct MediaBlock<'a> {
    /// What the wire calls it.
    pub(super) kind: &'static str,
    /// What the wire calls its format.
    pub(super) format: String,
    pub(super) source: Source<'a>,
    /// Documents must have one.
    pub(super) name: Option<String>,
}

pub(super) enum Source<'a> {
    /// Standard base64.
    Bytes(Cow<'a, str>),
    S3(&'a str),
}

pub(super) fn prepare<'a>(client: &'a Client, prompt: &'a Prompt) -> Result<Prepared<'a>, Error> {
    let conversation = conversation(client, prompt);
    let mut documents = 0;
    let system = conversation.system.map(|parts| blocks(client, parts, &mut documents)).transpose()?;
    let turns = conversation
        .turns
        .iter()
        .map(|turn| {
            let blocks = blocks(client, turn.parts, &mut documents)?;
            Ok(PreparedTurn { role: turn.role, blocks })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    Ok(Prepared { turns, system })
}

/// `documents` is how many came before.
fn blocks<'a>(client: &'a Client, parts: &'a [Part], documents: &mut usize) -> Result<Vec<Block<'a>>, Error> {
    let mut blocks = Vec::with_capacity(parts.len());
    for part in parts {
        blocks.push(match &part.content {
            Content::Text(text) => Block::Text(text),
            Content::Media(media) => Block::Media(media_block(client, media, documents)?),
        });
        // The only metadata that Converse has a place for.
        if let Some((_, control)) = shared_metadata(client, part).find(|(name, _)| *name == "cache_control") {
            blocks.push(Block::CachePoint { ttl: control.get("ttl").and_then(Value::as_str) });
        }
    }
    Ok(blocks)
}

fn media_block<'a>(
    client: &Client,
    media: &'a Media,
    documents: &mut usize,
) -> Result<MediaBlock<'a>, Error> {
    let (format, source) = match media::sent(client, media)? {
        Sent::Content { mime_type, data } => (format_of_mime(&mime_type), Source::Bytes(data)),
        Sent::Url(url) if media::is_s3_url(url) => (format_of_url(client, media, url)?, Source::S3(url)),
        Sent::Url(url) => return Err(Error::media_not_in_s3(client.name(), media.kind, url)),
    };
    let kind = match media.kind {
        MediaKind::Image => "image",
        MediaKind::Audio => "audio",
        MediaKind::Video => "video",
        MediaKind::Pdf => "document",
    };
    let name = (media.kind == MediaKind::Pdf).then(|| document_name(documents));
    Ok(MediaBlock { kind, format, source, name })
}

/// Bedrock refuses two documents of one name.
fn document_name(documents: &mut usize) -> String {
    *documents += 1;
    if *documents == 1 { "document".to_owned() } else { format!("document-{documents}") }
}

/// Bedrock's name of a format: what follows the slash, but for the types that it calls otherwise.
fn format_of_mime(mime_type: &str) -> String {
    let essence = mime_type.split(';').next().unwrap_or_default().trim();
    known_format(essence.split_once('/').map_or(essence, |(_, subtype)| subtype))
}

/// The format of what stays where it is: by its MIME type, or by the ending of its name.
fn format_of_url(client: &Client, media: &Media, url: &str) -> Result<String, Error> {
    if let Some(mime_type) = media::mime_type_of_url(media) {
        return Ok(format_of_mime(mime_type));
    }
    match media::url_extension(url) {
        Some(extension) => Ok(known_format(extension)),
        None => Err(Error::media_url_without_type(client.name(), media.kind, url)),
    }
}

/// Subtypes and endings, some of which Bedrock has another name for.
fn known_format(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    let other = match name.as_str() {
        "jpg" | "pjpeg" => "jpeg",
        "x-png" => "png",
        "wave" | "x-wav" | "vnd.wave" => "wav",
        "x-mp3" => "mp3",
        "x-flac" => "flac",
        "x-m4a" => "m4a",
        "x-matroska" => "mkv",
        "quicktime" | "qt" => "mov",
        "3gpp" | "3gp" => "three_gp",
        "x-flv" => "flv",
        "x-ms-wmv" => "wmv",
        _ => return name,
    };
    other.to_owned()
}
