//! Functions, methods and template strings, and what they are given.

use std::ops::Range;

use minijinja::machinery::Span;
use minijinja::machinery::ast::{Call, CallArg, Expr};
use schema::Param;

use super::expressions::range;
use super::names::Meaning;
use super::names_of;
use super::shape::Shape;
use super::walk::Walker;
use crate::failures;
use crate::output_format::ARGUMENTS as OUTPUT_FORMAT;
use crate::warnings;

impl<'t> Walker<'t, '_, '_> {
    /// A call: what is called, and with what.
    pub(super) fn call(&mut self, call: &Call<'t>, span: Span) {
        match &call.expr {
            Expr::Var(function) => self.function(function.id, range(function.span()), call),
            Expr::GetAttr(method) => {
                let owner = self.expression(&method.expr);
                let whole = range(method.expr.span()).start..range(span).end;
                let place = self.last_word(method.span(), method.name);
                match (&owner, method.name) {
                    (Shape::Underscore, name @ ("role" | "chat")) => self.role(name, whole, &call.args),
                    (Shape::Context, "output_format") => self.output_format(whole, &call.args),
                    _ => {
                        let read = owner.method(self.world.schema, method.name);
                        self.read(&method.expr, method.name, read, place);
                    }
                }
            }
            other => drop(self.expression(other)),
        }
        self.arguments(&call.args);
    }

    fn function(&mut self, name: &'t str, place: Range<usize>, call: &Call<'t>) {
        if self.frames.get(name).is_some() || self.macros.contains(name) {
            return;
        }
        match self.world.meaning(name) {
            Meaning::Template(name, params) => self.template_string(name, params, place, &call.args),
            Meaning::Value(_) | Meaning::Function => {}
            Meaning::Nothing if self.guards.tolerated(name) || self.set.contains_key(name) => {}
            Meaning::Nothing => {
                let mut choices: Vec<&str> = self.macros.iter().copied().collect();
                choices.sort_unstable();
                choices.extend(self.world.functions());
                self.warn(place, warnings::unknown_function(name, &choices));
            }
        }
    }

    fn template_string(
        &mut self,
        template: &str,
        params: &[Param],
        place: Range<usize>,
        arguments: &[CallArg<'t>],
    ) {
        let params = names_of(params);
        let Some((positional, named)) = split(arguments) else { return };
        if positional > params.len() {
            let given = positional + named.len();
            return self.warn(place, warnings::too_many_arguments(template, given, &params));
        }
        let (by_position, by_name) = params.split_at(positional);
        for name in &named {
            if by_position.contains(name) {
                self.warn(place.clone(), warnings::argument_given_twice(template, name));
            } else if !by_name.contains(name) {
                self.warn(place.clone(), warnings::unknown_argument(template, name, &params));
            }
        }
        let missing: Vec<&str> = by_name.iter().copied().filter(|name| !named.contains(name)).collect();
        if !missing.is_empty() && named.iter().all(|name| params.contains(name)) {
            self.warn(place, warnings::missing_arguments(template, &missing));
        }
    }

    fn role(&mut self, method: &str, place: Range<usize>, arguments: &[CallArg<'t>]) {
        let Some((positional, named)) = split(arguments) else { return };
        match (positional, named.contains(&"role")) {
            (0, false) => self.warn(place, warnings::role_without_name(method)),
            (0, true) | (1, false) => {}
            (1, true) => self.warn(place, warnings::refused(failures::role_given_twice(method))),
            _ => self.warn(place, warnings::refused(failures::role_takes_one(method))),
        }
    }

    fn output_format(&mut self, place: Range<usize>, arguments: &[CallArg<'t>]) {
        let Some((positional, named)) = split(arguments) else { return };
        if positional > 0 {
            self.warn(place, warnings::refused(failures::output_format_takes_names(&OUTPUT_FORMAT)));
        } else if let Some(name) = named.into_iter().find(|name| !OUTPUT_FORMAT.contains(name)) {
            self.warn(place, warnings::refused(failures::output_format_unknown(name, &OUTPUT_FORMAT)));
        }
    }
}

/// How many arguments are given by position, and the names of the others. `None` when a list or a map is spread over
/// them, so that only rendering can tell.
fn split<'t>(arguments: &[CallArg<'t>]) -> Option<(usize, Vec<&'t str>)> {
    let mut positional = 0;
    let mut named = Vec::new();
    for argument in arguments {
        match argument {
            CallArg::Pos(_) => positional += 1,
            CallArg::Kwarg(name, _) => named.push(*name),
            CallArg::PosSplat(_) | CallArg::KwargSplat(_) => return None,
        }
    }
    Some((positional, named))
}
