//! Schema-directed alignment: a node and a type become an aligned value, or a failure that says why not.
//!
//! Each node is looked at once per type that asks for it: where several readings compete (unions, a list that
//! stands for its item), results are remembered, so that no nesting of choices multiplies the work. The depth
//! of the recursion is bounded by the reader's depth limit and the nesting of the type.

mod choose;
mod class;
mod constraint;
mod lines;
mod list;
mod map;
mod scalar;
mod union;
mod words;

use rustc_hash::FxHashMap;
use types::{Judge, Primitive, StreamBehavior};

use crate::cost::{self, Cost, Tier};
use crate::document::{Document, Kind, NONE, Node, NodeId};
use crate::failure::{Failure, FailureId, Reason};
use crate::growth::Growths;
use crate::shape::{ShapeId, ShapeKind, Shapes};
use crate::value::{Aligned, AlignedKind, Pool, ValueId, Values};

pub(crate) use choose::Chosen;

/// How many lists, maps, classes and unions may wait for their parts: three for each level that the reader
/// allows. Types that wrap a value more often at each level reach it earlier.
const MAX_ACTIVE: usize = 3 * crate::reader::MAX_DEPTH;

/// How much text, in bytes, is looked through in the time that aligning one node takes.
pub(crate) const TEXT_PER_STEP: usize = 8;

/// How many parts a small list or object has at most.
const SMALL: u32 = 8;

/// A value, or why there is none.
pub(crate) type Outcome = Result<ValueId, FailureId>;

/// Everything one parse works with.
pub(crate) struct Aligner<'s, 't, 'j> {
    pub(crate) shapes: Shapes<'s>,
    pub(crate) document: Document<'t>,
    pub(crate) values: Values<'s>,
    pub(crate) failures: Pool<Failure>,
    pub(crate) growths: Growths,
    judge: &'j dyn Judge,
    /// The text may go on.
    pub(crate) partial: bool,
    /// The text is read as it comes: what is settled is aligned once, for this look and all that follow.
    pub(crate) incremental: bool,
    /// How many open choices ask for the same nodes: results are remembered while there are any.
    choices: usize,
    memo: Memo,
    /// What is being aligned, outermost first: a type that asks for itself on the same node is refused.
    active: Vec<(NodeId, ShapeId)>,
    /// The outermost position in `active` that such a refusal referred to.
    blocked: usize,
    /// Results that such a refusal played a part in: types that ask for each other would multiply without them.
    bound: Vec<Bound>,
    imported: FxHashMap<NodeId, NodeId>,
    /// The list made of objects that stood one after another; each may be a wrapper of items.
    gathered: NodeId,
    /// What is being aligned is the answer itself and no part of it.
    is_answer: bool,
    /// What was done, in steps that take about the same time.
    pub(crate) work: usize,
}

/// Results by node and shape.
#[derive(Debug, Default)]
struct Memo {
    /// Those that hold for good.
    kept: FxHashMap<(NodeId, u32), Known>,
    /// Those that hold for one look at an unfinished text.
    passing: FxHashMap<(NodeId, u32), Known>,
    /// Strings that were looked into and may still change.
    imported: Vec<NodeId>,
    /// What holds for good needs something that alignment added to the document.
    added: bool,
}

/// A result that is remembered.
#[derive(Clone, Copy, Debug)]
struct Known {
    outcome: Outcome,
    /// The type asked for itself on the same node on the way. Asked for by another type on that node, which may be
    /// one of those on the way, it would find less.
    endless: bool,
}

/// A result that holds as long as something further out is being aligned.
#[derive(Clone, Copy, Debug)]
struct Bound {
    node: NodeId,
    shape: ShapeId,
    /// The node was the answer itself.
    is_answer: bool,
    outcome: Outcome,
    /// The position of that in [`Aligner::active`].
    within: usize,
}

/// What stays from one look at an unfinished text to the next.
pub(crate) struct Remembered<'s> {
    shapes: Shapes<'s>,
    values: Values<'s>,
    growths: Growths,
    failures: Pool<Failure>,
    memo: Memo,
    imported: FxHashMap<NodeId, NodeId>,
}

impl<'s> Remembered<'s> {
    /// Nothing, but for the shapes.
    pub(crate) fn new(shapes: Shapes<'s>) -> Self {
        let mut values = Values::with_capacity(0);
        values.keeps = false;
        Self {
            shapes,
            values,
            growths: Growths::default(),
            failures: Pool::default(),
            memo: Memo::default(),
            imported: FxHashMap::default(),
        }
    }
}

impl<'s, 't, 'j> Aligner<'s, 't, 'j> {
    /// An aligner of what `document` holds.
    pub(crate) fn new(
        shapes: Shapes<'s>,
        document: Document<'t>,
        judge: &'j dyn Judge,
        partial: bool,
    ) -> Self {
        let values = Values::with_capacity(document.len());
        let mut aligner = Self::resume(Remembered::new(shapes), document, judge);
        aligner.values = values;
        aligner.partial = partial;
        aligner.incremental = false;
        aligner
    }

    /// An aligner that takes one more look at an unfinished text.
    pub(crate) fn resume(remembered: Remembered<'s>, document: Document<'t>, judge: &'j dyn Judge) -> Self {
        let Remembered { shapes, values, growths, failures, memo, imported } = remembered;
        Self {
            shapes,
            document,
            values,
            failures,
            growths,
            judge,
            partial: true,
            incremental: true,
            choices: 0,
            memo,
            active: Vec::new(),
            blocked: usize::MAX,
            bound: Vec::new(),
            imported,
            gathered: NONE,
            is_answer: false,
            work: 0,
        }
    }

    /// What the next look goes on with, and the document without what only this look added to it: `added` is how
    /// far alignment had added to it before.
    pub(crate) fn into_remembered(mut self, added: (usize, usize)) -> (Remembered<'s>, Document<'t>) {
        if !std::mem::take(&mut self.memo.added) {
            self.document.take_back_added(added);
        }
        for node in self.memo.imported.drain(..) {
            self.imported.remove(&node);
        }
        self.memo.passing.clear();
        self.values.clear_passing();
        self.failures.clear_passing();
        let Self { shapes, document, values, failures, growths, memo, imported, .. } = self;
        (Remembered { shapes, values, growths, failures, memo, imported }, document)
    }

    /// Aligns a node with a type.
    fn align(&mut self, node: NodeId, shape: ShapeId) -> Outcome {
        let Node { kind, count, settled, .. } = *self.document.node(node);
        let holder = matches!(kind, Kind::List | Kind::Object);
        self.work += if holder { 1 } else { 1 + count as usize / TEXT_PER_STEP };
        if settled && !self.values.keeps {
            return self.align_settled(node, shape);
        }
        let composite = matches!(
            self.shapes.get(shape).kind,
            ShapeKind::Class(_) | ShapeKind::List(_) | ShapeKind::Map(..) | ShapeKind::Union(_)
        );
        // A scalar that is wanted of a list is looked for in its items, however deep they nest.
        if !composite && !holder {
            let outcome = self.align_kind(node, shape);
            return self.judged(outcome, shape);
        }
        let remembers = self.choices > 0 && holder && (self.incremental || !self.is_small(node));
        let key = self.key(node, shape);
        // What was settled inside of something open stays what it was when that is settled too.
        let looks = remembers || (holder && settled && self.incremental);
        let inner = self.active.last().is_some_and(|(active, _)| *active == node);
        if looks
            && let Some(known) = self.memo(key)
            && !(inner && known.endless)
        {
            return known.outcome;
        }
        if inner && let Some(bound) = self.bound(node, shape) {
            self.blocked = self.blocked.min(bound.within);
            return bound.outcome;
        }
        let depth = self.active.len();
        if depth >= MAX_ACTIVE {
            return Err(self.fail(node, shape, Reason::TooDeep));
        }
        let on_this_node = self.active.iter().rev().take_while(|(active, _)| *active == node);
        if let Some(back) = on_this_node.map(|(_, shape)| *shape).position(|active| active == shape) {
            self.blocked = self.blocked.min(depth - 1 - back);
            return Err(self.fail(node, shape, Reason::Endless));
        }
        self.active.push((node, shape));
        let outer = std::mem::replace(&mut self.blocked, usize::MAX);
        let bound = self.bound.len();
        let outcome = self.align_kind(node, shape);
        let outcome = self.judged(outcome, shape);
        self.active.pop();
        self.unbind(bound, depth);
        // A refusal that referred to a frame further out makes the result true only inside that frame.
        let depends = self.blocked < depth;
        if remembers && !depends {
            self.remember(key, Known { outcome, endless: self.blocked == depth });
        }
        if depends {
            self.bound.push(Bound { node, shape, is_answer: self.is_answer, outcome, within: self.blocked });
        }
        self.blocked = if depends { outer.min(self.blocked) } else { outer };
        outcome
    }

    /// What was made of the node as this type inside of what is being aligned now. All results behind the last one of
    /// another node are of this node.
    fn bound(&self, node: NodeId, shape: ShapeId) -> Option<Bound> {
        let of_node = self.bound.iter().rev().take_while(|bound| bound.node == node);
        of_node.copied().find(|bound| bound.shape == shape && bound.is_answer == self.is_answer)
    }

    /// Forgets the results from `first` on that held only inside of what stood at `depth`.
    fn unbind(&mut self, first: usize, depth: usize) {
        let mut kept = first;
        for at in first..self.bound.len() {
            if self.bound[at].within < depth {
                self.bound.swap(kept, at);
                kept += 1;
            }
        }
        self.bound.truncate(kept);
    }

    /// Aligns a part of what is being aligned.
    #[expect(clippy::inline_always, reason = "a frame less for each level of nesting")]
    #[inline(always)]
    fn part(&mut self, node: NodeId, shape: ShapeId) -> Outcome {
        let whole = std::mem::replace(&mut self.is_answer, false);
        let outcome = self.align(node, shape);
        self.is_answer = whole;
        outcome
    }

    /// Under what the outcome for a node and a shape is remembered.
    fn key(&self, node: NodeId, shape: ShapeId) -> (NodeId, u32) {
        (node, shape.number() << 1 | u32::from(self.is_answer))
    }

    /// Aligns a settled node inside of what may still change: once for all looks at the text.
    fn align_settled(&mut self, node: NodeId, shape: ShapeId) -> Outcome {
        let key = self.key(node, shape);
        if let Some(known) = self.memo.kept.get(&key) {
            return known.outcome;
        }
        self.values.keeps = true;
        let added = self.document.added();
        let blocked = std::mem::replace(&mut self.blocked, usize::MAX);
        let outcome = self.align(node, shape);
        // Nothing that encloses it is of the same node, so it depends on nothing.
        self.blocked = blocked.min(self.blocked);
        self.values.keeps = false;
        self.memo.added |= self.document.added() != added;
        self.memo.kept.entry(key).or_insert(Known { outcome, endless: true });
        outcome
    }

    /// What was read from inside a string, or none.
    pub(crate) fn read_inside(&self, string: NodeId) -> NodeId {
        self.imported.get(&string).copied().unwrap_or(NONE)
    }

    /// Whether the node is the list made of objects that stood one after another.
    pub(crate) fn is_gathered(&self, node: NodeId) -> bool {
        self.gathered != NONE && self.gathered == node
    }

    /// Whether the list or object has few parts, and none with parts of its own: to read it again costs less than to
    /// remember it.
    fn is_small(&self, node: NodeId) -> bool {
        let Node { count, first, .. } = *self.document.node(node);
        if count > SMALL {
            return false;
        }
        let mut part = first;
        while part != NONE {
            if matches!(self.document.node(part).kind, Kind::List | Kind::Object) {
                return false;
            }
            part = self.document.node(part).next;
        }
        true
    }

    fn memo(&self, key: (NodeId, u32)) -> Option<Known> {
        let memo = if self.values.keeps { &self.memo.kept } else { &self.memo.passing };
        memo.get(&key).copied()
    }

    fn remember(&mut self, key: (NodeId, u32), known: Known) {
        let memo = if self.values.keeps { &mut self.memo.kept } else { &mut self.memo.passing };
        memo.insert(key, known);
    }

    /// Whether more may be read of the object or list, and what was taken in of it is to be remembered.
    fn is_open(&self, node: NodeId) -> bool {
        self.incremental && !self.document.node(node).settled && !Document::is_added(node)
    }

    fn align_kind(&mut self, node: NodeId, shape: ShapeId) -> Outcome {
        match self.shapes.get(shape).kind.clone() {
            ShapeKind::Primitive(Primitive::Int) => self.int(node, shape),
            ShapeKind::Primitive(Primitive::Float) => self.float(node, shape),
            ShapeKind::Primitive(Primitive::Bool) => self.bool(node, shape),
            ShapeKind::Primitive(Primitive::String) => self.string(node, shape),
            ShapeKind::Primitive(Primitive::Null) => Ok(self.null(node, shape)),
            ShapeKind::Media => Err(self.fail(node, shape, Reason::Media)),
            ShapeKind::Literal(literal) => self.literal(node, shape, literal),
            ShapeKind::Enum(id) => self.enumeration(node, shape, id),
            ShapeKind::Class(id) => self.class(node, shape, id),
            ShapeKind::List(item) => Ok(self.list(node, shape, item)),
            ShapeKind::Map(key, value) => self.map(node, shape, key, value),
            ShapeKind::Union(members) => self.union(node, shape, &members),
        }
    }

    /// Adds a value read at `node`.
    fn value(&mut self, node: NodeId, shape: ShapeId, kind: AlignedKind<'s>, cost: Cost) -> ValueId {
        let stream = self.shapes.get(shape).stream;
        let complete = node != NONE && self.document.node(node).complete;
        self.values.push(Aligned { kind, cost, node, complete, refused: false, stream, checks: None })
    }

    /// Adds a value that the text does not have.
    fn absent(&mut self, stream: StreamBehavior, kind: AlignedKind<'s>) -> ValueId {
        let cost = Cost::default();
        self.values.push(Aligned {
            kind,
            cost,
            node: NONE,
            complete: false,
            refused: false,
            stream,
            checks: None,
        })
    }

    /// Records why a node does not fit.
    fn fail(&mut self, node: NodeId, shape: ShapeId, reason: Reason) -> FailureId {
        self.failures.push(Failure { shape, node, reason }, self.values.keeps)
    }

    fn cost(&self, value: ValueId) -> Cost {
        self.values.get(value).cost
    }

    /// The kind of a node; a key is text like any other.
    fn kind(&self, node: NodeId) -> Kind {
        match self.document.node(node).kind {
            Kind::Key => Kind::String,
            kind => kind,
        }
    }

    /// Whether the value is not shown yet: an unfinished null, number, boolean, enum value or literal, or anything
    /// unfinished that streams only when done.
    pub(crate) fn withheld(&self, value: ValueId) -> bool {
        let value = self.values.get(value);
        self.partial
            && !value.complete
            && value.node != NONE
            && (value.stream.done
                || matches!(
                    value.kind,
                    AlignedKind::Null
                        | AlignedKind::Bool(_)
                        | AlignedKind::Int(_)
                        | AlignedKind::Float(_)
                        | AlignedKind::Literal(_)
                        | AlignedKind::Enum(..)
                ))
    }

    /// Whether there is no answer to show yet. Null is one where objects may come and none has begun.
    pub(crate) fn withholds(&self, value: ValueId, shape: ShapeId) -> bool {
        let aligned = self.values.get(value);
        let of_objects = match &self.shapes.get(shape).kind {
            ShapeKind::Union(members) => members.iter().all(|member| {
                matches!(
                    self.shapes.get(*member).kind,
                    ShapeKind::Class(_) | ShapeKind::Primitive(Primitive::Null)
                )
            }),
            _ => false,
        };
        let is_null = matches!(aligned.kind, AlignedKind::Null) && !aligned.stream.done;
        self.withheld(value) && !(is_null && of_objects && self.cost(value).tier() == Tier::Nulled)
    }

    /// Whether the value is of no use as an item of a list or map: not shown yet, or refused by an assert.
    fn unusable(&self, value: ValueId) -> bool {
        self.withheld(value) || self.values.get(value).refused
    }

    /// The cheapest reading of the items of a list, where one value is wanted.
    fn single(&mut self, list: NodeId, shape: ShapeId) -> Outcome {
        let mut best: Option<ValueId> = None;
        let mut first_failure = None;
        let mut item = self.document.node(list).first;
        while item != NONE {
            match self.align(item, shape) {
                Ok(value) if best.is_none_or(|best| self.cost(value) < self.cost(best)) => best = Some(value),
                Ok(_) => {}
                Err(failure) => first_failure = first_failure.or(Some(failure)),
            }
            if best.is_some_and(|best| self.cost(best) == Cost::default()) {
                break;
            }
            item = self.document.node(item).next;
        }
        match (best, first_failure) {
            (Some(best), _) => {
                let several = self.document.node(list).count > 1;
                let value = self.dearer(best, cost::SINGLE + if several { cost::PASSED_OVER } else { 0 });
                let complete = self.document.node(list).complete;
                let dearer = self.values.get_mut(value);
                // A list in a list is no longer like its item.
                let nested = dearer.cost.tier() >= Tier::Unlisted;
                dearer.cost = dearer.cost.at(if nested { Tier::PrintedContainer } else { Tier::Unlisted });
                // A better item may still come.
                dearer.complete &= complete;
                Ok(value)
            }
            (None, Some(failure)) => Err(self.fail(list, shape, Reason::Items(failure))),
            (None, None) => Err(self.fail(list, shape, Reason::Mismatch)),
        }
    }

    /// The same value at a higher cost.
    fn dearer(&mut self, value: ValueId, points: u64) -> ValueId {
        let mut copy = *self.values.get(value);
        copy.cost = copy.cost.plus(points);
        self.values.push(copy)
    }

    /// The object or list written inside a string, read once.
    fn inside(&mut self, node: NodeId) -> Option<NodeId> {
        if let Some(known) = self.imported.get(&node) {
            return Some(*known).filter(|root| *root != NONE);
        }
        if self.kind(node) != Kind::String || Document::is_added(node) {
            return None;
        }
        let text = self.document.text(node);
        let start = text.len() - text.trim_start().len();
        if !text[start..].starts_with(['{', '[']) || !text.trim_end().ends_with(['}', ']']) {
            return None;
        }
        let text = text.to_owned();
        let mut inner = Document::new(&text);
        let read = crate::reader::Reader::new(&mut inner, &text, start, None).read();
        let root = match read {
            Ok((root, end)) if inner.node(root).complete && text[end..].trim().is_empty() => {
                self.document.import(&inner, root, node)
            }
            _ => NONE,
        };
        if !self.values.keeps {
            self.memo.imported.push(node);
        }
        self.imported.insert(node, root);
        Some(root).filter(|root| *root != NONE)
    }
}
