//! The elements of a JSON array as they come: how Google streams when it was not asked for events.

use crate::sse::{EventTooLarge, LARGEST_EVENT_BYTES};

/// Cuts a JSON array into its elements. It knows strings and brackets only: what an element says is for others to
/// read. The same bytes give the same elements wherever they are cut, and every byte is looked at once.
#[derive(Debug, Default)]
pub(super) struct Elements {
    /// The element under way.
    element: Vec<u8>,
    /// How many brackets are open, that of the array itself included.
    depth: usize,
    in_string: bool,
    after_backslash: bool,
}

impl Elements {
    /// Takes the next bytes and appends the elements that they complete.
    ///
    /// # Errors
    /// An element larger than an event of a stream may be.
    pub(super) fn push(&mut self, bytes: &[u8], elements: &mut Vec<String>) -> Result<(), EventTooLarge> {
        for &byte in bytes {
            // A number or a word ends where something else begins, a bracket where it is closed.
            if self.depth == 1 && !self.in_string && is_between(byte) {
                self.end(elements);
            } else if self.depth > 0 {
                if self.element.len() >= LARGEST_EVENT_BYTES {
                    return Err(EventTooLarge { limit: LARGEST_EVENT_BYTES });
                }
                self.element.push(byte);
            }
            self.note(byte);
            if self.depth == 1 && !self.in_string && matches!(byte, b'}' | b']') {
                self.end(elements);
            }
        }
        Ok(())
    }

    /// What the end of the body cut off.
    pub(super) fn into_unfinished(self) -> Option<String> {
        (!self.element.is_empty()).then(|| String::from_utf8_lossy(&self.element).into_owned())
    }

    fn end(&mut self, elements: &mut Vec<String>) {
        if !self.element.is_empty() {
            elements.push(String::from_utf8_lossy(&self.element).into_owned());
            self.element.clear();
        }
    }

    fn note(&mut self, byte: u8) {
        if self.in_string {
            let escaped = std::mem::take(&mut self.after_backslash);
            match byte {
                b'\\' => self.after_backslash = !escaped,
                b'"' => self.in_string = escaped,
                _ => {}
            }
            return;
        }
        match byte {
            b'"' => self.in_string = self.depth > 0,
            b'[' | b'{' => self.depth = self.depth.saturating_add(1),
            b']' | b'}' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }
}

fn is_between(byte: u8) -> bool {
    matches!(byte, b',' | b']') || byte.is_ascii_whitespace()
}
