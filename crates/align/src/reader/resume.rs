//! Reading an answer that is still being written: what was read is kept, but for the steps that looked at the end
//! of the text, which more text may turn into others.

use std::cell::Cell;

use super::{Frame, Reader};
use crate::document::{Document, Extent, Kind, NONE, Node, NodeId};

/// Where reading stands, without the text and the nodes.
#[derive(Debug)]
pub(crate) struct State {
    pub(super) position: usize,
    /// Inside a Markdown fence, what is unterminated ends with the fence. A string may go on behind a line that
    /// may close the fence (it may hold a fence of its own), but only for so many bytes.
    pub(super) reach: Option<usize>,
    /// A string was ended by the fence.
    pub(super) cut: bool,
    /// The last place where a fence was found to end; it is looked for once, whatever the strings before it.
    pub(super) fence_end: Option<usize>,
    /// How far it was looked for in vain.
    pub(super) fence_searched: usize,
    pub(super) stack: Vec<Frame>,
    pub(super) open_lists: usize,
    pub(super) open_objects: usize,
    /// The object or list that is read; [`NONE`] before it is opened.
    pub(super) root: NodeId,
    /// The object or list that the last step closed.
    pub(super) closed: NodeId,
    /// The end of the text was looked at: what is read from here on may change when more text comes.
    touched: Cell<bool>,
    /// How much text was looked through for the ends of strings that have none.
    pub(super) looked_through: usize,
    /// How far a token that has no end yet was looked through.
    pub(super) progress: Progress,
    /// What it takes to go back to before the first step that looked at the end of the text.
    undo: Option<Box<Undo>>,
}

/// How far a token was looked through, without a look at the end of the text.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Progress {
    /// Where the token begins.
    pub(super) from: usize,
    /// From where to look on.
    pub(super) at: usize,
    /// Whether there was a backslash.
    pub(super) escapes: bool,
}

/// The state before the first step that looked at the end of the text, as differences.
#[derive(Debug, Default)]
struct Undo {
    position: usize,
    cut: bool,
    open_lists: usize,
    open_objects: usize,
    fence_end: Option<usize>,
    fence_searched: usize,
    extent: Extent,
    /// Nodes as they were, the latest change last.
    nodes: Vec<(NodeId, Node)>,
    /// The frames of the stack from `depth` on, the innermost first.
    frames: Vec<Frame>,
    depth: usize,
}

impl State {
    /// Before the object or list at `position`.
    pub(super) fn at(position: usize, reach: Option<usize>) -> Self {
        Self {
            position,
            reach,
            cut: false,
            fence_end: None,
            fence_searched: 0,
            stack: Vec::new(),
            open_lists: 0,
            open_objects: 0,
            root: NONE,
            closed: NONE,
            touched: Cell::new(false),
            looked_through: 0,
            progress: Progress::default(),
            undo: None,
        }
    }

    /// The end of the text was looked at.
    pub(super) fn touch(&self) {
        self.touched.set(true);
    }

    /// Where to tell that the end of the text was looked at.
    pub(super) fn end_of_text(&self) -> &Cell<bool> {
        &self.touched
    }

    /// Whether `wanted` stands at `at`.
    pub(super) fn sees(&self, text: &str, at: usize, wanted: &[u8]) -> bool {
        let rest = &text.as_bytes()[at.min(text.len())..];
        if rest.len() < wanted.len() && wanted.starts_with(rest) {
            self.touch();
        }
        rest.starts_with(wanted)
    }

    /// How far the token that begins at `from` was looked through.
    pub(super) fn progress_of(&self, from: usize) -> Progress {
        if self.progress.from == from { self.progress } else { Progress { from, at: from, escapes: false } }
    }

    /// Remembers how far a token was looked through, unless the end of the text played a part in it.
    pub(super) fn keep_progress(&mut self, progress: Progress) {
        if self.undo.is_some() && !self.touched.get() {
            self.progress = progress;
        }
    }
}

impl<'d, 't> Reader<'d, 't> {
    /// A reader that can go on when more text has come: see [`Reader::into_state`].
    pub(crate) fn resumable(
        document: &'d mut Document<'t>,
        text: &'t str,
        position: usize,
        reach: Option<usize>,
    ) -> Self {
        let mut state = State::at(position, reach);
        let undo = Undo { position, extent: document.extent(), ..Undo::default() };
        state.undo = Some(Box::new(undo));
        Self { document, text, state }
    }

    /// Goes on with a text that has grown: what was read with a look at its end is taken back.
    pub(crate) fn resume(document: &'d mut Document<'t>, text: &'t str, mut state: State) -> Self {
        if let Some(undo) = &mut state.undo {
            for (id, node) in undo.nodes.drain(..).rev() {
                *document.node_mut(id) = node;
            }
            document.take_back(undo.extent);
            state.stack.truncate(undo.depth);
            state.stack.extend(undo.frames.drain(..).rev());
            undo.depth = state.stack.len();
            state.position = undo.position;
            state.cut = undo.cut;
            state.fence_end = undo.fence_end;
            state.fence_searched = undo.fence_searched;
            state.open_lists = undo.open_lists;
            state.open_objects = undo.open_objects;
            if undo.extent.nodes() <= state.root as usize {
                state.root = NONE;
            }
        }
        state.closed = NONE;
        state.touched.set(false);
        Self { document, text, state }
    }

    /// Whether what was read may change when more text comes.
    pub(crate) fn is_tentative(&self) -> bool {
        self.state.touched.get()
    }

    /// How much text was looked through for the ends of strings that have none.
    pub(crate) fn looked_through(&self) -> usize {
        self.state.looked_through
    }

    /// Up to where [`Reader::resume`] need not read again.
    pub(crate) fn settled_to(&self) -> usize {
        let step = self.state.undo.as_ref().map_or(0, |undo| undo.position);
        step.max(self.state.progress.at.min(self.text.len()))
    }

    /// What [`Reader::resume`] goes on with.
    pub(crate) fn into_state(self) -> State {
        self.state
    }

    /// After a step: if it did not look at the end of the text, it holds for good.
    pub(super) fn settle(&mut self) {
        let Some(undo) = &mut self.state.undo else { return };
        if self.state.touched.get() {
            return;
        }
        for id in undo.extent.nodes()..self.document.len() {
            let node = self.document.node_mut(NodeId::try_from(id).unwrap_or(NONE));
            node.settled = node.complete && !matches!(node.kind, Kind::List | Kind::Object);
        }
        if self.state.closed != NONE {
            let node = self.document.node_mut(self.state.closed);
            node.settled = node.complete;
            self.state.closed = NONE;
        }
        undo.position = self.state.position;
        undo.cut = self.state.cut;
        undo.fence_end = self.state.fence_end;
        undo.fence_searched = self.state.fence_searched;
        undo.open_lists = self.state.open_lists;
        undo.open_objects = self.state.open_objects;
        undo.extent = self.document.extent();
        undo.nodes.clear();
        undo.frames.clear();
        undo.depth = self.state.stack.len();
    }

    /// Within a step, before anything was read: what was skipped need not be skipped again.
    pub(super) fn stay(&mut self) {
        if let Some(undo) = &mut self.state.undo
            && !self.state.touched.get()
        {
            undo.position = self.state.position;
        }
    }

    /// The innermost open object or list, to be changed.
    pub(super) fn top(&mut self) -> Option<&mut Frame> {
        self.remember_top();
        self.state.stack.last_mut()
    }

    /// Takes the innermost open object or list from the stack.
    pub(super) fn pop(&mut self) -> Option<Frame> {
        self.remember_top();
        self.state.stack.pop()
    }

    fn remember_top(&mut self) {
        let State { stack, undo, .. } = &mut self.state;
        if let (Some(undo), Some(frame)) = (undo, stack.last())
            && stack.len() <= undo.depth
        {
            undo.frames.push(*frame);
            undo.depth = stack.len() - 1;
        }
    }

    /// Remembers a node as it is, before it is changed.
    pub(super) fn remember(&mut self, id: NodeId) {
        if let Some(undo) = &mut self.state.undo
            && (id as usize) < undo.extent.nodes()
        {
            undo.nodes.push((id, *self.document.node(id)));
        }
    }
}
