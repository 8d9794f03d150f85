//! Where in the text the value may be: the whole of it, Markdown fences, objects and lists in prose, and at
//! last the text itself. One forward scan finds them all.
//!
//! An answer that is still being written is searched as if it ended where it is; when more has come, [`Search`]
//! goes on from the last place that did not depend on the end.

use std::ops::Range;

use crate::document::{Document, Extent, Kind, NONE, NodeId};
use crate::reader::{Reader, State, decode, is_number, scalar};

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
    /// The text begins with thinking that has ended: what stands behind it is the answer.
    pub(crate) thought: bool,
    /// How much of the text will be read again when more has come.
    pub(crate) unsettled: usize,
}

/// Tags in which models think aloud.
const THINKING: [&str; 8] =
    ["think", "thinking", "thought", "thoughts", "reasoning", "reflection", "analysis", "scratchpad"];

impl Candidates {
    /// Finds what `document`'s text offers, which may be `finished`.
    pub(crate) fn find(document: &mut Document<'_>, finished: bool) -> Self {
        Search { resumable: false, finished, ..Search::default() }.find(document)
    }

    /// The whole text is one value.
    fn only(node: NodeId, raw: NodeId, unsettled: usize) -> Self {
        let found = vec![Candidate { node, fenced: false, draft: false }];
        Self { found, raw, whole: true, too_deep: false, thought: false, unsettled }
    }
}

/// How long the longest tag of [`THINKING`] is when it is closed.
const LONGEST_TAG: usize = "</scratchpad>".len();

/// The search for candidates in a text that grows.
#[derive(Debug)]
pub(crate) struct Search {
    /// Whether there will be more text. If not, nothing is kept for it.
    resumable: bool,
    /// There is no more text than this.
    finished: bool,
    /// The place from which to go on, and what was known there.
    known: Known,
    /// What was found, up to [`Known::found`] for good.
    found: Vec<Candidate>,
    /// The reading of the value that begins at [`Known::at`] and has not ended.
    open: Option<State>,
    quotes: Quotes,
    raw: NodeId,
}

impl Default for Search {
    fn default() -> Self {
        Self {
            resumable: true,
            finished: false,
            known: Known::default(),
            found: Vec::new(),
            open: None,
            quotes: Quotes::default(),
            raw: NONE,
        }
    }
}

/// What the scan knows at a place of the text.
#[derive(Clone, Copy, Debug)]
struct Known {
    /// Where it goes on; beyond any text where something nests too deep to be read.
    at: usize,
    fence: Option<Fence>,
    thinking: Option<&'static str>,
    /// Nothing but thinking stands before it.
    led: bool,
    /// Where the answer begins: behind the thinking that it begins with.
    answer: usize,
    /// How far a string in a fence may go on behind what may be the fence's end.
    reach: usize,
    too_deep: bool,
    found: usize,
    extent: Extent,
}

impl Default for Known {
    fn default() -> Self {
        Self {
            at: 0,
            fence: None,
            thinking: None,
            led: false,
            answer: 0,
            reach: 64 * 1024,
            too_deep: false,
            found: 0,
            extent: Extent::default(),
        }
    }
}

impl Search {
    /// What the text offers as far as it has come. Each call must see the text of the one before, or more.
    pub(crate) fn find(&mut self, document: &mut Document<'_>) -> Candidates {
        let source = document.source();
        if self.raw == NONE {
            self.raw = document.slice(Kind::Raw, 0..source.len(), false);
            self.known.extent = document.extent();
        } else {
            document.stretch(self.raw);
            if self.open.is_none() {
                document.take_back(self.known.extent);
            }
        }
        self.found.truncate(self.known.found);
        self.quotes.read(source);
        let fenced_end = source.trim_end().len();
        let now = self.known;
        let mut scan = Scan {
            document,
            text: source,
            fenced_end,
            search: self,
            now,
            settled_to: 0,
            looked_through: 0,
            tentative: false,
        };
        if scan.now.answer == 0
            && let Some(node) = scan.whole()
        {
            scan.document.narrow(scan.search.raw, scan.said());
            return Candidates::only(node, self.raw, 0);
        }
        if scan.search.finished {
            scan.leading_strings();
        }
        scan.prose();
        let too_deep = scan.now.too_deep;
        let thought = scan.now.answer > 0;
        scan.document.narrow(scan.search.raw, scan.said());
        let behind = if thought { scan.behind_thinking() } else { None };
        let settled = scan.settled_to.max(scan.search.known.at);
        let unsettled = source.len().saturating_sub(settled) + scan.looked_through / 8;
        if scan.search.found.is_empty()
            && !too_deep
            && let Some(node) = scan.quoted()
        {
            return Candidates::only(node, self.raw, unsettled);
        }
        let whole = scan.starts_with_value();
        let mut found = if self.resumable { self.found.clone() } else { std::mem::take(&mut self.found) };
        one_plain_fence(document, &mut found);
        found.extend(behind.map(|node| Candidate { node, fenced: false, draft: false }));
        Candidates { whole: whole && !found.is_empty(), found, raw: self.raw, too_deep, thought, unsettled }
    }
}

/// Words in a fence are the answer if they stand in the only one.
fn one_plain_fence(document: &Document<'_>, found: &mut Vec<Candidate>) {
    let plain = |found: &Candidate| document.node(found.node).kind == Kind::Bare;
    let mut texts = found.iter().filter(|found| plain(found)).map(|found| document.text(found.node));
    let first = texts.next();
    if texts.any(|text| Some(text) != first) {
        found.retain(|found| !plain(found));
    }
}

struct Scan<'d, 't> {
    document: &'d mut Document<'t>,
    text: &'t str,
    /// Where a fence that is never closed ends: space at the end is not its content.
    fenced_end: usize,
    search: &'d mut Search,
    now: Known,
    /// Up to where the reading that has not ended need not read again.
    settled_to: usize,
    /// How much text was looked through for the ends of strings that have none.
    looked_through: usize,
    /// The end of the text was looked at: what is found from here on may change when more text comes.
    tentative: bool,
}

/// The space and byte order mark that may stand around an answer.
pub(crate) fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{feff}'
}

impl Scan<'_, '_> {
    /// The text without the space and byte order mark around it, as a range.
    fn trimmed(&self) -> Range<usize> {
        let start = self.text.len() - self.text[self.now.answer..].trim_start_matches(is_blank).len();
        start..self.text.trim_end_matches(is_blank).len().max(start)
    }

    /// The text as one JSON scalar.
    fn whole(&mut self) -> Option<NodeId> {
        let range = self.trimmed();
        let text = &self.text[range.clone()];
        match text.as_bytes().first()? {
            b'"' => {
                if self.search.quotes.first != Some(range.end - 1) {
                    return None;
                }
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

    /// JSON in a JSON string that other text follows, or the same once more.
    fn leading_strings(&mut self) {
        let mut start = self.trimmed().start;
        while let Some(end) = self.json_string(start, false) {
            self.now.at = end;
            let rest = &self.text[end..];
            start = self.text.len() - rest.trim_start_matches(|c| is_blank(c) || c == ',').len();
        }
    }

    /// Where the JSON string with JSON in it ends that begins at `start`: a candidate.
    fn json_string(&mut self, start: usize, fenced: bool) -> Option<usize> {
        let bytes = self.text.as_bytes();
        if bytes.get(start) != Some(&b'"') {
            return None;
        }
        let mut at = start + 1;
        let end = loop {
            at += memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
            if bytes[at] == b'"' {
                break at + 1;
            }
            at += 2;
        };
        let value = serde_json::from_str::<String>(&self.text[start..end]).ok()?;
        let inner = value.trim();
        if inner.len() < 2 || !inner.starts_with(['{', '[']) || !inner.ends_with(['}', ']']) {
            return None;
        }
        let draft = self.now.thinking.is_some();
        let node = self.document.decoded(Kind::String, start..end, true, |out| out.push_str(&value));
        self.search.found.push(Candidate { node, fenced, draft });
        Some(end)
    }

    /// The text as a whole: behind the thinking that it begins with, without the space around it, and without the marks
    /// of a fence that holds nothing. Space at the end of an unfinished text belongs to it, and the mark of a fence
    /// before it does not.
    fn said(&self) -> Range<usize> {
        let all = self.text.len();
        let Range { start, end } = self.trimmed();
        match self.now.fence {
            // Nothing but the mark of a fence is no text.
            Some(fence)
                if self.opens_text(start, &fence)
                    && (!self.search.finished || self.text[fence.from..].trim().is_empty()) =>
            {
                all - self.text[fence.from..].trim_start().len()..all
            }
            _ if start == end => {
                if self.now.answer > 0 {
                    start..all
                } else {
                    0..all
                }
            }
            _ if !self.search.finished => start..all,
            _ if is_empty_fence(&self.text[start..end]) => end..end,
            _ => start..end,
        }
    }

    /// Whether the text begins with the mark of the fence.
    fn opens_text(&self, start: usize, fence: &Fence) -> bool {
        self.text.get(start..fence.from).is_some_and(|mark| mark.starts_with('`'))
    }

    /// What stands behind the thinking, where it is one JSON scalar.
    fn behind_thinking(&mut self) -> Option<NodeId> {
        let range = self.trimmed();
        if let Some(string) = self.string(range.clone(), true) {
            return Some(string);
        }
        let text = &self.text[range.clone()];
        (matches!(text, "true" | "false" | "null") || is_number(text))
            .then(|| scalar(self.document, range, false))
    }

    /// A text in quotes of any style, with nothing but closers behind it.
    fn string(&mut self, range: Range<usize>, closed: bool) -> Option<NodeId> {
        let text = &self.text[range.clone()];
        if text.ends_with([',', '.', ';']) && text.starts_with(['"', '\'']) {
            let inner = text.trim_end_matches(|c| is_closer(c) && c != '`');
            return self.string(range.start..range.start + inner.len(), closed);
        }
        if text.len() > 1
            && text.ends_with('"')
            && let Ok(value) = serde_json::from_str::<String>(text)
        {
            return Some(self.document.decoded(Kind::String, range, closed, |out| out.push_str(&value)));
        }
        let (inner, quotes) = match text.strip_prefix("\"\"\"").and_then(|rest| rest.strip_suffix("\"\"\"")) {
            Some(inner) => (inner, "\"\"\"".len()),
            None => (without_quotes(text)?, 1),
        };
        if quotes == 1 && inner.contains('\\') {
            return Some(self.document.decoded(Kind::String, range, closed, |out| decode(inner, out)));
        }
        let start = range.start + quotes;
        Some(self.document.slice(Kind::String, start..start + inner.len(), closed))
    }

    /// The text between the quotes around the whole of it, or behind a quote that is never closed.
    fn quoted(&mut self) -> Option<NodeId> {
        let range = self.trimmed();
        self.search.quotes.quote?;
        let inner = &self.text[range.start + 1..range.end];
        if inner.starts_with("``") {
            return None;
        }
        if let Some(triple) = inner.strip_prefix("\"\"").and_then(within_triple) {
            let start = range.start + "\"\"\"".len();
            return Some(self.document.slice(Kind::String, start..start + triple.len(), true));
        }
        let Quotes { first, last, .. } = self.search.quotes;
        let ends_text = !inner.is_empty() && last == Some(range.end - 1);
        // A closer or a full stop too many does not make the quotes part of the text.
        let at = first.filter(|at| ends_text || is_only_closers(&self.text[at + 1..]));
        if at.is_none() && first.is_some() {
            return None;
        }
        let closed = at.is_some();
        let start = range.start + 1;
        // Space at the end of an unfinished string belongs to it.
        let end = if ends_text { last } else { at }.unwrap_or(self.text.len());
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

    /// Everything that opens in the text: fences, objects and lists.
    fn prose(&mut self) {
        let bytes = self.text.as_bytes();
        while self.now.at < bytes.len() {
            let at = self.now.at;
            self.now.at = match bytes[at] {
                b'`' => self.backticks(at),
                b'{' | b'[' => self.value(at),
                b'<' => {
                    self.tag(at);
                    at + 1
                }
                _ => {
                    let skip =
                        bytes[at + 1..].iter().position(|byte| matches!(byte, b'`' | b'{' | b'[' | b'<'));
                    skip.map_or(bytes.len(), |skip| at + 1 + skip)
                }
            };
            if !self.tentative {
                self.now.found = self.search.found.len();
                self.now.extent = self.document.extent();
                self.search.known = self.now;
            }
        }
        if let Some(open) = self.now.fence {
            self.close_fence(&open, bytes.len());
        }
    }

    /// Where the backticks at `at` end, with what belongs to them: they may open or close a fence.
    fn backticks(&mut self, at: usize) -> usize {
        let bytes = self.text.as_bytes();
        let ticks = bytes[at..].iter().take_while(|byte| **byte == b'`').count();
        let end = at + ticks;
        self.tentative |= end == self.text.len();
        if ticks < 3 {
            return end;
        }
        // Between two quotes they are text.
        if at > 0 && bytes[at - 1] == b'"' && bytes.get(end) == Some(&b'"') {
            return end;
        }
        match self.now.fence {
            Some(open) if ticks >= open.ticks => {
                self.close_fence(&open, at);
                self.now.fence = None;
                // Twice as many marks close the fence and open the next one.
                if ticks == 2 * open.ticks { at + open.ticks } else { end }
            }
            Some(_) => end,
            None => {
                let from = end + info_string(&self.text[end..]);
                self.tentative |= self.text[end..].find(|c: char| !is_tag(c)).is_none();
                let draft = self.now.thinking.is_some();
                self.now.fence = Some(Fence { ticks, from, found: self.search.found.len(), draft });
                let content = self.text.len() - self.text[from..].trim_start().len();
                let string = if self.search.finished { self.json_string(content, true) } else { None };
                string.unwrap_or(from)
            }
        }
    }

    /// A `<` may begin a tag in which a model thinks, or end one.
    fn tag(&mut self, at: usize) {
        let text = &self.text[at..];
        self.tentative |= text.len() < LONGEST_TAG;
        match self.now.thinking {
            Some(tag) if closes_tag(text, tag) => {
                self.now.thinking = None;
                if self.now.led {
                    self.now.answer = at + tag.len() + "</>".len();
                }
            }
            Some(_) => {}
            None => {
                self.now.thinking = THINKING.into_iter().find(|tag| opens_tag(text, tag));
                self.now.led = self.now.thinking.is_some()
                    && self.text[self.now.answer..at].trim_start_matches(is_blank).is_empty();
            }
        }
    }

    /// Reads the object or list at `at` and returns where to go on.
    fn value(&mut self, at: usize) -> usize {
        let before = self.document.extent();
        let fenced = self.now.fence.is_some();
        let draft = self.now.thinking.is_some();
        let text = if fenced { &self.text[..self.fenced_end] } else { self.text };
        let reach = fenced.then_some(self.now.reach);
        let resumable = self.search.resumable && !self.tentative;
        let mut reader = match self.search.open.take_if(|_| resumable) {
            Some(state) => Reader::resume(self.document, text, state),
            None if resumable => Reader::resumable(self.document, text, at, reach),
            None => Reader::new(self.document, text, at, reach),
        };
        let looked_through = reader.looked_through();
        let read = reader.read();
        self.looked_through += reader.looked_through() - looked_through;
        if reader.was_cut() {
            self.now.reach = (self.now.reach / 2).max(256);
        }
        if resumable && reader.is_tentative() {
            self.tentative = true;
            self.settled_to = reader.settled_to();
            self.search.open = Some(reader.into_state());
        }
        if let Ok((node, end)) = read {
            self.search.found.push(Candidate { node, fenced, draft });
            return end;
        }
        if !self.tentative {
            self.document.take_back(before);
        }
        self.now.too_deep = true;
        usize::MAX
    }

    /// A fence without an object or list may hold one scalar.
    fn close_fence(&mut self, fence: &Fence, end: usize) {
        if self.search.found.len() > fence.found || fence.from >= end {
            return;
        }
        let content = &self.text[fence.from..end];
        let closed = end < self.text.len();
        let text = if closed { content } else { without_half_fence(content) }.trim();
        if text.is_empty() {
            return;
        }
        let start = fence.from + (content.len() - content.trim_start().len());
        if !closed && let Some(inner) = text.strip_prefix('"').filter(|inner| !inner.contains('"')) {
            let span = start + 1..start + text.len();
            let node = self.document.decoded(Kind::String, span, false, |out| decode(inner, out));
            self.search.found.push(Candidate { node, fenced: true, draft: fence.draft });
            return;
        }
        let span = start..start + text.len();
        let node = match self.string(span.clone(), closed) {
            Some(string) => string,
            None => scalar(self.document, span, closed),
        };
        self.search.found.push(Candidate { node, fenced: true, draft: fence.draft });
    }
}

/// Whether the text is a fence and nothing in it.
fn is_empty_fence(text: &str) -> bool {
    let open = text.trim_start_matches('`');
    text.len() - open.len() >= 3
        && open[info_string(open)..].trim_matches(|c: char| c == '`' || is_blank(c)).is_empty()
}

/// The text between single quotes or backticks that stand nowhere else in it, unless escaped.
fn without_quotes(text: &str) -> Option<&str> {
    let quote = text.bytes().next().filter(|byte| matches!(byte, b'\'' | b'`'))?;
    let inner = text.get(1..text.len().checked_sub(1)?)?;
    let mut escaped = false;
    let ends = text.bytes().skip(1).position(|byte| {
        let ends = byte == quote && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    (ends == Some(inner.len())).then_some(inner)
}

/// A text without the first characters of the mark that may come to close the fence around it.
fn without_half_fence(text: &str) -> &str {
    text.strip_suffix("\n``").or_else(|| text.strip_suffix("\n`")).unwrap_or(text)
}

/// Whether a text is only what closes something, or ends a sentence, or a comment.
fn is_only_closers(text: &str) -> bool {
    let text = text.trim_start();
    if text.starts_with("//") || text.starts_with("# ") {
        return !text.contains('\n');
    }
    text.chars().all(is_closer)
}

/// Whether the character closes something, ends a sentence, or is space.
fn is_closer(c: char) -> bool {
    matches!(c, ']' | '}' | ')' | '.' | ',' | ';' | '`') || c.is_whitespace()
}

/// What stands before the closing triple quotes, behind which only closers may stand.
fn within_triple(text: &str) -> Option<&str> {
    text.trim_end_matches(is_closer).strip_suffix("\"\"\"")
}

/// The quote that the text begins with, and where it stands again without a backslash before it.
#[derive(Debug, Default)]
struct Quotes {
    quote: Option<u8>,
    first: Option<usize>,
    last: Option<usize>,
    /// How far the text was looked through.
    at: usize,
    escaped: bool,
}

impl Quotes {
    /// Looks through what is new.
    fn read(&mut self, text: &str) {
        if self.quote.is_none() {
            let start = text.len() - text[self.at..].trim_start_matches(is_blank).len();
            let Some(first) = text.as_bytes().get(start) else { return };
            if self.at > 0 || !matches!(first, b'"' | b'\'' | b'`') {
                return;
            }
            self.quote = Some(*first);
            self.at = start + 1;
        }
        for (at, byte) in text.bytes().enumerate().skip(self.at) {
            if !self.escaped && Some(byte) == self.quote {
                self.first = self.first.or(Some(at));
                self.last = Some(at);
            }
            self.escaped = byte == b'\\' && !self.escaped;
        }
        self.at = text.len();
    }
}

/// An opened Markdown fence.
#[derive(Clone, Copy, Debug)]
struct Fence {
    ticks: usize,
    /// Where its content begins.
    from: usize,
    /// How many candidates there were before it.
    found: usize,
    draft: bool,
}

/// Whether the character may stand in the language tag of a fence.
fn is_tag(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '+' | '-' | '_' | '.')
}

/// The length of a fence's language tag.
pub(crate) fn info_string(text: &str) -> usize {
    let tag = text.find(|c: char| !is_tag(c)).unwrap_or(text.len());
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
    if last != NONE {
        document.node_mut(last).next = NONE;
    }
    let complete = nodes.iter().all(|node| document.node(*node).complete);
    let node = document.node_mut(list);
    node.count = u32::try_from(nodes.len()).unwrap_or(u32::MAX);
    node.complete = complete;
    list
}
