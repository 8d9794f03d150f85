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

/// Where media content is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MediaSource {
    /// At a URL: `https:`, `gs:`, `s3:` or `data:`.
    Url(String),
    /// Here, as standard base64 text.
    Base64(String),
}
