//! Unions: every member is tried, the cheapest reading wins, the first one on ties.

use std::cmp::Ordering;

use types::{Literal, Primitive};

use super::scalar::is_code_word;
use super::{Aligner, Outcome};
use crate::cost::{self, Cost, Tier};
use crate::document::{Kind, NONE, Node, NodeId};
use crate::failure::{FailureId, Reason};
use crate::reader::is_number;
use crate::shape::{ShapeId, ShapeKind};
use crate::value::{Aligned, AlignedKind, Span, ValueId};

/// What came of the members that were tried.
struct Tried {
    /// The node is text that a member takes as it is.
    text: bool,
    /// The members that take single values are left out: a member takes the list as it is.
    without_scalars: bool,
    /// The members that are left are those that make text or null of an object or list.
    last_resort: bool,
    /// The place of the best member, and its reading.
    best: Option<(usize, ValueId)>,
    /// The places of those that do not fit, and why.
    failures: Vec<(usize, FailureId)>,
}

impl Aligner<'_, '_, '_> {
    /// One of several types.
    pub(super) fn union(&mut self, node: NodeId, shape: ShapeId, members: &[ShapeId]) -> Outcome {
        let several = members.iter().filter(|member| !self.is_null(**member)).count() > 1;
        let text = self.takes_text(node, members);
        let listed = self.kind(node) == Kind::List && self.takes_lists(members);
        let mut tried =
            Tried { text, without_scalars: listed, last_resort: false, best: None, failures: Vec::new() };
        self.choices += usize::from(several);
        self.try_members(node, members, &mut tried);
        let bent =
            |(_, best): (usize, ValueId)| self.cost_as_member(best, members).tier() >= Tier::PrintedContainer;
        if tried.best.is_none_or(bent) {
            tried.last_resort = true;
            // What no list takes all of, a text may.
            tried.without_scalars &= !tried.best.is_some_and(|(_, best)| self.loses_items(best));
            self.try_members(node, members, &mut tried);
        }
        self.choices -= usize::from(several);
        self.best_of((node, listed), shape, tried)
    }

    /// What came of the members, one of which takes the node as the list that it is if it is `listed`: the best, or why
    /// there is none.
    fn best_of(&mut self, (node, listed): (NodeId, bool), shape: ShapeId, mut tried: Tried) -> Outcome {
        if let Some((_, best)) = tried.best {
            let best = if listed { self.list_as_written(node, best) } else { best };
            return Ok(self.as_union(best, shape));
        }
        tried.failures.sort_unstable();
        let failures = tried.failures.into_iter().map(|(_, failure)| failure).collect();
        Err(self.fail(node, shape, Reason::Members(failures)))
    }

    /// Tries members in their order until one fits as it is: the last resorts, or all others.
    fn try_members(&mut self, node: NodeId, members: &[ShapeId], tried: &mut Tried) {
        for (place, member) in members.iter().enumerate() {
            if self.is_last_resort(node, *member) != tried.last_resort
                || self.is_hopeless(node, *member, members, tried.text)
                || (tried.without_scalars && self.is_scalar_member(*member))
            {
                continue;
            }
            match self.align(node, *member) {
                Ok(value) if self.values.get(value).refused => {}
                Ok(value) if self.is_guess(value) => {}
                // Text that may go on is shown as text: it was before the word had come, and may be after it.
                Ok(value) if tried.text && self.withheld(value) => {}
                Ok(value) => {
                    let cost = self.cost_as_member(value, members);
                    let better = |(known, best)| match self.fills_more(value, best) {
                        Ordering::Greater => true,
                        Ordering::Less => false,
                        Ordering::Equal => (cost, place) < (self.cost_as_member(best, members), known),
                    };
                    if tried.best.is_none_or(better) {
                        tried.best = Some((place, value));
                    }
                    if cost == Cost::default() {
                        break;
                    }
                }
                Err(failure) => tried.failures.push((place, failure)),
            }
        }
    }

    /// Whether the member takes the node only by making text or null of an object or list: any reading that needs not
    /// do that is cheaper, so it is tried when there is none.
    fn is_last_resort(&self, node: NodeId, member: ShapeId) -> bool {
        matches!(self.kind(node), Kind::Object | Kind::List)
            && matches!(
                self.shapes.get(member).kind,
                ShapeKind::Primitive(Primitive::String | Primitive::Null)
            )
    }

    /// Whether the node is text and a member takes it as it is, which nothing but a word can match.
    fn takes_text(&self, node: NodeId, members: &[ShapeId]) -> bool {
        let text = match self.kind(node) {
            Kind::String | Kind::Raw => true,
            Kind::Bare => !is_code_word(self.document.text(node)),
            _ => false,
        };
        text && self.has_string(members)
    }

    /// Whether a member takes any text.
    fn has_string(&self, members: &[ShapeId]) -> bool {
        members.iter().any(|member| {
            let shape = self.shapes.get(*member);
            shape.kind == ShapeKind::Primitive(Primitive::String) && shape.constraints.is_empty()
        })
    }

    fn is_list_of_text(&self, node: NodeId) -> bool {
        let Node { kind, first, .. } = *self.document.node(node);
        kind == Kind::List && first != NONE && self.kind(first) == Kind::String
    }

    /// Whether a member need not be tried: it cannot take this kind of node, or not as well as the string that
    /// takes the `text`.
    fn is_hopeless(&self, node: NodeId, member: ShapeId, members: &[ShapeId], text: bool) -> bool {
        match &self.shapes.get(member).kind {
            ShapeKind::Primitive(Primitive::String)
            | ShapeKind::Literal(Literal::String(_))
            | ShapeKind::Enum(_) => false,
            _ if text => true,
            // A list of texts is one text rather than the number in one of them.
            ShapeKind::Primitive(Primitive::Int | Primitive::Float | Primitive::Bool)
                if self.is_list_of_text(node) && self.has_string(members) =>
            {
                true
            }
            ShapeKind::Primitive(Primitive::Int | Primitive::Float)
                if matches!(self.kind(node), Kind::True | Kind::False) =>
            {
                self.has_bool(members)
            }
            ShapeKind::Primitive(Primitive::Int | Primitive::Float | Primitive::Bool) => {
                matches!(self.kind(node), Kind::Object | Kind::Null)
            }
            _ => false,
        }
    }

    /// Whether a member takes any truth.
    fn has_bool(&self, members: &[ShapeId]) -> bool {
        members.iter().any(|member| {
            let shape = self.shapes.get(*member);
            shape.kind == ShapeKind::Primitive(Primitive::Bool) && shape.constraints.is_empty()
        })
    }

    /// Whether a member takes any list as it is, which no reading of one of its items can beat.
    fn takes_lists(&self, members: &[ShapeId]) -> bool {
        members.iter().any(|member| {
            let shape = self.shapes.get(*member);
            matches!(shape.kind, ShapeKind::List(_)) && shape.constraints.is_empty()
        })
    }

    fn is_scalar_member(&self, member: ShapeId) -> bool {
        matches!(
            self.shapes.get(member).kind,
            ShapeKind::Primitive(Primitive::Int | Primitive::Float | Primitive::Bool | Primitive::String)
                | ShapeKind::Literal(_)
        )
    }

    fn is_null(&self, shape: ShapeId) -> bool {
        matches!(self.shapes.get(shape).kind, ShapeKind::Primitive(Primitive::Null))
    }

    /// Whether a reading took nothing from the text: a class of nothing but defaults, a list emptied. Another
    /// member may do better; if none does, the text fits none. While the text may go on, that is for later.
    fn is_guess(&self, value: ValueId) -> bool {
        if self.partial {
            return false;
        }
        matches!(self.cost(value).tier(), Tier::Defaulted | Tier::Emptied)
    }

    /// The cost of a reading among those of other members: any object fits a map, so a class that fits as well is
    /// meant, and more so where the map leaves entries out, or an object had to become text to fit it or a list of
    /// one.
    fn cost_as_member(&self, value: ValueId, members: &[ShapeId]) -> Cost {
        let aligned = self.values.get(value);
        let printed = |part: ValueId| self.cost(part).tier() == Tier::PrintedContainer;
        match aligned.kind {
            AlignedKind::Map(_) | AlignedKind::GrowingMap(..) => {
                let cost = aligned.cost.plus(cost::MAP);
                if self.has_container_text(value) {
                    return cost.plus(cost::MADE_TEXT).at(Tier::Unlisted);
                }
                if self.leaves_entries_out(value) { cost.at(Tier::Unlisted) } else { cost }
            }
            // An object is a map, and not a list of one, where both are members.
            AlignedKind::List(items)
                if self.is_object(aligned.node) && self.holds_map(items) && !self.partial =>
            {
                aligned.cost.plus(2 * cost::MAP)
            }
            AlignedKind::List(_) if self.loses_items(value) && self.has_string(members) => {
                aligned.cost.at(Tier::PrintedContainer)
            }
            AlignedKind::List(items) if !self.partial || !self.is_list(aligned.node) => {
                let printed = |part: &ValueId| printed(*part) && self.is_object(self.values.get(*part).node);
                let printed = self.values.children_of(items).iter().any(printed);
                let tier = if self.is_object(aligned.node) { Tier::Unlisted } else { Tier::PrintedContainer };
                if printed {
                    return aligned.cost.plus(cost::MADE_TEXT).at(tier);
                }
                // A text that is a number is no list of one text.
                let points = if self.is_number_text(aligned.node) { cost::MADE_TEXT } else { 0 };
                aligned.cost.plus(points)
            }
            _ => aligned.cost,
        }
    }

    /// Whether a map that has ended has fewer entries than its object.
    fn leaves_entries_out(&self, map: ValueId) -> bool {
        let aligned = self.values.get(map);
        let AlignedKind::Map(pairs) = aligned.kind else { return false };
        !self.partial && self.values.pairs_of(pairs).len() < self.document.node(aligned.node).count as usize
    }

    fn is_number_text(&self, node: NodeId) -> bool {
        node != NONE
            && self.kind(node) == Kind::String
            && (!self.partial || self.document.node(node).complete)
            && is_number(self.document.text(node).trim())
    }

    /// How two classes read from one object compare by what they take of it: the one that takes more of its keys, and
    /// has no more fields that stay without a value, is meant, whatever is amiss further in.
    fn fills_more(&self, value: ValueId, other: ValueId) -> Ordering {
        let (Some(one), Some(two)) = (self.filled(value), self.filled(other)) else { return Ordering::Equal };
        let same_node = self.values.get(value).node == self.values.get(other).node;
        if !same_node || self.cost(value).tier() != self.cost(other).tier() {
            return Ordering::Equal;
        }
        let (taken, left) = (one.0.cmp(&two.0), two.1.cmp(&one.1));
        if taken == left.reverse() { Ordering::Equal } else { taken }
    }

    /// How many fields of a class have a value from the object it was read from, and how many have none.
    fn filled(&self, value: ValueId) -> Option<(usize, usize)> {
        let aligned = self.values.get(value);
        let AlignedKind::Class(_, fields) = aligned.kind else { return None };
        if !self.is_object(aligned.node) {
            return None;
        }
        let fields = self.values.children_of(fields);
        let taken = fields.iter().filter(|field| self.is_taken(**field)).count();
        Some((taken, fields.len() - taken))
    }

    /// Whether a value was read from the text and not put in the place of what does not fit.
    fn is_taken(&self, value: ValueId) -> bool {
        let aligned = self.values.get(value);
        if aligned.node == NONE {
            return false;
        }
        match aligned.kind {
            AlignedKind::Null => {
                self.cost(value).tier() < Tier::Nulled && self.kind(aligned.node) == Kind::Null
            }
            AlignedKind::List(items) => {
                !self.values.children_of(items).is_empty() || self.kind(aligned.node) == Kind::List
            }
            AlignedKind::Map(pairs) => {
                !self.values.pairs_of(pairs).is_empty() || self.kind(aligned.node) == Kind::Object
            }
            _ => true,
        }
    }

    fn is_list(&self, node: NodeId) -> bool {
        node != NONE && self.kind(node) == Kind::List
    }

    fn holds_map(&self, items: Span) -> bool {
        let is_map = |item: &ValueId| {
            matches!(self.values.get(*item).kind, AlignedKind::Map(_) | AlignedKind::GrowingMap(..))
        };
        self.values.children_of(items).first().is_some_and(is_map)
    }

    /// Whether a list is less than the one that it was read from, which it would not be as text.
    fn loses_items(&self, value: ValueId) -> bool {
        let Aligned { kind: AlignedKind::List(items), node, .. } = *self.values.get(value) else {
            return false;
        };
        !self.partial && node != NONE && self.kind(node) == Kind::List && self.drops_items(node, items.len())
    }

    /// Whether `kept` items are not all of the list at `node`, but for nulls; of objects some may be of no use.
    pub(super) fn drops_items(&self, node: NodeId, kept: usize) -> bool {
        let Node { count, first, .. } = *self.document.node(node);
        if kept >= count as usize {
            return false;
        }
        let mut item = first;
        let mut wanted = 0;
        let mut scalars = 0;
        while item != NONE {
            let is_nothing = match self.kind(item) {
                Kind::Null => true,
                Kind::Bare => is_code_word(self.document.text(item)),
                _ => false,
            };
            wanted += usize::from(!is_nothing);
            scalars += usize::from(!is_nothing && !matches!(self.kind(item), Kind::Object | Kind::List));
            item = self.document.node(item).next;
        }
        kept < wanted && (kept == 0 || scalars > 0)
    }

    fn is_object(&self, node: NodeId) -> bool {
        node != NONE && self.kind(node) == Kind::Object
    }

    /// A list that became text because no list of the union takes all of it, as the answer has it.
    fn list_as_written(&mut self, node: NodeId, value: ValueId) -> ValueId {
        let mut aligned = *self.values.get(value);
        let is_printed = matches!(aligned.kind, AlignedKind::Printed) && aligned.node == node;
        if self.partial || !is_printed || !self.document.is_written(node) {
            return value;
        }
        aligned.kind = AlignedKind::Written;
        self.values.push(aligned)
    }

    /// The member's value with what the union attaches to it.
    fn as_union(&mut self, value: ValueId, shape: ShapeId) -> ValueId {
        let shape = self.shapes.get(shape);
        if shape.stream == types::StreamBehavior::default() && shape.constraints.is_empty() {
            return value;
        }
        let stream = shape.stream;
        let mut copy = *self.values.get(value);
        copy.stream.done |= stream.done;
        copy.stream.not_null |= stream.not_null;
        copy.stream.with_state |= stream.with_state;
        if self.partial && stream.done && !copy.complete && copy.node != NONE {
            // What a union will be is not known until it is done, not even that it will be a list.
            copy.kind = AlignedKind::Null;
        }
        self.values.push(copy)
    }
}
