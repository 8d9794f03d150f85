//! Looking ahead: whether a quote or a comma belongs to the text or ends it. Every look is bounded, so the scan
//! stays linear whatever the text.

use std::cell::Cell;

use super::{comment_or_space, end_of_line};

/// How far to look, in bytes. Beyond it, a key would be longer than any schema's.
const WINDOW: usize = 256;

/// Where quoted text stands.
#[derive(Clone, Copy)]
pub(super) enum Place {
    /// It is a key.
    Key,
    /// It is the value of a key.
    Value {
        /// A list is open further out.
        in_list: bool,
    },
    /// It is an item of a list.
    Item {
        /// An object is open further out.
        in_object: bool,
    },
}

impl Place {
    /// Whether a quote just before `after` ends the text.
    pub(super) fn ends_at(self, text: &str, after: usize, end_of_text: &Cell<bool>) -> bool {
        let window = Window::new(text, after, end_of_text);
        let at = window.skip(after);
        let Some(byte) = window.get(at) else { return true };
        match self {
            Self::Key => match byte {
                b':' | b',' | b'}' | b'[' | b'{' | b'-' | b'0'..=b'9' => true,
                b'"' => at > after,
                _ => false,
            },
            Self::Value { in_list } => match byte {
                b'}' => true,
                b']' => in_list,
                b',' => window.member_follows(at),
                b'"' | b'\'' | b'`' => window.quoted_key(at) == Some(true),
                b'\\' => window.escaped_key(at),
                byte if is_word(byte) => window.has_newline(after, at) && window.bare_key(at) == Some(true),
                _ => false,
            },
            Self::Item { in_object } => match byte {
                b']' | b'{' | b'[' => true,
                b'}' => in_object,
                b',' => window.item_follows(at),
                b'"' | b'\'' | b'`' => at > after || window.quoted_item(at),
                _ => false,
            },
        }
    }
}

/// Whether a bare value of an object ends at `at`, a comma or the space before something.
pub(super) fn bare_value_ends(text: &str, at: usize, end_of_text: &Cell<bool>) -> bool {
    let window = Window::new(text, at, end_of_text);
    match window.get(at) {
        Some(b',') => window.member_follows(at),
        Some(_) => {
            let next = window.skip_space(at);
            match window.get(next) {
                Some(b'"' | b'\'' | b'`') => window.quoted_key(next) == Some(true),
                Some(b'\\') => window.escaped_key(next),
                Some(b'/') => {
                    if next + 1 == text.len() {
                        end_of_text.set(true);
                    }
                    comment_or_space(text, next).is_some()
                }
                Some(byte) if is_word(byte) => {
                    window.has_newline(at, next) && window.bare_key(next) == Some(true)
                }
                _ => false,
            }
        }
        None => false,
    }
}

/// Where the colon stands behind a key whose closing quote is missing: words, a colon, and behind it what no key has.
pub(super) fn unclosed_key(text: &[u8]) -> Option<usize> {
    let colon = memchr::memchr(b':', text)?;
    let (key, rest) = (&text[..colon], &text[colon + 1..]);
    // Of an escaped quote the backslash may be left.
    let key = key.trim_ascii_end();
    let key = key.strip_suffix(b"\\").unwrap_or(key);
    let words = !key.is_empty() && key.iter().all(|byte| is_word(*byte) || matches!(byte, b' ' | b'-'));
    let goes_on = || memchr::memchr3(b'{', b'[', b'\n', rest).is_some() || has_next_key(rest);
    (words && goes_on()).then_some(colon)
}

/// Whether a comma, space and a quote stand there: another key begins.
fn has_next_key(text: &[u8]) -> bool {
    memchr::memchr_iter(b',', text).any(|at| {
        let next = text[at + 1..].trim_ascii_start();
        next.len() + at + 1 < text.len() && (next.starts_with(b"\"") || next.starts_with(b"\\\""))
    })
}

/// Whether the space that is written as escapes at `at` ends a bare value: a closer or a key follows.
pub(super) fn escaped_space_ends(text: &str, at: usize, end_of_text: &Cell<bool>) -> bool {
    let window = Window::new(text, at, end_of_text);
    let next = window.skip(at);
    next > at && (matches!(window.get(next), Some(b'}' | b']')) || window.escaped_key(next))
}

/// Whether a quoted key with its colon begins at `at`.
pub(super) fn is_quoted_key(text: &str, at: usize, end_of_text: &Cell<bool>) -> bool {
    Window::new(text, at, end_of_text).quoted_key(at) == Some(true)
}

/// Whether nothing but words in quotes and a colon behind them stand at `at`.
pub(super) fn is_plain_key(text: &str, at: usize, end_of_text: &Cell<bool>) -> bool {
    let window = Window::new(text, at, end_of_text);
    let Some(quote) = window.get(at) else { return false };
    let end = window.words_end(at + 1);
    end > at + 1 && window.get(end) == Some(quote) && window.get(window.skip_space(end + 1)) == Some(b':')
}

/// The bytes that may be looked at. What lies beyond them counts as the end of the text.
struct Window<'t> {
    text: &'t str,
    end: usize,
    /// Set when the real end of the text plays a part in an answer.
    end_of_text: &'t Cell<bool>,
}

impl<'t> Window<'t> {
    fn new(text: &'t str, from: usize, end_of_text: &'t Cell<bool>) -> Self {
        Self { text, end: text.len().min(from + WINDOW), end_of_text }
    }

    fn get(&self, at: usize) -> Option<u8> {
        if at < self.end {
            return self.text.as_bytes().get(at).copied();
        }
        self.ran_out();
        None
    }

    /// The window has ended; if the text ends there as well, more of it may change the answer.
    fn ran_out(&self) {
        if self.end == self.text.len() {
            self.end_of_text.set(true);
        }
    }

    fn skip_space(&self, mut at: usize) -> usize {
        while self.get(at).is_some_and(|byte| byte.is_ascii_whitespace()) {
            at += 1;
        }
        at
    }

    /// Behind the space and comments at `at`.
    fn skip(&self, mut at: usize) -> usize {
        loop {
            at = self.skip_space(at);
            let is_line = match (self.get(at), self.get(at + 1)) {
                (Some(b'/'), Some(b'/')) => true,
                (Some(b'/'), Some(b'*')) => false,
                (Some(b'#'), Some(next)) if next.is_ascii_whitespace() => true,
                (Some(b'\\'), Some(b'n' | b'r' | b't')) => {
                    at += 2;
                    continue;
                }
                _ => return at,
            };
            let rest = &self.text.as_bytes()[at + 1..self.end];
            let found =
                if is_line { end_of_line(rest) } else { memchr::memmem::find(rest, b"*/").map(|at| at + 2) };
            let Some(found) = found else {
                self.ran_out();
                return self.end;
            };
            at += 1 + found;
        }
    }

    fn has_newline(&self, from: usize, to: usize) -> bool {
        self.text.as_bytes()[from..to].contains(&b'\n')
    }

    /// Whether the comma at `at` is followed by another member of an object, or by the object's end.
    fn member_follows(&self, at: usize) -> bool {
        let mut at = at;
        while self.get(at) == Some(b',') {
            at = self.skip(at + 1);
        }
        match self.get(at) {
            None | Some(b'}' | b']' | b'{' | b'[') => true,
            Some(b'"' | b'\'' | b'`') => self.quoted_key(at).is_some(),
            Some(b'\\') => self.get(at + 1).is_none_or(|byte| byte == b'"'),
            Some(b'/' | b'#') => self.get(at + 1).is_none(),
            Some(_) => self.bare_key(at).is_some(),
        }
    }

    /// Whether the comma at `at` is followed by another item of a list, or by the list's end.
    fn item_follows(&self, at: usize) -> bool {
        let mut at = at;
        while self.get(at) == Some(b',') {
            at = self.skip(at + 1);
        }
        match self.get(at) {
            None | Some(b'}' | b']' | b'{' | b'[' | b'"' | b'\'' | b'`' | b'-' | b'0'..=b'9' | b'\\') => true,
            Some(_) => {
                let rest = &self.text.as_bytes()[at..self.end];
                let found = rest.iter().find(|byte| matches!(byte, b',' | b']' | b'"'));
                if found.is_none() {
                    self.ran_out();
                }
                found != Some(&b'"')
            }
        }
    }

    /// Whether a quoted key begins at `at`: `Some(true)` with its colon, `Some(false)` without (the text ends,
    /// or the value is missing), `None` when this is no key.
    fn quoted_key(&self, at: usize) -> Option<bool> {
        let quote = self.get(at)?;
        let start = at;
        let mut at = at;
        while self.get(at) == Some(quote) {
            at += 1;
        }
        // A key may be empty.
        if at == start + 2 && self.get(self.skip_space(at)) == Some(b':') {
            return Some(true);
        }
        let from = at;
        let opened = from - start;
        loop {
            match self.get(at) {
                None if unclosed_key(&self.text.as_bytes()[from.min(self.end)..self.end]).is_some() => {
                    return Some(true);
                }
                None => {
                    let only_closers = self.text.as_bytes()[from..self.end]
                        .iter()
                        .all(|byte| matches!(byte, b'}' | b']' | b' ' | b'\n'));
                    return if only_closers && from < self.end { None } else { Some(false) };
                }
                Some(b'\\') => at += 2,
                Some(byte) if byte == quote => break,
                Some(_) => at += 1,
            }
        }
        let closed = at;
        while self.get(at) == Some(quote) {
            at += 1;
        }
        let next = self.skip_space(at);
        match self.get(next) {
            Some(b':') => Some(true),
            // One of the quotes ends the text that the others stand in.
            Some(b',' | b'}') if at - closed > opened => None,
            None | Some(b',' | b'}') => Some(false),
            // The colon is missing.
            Some(b'[' | b'{' | b'-' | b'0'..=b'9') if self.is_words(from, at) => Some(false),
            Some(b'"') if next > at && self.is_words(from, at) => Some(false),
            Some(_) => unclosed_key(&self.text.as_bytes()[from..at]).map(|_| true),
        }
    }

    /// Whether a quoted item begins at `at` that another one follows, or the end of the list.
    fn quoted_item(&self, at: usize) -> bool {
        let Some(quote) = self.get(at) else { return false };
        let mut end = at + 1;
        while self.get(end).is_some_and(|byte| byte != quote) {
            end += 1;
        }
        end > at + 1 && matches!(self.get(self.skip_space(end + 1)), Some(b',' | b']'))
    }

    /// Whether a key in escaped quotes begins at `at`, with its colon.
    fn escaped_key(&self, at: usize) -> bool {
        if self.get(at) != Some(b'\\') || self.get(at + 1) != Some(b'"') {
            return false;
        }
        let at = self.words_end(at + 2);
        self.get(at) == Some(b'\\')
            && self.get(at + 1) == Some(b'"')
            && self.get(self.skip_space(at + 2)) == Some(b':')
    }

    /// Behind the words at `at`.
    fn words_end(&self, mut at: usize) -> usize {
        while self.get(at).is_some_and(|byte| is_word(byte) || matches!(byte, b' ' | b'-')) {
            at += 1;
        }
        at
    }

    /// Whether nothing but words stands there, with quotes behind them.
    fn is_words(&self, from: usize, to: usize) -> bool {
        let text = self.text.as_bytes()[from..to].trim_ascii_end();
        !text.is_empty()
            && text.iter().all(|byte| is_word(*byte) || matches!(byte, b' ' | b'-' | b'"' | b'\'' | b'`'))
    }

    /// Whether a key without quotes begins at `at`; the answers are those of [`Self::quoted_key`].
    fn bare_key(&self, at: usize) -> Option<bool> {
        match self.get(at) {
            Some(byte) if byte.is_ascii_digit() => return Some(true).filter(|_| self.numbered_key(at)),
            Some(byte) if is_word(byte) => {}
            _ => return None,
        }
        let mut at = at;
        loop {
            match self.get(at) {
                None => return Some(false),
                Some(b':') => return Some(self.get(at + 1) != Some(b'/')).filter(|colon| *colon),
                // The quote that should have opened the key is missing.
                Some(b'"' | b'\'') => {
                    return Some(true).filter(|_| self.get(self.skip_space(at + 1)) == Some(b':'));
                }
                Some(byte) if is_word(byte) || matches!(byte, b' ' | b'-' | b'.' | b'$') => at += 1,
                Some(_) => return None,
            }
        }
    }
}

impl Window<'_> {
    /// Whether a key that begins with a digit stands at `at`, as in `{1: a, 2nd: b}`: one word, and space or a quote
    /// behind its colon, which a time of day does not have.
    fn numbered_key(&self, mut at: usize) -> bool {
        while self.get(at).is_some_and(|byte| is_word(byte) || matches!(byte, b'-' | b'.')) {
            at += 1;
        }
        self.get(at) == Some(b':')
            && self.get(at + 1).is_some_and(|byte| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\''))
    }
}

/// Letters, digits, underscores, and every byte of what is not ASCII.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}
