//! What the reader found in the text: an arena of values with spans. Nodes refer to the text by offset and to
//! each other by index, so an arena can grow while a stream brings more text, and can be dropped at once.

/// A node, by its position in the arena.
pub(crate) type NodeId = u32;

/// No node.
pub(crate) const NONE: NodeId = u32::MAX;

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
    /// Whether `first` and `count` refer to the decoded text instead of the source.
    decoded: bool,
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

/// The text and the nodes read from it.
#[derive(Debug)]
pub(crate) struct Document<'t> {
    source: &'t str,
    nodes: Vec<Node>,
    decoded: String,
}

impl<'t> Document<'t> {
    /// An empty arena over `source`, which must be shorter than 4 GiB.
    pub(crate) fn new(source: &'t str) -> Self {
        // Room for one node in eight bytes: dense JSON has fewer, and memory that is not used costs nothing.
        Self { source, nodes: Vec::with_capacity(source.len() / 8 + 8), decoded: String::new() }
    }

    /// The text read.
    pub(crate) fn source(&self) -> &'t str {
        self.source
    }

    /// A node by its id.
    pub(crate) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id as usize]
    }

    /// A node to be changed.
    pub(crate) fn node_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.nodes[id as usize]
    }

    /// How many nodes there are.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Forgets the nodes from `len` on.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.nodes.truncate(len);
    }

    /// Adds a list or object without children.
    pub(crate) fn container(&mut self, kind: Kind, start: usize) -> NodeId {
        self.push(Node {
            kind,
            complete: false,
            decoded: false,
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
            decoded: false,
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
        let first = self.decoded.len();
        write(&mut self.decoded);
        self.push(Node {
            kind,
            complete,
            decoded: true,
            start: offset(span.start),
            end: offset(span.end),
            first: offset(first),
            count: offset(self.decoded.len() - first),
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
                let from = if node.decoded { self.decoded.as_str() } else { self.source };
                let first = node.first as usize;
                from.get(first..first + node.count as usize).unwrap_or_default()
            }
        }
    }

    /// Copies the nodes of `inner`, read from the text of the string `at`, into this arena, and returns the
    /// new id of its node `root`. Spans become the string's.
    pub(crate) fn import(&mut self, inner: &Document<'_>, root: NodeId, at: NodeId) -> NodeId {
        let base = offset(self.nodes.len());
        let (start, end) = (self.node(at).start, self.node(at).end);
        let shift = |id: NodeId| if id == NONE { NONE } else { id + base };
        for (index, node) in inner.nodes.iter().enumerate() {
            let mut copy = Node { start, end, next: shift(node.next), ..*node };
            if matches!(node.kind, Kind::List | Kind::Object) {
                copy.first = shift(node.first);
            } else {
                copy.decoded = true;
                copy.first = offset(self.decoded.len());
                self.decoded.push_str(inner.text(offset(index)));
            }
            self.nodes.push(copy);
        }
        shift(root)
    }

    fn push(&mut self, node: Node) -> NodeId {
        let id = offset(self.nodes.len());
        self.nodes.push(node);
        id
    }
}

/// Texts of 4 GiB are refused before the reader sees them, so an offset always fits.
fn offset(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(NONE)
}
