//! Text without quotes: numbers, words, unquoted keys and values.

use super::Reader;
use super::ahead::{bare_value_ends, escaped_space_ends};
use super::resume::Progress;
use crate::document::{Kind, NodeId};

impl Reader<'_, '_> {
    /// Reads a value without quotes and moves to what ended it.
    pub(super) fn bare(&mut self) -> NodeId {
        let start = self.state.position;
        let in_list = self.state.stack.last().is_some_and(|frame| frame.list);
        let bytes = self.text.as_bytes();
        let mut at = self.state.progress_of(start).at;
        let ended = loop {
            let Some(byte) = bytes.get(at) else {
                self.state.keep_progress(Progress { from: start, at, escapes: false });
                self.state.touch();
                break false;
            };
            if at.is_multiple_of(64) {
                self.state.keep_progress(Progress { from: start, at, escapes: false });
            }
            let ends = match byte {
                b'}' => !in_list || self.state.open_objects > 0,
                b']' => in_list || self.state.open_lists > 0,
                b',' => in_list || bare_value_ends(self.text, at, self.state.end_of_text()),
                b'`' => self.state.reach.is_some() && self.state.sees(self.text, at, b"```"),
                b'{' | b'[' if in_list && is_number(self.text[start..at].trim_end()) => true,
                b'{' => in_list && at > start && self.object_begins(at),
                b'\\' if at > start => escaped_space_ends(self.text, at, self.state.end_of_text()),
                // A number is over where a key begins: only the comma is missing.
                b'"' => !in_list && is_number(&self.text[start..at]) && self.key_begins(at),
                byte if byte.is_ascii_whitespace() => {
                    let starts_run = !bytes[at - usize::from(at > start)].is_ascii_whitespace();
                    !in_list && starts_run && bare_value_ends(self.text, at, self.state.end_of_text())
                }
                _ => false,
            };
            if ends && at > start {
                break true;
            }
            at += 1;
        };
        self.state.position = at;
        let mut text = self.text[start..at].trim_end();
        // A comment behind the comma does not make it a part of the value.
        if ended && !in_list && text.len() > 1 {
            text = text.trim_end_matches(',');
        }
        scalar(self.document, start..start + text.len(), ended)
    }

    /// Reads a key without quotes. `None` when there is none, with the position moved on.
    pub(super) fn bare_key(&mut self) -> Option<NodeId> {
        let start = self.state.position;
        let bytes = self.text.as_bytes();
        let mut at = self.state.progress_of(start).at;
        loop {
            let Some(byte) = bytes.get(at) else {
                self.state.keep_progress(Progress { from: start, at, escapes: false });
                self.state.touch();
                break;
            };
            match byte {
                b':' => break,
                b',' | b'}' => {
                    self.state.position = at;
                    return None;
                }
                b'{' if self.object_begins(at) => {
                    self.state.position = at;
                    return None;
                }
                _ => at += 1,
            }
        }
        self.state.position = at;
        let text = self.text[start..at].trim_end().trim_end_matches(['"', '\'']);
        Some(self.document.slice(Kind::Key, start..start + text.len(), true))
    }

    /// Whether a quoted key with its colon begins at `at`.
    fn key_begins(&self, at: usize) -> bool {
        bare_value_ends(self.text, at, self.state.end_of_text())
    }

    /// Whether the `{` at `at` is followed by a quote, as the first key of an object would be.
    fn object_begins(&self, at: usize) -> bool {
        let after = &self.text.as_bytes()[at + 1..];
        let near = &after[..after.len().min(64)];
        let next = near.iter().find(|byte| !byte.is_ascii_whitespace());
        if next.is_none() && after.len() < 64 {
            self.state.touch();
        }
        next.is_some_and(|byte| matches!(byte, b'"' | b'\''))
    }
}

/// Adds the scalar that stands in `span`, trimmed, without quotes. A `true`, `false` or `null` is complete even
/// if the text ends behind it.
pub(crate) fn scalar(
    document: &mut crate::document::Document<'_>,
    span: std::ops::Range<usize>,
    ended: bool,
) -> NodeId {
    let kind = scalar_text(&document.source()[span.clone()]);
    document.slice(kind, span, ended || matches!(kind, Kind::True | Kind::False | Kind::Null))
}

/// What a text without quotes is.
pub(crate) fn scalar_text(text: &str) -> Kind {
    match text {
        "true" => Kind::True,
        "false" => Kind::False,
        "null" => Kind::Null,
        text if is_number(text) => Kind::Number,
        _ => Kind::Bare,
    }
}

/// Whether the text is a number as JSON writes it, or nearly: `05`, `.5`, `5.` and `+5` are too.
pub(crate) fn is_number(text: &str) -> bool {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    let whole = digits(text);
    let mut rest = &text[whole..];
    let mut fraction = 0;
    if let Some(after) = rest.strip_prefix('.') {
        fraction = digits(after);
        rest = &after[fraction..];
    }
    if whole + fraction == 0 {
        return false;
    }
    if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
        let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        return !exponent.is_empty() && digits(exponent) == exponent.len();
    }
    rest.is_empty()
}
