//! Text between quotes. A quote inside the text need not be escaped: what follows it tells whether it ends
//! the text.

use super::Reader;
use super::ahead::{Place, is_quoted_key, unclosed_key};
use super::resume::Progress;
use crate::document::{Kind, NodeId};

/// `”`.
const CURLY_END: &[u8] = "\u{201D}".as_bytes();

/// How far to look for the colon of a key that has no closing quote.
const LONGEST_KEY: usize = 256;

/// A line that may close a fence.
const FENCE: &[u8] = b"\n```";

/// A quoting style.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quote {
    /// `"`, `'` or a backtick.
    Single(u8),
    /// The same three times: no escapes inside.
    Triple(u8),
    /// `\"`, where a whole answer was escaped once too often.
    Escaped,
    /// `“` and `”`, which a text editor made of `"`.
    Curly,
}

impl Quote {
    fn len(self) -> usize {
        match self {
            Self::Single(_) => 1,
            Self::Triple(_) | Self::Curly => 3,
            Self::Escaped => 2,
        }
    }
}

impl Reader<'_, '_> {
    /// The quote at the current position.
    pub(super) fn quote_here(&self) -> Option<Quote> {
        let rest = self.text.as_bytes().get(self.state.position..)?;
        if matches!(rest, [b'"' | b'\'' | b'\\'] | [b'"', b'"'] | [b'\'', b'\'']) {
            self.state.touch();
        }
        match *rest {
            [first @ (b'"' | b'\''), second, third, ..] if first == second && first == third => {
                Some(Quote::Triple(first))
            }
            [first @ (b'"' | b'\'' | b'`'), ..] => Some(Quote::Single(first)),
            [b'\\', b'"', ..] => Some(Quote::Escaped),
            // The end of a curly quote is what tells it from others; the beginning is the same.
            [0xE2, 0x80, 0x9C, ..] => Some(Quote::Curly),
            _ => None,
        }
    }

    /// Reads quoted text and moves behind it.
    pub(super) fn quoted(&mut self, quote: Quote, kind: Kind) -> NodeId {
        let start = self.state.position;
        let from = start + quote.len();
        let (mut to, escapes, mut ended) = self.closing_quote(from, quote, kind == Kind::Key);
        if kind == Kind::Key
            && self.has_quote_inside(from..to, quote)
            && let Some(colon) = unclosed_key(&self.text.as_bytes()[from..to.min(from + LONGEST_KEY)])
        {
            (to, ended) = (from + colon, false);
        }
        self.state.position = if ended { to + quote.len() } else { to };
        let text = &self.text[from..to];
        let text = match quote {
            Quote::Escaped if kind == Kind::Key => text.trim_end().trim_end_matches('\\'),
            // The first of the closing quotes have come.
            Quote::Triple(byte) if !ended => text.trim_end_matches(char::from(byte)),
            _ => text,
        };
        let to = from + text.len();
        match quote {
            Quote::Triple(_) => {
                let inner = from + (text.len() - text.trim_start_matches(['\r', '\n']).len());
                if inner == from && !text.contains('\n') {
                    return self.document.slice(kind, from..to, ended);
                }
                self.document.decoded(kind, start..self.state.position, ended, |out| dedent(text, out))
            }
            _ if escapes => self.document.decoded(kind, start..self.state.position, ended, |out| {
                if quote == Quote::Escaped {
                    let mut once = String::with_capacity(text.len());
                    decode(text, &mut once);
                    decode(&once, out);
                } else {
                    decode(text, out);
                }
            }),
            _ => self.document.slice(kind, from..to, ended),
        }
    }

    /// Whether the quotes around a text stand in it, too.
    fn has_quote_inside(&self, text: std::ops::Range<usize>, quote: Quote) -> bool {
        let bytes = self.text.as_bytes();
        match quote {
            Quote::Single(quote) => memchr::memchr_iter(quote, &bytes[text.clone()])
                .any(|at| at == 0 || bytes[text.start + at - 1] != b'\\'),
            Quote::Escaped => memchr::memmem::find(&bytes[text], b"\\\"").is_some(),
            Quote::Triple(_) | Quote::Curly => false,
        }
    }

    /// Where the text that began at `from` ends, whether it holds a backslash, and whether its closing quote
    /// was seen.
    fn closing_quote(&mut self, from: usize, quote: Quote, key: bool) -> (usize, bool, bool) {
        let bytes = self.text.as_bytes();
        let Progress { mut at, mut escapes, .. } = self.state.progress_of(from);
        let byte = match quote {
            Quote::Single(byte) | Quote::Triple(byte) => byte,
            Quote::Escaped => b'"',
            Quote::Curly => CURLY_END[0],
        };
        while let Some(found) = memchr::memchr2(byte, b'\\', &bytes[at.min(bytes.len())..]) {
            at += found;
            self.state.keep_progress(Progress { from, at, escapes });
            if let Some(reach) = self.state.reach
                && at - from > reach
                && at > self.next_fence(from).saturating_add(reach)
            {
                return (self.unterminated(from), escapes, false);
            }
            match quote {
                Quote::Escaped if self.state.sees(self.text, at, b"\\\"") => {
                    if self.closes(at + 2, key) {
                        return (at, escapes, true);
                    }
                    at += 2;
                }
                Quote::Triple(byte) => {
                    if self.state.sees(self.text, at, &[byte, byte, byte])
                        && (!self.state.sees(self.text, at + 3, &[byte])
                            || is_quoted_key(self.text, at + 3, self.state.end_of_text()))
                    {
                        return (at, false, true);
                    }
                    at += 1;
                }
                Quote::Curly if bytes[at] != b'\\' => {
                    if bytes[at..].starts_with(CURLY_END) && self.closes(at + CURLY_END.len(), key) {
                        return (at, escapes, true);
                    }
                    at += 1;
                }
                _ if bytes[at] == b'\\' => {
                    escapes = true;
                    let doubled = quote == Quote::Escaped && self.state.sees(self.text, at, b"\\\\\\\"");
                    at += if doubled { 4 } else { 2 };
                }
                _ => {
                    if quote != Quote::Escaped && self.closes(at + 1, key) {
                        return (at, escapes, true);
                    }
                    at += 1;
                }
            }
        }
        if at <= bytes.len() {
            self.state.keep_progress(Progress { from, at: bytes.len(), escapes });
        }
        self.state.touch();
        (self.unterminated(from), escapes, false)
    }

    /// Where text without a closing quote ends: with the text, or with the fence around it.
    fn unterminated(&mut self, from: usize) -> usize {
        let from = from.min(self.text.len());
        if self.state.reach.is_none() {
            return self.text.len();
        }
        self.state.looked_through += self.text.len() - from;
        let end = self.next_fence(from);
        self.state.cut |= end < self.text.len();
        end
    }

    /// Where the first line after `from` that may close the fence begins.
    fn next_fence(&mut self, from: usize) -> usize {
        if let Some(known) = self.state.fence_end.filter(|known| *known >= from) {
            return known;
        }
        let start = from.max(self.state.fence_searched.saturating_sub(FENCE.len()));
        let found = memchr::memmem::find(&self.text.as_bytes()[start..], FENCE).map(|at| start + at);
        self.state.fence_end = found;
        self.state.fence_searched = found.unwrap_or(self.text.len());
        self.state.fence_searched
    }

    /// Whether a quote ends its text, judged by what comes after it.
    fn closes(&self, after: usize, key: bool) -> bool {
        if self.state.reach.is_some() && self.ends_fence(after) {
            return true;
        }
        let place = if key {
            Place::Key
        } else if self.state.stack.last().is_some_and(|frame| frame.list) {
            Place::Item { in_object: self.state.open_objects > 0 }
        } else {
            Place::Value { in_list: self.state.open_lists > 0 }
        };
        place.ends_at(self.text, after, self.state.end_of_text())
    }

    /// Whether the text goes on at `after` with a line that may close a fence.
    fn ends_fence(&self, after: usize) -> bool {
        let line = self.text[after..].trim_start_matches([' ', '\t', '\r']);
        let next = line.trim_start();
        if next.is_empty() {
            self.state.touch();
        }
        line.starts_with('\n') && self.state.sees(self.text, self.text.len() - next.len(), b"```")
    }
}

/// Appends `text` with its JSON escapes decoded. What is no escape stays as written; half of a surrogate pair
/// becomes U+FFFD.
pub(crate) fn decode(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let simple = match rest.as_bytes().get(1) {
            Some(b'n') => '\n',
            Some(b't') => '\t',
            Some(b'r') => '\r',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(byte @ (b'"' | b'\'' | b'`' | b'\\' | b'/')) => char::from(*byte),
            Some(b'u') => {
                if let Some((decoded, length)) = unicode_escape(rest.as_bytes()) {
                    out.push(decoded);
                    rest = &rest[length..];
                } else {
                    out.push_str("\\u");
                    rest = &rest[2..];
                }
                continue;
            }
            _ => {
                out.push('\\');
                rest = &rest[1..];
                continue;
            }
        };
        out.push(simple);
        rest = &rest[2..];
    }
    out.push_str(rest);
}

/// The character of the `\uXXXX` (or pair of them) that `bytes` begins with, and its length there.
fn unicode_escape(bytes: &[u8]) -> Option<(char, usize)> {
    let unit = |from: usize| {
        let digits = bytes.get(from..from + 6)?;
        if digits[..2] != *b"\\u" {
            return None;
        }
        digits[2..].iter().try_fold(0, |value, digit| Some(value * 16 + char::from(*digit).to_digit(16)?))
    };
    let high = unit(0)?;
    if (0xD800..0xDC00).contains(&high)
        && let Some(low @ 0xDC00..0xE000) = unit(6)
    {
        let code = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
        return Some((char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 12));
    }
    Some((char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER), 6))
}

/// Appends triple-quoted text of several lines without its common indentation, as the peer does.
fn dedent(text: &str, out: &mut String) {
    let text = text.trim_matches(['\r', '\n']);
    let indent = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start_matches([' ', '\t']).len())
        .min()
        .unwrap_or(0);
    let begin = out.len();
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            out.push('\n');
        }
        out.push_str(line.get(indent..).unwrap_or_default());
    }
    out.truncate(begin + out[begin..].trim_end().len());
}
