//! Classes: keys matched, what is missing defaulted or missed, values that stand for a class of one field.

use std::sync::Arc;

use types::{ClassId, Constraint, ConstraintLevel, Primitive};

use super::{Aligner, Outcome};
use crate::cost::{self, Cost, Tier};
use crate::document::{Kind, NONE, Node, NodeId};
use crate::failure::{FailureId, Reason};
use crate::fold;
use crate::shape::{ClassShape, FieldShape, Shape, ShapeId, ShapeKind};
use crate::value::{AlignedKind, ValueId};

impl<'s> Aligner<'s, '_, '_> {
    /// An object of a class.
    pub(super) fn class(&mut self, node: NodeId, shape: ShapeId, id: ClassId) -> Outcome {
        let class = self.shapes.class(id);
        match self.kind(node) {
            Kind::Object => self.object(node, shape, id, &class),
            Kind::List => self.class_from_list(node, shape, id, &class),
            Kind::Number | Kind::True | Kind::False | Kind::Null => {
                if let Some(implied) = self.implied(node, shape, id, &class) {
                    return Ok(implied);
                }
                // Of a null, no fields will come.
                if self.partial && !self.is_answer && self.kind(node) == Kind::Null {
                    return Err(self.fail(node, shape, Reason::Mismatch));
                }
                self.defaults(node, shape, id, &class)
            }
            Kind::String | Kind::Bare | Kind::Raw | Kind::Key => {
                if let Some(inner) = self.inside(node)
                    && (class.parsed > 1 || self.leads_to_key(self.first_of(inner), &class))
                    && let Ok(value) = self.align(inner, shape)
                {
                    return Ok(self.dearer(value, cost::UNWRAPPED));
                }
                if class.parsed == 1 {
                    let stands = self.stands_for_object(node, shape, id, &class);
                    return stands.ok_or_else(|| self.fail(node, shape, Reason::Mismatch));
                }
                if let Some(object) = self.object_of_lines(node, &class)
                    && let Ok(value) = self.align(object, shape)
                {
                    return Ok(self.dearer(value, cost::UNWRAPPED));
                }
                self.defaults(node, shape, id, &class)
            }
        }
    }

    /// Whether the object, or the one that it is wrapped around, has a key of the class.
    fn leads_to_key(&self, object: NodeId, class: &ClassShape<'_>) -> bool {
        let Node { kind, count, first, .. } = *self.document.node(object);
        self.has_key(object, class)
            || (kind == Kind::Object && count == 1 && self.has_key(self.document.node(first).next, class))
    }

    /// The first item of a list, or else the node itself.
    fn first_of(&self, node: NodeId) -> NodeId {
        let Node { kind, first, .. } = *self.document.node(node);
        if kind == Kind::List && first != NONE { first } else { node }
    }

    /// Whether the object has a key of the class.
    pub(super) fn has_key(&self, object: NodeId, class: &ClassShape<'_>) -> bool {
        let mut key = if self.kind(object) == Kind::Object { self.document.node(object).first } else { NONE };
        while key != NONE {
            if field_of(class, self.document.text(key), 0).is_some() {
                return true;
            }
            key = self.document.node(self.document.node(key).next).next;
        }
        false
    }

    /// The best item of a list, or the list as the only field.
    fn class_from_list(
        &mut self,
        node: NodeId,
        shape: ShapeId,
        id: ClassId,
        class: &Arc<ClassShape<'s>>,
    ) -> Outcome {
        self.choices += 1;
        let implied = self.implied(node, shape, id, class);
        let single = self.single(node, shape);
        self.choices -= 1;
        match (implied, single) {
            (Some(implied), Ok(_)) if self.keeps_all(implied, node, class) => Ok(implied),
            // As a text does not stand for an answer, a list of one text does not.
            (Some(_), Err(failure)) if self.is_answer && self.is_one_text(node, class) => Err(failure),
            (Some(implied), Ok(single))
                if self.cost(implied).points() < self.cost(single).points()
                    && !self.is_made_of_text(implied, single) =>
            {
                Ok(implied)
            }
            (_, Ok(single)) => Ok(single),
            (Some(implied), Err(_)) => Ok(implied),
            (None, Err(failure)) => {
                let empty = self.document.node(node).count == 0;
                match self.defaults(node, shape, id, class) {
                    Ok(value) if empty || class.parsed > 1 => Ok(value),
                    _ => Err(failure),
                }
            }
        }
    }

    /// Text as the only field of a class; not of an answer that is an object, of which text says nothing.
    fn stands_for_object(
        &mut self,
        node: NodeId,
        shape: ShapeId,
        id: ClassId,
        class: &Arc<ClassShape<'s>>,
    ) -> Option<ValueId> {
        if self.is_answer {
            return None;
        }
        let value = self.implied(node, shape, id, class)?;
        let AlignedKind::Class(_, fields) = self.values.get(value).kind else { return None };
        let field = *self.values.children_of(fields).first()?;
        (!matches!(self.cost(field).tier(), Tier::Defaulted | Tier::Nulled | Tier::Emptied)).then_some(value)
    }

    /// Whether the list has one item, a text, and the only field of the class is one.
    fn is_one_text(&self, list: NodeId, class: &ClassShape<'_>) -> bool {
        let Node { count, first, .. } = *self.document.node(list);
        let is_text = |field: &FieldShape<'_>| {
            self.shapes.get(field.shape).kind == ShapeKind::Primitive(Primitive::String)
        };
        count == 1
            && matches!(self.kind(first), Kind::String | Kind::Bare)
            && class.fields.iter().flatten().all(is_text)
    }

    /// The items of the only field of a class, where that is a list.
    fn list_field(&self, class: &ClassShape<'_>) -> Option<ShapeId> {
        let mut fields = class.fields.iter().flatten();
        match (fields.next().map(|field| &self.shapes.get(field.shape).kind), fields.next()) {
            (Some(ShapeKind::List(item)), None) => Some(*item),
            _ => None,
        }
    }

    /// Whether the list is the only field of the class with all of its items as they are.
    fn keeps_all(&self, implied: ValueId, list: NodeId, class: &ClassShape<'_>) -> bool {
        let Some(item) = self.list_field(class) else { return false };
        let AlignedKind::Class(_, fields) = self.values.get(implied).kind else { return false };
        let Some(field) = self.values.children_of(fields).first() else { return false };
        let Some((taken, rest)) = self.items_of(*field) else { return false };
        let Node { count, mut first, .. } = *self.document.node(list);
        if taken.len() + rest.len() != count as usize
            || taken.iter().chain(rest).any(|item| self.cost(*item).tier() >= Tier::Printed)
        {
            return false;
        }
        let several = matches!(self.shapes.get(item).kind, ShapeKind::List(_));
        while first != NONE {
            let Node { kind, count, next, .. } = *self.document.node(first);
            if kind == Kind::Object || (kind == Kind::List && count > 1 && !several) {
                return false;
            }
            first = next;
        }
        count > 0
    }

    /// Whether the value is an object or list made text, or a list of one.
    fn is_printed(&self, value: ValueId) -> bool {
        let printed = |value: ValueId| self.cost(value).tier() == Tier::PrintedContainer;
        match self.values.get(value).kind {
            AlignedKind::List(items) => self.values.children_of(items).iter().any(|item| printed(*item)),
            _ => printed(value),
        }
    }

    /// Whether the list became the text of the only field, while an item of it is an object with that field.
    fn is_made_of_text(&self, implied: ValueId, single: ValueId) -> bool {
        let AlignedKind::Class(_, fields) = self.values.get(implied).kind else { return false };
        let printed = |field: &ValueId| self.cost(*field).tier() == Tier::PrintedContainer;
        let node = self.values.get(single).node;
        node != NONE
            && self.document.node(node).kind == Kind::Object
            && self.cost(single).tier() <= Tier::Unlisted
            && self.values.children_of(fields).iter().any(printed)
    }

    /// Whether a list ends with text that may go on.
    fn ends_inside_text(&self, list: NodeId) -> bool {
        let Node { kind, mut first, .. } = *self.document.node(list);
        if kind != Kind::List {
            return false;
        }
        let mut last = first;
        while first != NONE {
            last = first;
            first = self.document.node(first).next;
        }
        last != NONE && {
            let last = self.document.node(last);
            matches!(last.kind, Kind::String | Kind::Bare) && !last.complete
        }
    }

    /// The value as the only field of the class.
    fn implied(
        &mut self,
        node: NodeId,
        shape: ShapeId,
        id: ClassId,
        class: &Arc<ClassShape<'s>>,
    ) -> Option<ValueId> {
        if class.parsed != 1 {
            return None;
        }
        let field = class.fields.iter().flatten().next()?;
        let value = self.align(node, field.shape).ok().filter(|value| !self.values.get(*value).refused)?;
        let mut cost = Cost::of(cost::IMPLIED).with_part(self.cost(value));
        // A list whose last text has no end is not text of its own yet.
        if self.partial && self.cost(value).tier() == Tier::PrintedContainer && self.ends_inside_text(node) {
            return None;
        }
        if self.kind(node) == Kind::Object {
            let printed = self.is_printed(value);
            if printed && self.partial && !self.document.node(node).complete {
                return None;
            }
            // An object that has the field is more than one that stands for it.
            cost = cost.at(if printed { Tier::PrintedContainer } else { Tier::Unlisted });
        } else if self.kind(node) == Kind::List && self.cost(value).tier() == Tier::PrintedContainer {
            cost = cost.at(Tier::PrintedContainer);
        }
        let fields = self.values.children(&[value]);
        Some(self.value(node, shape, AlignedKind::Class(id, fields), cost))
    }

    fn object(&mut self, node: NodeId, shape: ShapeId, id: ClassId, class: &Arc<ClassShape<'s>>) -> Outcome {
        let mut slots = vec![NONE; class.fields.len()];
        let mut matched = 0;
        let mut extra = 0;
        let mut expected = 0;
        let mut key = self.document.node(node).first;
        while key != NONE {
            let value = self.document.node(key).next;
            self.work += 1;
            match field_of(class, self.document.text(key), expected) {
                Some(index) => {
                    expected = index + 1;
                    if slots[index] == NONE {
                        slots[index] = value;
                        matched += 1;
                    }
                }
                None => extra += cost::EXTRA_KEY,
            }
            key = self.document.node(value).next;
        }
        if matched == 0 && self.document.node(node).count > 0 {
            self.choices += 1;
            let wrapped = self.unwrapped(node, shape, class);
            let other = wrapped.or_else(|| self.implied(node, shape, id, class));
            self.choices -= 1;
            if let Some(value) = other {
                return Ok(value);
            }
        }
        if matched == 1 && self.document.node(node).count == 1 && class.parsed > 1 {
            return self.field_or_wrapper(node, shape, id, class, &slots);
        }
        self.fields(node, shape, id, class, &slots, Cost::of(extra))
    }

    /// An object whose only key is a field of the class: the class with that field alone, or where the value does not
    /// fit the field what the key is wrapped around. Both ask for the same value further in, level by level.
    fn field_or_wrapper(
        &mut self,
        node: NodeId,
        shape: ShapeId,
        id: ClassId,
        class: &Arc<ClassShape<'s>>,
        slots: &[NodeId],
    ) -> Outcome {
        self.choices += 1;
        let outcome = self.fields(node, shape, id, class, slots, Cost::default());
        let outcome = match outcome {
            Err(failure) if self.is_misfit(failure, slots) => {
                self.unwrapped(node, shape, class).ok_or(failure)
            }
            other => other,
        };
        self.choices -= 1;
        outcome
    }

    /// Whether a value in `slots` does not fit its field.
    fn is_misfit(&self, failure: FailureId, slots: &[NodeId]) -> bool {
        let Reason::Fields(fields) = &self.failures.get(failure).reason else { return false };
        fields.iter().any(|(index, _)| slots.get(*index).is_some_and(|slot| *slot != NONE))
    }

    /// The object under the only key of another one, if it has a key of the class.
    fn unwrapped(&mut self, node: NodeId, shape: ShapeId, class: &ClassShape<'_>) -> Option<ValueId> {
        let object = *self.document.node(node);
        if object.count != 1 {
            return None;
        }
        let value = self.document.node(object.first).next;
        let inner = self.inside(value).unwrap_or(value);
        if !self.has_key(inner, class) {
            return None;
        }
        let inner = self.align(inner, shape).ok()?;
        Some(self.dearer(inner, cost::UNWRAPPED))
    }

    /// A class that gets nothing from the node.
    fn defaults(
        &mut self,
        node: NodeId,
        shape: ShapeId,
        id: ClassId,
        class: &Arc<ClassShape<'s>>,
    ) -> Outcome {
        let slots = vec![NONE; class.fields.len()];
        let outcome = self.fields(node, shape, id, class, &slots, Cost::default());
        // What is no object has no fields that could be missing in it.
        if outcome.is_err() && !self.partial {
            return Err(self.fail(node, shape, Reason::Mismatch));
        }
        outcome
    }

    /// Aligns each field with the value found for it.
    fn fields(
        &mut self,
        node: NodeId,
        shape: ShapeId,
        id: ClassId,
        class: &Arc<ClassShape<'s>>,
        slots: &[NodeId],
        mut cost: Cost,
    ) -> Outcome {
        // What streams only when done is shown as it will be.
        let done = self.shapes.get(shape).stream.done && self.document.node(node).complete;
        let partial = self.partial && !done;
        let mut values = Vec::with_capacity(class.parsed);
        let mut failures = Vec::new();
        let mut real = 0;
        for (index, (field, slot)) in class.fields.iter().zip(slots).enumerate() {
            let Some(field) = field else { continue };
            let outcome = if *slot == NONE {
                self.absent_field(field, partial)
            } else {
                self.field(*slot, field, partial)
            };
            match outcome {
                Ok((mut value, points)) => {
                    real += usize::from(*slot != NONE && points == 0);
                    cost = cost.plus(points);
                    if points == 0 {
                        cost = cost.with_part(self.cost(value));
                    }
                    if self.partial
                        && self.values.get(value).stream.not_null
                        && !field.nullable
                        && self.is_blank(value)
                    {
                        // What stood there before the value had come stands until it is complete.
                        match self.withheld(value).then(|| self.default_of(field)).flatten() {
                            Some(kind) => value = self.absent(self.shapes.get(field.shape).stream, kind),
                            None => failures.push((index, self.unfinished(*slot, field.shape))),
                        }
                    }
                    values.push(value);
                }
                Err(failure) => failures.push((index, failure)),
            }
        }
        if !failures.is_empty() {
            return self.unfit(node, shape, failures);
        }
        if real == 0 && class.parsed > 0 {
            cost = self.cost_of_nothing(node, cost);
        }
        let fields = self.values.children(&values);
        Ok(self.value(node, shape, AlignedKind::Class(id, fields), cost))
    }

    // Apart from what calls them, which has a frame for each level of nesting.

    fn unfinished(&mut self, node: NodeId, shape: ShapeId) -> FailureId {
        self.fail(node, shape, Reason::Unfinished)
    }

    fn unfit(&mut self, node: NodeId, shape: ShapeId, failures: Vec<(usize, FailureId)>) -> Outcome {
        Err(self.fail(node, shape, Reason::Fields(failures.into())))
    }

    /// The cost of a class that has no value of the node.
    fn cost_of_nothing(&self, node: NodeId, cost: Cost) -> Cost {
        if self.kind(node) == Kind::Object && self.document.node(node).count == 0 && !self.partial {
            return cost;
        }
        // Of an object that is still being written, fields may come; text will never be one.
        let begun = self.partial && !matches!(self.kind(node), Kind::String | Kind::Bare | Kind::Raw);
        cost.at(if begun { Tier::Unlisted } else { Tier::Defaulted })
    }

    /// An object that became the text of a field stays as it was written once its end was seen: it can be read again,
    /// as one whose quotes are gone can not.
    pub(super) fn as_written(&mut self, node: NodeId, value: ValueId) -> ValueId {
        let mut aligned = *self.values.get(value);
        let is_whole = self.kind(node) == Kind::Object && self.document.node(node).complete;
        let is_printed = matches!(aligned.kind, AlignedKind::Printed) && aligned.node == node;
        if !(is_whole && is_printed && self.document.is_written(node)) {
            return value;
        }
        aligned.kind = AlignedKind::Written;
        self.values.push(aligned)
    }

    /// A field that the text has, and the points that replacing its value costs.
    fn field(
        &mut self,
        node: NodeId,
        field: &FieldShape<'s>,
        partial: bool,
    ) -> Result<(ValueId, u64), FailureId> {
        let failure = match self.part(node, field.shape) {
            Ok(value) if self.values.get(value).refused && field.nullable => None,
            Ok(value) => return Ok((self.as_written(node, value), 0)),
            Err(failure) => Some(failure),
        };
        let broken = failure.filter(|failure| !field.nullable && self.is_assert(*failure));
        let kind = match (self.default_of(field), failure) {
            (Some(kind), _) if broken.is_none() => kind,
            (_, Some(failure)) if !partial => return Err(failure),
            _ => AlignedKind::Null,
        };
        // What has no end yet may still fit.
        let open = self.partial && !self.document.node(node).complete;
        let points = if open { cost::ABSENT } else { cost::REPLACED };
        Ok((self.value(node, field.shape, kind, Cost::default()), points))
    }

    /// A field that the text does not have, and the points that costs. A default is judged too.
    fn absent_field(&mut self, field: &FieldShape<'s>, partial: bool) -> Result<(ValueId, u64), FailureId> {
        let stream = self.shapes.get(field.shape).stream;
        let kind = match self.default_of(field) {
            Some(AlignedKind::List(_) | AlignedKind::Map(_)) if self.partial && stream.done => {
                AlignedKind::Null
            }
            Some(kind) => kind,
            None if partial => AlignedKind::Null,
            None => return Err(self.fail(NONE, field.shape, Reason::Missing)),
        };
        let value = self.absent(stream, kind);
        if !self.partial {
            self.judged(Ok(value), field.shape)?;
        }
        Ok((value, cost::ABSENT))
    }

    /// What stands for a field without a value: null, an empty list, an empty map.
    fn default_of(&mut self, field: &FieldShape<'s>) -> Option<AlignedKind<'s>> {
        if field.nullable {
            return Some(AlignedKind::Null);
        }
        // What a check says of a map that is not there, nobody knows.
        let Shape { kind, constraints, .. } = self.shapes.get(field.shape);
        let is_check = |constraint: &&Constraint| constraint.level == ConstraintLevel::Check;
        if matches!(kind, ShapeKind::Map(..)) && constraints.iter().any(is_check) {
            return None;
        }
        self.empty_of(field.shape)
    }

    /// The empty list or map of a type, or of the first member of a union that has one.
    fn empty_of(&mut self, shape: ShapeId) -> Option<AlignedKind<'s>> {
        match self.shapes.get(shape).kind.clone() {
            ShapeKind::List(_) => Some(AlignedKind::List(self.values.children(&[]))),
            ShapeKind::Map(..) => Some(AlignedKind::Map(self.values.pairs(&[]))),
            ShapeKind::Union(members) if !self.partial || self.shapes.get(shape).stream.not_null => {
                members.iter().find_map(|member| self.empty_of(*member))
            }
            _ => None,
        }
    }

    /// Whether the failure is an assert's: then no empty value may take the place of what was refused.
    fn is_assert(&self, failure: FailureId) -> bool {
        matches!(self.failures.get(failure).reason, Reason::Assert(_) | Reason::Expression(_))
    }

    /// Whether the value shows as null.
    fn is_blank(&self, value: ValueId) -> bool {
        let kind = self.values.get(value).kind;
        matches!(kind, AlignedKind::Null)
            || (self.withheld(value) && !matches!(kind, AlignedKind::List(_) | AlignedKind::GrowingList(..)))
    }
}

/// The field that a key of the text means: exactly, or without case, accents and punctuation. Models keep to
/// the schema's order, so the field after the last one is tried first.
pub(super) fn field_of(class: &ClassShape<'_>, key: &str, expected: usize) -> Option<usize> {
    let is =
        |index: usize| class.fields.get(index).and_then(Option::as_ref).is_some_and(|field| field.key == key);
    if is(expected) {
        return Some(expected);
    }
    if let Some(index) = (0..class.fields.len()).find(|index| is(*index)) {
        return Some(index);
    }
    let folded = fold::key(key);
    if folded.is_empty() {
        return None;
    }
    class.fields.iter().position(|field| field.as_ref().is_some_and(|field| field.folded == folded))
}
