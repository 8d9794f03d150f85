//! From aligned values to the values that the caller gets.

use types::{ClassId, Literal, StreamState, Value};

use crate::coerce::Aligner;
use crate::document::NONE;
use crate::output::{Build, Output};
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
    pub(crate) fn full<O: Output>(&self, id: ValueId, out: &mut O) -> O::Value {
        self.emit(id, View::Full, out)
    }

    /// The value for an expression.
    pub(crate) fn plain(&self, id: ValueId) -> Value {
        self.emit(id, View::Plain, &mut Build)
    }

    fn emit<O: Output>(&self, id: ValueId, view: View, out: &mut O) -> O::Value {
        if view == View::Plain {
            return self.bare(id, view, out);
        }
        let aligned = self.values.get(id);
        let stated = self.partial && aligned.stream.with_state && view == View::Full;
        if stated || aligned.checks.is_some() {
            return self.wrapped(id, stated, view, out);
        }
        self.inner(id, view, out)
    }

    /// The value without its check results and its stream state.
    fn inner<O: Output>(&self, id: ValueId, view: View, out: &mut O) -> O::Value {
        if self.withheld(id) {
            return self.hidden(id, out);
        }
        let inside = if self.values.get(id).stream.done { View::Done } else { view };
        self.bare(id, inside, out)
    }

    /// What is shown of a value that is not shown yet.
    #[inline(never)]
    pub(crate) fn hidden<O: Output>(&self, id: ValueId, out: &mut O) -> O::Value {
        match self.values.get(id).kind {
            AlignedKind::List(_) | AlignedKind::GrowingList(..) => {
                let list = out.list(0);
                out.end_list(list)
            }
            AlignedKind::Map(_) | AlignedKind::GrowingMap(..) => {
                let map = out.map(0);
                out.end_map(map)
            }
            _ => out.null(),
        }
    }

    /// The value with its check results inside its stream state.
    #[inline(never)]
    fn wrapped<O: Output>(&self, id: ValueId, stated: bool, view: View, out: &mut O) -> O::Value {
        let checks = self.values.get(id).checks;
        if stated {
            out.stated(self.state(id));
        }
        if checks.is_some() {
            out.checked();
        }
        let mut value = self.inner(id, view, out);
        if let Some(at) = checks {
            value = out.end_checked(value, self.values.checks_at(at));
        }
        if stated { out.end_stated(value, self.state(id)) } else { value }
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

    fn bare<O: Output>(&self, id: ValueId, view: View, out: &mut O) -> O::Value {
        match self.values.get(id).kind {
            AlignedKind::List(items) => self.list_value(&[], self.values.children_of(items), view, out),
            AlignedKind::Map(pairs) => self.map_value(&[], self.values.pairs_of(pairs), view, out),
            AlignedKind::GrowingList(..) => {
                let (taken, rest) = self.items_of(id).unwrap_or_default();
                self.list_value(taken, rest, view, out)
            }
            AlignedKind::GrowingMap(shape, tail) => {
                let growth = self.growths.maps.get(&(self.values.get(id).node, shape));
                let taken = growth.map_or(&[][..], |growth| &growth.parts);
                self.map_value(taken, self.values.pairs_of(tail), view, out)
            }
            AlignedKind::Class(class, fields) => self.instance(class, fields, view, out),
            _ => self.scalar(id, out),
        }
    }

    /// A value without parts.
    #[inline(never)]
    pub(crate) fn scalar<O: Output>(&self, id: ValueId, out: &mut O) -> O::Value {
        let aligned = self.values.get(id);
        match aligned.kind {
            AlignedKind::Bool(bool) => out.bool(bool),
            AlignedKind::Int(int) => out.int(int),
            AlignedKind::Float(float) => out.float(float),
            AlignedKind::Text => out.text(self.document.text(aligned.node)),
            AlignedKind::Printed => out.text(&print(&self.document, aligned.node)),
            AlignedKind::Written => out.text(self.document.written(aligned.node)),
            AlignedKind::Literal(Literal::String(text)) => out.text(text),
            AlignedKind::Literal(Literal::Int(int)) => out.int(*int),
            AlignedKind::Literal(Literal::Bool(bool)) => out.bool(*bool),
            AlignedKind::Enum(enumeration, position) => {
                let values = &self.shapes.schema().enumeration(enumeration).values;
                match values.get(position as usize) {
                    Some(value) => out.enumeration(enumeration, &value.name),
                    None => out.null(),
                }
            }
            AlignedKind::Null
            | AlignedKind::List(_)
            | AlignedKind::Map(_)
            | AlignedKind::GrowingList(..)
            | AlignedKind::GrowingMap(..)
            | AlignedKind::Class(..) => out.null(),
        }
    }

    // The loops below are plain: an answer may nest to the reader's limit, and adaptors cost stack at each level.

    #[inline(never)]
    fn list_value<O: Output>(
        &self,
        first: &[ValueId],
        rest: &[ValueId],
        view: View,
        out: &mut O,
    ) -> O::Value {
        let mut list = out.list(first.len() + rest.len());
        for items in [first, rest] {
            for item in items {
                let item = self.emit(*item, view, out);
                out.item(&mut list, item);
            }
        }
        out.end_list(list)
    }

    #[inline(never)]
    fn instance<O: Output>(&self, class: ClassId, values: Span, view: View, out: &mut O) -> O::Value {
        let mut object = out.object(values.len());
        let mut values = self.values.children_of(values).iter();
        for field in &self.shapes.schema().class(class).fields {
            if !field.skip
                && let Some(value) = values.next()
            {
                out.key(&field.name);
                let value = self.emit(*value, view, out);
                out.field(&mut object, &field.name, value);
            }
        }
        out.end_object(object, class, None)
    }

    #[inline(never)]
    fn map_value<O: Output>(
        &self,
        first: &[(MapKey, ValueId)],
        rest: &[(MapKey, ValueId)],
        view: View,
        out: &mut O,
    ) -> O::Value {
        let mut map = out.map(first.len() + rest.len());
        for pairs in [first, rest] {
            for (key, value) in pairs {
                let key = self.key_text(*key);
                out.key(key);
                let value = self.emit(*value, view, out);
                out.entry(&mut map, key, value);
            }
        }
        out.end_map(map)
    }

    /// The key of a pair as text.
    pub(crate) fn key_text(&self, key: MapKey) -> &str {
        match key {
            MapKey::Text(node) => self.document.text(node),
            MapKey::Name(number) => self.values.name(number),
        }
    }
}
