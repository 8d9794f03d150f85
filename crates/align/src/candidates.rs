//! Where in the text the value may be: the whole of it, Markdown fences, objects and lists in prose, and at
//! last the text itself. One forward scan finds them all.

use crate::document::{Document, Kind, NONE, NodeId};
use crate::reader::{Reader, decode, is_number, scalar};

/// One place in the text where the value may be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    /// What was read there.
    pub(crate) node: NodeId,
    /// It stands in a Markdown fence, which beats what stands outside.
    pub(crate) fenced: bool,
    /// It stands in a model's thinking, which is used only if nothing else fits.
    pub(crate) draft: bool,
}

/// Everything the text offers.
#[derive(Debug)]
pub(crate) struct Candidates {
    /// What was read, in the order of the text.
    pub(crate) found: Vec<Candidate>,
    /// The whole text as a string, for when nothing else fits.
    pub(crate) raw: NodeId,
    /// The one candidate is the whole text: there is nothing else to look into.
    pub(crate) whole: bool,
    /// Something nested too deep to be read.
    pub(crate) too_deep: bool,
}

/// Tags in which models think aloud.
const THINKING: [&str; 4] = ["think", "thinking", "reasoning", "scratchpad"];

impl Candidates {
    /// Finds what `document`'s text offers.
    pub(crate) fn find(document: &mut Document<'_>) -> Self {
        let source = document.source();
        let raw = document.slice(Kind::Raw, 0..source.len(), false);
        let fenced_end = source.trim_end().len();
        let mut scan =
            Scan { document, text: source, fenced_end, reach: 64 * 1024, found: Vec::new(), too_deep: false };
        let mut whole = true;
        if let Some(node) = scan.whole() {
            scan.found.push(Candidate { node, fenced: false, draft: false });
        } else {
            scan.prose();
            if scan.found.is_empty()
                && !scan.too_deep
                && let Some(node) = scan.quoted()
            {
                scan.found.push(Candidate { node, fenced: false, draft: false });
            } else {
                scan.one_plain_fence();
                whole = scan.starts_with_value();
            }
        }
        let too_deep = scan.too_deep;
        Self { whole: whole && !scan.found.is_empty(), found: scan.found, too_deep, raw }
    }
}

struct Scan<'d, 't> {
    document: &'d mut Document<'t>,
    text: &'t str,
    /// Where a fence that is never closed ends: space at the end is not its content.
    fenced_end: usize,
    /// How far a string in a fence may go on behind what may be the fence's end.
    reach: usize,
    found: Vec<Candidate>,
    too_deep: bool,
}

impl Scan<'_, '_> {
    /// The text without the space and byte order mark around it, as a range.
    fn trimmed(&self) -> std::ops::Range<usize> {
        let blank = |c: char| c.is_whitespace() || c == '\u{feff}';
        let start = self.text.len() - self.text.trim_start_matches(blank).len();
        start..self.text.trim_end_matches(blank).len().max(start)
    }

    /// The text as one JSON scalar.
    fn whole(&mut self) -> Option<NodeId> {
        let range = self.trimmed();
        let text = &self.text[range.clone()];
        match text.as_bytes().first()? {
            b'"' => {
                let value: String = serde_json::from_str(text).ok()?;
                Some(self.document.decoded(Kind::String, range, true, |out| out.push_str(&value)))
            }
            b't' | b'f' | b'n' | b'+' | b'-' | b'.' | b'0'..=b'9' => {
                (matches!(text, "true" | "false" | "null") || is_number(text))
                    .then(|| scalar(self.document, range, false))
            }
            _ => None,
        }
    }

    /// The text between the quotes around the whole of it, or behind a quote that is never closed.
    fn quoted(&mut self) -> Option<NodeId> {
        let range = self.trimmed();
        let text = &self.text[range.clone()];
        let quote = text.chars().next().filter(|first| matches!(first, '"' | '\'' | '`'))?;
        let inner = &text[1..];
        if inner.starts_with("``") {
            return None;
        }
        let closed = inner.ends_with(quote) && unescaped(inner, quote).last() == Some(inner.len() - 1);
        if !closed && unescaped(inner, quote).next().is_some() {
            return None;
        }
        let start = range.start + 1;
        // Space at the end of an unfinished string belongs to it.
        let end = if closed { range.end - 1 } else { self.text.len() };
        let text = &self.text[start..end];
        if text.contains('\\') {
            return Some(self.document.decoded(Kind::String, range, closed, |out| decode(text, out)));
        }
        Some(self.document.slice(Kind::String, start..end, closed))
    }

    /// Whether the text is a value from its first character: no prose to look into.
    fn starts_with_value(&self) -> bool {
        let text = &self.text[self.trimmed()];
        text.starts_with(['{', '[']) || text.starts_with("```")
    }

    /// Words in a fence are the answer if they stand in the only one.
    fn one_plain_fence(&mut self) {
        let plain = |document: &Document<'_>, found: &Candidate| document.node(found.node).kind == Kind::Bare;
        if self.found.iter().filter(|found| plain(self.document, found)).count() > 1 {
            self.found.retain(|found| !plain(self.document, found));
        }
    }

    /// Everything that opens in the text: fences, objects and lists.
    fn prose(&mut self) {
        let bytes = self.text.as_bytes();
        let mut at = 0;
        let mut fence: Option<Fence> = None;
        let mut thinking: Option<&str> = None;
        while at < bytes.len() {
            match bytes[at] {
                b'`' => {
                    let ticks = bytes[at..].iter().take_while(|byte| **byte == b'`').count();
                    if ticks >= 3 {
                        match fence.take() {
                            Some(open) if ticks >= open.ticks => self.close_fence(&open, at),
                            Some(open) => fence = Some(open),
                            None => {
                                let from = at + ticks + info_string(&self.text[at + ticks..]);
                                fence = Some(Fence {
                                    ticks,
                                    from,
                                    found: self.found.len(),
                                    draft: thinking.is_some(),
                                });
                                at = from;
                                continue;
                            }
                        }
                    }
                    at += ticks;
                }
                b'{' | b'[' => at = self.value(at, fence.is_some(), thinking.is_some()),
                b'<' => {
                    if let Some(tag) = thinking {
                        if closes_tag(&self.text[at..], tag) {
                            thinking = None;
                        }
                    } else {
                        thinking = THINKING.into_iter().find(|tag| opens_tag(&self.text[at..], tag));
                    }
                    at += 1;
                }
                _ => {
                    let skip =
                        bytes[at + 1..].iter().position(|byte| matches!(byte, b'`' | b'{' | b'[' | b'<'));
                    at = skip.map_or(bytes.len(), |skip| at + 1 + skip);
                }
            }
        }
        if let Some(open) = fence {
            self.close_fence(&open, bytes.len());
        }
    }

    /// Reads the object or list at `at` and returns where to go on.
    fn value(&mut self, at: usize, fenced: bool, draft: bool) -> usize {
        let known = self.document.len();
        let text = if fenced { &self.text[..self.fenced_end] } else { self.text };
        let mut reader = Reader::new(self.document, text, at, fenced.then_some(self.reach));
        let read = reader.read();
        if reader.was_cut() {
            self.reach = (self.reach / 2).max(256);
        }
        if let Ok((node, end)) = read {
            self.found.push(Candidate { node, fenced, draft });
            end
        } else {
            self.document.truncate(known);
            self.too_deep = true;
            self.text.len()
        }
    }

    /// A fence without an object or list may hold one scalar.
    fn close_fence(&mut self, fence: &Fence, end: usize) {
        if self.found.len() > fence.found || fence.from >= end {
            return;
        }
        let content = &self.text[fence.from..end];
        let text = content.trim();
        if text.is_empty() {
            return;
        }
        let start = fence.from + (content.len() - content.trim_start().len());
        let closed = end < self.text.len();
        let node = match serde_json::from_str::<String>(text) {
            Ok(value) => self
                .document
                .decoded(Kind::String, start..start + text.len(), closed, |out| out.push_str(&value)),
            Err(_) => self.document.slice(Kind::Bare, start..start + text.len(), closed),
        };
        self.found.push(Candidate { node, fenced: true, draft: fence.draft });
    }
}

/// Where `quote` stands in the text without a backslash before it.
fn unescaped(text: &str, quote: char) -> impl Iterator<Item = usize> {
    let mut escaped = false;
    text.char_indices().filter_map(move |(at, c)| {
        let counts = c == quote && !escaped;
        escaped = c == '\\' && !escaped;
        counts.then_some(at)
    })
}

/// An opened Markdown fence.
struct Fence {
    ticks: usize,
    /// Where its content begins.
    from: usize,
    /// How many candidates there were before it.
    found: usize,
    draft: bool,
}

/// The length of a fence's language tag.
fn info_string(text: &str) -> usize {
    let tag = text
        .find(|c: char| !(c.is_alphanumeric() || matches!(c, '+' | '-' | '_' | '.')))
        .unwrap_or(text.len());
    let followed = text[tag..].chars().next();
    if followed.is_none_or(|c| c.is_whitespace() || matches!(c, '{' | '[')) { tag } else { 0 }
}

fn opens_tag(text: &str, tag: &str) -> bool {
    text.get(1..=tag.len()).is_some_and(|name| name.eq_ignore_ascii_case(tag))
        && text[tag.len() + 1..].starts_with(['>', ' '])
}

fn closes_tag(text: &str, tag: &str) -> bool {
    text.starts_with("</")
        && text.get(2..2 + tag.len()).is_some_and(|name| name.eq_ignore_ascii_case(tag))
        && text[2 + tag.len()..].starts_with('>')
}

/// Makes one list of the values of several candidates, as if they had stood between brackets.
pub(crate) fn gather(document: &mut Document<'_>, nodes: &[NodeId]) -> NodeId {
    let list = document.container(Kind::List, 0);
    let mut last = NONE;
    for node in nodes {
        document.link(list, last, *node);
        last = *node;
    }
    let complete = nodes.iter().all(|node| document.node(*node).complete);
    let node = document.node_mut(list);
    node.count = u32::try_from(nodes.len()).unwrap_or(u32::MAX);
    node.complete = complete;
    list
}
