//! From aligned values to the values that the caller gets.

use std::sync::Arc;

use indexmap::IndexMap;
use types::{Checked, ClassId, Instance, Literal, Name, StreamState, Value};

use crate::coerce::Aligner;
use crate::document::NONE;
use crate::print::print;
use crate::value::{AlignedKind, MapKey, Span, ValueId};

/// What is shown of a value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum View {
    /// Everything, for the caller.
    Full,
    /// Everything but stream states: what streams only when done is of its final type.
    Done,
    /// The bare value, for the expressions of checks.
    Plain,
}

impl Aligner<'_, '_, '_> {
    /// The value for the caller: check results and stream states included, unfinished parts withheld.
    pub(crate) fn full(&self, id: ValueId) -> Value {
        self.emit(id, View::Full)
    }

    /// The value for an expression.
    pub(crate) fn plain(&self, id: ValueId) -> Value {
        self.emit(id, View::Plain)
    }

    fn emit(&self, id: ValueId, view: View) -> Value {
        if view == View::Plain {
            return self.bare(id, view);
        }
        let aligned = self.values.get(id);
        let stated = self.partial && aligned.stream.with_state && view == View::Full;
        let inside = if aligned.stream.done { View::Done } else { view };
        match (self.withheld(id), stated || aligned.checks.is_some()) {
            (false, false) => self.bare(id, inside),
            (false, true) => self.wrapped(id, self.bare(id, inside), stated),
            (true, _) => self.wrapped(id, self.hidden(id), stated),
        }
    }

    /// What is shown of a value that is not shown yet.
    pub(crate) fn hidden(&self, id: ValueId) -> Value {
        match self.values.get(id).kind {
            AlignedKind::List(_) | AlignedKind::GrowingList(..) => Value::List(Vec::new()),
            AlignedKind::Map(_) | AlignedKind::GrowingMap(..) => Value::Map(IndexMap::new()),
            _ => Value::Null,
        }
    }

    /// The value with its check results inside its stream state.
    #[inline(never)]
    fn wrapped(&self, id: ValueId, value: Value, stated: bool) -> Value {
        let aligned = self.values.get(id);
        let value = match aligned.checks {
            Some(at) => {
                Value::Checked(Box::new(Checked { value, checks: self.values.checks_at(at).to_vec() }))
            }
            None => value,
        };
        if !stated {
            return value;
        }
        Value::Stated(Box::new(value), self.state(id))
    }

    /// How much of the value has come.
    pub(crate) fn state(&self, id: ValueId) -> StreamState {
        let aligned = self.values.get(id);
        match (aligned.node, aligned.complete) {
            (NONE, _) => StreamState::Pending,
            (_, true) => StreamState::Complete,
            (_, false) => StreamState::Incomplete,
        }
    }

    fn bare(&self, id: ValueId, view: View) -> Value {
        match self.values.get(id).kind {
            AlignedKind::List(items) => self.list_value(&[], self.values.children_of(items), view),
            AlignedKind::Map(pairs) => self.map_value(&[], self.values.pairs_of(pairs), view),
            AlignedKind::GrowingList(..) => {
                let (taken, rest) = self.items_of(id).unwrap_or_default();
                self.list_value(taken, rest, view)
            }
            AlignedKind::GrowingMap(shape, tail) => {
                let growth = self.growths.maps.get(&(self.values.get(id).node, shape));
                let taken = growth.map_or(&[][..], |growth| &growth.parts);
                self.map_value(taken, self.values.pairs_of(tail), view)
            }
            AlignedKind::Class(class, fields) => self.instance(class, fields, view),
            _ => self.scalar(id),
        }
    }

    /// A value without parts.
    #[inline(never)]
    pub(crate) fn scalar(&self, id: ValueId) -> Value {
        let aligned = self.values.get(id);
        match aligned.kind {
            AlignedKind::Bool(bool) => Value::Bool(bool),
            AlignedKind::Int(int) => Value::Int(int),
            AlignedKind::Float(float) => Value::Float(float),
            AlignedKind::Text => Value::String(self.document.text(aligned.node).to_owned()),
            AlignedKind::Printed => Value::String(print(&self.document, aligned.node)),
            AlignedKind::Literal(Literal::String(text)) => Value::String(text.to_string()),
            AlignedKind::Literal(Literal::Int(int)) => Value::Int(*int),
            AlignedKind::Literal(Literal::Bool(bool)) => Value::Bool(*bool),
            AlignedKind::Enum(enumeration, position) => {
                let values = &self.shapes.schema().enumeration(enumeration).values;
                values
                    .get(position as usize)
                    .map_or(Value::Null, |value| Value::Enum(enumeration, Arc::clone(&value.name)))
            }
            AlignedKind::Null
            | AlignedKind::List(_)
            | AlignedKind::Map(_)
            | AlignedKind::GrowingList(..)
            | AlignedKind::GrowingMap(..)
            | AlignedKind::Class(..) => Value::Null,
        }
    }

    // The loops below are plain: an answer may nest to the reader's limit, and adaptors cost stack at each level.

    #[inline(never)]
    fn list_value(&self, first: &[ValueId], rest: &[ValueId], view: View) -> Value {
        let mut list = Vec::with_capacity(first.len() + rest.len());
        for items in [first, rest] {
            for item in items {
                list.push(self.emit(*item, view));
            }
        }
        Value::List(list)
    }

    #[inline(never)]
    fn instance(&self, class: ClassId, values: Span, view: View) -> Value {
        let mut fields = Vec::with_capacity(values.len());
        let mut values = self.values.children_of(values).iter();
        for field in &self.shapes.schema().class(class).fields {
            if !field.skip
                && let Some(value) = values.next()
            {
                fields.push((Arc::clone(&field.name), self.emit(*value, view)));
            }
        }
        Value::Instance(Instance { class, fields })
    }

    #[inline(never)]
    fn map_value(
        &self,
        first: &[(MapKey<'_>, ValueId)],
        rest: &[(MapKey<'_>, ValueId)],
        view: View,
    ) -> Value {
        let mut map = IndexMap::with_capacity(first.len() + rest.len());
        for pairs in [first, rest] {
            for (key, value) in pairs {
                map.insert(Name::from(self.key_text(*key)), self.emit(*value, view));
            }
        }
        Value::Map(map)
    }

    /// The key of a pair as text.
    pub(crate) fn key_text<'k>(&'k self, key: MapKey<'k>) -> &'k str {
        match key {
            MapKey::Text(node) => self.document.text(node),
            MapKey::Name(name) => name,
        }
    }
}
