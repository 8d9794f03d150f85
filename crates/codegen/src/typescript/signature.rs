//! The parameters of a generated method.

use std::collections::HashSet;

use schema::{Function, Schema};

use super::expression::{Expressions, Form, is_optional};
use super::names;

/// How a method of a function is declared, and how it hands its arguments on.
pub(super) struct Signature {
    /// `text: string, count?: number | null`; empty without parameters.
    parameters: String,
    /// `{ text, count }`: by their names in BAML.
    pub(super) arguments: String,
    /// The name of the last parameter, the options.
    pub(super) options: String,
}

impl Signature {
    pub(super) fn new<'a>(schema: &'a Schema, expressions: Expressions<'a>, function: &'a Function) -> Self {
        let last_required = function
            .params
            .iter()
            .rposition(|param| !is_optional(schema, &param.ty))
            .map_or(0, |last| last + 1);
        let mut taken = HashSet::new();
        let mut parameters = Vec::new();
        let mut arguments = Vec::new();
        for (position, param) in function.params.iter().enumerate() {
            let name = names::parameter(&param.name, &mut taken);
            let ty = expressions.ty(&param.ty, Form::Full);
            parameters.push(if !is_optional(schema, &param.ty) {
                format!("{name}: {ty}")
            } else if position < last_required {
                // TypeScript refuses `?` before a required parameter; the caller writes null or undefined.
                format!("{name}: {ty} | undefined")
            } else {
                format!("{name}?: {ty}")
            });
            arguments.push(if *name == *param.name { name } else { format!("{}: {name}", param.name) });
        }
        Self {
            parameters: parameters.join(", "),
            arguments: if arguments.is_empty() {
                "{}".to_owned()
            } else {
                format!("{{ {} }}", arguments.join(", "))
            },
            options: names::parameter("options", &mut taken),
        }
    }

    /// Everything between the method's parentheses.
    pub(super) fn with_options(&self) -> String {
        let separator = if self.parameters.is_empty() { "" } else { ", " };
        format!("{}{separator}{}?: BamlCallOptions", self.parameters, self.options)
    }
}
