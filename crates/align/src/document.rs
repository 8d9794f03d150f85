//! What the reader found in the text: an arena of values with spans. Nodes refer to the text by offset and to
//! each other by index, so an arena can grow while a stream brings more text, and can be dropped at once.
//!
//! What alignment adds (objects read from inside strings, lists made of several objects) has an arena of its own,
//! so that the reader can take back what it read of an unfinished text.

use std::ops::Range;

/// A node, by its position in the arena.
pub(crate) type NodeId = u32;

/// No node.
pub(crate) const NONE: NodeId = u32::MAX;

/// The nodes that alignment added have this bit.
const ADDED: NodeId = 1 << 31;

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `null`.
    Null,
    /// `true`.
    True,
    /// `false`.
    False,
    /// Digits as JSON writes them, or nearly (`05`, `.5`, `5.`, `+5`).
    Number,
    /// Text between quotes of any style.
    String,
    /// Text without quotes.
    Bare,
    /// The whole answer as it came.
    Raw,
    /// `[...]`, or values that stood one after another in prose.
    List,
    /// `{...}`: its children are keys and values in turn.
    Object,
    /// A key of an object.
    Key,
}

/// One value or key.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    /// What it is.
    pub(crate) kind: Kind,
    /// Whether its end was seen: more text cannot change it.
    pub(crate) complete: bool,
    /// Which text `first` and `count` refer to.
    place: Place,
    /// No more text can change it or anything in it. Known only while an answer is read as it comes.
    pub(crate) settled: bool,
    /// Where it begins in the source.
    pub(crate) start: u32,
    /// Where it ends in the source.
    pub(crate) end: u32,
    /// The first child, or where the node's text begins.
    pub(crate) first: u32,
    /// How many children (an object counts its pairs), or how long the node's text is.
    pub(crate) count: u32,
    /// The next sibling.
    pub(crate) next: NodeId,
}

/// Where the text of a node stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Source,
    Decoded,
    Added,
}

/// The nodes read from a text.
#[derive(Debug, Default)]
pub(crate) struct Arena {
    nodes: Vec<Node>,
    decoded: String,
    added: Vec<Node>,
    added_text: String,
}

/// The text and the nodes read from it.
#[derive(Debug)]
pub(crate) struct Document<'t> {
    source: &'t str,
    arena: Arena,
    /// Reading is over: nodes are added by alignment.
    sealed: bool,
}

/// How far an arena has grown.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Extent {
    nodes: usize,
    decoded: usize,
}

impl Extent {
    /// How many nodes there are.
    pub(crate) fn nodes(self) -> usize {
        self.nodes
    }
}

impl<'t> Document<'t> {
    /// An empty arena over `source`, which must be shorter than 2 GiB.
    pub(crate) fn new(source: &'t str) -> Self {
        // Room for one node in eight bytes: dense JSON has fewer, and memory that is not used costs nothing.
        let nodes = Vec::with_capacity(source.len() / 8 + 8);
        Self::over(source, Arena { nodes, ..Arena::default() })
    }

    /// A document over nodes that were read from the beginning of `source`.
    pub(crate) fn over(source: &'t str, arena: Arena) -> Self {
        Self { source, arena, sealed: false }
    }

    /// The nodes without the text.
    pub(crate) fn into_arena(self) -> Arena {
        self.arena
    }

    /// Reading is over: alignment adds its own nodes.
    pub(crate) fn seal(&mut self) {
        self.sealed = true;
    }

    /// The text read.
    pub(crate) fn source(&self) -> &'t str {
        self.source
    }

    /// A node by its id.
    #[inline]
    pub(crate) fn node(&self, id: NodeId) -> &Node {
        if id & ADDED == 0 {
            &self.arena.nodes[id as usize]
        } else {
            &self.arena.added[(id & !ADDED) as usize]
        }
    }

    /// A node to be changed.
    pub(crate) fn node_mut(&mut self, id: NodeId) -> &mut Node {
        if id & ADDED == 0 {
            &mut self.arena.nodes[id as usize]
        } else {
            &mut self.arena.added[(id & !ADDED) as usize]
        }
    }

    /// How many nodes were read.
    pub(crate) fn len(&self) -> usize {
        self.arena.nodes.len()
    }

    /// How far reading has come.
    pub(crate) fn extent(&self) -> Extent {
        Extent { nodes: self.arena.nodes.len(), decoded: self.arena.decoded.len() }
    }

    /// Forgets what was read since.
    pub(crate) fn take_back(&mut self, extent: Extent) {
        self.arena.nodes.truncate(extent.nodes);
        self.arena.decoded.truncate(extent.decoded);
    }

    /// Whether alignment added the node.
    pub(crate) fn is_added(id: NodeId) -> bool {
        id & ADDED != 0
    }

    /// How many nodes alignment added.
    pub(crate) fn added(&self) -> (usize, usize) {
        (self.arena.added.len(), self.arena.added_text.len())
    }

    /// Forgets what alignment added since.
    pub(crate) fn take_back_added(&mut self, (nodes, text): (usize, usize)) {
        self.arena.added.truncate(nodes);
        self.arena.added_text.truncate(text);
    }

    /// The text has grown: a node that stands for the whole of it has too.
    pub(crate) fn stretch(&mut self, id: NodeId) {
        let end = offset(self.source.len());
        let node = self.node_mut(id);
        node.end = end;
        node.count = end - node.first;
    }

    /// A node that stands for the whole of the text begins at `start` instead.
    pub(crate) fn narrow(&mut self, id: NodeId, text: Range<usize>) {
        let node = self.node_mut(id);
        node.start = offset(text.start);
        node.end = offset(text.end);
        node.first = node.start;
        node.count = node.end - node.first;
    }

    /// Adds a list or object without children.
    pub(crate) fn container(&mut self, kind: Kind, start: usize) -> NodeId {
        self.push(Node {
            kind,
            complete: false,
            place: Place::Source,
            settled: false,
            start: offset(start),
            end: offset(start),
            first: NONE,
            count: 0,
            next: NONE,
        })
    }

    /// Adds a node whose text is a part of the source.
    pub(crate) fn slice(&mut self, kind: Kind, text: std::ops::Range<usize>, complete: bool) -> NodeId {
        self.push(Node {
            kind,
            complete,
            place: Place::Source,
            settled: false,
            start: offset(text.start),
            end: offset(text.end),
            first: offset(text.start),
            count: offset(text.len()),
            next: NONE,
        })
    }

    /// Adds a node whose text `write` appends to the decoded text.
    pub(crate) fn decoded(
        &mut self,
        kind: Kind,
        span: std::ops::Range<usize>,
        complete: bool,
        write: impl FnOnce(&mut String),
    ) -> NodeId {
        let (text, place) = if self.sealed {
            (&mut self.arena.added_text, Place::Added)
        } else {
            (&mut self.arena.decoded, Place::Decoded)
        };
        let first = text.len();
        write(text);
        let count = offset(text.len() - first);
        self.push(Node {
            kind,
            complete,
            place,
            settled: false,
            start: offset(span.start),
            end: offset(span.end),
            first: offset(first),
            count,
            next: NONE,
        })
    }

    /// Makes `child` the one after `last` (or the first) of `parent`.
    pub(crate) fn link(&mut self, parent: NodeId, last: NodeId, child: NodeId) {
        if last == NONE {
            self.node_mut(parent).first = child;
        } else {
            self.node_mut(last).next = child;
        }
    }

    /// The text of a node that has text: without quotes, with escapes decoded. Empty for the others.
    pub(crate) fn text(&self, id: NodeId) -> &str {
        let node = self.node(id);
        match node.kind {
            Kind::List | Kind::Object => "",
            _ => {
                let from = match node.place {
                    Place::Source => self.source,
                    Place::Decoded => &self.arena.decoded,
                    Place::Added => &self.arena.added_text,
                };
                let first = node.first as usize;
                from.get(first..first + node.count as usize).unwrap_or_default()
            }
        }
    }

    /// The part of the source that an object or list was read from.
    pub(crate) fn written(&self, id: NodeId) -> &'t str {
        let node = self.node(id);
        self.source.get(node.start as usize..node.end as usize).unwrap_or_default()
    }

    /// The parts of the text `whole` before and behind a node, without the space around them.
    pub(crate) fn around(&self, id: NodeId, whole: NodeId) -> (&'t str, &'t str) {
        let (node, whole) = (self.node(id), self.node(whole));
        let part =
            |from: u32, to: u32| self.source.get(from as usize..to as usize).unwrap_or_default().trim();
        (part(whole.start, node.start), part(node.end, whole.end))
    }

    /// Whether that part has more than space and a comment between its brackets. Never so of what stood inside a string.
    pub(crate) fn is_written(&self, id: NodeId) -> bool {
        let text = self.written(id);
        let inner = text.get(1..text.len().saturating_sub(1)).unwrap_or_default();
        !Self::is_added(id)
            && text.starts_with(['{', '['])
            && text.ends_with(['}', ']'])
            && inner.contains(|c: char| c != ',' && !c.is_whitespace())
            && !inner.trim_start().starts_with(['/', '#'])
    }

    /// Copies the nodes of `inner`, read from the text of the string `at`, into this arena, and returns the
    /// new id of its node `root`. Spans become the string's.
    pub(crate) fn import(&mut self, inner: &Document<'_>, root: NodeId, at: NodeId) -> NodeId {
        let base = ADDED | offset(self.arena.added.len());
        let Node { start, end, settled, .. } = *self.node(at);
        let shift = |id: NodeId| if id == NONE { NONE } else { id + base };
        for (index, node) in inner.arena.nodes.iter().enumerate() {
            let mut copy = Node { start, end, settled, next: shift(node.next), ..*node };
            if matches!(node.kind, Kind::List | Kind::Object) {
                copy.first = shift(node.first);
            } else {
                copy.place = Place::Added;
                copy.first = offset(self.arena.added_text.len());
                self.arena.added_text.push_str(inner.text(offset(index)));
            }
            self.arena.added.push(copy);
        }
        shift(root)
    }

    fn push(&mut self, node: Node) -> NodeId {
        if self.sealed {
            self.arena.added.push(node);
            return ADDED | offset(self.arena.added.len() - 1);
        }
        self.arena.nodes.push(node);
        offset(self.arena.nodes.len() - 1)
    }
}

/// Texts of 2 GiB are refused before the reader sees them, so an offset always fits and never has the bit of
/// added nodes.
fn offset(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(NONE)
}
