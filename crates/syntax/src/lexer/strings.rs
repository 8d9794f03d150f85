//! `"…"`, `#"…"#` and `{{ … }}`.

use super::escape::with_unix_line_ends;
use super::normalise::normalise;
use super::trivia::line_length;
use super::{Lexer, run};
use crate::ast::Text;
use crate::{Span, messages};

/// How far after a first `}}` that closes a map literal, or stands in a string, the end of an expression is
/// looked for, in bytes.
const LONGEST_BRACES: usize = 1_000;

/// A quoted string.
pub(crate) struct Quoted {
    pub(crate) text: Text,
    /// With its quotes.
    pub(crate) span: Span,
    /// Whether its closing quote was found; if not, that was reported.
    pub(crate) closed: bool,
}

/// Whether a quoted string may go on over the end of a line. If it must not but does, that is reported, and the
/// string is taken as meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lines {
    One,
    Many,
}

impl Lexer<'_> {
    /// Takes the string whose opening quote is the peeked token. One that is never closed is reported and ends
    /// with its line.
    pub(crate) fn quoted(&mut self, lines: Lines) -> Quoted {
        let opening = self.peek();
        let start = opening.end;
        let (close, line_end) = match quote_or_line_end(self.rest(start)) {
            QuotedEnd::Quote(length) => (Some(start + length), start + length),
            QuotedEnd::Line(length) => (self.quote_on_later_line(start), start + length),
        };
        if lines == Lines::One && close.is_some_and(|close| close > line_end) {
            self.report(messages::string_over_lines(self.span(opening.start, line_end)));
        }
        let end = close.unwrap_or_else(|| {
            let end = start + self.slice(start, line_end).trim_end().len();
            self.report(messages::unclosed_string(self.span(opening.start, end)));
            end
        });
        let text = self.unescape(start, end);
        let after = if close.is_some() { end + 1 } else { end };
        self.move_to(after);
        let text = Text { text, content: self.span(start, end) };
        Quoted { text, span: self.span(opening.start, after), closed: close.is_some() }
    }

    fn quote_on_later_line(&mut self, start: usize) -> Option<usize> {
        if start < self.single_line_until {
            return None;
        }
        let close = closing_quote(self.rest(start)).map(|length| start + length);
        if close.is_some_and(|close| self.value_ends_after(close + 1)) {
            return close;
        }
        // Strings that begin inside the stretch just searched must not search it again.
        self.single_line_until = close.unwrap_or(self.text.len());
        None
    }

    /// Takes the raw string whose opening quote is the peeked token. One that is never closed is reported and
    /// ends before the next line that starts a block, so that the blocks after it are still read.
    pub(crate) fn raw(&mut self) -> (Text, Span) {
        let opening = self.peek();
        let hashes = opening.end - opening.start - 1;
        let start = opening.end;
        let close = if hashes < self.unclosed_hashes { self.closing_raw_quote(start, hashes) } else { None };
        let (end, after) = close.map_or_else(
            || {
                self.unclosed_hashes = self.unclosed_hashes.min(hashes);
                self.report(messages::unclosed_raw_string(self.span(opening.start, opening.end), hashes));
                let end = self.next_block(start);
                self.swallowed_until = end;
                (end, end)
            },
            |close| (close, close + 1 + hashes),
        );
        self.move_to(after);
        let text = normalise(self.slice(start, end));
        (Text { text, content: self.span(start, end) }, self.span(opening.start, after))
    }

    /// Takes the expression `{{ … }}` that starts at the peeked token, and gives what is between the braces,
    /// trimmed. `None` (and a report) when it is not closed before the next block.
    pub(crate) fn expression(&mut self) -> Option<(Text, Span)> {
        let opening = self.peek();
        let start = opening.start + "{{".len();
        let Some(end) = self.closing_expression(start) else {
            let line_end = opening.start + line_length(self.rest(opening.start));
            self.report(messages::unclosed_expression(self.span(opening.start, start)));
            self.move_to(line_end);
            return None;
        };
        let after = end + "}}".len();
        self.move_to(after);
        let text = with_unix_line_ends(self.slice(start, end).trim());
        Some((Text { text, content: self.span(start, end) }, self.span(opening.start, after)))
    }

    fn closing_expression(&mut self, start: usize) -> Option<usize> {
        let within = self.rest(start);
        let within = if start < self.single_line_expression_until {
            self.slice(start, start + line_length(within))
        } else {
            within
        };
        let found = within.find("}}").map(|length| start + length);
        let searched = found.unwrap_or(start + within.len());
        let block = self.next_block_before(start, searched);
        let Some(first) = found.filter(|_| block.is_none()) else {
            // Expressions that begin inside the stretch just searched must not search it again.
            self.single_line_expression_until =
                self.single_line_expression_until.max(block.unwrap_or(searched));
            return None;
        };
        if !self.slice(start, first).contains(['"', '\'', '{']) {
            return Some(first);
        }
        let window = self.rest(start).get(..first - start + LONGEST_BRACES).unwrap_or(self.rest(start));
        Some(closing_braces(window).map_or(first, |length| start + length))
    }

    /// Where the raw string that starts at `start` ends: at the first quote with enough hashes after it.
    fn closing_raw_quote(&self, start: usize, hashes: usize) -> Option<usize> {
        let mut at = start;
        loop {
            let quote = at + self.rest(at).find('"')?;
            let found = run(self.rest(quote + 1), |character| character == '#');
            if found >= hashes {
                return Some(quote);
            }
            at = quote + 1 + found;
        }
    }

    /// Whether what stands after a string that spans lines can follow a value: then its quotes do belong
    /// together, and the second is not the opening quote of another string.
    fn value_ends_after(&self, place: usize) -> bool {
        let rest = self.rest(place).trim_start_matches([' ', '\t', '\r']);
        rest.is_empty() || rest.starts_with(['\n', ',', ']', ')', '}', '@']) || rest.starts_with("//")
    }

    /// The start of the next line, after the one of `start`, that opens a top-level block; or the end of the
    /// file.
    fn next_block(&self, start: usize) -> usize {
        self.next_block_before(start, self.text.len()).unwrap_or(self.text.len())
    }

    fn next_block_before(&self, start: usize, limit: usize) -> Option<usize> {
        let mut at = start;
        loop {
            at += line_length(self.slice(at, limit)) + 1;
            if at >= limit {
                return None;
            }
            if self.opens_block(at) {
                return Some(at);
            }
        }
    }
}

/// What comes first after an opening quote.
enum QuotedEnd {
    Quote(usize),
    Line(usize),
}

fn quote_or_line_end(text: &str) -> QuotedEnd {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'\n' => return QuotedEnd::Line(at),
            b'"' if !escaped => return QuotedEnd::Quote(at),
            _ => escaped = !escaped && byte == b'\\',
        }
    }
    QuotedEnd::Line(text.len())
}

/// Where the first quote without a backslash before it is, on whatever line.
fn closing_quote(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.bytes().position(|byte| {
        let closes = !escaped && byte == b'"';
        escaped = !escaped && byte == b'\\';
        closes
    })
}

/// Where the `}}` is that ends a Jinja expression: not one inside its strings, nor the end of a map literal.
/// `None` when its braces or quotes do not balance. It ends on the line of its first `}}`.
fn closing_braces(text: &str) -> Option<usize> {
    let first = text.find("}}")?;
    let text = text.get(..first + line_length(text.get(first..)?))?;
    let bytes = text.as_bytes();
    let (mut at, mut open) = (0, 0_usize);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' | b'\'' => at += closing_jinja_quote(bytes.get(at + 1..)?, byte)? + 1,
            b'{' => open += 1,
            b'}' if open > 0 => open -= 1,
            b'}' if bytes.get(at + 1) == Some(&b'}') => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

fn closing_jinja_quote(bytes: &[u8], quote: u8) -> Option<usize> {
    let mut escaped = false;
    bytes.iter().position(|&byte| {
        let closes = !escaped && byte == quote;
        escaped = !escaped && byte == b'\\';
        closes
    })
}
