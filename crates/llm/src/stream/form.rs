//! Whether a body is a stream, and of which kind. Gateways answer a streamed request with a whole answer, or with
//! an error under status 200, and label either as the other: the first character that means something decides, and
//! the label only where that one does not.

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A body of which nothing has come but white space, which means nothing in either form.
#[derive(Debug)]
pub(super) struct Opening {
    label: Kind,
    /// How many bytes of a byte order mark came.
    mark: usize,
}

/// What a body is, as far as its beginning tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Server-sent events.
    Events,
    /// The binary messages of Amazon's event streams.
    Messages,
    /// A JSON array.
    Array,
    /// Another document.
    Other,
}

/// Where the body begins.
pub(super) struct Start<'a> {
    pub(super) kind: Kind,
    /// Bytes that came before and turned out to mean something.
    pub(super) withheld: &'static [u8],
    /// The bytes from there on.
    pub(super) rest: &'a [u8],
}

impl Opening {
    pub(super) fn new(media_type: Option<&str>) -> Self {
        let essence = media_type.map(|media_type| media_type.split(';').next().unwrap_or(media_type).trim());
        let label = match essence {
            None => Kind::Events,
            Some(name) if name.eq_ignore_ascii_case("text/event-stream") => Kind::Events,
            Some(name) if name.eq_ignore_ascii_case("application/vnd.amazon.eventstream") => Kind::Messages,
            Some(_) => Kind::Other,
        };
        Self { label, mark: 0 }
    }

    /// Where the body begins, if it does in these bytes.
    pub(super) fn read<'a>(&mut self, bytes: &'a [u8]) -> Option<Start<'a>> {
        let mut rest = bytes;
        while let [first, others @ ..] = rest {
            if BYTE_ORDER_MARK.get(self.mark) == Some(first) {
                self.mark += 1;
            } else if self.has_half_a_mark() || !first.is_ascii_whitespace() {
                let withheld = if self.has_half_a_mark() { &BYTE_ORDER_MARK[..self.mark] } else { &[] };
                return Some(Start { kind: self.kind(*first), withheld, rest });
            }
            rest = others;
        }
        None
    }

    fn has_half_a_mark(&self) -> bool {
        0 < self.mark && self.mark < BYTE_ORDER_MARK.len()
    }

    fn kind(&self, first: u8) -> Kind {
        match first {
            b'[' => Kind::Array,
            // JSON and HTML.
            b'{' | b'"' | b'<' => Kind::Other,
            // A comment, or the first letter of `data`, `event`, `id` or `retry`.
            b':' | b'd' | b'e' | b'i' | b'r' => Kind::Events,
            // The length of a message of less than 16 megabytes.
            0 => Kind::Messages,
            _ => self.label,
        }
    }
}
