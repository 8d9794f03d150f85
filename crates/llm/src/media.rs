//! Media on their way to a provider: by URL or by content, and what must be downloaded first.

mod download;
mod mime;

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use types::{Media, MediaKind, MediaSource, is_data_url, standard_base64};

use crate::client::Client;
use crate::error::Error;
use crate::provider::Dialect;

pub use download::{Download, DownloadLimits, HostPattern, downloads, substitute};
pub use mime::mime_type_by_extension;
use mime::mime_type_of_content;
pub(crate) use mime::{mime_type_of_url, mime_type_to_send, url_extension};

/// What is done with a media URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaHandling {
    /// The content is downloaded and sent.
    SendBase64,
    /// The URL is sent; the provider downloads it.
    SendUrl,
    /// The URL is sent with its MIME type; where that is not known the content is sent.
    SendUrlAddMimeType,
    /// Google's own URLs are sent, the content of others.
    SendBase64UnlessGoogleUrl,
}

impl MediaHandling {
    /// Every handling.
    pub const ALL: [Self; 4] =
        [Self::SendBase64, Self::SendUrl, Self::SendUrlAddMimeType, Self::SendBase64UnlessGoogleUrl];

    /// The name in `media_url_handler`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::SendBase64 => "send_base64",
            Self::SendUrl => "send_url",
            Self::SendUrlAddMimeType => "send_url_add_mime_type",
            Self::SendBase64UnlessGoogleUrl => "send_base64_unless_google_url",
        }
    }

    fn sends_content(self, media: &Media, url: &str) -> bool {
        match self {
            Self::SendBase64 => true,
            Self::SendUrl => false,
            // What cannot be downloaded is sent as it is: the provider can.
            Self::SendUrlAddMimeType => mime_type_of_url(media).is_none() && is_fetchable(url),
            Self::SendBase64UnlessGoogleUrl => !is_google_url(media.kind, url),
        }
    }
}

/// The handling of each kind of media.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MediaHandlers {
    /// Of images.
    pub image: MediaHandling,
    /// Of audio clips.
    pub audio: MediaHandling,
    /// Of PDFs.
    pub pdf: MediaHandling,
    /// Of videos.
    pub video: MediaHandling,
}

impl MediaHandlers {
    /// Every URL is sent.
    pub const SEND_URLS: Self = Self::all(MediaHandling::SendUrl);

    /// Of every URL the content is sent.
    pub const SEND_CONTENT: Self = Self::all(MediaHandling::SendBase64);

    const fn all(handling: MediaHandling) -> Self {
        Self { image: handling, audio: handling, pdf: handling, video: handling }
    }

    /// The handling of one kind.
    #[must_use]
    pub fn of(self, kind: MediaKind) -> MediaHandling {
        match kind {
            MediaKind::Image => self.image,
            MediaKind::Audio => self.audio,
            MediaKind::Pdf => self.pdf,
            MediaKind::Video => self.video,
        }
    }
}

/// Whether a client sends what is at a URL instead of the URL.
fn sends_content(client: &Client, media: &Media, url: &str) -> bool {
    // Nobody but Amazon can fetch these, and Bedrock takes them for every kind of media.
    let stays = client.provider().dialect() == Some(Dialect::Bedrock) && is_s3_url(url);
    !stays && client.media_handlers().of(media.kind).sends_content(media, url)
}

/// A piece of media as it is to be sent.
pub(crate) enum Sent<'a> {
    /// By its URL.
    Url(&'a str),
    /// By its content.
    Content {
        /// The MIME type; empty when nobody knows it.
        mime_type: Cow<'a, str>,
        /// Standard base64.
        data: Cow<'a, str>,
    },
}

/// How to send a piece of media whose download, if it needed one, is done.
pub(crate) fn sent<'a>(client: &Client, media: &'a Media) -> Result<Sent<'a>, Error> {
    match &media.source {
        // Some people have the content as a `data:` URL and call it base64.
        MediaSource::Base64(data) if is_data_url(data) => content_of(client, media, data),
        MediaSource::Base64(data) => {
            let data = standard_base64(data)
                .map_err(|fault| Error::media_not_base64(client.name(), media.kind, fault))?;
            let Some(mime_type) = mime_type_of_content(media, &data) else {
                return Err(Error::media_without_type(client.name(), media.kind));
            };
            Ok(Sent::Content { mime_type: Cow::Borrowed(mime_type), data })
        }
        MediaSource::Url(url) => {
            // Content already, whatever is done with URLs: no provider can download it.
            if is_data_url(url) {
                return content_of(client, media, url);
            }
            if sends_content(client, media, url) {
                return Err(Error::media_not_downloaded(client.name(), media.kind, url));
            }
            Ok(Sent::Url(url))
        }
    }
}

/// The content of a `data:` URL.
fn content_of<'a>(client: &Client, media: &Media, url: &'a str) -> Result<Sent<'a>, Error> {
    let Some((mime_type, data)) = data_url(url) else {
        return Err(Error::data_url_not_readable(client.name(), media.kind));
    };
    let faulty = |fault| Error::media_not_base64(client.name(), media.kind, fault);
    let data = match data {
        Cow::Borrowed(data) => standard_base64(data).map_err(faulty)?,
        Cow::Owned(data) => Cow::Owned(standard_base64(&data).map_err(faulty)?.into_owned()),
    };
    Ok(Sent::Content { mime_type: Cow::Borrowed(mime_type), data })
}

/// Whether the URL is an object of Amazon S3, which Bedrock reads itself.
pub(crate) fn is_s3_url(url: &str) -> bool {
    url.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("s3://"))
}

fn is_fetchable(url: &str) -> bool {
    url::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

/// Cloud Storage, the File API, and for videos `YouTube`.
fn is_google_url(kind: MediaKind, url: &str) -> bool {
    const HOSTS: [&str; 5] =
        ["generativelanguage.googleapis.com", "www.youtube.com", "youtube.com", "m.youtube.com", "youtu.be"];
    let Ok(url) = url::Url::parse(url) else { return false };
    let hosts = if kind == MediaKind::Video { &HOSTS[..] } else { &HOSTS[..1] };
    url.scheme() == "gs"
        || (url.scheme() == "https" && url.host_str().is_some_and(|host| hosts.contains(&host)))
}

/// MIME type and base64 content of a `data:` URL.
fn data_url(url: &str) -> Option<(&str, Cow<'_, str>)> {
    if !is_data_url(url) {
        return None;
    }
    let (header, data) = url.get(5..)?.split_once(',')?;
    let (header, is_base64) = match header.rsplit_once(';') {
        Some((header, last)) if last.trim().eq_ignore_ascii_case("base64") => (header, true),
        _ => (header, false),
    };
    let mime_type = header.split(';').next().filter(|mime| !mime.is_empty()).unwrap_or("text/plain");
    let data = match (is_base64, data.contains('%')) {
        (true, false) => Cow::Borrowed(data),
        (true, true) => Cow::Owned(String::from_utf8(percent_decoded(data)).ok()?),
        (false, _) => Cow::Owned(STANDARD.encode(percent_decoded(data))),
    };
    Some((mime_type, data))
}

fn percent_decoded(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let hex = |offset: usize| bytes.get(at + offset).and_then(|digit| char::from(*digit).to_digit(16));
        if let (b'%', Some(high), Some(low)) = (byte, hex(1), hex(2)) {
            decoded.push(u8::try_from(high * 16 + low).unwrap_or_default());
            at += 3;
        } else {
            decoded.push(byte);
            at += 1;
        }
    }
    decoded
}
