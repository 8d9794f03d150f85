//! What the account tells of the writing: quotes, commas, colons, brackets, comments.

use super::walk::Walk;
use crate::document::{Document, Kind, NONE, NodeId};
use crate::leniency::Leniency;

impl Walk<'_, '_, '_, '_> {
    /// What stands between a key and its value.
    pub(super) fn colon(&mut self, key: NodeId, value: NodeId) {
        if Document::is_added(key) {
            return;
        }
        let (from, to) = (self.document().node(key).end as usize, self.document().node(value).start as usize);
        let between = self.document().source().get(from..to).unwrap_or_default();
        if !between.contains(['/', '#']) && between.matches(':').count() != 1 {
            self.note(Leniency::Colon, || "a colon was missing, or one too many".to_owned());
        }
    }

    /// What is wrong with the punctuation of an object or list.
    pub(super) fn container(&mut self, node: NodeId) {
        let holder = *self.document().node(node);
        if Document::is_added(node) {
            return;
        }
        if !holder.complete {
            let what = if holder.kind == Kind::List { "a list" } else { "an object" };
            self.note(Leniency::CutOff, || format!("{what} has no end"));
        }
        let source = self.document().source();
        let mut at = holder.start as usize + 1;
        let inside = source.get(at..).unwrap_or_default();
        if holder.kind == Kind::Object && inside.trim_start().starts_with('{') {
            self.note(Leniency::Braces, || "doubled braces were read as one".to_owned());
        }
        let mut child = holder.first;
        let mut wants = 0;
        let mut is_key = holder.kind == Kind::Object;
        while child != NONE {
            let Some(gap) = source.get(at..self.document().node(child).start as usize) else { return };
            self.gap(gap, wants);
            at = self.document().node(child).end as usize;
            wants = usize::from(!is_key);
            if holder.kind == Kind::Object {
                is_key = !is_key;
            } else {
                wants = 1;
            }
            child = self.document().node(child).next;
        }
        let Some(gap) = source.get(at..(holder.end as usize).max(at)) else { return };
        // Of what has no end, no more may be missing than that.
        if holder.complete || has_comment(gap) {
            self.gap(gap, 0);
        }
    }

    /// The text between two parts, where `commas` are wanted.
    fn gap(&mut self, gap: &str, commas: usize) {
        if has_comment(gap) {
            self.note(Leniency::Comment, || "a comment was left out".to_owned());
        } else if gap.bytes().filter(|byte| *byte == b',').count() != commas {
            self.note(Leniency::Comma, || "a comma is missing, or one too many".to_owned());
        }
    }

    /// Whether a text or key is written as JSON has it.
    pub(super) fn quotes(&mut self, node: NodeId) {
        let read = *self.document().node(node);
        if Document::is_added(node) || !matches!(read.kind, Kind::String | Kind::Bare | Kind::Key) {
            return;
        }
        match Writing::of(self.document().source(), read.start as usize, read.end as usize) {
            Writing::Other => {
                self.note(Leniency::Quotes, || "a key or text is not in double quotes".to_owned());
            }
            Writing::Quoted(_) if !read.complete => {
                self.note(Leniency::CutOff, || "a text has no end".to_owned());
            }
            Writing::Quoted(text) if !is_escaped(text) => self.note(Leniency::Quotes, || {
                "a quote, line break or backslash in a text is not written as JSON asks".to_owned()
            }),
            Writing::Quoted(_) => {}
        }
    }
}

fn has_comment(gap: &str) -> bool {
    gap.contains("//") || gap.contains("/*") || gap.contains("# ")
}

/// How a text stands in the source.
enum Writing<'t> {
    /// Between double quotes, one on each side: what stands between them.
    Quoted(&'t str),
    /// Without quotes, or between others.
    Other,
}

impl<'t> Writing<'t> {
    /// Of a text between `start` and `end`: that is with its quotes where it had escapes, and without where it had none.
    fn of(source: &'t str, start: usize, end: usize) -> Self {
        let bytes = source.as_bytes();
        let before = |count: usize| start.checked_sub(count).and_then(|at| bytes.get(at));
        let text = if before(1) == Some(&b'"') && !matches!(before(2), Some(b'"' | b'\\')) {
            source.get(start..end)
        } else if bytes.get(start) == Some(&b'"') && !bytes[start..].starts_with(b"\"\"\"") {
            source.get(start + 1..end).map(|text| text.strip_suffix('"').unwrap_or(text))
        } else {
            None
        };
        text.map_or(Self::Other, Self::Quoted)
    }
}

/// Whether JSON may have the text between quotes as it is.
fn is_escaped(text: &str) -> bool {
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = match (byte, after) {
            (b'\\', [b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', after @ ..]) => after,
            (b'\\', [b'u', one, two, three, four, after @ ..])
                if [one, two, three, four].into_iter().all(u8::is_ascii_hexdigit) =>
            {
                after
            }
            (b'\\' | b'"' | 0..0x20, _) => return false,
            _ => after,
        };
    }
    true
}
