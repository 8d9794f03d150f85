//! Media values.

/// The four media types of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MediaKind {
    /// `image`.
    Image,
    /// `audio`.
    Audio,
    /// `pdf`.
    Pdf,
    /// `video`.
    Video,
}

impl MediaKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Image, Self::Audio, Self::Pdf, Self::Video];

    /// The name in BAML text.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Audio => "audio",
            Self::Pdf => "pdf",
            Self::Video => "video",
        }
    }
}

/// An image, audio clip, PDF or video.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Media {
    /// Which of the four it is.
    pub kind: MediaKind,
    /// The MIME type, when the user gave one or a download told it.
    pub mime_type: Option<String>,
    /// Where the content is.
    pub source: MediaSource,
}

/// Whether a text is a `data:` URL, which holds content itself.
#[must_use]
pub fn is_data_url(text: &str) -> bool {
    text.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"))
}

/// Where media content is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MediaSource {
    /// At a URL: `https:`, `gs:`, `s3:` or `data:`.
    Url(String),
    /// Here, as base64 text of any form that [`crate::standard_base64`] takes, or as a `data:` URL.
    Base64(String),
}
