//! Aligned values: what the text says, in the terms of the schema. They refer to the document for their text
//! and to each other by index; what two readings share is stored once.

use types::{CheckResult, ClassId, EnumId, Literal, StreamBehavior};

use crate::cost::Cost;
use crate::document::NodeId;

/// An aligned value, by its position in [`Values`].
pub(crate) type ValueId = u32;

/// An aligned value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Aligned<'s> {
    /// What it is.
    pub(crate) kind: AlignedKind<'s>,
    /// How far the text was bent to get it.
    pub(crate) cost: Cost,
    /// Where it was read; [`crate::document::NONE`] when the text does not have it.
    pub(crate) node: NodeId,
    /// Whether more text can change it no more.
    pub(crate) complete: bool,
    /// An assert failed. Only in partial answers, where a required field shows the value all the same.
    pub(crate) refused: bool,
    /// How it streams.
    pub(crate) stream: StreamBehavior,
    /// Its check results, if it has any.
    pub(crate) checks: Option<CheckId>,
}

/// What an aligned value is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum AlignedKind<'s> {
    /// `null`.
    Null,
    /// A boolean.
    Bool(bool),
    /// An int.
    Int(i64),
    /// A float.
    Float(f64),
    /// The text of the node.
    Text,
    /// The node, which is no text, written as text.
    Printed,
    /// A literal.
    Literal(&'s Literal),
    /// A value of an enum, by its position.
    Enum(EnumId, u32),
    /// Items.
    List(Span),
    /// Pairs.
    Map(Span),
    /// The values of the fields that are parsed, in order.
    Class(ClassId, Span),
}

/// The check results of a value, by their position counted from one.
pub(crate) type CheckId = std::num::NonZeroU32;

/// A part of a pool.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    start: u32,
    length: u32,
}

impl Span {
    fn range(self) -> std::ops::Range<usize> {
        let start = self.start as usize;
        start..start + self.length as usize
    }

    /// How many there are.
    pub(crate) fn len(self) -> usize {
        self.length as usize
    }
}

/// The key of a map's pair.
#[derive(Clone, Copy, Debug)]
pub(crate) enum MapKey<'s> {
    /// As the text has it.
    Text(NodeId),
    /// A value of an enum or a literal.
    Name(&'s str),
}

/// The arena of aligned values.
#[derive(Debug, Default)]
pub(crate) struct Values<'s> {
    all: Vec<Aligned<'s>>,
    children: Vec<ValueId>,
    pairs: Vec<(MapKey<'s>, ValueId)>,
    checks: Vec<Vec<CheckResult>>,
}

impl<'s> Values<'s> {
    /// An arena with room for `values`.
    pub(crate) fn with_capacity(values: usize) -> Self {
        Self { all: Vec::with_capacity(values), ..Self::default() }
    }

    /// Adds a value.
    pub(crate) fn push(&mut self, value: Aligned<'s>) -> ValueId {
        let id = number(self.all.len());
        self.all.push(value);
        id
    }

    /// A value by its id.
    pub(crate) fn get(&self, id: ValueId) -> &Aligned<'s> {
        &self.all[id as usize]
    }

    /// A value to be changed.
    pub(crate) fn get_mut(&mut self, id: ValueId) -> &mut Aligned<'s> {
        &mut self.all[id as usize]
    }

    /// Stores children together.
    pub(crate) fn children(&mut self, children: &[ValueId]) -> Span {
        let start = number(self.children.len());
        self.children.extend_from_slice(children);
        Span { start, length: number(children.len()) }
    }

    /// Stores pairs together.
    pub(crate) fn pairs(&mut self, pairs: &[(MapKey<'s>, ValueId)]) -> Span {
        let start = number(self.pairs.len());
        self.pairs.extend_from_slice(pairs);
        Span { start, length: number(pairs.len()) }
    }

    /// The children of a list or class.
    pub(crate) fn children_of(&self, span: Span) -> &[ValueId] {
        &self.children[span.range()]
    }

    /// The pairs of a map.
    pub(crate) fn pairs_of(&self, span: Span) -> &[(MapKey<'s>, ValueId)] {
        &self.pairs[span.range()]
    }

    /// Stores check results; `None` when there are none.
    pub(crate) fn add_checks(&mut self, checks: Vec<CheckResult>) -> Option<CheckId> {
        if checks.is_empty() {
            return None;
        }
        self.checks.push(checks);
        CheckId::new(number(self.checks.len()))
    }

    /// Check results by their id.
    pub(crate) fn checks_at(&self, id: CheckId) -> &[CheckResult] {
        &self.checks[id.get() as usize - 1]
    }
}

/// Texts are shorter than 4 GiB, and so is everything counted here.
fn number(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}
