//! Aligned values: what the text says, in the terms of the schema. They refer to the document for their text
//! and to each other by index; what two readings share is stored once.

use rustc_hash::FxHashMap;
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
    /// The node, which is no text, as the answer has it.
    Written,
    /// A literal.
    Literal(&'s Literal),
    /// A value of an enum, by its position.
    Enum(EnumId, u32),
    /// Items.
    List(Span),
    /// Pairs.
    Map(Span),
    /// A list that has not ended: the items that [`crate::growth::Growths`] holds for its node and this shape, and
    /// behind them those that may change.
    GrowingList(u32, Span),
    /// The same for a map and its pairs.
    GrowingMap(u32, Span),
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
pub(crate) enum MapKey {
    /// As the text has it.
    Text(NodeId),
    /// A value of an enum or a literal: see [`Values::name`].
    Name(u32),
}

impl Span {
    /// A number that no other span of the pool has; `None` if it is empty.
    pub(crate) fn number(self) -> Option<u32> {
        (self.length > 0).then_some(self.start)
    }
}

/// The arena of aligned values. What was read from text that may still change goes to a part of its own, which is
/// emptied after each look at an unfinished answer.
#[derive(Debug)]
pub(crate) struct Values<'s> {
    all: Pool<Aligned<'s>>,
    children: Pool<ValueId>,
    pairs: Pool<(MapKey, ValueId)>,
    /// The names that are keys of maps, each once.
    names: Vec<&'s str>,
    numbers: FxHashMap<&'s str, u32>,
    checks: Pool<Vec<CheckResult>>,
    /// Whether what is added is there for good.
    pub(crate) keeps: bool,
}

impl<'s> Values<'s> {
    /// An arena with room for `values`.
    pub(crate) fn with_capacity(values: usize) -> Self {
        Self {
            all: Pool::with_capacity(values),
            children: Pool::default(),
            pairs: Pool::default(),
            names: Vec::new(),
            numbers: FxHashMap::default(),
            checks: Pool::default(),
            keeps: true,
        }
    }

    /// Forgets what was not kept.
    pub(crate) fn clear_passing(&mut self) {
        self.all.passing.clear();
        self.children.passing.clear();
        self.pairs.passing.clear();
        self.checks.passing.clear();
    }

    /// Whether the value is there for good: nothing in it will change.
    pub(crate) fn is_kept(id: ValueId) -> bool {
        id & PASSING == 0
    }

    /// Adds a value.
    pub(crate) fn push(&mut self, value: Aligned<'s>) -> ValueId {
        self.all.push(value, self.keeps)
    }

    /// A value by its id.
    #[inline]
    pub(crate) fn get(&self, id: ValueId) -> &Aligned<'s> {
        self.all.get(id)
    }

    /// A value to be changed.
    pub(crate) fn get_mut(&mut self, id: ValueId) -> &mut Aligned<'s> {
        self.all.get_mut(id)
    }

    /// Stores children together.
    pub(crate) fn children(&mut self, children: &[ValueId]) -> Span {
        self.children.extend(children, self.keeps)
    }

    /// Stores pairs together.
    pub(crate) fn pairs(&mut self, pairs: &[(MapKey, ValueId)]) -> Span {
        self.pairs.extend(pairs, self.keeps)
    }

    /// The children of a list or class.
    pub(crate) fn children_of(&self, span: Span) -> &[ValueId] {
        self.children.slice(span)
    }

    /// A name as the key of a map.
    pub(crate) fn key(&mut self, name: &'s str) -> MapKey {
        let number = *self.numbers.entry(name).or_insert_with(|| {
            self.names.push(name);
            number(self.names.len() - 1)
        });
        MapKey::Name(number)
    }

    /// The name with a number.
    pub(crate) fn name(&self, number: u32) -> &'s str {
        self.names.get(number as usize).copied().unwrap_or_default()
    }

    /// The pairs of a map.
    pub(crate) fn pairs_of(&self, span: Span) -> &[(MapKey, ValueId)] {
        self.pairs.slice(span)
    }

    /// Stores check results; `None` when there are none.
    pub(crate) fn add_checks(&mut self, checks: Vec<CheckResult>) -> Option<CheckId> {
        if checks.is_empty() {
            return None;
        }
        CheckId::new(self.checks.push(checks, self.keeps) + 1)
    }

    /// Check results by their id.
    pub(crate) fn checks_at(&self, id: CheckId) -> &[CheckResult] {
        self.checks.get(id.get() - 1)
    }
}

/// The ids of what is not there for good have this bit.
const PASSING: u32 = 1 << 31;

/// Things by number: those that are there for good, and those that are not.
#[derive(Debug)]
pub(crate) struct Pool<T> {
    kept: Vec<T>,
    passing: Vec<T>,
}

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Self { kept: Vec::new(), passing: Vec::new() }
    }
}

impl<T> Pool<T> {
    fn with_capacity(kept: usize) -> Self {
        Self { kept: Vec::with_capacity(kept), passing: Vec::new() }
    }

    /// Adds a thing.
    pub(crate) fn push(&mut self, thing: T, keep: bool) -> u32 {
        if keep {
            self.kept.push(thing);
            number(self.kept.len() - 1)
        } else {
            self.passing.push(thing);
            PASSING | number(self.passing.len() - 1)
        }
    }

    /// A thing by its number, which must come from this pool.
    #[inline]
    pub(crate) fn get(&self, id: u32) -> &T {
        if id & PASSING == 0 { &self.kept[id as usize] } else { &self.passing[(id & !PASSING) as usize] }
    }

    fn get_mut(&mut self, id: u32) -> &mut T {
        if id & PASSING == 0 {
            &mut self.kept[id as usize]
        } else {
            &mut self.passing[(id & !PASSING) as usize]
        }
    }

    /// Forgets what was not kept.
    pub(crate) fn clear_passing(&mut self) {
        self.passing.clear();
    }

    /// All things that are there for good, with their numbers.
    pub(crate) fn all_kept(&self) -> impl Iterator<Item = (u32, &T)> {
        (0..).zip(&self.kept)
    }

    fn slice(&self, span: Span) -> &[T] {
        if span.start & PASSING == 0 {
            &self.kept[span.range()]
        } else {
            &self.passing[Span { start: span.start & !PASSING, ..span }.range()]
        }
    }
}

impl<T: Copy> Pool<T> {
    fn extend(&mut self, things: &[T], keep: bool) -> Span {
        let (pool, bit) = if keep { (&mut self.kept, 0) } else { (&mut self.passing, PASSING) };
        let start = bit | number(pool.len());
        pool.extend_from_slice(things);
        Span { start, length: number(things.len()) }
    }
}

/// Texts are shorter than 2 GiB, and so is everything counted here.
fn number(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}
