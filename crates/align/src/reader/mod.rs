//! The tolerant reader: one forward scan over an object or list, strict or broken, into the arena.
//!
//! It never fails on what a model writes (missing quotes, commas and closers, comments, raw newlines, doubled
//! braces), never goes back further than a bounded look ahead, and keeps its own stack: nesting costs memory in
//! the arena, not stack frames. What it cannot place it skips.
//!
//! An answer that is still being written is read as far as it goes, as if it ended there. When more has come, the
//! reader takes back the steps that looked at the end of the text and goes on from before them (`resume`).

mod ahead;
mod bare;
mod quoted;
mod resume;

pub(crate) use bare::{is_number, scalar, scalar_text};
pub(crate) use quoted::decode;
pub(crate) use resume::State;

use ahead::is_plain_key;

use crate::document::{Document, Kind, NONE, NodeId};

/// How deep objects and lists may nest. JSON that models write stays far below; what is above is refused with
/// a message that says so.
pub(crate) const MAX_DEPTH: usize = 512;

/// The value nests deeper than [`MAX_DEPTH`].
#[derive(Debug)]
pub(crate) struct TooDeep;

/// Reads objects and lists from one text.
pub(crate) struct Reader<'d, 't> {
    document: &'d mut Document<'t>,
    /// The part of the source that may be read: all of it, or without trailing space.
    text: &'t str,
    state: State,
}

/// An object or list whose end was not seen yet.
#[derive(Clone, Copy, Debug)]
struct Frame {
    node: NodeId,
    /// Its last child.
    last: NodeId,
    list: bool,
    /// The key that waits for its value.
    key: NodeId,
    /// Whether the value of `key` comes next.
    wants_value: bool,
    /// How many braces too many were opened: `{{`.
    extra: u32,
}

impl<'d, 't> Reader<'d, 't> {
    /// A reader of the object or list that begins at `position`.
    pub(crate) fn new(
        document: &'d mut Document<'t>,
        text: &'t str,
        position: usize,
        reach: Option<usize>,
    ) -> Self {
        Self { document, text, state: State::at(position, reach) }
    }

    /// Reads one object or list and says where it ended. Its node is complete only if its closer was seen.
    pub(crate) fn read(&mut self) -> Result<(NodeId, usize), TooDeep> {
        if self.state.root == NONE {
            self.state.root = self.open(self.peek() == Some(b'['))?;
            self.settle();
        }
        while let Some(frame) = self.state.stack.last() {
            let alive = if frame.list {
                self.list_step()?
            } else if frame.wants_value {
                self.value_step()?
            } else {
                self.key_step()?
            };
            if !alive {
                self.end_of_text();
                break;
            }
            self.settle();
        }
        Ok((self.state.root, self.state.position))
    }

    /// Whether a string had no end but that of the fence. Where that happens again and again, the reach should
    /// shrink, or the scan would go over the same text many times.
    pub(crate) fn was_cut(&self) -> bool {
        self.state.cut
    }

    fn peek(&self) -> Option<u8> {
        let byte = self.text.as_bytes().get(self.state.position).copied();
        if byte.is_none() {
            self.state.touch();
        }
        byte
    }

    /// Whether the fence around the value ends here: then the value is unfinished.
    fn fence_ends(&self) -> bool {
        self.state.reach.is_some() && self.state.sees(self.text, self.state.position, b"```")
    }

    /// Whether the text ends with the character here: of an escaped quote only the backslash has come.
    fn is_last(&self) -> bool {
        let last = self.state.position + 1 == self.text.len();
        if last {
            self.state.touch();
        }
        last
    }

    /// Opens an object or list at the current position.
    fn open(&mut self, list: bool) -> Result<NodeId, TooDeep> {
        if self.state.stack.len() >= MAX_DEPTH {
            return Err(TooDeep);
        }
        let node = self.document.container(if list { Kind::List } else { Kind::Object }, self.state.position);
        self.state.position += 1;
        self.state.stack.push(Frame { node, last: NONE, list, key: NONE, wants_value: false, extra: 0 });
        if list {
            self.state.open_lists += 1;
        } else {
            self.state.open_objects += 1;
        }
        Ok(node)
    }

    /// Ends the innermost object or list and hands it to its holder.
    fn close(&mut self, complete: bool) {
        let Some(frame) = self.pop() else { return };
        if frame.list {
            self.state.open_lists -= 1;
        } else {
            self.state.open_objects -= 1;
        }
        let end = u32::try_from(self.state.position).unwrap_or(u32::MAX);
        self.remember(frame.node);
        let node = self.document.node_mut(frame.node);
        node.complete = complete;
        node.end = end;
        self.state.closed = frame.node;
        self.place(frame.node);
    }

    /// Everything still open is unfinished.
    fn end_of_text(&mut self) {
        while !self.state.stack.is_empty() {
            self.close(false);
        }
    }

    /// Puts a finished value where the innermost open object or list expects it. A value that no key asked
    /// for is left out.
    fn place(&mut self, value: NodeId) {
        let Some(frame) = self.top() else { return };
        let Frame { node, last, list, key, .. } = *frame;
        if !list {
            frame.key = NONE;
            frame.wants_value = false;
            if key == NONE {
                return;
            }
        }
        frame.last = value;
        self.remember(node);
        self.remember(last);
        if list {
            self.document.link(node, last, value);
        } else {
            self.remember(key);
            self.document.link(node, last, key);
            self.document.node_mut(key).next = value;
        }
        self.document.node_mut(node).count += 1;
    }

    /// One item of a list, or its end. `false` at the end of the text.
    fn list_step(&mut self) -> Result<bool, TooDeep> {
        self.skip_filler();
        match self.peek() {
            None => return Ok(false),
            Some(b'`') if self.fence_ends() => return Ok(false),
            Some(b'\\') if self.is_last() => return Ok(false),
            Some(b']') => {
                self.state.position += 1;
                self.close(true);
            }
            Some(b'}') if self.state.open_objects > 0 && !self.is_one_too_many() => self.close(true),
            Some(b'}' | b',') => self.state.position += 1,
            Some(b'{') => drop(self.open(false)?),
            Some(b'[') => drop(self.open(true)?),
            Some(_) => self.scalar(),
        }
        Ok(true)
    }

    /// Whether the `}` here, in a list that an object holds, is followed by another item: then it closes nothing.
    fn is_one_too_many(&self) -> bool {
        let rest = &self.text.as_bytes()[self.state.position + 1..];
        let near = &rest[..rest.len().min(64)];
        let mut next = near.iter().filter(|byte| !byte.is_ascii_whitespace());
        let (first, second) = (next.next(), next.next());
        if second.is_none() && rest.len() < 64 {
            self.state.touch();
        }
        let in_item = self.state.stack.iter().rev().nth(2).is_some_and(|frame| frame.list);
        !in_item && first == Some(&b',') && matches!(second, Some(b'{' | b'['))
    }

    /// One key with its colon, or the end of an object. `false` at the end of the text.
    fn key_step(&mut self) -> Result<bool, TooDeep> {
        self.skip_filler();
        if self.fence_ends() {
            return Ok(false);
        }
        let Some(frame) = self.state.stack.last().copied() else { return Ok(false) };
        match self.peek() {
            None => return Ok(false),
            Some(b'}') => {
                self.state.position += 1;
                if frame.extra == 0 {
                    self.close(true);
                } else if let Some(frame) = self.top() {
                    frame.extra -= 1;
                }
            }
            Some(b']') if self.state.open_lists > 0 => self.close(true),
            Some(b']' | b',' | b':') => self.state.position += 1,
            Some(b'{') if frame.last == NONE => {
                self.state.position += 1;
                if let Some(frame) = self.top() {
                    frame.extra += 1;
                }
            }
            Some(b'{') => drop(self.open(false)?),
            Some(b'[') => drop(self.open(true)?),
            Some(_) => return Ok(self.key()),
        }
        Ok(true)
    }

    /// The value after a colon. `false` at the end of the text.
    fn value_step(&mut self) -> Result<bool, TooDeep> {
        self.skip_space_and_comments(true);
        match self.peek() {
            None => return Ok(false),
            Some(b'`') if self.fence_ends() => return Ok(false),
            Some(b'\\') if self.is_last() => return Ok(false),
            Some(b',' | b'}') => self.forget_key(),
            Some(b':') => self.state.position += 1,
            Some(b']') if self.state.open_lists > 0 => self.forget_key(),
            Some(b'{') => drop(self.open(false)?),
            Some(b'[') => drop(self.open(true)?),
            Some(b'"' | b'\'') if self.next_key_begins() => self.forget_key(),
            Some(_) => self.scalar(),
        }
        Ok(true)
    }

    /// Whether a key with its quotes and its colon begins a line here: the value that should stand before it is missing.
    fn next_key_begins(&self) -> bool {
        let before = self.text.as_bytes()[..self.state.position].iter().rev().take(64);
        let mut space = before.take_while(|byte| byte.is_ascii_whitespace());
        space.any(|byte| *byte == b'\n')
            && is_plain_key(self.text, self.state.position, self.state.end_of_text())
    }

    /// A key without a value is left out.
    fn forget_key(&mut self) {
        if let Some(frame) = self.top() {
            frame.key = NONE;
            frame.wants_value = false;
        }
    }

    /// Reads a key and its colon. `false` at the end of the text.
    fn key(&mut self) -> bool {
        let key = match self.quote_here() {
            Some(quote) => self.quoted(quote, Kind::Key),
            None => match self.bare_key() {
                Some(key) => key,
                None => return self.peek().is_some(),
            },
        };
        self.skip_space_and_comments(false);
        match self.peek() {
            None => false,
            Some(b':') => {
                self.state.position += 1;
                self.await_value(key);
                true
            }
            // The colon is missing. Two strings may as well be a key and the next one.
            Some(b'[' | b'{' | b'-' | b'0'..=b'9') => {
                self.await_value(key);
                true
            }
            Some(_) => true,
        }
    }

    /// The value of `key` comes next.
    fn await_value(&mut self, key: NodeId) {
        if let Some(frame) = self.top() {
            frame.key = key;
            frame.wants_value = true;
        }
    }

    /// Reads a value that is neither an object nor a list.
    fn scalar(&mut self) {
        let value = match self.quote_here() {
            Some(quote) => self.quoted(quote, Kind::String),
            None => self.bare(),
        };
        self.place(value);
    }

    /// Skips space, comments and commas at the beginning of a step.
    fn skip_filler(&mut self) {
        loop {
            self.skip_space_and_comments(true);
            if self.peek() != Some(b',') {
                return;
            }
            self.state.position += 1;
            self.stay();
        }
    }

    /// Skips space and comments: `//` and `#` to the end of the line, `/* */`. `first` says that this is the
    /// beginning of a step.
    fn skip_space_and_comments(&mut self, first: bool) {
        while let Some(end) = comment_or_space(self.text, self.state.position) {
            let comment = matches!(self.text.as_bytes().get(self.state.position), Some(b'/' | b'#'));
            self.state.position = end;
            // A comment may end where the text ends, or go on.
            if first && (!comment || end < self.text.len()) {
                self.stay();
            }
        }
        // The first half of a comment's beginning.
        if matches!(self.text.as_bytes()[self.state.position..], [b'/' | b'#' | b'\\']) {
            self.state.touch();
        }
    }
}

/// Where the line ends: at a line break, or in an answer that was escaped at the escape of one. What stands behind it
/// there tells it from a part of a path.
fn end_of_line(bytes: &[u8]) -> Option<usize> {
    let is_break = |at: &usize| match bytes[*at..] {
        [b'\n', ..] => true,
        [b'\\', b'n', next, ..] => {
            next.is_ascii_whitespace()
                || matches!(next, b'"' | b'\'' | b'`' | b'\\' | b'{' | b'}' | b'[' | b']')
        }
        _ => false,
    };
    memchr::memchr2_iter(b'\n', b'\\', bytes).find(is_break)
}

/// Where the space or comment at `position` ends, if there is one.
fn comment_or_space(text: &str, position: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let rest = bytes.get(position..)?;
    let line = |from: usize| end_of_line(&bytes[from..]).map_or(bytes.len(), |at| from + at);
    match rest {
        [first, ..] if first.is_ascii_whitespace() => {
            Some(position + rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count())
        }
        // A no-break space, and the space of an answer that was escaped once too often.
        [0xC2, 0xA0, ..] | [b'\\', b'n' | b'r' | b't', ..] => Some(position + 2),
        [b'/', b'/', ..] => Some(line(position)),
        [b'#', next, ..] if next.is_ascii_whitespace() => Some(line(position)),
        [b'/', b'*', ..] => {
            Some(memchr::memmem::find(&rest[2..], b"*/").map_or(bytes.len(), |at| position + 2 + at + 2))
        }
        _ => None,
    }
}
