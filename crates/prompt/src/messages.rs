//! Rendered text and its markers to the messages of a prompt.

use std::sync::Arc;

use types::{Content, Message, Metadata, Part, Prompt};

use crate::ClientView;
use crate::marker::{Marker, Markers, is_candidate};

/// Splits rendered text at its markers. Text is trimmed and blank text dropped, except that a prompt without any
/// marker is one message with exactly its text.
pub(crate) fn split(text: &str, markers: &Markers, client: &ClientView) -> Prompt {
    let mut builder = Builder::new(client);
    if markers.is_empty() {
        builder.push(Content::Text(text.to_owned()));
        return builder.finish();
    }
    let mut start = 0;
    for (position, character) in text.char_indices().filter(|(_, character)| is_candidate(*character)) {
        let Some(marker) = markers.find(character) else { continue };
        builder.push_text(&text[start..position]);
        start = position + character.len_utf8();
        match marker {
            Marker::Role(role) => builder.turn(&role.name, role.separate, role.metadata.clone()),
            Marker::Media(media) => builder.push(Content::Media(Arc::clone(media))),
        }
    }
    builder.push_text(&text[start..]);
    builder.finish()
}

struct Builder<'a> {
    client: &'a ClientView,
    messages: Vec<Message>,
    role: &'a str,
    metadata: Option<Arc<Metadata>>,
    /// The next part starts a message of its own.
    separate: bool,
}

impl<'a> Builder<'a> {
    fn new(client: &'a ClientView) -> Self {
        let role = on_the_wire(client, &client.default_role);
        Self { client, messages: Vec::new(), role, metadata: None, separate: false }
    }

    fn turn(&mut self, role: &str, separate: bool, metadata: Option<Arc<Metadata>>) {
        let allowed = self.client.allowed_roles.iter().find(|allowed| *allowed == role);
        self.role = on_the_wire(self.client, allowed.unwrap_or(&self.client.default_role));
        self.separate = separate;
        self.metadata = metadata;
    }

    fn push_text(&mut self, text: &str) {
        let text = text.trim();
        if !text.is_empty() {
            self.push(Content::Text(text.to_owned()));
        }
    }

    fn push(&mut self, content: Content) {
        let part = Part { content, metadata: self.metadata.clone() };
        match self.messages.last_mut() {
            Some(last) if last.role == self.role && !self.separate => last.parts.push(part),
            _ => self.messages.push(Message { role: self.role.to_owned(), parts: vec![part] }),
        }
        self.separate = false;
    }

    fn finish(self) -> Prompt {
        Prompt { messages: self.messages }
    }
}

/// What the client calls an allowed role.
fn on_the_wire<'a>(client: &'a ClientView, role: &'a String) -> &'a str {
    client.remap_roles.get(role).unwrap_or(role)
}
