//! Numbers, booleans, text and null.

use types::Literal;

use super::{Aligner, Outcome};
use crate::cost::{self, Cost, Tier};
use crate::document::{Kind, NodeId};
use crate::failure::Reason;
use crate::number::{self, Number};
use crate::shape::ShapeId;
use crate::value::{AlignedKind, ValueId};

impl<'s> Aligner<'s, '_, '_> {
    /// An `int`: half is rounded away from zero, what 64 bits cannot hold is refused.
    pub(super) fn int(&mut self, node: NodeId, shape: ShapeId) -> Outcome {
        let (number, cost) = match self.number(node, shape) {
            Ok(found) => found,
            Err(outcome) => return outcome,
        };
        let Some((int, rounded)) = number.int() else {
            return Err(self.fail(node, shape, Reason::OutOfRange));
        };
        let cost = match number {
            Number::Int(_) => cost,
            Number::Float(_) if rounded => cost.plus(cost::ROUNDED).at(Tier::Rounded),
            Number::Float(_) => cost.plus(cost::WHOLE_FLOAT),
        };
        Ok(self.value(node, shape, AlignedKind::Int(int), cost))
    }

    /// A `float`: always finite.
    pub(super) fn float(&mut self, node: NodeId, shape: ShapeId) -> Outcome {
        match self.number(node, shape) {
            Ok((number, cost)) => Ok(self.value(node, shape, AlignedKind::Float(number.float()), cost)),
            Err(outcome) => outcome,
        }
    }

    /// The number of a node, or the outcome to return instead.
    fn number(&mut self, node: NodeId, shape: ShapeId) -> Result<(Number, Cost), Outcome> {
        if let Some(inner) = self.inside(node) {
            return Err(self.align(inner, shape));
        }
        let found = match self.kind(node) {
            Kind::Number => match number::exact(self.document.text(node)) {
                Some(number) => return Ok((number, Cost::default())),
                None => return Err(Err(self.fail(node, shape, Reason::OutOfRange))),
            },
            Kind::String | Kind::Bare | Kind::Raw => number::find(self.document.text(node)),
            Kind::List => return Err(self.single(node, shape)),
            Kind::Null | Kind::True | Kind::False | Kind::Object | Kind::Key => None,
        };
        match found {
            // Of a word with a digit, less says that a number is meant than the word itself.
            Some(number) if number::is_in_word(self.document.text(node)) => {
                Ok((number, Cost::of(cost::FROM_TEXT + cost::SUBSTRING)))
            }
            Some(number) => Ok((number, Cost::of(cost::FROM_TEXT))),
            None => Err(Err(self.fail(node, shape, Reason::Mismatch))),
        }
    }

    /// A `bool`: the words true and false in any case, alone or in a sentence that has only one of them and
    /// does not negate it; yes and no as the value of a field or item.
    pub(super) fn bool(&mut self, node: NodeId, shape: ShapeId) -> Outcome {
        let found = match self.kind(node) {
            Kind::True => Some((true, Cost::default())),
            Kind::False => Some((false, Cost::default())),
            Kind::String | Kind::Bare => {
                let text = self.document.text(node);
                truth(text).or_else(|| yes(text)).map(|truth| (truth, Cost::of(cost::FROM_TEXT)))
            }
            Kind::Raw => truth(self.document.text(node)).map(|truth| (truth, Cost::of(cost::FROM_TEXT))),
            Kind::List => return self.single(node, shape),
            Kind::Null | Kind::Number | Kind::Object | Kind::Key => None,
        };
        match found {
            Some((truth, cost)) => Ok(self.value(node, shape, AlignedKind::Bool(truth), cost)),
            None => Err(self.fail(node, shape, Reason::Mismatch)),
        }
    }

    /// A `string`: text as it is, anything but null as text.
    pub(super) fn string(&mut self, node: NodeId, shape: ShapeId) -> Outcome {
        let (kind, cost) = match self.kind(node) {
            Kind::Bare if is_code_word(self.document.text(node)) => {
                (AlignedKind::Text, Cost::of(cost::PRINTED).at(Tier::Printed))
            }
            Kind::String | Kind::Bare | Kind::Raw | Kind::Key => (AlignedKind::Text, Cost::default()),
            Kind::Number | Kind::True | Kind::False => {
                (AlignedKind::Printed, Cost::of(cost::PRINTED).at(Tier::Printed))
            }
            Kind::List | Kind::Object => {
                (AlignedKind::Printed, Cost::of(cost::PRINTED).at(Tier::PrintedContainer))
            }
            Kind::Null => return Err(self.fail(node, shape, Reason::Mismatch)),
        };
        Ok(self.value(node, shape, kind, cost))
    }

    /// The whole answer as it came, for a plain `string`.
    pub(crate) fn verbatim(&mut self, raw: NodeId, shape: ShapeId) -> Outcome {
        let value = self.value(raw, shape, AlignedKind::Text, Cost::default());
        // Attributes of streaming at the root have nothing to hold back: the text is all there is.
        self.values.get_mut(value).stream = types::StreamBehavior::default();
        self.judged(Ok(value), shape)
    }

    /// `null`, which takes the place of anything where nothing better fits.
    pub(super) fn null(&mut self, node: NodeId, shape: ShapeId) -> ValueId {
        let cost = match self.kind(node) {
            Kind::Null => Cost::default(),
            Kind::Bare if matches!(self.document.text(node), "None" | "undefined") => {
                Cost::of(cost::FROM_TEXT)
            }
            _ => Cost::of(cost::REPLACED).at(Tier::Nulled),
        };
        self.value(node, shape, AlignedKind::Null, cost)
    }

    /// A literal.
    pub(super) fn literal(&mut self, node: NodeId, shape: ShapeId, literal: &'s Literal) -> Outcome {
        match self.kind(node) {
            Kind::List => return self.single(node, shape),
            Kind::Object => {
                let holder = *self.document.node(node);
                let value = if holder.count == 1 { self.document.node(holder.first).next } else { node };
                if value != node && self.kind(value) != Kind::List {
                    let inner = self.align(value, shape)?;
                    return Ok(self.dearer(inner, cost::UNWRAPPED));
                }
                if !matches!(literal, Literal::String(_)) || holder.count > 0 {
                    return Err(self.fail(node, shape, Reason::Mismatch));
                }
            }
            _ => {}
        }
        let cost = match literal {
            Literal::String(text) => {
                if *self.document.text(node) != **text
                    && let Some(inner) = self.inside(node)
                {
                    let inner = self.align(inner, shape)?;
                    return Ok(self.dearer(inner, cost::UNWRAPPED));
                }
                return self.word(node, shape, text, literal);
            }
            Literal::Int(wanted) => match self.number(node, shape) {
                Ok((number, cost)) => number.int().filter(|found| *found == (*wanted, false)).map(|_| cost),
                Err(outcome) => return outcome,
            },
            Literal::Bool(wanted) => {
                let found = self.bool(node, shape)?;
                let value = self.values.get(found);
                matches!(value.kind, AlignedKind::Bool(truth) if truth == *wanted).then_some(value.cost)
            }
        };
        match cost {
            Some(cost) => Ok(self.value(node, shape, AlignedKind::Literal(literal), cost)),
            None => Err(self.fail(node, shape, Reason::Mismatch)),
        }
    }
}

/// Words of programming languages that stand without quotes for a value that JSON writes otherwise.
pub(super) fn is_code_word(text: &str) -> bool {
    matches!(text, "None" | "undefined" | "True" | "False")
}

/// The truth that a value of one word tells. Of a whole answer, a yes says little about what is true.
fn yes(text: &str) -> Option<bool> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("yes") {
        return Some(true);
    }
    text.eq_ignore_ascii_case("no").then_some(false)
}

/// The one truth that a text tells.
fn truth(text: &str) -> Option<bool> {
    let text = text.trim();
    if text.len() > 5 {
        let lower = text.to_ascii_lowercase();
        let negated = ["n't ", "no longer ", "far from "].iter().any(|words| lower.contains(words))
            || lower.split(|c: char| !c.is_alphanumeric()).any(|word| {
                matches!(word, "not" | "never" | "untrue" | "cannot" | "hardly" | "neither" | "nor")
            });
        return match (lower.contains("true"), lower.contains("false")) {
            (true, false) if !negated => Some(true),
            (false, true) if !negated => Some(false),
            _ => None,
        };
    }
    let is = |word: &str| text.len() >= word.len() && text.to_ascii_lowercase().contains(word);
    match (is("true"), is("false")) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    }
}
