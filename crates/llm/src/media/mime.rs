//! What MIME type media is of: what the user said, what its bytes show, what its name says.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use types::{Media, MediaKind};

/// What the user said, unless that is another type of image than the bytes show: providers that look refuse it, and
/// those that do not lose nothing.
pub(super) fn mime_type_of_content<'a>(media: &'a Media, data: &str) -> Option<&'a str> {
    let Some(given) = media.mime_type.as_deref().filter(|mime| !mime.is_empty()) else {
        return implied_mime_type(media.kind).or_else(|| sniff_base64(media.kind, data));
    };
    let is_image = |mime_type: &str| mime_type.starts_with("image/");
    let found =
        sniff_base64(media.kind, data).filter(|found| is_image(found) && !same_mime_type(found, given));
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

/// The MIME type that goes with the extension of a URL's or file's name, if it is one of this kind of media.
#[must_use]
pub fn mime_type_by_extension(kind: MediaKind, url: &str) -> Option<&'static str> {
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

pub(super) fn implied_mime_type(kind: MediaKind) -> Option<&'static str> {
    (kind == MediaKind::Pdf).then_some("application/pdf")
}

/// Whether a `content-type` says more than "some bytes".
pub(super) fn is_telling(mime_type: &str) -> bool {
    !matches!(mime_type, "" | "application/octet-stream" | "binary/octet-stream")
}

pub(super) fn same_mime_type(one: &str, other: &str) -> bool {
    fn canonical(mime_type: &str) -> String {
        // What follows a semicolon is about the content inside.
        let essence = mime_type.split(';').next().unwrap_or(mime_type).trim();
        match essence.to_ascii_lowercase().as_str() {
            "image/jpg" => "image/jpeg".to_owned(),
            "audio/x-wav" | "audio/wave" | "audio/vnd.wave" => "audio/wav".to_owned(),
            "audio/mp3" | "audio/x-mp3" => "audio/mpeg".to_owned(),
            "audio/x-flac" => "audio/flac".to_owned(),
            "audio/m4a" | "audio/x-m4a" => "audio/mp4".to_owned(),
            "audio/opus" => "audio/ogg".to_owned(),
            "audio/x-aac" | "audio/aacp" => "audio/aac".to_owned(),
            "audio/x-aiff" => "audio/aiff".to_owned(),
            "image/heif" => "image/heic".to_owned(),
            "application/x-pdf" => "application/pdf".to_owned(),
            "video/x-matroska" => "video/webm".to_owned(),
            "audio/x-matroska" => "audio/webm".to_owned(),
            other => other.to_owned(),
        }
    }
    canonical(one) == canonical(other)
}

fn sniff_base64(kind: MediaKind, data: &str) -> Option<&'static str> {
    let start = data.get(..32).unwrap_or(data);
    let whole = start.len() - start.len() % 4;
    sniff(kind, &STANDARD.decode(start.get(..whole)?).ok()?)
}

/// The MIME type that the first bytes show. Some containers hold sound alone as well as pictures with it: they are
/// what they were passed as.
pub(super) fn sniff(kind: MediaKind, bytes: &[u8]) -> Option<&'static str> {
    Some(match (kind, sniff_container(bytes)?) {
        (MediaKind::Audio, "video/mp4") => "audio/mp4",
        (MediaKind::Audio, "video/webm") => "audio/webm",
        (MediaKind::Video, "audio/ogg") => "video/ogg",
        (_, found) => found,
    })
}

fn sniff_container(bytes: &[u8]) -> Option<&'static str> {
    const STARTS: [(&[u8], &str); 18] = [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF87a", "image/gif"),
        (b"GIF89a", "image/gif"),
        (b"%PDF-", "application/pdf"),
        (b"ID3", "audio/mpeg"),
        (b"\xff\xfb", "audio/mpeg"),
        (b"\xff\xf3", "audio/mpeg"),
        (b"\xff\xf2", "audio/mpeg"),
        (b"\xff\xf1", "audio/aac"),
        (b"\xff\xf9", "audio/aac"),
        (b"OggS", "audio/ogg"),
        (b"fLaC", "audio/flac"),
        (b"\x1a\x45\xdf\xa3", "video/webm"),
        (b"\0\0\x01\xba", "video/mpeg"),
        (b"II*\0", "image/tiff"),
        (b"MM\0*", "image/tiff"),
        (b"FLV\x01", "video/x-flv"),
    ];
    let at = |offset: usize, magic: &[u8]| bytes.get(offset..).is_some_and(|rest| rest.starts_with(magic));
    if at(0, b"RIFF") && at(8, b"WEBP") {
        return Some("image/webp");
    }
    if at(0, b"RIFF") && at(8, b"WAVE") {
        return Some("audio/wav");
    }
    if at(0, b"RIFF") && at(8, b"AVI ") {
        return Some("video/x-msvideo");
    }
    if at(0, b"FORM") && (at(8, b"AIFF") || at(8, b"AIFC")) {
        return Some("audio/aiff");
    }
    // Two letters alone may be a word.
    if at(0, b"BM") && at(6, b"\0\0\0\0") {
        return Some("image/bmp");
    }
    if at(4, b"ftyp") {
        return Some(match bytes.get(8..12) {
            Some(b"avif") => "image/avif",
            Some(b"heic" | b"heix" | b"mif1") => "image/heic",
            Some(b"M4A " | b"M4B ") => "audio/mp4",
            Some([b'3', b'g', ..]) => "video/3gpp",
            Some(b"qt  ") => "video/quicktime",
            _ => "video/mp4",
        });
    }
    STARTS.iter().find(|(magic, _)| at(0, magic)).map(|(_, mime_type)| *mime_type)
}
