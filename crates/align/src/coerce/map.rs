//! Maps: entries that do not fit are left out; of repeated keys the last wins; keys of an enum or of literals
//! become its values.

use types::Primitive;

use super::{Aligner, Outcome};
use crate::cost::{self, Cost, Tier};
use crate::document::{Kind, NONE, NodeId};
use crate::failure::Reason;
use crate::fold;
use crate::growth::Growth;
use crate::shape::{ShapeId, ShapeKind};
use crate::value::{AlignedKind, MapKey, ValueId};

impl Aligner<'_, '_, '_> {
    /// A map.
    pub(super) fn map(&mut self, node: NodeId, shape: ShapeId, key: ShapeId, item: ShapeId) -> Outcome {
        let object = match self.kind(node) {
            Kind::Object => Some(node),
            Kind::String => self.inside(node).filter(|inner| self.kind(*inner) == Kind::Object),
            _ => None,
        };
        let Some(object) = object else { return Err(self.fail(node, shape, Reason::Mismatch)) };
        let place = (object, shape.number());
        let known = if self.growths.maps.is_empty() { None } else { self.growths.maps.remove(&place) };
        let mut growth = known.unwrap_or_else(|| Growth::of(Cost::default()));
        let open = self.is_open(object);
        let count = self.document.node(object).count as usize;
        growth.parts.reserve(if open { 0 } else { count.saturating_sub(growth.parts.len()) });
        let mut name = match growth.last {
            NONE => self.document.node(object).first,
            last => self.document.node(last).next,
        };
        while name != NONE {
            let value = self.document.node(name).next;
            if open && !self.document.node(value).settled {
                break;
            }
            let taken = growth.parts.len();
            self.entry(name, (key, item), growth.index, &mut growth.parts, &mut growth.cost);
            growth.made_text |=
                growth.parts.get(taken).is_some_and(|(_, part)| self.is_container_text(*part));
            growth.last = value;
            growth.index += 1;
            name = self.document.node(value).next;
        }
        let mut cost = growth.cost;
        if open {
            let mut tail = Vec::new();
            let mut index = growth.index;
            while name != NONE {
                self.entry(name, (key, item), index, &mut tail, &mut cost);
                index += 1;
                name = self.document.node(self.document.node(name).next).next;
            }
            let tail = self.values.pairs(&tail);
            self.growths.maps.insert(place, growth);
            return Ok(self.value(object, shape, AlignedKind::GrowingMap(shape.number(), tail), cost));
        }
        if growth.parts.is_empty() && count > 0 && !self.partial {
            cost = cost.plus(cost::REPLACED).at(Tier::Rounded);
        }
        let pairs = self.values.pairs(&growth.parts);
        self.growths.end_map(pairs, growth.shown);
        Ok(self.value(node, shape, AlignedKind::Map(pairs), cost))
    }

    /// Whether an object or list became text to be an entry of the map.
    pub(super) fn has_container_text(&self, map: ValueId) -> bool {
        let aligned = self.values.get(map);
        let (taken, rest) = match aligned.kind {
            AlignedKind::Map(pairs) => (false, pairs),
            AlignedKind::GrowingMap(shape, tail) => {
                let growth = self.growths.maps.get(&(aligned.node, shape));
                (growth.is_some_and(|growth| growth.made_text), tail)
            }
            _ => return false,
        };
        taken || self.values.pairs_of(rest).iter().any(|(_, part)| self.is_container_text(*part))
    }

    fn is_container_text(&self, value: ValueId) -> bool {
        self.cost(value).tier() == Tier::PrintedContainer
    }

    /// One entry of a map: kept, or left out.
    fn entry(
        &mut self,
        name: NodeId,
        (key, item): (ShapeId, ShapeId),
        index: u64,
        kept: &mut Vec<(MapKey, ValueId)>,
        cost: &mut Cost,
    ) {
        let value = self.document.node(name).next;
        let aligned = match self.map_key(name, key) {
            Some(key) => self.part(value, item).ok().map(|aligned| (key, aligned)),
            None => None,
        };
        match aligned {
            Some((key, aligned)) if !self.unusable(aligned) => {
                *cost = cost.with_part(self.cost(aligned));
                kept.push((key, aligned));
            }
            Some(_) if self.partial => {}
            _ => *cost = cost.plus(cost::DROPPED + index),
        }
    }

    /// The value of an enum that a key names in another case, by the BAML name.
    fn enum_key(&mut self, name: NodeId, key: ShapeId) -> Option<MapKey> {
        let ShapeKind::Enum(id) = self.shapes.get(key).kind else { return None };
        let folded = fold::key(self.document.text(name));
        let values = &self.shapes.schema().enumeration(id).values;
        let value = values.iter().find(|value| !value.skip && fold::key(&value.name) == folded)?;
        Some(self.values.key(&value.name))
    }

    /// The key that the text's key stands for.
    fn map_key(&mut self, name: NodeId, key: ShapeId) -> Option<MapKey> {
        if matches!(self.shapes.get(key).kind, ShapeKind::Primitive(Primitive::String)) {
            return Some(MapKey::Text(name));
        }
        if let ShapeKind::Enum(id) = self.shapes.get(key).kind {
            // As a key, the BAML name is good even where an alias takes its place elsewhere.
            let text = self.document.text(name);
            let values = &self.shapes.schema().enumeration(id).values;
            if let Some(value) = values.iter().find(|value| *value.name == *text) {
                return Some(self.values.key(&value.name));
            }
        }
        let Ok(value) = self.part(name, key) else { return self.enum_key(name, key) };
        match self.values.get(value).kind {
            AlignedKind::Literal(types::Literal::String(text)) => Some(self.values.key(text)),
            AlignedKind::Enum(id, position) => self
                .shapes
                .schema()
                .enumeration(id)
                .values
                .get(position as usize)
                .map(|value| self.values.key(&value.name)),
            AlignedKind::Text => Some(MapKey::Text(name)),
            _ => None,
        }
    }
}
