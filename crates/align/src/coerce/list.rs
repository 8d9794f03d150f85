//! Lists: items that do not fit are left out; one value is a list of one; an enumeration in text is a list.

use types::{Literal, Primitive};

use super::Aligner;
use crate::cost::{self, Cost, Tier};
use crate::document::{Kind, NONE, Node, NodeId};
use crate::growth::{Growth, ListGrowth, Place};
use crate::reader::is_number;
use crate::shape::{ShapeId, ShapeKind};
use crate::value::{AlignedKind, ValueId};

impl Aligner<'_, '_, '_> {
    /// A list of `item`s, at worst an empty one.
    pub(super) fn list(&mut self, node: NodeId, shape: ShapeId, item: ShapeId) -> ValueId {
        if let Some(inner) = self.inside(node).filter(|inner| self.kind(*inner) == Kind::List) {
            let inner = self.items(inner, shape, item);
            return self.dearer(inner, cost::UNWRAPPED);
        }
        match self.kind(node) {
            Kind::List => self.items(node, shape, item),
            _ => self.one_item(node, shape, item),
        }
    }

    fn items(&mut self, node: NodeId, shape: ShapeId, item: ShapeId) -> ValueId {
        let place = (node, shape.number());
        let mut growth = self.grown(place);
        let open = self.is_open(node);
        let count = self.document.node(node).count as usize;
        growth.parts.reserve(if open { 0 } else { count.saturating_sub(growth.parts.len()) });
        let mut child = match growth.last {
            NONE => self.document.node(node).first,
            last => self.document.node(last).next,
        };
        while child != NONE && (!open || self.document.node(child).settled) {
            self.item(place, child, shape, item, &mut growth.parts, &mut growth.cost);
            growth.last = child;
            child = self.document.node(child).next;
        }
        let mut cost = growth.cost;
        if open {
            let mut tail = Vec::new();
            while child != NONE {
                self.item(place, child, shape, item, &mut tail, &mut cost);
                child = self.document.node(child).next;
            }
            if growth.parts.is_empty() && tail.is_empty() {
                cost = self.cost_of_none(node, cost);
            }
            let tail = self.values.children(&tail);
            self.growths.lists.insert(place, growth);
            return self.value(node, shape, AlignedKind::GrowingList(shape.number(), tail), cost);
        }
        if growth.parts.is_empty() {
            cost = self.cost_of_none(node, cost);
        }
        let kept = self.values.children(&growth.parts);
        self.growths.end_list(kept, growth.shown);
        self.value(node, shape, AlignedKind::List(kept), cost)
    }

    /// The cost of a list of which nothing fits. Whatever keeps something of it does better.
    fn cost_of_none(&self, node: NodeId, cost: Cost) -> Cost {
        let Node { count, complete, .. } = *self.document.node(node);
        if count == 0 || (self.partial && !complete) {
            return cost;
        }
        let cost = cost.plus(cost::REPLACED);
        if self.drops_items(node, 0) { cost.at(Tier::PrintedContainer) } else { cost }
    }

    /// What was taken in of a list that had not ended.
    fn grown(&mut self, place: Place) -> ListGrowth {
        let known = if self.growths.lists.is_empty() { None } else { self.growths.lists.remove(&place) };
        known.unwrap_or_else(|| Growth::of(Cost::default()))
    }

    /// One item of a list: kept, or left out.
    fn item(
        &mut self,
        (list, _): Place,
        child: NodeId,
        shape: ShapeId,
        item: ShapeId,
        kept: &mut Vec<ValueId>,
        cost: &mut Cost,
    ) {
        match self.part(child, item) {
            Ok(value) if self.unusable(value) => {
                if !self.partial {
                    *cost = cost.plus(cost::DROPPED);
                }
            }
            Ok(value) => {
                *cost = cost.with_part(self.cost(value));
                kept.push(if self.is_gathered(list) { self.as_written(child, value) } else { value });
            }
            Err(_) => match self.several_items(list, child, shape, item) {
                Some(values) => {
                    *cost = cost.plus(cost::UNWRAPPED);
                    kept.extend(values);
                }
                // It may yet become an item.
                None if self.partial && !self.document.node(child).complete => {}
                None => *cost = cost.plus(cost::DROPPED),
            },
        }
    }

    /// The items of an aligned list: those taken in for good if it has not ended, and the rest.
    pub(crate) fn items_of(&self, value: ValueId) -> Option<(&[ValueId], &[ValueId])> {
        let aligned = self.values.get(value);
        match aligned.kind {
            AlignedKind::List(items) => Some((&[], self.values.children_of(items))),
            AlignedKind::GrowingList(shape, tail) => {
                let growth = self.growths.lists.get(&(aligned.node, shape));
                let taken = growth.map_or(&[][..], |growth| &growth.parts);
                Some((taken, self.values.children_of(tail)))
            }
            _ => None,
        }
    }

    /// The items that one item of a list stands for.
    fn several_items(
        &mut self,
        list: NodeId,
        child: NodeId,
        shape: ShapeId,
        item: ShapeId,
    ) -> Option<Vec<ValueId>> {
        if list == self.gathered {
            self.wrapped_items(child, shape, item)
        } else {
            self.enumeration_items(child, item)
        }
    }

    /// A value that is no list.
    fn one_item(&mut self, node: NodeId, shape: ShapeId, item: ShapeId) -> ValueId {
        let mut cost = Cost::of(cost::SINGLE);
        let mut kept = Vec::new();
        // Null is an empty list to many; and in an unfinished answer items may still come.
        let empty = match self.kind(node) {
            Kind::Null => Tier::Nulled,
            Kind::Object if self.partial => Tier::Printed,
            _ => Tier::Emptied,
        };
        if (self.is_run_of_numbers(node, item) || self.is_union(item) || self.is_bulleted(node))
            && let Some(values) = self.enumeration_items(node, item)
        {
            kept = values;
        } else if self.wraps_list(node, item)
            && let Some(values) = self.wrapped_items(node, shape, item)
        {
            cost = self.wrapped_cost(&values);
            kept = values;
        } else {
            match self.part(node, item) {
                // A list around the wanted one comes before the null that any object is to an optional item.
                Ok(value)
                    if self.cost(value).tier() == Tier::Nulled
                        && let Some(values) = self.wrapped_list(node, shape, item) =>
                {
                    cost = self.wrapped_cost(&values);
                    kept = values;
                }
                Ok(value) if !self.unusable(value) => {
                    let part = self.cost(value);
                    let tier = match self.values.get(value).kind {
                        // A word found somewhere in an object says little about the object.
                        AlignedKind::Enum(..) | AlignedKind::Literal(_)
                            if self.kind(node) == Kind::Object =>
                        {
                            Tier::PrintedContainer
                        }
                        _ if matches!(part.tier(), Tier::Rounded | Tier::Emptied) => part.tier(),
                        _ => Tier::Natural,
                    };
                    cost = cost.with_part(part).at(tier);
                    kept.push(value);
                }
                Ok(_) => cost = cost.plus(cost::REPLACED).at(empty),
                Err(_) => {
                    if let Some(values) =
                        self.enumeration_items(node, item).or_else(|| self.wrapped_items(node, shape, item))
                    {
                        cost = self.wrapped_cost(&values);
                        kept = values;
                    } else {
                        cost = cost.plus(cost::REPLACED).at(empty);
                    }
                }
            }
        }
        let kept = self.values.children(&kept);
        self.value(node, shape, AlignedKind::List(kept), cost)
    }

    /// What the items of a list inside of something else cost: a map or a class that takes that as it is does better.
    fn wrapped_cost(&self, items: &[ValueId]) -> Cost {
        let cost = Cost::of(cost::SINGLE + cost::UNWRAPPED).at(Tier::Unlisted);
        items.iter().fold(cost, |cost, item| cost.with_part(self.cost(*item)))
    }

    /// The items of the list under the only key of an object.
    fn wrapped_list(&mut self, node: NodeId, shape: ShapeId, item: ShapeId) -> Option<Vec<ValueId>> {
        let holder = self.inside(node).unwrap_or(node);
        let Node { kind, count, first, .. } = *self.document.node(holder);
        if kind != Kind::Object || count != 1 {
            return None;
        }
        let value = self.document.node(first).next;
        let list = self.inside(value).unwrap_or(value);
        if self.kind(list) != Kind::List {
            return None;
        }
        self.wrapped_items(node, shape, item)
    }

    /// Whether the node is an object around one list, where the items wanted are lists themselves: the list is meant
    /// then, not one item of it.
    fn wraps_list(&mut self, node: NodeId, item: ShapeId) -> bool {
        let Node { kind, count, first, .. } = *self.document.node(node);
        if kind != Kind::Object || count != 1 || !matches!(self.shapes.get(item).kind, ShapeKind::List(_)) {
            return false;
        }
        let value = self.document.node(first).next;
        let value = self.inside(value).unwrap_or(value);
        self.holds_lists(value)
    }

    fn holds_lists(&self, node: NodeId) -> bool {
        let Node { kind, first, .. } = *self.document.node(node);
        kind == Kind::List && first != NONE && self.kind(first) == Kind::List
    }

    /// The items of a list inside a JSON string, of a list under the only key of an object, or of an object
    /// whose values all fit.
    fn wrapped_items(&mut self, node: NodeId, shape: ShapeId, item: ShapeId) -> Option<Vec<ValueId>> {
        self.choices += 1;
        let found = self.unwrap_items(node, shape, item);
        self.choices -= 1;
        found
    }

    /// The only list of an object in which everything else is a number, a truth, null or a text: what the list is for.
    /// Not where the object may be an unfit item itself, or the list a part of one.
    fn only_list(&mut self, object: NodeId, item: ShapeId) -> Option<NodeId> {
        let of_objects = match self.shapes.get(item).kind {
            ShapeKind::Class(id) => {
                let class = self.shapes.class(id);
                if class.parsed < 2 || self.has_key(object, &class) {
                    return None;
                }
                true
            }
            ShapeKind::Primitive(Primitive::Int | Primitive::Float | Primitive::Bool)
            | ShapeKind::Enum(_)
            | ShapeKind::Literal(_) => false,
            _ => return None,
        };
        let mut key = self.document.node(object).first;
        let mut only = None;
        while key != NONE {
            let value = self.document.node(key).next;
            match self.kind(value) {
                Kind::List if only.is_some() => return None,
                Kind::List => only = Some(value),
                Kind::Object => return None,
                _ => {}
            }
            key = self.document.node(value).next;
        }
        let first = self.document.node(only?).first;
        only.filter(|_| first != NONE && (self.kind(first) == Kind::Object) == of_objects)
    }

    fn unwrap_items(&mut self, node: NodeId, shape: ShapeId, item: ShapeId) -> Option<Vec<ValueId>> {
        let holder = match self.kind(node) {
            Kind::String => self.inside(node)?,
            Kind::Object => node,
            _ => return None,
        };
        let only = if self.kind(holder) == Kind::List {
            Some(holder)
        } else {
            let object = *self.document.node(holder);
            let first = (object.count > 0).then(|| self.document.node(object.first).next)?;
            let first = self.inside(first).unwrap_or(first);
            if object.count == 1 {
                (self.kind(first) == Kind::List).then_some(first)
            } else {
                self.only_list(holder, item)
            }
        };
        if let Some(list) = only {
            let value = self.align(list, shape).ok()?;
            let (taken, rest) = self.items_of(value)?;
            let items = [taken, rest].concat();
            let nothing = self.document.node(list).count == 0;
            return (nothing || !items.is_empty()).then_some(items);
        }
        let mut kept = Vec::new();
        let mut key = self.document.node(holder).first;
        while key != NONE {
            let value = self.document.node(key).next;
            if !matches!(self.kind(value), Kind::Object | Kind::List) {
                return None;
            }
            let aligned = self.part(value, item).ok()?;
            if self.cost(aligned).tier() > Tier::Natural {
                return None;
            }
            kept.push(aligned);
            key = self.document.node(value).next;
        }
        Some(kept)
    }

    /// Whether text for a list of numbers has commas that separate numbers instead of thousands.
    fn is_run_of_numbers(&self, node: NodeId, item: ShapeId) -> bool {
        if !matches!(self.kind(node), Kind::String | Kind::Bare | Kind::Raw) || !self.is_numeric(item) {
            return false;
        }
        let text = unbracketed(self.document.text(node));
        text.contains(',')
            && !is_grouped_by_points(text)
            && text.split(',').map(str::trim).all(|piece| piece.is_empty() || is_number(piece))
            && text.split(',').skip(1).any(|group| group.len() != 3)
    }

    /// The items that text enumerates: by lines, with or without bullets, by commas or semicolons, numbers also
    /// by spaces. Only for scalars other than strings, and only if every piece fits.
    fn enumeration_items(&mut self, node: NodeId, item: ShapeId) -> Option<Vec<ValueId>> {
        if self.partial
            || !matches!(self.kind(node), Kind::String | Kind::Bare | Kind::Raw)
            || !self.is_scalar(item)
        {
            return None;
        }
        let text = unbracketed(self.document.text(node));
        if is_grouped_by_points(text) {
            return None;
        }
        let separators: &[char] = if text.contains(['\n', ';']) && self.is_table(text, item) {
            &['\n', ';', ',']
        } else if text.contains('\n') {
            &['\n']
        } else if text.contains(';') {
            &[';']
        } else if text.contains(',') {
            &[',']
        } else if text.split_whitespace().all(is_number) {
            &[' ', '\t']
        } else {
            return None;
        };
        let pieces: Vec<String> = text
            .split(separators)
            .map(|piece| unbulleted(piece.trim()).to_owned())
            .filter(|piece| !piece.is_empty())
            .collect();
        if pieces.len() < 2 {
            return None;
        }
        let (start, end) = (self.document.node(node).start as usize, self.document.node(node).end as usize);
        let mut kept = Vec::with_capacity(pieces.len());
        for piece in pieces {
            let kind = if is_number(&piece) { Kind::Number } else { Kind::String };
            let part = self.document.decoded(kind, start..end, true, |out| out.push_str(&piece));
            let value = self.part(part, item).ok()?;
            if self.cost(value).tier() == Tier::Nulled {
                return None;
            }
            kept.push(value);
        }
        Some(kept)
    }

    /// Whether every value of the type is a number, a boolean, an enum value or a literal.
    fn is_scalar(&self, shape: ShapeId) -> bool {
        match &self.shapes.get(shape).kind {
            ShapeKind::Primitive(primitive) => !matches!(primitive, Primitive::String | Primitive::Null),
            ShapeKind::Literal(_) | ShapeKind::Enum(_) => true,
            ShapeKind::Union(members) => members.iter().all(|member| {
                matches!(
                    self.shapes.get(*member).kind,
                    ShapeKind::Primitive(
                        Primitive::Int | Primitive::Float | Primitive::Bool | Primitive::Null
                    ) | ShapeKind::Literal(_)
                        | ShapeKind::Enum(_)
                )
            }),
            _ => false,
        }
    }

    /// Whether every line has a bullet or number. A word is found in such a text as well, but a list is meant.
    fn is_bulleted(&self, node: NodeId) -> bool {
        if !matches!(self.kind(node), Kind::String | Kind::Bare | Kind::Raw) {
            return false;
        }
        let mut lines = self.document.text(node).lines().map(str::trim).filter(|line| !line.is_empty());
        let bulleted = |line: &str| unbulleted(line).len() < line.len();
        lines.next().is_some_and(bulleted) && lines.all(bulleted)
    }

    /// A union with null takes any text as null: an enumeration is looked for before.
    fn is_union(&self, shape: ShapeId) -> bool {
        matches!(self.shapes.get(shape).kind, ShapeKind::Union(_))
    }

    /// Whether the lines of a text are rows of whole numbers: a comma there separates no fraction, and where it
    /// separated thousands, three digits would follow.
    fn is_table(&self, text: &str, item: ShapeId) -> bool {
        matches!(self.shapes.get(item).kind, ShapeKind::Primitive(Primitive::Int))
            && text
                .split(['\n', ';'])
                .flat_map(|row| row.split(',').skip(1))
                .any(|piece| is_number(piece.trim()) && piece.trim().len() != 3)
    }

    fn is_numeric(&self, shape: ShapeId) -> bool {
        matches!(
            self.shapes.get(shape).kind,
            ShapeKind::Primitive(Primitive::Int | Primitive::Float) | ShapeKind::Literal(Literal::Int(_))
        )
    }
}

/// Whether a text is one number with points between thousands and a comma before its fraction: `1.000,50`.
fn is_grouped_by_points(text: &str) -> bool {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let Some((whole, fraction)) = text.split_once(',') else { return false };
    let Some((first, groups)) = whole.split_once('.') else { return false };
    is_digits(fraction)
        && is_digits(first)
        && first.len() <= 3
        && groups.split('.').all(|group| group.len() == 3 && is_digits(group))
}

/// A text without the parentheses around the whole of it.
fn unbracketed(text: &str) -> &str {
    let text = text.trim();
    let inner = text.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
    inner.filter(|inner| !inner.contains(['(', ')'])).map_or(text, str::trim)
}

/// A line of a list without its bullet or number.
fn unbulleted(line: &str) -> &str {
    let rest = line.strip_prefix(['-', '*', '•', '+']).unwrap_or(line);
    if rest.len() < line.len() && rest.starts_with(' ') {
        return rest.trim_start();
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0
        && let Some(rest) = line[digits..].strip_prefix(['.', ')'])
        && rest.starts_with(' ')
    {
        return rest.trim_start();
    }
    line
}
