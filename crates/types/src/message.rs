//! Rendered prompts. Roles, media and text are separate values: no text can become a role or a media part.

use std::sync::Arc;

use crate::Media;

/// A rendered prompt.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prompt {
    /// The messages, in order.
    pub messages: Vec<Message>,
}

/// One message of a prompt.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// The role as the provider wants it: allowed, defaulted and remapped.
    pub role: String,
    /// Text and media in order; never empty.
    pub parts: Vec<Part>,
}

/// One part of a message.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// What the part says or shows.
    pub content: Content,
    /// What `_.role("user", key=value)` attached to the part's role, as written. A dialect sends only the
    /// keys that the client's `allowed_role_metadata` lets through.
    pub metadata: Option<Arc<Metadata>>,
}

/// Role metadata: keys and JSON values in the order written.
pub type Metadata = serde_json::Map<String, serde_json::Value>;

/// What a part says or shows.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Text.
    Text(String),
    /// Media.
    Media(Arc<Media>),
}
