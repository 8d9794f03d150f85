//! What the account tells of values without parts.

use types::Literal;

use super::short;
use super::walk::Walk;
use crate::document::{Kind, NodeId};
use crate::leniency::Leniency;
use crate::number::{self, Number};
use crate::output::is_json_number;
use crate::shape::ShapeId;
use crate::value::AlignedKind;

impl Walk<'_, '_, '_, '_> {
    /// A value without parts.
    pub(super) fn scalar(&mut self, kind: AlignedKind<'_>, node: NodeId, shape: Option<ShapeId>) {
        self.quotes(node);
        let read = self.document().node(node).kind;
        let text = self.document().text(node);
        let textual = matches!(read, Kind::String | Kind::Bare | Kind::Raw | Kind::Key);
        match kind {
            AlignedKind::Null if read == Kind::Null => {}
            AlignedKind::Null if read == Kind::Bare && matches!(text, "None" | "undefined") => {
                self.note(Leniency::NullWord, || format!("`{text}` was read as null"));
            }
            AlignedKind::Null => {
                let why = self.failed.why(self.aligner, node, shape);
                let found = self.found(node);
                self.note(Leniency::Replaced, || format!("{found} does not fit, null took its place{why}"));
            }
            AlignedKind::Bool(bool) if textual => {
                self.note(Leniency::BoolFromText, || {
                    format!("the text \"{}\" was read as {bool}", short(text))
                });
            }
            AlignedKind::Int(int) => {
                if textual {
                    self.note(Leniency::NumberFromText, || {
                        format!("the text \"{}\" was read as {int}", short(text))
                    });
                } else if let Some(Number::Float(float)) = number::exact(text)
                    && float.fract() != 0.0
                {
                    self.note(Leniency::Rounded, || format!("{} was rounded to {int}", short(text)));
                } else {
                    self.number(text, int);
                }
                // JavaScript has no other numbers than floats.
                if !number::is_float(int) {
                    let shown = Number::Int(int).float();
                    self.note(Leniency::Rounded, || {
                        format!("{int} has more digits than a number of JavaScript, which shows {shown:.0}")
                    });
                }
            }
            AlignedKind::Float(float) if textual => {
                self.note(Leniency::NumberFromText, || {
                    format!("the text \"{}\" was read as {float}", short(text))
                });
            }
            AlignedKind::Float(float) => self.number(text, float),
            AlignedKind::Printed | AlignedKind::Written => {
                let found = self.found(node);
                self.note(Leniency::Printed, || format!("{found} became text"));
            }
            AlignedKind::Literal(Literal::String(name)) => self.name(name, name, node),
            AlignedKind::Literal(Literal::Int(int)) if textual => {
                self.note(Leniency::NumberFromText, || {
                    format!("the text \"{}\" was read as {int}", short(text))
                });
            }
            AlignedKind::Literal(Literal::Bool(bool)) if textual => {
                self.note(Leniency::BoolFromText, || {
                    format!("the text \"{}\" was read as {bool}", short(text))
                });
            }
            AlignedKind::Enum(id, position) => {
                let values = &self.aligner.shapes.schema().enumeration(id).values;
                if let Some(value) = values.get(position as usize) {
                    self.name(value.rendered_name(), &value.name, node);
                }
            }
            _ => {}
        }
    }

    /// A number that stands without quotes, but not as JSON writes it.
    fn number(&mut self, text: &str, value: impl std::fmt::Display) {
        if !is_json_number(text) {
            self.note(Leniency::NumberFromText, || format!("`{}` was read as {value}", short(text)));
        }
    }

    /// An enum value or literal, with what the model is to write for it.
    fn name(&mut self, written: &str, name: &str, node: NodeId) {
        let holder = *self.document().node(node);
        let mut node = node;
        if holder.count == 1 && holder.kind == Kind::Object {
            self.wrapper("value");
            node = self.document().node(holder.first).next;
        } else if holder.count == 1 && holder.kind == Kind::List {
            let found = self.found(holder.first);
            self.note(Leniency::ListToSingle, || format!("of the list, {found} was taken"));
            node = holder.first;
        }
        if self.document().text(node) != written {
            let found = self.found(node);
            self.note(Leniency::LooseMatch, || format!("{found} was read as `{name}`"));
        }
    }
}
