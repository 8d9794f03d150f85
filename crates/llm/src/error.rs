//! Why a request cannot be made. Every message has its constructor here.

use std::fmt;

use types::{Base64Fault, MediaKind};

use crate::provider::Provider;

/// A request cannot be made from this client and prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    message: Box<str>,
}

/// What sort of error it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The prompt's media cannot be sent to this provider.
    Media,
    /// The client is a strategy: it answers nothing itself.
    NotAModel,
    /// The request could not be written as JSON.
    Body,
    /// The client's cloud project or region is not known.
    Place,
}

impl Error {
    /// What sort of error it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// What is wrong, in plain words.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    fn new(kind: ErrorKind, message: String) -> Self {
        Self { kind, message: message.into_boxed_str() }
    }

    pub(crate) fn not_a_model(client: &str) -> Self {
        Self::new(
            ErrorKind::NotAModel,
            format!("client `{client}` chooses among clients and is not a model itself"),
        )
    }

    pub(crate) fn body(client: &str) -> Self {
        Self::new(ErrorKind::Body, format!("the request of client `{client}` could not be written as JSON"))
    }

    pub(crate) fn no_project(client: &str) -> Self {
        let message = format!(
            "client `{client}` needs a Google Cloud project, and its credentials name none: \
             give `project_id`, or set GOOGLE_CLOUD_PROJECT"
        );
        Self::new(ErrorKind::Place, message)
    }

    pub(crate) fn no_region(client: &str) -> Self {
        let message = format!(
            "client `{client}` needs an AWS region, which neither its options nor AWS_REGION nor its profile name: \
             give `region`"
        );
        Self::new(ErrorKind::Place, message)
    }

    pub(crate) fn media_not_taken(client: &str, provider: &Provider, kind: MediaKind) -> Self {
        let hint = match kind {
            MediaKind::Video => "; send single frames as images instead",
            MediaKind::Image | MediaKind::Audio | MediaKind::Pdf => "",
        };
        let message = format!(
            "client `{client}` (provider `{}`) does not take {} input{hint}",
            provider.name,
            kind.name()
        );
        Self::new(ErrorKind::Media, message)
    }

    pub(crate) fn audio_by_url(client: &str, provider: &Provider) -> Self {
        let message = format!(
            "client `{client}` (provider `{}`) takes audio by its content only: leave `audio` out of \
             `media_url_handler`, or write \"send_base64\"",
            provider.name
        );
        Self::new(ErrorKind::Media, message)
    }

    pub(crate) fn media_without_type(client: &str, kind: MediaKind) -> Self {
        let message = format!(
            "the MIME type of a base64 {} is not known, and client `{client}` must send it: give it beside the content",
            kind.name()
        );
        Self::new(ErrorKind::Media, message)
    }

    pub(crate) fn media_not_base64(client: &str, kind: MediaKind, fault: Base64Fault) -> Self {
        let message =
            format!("the {} for client `{client}` must have its content in base64, but {fault}", kind.name());
        Self::new(ErrorKind::Media, message)
    }

    pub(crate) fn media_empty(kind: MediaKind, url: &str) -> Self {
        Self::new(ErrorKind::Media, format!("the {} at {} is empty", kind.name(), shown_url(url)))
    }

    pub(crate) fn data_url_not_readable(client: &str, kind: MediaKind) -> Self {
        let message = format!(
            "the `data:` URL of the {} for client `{client}` has no content that can be read: it must be \
             `data:MIME-TYPE;base64,CONTENT`",
            kind.name()
        );
        Self::new(ErrorKind::Media, message)
    }

    pub(crate) fn media_url_without_type(client: &str, kind: MediaKind, url: &str) -> Self {
        let message = format!(
            "the MIME type of the {} at {} is not known, and client `{client}` must send it: give it beside the URL",
            kind.name(),
            shown_url(url)
        );
        Self::new(ErrorKind::Media, message)
    }

    pub(crate) fn media_not_fetchable(client: &str, kind: MediaKind, url: &str) -> Self {
        let message = format!(
            "client `{client}` must send the content of the {} at {}, but only http and https URLs can be \
             downloaded; to send the URL itself use `media_url_handler {{ {} \"send_url\" }}`",
            kind.name(),
            shown_url(url),
            kind.name()
        );
        Self::new(ErrorKind::Media, message)
    }

    pub(crate) fn media_not_in_s3(client: &str, kind: MediaKind, url: &str) -> Self {
        let message = format!(
            "client `{client}` can send the URL of an object in S3 (s3://bucket/key) only, and the {} is at {}; to \
             send its content use `media_url_handler {{ {} \"send_base64\" }}`",
            kind.name(),
            shown_url(url),
            kind.name()
        );
        Self::new(ErrorKind::Media, message)
    }

    pub(crate) fn media_not_downloaded(client: &str, kind: MediaKind, url: &str) -> Self {
        let message = format!(
            "client `{client}` must send the content of the {} at {}, which was not downloaded",
            kind.name(),
            shown_url(url)
        );
        Self::new(ErrorKind::Media, message)
    }

    pub(crate) fn media_of_other_type(kind: MediaKind, given: &str, found: &str, url: &str) -> Self {
        let message = format!(
            "the {} at {} was given as `{given}`, but its content is `{found}`: correct the URL or the MIME type",
            kind.name(),
            shown_url(url)
        );
        Self::new(ErrorKind::Media, message)
    }
}

/// A URL for a message: without its query, which may be a signature, without user and password, and not longer than a
/// line.
#[must_use]
pub fn shown_url(url: &str) -> String {
    let bare = url.split(['?', '#']).next().unwrap_or(url);
    let (scheme, rest) = bare.split_once("://").unwrap_or(("", bare));
    // Browsers and this package read a backslash there as a slash.
    let (authority, path) = rest.split_at(rest.find(['/', '\\']).unwrap_or(rest.len()));
    let bare = match authority.rsplit_once('@') {
        Some((_, host)) if !scheme.is_empty() => format!("{scheme}://{host}{path}"),
        _ => bare.to_owned(),
    };
    match bare.char_indices().nth(100) {
        Some((end, _)) => format!("{}...", &bare[..end]),
        None => bare,
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
