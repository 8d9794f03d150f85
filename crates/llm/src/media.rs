//! Media on their way to a provider: by URL or by content, and what must be downloaded first.

use std::borrow::Cow;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use types::{Content, Media, MediaKind, MediaSource, Prompt};

use crate::client::Client;
use crate::error::Error;
use crate::provider::Dialect;

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
            Self::SendBase64UnlessGoogleUrl => !is_google_url(url),
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

/// One piece of media that must be downloaded before the request can be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Download {
    /// Which message of the prompt.
    pub message: usize,
    /// Which part of the message.
    pub part: usize,
    /// Where it is: an http or https URL.
    pub url: String,
}

/// What must be downloaded and put in place with [`substitute`] before [`crate::request`] is called.
///
/// # Errors
/// A URL whose content is to be sent but cannot be fetched, such as `gs://`.
pub fn downloads(client: &Client, prompt: &Prompt) -> Result<Vec<Download>, Error> {
    let mut found = Vec::new();
    for (message, part, media) in media_of(prompt) {
        let MediaSource::Url(url) = &media.source else { continue };
        if !client.takes(media.kind) || is_data_url(url) || !sends_content(client, media, url) {
            continue;
        }
        if !is_fetchable(url) {
            return Err(Error::media_not_fetchable(client.name(), media.kind, url));
        }
        found.push(Download { message, part, url: url.clone() });
    }
    Ok(found)
}

/// Whether a client sends what is at a URL instead of the URL.
fn sends_content(client: &Client, media: &Media, url: &str) -> bool {
    // Nobody but Amazon can fetch these, and Bedrock takes them for every kind of media.
    let stays = client.provider().dialect() == Some(Dialect::Bedrock) && is_s3_url(url);
    !stays && client.media_handlers().of(media.kind).sends_content(media, url)
}

fn media_of(prompt: &Prompt) -> impl Iterator<Item = (usize, usize, &Arc<Media>)> {
    prompt.messages.iter().enumerate().flat_map(|(message, content)| {
        content.parts.iter().enumerate().filter_map(move |(part, content)| match &content.content {
            Content::Media(media) => Some((message, part, media)),
            Content::Text(_) => None,
        })
    })
}

/// Puts downloaded content in place of the URL. `content_type` is the header of the download's answer. The
/// content itself decides the MIME type where it can, then the header, then what the user gave.
///
/// # Errors
/// The content is plainly of another MIME type than the user gave.
pub fn substitute(
    prompt: &mut Prompt,
    download: &Download,
    content_type: Option<&str>,
    bytes: &[u8],
) -> Result<(), Error> {
    let Some(part) =
        prompt.messages.get_mut(download.message).and_then(|message| message.parts.get_mut(download.part))
    else {
        return Ok(());
    };
    let Content::Media(media) = &mut part.content else { return Ok(()) };
    let media = Arc::make_mut(media);
    let sniffed = sniff(bytes);
    if let (Some(sniffed), Some(given)) = (sniffed, media.mime_type.as_deref())
        && !same_mime_type(sniffed, given)
    {
        return Err(Error::media_of_other_type(media.kind, given, sniffed, &download.url));
    }
    let header = content_type
        .map(|text| text.split(';').next().unwrap_or(text).trim())
        .filter(|text| is_telling(text));
    let known = sniffed.or(header).map(str::to_owned);
    media.mime_type = known.or(media.mime_type.take());
    media.source = MediaSource::Base64(STANDARD.encode(bytes));
    Ok(())
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
        MediaSource::Base64(data) => {
            let Some(mime_type) = mime_type_of_content(media, data) else {
                return Err(Error::media_without_type(client.name(), media.kind));
            };
            Ok(Sent::Content { mime_type: Cow::Borrowed(mime_type), data: Cow::Borrowed(data) })
        }
        MediaSource::Url(url) => {
            // Content already, whatever is done with URLs: no provider can download it.
            if let Some((mime_type, data)) = data_url(url) {
                return Ok(Sent::Content { mime_type: Cow::Borrowed(mime_type), data });
            }
            if sends_content(client, media, url) {
                return Err(Error::media_not_downloaded(client.name(), media.kind, url));
            }
            Ok(Sent::Url(url))
        }
    }
}

/// What the user said, unless that is another type of image than the bytes show: providers that look refuse it, and
/// those that do not lose nothing.
fn mime_type_of_content<'a>(media: &'a Media, data: &str) -> Option<&'a str> {
    let Some(given) = media.mime_type.as_deref().filter(|mime| !mime.is_empty()) else {
        return implied_mime_type(media.kind).or_else(|| sniff_base64(data));
    };
    let is_image = |mime_type: &str| mime_type.starts_with("image/");
    let found = sniff_base64(data).filter(|found| is_image(found) && !same_mime_type(found, given));
    Some(found.filter(|_| is_image(given)).unwrap_or(given))
}

/// The MIME type of a URL's media for providers that must be told it: what is known, or else what the end of the
/// URL's path says.
pub(crate) fn mime_type_to_send<'a>(media: &'a Media, url: &str) -> Option<&'a str> {
    mime_type_of_url(media).or_else(|| mime_type_by_extension(media.kind, url)).or_else(|| {
        // The pages of video platforms, for one, end in no file's name.
        (media.kind == MediaKind::Video).then_some("video/mp4")
    })
}

/// The MIME type that goes with the extension, if it is one of this kind of media.
fn mime_type_by_extension(kind: MediaKind, url: &str) -> Option<&'static str> {
    let extension = url_extension(url)?.to_ascii_lowercase();
    let mime_type = match extension.as_str() {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "gif" => "image/gif",
        "heic" => "image/heic",
        "heif" => "image/heif",
        "avif" => "image/avif",
        "bmp" => "image/bmp",
        "mp3" => "audio/mpeg",
        "wav" => "audio/wav",
        "ogg" | "oga" | "opus" => "audio/ogg",
        "flac" => "audio/flac",
        "aac" => "audio/aac",
        "m4a" => "audio/mp4",
        "aif" | "aiff" => "audio/aiff",
        "mp4" | "m4v" => "video/mp4",
        "webm" => "video/webm",
        "mov" => "video/quicktime",
        "mpg" | "mpeg" => "video/mpeg",
        "avi" => "video/x-msvideo",
        "wmv" => "video/x-ms-wmv",
        "flv" => "video/x-flv",
        "3gp" => "video/3gpp",
        "mkv" => "video/x-matroska",
        _ => return None,
    };
    mime_type.split('/').next().filter(|family| *family == kind.name()).map(|_| mime_type)
}

/// `wav` of `https://host/clip.wav?token=x`.
pub(crate) fn url_extension(url: &str) -> Option<&str> {
    let path = url.split(['?', '#']).next()?;
    let (_, extension) = path.rsplit('/').next()?.rsplit_once('.')?;
    (!extension.is_empty() && extension.len() <= 5).then_some(extension)
}

/// The MIME type that a URL's media is known to have without looking at its content.
pub(crate) fn mime_type_of_url(media: &Media) -> Option<&str> {
    media.mime_type.as_deref().filter(|mime| !mime.is_empty()).or_else(|| implied_mime_type(media.kind))
}

fn implied_mime_type(kind: MediaKind) -> Option<&'static str> {
    (kind == MediaKind::Pdf).then_some("application/pdf")
}

/// Whether the URL is an object of Amazon S3, which Bedrock reads itself.
pub(crate) fn is_s3_url(url: &str) -> bool {
    url.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("s3://"))
}

fn is_data_url(url: &str) -> bool {
    url.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"))
}

fn is_fetchable(url: &str) -> bool {
    url::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

fn is_google_url(url: &str) -> bool {
    url.starts_with("gs://") || url.starts_with("https://generativelanguage.googleapis.com/")
}

/// MIME type and base64 content of a `data:` URL.
fn data_url(url: &str) -> Option<(&str, Cow<'_, str>)> {
    if !is_data_url(url) {
        return None;
    }
    let (header, data) = url.get(5..)?.split_once(',')?;
    let (header, is_base64) = match header.strip_suffix(";base64") {
        Some(header) => (header, true),
        None => (header, false),
    };
    let mime_type = header.split(';').next().filter(|mime| !mime.is_empty()).unwrap_or("text/plain");
    if is_base64 {
        return Some((mime_type, Cow::Borrowed(data)));
    }
    Some((mime_type, Cow::Owned(STANDARD.encode(percent_decoded(data)))))
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

/// Whether a `content-type` says more than "some bytes".
fn is_telling(mime_type: &str) -> bool {
    !matches!(mime_type, "" | "application/octet-stream" | "binary/octet-stream")
}

fn same_mime_type(one: &str, other: &str) -> bool {
    fn canonical(mime_type: &str) -> String {
        match mime_type.to_ascii_lowercase().as_str() {
            "image/jpg" => "image/jpeg".to_owned(),
            "audio/x-wav" | "audio/wave" | "audio/vnd.wave" => "audio/wav".to_owned(),
            "audio/mp3" | "audio/x-mp3" => "audio/mpeg".to_owned(),
            "audio/x-flac" => "audio/flac".to_owned(),
            "audio/m4a" | "audio/x-m4a" => "audio/mp4".to_owned(),
            other => other.to_owned(),
        }
    }
    canonical(one) == canonical(other)
}

fn sniff_base64(data: &str) -> Option<&'static str> {
    let start = data.get(..32).unwrap_or(data);
    let whole = start.len() - start.len() % 4;
    sniff(&STANDARD.decode(start.get(..whole)?).ok()?)
}

/// The MIME type that the first bytes show.
fn sniff(bytes: &[u8]) -> Option<&'static str> {
    const STARTS: [(&[u8], &str); 11] = [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF87a", "image/gif"),
        (b"GIF89a", "image/gif"),
        (b"%PDF-", "application/pdf"),
        (b"ID3", "audio/mpeg"),
        (b"\xff\xfb", "audio/mpeg"),
        (b"OggS", "audio/ogg"),
        (b"fLaC", "audio/flac"),
        (b"\x1a\x45\xdf\xa3", "video/webm"),
        (b"BM", "image/bmp"),
    ];
    let at = |offset: usize, magic: &[u8]| bytes.get(offset..).is_some_and(|rest| rest.starts_with(magic));
    if at(0, b"RIFF") && at(8, b"WEBP") {
        return Some("image/webp");
    }
    if at(0, b"RIFF") && at(8, b"WAVE") {
        return Some("audio/wav");
    }
    if at(4, b"ftyp") {
        return Some(match bytes.get(8..12) {
            Some(b"avif") => "image/avif",
            Some(b"heic" | b"heix" | b"mif1") => "image/heic",
            Some(b"M4A ") => "audio/mp4",
            Some(b"qt  ") => "video/quicktime",
            _ => "video/mp4",
        });
    }
    STARTS.iter().find(|(magic, _)| at(0, magic)).map(|(_, mime_type)| *mime_type)
}
