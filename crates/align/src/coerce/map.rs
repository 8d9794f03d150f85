//! Maps: entries that do not fit are left out; of repeated keys the last wins; keys of an enum or of literals
//! become its values.

use types::Primitive;

use super::{Aligner, Outcome};
use crate::cost::{self, Cost};
use crate::document::{Kind, NONE, NodeId};
use crate::failure::Reason;
use crate::shape::{ShapeId, ShapeKind};
use crate::value::{AlignedKind, MapKey};

impl<'s> Aligner<'s, '_, '_> {
    /// A map.
    pub(super) fn map(&mut self, node: NodeId, shape: ShapeId, key: ShapeId, item: ShapeId) -> Outcome {
        let object = match self.kind(node) {
            Kind::Object => Some(node),
            Kind::String => self.inside(node).filter(|inner| self.kind(*inner) == Kind::Object),
            _ => None,
        };
        let Some(object) = object else { return Err(self.fail(node, shape, Reason::Mismatch)) };
        let mut pairs = Vec::with_capacity(self.document.node(object).count as usize);
        let mut cost = Cost::of(cost::MAP);
        let mut name = self.document.node(object).first;
        let mut index = 0;
        while name != NONE {
            let value = self.document.node(name).next;
            let aligned = match self.map_key(name, key) {
                Some(key) => self.align(value, item).ok().map(|aligned| (key, aligned)),
                None => None,
            };
            match aligned {
                Some((key, aligned)) if !self.unusable(aligned) => {
                    cost = cost.with_part(self.cost(aligned));
                    pairs.push((key, aligned));
                }
                Some(_) if self.partial => {}
                _ => cost = cost.plus(1 + index),
            }
            index += 1;
            name = self.document.node(value).next;
        }
        let pairs = self.values.pairs(&pairs);
        Ok(self.value(node, shape, AlignedKind::Map(pairs), cost))
    }

    /// The key that the text's key stands for.
    fn map_key(&mut self, name: NodeId, key: ShapeId) -> Option<MapKey<'s>> {
        if matches!(self.shapes.get(key).kind, ShapeKind::Primitive(Primitive::String)) {
            return Some(MapKey::Text(name));
        }
        if let ShapeKind::Enum(id) = self.shapes.get(key).kind {
            // As a key, the BAML name is good even where an alias takes its place elsewhere.
            let text = self.document.text(name);
            if let Some(value) =
                self.shapes.schema().enumeration(id).values.iter().find(|value| *value.name == *text)
            {
                return Some(MapKey::Name(&value.name));
            }
        }
        let value = self.align(name, key).ok()?;
        match self.values.get(value).kind {
            AlignedKind::Literal(types::Literal::String(text)) => Some(MapKey::Name(text)),
            AlignedKind::Enum(id, position) => self
                .shapes
                .schema()
                .enumeration(id)
                .values
                .get(position as usize)
                .map(|value| MapKey::Name(&value.name)),
            AlignedKind::Text => Some(MapKey::Text(name)),
            _ => None,
        }
    }
}
